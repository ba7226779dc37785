"""Cut large files into parts at line ends, so that several processes can read them."""

import os
from collections.abc import Iterator
from io import FileIO
from typing import NamedTuple

from tickerx.inputs.files import BLOCK, ShrunkError, UnreadableError
from tickerx.inputs.read import Form, is_plain

__all__ = ["FilePart", "Part", "find_parts"]

_LOOK = 4096
"""Bytes to read at a time to find a line end."""


class ReplacedError(UnreadableError):
    """Another file has replaced the one being read."""

    @property
    def reason(self) -> str:
        return "the file was replaced while it was read"


class Part(NamedTuple):
    """A stretch of a regular file that ends at a line end, in bytes."""

    start: int
    end: int | None
    """None for the end of the file at the time of reading."""
    size: int
    """Size of the whole file when it was cut."""
    identity: tuple[int, int]
    """Device and inode of the file."""


class FilePart:
    """A part of an open file that can be read like a file."""

    def __init__(self, file: FileIO, part: Part) -> None:
        """Raise `ReplacedError` if the file is not the one that was cut."""
        if _identity(os.fstat(file.fileno())) != part.identity:
            raise ReplacedError
        file.seek(part.start)
        self._file = file
        self._part = part
        self._at = part.start

    def read(self, size: int, /) -> bytes | None:
        """Read some bytes, none at the end of the part. Raises `ShrunkError` if the file ends before it should."""
        _, end, whole, _ = self._part
        block = self._file.read(size if end is None else min(size, end - self._at))
        if block == b"" and self._at < (whole if end is None else end):
            raise ShrunkError(whole, self._at)
        self._at += len(block or b"")
        return block


def find_parts(file: FileIO, size: int, form: Form) -> Iterator[Part]:
    """Yield the parts of a regular file, each of at least that many bytes and less than twice as many.

    The last part is longer if the file cannot be cut: it is not plain text, or has no LF within ``size`` bytes after
    the place for the next cut.
    """
    status = os.fstat(file.fileno())
    end, identity = status.st_size, _identity(status)
    can_cut = end >= 2 * size and is_plain(file.read(BLOCK), form)
    start = 0
    while can_cut and start + 2 * size <= end and (line_end := _find_line_end(file, start + size, size)):
        yield Part(start, line_end, end, identity)
        start = line_end
    yield Part(start, None, end, identity)


def _find_line_end(file: FileIO, at: int, size: int) -> int:
    """Return the end of the first line that ends with LF within so many bytes from an offset, or 0."""
    file.seek(at)
    for start in range(at, at + size, _LOOK):
        if line_end := (file.read(_LOOK) or b"").find(b"\n") + 1:
            return start + line_end
    return 0


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino
