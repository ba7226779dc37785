"""Bytes in blocks of any size give what the grammar says of them, as soon as it has come."""

import re
from collections.abc import Iterator
from itertools import chain, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reference import Found, read_in_blocks, read_slowly
from tests.strategies import boards, near_quotes
from tickerx.engine.scanner import LONG, PIECE, Scanner, scan

LINE = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)"
BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)"


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


inputs = st.one_of(boards.map(encoded), near_quotes.map(encoded), st.binary())


def cut(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def found(*blocks: bytes) -> Found:
    return read_in_blocks(blocks)[0]


@given(inputs)
def test_the_engine_finds_what_the_walk_finds_from_every_place(content: bytes) -> None:
    assert found(content) == read_slowly(content)


@given(inputs, st.lists(st.integers(0)))
def test_any_split_into_blocks_gives_the_same_rows_reports_and_counts(content: bytes, cuts: list[int]) -> None:
    edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
    assert read_in_blocks(content[start:end] for start, end in pairwise(edges)) == read_in_blocks([content])


@given(inputs)
def test_blocks_of_one_byte_give_the_same_rows_reports_and_counts(content: bytes) -> None:
    assert read_in_blocks(cut(content, 1)) == read_in_blocks([content])


@given(boards)
def test_a_line_has_the_reports_that_it_has_alone(text: str) -> None:
    alone = [encoded(line) for line in re.findall(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+", text)]
    expected = [
        report._replace(line=number) for number, line in enumerate(alone, 1) for report in found(line).malformed
    ]
    assert found(encoded(text)).malformed == expected


@pytest.mark.parametrize("line", ["▼ 7No Change▼", "▼ 40.0O Decreased By ▼ -0.16 (-0.4%)"])
def test_equal_lines_have_equal_reports(line: str) -> None:
    reports = found(f"{line}\n".encode() * 99).malformed
    assert [report.line for report in reports] == list(range(1, 100))
    assert len({report[1:] for report in reports}) == 1


FILLERS = ["x", "AGL ", "\t", "9,999 ", "▼", "\U0001d13f", "\udce2", " 7", "(", "KSE 30 ", "No Change "]


@settings(max_examples=50)  # an example reads 128 KiB twice
@given(boards, st.sampled_from(FILLERS), boards, st.integers(1, 99))
def test_a_long_line_is_read_alike_in_blocks_and_whole(head: str, filler: str, tail: str, size: int) -> None:
    content = encoded(head + filler * (LONG * 2 // len(encoded(filler))) + tail)
    assert read_in_blocks(cut(content, size * 997)) == read_in_blocks([content])


@pytest.mark.parametrize("filler", FILLERS)
@pytest.mark.parametrize("shift", range(4))
def test_a_quote_and_a_malformed_span_after_a_line_without_end_are_found(filler: str, shift: int) -> None:
    before = "." * shift + filler * (3 * LONG // len(encoded(filler))) + " x "
    for size in (10_000, 3 * PIECE):
        rows, malformed, *_ = found(*cut(encoded(f"{before}{LINE} {BAD}\n{BAD}\n"), size))
        assert [row[0] for row in rows] == ["AGL"]
        column = len(before) + len(LINE) + len(" AGL ") + 1
        assert [(report.line, report.column) for report in malformed] == [(1, column), (2, 5)]


def test_lines_that_end_with_CR_are_not_one_line() -> None:  # noqa: N802
    content = encoded(f"{BAD}\r" * (4 * PIECE // len(encoded(BAD))))
    for size in (10_000, 3 * PIECE):
        reports = found(*cut(content, size)).malformed
        assert [(report.line, report.column) for report in reports] == [
            (line, 5) for line in range(1, len(reports) + 1)
        ]


def test_many_blocks_of_a_board_on_one_line_are_read_once() -> None:
    count = 3 * PIECE // len(encoded(LINE))
    rows, malformed, *_ = found(*cut(encoded(f"{LINE} " * count + BAD), 7001))
    assert len(rows) == count
    assert [report.column for report in malformed] == [count * (len(LINE) + 1) + 5]


def test_what_blocks_a_symbol_is_seen_through_the_window_of_a_long_line() -> None:
    blocked = "KSE 30 29,577 Increased By 100 (0.34%)"
    for size in range(8100, 8300):
        content = ("x" * 2 * LONG + " " + blocked + " " * size).encode()
        assert not any(passage.symbol for passage in scan([content[:-1], content[-1:]]))


def test_text_before_a_cut_in_a_long_line_belongs_to_the_span_after_it() -> None:
    for size in range(8100, 8250):
        content = encoded("x" * LONG + " AGL 40.00 Decreased By the day before" + "y" * size)
        [report] = found(content[:-1], content[-1:]).malformed
        assert report.column == LONG + len(" AGL 40.00 Decreased By ") + 1
        assert report.text.startswith("AGL 40.00 Decreased By the day before")


def test_an_excerpt_does_not_depend_on_how_much_of_the_line_has_come() -> None:
    seen = f"{BAD} X 1 No Change 0 (0%)"
    for parts in ([f"{seen} and more\n"], [f"{seen} and more"], [seen, " and more\n"], [f"{seen} and", " more"]):
        _, [excerpt] = read_in_blocks(map(encoded, parts))
        assert excerpt.text == seen


def arrivals(*parts: str) -> list[tuple[str, int]]:
    """Return each symbol, and how many parts had come when it was found; more could come then."""
    arrived = 0

    def arriving() -> Iterator[bytes]:
        nonlocal arrived
        for part in chain(parts, [" and", " so on"]):
            arrived += 1
            yield part.encode()

    return [(symbol, arrived) for passage in scan(arriving()) for symbol in passage.symbol]


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        pytest.param((LINE, f" {LINE[:-1]}", ")"), [("AGL", 1), ("AGL", 3)], id="its-last-parenthesis"),
        pytest.param((LINE[:-2], "%", ")"), [("AGL", 3)], id="its-percent-sign-and-its-parenthesis-apart"),
        pytest.param((f"x {LINE}\n{LINE}",), [("AGL", 1), ("AGL", 1)], id="two-lines-of-which-one-is-open"),
        pytest.param(
            (f"{LINE} and {LINE} BO", f"P{LINE[3:]}"), [("AGL", 1), ("AGL", 1), ("BOP", 2)], id="the-rest-of-its-symbol"
        ),
        pytest.param(("x" * 3000 + f" {LINE[:9]}", LINE[9:]), [("AGL", 2)], id="more-than-has-come-with-it"),
        pytest.param(
            (f"({LINE[:9]}", f"{LINE[9:]}(5%)", LINE), [("AGL", 2), ("AGL", 3)], id="another-percent-after-it"
        ),
    ],
)
def test_a_quote_is_found_with_its_last_block(parts: tuple[str, ...], expected: list[tuple[str, int]]) -> None:
    assert arrivals(*parts) == expected


LINE_ENDS = [
    pytest.param("\n", [1, 2, 4], id="LF"),
    pytest.param("\r\n", [1, 2, 4], id="CRLF"),
    pytest.param("\r", [1, 2, 4], id="CR"),
    pytest.param("\x85", [1, 1, 1], id="NEL-ends-no-line"),
    pytest.param("\u2028", [1, 1, 1], id="U+2028-ends-no-line"),
    pytest.param("\v", [1, 1, 1], id="VT-ends-no-line"),
    pytest.param("\f", [1, 1, 1], id="FF-ends-no-line"),
    pytest.param("\x1c", [1, 1, 1], id="FS-ends-no-line"),
]


@pytest.mark.parametrize(("end", "lines"), LINE_ENDS)
def test_lines_end_at_LF_CRLF_and_CR_and_nowhere_else(end: str, lines: list[int]) -> None:  # noqa: N802
    content = f"{LINE} {end}({LINE}{end}{end}({LINE}".encode()
    for size in (1, 7, len(content)):
        rows = found(*cut(content, size)).rows
        assert [int(row[6]) for row in rows] == lines


def test_lines_are_numbered_through_what_is_not_read() -> None:
    prose = "The market was quiet all day.\n" * 30
    suspect = LINE.replace("-0.4%", "-0.5%")
    content = f"{LINE}\n{prose}{suspect}\n{prose}\r\n{BAD}\r{prose}{LINE}"
    rows, malformed, suspects, lines = found(content.encode())
    assert [row[6] for row in rows] == ["1", "32", "95"]
    assert [(report.line, report.column) for report in (*malformed, *suspects)] == [(64, 5), (32, 33)]
    assert lines == 95


@pytest.mark.parametrize(
    ("blocks", "lines"),
    [
        pytest.param([], 0, id="nothing"),
        pytest.param([b""], 0, id="an-empty-block"),
        pytest.param([b"one\n", b""], 1, id="an-empty-block-after-a-line"),
        pytest.param([b"one\n", b"two"], 2, id="a-line-that-has-no-end"),
        pytest.param([b"one\r", b"\ntwo\r"], 2, id="CRLF-in-two-blocks-and-CR-at-the-end"),
        pytest.param([b"x" * 4 * LONG, b"x"], 1, id="a-long-line"),
    ],
)
def test_lines_are_counted(blocks: list[bytes], lines: int) -> None:
    scanner = Scanner()
    assert list(scanner.scan(blocks)) == []
    assert scanner.lines == lines
