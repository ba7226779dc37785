"""A stream of bytes read for quotes, at speed and in constant memory.

Only stretches that hold a stem of the movement words are decoded. The text is cut at line ends, and in two places more
that change nothing in what is found: at the end of a quote, which its own ")" sets whatever follows; and in an endless
line, which is read through a window that is wider than a quote and all that its reading depends on.
"""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import accumulate, islice, repeat
from typing import AnyStr, NamedTuple

from tickerx.grammar import ARROWS, STEMS
from tickerx.parser import GROUPS, canonical, parse_spans, split
from tickerx.quote import Direction, Kind, Quote, previous_closes

__all__ = ["Found", "Span", "scan", "scan_spans"]

STRIDE = 4096
"""Bytes that are looked at in one step; it ends at the next line end."""

LONG = 65536
"""Bytes of a line without end that are kept at most."""

REACH = 4096
"""Bytes that no quote exceeds together with the token before it, which may block its symbol: they have at most 1,001
code points of at most 3 bytes."""

_CONTINUATION = range(0x80, 0xC0)
"""The bytes that go on a character of UTF-8 and begin none."""

_STEMS = tuple(stem.encode() for stem in STEMS)
_DIRECTIONS = {"I": Direction.UP, "D": Direction.DOWN, "N": Direction.UNCHANGED}


class Span(NamedTuple):
    """A stretch of the input, in bytes: a quote with its groups as printed, or a gap between quotes, which has none."""

    start: int
    end: int
    line: int
    """The line on which it begins, from 1."""
    groups: tuple[str, ...]


class Found:
    """The quotes found in one passage of an input, column by column, and the gaps around them.

    There is one attribute for each column that is read from the text, by the column's name.
    """

    __slots__ = (
        "_change",
        "_movement",
        "_percent",
        "_price",
        "begin",
        "gaps",
        "line_before",
        "offset",
        "symbol",
        "text",
    )

    def __init__(self, text: str, begin: int, offset: int, line: int) -> None:
        """Read the text from its code point ``begin`` on, which has that byte offset and line in the input."""
        parts = split(text, begin)
        stride = GROUPS + 1
        self.text = text
        self.begin = begin
        self.offset = offset
        self.line_before = line
        self.gaps = parts[0::stride]
        self.symbol = parts[1::stride]
        self._price = parts[2::stride]
        self._movement = parts[3::stride]
        self._change = parts[4::stride]
        self._percent = parts[5::stride]

    def __len__(self) -> int:
        return len(self.symbol)

    @property
    def price(self) -> Sequence[str]:
        return canonical(self._price)

    @property
    def change(self) -> Sequence[str]:
        return canonical(self._change)

    @property
    def change_percent(self) -> Sequence[str]:
        return canonical(self._percent)

    @property
    def direction(self) -> Sequence[Direction]:
        return [_DIRECTIONS[movement[0]] for movement in self._movement]

    @property
    def kind(self) -> Sequence[Kind]:
        return [
            Kind.STOCK if movement[-1] in ARROWS or "." in price else Kind.INDEX
            for movement, price in zip(self._movement, self._price, strict=True)
        ]

    @property
    def previous_close(self) -> Sequence[str]:
        return previous_closes(self.price, self.change)

    @property
    def line(self) -> Sequence[str]:
        return list(map(str, self.lines()))

    def lines(self) -> Iterator[int]:
        """Yield the line on which each quote begins."""
        ends = map(_count_lines, self.gaps, repeat("\n"), repeat("\r"))
        lines = accumulate(ends, initial=self.line_before)
        return islice(lines, 1, len(self) + 1)

    def spans(self) -> Iterator[Span]:
        """Yield the quotes with their places in the input."""
        offset, lines = self.offset, self.lines()
        for start, end, groups in parse_spans(self.text, self.begin):
            size = len(_encode(self.text[start:end]))
            if groups:
                yield Span(offset, offset + size, next(lines), groups)
            offset += size

    def columns(self, names: Iterable[str], file: str) -> list[Iterable[str]]:
        """Return the named columns of what was found in that file."""
        return [repeat(file, len(self)) if name == "file" else getattr(self, name) for name in names]

    def quotes(self, file: str | None) -> Iterator[Quote]:
        """Yield what was found in that file in its typed form."""
        for symbol, price, change, change_percent, direction, kind, line in zip(
            self.symbol,
            map(Decimal, self.price),
            map(Decimal, self.change),
            map(Decimal, self.change_percent),
            self.direction,
            self.kind,
            self.lines(),
            strict=True,
        ):
            yield Quote(symbol, price, change, change_percent, direction, kind, file, line)


