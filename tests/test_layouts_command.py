"""Boards of declared layouts, read by the real command: rows in all formats, reports, suggestions and the hint."""

import csv
import io
import json
import resource
import shlex
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from tests.support import BOARD, CSV, DRAWN, Tickerx, end, read_until, write

LAYOUTS = Path(__file__).parent / "layouts"
GOLDEN = LAYOUTS / "golden"
NAMES = sorted({path.stem for path in GOLDEN.iterdir()})
PROSE = Path(__file__).with_name("prose.txt").read_text("utf-8")

LAYOUT = "{symbol} {price} {change} ({percent}%)"
SHARES = """\
AAPL 189.87 +1.23 (+0.65%)
MSFT 402.10 -2.05 (-0.51%)
NVDA 1,104.00 0.00 (0.00%)
"""
SHARES_CSV = """\
symbol,price,change,change_percent,direction,kind
AAPL,189.87,1.23,0.65,up,
MSFT,402.10,-2.05,-0.51,down,
NVDA,1104.00,0.00,0.00,unchanged,
"""
COLUMNS = "symbol,name,price,change,change_percent,direction,previous_close,line,sound"


def golden_rows(name: str) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    return rows


def as_printed(row: dict[str, object]) -> dict[str, object]:
    """Return a row with its figures as text, as the golden files have them."""
    return {key: str(value) if isinstance(value, Decimal) else value for key, value in row.items()}


@pytest.mark.parametrize("name", NAMES)
def test_a_board_gives_the_rows_beside_it_as_json(tickerx: Tickerx, name: str) -> None:
    arguments = ["--layout", str(GOLDEN / f"{name}.toml"), "-c", COLUMNS, str(GOLDEN / f"{name}.txt")]
    status, stdout, stderr = tickerx("-qf", "json", *arguments)
    assert (status, stderr) == (0, "")
    rows = json.loads(stdout, parse_float=Decimal, parse_int=lambda text: text)
    expected = [{**row, "line": str(row["line"])} for row in golden_rows(name)]
    assert [as_printed(row) for row in rows] == expected
    schema = json.loads(tickerx("--schema", *arguments).stdout)
    for row in json.loads(stdout):
        Draft202012Validator(schema).validate(row)


@pytest.mark.parametrize("name", NAMES)
def test_a_board_gives_the_rows_beside_it_as_csv(tickerx: Tickerx, name: str) -> None:
    arguments = ["--layout", str(GOLDEN / f"{name}.toml"), "-c", COLUMNS, str(GOLDEN / f"{name}.txt")]
    rows = list(csv.DictReader(io.StringIO(tickerx("-q", *arguments).stdout)))
    text = {None: "", True: "true", False: "false"}
    assert rows == [
        {key: text[value] if value in (None, True, False) and not isinstance(value, int) else text.get(value, str(value)) for key, value in row.items()}  # type: ignore[call-overload]
        for row in [{key: row[key] for key in COLUMNS.split(",")} for row in golden_rows(name)]
    ]
