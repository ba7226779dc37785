"""A layout compiled to one pattern whose time is linear in the text, whatever the layout and the text.

Every repeat is bounded. What has one reading only is possessive or followed by what it cannot hold; what may be read in
several ways is counted: a name ends after one of 12 words (or 120 characters, where no blank must follow it), an
optional part is there or not, a figure is grouped by blanks or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from tickerx.grammar.terminals import BEFORE_SYMBOL, SPACES
from tickerx.layouts.checks import check
from tickerx.layouts.figures import CURRENCIES, DECIMALS, GROUPS, SIGNS, number_pattern, prefix_pattern, unit_pattern
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

__all__ = ["COLUMNS", "Layout", "LayoutError", "Step", "compile_layout"]

COLUMNS = {
    "symbol": "symbol",
    "name": "name",
    "price": "price",
    "change": "change",
    "percent": "change_percent",
    "previous": "previous_close",
}
"""The column of a row that a field fills."""


class Step(NamedTuple):
    """One element of a layout, as a line is walked along it."""

    pattern: re.Pattern[str]
    """Of the line's beginning up to the element's end; its group ``last`` marks where the element begins."""
    expected: str
    """What stands in its place, in the reader's words."""
    is_token: bool
    """Whether it is text that is read, and not what divides it."""


