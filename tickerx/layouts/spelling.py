"""Spell the elements of a layout as a pattern.

Every repeat is bounded. A part that can be read in only one way is possessive, or followed by something that it cannot
contain. The number of other ways is limited: a name ends after one of 40 words (or 120 characters, if it need not end
at a blank), and an optional part is there or not.
"""

import re
from collections.abc import Iterator, Sequence

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.figures import CURRENCIES, SIGNS, blank_group_pattern, number_pattern, prefix_pattern, unit_pattern
from tickerx.layouts.language import (
    FIGURES,
    Blank,
    Direction,
    Element,
    Field,
    LineEnd,
    Literal,
    OptionalPart,
    Parsed,
)

__all__ = ["FAULT", "NAME_WORDS", "REST", "WALK", "Speller", "damages", "is_name_before_figure"]

NAME_WORDS = 12
"""The most words of a name, from the first one with a letter on. Longer names are found, so that they are reported."""
_NAME_REACH = 40

_SP = f"[{SPACES}]"
_LETTER = r"[^\W\d_]"
_IN_WORD = rf"[^{SPACES}\r\n]"
_BLANK_OR_EDGE = rf"(?:{_SP}{{1,64}}+|(?<![^{SPACES}\r\n])|(?![^\r\n]))"
_LINE_END = rf"{_SP}{{0,256}}+[\r\n][{SPACES}\r\n]{{0,1024}}+"
_LINE_END_OR_NO_LINE = rf"(?:{_LINE_END}|(?<![^{SPACES}\r\n]))"  # after a line of optional parts
_NO_LETTERS = rf"(?:[^\w{SPACES}\r\n]{{1,64}}+|[\d_]{{1,64}}+){{1,9}}"
_ANY_PERCENT = r"[^\w\s]{0,4}+[0-9.,]{1,20}+%"
_NAME_OF_CHARACTERS = (
    rf"(?!{_SP})(?:{_LETTER}|(?:[^\w\r\n]{{1,64}}+|[\d_]{{1,64}}+){{1,9}}{_LETTER})[^\r\n]{{0,119}}?(?<!{_SP})"
)
_NOT_WITHIN_FIGURE = rf"(?:(?!{blank_group_pattern(' ')})|(?<!{_SP}[0-9])(?<!{_SP}[0-9]{{2}})(?<!{_SP}[0-9]{{3}}))"
"""Where a name can end if blanks group: not at the first group of a figure. Other blanks rarely end a name."""
_SYMBOL_MARKS = ".&/=:^-"
_SKIP = 128
"""The most code points of a skipped word."""


_WORD = rf"{_IN_WORD}{{1,64}}"
_DAMAGED_FIGURE = rf"(?=[^{SPACES}\r\n]{{0,63}}[0-9]|[^\w{SPACES}\r\n]{{1,8}}(?![^{SPACES}\r\n%)])|[Nn]/?[Aa]){_WORD}"
"""A word with a digit, or a placeholder for a figure; headings do not match."""
_DAMAGED_TEXT = rf"(?:[^{SPACES}\r\n0-9.,]{{1,64}}?|(?<!{_IN_WORD})|(?!{_IN_WORD}))"
"""Signs that cannot be in a figure, because those would split it, or nothing beside a blank."""
_LONG_NAME = rf"{_IN_WORD}{{1,256}}+(?:{_SP}{{1,64}}+{_IN_WORD}{{1,256}}+){{0,255}}?"
REST = rf"{_SP}{{0,64}}+(?P<last>{_IN_WORD}{{1,256}}+)"
"""A word after a quote where the line should end."""


READ, FAULT, WALK = range(3)
"""What a pattern is for: to read quotes, to find the one wrong word of a line, to walk a line until it does not fit."""


def damages(elements: Sequence[Element]) -> Iterator[tuple[int, int, str]]:
    """Yield a rank, a number and a pattern for each element that can be damaged. The pattern matches the damaged text.

    The likeliest have the lowest rank. The group ``last`` is the damage.
    """
    for number, element in enumerate(elements):
        match element:
            case Field(name="name"):
                yield 4, number, f"(?P<last>{_LONG_NAME})"
            case Field() if _is_figure(element):
                yield 0, number, f"(?P<last>{_DAMAGED_FIGURE})"
            case Field() | Direction():
                yield 1, number, f"(?P<last>{_WORD})"
            case Literal():
                yield 2, number, f"(?P<last>{_DAMAGED_TEXT})"


