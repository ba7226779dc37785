"""Boards of declared layouts, read by the real command: rows in all formats, reports, suggestions and the hint."""

import csv
import gzip
import io
import json
import os
import resource
import shlex
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import tickerx as library
from tests.support import BOARD, CSV, DRAWN, HEADER, Tickerx, end, read_until, write

LAYOUTS = Path(__file__).parent / "layouts"
GOLDEN = LAYOUTS / "golden"
NAMES = sorted({path.stem for path in GOLDEN.iterdir()})
PROSE = Path(__file__).with_name("prose.txt").read_text("utf-8")

LAYOUT = "{symbol} {price} {change} ({percent}%)"
SHARES = """\
AAPL 189.87 +1.23 (+0.65%)
MSFT 402.10 -2.05 (-0.51%)
NVDA 1,104.00 +4.00 (+0.36%)
"""
SHARES_CSV = """\
symbol,price,change,change_percent,direction,kind
AAPL,189.87,1.23,0.65,up,
MSFT,402.10,-2.05,-0.51,down,
NVDA,1104.00,4.00,0.36,up,
"""
COLUMNS = "symbol,name,price,change,change_percent,direction,previous_close,line,sound"


def golden(name: str, *options: str) -> list[str]:
    return ["--layout", str(GOLDEN / f"{name}.toml"), *options, str(GOLDEN / f"{name}.txt")]


def golden_rows(name: str) -> list[dict[str, object]]:
    """Return the rows that a board must give, with their figures as text."""
    rows: list[dict[str, object]] = json.loads((GOLDEN / f"{name}.json").read_text("utf-8"), parse_int=str)
    return rows


def as_cell(value: object) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", NAMES)
def test_a_board_gives_the_rows_beside_it_as_json_that_keeps_to_the_schema(tickerx: Tickerx, name: str) -> None:
    status, stdout, stderr = tickerx(*golden(name, "-f", "json", "-c", COLUMNS))
    assert (status, stderr) == (0, "")
    rows = json.loads(stdout, parse_float=str, parse_int=str)
    assert rows == golden_rows(name)
    schema = json.loads(tickerx("--schema", *golden(name, "-c", COLUMNS)).stdout)
    for row in json.loads(stdout):
        Draft202012Validator(schema).validate(row)


@pytest.mark.parametrize("name", NAMES)
def test_a_board_gives_the_rows_beside_it_as_csv_and_tsv(tickerx: Tickerx, name: str) -> None:
    names = COLUMNS.split(",")
    expected = [[as_cell(row[column]) for column in names] for row in golden_rows(name)]
    text = tickerx(*golden(name, "-c", COLUMNS)).stdout
    assert list(csv.reader(io.StringIO(text))) == [names, *expected]
    lines = tickerx(*golden(name, "-c", COLUMNS, "-f", "tsv")).stdout.splitlines()
    assert [line.split("\t") for line in lines] == [names, *expected]


@pytest.mark.parametrize("name", NAMES)
def test_a_board_is_drawn_and_read_by_the_library(tickerx: Tickerx, name: str) -> None:
    text = (GOLDEN / f"{name}.txt").read_text("utf-8")
    rows = golden_rows(name)
    for kind in (*DRAWN, "markdown", "jsonl"):
        status, stdout, stderr = tickerx(*golden(name, "-f", kind))
        assert (status, stderr) == (0, "")
        assert str(rows[-1]["price"])[-3:] in stdout
    from tickerx.layouts.files import read_layouts

    quotes = list(library.find(text, layouts=read_layouts((GOLDEN / f"{name}.toml").read_text("utf-8"))))
    figures = ("price", "change", "change_percent", "previous_close")
    assert [
        {figure: None if (value := getattr(quote, figure)) is None else format(value, "f") for figure in figures}
        | {"symbol": quote.symbol, "name": quote.name, "direction": quote.direction, "line": str(quote.line)}
        | {"sound": quote.is_sound}  # type: ignore[dict-item]
        for quote in quotes
    ] == rows


# Options


