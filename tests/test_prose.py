"""Prose is passed over in silence, though it is full of the board's words, figures, capitals and percents."""

import re
from pathlib import Path

import pytest

import tickerx
from tests.support import HEADER, Tickerx

PROSE = Path(__file__).with_name("prose.txt")
LINES = [line for line in PROSE.read_text("utf-8").split("\n") if line]
WORDS = re.compile(r"(in|de)creased\s+by|no\s+change", re.IGNORECASE)


def test_the_prose_is_long_and_has_the_words_often() -> None:
    assert len(set(LINES)) >= 200
    assert sum(bool(WORDS.search(line)) for line in LINES) >= 60


@pytest.mark.parametrize("options", [pytest.param((), id="by-default"), pytest.param(("--strict",), id="strict")])
def test_the_command_finds_nothing_in_prose_and_says_nothing(tickerx: Tickerx, options: tuple[str, ...]) -> None:
    assert tickerx(*options, str(PROSE)) == (0, HEADER, "")


@pytest.mark.parametrize("ending", [pytest.param("\n", id="ended"), pytest.param("", id="cut")])
def test_a_line_of_prose_by_itself_is_neither_a_quote_nor_malformed(ending: str) -> None:
    found: dict[str, list[object]] = {}
    for line in LINES:
        malformed: list[object] = []
        quotes = list(tickerx.find(line + ending, on_malformed=malformed.append))
        if quotes or malformed:
            found[line] = [*quotes, *malformed]
    assert found == {}
