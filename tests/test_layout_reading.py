"""Lines read by a layout: what fits, what its figures are, which way it has moved, and what does not fit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_layout_language import layouts
from tickerx.layouts.columns import Quotes
from tickerx.layouts.layout import LayoutError, compile_layout
from tickerx.layouts.read import OTHER, LayoutRow, read_text


def rows(layout: str, text: str, **settings: str) -> list[LayoutRow]:
    return list(read_text(text, [compile_layout(layout, **settings)]).rows())


FIGURES = [
    pytest.param("40.00", ".", "40.00", id="decimals"),
    pytest.param("97,328", ".", "97328", id="groups-by-commas"),
    pytest.param("1,91,55,622.14", ".", "19155622.14", id="groups-of-india"),
    pytest.param("1'234.50", ".", "1234.50", id="groups-by-apostrophes"),
    pytest.param("1’234.50", ".", "1234.50", id="groups-by-curly-apostrophes"),
    pytest.param("1.234.567,8", ",", "1234567.8", id="groups-by-points"),
    pytest.param("1\u00a0234,5", ",", "1234.5", id="groups-by-no-break-spaces"),
    pytest.param("1\u202f234,5", ",", "1234.5", id="groups-by-narrow-spaces"),
    pytest.param("30 100", ",", "30100", id="groups-by-spaces"),
    pytest.param(".67", ".", "0.67", id="no-whole-part"),
    pytest.param("-.67", ".", "-0.67", id="no-whole-part-of-a-fall"),
    pytest.param("0", ".", "0", id="nought"),
    pytest.param("-2.14", ".", "-2.14", id="a-minus"),
    pytest.param("−2,14", ",", "-2.14", id="a-real-minus"),
    pytest.param("–2.14", ".", "-2.14", id="an-en-dash"),
    pytest.param("+2.14", ".", "2.14", id="a-plus"),
    pytest.param("- 2.14", ".", "-2.14", id="a-minus-apart"),
    pytest.param("+ 8,14", ",", "8.14", id="a-plus-apart"),
    pytest.param("±0,00", ",", "0.00", id="plus-minus"),
    pytest.param("-$2.38", ".", "-2.38", id="a-minus-before-a-currency"),
    pytest.param("$-2.38", ".", "-2.38", id="a-minus-after-a-currency"),
    pytest.param("Rs.-.16", ".", "-0.16", id="a-minus-after-a-currency-with-a-point"),
    pytest.param("- USD 5", ".", "-5", id="a-minus-apart-before-a-currency"),
    pytest.param("Rs. 1,240", ".", "1240", id="a-currency-with-a-point"),
    pytest.param("USD 76.47", ".", "76.47", id="a-currency-code"),
    pytest.param("US$76.47", ".", "76.47", id="a-currency-of-letters-and-sign"),
    pytest.param("76,47 EUR", ",", "76.47", id="a-code-after"),
    pytest.param("43,95€", ",", "43.95", id="a-sign-after"),
    pytest.param("89.50 Kč", ".", "89.50", id="a-unit-apart"),
    pytest.param("2794 Ft", ",", "2794", id="a-unit-of-letters"),
]
NO_FIGURES = [
    pytest.param("1,23,45", ".", id="groups-of-two"),
    pytest.param("1234,567", ".", id="a-group-after-four-digits"),
    pytest.param("1,234'567", ".", id="groups-by-two-signs"),
    pytest.param("12.5", ",", id="the-other-decimal-sign"),
    pytest.param("12.", ".", id="no-digit-after-the-point"),
    pytest.param("007", ".", id="leading-noughts"),
    pytest.param("1234567890123456", ".", id="sixteen-digits"),
    pytest.param("0.1234567890", ".", id="ten-decimals"),
    pytest.param("62.7k", ".", id="a-multiplier"),
    pytest.param("3,1 Mio", ",", id="a-multiplier-apart"),
    pytest.param("٣٤", ".", id="digits-of-another-script"),
    pytest.param("-,--", ",", id="none"),
    pytest.param("--2.14", ".", id="two-signs"),
    pytest.param("-$-1.50", ".", id="signs-on-both-sides-of-a-currency"),
    pytest.param("-USD-5", ".", id="signs-on-both-sides-of-a-code"),
    pytest.param("-Rs.-.16", ".", id="signs-on-both-sides-of-a-unit"),
    pytest.param("+ € - 1", ".", id="signs-apart-on-both-sides-of-a-currency"),
]


@pytest.mark.parametrize(("printed", "decimal", "plain"), FIGURES)
def test_a_figure_has_its_printed_digits(printed: str, decimal: str, plain: str) -> None:
    [row] = rows("{symbol} | {price} | {change} |", f"AGL | 1 | {printed} |", decimal=decimal)
    assert row.change == plain


@pytest.mark.parametrize("printed", ["$40.00", "-$40.00", "$-40.00", "$ 40.00"])
def test_a_currency_of_the_layout_has_a_sign_before_or_behind_it(printed: str) -> None:
    assert [row.price.lstrip("-") for row in rows("{symbol} ${price}", f"AGL {printed}")] == ["40.00"]
    assert rows("{symbol} ${price}", "AGL -$-40.00") == []


@pytest.mark.parametrize(("printed", "decimal"), NO_FIGURES)
def test_what_is_no_figure_does_not_fit(printed: str, decimal: str) -> None:
    assert rows("{symbol} | {price} | {change} |", f"AGL | 1 | {printed} |", decimal=decimal) == []


NAMES = [
    pytest.param("E-STOXX 50 3.822,98", ",", {}, "E-STOXX 50", "3822.98", id="a-name-that-ends-in-a-number"),
    pytest.param("3M Co 97.10", ".", {}, "3M Co", "97.10", id="a-name-that-begins-with-a-digit"),
    pytest.param("20 Microns 97.10", ".", {}, "20 Microns", "97.10", id="a-name-that-begins-with-a-number"),
    pytest.param("STOXX 600 512.20", ".", {"groups": ","}, "STOXX 600", "512.20", id="no-groups-by-spaces"),
    pytest.param("STOXX 600 512.20", ".", {"groups": ""}, "STOXX 600", "512.20", id="no-groups-at-all"),
    pytest.param("STOXX 600 5512.20", ".", {}, "STOXX 600", "5512.20", id="a-number-that-is-no-first-group"),
    pytest.param("Top 100 200 Fund 12.20", ".", {}, "Top 100 200 Fund", "12.20", id="groups-within-a-name"),
    pytest.param("Air 1\u00a0234.20", ".", {"groups": " \u00a0"}, "Air", "1234.20", id="declared-no-break-spaces"),
    pytest.param("A Z 12 345 678,00", ",", {"groups": " "}, "A Z", "12345678.00", id="declared-groups-of-millions"),
    pytest.param("OTP 12 345,00", ",", {"groups": " "}, "OTP", "12345.00", id="groups-by-spaces-that-are-declared"),
    pytest.param("STOXX 600 512,20", ",", {"groups": "."}, "STOXX 600", "512.20", id="groups-by-points-alone"),
    pytest.param("Air 1\u202f234,20", ",", {}, "Air", "1234.20", id="groups-by-narrow-spaces-after-a-name"),
    pytest.param("東雲指数 2753.93", ".", {}, "東雲指数", "2753.93", id="another-script"),
    pytest.param("Gold - 1800.04", ".", {}, "Gold -", "1800.04", id="a-dash-is-no-sign-of-a-price"),
    pytest.param("  Gold\t 1800.04  ", ".", {}, "Gold", "1800.04", id="blanks-around"),
    pytest.param("ETF Bank USD 5.00", ".", {}, "ETF Bank", "5.00", id="a-currency-before-the-price"),
]


@pytest.mark.parametrize(("line", "decimal", "settings", "name", "price"), NAMES)
def test_a_name_goes_as_far_as_the_rest_fits(
    line: str, decimal: str, settings: dict[str, str], name: str, price: str
) -> None:
    assert [(row.name, row.price) for row in rows("{name} {price}", line, decimal=decimal, **settings)] == [
        (name, price)
    ]


@pytest.mark.parametrize(
    ("layout", "line", "decimal"),
    [
        pytest.param("{name} {price}", "STOXX 600 512,20", ",", id="a-number-that-may-be-of-the-name-or-the-figure"),
        pytest.param("{name} {price}", "1234 97.10", ".", id="a-name-without-a-letter"),
        pytest.param("{symbol} {price}", "12.50 97.10", ".", id="a-symbol-that-is-a-figure"),
        pytest.param("{symbol} {price}", "1234567 97.10", ".", id="a-symbol-of-seven-digits"),
        pytest.param("{symbol} {price}", "ABCDEFGHIJKLMNOPQRSTU 97.10", ".", id="a-symbol-of-21-characters"),
        pytest.param("{name} {price}", "a b c d e f g h i j k l m 97.10", ".", id="a-name-of-thirteen-words"),
        pytest.param("{symbol} {price}", "AGL 97.10 x", ".", id="text-after"),
        pytest.param("{symbol} {price}", "x AGL 97.10", ".", id="text-before"),
        pytest.param("{symbol} {price}\n{change}", "AGL 97.10 1.00", ".", id="a-missing-line-end"),
    ],
)
def test_a_line_that_does_not_fit_gives_no_row(layout: str, line: str, decimal: str) -> None:
    assert rows(layout, line, decimal=decimal) == []


@pytest.mark.parametrize(
    ("symbol"), ["AGL", "786", "MONET.PR", "M&M", "600519.SS", "^GSPC", "ΟΤΕ", "BRK-B", "NYSE:IBM", "btc", "7ABC"]
)
def test_a_symbol_is_one_word_of_any_script(symbol: str) -> None:
    assert [row.symbol for row in rows("{symbol} {price}", f"{symbol} 1.00")] == [symbol]


@pytest.mark.parametrize(
    ("layout", "line", "expected"),
    [
        pytest.param("{name};{price};{skip}", "A;B;5;x", ("A;B", None), id="a-name-ends-at-the-sign-that-fits"),
        pytest.param("{name} ({symbol}) {price}", "Irb (X) Co (IRBR3) 5", ("Irb (X) Co", "IRBR3"), id="in-parentheses"),
        pytest.param("{symbol}: {price}", "NYSE: 5", (None, "NYSE"), id="a-symbol-ends-at-the-sign-after-it"),
        pytest.param("{skip}|{name} {price} {skip}%", "x|Y 5 9%", ("Y", None), id="a-word-ends-at-the-sign-after-it"),
        pytest.param("{name} {price} [{change} ]{skip}", "Y 5 9", ("Y", None), id="an-optional-part-gives-way"),
        pytest.param("{name} {price} [{change}] [x]", "Y 5", ("Y", None), id="blanks-around-what-is-absent"),
        pytest.param("[x] {name} {price}", "Y 5", ("Y", None), id="a-blank-after-what-is-absent-at-the-beginning"),
        pytest.param("{name} [({symbol}) ]{price}", "Y 5", ("Y", None), id="a-symbol-that-is-absent"),
        pytest.param("{symbol}[.{skip}] {price}", "Y.DE 5", (None, "Y"), id="a-part-that-is-glued"),
        pytest.param("{price} {name}", "5 Y Corp", ("Y Corp", None), id="a-name-at-the-end"),
        pytest.param("{price}Ft {symbol}", "5Ft Y", (None, "Y"), id="a-unit-in-the-layout"),
        pytest.param("{price} {symbol}", "5 USD", (None, "USD"), id="no-unit-where-a-word-is-read"),
        pytest.param("{name} {price} {percent}%", "Y 5 1,5 %".replace(",", "."), ("Y", None), id="a-blank-before-%"),
        pytest.param("{symbol} {price}<up|down>", "Y 5up", (None, "Y"), id="words-directly-after-a-figure"),
        pytest.param("...{symbol} {price}% x...", "so Y 5% x.", (None, "Y"), id="a-word-at-an-open-end"),
        pytest.param("...x {symbol} {price}%", "so x Y 5%", (None, "Y"), id="a-word-at-an-open-beginning"),
        pytest.param("{symbol}<▲|▼> {price}", "Y▲ 5", (None, "Y"), id="an-arrow-directly-after-a-symbol"),
    ],
)
def test_elements_stand_beside_one_another(layout: str, line: str, expected: tuple[str | None, str | None]) -> None:
    assert [((row.name, row.symbol), row.price) for row in rows(layout, line)] == [(expected, "5")]


WHOLE_WORDS = [
    "12.50",
    "12.50.",
    "12.50, and",
    '("12.50"), and',
    "12.50\u00a0and",
    "(12.50)",
    "12.50|x",
    "12.50 %",
    "12.50;",
]
PARTS_OF_WORDS = ["12.50:30", "12.50·5", "12.50/4", "12.50٫2", "12.50-13", "12.50．5", "12.50`500", "12.50x", "12.50%"]


@pytest.mark.parametrize("word", WHOLE_WORDS)
def test_a_figure_beside_an_open_end_is_a_whole_word(word: str) -> None:
    figure = word.lstrip('("')
    assert [row.price for row in rows("{symbol} <up|down> {price}...", f"AGL up {figure}")] == ["12.50"]
    before = word[: len(word) - len(figure)] + "12.50"
    assert [row.price for row in rows("... {price} {symbol} <up|down>", f"so {before} AGL up")] == ["12.50"]


@pytest.mark.parametrize("word", PARTS_OF_WORDS)
def test_a_word_is_not_cut_at_an_open_end(word: str) -> None:
    assert rows("{symbol} <up|down> {price}...", f"AGL up {word}") == []
    assert rows("...{symbol} <up|down> {price}...", f"so AGL up {word} or more") == []


@pytest.mark.parametrize("word", ["12:34.50", "3/4.50", "x4.50", "12-4.50", "..4.50", "x(4.50"])
def test_a_word_is_not_cut_at_an_open_beginning(word: str) -> None:
    assert rows("...{price} {symbol} <up|down> {percent}%", f"{word} AGL up 1%") == []
    assert rows("...{price} {symbol} <up|down> {percent}%", f"so {word} AGL up 1%") == []


@pytest.mark.parametrize("behind", ["(0.4%)", " so", "-0.16", ""])
def test_anything_may_stand_behind_a_mark_at_an_open_end(behind: str) -> None:
    assert [row.direction for row in rows("{symbol} {price} <▲|▼>...", f"AGL 40.00 ▼{behind}")] == ["down"]


DIRECTIONS = [
    pytest.param("+1.00 +2%", None, ("up", "1.00", "2"), id="signs"),
    pytest.param("-1.00 -2%", None, ("down", "-1.00", "-2"), id="signs-of-a-fall"),
    pytest.param("-1.00 2%", None, ("down", "-1.00", "-2"), id="an-unsigned-percent-follows-the-change"),
    pytest.param("1.00 -2%", None, ("down", "-1.00", "-2"), id="an-unsigned-change-follows-the-percent"),
    pytest.param("0.00 0%", None, ("unchanged", "0.00", "0"), id="zeros"),
    pytest.param("+0.00 +0.01%", None, ("up", "0.00", "0.01"), id="a-change-that-is-rounded-to-zero"),
    pytest.param("0.00 0.01%", None, ("unchanged", "0.00", "0.01"), id="a-zero-change-beside-an-unsigned-percent"),
    pytest.param("1.00 2%", None, (None, "1.00", "2"), id="no-sign"),
    pytest.param("1.00 2%", "up", ("up", "1.00", "2"), id="no-sign-that-means-up"),
    pytest.param("-0.00 -0.00%", "up", ("unchanged", "-0.00", "-0.00"), id="a-zero-with-a-sign"),
]


@pytest.mark.parametrize(("moves", "unsigned", "expected"), DIRECTIONS)
def test_signs_tell_the_direction(moves: str, unsigned: str | None, expected: tuple[str, ...]) -> None:
    layout = compile_layout("{symbol} {price} {change} {percent}%", unsigned=unsigned)
    [row] = read_text(f"AGL 50.00 {moves}", [layout]).rows()
    assert (row.direction, row.change, row.change_percent) == expected


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        pytest.param("went up 1.00", ("up", "1.00", "49.00"), id="up"),
        pytest.param("went\u00a0 down 1.00", ("down", "-1.00", "51.00"), id="down-and-an-unsigned-change"),
        pytest.param("went down +1.00", ("down", "1.00", "49.00"), id="down-and-a-sign-that-says-otherwise"),
        pytest.param("is flat 0.00", ("unchanged", "0.00", "50.00"), id="flat"),
        pytest.param("-1.00", ("down", "-1.00", "51.00"), id="no-words"),
        pytest.param("1.00", (None, "1.00", None), id="no-words-and-no-sign"),
    ],
)
def test_words_tell_the_direction_before_signs_do(moves: str, expected: tuple[str, ...]) -> None:
    [row] = rows("{symbol} {price} [<went up|went down|is flat> ]{change}", f"AGL 50.00 {moves}")
    assert (row.direction, row.change, row.previous_close) == expected


@pytest.mark.parametrize(
    ("moves", "expected"),
    [
        pytest.param("▲ 0.16", "up", id="up"),
        pytest.param("▼ 0.00", "unchanged", id="an-arrow-beside-a-zero"),
        pytest.param("▼ 0.00 0%", "unchanged", id="an-arrow-beside-two-zeros"),
        pytest.param("▼ 0%", "unchanged", id="an-arrow-beside-a-zero-percent"),
        pytest.param("▼ 0.00 0.01%", "down", id="an-arrow-beside-a-change-that-is-rounded-to-zero"),
    ],
)
def test_two_arrows_tell_nothing_of_a_zero(moves: str, expected: str) -> None:
    [row] = rows("{symbol} {price} <▲|▼> [{change}] [{percent}%]", f"AGL 50.00 {moves}")
    assert row.direction == expected


def test_values_that_are_not_printed_are_none_except_the_previous_close() -> None:
    reading = read_text("AGL 40.00\nBOP 5.00 -0.10\n", [compile_layout("{symbol} {price} [{change}]", name="mine")])
    assert list(reading.rows()) == [
        LayoutRow("AGL", None, "40.00", None, None, None, None, "mine", 0, 9, 1),
        LayoutRow("BOP", None, "5.00", "-0.10", None, "down", "5.10", "mine", 10, 24, 2),
    ]
    assert reading.change == ["", "-0.10"]
    assert reading.previous_close == ["", ""]


def test_a_previous_close_that_is_printed_stays_as_it_is() -> None:
    [row] = rows("{symbol} {previous} {price} {change}", "AGL 41.00 40.00 -0.99")
    assert row.previous_close == "41.00"


# Several layouts.

SHARES = compile_layout("{symbol} {price} {change}", name="shares")
FUNDS = compile_layout("{name} {price} {percent}%", name="funds")
CELLS = compile_layout("{symbol}\n{price}\n{change}", name="cells")
TAPE = compile_layout("...{symbol} {price} ({percent}%)...", name="tape")


def read(text: str, *choice: object) -> list[tuple[str | None, str | None, int]]:
    return [(row.layout, row.symbol or row.name, row.line) for row in read_text(text, list(choice)).rows()]  # type: ignore[arg-type]


def test_each_line_is_read_by_the_first_layout_that_fits() -> None:
    text = "AGL 40.00 -0.16\nBig Fund 10.00 +1%\n\nBOP 5.00 +0.01\r\nCNE\n4.50\n-0.06\nDFM 1.00 +1%\r"
    found = [
        ("shares", "AGL", 1),
        ("funds", "Big Fund", 2),
        ("shares", "BOP", 4),
        ("cells", "CNE", 5),
        ("funds", "DFM", 8),
    ]
    assert read(text, SHARES, FUNDS, CELLS) == found
    assert read(text, CELLS, FUNDS, SHARES) == found


def test_a_line_goes_to_the_first_of_two_layouts_that_fit_it() -> None:
    names = compile_layout("{name} {price} {change}", name="names")
    assert read("AGL 40.00 -0.16", SHARES, names) == [("shares", "AGL", 1)]
    assert read("AGL 40.00 -0.16", names, SHARES) == [("names", "AGL", 1)]


def test_an_open_layout_takes_the_whole_line() -> None:
    text = "now (AGL 40.00 (-0.4%), BOP 5.00 (+1%))\nCNE 4.50 -1%\nDFM 1.00 (+1%)\nEQL 1.00 -1%"
    others = [("funds", "CNE", 2), ("tape", "DFM", 3), ("funds", "EQL", 4)]
    assert read(text, TAPE, FUNDS) == [("tape", "AGL", 1), ("tape", "BOP", 1), *others]


def test_quotes_of_a_layout_on_both_sides_of_another_ones_leave_the_rest_to_a_third() -> None:
    text = "Big Fund 1.00 1%\nA 1 (1%) B 2 (2%)\nCNE 4.50 -0.06\nDFM 1.00 1%\nE 1 1"
    order = [(TAPE, FUNDS, SHARES), (FUNDS, TAPE, SHARES), (SHARES, FUNDS, TAPE)]
    assert [len(read(text, *choice)) for choice in order] == [6, 6, 6]


def test_no_layout_at_all_reads_nothing() -> None:
    assert read("AGL 40.00 -0.16") == []


# Malformed lines.

FITTING = {
    "{price}": "40.00",
    "{previous}": "41.00",
    "{percent}": "-1",
    "{symbol}": "AGL",
    "{name}": "AGL",
    "{skip}": "x",
}
FITTING |= {"<up|down>": "up", "[{change} ]": ""}
GOOD = re.compile(r"\[.*\]|<.*>|\{\w+\}")


@pytest.mark.parametrize(
    ("layout", "bad", "expected", "column", "token"),
    [
        pytest.param("{symbol} {price} {percent}%", "BOP 5,x0 +1%", "a price", 5, "5,x0", id="a-damaged-price"),
        pytest.param("{symbol} {price} {percent}%", "BOP  5.00 +1", '"%"', 13, "", id="no-per-cent-sign"),
        pytest.param("{symbol} {price} {percent}%", "BOP 5.00", "a space", 9, "", id="a-line-that-ends-too-early"),
        pytest.param("{symbol} {price} {percent}%", "BOP 5.00 +1% x", "the end of the line", 14, "x", id="text-after"),
        pytest.param("{symbol} {price} {percent}%", "(BOP) 5.00 +1%", "a symbol", 1, "(BOP)", id="no-symbol"),
        pytest.param("{symbol} {price} {percent}%", "BOP n/a", "a price", 5, "n/a", id="no-price"),
        pytest.param("{name} {price} {percent}%", "Big Co 4x,10 +1%", "a price", 8, "4x,10", id="a-price-after-a-name"),
        pytest.param("{name} {price} {percent}%", "E-W 50 3,822.98 +1,x%", "a percent", 17, "+1,x%", id="a-percent"),
        pytest.param("{name} {price} [{change} ]{percent}%", "A 1 +1 +", '"%"', 8, "+", id="after-an-optional-part"),
        pytest.param("{name} {price} {skip} <up|down>", "A 1.0 x left", "up or down", 9, "left", id="other-words"),
        pytest.param("{name} {price} {percent}%", "Big Co x4.10 +1%", "a price", 8, "x4.10", id="a-letter-in-front"),
        pytest.param("{name} {price} {percent}%", "Big Co +1.00 +x%", "a price", 8, "+1.00", id="no-price-and-more"),
        pytest.param("{name} {price} {percent}%", "Big Co n/a n/a", "a price", 8, "n/a", id="no-figures"),
        pytest.param("{name} {price} {percent}%", "Big Co - -", "a price", 8, "-", id="dashes"),
        pytest.param("{name} {price} {percent}%", "12 40.00 -1%", "a name", 1, "12", id="a-name-without-a-letter"),
        pytest.param("{name} {price}", f"{'a ' * 13}5.0", "a name of 12 words at most", 25, "a", id="a-long-name"),
        pytest.param("{symbol} {price} {percent}%", "BOP x 5.00 +1%", "a price", 5, "x", id="a-word-more"),
        pytest.param("{symbol} {price} {percent}%", "BOP 5.00+1%", "a price", 5, "5.00+1%", id="no-blank"),
        pytest.param("{symbol} {price}", "BOP 5.0x", "a price", 5, "5.0x", id="figures-and-letters"),
        pytest.param("{name}|{price}|{percent}%|", "Oil|7O.62|-1%|", "a price", 5, "7O.62", id="cells-with-bars"),
        pytest.param("{name}|{price}|{percent}%|", "Oil|-|-|", "a price", 5, "-|-|", id="cells-without-figures"),
        pytest.param("{name}|{price}|{percent}%|", "Oil|1.50|", "a percent", 10, "", id="cells-that-are-absent"),
        pytest.param("{symbol} {name} {price} {percent}%", "716460 A B 1x,3 +1%", "a price", 12, "1x,3", id="a-code"),
        pytest.param("{symbol}: {price}", "BOP; 5.00", '":"', 4, ";", id="another-sign"),
        pytest.param("{symbol} {price} {skip} {percent}%", "BOP 5.O0 16:30 +1%", "a price", 5, "5.O0", id="a-time"),
        pytest.param("{name} {price} {previous} {percent}%", "A 1.0", "a space", 6, "", id="no-previous-close"),
    ],
)
def test_a_line_between_two_that_fit_is_malformed(
    layout: str, bad: str, expected: str, column: int, token: str
) -> None:
    good = GOOD.sub(lambda field: FITTING[field[0]], layout)
    text = f"Board\n{good}\n{bad} \n{good}\nEnd\n{good}\n"
    [malformed] = read_text(text, [compile_layout(layout, name="x")]).malformed
    assert (malformed.place.expected, malformed.column) == (expected, column)
    assert text[malformed.place.start : malformed.place.end] == token
    assert text[malformed.start : malformed.end] == bad


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("\nheading\n\n", id="a-line-between-blank-ones"),
        pytest.param("one\ntwo\n", id="two-lines"),
        pytest.param("\n\n", id="blank-lines"),
        pytest.param("Big Fund 10.00 +1%\n", id="a-line-that-another-layout-reads"),
        pytest.param("ENERGY\n", id="a-heading"),
        pytest.param("Energy sector\n", id="a-heading-of-two-words"),
        pytest.param("Energy - Oil and Gas\n", id="a-heading-with-a-dash"),
        pytest.param("Symbol Last Change\n", id="titles-of-columns"),
        pytest.param("Monday 17 April 2024\n", id="a-date"),
        pytest.param("April 17 2024\n", id="a-date-of-a-word-and-numbers"),
        pytest.param("17.04.2024\n", id="a-date-in-digits"),
        pytest.param("Updated 16:30\n", id="a-time"),
        pytest.param("Stand: 17.04.2024, 16:30\n", id="a-date-and-a-time"),
        pytest.param("Page 2 of 3\n", id="a-page"),
        pytest.param("Top 10 gainers\n", id="a-heading-with-a-number"),
        pytest.param("---- ---- ----\n", id="a-rule"),
        pytest.param("Shares rose 2.5% on Tuesday after the news\n", id="a-sentence"),
        pytest.param("The whole market was up by 2.50 or 1.20\n", id="a-sentence-that-ends-in-figures"),
        pytest.param("Index 5.x\n" * 9, id="more-lines-than-are-damaged-by-chance"),
        pytest.param("Updated 16:30 17.04\n", id="a-time-and-a-day"),
        pytest.param("April 17th 2024\n", id="a-date-with-a-letter"),
        pytest.param("Top 100 gainers\n", id="a-heading-with-a-larger-number"),
        pytest.param("Version 2.5 was released today\n", id="a-sentence-with-a-figure"),
        pytest.param(f"BOP 5.x {'x' * 9999}\n", id="a-line-longer-than-any-quote"),
    ],
)
def test_what_may_be_something_else_is_not_malformed(between: str) -> None:
    text = f"AGL 40.00 -0.16\n{between}BOP 5.00 +0.01\n"
    assert read_text(text, [SHARES, FUNDS]).malformed == []


FIVE = "{symbol} {name} {price} {change} {percent}%"
FOUR = "{name} {price} {change} {percent}%"
CODES = "{symbol} {price} {change} {percent}%"


@pytest.mark.parametrize(
    ("layout", "bad", "token", "expected"),
    [
        pytest.param(FOUR, "Novo - B 9O.00 -2.00 -2.17%", "9O.00", "a price", id="a-name-with-a-dash"),
        pytest.param(FOUR, "A , B 9O.00 -2.00 -2.17%", "9O.00", "a price", id="a-name-with-a-comma"),
        pytest.param(FOUR, "F&C 4.5% Loan 9O.00 -2.00 -2.17%", "9O.00", "a price", id="a-name-with-a-percent"),
        pytest.param(FOUR, "1.5x Bull 9O.00 -2.00 -2.17%", "9O.00", "a price", id="a-name-with-a-figure"),
        pytest.param(FOUR, "Merck N.A. Group 9O.00 -2.00 -2.17%", "9O.00", "a price", id="a-name-with-a-mark"),
        pytest.param(FOUR, "Oil rose 2.5% to $71.20", "2.5%", "a price", id="a-percent-within-a-name"),
        pytest.param(FIVE, "0700.HK Big Co 40O.00 -2.00 -0.50%", "40O.00", "a price", id="a-symbol-with-a-point"),
        pytest.param(CODES, "MSFT 89:87 -2.00 -2.18%", "89:87", "a price", id="damage-like-a-time"),
        pytest.param(CODES, "MSFT 1.2.3 -2.00 -2.18%", "1.2.3", "a price", id="damage-like-a-date"),
        pytest.param(CODES, "MSFT 89.87 -2.00 4:41%", "4:41%", "a percent", id="a-percent-like-a-time"),
        pytest.param(CODES, "MSFT -2.00 -2.18%", "-2.00", "a price", id="no-price"),
        pytest.param("{name} {price} {previous}", "Sony 13O00 13040", "13O00", "a price", id="whole-prices"),
        pytest.param("{name} {price}[ {change} {percent}%]", "Z 7.00 - -", "-", "the end of the line", id="dashes"),
        pytest.param("{symbol} {price} <up|down> {change} {percent}%", "A up 0.01 1%", "up", "a price", id="a-word"),
        pytest.param("{symbol} {price} <up|down>...", "A 5.x up 1%", "5.x", "a price", id="before-an-open-end"),
        pytest.param(
            "{symbol} {price} <up|down> {change} {percent}%...",
            "A up 2.0 1% x",
            "up",
            "a price",
            id="no-price-at-an-open-end",
        ),
    ],
)
def test_a_line_with_one_wrong_token_is_malformed(layout: str, bad: str, token: str, expected: str) -> None:
    good = GOOD.sub(
        lambda field: (FITTING | {"{change}": "-1.00"})[field[0]], layout.replace("[ {change} {percent}%]", "")
    )
    found = read_text(f"{good}\n{bad}\n{good}\n", [compile_layout(layout)]).malformed
    assert [(bad[one.column - 1 :].split(" ")[0], one.place.expected) for one in found] == [(token, expected)]


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("OGDC closed at 199.66, increased by 4.72 (2.42%).", id="a-close-and-a-change"),
        pytest.param("Loans flat, deposits up by 4.1%, advances down by 2.9%", id="percents"),
        pytest.param("Sales came to 4,210.7 (+8%), profit to 312.4 (-3%).", id="percents-in-parentheses"),
        pytest.param("At 11:30 the index was at 804.2, at 14:00 at 1,602 (1.68%).", id="times"),
        pytest.param("April 17th 2024", id="a-date"),
        pytest.param("Updated on 17 April 2024, 16:30", id="a-date-and-a-time"),
    ],
)
@pytest.mark.parametrize("layout", ["{name} {price} {previous}", "{name} {price}[ {change} {percent}%]"])
def test_a_sentence_that_a_name_could_hold_is_not_malformed(layout: str, sentence: str) -> None:
    good = layout.partition("[")[0].format(name="AGL", price="40.00", previous="41.00")
    assert read_text(f"{good}\n{sentence}\n{good}\n", [compile_layout(layout)]).malformed == []


REST = compile_layout("{symbol} {price} <up|down> {percent}%...")


@pytest.mark.parametrize(
    "between",
    [
        pytest.param("", id="other-text-behind-quotes"),
        pytest.param("In 2.5 days the market was up\n", id="a-sentence-with-a-figure"),
        pytest.param("Sold at 16:30, they said, up 1%\n", id="a-time"),
        pytest.param("Version 2.5 released\n", id="a-figure-behind-a-word"),
        pytest.param("Shares up 2% on Monday\n", id="a-sentence-with-a-percent"),
    ],
)
def test_other_text_beside_quotes_with_an_open_end_is_not_malformed(between: str) -> None:
    text = f"A 5.00 up 1% 4.00 6.00\n{between}B 5.00 up 1% 4.00 6.00\nC 5.00 up 1% A 5.00 up"
    reading = read_text(text, [REST])
    assert (reading.symbol, reading.malformed) == (["A", "B", "C"], [])


def test_a_damaged_line_between_quotes_of_two_layouts_is_malformed_by_either() -> None:
    text = "AGL 40.00 -0.16\nBOP 5.x0 -0.10\nBig Fund 10.00 +1%\nSmall Fund 4.x0 1%\nCNE 4.50 -0.06\n"
    found = read_text(text, [SHARES, FUNDS]).malformed
    assert [(one.line, one.column) for one in found] == [(2, 5), (4, 12)]


def test_a_damaged_line_beside_a_quote_of_another_reader_is_not_malformed() -> None:
    text = "AGL 40.00 -0.16\nBOP 5.x0 -0.10\nCNE 4.50 -0.06\n"
    first = read_text(text[:15], [SHARES])
    empty = {name: [""] for name in ("symbol", "name", "price", "change", "change_percent", "direction")}
    others = Quotes(first.begins, first.ends, [OTHER], empty | {"previous_close": [""]})
    assert read_text(text, [SHARES], others=others).malformed == []


def test_of_very_many_damaged_lines_the_first_ones_are_reported() -> None:
    found = read_text("AGL 40.00 -0.16\n" + "BOP 5.x -0.1\n" * 30 + "CNE 4.50 -0.06\n", [SHARES]).malformed
    assert [one.line for one in found] == [*range(2, 10)]


@pytest.mark.parametrize(
    ("bad", "line", "expected"),
    [
        pytest.param("BOP\nDown\n-0.01\n0.15%", 6, "a price", id="no-price"),
        pytest.param("5.00\nDown\n-0.01\n0.15%", 5, "a symbol", id="no-symbol"),
    ],
)
def test_a_quote_without_one_of_its_cells_is_malformed(bad: str, line: int, expected: str) -> None:
    layout = compile_layout("{symbol}\n{price}\n<Up|Down>\n{change}\n{percent}%")
    good = "{}\n5.00\nDown\n-0.01\n-0.2%\n"
    [malformed] = read_text(
        good.format("A").replace("\n-0.2%", "\n-0.2%") + bad + "\n" + good.format("C"), [layout]
    ).malformed
    assert (malformed.line - 1, malformed.place.expected) == (line, expected)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_damaged_lines_in_a_row_are_malformed(count: int) -> None:
    text = "AGL 40.00 -0.16\n" + "BOP 5.x0 +0.01\n\nENERGY\n" * (count // 2) + "BOP 5.x0 +0.01\n" * (count % 2)
    found = read_text(text + "CNE 4.50 -0.06\n", [SHARES]).malformed
    assert [one.column for one in found] == [5] * ((count + 1) // 2)


@pytest.mark.parametrize(
    ("layout", "tail", "column", "expected"),
    [
        pytest.param("{symbol} {price} {change}", "BOP 5.00", 9, "a space", id="after-the-price"),
        pytest.param("{symbol} {price} {change}", "BOP 5.00 ", 9, "a space", id="after-a-blank"),
        pytest.param("{symbol} {price} {change}", "BOP 5.00 -", 10, "a change", id="at-a-sign"),
        pytest.param("{symbol} {price} {change}", "BOP 5.", 5, "a price", id="within-the-price"),
        pytest.param("{symbol}\n{price}\n{change}", "BOP\n5.00\n\n", 5, "a change", id="between-cells"),
    ],
)
def test_a_last_line_that_is_cut_off_is_malformed(layout: str, tail: str, column: int, expected: str) -> None:
    compiled = compile_layout(layout)
    good = GOOD.sub(lambda field: {"{change}": "1.00"}.get(field[0], FITTING.get(field[0], "")), layout)
    [malformed] = read_text(f"{good}\n{tail}", [compiled]).malformed
    assert (malformed.column, malformed.place.expected) == (column, expected)
    assert read_text(f"{good}\n{tail}", [compiled], is_last=False).malformed == []


@pytest.mark.parametrize(
    "tail",
    [
        pytest.param("BOP 5.00\n", id="a-whole-line"),
        pytest.param("BOP", id="no-price"),
        pytest.param("Page 5 of 6", id="a-line-that-goes-on-after-the-price"),
        pytest.param("Energy\nBOP 5.00", id="a-line-after-another-one"),
        pytest.param("x" * 9999, id="a-line-longer-than-any-quote"),
    ],
)
def test_a_last_line_that_is_not_cut_off_after_a_quote_is_something_else(tail: str) -> None:
    assert read_text(f"AGL 40.00 -0.16\n{tail}", [SHARES]).malformed == []


def test_a_line_after_a_quote_of_an_open_layout_is_not_cut_off() -> None:
    assert read_text("AGL 40.00 (1%)\nBOP 5.00", [TAPE]).malformed == []


# Blanks that may group digits.

THREE = "{name} {price} {change} {percent}%"


@pytest.mark.parametrize(
    ("layout", "line", "expected"),
    [
        pytest.param("{symbol} {price} {percent}%", "F 1 234,50 +0,08%", (None, "1234.50"), id="one-reading"),
        pytest.param("{symbol} {price}", "F 1 234 567,50", (None, "1234567.50"), id="groups-of-millions"),
        pytest.param("{symbol} {price}", "F EUR1 234,50", (None, "1234.50"), id="after-a-currency"),
        pytest.param("{symbol} {price} {skip}", "F 1 234", (None, "1"), id="two-figures"),
        pytest.param("{symbol} {price} [{skip}]", "F 1 234,5 x", (None, "1234.5"), id="one-reading-of-parts"),
        pytest.param(THREE, "Fiat 1 234,50 +1,00 +0,08%", ("Fiat", "1234.50"), id="figures-that-agree"),
        pytest.param(THREE, "Nasdaq 100 234,50 1,00 0,43%", ("Nasdaq 100", "234.50"), id="agree-the-other-way"),
        pytest.param(THREE, "A 9 x 1 234,50 1 000,00 426,44%", ("A 9 x", "1234.50"), id="two-figures-that-agree"),
    ],
)
def test_blanks_group_digits_where_no_other_reading_is_right(
    layout: str, line: str, expected: tuple[str | None, str]
) -> None:
    reading = read_text(line, [compile_layout(layout, decimal=",")])
    assert [(row.name, row.price) for row in reading.rows()] == [expected]
    assert reading.malformed == []


@pytest.mark.parametrize(
    ("layout", "line", "column", "token"),
    [
        pytest.param("{name} {price} {percent}%", "Fiat 1 234,50 +0,08%", 6, "1 234", id="nothing-to-check"),
        pytest.param("{name} {price} {percent}%", "Fiat 1 234,50 0,08%", 6, "1 234", id="no-sign-makes-no-difference"),
        pytest.param(THREE, "Fiat 1 234,50 +1,00 +9,00%", 6, "1 234", id="figures-that-agree-in-no-way"),
        pytest.param(THREE, "Fiat 1 234 500 +0,08%", 6, "1 234 500", id="a-third-reading"),
        pytest.param("{symbol} {price} [{change} ]{skip}", "F 1 234 567 x", 3, "1 234 567", id="groups-or-parts"),
        pytest.param("...{symbol} {price} ({percent}%)", "so Fiat 1 234,50 (1%)", 9, "1 234", id="an-open-layout"),
        pytest.param(
            "{symbol} <up|down> {price} {previous}...",
            "A up 98 726 100 457 x",
            6,
            "98 726 100 457",
            id="two-figures-at-an-open-end",
        ),
        pytest.param("{symbol} <up|down> {price}...", "A up 1 234 567 x", 6, "1 234 567", id="one-at-an-open-end"),
        pytest.param(
            "{symbol} <up|down> {price}[ y {previous}]...",
            "A up 1 y 234 567 x",
            10,
            "234 567",
            id="in-an-optional-part",
        ),
    ],
)
def test_a_line_with_two_readings_is_malformed_wherever_it_is(layout: str, line: str, column: int, token: str) -> None:
    reading = read_text(line, [compile_layout(layout, decimal=",", name="x")])
    [malformed] = reading.malformed
    assert (reading.price, malformed.column) == ([], column)
    assert line[malformed.place.start : malformed.place.end] == token
    assert malformed.place.reason == (
        f'"{token}" could be one figure or several: set groups in a file of layouts, or group by U+00A0'
    )


@given(st.lists(st.sampled_from(["A", "up", "1", "98", "234", "567", "567,5", "y", "%", "\n"]), max_size=30))
def test_open_ends_take_no_part_of_a_figure(words: list[str]) -> None:
    text = " ".join(["A up", *words])
    for ends in ("{}...", "...{}", "...{}..."):
        for inner in ("{symbol} <up|down> {price}", "{symbol} <up|down> {price}[ y {previous}]"):
            reading = read_text(text, [compile_layout(ends.format(inner), decimal=",")])
            figures = re.findall("[0-9]+(?: [0-9]{3}(?![0-9]))*(?:,[0-9]+)?", text)
            assert {*reading.price} <= {figure.replace(" ", "").replace(",", ".") for figure in figures}
            assert all("several" in one.place.reason for one in reading.malformed if one.place.reason)


def test_each_line_with_two_readings_is_judged_on_its_own() -> None:
    lines = ["Fiat 1 234,50 +1,00 +9,00%", "Fiat 1 234,50 +1,00 +0,08%", "Nasdaq 100 234,50 1,00 0,43%"] * 2
    reading = read_text("\n\nx\n".join(lines), [compile_layout(THREE, decimal=",")])
    assert reading.price == ["1234.50", "234.50"] * 2
    assert [one.line for one in reading.malformed] == [1, 10]


def test_a_name_of_too_many_words_is_malformed_wherever_it_is() -> None:
    reading = read_text(f"1 {'a ' * 12}5.00\n\n1 {'a ' * 13}5.00", [compile_layout("{name} {price}")])
    assert (reading.price, [(one.line, one.column) for one in reading.malformed]) == (["5.00"], [(3, 27)])


@pytest.mark.parametrize(
    ("layout", "line", "figure"),
    [
        pytest.param("{name} {price} {percent}%", "Foo 40.00 41.00 -0.40%", "40.00", id="two-figures"),
        pytest.param("{name} {price} {percent}%", "Foo 40.0 41.0 -0.40%", "40.0", id="with-one-decimal"),
        pytest.param("{name} {price} {percent}%", "Foo $40.00 -1.00 -0.40%", "$40.00", id="a-currency"),
        pytest.param("{name} {price} {percent}%", "Foo 1,040.00 41 -0.40%", "1,040.00", id="with-groups"),
        pytest.param("{name} {price} {percent}%", "Foo -.67 41 -0.40%", "-.67", id="no-whole-part"),
        pytest.param("{symbol} [{name} ]{price}", "F Foo 1.25 41.00", "1.25", id="an-optional-name"),
        pytest.param("{name} [{change} ]{price}", "Foo 1.25 2.00 41.00", "1.25", id="before-an-optional-figure"),
    ],
)
def test_a_name_that_ends_in_a_figure_with_decimals_is_in_doubt(layout: str, line: str, figure: str) -> None:
    reading = read_text(line, [compile_layout(layout)])
    [malformed] = reading.malformed
    assert (reading.price, line[malformed.place.start : malformed.place.end]) == ([], figure)
    assert (
        malformed.place.reason == f'"{figure}" could be the end of the name or a figure that the layout does not have'
    )


@pytest.mark.parametrize(
    ("layout", "line", "name"),
    [
        pytest.param("{name} {price}", "S&P 500 5,123.41", "S&P 500", id="a-whole-number"),
        pytest.param("{name} {price}", "Fund 2.0 51.20", "Fund 2.0", id="a-version"),
        pytest.param("{name} {price}", "Loan 4.25% 51.20", "Loan 4.25%", id="a-percent"),
        pytest.param("{name} {price}", "Loan 4.25 Co 51.20", "Loan 4.25 Co", id="a-figure-within"),
        pytest.param("{name}|{price}", "Loan 4.25|51.20", "Loan 4.25", id="a-cell"),
        pytest.param("{name}\n{price}", "Loan 4.25\n51.20", "Loan 4.25", id="a-line"),
        pytest.param("{name} ({symbol}) {price}", "Loan 4.25 (X) 51.20", "Loan 4.25", id="before-a-symbol"),
        pytest.param("[x] {name} {price}", "x Fund 3 51.20", "Fund 3", id="behind-an-optional-part"),
    ],
)
def test_a_name_may_end_in_other_numbers(layout: str, line: str, name: str) -> None:
    reading = read_text(line, [compile_layout(layout)])
    assert (reading.name, reading.malformed) == ([name], [])


def test_text_between_quotes_of_an_open_layout_is_not_malformed() -> None:
    assert read_text("AGL 40.00 (1%)\nand\nBOP 5.00 (1%)", [TAPE]).malformed == []


def test_text_between_quotes_of_two_layouts_is_not_malformed() -> None:
    assert read_text("AGL 40.00 -0.16\nand\nBig Fund 10.00 +1%", [SHARES, FUNDS]).malformed == []


@pytest.mark.parametrize(
    ("bad", "line", "column", "expected"),
    [
        pytest.param("BOP\n5.x\n-1.00", 6, 1, "a price", id="a-damaged-cell"),
        pytest.param("BOP\n\n-1.00", 7, 1, "a price", id="an-absent-cell"),
        pytest.param("BOP\n5.00", 6, 5, "a change", id="an-absent-cell-at-the-end"),
        pytest.param("B%P\n5.00\n-1.00", 5, 1, "a symbol", id="a-damaged-symbol"),
    ],
)
def test_a_damaged_quote_of_several_lines_is_malformed(bad: str, line: int, column: int, expected: str) -> None:
    text = f"AGL\n40.00\n-0.16\n\n{bad}\n\nCNE\n4.50\n-0.06\n"
    [malformed] = read_text(text, [CELLS]).malformed
    assert (malformed.line, malformed.column, malformed.place.expected) == (line, column, expected)
    assert text[malformed.start : malformed.end] == bad


@pytest.mark.parametrize(
    "cells",
    [
        pytest.param("12.5\n", id="one-cell-more"),
        pytest.param("12.5\n13.5\n14.5\n15.5\n", id="four-cells-more"),
        pytest.param("x\n" * 4000, id="very-many-cells"),
    ],
)
def test_cells_that_the_layout_passes_over_are_not_malformed(cells: str) -> None:
    assert read_text(f"AGL\n40.00\n-0.16\n{cells}CNE\n4.50\n-0.06\n", [CELLS]).malformed == []


# Texts in pieces.

BOARD = (
    "Board\nAGL 40.00 -0.16\nBAD 1.x -0.1\nBAD 2.x -0.1\n"
    "BOP 5.00 +0.01\n\nCNE\n\n4.50\n-0.06\nDFM\n1.00\n+0.01\nEQL\n1.x\n-0.06\n"
    "FRS\n1.00\n-0.06\nBig Fund 10.00 +1%\nGMA 40.00 (-0.4%)\nHBL 1.00 -0.10\n\n\n\nxxx\n1.00\n"
    "Fiat 1 234.00 (1%)\nBig 1 234.00 1%\nIBL 1 234.00 2.00\nJKL 1.00 -0.10\nKLM 1.00"
)


@given(cuts=st.sets(st.integers(1, BOARD.count("\n"))), order=st.permutations([SHARES, FUNDS, CELLS, TAPE]))
def test_pieces_of_whole_lines_give_what_the_text_gives(cuts: set[int], order: list[object]) -> None:
    whole = read_text(BOARD, order)  # type: ignore[arg-type]
    lines = BOARD.splitlines(keepends=True)
    ends = [*sorted(cuts), len(lines)]
    text, begin, line, done = "", 0, 1, 0
    found: list[LayoutRow] = []
    malformed: list[tuple[int, int, str]] = []
    for start, end in zip([0, *ends], ends, strict=False):
        text += "".join(lines[start:end])
        reading = read_text(text, order, begin=begin, line=line, is_last=end == len(lines))  # type: ignore[arg-type]
        found += [row._replace(start=row.start + done, end=row.end + done) for row in reading.rows()]
        malformed += [(one.line, one.column, one.place.expected) for one in reading.malformed]
        assert reading.resume <= reading.settled
        line += text.count("\n", 0, reading.resume)
        done += reading.resume
        text, begin = text[reading.resume :], reading.settled - reading.resume
    assert found == list(whole.rows())
    assert malformed == [(one.line, one.column, one.place.expected) for one in whole.malformed]


def test_quotes_of_one_line_are_settled_immediately() -> None:
    text = "AGL 40.00 -0.16\nBOP"
    assert read_text(text, [SHARES], is_last=False).settled == len(text)
    assert read_text(text, [], is_last=False).settled == len(text)


def test_quotes_of_several_lines_are_settled_when_no_line_is_open() -> None:
    reading = read_text("AGL\n40.00\n-0.16\n", [CELLS], is_last=False)
    assert (reading.symbol, reading.settled, reading.resume) == (["AGL"], 15, 0)
    reading = read_text("AGL\n40.00\n-0.16\nBOP\n5.00\n", [CELLS], is_last=False)
    assert (reading.symbol, reading.settled, reading.resume) == (["AGL"], 16, 0)


def test_a_quote_that_more_text_may_give_to_another_layout_is_left() -> None:
    longer = compile_layout("{symbol}\n{price}\n{change}\n{percent}%\n{skip}", name="longer")
    text = "AGL\n40.00\n-0.16\n"
    assert read_text(text, [longer, CELLS], is_last=False).symbol == []
    assert read_text(text, [longer, CELLS]).symbol == ["AGL"]
    assert read_text(text, [CELLS, longer], is_last=False).symbol == ["AGL"]
    more = read_text(f"{text}\nBOP\n5.00\n", [longer, CELLS], is_last=False)
    assert (more.symbol, more.settled, more.resume) == ([], 0, 0)


# Any text.

lines = st.one_of(
    st.text(max_size=30),
    st.lists(
        st.sampled_from(
            ["AGL", "Big Co", "600", "512,20", "40.00", "-0.16", "(", "%", ")", "▲", "up", "x" * 70, "•", "$", "|", ","]
        )
        | st.sampled_from([" ", "\t", "\u00a0", "\n", "\r\n", "\r", "\x85", "\u2028", "\udcff", "\0", " " * 70])
    ).map("".join),
)


@given(texts=st.lists(layouts, min_size=1, max_size=3), text=lines, decimal=st.sampled_from(".,"))
def test_any_text_is_read_by_any_layouts(texts: list[str], text: str, decimal: str) -> None:
    try:
        choice = [compile_layout(one, decimal=decimal) for one in texts]
    except LayoutError:
        return
    reading = read_text(text, choice)
    end = 0
    for row in reading.rows():
        assert end <= row.start < row.end <= len(text)
        end = row.end
    for one in reading.malformed:
        assert 0 <= one.start <= one.place.start <= one.place.end <= one.end <= len(text)


@st.composite
def spelled(draw: st.DrawFn, decimal: str) -> tuple[str, str]:
    """Draw a figure with a sign, as a board prints it and in plain form."""
    whole, digits = str(draw(st.integers(0, 10**12))), draw(st.text("0123456789", max_size=9))
    group = draw(st.sampled_from(["", ".,".replace(decimal, ""), "'", "\u202f"]))
    printed = f"{int(whole):,}".replace(",", group)
    sign, plain_sign = draw(st.sampled_from([("+", ""), ("-", "-"), ("−", "-"), ("– ", "-")]))
    currency, unit = draw(st.sampled_from([("", ""), ("$", ""), ("", "€"), ("", " Ft"), ("EUR ", "")]))
    return (
        f"{sign}{currency}{printed}{decimal if digits else ''}{digits}{unit}",
        f"{plain_sign}{whole}{'.' if digits else ''}{digits}",
    )


@given(st.data())
def test_figures_are_read_back_as_they_were_spelled(data: st.DataObject) -> None:
    decimal = data.draw(st.sampled_from(".,"))
    board = data.draw(st.lists(spelled(decimal), min_size=1))
    text = "\n".join(f"Big Co | 1 | {printed} |" for printed, _ in board)
    assert [row.change for row in rows("{name} | {price} | {change} |", text, decimal=decimal)] == [
        plain for _, plain in board
    ]