@pytest.mark.parametrize(
    ("layouts", "text", "expected"),
    [
        pytest.param([LAYOUT], SHARES, SHARES_CSV, id="a-text"),
        pytest.param(["words"], BOARD, CSV, id="words-are-the-built-in-layout"),
        pytest.param(
            ["words", LAYOUT],
            SHARES[:27] + BOARD + SHARES[27:],
            SHARES_CSV[:76] + CSV.removeprefix(HEADER) + SHARES_CSV[76:],
            id="words-and-another-in-the-order-of-the-text",
        ),
        pytest.param([LAYOUT, "words"], BOARD[:-1] + " " + BOARD, CSV + CSV[len(HEADER) :], id="words-come-first"),
        pytest.param(
            ["cells"],
            "AGL\n40.00\nDecreased By\n▼\n-0.16\n(-0.4%)\n",
            HEADER + "AGL,40.00,-0.16,-0.4,down,\n",
            id="cells",
        ),
        pytest.param(
            ["{name} {price} {percent}%"],
            "Crude Oil 78.11 -0.48%\n",
            "name,price,change,change_percent,direction,kind\nCrude Oil,78.11,,-0.48,down,\n",
            id="a-name-in-place-of-a-symbol",
        ),
        pytest.param(
            ["{symbol}: {price} {percent}%", "{name} {price} {percent}%"],
            "Crude Oil 78.11 -0.48%\nGLD: 1.00 +1.00%\n",
            "symbol,name,price,change,change_percent,direction,kind\n,Crude Oil,78.11,,-0.48,down,\n"
            "GLD,,1.00,,1.00,up,\n",
            id="names-and-symbols",
        ),
    ],
)
def test_layouts_are_read(tickerx: Tickerx, layouts: list[str], text: str, expected: str) -> None:
    arguments = [argument for layout in layouts for argument in ("--layout", layout)]
    assert tickerx(*arguments, stdin=text) == (0, expected, "")


def test_the_decimal_sign_may_be_a_comma(tickerx: Tickerx) -> None:
    arguments = ["--layout", "{name} {price} {percent}%", "--decimal", ",", "--no-header"]
    assert tickerx(*arguments, stdin="Bergbau AG 1.234,50 -0,48%\n").stdout == "Bergbau AG,1234.50,,-0.48,down,\n"


def test_figures_without_a_sign_may_mean_up(tickerx: Tickerx) -> None:
    arguments = ["--layout", "{name} {price} {percent}%", "--unsigned", "up", "--no-header"]
    assert tickerx(*arguments, stdin="Birch 5.00 1.50%\n").stdout == "Birch,5.00,,1.50,up,\n"


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(
            ["--layout", "{symbol} {prce}"],
            "--layout: unknown field {prce}; the fields are {symbol} {name} {price} {previous} {change} {percent} "
            "{skip}\n  {symbol} {prce}\n           ^^^^^^",
            id="an-unknown-field",
        ),
        pytest.param(
            ["--layout", "{symbol}\n{price} {price}\n"],
            "--layout: {price} twice\n  {price} {price}\n          ^^^^^^^",
            id="on-another-line",
        ),
        pytest.param(
            ["--layout", "\x1b[31m {symbol} {price"],
            "--layout: ",
            id="escape-sequences",
        ),
        pytest.param(
            ["--layout", "wrds"],
            "--layout: 'wrds' is not a layout: a layout has fields such as {price}. A file of layouts ends in .toml; "
            "words and cells are names of layouts.",
            id="a-name-that-nothing-has",
        ),
        pytest.param(["--layout", "no.toml"], "--layout: no.toml: No such file or directory", id="a-missing-file"),
        pytest.param(["--layout", "bad.toml"], "--layout: bad.toml: [a]: layout: no {price}\n  {symbol}", id="a-file"),
        pytest.param(["--layout", "latin.toml"], "--layout: latin.toml: not UTF-8", id="a-file-in-latin-1"),
        pytest.param(["--decimal", ","], "--decimal needs a --layout with fields", id="a-decimal-for-nothing"),
        pytest.param(
            ["--layout", r"{symbol}\n{price}"], r'--layout: "\n" is not a line end here', id="a-backslash-and-an-n"
        ),
        pytest.param(["--layout", LAYOUT, "-k", "index"], "-k needs a board in words", id="kinds-that-none-tells"),
        pytest.param(
            ["--layout", "{symbol} {price}", "-d", "up"],
            "-d needs a layout with {change}, {percent} or <up|down>",
            id="directions-that-none-tells",
        ),
        pytest.param(["-s", "Big Fund"], "Invalid value for '-s'", id="a-blank-in-a-symbol-of-the-words"),
        pytest.param(["--layout", LAYOUT, "-s", "AGL,"], "Invalid value for '-s'", id="an-empty-pattern"),
        pytest.param(["--unsigned", "up"], "--unsigned needs a --layout with fields", id="an-unsigned-for-nothing"),
        pytest.param(["--unsigned", "down"], "Invalid value for '--unsigned'", id="another-unsigned"),
        pytest.param(["--decimal", ";"], "Invalid value for '--decimal'", id="another-decimal"),
        pytest.param(["--suggest", "--layout", LAYOUT], "--suggest prints layouts", id="suggest-with-a-layout"),
        pytest.param(["--suggest", "-f", "svg"], "--suggest prints layouts", id="suggest-as-a-picture"),
        pytest.param(["--suggest", "-f", "parquet"], "--suggest prints layouts", id="suggest-as-parquet"),
    ],
)
def test_wrong_options_are_errors_that_say_why(tickerx: Tickerx, arguments: list[str], expected: str) -> None:
    (tickerx.folder / "bad.toml").write_text('[a]\nlayout = "{symbol}"\n', "utf-8")
    (tickerx.folder / "latin.toml").write_bytes(b'[a]\nlayout = "{name} {price} \xa3"\n')
    status, stdout, stderr = tickerx(*arguments)
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"tickerx: {expected}")
    assert "\x1b" not in stderr


