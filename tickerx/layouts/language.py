"""The language of layouts: read a sample line, with fields in place of its figures, into elements.

    layout    = [ open ] , { element } , [ open ] ;              open = "..." ;
    element   = literal | blank | line end | field | direction | "[" , { element } , "]" ;
    field     = "{" , ( "symbol" | "name" | "price" | "previous" | "change" | "percent" | "skip" ) , "}" ;
    direction = "<" , up , "|" , down , [ "|" , flat ] , ">" ;

For a literal ``{ } [ ] <``, double it; within a direction, also ``|`` and ``>``. ``......`` means three dots. A
backslash before n, r or t is doubled too, because a single one is probably meant as a line end or a tab.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NoReturn

from tickerx.grammar.terminals import SPACES

__all__ = [
    "FIELDS",
    "FIGURES",
    "Blank",
    "Direction",
    "Element",
    "Field",
    "LayoutError",
    "LineEnd",
    "Literal",
    "OptionalPart",
    "Parsed",
    "parse_layout",
    "walk",
]

FIGURES = ("price", "previous", "change", "percent")
FIELDS = ("symbol", "name", *FIGURES, "skip")


class LayoutError(ValueError):
    """A layout is invalid. The error marks the place of the mistake."""

    __module__ = "tickerx"

    def __init__(self, layout: str, start: int, end: int, reason: str) -> None:
        super().__init__(layout, start, end, reason)
        self.layout = layout
        self.start = start
        """Start of the place, in code points of the layout."""
        self.end = end
        self.reason = reason

    def __str__(self) -> str:
        """Return the reason, and below it the line of the layout with carets under the place."""
        begin = self.layout.rfind("\n", 0, self.start) + 1
        line = self.layout[begin:].partition("\n")[0]
        carets = "^" * max(1, min(self.end - begin, len(line)) - (self.start - begin))
        return f"{self.reason}\n  {line.replace(chr(9), ' ')}\n  {' ' * (self.start - begin)}{carets}"


@dataclass(frozen=True, slots=True)
class _Placed:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Literal(_Placed):
    """Literal text, without blanks or line ends."""

    text: str


@dataclass(frozen=True, slots=True)
class Blank(_Placed):
    """One or more blanks."""


@dataclass(frozen=True, slots=True)
class LineEnd(_Placed):
    """The end of a line, and any blank lines."""


@dataclass(frozen=True, slots=True)
class Field(_Placed):
    """A value to read: one of `FIELDS`."""

    name: str
    currency: str = ""
    """The currency sign directly before it in the layout; the figure's plus or minus can come before that."""


