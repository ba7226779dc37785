"""Reading takes linear time, whatever the layout and the text (hazard 25)."""

import subprocess
import sys

import pytest

LAYOUTS = [
    pytest.param("{name} {price} {change} {percent}%", id="a-name-and-figures"),
    pytest.param(
        "{name} [{skip} ][{skip} ][{skip} ][{skip} ]{previous} {price} {change} {percent}%", id="words-to-pass"
    ),
    pytest.param("{name} [a ][1 ][{symbol} ][{change} ][{percent} ][{skip} ]{price}", id="six-optional-parts"),
    pytest.param("{name}, [{skip}, ][{previous}, ]{price}, {change}", id="a-name-before-a-comma"),
    pytest.param("...{symbol} {name} {price} {percent}%...", id="open-ends"),
    pytest.param("{name}[ x][ y]\n[a]\n{price}\n{change}", id="several-lines"),
]
FRAGMENTS = [
    *(
        "AGL 40.00 -0.16 ",
        "Big Co ",
        "1 234 ",
        "a 1 ",
        "1",
        "9,999",
        "(((((",
        "x,",
        ",",
        " ",
        "\\t",
        "\\n",
        "a\\n",
        "$",
        "-",
    ),
    *("a\\n\\n\\n", "a 1 1 1 1 1 1 1 1 1\\n", "USD 1 234 USD 1 234 USD 1 234\\n", "1 1 1 1 1 1 1 1 1\\n", "%\\n"),
    *("a" * 63, " " * 63),
]
SIZE = 200_000
SECONDS = 40
"""Processor time for all the fragments, some 9 million characters with and without a line end behind them."""
PROGRAM = f"""
import resource, sys
from tickerx.layouts.layout import compile_layout
from tickerx.layouts.read import read_text
from tickerx.layouts.suggest import suggest
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
layouts = [compile_layout(sys.argv[1], decimal=",", groups=sys.argv[2] or None)]
for fragment in sys.argv[3:]:
    fragment = fragment.encode().decode("unicode_escape")
    text = (fragment * ({SIZE} // len(fragment) + 1))[:{SIZE}]
    read_text(text, layouts)
    read_text(text + "\\n", layouts)
print("done")
"""


@pytest.mark.parametrize("groups", [pytest.param("", id="groups-as-usual"), pytest.param(" .", id="groups-by-spaces")])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_no_text_takes_more_than_linear_time(layout: str, groups: str) -> None:
    arguments = [sys.executable, "-c", PROGRAM, layout, groups, *FRAGMENTS]
    assert subprocess.run(arguments, capture_output=True, text=True, check=False).stdout == "done\n"


def test_suggestions_take_little_time_on_any_text() -> None:
    program = PROGRAM.replace("read_text(text, layouts)", "suggest(text)").replace(str(SECONDS), "20")
    arguments = [
        sys.executable,
        "-c",
        program,
        "{symbol} {price}",
        "",
        *FRAGMENTS,
        "A 1.00 -0.10 2.00 3.00 4.00 5.00 6.00 7.00\\n",
    ]
    assert subprocess.run(arguments, capture_output=True, text=True, check=False).stdout == "done\n"