def test_without_a_layout_nothing_of_layouts_is_loaded() -> None:
    program = "import sys; from tickerx.command.cli import run; run(['-f', 'json', '-']); "
    program += "sys.exit(any(name.startswith(('tickerx.layouts', 'tickerx.engine.layout')) for name in sys.modules))"
    command = [sys.executable, "-c", program]
    assert subprocess.run(command, input=BOARD + PROSE, capture_output=True, text=True, check=False).returncode == 0


# Reports


def test_a_line_that_does_not_fit_between_two_that_do_is_malformed(tickerx: Tickerx) -> None:
    text = SHARES.replace("402.10", "4O2.10")
    status, stdout, stderr = tickerx("--layout", LAYOUT, "--strict", "--rejects", "r.csv", "-c", "symbol", stdin=text)
    assert (status, stdout) == (1, "symbol\nAAPL\nNVDA\n")
    assert stderr == "tickerx: -:2:6: expected a price\n  MSFT 4O2.10 -2.05 (-0.51%)\n       ^^^^^^\n"
    rejects = (tickerx.folder / "r.csv").read_text("utf-8")
    assert rejects == (
        "file,line,column,reason,text,url,document\n-,2,6,expected a price,MSFT 4O2.10 -2.05 (-0.51%),,1\n"
    )


def test_what_some_layout_reads_is_not_malformed_for_the_words(tickerx: Tickerx) -> None:
    text = "AGL 40.00 Decreased By -0.16\nBOP 5.00 Increased By 0.10 (2%\n"
    arguments = ["--layout", "words", "--layout", "{symbol} {price} <Increased By|Decreased By> {change}"]
    status, stdout, stderr = tickerx(*arguments, "--no-header", stdin=text)
    assert (status, stdout) == (0, "AGL,40.00,-0.16,,down,\n")
    assert stderr.startswith('tickerx: -:2:31: expected ")"')


def test_a_quote_that_contradicts_itself_is_suspect(tickerx: Tickerx) -> None:
    text = SHARES.replace("+0.65", "+0.75") + "AGL 40.00 Decreased By ▼ -0.16 (-0.9%)\n"
    arguments = ["--layout", "words", "--layout", LAYOUT, "--strict", "-c", "symbol,sound"]
    status, stdout, stderr = tickerx(*arguments, stdin=text)
    assert (status, stdout) == (1, "symbol,sound\nAAPL,false\nMSFT,true\nNVDA,true\nAGL,false\n")
    assert stderr.startswith("tickerx: -:1:1: the figures contradict one another\n  AAPL 189.87")
    assert "tickerx: -:4:33: the percent should be -0.4" in stderr


def test_what_cannot_be_checked_is_neither_sound_nor_suspect(tickerx: Tickerx) -> None:
    arguments = [
        "--layout",
        "{symbol} {price}",
        "-f",
        "jsonl",
        "-c",
        "symbol,sound,direction,previous_close",
        "--strict",
    ]
    status, stdout, stderr = tickerx(*arguments, stdin="AAPL 189.87\n")
    assert (status, stderr) == (0, "")
    assert json.loads(stdout) == {"symbol": "AAPL", "sound": None, "direction": None, "previous_close": None}


@pytest.mark.parametrize(("options", "expected"), [([], "BAC"), (["-r"], "ABC")], ids=["ascending", "descending"])
def test_sorting_puts_what_is_not_known_last(tickerx: Tickerx, options: list[str], expected: str) -> None:
    text = "C 1.00\nA 2.00 +0.50%\nB 3.00 -0.50%\n"
    arguments = ["--layout", "{symbol} {price}[ {percent}%]", "--sort", "change_percent", "-c", "symbol", *options]
    assert tickerx(*arguments, stdin=text).stdout.replace("\n", "") == f"symbol{expected}"


def test_a_name_that_is_not_utf_8_is_written_with_a_replacement(tickerx: Tickerx) -> None:
    arguments = ["--layout", "{name} {price} {percent}%", "-f", "json", "-c", "name,layout"]
    [row] = json.loads(tickerx(*arguments, stdin=b"Caf\xe9 Noir 1.00 +1.00%\n").stdout)
    assert row == {"name": "Caf\ufffd Noir", "layout": "{name} {price} {percent}%"}


