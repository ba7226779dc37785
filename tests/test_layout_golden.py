"""Boards in the layouts of real sites, with made-up names and figures, and the rows they must give.

``NAME.toml`` has the layout, ``NAME.txt`` the board, ``NAME.json`` its rows.
"""

import json
import re
from pathlib import Path

import pytest

from tickerx.layouts.files import read_layouts
from tickerx.layouts.read import Reading, read_text

GOLDEN = Path(__file__).parent / "layouts" / "golden"
NAMES = sorted({path.stem for path in GOLDEN.iterdir()})


def as_json(reading: Reading) -> list[dict[str, object]]:
    rows = [{**row._asdict(), "sound": sound} for row, sound in zip(reading.rows(), reading.sounds(), strict=True)]
    return [{key: value for key, value in row.items() if key not in ("start", "end", "layout")} for row in rows]


def test_there_are_boards_of_at_least_twelve_layouts() -> None:
    layouts = {read_layouts((GOLDEN / f"{name}.toml").read_text("utf-8"))[0].text for name in NAMES}
    assert len(layouts) >= 12


@pytest.mark.parametrize(
    "ending", [pytest.param("\n", id="LF"), pytest.param("\r\n", id="CRLF"), pytest.param("\r", id="CR")]
)
@pytest.mark.parametrize("name", NAMES)
def test_a_board_gives_the_rows_beside_it(name: str, ending: str) -> None:
    layouts = read_layouts((GOLDEN / f"{name}.toml").read_text("utf-8"))
    text = (GOLDEN / f"{name}.txt").read_text("utf-8").replace("\n", ending)
    rows = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"))
    reading = read_text(text, layouts)
    assert as_json(reading) == rows
    assert reading.malformed == []


@pytest.mark.parametrize("name", NAMES)
def test_a_row_begins_and_ends_where_its_figures_do(name: str) -> None:
    layouts = read_layouts((GOLDEN / f"{name}.toml").read_text("utf-8"))
    text = (GOLDEN / f"{name}.txt").read_text("utf-8")
    for row in read_text(text, layouts).rows():
        quote = text[row.start : row.end]
        assert quote == quote.strip()
        assert (row.symbol or row.name or "") in quote
        assert re.sub("[^0-9]", "", row.price) in re.sub("[^0-9]", "", quote)
