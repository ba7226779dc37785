"""JSON Lines as dumps are written: their fields, broken lines, and lines that need no parsing."""

import json
import tracemalloc
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import near_quotes, quotes
from tickerx.engine.scanner import scan
from tickerx.inputs.documents import Document, Trouble
from tickerx.inputs.jsonl import is_json_lines, may_hold_words, read_lines

URL = "http://example.com/a"
TIME = "2024-04-17T05:12:33Z"
MEBIBYTE = 1024 * 1024
NO_TEXT = "expected text in one of the fields text, content, raw_content, body, html"


def lines(*objects: object) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in objects)


def document(
    text: str = "AGL 40.00", url: str = URL, fetched: str = TIME, record: str = "", number: int = 1
) -> Document:
    return Document((text.encode(),), url, fetched, record, number, "utf-8", is_page=False)


def read(*blocks: bytes, **options: Any) -> list[Document | Trouble]:
    return list(read_lines(blocks, **options))


TEXT = "AGL 40.00"
WARC_HEADERS = {
    "warc-type": "conversion",
    "warc-record-id": "<urn:uuid:1>",
    "warc-refers-to": "<urn:uuid:2>",
    "warc-target-uri": URL,
    "warc-date": TIME,
}

DUMPS = [
    pytest.param(
        {
            "text": TEXT,
            "id": "<urn:uuid:1>",
            "dump": "CC-MAIN-2013-20",
            "url": URL,
            "date": TIME,
            "file_path": "s3://…",
        },
        "urn:uuid:1",
        id="FineWeb",
    ),
    pytest.param({"text": TEXT, "timestamp": TIME, "url": URL}, "", id="C4"),
    pytest.param(
        {"text": TEXT, "timestamp": "2024-04-17 05:12:33", "url": URL, "source": "OSCAR-2019"}, "", id="CulturaX"
    ),
    pytest.param(
        {"url": URL, "date_download": TIME, "digest": "sha1:X", "length": 9, "title": "", "raw_content": TEXT},
        "sha1:X",
        id="RedPajama-V2 and cc_net",
    ),
    pytest.param(
        {"text": TEXT, "meta": {"url": URL, "timestamp": TIME, "source": "cc", "language": "en"}}, "", id="RedPajama-1T"
    ),
    pytest.param(
        {"text": TEXT, "meta": {"timestamp": TIME, "source": URL}}, "", id="RedPajama-1T with an address as source"
    ),
    pytest.param(
        {"content": TEXT, "warc_headers": WARC_HEADERS, "metadata": {"identification": {"label": "en"}}},
        "urn:uuid:1",
        id="OSCAR 22",
    ),
    pytest.param(
        {"text": TEXT, "meta": {"warc_headers": WARC_HEADERS}}, "urn:uuid:1", id="OSCAR with all of it in meta"
    ),
    pytest.param(
        {
            "text": TEXT,
            "url": URL,
            "metadata": {"WARC-Date": TIME, "WARC-Record-ID": "<urn:uuid:1>", "WARC-Target-URI": "http://other"},
            "warcinfo": "robots: classic",
        },
        "urn:uuid:1",
        id="DCLM",
    ),
    pytest.param(
        {
            "id": "http://example.com/a#1",
            "text": TEXT,
            "added": "2023-04-11T09:57:03.044571+00:00",
            "created": "2024-04-17T05:12:33.000Z",
            "source": "common-crawl",
            "metadata": {"url": URL},
        },
        "http://example.com/a#1",
        id="Dolma",
    ),
    pytest.param({"body": TEXT, "uri": URL, "fetch_time": 1713330753, "id": 786}, "786", id="numbers for time and id"),
    pytest.param({"text": TEXT, "URL": URL, "Crawl-Date": "20240417051233"}, "", id="names in another case"),
    pytest.param(
        {"text": TEXT, "source_url": URL, "fetched": "2024-04-17T10:12:33+05:00"}, "", id="names of other crawlers"
    ),
]


