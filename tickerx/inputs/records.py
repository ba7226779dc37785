"""The records of a crawl archive: ISO 28500, WARC 1.0 and 1.1, and the drafts before them.

A record has headers, a blank line, and as many bytes as its Content-Length says. Damage loses no other record: if a
length does not lead to the next record, the next one is searched for, and the bytes before it belong to the damaged
one.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tickerx.inputs.documents import LARGEST, Trouble
from tickerx.inputs.headers import BLANK_LINE, Headers, parse_headers

__all__ = ["Record", "is_warc", "split_records"]

LARGEST_HEAD = 65536
"""The most bytes of a record's headers."""

_REACH = 128
"""The most bytes needed to recognise the start of a record."""

_SKIPPED = 262144
"""Bytes to search at a time while skipping a record."""

_MAGIC = b"WARC/"
_VERSION = rb"WARC/[01]\.[0-9]{1,2}[ \t]{0,8}\r?\n"
_FIRST_LINE = re.compile(_VERSION)
_RECORD = re.compile(_VERSION + rb"[!-9;-~]{1,64}[ \t]{0,8}:")
"""The beginning of a record. It can be in the wrong place, such as within a line of a record that is cut off."""

_END_OF_HEAD = re.compile(rb"%b|%b" % (BLANK_LINE.pattern, _RECORD.pattern))
_BLANK_LINES = (b"\r\n\r\n", b"\n\n")
_BLANK_LINES_AT_END = re.compile(rb"(?:\r\n\r\n|\n\n)\Z")
_LINE_ENDS = re.compile(rb"[\r\n]*")


def is_warc(head: bytes) -> bool:
    """Say whether an input is an archive by its first line."""
    return _FIRST_LINE.match(head) is not None


class Record(NamedTuple):
    """One record of an archive."""

    offset: int
    """Where it begins, in bytes."""
    headers: Headers
    block: bytes
    """The bytes after its headers; only the first ones if it is too large."""
    is_large: bool = False
    flaw: str = ""
    """What is wrong with its length."""


