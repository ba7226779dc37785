"""Layouts proposed for boards, and none for tables of other things.

``tests/layouts/boards`` has boards, ``tests/layouts/other`` what is none, and ``tests/layouts/doubtful`` what may be
either. Names and figures are made up.
"""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import Tickerx
from tests.test_layout_reading import lines
from tickerx.layouts.files import shipped_layouts
from tickerx.layouts.layout import compile_layout
from tickerx.layouts.read import Reading, read_text
from tickerx.layouts.suggest import Suggestion, quotes_of_words, suggest

LAYOUTS = Path(__file__).parent / "layouts"
PROSE = Path(__file__).with_name("prose.txt")
BOARDS: dict[str, tuple[str, str | None, str, str | None, int]] = {
    "arrow-glued": ("{symbol} {price}<▲|▼>{change} ({percent}%)", None, ".", None, 6),
    "cells-with-numbers-in-names": ("{name}\n{price}\n{change}\n{percent}%", None, ".", None, 8),
    "cells-with-pipes": ("|{symbol}\n|{name}\n|{price}\n|{change}\n|{percent}%", None, ".", None, 4),
    "cyrillic-cells": ("{name}\nгрн\n{price}\n{change}\n{percent}", None, ".", "up", 4),
    "dates-behind": ("{name} {price} {change} {percent}% {skip} {skip} {skip}", None, ".", "up", 5),
    "decimal-comma-and-times": ("{name} {price} {change} {percent}% {skip} {skip} {skip} {skip}", None, ",", "up", 8),
    "market-symbol-name": ("{skip} | {symbol} | {name} | {price} | {change} | {percent}% | {skip}", None, ".", None, 8),
    "names-with-dashes": ("{name} {price} {change} {percent}%", None, ".", None, 8),
    "names-with-numbers": ("{name} {price} {change} {percent}%", None, ".", None, 8),
    "one-cell-a-line": ("• {name}\n• {price}\n• {change}\n• {percent}", None, ".", "up", 5),
    "percent-first": ("{percent}% {symbol} {price} {change}", None, ".", None, 8),
    "percent-in-brackets": ("{symbol} {price} {change} [[{percent}%]]", None, ".", None, 8),
    "percent-in-parentheses": ("{symbol} {price} {change} ({percent}%)", None, ".", None, 6),
    "pipes-and-currency": ("{name} | {price} | {change} | {percent}% |", None, ".", None, 4),
    "plain-decimal-comma": ("{name} {price} {change} {percent}%", None, ",", None, 6),
    "previous-close-below-a-heading": ("{name} {previous} {price} {percent}%", None, ".", None, 8),
    "previous-close-high-low": ("{name} {previous} {skip} {skip} {price} {percent} {skip}", None, ",", "up", 5),
    "price-last-rounded": ("{name} {change} {percent}% {price}", None, ",", None, 8),
    "ranks-and-times": ("{skip} {symbol} {price} {change} ({percent}%) {skip}", None, ".", None, 8),
    "ratings-behind": ("{symbol} {price} {change} {percent}% ...", None, ".", None, 8),
    "remarks-behind": ("{symbol} {price} {change} {percent}% ...", None, ".", None, 8),
    "symbol-name-volume-range": (
        "{symbol} {name} {price} {change} {percent}% {skip} {skip} {skip}",
        None,
        ".",
        None,
        8,
    ),
    "symbols-with-exchanges": ("{symbol} {name} {price} {change} {percent}%", None, ".", None, 8),
    "three-lines-a-quote": (
        "{symbol}\n{name} {price} {change} {percent}%\n{skip} {skip} {skip} {skip}",
        None,
        ".",
        None,
        8,
    ),
    "unmoved-between-all-others": (
        "{symbol} {price} {change} {percent}%",
        "{symbol} {price} <up|down|unch> {percent}%",
        ".",
        None,
        8,
    ),
    "unmoved-by-a-glued-sign": ("{symbol} {price}<▲|▼|=>{change} ({percent}%)", None, ".", None, 8),
    "unmoved-by-a-sign": ("{symbol} {price} <▲|▼|=> {change} {percent}%", None, ".", None, 8),
    "unmoved-by-dashes": (
        "{symbol} | {price} | {change} | {percent}% |",
        "{symbol} | {price} | <up|down|-> | - |",
        ".",
        None,
        8,
    ),
    "unmoved-by-words": ("{name} {price} {change} {percent}%", "{name} {price} <up|down|unch> unch", ".", None, 8),
    "unmoved-in-cells": ("{name}\n{price}\n{change}\n{percent}%", "{name}\n{price}\n<up|down|unch>", ".", None, 8),
    "volumes-in-front": ("{skip} {symbol} {price} {change} {percent}%", None, ".", None, 8),
    "volumes-of-all-sizes": ("{symbol} {price} {change} {percent}% {skip}", None, ".", None, 8),
    "words-in-cells": ("cells", None, ".", None, 8),
    "words-of-direction": ("{name}, {price}, <up|down> {change}, {percent}%", None, ".", None, 4),
}


