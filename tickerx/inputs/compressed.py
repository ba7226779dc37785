"""Decompress gzip, bzip2, xz and zstd while the data arrives."""

import importlib
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple, Protocol

from tickerx.inputs.files import UnreadableError

__all__ = ["FORMATS", "HEAD", "CompressedError", "compression", "decompress"]

FORMATS: Final = {
    "gzip": (b"\x1f\x8b\x08",),
    "bzip2": tuple(b"BZh%d" % level + magic for level in range(1, 10) for magic in (b"1AY&SY", b"\x17rE8P\x90")),
    "xz": (b"\xfd7zXZ\x00",),
    "zstd": (b"\x28\xb5\x2f\xfd", *(b"%c\x2a\x4d\x18" % kind for kind in range(0x50, 0x60))),
}
"""The first bytes of members of each format. For zstd, all but the first are frames to skip."""

_PADDING = {"gzip": 1, "xz": 4}
"""A member can be followed by zeros, in multiples of this number."""

_SLICE = 16384
"""Bytes to give to a decompressor in one call. At the end of a member it copies the rest, and a crawl has a member for
each record."""

_STEP = 4096
"""The most bytes to take from a decompressor in one call. When it finds damage, it loses those it still has."""

_GATHERED = 32
"""Steps to join into one block."""

_REPLAYED = 1 << 20
"""The most bytes of a member to keep, to read it again if it is damaged."""

HEAD = 10
"""Bytes that identify a format."""

_GZIP = 31
"""The `wbits` of zlib that select the gzip format."""

_GARBAGE = "is followed by garbage"

_NUMBER = re.compile("Error -[0-9]+ ")
_TOO_LARGE = re.compile("too much memory|Memory usage limit")
_NEEDS_MEMORY = "needs more than 128 MiB of memory; decompress it first"

_LARGEST_WINDOW = 27
"""The largest window of zstd, as a power of two: 128 MiB, the default limit of `zstd -d`."""

_LARGEST_DICTIONARY = 160 << 20
"""The memory limit of xz in bytes: a dictionary of 128 MiB and its overhead."""


class CompressedError(UnreadableError):
    """Compressed data is cut off or damaged."""

    __module__ = "tickerx"

    def __init__(self, format: str, damage: str) -> None:
        super().__init__(format, damage)
        self.format = format
        self.damage = damage

    @property
    def reason(self) -> str:
        return f"the {self.format} data {self.damage}"


def compression(head: bytes) -> str | None:
    """Return the format of compressed data by its first ten bytes, or None if it is unknown."""
    return next((name for name, magics in FORMATS.items() if head.startswith(magics)), None)


