"""The command as its user sees it: options, formats, columns, names, exit statuses and streams."""

import json
import os
import re
import sys
from pathlib import Path

import pytest

from tests.support import BOARD, CSV, HEADER, TABLE, Result, Tickerx, end, read_screen, read_until

FORMATTED = {
    "table": TABLE,
    "csv": CSV,
    "tsv": CSV.replace(",", "\t"),
    "json": """\
[
{"symbol":"AGL","price":40.00,"change":-0.16,"change_percent":-0.4,"direction":"down","kind":"stock"},
{"symbol":"KSE100","price":97328,"change":1781.9,"change_percent":1.86,"direction":"up","kind":"index"},
{"symbol":"NBP","price":60.29,"change":0.00,"change_percent":0,"direction":"unchanged","kind":"stock"}
]
""",
    "jsonl": """\
{"symbol":"AGL","price":40.00,"change":-0.16,"change_percent":-0.4,"direction":"down","kind":"stock"}
{"symbol":"KSE100","price":97328,"change":1781.9,"change_percent":1.86,"direction":"up","kind":"index"}
{"symbol":"NBP","price":60.29,"change":0.00,"change_percent":0,"direction":"unchanged","kind":"stock"}
""",
    "markdown": """\
| symbol | price | change | change_percent | direction | kind |
| --- | ---: | ---: | ---: | --- | --- |
| AGL | 40.00 | -0.16 | -0.4 | down | stock |
| KSE100 | 97328 | 1781.9 | 1.86 | up | index |
| NBP | 60.29 | 0.00 | 0 | unchanged | stock |
""",
}

TABLE_ROWS = """\
AGL           40.00      -0.16  -0.4   ▼ down       stock          ━━┥
KSE100 •  97,328     +1,781.9   +1.86  ▲ up         index            ┝━━━━━━━━━━
NBP           60.29       0.00   0     = unchanged  stock            │

3 quotes  ▲ 1 up  ▼ 1 down  = 1 unchanged  • 1 index
"""

NOTHING = {
    "table": f"symbol  price  chg  chg %  direction  kind\n{'─' * 42}\n\n0 quotes\n",
    "csv": HEADER,
    "tsv": HEADER.replace(",", "\t"),
    "json": "[]\n",
    "jsonl": "",
    "markdown": "".join(FORMATTED["markdown"].splitlines(keepends=True)[:2]),
}

PROSE = "Declined 98 No Change 15\nThe index closed at 21,178.72 points with net change of 1053.21 points.\n"


@pytest.mark.parametrize("format", FORMATTED)
def test_a_format_is_written_as_asked(tickerx: Tickerx, format: str) -> None:
    assert tickerx("-f", format, stdin=BOARD) == (0, FORMATTED[format], "")


@pytest.mark.parametrize("format", FORMATTED)
def test_no_quote_is_an_empty_result_and_no_failure(tickerx: Tickerx, format: str) -> None:
    assert tickerx("--format", format, stdin=PROSE) == (0, NOTHING[format], "")


@pytest.mark.parametrize("format", FORMATTED)
def test_no_header_leaves_the_rows(tickerx: Tickerx, format: str) -> None:
    header_lines = {"csv": 1, "tsv": 1, "markdown": 2}.get(format, 0)
    rows = "".join(FORMATTED[format].splitlines(keepends=True)[header_lines:])
    expected = TABLE_ROWS if format == "table" else rows
    assert tickerx("-f", format, "--no-header", stdin=BOARD) == (0, expected, "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            ["-c", "kind,symbol"], "kind,symbol\nstock,AGL\nindex,KSE100\nstock,NBP\n", id="in-the-order-asked"
        ),
        pytest.param(["--columns", "price"], "price\n40.00\n97328\n60.29\n", id="one-alone"),
        pytest.param(
            ["-c", "symbol,previous_close"],
            "symbol,previous_close\nAGL,40.16\nKSE100,95546.1\nNBP,60.29\n",
            id="previous-close-on-demand",
        ),
        pytest.param(["-H", "-c", "symbol"], "file,symbol\n-,AGL\n-,KSE100\n-,NBP\n", id="file-in-front"),
        pytest.param(["-n", "-c", "symbol"], "line,symbol\n1,AGL\n2,KSE100\n3,NBP\n", id="line-in-front"),
        pytest.param(
            ["-nH", "-c", "symbol"],
            "file,line,symbol\n-,1,AGL\n-,2,KSE100\n-,3,NBP\n",
            id="file-before-line-in-whatever-order-asked",
        ),
        pytest.param(
            ["-c", "symbol,line,file"],
            "symbol,line,file\nAGL,1,-\nKSE100,2,-\nNBP,3,-\n",
            id="file-and-line-anywhere",
        ),
        pytest.param(
            ["--with-filename", "--line-number"],
            f"file,line,{HEADER}"
            "-,1,AGL,40.00,-0.16,-0.4,down,stock\n"
            "-,2,KSE100,97328,1781.9,1.86,up,index\n"
            "-,3,NBP,60.29,0.00,0,unchanged,stock\n",
            id="before-the-default-columns",
        ),
    ],
)
def test_columns_are_those_asked_for(tickerx: Tickerx, arguments: list[str], expected: str) -> None:
    assert tickerx(*arguments, stdin=BOARD) == (0, expected, "")


