"""Bytes in blocks of any size give the same quotes and gaps, which join to the input."""

import re
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import near_quotes, numbers, symbols
from tickerx.engine.passage import Passage, Span
from tickerx.engine.scanner import LONG, scan, scan_spans
from tickerx.grammar.parser import parse_spans
from tickerx.grammar.reports import Report

LINE = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)"
GROUPS = ("AGL", "40.00", "Decreased By ▼", "-0.16", "-0.4")


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


inputs = st.one_of(near_quotes.map(encoded), st.binary())


def blocks(content: bytes, cuts: list[int]) -> list[bytes]:
    """Cut bytes at these places."""
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    return [content[start:end] for start, end in pairwise(edges)]


def summary(passages: list[Passage]) -> list[tuple[str, ...]]:
    names = ["symbol", "price", "change", "change_percent", "direction", "kind", "line", "previous_close", "sound"]
    return [row for passage in passages for row in zip(*passage.columns(names, "-"), strict=True)]


def reports(parts: list[bytes]) -> list[Report]:
    return [report for passage in scan(parts) for report in (*passage.malformed("-"), *passage.suspects("-"))]


@given(inputs)
def test_spans_are_ordered_disjoint_and_join_to_the_input(content: bytes) -> None:
    spans = list(scan_spans([content]))
    edges = [0, *(span.end for span in spans)]
    assert [span.start for span in spans] == edges[:-1]
    assert edges[-1] == len(content)
    assert all(span.start < span.end for span in spans)


@given(inputs)
def test_each_span_has_the_line_on_which_it_begins(content: bytes) -> None:
    for span in scan_spans([content]):
        before = content[: span.start].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        splits_crlf = content[span.start - 1 : span.start + 1] == b"\r\n"
        assert span.line == before.count(b"\n") + 1 - splits_crlf


@given(inputs, st.lists(st.integers(0)))
def test_any_split_into_blocks_gives_the_same_spans_and_rows(content: bytes, cuts: list[int]) -> None:
    parts = blocks(content, cuts)
    assert list(scan_spans(parts)) == list(scan_spans([content]))
    assert summary(list(scan(parts))) == summary(list(scan([content])))
    assert reports(parts) == reports([content])


printed = st.one_of(numbers().map(lambda number: number[0]), st.sampled_from(["0", "040.00", "1234,567", "40.", ""]))
signed = st.builds(str.__add__, st.sampled_from(["", "-", "-", "+", "\u2212"]), printed)
near_plain = st.builds(
    "{}{} {} {}{} {} ({}%)".format,
    st.sampled_from(["", "", "", "▼ ", "△", "("]),
    st.one_of(symbols, st.sampled_from(["786", "AGL KSE", "(AGL", "Agl"])),
    printed,
    st.sampled_from(["Increased By", "Decreased By", "No Change", "increased by", "No  Change"]),
    st.sampled_from(["", "", " ▲", " ▼", " ▽"]),
    signed,
    signed,
)
"""Quotes as most boards print them, and what is nearly that."""

lines = st.lists(
    st.tuples(
        st.one_of(near_plain, near_plain, near_plain, near_quotes),
        st.sampled_from(["\n", "\n", "\n", "\r\n", "\r", " \n", ""]),
    ).map("".join)
).map("".join)


@given(lines)
def test_lines_of_a_quote_each_give_the_rows_that_the_whole_grammar_finds_in_them(text: str) -> None:
    content = encoded(text)
    symbols = [span.groups[0] for span in parse_spans(text) if span.groups]
    assert [row[0] for row in summary(list(scan([content])))] == symbols
    # Behind a letter that nothing follows, no line is plain: all of it is read by the whole grammar.
    rows = summary(list(scan([content.replace(b"\n", b" x\n").replace(b"\r x\n", b" x\r\n")])))
    assert rows == summary(list(scan([content])))


@given(lines)
def test_a_line_has_the_reports_that_it_has_alone(text: str) -> None:
    alone = re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)
    expected = [report.shifted(number) for number, line in enumerate(alone) for report in reports([encoded(line)])]
    assert sorted(reports([encoded(text)]), key=str) == sorted(expected, key=str)


