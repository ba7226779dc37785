"""Find malformed text: damaged quotes between two that fit, a quote that is cut off, and quotes in doubt."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import sub
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.blanks import find_unsure
from tickerx.layouts.breaks import Break, figure_at_end, find_break, has_long_name, name_break, walk_along
from tickerx.layouts.columns import Quotes
from tickerx.layouts.layout import Layout
from tickerx.layouts.likeness import is_alike, is_damaged

__all__ = ["LINE", "LINE_END", "LayoutMalformed", "count_lines", "find_malformed"]


@dataclass(frozen=True, slots=True)
class LayoutMalformed:
    """A damaged quote of a layout, or one that can be read in several ways."""

    start: int
    end: int
    line: int
    """Line of the wrong token, from 1."""
    column: int
    """Column of the wrong token, in code points from 1."""
    place: Break


_BLANK = f"[{SPACES}]"
LINE_END = re.compile(r"[\r\n]")
LINE = re.compile(rf"{_BLANK}*([^{SPACES}\r\n][^\r\n]*)")
"""A line that is not blank."""

_RUN = 8
"""The most damaged quotes in a row. More lines are hardly damaged by chance."""


class Misfit(NamedTuple):
    """A stretch of text that is not, or not certainly, a quote of a layout, and the place that shows why."""

    start: int
    end: int
    place: Break


def find_malformed(
    text: str, layouts: Sequence[Layout], quotes: Quotes, line: int, *, begin: int = 0, is_end: bool = False
) -> Iterator[LayoutMalformed]:
    """Yield the malformed parts of a text: quotes in doubt from ``begin`` on, and damaged quotes.

    A damaged quote is text between two neighbouring quotes of a layout that looks like a quote, or at the end of the
    input, the beginning of a quote after the last one.
    """
    misfits = list(_find_damaged(text, layouts, quotes))
    if quotes.doubts:
        misfits += _find_doubts(text, layouts, quotes, begin)
        misfits.sort(key=lambda misfit: misfit.place.start)
    if is_end and quotes.begins:
        misfits += _find_cut_off(text, layouts, quotes)
    at = 0
    for start, end, place in misfits:
        line += count_lines(text[at : place.start])
        at = place.start
        column = at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at))
        yield LayoutMalformed(start, end, line, column, place)


def count_lines(text: str) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _find_damaged(text: str, layouts: Sequence[Layout], quotes: Quotes) -> Iterator[Misfit]:
    distances = map(sub, quotes.begins[1:], quotes.ends)
    for number in [number for number, distance in enumerate(distances) if distance > 2]:
        readers = quotes.readers[number : number + 2]
        end, begin = quotes.ends[number], quotes.begins[number + 1]
        if min(readers) >= 0:
            for layout in (layouts[reader] for reader in dict.fromkeys(readers)):
                if found := list(_find_between(text, layout, end, begin)):
                    yield from found
                    break


def _find_between(text: str, layout: Layout, end: int, begin: int) -> Iterator[Misfit]:
    """Yield what is damaged between the end of a quote and the beginning of the next one."""
    if layout.is_open or begin - end > layout.longest:
        return
    stretches = _stretches(text, layout, _line_end(text, end, begin), begin)
    for start, stop in stretches[:_RUN]:
        is_sure = is_damaged(layout, text, start, stop)
        is_like = is_sure or (len(stretches) <= _RUN and is_alike(layout, text, start, stop))
        if is_like and (place := _find_damage(layout, text, start, stop, is_sure=is_sure)):
            yield Misfit(start, stop, place)


def _line_end(text: str, start: int, end: int) -> int:
    """Return where a line ends: other text may stand behind a quote on its line."""
    found = LINE_END.search(text, start, end)
    return found.start() if found else end


def _stretches(text: str, layout: Layout, start: int, end: int) -> list[tuple[int, int]]:
    """Return the stretches between two quotes that could each be a damaged quote.

    If quotes have several lines, the stretches have as many lines as whole quotes, or there is one that is shorter.
    """
    size = layout.lines
    lines = list(LINE.finditer(text, start, end))
    if size > 1 and (len(lines) > _RUN * size or (len(lines) % size and len(lines) > size)):
        return []
    parts = [lines[first : first + size] for first in range(0, len(lines), size)]
    return [(part[0].start(1), part[-1].start(1) + len(part[-1][1].rstrip(SPACES))) for part in parts]


def _find_damage(layout: Layout, text: str, start: int, end: int, *, is_sure: bool) -> Break | None:
    """Return where lines between two quotes stop fitting; None for cells that the layout skips for every quote.

    Such cells do not begin like a quote, there are not as many of them as a quote has lines, and no quote is sure.
    """
    place = find_break(layout, text, start, end)
    if layout.lines > 1 and not is_sure and not LINE_END.search(text, start, place.start):
        is_whole = len(LINE.findall(text, start, end)) == layout.lines
        return place if is_whole else None
    return place


def _find_doubts(text: str, layouts: Sequence[Layout], quotes: Quotes, first: int) -> Iterator[Misfit]:
    columns = (quotes.begins, quotes.ends, quotes.readers, quotes.columns["name"], quotes.columns["price"])
    for begin, end, reader, name, price in zip(*columns, strict=True):
        if begin >= first and begin in quotes.doubts:
            layout = layouts[reader]
            at = text.find(name, begin)
            if has_long_name(name):
                place = name_break(at, at + len(name), text)
            elif figure := figure_at_end(layout, name, price):
                stop = at + len(name)
                reason = f'"{figure}" could be the end of the name or a figure that the layout does not have'
                place = Break(stop - len(figure), stop, "a name that does not end in a figure", reason)
            else:
                place = _unsure_break(text, begin, layout.longest)
            yield Misfit(begin, end, place)


def _unsure_break(text: str, begin: int, longest: int) -> Break:
    """Return the first digits by which two readings may differ. They may be behind the quote, in an optional part."""
    digits = next(find_unsure(text, begin, begin + longest))
    remedy = "set groups in a file of layouts, or group by U+00A0"
    reason = f'"{digits[0]}" could be one figure or several: {remedy}'
    return Break(max(begin, digits.start()), digits.end(), "figures that can only be read in one way", reason)


def _find_cut_off(text: str, layouts: Sequence[Layout], quotes: Quotes) -> Iterator[Misfit]:
    """Yield a quote that the end of the input cuts off: it has the price, and no line end after it."""
    layout = layouts[quotes.readers[-1]]
    end = len(text.rstrip(SPACES + "\r\n")) if layout.lines > 1 else len(text)
    if quotes.readers[-1] < 0 or layout.is_open or end - quotes.ends[-1] > layout.longest:
        return
    lines = list(LINE.finditer(text, _line_end(text, quotes.ends[-1], end), end))
    if 0 < len(lines) <= layout.lines and lines[-1].end() == end:
        start, stop = lines[0].start(1), lines[-1].start(1) + len(lines[-1][1].rstrip(SPACES))
        walk = walk_along(layout, text, start, stop)
        if walk.steps > layout.price_step and walk.place.end == stop:
            yield Misfit(start, stop, walk.place)