def test_options_stand_anywhere_and_inputs_are_read_in_their_order(tickerx: Tickerx, board: Path) -> None:
    (tickerx.folder / "more.txt").write_text("AIRLINK 129.53 Decreased By ▼ -2.20 (-1.67%)\n", "utf-8")
    result = tickerx("more.txt", "-c", "symbol", "board.txt", "-f", "csv", "more.txt", stdin="unread")
    assert result == (0, "symbol\nAIRLINK\nAGL\nKSE100\nNBP\nAIRLINK\n", "")


@pytest.mark.parametrize(
    ("arguments", "format"),
    [
        pytest.param(["-o", "quotes.csv"], "csv", id="csv"),
        pytest.param(["-o", "quotes.tsv"], "tsv", id="tsv"),
        pytest.param(["-o", "quotes.json"], "json", id="json"),
        pytest.param(["-o", "quotes.jsonl"], "jsonl", id="jsonl"),
        pytest.param(["-o", "quotes.ndjson"], "jsonl", id="ndjson-is-jsonl"),
        pytest.param(["-o", "quotes.md"], "markdown", id="md-is-markdown"),
        pytest.param(["-o", "quotes.markdown"], "markdown", id="markdown"),
        pytest.param(["--output", "QUOTES.JSON"], "json", id="capitals-make-no-difference"),
        pytest.param(["-o", "quotes.txt"], "csv", id="an-unknown-suffix-is-csv"),
        pytest.param(["-o", "quotes"], "csv", id="no-suffix-is-csv"),
        pytest.param(["-o", "quotes.json", "-f", "tsv"], "tsv", id="the-option-wins"),
        pytest.param(["-f", "table", "-o", "quotes.csv"], "table", id="the-option-wins-for-a-table"),
    ],
)
def test_an_output_has_the_format_of_its_suffix(tickerx: Tickerx, arguments: list[str], format: str) -> None:
    assert tickerx(*arguments, stdin=BOARD) == (0, "", "")
    [output] = tickerx.folder.iterdir()
    assert output.read_text("utf-8") == FORMATTED[format]


def test_an_output_named_minus_is_standard_output(tickerx: Tickerx) -> None:
    assert tickerx("-o", "-", stdin=BOARD) == (0, CSV, "")
    assert list(tickerx.folder.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--frob"], "--frob", id="an-unknown-option"),
        pytest.param(["--forma", "csv"], "--format", id="an-option-cut-short-with-the-one-that-is-near"),
        pytest.param(["-f", "xml"], "'xml'", id="an-unknown-format"),
        pytest.param(["-f"], "'-f'", id="an-option-without-its-value"),
        pytest.param(["--color", "mauve"], "'mauve'", id="an-unknown-choice-of-colour"),
        pytest.param(
            ["-c", "symbol,pric"],
            "there is no column 'pric'. Did you mean 'price'? The columns are symbol, price, change, change_percent, "
            "direction, kind, previous_close, sound, file, line, url, fetched, document, record, name, layout.",
            id="an-unknown-column-with-the-one-that-is-near",
        ),
        pytest.param(["-c", "xyz"], "there is no column 'xyz'. The columns are symbol,", id="an-unknown-column"),
        pytest.param(["-c", ""], "there is no column ''.", id="no-column"),
        pytest.param(["-c", "kind,symbol,kind"], "Column 'kind' is given twice by -c.", id="a-column-named-twice"),
        pytest.param(["-c", "+"], "there is no column ''.", id="no-column-to-add"),
        pytest.param(
            ["-H", "-c", "file"], "Column 'file' is given by -c and added by -H again.", id="a-file-column-twice"
        ),
        pytest.param(
            ["-n", "-c", "line"], "Column 'line' is given by -c and added by -n again.", id="a-line-column-twice"
        ),
        pytest.param(
            ["--files0-from", "list", "board.txt"],
            "FILES cannot be combined with --files0-from.",
            id="inputs-named-and-listed",
        ),
        pytest.param(["--\x1b[31mred"], "\\x1b[31mred", id="escape-sequences-are-spelled-out"),
    ],
)
def test_wrong_usage_is_one_line_that_says_where_help_is(tickerx: Tickerx, arguments: list[str], words: str) -> None:
    status, stdout, stderr = tickerx(*arguments, stdin=BOARD)
    told, *rest = stderr.split("\n")
    assert (status, stdout, rest) == (2, "", ["Try 'tickerx --help' for help.", ""])
    assert told.startswith("tickerx: ")
    assert words in told


