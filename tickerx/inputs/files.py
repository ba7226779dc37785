"""Paths and standard input read as blocks of UTF-8."""

import codecs
import errno
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Protocol

__all__ = [
    "HEAD",
    "BinaryFile",
    "CompressedError",
    "ShrunkError",
    "UnreadableError",
    "is_plain",
    "open_file",
    "read_blocks",
    "read_raw",
]

BLOCK = 262144
"""Bytes to ask for at once. A pipe gives what it has."""

HEAD = 10
"""Bytes that show whether an input is compressed or has a byte-order mark. Every quote is longer."""

_COMPRESSED = {
    "gzip": (b"\x1f\x8b\x08",),
    "bzip2": tuple(b"BZh%d" % level + magic for level in range(1, 10) for magic in (b"1AY&SY", b"\x17rE8P\x90")),
    "xz": (b"\xfd7zXZ\x00",),
    "zstd": (b"\x28\xb5\x2f\xfd",),
}
_MAGICS = tuple(chain.from_iterable(_COMPRESSED.values()))


class BinaryFile(Protocol):
    """Any file opened for bytes."""

    def read(self, size: int, /) -> bytes | None: ...


class UnreadableError(ValueError):
    """An input cannot be read as text, for the reason given."""


class CompressedError(UnreadableError):
    """An input is compressed."""

    __module__ = "tickerx"

    def __init__(self, format: str) -> None:
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"compressed with {self.format}; decompress it first: {self.format} -dc FILE | tickerx"


class ShrunkError(UnreadableError):
    """A file ended before the size that it had when it was opened."""

    __module__ = "tickerx"

    def __init__(self, expected: int, size: int) -> None:
        super().__init__(expected, size)
        self.expected = expected
        self.size = size

    def __str__(self) -> str:
        return f"the file shrank while it was read: {self.size} of {self.expected} bytes came"


def open_file(path: str | os.PathLike[str] | int) -> io.FileIO:
    """Open a file for `read_blocks`. A descriptor stays open when the file is closed."""
    return open(path, "rb", buffering=0, closefd=not isinstance(path, int))


def read_blocks(
    file: BinaryFile, on_read: Callable[[int], object] | None = None, is_start: bool = True
) -> Iterator[bytes]:
    """Yield the text of a file as blocks of UTF-8, each as soon as it is read.

    A byte-order mark at the start is removed; after one of UTF-16 the text is recoded, with U+FFFD for invalid parts.
    Bytes that are not UTF-8 are kept as they are. ``on_read`` is called with the number of bytes of each read. Only the
    start of a file may carry a byte-order mark.

    Raises `CompressedError`, `ShrunkError`, or the `OSError` of a read that fails.
    """
    blocks = read_raw(file, on_read)
    if not is_start:
        yield from blocks
        return
    head = b""
    for block in blocks:
        head += block
        if len(head) >= HEAD:
            break
    for name, magics in _COMPRESSED.items():
        if head.startswith(magics):
            raise CompressedError(name)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _recode(chain([head], blocks))
    else:
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from blocks


def is_plain(head: bytes) -> bool:
    """Say whether a file with this start can be cut at LF: it is neither compressed nor UTF-16."""
    return not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, *_MAGICS))


def _recode(blocks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def read_raw(file: BinaryFile, on_read: Callable[[int], object] | None = None) -> Iterator[bytes]:
    """Yield the bytes of a file as they are read. Raises `ShrunkError`, or `OSError`."""
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
    """Return how many bytes a regular file has left, or 0 where that cannot be known."""
    raw = getattr(file, "raw", file)
    if not isinstance(raw, io.FileIO):
        return 0
    status = os.fstat(raw.fileno())
    # A file of /proc or /sys has no blocks, and its size means nothing.
    if not stat.S_ISREG(status.st_mode) or not getattr(status, "st_blocks", 1):
        return 0
    return status.st_size - raw.tell()
