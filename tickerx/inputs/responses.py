"""Read HTTP responses, as crawlers store them, as text or HTML, and undo their codings."""

import importlib
import re
import zlib
from collections.abc import Callable
from types import ModuleType
from typing import NamedTuple, Protocol

from tickerx.inputs.documents import LARGEST
from tickerx.inputs.headers import BLANK_LINE, Headers, find_charset, find_media_type, parse_headers

__all__ = ["CUT_OFF", "Content", "is_page", "is_text", "read_response"]

CUT_OFF = "is cut off"
DAMAGED = "is damaged"
"""How the flaw of a body begins if it ends too early, or is damaged."""


class Content(NamedTuple):
    """The body of a page without its codings."""

    media_type: str
    """In lower case, empty if unknown."""
    charset: str | None
    body: bytes
    flaw: str = ""
    """Why a part or all of it cannot be decoded."""


_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def is_text(media_type: str, body: bytes) -> bool:
    """Say whether a body is text or HTML, by its type, or by its first bytes if the type is unknown."""
    return media_type.startswith("text/") or media_type in _PAGE_TYPES or (not media_type and not _is_binary(body))


def is_page(media_type: str, body: bytes) -> bool:
    """Say whether a text is HTML, by its type, or by its first bytes if the type is unknown."""
    return media_type in _PAGE_TYPES or (not media_type and body[:_SNIFFED].lstrip().startswith(b"<"))


_SNIFFED = 1445
"""Bytes used to recognise a body (MIME Sniffing Standard, 5.2)."""

_BINARY = re.compile(rb"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f]")
_UTF_16 = (b"\xfe\xff", b"\xff\xfe")


def _is_binary(body: bytes) -> bool:
    """Say whether a body cannot be text (MIME Sniffing Standard, 7.2)."""
    return not body.startswith(_UTF_16) and _BINARY.search(body, 0, _SNIFFED) is not None


def read_response(block: bytes) -> Content | None:
    """Return the content of an HTTP response, or None if it is neither text nor HTML.

    Codings are undone, the last one first. Crawlers often store a decoded body with its original headers, so a body
    that does not match its headers is kept as it is.
    """
    blank = BLANK_LINE.search(block)
    if not blank:
        return Content("", None, b"", f"{CUT_OFF} in its HTTP headers")
    headers = parse_headers(block[: blank.start()])
    declared = headers.get(b"content-type", b"")
    media_type = find_media_type(declared)
    if media_type and not is_text(media_type, b""):
        return None
    body, flaw = _decode(block[blank.end() :], headers)
    if flaw or is_text(media_type, body):
        return Content(media_type, find_charset(declared), body, flaw)
    return None


def _decode(body: bytes, headers: Headers) -> tuple[bytes, str]:
    """Return a body without its codings, and what went wrong."""
    listed = headers.get(b"content-encoding", b"") + b"," + headers.get(b"transfer-encoding", b"")
    names = [name.strip().removeprefix("x-") for name in listed.decode("latin-1").lower().split(",")]
    codings = [name for name in names if name not in ("", "identity", "none")]
    if len(codings) > _MOST_CODINGS:
        return body, f"has more than {_MOST_CODINGS} codings"
    flaw = failure = ""
    for name in reversed(codings):
        body, failure = _dechunk(body) if name == "chunked" else _decompress(name, body)
        flaw = flaw or failure
    if body.startswith(_GZIP):  # sent as a file, or compressed once more than the headers say
        body, failure = _decompress("gzip", body)
    return body, flaw or failure


_GZIP = b"\x1f\x8b\x08"
_MOST_CODINGS = 5
"""The most codings to undo: each takes the time of a whole body. curl has the same limit."""


_CHUNK = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,16})[ \t]*(?:;[^\r\n]*)?\r?\n")
_CHUNK_END = re.compile(rb"\r?\n")
_TRAILERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n){0,99}\s*\Z")  # unbounded, it would keep a state for each line


