"""How much is done for an input, counted in calls: a clean board is read fast, and mere prose is not decoded."""

import sys
from collections import Counter
from types import FrameType

import pytest

from tickerx.engine.passage import TextPassage, decode
from tickerx.engine.scanner import scan

BOARD = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
KSE100 97,328 Increased By 1781.9 (1.86%)
NBP 60.29 No Change ▼ 0.00 (0%)
"""
PROSE = "By Friday, shares had increased by 12 percent. ▲ No change.\r\nNothing has changed, and nobody knows why.\n"
DAMAGED = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"


def calls(text: str) -> Counter[str]:
    """Return how often each function of tickerx is called while a text is read and its reports are made."""
    found: Counter[str] = Counter()

    def count(frame: FrameType, event: str, argument: object) -> None:
        module = frame.f_globals.get("__name__", "")
        if event == "call" and module.startswith("tickerx."):
            found[f"{module}.{frame.f_code.co_qualname}"] += 1

    content = text.encode()
    sys.setprofile(count)
    try:
        for passage in scan([content]):
            list(passage.malformed("-"))
    finally:
        sys.setprofile(None)
    return found


def slow(found: Counter[str]) -> set[str]:
    """Return the functions that walk a line, out of those that were called."""
    return {name for name in found if name.startswith(("tickerx.grammar.malformed.", "tickerx.grammar.explain."))}


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOARD * 500, id="plain"),
        pytest.param(BOARD.replace("\n", "\r\n") * 500, id="lines-that-end-with-CRLF"),
        pytest.param((BOARD + PROSE) * 500, id="between-prose"),
    ],
)
def test_a_board_as_most_print_it_is_read_without_the_whole_grammar(text: str) -> None:
    found = calls(text)
    assert found["tickerx.engine.passage.PlainPassage.__init__"] > 0
    assert not slow(found)
    assert found[f"tickerx.engine.passage.{TextPassage.__init__.__qualname__}"] == 0


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(BOARD.replace(" ", " | ").replace("d | By", "d By").replace("o | C", "o C") * 500, id="in-cells"),
        pytest.param(BOARD.replace("\n", "\r") * 500, id="lines-that-end-with-CR"),
        pytest.param(BOARD.replace("\n", " ") * 500, id="on-one-line"),
        pytest.param("".join(f" date 2022-02-01 {line}\n" for line in BOARD.splitlines() * 500), id="after-a-date"),
    ],
)
def test_no_line_of_a_clean_board_is_walked(text: str) -> None:
    found = calls(text)
    assert found[f"tickerx.engine.passage.{TextPassage.__init__.__qualname__}"] > 0
    assert not slow(found)


@pytest.mark.parametrize("text", [PROSE, PROSE.replace("\n", " "), "Profit was up ▲ by 4%.\n"], ids=repr)
def test_a_block_without_movement_words_is_never_decoded(text: str) -> None:
    assert calls(text * 500)[f"tickerx.engine.passage.{decode.__name__}"] == 0


def test_a_damaged_line_costs_the_reading_of_itself() -> None:
    boards = 200
    found = calls((BOARD * 10 + DAMAGED) * boards)
    assert found[f"tickerx.engine.passage.{TextPassage.__init__.__qualname__}"] == boards
    assert found["tickerx.grammar.malformed.parse_quote"] == boards


def test_work_grows_with_the_input() -> None:
    once, four_times = (sum(calls((BOARD * 10 + DAMAGED + PROSE) * count).values()) for count in (100, 400))
    assert four_times <= 4.1 * once
