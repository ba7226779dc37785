"""The built-in layout beside others: each quote is read once, and each damaged one is reported once."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import edited_lines, line_ends, near_quotes, quotes
from tickerx.engine.extract import make_scanner
from tickerx.library import compile_layouts
from tickerx.quote import COLUMNS, Origin

ORIGIN = Origin(None)
MOVES = "{symbol} {price} <up|down> {percent}%"
OTHERS = {
    "cells": ["cells"],
    "whole-lines": [MOVES],
    "open-ends": ["...{symbol} {price} <up|down> {percent}%..."],
    "several-lines": ["{name}\n{price}[ {percent}%]"],
    "open-ends-and-several-lines": ["... {symbol}\n{price} {percent}%"],
    "cells-and-whole-lines": ["cells", MOVES],
    "the-words-with-less": ["{symbol} {price} <Increased By|Decreased By> {change}"],
}


def found(layouts: list[str], blocks: list[bytes]) -> tuple[list[object], list[object], list[object]]:
    """Return what is found in blocks of a text: quotes and damaged text, suspects, and rows."""
    items: list[object] = []
    suspects: list[object] = []
    rows: list[object] = []
    for passage in make_scanner(compile_layouts(["words", *layouts])).scan(blocks):
        items += passage.in_order(ORIGIN)
        suspects += passage.suspects(ORIGIN)
        rows += zip(*passage.columns(COLUMNS, ORIGIN), strict=True)
    return items, suspects, rows


def cut(content: bytes, sizes: list[int]) -> Iterator[bytes]:
    """Yield a text in blocks of these sizes, again and again."""
    while content:
        for size in sizes:
            yield content[:size]
            content = content[size:]


other_lines = st.sampled_from(
    [
        *("BOP 5.00 up 1%", "BOP 5.00 up 9%", "BOP 5.0O up 1%", "AGL 40.00 Decreased By -0.16", "  BOP", "5.00 1%"),
        *(
            "AGL",
            "40.00",
            "Decreased By",
            "▼",
            "-0.16",
            "(-0.4%)",
            "Decreased By ▼ -0.16",
            "4O.00",
            "Increased By ▲",
            "",
        ),
        *("AGL AIRLINK 129.53 Decreased By", "AIRLINK 129.53 Decreased By", "increased by ▲ foo", "5 000 1%"),
    ]
)
cells = st.sampled_from(["AGL\n40.00\nDecreased By\n▼\n-0.16\n(-0.4%)", "AGL\n40.00\nDecreased By ▼ -0.16\n(-0.4%)"])
lines = st.one_of(other_lines, cells, edited_lines(), near_quotes, quotes().map(lambda quote: quote.text))
texts = st.lists(st.tuples(lines, line_ends).map("".join), max_size=9).map("".join)


@pytest.mark.parametrize("layouts", OTHERS.values(), ids=OTHERS)
@given(text=texts, sizes=st.lists(st.integers(1, 99), min_size=1, max_size=4))
def test_blocks_of_any_size_give_the_same_rows_and_reports(layouts: list[str], text: str, sizes: list[int]) -> None:
    content = text.encode("utf-8", "surrogateescape")
    whole = found(layouts, [content])
    assert found(layouts, list(cut(content, [1]))) == whole
    assert found(layouts, list(cut(content, sizes))) == whole
