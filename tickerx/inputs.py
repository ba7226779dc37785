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
    "BinaryFile",
    "CompressedError",
    "FilePart",
    "ListError",
    "ShrunkError",
    "UnreadableError",
    "find_parts",
    "open_file",
    "read_blocks",
    "read_names",
]

BLOCK = 262144
"""Bytes that are asked for at once. A pipe gives what it has."""

_HEAD = 10
"""Bytes that tell a compressed input or a byte-order mark; no quote is as short."""

_LONGEST_NAME = 65536
"""Bytes of a listed name that are read at most; no system opens one as long."""

_COMPRESSED = {
    "gzip": (b"\x1f\x8b\x08",),
    "bzip2": tuple(b"BZh%d" % level + magic for level in range(1, 10) for magic in (b"1AY&SY", b"\x17rE8P\x90")),
    "xz": (b"\xfd7zXZ\x00",),
    "zstd": (b"\x28\xb5\x2f\xfd",),
}
_MAGICS = tuple(chain.from_iterable(_COMPRESSED.values()))


class BinaryFile(Protocol):
    """What is read from: any file opened for bytes."""

    def read(self, size: int, /) -> bytes | None: ...


class UnreadableError(ValueError):
    """An input cannot be read as text, for the reason given."""


class ListError(ValueError):
    """A list of inputs names something that cannot be one."""


class CompressedError(UnreadableError):
    """An input is compressed."""

    def __init__(self, format: str) -> None:
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"compressed with {self.format}; decompress it first: {self.format} -dc FILE | tickerx"


class ShrunkError(UnreadableError):
    """A file has ended before the size that it had when its reading began."""

    def __init__(self, expected: int, size: int) -> None:
        super().__init__(expected, size)
        self.expected = expected
        self.size = size

    def __str__(self) -> str:
        return f"the file shrank while it was read: {self.size} of {self.expected} bytes came"


def open_file(path: str | os.PathLike[str] | int) -> io.FileIO:
    """Open a file, or a descriptor, which then stays open, for `read_blocks`."""
    return open(path, "rb", buffering=0, closefd=not isinstance(path, int))


def read_blocks(
    file: BinaryFile, on_read: Callable[[int], object] | None = None, is_start: bool = True
) -> Iterator[bytes]:
    """Yield what stands in a file as blocks of UTF-8, each as soon as it comes.

    A byte-order mark at the beginning is taken off; after one of UTF-16 the text is recoded, U+FFFD for what is none.
    Bytes that are not UTF-8 stay as they are. Whenever some have been read, ``on_read`` is told how many. What does not
    come from the start of a file has no mark.

    Raises `CompressedError`, `ShrunkError`, or the `OSError` of a read that fails.
    """
    blocks = _read_raw(file, on_read)
    if not is_start:
        yield from blocks
        return
    head = b""
    for block in blocks:
        head += block
        if len(head) >= _HEAD:
            break
    for name, magics in _COMPRESSED.items():
        if head.startswith(magics):
            raise CompressedError(name)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        yield from _recode(chain([head], blocks))
    else:
        yield head.removeprefix(codecs.BOM_UTF8)
        yield from blocks


class FilePart:
    """A part of an open file, read as if it were all of it."""

    def __init__(self, file: io.FileIO, start: int, end: int | None, size: int) -> None:
        """Take the part from a start to an end, or to the end of the file, which had that size when it was cut."""
        file.seek(start)
        self._file = file
        self._at = start
        self._end = end
        self._size = size

    def read(self, size: int, /) -> bytes | None:
        """Read some bytes, none at the end of the part. Raises `ShrunkError` if the file ends before it should."""
        block = self._file.read(size if self._end is None else min(size, self._end - self._at))
        if block == b"" and self._at < (self._size if self._end is None else self._end):
            raise ShrunkError(self._size, self._at)
        self._at += len(block or b"")
        return block


def find_parts(file: io.FileIO, size: int) -> list[tuple[int, int | None, int]]:
    """Return the parts of a regular file of about that many bytes each: its start and end, and the size of the file.

    They end with LF, but for the last, which goes to the end of the file. There is one part only if the file is UTF-16
    or compressed, or has no LF where it should be cut, within the size of a part.
    """
    end = os.fstat(file.fileno()).st_size
    whole: list[tuple[int, int | None, int]] = [(0, None, end)]
    if end < 2 * size or file.read(_HEAD).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, *_MAGICS)):
        return whole
    cuts = [0]
    while cuts[-1] + 2 * size <= end:
        file.seek(cuts[-1] + size)
        line_end = (file.read(size) or b"").find(b"\n") + 1
        if not line_end:
            return whole
        cuts.append(cuts[-1] + size + line_end)
    return [(start, stop, end) for start, stop in zip(cuts, [*cuts[1:], None], strict=True)]


def read_names(file: BinaryFile) -> Iterator[str]:
    """Yield the names of files that stand in a file, each ended by NUL; the last need not be. Raises `OSError`."""
    pending = b""
    for block in _read_raw(file):
        *names, pending = (pending + block).split(b"\0")
        yield from map(os.fsdecode, names)
        if len(pending) > _LONGEST_NAME:
            raise OSError(errno.ENAMETOOLONG, "a name has no end; each is ended by NUL, as find -print0 does")
    if pending:
        yield os.fsdecode(pending)


def _recode(blocks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _read_raw(file: BinaryFile, on_read: Callable[[int], object] | None = None) -> Iterator[bytes]:
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
    """Return how many bytes a regular file must still give, or 0 where nobody can know."""
    raw = getattr(file, "raw", file)
    if not isinstance(raw, io.FileIO):
        return 0
    status = os.fstat(raw.fileno())
    # A file of /proc or /sys has no blocks, and any size.
    if not stat.S_ISREG(status.st_mode) or not getattr(status, "st_blocks", 1):
        return 0
    return status.st_size - raw.tell()
