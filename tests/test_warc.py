"""Archives of crawls: which records are read, what of damaged ones, and that no record is lost without a word."""

import gzip
import io
import re
import tracemalloc
from collections.abc import Iterable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickerx.inputs.documents import Document, Trouble
from tickerx.inputs.records import is_warc
from tickerx.inputs.warc import read_records

PAGE = b"<p>AGL 40.00 Increased By 0.16 (0.4%)</p>\r\n"
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n" + PAGE
NO_RECORD = "expected a record, which begins with WARC/1.0 or WARC/1.1"
MEBIBYTE = 1024 * 1024


def record(
    block: bytes,
    name: str = "a",
    kind: bytes = b"conversion",
    media_type: bytes = b"text/plain",
    length: bytes | None = None,
    end: bytes = b"\r\n\r\n",
) -> bytes:
    return b"\r\n".join(
        [
            b"WARC/1.0",
            b"WARC-Type: " + kind,
            b"WARC-Target-URI: http://example.com/" + name.encode(),
            b"WARC-Date: 2024-04-17T05:12:33Z",
            b"WARC-Record-ID: <urn:" + name.encode() + b">",
            b"Content-Type: " + media_type,
            b"Content-Length: " + (b"%d" % len(block) if length is None else length),
            b"",
            block + end,
        ]
    )


TEXTS = {"a": b"Hello one\n\nmore text.", "b": b"two two two two", "c": b"three three"}
A, B, C = (record(text, name) for name, text in TEXTS.items())
WHOLE = list(TEXTS.items())


def document(text: bytes, name: str, number: int) -> Document:
    return Document((text,), f"http://example.com/{name}", "2024-04-17T05:12:33Z", f"urn:{name}", number)


def read(*blocks: bytes) -> tuple[list[tuple[str, bytes]], list[str]]:
    """Return the documents of an archive by their names, and its troubles, as they are shown."""
    found = list(read_records(blocks))
    documents = [each for each in found if isinstance(each, Document)]
    assert [each.number for each in documents] == list(range(1, len(documents) + 1))
    names = [(each.record.removeprefix("urn:"), each.content) for each in documents]
    return names, [str(each) for each in found if isinstance(each, Trouble)]


def test_documents_come_with_what_is_known_of_them() -> None:
    page = record(HTTP, "p", b"response", b"application/http; msgtype=response")
    assert list(read_records([A + page])) == [
        document(TEXTS["a"], "a", 1),
        document(PAGE, "p", 2)._replace(charset="utf-8", is_page=True),
    ]


KINDS = [
    pytest.param(b"response", b"application/http", HTTP, PAGE, id="a response"),
    pytest.param(b"Response", b"application/http;msgtype=response", HTTP, PAGE, id="a type in another case"),
    pytest.param(b"response", b"", HTTP, PAGE, id="a response without a type"),
    pytest.param(b"response", b"application/http", PAGE, PAGE, id="a response without its HTTP headers"),
    pytest.param(b"response", b"text/html", PAGE, PAGE, id="a response that is no HTTP"),
    pytest.param(b"response", b"application/http", b"\0\1\2", None, id="a response without headers that is no text"),
    pytest.param(b"response", b"application/http", HTTP.replace(b"text", b"font"), None, id="a response with a font"),
    pytest.param(b"response", b"application/http", HTTP.replace(b"200", b"404"), PAGE, id="an error of the server"),
    pytest.param(b"resource", b"text/html", PAGE, PAGE, id="a page as a resource"),
    pytest.param(b"resource", b"image/png", PAGE, None, id="a picture as a resource"),
    pytest.param(b"conversion", b"text/plain", PAGE, PAGE, id="a text of WET"),
    pytest.param(b"conversion", b"text/plain", b"", b"", id="an empty text"),
    pytest.param(b"request", b"application/http", HTTP, None, id="a request"),
    pytest.param(b"metadata", b"text/plain", PAGE, None, id="metadata"),
    pytest.param(b"revisit", b"application/http", HTTP, None, id="a page that had not changed"),
    pytest.param(b"warcinfo", b"text/plain", PAGE, None, id="what the archive says of itself"),
    pytest.param(b"continuation", b"text/plain", PAGE, None, id="a later part of a record"),
]


@pytest.mark.parametrize(("kind", "media_type", "block", "text"), KINDS)
def test_only_pages_and_texts_are_documents(kind: bytes, media_type: bytes, block: bytes, text: bytes | None) -> None:
    assert read(record(block, "p", kind, media_type) + B) == (
        [*([] if text is None else [("p", text)]), ("b", TEXTS["b"])],
        [],
    )


