"""The table of columns is the one source: a column that is added there appears wherever columns are told of."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

ADD = """\
from tickerx.quote import COLUMNS, Column
COLUMNS["volume"] = Column("volume", "integer", "shares traded", "thousands", default={default})
"""
COMMAND = f"{ADD}from tickerx.__main__ import main\nmain()\n"
MANUAL = f"{ADD}from tests.manual import page\nprint(page())\n"

TOLD = [
    pytest.param(
        COMMAND,
        ["--schema"],
        {},
        '    "volume": {\n      "type": "integer",\n      "description": "shares traded (thousands)"\n    }\n',
        id="the-schema",
    ),
    pytest.param(COMMAND, ["--help"], {}, "volume", id="help"),
    pytest.param(
        COMMAND,
        [],
        {"_TICKERX_COMPLETE": "zsh_complete", "COMP_WORDS": "tickerx -c vol", "COMP_CWORD": "2"},
        "plain\nvolume\nshares traded (thousands)\n",
        id="completion",
    ),
    pytest.param(MANUAL, [], {}, ".TP\n\\fBvolume\\fR (integer)\nshares traded (thousands)\n", id="the-manual"),
]


@pytest.mark.parametrize("default", [True, False], ids=["by-default", "on-demand"])
@pytest.mark.parametrize(("program", "arguments", "environment", "expected"), TOLD)
def test_a_column_that_is_added_appears_in(
    program: str, arguments: list[str], environment: dict[str, str], expected: str, default: bool
) -> None:
    told = subprocess.check_output(
        [sys.executable, "-c", program.replace("{default}", str(default)), *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        encoding="utf-8",
    )
    assert expected in told


def test_help_tells_the_columns_by_default_from_those_on_demand() -> None:
    told = subprocess.check_output([sys.executable, "-m", "tickerx", "--help"], cwd=ROOT, encoding="utf-8")
    words = " ".join(told.split())
    assert (
        "Columns: symbol, price, change, change_percent, direction, kind; "
        "on demand previous_close, sound, file, line, url, fetched, document, record, name, layout Examples:" in words
    )