@pytest.mark.parametrize("globs", ["crude oil,Ότε", "?rude Oil, ότε", "[C]*"])
def test_names_are_chosen_as_symbols_are(tickerx: Tickerx, globs: str) -> None:
    text = "Crude Oil 78.11 -0.48%\nGold 1.00 +1.00%\nCNE: 1.00 1%\nΌΤΕ: 1.00 1%\n"
    layouts = ["--layout", "{symbol}: {price} {percent}%", "--layout", "{name} {price} {percent}%"]
    expected = "CNE,\n" if globs == "[C]*" else "ΌΤΕ,\n"
    arguments = ["-s", globs, *layouts, "-c", "symbol,name", "--no-header"]
    assert tickerx(*arguments, stdin=text) == (0, ",Crude Oil\n" + expected, "")


def test_kinds_are_chosen_where_words_are_read_too(tickerx: Tickerx) -> None:
    arguments = ["--layout", "words", "--layout", LAYOUT, "-k", "stock", "-d", "down", "-c", "symbol", "--no-header"]
    assert tickerx(*arguments, stdin=BOARD + SHARES) == (0, "AGL\n", "")


def test_a_layout_of_several_lines_is_one_line_in_its_column(tickerx: Tickerx) -> None:
    arguments = ["--layout", "\n{symbol} \n\n {price}\n", "-c", "layout", "--no-header"]
    assert tickerx(*arguments, stdin="AGL\n40.00\n").stdout == "{symbol}⏎{price}\n"


def test_a_quote_that_can_be_read_in_two_ways_is_reported(tickerx: Tickerx) -> None:
    arguments = ["--layout", "{name} {price} {percent}%", "--decimal", ",", "--no-header", "--rejects", "r.csv"]
    status, stdout, stderr = tickerx(*arguments, stdin="Fiat 1 234,50 +0,08%\n")
    assert (status, stdout) == (0, "")
    reason = '"1 234" could be one figure or several: set groups in a file of layouts, or group by U+00A0'
    assert stderr == f"tickerx: -:1:6: {reason}\n  Fiat 1 234,50 +0,08%\n       ^^^^^\n"
    (tickerx.folder / "my.toml").write_text(
        "[a]\nlayout = '{name} {price} {percent}%'\ndecimal = ','\ngroups = ' '\n", "utf-8"
    )
    arguments = ["--layout", "my.toml", "-c", "name,price", "--no-header"]
    assert tickerx(*arguments, stdin="Fiat 1 234,50 +0,08%\n") == (0, "Fiat,1234.50\n", "")


def test_the_layout_that_read_a_quote_is_a_column(tickerx: Tickerx) -> None:
    (tickerx.folder / "my.toml").write_text(f'[mine]\nlayout = "{LAYOUT}"\n', "utf-8")
    arguments = ["--layout", "words", "--layout", "my.toml", "-c", "symbol,layout", "--no-header"]
    assert tickerx(*arguments, stdin=BOARD[:39] + SHARES[:27]).stdout == "AGL,words\nAAPL,mine\n"
    assert tickerx("-c", "symbol,name,layout", "--no-header", stdin=BOARD).stdout.startswith("AGL,,words\n")


# Streams


def test_a_row_comes_out_before_the_end_of_the_input(tickerx: Tickerx) -> None:
    process = tickerx.start("--layout", LAYOUT, "-c", "symbol")
    write(process.stdin, SHARES[:27])
    read_until(process.stdout, b"AAPL\n")
    write(process.stdin, SHARES[27:40])
    write(process.stdin, SHARES[40:54])
    read_until(process.stdout, b"MSFT\n")
    assert end(process).stdout == ""


GLUED = "...{symbol} {price} {change} ({percent}%)..."
SPLIT = {
    "whole-lines": ([LAYOUT], SHARES * 3),
    "words-and-another": (["words", LAYOUT], (SHARES + BOARD + "AGL 4O.00 Decreased By ▼ -0.16 (-0.4%)\n") * 3),
    "cells": (["cells"], "AGL\n40.00\nDecreased By\n▼\n-0.16\n(-0.4%)\n\n" * 4),
    "cells-and-words": (["words", "cells"], ("AGL\n40.00\nDecreased By\n▼\n-0.16\n(-0.4%)\n" + BOARD) * 4),
    "glued": ([GLUED], SHARES.replace("\n", "") * 3 + "\r\n" + SHARES),
}


@pytest.mark.parametrize("size", [1, 7, 64])
@pytest.mark.parametrize("name", sorted(SPLIT))
def test_a_split_into_blocks_changes_nothing(name: str, size: int) -> None:
    layouts, text = SPLIT[name]
    assert list(found(layouts, text.encode(), size)) == list(found(layouts, text.encode(), len(text) * 4))


