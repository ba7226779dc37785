"""A text read with layouts: rows column by column, and the lines between them that do not fit.

The first layout that fits a line reads it. Offsets count code points. A text begins and ends where lines do.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from tickerx.arithmetic import previous_close
from tickerx.grammar.parser import count_lines
from tickerx.grammar.terminals import SPACES
from tickerx.layouts.columns import ROW, Quotes, merge, split
from tickerx.layouts.layout import Layout
from tickerx.layouts.sound import is_sound

__all__ = ["Break", "LayoutMalformed", "LayoutRow", "Reading", "find_break", "read_text"]


class LayoutRow(NamedTuple):
    """A quote that a layout has read. What is not printed is None."""

    symbol: str | None
    name: str | None
    price: str
    """Figures have "-" or no sign, a decimal point, and the digits that were printed."""
    change: str | None
    change_percent: str | None
    direction: str | None
    """``up``, ``down``, ``unchanged``, or None where nothing tells."""
    previous_close: str | None
    """As printed, else price less change."""
    layout: str | None
    """The name of the layout."""
    start: int
    end: int
    line: int


class Break(NamedTuple):
    """The place at which a line stops to fit a layout."""

    start: int
    """Of the token that is wrong; at the line's end where the line is too short."""
    end: int
    expected: str


@dataclass(frozen=True, slots=True)
class LayoutMalformed:
    """What does not fit a layout and stands directly between two quotes that do."""

    layout: str | None
    start: int
    end: int
    line: int
    """Of the token that is wrong, from 1."""
    column: int
    """Of that token, in code points from 1."""
    place: Break


class _Found(NamedTuple):
    """A quote in a text: where it is, which layout has read it, and what its groups hold."""

    start: int
    end: int
    layout: int
    groups: tuple[str, ...]


_BLANK = f"[{SPACES}]"
_LINE_END = re.compile(r"[\r\n]")
_LINE_BETWEEN = re.compile(rf"{_BLANK}*(?:\r\n?|\n){_BLANK}*([^{SPACES}\r\n][^\r\n]*)(?:\r\n?|\n){_BLANK}*")
_LINE = re.compile(rf"{_BLANK}*([^{SPACES}\r\n][^\r\n]*)")
_TOKEN_END = re.compile(rf"[{SPACES}\r\n]")


class Reading:
    """The quotes of a text, one attribute for each column; the empty text stands for what is not printed.

    ``previous_close`` holds what is printed; `previous_closes` computes the others.
    """

    def __init__(self, text: str, layouts: Sequence[Layout], quotes: Quotes, line: int) -> None:
        self.layouts = layouts
        self.begins, self.ends, self.readers = quotes.begins, quotes.ends, quotes.readers
        """Where each quote begins and ends, and which of the layouts has read it."""
        self._text = text
        self._first_line = line
        self.symbol, self.name, self.price, self.change, self.change_percent, self.direction, self.previous_close = (
            quotes.columns[name] for name in ROW
        )
        self.malformed: list[LayoutMalformed] = []
        self.settled = len(text)
        """Where reading goes on with more text: what comes before this offset has its final rows."""
        self.resume = len(text)
        """Where the text must begin with which reading goes on; it is not more than a quote and a line before."""

    @property
    def layout(self) -> list[str]:
        """Names of the layouts; the empty text for one without."""
        names = [layout.name or "" for layout in self.layouts]
        return [names[number] for number in self.readers]

    def lines(self) -> Iterator[int]:
        """Yield the line on which each quote begins."""
        line, at = self._first_line, 0
        for start in self.begins:
            line += count_lines(self._text[at:start])
            at = start
            yield line

    def previous_closes(self) -> list[str]:
        """Return the previous closes: as printed, else price less change where the change's sign is known."""
        return [
            printed or (_close(price, change) if change and direction else "")
            for printed, price, change, direction in zip(
                self.previous_close, self.price, self.change, self.direction, strict=True
            )
        ]

    def sounds(self) -> list[bool | None]:
        """Return of each quote whether its printed figures agree; None where nothing can be checked."""
        columns = (self.price, self.change, self.change_percent, self.previous_close, self.direction)
        return [is_sound(price, *(text or None for text in others)) for price, *others in zip(*columns, strict=True)]

    def rows(self) -> Iterator[LayoutRow]:
        """Yield the quotes in the order of the text."""
        columns = [self.symbol, self.name, self.price, self.change, self.change_percent, self.direction]
        texts = zip(*columns, self.previous_closes(), self.layout, strict=True)
        for values, begin, end, line in zip(texts, self.begins, self.ends, self.lines(), strict=True):
            symbol, name, change, percent, direction, close, layout = (
                value or None for value in (*values[:2], *values[3:])
            )
            yield LayoutRow(symbol, name, values[2], change, percent, direction, close, layout, begin, end, line)


def _close(price: str, change: str) -> str:
    return format(previous_close(Decimal(price), Decimal(change)), "f")


def read_text(text: str, layouts: Sequence[Layout], *, begin: int = 0, line: int = 1, is_last: bool = True) -> Reading:
    """Read a text that begins on a line with layouts.

    What stands before ``begin`` is context: it says how to read what follows, and gives no rows again. Unless the text
    is the last, quotes that more text may change are left to the next one: that begins at `Reading.resume`, its
    ``begin`` is `Reading.settled`, and more text has been added.
    """
    quotes = _read_all(text, layouts)
    settled = len(text) if is_last else _settle(text, layouts, quotes)
    first, last = bisect_left(quotes.begins, begin), bisect_left(quotes.begins, settled)
    reading = Reading(text, layouts, quotes.cut(first, last), line)
    reading.settled = settled
    reading.resume = _resume(text, layouts, quotes.cut(0, last), settled)
    reading.malformed = list(_find_malformed(text, layouts, quotes.cut(max(0, first - 1), last), line))
    return reading


