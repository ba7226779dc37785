"""Layouts proposed for boards, and none for tables of other things.

``tests/layouts/boards`` has boards, ``tests/layouts/other`` what is none; names and figures are made up.
"""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.test_layout_reading import lines
from tickerx.layouts.layout import compile_layout
from tickerx.layouts.read import read_text
from tickerx.layouts.suggest import Suggestion, suggest

LAYOUTS = Path(__file__).parent / "layouts"
PROSE = Path(__file__).with_name("prose.txt")
BOARDS = {
    "arrow-glued": ("{symbol} {price}<▲|▼>{change} ({percent}%)", ".", None, 6),
    "cells-with-pipes": ("|{symbol}\n|{name}\n|{price}\n|{change}\n|{percent}%", ".", None, 4),
    "cyrillic-cells": ("{name}\nгрн\n{price}\n{change}\n{percent}", ".", "up", 4),
    "dates-behind": ("{name} {price} {change} {percent}% {skip} Aug {skip}", ".", "up", 5),
    "one-cell-a-line": ("• {name}\n• {price}\n• {change}\n• {percent}", ".", "up", 5),
    "percent-in-parentheses": ("{symbol} {price} {change} ({percent}%)", ".", None, 6),
    "pipes-and-currency": ("{name} | {price} | {change} | {percent}% |", ".", None, 4),
    "plain-decimal-comma": ("{name} {price} {change} {percent}%", ",", None, 6),
    "previous-close-high-low": ("{name} {previous} {skip} {skip} {price} {percent} {skip}", ",", "up", 5),
    "price-last-rounded": ("{name} {change} {percent}% {price}", ",", None, 8),
    "words-of-direction": ("{name}, {price}, <up|down> {change}, {percent}%", ".", None, 4),
}


def summary(found: list[Suggestion]) -> list[tuple[str, str, str | None, int]]:
    return [(one.layout, one.decimal, one.unsigned, one.lines) for one in found]


def test_every_board_is_here() -> None:
    assert sorted(path.stem for path in (LAYOUTS / "boards").iterdir()) == sorted(BOARDS)


@pytest.mark.parametrize("name", sorted(BOARDS))
def test_a_board_gets_its_layout(name: str) -> None:
    text = (LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8")
    found = suggest(text)
    assert summary(found) == [BOARDS[name]]
    assert found[0].sound == found[0].lines
    layout = compile_layout(found[0].layout, decimal=found[0].decimal, unsigned=found[0].unsigned)
    assert found[0].example == next(read_text(text, [layout]).rows())


@pytest.mark.parametrize("path", sorted((LAYOUTS / "other").iterdir()), ids=lambda path: path.stem)
def test_a_table_of_other_things_gets_none(path: Path) -> None:
    assert suggest(path.read_text("utf-8")) == []


def test_prose_gets_none() -> None:
    assert suggest(PROSE.read_text("utf-8")) == []


def test_two_boards_of_a_page_get_two_layouts() -> None:
    names = ("price-last-rounded", "one-cell-a-line")
    text = "\nSome text between.\n\n".join((LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8") for name in names)
    assert summary(suggest(text)) == [BOARDS[name] for name in names]


SHARES = "AGL 40.00 -0.16 -0.40%\nBOP 5.33 +0.02 +0.38%\nCNE 4.50 -0.06 -1.32%\n"


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
            SHARES.replace("AGL", "AGL Up").replace("BOP", "BOP Yes").replace("CNE", "CNE No"),
            [("{name} {price} {change} {percent}%", 3)],
            id="names",
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
        pytest.param(SHARES.replace(" ", ","), [("{symbol},{price},{change},{percent}%", 3)], id="commas-alone"),
        pytest.param(
            SHARES.replace("%", "% 17:35"), [("{symbol} {price} {change} {percent}% 17:35", 3)], id="a-time-behind"
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
            [("{symbol} {price} {change} {percent}% {name}", 3)],
            id="words-behind-are-taken-for-names",
        ),
    ],
)
def test_three_lines_that_keep_the_arithmetic_are_a_board(text: str, expected: list[tuple[str, int]]) -> None:
    assert [(one.layout, one.lines) for one in suggest(text)] == expected


def test_only_the_beginning_of_a_text_is_searched() -> None:
    filler = "text\n" * 20
    assert suggest(filler + SHARES, limit=100) == []
    assert [one.lines for one in suggest(SHARES + filler + SHARES, limit=len(SHARES) + 3)] == [3]


@given(text=st.lists(lines | st.just(SHARES)).map("\n".join))
def test_any_text_gets_layouts_that_read_it(text: str) -> None:
    for one in suggest(text):
        layout = compile_layout(one.layout, decimal=one.decimal, unsigned=one.unsigned)
        assert one.lines == len(read_text(text, [layout]).symbol) >= 3
        assert one.sound <= one.lines
