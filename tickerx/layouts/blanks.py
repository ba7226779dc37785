"""Decide whether a blank groups digits or separates figures: read the text both ways and compare.

The blank in ``Nasdaq 100 234,50`` may belong to the figure or end the name. If a line fits in only one way, that way is
taken. If it fits in both, tickerx takes the way in which the figures agree, if they contradict one another in the
other. Otherwise the quote is in doubt, and neither reading is taken.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate, chain, takewhile
from typing import NamedTuple

from tickerx.intervals import are_sound
from tickerx.layouts.breaks import figure_at_end, has_long_name
from tickerx.layouts.columns import Quotes, merge, split
from tickerx.layouts.figures import MAY_HAVE_GROUPS, SURE_BLANKS, UNSURE_GROUPS
from tickerx.layouts.language import Field, OptionalPart
from tickerx.layouts.layout import NAME_WORDS, Layout

__all__ = ["find_unsure", "split_surely"]

_LINE_END = re.compile("[\r\n]")

_Key = tuple[object, ...]
_Stretch = tuple[int, int]


def split_surely(text: str, offset: int, layout: Layout, reader: int) -> Quotes:
    """Return what `split` does, but plain blanks may group digits too. `Quotes.doubts` says what is in doubt."""
    apart = _doubt_names(layout, split(text, offset, layout, reader))
    if layout.groups is not None or not MAY_HAVE_GROUPS.search(text):
        return apart
    stretches = [(0, len(text))] if layout.lines > 1 else list(_unsure_lines(text))
    grouped = _doubt_names(layout, _split_grouped(text, offset, layout, reader, stretches))
    inside = [number for start, end in stretches for number in apart.between(offset + start, offset + end)]
    numbers, of_groups, doubts = _choose((apart.pick(inside), grouped), text, offset, layout)
    if of_groups or len(numbers) < len(inside):
        outside = sorted({*range(len(apart.begins))}.difference(inside))
        apart = merge([apart.pick([*outside, *(inside[number] for number in numbers)]), grouped.pick(of_groups)])
    return apart._replace(doubts=apart.doubts | doubts)


def _unsure_lines(text: str) -> Iterator[_Stretch]:
    """Yield the stretches of lines with blanks that may group digits, each with the line end before it."""
    start = end = 0
    for blank in MAY_HAVE_GROUPS.finditer(text):
        if blank.start() < end:
            continue
        begin = max(end, text.rfind("\n", end, blank.start()), text.rfind("\r", end, blank.start()))
        if begin > end + 1:
            if end:
                yield start, end
            start = begin
        line_end = _LINE_END.search(text, blank.end())
        end = line_end.start() if line_end else len(text)
    yield start, end


def _split_grouped(text: str, offset: int, layout: Layout, reader: int, stretches: Sequence[_Stretch]) -> Quotes:
    """Return what `split` does in stretches of a text if plain blanks group digits."""
    printed = "".join(text[start:end] for start, end in stretches)
    joined = UNSURE_GROUPS.sub(lambda digits: digits[0].replace(" ", SURE_BLANKS[-1]), printed)
    quotes = split(joined, 0, layout, reader)
    names = [
        _restore(name, begin, joined, printed)
        for name, begin in zip(quotes.columns["name"], quotes.begins, strict=True)
    ]
    places = list(accumulate((end - start for start, end in stretches), initial=0))
    moved = [
        offset + stretches[number][0] - places[number]
        for number in (bisect_right(places, begin) - 1 for begin in quotes.begins)
    ]
    begins, ends = (
        [place + by for place, by in zip(found, moved, strict=True)] for found in (quotes.begins, quotes.ends)
    )
    return quotes._replace(begins=begins, ends=ends, columns=quotes.columns | {"name": names})


def _restore(name: str, begin: int, joined: str, printed: str) -> str:
    """Return a name with the blanks that are printed."""
    at = joined.find(name, begin)
    return printed[at : at + len(name)]


class _Other(NamedTuple):
    """A quote that only one of the two ways gives."""

    begin: int
    end: int
    way: int
    number: int


def _choose(ways: Sequence[Quotes], text: str, offset: int, layout: Layout) -> tuple[list[int], list[int], set[int]]:
    """Return the numbers of the quotes that are alike both ways, or have no other reading, and where doubts begin."""
    keys = [_keys(quotes) for quotes in ways]
    alike = {*keys[0]} & {*keys[1]}
    chosen = ([number for number, key in enumerate(keys[0]) if key in alike], list[int]())
    doubts = set(chain.from_iterable(quotes.doubts for quotes in ways))
    others = _others(ways, keys, alike)
    sounds = _sounds(ways, others)
    for group in _overlapping(others):
        first = group[0]
        if len(group) > 1 or not _is_only_way(text, first.begin - offset, first.end - offset, layout):
            found = [sounds[other] for other in group]
            if found.count(True) == 1 and None not in found:
                first = group[found.index(True)]
            else:
                doubts.add(first.begin)
        chosen[first.way].append(first.number)
    return *chosen, doubts


def _keys(quotes: Quotes) -> list[_Key]:
    """Return the values of each quote, except its name, in which a blank makes no difference."""
    columns = [values for name, values in quotes.columns.items() if name != "name"]
    return list(zip(quotes.begins, quotes.ends, *columns, strict=True))


def _others(ways: Sequence[Quotes], keys: Sequence[Sequence[_Key]], alike: set[_Key]) -> list[_Other]:
    """Return the quotes that are not the same both ways, in the order of the text."""
    others = [
        _Other(quotes.begins[number], quotes.ends[number], way, number)
        for way, quotes in enumerate(ways)
        for number, key in enumerate(keys[way])
        if key not in alike
    ]
    return sorted(others, key=lambda other: other.begin)


_CHECKED = ("price", "change", "change_percent", "previous_close", "direction")


def _sounds(ways: Sequence[Quotes], others: Sequence[_Other]) -> dict[_Other, bool | None]:
    """Return of each quote whether its figures agree."""
    sounds: dict[_Other, bool | None] = {}
    for way, quotes in enumerate(ways):
        some = [other for other in others if other.way == way]
        columns = ([quotes.columns[name][other.number] for other in some] for name in _CHECKED)
        sounds |= zip(some, are_sound(*columns), strict=True)
    return sounds


def _overlapping(others: Sequence[_Other]) -> Iterator[list[_Other]]:
    """Yield groups of overlapping quotes."""
    group: list[_Other] = []
    for other in others:
        if group and other.begin >= max(one.end for one in group):
            yield group
            group = []
        group.append(other)
    if group:
        yield group


def _is_only_way(text: str, begin: int, end: int, layout: Layout) -> bool:
    """Say whether a quote cannot be read in a third way, in which only some of its blanks group digits."""
    is_rigid = not (layout.parsed.open_start or layout.parsed.open_end) and not any(
        isinstance(element, OptionalPart) or (isinstance(element, Field) and element.name == "name")
        for element in layout.parsed.elements
    )
    return is_rigid or sum(digits[0].count(" ") for digits in find_unsure(text, begin, end)) < 2


_LONGEST_RUN = 256
"""The most code points of digits that blanks may group."""


def find_unsure(text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the digits in a stretch of text that blanks may group; they can begin before it.

    They can go on after it, because an open end may be between the groups of a figure.
    """
    before = max(0, begin - _LONGEST_RUN)
    before = max(before, text.rfind("\n", before, begin), text.rfind("\r", before, begin))
    found = UNSURE_GROUPS.finditer(text, before, end + _LONGEST_RUN)
    return (digits for digits in takewhile(lambda digits: digits.start() < end, found) if digits.end() > begin)


def _doubt_names(layout: Layout, quotes: Quotes) -> Quotes:
    """Put quotes in doubt whose names are too long, or end in what may be a figure of its own."""
    if "name" not in layout.fields:
        return quotes
    names = quotes.columns["name"]
    doubts = [number for number, name in enumerate(names) if len(name) > 2 * NAME_WORDS and has_long_name(name)]
    if layout.has_name_before_figure:
        prices = quotes.columns["price"]
        numbered = [number for number, name in enumerate(names) if name[-1:].isdigit()]
        doubts += [number for number in numbered if figure_at_end(layout, names[number], prices[number])]
    return quotes._replace(doubts=frozenset(quotes.begins[number] for number in doubts)) if doubts else quotes