@pytest.mark.parametrize(("fields", "record"), DUMPS)
def test_the_fields_of_dumps_are_known(fields: dict[str, object], record: str) -> None:
    assert read(lines(fields)) == [document(record=record)]
    assert is_json_lines(lines(fields))


CHOICES = [
    pytest.param({"content": "no", "text": "yes"}, "yes", "", "", id="the first of the fields for text"),
    pytest.param({"text": 5, "content": ["no"], "body": "yes"}, "yes", "", "", id="text is a string"),
    pytest.param({"text": None, "html": "yes"}, "yes", "", "", id="null is no text where there is another"),
    pytest.param({"text": None}, "", "", "", id="null is no text"),
    pytest.param({"text": "", "url": "", "uri": URL}, "", URL, "", id="an empty address is none"),
    pytest.param({"text": "", "url": ["x"], "source": URL}, "", URL, "", id="an address is a string"),
    pytest.param({"text": "", "source": "OSCAR"}, "", "", "", id="a source that is no address"),
    pytest.param({"text": "", "url": URL, "source": "http://b"}, "", URL, "", id="an address before a source"),
    pytest.param({"text": "", "meta": "x", "metadata": None}, "", "", "", id="objects that are none"),
    pytest.param({"text": "", "date": "n.d.", "created": TIME}, "", "", "", id="a time that is none is left empty"),
    pytest.param({"text": "", "date": None, "created": TIME}, "", "", TIME, id="null is no time"),
    pytest.param(
        {"text": "", "date": "2007-01-01", "metadata": {"WARC-Date": TIME}}, "", "", TIME,
        id="the time of the fetch before a date, which may be the article's",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("fields", "text", "url", "fetched"), CHOICES)
def test_the_first_value_is_taken(fields: dict[str, object], text: str, url: str, fetched: str) -> None:
    (found,) = read(lines(fields))
    assert isinstance(found, Document)
    assert (found.content.decode(), found.url, found.fetched) == (text, url, fetched)


NAMED = [
    pytest.param("page", {"text": "no", "page": "yes"}, id="a field"),
    pytest.param("meta.page", {"meta": {"page": "yes"}}, id="a field of an object"),
    pytest.param("meta.page", {"meta": {"page": "no"}, "meta.page": "yes"}, id="a name with a dot before an object"),
]


@pytest.mark.parametrize(("name", "fields"), NAMED)
def test_a_field_may_be_named(name: str, fields: dict[str, object]) -> None:
    (found,) = read(lines(fields), text_field=name)
    assert isinstance(found, Document)
    assert found.content == b"yes"
    (found,) = read(lines({"text": "", "url": "no", **fields}), url_field=name)
    assert isinstance(found, Document)
    assert found.url == "yes"


def test_only_the_named_fields_are_looked_at() -> None:
    fields = {"text": TEXT, "url": URL, "date": TIME, "meta": "x"}
    assert read(lines(fields), url_field="uri", time_field="meta.date") == [document(url="", fetched="")]
    assert read(lines(fields), text_field="body") == [Trouble("expected text in the field body", line=1, url=URL)]
    assert read(lines({"text": TEXT, "seen": TIME, "date": "2007-01-01"}), time_field="seen") == [document(url="")]


@pytest.mark.parametrize("name", ["html", "raw_html", "HTML"])
def test_html_is_known_by_its_name(name: str) -> None:
    (found,) = read(lines({name: "<p>"}), text_field=name)
    assert found == Document((b"<p>",), number=1, charset="utf-8", is_page=True)
    assert read(lines({"html": "<p>"})) == [found]


GOOD = b'{"text": "yes"}'
YES = Document((b"yes",), charset="utf-8")
FORMS = [
    pytest.param(GOOD, [YES], id="no line end"),
    pytest.param(GOOD + b"\r\n", [YES], id="CRLF"),
    pytest.param(b"\xef\xbb\xbf" + GOOD, [YES], id="a byte-order mark"),
    pytest.param(b" \t" + GOOD + b" ", [YES], id="blanks around the object"),
    pytest.param(b"\n \r\n" + GOOD + b"\n\n" + GOOD, [YES, YES._replace(number=2)], id="empty lines do not count"),
    pytest.param(b"", [], id="nothing"),
    pytest.param(b"\xef\xbb\xbf\n", [], id="a byte-order mark alone"),
    pytest.param(b'{"text": "no", "text": "yes"}', [YES], id="a field that occurs twice"),
    pytest.param(b'{"n": NaN, "i": -Infinity, "text": "yes"}', [YES], id="what is no number"),
    pytest.param(b'{"n": 1' + b"0" * 9999 + b', "text": "yes"}', [YES], id="a number of ten thousand digits"),
    pytest.param(b'{"n": 1e999999, "text": "yes"}', [YES], id="a number that is too large"),
    pytest.param(b'{"text": "a\\ud800b"}', [YES._replace(blocks=(b"a?b",))], id="half of a surrogate pair"),
    pytest.param(
        b'{"text": "yes", "url": "a\\ud800b", "id": "\\udfff"}',
        [YES._replace(url="a?b", record="?")],
        id="half of a surrogate pair in an address",
    ),
    pytest.param(b'{"text": "\\ud83d\\ude00"}', [YES._replace(blocks=("😀".encode(),))], id="a surrogate pair"),
    pytest.param(b'{"text": "a\xffb"}', [YES._replace(blocks=("a\ufffdb".encode(),))], id="bytes that are not UTF-8"),
    pytest.param(b'{"text": "a\tb\0"}', [YES._replace(blocks=(b"a\tb\0",))], id="control characters, not escaped"),
    pytest.param(
        b'{"text": "a\xe2\x80\xa8b"}', [YES._replace(blocks=("a\u2028b".encode(),))], id="U+2028 ends no line"
    ),
    pytest.param(b'{"text": "1\\n2\\r\\n3"}', [YES._replace(blocks=(b"1\n2\r\n3",))], id="line ends in the text"),
]


@pytest.mark.parametrize(("content", "expected"), FORMS)
def test_a_line_is_read_in_any_form(content: bytes, expected: list[Document]) -> None:
    assert read(content) == expected


BROKEN = [
    pytest.param(b"text", "expected a JSON object: Expecting value, column 1", id="text"),
    pytest.param(b'{"text": "yes"', "expected a JSON object: Expecting ',' delimiter, column 15", id="cut off"),
    pytest.param(
        b'{"text": "ye', "expected a JSON object: Unterminated string starting at, column 10", id="cut in a string"
    ),
    pytest.param(b'{"text": "yes"}}', "expected a JSON object: Extra data, column 16", id="more than an object"),
    pytest.param(b'["yes"]', "expected a JSON object", id="an array"),
    pytest.param(b"5", "expected a JSON object", id="a number"),
    pytest.param(b"null", "expected a JSON object", id="null"),
    pytest.param(b'{"text": ' + b"[" * 100_000, "expected a JSON object: nested too deeply", id="a deep nest"),
    pytest.param(b'{"title": "yes"}', NO_TEXT, id="no text"),
    pytest.param(b'{"text": 5}', NO_TEXT, id="a number for text"),
]


@pytest.mark.parametrize(("line", "reason"), BROKEN)
def test_a_broken_line_is_reported_and_the_others_are_read(line: bytes, reason: str) -> None:
    expected = [YES, Trouble(reason, line=3), YES._replace(number=3)]
    assert read(GOOD + b"\n\n" + line + b"\n" + GOOD) == expected
    assert read(GOOD + b"\n\n" + line) == expected[:2]


BOARD = json.dumps({"text": "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)"}).encode()


def test_lines_that_are_not_wanted_are_counted_and_not_parsed() -> None:
    content = b"\n".join([GOOD, GOOD, b"{no JSON}", b'{"cut off', BOARD])
    first, trouble, board = read(content, is_wanted=may_hold_words)
    assert first == YES
    assert trouble == Trouble("expected a JSON object: Unterminated string starting at, column 2", line=4)
    assert isinstance(board, Document)
    assert (board.number, board.content) == (5, json.loads(BOARD)["text"].encode())


def test_a_wrong_name_is_reported_even_if_no_line_is_wanted() -> None:
    found = read((GOOD + b"\n") * 3, text_field="texts", is_wanted=may_hold_words)
    assert found == [Trouble("expected text in the field texts", line=1)]


WORDS = [
    pytest.param("AGL 40.00 Decreased By -0.16 (-0.4%)", True, id="words"),
    pytest.param("NBP 60.29 No Change ▼ 0.00 (0%)", True, id="no change"),
    pytest.param("AGL 40.00 DECREASED BY ▼ -0.16", True, id="words in capitals and an arrow"),
    pytest.param("NBP 60.29 no change ↓ 0.00", True, id="words in small letters and an arrow"),
    pytest.param("NBP 60.29 no change &darr; 0.00", True, id="an arrow of HTML"),
    pytest.param("NBP 60.29 no change <i>&#9660;</i> 0.00", True, id="a number of HTML"),
    pytest.param("NBP 60.29 no change <i>&utrif;</i> 0.00", True, id="a triangle of HTML"),
    pytest.param("It increased by a change of wind & weather, by “us”", False, id="prose"),
    pytest.param("By ▲", False, id="an arrow alone"),
]


@pytest.mark.parametrize(("text", "expected"), WORDS)
@pytest.mark.parametrize("escaped", [False, True])
def test_a_line_without_marks_is_known(text: str, expected: bool, escaped: bool) -> None:
    assert may_hold_words(json.dumps({"text": text}, ensure_ascii=escaped).encode()) == expected


def test_an_ampersand_may_be_escaped_in_json() -> None:
    assert may_hold_words(b'{"html": "no change \\u0026darr;"}')


@given(near_quotes | quotes().map(lambda quote: quote.text), st.booleans())
def test_a_line_with_a_quote_or_a_damaged_one_is_wanted(text: str, escaped: bool) -> None:
    content = text.encode("utf-8", "replace")
    line = json.dumps({"text": content.decode()}, ensure_ascii=escaped).encode()
    assert may_hold_words(line) or not list(scan([content]))


def long_line(size: int) -> Iterator[bytes]:
    yield GOOD + b'\n{"text": "'
    yield from [b"x" * MEBIBYTE] * size
    yield b'"}\n' + GOOD + b"\n"


@pytest.mark.parametrize("tail", [b"", b"\n" + GOOD])
def test_a_large_line_is_passed_over(tail: bytes) -> None:
    found = read(GOOD + b"\n", *[b"x" * MEBIBYTE] * 65, tail)
    assert found[:2] == [YES, Trouble("the line is larger than 64 MiB", line=2)]
    assert found[2:] == [YES._replace(number=3)] * bool(tail)


def test_memory_stays_flat() -> None:
    tracemalloc.start()
    found = list(read_lines(long_line(400)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [each.line for each in found if isinstance(each, Trouble)] == [2]
    assert peak < 100 * MEBIBYTE


def test_a_document_comes_as_soon_as_its_line() -> None:
    def blocks() -> Iterator[bytes]:
        yield GOOD + b"\n"
        raise AssertionError("more was asked for")

    assert next(read_lines(blocks())) == YES


fragments = st.sampled_from(
    [
        *(
            GOOD,
            BOARD,
            b"\n",
            b"\n\n",
            b"\r\n",
            b"{",
            b"}",
            b"[",
            b"]",
            b'"',
            b":",
            b",",
            b'{"text": "',
            b'"html": "<p>"',
        ),
        *(b"\\u25b2", b"\\ud800", b"\\", b"\xef\xbb\xbf", b"\xe2\x96", b"NaN", b"1e999", b"null", b"Change", b"\0"),
        *(b'"meta": {"url": ', b'"url": "x"', b'"date": "2024-04-17"', b'"id": 5', b'"warc_headers": '),
    ]
)
dumps = st.lists(fragments | st.binary(max_size=4), max_size=16).map(b"".join)


@given(dumps, st.lists(st.integers(0), max_size=9), st.sampled_from([None, may_hold_words]))
def test_any_bytes_in_any_blocks_are_read_the_same(content: bytes, places: list[int], is_wanted: Any) -> None:
    whole = read(content, is_wanted=is_wanted)
    cuts = sorted(place % (len(content) + 1) for place in places)
    blocks = [content[start:end] for start, end in pairwise([0, *cuts, len(content)])]
    assert read(*blocks, is_wanted=is_wanted) == whole
    assert read(*[content[at : at + 1] for at in range(len(content))], is_wanted=is_wanted) == whole


@given(dumps)
def test_what_is_not_parsed_is_counted_all_the_same(content: bytes) -> None:
    everything = read(content)
    assert read(content, is_wanted=lambda _: True) == everything
    assert all(each in everything for each in read(content, is_wanted=lambda line: b"Change" in line))


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)


@given(st.lists(st.tuples(st.text(), st.text(), st.dictionaries(st.text(max_size=3), values, max_size=3)), max_size=4))
def test_what_is_written_is_read(documents: list[tuple[str, str, dict[str, object]]]) -> None:
    content = lines(*({"x": rest, "url": url, "text": text} for text, url, rest in documents))
    found = [(each.content.decode(), each.url) for each in read(content) if isinstance(each, Document)]
    assert found == [(text, url) for text, url, _ in documents]


HEADS = [
    pytest.param(GOOD, True, id="a line"),
    pytest.param(GOOD + b"\nno JSON", True, id="a line, and what may be anything"),
    pytest.param(b"\xef\xbb\xbf\n \n" + GOOD, True, id="a mark and empty lines before it"),
    pytest.param(b'{"url": "x", "meta": {"a": [1, "{"]}, "text": "cut of', True, id="a line that goes on"),
    pytest.param(b'{"url": "say \\"text\\": \\"x", "content": "', True, id="escaped quotation marks before the text"),
    pytest.param(b'{"url": "say \\"text\\": \\"x\\"", "title": "', False, id="a field that is part of a string"),
    pytest.param(b'{"meta": {"text": "x"}, "title": "', False, id="a field of an inner object"),
    pytest.param(b'{"type": "text", "title": "', False, id="a value that is the name of a field"),
    pytest.param(b'{"text": 5, "title": "', False, id="a number for text"),
    pytest.param(b'{"url": "http://', False, id="cut off before the text"),
    pytest.param(b'{"text": "cut off\n' + GOOD, False, id="a first line that is broken"),
    pytest.param(b'{\n"text": "x"\n}\n', False, id="JSON on several lines"),
    pytest.param(b'{"title": "x"}\n', False, id="no text"),
    pytest.param(b'{"text": 5}\n', False, id="a number for text, in a whole line"),
    pytest.param(b'["text"]\n', False, id="an array"),
    pytest.param(b"{AGL 40.00}\n", False, id="text in braces"),
    pytest.param(b"{" * 100_000, False, id="braces"),
    pytest.param(b'{"n": 1' + b"0" * 9999 + b', "text": "yes"}', True, id="a number of ten thousand digits"),
    pytest.param(b"", False, id="nothing"),
]


@pytest.mark.parametrize(("head", "expected"), HEADS)
def test_json_lines_are_known_by_their_first_line(head: bytes, expected: bool) -> None:
    assert is_json_lines(head) == expected


@given(dumps)
def test_any_head_is_json_lines_or_not(head: bytes) -> None:
    if is_json_lines(head) and b"\n" in head.strip():
        assert any(isinstance(each, Document) for each in read(head))