def summary(found: list[Suggestion]) -> list[tuple[str, str | None, str, str | None, int]]:
    return [(one.layout, one.flat, one.decimal, one.unsigned, one.lines) for one in found]


def read_with(text: str, one: Suggestion) -> Reading:
    """Read a text with the layouts of a suggestion."""
    given = [layout for layout in (one.layout, one.flat) if layout]
    layouts = [compile_layout(layout, decimal=one.decimal, unsigned=one.unsigned) for layout in given if "{" in layout]
    return read_text(text, layouts or shipped_layouts(one.layout))


def test_every_board_is_here() -> None:
    assert sorted(path.stem for path in (LAYOUTS / "boards").iterdir()) == sorted(BOARDS)


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_a_board_gets_its_layout(name: str) -> None:
    text = (LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8")
    found = suggest(text)
    assert summary(found) == [BOARDS[name]]
    reading = read_with(text, found[0])
    assert found[0].example == next(reading.rows())
    assert False not in reading.sounds()
    assert None not in [row.direction for row in reading.rows()]
    assert reading.malformed == []


@pytest.mark.parametrize("path", sorted((LAYOUTS / "other").iterdir()), ids=lambda path: path.stem)
def test_a_table_of_other_things_gets_none(path: Path) -> None:
    assert suggest(path.read_text("utf-8")) == []


@pytest.mark.parametrize("path", sorted((LAYOUTS / "doubtful").iterdir()), ids=lambda path: path.stem)
def test_a_table_of_other_things_with_signs_of_securities_is_surely_no_board(path: Path) -> None:
    assert [one.is_surely_board for one in suggest(path.read_text("utf-8"))] == [False]


@pytest.mark.parametrize("name", sorted({*BOARDS} - {"cyrillic-cells", "previous-close-high-low", "names-with-dashes"}))
def test_signs_of_securities_make_a_board_sure(name: str) -> None:
    assert suggest((LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8"))[0].is_surely_board


SHARES = "AGL 40.00 -0.16 -0.40%\nBOP 5.33 +0.02 +0.38%\nCNE 4.50 -0.06 -1.32%\n"
NAMES = "Alder 40.00 -0.16 -0.40%\nBirch 5.33 +0.02 +0.38%\nCedar 4.50 -0.06 -1.32%\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(NAMES, [False], id="names-alone"),
        pytest.param(f"Die Kurse am Schluss\n{NAMES}", [True], id="a-heading-of-boards"),
        pytest.param(f"Kurse am Mittag\n{NAMES}", [False], id="a-heading-in-which-no-words-prevail"),
        pytest.param(f"DAX today\n\n{NAMES}", [True], id="a-heading-with-an-index"),
        pytest.param(f"銘柄 現在値 前日比\n{NAMES}", [True], id="columns-in-another-script"),
        pytest.param(f"Name Price Change %\n{NAMES}", [False], id="columns-of-any-table"),
        pytest.param(f"Item Stock Change %\n{NAMES}", [False], id="a-word-of-boards-among-others"),
        pytest.param(f"Town Price Change %\n{NAMES}", [], id="columns-of-something-else"),
        pytest.param(f"Our picture of the day\n{NAMES}", [], id="a-heading-of-something-else"),
        pytest.param(f"Our picture of the day\n{SHARES}", [False], id="symbols-below-a-heading-of-something-else"),
        pytest.param(f"Our picture of the day\nLast Change\n{SHARES}", [True], id="symbols-below-two-headings"),
        pytest.param(f"Unread 0.5\n{SHARES}", [True], id="a-line-with-figures-is-no-heading"),
        pytest.param(NAMES.replace("Cedar", "Cedar plc"), [True], id="a-company-among-the-names"),
        pytest.param(NAMES.replace("0 ", "0 pts ").replace("3 ", "3 pts "), [True], id="units-of-boards"),
        pytest.param(SHARES.lower(), [False], id="words-in-small-letters"),
    ],
)
def test_what_tells_of_securities(text: str, expected: list[bool]) -> None:
    assert [one.is_surely_board for one in suggest(text)] == expected


def test_prose_gets_none() -> None:
    assert suggest(PROSE.read_text("utf-8")) == []


def test_two_boards_of_a_page_get_two_layouts() -> None:
    names = ("price-last-rounded", "one-cell-a-line")
    text = "\nSome text between.\n\n".join((LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8") for name in names)
    assert summary(suggest(text)) == [BOARDS[name] for name in names]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SHARES, [("{symbol} {price} {change} {percent}%", 3)], id="three-lines"),
        pytest.param(SHARES.replace("\n", "\r"), [("{symbol} {price} {change} {percent}%", 3)], id="ended-by-CR"),
        pytest.param(SHARES[:46], [], id="two-lines"),
        pytest.param(SHARES[:23] * 4, [], id="one-line-four-times"),
        pytest.param(SHARES.replace("+0.38", "+0.48"), [], id="a-line-that-is-off"),
        pytest.param(SHARES.replace("\n", "\n" + "text\n" * 9), [], id="lines-far-apart"),
        pytest.param(SHARES.replace("-", "").replace("+", ""), [], id="no-signs"),
        pytest.param(f"Sales of the year\n\n{SHARES}", [], id="a-heading-of-something-else"),
        pytest.param(
            f"Sales of the year\n1\n2\n3\n{SHARES}", [("{symbol} {price} {change} {percent}%", 3)], id="far-above"
        ),
        pytest.param(SHARES.replace("AGL", "Total"), [], id="a-line-of-totals"),
        pytest.param(
            SHARES.replace("AGL", "**AGL:US** |").replace("BOP", "**BOP:US** |").replace("CNE", "**CNE:UK** |"),
            [("**{symbol}** | {price} {change} {percent}%", 3)],
            id="symbols-in-bold-with-their-market",
        ),
        pytest.param(
            SHARES.replace(".", ",")
            .replace(" -", " 264,8Mio -", 1)
            .replace(" +", " 1.204 +", 1)
            .replace("4,50", "4,50 12K"),
            [("{symbol} {price} {skip} {change} {percent}%", 3)],
            id="volumes-with-a-decimal-comma",
        ),
        pytest.param(
            SHARES.replace("AGL", "AGL 13/08/2018").replace("BOP", "BOP 14/08/2018").replace("CNE", "CNE 4-Aug-18"),
            [("{symbol} {skip} {price} {change} {percent}%", 3)],
            id="dates-between",
        ),
        pytest.param(
            SHARES.replace("AGL", "NYSE | AGL").replace("BOP", "NYSE | BOP").replace("CNE", "XETRA | CNE"),
            [("{skip} | {symbol} {price} {change} {percent}%", 3)],
            id="a-market-is-no-symbol",
        ),
        pytest.param(
            SHARES.replace("AGL", "Agl Up").replace("BOP", "BOP Yes").replace("CNE", "CNE No"),
            [("{name} {price} {change} {percent}%", 3)],
            id="names",
        ),
        pytest.param(
            SHARES.replace("AGL", "AGL Up").replace("BOP", "BOP Yes").replace("CNE", "CNE No"),
            [("{symbol} {name} {price} {change} {percent}%", 3)],
            id="symbols-before-names",
        ),
        pytest.param(
            SHARES.replace("AGL", "Agl (AB)").replace("BOP", "Bop").replace("CNE", "Cne & Co"),
            [("{name} {price} {change} {percent}%", 3)],
            id="a-name-with-parentheses-is-a-name",
        ),
        pytest.param(
            SHARES.replace("AGL", "Up AGL").replace("BOP", "Yes BOP").replace("CNE", "No CNE"),
            [("{name} {symbol} {price} {change} {percent}%", 3)],
            id="symbols-after-names",
        ),
        pytest.param(
            SHARES.replace("AGL", "AGL 300").replace("BOP", "BOP 1200").replace("CNE", "CNE 77"),
            [("{symbol} {skip} {price} {change} {percent}%", 3)],
            id="volumes-are-no-part-of-a-name",
        ),
        pytest.param(
            "".join(f"{line} {{x}} <y>\n" for line in SHARES.split("\n")[:3]),
            [("{symbol} {price} {change} {percent}% {{x}} <<y>", 3)],
            id="signs-of-the-language",
        ),
        pytest.param(
            SHARES.replace("AGL ", "AGL 40.16 ").replace("BOP ", "BOP 5.31 ").replace("CNE ", "CNE 4.56 "),
            [("{symbol} {previous} {price} {change} {percent}%", 3)],
            id="a-previous-close-besides",
        ),
        pytest.param(
            SHARES.replace(" -", " ▼ -")
            .replace(" +", " ▲ +")
            .replace("▼ -0.40", "-0.40")
            .replace("▼ -1.3", "-1.3")
            .replace("▲ +0.38", "+0.38"),
            [("{symbol} {price} {skip} {change} {percent}%", 3)],
            id="arrows-beside-signs",
        ),
        pytest.param(
            SHARES.replace(" -", " Decreased By -", 1)
            .replace("BOP 5.33", "BOP 5.33 Increased By")
            .replace("4.50", "4.50 Decreased By"),
            [("{symbol} {price} <Increased By|Decreased By> {change} {percent}%", 3)],
            id="words-beside-signs",
        ),
        pytest.param(
            "".join(f"{name} {line}\n" for name, line in zip(("a:", "b:", "c:"), SHARES.split("\n"), strict=False)),
            [("{name}: {symbol} {price} {change} {percent}%", 3)],
            id="a-name-and-a-symbol",
        ),
        pytest.param(
            "".join(
                f"{code} {line}\n" for code, line in zip(("70012", "70045", "5"), SHARES.split("\n"), strict=False)
            ),
            [("{skip} {symbol} {price} {change} {percent}%", 3)],
            id="numbers-in-front",
        ),
        pytest.param(
            SHARES.replace("AGL", "700123 A b").replace("BOP", "700456 B").replace("CNE", "701123 Cn"),
            [("{symbol} {name} {price} {change} {percent}%", 3)],
            id="codes-in-front",
        ),
        pytest.param(
            SHARES.replace("AGL", "CAC 40").replace("BOP", "STOXX 600").replace("CNE", "DAX 30"),
            [("{name} {price} {change} {percent}%", 3)],
            id="names-that-end-in-numbers",
        ),
        pytest.param(
            SHARES.replace("AGL", "AGL,Agl").replace("BOP", "BOP,Bop").replace("CNE", "CNE,Cne").replace(" ", ","),
            [("{symbol},{name},{price},{change},{percent}%", 3)],
            id="commas-between-symbol-and-name",
        ),
        pytest.param(SHARES.replace(" ", ","), [("{symbol},{price},{change},{percent}%", 3)], id="commas-alone"),
        pytest.param(
            SHARES.replace("%", "% 17:35"), [("{symbol} {price} {change} {percent}% {skip}", 3)], id="a-time-after"
        ),
        pytest.param(
            SHARES.replace("%", "% 17:35 XETRA"),
            [("{symbol} {price} {change} {percent}% {skip} {skip}", 3)],
            id="a-word-beside-a-time-may-change-with-it",
        ),
        pytest.param(
            "".join(
                f"{line} {more}\n"
                for line, more in zip(SHARES.split("\n"), ("a", "b c d e", "f g h i j"), strict=False)
            ).replace("AGL", "Agl a"),
            [("{name} {price} {change} {percent}% ...", 3)],
            id="any-number-of-words-after",
        ),
        pytest.param(
            "".join(
                f"{line.replace(' ', f' {more} ', 1)}\n"
                for line, more in zip(SHARES.split("\n"), ("x 1.0 up", "x 1.0 b c", "x 1.0 f g h i j"), strict=False)
            ),
            [],
            id="any-number-of-words-between",
        ),
        pytest.param(
            "A 40.00 ▼0.16 ▼0.40%\nB 5.33 ▲0.02 ▲0.38%\nC 4.50 ▼0.06 ▼1.32%\n", [], id="two-columns-of-arrows"
        ),
        pytest.param(
            "A 40.00 -0.16 -0.40%\nB 5.33 0.00 0.00%\nC 4.50 -0.06 -1.32%\nD 5.33 +0.02 +0.38%\n",
            [("{symbol} {price} {change} {percent}%", 4)],
            id="a-quote-that-has-not-moved",
        ),
        pytest.param(
            "A 40.00 down 0.16 -0.40%\nB 5.33 same 0.00 0.00%\nC 4.50 down 0.06 -1.32%\nD 5.33 up 0.02 +0.38%\n",
            [("{symbol} {price} <up|down|same> {change} {percent}%", 4)],
            id="words-for-all-directions",
        ),
        pytest.param(
            "".join(f"{line} {date}\n" for date, line in zip(("now", "late", "z"), SHARES.split("\n"), strict=False)),
            [("{symbol} {price} {change} {percent}% ...", 3)],
            id="words-behind-are-remarks",
        ),
        pytest.param(
            SHARES.replace("%\n", "\n")
            .replace(".40\n", ".40 now\n")
            .replace("8\n", "8 at noon\n")
            .replace("2\n", "2 z\n")
            + "DNE 7.07 +0.07 +1.00\n",
            [("{symbol} {price} {change} {percent}[ {skip}][ {skip}][ {skip}][ {skip}]", 4)],
            id="remarks-without-a-per-cent-sign",
        ),
        pytest.param(
            "AGL|40.00|-0.16|-0.40|now\nBOP|5.33|+0.02|+0.38|at noon\nCNE|4.50|-0.06|-1.32|x\n",
            [("{symbol}|{price}|{change}|{percent}|{name}", 3)],
            id="a-column-behind-a-sign",
        ),
        pytest.param(
            "Agl|40.00|-0.16|-0.40|a\nBop|5.33|+0.02|+0.38|b c d e f\nCne|4.50|-0.06|-1.32|g\n",
            [],
            id="any-number-of-words-behind-a-sign",
        ),
        pytest.param(
            "AAPL 40.00 -0.16 -0.40% Apple\nBAC 5.33 +0.02 +0.38% Bank of America\nCVX 4.50 -0.06 -1.32% Chevron\n",
            [("{symbol} {price} {change} {percent}% {name}", 3)],
            id="names-behind-begin-with-the-letter-of-the-symbol",
        ),
        pytest.param(
            "AGL - Agl Foods 40.00 -0.16 -0.40%\nBOP - Bop 5.33 +0.02 +0.38%\nCNE - Cne 4.50 -0.06 -1.32%\n",
            [("{symbol} - {name} {price} {change} {percent}%", 3)],
            id="a-dash-between-symbol-and-name",
        ),
        pytest.param(
            "Agl - A 40.00 -0.16 -0.40%\nAgl - B 5.33 +0.02 +0.38%\nBop - B 4.50 -0.06 -1.32%\n",
            [("{name} {price} {change} {percent}%", 3)],
            id="shares-of-two-kinds-of-one-company",
        ),
        pytest.param(
            "Agl - A 40.00 -0.16 -0.40%\nBop - B 5.33 +0.02 +0.38%\nBop - C 4.50 -0.06 -1.32%\n",
            [("{name} {price} {change} {percent}%", 3)],
            id="the-kind-of-a-share-is-no-symbol",
        ),
        pytest.param(
            "700.XA AGL 40.00 -0.16 -0.40%\nBOP.X BOP 5.33 +0.02 +0.38%\n^CNE CNE 4.50 -0.06 -1.32%\n",
            [("{symbol} {name} {price} {change} {percent}%", 3)],
            id="symbols-with-exchanges-before-names-in-capitals",
        ),
        pytest.param(
            "700.XA 40.00 -0.16 -0.40%\n2330.XB 5.33 +0.02 +0.38%\n1.X 4.50 -0.06 -1.32%\n",
            [("{symbol} {price} {change} {percent}%", 3)],
            id="digits-with-exchanges",
        ),
    ],
)
def test_three_lines_that_keep_the_arithmetic_are_a_board(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(one.layout, one.lines) for one in suggest(text)] == expected


