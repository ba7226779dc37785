"""Files of layouts: what they may hold, and what is wrong with one."""

import pickle

import pytest

from tickerx.layouts.files import RESERVED, LayoutFileError, read_layouts, shipped_layouts
from tickerx.layouts.read import read_text

FILE = """
[nikkei]
layout = "{name} {price} {percent}%"
unsigned = "up"
groups = ","
samples = ["FUJI KISEN 3,225.00 -1.68%", "SAKURA 1,226.00 4.65%"]

[cells-of-mine]
layout = '''
{name}
{price}
'''
decimal = ","
samples = ['''
Big Co

12,50
''']

[tape]
layout = "...{symbol} {price} {percent}%..."
samples = ["now AGL 40.00 -0.4%, BOP 5.00 1%"]
"""


@pytest.mark.parametrize("text", [FILE, "\ufeff" + FILE, FILE.replace("\n", "\r\n")], ids=["LF", "a-mark", "CRLF"])
def test_a_file_gives_its_layouts_in_order(text: str) -> None:
    first, second, third = read_layouts(text)
    assert (first.name, first.decimal, first.unsigned, first.groups, first.lines) == ("nikkei", ".", "up", ",", 1)
    assert (second.name, second.decimal, second.unsigned, second.lines) == ("cells-of-mine", ",", None, 2)
    assert (third.name, third.is_open) == ("tape", True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param("", "x.toml: has no layout", id="nothing"),
        pytest.param("[a", "x.toml: not TOML: Expected ']' at the end of a table declaration (at end", id="not-TOML"),
        pytest.param("layout = 'x'", "x.toml: layout: a layout is a table with the key layout", id="no-table"),
        pytest.param("[a]", "x.toml: [a]: layout: is missing", id="no-layout"),
        pytest.param(
            "[words]\nlayout='x'", "x.toml: [words]: the name words belongs to a built-in layout", id="a-reserved-name"
        ),
        pytest.param("[a]\nlayuot='x'", "x.toml: [a]: layuot: unknown key; the keys are layout, decimal,", id="a-typo"),
        pytest.param("[a]\nlayout=1", "x.toml: [a]: layout: must be a text", id="a-number"),
        pytest.param("[a]\nlayout='x'\nsamples='y'", "x.toml: [a]: samples: must be a list of texts", id="one-sample"),
        pytest.param("[a]\nlayout='x'\nsamples=[1]", "x.toml: [a]: samples: must be a list of texts", id="no-sample"),
        pytest.param(
            "[a]\nlayout='{name} {prise}'",
            "x.toml: [a]: layout: unknown field {prise}; the fields are {symbol} {name} {price} {previous} {change} "
            "{percent} {skip}\n  {name} {prise}\n         ^^^^^^^",
            id="an-error-in-the-layout",
        ),
        pytest.param(
            "[a]\nlayout='{name} {price}'\ndecimal=';'",
            'x.toml: [a]: decimal: must be "." or ",", not \';\'',
            id="another-decimal-sign",
        ),
        pytest.param(
            "[a]\nlayout='{name} {price}'\nunsigned='down'",
            "x.toml: [a]: unsigned: must be \"up\", not 'down'",
            id="another-direction",
        ),
        pytest.param(
            "[a]\nlayout='{name} {price}'\ndecimal=','\ngroups=' ,'",
            "x.toml: [a]: groups: ',' does not group with decimal = \",\"; '.' \"'\" '’' ' ' '\\xa0' '\\u202f' do",
            id="groups-by-the-decimal-sign",
        ),
        pytest.param(
            "[a]\nlayout='{symbol}\\n{price}'",
            "x.toml: [a]: layout: \"\\n\" is not a line end here: for a real one, type $'…\\n…' in bash and zsh",
            id="a-backslash-and-an-n",
        ),
        pytest.param(
            "[a]\nlayout='{name} {price}%'\nsamples=['A 1%', 'Big 1.x%']",
            "x.toml: [a]: samples: sample 2 does not fit: expected a price\n  Big 1.x%\n      ^^^^",
            id="a-sample-that-does-not-fit",
        ),
        pytest.param(
            "[a]\nlayout='{name}\\n{price}'\nsamples=['Big\\n\\n1.x\\n']".replace("\\n", "\\\\n"),
            "x.toml: [a]: samples: sample 1 does not fit: expected",
            id="a-sample-of-one-line-for-two",
        ),
        pytest.param(
            '[a]\nlayout="{name}\\n{price}"\nsamples=["Big\\n\\n1.x\\n"]',
            "x.toml: [a]: samples: sample 1 does not fit: expected a price\n  1.x\n  ^^^",
            id="a-sample-of-two-lines",
        ),
        pytest.param(
            '[a]\nlayout="{name} {price}"\nsamples=["Big 1\\nBig x\\nBig 3"]',
            "x.toml: [a]: samples: sample 1 does not fit: expected a price\n  Big x\n      ^",
            id="a-line-of-a-sample",
        ),
        pytest.param(
            "[a]\nlayout='{name} {price}'\nsamples=['']",
            "x.toml: [a]: samples: sample 1 does not fit: expected a name\n  \n  ^",
            id="an-empty-sample",
        ),
        pytest.param(
            "[a]\nlayout='...{symbol} {price}%'\nsamples=['x A 1']",
            "x.toml: [a]: samples: sample 1 does not fit: no quote in it\n  x A 1",
            id="a-sample-without-a-quote",
        ),
        pytest.param(
            "[a]\nlayout='{symbol} {price}%...'\nsamples=['A 1']",
            'x.toml: [a]: samples: sample 1 does not fit: expected "%"\n  A 1\n     ^',
            id="a-sample-for-an-open-end",
        ),
    ],
)
def test_a_file_that_is_wrong_names_table_and_key(text: str, message: str) -> None:
    with pytest.raises(LayoutFileError) as caught:
        read_layouts(text, "x.toml")
    assert str(caught.value).startswith(message)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)  # noqa: S301 - our own


def test_the_built_in_grammar_is_no_layout_of_fields() -> None:
    assert {name: len(shipped_layouts(name)) for name in RESERVED} == {"words": 0, "cells": 2}


def test_the_built_in_grammar_can_be_read_in_cells() -> None:
    text = "AGL\n40.00\nDecreased By\n▼\n-0.16\n(-0.4%)\n\nBR100\n\n10,407\nIncreased  By\n220\n(2.16%)\nNBP\n60.29\n"
    reading = read_text(text + "No Change\n▼\n0.00\n(0%)\nHome\n", shipped_layouts("cells"))
    assert [
        (row.symbol, row.price, row.change, row.change_percent, row.direction, row.line) for row in reading.rows()
    ] == [
        ("AGL", "40.00", "-0.16", "-0.4", "down", 1),
        ("BR100", "10407", "220", "2.16", "up", 8),
        ("NBP", "60.29", "0.00", "0", "unchanged", 14),
    ]
    assert reading.malformed == []
