"""A stream of bytes read for quotes, at speed and in constant memory.

Only stretches that hold what every quote holds are decoded. The text is cut at line ends, and in two places more that
change nothing in what is found: at the end of a quote, which its own ")" sets whatever follows; and in an endless line,
which is read through a window that is wider than a quote and all that its reading depends on.
"""

import re
from collections.abc import Iterable, Iterator

from tickerx.grammar import ARROWS, STEMS
from tickerx.passage import Passage, Place, Span, decode, encode

__all__ = ["Scanner", "scan", "scan_spans"]

STRIDE = 4096
"""Bytes that are looked at in one step; it ends at the next line end."""


REACH = 8192
"""Bytes that a quote or a malformed span never exceeds together with what its reading depends on, before it or after:
some 1,900 code points of at most 4 bytes."""

LONG = 3 * REACH
"""Bytes of a line without end that are kept at most between two blocks."""

_CONTINUATION = range(0x80, 0xC0)
"""The bytes that go on a character of UTF-8 and begin none."""

_CREASED, _CHANGE = (stem.encode() for stem in STEMS)
_ENDS = (b"By", _CHANGE)
_ARROWS = tuple({arrow.encode()[:2] for arrow in ARROWS})
_STEMS_IN_ANY_CASE = re.compile(b"|".join((_CREASED, _CHANGE)), re.IGNORECASE)


def scan(blocks: Iterable[bytes]) -> Iterator[Passage]:
    """Yield the passages of UTF-8 text that hold quotes or may hold malformed spans; it comes in blocks of any size.

    A quote is yielded as soon as the block has come that holds its end.
    """
    return Scanner().scan(blocks)


def scan_spans(blocks: Iterable[bytes]) -> Iterator[Span]:
    """Yield the quotes and the gaps between them in order; they are disjoint and join to the input."""
    scanner = Scanner()
    gap = Span(0, 0, 1, ())
    for passage in scanner.scan(blocks):
        for quote in passage.spans():
            if gap.start < quote.start:
                yield gap._replace(end=quote.start)
            yield quote
            gap = Span(quote.end, quote.end, quote.line, ())
    if gap.start < scanner.size:
        yield gap._replace(end=scanner.size)


class Scanner:
    """One reading of an input, and how far it has come."""

    def __init__(self) -> None:
        self._offset = 0
        self._line = 1
        self._column = 0
        """Code points before what is pending on its line."""
        self._pending = b""
        self._context = 0
        """How many bytes of what is pending are done with, and kept since they may say what comes after."""
        self._ends_line = True

    @property
    def size(self) -> int:
        """How many bytes are done with."""
        return self._offset

    @property
    def lines(self) -> int:
        """How many lines are done with, the last one too if no line end follows it."""
        return self._line - self._ends_line

    def scan(self, blocks: Iterable[bytes]) -> Iterator[Passage]:
        """Read the whole input, see `scan`."""
        for block in blocks:
            self._pending += block
            yield from self._read_lines(_last_line_end(self._pending))
            if b"%)" in self._pending[-len(block) - 1 :]:
                yield from self._read_tail()
            if len(self._pending) > LONG:
                yield from self._narrow()
            self._ends_line = block.endswith((b"\n", b"\r")) if block else self._ends_line
        yield from self._read_lines(len(self._pending), is_last=True)

    def _read_lines(self, end: int, is_last: bool = False) -> Iterator[Passage]:
        """Read what is pending up to the end of a line, or of the input."""
        pending, start = self._pending, 0
        while start < end:
            stop = pending.find(b"\n", start + STRIDE, end) + 1 or end
            if (passage := self._read(start, stop, is_last and stop == end)) is not None:
                yield passage
            self._offset += stop - start - self._context
            self._line += _count_lines(pending[start:stop])
            self._context = self._column = 0
            start = stop
        self._pending = pending[end:]

    def _read_tail(self) -> Iterator[Passage]:
        """Read a line that has not ended up to its last quote."""
        passage = self._read(0, len(self._pending))
        if passage is not None and passage.symbol:
            rest = passage.gaps[-1]
            passage.until -= len(rest)
            yield passage
            self._go_on(len(self._pending) - len(encode(rest)))

    def _narrow(self) -> Iterator[Passage]:
        """Read a line that does not end, and keep of it only what may matter for what comes."""
        pending = self._pending
        done = _next_character(pending, len(pending) - REACH)
        if (passage := self._read(0, len(pending))) is not None:
            passage.until = len(decode(pending[:done]))
            yield passage
        self._go_on(done)

    def _go_on(self, done: int) -> None:
        """Be done with so many of the bytes that are pending, and keep the last of them."""
        self._offset += done - self._context
        kept = _next_character(self._pending, max(0, done - REACH))
        self._column += len(decode(self._pending[:kept]))
        self._pending, self._context = self._pending[kept:], done - kept

    def _read(self, start: int, stop: int, is_last: bool = False) -> Passage | None:
        """Return the lines of what is pending that may hold a quote, or what commits to being one."""
        part = self._pending[start:stop]
        first, last = _find_lines(part)
        if first == last:
            return None
        if self._context:
            first = 0
        place = Place(self._offset + first, self._line + _count_lines(part[:first]), 0 if first else self._column)
        begin = len(decode(part[: self._context]))
        passage = Passage(decode(part[first:last]), begin, place, is_last and last == len(part))
        return passage if passage.symbol or passage.may_have_flaw else None


def _find_lines(part: bytes) -> tuple[int, int]:
    """Return from where to where lines may hold movement words: as they are written, or in any case with an arrow.

    All from the first such line to the last; nothing, if there is none. Prose has many a word of them, hardly ever the
    capital that ends them.
    """
    ends = [end for end in _ENDS if end in part]
    if not ends or (_CHANGE not in ends and _CREASED not in part):
        ends = []
    arrows = [arrow for arrow in _ARROWS if arrow in part]
    if not ends and not (arrows and _STEMS_IN_ANY_CASE.search(part)):
        return 0, 0
    marks = ends + arrows
    first, last = min(map(part.find, marks)), max(map(part.rfind, marks))
    return max(part.rfind(b"\n", 0, first), part.rfind(b"\r", 0, first)) + 1, part.find(b"\n", last) + 1 or len(part)


def _last_line_end(block: bytes) -> int:
    """Return where the last line ends, or 0. A CR at the very end does not count: its LF may follow."""
    return max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1


def _count_lines(part: bytes) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    lines = part.count(b"\n")
    return lines + part.count(b"\r") - part.count(b"\r\n") if b"\r" in part else lines


def _next_character(block: bytes, at: int) -> int:
    """Return where a character of UTF-8 begins, from an offset on."""
    return next((start for start in range(at, at + 3) if block[start] not in _CONTINUATION), at + 3)
