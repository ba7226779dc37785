"""What is a quote and what is none, by the written grammar and by real boards."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.strategies import FRAME_SYMBOLS, FRAMES, Frame, Spelled, near_quotes, plain_quotes, quotes
from tickerx.engine.scanner import scan
from tickerx.quote import Origin

Row = tuple[str, ...]


def framed_rows(text: str, frame: Frame) -> list[Row]:
    """Return the quotes of a text in a frame as rows of canonical text, without those of the frame."""
    names = ("symbol", "price", "change", "change_percent", "direction", "kind")
    passages = scan(frame.blocks(text))
    found = [row for passage in passages for row in zip(*passage.columns(names, Origin("-")), strict=True)]
    return [row for row in found if row[0] not in FRAME_SYMBOLS]


def rows(text: str) -> list[Row]:
    """Return the quotes of a text as rows of canonical text."""
    return [
        (
            str(quote.symbol),
            format(quote.price, "f"),
            format(quote.change, "f"),
            format(quote.change_percent, "f"),
            str(quote.direction),
            str(quote.kind),
        )
        for quote in tickerx.find(text)
    ]


AGL: Row = ("AGL", "40.00", "-0.16", "-0.4", "down", "stock")
AGL_LINE = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)"
S786: Row = ("786", "9.10", "0.00", "0", "unchanged", "stock")
S786_LINE = "786 9.10 No Change ▼ 0.00 (0%)"

FROM_BOARDS = [
    pytest.param(AGL_LINE, [AGL], id="a-share"),
    pytest.param(
        "KSE100 97,328 Increased By 1781.9 (1.86%)",
        [("KSE100", "97328", "1781.9", "1.86", "up", "index")],
        id="an-index-has-no-arrow-and-a-whole-price-with-commas",
    ),
    pytest.param(
        "NBP 60.29 No Change ▼ 0.00 (0%)",
        [("NBP", "60.29", "0.00", "0", "unchanged", "stock")],
        id="an-unchanged-share-carries-the-down-arrow",
    ),
    pytest.param(
        "FFBL 75.47 Increased By ▲ 6.86 (10%)",
        [("FFBL", "75.47", "6.86", "10", "up", "stock")],
        id="a-percent-without-decimals",
    ),
    pytest.param(S786_LINE, [S786], id="a-symbol-of-digits-alone"),
    pytest.param(f" date 2022-02-01 {AGL_LINE}", [AGL], id="text-before-the-symbol"),
    pytest.param(f" date 2022-02-01 {S786_LINE}", [S786], id="a-date-is-neither-symbol-nor-number"),
    pytest.param(f"{AGL_LINE}{S786_LINE}{AGL_LINE}", [AGL, S786, AGL], id="quotes-are-glued-together"),
    pytest.param(f"{AGL_LINE} {S786_LINE} {AGL_LINE}", [AGL, S786, AGL], id="a-board-has-lost-its-line-breaks"),
    pytest.param(f"In 2020, {S786_LINE}", [S786], id="a-number-with-a-comma-after-it-is-no-number"),
    pytest.param(f"-5 {S786_LINE}", [S786], id="a-number-with-a-sign-is-no-number"),
    pytest.param(f"00 1,23 {S786_LINE}", [S786], id="ill-written-numbers-are-no-numbers"),
    pytest.param(f"{AGL_LINE}\n{AGL_LINE}\n", [AGL, AGL], id="repeats-are-kept"),
    pytest.param(f"{AGL_LINE} Shares of AGL fell.", [AGL], id="prose-follows-on-the-line"),
]

FROM_GRAMMAR = [
    pytest.param(AGL_LINE.replace(" ", "\u00a0"), [AGL], id="no-break-spaces"),
    pytest.param(AGL_LINE.replace(" ", "\u202f\t"), [AGL], id="narrow-spaces-and-tabs"),
    pytest.param(AGL_LINE.replace(" ", " " * 64), [AGL], id="64-spaces"),
    pytest.param(AGL_LINE.replace(" ", "\u202f" * 64), [AGL], id="64-narrow-spaces"),
    *(
        pytest.param(
            AGL_LINE.replace("▼ ", "").replace("Decreased By", f"Decreased{blank * 64}By"),
            [AGL],
            id=f"64-of-U+{ord(blank):04X}-between-the-words-and-no-arrow",
        )
        for blank in " \t\u00a0\u202f"
    ),
    pytest.param("N" * 19 + AGL_LINE[2:], [("N" * 19 + "L", *AGL[1:])], id="a-symbol-of-20-letters"),
    pytest.param(
        "7" * 19 + AGL_LINE[2:], [("7" * 19 + "L", *AGL[1:])], id="a-symbol-of-20-whose-last-alone-is-a-letter"
    ),
    *(
        pytest.param(
            f"999999 {price} No Change ▼ {price} ({price}%)",
            [("999999", *[price.replace(",", "")] * 3, "unchanged", "stock")],
            id=f"15-digits-{grouping}",
        )
        for grouping, price in {
            "in-a-row": "123456789012345.123456789",
            "by-threes": "123,456,789,012,345.123456789",
            "as-in-india": "12,34,56,78,90,12,345.123456789",
        }.items()
    ),
    pytest.param("AGL 4 Increased By ▲ +0.01 (+0.25%)", [("AGL", "4", "0.01", "0.25", "up", "stock")], id="plus-signs"),
    pytest.param(
        f"KSE 30 29,577 Increased By 1 (0%) {AGL_LINE} 7 786 9.10 No Change ▼ 0.00 (0%) {S786_LINE}",
        [AGL, S786],
        id="blocked-quotes-before-and-between-others",
    ),
    pytest.param("| AGL | 40.00 | Decreased By | ▼ | -0.16 | (-0.4%) |", [AGL], id="the-cells-of-a-table"),
    pytest.param("AGL|40.00|Decreased By|▼|-0.16|(-0.4%)", [AGL], id="cells-without-spaces"),
    pytest.param(AGL_LINE.replace("AGL ", f"AGL|{' ' * 64}"), [AGL], id="64-spaces-in-a-cell"),
    pytest.param(AGL_LINE.replace("AGL ", f"AGL |{' ' * 64}"), [AGL], id="64-spaces-in-a-cell-after-a-space"),
    pytest.param(
        "AGL 1,04,559.5 Increased By +1,000 (+0.97%)",
        [("AGL", "104559.5", "1000", "0.97", "up", "stock")],
        id="indian-grouping-and-plus-signs",
    ),
    pytest.param(AGL_LINE.replace("-", "\u2212"), [AGL], id="minus-signs-of-U+2212"),
    pytest.param(AGL_LINE.replace("-", "\u2013"), [AGL], id="minus-signs-that-are-en-dashes"),
    pytest.param("AGL 40.00 Decreased By -0.16 (-0.4%)", [AGL], id="a-share-without-arrow"),
    pytest.param(
        "X 5 No Change -0 (-0%)", [("X", "5", "-0", "-0", "unchanged", "index")], id="the-sign-of-a-zero-stays"
    ),
    pytest.param(
        "X 5 Increased By ▲ 1 (25%)",
        [("X", "5", "1", "25", "up", "stock")],
        id="a-whole-price-with-an-arrow-is-a-stock",
    ),
    pytest.param(
        "X 0.000000001 No Change 0.000000000 (0%)",
        [("X", "0.000000001", "0.000000000", "0", "unchanged", "stock")],
        id="nine-decimals-without-exponent",
    ),
    *(
        pytest.param(f"x{before}{AGL_LINE}", [AGL], id=f"a-symbol-stands-after-U+{ord(before):04X}")
        for before in " \t\u00a0\u202f\n\r\f\v\ufeff\u200b|()[{<>\"':;*•"
    ),
    *(pytest.param(AGL_LINE.replace("▼", arrow), [AGL], id=f"arrow-U+{ord(arrow):04X}") for arrow in "▲△▴↑▽▾↓"),
]

PROSE = [
    pytest.param("Symbol  Price  Increased By  Percent", id="the-heading-of-a-column"),
    pytest.param("closed at 21,178.72 points with net change of 1053.21 points", id="net-change"),
    pytest.param("Declined 98 No Change 15", id="a-count-of-shares"),
    pytest.param("Profit Increased By 12.50 (4%)", id="no-price"),
    pytest.param("AGL 40.00 increased by ▲ 0.16 (0.4%)", id="lower-case-words"),
    pytest.param("", id="nothing"),
]

NO_QUOTES = [
    pytest.param("AGL 40.0O Decreased By ▼ -0.16 (-0.4%)", id="a-letter-in-the-price"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.4", id="a-file-was-cut"),
    pytest.param("agl 40.00 Increased By ▲ 0.16 (0.4%)", id="a-symbol-in-lower-case"),
    pytest.param("KSE 30 29,577 Increased By 100 (0.34%)", id="digits-follow-a-symbol"),
    pytest.param("AGL 40.00 41.00 Decreased By ▼ -0.16 (-0.4%)", id="two-prices"),
    pytest.param("1,234 786 9.10 No Change ▼ 0.00 (0%)", id="digits-follow-a-number"),
    pytest.param(f"KSE-{' ' * 64}|{' ' * 64}30 29,577 Increased By 100 (0.34%)", id="digits-follow-a-symbol-from-afar"),
    pytest.param("BY\u2212AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", id="U+2212-in-a-symbol"),
    pytest.param("BY\u2013AGL 40.00 Decreased By ▼ -0.16 (-0.4%)", id="an-en-dash-in-a-symbol"),
    pytest.param("KSE | 30 | 29,577 | Increased By | 100 | (0.34%)", id="digits-follow-a-symbol-in-cells"),
    pytest.param("xAGL 40.00 Decreased By ▼ -0.16 (-0.4%)", id="a-symbol-within-a-word"),
    pytest.param(AGL_LINE.replace(" ", " " * 65), id="65-spaces"),
    pytest.param(AGL_LINE.replace("AGL ", f"AGL|{' ' * 65}"), id="65-spaces-in-a-cell"),
    pytest.param(AGL_LINE.replace("AGL ", f"AGL |{' ' * 65}"), id="65-spaces-in-a-cell-after-a-space"),
    pytest.param("A" * 21 + " 40.00 Decreased By ▼ -0.16 (-0.4%)", id="21-letters"),
    pytest.param("1234567 40.00 Decreased By ▼ -0.16 (-0.4%)", id="seven-digits"),
    pytest.param("12.5 40.00 Decreased By ▼ -0.16 (-0.4%)", id="a-symbol-without-letter"),
    pytest.param("AGL 040.00 Decreased By ▼ -0.16 (-0.4%)", id="a-leading-zero"),
    pytest.param("AGL 0,400 Decreased By ▼ -0.16 (-0.4%)", id="a-leading-zero-before-a-comma"),
    pytest.param("AGL 1,04,55 Decreased By ▼ -0.16 (-0.4%)", id="a-short-last-group"),
    pytest.param("AGL 1234,567 Decreased By ▼ -0.16 (-0.4%)", id="a-long-first-group"),
    pytest.param("AGL 40. Decreased By ▼ -0.16 (-0.4%)", id="no-digit-after-the-point"),
    pytest.param("AGL .4 Decreased By ▼ -0.16 (-0.4%)", id="no-digit-before-the-point"),
    pytest.param("AGL 1.0123456789 Decreased By ▼ -0.16 (-0.4%)", id="ten-decimals"),
    pytest.param("AGL 1234567890123456 Decreased By ▼ -0.16 (-0.4%)", id="sixteen-digits"),
    pytest.param("AGL 1,123,456,789,012,345 Decreased By ▼ -0.16 (-0.4%)", id="sixteen-digits-by-threes"),
    pytest.param("AGL 1,12,34,56,78,90,12,345 Decreased By ▼ -0.16 (-0.4%)", id="sixteen-digits-as-in-india"),
    pytest.param("AGL 123,45,678 Decreased By ▼ -0.16 (-0.4%)", id="three-digits-before-a-group-of-two"),
    pytest.param("7" * 20 + "A 40.00 Decreased By ▼ -0.16 (-0.4%)", id="20-digits-and-a-letter"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.1234567890 (-0.4%)", id="ten-decimals-in-the-change"),
    pytest.param("AGL -40.00 Decreased By ▼ -0.16 (-0.4%)", id="a-signed-price"),
    pytest.param("AGL ٤٠ Decreased By ▼ -0.16 (-0.4%)", id="digits-of-another-script"),
    pytest.param("AGL 40.00 Decreased By ▼ --0.16 (-0.4%)", id="two-signs"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 (-0.4 %)", id="a-space-before-the-percent-sign"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16 ( -0.4%)", id="a-space-after-the-parenthesis"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16\n(-0.4%)", id="a-line-ends-within"),
    pytest.param("AGL 40.00 Decreased By ▼ -0.16\u2028(-0.4%)", id="another-separator-within"),
    pytest.param("AGL 40.00 DecreasedBy ▼ -0.16 (-0.4%)", id="words-run-together"),
    pytest.param("AGL\0 40.00 Decreased By ▼ -0.16 (-0.4%)", id="a-NUL-within"),
]


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize(("text", "expected"), [*FROM_BOARDS, *FROM_GRAMMAR])
def test_a_text_gives_these_rows(text: str, expected: list[Row], frame: Frame) -> None:
    assert framed_rows(text, frame) == expected


@pytest.mark.parametrize("frame", FRAMES.values(), ids=FRAMES)
@pytest.mark.parametrize("text", [*PROSE, *NO_QUOTES])
def test_a_text_that_is_no_quote_gives_no_row(text: str, frame: Frame) -> None:
    assert framed_rows(text, frame) == []


@pytest.mark.parametrize(("text", "expected"), [*FROM_BOARDS, *FROM_GRAMMAR])
def test_the_library_gives_these_rows(text: str, expected: list[Row]) -> None:
    assert rows(text) == expected


@given(quotes())
def test_a_spelled_quote_reads_back_equal(quote: Spelled) -> None:
    assert rows(quote.text) == [quote.row]


@given(st.lists(quotes(), max_size=4), st.sampled_from(["", " ", "\n", "\r", "\r\n", "|", "\ufeff", " and "]))
def test_spelled_quotes_read_back_in_their_order(spelled: list[Spelled], between: str) -> None:
    assert rows(between.join(quote.text for quote in spelled)) == [quote.row for quote in spelled]


@given(st.lists(plain_quotes), near_quotes)
def test_no_figure_comes_out_that_was_not_printed(spelled: list[Spelled], around: str) -> None:
    text = around + "".join(quote.text for quote in spelled) + around
    printed = re.sub("[,+]", "", re.sub("[\u2212\u2013]", "-", text))
    for row in rows(text):
        assert all(figure in printed for figure in row[:4])
