"""A layout compiled to one pattern that takes linear time on any text."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import zip_longest
from typing import NamedTuple

from tickerx.grammar.terminals import BEFORE_SYMBOL, SPACES
from tickerx.layouts.checks import check
from tickerx.layouts.figures import CURRENCIES, DECIMALS, GROUPS
from tickerx.layouts.language import (
    FIGURES,
    Blank,
    Direction,
    Element,
    Field,
    LayoutError,
    LineEnd,
    Literal,
    OptionalPart,
    Parsed,
    parse_layout,
    walk,
)
from tickerx.layouts.spelling import FAULT, NAME_WORDS, REST, WALK, Speller, damages, is_name_before_figure

__all__ = ["COLUMNS", "NAME_WORDS", "Fault", "Layout", "LayoutError", "Step", "compile_layout"]

COLUMNS = {
    "symbol": "symbol",
    "name": "name",
    "price": "price",
    "change": "change",
    "percent": "change_percent",
    "previous": "previous_close",
}
"""The column of a row that a field fills."""


_DIVIDERS = "|;"
_NO_EDGE = rf"[^{SPACES}\r\n{_DIVIDERS}]"
_OPENING = re.escape("([{<\"'*“‘„‚«‹")
_CLOSING = re.escape(".,:!?)]}>\"'*”’“‘»›…。、，：！？）」")
_FIGURE_BEGINS = f"(?:(?<!{_NO_EDGE})|(?<=[{_OPENING}])(?:(?<!{_NO_EDGE}.)|(?<=[{_OPENING}].)(?<!{_NO_EDGE}..)))"
"""A figure beside an open beginning is a whole word, behind up to two opening marks. ``12:30`` holds none."""
_TOKEN_ENDS = f"(?![{_CLOSING}]{{0,8}}+{_NO_EDGE})"
"""What stands beside an open end ends its word but for closing marks: ``12`` does not end in ``12:30``, ``12-13``."""

_LINE_END = re.compile(rf"[{SPACES}]*[\r\n][{SPACES}\r\n]*")


class Step(NamedTuple):
    """One element of a layout, for walking through a line element by element."""

    pattern: re.Pattern[str]
    """Matches from the start of the line to the end of the element; its group ``last`` is where the element begins."""
    expected: str
    """What the message says was expected here."""
    is_token: bool
    """Whether it is text to read, not a separator."""


@dataclass(frozen=True)
class Fault:
    """A layout with one wrong or missing token."""

    whole: str
    element: Element | None
    """What was expected instead; None for the end of the line."""
    fields: tuple[str, ...]
    """The names of the groups: the fields that fit, and ``last``."""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the whole quote; its group ``last`` is the wrong token."""
        return re.compile(self.whole)

    @property
    def expected(self) -> str:
        return _expected(self.element)[0] if self.element else "the end of the line"

    @property
    def is_of_name(self) -> bool:
        return isinstance(self.element, Field) and self.element.name == "name"