@dataclass(frozen=True, slots=True)
class Direction(_Placed):
    """Words or arrows for up, down and perhaps unchanged."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OptionalPart(_Placed):
    """Optional elements."""

    elements: "tuple[Element, ...]"


Element = Literal | Blank | LineEnd | Field | Direction | OptionalPart


@dataclass(frozen=True, slots=True)
class Parsed:
    """A layout read into its elements."""

    elements: tuple[Element, ...]
    open_start: _Placed | None
    """Where the layout allows other text before the quote."""
    open_end: _Placed | None


_TOKEN = re.compile(
    rf"(?P<blank>[{SPACES}]+)|(?P<line_end>[{SPACES}]*(?:[\r\n][{SPACES}]*)+)|(?P<dots>\.{{6}})|(?P<open>\.{{3}})"
    r"|(?P<doubled>\{\{|\}\}|\[\[|\]\]|<<|\\\\(?=[nrt]))|(?P<escape>\\[nrt])|(?P<field>\{[^{}\r\n]*\})|(?P<direction><(?:>>|[^<>\r\n])*>)"
    rf"|(?P<bracket>[\[\]])|(?P<unbalanced>[{{}}<])|(?P<literal>(?:(?!\.{{3}}|\\\\?[nrt])[^{SPACES}\r\n{{}}\[\]<])+)"
)
_OPENERS = {"{": "}", "<": ">"}


def parse_layout(text: str) -> Parsed:
    """Read a layout. Raises `LayoutError`."""
    return _Parser(text).parse()


class _Parser:
    """Read a layout, token by token."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.elements: list[Element] = []
        self.outer: list[Element] = []
        """The elements before an optional part, while that is being read."""
        self.bracket: int | None = None
        self.opens: list[_Placed] = []
        self.first = len(text) - len(text.lstrip(SPACES + "\r\n"))
        self.last = len(text.rstrip(SPACES + "\r\n"))

    def parse(self) -> Parsed:
        at = self.first
        while at < self.last:
            token = _TOKEN.match(self.text, at, self.last)
            if not token:
                raise AssertionError("every character begins a token")  # pragma: no cover - as the pattern shows
            getattr(self, f"_read_{token.lastgroup}")(token[0], *token.span())
            at = token.end()
        if self.bracket is not None:
            self._fail(self.bracket, self.bracket + 1, 'no "]" for this "["; write "[[" for the sign itself')
        start, end = self._open_ends()
        return Parsed(tuple(_strip(self.elements)), start, end)

    def _fail(self, start: int, end: int, reason: str) -> NoReturn:
        raise LayoutError(self.text, start, end, reason)

    def _open_ends(self) -> tuple[_Placed | None, _Placed | None]:
        for place in self.opens:
            if place.start != self.first and place.end != self.last:
                self._fail(place.start, place.end, '"..." can only be at either end; write "......" for three dots')
        start = next((place for place in self.opens if place.start == self.first), None)
        return start, next((place for place in self.opens if place is not start), None)

    def _read_blank(self, text: str, start: int, end: int) -> None:
        self.elements.append(Blank(start, end))

    def _read_line_end(self, text: str, start: int, end: int) -> None:
        if self.bracket is not None:
            self._fail(self.bracket, start, "an optional part must end on the line where it begins")
        self.elements = [*_strip(self.elements), LineEnd(start, end)]

    def _read_open(self, text: str, start: int, end: int) -> None:
        self.opens.append(_Placed(start, end))

    def _read_dots(self, text: str, start: int, end: int) -> None:
        self._read_literal("...", start, end)

    def _read_doubled(self, text: str, start: int, end: int) -> None:
        self._read_literal(text[0], start, end)

    def _read_escape(self, text: str, start: int, end: int) -> None:
        if text == r"\t":
            reason = r'"\t" is not a tab here: a blank in a layout also matches tabs; write "\\t" for the text'
            self._fail(start, end, reason)
        remedy = "for a real one, type $'…\\n…' in bash and zsh, or a line break in a file of layouts"
        self._fail(start, end, f'"{text}" is not a line end here: {remedy}; write "\\{text}" for the text')

    def _read_literal(self, text: str, start: int, end: int) -> None:
        if self.elements and isinstance(before := self.elements[-1], Literal):
            self.elements.pop()
            text, start = before.text + text, before.start
        self.elements.append(Literal(start, end, text))

    def _read_field(self, text: str, start: int, end: int) -> None:
        name = text[1:-1]
        if name not in FIELDS:
            names = " ".join(f"{{{field}}}" for field in FIELDS)
            self._fail(start, end, f"unknown field {text}; the fields are {names}")
        self.elements.append(Field(start, end, name))

    def _read_direction(self, text: str, start: int, end: int) -> None:
        bars = text[1:-1].replace("||", "\r").replace(">>", ">").split("|")
        words = [word.replace("\r", "|").strip(SPACES) for word in bars]
        if not all(words):
            self._fail(start, end, "a direction without a word; put it in brackets if it can be absent")
        if len(words) not in (2, 3):
            self._fail(start, end, "a direction is <up words|down words> or <up words|down words|flat words>")
        if len(set(words)) < len(words):
            self._fail(start, end, "a direction has the same word twice")
        self.elements.append(Direction(start, end, tuple(words)))

    def _read_bracket(self, text: str, start: int, end: int) -> None:
        if text == "[":
            if self.bracket is not None:
                self._fail(start, end, "an optional part within another")
            self.bracket, self.outer, self.elements = start, self.elements, []
            return
        if self.bracket is None:
            self._fail(start, end, 'no "[" for this "]"; write "]]" for the sign itself')
        if not self.elements:
            self._fail(self.bracket, end, "empty brackets")
        self.elements = [*self.outer, OptionalPart(self.bracket, end, tuple(self.elements))]
        self.bracket = None

    def _read_unbalanced(self, text: str, start: int, end: int) -> None:
        if text == "}":
            self._fail(start, end, 'no "{" for this "}"; write "}}" for the sign itself')
        self._fail(start, end, f'no "{_OPENERS[text]}" for this "{text}"; write "{text * 2}" for the sign itself')


def _strip(elements: list[Element]) -> list[Element]:
    """Return elements without blanks at either end: lines can be indented, and can have blanks after them."""
    first = 1 if elements and isinstance(elements[0], Blank) else 0
    last = len(elements) - 1 if len(elements) > first and isinstance(elements[-1], Blank) else len(elements)
    return elements[first:last]


def walk(elements: Iterable[Element]) -> Iterator[Element]:
    """Yield all elements; the elements of an optional part come after it."""
    for element in elements:
        yield element
        if isinstance(element, OptionalPart):
            yield from walk(element.elements)