@dataclass(frozen=True)
class Layout:
    """How the quotes of a board are printed, ready to read them."""

    text: str
    """As it was given."""
    name: str | None
    decimal: str
    """The decimal sign, ``.`` or ``,``."""
    unsigned: str | None
    """The direction of figures without any sign: ``up``, or None where it is unknown."""
    groups: str | None
    """The signs that group thousands; None for all there are, but for blanks that could belong to a name."""
    parsed: Parsed

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """What the groups of the pattern hold after the first one, which is the whole quote."""
        elements = walk(self.parsed.elements)
        names = [
            "direction" if isinstance(element, Direction) else element.name
            for element in elements
            if isinstance(element, Direction | Field)
        ]
        return tuple(name for name in names if name != "skip")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of a row that this layout may fill from the text, in the order of rows."""
        return tuple(column for field, column in COLUMNS.items() if field in self.fields)

    @cached_property
    def lines(self) -> int:
        """How many lines a quote has, blank lines not counted."""
        return 1 + sum(isinstance(element, LineEnd) for element in self.parsed.elements)

    @property
    def is_open(self) -> bool:
        """Whether other text may stand before the quote on its line, so that a line may hold several quotes."""
        return self.parsed.open_start is not None

    @cached_property
    def longest(self) -> int:
        """Code points that a quote has at most, with the blanks around it."""
        return 512 + sum(map(_width, self.parsed.elements))

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The whole quote; unless the layout is open, with the line end before it and the blanks behind that."""
        pieces = _Speller(self).spell(self.parsed.elements, (), None)
        return re.compile(f"({self._start}{''.join(pieces)}){self._end}")

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The elements one after the other, to find where a line breaks off."""
        elements = self.parsed.elements
        pieces = _Speller(self, is_walk=True).spell(elements, (), None)
        begin, steps = f"[{SPACES}]{{0,256}}+", []
        for element, piece in zip(elements, pieces, strict=True):
            steps.append(Step(re.compile(f"{begin}(?P<last>){piece}"), *_expected(element)))
            begin += piece
        return (*steps, Step(re.compile(f"{begin}(?P<last>){self._end}"), "the end of the line", False))

    @cached_property
    def words(self) -> dict[str, str]:
        """The direction by its words, which have single blanks here."""
        words = next((element.words for element in walk(self.parsed.elements) if isinstance(element, Direction)), ())
        return dict(zip(words, ("up", "down", "unchanged"), strict=False))

    @property
    def _start(self) -> str:
        if not self.parsed.open_start:
            return rf"[\r\n][{SPACES}]{{0,256}}+"
        first = self.parsed.elements[0]
        if isinstance(first, Literal) and not first.text[0].isalnum():
            return ""
        return f"(?<![^{re.escape(BEFORE_SYMBOL)}])"

    @property
    def _end(self) -> str:
        if not self.parsed.open_end:
            return rf"(?=[{SPACES}]{{0,256}}+(?![^\r\n]))"
        last = self.parsed.elements[-1]
        if isinstance(last, Literal) and not last.text[-1].isalnum():
            return ""
        return r"(?![\w%]|[.,'\u2019][0-9])"


def compile_layout(
    text: str, *, name: str | None = None, decimal: str = ".", unsigned: str | None = None, groups: str | None = None
) -> Layout:
    """Return the layout that a text shows. Raises `LayoutError` at the place of what is wrong with it.

    ``groups`` are the signs that group thousands: all but the decimal sign, where it is None.
    """
    for setting, value, values in (("decimal", decimal, tuple(DECIMALS)), ("unsigned", unsigned, (None, "up"))):
        if value not in values:
            allowed = " or ".join(f'"{one}"' for one in values if one)
            raise LayoutError(text, 0, len(text), f"{setting} is {allowed}, not {value!r}")
    if groups is not None and not set(groups) <= set(GROUPS) - {decimal}:
        raise LayoutError(text, 0, len(text), f"groups are some of {GROUPS.replace(decimal, '')!r}, not {groups!r}")
    parsed = parse_layout(text)
    check(text, parsed, decimal)
    return Layout(text, name, decimal, unsigned, groups, replace(parsed, elements=_adopt(parsed.elements)))


def _adopt(elements: Sequence[Element]) -> tuple[Element, ...]:
    """Give a currency sign that stands directly before a figure to that figure, whose sign may come before it."""
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


_SP = f"[{SPACES}]"
_LETTER = r"[^\W\d_]"
_IN_WORD = rf"[^{SPACES}\r\n]"
_BLANK_OR_EDGE = rf"(?:{_SP}{{1,64}}+|(?<![^{SPACES}\r\n])|(?![^\r\n]))"
_LINE_END = rf"{_SP}{{0,256}}+[\r\n][{SPACES}\r\n]{{0,1024}}+"
_LINE_END_OR_NO_LINE = rf"(?:{_LINE_END}|(?<![^{SPACES}\r\n]))"  # behind a line of optional parts
_NO_LETTERS = rf"(?:[^\w{SPACES}\r\n]{{1,64}}+|[\d_]{{1,64}}+){{1,9}}"
_NAME_OF_WORDS = (
    rf"(?:{_NO_LETTERS}{_SP}{{1,64}}+){{0,9}}?(?:{_LETTER}|{_NO_LETTERS}{_LETTER})"
    rf"{_IN_WORD}{{0,63}}+(?:{_SP}{{1,64}}+{_IN_WORD}{{1,64}}+){{0,11}}?"
)
_NAME_OF_CHARACTERS = (
    rf"(?!{_SP})(?:{_LETTER}|(?:[^\w\r\n]{{1,64}}+|[\d_]{{1,64}}+){{1,9}}{_LETTER})[^\r\n]{{0,119}}?(?<!{_SP})"
)
_NUMBERED = f"(?:(?<![0-9])|(?<!{_SP}[0-9])(?<!{_SP}[0-9]{{2}})(?<!{_SP}[0-9]{{3}})|(?!{_SP}+[0-9]{{3}}(?![0-9])))"
"""Where a name may end: not at a number, as in "STOXX 600 512,20", that may as well be the first group of a figure."""
_SYMBOL_MARKS = ".&/=:^-"
_SKIP = 128
"""Code points of a word that is passed over at most."""


class _Speller:
    """Spells elements as patterns, each knowing what may stand on its two sides.

    To walk a line that does not fit, a name takes all it can and a price has no sign: neither hides the damage.
    """

    def __init__(self, layout: Layout, *, is_walk: bool = False) -> None:
        self.layout = layout
        self.is_walk = is_walk
        self.befores = set(_befores(layout.parsed.elements, ()))

    def spell(self, elements: Sequence[Element], behind: Sequence[Element], before: Element | None) -> list[str]:
        """Return the pattern of each element, given those behind the last one and the one before the first one."""
        parts: list[str] = []
        for number, element in enumerate(elements):
            parts.append(self._spell_one(element, (*elements[number + 1 :], *behind), before))
            before = element
        return _nest(elements, parts)

    def _spell_one(self, element: Element, following: Sequence[Element], before: Element | None) -> str:
        match element:
            case Literal():
                gap = f"{_SP}{{0,4}}+" if element.text[0] == "%" and _is_figure(before) else ""
                return gap + re.escape(element.text)
            case Blank():
                is_plain = _is_solid(before) and _is_solid(following[0] if following else None)
                return f"{_SP}{{1,64}}+" if is_plain else _BLANK_OR_EDGE
            case LineEnd():
                return _LINE_END if _is_solid(before) else _LINE_END_OR_NO_LINE
            case OptionalPart():
                return f"(?:{''.join(self.spell(element.elements, following, before))}|)"
            case Direction():
                return f"({'|'.join(map(_spell_words, sorted(element.words, key=len, reverse=True)))})"
            case Field():
                return self._spell_field(element, following, before)

    def _spell_field(self, field: Field, following: Sequence[Element], before: Element | None) -> str:
        if field.name == "symbol":
            return f"({self._spell_symbol(following)})"
        if field.name == "name":
            return self._spell_name(following)
        if field.name == "skip":
            return rf"[^{SPACES}\r\n{re.escape(_first_signs(following))}]{{1,{_SKIP}}}+"
        return self._spell_figure(field, following, before)

    def _spell_symbol(self, following: Sequence[Element]) -> str:
        """Spell one word of up to 20 characters: it holds a letter, or is 1 to 6 digits."""
        marks = re.escape("".join(mark for mark in _SYMBOL_MARKS if mark not in _first_signs(following)))
        letter = "[^\\W\\d_a-zß-öø-ÿά-ώа-џ]" if self.layout.parsed.open_start else _LETTER
        rest = rf"[\w{marks}]{{0,19}}+"
        return rf"(?:{letter}{rest}|[0-9^](?=[0-9{marks}]{{0,18}}{letter}){rest}|[0-9]{{1,6}}+(?![\w{marks}]))"

    def _spell_name(self, following: Sequence[Element]) -> str:
        is_of_words = not following or isinstance(following[0], Blank | LineEnd)
        name = f"({_NAME_OF_WORDS if is_of_words else _NAME_OF_CHARACTERS})"
        if self.is_walk:
            name = name.replace("}?", "}")
        may_blur = self.layout.groups is None and self.layout.decimal == ","
        is_before_figure = any(map(_is_figure, _next(following, past_blank=True)))
        return name + _NUMBERED if may_blur and is_before_figure else name

    def _spell_figure(self, field: Field, following: Sequence[Element], before: Element | None) -> str:
        behind = list(_next(following, past_blank=True))
        may_run_on = any(isinstance(element, Field) for element in behind)
        groups = self._groups({name for place, name in self.befores if place == field.start}, may_run_on)
        groups = "".join(sign for sign in groups if sign not in _first_signs(following))
        is_sure = may_run_on and self.layout.groups is None
        prefix = prefix_pattern(apart=field.name in ("change", "percent"), currency=field.currency)
        if self.is_walk and field.name == "price":
            prefix = f"(?![{re.escape(SIGNS)}]){prefix}"
        unit = ""
        if field.name != "percent" and not any(map(_is_wordy, _next(following))):
            unit = unit_pattern(apart=not any(map(_is_wordy, behind)))
        return f"({prefix}{number_pattern(self.layout.decimal, groups, is_sure=is_sure)}){unit}"

    def _groups(self, before: set[str], may_run_on: bool) -> str:
        """Return the signs of groups of a figure, given the fields before it, and whether one follows it.

        A space is none where a number beside it could be another figure or the end of a name, unless the layout says
        that it groups. Where the decimal sign is a comma, spaces group so often that only a name rules them out.
        """
        if self.layout.groups is not None:
            return self.layout.groups
        groups = GROUPS.replace(self.layout.decimal, "")
        is_unsure = "name" in before or (self.layout.decimal == "." and (before or may_run_on))
        return groups.replace(" ", "") if is_unsure else groups


def _nest(elements: Sequence[Element], parts: list[str]) -> list[str]:
    """Put optional parts that are alike into one another: each then adds one way to read a line."""
    nested = list(parts)
    for number in range(len(parts) - 1, 0, -1):
        if isinstance(elements[number], OptionalPart) and _content(elements[number]) == _content(elements[number - 1]):
            nested[number - 1] = f"{parts[number - 1][:-2]}{nested[number]}|)"
            nested[number] = ""
    return nested


def _content(element: Element) -> tuple[object, ...]:
    """Return what an element is, wherever it stands in the layout."""
    match element:
        case OptionalPart():
            return tuple(map(_content, element.elements))
        case Literal():
            return (element.text,)
        case Field():
            return (Field, element.name)
        case _:
            return (type(element),)


def _befores(elements: Sequence[Element], behind: Sequence[Element]) -> Iterator[tuple[int, str]]:
    """Yield the place of each field that may follow another one with a blank between them, and the other's name."""
    for number, element in enumerate(elements):
        following = (*elements[number + 1 :], *behind)
        if isinstance(element, OptionalPart):
            yield from _befores(element.elements, following)
        elif isinstance(element, Field):
            nearest = _next(following, past_blank=True)
            yield from ((other.start, element.name) for other in nearest if isinstance(other, Field))