class Speller:
    """Spell elements as patterns that depend on the elements before and after them.

    Where a line does not fit, names hide no damage: none runs over a figure with decimals. To walk the line, a name
    takes all it can, but no percent either; and a price has no sign.
    """

    def __init__(self, parsed: Parsed, decimal: str, groups: str, *, way: int = READ) -> None:
        self.parsed = parsed
        self.decimal = decimal
        self.groups = groups
        self.way = way

    def spell(self, elements: Sequence[Element], after: Sequence[Element], before: Element | None) -> list[str]:
        """Return the pattern of each element, given the elements after the last one and the one before the first."""
        parts: list[str] = []
        may_be_no_line = True
        for number, element in enumerate(elements):
            if isinstance(element, LineEnd):
                parts.append(_LINE_END_OR_NO_LINE if may_be_no_line else _LINE_END)
            else:
                parts.append(self._spell_one(element, (*elements[number + 1 :], *after), before))
            may_be_no_line = isinstance(element, LineEnd) or (may_be_no_line and isinstance(element, OptionalPart))
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
            case OptionalPart():
                return f"(?:{''.join(self.spell(element.elements, following, before))}|)"
            case Direction():
                return f"({'|'.join(map(_spell_words, sorted(element.words, key=len, reverse=True)))})"
            case Field():
                return self._spell_field(element, following, before)
            case _:
                raise AssertionError("lines end outside optional parts")  # pragma: no cover - `spell` handles them

    def _spell_field(self, field: Field, following: Sequence[Element], before: Element | None) -> str:
        if field.name == "symbol":
            return f"({self._spell_symbol(following)})"
        if field.name == "name":
            return self._spell_name(following)
        if field.name == "skip":
            return rf"[^{SPACES}\r\n{re.escape(_first_signs(following))}]{{1,{_SKIP}}}+"
        return self._spell_figure(field, following, before)

    def _spell_symbol(self, following: Sequence[Element]) -> str:
        """Spell one word of up to 20 characters: it has a letter, or is 1 to 6 digits."""
        marks = re.escape("".join(mark for mark in _SYMBOL_MARKS if mark not in _first_signs(following)))
        letter = "[^\\W\\d_a-zß-öø-ÿά-ώа-џ]" if self.parsed.open_start else _LETTER
        rest = rf"[\w{marks}]{{0,19}}+"
        return rf"(?:{letter}{rest}|[0-9^](?=[0-9{marks}]{{0,18}}{letter}){rest}|[0-9]{{1,6}}+(?![\w{marks}]))"

    def _spell_name(self, following: Sequence[Element]) -> str:
        is_before_figure = any(map(_is_figure, _next(following, past_blank=True)))
        if following and not isinstance(following[0], Blank | LineEnd):
            name = _NAME_OF_CHARACTERS
        else:
            name = self._spell_words_of_name(is_before_figure)
        return f"({name}){_NOT_WITHIN_FIGURE}" if " " in self.groups and is_before_figure else f"({name})"

    def _spell_words_of_name(self, is_before_figure: bool) -> str:
        no_figure = ""
        if self.way != READ and is_before_figure:
            figure = rf"[^\w{SPACES}\r\n]{{0,4}}[0-9.,']{{0,20}}{re.escape(self.decimal)}[0-9]{{2,9}}+"
            figures = f"{figure}|{_ANY_PERCENT}" if self.way == WALK else figure
            no_figure = f"(?!(?:{figures})(?!{_IN_WORD}))"
        repeat = "" if self.way == WALK else "?"
        return (
            rf"(?:{_NO_LETTERS}{_SP}{{1,64}}+){{0,9}}{repeat}(?:{_LETTER}|{_NO_LETTERS}{_LETTER}){_IN_WORD}{{0,63}}+"
            rf"(?:{_SP}{{1,64}}+{no_figure}{_IN_WORD}{{1,64}}+){{0,{_NAME_REACH - 1}}}{repeat}"
        )

    def _spell_figure(self, field: Field, following: Sequence[Element], before: Element | None) -> str:
        after = list(_next(following, past_blank=True))
        groups = "".join(sign for sign in self.groups if sign not in _first_signs(following))
        prefix = prefix_pattern(apart=field.name in ("change", "percent"), currency=field.currency)
        if self.way == WALK and field.name == "price":
            prefix = f"(?![{re.escape(SIGNS)}]){prefix}"
        unit = ""
        if field.name != "percent" and not any(map(_is_wordy, _next(following))):
            unit = unit_pattern(apart=not any(map(_is_wordy, after)))
        return f"({prefix}{number_pattern(self.decimal, groups)}){unit}"


def _nest(elements: Sequence[Element], parts: list[str]) -> list[str]:
    """Nest optional parts that are the same, so that each adds only one way to read a line."""
    nested = list(parts)
    for number in range(len(parts) - 1, 0, -1):
        if isinstance(elements[number], OptionalPart) and _content(elements[number]) == _content(elements[number - 1]):
            nested[number - 1] = f"{parts[number - 1][:-2]}{nested[number]}|)"
            nested[number] = ""
    return nested


def _content(element: Element) -> tuple[object, ...]:
    """Return the content of an element, without its position in the layout."""
    match element:
        case OptionalPart():
            return tuple(map(_content, element.elements))
        case Literal():
            return (element.text,)
        case Field():
            return (Field, element.name)
        case _:
            return (type(element),)


def is_name_before_figure(elements: Sequence[Element], behind: Sequence[Element] = ()) -> bool:
    """Say whether a name among elements may be directly before a figure, with a blank between them."""
    for number, element in enumerate(elements):
        following = (*elements[number + 1 :], *behind)
        match element:
            case OptionalPart():
                if is_name_before_figure(element.elements, following):
                    return True
            case Field(name="name"):
                return any(map(_is_figure, _next(following, past_blank=True)))
    return False


def _next(following: Sequence[Element], *, past_blank: bool = False) -> Iterator[Element]:
    """Yield the elements that can come next; with ``past_blank``, also after a blank."""
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
    """Return the first characters of literal text and directions that can directly follow."""
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
    """Say whether the text of an element can look like a unit."""
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