HEAD, BODY = A.split(b"\r\n\r\n", 1)
FORMS = [
    pytest.param(A.replace(b"WARC/1.0", b"WARC/1.1"), id="version 1.1"),
    pytest.param(A.replace(b"WARC/1.0", b"WARC/0.18"), id="a draft, as ClueWeb09 has it"),
    pytest.param(A.replace(b"33Z", b"33.123456789Z"), id="a time with a fraction"),
    pytest.param(A.replace(b"http://example.com/a", b"<http://example.com/a>"), id="an address in brackets"),
    pytest.param(A.replace(b"<urn:a>", b"urn:a"), id="a record's name without brackets"),
    pytest.param(A.replace(b"WARC-T", b"warc-t").replace(b"Content-L", b"content-l"), id="small letters"),
    pytest.param(HEAD.replace(b": ", b":\t ") + b"\r\n\r\n" + BODY, id="other blanks"),
    pytest.param(HEAD.replace(b": ", b":\r\n ") + b"\r\n\r\n" + BODY, id="folded lines"),
    pytest.param(HEAD.replace(b"\r", b"") + b"\n\n" + BODY, id="LF in the headers"),
    pytest.param(A.replace(b"\r", b""), id="LF everywhere"),
    pytest.param(b"\r\n" + A, id="a line end before the record"),
    pytest.param(A + b"\r\n" * 999, id="line ends after the record"),
    pytest.param(A[:-4], id="no blank lines after the record"),
    pytest.param(A[:-2], id="one line end after the record"),
    pytest.param(A.replace(b"text/plain", b"text/plain\r\nWARC-Truncated: length"), id="cut off by the crawler"),
    pytest.param(A.replace(b"WARC-Type", b"no header\r\nWARC-Type"), id="a line that is no header"),
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_record_is_read_in_any_form(form: bytes) -> None:
    text = TEXTS["a"]
    expected = [document(text, "a", 1), document(TEXTS["b"], "b", 2)]
    assert list(read_records([form + B])) == expected


def test_what_is_not_known_is_empty() -> None:
    blocks = [b"WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: then\r\nContent-Length: 1\r\n\r\nx"]
    assert list(read_records(blocks)) == [Document((b"x",), "", "", "", 1)]


def test_an_address_may_be_no_utf_8() -> None:
    (found,) = read_records([A.replace(b"/a\r", b"/\xff\xfe\x1b[2J\r")])
    assert found.url == "http://example.com/\ufffd\ufffd\x1b[2J"


SHOWN = record(b"text", "s")
INSIDE = [
    pytest.param(SHOWN + b"and that is what a record looks like", id="a record and text"),
    pytest.param(b"Look: " + SHOWN[:-60], id="the beginning of a record"),
    pytest.param(SHOWN.replace(b"Length: 4", b"Length: 9999") + b"x", id="a record with a length that does not fit"),
    pytest.param(b"WARC/1.0\r\nWARC-Type: response\r\n", id="no more than a first line and a header"),
    pytest.param(b"WARC/1.0 is a standard, WARC/1.1 is another\r\n\r\n", id="words"),
    pytest.param(b"\r\n\r\n\r\n", id="line ends alone"),
]


@pytest.mark.parametrize("block", INSIDE)
def test_a_page_about_archives_is_no_archive(block: bytes) -> None:
    assert read(record(block) + B) == ([("a", block), ("b", TEXTS["b"])], [])


DAMAGED = [
    pytest.param(b"junk\n" + A, [("a", TEXTS["a"])], [f"byte 0: {NO_RECORD}"], id="junk at the start"),
    pytest.param(
        A + b"junk WARC/1.0\n junk" + B,
        [*WHOLE[:2]],
        [f"byte {len(A)}: {NO_RECORD}"],
        id="junk between records, up to the middle of a line",
    ),
    pytest.param(A + B + b"\0" * 600_000, WHOLE[:2], [f"byte {len(A + B)}: {NO_RECORD}"], id="zeros at the end"),
    pytest.param(
        A[:-12] + B,
        [("a", TEXTS["a"][:-8]), ("b", TEXTS["b"])],
        ["byte 0: the record has a Content-Length of 21, but 13 bytes"],
        id="a record cut off, and others written after it",
    ),
    pytest.param(
        A[:100] + B,
        [("b", TEXTS["b"])],
        ["byte 0: the record is cut off in its headers"],
        id="a record cut off in its headers, and others written after it",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"%d" % (len(TEXTS["a"] + B) + 4)) + B + C,
        WHOLE,
        [f"byte 0: the record has a Content-Length of {len(TEXTS['a'] + B) + 4}, but 21 bytes"],
        id="a length that covers the next record whole",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"") + B,
        WHOLE[:2],
        ["byte 0: the record has no valid Content-Length"],
        id="no length",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"-1") + B,
        WHOLE[:2],
        ["byte 0: the record has no valid Content-Length"],
        id="a negative length",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"21\r\nContent-Length: 21") + B,
        WHOLE[:2],
        ["byte 0: the record has no valid Content-Length"],
        id="two lengths",
    ),
    pytest.param(
        record(TEXTS["a"], length="٢١".encode()) + B,
        WHOLE[:2],
        ["byte 0: the record has no valid Content-Length"],
        id="digits of another script",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"9" * 18) + B,
        WHOLE[:2],
        [f"byte 0: the record has a Content-Length of {'9' * 18}, but 21 bytes"],
        id="an absurd length",
    ),
    pytest.param(
        record(TEXTS["a"], length=b"9" * 5000) + B,
        WHOLE[:2],
        ["byte 0: the record has no valid Content-Length"],
        id="a length of more digits than any number has",
    ),
    pytest.param(
        A.replace(b"WARC-Type: conversion", b"X-Note: " + b"x" * 65536) + B,
        WHOLE[1:2],
        ["byte 0: the record has headers of more than 64 KiB"],
        id="headers of more than 64 KiB",
    ),
    pytest.param(
        HEAD + b"x" * 65536 + b"\r\n" + B,
        WHOLE[1:2],
        ["byte 0: the record has headers of more than 64 KiB"],
        id="headers that do not end within 64 KiB",
    ),
    pytest.param(
        A.replace(b"conversion", b"conwersion") + B,
        WHOLE[1:2],
        ["byte 0: the record has an unknown WARC-Type"],
        id="an unknown type",
    ),
    pytest.param(
        A.replace(b"WARC-Type", b"WARC-Tipe") + B,
        WHOLE[1:2],
        ["byte 0: the record has an unknown WARC-Type"],
        id="no type",
    ),
    pytest.param(
        record(HTTP[:30], "p", b"response") + B,
        WHOLE[1:2],
        ["byte 0: the record is cut off in its HTTP headers"],
        id="HTTP headers that do not end",
    ),
]