def found(layouts: list[str], content: bytes, size: int) -> Iterator[object]:
    """Yield what is read and reported of a file that gives so many bytes at once."""

    class Slow(io.BytesIO):
        def readinto(self, buffer: object) -> int:
            return super().readinto(memoryview(buffer)[:size])  # type: ignore[arg-type]

        def read(self, wanted: int | None = -1) -> bytes:
            return super().read(size)

    items: list[object] = []
    items.extend(library.read(Slow(content), layouts=layouts, kind="text", on_malformed=items.append))
    yield from sorted(map(repr, items))


@pytest.mark.parametrize(
    ("layout", "expected"),
    [
        pytest.param(LAYOUT, ["AAPL", "MSFT"], id="whole-lines-pass-it-over"),
        pytest.param(GLUED, ["AAPL", "NVDA", *["AAPL", "NVDA"] * 3000, "MSFT"], id="open-ends-read-it-in-cuts"),
    ],
)
def test_a_line_without_end_is_read_in_constant_memory(layout: str, expected: list[str]) -> None:
    pair = "AAPL 189.87 +1.23 (+0.65%) é NVDA 1,104.00 0.00 (0.00%) "
    filler = "words of all kinds, 12.50 of them, "
    first = "AAPL 189.87 +1.23 (+0.65%)\n" if layout == LAYOUT else pair
    text = first + (pair + filler * 9) * 3000 + "\nMSFT 402.10 -2.05 (-0.51%)\n"
    quotes = list(library.find(text, layouts=[layout]))
    assert [quote.symbol for quote in quotes] == expected
    assert quotes[-1].line == text.count("\n")


def test_the_words_are_read_in_a_line_without_end_too() -> None:
    agl, broken = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%) ", "BOP 5.OO Decreased By ▼ -0.16 (-0.4%) "
    text = SHARES + (agl + "text " * 3000 + broken) * 40
    reports: list[library.Malformed] = []
    quotes = list(library.find(text, layouts=["words", GLUED], on_malformed=reports.append))
    assert [quote.symbol for quote in quotes] == ["AAPL", "MSFT", "NVDA"] + ["AGL"] * 40
    assert [(one.line, text[len(SHARES) + one.column - 1 :][:4]) for one in reports] == [(4, "5.OO")] * 40


@pytest.mark.parametrize("arguments", [["-q"], []], ids=["quiet", "with-reports"])
@pytest.mark.parametrize("layouts", [[LAYOUT], [GLUED], ["words", LAYOUT], ["cells"]], ids=lambda one: one[0])
def test_the_number_of_processes_changes_nothing(tickerx: Tickerx, layouts: list[str], arguments: list[str]) -> None:
    text = (SHARES + BOARD + "MSFT 402.1O -2.05 (-0.51%)\n") * 30_000
    (tickerx.folder / "a.txt").write_text(text, "utf-8")
    (tickerx.folder / "b.txt").write_text(SHARES, "utf-8")
    options = [argument for layout in layouts for argument in ("--layout", layout)]
    one, two = (tickerx(*options, *arguments, "-j", jobs, "b.txt", "a.txt", "b.txt") for jobs in "12")
    assert one == two