def scan(blocks: Iterable[bytes]) -> Iterator[Found]:
    """Yield what is found in UTF-8 text that comes in blocks of any size; each holds one quote at the least.

    A quote is yielded as soon as the block has come that holds its end.
    """
    scanner = _Scanner()
    for block in blocks:
        yield from scanner.feed(block)
    yield from scanner.finish()


def scan_spans(blocks: Iterable[bytes]) -> Iterator[Span]:
    """Yield the quotes and the gaps between them in order; they are disjoint and join to the input."""
    scanner = _Scanner()
    gap = Span(0, 0, 1, ())

    def read() -> Iterator[Found]:
        for block in blocks:
            yield from scanner.feed(block)
        yield from scanner.finish()

    for found in read():
        for quote in found.spans():
            if gap.start < quote.start:
                yield gap._replace(end=quote.start)
            yield quote
            gap = Span(quote.end, quote.end, quote.line, ())
    if gap.start < scanner.offset:
        yield gap._replace(end=scanner.offset)


class _Scanner:
    """What is known between two blocks of an input."""

    def __init__(self) -> None:
        self.offset = 0
        """How many bytes of the input are done with."""
        self._line = 1
        self._pending = b""
        self._context = 0
        """How many bytes of what is pending are done with, and kept since they may block a symbol."""

    def feed(self, block: bytes) -> Iterator[Found]:
        """Take the next block and yield what is found up to its last line end, or up to its last quote after that."""
        self._pending += block
        yield from self._read_lines(_last_line_end(self._pending))
        if b")" in block:
            yield from self._read_tail()
        if len(self._pending) > LONG:
            self._narrow()

    def finish(self) -> Iterator[Found]:
        """Yield what is found in the rest of the input."""
        yield from self._read_lines(len(self._pending))

    def _read_lines(self, end: int) -> Iterator[Found]:
        pending, start = self._pending, 0
        while start < end:
            stop = pending.find(b"\n", start + STRIDE, end) + 1 or end
            if found := self._find(start, stop):
                yield found
            self.offset += stop - start - self._context
            self._line += _count_lines(pending[start:stop], b"\n", b"\r")
            self._context = 0
            start = stop
        self._pending = pending[end:]

    def _read_tail(self) -> Iterator[Found]:
        """Read up to the last quote of a line that has not ended."""
        if found := self._find(0, len(self._pending)):
            yield found
            rest = _encode(found.gaps[-1])
            self.offset += len(self._pending) - len(rest) - self._context
            self._pending, self._context = rest, 0

    def _narrow(self) -> None:
        """Keep what a quote needs that has begun, and as much before it; nothing else of the line can matter."""
        done = self._context - len(self._pending)
        self._pending, self._context = self._pending[-2 * REACH :], REACH
        while self._pending[self._context] in _CONTINUATION and self._context < REACH + 3:
            self._context += 1
        self.offset += self._context - len(self._pending) - done

    def _find(self, start: int, stop: int) -> Found | None:
        """Return what is found in a part of what is pending, if anything is."""
        part = self._pending[start:stop]
        if not any(stem in part for stem in _STEMS):
            return None
        begin = len(_decode(part[: self._context]))
        return Found(_decode(part), begin, self.offset, self._line) or None


def _last_line_end(block: bytes) -> int:
    """Return where the last line ends, or 0. A CR at the very end does not count: its LF may follow."""
    return max(block.rfind(b"\n"), block.rfind(b"\r", 0, -1)) + 1


def _count_lines(text: AnyStr, lf: AnyStr, cr: AnyStr) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    return text.count(lf) + text.count(cr) - text.count(cr + lf)


def _decode(block: bytes) -> str:
    """Decode UTF-8; each byte that is none becomes one code point, which `_encode` makes the same byte again."""
    return block.decode("utf-8", "surrogateescape")


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")
