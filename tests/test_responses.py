"""HTTP responses as crawlers store them: codings undone, headers that lie, bodies that are damaged or too large."""

import gzip
import importlib
import sys
import zlib
from collections.abc import Callable
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.inputs.headers import find_charset, find_media_type, parse_headers
from tickerx.inputs.responses import Content, read_response

PAGE = "<p>AGL 40.00 Decreased By ▼ -0.16 (-0.4%)</p>\r\n".encode() * 40
TYPE = b"Content-Type: text/html; charset=utf-8"
GZIP_CUT = "is cut off in its gzip data"
DEFLATE_CUT = "is cut off in its deflate data"


def response(body: bytes, *headers: bytes) -> bytes:
    return b"\r\n".join([b"HTTP/1.1 200 OK", *headers, b"", b""]) + body


def chunk(body: bytes, size: int = 100, size_format: bytes = b"%x") -> bytes:
    chunks = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(size_format % len(part) + b"\r\n" + part + b"\r\n" for part in chunks) + b"0\r\n\r\n"


def bare_deflate(body: bytes) -> bytes:
    return zlib.compress(body, wbits=-15)


def brotli(body: bytes) -> bytes:
    compressed: bytes = pytest.importorskip("brotli").compress(body)
    return compressed


def zstd(body: bytes) -> bytes:
    for name in ("compression.zstd", "backports.zstd"):
        try:
            compressed: bytes = importlib.import_module(name).compress(body)
        except ModuleNotFoundError:
            continue
        return compressed
    pytest.skip("no module for zstd is installed")


CODINGS = [
    pytest.param(b"gzip", gzip.compress, id="gzip"),
    pytest.param(b"deflate", zlib.compress, id="deflate in the format of zlib"),
    pytest.param(b"deflate", bare_deflate, id="deflate without a frame"),
    pytest.param(b"br", brotli, id="brotli"),
    pytest.param(b"zstd", zstd, id="zstd"),
]


def test_gzip_that_no_header_names_is_read() -> None:
    content = read_response(response(gzip.compress(PAGE), b"Content-Type: text/html"))
    assert content is not None
    assert (content.body, content.flaw) == (PAGE, "")
    cut = read_response(response(gzip.compress(PAGE)[:-9], b"Content-Type: text/html"))
    assert cut is not None
    assert cut.flaw == GZIP_CUT


def encoded(*steps: Callable[[bytes], bytes]) -> Callable[[], bytes]:
    def encode() -> bytes:
        body = PAGE
        for step in steps:
            body = step(body)
        return body

    return encode


