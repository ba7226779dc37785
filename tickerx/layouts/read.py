"""Read a text with layouts: rows column by column, and the lines between them that do not fit.

The first layout that fits a line reads it. Offsets count code points. A text has whole lines.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from tickerx.arithmetic import previous_close
from tickerx.intervals import are_sound
from tickerx.layouts.blanks import split_surely
from tickerx.layouts.columns import ROW, Quotes, merge
from tickerx.layouts.damage import LINE, LINE_END, LayoutMalformed, count_lines, find_malformed
from tickerx.layouts.layout import Layout

__all__ = ["OTHER", "LayoutRow", "Reading", "read_text"]

OTHER = -1
"""The number of a reader that is not a layout, whose quotes are given to `read_text`."""


class LayoutRow(NamedTuple):
    """A quote that a layout has read. Values that are not printed are None."""

    symbol: str | None
    name: str | None
    price: str
    """Figures have "-" or no sign, a decimal point, and the printed digits."""
    change: str | None
    change_percent: str | None
    direction: str | None
    """``up``, ``down``, ``unchanged``, or None if unknown."""
    previous_close: str | None
    """As printed, or else price minus change."""
    layout: str | None
    """The name of the layout."""
    start: int
    end: int
    line: int


class Reading:
    """The quotes of a text, one attribute for each column. Values that are not printed are empty.

    ``previous_close`` has the printed values; `previous_closes` computes the others.
    """

    def __init__(self, text: str, layouts: Sequence[Layout], quotes: Quotes, line: int) -> None:
        self.layouts = layouts
        self.begins, self.ends, self.readers = quotes.begins, quotes.ends, quotes.readers
        """Where each quote begins and ends, and which layout has read it."""
        self._text = text
        self._first_line = line
        self.symbol, self.name, self.price, self.change, self.change_percent, self.direction, self.previous_close = (
            quotes.columns[name] for name in ROW
        )
        self.malformed: list[LayoutMalformed] = []
        self.settled = len(text)
        """Where reading goes on with more text: the rows before this offset are final."""
        self.resume = len(text)
        """Where the next text must begin; this is at most a quote and a line before `settled`."""

    @property
    def layout(self) -> list[str]:
        """Names of the layouts; empty for a layout without a name."""
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
        """Return the previous closes: as printed, or else price minus change, if the sign of the change is known."""
        return [
            printed or (_close(price, change) if change and direction else "")
            for printed, price, change, direction in zip(
                self.previous_close, self.price, self.change, self.direction, strict=True
            )
        ]

    def sounds(self) -> list[bool | None]:
        """Return for each quote whether its printed figures agree; None if nothing can be checked."""
        return are_sound(self.price, self.change, self.change_percent, self.previous_close, self.direction)

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


def read_text(
    text: str,
    layouts: Sequence[Layout],
    *,
    begin: int = 0,
    line: int = 1,
    is_last: bool = True,
    stop: int | None = None,
    others: Quotes | None = None,
) -> Reading:
    """Read a text with layouts. It begins on this line of the document.

    The text before ``begin`` is context and gives no rows again. Unless this is the last text, quotes that more text
    can change are left for the next one, which begins at `Reading.resume`, with `Reading.settled` as its ``begin``.
    Quotes from ``stop`` on are left too.

    ``others`` are quotes that another reader has found in the text. Their lines are not read. They are among the quotes
    of the reading, with the reader `OTHER`.
    """
    quotes = _read_all(text, layouts, others)
    settled = len(text) if is_last else _settle(text, layouts, quotes)
    settled = settled if stop is None else min(settled, stop)
    first, last = bisect_left(quotes.begins, begin), bisect_left(quotes.begins, settled)
    wanted = quotes.cut(first, last)
    sure = [number for number, at in enumerate(wanted.begins) if at not in quotes.doubts] if quotes.doubts else None
    reading = Reading(text, layouts, wanted if sure is None else wanted.pick(sure), line)
    reading.settled = settled
    reading.resume = _resume(text, layouts, quotes.cut(0, last), settled)
    known = quotes.cut(max(0, first - 1), last)
    reading.malformed = list(find_malformed(text, layouts, known, line, begin=begin, is_end=is_last and stop is None))
    return reading


def _read_all(text: str, layouts: Sequence[Layout], others: Quotes | None) -> Quotes:
    """Return the quotes of a text. Each layout reads the lines that the layouts before it left."""
    shifted = "\n" + text  # a pattern begins with a line end
    gaps = [(0, len(shifted))]
    found = [others] if others else []
    new = found
    for number, layout in enumerate(layouts):
        if new:
            claimed = ((begin + 1, end + 1) for one in new for begin, end in zip(one.begins, one.ends, strict=True))
            gaps = list(_gaps(shifted, gaps, claimed))
        new = [split_surely(shifted[start:end], start - 1, layout, number) for start, end in gaps]
        found += new
    return merge([quotes for quotes in found if quotes.begins])


def _gaps(text: str, gaps: list[tuple[int, int]], claimed: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the gaps without the lines of quotes; each begins with a line end and ends before one."""
    none = (len(text), len(text))
    start, end = next(claimed, none)
    for begin, stop in gaps:
        while start < stop:
            before = max(text.rfind("\n", begin, start), text.rfind("\r", begin, start))
            if before > begin:
                yield begin, before
            line_end = LINE_END.search(text, end, stop)
            begin = line_end.start() if line_end else stop
            start, end = next(claimed, none)
        if begin < stop:
            yield begin, stop


def _settle(text: str, layouts: Sequence[Layout], quotes: Quotes) -> int:
    """Return the offset before which no quote depends on later text."""
    tail = max((layout.lines for layout in layouts), default=1) - 1
    if not tail:
        return len(text)
    open_lines = [match.start() for match in LINE.finditer(text[-_reach(layouts) :])][-tail:]
    settled = max(0, len(text) - _reach(layouts)) + open_lines[0] if open_lines else len(text)
    for begin, end, reader in zip(quotes.begins[::-1], quotes.ends[::-1], quotes.readers[::-1], strict=True):
        if all(layout.lines == 1 for layout in layouts[: max(0, reader)]):
            return max(settled, end)
        if begin < settled < end:
            settled = begin
    return settled


def _reach(layouts: Sequence[Layout]) -> int:
    return max((layout.longest for layout in layouts), default=0)


def _resume(text: str, layouts: Sequence[Layout], quotes: Quotes, settled: int) -> int:
    """Return where the line of the last quote begins: later text may show that malformed text follows it."""
    at = quotes.begins[-1] if quotes.begins and settled - quotes.ends[-1] <= _reach(layouts) else settled
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
