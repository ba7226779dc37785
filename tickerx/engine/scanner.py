"""A stream of bytes read for quotes, at speed and in constant memory.

Only lines that hold what every quote holds are read: runs of plain lines at once, all others by the whole grammar. The
text is cut at line ends, and in two places more that change nothing in what is found: at the end of a quote, which its
own ")" sets whatever follows; and in an endless line, which is read through a window that is wider than a quote and all
that its reading depends on.
"""

import re
from collections.abc import Iterable, Iterator

from tickerx.engine.passage import Passage, Place, PlainPassage, Span, TextPassage, decode, encode
from tickerx.grammar.terminals import ARROWS, PLAIN_LINES, SEPARATORS, STEMS

__all__ = ["Scanner", "scan", "scan_spans"]

STRIDE = 4096
"""Bytes that are read in one step, about, and the rest of their line."""

BATCH = 16384
"""Bytes of plain lines that are read at once, about."""

REACH = 8192
"""Bytes that a quote or a malformed span never exceeds together with what its reading depends on, before it or after:
some 1,900 code points of at most 4 bytes."""

LONG = 3 * REACH
"""Bytes of a line without end that are kept at most between two blocks."""

_CONTINUATION = range(0x80, 0xC0)
"""The bytes that go on a character of UTF-8 and begin none."""

_CREASED, _CHANGE = (stem.encode() for stem in STEMS)
_ARROW_LEADS = sorted({arrow.encode()[:2] for arrow in ARROWS})
_MARKS = {b"By": (b"creased",), _CHANGE: (b"no",), **dict.fromkeys(_ARROW_LEADS, (b"by", b"change"))}
"""Every quote, and all that commits to being one, holds one of these after one of those words, in some case.

Prose hardly ever does, and looking for a mark takes a tenth of the time of reading.
"""

_BLANKS = SEPARATORS.encode()
_LONGEST_BLANK = 400
"""Bytes between a mark and the word before it, at most: a separator of 129 code points."""

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
        lines, self._pending = self._pending[:end], self._pending[end:]
        done = size = 0
        runs: list[tuple[bytes, Place]] = []
        for start, stop, is_plain in _find_windows(lines, self._context):
            self._end_lines(lines, done, start)
            passage = None
            if is_plain:
                runs.append((lines[start:stop], self._place()))
                size += stop - start
            else:
                passage = self._read(lines[start:stop], is_last and stop == end)
            if runs and (passage or size >= BATCH):
                yield PlainPassage(runs)
                runs, size = [], 0
            if passage:
                yield passage
            done = start
        if runs:
            yield PlainPassage(runs)
        self._end_lines(lines, done, end)

    def _read_tail(self) -> Iterator[Passage]:
        """Read a line that has not ended up to its last quote."""
        passage = self._read(self._pending)
        if passage is not None and passage.symbol:
            rest = passage.cut_rest()
            yield passage
            self._go_on(len(self._pending) - len(encode(rest)))

    def _narrow(self) -> Iterator[Passage]:
        """Read a line that does not end, and keep of it only what may matter for what comes."""
        pending = self._pending
        done = _next_character(pending, len(pending) - REACH)
        if (passage := self._read(pending)) is not None:
            passage.owned = range(passage.owned.start, len(decode(pending[:done])))
            yield passage
        self._go_on(done)

    def _read(self, content: bytes, is_last: bool = False) -> TextPassage | None:
        """Read what comes next by the whole grammar, if it may hold anything. It begins with the context."""
        if not _may_hold_words(content):
            return None
        passage = TextPassage(content, self._place(), self._context, is_last)
        return passage if passage.symbol or passage.may_have_flaw else None

    def _place(self) -> Place:
        return Place(self._offset, self._line, self._column)

    def _end_lines(self, lines: bytes, start: int, end: int) -> None:
        """Be done with lines to their end."""
        if start < end:
            self._offset += end - start - self._context
            self._line += _count_lines(lines, start, end)
            self._context = self._column = 0

    def _go_on(self, done: int) -> None:
        """Be done with so many of the bytes that are pending, and keep the last of them."""
        self._offset += done - self._context
        kept = _next_character(self._pending, max(0, done - REACH))
        self._column += len(decode(self._pending[:kept]))
        self._pending, self._context = self._pending[kept:], done - kept


def _find_windows(lines: bytes, context: int) -> Iterator[tuple[int, int, bool]]:
    """Yield from where to where lines may hold quotes or what commits to one, and whether they are `PLAIN_LINES`.

    Lines that are not plain are taken in steps that grow up to `STRIDE`.
    """
    start = at = step = 0
    places = {mark: lines.find(mark) for mark in _MARKS if all(byte in lines for byte in mark)}
    while found := _find_mark(lines, places, at):
        hit, mark = found
        start = max(start, lines.rfind(b"\n", at, hit) + 1, lines.rfind(b"\r", at, hit) + 1)
        at = hit + 1
        plain = PLAIN_LINES.match(lines, start) if start or not context else None
        if plain:
            at, step = plain.end(), 0
        elif _follows_word(lines, hit, _MARKS[mark]):
            at, step = lines.find(b"\n", max(hit, start + step)) + 1 or len(lines), min(2 * step + 64, STRIDE)
        else:
            continue
        yield start, at, plain is not None
        start = at


def _find_mark(lines: bytes, places: dict[bytes, int], at: int) -> tuple[int, bytes] | None:
    """Return the place of the nearest mark from an offset on, and the mark; the places of all are kept up to date."""
    for mark, place in places.items():
        if 0 <= place < at:
            places[mark] = lines.find(mark, at)
    return min(((place, mark) for mark, place in places.items() if place >= 0), default=None)


def _follows_word(lines: bytes, hit: int, words: tuple[bytes, ...]) -> bool:
    """Say whether a mark follows one of the words that it follows in a movement."""
    return lines[max(0, hit - _LONGEST_BLANK) : hit].rstrip(_BLANKS)[-7:].lower().endswith(words)


def _may_hold_words(content: bytes) -> bool:
    return _CREASED in content or _CHANGE in content or _STEMS_IN_ANY_CASE.search(content) is not None


def _last_line_end(block: bytes) -> int:
    """Return where the last line ends, or 0. A CR at the very end does not count: its LF may follow."""
    line_feed = block.rfind(b"\n")
    return max(line_feed, block.rfind(b"\r", line_feed + 1, -1)) + 1


def _count_lines(lines: bytes, start: int, end: int) -> int:
    """Return how many lines end in a stretch that does not end between CR and LF."""
    count = lines.count(b"\n", start, end)
    if lines.find(b"\r", start, end) >= 0:
        count += lines.count(b"\r", start, end) - lines.count(b"\r\n", start, end)
    return count


def _next_character(block: bytes, at: int) -> int:
    """Return where a character of UTF-8 begins, from an offset on."""
    return next((start for start in range(at, at + 3) if block[start] not in _CONTINUATION), at + 3)
