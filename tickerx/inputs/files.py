"""Paths and standard input read as blocks of UTF-8."""

import codecs
import errno
import io
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple, Protocol

__all__ = [
    "BinaryFile",
    "CompressedError",
    "FilePart",
    "ListError",
    "Part",
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

_LOOK = 4096
"""Bytes that are read at once to find a line end."""

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

    __module__ = "tickerx"

    def __init__(self, format: str) -> None:
        super().__init__(format)
        self.format = format

    def __str__(self) -> str:
        return f"compressed with {self.format}; decompress it first: {self.format} -dc FILE | tickerx"


class ReplacedError(UnreadableError):
    """Another file has the name of the one that was being read."""

    def __str__(self) -> str:
        return "another file took its place while it was read"


class ShrunkError(UnreadableError):
    """A file has ended before the size that it had when its reading began."""

    __module__ = "tickerx"

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


class Part(NamedTuple):
    """A stretch of a regular file that ends with a line, in bytes."""

    start: int
    end: int | None
    """None for the end of the file, wherever that is by then."""
    size: int
    """Of the whole file, when it was cut."""
    identity: tuple[int, int]
    """What tells the file from any other: its device and its number there."""


class FilePart:
    """A part of an open file, read as if it were all of it."""

    def __init__(self, file: io.FileIO, part: Part) -> None:
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


def find_parts(file: io.FileIO, size: int) -> list[Part]:
    """Return the parts of a regular file, of about that many bytes each.

    There is one only if the file is UTF-16 or compressed, or has no LF where it should be cut, within the size of a
    part.
    """
    status = os.fstat(file.fileno())
    end, identity = status.st_size, _identity(status)
    whole = [Part(0, None, end, identity)]
    if end < 2 * size or file.read(_HEAD).startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, *_MAGICS)):
        return whole
    cuts = [0]
    while cuts[-1] + 2 * size <= end:
        line_end = _find_line_end(file, cuts[-1] + size, size)
        if not line_end:
            return whole
        cuts.append(line_end)
    return [Part(start, stop, end, identity) for start, stop in zip(cuts, [*cuts[1:], None], strict=True)]


def _find_line_end(file: io.FileIO, at: int, size: int) -> int:
    """Return where a line ends with LF behind an offset, within so many bytes, or 0."""
    file.seek(at)
    for start in range(at, at + size, _LOOK):
        if line_end := (file.read(_LOOK) or b"").find(b"\n") + 1:
            return start + line_end
    return 0


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def read_names(file: BinaryFile) -> Iterator[list[str]]:
    """Yield the names of files that stand in a file, each ended by NUL; the last need not be. Raises `OSError`.

    Names come together as they have come; before the next are there, it may take a while.
    """
    pending = b""
    for block in _read_raw(file):
        *names, pending = (pending + block).split(b"\0")
        yield [os.fsdecode(name) for name in names]
        if len(pending) > _LONGEST_NAME:
            raise OSError(errno.ENAMETOOLONG, "a name has no end; each is ended by NUL, as find -print0 does")
    if pending:
        yield [os.fsdecode(pending)]


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
