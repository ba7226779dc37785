"""Read files and standard input as blocks of bytes."""

import errno
import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Protocol

__all__ = [
    "BinaryFile",
    "RefusedError",
    "ShrunkError",
    "UnreadableError",
    "naming",
    "open_file",
    "read_raw",
]

BLOCK = 262144
"""Bytes to ask for in one read. A pipe gives what it has."""


class BinaryFile(Protocol):
    """Any file opened for bytes."""

    def read(self, size: int, /) -> bytes | None: ...


class UnreadableError(ValueError):
    """An input cannot be read. Its message is like ``board.txt.gz: the gzip data is cut off``."""

    __module__ = "tickerx"

    file: str | None = None
    """Name of the input, if it has one."""

    @property
    def reason(self) -> str:
        """Why it cannot be read."""
        return super().__str__()

    def __str__(self) -> str:
        return f"{self.file}: {self.reason}" if self.file else self.reason


class RefusedError(UnreadableError):
    """An input is of a kind that has no plain text. The reason names the kind, and what to do."""

    __module__ = "tickerx"


class ShrunkError(UnreadableError):
    """A file ended earlier than its size when it was opened."""

    __module__ = "tickerx"

    def __init__(self, expected: int, size: int) -> None:
        super().__init__(expected, size)
        self.expected = expected
        self.size = size

    @property
    def reason(self) -> str:
        return f"the file shrank while it was read: {self.size} of {self.expected} bytes were read"


@contextmanager
def naming(file: str | None) -> Iterator[None]:
    """Add the name of a file to the errors of reading it."""
    try:
        yield
    except UnreadableError as error:
        error.file = file
        raise


def open_file(path: str | os.PathLike[str] | int) -> io.FileIO:
    """Open a file for reading. A descriptor stays open when the file is closed."""
    return open(path, "rb", buffering=0, closefd=not isinstance(path, int))


def read_raw(file: BinaryFile, on_read: Callable[[int], object] | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file. Raises `ShrunkError`, or `OSError`."""
    read = getattr(file, "read1", file.read)
    expected = _size_ahead(file)
    size = 0
    while block := read(BLOCK):
        size += len(block)
        if on_read:
            on_read(len(block))
        yield block
    if block is None:
        raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
    if size < expected:
        raise ShrunkError(expected, size)


def _size_ahead(file: BinaryFile) -> int:
    """Return how many bytes a regular file has left, or 0 if unknown."""
    raw = getattr(file, "raw", file)
    if not isinstance(raw, io.FileIO):
        return 0
    status = os.fstat(raw.fileno())
    # A file of /proc or /sys has no blocks, and its size means nothing.
    if not stat.S_ISREG(status.st_mode) or not getattr(status, "st_blocks", 1):
        return 0
    return status.st_size - raw.tell()