@pytest.mark.parametrize(
    ("unmoved", "layout", "flat"),
    [
        pytest.param("D 5.33 0 0%", "{symbol} {price} {change} {percent}%", None, id="zeros"),
        pytest.param("D 5.33 = =", None, "{symbol} {price} <up|down|=> =", id="equals-signs"),
        pytest.param("D 5.33 UNCH", None, "{symbol} {price} <up|down|UNCH>", id="a-word"),
        pytest.param("D 5.33 (unch) 0.00%", None, "{symbol} {price} (<up|down|unch>) {percent}%", id="in-parentheses"),
        pytest.param("D 5.33 -- n/a", None, "{symbol} {price} <up|down|--> n/a", id="dashes"),
        pytest.param("D 5.33 0.00 =", None, "{symbol} {price} {change} <up|down|=>", id="a-zero-and-a-sign"),
        pytest.param("D 5.33 unch 0.00 0.00%", None, "{symbol} {price} <up|down|unch> {change} {percent}%", id="three"),
        pytest.param("D 5.33 0.00%", None, "{symbol} {price} {percent}%", id="a-percent-alone"),
        pytest.param("D 5.33 0.00", None, None, id="a-figure-alone-is-too-little"),
        pytest.param("D 5.33 halted", None, None, id="another-word"),
        pytest.param("D 5.33 =--0.00%", None, None, id="a-sign-that-belongs-to-a-figure"),
        pytest.param("Steady as she goes = 1", None, None, id="prose"),
    ],
)
@pytest.mark.parametrize("place", [pytest.param(at, id=f"behind-{at}") for at in (0, 1, 3)])
def test_quotes_that_have_not_moved_are_read_too(
    unmoved: str, layout: str | None, flat: str | None, place: int
) -> None:
    shares = SHARES.splitlines()
    text = "\n".join([*shares[:place], unmoved, *shares[place:]])
    [found] = suggest(text)
    assert (found.layout, found.flat) == ("{symbol} {price} {change} {percent}%", flat)
    assert found.lines == 3 + bool(layout or flat)
    if layout or flat:
        assert [row.direction for row in read_with(text, found).rows()][place] == "unchanged"