class _Stream:
    """A buffer over blocks. Bytes before `at` have been consumed and are dropped later."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        self._blocks = iter(blocks)
        self._dropped = 0
        self.buffer = b""
        self.at = 0
        """The position of the next byte in the buffer."""

    @property
    def offset(self) -> int:
        """How many bytes have been consumed."""
        return self._dropped + self.at

    def fill(self, size: int) -> int:
        """Read until at least ``size`` bytes are ahead or the input ends, and return how many there are."""
        ahead = len(self.buffer) - self.at
        if ahead < size:
            size += ahead >> 3 if ahead > _SKIPPED else 0  # do not copy a large buffer for a few more bytes
            new = []
            for block in self._blocks:
                new.append(block)
                ahead += len(block)
                if ahead >= size:
                    break
            if new:
                self._dropped, self.at, self.buffer = self.offset, 0, b"".join([self.buffer[self.at :], *new])
        return ahead

    def take(self, size: int) -> bytes:
        """Consume some bytes and return them."""
        self.at += size
        return self.buffer[self.at - size : self.at]


def split_records(blocks: Iterable[bytes]) -> Iterator[Record | Trouble]:
    """Yield the records of an archive, of any type, and a trouble for anything else between them.

    The blocks can have any size. A record with a wrong length gets all bytes before the next one.
    """
    stream = _Stream(blocks)
    while _skip_line_ends(stream):
        stream.fill(_REACH)
        if _FIRST_LINE.match(stream.buffer, stream.at):
            yield _read_frame(stream)
        else:
            yield Trouble("expected a record, which begins with WARC/1.0 or WARC/1.1", offset=stream.offset)
            _pass_over(stream)


def _skip_line_ends(stream: _Stream) -> bool:
    """Skip line ends, and say whether anything follows."""
    while stream.fill(1):
        stream.at = _end_of_line_ends(stream.buffer, stream.at, len(stream.buffer))
        if stream.at < len(stream.buffer):
            return True
    return False


def _read_frame(stream: _Stream) -> Record | Trouble:
    """Read a record, from its first line on."""
    offset = stream.offset
    size = _find_head_end(stream)
    if size > LARGEST_HEAD:
        _pass_over(stream)
        return Trouble("the record has headers of more than 64 KiB", offset=offset)
    if not size:
        _pass_over(stream)
        return Trouble("the record is cut off in its headers", offset=offset)
    headers = parse_headers(stream.take(size))
    length = _length(headers)
    if length is not None and length <= LARGEST and _is_framed(stream, length):
        return Record(offset, headers, stream.take(length))
    return _read_damaged(stream, offset, headers, length)


def _find_head_end(stream: _Stream) -> int:
    """Return the size of a record's headers, with the blank line after them.

    It is 0 if the input ends, or another record begins, before the blank line.
    """
    size = 1
    while (ahead := stream.fill(size)) >= size:
        start = stream.at + max(1, size - _REACH)
        if end := _END_OF_HEAD.search(stream.buffer, start, stream.at + LARGEST_HEAD):
            return end.end() - stream.at if end[0].startswith(b"\n") else 0
        if ahead > LARGEST_HEAD:
            return ahead
        size = ahead + 1
    return 0


def _length(headers: Headers) -> int | None:
    """Return the Content-Length, or None if it is not a number."""
    value = headers.get(b"content-length", b"")
    return int(value) if value.isdigit() and len(value) < 19 else None


def _is_framed(stream: _Stream, length: int) -> bool:
    """Say whether a block of this length ends where a record can end, and contains no other record."""
    stream.fill(length + len(_BLANK_LINES[0]))
    end = stream.at + length
    may_hold_record = stream.buffer.find(_MAGIC, stream.at, end + len(_MAGIC) - 1) >= 0
    if not may_hold_record and stream.buffer.startswith(_BLANK_LINES, end):
        return True
    if stream.fill(length + _REACH) < length:
        return False
    end = stream.at + length
    inner = _find_record(stream.buffer, stream.at, end) if may_hold_record else -1
    following = _end_of_line_ends(stream.buffer, end, end + _REACH)
    if following < len(stream.buffer) and not _FIRST_LINE.match(stream.buffer, following):
        return inner < 0 and stream.buffer.startswith(_BLANK_LINES, end)
    if inner >= 0:
        return not _are_records(stream.buffer, inner, end)
    # A record without blank lines after it is fine, but a block that ends within them has a wrong length.
    return not stream.buffer.endswith(_BLANK_LINES[0], max(stream.at, end - 4), following)


def _are_records(buffer: bytes, at: int, end: int) -> bool:
    """Say whether whole records fill a stretch: then a length that leads to its end covers more than one record.

    A page about WARC may show a record, but the length of that record does not lead to the end of the page.
    """
    while at < end and _RECORD.match(buffer, at):
        blank = BLANK_LINE.search(buffer, at, end)
        length = _length(parse_headers(buffer[at : blank.start()])) if blank else None
        if not blank or length is None or blank.end() + length > end:
            return False
        at = _end_of_line_ends(buffer, blank.end() + length, end)
    return at == end


def _read_damaged(stream: _Stream, offset: int, headers: Headers, length: int | None) -> Record:
    """Read a record with a wrong, missing or too large length, up to the next record."""
    size = _find_next_record(stream)
    if is_large := size > LARGEST:
        block = stream.buffer[stream.at : stream.at + LARGEST_HEAD]
        size = _pass_over(stream, length if length and length > LARGEST else None)
    else:
        block = _BLANK_LINES_AT_END.sub(b"", stream.take(size))
        size = len(block)
    if length is None:
        flaw = "has no valid Content-Length"
    elif size < length and not stream.fill(1):
        flaw = f"is cut off: {size} of {length} bytes"
    else:
        flaw = f"has a Content-Length of {length}, but {size} bytes" if size != length else ""
    return Record(offset, headers, block, is_large, flaw)


def _find_next_record(stream: _Stream) -> int:
    """Return how many bytes come before the next record or the end; above `LARGEST`, the number is not exact."""
    searched = 0
    size = 1
    while True:
        ahead = stream.fill(size)
        found = _find_record(stream.buffer, stream.at + searched, len(stream.buffer))
        if found >= 0:
            return found - stream.at
        if ahead < size or ahead > LARGEST + _REACH:
            return ahead
        searched = max(0, ahead - _REACH)
        size = min(2 * ahead, LARGEST + 2 * _REACH)


def _pass_over(stream: _Stream, size: int | None = None) -> int:
    """Skip ``size`` bytes, or all bytes up to the next record but at least one, and return how many they were."""
    start = stream.offset
    stream.at += 1
    ahead = _SKIPPED
    while ahead == _SKIPPED and (size is None or stream.offset - start < size):
        ahead = min(stream.fill(_SKIPPED), _SKIPPED)
        step = ahead - _REACH if ahead == _SKIPPED else ahead
        step = step if size is None else min(step, start + size - stream.offset)
        found = _find_record(stream.buffer, stream.at, stream.at + step)
        if found >= 0:
            stream.at = found
            break
        stream.at += step
    return stream.offset - start


def _find_record(buffer: bytes, start: int, end: int) -> int:
    """Return where the first record in a stretch begins, or -1."""
    stop = end + len(_MAGIC) - 1
    at = buffer.find(_MAGIC, start, stop)
    while at >= 0 and not _RECORD.match(buffer, at):
        at = buffer.find(_MAGIC, at + 1, stop)
    return at


def _end_of_line_ends(buffer: bytes, start: int, end: int) -> int:
    """Return the position after any line ends."""
    match = _LINE_ENDS.match(buffer, start, end)
    return match.end() if match else start