@pytest.mark.parametrize(("archive", "documents", "troubles"), DAMAGED)
def test_damage_is_reported_and_reading_goes_on(
    archive: bytes, documents: list[tuple[str, bytes]], troubles: list[str]
) -> None:
    assert read(archive) == (documents, troubles)


@pytest.mark.parametrize(
    ("header", "troubles"),
    [
        pytest.param(b"", ["byte 0: the record is cut off in its chunks"], id="reported"),
        pytest.param(b"\r\nWARC-Truncated: length", [], id="not reported where the crawler says that it cut it off"),
    ],
)
def test_a_body_that_is_cut_off_is_read_and(header: bytes, troubles: list[str]) -> None:
    http = HTTP.replace(b"utf-8", b"utf-8\r\nTransfer-Encoding: chunked").replace(PAGE, b"ffff\r\n" + PAGE)
    assert read(record(http, "p", b"response", b"application/http" + header)) == ([("p", PAGE)], troubles)


def test_trouble_knows_the_address() -> None:
    (_, trouble) = read_records([record(b"text", length=b"5000")])
    assert trouble == Trouble("the record is cut off: 4 of 5000 bytes", offset=0, url="http://example.com/a")


def test_the_contents_of_a_cut_archive_are_read_and_the_cut_is_reported() -> None:
    archive, starts = A + B + C, [0, len(A), len(A + B)]
    for size in range(1, len(archive)):
        documents, troubles = read(archive[:size])
        last = max(number for number, start in enumerate(starts) if start < size)
        is_whole = starts[last] + len((A, B, C)[last]) - size <= len(b"\r\n\r\n")
        assert documents[: last + is_whole] == WHOLE[: last + is_whole]
        assert all(WHOLE[last][1].startswith(text) for _, text in documents[last:])
        assert [trouble.partition(":")[0] for trouble in troubles] == [f"byte {starts[last]}"] * (not is_whole)