@pytest.mark.parametrize(
    ("output", "reason"),
    [
        pytest.param("", "'': No such file or directory", id="no-name"),
        pytest.param("new/", "new/: Is a directory", id="a-folder-that-is-not-there"),
        pytest.param(".", ".: Is a directory", id="a-folder"),
    ],
)
def test_an_output_that_is_no_name_of_a_file_is_refused(tickerx: Tickerx, output: str, reason: str) -> None:
    assert tickerx("-o", output, stdin=BOARD) == Result(2, "", f"tickerx: {reason}\n")
    assert list(tickerx.folder.iterdir()) == []


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("tickerx -f xml -o quotes.csv", id="an-unknown-format"),
        pytest.param("tickerx -c xyz -o quotes.csv", id="an-unknown-column"),
        pytest.param("tickerx -o quotes.csv --help", id="help"),
        pytest.param("tickerx -o quotes.csv --version", id="the-version"),
    ],
)
def test_no_output_is_begun_by_wrong_usage_or_by(tickerx: Tickerx, script: str) -> None:
    tickerx.shell(script)
    assert list(tickerx.folder.iterdir()) == []


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_options_statuses_and_examples(tickerx: Tickerx, option: str) -> None:
    status, stdout, stderr = tickerx(option, "missing.txt")
    assert (status, stderr) == (0, "")
    assert stdout.startswith("Usage: tickerx [OPTIONS] [FILES]...\n")
    for part in ("--format", "--output", "--columns", "--files0-from", "Exit status:", "  2  an error", "Examples:"):
        assert part in stdout
    assert max(map(len, stdout.split("Examples:")[0].split("\n"))) <= 80


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_the_version_is_one_line(tickerx: Tickerx, option: str) -> None:
    status, stdout, stderr = tickerx(option, "missing.txt")
    assert (status, stderr) == (0, "")
    assert re.fullmatch(r"tickerx [0-9][0-9a-z.]*\n", stdout)


def test_the_installed_command_is_the_module(tickerx: Tickerx, board: Path) -> None:
    script = os.path.join(os.path.dirname(sys.executable), "tickerx")
    if not os.path.exists(script):
        pytest.skip("the console script is not installed beside this Python")
    status, stdout, stderr = tickerx.shell(f"'{script}' missing.txt board.txt")
    assert (status, stdout, stderr) == (2, CSV, "tickerx: missing.txt: No such file or directory\n")


# Each name, as its bytes, and how it stands in CSV, in JSON, in Markdown, and before the eye.
NAMES = [
    pytest.param(b"=1+1", "./=1+1", '"./=1+1"', "./=1+1", "./=1+1", id="formula-with-equals"),
    pytest.param(b"+1", "./+1", '"./+1"', "./+1", "./+1", id="formula-with-plus"),
    pytest.param(b"-1", "./-1", '"./-1"', "./-1", "./-1", id="formula-with-minus"),
    pytest.param(b"@a", "./@a", '"./@a"', "./@a", "./@a", id="formula-with-at"),
    pytest.param("börse".encode(), "börse", '"börse"', "börse", "börse", id="letters-beyond-ascii"),
    pytest.param(b"a\xff\xfeb", r"a\xff\xfeb", r'"a\\xff\\xfeb"', r"a\\xff\\xfeb", r"a\xff\xfeb", id="not-utf-8"),
    pytest.param(b"a,b", '"a,b"', '"a,b"', "a,b", "a,b", id="comma"),
    pytest.param(b'a"b', '"a""b"', r'"a\"b"', 'a"b', 'a"b', id="quotation-mark"),
    pytest.param(b"a\nb", '"a\nb"', r'"a\nb"', r"a\\nb", r"a\nb", id="line-feed"),
    pytest.param(b"a|b`*", "a|b`*", '"a|b`*"', r"a\|b\`\*", "a|b`*", id="marks-of-markdown"),
    pytest.param(b"[b]a", "[b]a", '"[b]a"', r"\[b\]a", "[b]a", id="markup-of-rich"),
    pytest.param(
        b"\x1b[31mred",
        "\x1b[31mred",
        r'"\u001b[31mred"',
        r"\\x1b\[31mred",
        r"\x1b[31mred",
        id="escape-sequence",
    ),
    pytest.param(
        "a\u202eb\u200b".encode(),
        "a\u202eb\u200b",
        '"a\u202eb\u200b"',
        r"a\\u202eb\\u200b",
        r"a\u202eb\u200b",
        id="bidi-and-zero-width",
    ),
]