def decompress(format: str, blocks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield decompressed data as it arrives, in blocks of at most 128 KiB.

    There can be several members. All data before a cut or damage is yielded first, except that members of more than
    1 MiB lose up to 4 KiB before damage.

    Raises `CompressedError` for data that is cut off, damaged, followed by garbage, or that needs more than 128 MiB
    of memory.
    """
    members = _Members(format)
    for block in blocks:
        for start in range(0, len(block), _SLICE):
            yield from _gather(members.read(block[start : start + _SLICE]))
    members.end()


def _explain(error: Exception) -> str:
    """Return what is wrong with a member; for damage, in the words of its library."""
    reason = _NUMBER.sub("", str(error).rpartition(": ")[2])
    return _NEEDS_MEMORY if _TOO_LARGE.search(reason) else f"is damaged: {reason}"


def _gather(steps: Iterator[bytes]) -> Iterator[bytes]:
    """Join the steps of a decompressor into larger blocks, even before an error."""
    gathered: list[bytes] = []
    try:
        for step in steps:
            gathered.append(step)
            if len(gathered) == _GATHERED:
                yield b"".join(gathered)
                gathered = []
    except CompressedError:
        if gathered:
            yield b"".join(gathered)
        raise
    if gathered:
        yield b"".join(gathered)


class _Decompressor(Protocol):
    """A decompressor of one member, with the interface of `bz2`, `lzma` and `zstd`."""

    @property
    def eof(self) -> bool: ...
    @property
    def needs_input(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int) -> bytes: ...


class _Members:
    """The members of compressed data, and how far they have been read."""

    def __init__(self, format: str) -> None:
        self._format = format
        self._codec = _CODECS[format]()
        self._member: _Decompressor | None = None
        self._has_ended = False
        """Whether a member has ended."""
        self._zeros = 0
        """How many zeros have followed the last member."""
        self._head = b""
        """The first bytes of the member; if it is short, also bytes after it."""
        self._read: bytearray | None = None
        """The compressed bytes of the member so far; None if there are too many to keep."""
        self._size = 0
        """How many decompressed bytes the member has given."""

    def read(self, data: bytes) -> Iterator[bytes]:
        """Yield the decompressed data of some more bytes."""
        while data:
            if self._member is None:
                data = self._skip_padding(data)
                if not data:
                    return
                self._member = self._codec.open()
                self._head, self._read, self._size = b"", bytearray(), 0
            self._keep(data)
            try:
                yield from self._feed(self._member, data)
            except self._codec.errors as error:
                yield from self._replay()
                raise self._damaged(_explain(error)) from None
            if not self._member.eof:
                return
            data, self._member, self._has_ended = self._member.unused_data, None, True

    def end(self) -> None:
        """Raise `CompressedError` if the data cannot end here."""
        if self._member or not self._has_ended:
            raise self._damaged("is cut off")
        if self._zeros % _PADDING.get(self._format, 1):
            raise CompressedError(self._format, _GARBAGE)

    def _damaged(self, reason: str) -> CompressedError:
        """Return the error of a member. Bytes after a whole member that do not begin like one are garbage."""
        is_garbage = self._has_ended and compression(self._head) != self._format
        return CompressedError(self._format, _GARBAGE if is_garbage else reason)

    def _skip_padding(self, data: bytes) -> bytes:
        """Return the data without the zeros before the next member."""
        multiple = _PADDING.get(self._format)
        if not multiple or not self._has_ended:
            return data
        rest = data.lstrip(b"\0")
        self._zeros += len(data) - len(rest)
        if rest:
            if self._zeros % multiple:
                raise CompressedError(self._format, _GARBAGE)
            self._zeros = 0
        return rest

    def _keep(self, data: bytes) -> None:
        self._head = (self._head + data)[:HEAD]
        if self._read is not None:
            self._read += data
            if len(self._read) > _REPLAYED:
                self._read = None

    def _feed(self, member: _Decompressor, data: bytes) -> Iterator[bytes]:
        while True:
            step = member.decompress(data, _STEP)
            if step:
                self._size += len(step)
                yield step
            if member.eof or member.needs_input:
                return
            data = b""

    def _replay(self) -> Iterator[bytes]:
        """Read a damaged member again byte by byte, and yield what is new.

        A decompressor throws away its output when it finds damage. With single bytes of input, only bzip2 still loses
        anything: the last byte of a block.
        """
        member, known = self._codec.open_exact(), self._size
        try:
            for byte in self._read or b"":
                data: bytes | None = bytes((byte,))
                while data is not None and not member.eof:
                    step = member.decompress(data, min(_STEP, known) or 1)
                    if step and not known:
                        yield step
                    known = max(0, known - len(step))
                    data = None if member.needs_input else b""
        except self._codec.errors:
            pass


class _Inflater:
    """A decompressor of zlib or isal with the interface of `_Decompressor`: it keeps its unread input."""

    def __init__(self, decompressor: Any) -> None:
        self._decompressor = decompressor
        self._rest = b""
        self._is_full = False
        """Whether there may be more output although all input has been read."""

    @property
    def eof(self) -> bool:
        return bool(self._decompressor.eof)

    @property
    def needs_input(self) -> bool:
        return not self._rest and not self._is_full

    @property
    def unused_data(self) -> bytes:
        return bytes(self._decompressor.unused_data)

    def decompress(self, data: bytes, max_length: int) -> bytes:
        step = self._decompressor.decompress(self._rest + data, max_length)
        self._rest, self._is_full = self._decompressor.unconsumed_tail, len(step) == max_length
        return bytes(step)


class _Codec(NamedTuple):
    """How to open a member, how to open one to find damage, and which errors to expect."""

    open: Callable[[], _Decompressor]
    open_exact: Callable[[], _Decompressor]
    errors: tuple[type[Exception], ...]


def _gzip() -> _Codec:
    import zlib

    def open_exact() -> _Decompressor:
        return _Inflater(zlib.decompressobj(_GZIP))

    try:
        isal_zlib: Any = importlib.import_module("isal.isal_zlib")  # three times as fast
    except ImportError:
        return _Codec(open_exact, open_exact, (zlib.error,))
    return _Codec(lambda: _Inflater(isal_zlib.decompressobj(_GZIP)), open_exact, (zlib.error, isal_zlib.error))


def _bzip2() -> _Codec:
    import bz2

    return _Codec(bz2.BZ2Decompressor, bz2.BZ2Decompressor, (OSError,))


def _xz() -> _Codec:
    import lzma

    def open_member() -> _Decompressor:
        return lzma.LZMADecompressor(lzma.FORMAT_XZ, _LARGEST_DICTIONARY)

    return _Codec(open_member, open_member, (lzma.LZMAError,))


def _zstd() -> _Codec:
    zstd: Any = importlib.import_module("compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd")
    options = {zstd.DecompressionParameter.window_log_max: _LARGEST_WINDOW}

    def open_member() -> _Decompressor:
        decompressor: _Decompressor = zstd.ZstdDecompressor(options=options)
        return decompressor

    return _Codec(open_member, open_member, (zstd.ZstdError,))


_CODECS = {"gzip": _gzip, "bzip2": _bzip2, "xz": _xz, "zstd": _zstd}