@pytest.mark.parametrize("number", range(3))
def test_a_wrong_length_loses_nothing_and_is_reported(number: int) -> None:
    texts = {**TEXTS, "a": TEXTS["a"].replace(b"\n\n", b" ")}
    archive = [record(text, name) for name, text in texts.items()]
    name, text = list(texts.items())[number]
    for difference in {*range(-len(text), 700)} - {0}:
        archive[number] = record(text, name, length=b"%d" % (len(text) + difference))
        documents, troubles = read(*archive)
        assert documents == list(texts.items())
        assert [trouble.partition(":")[0] for trouble in troubles] == [f"byte {len(b''.join(archive[:number]))}"]


def test_a_length_that_ends_at_a_blank_line_leaves_junk() -> None:
    documents, troubles = read(record(TEXTS["a"], length=b"9") + B)
    assert documents == [("a", b"Hello one"), ("b", TEXTS["b"])]
    assert troubles == [f"byte {len(A) - len(b'more text.') - 5}: {NO_RECORD}"]


@given(st.integers(0, len(A + B + C) - 1), st.integers(0, 7))
def test_a_flipped_bit_harms_one_record(at: int, bit: int) -> None:
    archive = bytearray(A + B + C)
    archive[at] ^= 1 << bit
    documents, _ = read(bytes(archive))
    harmed = 0 if at < len(A) else 1 if at < len(A + B) else 2
    for number, (_, text) in enumerate(WHOLE):
        assert number == harmed or sum(text == each for _, each in documents) == 1
    assert len(documents) <= len(WHOLE)


fragments = st.sampled_from(
    [
        *(A, B, SHOWN, HTTP, HEAD, b"WARC/1.0\r\n", b"WARC/1.1\n", b"WARC/", b"WARC-Type: conversion\r\n"),
        *(b"WARC-Type: response\r\n", b"Content-Length: 30\r\n", b"Content-Length: ", b"\r\n\r\n", b"\n\n", b"\r\n"),
        *(b"HTTP/1.1 200 OK\r\n", b"Content-Type: text/html\r\n", b"Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n"),
        *(b"4", b"text", b" ", b"\r", b"\0", b"0\r\n\r\n"),
    ]
)
archives = st.lists(fragments | st.binary(max_size=5), max_size=12).map(b"".join)


def cut(content: bytes, places: Iterable[int]) -> list[bytes]:
    """Cut at these places, wherever they are within what is cut; blocks may be empty."""
    cuts = sorted(place % (len(content) + 1) for place in places)
    return [content[start:end] for start, end in pairwise([0, *cuts, len(content)])]


@given(archives, st.lists(st.integers(0), max_size=9))
def test_any_bytes_in_any_blocks_are_read_the_same(archive: bytes, places: list[int]) -> None:
    whole = list(read_records([archive]))
    assert list(read_records(cut(archive, places))) == whole
    assert list(read_records(archive[at : at + 1] for at in range(len(archive)))) == whole


@given(st.lists(st.binary() | archives.filter(lambda block: b"WARC/" not in block)))
def test_what_is_written_is_read(texts: list[bytes]) -> None:
    archive = b"".join(record(text, str(number)) for number, text in enumerate(texts))
    assert read(archive) == ([(str(number), text) for number, text in enumerate(texts)], [])


def test_a_document_comes_as_soon_as_its_record() -> None:
    def blocks() -> Iterator[bytes]:
        yield A[:50]
        yield A[50:]
        raise AssertionError("more was asked for")

    assert next(read_records(blocks())) == document(TEXTS["a"], "a", 1)


LARGE = [
    pytest.param(b"conversion", b"", b"the record is larger than 64 MiB", id="a text"),
    pytest.param(b"response", HTTP, b"the record is larger than 64 MiB", id="a page"),
    pytest.param(b"response", HTTP.replace(b"text/html", b"video/mp4"), b"", id="a film, which is no document"),
    pytest.param(b"request", b"", b"", id="a record that is no document"),
]


def large_blocks(kind: bytes, block: bytes, size: int, length: int) -> Iterator[bytes]:
    """Yield an archive of a record with so many MiB, between two others."""
    yield A + record(block, "x", kind, length=b"%d" % length, end=b"")
    yield from [b"x" * MEBIBYTE] * size
    yield b"\r\n\r\n" + B


@pytest.mark.parametrize(("kind", "block", "reason"), LARGE)
def test_a_large_record_is_passed_over(kind: bytes, block: bytes, reason: bytes) -> None:
    documents, troubles = read(*large_blocks(kind, block, 65, 65 * MEBIBYTE + len(block)))
    assert documents == WHOLE[:2]
    assert troubles == [f"byte {len(A)}: {reason.decode()}"] * bool(reason)


