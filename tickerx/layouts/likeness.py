"""Decide whether text that does not fit a layout is a damaged quote, or something else: a heading, a date, a sentence.

Unlike a heading, a damaged quote has figures. Unlike a sentence, it has no more words around them than the layout
allows.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.breaks import walk_along
from tickerx.layouts.figures import CURRENCIES, SIGNS, unit_pattern
from tickerx.layouts.language import FIGURES, Blank, Direction, Element, Field, LineEnd, Literal, OptionalPart, walk
from tickerx.layouts.layout import NAME_WORDS, Fault, Layout

__all__ = ["is_alike", "is_damaged"]

_DIVIDERS = "|;()[]"
_TOKEN = re.compile(rf"[^{SPACES}\r\n{re.escape(_DIVIDERS)}]+")
_FIGURE = re.compile(
    rf"[^\W\d_]?[.,][0-9]|[{re.escape(SIGNS + CURRENCIES)}]+.*[0-9]|.*[0-9](?:.*%|[.,'\u2019][0-9A-Za-z])"
)
"""A figure, perhaps damaged: a bare whole number may be the day of a date or the number of a page."""
_MOMENT = re.compile(r"[0-9]{1,2}:[0-9]{2}.*|[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}[.,]?")
_NONE = re.compile(rf"[{re.escape(SIGNS)}\u2014.,]{{1,5}}%?|[Nn][./]?[AaDd]\.?")
"""Placeholders that boards print instead of a figure."""
_UNIT = re.compile(unit_pattern(apart=False))
_WHOLE = re.compile(r"[0-9]+")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_LETTER = re.compile(r"[^\W\d_]")


class _Needs(NamedTuple):
    """What a layout expects from a line."""

    figures: int
    """The number of tokens with figures in every quote."""
    before: int
    """The most words before the first figure."""
    after: int
    """The most words after the first figure."""
    may_have_moments: bool
    """Whether a date or a time can be among the skipped words."""


class _Evidence(NamedTuple):
    """What in a line with one wrong token shows that it is a quote."""

    figures: int
    """Figures with decimals, a sign, a currency or a percent sign."""
    whole: int
    """Other figures, without those that may be a day or a year."""
    words: int
    """Whether the words for the direction fit."""
    name: str
    """The name: a sentence may be taken for one."""


def is_damaged(layout: Layout, text: str, start: int, end: int) -> bool:
    """Say whether a stretch of text is a quote with one token wrong or absent, as its other tokens show."""
    return any(_shows_damage(layout, fault, text, start, end) for fault in layout.faults) or any(
        _shows_absence(layout, fault, text, start, end) for fault in layout.absences
    )


def _shows_damage(layout: Layout, fault: Fault, text: str, start: int, end: int) -> bool:
    match = fault.pattern.match(text, start, end)
    if not match or fault.is_of_name:
        return False
    figures, whole, words, name = _evidence(fault, match)
    if _is_figure(fault.element):
        is_moment = _MOMENT.fullmatch(match["last"]) and not text.startswith("%", match.end("last"), end)
        return figures + whole + words > bool(is_moment) + bool(_WITH_FIGURE.search(name))
    return figures > 0 and figures + words > (layout.has_open_end or name != "")


def _shows_absence(layout: Layout, fault: Fault, text: str, start: int, end: int) -> bool:
    match = fault.pattern.match(text, start, end)
    if not match:
        return False
    figures, _, words, name = _evidence(fault, match)
    if _is_figure(fault.element):
        return figures > (layout.has_open_end or not words or name != "")
    return figures > 1 and words > 0


_WITH_FIGURE = re.compile("[0-9][.,%]|[.,][0-9]")


def _evidence(fault: Fault, match: re.Match[str]) -> _Evidence:
    figures = whole = words = 0
    name = ""
    for number, field in enumerate(fault.fields, 1):
        printed = match[number] or ""
        if field == "name":
            name = printed
        elif field == "direction":
            words = int(printed != "")
        elif field in FIGURES and printed:
            is_sure = not _WHOLE.fullmatch(printed) or (
                field == "percent" and match.string.startswith("%", match.end(number))
            )
            figures += is_sure
            whole += not is_sure and len(printed) > 2 and not _YEAR.fullmatch(printed)
    return _Evidence(figures, whole, words, name)


def is_alike(layout: Layout, text: str, start: int, end: int) -> bool:
    """Say whether a stretch of text that does not fit a layout looks like a quote of it.

    It holds at least half of the figures, or all up to the price; as many as the layout has, if a date or a time stands
    in it. Marks such as ``n/a`` count as figures. There is only one word more on either side of the first figure.
    Behind a quote with an open end any words may stand, so that they tell nothing.
    """
    if layout.has_open_end:
        return False
    needs = _needs(layout)
    tokens = _TOKEN.findall(text[start:end])
    kinds = "".join(map(_kind, tokens))
    found = _FIRST_FIGURE.search(kinds)
    figures = kinds.count("f") + kinds.count("n")
    before, after = (kinds[: found.start()], kinds[found.start() :]) if found else (kinds, "")
    may_have_long_name = needs.before >= NAME_WORDS and figures >= needs.figures
    if before.count("w") > needs.before + 1 and not may_have_long_name:
        return False
    if after.count("w") > needs.after + ("f" in kinds) or not {*kinds} & {*"wfi"}:
        return False
    if "m" in kinds and not needs.may_have_moments:
        return 0 < needs.figures <= figures
    whole = kinds.count("i")
    if not figures:
        return whole >= needs.figures and kinds.lstrip("wu").strip("i") == ""
    return 2 * (figures + whole * (figures > 1)) >= needs.figures or _has_price(layout, text, start, end)


_FIRST_FIGURE = re.compile("(?<=.)[fn]|f")


def _kind(token: str) -> str:
    """Return the kind of a token: figure, none, integer, moment, unit or sign, or word."""
    if _MOMENT.fullmatch(token):
        return "m"
    if _WHOLE.fullmatch(token):
        return "u" if _YEAR.fullmatch(token) else "i"
    if _FIGURE.match(token):
        return "f"
    if _NONE.fullmatch(token):
        return "n"
    return "w" if _LETTER.search(token) and not _UNIT.fullmatch(token) else "u"


def _has_price(layout: Layout, text: str, start: int, end: int) -> bool:
    """Say whether a stretch of text fits a layout up to the price and beyond."""
    return walk_along(layout, text, start, end).steps > layout.price_step


@lru_cache(maxsize=64)
def _needs(layout: Layout) -> _Needs:
    elements = layout.parsed.elements
    first = next(number for number, element in enumerate(elements) if _is_figure(element))
    parts: list[list[Element]] = [[]]
    for element in elements:
        if isinstance(element, Blank | LineEnd) or (isinstance(element, Literal) and {*element.text} & {*_DIVIDERS}):
            parts.append([])
        parts[-1].append(element)
    figures = sum(any(map(_is_figure, part)) for part in parts)
    has_skip = any(isinstance(element, Field) and element.name == "skip" for element in walk(elements))
    return _Needs(figures, _words(elements[:first]), _words(elements[first:]), has_skip)


def _is_figure(element: Element | None) -> bool:
    return isinstance(element, Field) and element.name in FIGURES


def _words(elements: Iterable[Element]) -> int:
    """Return the most words, other than figures, that elements can have."""
    size = 0
    for element in elements:
        match element:
            case OptionalPart():
                size += _words(element.elements)
            case Direction():
                size += max(len(words.split()) for words in element.words)
            case Literal():
                size += bool(_LETTER.search(element.text))
            case Field():
                size += {"name": NAME_WORDS, "symbol": 1, "skip": 1}.get(element.name, 0)
    return size
