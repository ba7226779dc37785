"""A stream of bytes read for quotes, at speed and in constant memory.

Input is read in pieces of 64 KiB. Those lines of a piece that hold the words of a movement, and lines closely behind
them, are one `Passage`: it is brought to normal form and cut into quotes and gaps by one regular expression, whatever
the board looks like. Only a line whose gaps hold words that may commit to a quote is decoded and walked.

Measured on boards in ns a byte: words 1, normal form 0.1 (5 where every line needs it), cutting 8, columns 5, kind and
direction 2, CSV 2, the check of the figures 8; on prose, words 1. A pattern for text instead of bytes needs 14. Rows
made from the bytes at once would save 4, but the check needs the columns anyway.

The text is cut at line ends, and in two places more that change nothing in what is found: at the end of a quote, which
its own ")" sets whatever follows; and in an endless line, which is read through a window that is wider than a quote and
all that its reading depends on.
"""

from collections.abc import Iterable, Iterator

from tickerx.engine.passage import Passage, Stretch
from tickerx.grammar.parser import count_lines, decode, normalize, split
from tickerx.grammar.words import find_windows

__all__ = ["PIECE", "REACH", "Scanner", "last_line_end", "next_character", "scan"]

PIECE = 65536
"""Bytes that are read at once, at most, and what is pending before them."""

REACH = 8192
"""Bytes that a quote or a malformed span never exceeds together with what its reading depends on, before it or after:
some 1,900 code points of at most 4 bytes."""

LONG = 3 * REACH
"""Bytes of a line without end that are kept at most between two blocks."""

_CONTINUATION = range(0x80, 0xC0)
"""The bytes that go on a character of UTF-8 and begin none."""


def scan(blocks: Iterable[bytes]) -> Iterator[Passage]:
    """Yield the passages of UTF-8 text that hold quotes or may hold malformed spans; it comes in blocks of any size.

    A quote is yielded as soon as the block has come that holds its end.
    """
    return Scanner().scan(blocks)


class Scanner:
    """One reading of an input, and how far it has come."""

    def __init__(self, line: int = 1) -> None:
        """Begin on this line of the input."""
        self.size = 0
        """How many bytes have been read."""
        self._first_line = self._line = line
        self._column = 0
        """Code points before what is pending on its line."""
        self._pending = b""
        self._context = 0
        """How many bytes of what is pending are done with, and kept since they may say what comes after."""
        self._seen = 0
        """Up to where what is pending has been looked through for a quote that has come to its end."""

    @property
    def lines(self) -> int:
        """How many lines have been read, the last one too if no line end follows it."""
        return self._line - self._first_line + bool(self._pending)

    def scan(self, blocks: Iterable[bytes]) -> Iterator[Passage]:
        """Read the whole input, see `scan`."""
        for block in blocks:
            for start in range(0, len(block), PIECE):
                piece = block[start : start + PIECE]
                self.size += len(piece)
                yield from self._read(piece)
        yield from self._read_lines(len(self._pending))

    def _read(self, piece: bytes) -> Iterator[Passage]:
        old = len(self._pending)
        self._pending += piece
        yield from self._read_lines(last_line_end(self._pending, max(0, old - 1)))
        yield from self._read_tail()
        if len(self._pending) > LONG:
            yield from self._narrow()

    def _read_lines(self, end: int) -> Iterator[Passage]:
        """Read what is pending up to the end of a line, or of the input."""
        if not end:
            return
        stretch = self._stretch(end, end)
        is_open = not stretch.content.endswith((b"\n", b"\r"))
        self._line += count_lines(stretch.content) + is_open
        self._pending = self._pending[end:]
        self._context = self._column = self._seen = 0
        yield from _read_windows(stretch, list(find_windows(stretch.content, stretch.begin)))

    def _read_tail(self) -> Iterator[Passage]:
        """Read a line that has not ended up to its last quote, if that has come to its end only now."""
        pending, seen = self._pending, self._seen
        self._seen = size = len(pending)
        end = pending.find(b"%)", max(0, seen - 1))
        if end < 0:
            return
        # Where less has come than has been seen, all is read again only for a quote. That holds no other ")".
        if size - seen < seen - self._context:
            _, *quotes = split(normalize(pending[pending.rfind(b")", 0, end) + 1 :]))
            if not quotes:
                return
        stretch = self._stretch(size, size)
        passage = Passage(stretch, [(stretch.begin, size)])
        if passage.symbol:
            self._go_on(size - passage.end_with_quote())
            yield passage

    def _narrow(self) -> Iterator[Passage]:
        """Read a line that does not end, and keep of it only what may matter for what comes. It holds no quote."""
        size = len(self._pending)
        done = next_character(self._pending, size - REACH)
        stretch = self._stretch(size, done)
        self._go_on(done)
        if next(find_windows(stretch.content, stretch.begin), None):
            yield from _read_windows(stretch, [(stretch.begin, size)])

    def _stretch(self, end: int, done: int) -> Stretch:
        """Return what is pending up to its end, to be done with up to there.

        Of the context, what a quote's ")" ends matters for nothing that comes.
        """
        begin = self._pending.rfind(b")", 0, self._context) + 1
        return Stretch(self._pending[:end], self._line, self._column, begin, range(self._context, done))

    def _go_on(self, done: int) -> None:
        """Be done with so many of the bytes that are pending, and keep the last of them."""
        kept = next_character(self._pending, max(0, done - REACH))
        self._column += len(decode(self._pending[:kept]))
        self._pending, self._context, self._seen = self._pending[kept:], done - kept, self._seen - kept


def _read_windows(stretch: Stretch, windows: list[tuple[int, int]]) -> Iterator[Passage]:
    """Yield a passage if the windows hold anything."""
    if windows:
        passage = Passage(stretch, windows)
        if passage.symbol or passage.may_have_flaw:
            yield passage


def last_line_end(block: bytes, start: int) -> int:
    """Return where the last line ends behind an offset, or 0. A CR at the very end does not count: LF may follow."""
    return max(block.rfind(b"\n", start), block.rfind(b"\r", start, -1)) + 1


def next_character(block: bytes, at: int) -> int:
    """Return where a character of UTF-8 begins, from an offset on."""
    return next((start for start in range(at, at + 3) if block[start] not in _CONTINUATION), at + 3)