@dataclass(frozen=True)
class Layout:
    """How a board prints its quotes, compiled and ready to read them. Made by `compile_layout`."""

    text: str
    """The layout as given."""
    name: str | None
    decimal: str
    """The decimal sign, ``.`` or ``,``."""
    unsigned: str | None
    """The direction of figures without any sign: ``up``, or None if unknown."""
    groups: str | None
    """The signs that group thousands; None for all signs, but a plain blank only if no other reading fits."""
    parsed: Parsed

    @property
    def sure_groups(self) -> str:
        """The signs that always group."""
        return GROUPS.replace(self.decimal, "").replace(" ", "") if self.groups is None else self.groups

    @property
    def label(self) -> str:
        """Its name, or else its text on one line, with ``⏎`` for a line end."""
        return self.name or _LINE_END.sub("⏎", self.text.strip(SPACES + "\r\n"))

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The fields in the groups of the pattern, after the first group, which is the whole quote."""
        return tuple(_fields(self.parsed.elements))

    @cached_property
    def may_be_absent(self) -> frozenset[str]:
        """The optional fields, and ``direction`` if it is optional."""
        parts = [element for element in self.parsed.elements if isinstance(element, OptionalPart)]
        return frozenset(_fields(parts))

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row that this layout can fill from the text, in the order of rows."""
        return tuple(column for field, column in COLUMNS.items() if field in self.fields)

    @cached_property
    def lines(self) -> int:
        """How many lines a quote has, without blank lines."""
        return 1 + sum(isinstance(element, LineEnd) for element in self.parsed.elements)

    @property
    def is_open(self) -> bool:
        """Whether other text can come before the quote on its line, so that a line can have several quotes."""
        return self.parsed.open_start is not None

    @property
    def has_open_end(self) -> bool:
        """Whether other text can stand behind the quote on its line."""
        return self.parsed.open_end is not None

    @cached_property
    def has_name_before_figure(self) -> bool:
        """Whether only a blank parts a name from a figure behind it."""
        return is_name_before_figure(self.parsed.elements)

    @cached_property
    def longest(self) -> int:
        """The most code points of a quote, with the blanks around it."""
        return 512 + sum(map(_width, self.parsed.elements))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Matches the whole quote; unless the layout is open, also the line end before it and the blanks after that."""
        pieces = Speller(self.parsed, self.decimal, self.sure_groups).spell(self.parsed.elements, (), None)
        return re.compile(f"({self._start}{''.join(pieces)}){self._end}")

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The elements one by one, to find where a line breaks off."""
        elements = self.parsed.elements
        pieces = Speller(self.parsed, self.decimal, self.sure_groups, way=WALK).spell(elements, (), None)
        begin, steps = f"[{SPACES}]{{0,256}}+", []
        for element, piece in zip(elements, pieces, strict=True):
            steps.append(Step(re.compile(f"{begin}(?P<last>){piece}"), *_expected(element)))
            begin += piece
        return (*steps, Step(re.compile(f"{begin}(?P<last>){self._end}"), "the end of the line", False))

    @property
    def price_step(self) -> int:
        """The number of the step that reads the price."""
        places = enumerate(self.parsed.elements)
        return next(number for number, one in places if isinstance(one, Field) and one.name == "price")

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The layout with each element damaged in turn, the likeliest first."""
        elements = self.parsed.elements
        faults = [self._fault(number, number + 1, damaged) for _, number, damaged in sorted(damages(elements))]
        whole = () if self.has_open_end else (self._fault(len(elements), len(elements), REST),)
        return (*faults, *whole)

    @cached_property
    def absences(self) -> tuple[Fault, ...]:
        """The layout with each field absent in turn, but for names."""
        elements = self.parsed.elements
        return tuple(
            self._fault(number, number + 1 + isinstance(behind, Blank | LineEnd), "(?P<last>)")
            for number, (element, behind) in enumerate(zip_longest(elements, elements[1:]))
            if isinstance(element, Field) and element.name not in ("name", "skip")
        )

    def _fault(self, start: int, end: int, instead: str) -> Fault:
        """Return the layout with something else instead of some elements."""
        elements = self.parsed.elements
        pieces = self._loose_pieces
        last = self._end if self.has_open_end else rf"[{SPACES}\r\n]{{0,1024}}+\Z"
        whole = (f"[{SPACES}]{{0,256}}+", *pieces[:start], instead, *pieces[end:], last)
        fields = (*_fields(elements[:start]), "last", *_fields(elements[end:]))
        return Fault("".join(whole), elements[start] if start < len(elements) else None, fields)

    @cached_property
    def _loose_pieces(self) -> list[str]:
        return Speller(self.parsed, self.decimal, self.sure_groups, way=FAULT).spell(self.parsed.elements, (), None)

    @cached_property
    def words(self) -> dict[str, str]:
        """The direction for each of its words, which have single blanks here."""
        words = next((element.words for element in walk(self.parsed.elements) if isinstance(element, Direction)), ())
        return dict(zip(words, ("up", "down", "unchanged"), strict=False))

    @property
    def _start(self) -> str:
        if not self.parsed.open_start:
            return rf"[\r\n][{SPACES}]{{0,256}}+"
        first = self.parsed.elements[0]
        if isinstance(first, Literal) and not first.text[0].isalnum():
            return ""
        if isinstance(first, Field) and first.name in FIGURES:
            return _FIGURE_BEGINS
        return f"(?<![^{re.escape(BEFORE_SYMBOL)}{SPACES}])"

    @property
    def _end(self) -> str:
        if not self.has_open_end:
            return rf"(?=[{SPACES}]{{0,256}}+(?![^\r\n]))"
        last = self.parsed.elements[-1]
        words = last.words if isinstance(last, Direction) else (last.text,) if isinstance(last, Literal) else ()
        return "" if words and not any(word[-1].isalnum() for word in words) else _TOKEN_ENDS


def compile_layout(
    text: str, *, name: str | None = None, decimal: str = ".", unsigned: str | None = None, groups: str | None = None
) -> Layout:
    """Compile the text of a layout, such as ``"{name} {price} {percent}%"``.

    ``name`` is the label of its quotes. ``decimal`` is the decimal sign, "." or ",". ``unsigned="up"`` says that
    figures without a sign have risen. ``groups`` has the signs that group thousands; by default, all except the decimal
    sign can.

    Raises `LayoutError`, which marks the place of the mistake.
    """
    for setting, value, values in (("decimal", decimal, tuple(DECIMALS)), ("unsigned", unsigned, (None, "up"))):
        if value not in values:
            allowed = " or ".join(f'"{one}"' for one in values if one)
            raise LayoutError(text, 0, len(text), f"{setting} must be {allowed}, not {value!r}")
    if groups is not None and not set(groups) <= set(GROUPS) - {decimal}:
        raise LayoutError(text, 0, len(text), f"groups must be some of {GROUPS.replace(decimal, '')!r}, not {groups!r}")
    parsed = parse_layout(text)
    check(text, parsed, decimal)
    return Layout(text, name, decimal, unsigned, groups, replace(parsed, elements=_adopt(parsed.elements)))


def _adopt(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Make a currency sign directly before a figure part of that figure, so that a plus or minus can come before it."""
    adopted: list[Element] = []
    for element in elements:
        match element, adopted[-1:]:
            case OptionalPart(), _:
                element = replace(element, elements=_adopt(element.elements))
            case Field(), [Literal() as before] if element.name in FIGURES and before.text[-1] in CURRENCIES:
                element = replace(element, currency=before.text[-1])
                adopted[-1:] = [replace(before, text=before.text[:-1])] if before.text[:-1] else []
        adopted.append(element)
    return tuple(adopted)


def _fields(elements: Sequence[Element]) -> Iterator[str]:
    """Yield the names of all fields except ``skip``, and ``direction``."""
    for element in walk(elements):
        if isinstance(element, Direction):
            yield "direction"
        elif isinstance(element, Field) and element.name != "skip":
            yield element.name


_EXPECTED = {
    "symbol": "a symbol",
    "name": "a name",
    "price": "a price",
    "previous": "a previous close",
    "change": "a change",
    "percent": "a percent",
    "skip": "a word",
}


def _expected(element: Element) -> tuple[str, bool]:
    match element:
        case Field():
            return _EXPECTED[element.name], True
        case Literal():
            return f'"{element.text}"', False
        case Direction():
            return " or ".join(element.words), True
        case LineEnd():
            return "the end of the line", False
        case _:
            return "a space", False


def _width(element: Element) -> int:
    match element:
        case OptionalPart():
            return sum(map(_width, element.elements))
        case Direction():
            return sum(64 + len(word) for word in element.words)
        case LineEnd():
            return 1281
        case Field():
            return 7000 if element.name == "name" else 256
        case _:
            return 64 + element.end - element.start