def _read_all(text: str, layouts: Sequence[Layout]) -> Quotes:
    """Return the quotes of a text; each layout reads what the ones before it have left."""
    shifted = "\n" + text  # a pattern begins with a line end
    gaps = [(0, len(shifted))]
    found: list[Quotes] = []
    for number, layout in enumerate(layouts):
        claimed: list[tuple[int, int]] = []
        for start, end in gaps:
            quotes = split(shifted[start:end], start - 1, layout, number)
            if quotes.begins or not found:
                found.append(quotes)
                claimed += [(begin + 1, end + 1) for begin, end in zip(quotes.begins, quotes.ends, strict=True)]
        if claimed and number < len(layouts) - 1:
            gaps = list(_gaps(shifted, gaps, claimed))
    return merge(found)


def _gaps(text: str, gaps: list[tuple[int, int]], claimed: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield what the lines of quotes leave of the gaps; each begins with a line end and ends before one."""
    quotes = iter([*claimed, (len(text), len(text))])
    start, end = next(quotes)
    for begin, stop in gaps:
        while start < stop:
            before = max(text.rfind("\n", begin, start), text.rfind("\r", begin, start))
            if before > begin:
                yield begin, before
            line_end = _LINE_END.search(text, end, stop)
            begin = line_end.start() if line_end else stop
            start, end = next(quotes)
        if begin < stop:
            yield begin, stop


def _find_malformed(text: str, layouts: Sequence[Layout], quotes: Quotes, line: int) -> Iterator[LayoutMalformed]:
    """Yield what stands between two quotes of a layout that follow one another, and is not more than one quote."""
    at = 0
    for number, (end, begin) in enumerate(zip(quotes.ends, quotes.begins[1:], strict=False)):
        if begin - end <= 2:
            continue
        reader, following = quotes.readers[number : number + 2]
        layout = layouts[reader]
        if reader != following or layout.is_open or not (span := _between(text, layout, end, begin)):
            continue
        if place := _find_damage(layout, text, *span):
            line += count_lines(text[at : place.start])
            at = place.start
            column = at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at))
            yield LayoutMalformed(layout.name, *span, line, column, place)


def _find_damage(layout: Layout, text: str, start: int, end: int) -> Break | None:
    """Return where lines between two quotes stop to fit; None for cells that the layout passes over on every quote.

    Those are of another number, and do not begin as a quote.
    """
    place = find_break(layout, text, start, end)
    if layout.lines > 1 and not _LINE_END.search(text, start, place.start):
        is_whole = len(_LINE.findall(text, start, end)) == layout.lines
        return place if is_whole else None
    return place


def _between(text: str, layout: Layout, start: int, end: int) -> tuple[int, int] | None:
    """Return where the lines between two quotes stand, if they could be one that is damaged.

    That is one line, with no blank line around it; or as many as the layout has, if those are several.
    """
    if layout.lines == 1:
        found = _LINE_BETWEEN.fullmatch(text, start, end)
        return (found.start(1), found.start(1) + len(found[1].rstrip(SPACES))) if found else None
    lines = list(_LINE.finditer(text, start, end)) if end - start <= layout.longest else []
    if not 0 < len(lines) <= layout.lines:
        return None
    return lines[0].start(1), lines[-1].start(1) + len(lines[-1][1].rstrip(SPACES))


def find_break(layout: Layout, text: str, start: int, end: int) -> Break:
    """Return where a stretch of text, which begins like a line of a layout, stops to fit it."""
    at = token = start
    last = layout.steps[0]
    for step in layout.steps:
        match = step.pattern.match(text, start, end)
        if not match:
            break
        token, at, last = match.start("last"), match.end(), step
    else:
        raise AssertionError("the pattern has passed over a quote")  # pragma: no cover - both are spelled alike
    rest = text[at:end]
    token_end = at + len(_TOKEN_END.split(rest, maxsplit=1)[0])
    if last.is_token and not step.is_token and token < at < token_end:
        return Break(token, token_end, last.expected)  # the token goes on: it is not what it began as
    at += len(rest) - len(rest.lstrip(SPACES))
    if at == end and step.expected == "the end of the line":
        step = layout.steps[layout.steps.index(step) + 1]  # that is missing with all its line
    return Break(at, at + len(_TOKEN_END.split(text[at:end], maxsplit=1)[0]), step.expected)


def _settle(text: str, layouts: Sequence[Layout], quotes: Quotes) -> int:
    """Return the offset before which no quote depends on what comes after the text."""
    tail = max(layout.lines for layout in layouts) - 1
    if not tail:
        return len(text)
    open_lines = [match.start() for match in _LINE.finditer(text[-_reach(layouts) :])][-tail:]
    settled = max(0, len(text) - _reach(layouts)) + open_lines[0] if open_lines else len(text)
    for begin, end, reader in zip(quotes.begins[::-1], quotes.ends[::-1], quotes.readers[::-1], strict=True):
        if all(layout.lines == 1 for layout in layouts[:reader]):
            return max(settled, end)
        if begin < settled < end:
            settled = begin
    return settled


def _reach(layouts: Sequence[Layout]) -> int:
    return max(layout.longest for layout in layouts)


def _resume(text: str, layouts: Sequence[Layout], quotes: Quotes, settled: int) -> int:
    """Return where the line of the last quote begins: what comes may show that something malformed follows on it."""
    at = quotes.begins[-1] if quotes.begins and settled - quotes.ends[-1] <= _reach(layouts) else settled
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