@pytest.mark.parametrize("line", ["▼ 7No Change▼", "▼ 40.0O Decreased By ▼ -0.16 (-0.4%)"])
def test_equal_lines_have_equal_reports(line: str) -> None:
    found = reports([f"{line}\n".encode() * 99])
    assert [report.line for report in found] == list(range(1, 100))
    assert len({(report.column, report.reason, report.text) for report in found}) == 1


@given(inputs)
def test_blocks_of_one_byte_give_the_same_spans(content: bytes) -> None:
    assert list(scan_spans(content[at : at + 1] for at in range(len(content)))) == list(scan_spans([content]))


@settings(max_examples=50)  # an example reads 128 KiB twice
@given(
    near_quotes, st.sampled_from(["x", "AGL ", "\t", "9,999 ", "▼", "\udce2", " 7"]), near_quotes, st.integers(1, 99)
)
def test_a_long_line_gives_the_same_rows_in_blocks_as_whole(head: str, filler: str, tail: str, size: int) -> None:
    content = encoded(head + filler * (LONG * 2 // len(encoded(filler))) + tail)
    parts = [content[at : at + size * 997] for at in range(0, len(content), size * 997)]
    assert list(scan_spans(parts)) == list(scan_spans([content]))


@pytest.mark.parametrize("filler", ["x", "é", "▼", "KSE ", "786 ", " ", "("])
@pytest.mark.parametrize("shift", range(4))
def test_a_quote_after_a_line_without_end_is_found(filler: str, shift: int) -> None:
    size = len(filler.encode())
    content = "." * shift + filler * (3 * LONG // size) + " x " + LINE
    parts = [content.encode()[at : at + 10_000] for at in range(0, len(content.encode()), 10_000)]
    end = len(content.encode())
    assert list(scan_spans(parts))[-1] == Span(end - len(LINE.encode()), end, 1, GROUPS)


def test_what_blocks_a_symbol_is_seen_through_the_window_of_a_long_line() -> None:
    blocked = "KSE 30 29,577 Increased By 100 (0.34%)"
    for size in range(8100, 8300):
        content = ("x" * 2 * LONG + " " + blocked + " " * size).encode()
        assert not any(passage.symbol for passage in scan([content[:-1], content[-1:]]))


def test_a_quote_is_found_with_the_block_that_holds_its_end() -> None:
    arrived: list[str] = []

    def arriving() -> Iterator[bytes]:
        for part in ("AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", " KSE100 97,328 Increased By 1781.9 (1.86%", ")"):
            arrived.append(part)
            yield part.encode()

    seen = [(symbol, len(arrived)) for found in scan(arriving()) for symbol in found.symbol]
    assert seen == [("AGL", 1), ("KSE100", 3)]


@pytest.mark.parametrize(
    ("end", "lines"),
    [
        pytest.param("\n", [1, 2, 4], id="LF"),
        pytest.param("\r\n", [1, 2, 4], id="CRLF"),
        pytest.param("\r", [1, 2, 4], id="CR"),
        pytest.param("\x85", [1, 1, 1], id="NEL-ends-no-line"),
        pytest.param("\u2028", [1, 1, 1], id="U+2028-ends-no-line"),
        pytest.param("\v", [1, 1, 1], id="VT-ends-no-line"),
        pytest.param("\f", [1, 1, 1], id="FF-ends-no-line"),
        pytest.param("\x1c", [1, 1, 1], id="FS-ends-no-line"),
    ],
)
def test_lines_end_at_LF_CRLF_and_CR_and_nowhere_else(end: str, lines: list[int]) -> None:  # noqa: N802
    content = f"{LINE} {end}({LINE}{end}{end}({LINE}".encode()
    for size in (1, 7, len(content)):
        parts = (content[at : at + size] for at in range(0, len(content), size))
        assert [line for found in scan(parts) for line in found.lines()] == lines


def test_plain_lines_have_their_places_and_suspects() -> None:
    suspect = LINE.replace("-0.4%", "-0.5%")
    content = f"{LINE}\n{suspect}\nprose\n{LINE}\n".encode()
    assert [(span.start, span.line) for span in scan_spans([content]) if span.groups] == [(0, 1), (41, 2), (88, 4)]
    assert [(report.line, report.column) for report in reports([content])] == [(2, 33)]