@pytest.mark.parametrize(
    "fragment",
    ["AAPL ", "9,999", "1.1 ", "\t", "A\n", "1\u00a0000 ", "AAPL 1.00 +1.00 (+1.00%)"],
    ids=repr,
)
@pytest.mark.parametrize(
    "layout",
    [LAYOUT, GLUED, "{name}\n{price}\n{percent}%\n", "{name} [{skip} ]{price} {percent}%..."],
    ids=repr,
)
def test_time_is_linear_on_any_input(tickerx: Tickerx, layout: str, fragment: str) -> None:
    (tickerx.folder / "evil.txt").write_text(fragment * (1_000_000 // len(fragment)), "utf-8")
    process = tickerx.start(
        "--layout",
        layout,
        "-q",
        "-o",
        "out.csv",
        "evil.txt",
        inherited=lambda: resource.setrlimit(resource.RLIMIT_CPU, (10, 10)),
    )
    assert end(process).status == 0


# Pages, the table


PAGE = "<!DOCTYPE html><title>Shares</title><style>p {{ width: 33.3% }}</style><table>{}</table>"
ROWS = "".join(f"<tr><td>{line.replace(' ', '</td><td>')}</td></tr>" for line in SHARES.splitlines())
CARDS = "".join("".join(f"<div>{cell}</div>" for cell in line.split()) for line in SHARES.splitlines())


def test_a_page_is_read_by_its_rows_and_by_its_blocks(tickerx: Tickerx) -> None:
    assert tickerx("--layout", LAYOUT, stdin=PAGE.format(ROWS)) == (0, SHARES_CSV, "")
    cells = "{symbol}\n{price}\n{change}\n({percent}%)"
    assert tickerx("--layout", cells, stdin=f"<!DOCTYPE html>{CARDS}") == (0, SHARES_CSV, "")
    lines = json.dumps({"html": PAGE.format(ROWS)}) + "\n"
    assert tickerx("--layout", LAYOUT, "--from", "jsonl", stdin=lines) == (0, SHARES_CSV, "")


def test_a_table_shows_names_and_what_is_not_printed(tickerx: Tickerx) -> None:
    arguments = ["--layout", "{name} {price}[ {percent}%]", "-f", "table"]
    text = "Crude Oil 1,078.11 -0.48%\nGold [b] 5.00\nSilver 25.20 +0.96%\n"
    assert tickerx(*arguments, stdin=text) == (
        0,
        """\
name          price  chg  chg %  direction  kind
───────────────────────────────────────────────────────────────────────
Crude Oil  1,078.11       -0.48  ▼ down                ╺━━━━┥
Gold [b]       5.00                                         │
Silver        25.20       +0.96  ▲ up                       ┝━━━━━━━━━━

3 quotes  ▲ 1 up  ▼ 1 down  = 0 unchanged
""",
        "",
    )


# Suggestions


def test_an_input_that_cannot_be_read_keeps_no_other_from_being_looked_at(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx("--suggest", "missing", "-", stdin=b"%PDF-1.7\n")
    assert (status, stdout.count("\n")) == (2, 1)
    assert "tickerx: missing: No such file or directory\n" in stderr
    assert "tickerx: -: a PDF; " in stderr


@pytest.mark.parametrize("name", sorted(path.stem for path in (LAYOUTS / "boards").iterdir()))
def test_a_suggested_command_reads_the_board(tickerx: Tickerx, name: str) -> None:
    text = (LAYOUTS / "boards" / f"{name}.txt").read_text("utf-8")
    (tickerx.folder / "my board.txt").write_text(text, "utf-8")
    status, stdout, stderr = tickerx("--suggest", "-f", "json", "my board.txt")
    assert (status, stderr) == (0, "")
    [proposal] = json.loads(stdout)
    assert proposal["lines"] >= 3
    assert "\n" not in proposal["command"]
    status, rows, stderr = tickerx.shell(proposal["command"])
    assert (status, rows.count("\n"), stderr) == (0, proposal["lines"] + 1, "")
    price = proposal["example"].partition("price=")[2].split()[0]
    assert price in rows
    assert os.listdir(tickerx.folder) == ["my board.txt"]  # it writes nothing


def test_a_suggested_command_has_the_name_beside_the_symbol(tickerx: Tickerx) -> None:
    text = "".join(f"{line}\n" for line in (LAYOUTS / "boards" / "three-lines-a-quote.txt").read_text().split("\n"))
    [proposal] = json.loads(tickerx("--suggest", "-f", "json", stdin=text).stdout)
    assert proposal["command"] == (
        r"""tickerx --layout "$(printf '%s\n' '{symbol}' '{name} {price} {change} {percent}%' """
        """'{skip} {skip} {skip} {skip}')" -c +name -"""
    )


NAMED = "<tr><td>{}<br><small>{} Foods</small></td><td>{}</td><td>{}</td><td>{}</td></tr>"


def test_a_page_with_names_below_symbols_is_read_without_a_report(tickerx: Tickerx) -> None:
    rows = "".join(
        NAMED.format(cells[0], cells[0].title(), *cells[1:]) for cells in map(str.split, SHARES.splitlines())
    )
    (tickerx.folder / "page.html").write_text(PAGE.format(f"<tr><th>Name<th>Last<th>Chg<th>%</tr>{rows}"), "utf-8")
    [proposal] = json.loads(tickerx("--suggest", "-f", "json", "page.html").stdout)
    assert proposal["layout"] == "{symbol}\n{name} {price} {change} ({percent}%)"
    status, rows, stderr = tickerx.shell(proposal["command"])
    assert (status, stderr) == (0, "")
    assert rows.splitlines()[1] == "AAPL,189.87,1.23,0.65,up,,Aapl Foods"


@pytest.mark.parametrize(("size", "what"), [(1, "1 quote is"), (3, "3 quotes are")])
def test_a_board_that_needs_no_layout_gets_a_note(tickerx: Tickerx, size: int, what: str) -> None:
    text = "".join(BOARD.splitlines(keepends=True)[:size])
    assert tickerx("--suggest", "-f", "json", stdin=text) == (0, "[]\n", f"tickerx: -: {what} read without a layout\n")
    [proposal] = json.loads((result := tickerx("--suggest", "-f", "json", stdin=text + SHARES)).stdout)
    assert (proposal["layout"], result.stderr) == (LAYOUT, f"tickerx: -: {what} read without a layout\n")


QUOTES_ONLY = {
    "-s": ["A*"],
    "-d": ["up"],
    "-k": ["stock"],
    "--sort": ["price"],
    "--limit": ["0"],
    "-c": ["symbol"],
    "--list-empty": [],
    "-H": [],
    "-n": [],
    "--strict": [],
    "--rejects": ["r.csv"],
    "-v": [],
    "--schema": [],
}


@pytest.mark.parametrize("option", QUOTES_ONLY)
def test_options_that_only_quotes_have_a_use_for_are_refused_beside_suggest(tickerx: Tickerx, option: str) -> None:
    status, stdout, stderr = tickerx("--suggest", option, *QUOTES_ONLY[option], stdin=SHARES)
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"tickerx: --suggest prints layouts; {option} is for quotes.\n")
    assert os.listdir(tickerx.folder) == []


def test_suggestions_are_written_in_each_format(tickerx: Tickerx) -> None:
    command = f"tickerx --layout {shlex.quote(LAYOUT)} -"
    example = "symbol=AAPL price=189.87 change=1.23 change_percent=0.65 direction=up previous_close=188.64"
    assert tickerx("--suggest", stdin=SHARES).stdout == (
        f"file,lines,sound,layout,flat,decimal,unsigned,command,example\n-,3,3,{LAYOUT},,.,,{command},{example}\n"
    )
    assert tickerx("--suggest", "-f", "tsv", "--no-header", stdin=SHARES).stdout.count("\t") == 8
    assert json.loads(tickerx("--suggest", "-f", "jsonl", stdin=SHARES).stdout)["unsigned"] is None
    assert (
        tickerx("--suggest", "-f", "markdown", stdin=SHARES).stdout.splitlines()[1]
        == "| " + " | ".join(["---"] * 9) + " |"
    )
    assert tickerx("--suggest", "-f", "table", stdin=SHARES).stdout == (
        f"  lines    sound  command\n      3        3  {command}\n{'':18}{example}\n"
    )
    assert tickerx("--suggest", "-o", "a.json", stdin=SHARES).stdout == ""
    assert json.loads((tickerx.folder / "a.json").read_text("utf-8"))[0]["layout"] == LAYOUT


def test_suggestions_for_pages_archives_and_several_inputs(tickerx: Tickerx) -> None:
    (tickerx.folder / "page.html").write_text(PAGE.format(ROWS), "utf-8")
    (tickerx.folder / "cards.html").write_text(f"<!DOCTYPE html>{CARDS}", "utf-8")
    lines = "".join(json.dumps({"text": SHARES}) + "\n" for _ in range(2)) + "no object\n"
    (tickerx.folder / "pages.jsonl").write_text(lines, "utf-8")
    status, stdout, stderr = tickerx("--suggest", "-f", "json", "page.html", "cards.html", "pages.jsonl", "missing.txt")
    assert status == 2
    assert [(one["file"], one["lines"], one["layout"]) for one in json.loads(stdout)] == [
        ("page.html", 3, LAYOUT),
        ("cards.html", 3, "{symbol}\n{price}\n{change}\n({percent}%)"),
        ("pages.jsonl", 6, LAYOUT),
    ]
    assert "pages.jsonl: line 3: " in stderr
    assert "missing.txt: No such file or directory" in stderr
    (tickerx.folder / "list").write_bytes(b"page.html\0\0")
    status, stdout, stderr = tickerx("--suggest", "--files0-from", "list")
    assert (status, stdout.count("\n")) == (2, 2)
    assert "list:2: the name of a file is empty" in stderr


@pytest.mark.parametrize("text", [PROSE, "", *((path.read_text("utf-8")) for path in (LAYOUTS / "other").iterdir())])
def test_nothing_is_suggested_for_what_is_no_board(tickerx: Tickerx, text: str) -> None:
    nothing = "tickerx: found no board to suggest a layout for\n"
    assert tickerx("--suggest", "-f", "table", stdin=text) == (0, "", nothing)
    assert tickerx("--suggest", "-e", "-f", "json", stdin=text) == (1, "[]\n", nothing)
    assert tickerx("--suggest", "-q", "--no-header", stdin=text) == (0, "", "")
    assert tickerx(stdin=text)[::2] == (0, "")


# The hint

HINT = "tickerx: {}: no quotes, but 3 lines look like a board in another layout; --suggest shows how to read it\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(SHARES, HINT.format("-"), id="a-board"),
        pytest.param(SHARES[:54], "", id="two-lines"),
        pytest.param(SHARES + BOARD, "", id="a-board-that-is-read"),
        pytest.param(PAGE.format(ROWS), HINT.format("-"), id="a-page"),
        pytest.param(PAGE.format(ROWS) + "<p>Change", HINT.format("-"), id="a-page-with-a-word-of-the-grammar"),
        pytest.param(SHARES[:54] + "S&P 500 5.00 +0.05 (+1.01%)\n", HINT.format("-"), id="an-index"),
        pytest.param(f"<!DOCTYPE html>{CARDS}", HINT.format("-"), id="a-page-of-cards"),
        pytest.param("<!DOCTYPE html><p>1.00</p>", "", id="a-page-of-something-else"),
        pytest.param("text\n" * 20_000 + SHARES, "", id="a-board-far-down"),
    ],
)
def test_an_input_without_quotes_that_looks_like_a_board_gets_a_hint(
    tickerx: Tickerx, text: str, expected: str
) -> None:
    result = tickerx(stdin=text)
    assert (result.status, result.stderr) == (0, expected)
    assert tickerx("-q", stdin=text).stderr == ""


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_one_hint_is_enough_for_all_inputs(tickerx: Tickerx, jobs: str) -> None:
    (tickerx.folder / "a.txt").write_text(BOARD, "utf-8")
    (tickerx.folder / "b\x1b.txt").write_text(SHARES, "utf-8")
    (tickerx.folder / "c.txt").write_text(SHARES + "text\n" * 600_000, "utf-8")
    for names in (["a.txt", "b\x1b.txt", "c.txt"], ["a.txt", "c.txt", "b\x1b.txt"]):
        shown = names[1].replace("\x1b", r"\x1b")
        assert tickerx("-j", jobs, *names) == (0, CSV, HINT.format(shown))


