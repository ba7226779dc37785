"""What commits to being a quote and is none: which span it is, and where what was expected."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.commits import COMMITS
from tests.reference import walk
from tests.strategies import FRAMES, Frame, boards, near_quotes
from tickerx.engine.scanner import scan
from tickerx.grammar.parser import decode, encode, normalize, parse_spans
from tickerx.quote import Origin

SHARE = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)"
INDEX = "KSE100 97,328 Increased By 1781.9 (1.86%)"
UNCHANGED = "786 9.10 No Change ▼ 0.00 (0%)"
CUT = "; the input is cut off here"


def malformed(text: str) -> list[tuple[int, int, str, str]]:
    """Return line, column, reason and text of each malformed span."""
    spans: list[tickerx.Malformed] = []
    list(tickerx.find(text, on_malformed=spans.append))
    return [(span.line, span.column, span.reason, span.text) for span in spans]


def framed_spans(text: str, frame: Frame) -> list[tuple[int, int, str, str]]:
    """Return the same of each malformed span of a text in a frame; line 1 is where the text begins."""
    found = [span for passage in scan(frame.blocks(text)) for span in passage.malformed(Origin("-"))]
    return [(span.line - frame.before.count("\n"), span.column, span.reason, span.text) for span in found]


ONE_SPAN = [
    pytest.param("AGL 40.0O Decreased By ▼ -0.16 (-0.4%)", 5, "a price", id="a-letter-in-the-price"),
    pytest.param("agl 40.00 Increased By ▲ 0.16 (0.4%)", 1, "a symbol", id="a-symbol-in-lower-case"),
    pytest.param("AGL 40.00 DECREASED BY ▼ -0.16 (-0.4%)", 11, "the words", id="words-in-capitals-before-an-arrow"),
    pytest.param("AGL 40.00 Decreased By ► -0.16 (-0.4%)", 24, "a change", id="another-arrow"),
    pytest.param("AGL 40.00 Decreased By ▼ -O.16 (-0.4%)", 26, "a change", id="a-letter-in-the-change"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 -0.4%", 32, "a percent in parentheses", id="no-parenthesis"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0,4%)", 33, "a percent", id="a-comma-in-the-percent"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.4 %)", 37, '"%"', id="a-space-before-the-percent-sign"),
    pytest.param("AGL 40.00 Decreased By▼ -0.16 (-0.4%)", 23, "a space", id="no-space-before-the-arrow"),
    pytest.param("AGL 40.00 Decreased By ▼-0.16 (-0.4%)", 25, "a space", id="no-space-after-the-arrow"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16(-0.4%)", 31, "a space", id="no-space-before-the-percent"),
    pytest.param("AGL 40.00Decreased By ▼ -0.16 (-0.4%)", 5, "a price", id="no-space-after-the-price"),
    pytest.param("AGL40.00 Decreased By ▼ -0.16 (-0.4%)", 10, "a price", id="no-space-after-the-symbol"),
    pytest.param("KSE100 97,328Increased By 1781.9 (1.86%)", 8, "a price", id="an-index-without-space-after-the-price"),
    pytest.param("KSE 30 29,577 Increased By 100 (0.34%)", 8, "the words", id="digits-between-symbol-and-price"),
    pytest.param("AGL 40.00 41.00 Decreased By ▼ -0.16 (-0.4%)", 11, "the words", id="two-prices"),
    pytest.param("1,234.50 786 9.10 No Change ▼ 0.00 (0%)", 1, "a symbol", id="digits-after-a-number"),
    pytest.param("AGL" + " " * 65 + "40.00 Decreased By ▼ -0.16 (-0.4%)", 68, "a price", id="65-spaces"),
    pytest.param("AGL 40.00 Decreased By the day before", 24, "a change", id="symbol-number-and-words-commit"),
    pytest.param("Q3 Increased By 12.50 (4%)", 4, "a price", id="a-digit-the-words-a-change-and-a-parenthesis-commit"),
    pytest.param("KSE1 00 7,328 Increased By 17.9 (0.24%)", 6, "a price", id="a-space-in-the-symbol"),
    pytest.param("KSE100 97,328* Increased By 1781.9 (1.86%)", 8, "a price", id="a-mark-after-the-price"),
    pytest.param("▲AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", 1, "a symbol", id="an-arrow-glued-to-the-symbol"),
    pytest.param("▼ 0.160.00 Decreased By ▼ -0.16 (-0.4%)", 3, "a symbol", id="an-arrow-before-a-price-alone"),
    pytest.param("Increased By ▲ 0.16 (0.4%)", 1, "a symbol", id="the-words-and-an-arrow-commit"),
    pytest.param("at 40.00 41.00 Decreased By ▼ -0.16 (-0.4%)", 4, "a symbol", id="two-prices-after-a-word"),
    pytest.param("AGL-KSE 41.00 X Decreased By ▼ -0.16 (-0.4%)", 15, "the words", id="a-word-after-the-price"),
]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize(("text", "column", "expected"), ONE_SPAN)
def test_a_malformed_line_tells_where_what_was_expected(text: str, column: int, expected: str, frame: Frame) -> None:
    expected = "Increased By, Decreased By or No Change" if expected == "the words" else expected
    [(line, found, reason, span)] = framed_spans(text, frame)
    assert (line, found) == (1, column)
    assert reason.removesuffix(CUT) == f"expected {expected}"
    assert span == text[text.index(span) :]


SPANS = [
    pytest.param(
        f"x {SHARE} AGL 40.0O Decreased By ▼ -0.16 (-0.4%) BOP 6.6B Decreased By ▼ -0.01 (-0.15%) end\n",
        [
            (1, 46, "expected a price", "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)"),
            (1, 85, "expected a price", "BOP 6.6B Decreased By ▼ -0.01 (-0.15%) end"),
        ],
        id="a-good-quote-and-two-malformed-spans-on-one-line",
    ),
    pytest.param(
        f"AGL 40.0O Decreased By ▼ -0.16 (-0.4%) {SHARE}\n",
        [(1, 5, "expected a price", "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)")],
        id="a-span-ends-before-a-quote",
    ),
    pytest.param(
        f"{SHARE}agl 40.00 Decreased By ▼ -0.16 (-0.4%){UNCHANGED}\n",
        [(1, 39, "expected a symbol", "agl 40.00 Decreased By ▼ -0.16 (-0.4%)")],
        id="a-span-glued-between-quotes",
    ),
    pytest.param(
        f"one\r\ntwo\r\r\n\u2028 agl 40.00 Decreased By ▼ -0.16 (-0.4%)\r{SHARE}",
        [(4, 3, "expected a symbol", "agl 40.00 Decreased By ▼ -0.16 (-0.4%)")],
        id="a-span-ends-with-its-line",
    ),
    pytest.param(
        "\udce9 ▼ agl 40.00 Decreased By ▼ -0.16 (-0.4%)\n",
        [(1, 5, "expected a symbol", "agl 40.00 Decreased By ▼ -0.16 (-0.4%)")],
        id="columns-count-code-points",
    ),
    pytest.param(
        "AGL 40.00 Decreased By AGL 40.00 Decreased By ▼ -0.16\n",
        [
            (1, 24, "expected a change", "AGL 40.00 Decreased By"),
            (1, 54, "expected a percent in parentheses", "AGL 40.00 Decreased By ▼ -0.16"),
        ],
        id="a-quote-that-another-breaks-off",
    ),
    pytest.param(
        "date AGL40.00 Decreased By ▼ -0.16 (-0.4%)\n",
        [(1, 15, "expected a price", "AGL40.00 Decreased By ▼ -0.16 (-0.4%)")],
        id="the-word-before-is-no-part-of-it",
    ),
]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize(("text", "expected"), SPANS)
def test_a_text_gives_these_malformed_spans(text: str, expected: list[tuple[int, int, str, str]], frame: Frame) -> None:
    assert framed_spans(text, frame) == expected


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("arrow", "▲△▴↑▼▽▾↓")
@pytest.mark.parametrize("between", ["", " ", "  ", "\t", "\u00a0", "\u202f", "|", " | "])
def test_words_in_any_case_commit_before_any_arrow(arrow: str, between: str, frame: Frame) -> None:
    for words in ("INCREASED BY", "decreased by", "No change"):
        text = f"agl 4.00 {words}{between}{arrow} 0.16 (4%)"
        assert [span[3] for span in framed_spans(text, frame)] == [text]


UNCOMMITTED = [
    pytest.param("Profit Increased By 12.50 (4%)", id="a-change-and-a-parenthesis-after-a-word-without-digit"),
    pytest.param("AGL shares Decreased By the day", id="a-symbol-and-no-number"),
    pytest.param("shares 40.00 Decreased By the day", id="a-number-and-no-symbol"),
    pytest.param("40.00 Decreased By the day", id="a-number-alone"),
    pytest.param("AGL 40.00 No Changes", id="words-that-go-on"),
    pytest.param("agl 40.00 decreased by -0.16 (-0.4%)", id="words-in-another-case-and-no-arrow"),
    pytest.param("AGL 40.00\nDecreased By the day", id="words-on-the-next-line"),
    pytest.param("Q3 Increased By 12.50 4%", id="no-parenthesis-and-no-symbol-before-the-number"),
]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("text", UNCOMMITTED)
def test_what_commits_to_nothing_is_not_reported(text: str, frame: Frame) -> None:
    assert framed_spans(text, frame) == []


def test_a_span_has_1024_code_points_at_most() -> None:
    text = "AGL 40.0O Decreased By ▼ " + "é" * 2000
    assert [span[3] for span in malformed(text)] == [text[:1024]]


def test_a_span_begins_with_its_symbol_however_far_that_is() -> None:
    blank = f"{' ' * 64}|{' ' * 64}"
    text = f"x AGL{blank}40.0O{blank}Decreased By{blank}▼"
    assert [span[3] for span in malformed(text)] == [text[2:]]


@pytest.mark.parametrize("size", range(len("AGL 40.00 Decreased By"), len(SHARE)))
def test_a_quote_that_the_end_of_the_input_cuts_is_reported_as_cut(size: int) -> None:
    [(_, _, reason, text)] = malformed(SHARE[:size])
    assert reason.endswith(CUT)
    assert text == SHARE[:size].rstrip()
    [(_, _, reason, _)] = malformed(SHARE[:size] + "\n")
    assert not reason.endswith(CUT)


def edits(line: str) -> Iterator[str]:
    """Yield each deletion, insertion, substitution and truncation of one character."""
    for at in range(len(line) + 1):
        yield line[:at]
        yield line[:at] + line[at + 1 :]
        for character in "A0a,.-+ (%)▼|é\n\t[{<>\"':;*•\ufeff\u200b":
            yield line[:at] + character + line[at:]
            yield line[:at] + character + line[at + 1 :]


def compiled_quotes(normal: bytes) -> list[tuple[int, int]]:
    return [(start, end) for start, end, pieces in parse_spans(normal) if pieces]


@pytest.mark.parametrize("line", [SHARE, INDEX, UNCHANGED])
def test_near_misses_are_read_alike_by_the_pattern_and_by_the_walk_and_are_never_lost(line: str) -> None:
    for text in edits(line):
        normal = normalize(encode(text))
        assert compiled_quotes(normal) == list(walk(decode(normal)))
        prose = "\n".join(text[start:end] for start, end, pieces in parse_spans(normal) if not pieces)
        for _, _, _, span in malformed(text):
            prose = prose.replace(span, "\n", 1)
        assert not COMMITS.search(prose), text


@given(st.one_of(near_quotes, boards, st.text(st.characters(codec="utf-8"))))
def test_the_pattern_and_the_walk_find_the_same_quotes(text: str) -> None:
    normal = normalize(encode(text))
    assert compiled_quotes(normal) == list(walk(decode(normal)))


@given(st.one_of(near_quotes, boards))
def test_spans_are_ordered_disjoint_and_join_to_the_text(text: str) -> None:
    spans = list(parse_spans(normalize(encode(text))))
    assert [span.start for span in spans] == [0, *(span.end for span in spans)][: len(spans)]
    assert spans[-1].end == len(text) if text else spans == []
    assert all(span.start < span.end for span in spans)


@given(near_quotes)
def test_malformed_spans_stand_in_the_gaps_in_order(text: str) -> None:
    gaps = iter([text[start:end] for start, end, pieces in parse_spans(normalize(encode(text))) if not pieces])
    gap = next(gaps, "")
    for line, column, _, span in malformed(text):
        assert 1 <= line <= 1 + text.count("\n") + text.count("\r")
        assert 1 <= column <= len(text) + 1
        assert 1 <= len(span) <= 1024
        while span not in gap:
            gap = next(gaps)
        gap = gap[gap.index(span) + len(span) :]
        assert list(tickerx.find(span)) == []


def test_strict_raises_at_the_first_malformed_span() -> None:
    quotes = tickerx.find(f"{SHARE}\nagl 40.00 Decreased By ▼ -0.16 (-0.4%)\n", strict=True)
    assert next(quotes).symbol == "AGL"
    with pytest.raises(tickerx.MalformedError, match=r"^<text>:2:1: expected a symbol$") as caught:
        next(quotes)
    assert (caught.value.malformed.line, caught.value.malformed.column) == (2, 1)


def test_spans_and_quotes_come_in_the_order_of_the_text() -> None:
    met: list[str] = []
    text = f"{SHARE} agl 4.00 Increased By ▲ 0.16 (0.4%) {UNCHANGED}\nbop 4.00 No Change ▼ 0 (0%)\n{INDEX}"
    met.extend(str(quote.symbol) for quote in tickerx.find(text, on_malformed=lambda span: met.append(span.text[:3])))
    assert met == ["AGL", "agl", "786", "bop", "KSE100"]


def test_only_ascii_letters_have_two_cases() -> None:
    for text in ("increa\u017fed by ▲ 1", f"{SHARE}\nincrea\u017fed by ▲ 1"):
        assert malformed(text) == []


def test_malformed_text_is_passed_over_unless_it_is_asked_for() -> None:
    assert [quote.symbol for quote in tickerx.find("agl 40.00 Increased By ▲ 0.16 (0.4%)\n" + SHARE)] == ["AGL"]
