"""Find the quotes in a stream of bytes, fast and in constant memory.

Input is read in pieces of 64 KiB. The lines of a piece that have the words of a movement, and the lines just after
them, form a `Passage`. In normal form, one regular expression cuts it into quotes and gaps, whatever the board
looks like. A line is only decoded and parsed step by step if its gaps have words that could belong to a quote.

Measured on boards, in ns per byte: words 1, normal form 0.1 (5 if every line needs it), cutting 8, columns 5, kind and
direction 2, CSV 2, the check of the figures 8; on prose, words 1. A pattern for text instead of bytes needs 14. Making
rows directly from the bytes would save 4, but the check needs the columns anyway.

The text is cut at line ends, and in two other places that do not change the result: at the end of a quote, which is its
own ")" whatever follows; and in an endless line, which is read through a window that is wider than a quote and all the
text that its reading depends on.
"""

from collections.abc import Iterable, Iterator

from tickerx.engine.passage import Passage, Stretch
from tickerx.grammar.parser import count_lines, decode, normalize, split
from tickerx.grammar.words import find_windows

__all__ = ["PIECE", "REACH", "Scanner", "last_line_end", "next_character", "scan"]

PIECE = 65536
"""The most bytes to read in one step, besides those still pending."""

REACH = 8192
"""The most bytes of a quote or malformed span, with the text before and after it that its reading depends on: about
1,900 code points of at most 4 bytes."""

LONG = 3 * REACH
"""The most bytes of an endless line to keep between two blocks."""

_CONTINUATION = range(0x80, 0xC0)
"""The bytes that continue a character of UTF-8."""


def scan(blocks: Iterable[bytes]) -> Iterator[Passage]:
    """Yield the passages of UTF-8 text that have quotes or may have malformed spans. The blocks can have any size.

    A quote is yielded as soon as the block with its end is read.
    """
    return Scanner().scan(blocks)


class Scanner:
    """Scan one input, and keep the position."""

    def __init__(self, line: int = 1) -> None:
        """Begin on this line of the input."""
        self._first_line = self._line = line
        self._column = 0
        """Code points on the line before the pending bytes."""
        self._pending = b""
        self._context = 0
        """How many pending bytes are finished, and only kept because the reading of later bytes can depend on them."""
        self._seen = 0
        """How many pending bytes have been searched for the end of a quote."""

    @property
    def lines(self) -> int:
        """How many lines have been read, including a last one without a line end."""
        return self._line - self._first_line + bool(self._pending)

    def scan(self, blocks: Iterable[bytes]) -> Iterator[Passage]:
        """Read the whole input, see `scan`."""
        for block in blocks:
            for start in range(0, len(block), PIECE):
                yield from self._read(block[start : start + PIECE])
        yield from self._read_lines(len(self._pending))

    def _read(self, piece: bytes) -> Iterator[Passage]:
        old = len(self._pending)
        self._pending += piece
        yield from self._read_lines(last_line_end(self._pending, max(0, old - 1)))
        yield from self._read_tail()
        if len(self._pending) > LONG:
            yield from self._narrow()

    def _read_lines(self, end: int) -> Iterator[Passage]:
        """Read the pending bytes up to the end of a line, or of the input."""
        if not end:
            return
        stretch = self._stretch(end, end)
        is_open = not stretch.content.endswith((b"\n", b"\r"))
        self._line += count_lines(stretch.content) + is_open
        self._pending = self._pending[end:]
        self._context = self._column = self._seen = 0
        yield from _read_windows(stretch, list(find_windows(stretch.content, stretch.begin)))

    def _read_tail(self) -> Iterator[Passage]:
        """Read an unfinished line up to its last quote, if the new bytes complete that quote."""
        pending, seen = self._pending, self._seen
        self._seen = size = len(pending)
        end = pending.find(b"%)", max(0, seen - 1))
        if end < 0:
            return
        # If there are fewer new bytes than seen ones, read everything again only for a quote, which has no other ")".
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
        """Read a part of an endless line, and keep only what later bytes can depend on. It has no whole quote."""
        size = len(self._pending)
        done = next_character(self._pending, size - REACH)
        stretch = self._stretch(size, done)
        self._go_on(done)
        if next(find_windows(stretch.content, stretch.begin), None):
            yield from _read_windows(stretch, [(stretch.begin, size)])

    def _stretch(self, end: int, done: int) -> Stretch:
        """Return the pending bytes up to ``end``; those up to ``done`` will then be finished.

        Context before a quote's ")" does not matter for what follows.
        """
        begin = self._pending.rfind(b")", 0, self._context) + 1
        return Stretch(self._pending[:end], self._line, self._column, begin, range(self._context, done))

    def _go_on(self, done: int) -> None:
        """Finish so many of the pending bytes, and keep the last of them as context."""
        kept = next_character(self._pending, max(0, done - REACH))
        self._column += len(decode(self._pending[:kept]))
        self._pending, self._context, self._seen = self._pending[kept:], done - kept, self._seen - kept


def _read_windows(stretch: Stretch, windows: list[tuple[int, int]]) -> Iterator[Passage]:
    """Yield a passage if there is anything in the windows."""
    if windows:
        passage = Passage(stretch, windows)
        if passage.symbol or passage.may_have_flaw:
            yield passage


def last_line_end(block: bytes, start: int) -> int:
    """Return where the last line ends after an offset, or 0. A CR at the very end does not count: LF may follow."""
    return max(block.rfind(b"\n", start), block.rfind(b"\r", start, -1)) + 1


def next_character(block: bytes, at: int) -> int:
    """Return where the next character of UTF-8 begins, from an offset on."""
    return next((start for start in range(at, at + 3) if block[start] not in _CONTINUATION), at + 3)