def test_arrows_beside_the_price_may_be_words_apart_from_it() -> None:
    shares = ["A 40.00▼0.16 (0.40%)", "B 5.33▲0.02 (0.38%)", "C 5.33 = unch", "D 4.50▼0.06 (1.32%)"]
    [found] = suggest("\n".join(shares))
    assert (found.lines, found.flat) == (4, "{symbol} {price} <▲|▼|=> unch")


def test_parentheses_round_all_figures_of_a_movement_may_be_round_a_word() -> None:
    shares = ["A 40.00 (-0.16 -0.40%)", "B 5.33 (+0.02 +0.38%)", "C 5.33 (unch)", "D 4.50 (-0.06 -1.32%)"]
    [found] = suggest("\n".join(shares))
    assert (found.lines, found.flat) == (4, "{symbol} {price} (<up|down|unch>)")


def test_a_percent_that_is_left_out_means_no_movement() -> None:
    shares = [
        "Agl a 40.16 40.30 39.90 40.00 -0.40%",
        "Bop 5.31 5.40 5.20 5.33 +0.38%",
        "Cne 4.56 4.60 4.40 4.50 -1.32%",
    ]
    [found] = suggest("\n".join([*shares, "Dne 7.00 7.10 6.90 7.00"]))
    assert (found.lines, found.flat) == (4, "{name} {previous} {skip} {skip} {price}")


