"""`--schema` describes a row: real output keeps to it, and what is no row does not."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.strategies import DIGITS, LETTERS, symbols
from tests.support import BOARD, Tickerx
from tickerx.grammar.terminals import SYMBOL
from tickerx.quote import COLUMNS

DEFAULT = ["symbol", "price", "change", "change_percent", "direction", "kind"]

ODD_ROWS = """\
786 999999999999999.123456789 Increased By ▲ +0.10 (-0%)
7-A.B&C/D 97,328 No Change −0.00 (0.00%)
"""


def read_schema(tickerx: Tickerx, *arguments: str) -> dict[str, Any]:
    """Return the schema that the command prints with these arguments."""
    status, stdout, stderr = tickerx("--schema", *arguments)
    assert (status, stderr) == (0, "")
    schema: dict[str, Any] = json.loads(stdout)
    return schema


def read_rows(text: str) -> list[dict[str, object]]:
    """Return the rows of a JSON, with figures exact."""
    rows: list[dict[str, object]] = json.loads(text, parse_float=Decimal)
    return rows


@pytest.mark.parametrize(
    ("arguments", "required"),
    [
        pytest.param([], DEFAULT, id="without-a-choice-the-default-columns"),
        pytest.param(["-c", "price,symbol"], ["symbol", "price"], id="those-chosen"),
        pytest.param(["-Hn"], [*DEFAULT, "file", "line"], id="file-and-line-where-they-are-added"),
        pytest.param(["-c", ",".join(COLUMNS)], list(COLUMNS), id="all"),
    ],
)
def test_the_schema_has_every_column_and_requires(tickerx: Tickerx, arguments: list[str], required: list[str]) -> None:
    schema = read_schema(tickerx, *arguments)
    Draft202012Validator.check_schema(schema)
    assert (list(schema["properties"]), schema["required"]) == (list(COLUMNS), required)
    assert (schema["type"], schema["additionalProperties"]) == ("object", False)
    validator = Draft202012Validator(schema)
    rows = read_rows(tickerx("-qf", "json", *arguments, stdin=BOARD + ODD_ROWS).stdout)
    assert len(rows) == 5
    for row in rows:
        validator.validate(row)


def test_a_property_tells_meaning_and_unit(tickerx: Tickerx) -> None:
    properties = read_schema(tickerx)["properties"]
    assert properties["price"]["description"] == "last price (the board's currency, or index points)"
    assert properties["sound"]["description"] == "whether words and figures agree with one another"


ROW = {"symbol": "AGL", "price": 40, "change": -0.16, "change_percent": -0.4, "direction": "down", "kind": "stock"}


@pytest.mark.parametrize(
    "difference",
    [
        pytest.param({"price": "40.00"}, id="a-figure-as-a-string"),
        pytest.param({"change": None}, id="a-null"),
        pytest.param({"direction": "▼"}, id="an-arrow-for-a-direction"),
        pytest.param({"kind": "share"}, id="another-kind"),
        pytest.param({"symbol": "agl"}, id="a-symbol-in-lower-case"),
        pytest.param({"symbol": "1234567"}, id="a-symbol-of-seven-digits"),
        pytest.param({"symbol": ""}, id="no-symbol"),
        pytest.param({"line": 1.5}, id="half-a-line"),
        pytest.param({"sound": "true"}, id="a-boolean-as-a-string"),
        pytest.param({"volume": 100}, id="a-column-that-there-is-not"),
    ],
)
def test_a_row_is_refused_for(tickerx: Tickerx, difference: dict[str, object]) -> None:
    validator = Draft202012Validator(read_schema(tickerx))
    assert validator.is_valid(ROW)
    assert not validator.is_valid({**ROW, **difference})


def test_a_row_is_refused_without_a_column_that_was_asked_for(tickerx: Tickerx) -> None:
    assert not Draft202012Validator(read_schema(tickerx, "-n")).is_valid(ROW)


@given(st.one_of(symbols, st.text(DIGITS + LETTERS[:2] + ".&/-a", max_size=22)))
def test_the_symbol_of_the_schema_is_that_of_the_grammar(text: str) -> None:
    in_schema = re.search(COLUMNS["symbol"].pattern, text)
    assert (in_schema is None) == (re.fullmatch(SYMBOL, text) is None)


def test_a_schema_reads_and_begins_no_file(tickerx: Tickerx) -> None:
    read_schema(tickerx, "missing.txt", "--rejects", "rejects.csv")
    assert list(tickerx.folder.iterdir()) == []