@pytest.mark.parametrize(("name", "in_csv", "in_json", "in_markdown", "shown"), NAMES)
def test_a_file_is_named_safely_in_every_format(
    tickerx: Tickerx, name: bytes, in_csv: str, in_json: str, in_markdown: str, shown: str
) -> None:
    path = os.path.join(os.fsencode(tickerx.folder), name)
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write("AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n")
    except OSError:
        pytest.skip("this system has no such names")

    def output(format: str) -> Result:
        return tickerx("-H", "-c", "symbol", "--no-header", "-f", format, "--", name)

    assert output("csv") == (0, f"{in_csv},AGL\n", "")
    assert output("jsonl") == (0, f'{{"file":{in_json},"symbol":"AGL"}}\n', "")
    assert output("markdown") == (0, f"| {in_markdown} | AGL |\n", "")
    counts = "1 quote  ▲ 0 up  ▼ 1 down  = 0 unchanged  • 0 indices"
    assert output("table") == (0, f"{shown}  AGL\n\n{counts}\n", "")
    os.unlink(path)
    assert output("csv") == (2, "", f"tickerx: {shown}: No such file or directory\n")


def test_json_has_the_printed_digits(tickerx: Tickerx) -> None:
    row = "AGL 999999999999999.100000000 Increased By ▲ 0.000000001 (0.00%)"
    status, stdout, _ = tickerx("-f", "json", "-c", "price,change,change_percent", stdin=row)
    [figures] = json.loads(stdout, parse_float=str, parse_int=str)
    assert (status, *figures.values()) == (0, "999999999999999.100000000", "0.000000001", "0.00")