def test_a_hint_follows_a_layout_that_reads_nothing(tickerx: Tickerx) -> None:
    assert tickerx("--layout", "{symbol};{price}", "--no-header", stdin=SHARES) == (0, "", HINT.format("-"))


# The library


def test_the_library_takes_layouts_by_text_compiled_and_by_name(tmp_path: Path) -> None:
    text = "Bergbau AG 1.234,50 -0,48%\n" + SHARES + BOARD
    compiled = library.compile_layout("{name} {price} {percent}%", decimal=",", name="german")
    layouts: list[str | library.Layout] = [compiled, LAYOUT, "words", "cells"]
    quotes = list(library.find(text, layouts=layouts))
    assert [(quote.symbol or quote.name, quote.layout) for quote in quotes] == [
        ("Bergbau AG", "german"),
        *((name, LAYOUT) for name in ("AAPL", "MSFT", "NVDA")),
        *((name, "words") for name in ("AGL", "KSE100", "NBP")),
    ]
    assert (quotes[0].price, quotes[0].change, quotes[0].previous_close) == (Decimal("1234.50"), None, None)
    assert quotes[0].is_sound is None
    assert [quote.is_sound for quote in quotes[1:]] == [True] * 6
    path = tmp_path / "board.txt"
    path.write_text(text, "utf-8")
    assert len(list(library.read(path, layouts=layouts))) == 7
    assert [len(list(one.quotes)) for one in library.read_documents(path, layouts=["words"])] == [3]