def _next(following: Sequence[Element], *, past_blank: bool = False) -> Iterator[Element]:
    """Yield the elements that may come next, behind a blank too where that is asked for."""
    for number, element in enumerate(following):
        match element:
            case Blank() if past_blank:
                continue
            case OptionalPart():
                yield from _next((*element.elements, *following[number + 1 :]), past_blank=past_blank)
            case _:
                yield element
                return


def _first_signs(following: Sequence[Element]) -> str:
    """Return the characters with which literal text and directions may begin that directly follow."""
    words: list[str] = []
    for element in _next(following):
        if isinstance(element, Literal):
            words.append(element.text)
        elif isinstance(element, Direction):
            words += element.words
    return "".join(dict.fromkeys(word[0] for word in words))


def _is_figure(element: Element | None) -> bool:
    return isinstance(element, Field) and element.name in FIGURES


def _is_solid(element: Element | None) -> bool:
    """Say whether an element is always there and neither begins nor ends with a blank."""
    return isinstance(element, Literal | Field | Direction)


def _is_wordy(element: Element) -> bool:
    """Say whether what an element reads may look like a unit."""
    match element:
        case Field():
            return element.name not in FIGURES
        case Literal():
            return element.text[0].isalpha() or element.text[0] in CURRENCIES
        case Direction():
            return any(word[0].isalpha() for word in element.words)
        case _:
            return False


def _spell_words(words: str) -> str:
    return f"{_SP}{{1,64}}+".join(map(re.escape, re.split(f"{_SP}+", words)))


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
        case Literal():
            return len(element.text) + 4
        case Direction():
            return sum(64 + len(word) for word in element.words)
        case OptionalPart():
            return sum(map(_width, element.elements))
        case LineEnd():
            return 1281
        case Blank():
            return 64
        case Field():
            return 2600 if element.name == "name" else 256
