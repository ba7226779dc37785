"""Boards with their rows beside them: ``NAME.txt`` and what the command makes of it, ``NAME.json``."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

import tickerx

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted({path.stem for path in GOLDEN.iterdir()})


@pytest.mark.parametrize("name", NAMES)
def test_the_command_gives_the_rows_that_stand_beside_a_board(name: str) -> None:
    arguments = ["-n", "-f", "json", str(GOLDEN / f"{name}.txt")]
    output = subprocess.check_output([sys.executable, "-m", "tickerx", *arguments])
    assert output == (GOLDEN / f"{name}.json").read_bytes()


@pytest.mark.parametrize("name", NAMES)
def test_the_library_gives_the_rows_that_stand_beside_a_board(name: str) -> None:
    rows = json.loads((GOLDEN / f"{name}.json").read_bytes(), parse_float=str, parse_int=str)
    quotes = [
        {
            "line": str(quote.line),
            "symbol": quote.symbol,
            "price": format(quote.price, "f"),
            "change": format(quote.change, "f"),
            "change_percent": format(quote.change_percent, "f"),
            "direction": str(quote.direction),
            "kind": str(quote.kind),
        }
        for quote in tickerx.read(GOLDEN / f"{name}.txt")
    ]
    assert quotes == rows