def test_the_library_says_what_is_wrong_with_layouts() -> None:
    with pytest.raises(library.LayoutError, match=r"no \{price\}"):
        library.find("", layouts=["{symbol}"])
    with pytest.raises(TypeError, match="a list"):
        library.find("", layouts=LAYOUT)


@pytest.mark.parametrize("tag", ["div", "p", "section", "span", "td"])
def test_a_page_gives_its_quotes_in_words_beside_those_of_other_layouts(tickerx: Tickerx, tag: str) -> None:
    cells = "".join(f"<{tag}>{cell}</{tag}>\n" for line in BOARD.splitlines() for cell in line.split())
    page = tickerx.folder / "page.html"
    page.write_text(f"<!DOCTYPE html><div>{cells}</div><p>Big</p><p>x</p>{CARDS}<p>End</p>", "utf-8")
    layouts = ["--layout", "words", "--layout", "{symbol}\n{price}\n{change}\n({percent}%)"]
    words, both = tickerx(str(page)).stdout, tickerx(*layouts, str(page)).stdout
    assert words.count("\n") == 4
    assert both == words + SHARES_CSV.partition("\n")[2]
    found = library.read(page, layouts=layouts[1::2])
    assert [quote.symbol for quote in found] == [line.split(",")[0] for line in both.splitlines()[1:]]


def test_what_precedes_damage_gets_its_suggestions(tickerx: Tickerx) -> None:
    (tickerx.folder / "cut.gz").write_bytes(gzip.compress(SHARES.encode() * 9)[:-8])
    status, stdout, stderr = tickerx("--suggest", "--no-header", "cut.gz")
    assert (status, stdout[:11]) == (2, "cut.gz,27,2")
    assert stderr.startswith("tickerx: cut.gz: ")


def test_a_layout_whose_percent_may_be_absent_lets_it_be_null(tickerx: Tickerx) -> None:
    schema = json.loads(tickerx("--schema", "--layout", "{symbol} {price} {change}[ {percent}%]").stdout)["properties"]
    assert (schema["change"]["type"], schema["change_percent"]["type"]) == ("number", ["number", "null"])