def _dechunk(body: bytes) -> tuple[bytes, str]:
    """Return the content of a body's chunks (RFC 9112, 7.1), and what went wrong.

    If the first chunk does not end where it should, the body has no chunks. Bytes after a damaged chunk are kept as
    they are.
    """
    chunks: list[bytes] = []
    at = 0
    while size_line := _CHUNK.match(body, at):
        start, end = size_line.end(), size_line.end() + int(size_line[1], 16)
        if end >= len(body) and start < end:
            return b"".join([*chunks, body[start:]]), f"{CUT_OFF} in its chunks"
        if start == end and _TRAILERS.match(body, end):
            return b"".join(chunks), ""
        chunk_end = _CHUNK_END.match(body, end)
        if start == end or not chunk_end:
            break
        chunks.append(body[start:end])
        at = chunk_end.end()
    if not chunks:
        return body, ""
    return b"".join([*chunks, body[at:]]), f"{DAMAGED if at < len(body) else CUT_OFF} in its chunks"


class _Decompressor(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Coding(NamedTuple):
    """How to decompress a body."""

    open: Callable[[], _Decompressor]
    error: type[Exception]
    """What a decompressor raises on damage."""
    magic: bytes = b""
    """What each of its members begins with; empty if that is not fixed."""


class _Brotli:
    """A decompressor of brotli with the methods of those of `zlib`."""

    unused_data = b""

    def __init__(self, brotli: ModuleType) -> None:
        self._decompressor = brotli.Decompressor()

    @property
    def eof(self) -> bool:
        return bool(self._decompressor.is_finished())

    def decompress(self, data: bytes, max_length: int, /) -> bytes:
        return bytes(self._decompressor.process(data, output_buffer_limit=max_length))


def _find_coding(name: str, body: bytes) -> _Coding | None:
    """Return how to decompress a body; None if the coding is unknown, or its library is not installed."""
    match name:
        case "gzip":
            return _Coding(lambda: zlib.decompressobj(31), zlib.error, b"\x1f\x8b")
        case "deflate" if body[0] & 15 == 8 and int.from_bytes(body[:2]) % 31 == 0:
            return _Coding(zlib.decompressobj, zlib.error, body[:2])
        case "deflate":  # some servers send it without zlib's frame
            return _Coding(lambda: zlib.decompressobj(-15), zlib.error)
        case "br" if brotli := _find_brotli():
            return _Coding(lambda: _Brotli(brotli), brotli.error)
        case "zstd" if zstd := _find_module("compression.zstd", "backports.zstd"):
            return _Coding(zstd.ZstdDecompressor, zstd.ZstdError, b"\x28\xb5\x2f\xfd")
    return None


def _find_brotli() -> ModuleType | None:
    """Return brotli if it is installed and can limit its output, which it can since 1.2."""
    brotli = _find_module("brotli")
    return brotli if brotli and hasattr(brotli.Decompressor, "can_accept_more_data") else None


def _find_module(*names: str) -> ModuleType | None:
    """Return the first installed one of these modules."""
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            pass
    return None


_REMEDIES = {"br": "to read it: pip install 'tickerx[crawl]'", "zstd": "no package that reads it is installed"}


def _decompress(name: str, body: bytes) -> tuple[bytes, str]:
    """Undo one coding of a body, and return what went wrong. Plain text is kept as it is."""
    is_binary = _is_binary(body)
    coding = _find_coding(name, body) if body else None
    if coding and (body.startswith(coding.magic) if coding.magic else is_binary):
        return _inflate(name, coding, body)
    if not is_binary:
        return body, ""
    if coding:
        return body, f"claims to be compressed with {name}, but is not"
    if name in _REMEDIES:
        return b"", f"is compressed with {name}; {_REMEDIES[name]}"
    return body, "has an unknown coding"


_STEP = 4096
"""Bytes to decompress in one step. Damage only costs the output of its own step."""


def _inflate(name: str, coding: _Coding, body: bytes) -> tuple[bytes, str]:
    """Decompress a body up to any damage, and return what went wrong."""
    pieces: list[bytes] = []
    size = at = 0
    decompressor = coding.open()
    while at < len(body):
        try:
            piece = decompressor.decompress(body[at : at + _STEP], LARGEST + 1 - size)
        except coding.error:
            return b"".join(pieces), f"{DAMAGED} in its {name} data"
        pieces.append(piece)
        size += len(piece)
        if size > LARGEST:
            return b"", "decompresses to more than 64 MiB"
        at += _STEP
        if decompressor.eof:
            at = min(at, len(body)) - len(decompressor.unused_data)
            if not coding.magic or not body.startswith(coding.magic, at):
                break
            decompressor = coding.open()
    return b"".join(pieces), "" if decompressor.eof else f"{CUT_OFF} in its {name} data"