WHOLE = [
    pytest.param([], encoded(), id="no coding"),
    pytest.param([b"Content-Encoding: identity"], encoded(), id="identity"),
    pytest.param([b"Content-Encoding: X-GZip"], encoded(gzip.compress), id="x-gzip, in any case"),
    pytest.param(
        [b"Content-Encoding: gzip"], lambda: gzip.compress(PAGE[:99]) + gzip.compress(PAGE[99:]), id="two gzip members"
    ),
    pytest.param([b"Content-Encoding: gzip"], lambda: gzip.compress(PAGE) + b"\r\n", id="junk after gzip"),
    pytest.param([b"Content-Encoding: gzip, br"], encoded(gzip.compress, brotli), id="gzip and then brotli"),
    pytest.param(
        [b"Content-Encoding: gzip", b"Content-Encoding: gzip"],
        encoded(gzip.compress, gzip.compress),
        id="gzip twice, in two headers",
    ),
    pytest.param([b"Transfer-Encoding: chunked"], encoded(chunk), id="chunked"),
    pytest.param([b"TRANSFER-ENCODING: CHUNKED"], encoded(chunk), id="header lines in capitals"),
    pytest.param([b"Transfer-Encoding:", b" chunked"], encoded(chunk), id="a folded header line"),
    pytest.param(
        [b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"], encoded(gzip.compress, chunk), id="gzip in chunks"
    ),
    pytest.param([b"Transfer-Encoding: gzip, chunked"], encoded(gzip.compress, chunk), id="gzip as a transfer coding"),
    pytest.param([b"Transfer-Encoding: chunked"], lambda: chunk(PAGE, 100, b"%X  "), id="sizes padded with blanks"),
    pytest.param([b"Transfer-Encoding: chunked"], lambda: chunk(PAGE, 100, b"%x;a=b"), id="extensions of chunks"),
    pytest.param([b"Transfer-Encoding: chunked"], lambda: chunk(PAGE)[:-2] + b"Expires: 0\r\n\r\n", id="trailers"),
    pytest.param(
        [b"Transfer-Encoding: chunked"],
        lambda: b"%x\n%b\n0\n\n" % (len(PAGE), PAGE),
        id="chunks whose lines end at LF",
    ),
]

LIES = [
    pytest.param([b"Content-Encoding: gzip"], id="says gzip"),
    pytest.param([b"Content-Encoding: deflate"], id="says deflate"),
    pytest.param([b"Content-Encoding: br"], id="says brotli"),
    pytest.param([b"Content-Encoding: zstd"], id="says zstd"),
    pytest.param([b"Content-Encoding: utf-8"], id="says what is no coding"),
    pytest.param([b"Transfer-Encoding: chunked"], id="says chunked"),
    pytest.param([b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"], id="says gzip and chunked"),
]

TEXTS = [
    pytest.param(PAGE, id="HTML"),
    pytest.param(b"786\r\nAGL 40.00", id="a first line that looks like a chunk's"),
    pytest.param(b"5\r\nAGL 40.00 Decreased By", id="a first line that looks like a short chunk's"),
    pytest.param(b"0\r\nAGL 40.00 Decreased By", id="a first line that looks like the last chunk's"),
    pytest.param(b"Zacks: AGL 40.00", id="a text that begins as deflate might"),
    pytest.param("<p>AGL 40.00</p>".encode("utf-16"), id="UTF-16 with its mark"),
    pytest.param(b"", id="nothing"),
]

DAMAGED = [
    pytest.param([b"Content-Encoding: gzip"], gzip.compress(PAGE)[:-9], GZIP_CUT, PAGE[:100], id="gzip cut off"),
    pytest.param(
        [b"Content-Encoding: deflate"], zlib.compress(PAGE)[:-6], DEFLATE_CUT, PAGE[:100], id="zlib cut off"
    ),
    pytest.param(
        [b"Content-Encoding: gzip"],
        gzip.compress(PAGE * 999, 0)[:-8] + b"CRCCRCCR",
        "is damaged in its gzip data",
        PAGE * 99,
        id="gzip with a wrong checksum",
    ),
    pytest.param(
        [b"Content-Encoding: gzip"],
        b"\x1f\x8b\x08" + bytes(range(200)),
        "is damaged in its gzip data",
        b"",
        id="gzip that is invalid after its first bytes",
    ),
    pytest.param(
        [b"Content-Encoding: gzip"],
        PAGE[:99] + b"\0",
        "claims to be compressed with gzip, but is not",
        PAGE[:99] + b"\0",
        id="no gzip, and not only text",
    ),
    pytest.param([b"Content-Encoding: lzw"], b"\x1f\x9d", "has an unknown coding", b"\x1f\x9d", id="an unknown coding"),
    pytest.param([b"Content-Encoding: " + b"gzip," * 6], PAGE, "has more than 5 codings", PAGE, id="too many codings"),
    pytest.param(
        [b"Transfer-Encoding: chunked"], chunk(PAGE)[:-50], "is cut off in its chunks", PAGE[:-50], id="a cut chunk"
    ),
    pytest.param(
        [b"Transfer-Encoding: chunked"], chunk(PAGE)[:-5], "is cut off in its chunks", PAGE, id="no last chunk"
    ),
    pytest.param(
        [b"Transfer-Encoding: chunked"],
        chunk(PAGE, 400).replace(b"190\r\n", b"19z\r\n").replace(b"19z\r\n", b"190\r\n", 1),
        "is damaged in its chunks",
        PAGE[:400] + b"19z\r\n" + PAGE[400:800],
        id="a size that is no number",
    ),
    pytest.param(
        [b"Transfer-Encoding: chunked"],
        chunk(PAGE, 400).replace(b"190\r\n", b"18f\r\n").replace(b"18f\r\n", b"190\r\n", 1),
        "is damaged in its chunks",
        PAGE[:400] + b"18f\r\n" + PAGE[400:800],
        id="a size that is too short",
    ),
    pytest.param(
        [b"Transfer-Encoding: chunked"],
        chunk(PAGE)[:-2] + PAGE[:9],
        "is damaged in its chunks",
        PAGE + b"0\r\n" + PAGE[:9],
        id="text after the last chunk",
    ),
    pytest.param(
        [b"Content-Encoding: gzip", b"Transfer-Encoding: chunked"],
        chunk(gzip.compress(PAGE))[:-20],
        "is cut off in its chunks",
        PAGE[:100],
        id="gzip in chunks that are cut off",
    ),
]  # fmt: skip


def content(*headers: bytes, body: bytes) -> Content:
    read = read_response(response(body, TYPE, *headers))
    assert read is not None
    return read


@pytest.mark.parametrize(("name", "encode"), CODINGS)
def test_a_coding_is_undone(name: bytes, encode: Callable[[bytes], bytes]) -> None:
    assert content(b"Content-Encoding: " + name, body=encode(PAGE)) == ("text/html", "utf-8", PAGE, "")


@pytest.mark.parametrize(("headers", "body"), WHOLE)
def test_a_body_is_read_by_its_headers(headers: list[bytes], body: Callable[[], bytes]) -> None:
    assert content(*headers, body=body()) == ("text/html", "utf-8", PAGE, "")


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("headers", LIES)
def test_a_body_is_kept_where_headers_lie(headers: list[bytes], text: bytes) -> None:
    read = content(*headers, body=text)
    assert text.endswith(read.body)
    assert read.body == text or read.flaw  # a chunk of 786 that is cut off loses its first line


@pytest.mark.parametrize(("headers", "body", "flaw", "beginning"), DAMAGED)
def test_of_a_damaged_body_is_read_what_can_be(headers: list[bytes], body: bytes, flaw: str, beginning: bytes) -> None:
    read = content(*headers, body=body)
    assert read.flaw == flaw
    assert read.body.startswith(beginning)
    assert bool(read.body) == bool(beginning)


@pytest.mark.parametrize(("name", "encode"), CODINGS)
@given(st.data())
def test_a_cut_body_gives_a_beginning_and_is_reported(
    name: bytes, encode: Callable[[bytes], bytes], draw: st.DataObject
) -> None:
    body = encode(PAGE + bytes(range(256)) * 9)
    size = draw.draw(st.integers(40, len(body) - 9))
    read = content(b"Content-Encoding: " + name, body=body[:size])
    assert (PAGE + bytes(range(256)) * 9).startswith(read.body)
    assert read.flaw.startswith("is cut off")


@pytest.mark.parametrize(("name", "encode"), CODINGS)
def test_a_bomb_is_passed_over(name: bytes, encode: Callable[[bytes], bytes]) -> None:
    body = encode(bytes(65 * 1024 * 1024))
    assert content(b"Content-Encoding: " + name, body=body)[2:] == (b"", "decompresses to more than 64 MiB")


def test_what_fits_just_so_is_no_bomb() -> None:
    assert len(content(b"Content-Encoding: gzip", body=gzip.compress(bytes(64 * 1024 * 1024))).body) == 64 * 1024 * 1024


OLD_BROTLI = ModuleType("brotli")
OLD_BROTLI.Decompressor = object  # type: ignore[attr-defined]
NO_BROTLI = "is compressed with br; to read it: pip install 'tickerx[crawl]'"
NO_ZSTD = "is compressed with zstd; no package that reads it is installed"


@pytest.mark.parametrize(
    ("name", "modules", "body", "flaw"),
    [
        pytest.param(b"br", {"brotli": None}, b"\x0b\x05\x80", NO_BROTLI, id="brotli"),
        pytest.param(b"br", {"brotli": OLD_BROTLI}, b"\x0b\x05\x80", NO_BROTLI, id="a brotli that knows no limit"),
        pytest.param(
            b"zstd",
            {"compression.zstd": None, "backports.zstd": None},
            b"\x28\xb5\x2f\xfd\x00",
            NO_ZSTD,
            id="zstd",
        ),
    ],
)
def test_a_decoder_that_is_not_installed_is_named(
    monkeypatch: pytest.MonkeyPatch, name: bytes, modules: dict[str, ModuleType | None], body: bytes, flaw: str
) -> None:
    for module, installed in modules.items():
        monkeypatch.setitem(sys.modules, module, installed)
    assert content(b"Content-Encoding: " + name, body=body)[2:] == (b"", flaw)
    assert content(b"Content-Encoding: " + name, body=PAGE)[2:] == (PAGE, "")


TYPES = [
    pytest.param(b"text/html", PAGE, True, id="HTML"),
    pytest.param(b"TEXT/HTML;charset=x", PAGE, True, id="in capitals"),
    pytest.param(b"application/xhtml+xml", PAGE, True, id="XHTML"),
    pytest.param(b"text/plain", b"AGL 40.00", True, id="text"),
    pytest.param(b"", PAGE, True, id="no type, and text"),
    pytest.param(b"", b"\x89PNG\r\n\x1a\n", False, id="no type, and a picture"),
    pytest.param(b"unknown/unknown", PAGE, True, id="an unknown type, and text"),
    pytest.param(b"html", PAGE, True, id="a word that is no type"),
    pytest.param(b"image/png", PAGE, False, id="a picture"),
    pytest.param(b"application/pdf", PAGE, False, id="PDF"),
    pytest.param(b"application/json", PAGE, False, id="JSON"),
]


@pytest.mark.parametrize(("value", "body", "is_read"), TYPES)
def test_only_pages_and_texts_are_read(value: bytes, body: bytes, is_read: bool) -> None:
    read = read_response(response(body, b"Content-Type: " + value))
    assert (read is not None) == is_read
    assert read is None or read.body == body


def test_headers_that_do_not_end_are_reported() -> None:
    assert read_response(b"HTTP/1.1 200 OK\r\nContent-Type: te") == ("", None, b"", "is cut off in its HTTP headers")


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        pytest.param(b"text/html", "text/html", None, id="a type alone"),
        pytest.param(b" Text/HTML ; Charset = UTF-8", "text/html", "UTF-8", id="blanks and capitals"),
        pytest.param(b'text/html; charset="iso-8859-1"', "text/html", "iso-8859-1", id="in quotation marks"),
        pytest.param(b"text/html; q=1; charset='x'", "text/html", "x", id="after another parameter"),
        pytest.param(b"text/html, text/html; charset=utf-8", "text/html", "utf-8", id="twice"),
        pytest.param(b"; charset=utf-8", "", "utf-8", id="no type"),
        pytest.param(b"\xff/\xff; charset=\xff", "", None, id="no ASCII"),
    ],
)
def test_a_content_type_names_type_and_encoding(value: bytes, media_type: str, charset: str | None) -> None:
    assert (find_media_type(value), find_charset(value)) == (media_type, charset)


def test_header_lines_are_read_in_any_form() -> None:
    head = b"HTTP/1.1 200 OK\r\nA: 1\nb :2\r\nC:3\r\n\t4\r\n  5\r\na: 6\r\nno header\r\nD:e:f"
    assert parse_headers(head) == {b"a": b"1, 6", b"b": b"2", b"c": b"3 4 5", b"d": b"e:f"}


names = st.sampled_from(
    [b"Content-Type: ", b"Content-Encoding: ", b"Transfer-Encoding: ", b"\r\n", b"\n", b"text/html"]
)
pieces = names | st.sampled_from(
    [b"gzip", b"deflate", b"br", b"zstd", b"chunked", b",", b"5\r\n", b"0\r\n\r\n", b"\x1f\x8b\x08", b"\x78\x9c", b"("]
)


@given(st.lists(pieces | st.binary(max_size=9)).map(b"".join))
def test_any_bytes_are_read_as_a_response(block: bytes) -> None:
    read_response(b"HTTP/1.1 200 OK\r\n" + block)