@pytest.mark.parametrize(
    ("length", "reason"),
    [
        pytest.param(b"9", "has a Content-Length of 9, but 69206020 bytes", id="too short"),
        pytest.param(b"99999999999", "has a Content-Length of 99999999999, but 69206020 bytes", id="too long"),
        pytest.param(b"", "has no valid Content-Length", id="none"),
    ],
)
def test_a_large_record_with_a_wrong_length_is_passed_over(length: bytes, reason: str) -> None:
    head = record(b"", "x", length=length, end=b"")
    documents, troubles = read(A + head, *[b"x" * MEBIBYTE] * 66, b"\r\n\r\n" + B)
    assert documents == WHOLE[:2]
    assert troubles == [f"byte {len(A)}: the record {reason}"]


def test_a_text_of_64_mib_is_read() -> None:
    documents, troubles = read(*large_blocks(b"conversion", b"", 64, 64 * MEBIBYTE))
    assert [len(text) for _, text in documents] == [len(TEXTS["a"]), 64 * MEBIBYTE, len(TEXTS["b"])]
    assert troubles == []


def test_memory_stays_flat() -> None:
    tracemalloc.start()
    for _ in read_records(large_blocks(b"conversion", b"", 400, 400 * MEBIBYTE)):
        pass
    for _ in read_records([b"x" * MEBIBYTE] * 400):
        pass
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 200 * MEBIBYTE


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        pytest.param(A[:10], True, id="version 1.0"),
        pytest.param(b"WARC/1.1\r\n", True, id="version 1.1"),
        pytest.param(b"WARC/1.0\n", True, id="LF"),
        pytest.param(b"WARC/1.0 is a standard", False, id="a text about archives"),
        pytest.param(b"", False, id="nothing"),
    ],
)
def test_an_archive_is_known_by_its_first_line(head: bytes, expected: bool) -> None:
    assert is_warc(head) == expected


def write_with_warcio(compression: bool, headers: list[tuple[str, str]], body: bytes) -> bytes:
    writer_module = pytest.importorskip("warcio.warcwriter")
    from warcio.statusandheaders import StatusAndHeaders

    file = io.BytesIO()
    writer = writer_module.WARCWriter(file, gzip=compression)
    http = StatusAndHeaders("200 OK", headers, protocol="HTTP/1.1")
    date = {"WARC-Date": "2024-04-17T05:12:33Z"}
    for kind in ("request", "response"):
        writer.write_record(
            writer.create_warc_record(
                "http://example.com/a", kind, payload=io.BytesIO(body), http_headers=http, warc_headers_dict=date
            )
        )
    return file.getvalue()


BODIES = [
    pytest.param([], PAGE, id="plain"),
    pytest.param([("Transfer-Encoding", "chunked")], b"%x\r\n%b\r\n0\r\n\r\n" % (len(PAGE), PAGE), id="chunked"),
    pytest.param([("Content-Encoding", "gzip")], gzip.compress(PAGE), id="gzip"),
    pytest.param([("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")], PAGE, id="headers that lie"),
]


@pytest.mark.filterwarnings("ignore:Exception ignored")  # warcio does not close its temporary files
@pytest.mark.parametrize("compression", [False, True])
@pytest.mark.parametrize(("headers", "body"), BODIES)
def test_what_warcio_writes_is_read(headers: list[tuple[str, str]], body: bytes, compression: bool) -> None:
    archive = write_with_warcio(compression, [("Content-Type", "text/html"), *headers], body)
    (found,) = read_records([gzip.decompress(archive) if compression else archive])
    assert isinstance(found, Document)
    assert found == Document((PAGE,), "http://example.com/a", "2024-04-17T05:12:33Z", found.record, 1, None, True)
    assert found.record.startswith("urn:uuid:")


def test_what_fastwarc_writes_is_read() -> None:
    warc = pytest.importorskip("fastwarc.warc")
    file = io.BytesIO()
    for kind in (warc.WarcRecordType.warcinfo, warc.WarcRecordType.response):
        made = warc.WarcRecord()
        made.init_headers(record_type=kind)
        made.headers["WARC-Target-URI"] = "http://example.com/a"
        made.set_bytes_content(HTTP)
        made.write(file)
    (found,) = read_records([file.getvalue()])
    assert isinstance(found, Document)
    assert (found.content, found.url, found.charset, found.is_page) == (PAGE, "http://example.com/a", "utf-8", True)
    assert re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z", found.fetched)