def test_a_price_between_the_figures_of_a_movement_leaves_the_unmoved_out() -> None:
    text = "A -0.16 40.00 -0.40%\nB +0.02 5.33 +0.38%\nB = 5.33 =\nC -0.06 4.50 -1.32%\n"
    assert [(one.flat, one.lines) for one in suggest(text)] == [(None, 3)]


WORDS = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
BOP 5.33 Increased By ▲ 0.02 (0.38%)
CNE 4.50 Decreased By ▼ -0.06 (-1.32%)
"""


def test_a_board_of_the_built_in_grammar_needs_no_layout() -> None:
    assert suggest(WORDS) == []
    assert len(quotes_of_words(WORDS)) == 3
    assert [one.layout for one in suggest(WORDS + SHARES)] == ["{symbol} {price} {change} {percent}%"]
    assert suggest(WORDS.replace("40.00", "4O.00") + WORDS) == []


@pytest.mark.parametrize(
    ("heading", "is_board"),
    [
        pytest.param("", False, id="without-a-heading"),
        pytest.param("Share Previous Last %", True, id="of-a-board"),
        pytest.param("Query Before After %", False, id="of-something-else"),
    ],
)
def test_two_values_and_a_percent_are_a_board_below_its_heading(heading: str, is_board: bool) -> None:
    text = f"{heading}\nAgl a 40.16 40.00 -0.40%\nBop 5.31 5.33 +0.38%\nCne 4.56 4.50 -1.32%\n"
    assert bool(suggest(text)) is is_board


def test_a_layout_that_cuts_lines_wrongly_is_not_proposed() -> None:
    between = iter(("X 4.00 n/a (a)", "Y 5.00 +0.02", "Z 6.o0 +0.02 +0.38%", "a; b; c"))
    text = "".join(f"{line}\n{next(between)}\n" for line in [*SHARES.splitlines(), "D 5.33 +0.02 +0.38%"])
    assert suggest(text) == []


def test_only_the_beginning_of_a_text_is_searched() -> None:
    filler = "text\n" * 20
    assert suggest(filler + SHARES, limit=100) == []
    assert [one.lines for one in suggest(SHARES + filler + SHARES, limit=len(SHARES) + 3)] == [3]


ODD = r"""it's "$HOME" `id` $(id) \n %s \\ ! * ~ #;&"""


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("".join(f"{line} {ODD}\n" for line in SHARES.splitlines()), id="on-one-line"),
        pytest.param("".join(f"{line} |\n-- {ODD}\n" for line in SHARES.splitlines()), id="on-two-lines"),
        pytest.param("".join(f"- {line}\n" for line in SHARES.splitlines()), id="behind-a-dash"),
    ],
)
@pytest.mark.parametrize("file", ["board.txt", "-h", "it's $(id) `id`\n.txt", "*.txt", "=a&b.txt"])
def test_a_command_can_be_pasted_whatever_the_board_and_the_file_hold(tickerx: Tickerx, text: str, file: str) -> None:
    (tickerx.folder / file).write_text(text, "utf-8")
    [proposal] = json.loads(tickerx("--suggest", "-f", "json", "--", file).stdout)
    status, rows, stderr = tickerx.shell(proposal["command"])
    assert (status, stderr) == (0, "")
    assert [row.split(",")[:3] for row in rows.splitlines()[1:]] == [
        ["AGL", "40.00", "-0.16"],
        ["BOP", "5.33", "0.02"],
        ["CNE", "4.50", "-0.06"],
    ]


@pytest.mark.parametrize("path", sorted((LAYOUTS / "doubtful").iterdir()), ids=lambda path: path.stem)
def test_no_hint_is_given_unasked_where_nothing_is_sure(tickerx: Tickerx, path: Path) -> None:
    assert tickerx(str(path))[::2] == (0, "")
    assert tickerx("--suggest", "--no-header", str(path)).stdout.count("\n") == 1


def test_damage_behind_several_documents_is_reported(tickerx: Tickerx) -> None:
    lines = "".join(json.dumps({"text": SHARES}) + "\n" for _ in range(3))
    (tickerx.folder / "cut.jsonl.gz").write_bytes(gzip.compress(lines.encode())[:-8])
    status, stdout, stderr = tickerx("--suggest", "--no-header", "cut.jsonl.gz")
    assert (status, stdout[:14]) == (2, "cut.jsonl.gz,9")
    assert stderr.startswith("tickerx: cut.jsonl.gz: ")


@given(text=st.lists(lines | st.just(SHARES)).map("\n".join))
def test_any_text_gets_layouts_that_read_it(text: str) -> None:
    for one in suggest(text):
        assert one.lines == len(read_with(text, one).begins) >= 3
        assert one.sound <= one.lines