ENVIRONMENTS = [
    pytest.param({"LC_ALL": "C"}, id="locale-C"),
    pytest.param({"LC_ALL": "POSIX", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, id="a-locale-that-is-not-utf-8"),
    pytest.param({"PYTHONIOENCODING": "latin-1"}, id="streams-told-to-be-latin-1"),
    pytest.param({"PYTHONUNBUFFERED": "1"}, id="unbuffered"),
    pytest.param({"PYTHONOPTIMIZE": "2"}, id="without-docstrings-and-assertions"),
    pytest.param({"PYTHONDEVMODE": "1", "PYTHONWARNINGS": "error"}, id="every-warning-an-error"),
    pytest.param({"COLUMNS": "20", "LINES": "2", "TERM": "dumb"}, id="a-small-and-dumb-terminal"),
    pytest.param({"TZ": "Asia/Karachi", "PYTHONHASHSEED": "1", "LANGUAGE": "de"}, id="elsewhere"),
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_nothing_depends_on_the_environment(tickerx: Tickerx, environment: dict[str, str]) -> None:
    (tickerx.folder / "börse").write_text(BOARD, "utf-8")
    expected = (
        "file   symbol    direction\n"
        "────────────────────────────\n"
        "börse  AGL       ▼ down\n"
        "börse  KSE100 •  ▲ up\n"
        "börse  NBP       = unchanged\n"
        "\n"
        "3 quotes  ▲ 1 up  ▼ 1 down  = 1 unchanged  • 1 index\n"
    )
    result = tickerx("-H", "-f", "table", "-c", "symbol,direction", "börse", "fehlt-ö", environment=environment)
    assert result == (2, expected, "tickerx: fehlt-ö: No such file or directory\n")
    assert tickerx("--help", environment=environment) == tickerx("--help")


# An option and an environment, and whether the table is coloured off a terminal and on one.
COLOURS = [
    pytest.param("auto", {}, False, True, id="of-itself-on-a-terminal-only"),
    pytest.param("auto", {"TERM": "dumb"}, False, False, id="not-on-a-dumb-terminal"),
    pytest.param("auto", {"NO_COLOR": "1"}, False, False, id="NO_COLOR"),
    pytest.param("auto", {"NO_COLOR": ""}, False, True, id="an-empty-NO_COLOR-is-unset"),
    pytest.param("auto", {"FORCE_COLOR": "1"}, True, True, id="FORCE_COLOR"),
    pytest.param("auto", {"FORCE_COLOR": ""}, False, True, id="an-empty-FORCE_COLOR-is-unset"),
    pytest.param("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False, id="NO_COLOR-before-FORCE_COLOR"),
    pytest.param("always", {}, True, True, id="always"),
    pytest.param("never", {}, False, False, id="never"),
    pytest.param("never", {"FORCE_COLOR": "1"}, False, False, id="never-before-FORCE_COLOR"),
    pytest.param("always", {"NO_COLOR": "1"}, True, True, id="always-before-NO_COLOR"),
    pytest.param("always", {"TERM": "dumb"}, True, True, id="always-before-a-dumb-terminal"),
]
RED = "\x1b[31m"


@pytest.mark.parametrize(("option", "environment", "off_a_terminal", "at_a_terminal"), COLOURS)
def test_a_table_has_colour(
    tickerx: Tickerx, board: Path, option: str, environment: dict[str, str], off_a_terminal: bool, at_a_terminal: bool
) -> None:
    arguments = ("-f", "table", "-c", "change", "--color", option, "board.txt")
    piped = tickerx(*arguments, environment=environment)
    screen, terminal = os.openpty()
    process = tickerx.start(*arguments, stdout=terminal, environment=environment)
    shown = read_screen(screen, terminal)
    assert (RED in piped.stdout, RED in shown) == (off_a_terminal, at_a_terminal)
    assert ("\x1b" in piped.stdout, "\x1b" in shown) == (off_a_terminal, at_a_terminal)
    assert (piped.status, piped.stderr, end(process)) == (0, "", (0, "", ""))


@pytest.mark.parametrize("environment", [{"COLUMNS": "20"}, {"TERM": "dumb"}], ids=["COLUMNS", "TERM"])
def test_colour_cuts_no_figure(tickerx: Tickerx, environment: dict[str, str]) -> None:
    row = f"{'A' * 20} 999999999999999.123456789 Increased By ▲ 999999999999999.123456789 (0%)"
    status, stdout, _ = tickerx("-f", "table", "--color", "always", "-H", stdin=row, environment=environment)
    assert (status, "…" in stdout, stdout.count("999,999,999,999,999.123456789")) == (0, False, 2)


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], TABLE, id="a-table"),
        pytest.param(["-o", "-"], TABLE, id="a-table-also-when-named-minus"),
        pytest.param(["-f", "csv"], CSV, id="the-format-asked-for"),
    ],
)
def test_a_terminal_shows(tickerx: Tickerx, board: Path, arguments: list[str], expected: str) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start(*arguments, "board.txt", stdout=terminal, environment={"NO_COLOR": "1"})
    assert read_screen(screen, terminal) == expected
    assert end(process) == (0, "", "")


def test_a_file_does_not_look_like_output_for_the_terminal(tickerx: Tickerx, board: Path) -> None:
    for arguments, expected in ((["-o", "quotes"], CSV), (["-o", "quotes", "-f", "table"], TABLE)):
        screen, terminal = os.openpty()
        process = tickerx.start("board.txt", *arguments, stdout=terminal)
        assert read_screen(screen, terminal) == ""
        assert end(process) == (0, "", "")
        assert (tickerx.folder / "quotes").read_text("utf-8") == expected


@pytest.mark.parametrize("arguments", [[], ["-"]], ids=["unnamed", "named-minus"])
def test_reading_from_a_terminal_prints_a_hint(tickerx: Tickerx, arguments: list[str]) -> None:
    keyboard, terminal = os.openpty()
    process = tickerx.start(*arguments, stdin=terminal)
    os.close(terminal)
    told = read_until(process.stderr, b"\n").decode()
    assert told == "tickerx: reading from this terminal; Ctrl-D on an empty line ends the input\n"
    os.write(keyboard, BOARD.encode() + b"\x04")
    assert end(process) == (0, CSV, "")
    os.close(keyboard)


def test_a_terminal_that_is_not_read_gets_no_hint(tickerx: Tickerx, board: Path) -> None:
    keyboard, terminal = os.openpty()
    assert end(tickerx.start("board.txt", stdin=terminal)) == (0, CSV, "")
    os.close(terminal)
    os.close(keyboard)
