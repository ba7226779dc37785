"""The built-in layout beside others: each quote is read once, and each damaged one is reported once."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import edited_lines, line_ends, near_quotes, quotes
from tickerx.engine.extract import make_scanner
from tickerx.grammar.reports import Malformed
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


def found(layouts: list[str], blocks: list[bytes]) -> tuple[list[object], list[object], list[tuple[str, ...]]]:
    """Return what is found in blocks of a text: quotes and damaged text, suspects, and rows."""
    items: list[object] = []
    suspects: list[object] = []
    rows: list[tuple[str, ...]] = []
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


FROM_BUGS = [
    pytest.param("cells", "increased by ▲ foo\n(-0.4%)\n(-0.4%)\n", ["1:1: expected a symbol"], id="in-no-quote"),
    pytest.param(
        "cells",
        "AIRLINK 129.53 Decreased By\na\nb\nc\nd\n",
        ["1:28: expected a change"],
        id="before-lines-of-other-text",
    ),
    pytest.param(
        "whole-lines",
        "BOP 5.00 up 1%\nAGL AIRLINK 129.53 Decreased By\nBOP 5.00 up 1%\n",
        ["2:32: expected a change"],
        id="between-quotes-of-a-layout",
    ),
    pytest.param(
        "whole-lines",
        "BOP 5.00 up 1%\nBOP 5.O0 up 1%\nAGL AIRLINK 129.53 Decreased By\nBOP 5.00 up 1%\n",
        ["2:5: expected a price", "3:32: expected a change"],
        id="behind-what-is-damaged-for-the-layout",
    ),
    pytest.param("cells", "AGL\n40.00\nDecreased By ▼ -0.16\n(-0.4%)\n", [], id="a-line-within-a-quote-of-cells"),
]


@pytest.mark.parametrize("size", [1, 9, 999])
@pytest.mark.parametrize(("name", "text", "expected"), FROM_BUGS)
def test_what_is_damaged_is_reported_once(name: str, text: str, expected: list[str], size: int) -> None:
    items, _, _ = found(OTHERS[name], list(cut(text.encode(), [size])))
    reports = [item for item in items if isinstance(item, Malformed)]
    assert [f"{one.line}:{one.column}: {one.reason.partition(';')[0]}" for one in reports] == expected


def test_a_suspect_on_a_line_without_end_is_reported_once() -> None:
    text = ("AGL 40.00 Decreased By ▼ -0.16 (-0.9%) " + "text " * 3000) * 20
    items, suspects, rows = found(OTHERS["open-ends"], [text.encode()])
    assert len(items) == len(rows) == len(suspects) == 20


def test_quotes_of_the_words_keep_their_kind_among_others() -> None:
    text = "BOP 5.00 up 1%\nKSE100 97,328 Increased By 1781.9 (1.86%)\nBOP 5.00 up 1%\nAGL 40.00 No Change 0 (0%)\n"
    _, _, rows = found([MOVES], [text.encode()])
    assert [row[list(COLUMNS).index("kind")] for row in rows] == ["", "index", "", "stock"]
