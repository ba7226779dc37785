"""How much is done for an input, counted in calls: no shape of a board is read line by line, and prose is not read."""

import sys
from collections import Counter
from itertools import starmap
from types import FrameType

import pytest

from tickerx.engine.scanner import PIECE, scan
from tickerx.quote import Origin

BOARD = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
KSE100 97,328 Increased By 1781.9 (1.86%)
786 60.29 No Change ▼ 0.00 (0%)
"""
PROSE = "By Friday, shares had increased by 12 percent. ▲ No change.\r\nNothing has changed, and nobody knows why.\n"
DAMAGED = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"
BOARDS = PIECE // len(BOARD.encode())
"""So many of them are read at once."""


def calls(text: str) -> Counter[str]:
    """Return how often each function of tickerx is called while a text is read and its reports are made."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("tickerx."):
            found[f"{module.removeprefix('tickerx.')}.{frame.f_code.co_qualname}"] += 1

    content = text.encode()
    sys.setprofile(count)
    try:
        for passage in scan([content]):
            passage.columns(["symbol", "price", "change", "change_percent", "direction", "kind", "sound"], Origin("-"))
            list(passage.malformed(Origin("-")))
    finally:
        sys.setprofile(None)
    return found


def walked(found: Counter[str]) -> set[str]:
    """Return the functions that walk a line, out of those that were called."""
    return {name for name in found if name.startswith(("grammar.malformed.", "grammar.explain."))}


def in_cells(text: str) -> str:
    return text.replace(" ", " | ").replace("d | By", "d By").replace("o | C", "o C")


SHAPES = [
    pytest.param(BOARD, id="as-most-print-it"),
    pytest.param(BOARD.replace("\n", "\r\n"), id="lines-that-end-with-CRLF"),
    pytest.param(BOARD.replace("\n", "\r"), id="lines-that-end-with-CR"),
    pytest.param(BOARD.replace("\n", " "), id="on-one-line"),
    pytest.param(BOARD.replace("\n", ""), id="glued-to-one-another"),
    pytest.param(in_cells(BOARD), id="in-cells"),
    pytest.param(BOARD.replace(" ", "\u202f"), id="with-narrow-spaces"),
    pytest.param(BOARD.replace("\n", "\n• "), id="after-bullets"),
    pytest.param(BOARD.replace("▼", "△"), id="with-other-arrows"),
    pytest.param(BOARD.replace("\n", "\ndate 2022-02-01 "), id="after-a-date"),
    pytest.param("".join(starmap("{}{}\n".format, zip("12345", BOARD.splitlines(), strict=False))), id="all-digits"),
]


@pytest.mark.parametrize("text", SHAPES)
def test_a_board_of_any_shape_is_read_hundreds_of_lines_at_a_time_and_never_walked(text: str) -> None:
    found = calls(text * BOARDS)
    assert not walked(found)
    assert found["engine.passage.Passage.__init__"] <= 2 * len(text.encode()) * BOARDS // PIECE + 2
    assert sum(found.values()) - found["grammar.parser._is_blocked"] < BOARDS // 2


@pytest.mark.parametrize("text", [PROSE, PROSE.replace("\n", " "), "Profit was up ▲ by 4%.\n"], ids=repr)
def test_a_block_without_movement_words_is_never_decoded_nor_cut(text: str) -> None:
    found = calls(text * 300)
    assert (found["grammar.parser.decode"], found["grammar.parser.split"]) == (0, 0)


def test_prose_between_boards_is_not_read() -> None:
    page = BOARD + PROSE * 20
    found = calls(page * 100)
    assert found["engine.passage.Passage.__init__"] <= len(page.encode()) * 100 // PIECE + 1


def test_a_gap_is_explained_only_where_something_commits() -> None:
    damaged = 20
    found = calls((BOARD * 10 + DAMAGED + PROSE) * damaged)
    assert found["grammar.explain.Line.__init__"] == damaged
    assert found["grammar.malformed.parse_quote"] == damaged


def test_a_clean_board_needs_no_exact_arithmetic() -> None:
    assert not {name for name in calls(BOARD * BOARDS) if name.startswith("arithmetic.contradiction")}


def test_work_grows_with_the_input() -> None:
    once, four_times = (sum(calls((BOARD * 10 + DAMAGED + PROSE) * count).values()) for count in (100, 400))
    assert four_times <= 4.1 * once


@pytest.mark.parametrize(
    "text", ["(5%) No Change ", "KSE 30 29,577 Increased By 100 (0.34%) ", "A 5 Increased By 5 (5%) "], ids=repr
)
def test_what_is_pending_is_not_read_again_for_each_small_block(text: str) -> None:
    pieces: list[int] = []
    count = 300

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event == "call" and frame.f_code.co_name == "split" and "text" in frame.f_locals:
            pieces.append(len(frame.f_locals["text"]))

    content = (text * count).encode()
    sys.setprofile(note)
    try:
        list(scan(content[at : at + 16] for at in range(0, len(content), 16)))
    finally:
        sys.setprofile(None)
    assert sum(pieces) < 4 * len(content)
