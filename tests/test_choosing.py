"""Choosing, ordering and cutting rows, and what is told when that is asked for wrongly."""

import io
import os
import random
import re
import signal
import subprocess
import termios
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import near_quotes, plain_quotes
from tests.support import BOARD, CSV, FORMATS, HEADER, Result, Tickerx, end, read_screen, read_until, write
from tickerx.command.cli import command
from tickerx.command.params import GROUPS, Option
from tickerx.engine.extract import Extraction, extract, merge
from tickerx.engine.parallel import PART
from tickerx.engine.selection import Choice, Key, sort
from tickerx.grammar.parser import encode
from tickerx.outputs.formats import BATCH
from tickerx.quote import COLUMNS

BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)"
BAD_REPORT = ":1:5: expected a price\n  AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n      ^^^^^\n"
SUSPECT = "DCL 8.94 Increased By ▲ 0.12 (1.86%)"

MIXED = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
BR30 31,713 Increased By 377.1 (1.2%)
786 9.10 No Change ▼ 0.00 (0%)
HUMNL 14.56 Increased By ▲ 0.35 (2.46%)
KSE100 97,328 Increased By 1781.9 (1.86%)
KSE30 30,192 Decreased By -614.4 (-1.99%)
"""

# Choosing.


@pytest.mark.parametrize(
    ("arguments", "symbols"),
    [
        pytest.param([], "AGL BR30 786 HUMNL KSE100 KSE30", id="all-unless-asked"),
        pytest.param(["-s", "AGL"], "AGL", id="a-symbol"),
        pytest.param(["--symbol", "kse*"], "KSE100 KSE30", id="a-pattern-in-any-case"),
        pytest.param(["-s", "*30"], "BR30 KSE30", id="a-pattern-of-an-end"),
        pytest.param(["-s", "???"], "AGL 786", id="a-pattern-of-a-length"),
        pytest.param(["-s", "[a-g]*"], "AGL BR30", id="a-class"),
        pytest.param(["-s", "[!a-h0-9]*"], "KSE100 KSE30", id="a-class-of-all-others"),
        pytest.param(["-s", "KSE"], "", id="a-part-is-no-match"),
        pytest.param(["-s", "humnl", "-s", "a*", "-s", "7*"], "AGL 786 HUMNL", id="several-patterns-in-input-order"),
        pytest.param(["-d", "up"], "BR30 HUMNL KSE100", id="a-direction"),
        pytest.param(["-d", "unchanged", "--direction", "down"], "AGL 786 KSE30", id="several-directions"),
        pytest.param(["-k", "index"], "BR30 KSE100 KSE30", id="indices"),
        pytest.param(["--kind", "stock"], "AGL 786 HUMNL", id="stocks"),
        pytest.param(["-k", "index", "-d", "up", "-s", "K*"], "KSE100", id="what-fits-all-that-is-asked"),
    ],
)
@pytest.mark.parametrize("format", ["csv", "table"])
def test_rows_are_those_that_were_chosen(tickerx: Tickerx, arguments: list[str], symbols: str, format: str) -> None:
    status, stdout, stderr = tickerx("-f", format, "-c", "symbol", "--no-header", *arguments, stdin=MIXED)
    shown = stdout.split("quote")[0] if format == "table" else stdout
    assert (status, stderr) == (0, "")
    assert [word for word in re.findall("[A-Z0-9]{2,}", shown) if word != "00"] == symbols.split()


def test_reports_and_counts_are_of_the_input_and_rows_of_what_was_chosen(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx("-v", "--strict", "-s", "AGL", stdin=f"{SUSPECT}\n{MIXED}{BAD}\n")
    assert (status, stdout) == (1, f"{HEADER}AGL,40.00,-0.16,-0.4,down,stock\n")
    assert "tickerx: -:1:31: the percent should be 1.36\n" in stderr
    assert "tickerx: -:8:5: expected a price\n" in stderr
    assert "inputs 1, lines 8, quotes 7, rows 1, malformed 1, suspect 1, " in stderr


def test_a_table_counts_the_quotes_that_it_shows(tickerx: Tickerx) -> None:
    assert tickerx("-qf", "table", "-k", "stock", "-c", "symbol", "--no-header", stdin=f"{MIXED}{BAD}\n") == (
        0,
        "AGL\n786\nHUMNL\n\n3 quotes  ▲ 1 up  ▼ 1 down  = 1 unchanged  • 0 indices  1 malformed\n",
        "",
    )


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        pytest.param(["-s", "AGL"], 0, id="one-was"),
        pytest.param(["-s", "XYZ"], 1, id="none-was-chosen"),
        pytest.param(["--limit", "0"], 1, id="none-was-wanted"),
        pytest.param(["--limit", "0", "--sort", "price"], 1, id="none-was-wanted-of-those-sorted"),
        pytest.param(["--limit", "0", "--sort", "price", "-f", "table"], 1, id="none-was-wanted-in-a-table"),
    ],
)
def test_the_check_for_rows_is_of_those_that_are_written(tickerx: Tickerx, arguments: list[str], status: int) -> None:
    assert tickerx("-e", *arguments, stdin=BOARD).status == status


def test_a_row_that_was_chosen_leaves_before_the_next_one_comes(tickerx: Tickerx) -> None:
    process = tickerx.start("-s", "NBP", "-c", "symbol", "--no-header")
    write(process.stdin, BOARD)
    assert read_until(process.stdout, b"\n") == b"NBP\n"
    assert end(process) == (0, "", "")


# Ordering.

COLUMN = {
    "symbol": "786 AGL BR30 HUMNL KSE100 KSE30",
    "price": "786 HUMNL AGL KSE30 BR30 KSE100",
    "change": "KSE30 AGL 786 HUMNL BR30 KSE100",
    "change_percent": "KSE30 AGL 786 BR30 KSE100 HUMNL",
    "direction": "AGL KSE30 786 BR30 HUMNL KSE100",
    "kind": "BR30 KSE100 KSE30 AGL 786 HUMNL",
    "previous_close": "786 HUMNL AGL KSE30 BR30 KSE100",
    "sound": "AGL BR30 786 HUMNL KSE100 KSE30",
    "file": "AGL BR30 786 HUMNL KSE100 KSE30",
    "line": "AGL BR30 786 HUMNL KSE100 KSE30",
    **dict.fromkeys(("url", "fetched", "document", "record", "name", "layout"), "AGL BR30 786 HUMNL KSE100 KSE30"),
}


@pytest.mark.parametrize("column", COLUMNS)
def test_rows_are_sorted_by_any_column_shown_or_not(tickerx: Tickerx, column: str) -> None:
    result = tickerx("--sort", column, "-c", "symbol", "--no-header", stdin=MIXED)
    assert result == (0, COLUMN[column].replace(" ", "\n") + "\n", "")


@pytest.mark.parametrize("format", FORMATS)
def test_a_sorted_output_is_that_of_sorted_input(tickerx: Tickerx, format: str) -> None:
    lines = {line.split()[0]: line for line in MIXED.splitlines()}
    ordered = "\n".join(lines[symbol] for symbol in reversed(COLUMN["change_percent"].split()))
    sorted_here = tickerx("--sort", "change_percent", "-r", "-f", format, stdin=MIXED)
    assert sorted_here == tickerx("-f", format, stdin=ordered)


def spelled(*prices: str) -> str:
    """Return a board of these prices, whose symbols tell the order."""
    return "".join(f"S{place} {price} No Change 0.00 (0%)\n" for place, price in enumerate(prices))


@pytest.mark.parametrize(
    ("text", "options", "expected"),
    [
        pytest.param(spelled("9.5", "10.0", "1,000"), [], "S0 S1 S2", id="figures-as-numbers"),
        pytest.param(spelled("2.0", "1.0", "2.00", "1.00"), [], "S1 S3 S0 S2", id="equal-figures-keep-their-order"),
        pytest.param(spelled("2.0", "1.0", "2.00", "1.00"), ["-r"], "S0 S2 S1 S3", id="reversed-they-keep-it-too"),
        pytest.param(
            spelled("999999999999999.000000002", "999999999999999.000000001"), [], "S1 S0", id="every-digit-counts"
        ),
        pytest.param(spelled("3.0", "1.0", "2.0"), ["--limit", "2"], "S1 S2", id="the-limit-cuts-what-is-sorted"),
        pytest.param(spelled("3.0", "1.0", "2.0"), ["-r", "--limit", "9"], "S0 S2 S1", id="a-limit-that-is-not-met"),
        pytest.param(spelled("3.0", "1.0"), ["--limit", "0"], "", id="a-limit-of-none"),
        pytest.param("prose", [], "", id="nothing-at-all"),
    ],
)
def test_figures_are_sorted_exactly(tickerx: Tickerx, text: str, options: list[str], expected: str) -> None:
    result = tickerx("--sort", "price", *options, "-c", "symbol", "--no-header", stdin=text)
    assert result == (0, "".join(f"{symbol}\n" for symbol in expected.split()), "")


def test_lines_are_sorted_as_numbers_and_files_as_text(tickerx: Tickerx) -> None:
    for name in ("b", "é", "B", "a10", "a9"):
        (tickerx.folder / name).write_text("\n" * 8 + "X 1.0 No Change 0.0 (0%)\nY 1.0 No Change 0.0 (0%)\n", "utf-8")
    by_file = tickerx("--sort", "file", "-c", "file,line", "--no-header", "é", "b", "a9", "B", "a10")
    assert by_file.stdout.split() == [f"{name},{line}" for name in ("B", "a10", "a9", "b", "é") for line in (9, 10)]
    by_line = tickerx("--sort", "line", "-r", "-c", "file,line", "--no-header", "b", "B")
    assert by_line.stdout.split() == ["b,10", "B,10", "b,9", "B,9"]


@given(st.lists(st.sampled_from(["1", "1.0", "-1", "0", "-0", "0.00", "10", "9.99"])), st.booleans())
def test_sorting_is_stable_and_exact(prices: list[str], is_reversed: bool) -> None:
    rows = sort({"price": prices, "line": list(map(str, range(len(prices))))}, [Key("price", is_reversed)])
    assert [prices[int(line)] for line in rows["line"]] == rows["price"]
    for (first, place), (second, next_place) in zip(
        pairs := list(zip(map(Decimal, rows["price"]), map(int, rows["line"]), strict=True)), pairs[1:], strict=False
    ):
        assert (second < first if is_reversed else first < second) or (first == second and place < next_place)


@pytest.mark.parametrize("count", [BATCH, BATCH + 1])
def test_more_rows_than_one_batch_are_one_output(tickerx: Tickerx, count: int) -> None:
    status, stdout, stderr = tickerx("--sort", "line", "-r", "-f", "json", "-c", "line", stdin=BOARD * (count // 3 + 1))
    lines = [int(line) for line in re.findall(r'"line":(\d+)', stdout)]
    assert (status, stderr, lines) == (0, "", list(range(3 * (count // 3 + 1), 0, -1)))
    assert (stdout.count("[\n"), stdout.count("},\n"), stdout.count("\n]\n")) == (1, len(lines) - 1, 1)


@pytest.mark.parametrize(
    "options",
    [
        pytest.param(["-s", "S*", "-d", "up"], id="chosen"),
        pytest.param(["--sort", "change_percent", "-r", "-H"], id="sorted"),
        pytest.param(["--sort", "price", "--limit", "7", "-f", "table"], id="sorted-and-cut"),
        pytest.param(["--limit", "5000", "--strict"], id="cut"),
        pytest.param(["-k", "index", "--limit", "40", "--strict", "-f", "json"], id="chosen-and-cut"),
    ],
)
def test_rows_reports_and_status_do_not_depend_on_the_number_of_processes(tickerx: Tickerx, options: list[str]) -> None:
    figures = random.Random(1)  # noqa: S311  # a board, and no secret
    page = "".join(
        f"S{figures.randrange(10**6)} {figures.randrange(10**6) / 100:.2f} Increased By ▲ 0.10 (0.1%)\n"
        for _ in range(100)
    )
    prose = "Prose, by the line.\n" * 2000
    (tickerx.folder / "large").write_text((page + MIXED + BAD + "\n" + prose) * (9 * PART // 4 // len(prose)), "utf-8")
    alone, together = (tickerx("-j", jobs, *options, "large", "large") for jobs in ("1", "3"))
    assert alone == together
    assert alone.status == ("--strict" in options)


# Cutting.


@pytest.mark.parametrize(
    ("options", "symbols"),
    [
        pytest.param(["--limit", "1"], "AGL", id="one"),
        pytest.param(["--limit", "4"], "AGL KSE100 NBP AGL", id="more-than-the-first-input-has"),
        pytest.param(["--limit", "6"], "AGL KSE100 NBP AGL KSE100 NBP", id="all-that-there-are"),
        pytest.param(["--limit", "7"], "AGL KSE100 NBP AGL KSE100 NBP", id="more-than-there-are"),
        pytest.param(["--limit", "0"], "", id="none"),
        pytest.param(["--limit", "3", "-d", "down", "-d", "unchanged"], "AGL NBP AGL", id="of-those-chosen"),
    ],
)
@pytest.mark.parametrize("format", ["csv", "table"])
def test_a_limit_cuts_the_rows(tickerx: Tickerx, board: Path, options: list[str], symbols: str, format: str) -> None:
    status, stdout, stderr = tickerx(
        "-f", format, "-c", "symbol", "--no-header", *options, "board.txt", "-", stdin=BOARD
    )
    assert (status, re.findall("AGL|KSE100|NBP", stdout), stderr) == (0, symbols.split(), "")


@pytest.mark.parametrize("options", [[], ["-f", "table"], ["-s", "NBP"], ["-j", "3"]], ids=" ".join)
def test_an_input_without_end_is_read_up_to_the_last_row(tickerx: Tickerx, options: list[str]) -> None:
    process = tickerx.start("--limit", "2", "--no-header", "-c", "symbol", *options)
    write(process.stdin, BOARD * 2)
    assert process.wait() == 0
    assert process.stdout
    assert process.stdout.read().startswith(b"NBP\nNBP\n" if "-s" in options else b"AGL\nKSE100")


def test_who_writes_without_end_is_ended(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx.shell("{ yes 'AGL 40.00 No Change 0.00 (0%)'; echo $? >&2; } | tickerx --limit 2")
    assert (status, stdout) == (0, HEADER + "AGL,40.00,0.00,0,unchanged,stock\n" * 2)
    assert stderr == f"{128 + signal.SIGPIPE}\n"


def test_no_input_after_the_last_row_is_opened(tickerx: Tickerx, board: Path) -> None:
    (tickerx.folder / "list").write_bytes(b"board.txt\0missing\0")
    for inputs in (["board.txt", "missing"], ["--files0-from", "list"]):
        assert tickerx("--limit", "3", *inputs) == (0, CSV, "")
        assert tickerx("--limit", "4", *inputs) == (2, CSV, "tickerx: missing: No such file or directory\n")
    assert tickerx("--limit", "0", "missing") == (0, HEADER, "")


@pytest.mark.parametrize(
    ("text", "status", "report"),
    [
        pytest.param(f"{BAD}\nX 1.0 No Change 0.0 (0%)\n", 1, BAD_REPORT, id="text-before-it"),
        pytest.param(f"{BAD} X 1.0 No Change 0.0 (0%)", 1, ":1:5: expected a price\n", id="also-on-its-line"),
        pytest.param(f"X 1.0 No Change 0.0 (0%)\n{BAD}\n", 0, "", id="not-text-after-it"),
        pytest.param(f"X 1.0 No Change 0.0 (0%) {BAD}", 0, "", id="not-text-after-it-on-its-line"),
        pytest.param(f"{SUSPECT}\n{BAD}", 1, ":1:31: the percent should be 1.36\n", id="itself"),
        pytest.param(f"X 1.0 No Change 0.0 (0%)\n{SUSPECT}\n", 0, "", id="not-the-suspect-that-follows"),
    ],
)
def test_strict_judges_what_was_read_up_to_the_last_row(tickerx: Tickerx, text: str, status: int, report: str) -> None:
    result = tickerx("--strict", "--limit", "1", "--no-header", "-c", "symbol", stdin=text)
    assert (result.status, result.stdout) == (status, "DCL\n" if text.startswith("DCL") else "X\n")
    assert result.stderr.startswith(f"tickerx: -{report}" if report else "")
    assert bool(result.stderr) == bool(report)


@pytest.mark.parametrize("between", ["\n", " "], ids=["on-lines", "on-one-line"])
def test_strict_checks_the_text_between_the_rows_of_a_limit(tickerx: Tickerx, between: str) -> None:
    pairs = [BAD.replace("AGL", f"BAD{at}") + between + f"S{at} 1.0 No Change 0.0 (0%)" for at in range(4)]
    result = tickerx("--strict", "--limit", "3", "--rejects", "rejects.csv", stdin=between.join(pairs))
    assert result.stdout.count("\nS") == 3
    rejects = (tickerx.folder / "rejects.csv").read_text("utf-8")
    assert re.findall("BAD[0-9]", rejects) == ["BAD0", "BAD1", "BAD2"]


class Pieces(io.BytesIO):
    """A file that gives no more than so many bytes at once."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self._size)


@given(
    st.lists(near_quotes | plain_quotes.map(lambda quote: quote.text), max_size=6),
    st.sampled_from([" ", "\n", ""]),
    st.integers(1, 4),
    st.integers(1, 40),
    st.sampled_from([Choice(), Choice(("*[0-9]",)), Choice(kinds=("stock",))]),
)
def test_what_comes_before_the_last_row_depends_on_nothing_after_it(
    parts: list[str], between: str, limit: int, size: int, choice: Choice
) -> None:
    content = encode(between.join(parts))
    extraction = Extraction(
        "csv", ("symbol", "line"), reports=True, counts_suspects=True, reports_suspects=True, choice=choice
    )
    [whole], [cut], [cut_in_pieces] = (
        merge(extract(asked, "-", file), b"")
        for asked, file in (
            (extraction, io.BytesIO(content)),
            (extraction._replace(limit=limit), io.BytesIO(content)),
            (extraction._replace(limit=limit), Pieces(content, size)),
        )
    )
    assert cut.text == b"".join(whole.text.splitlines(keepends=True)[:limit])
    assert cut.reports == whole.reports[: len(cut.reports)]
    assert cut._replace(size=0, lines=0) == cut_in_pieces._replace(size=0, lines=0)


# Wrong values.


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            ["-k", "stok"], "'stok' is not one of 'stock', 'index'. Did you mean 'stock'?", id="a-kind-and-the-nearest"
        ),
        pytest.param(["-d", "up,"], "'' is not one of 'up', 'down', 'unchanged'.", id="nothing-after-a-comma"),
        pytest.param(["-d", "sideways"], "'sideways' is not one of 'up', 'down', 'unchanged'.", id="nothing-near"),
        pytest.param(
            ["--sort", "percent"],
            "there is no column 'percent'. Did you mean 'change_percent'? The columns are symbol, price, change, "
            "change_percent, direction, kind, previous_close, sound, file, line, url, fetched, document, record, "
            "name, layout.",
            id="a-part-of-a-column",
        ),
        pytest.param(
            ["-f", "jsno"],
            "'jsno' is not one of 'table', 'csv', 'tsv', 'json', 'jsonl', 'markdown', 'svg', 'html', "
            "'arrow', 'parquet'."
            " Did you mean 'json'?",
            id="a-format",
        ),
        pytest.param(
            ["--color", "allways"],
            "'allways' is not one of 'auto', 'always', 'never'. Did you mean 'always'?",
            id="a-colour",
        ),
        pytest.param(["--limit", "-1"], "'-1' is not a whole number of at least 0.", id="a-limit-below-0"),
        pytest.param(["--limit", "ten"], "'ten' is not a whole number of at least 0.", id="a-limit-in-words"),
        pytest.param(["-j", "0"], "'0' is not a whole number of at least 1.", id="no-process"),
        pytest.param(
            ["-s", "AGL;BOP"],
            "'AGL;BOP' matches no symbol. Symbols have letters, digits and . - & /; patterns also * ? and "
            "classes such as [A-M]. Separate patterns with commas.",
            id="symbols-in-a-list-of-another-kind",
        ),
        pytest.param(
            ["-s", ""],
            "'' matches no symbol. Symbols have letters, digits and . - & /; patterns also * ? and classes such as "
            "[A-M]. Separate patterns with commas.",
            id="no-symbol",
        ),
        pytest.param(
            ["-r"], "-r needs --sort COLUMNS; without it, rows stay in the order of the input.", id="reverse-alone"
        ),
    ],
)
def test_a_wrong_value_is_an_error_with_the_allowed_ones(tickerx: Tickerx, arguments: list[str], message: str) -> None:
    status, stdout, stderr = tickerx(*arguments, "-o", "quotes.csv", stdin=BOARD)
    assert (status, stdout) == (2, "")
    assert stderr.splitlines()[0].endswith(message)
    assert list(tickerx.folder.iterdir()) == []


# The table of what was chosen.


def test_a_table_of_several_inputs_names_them(tickerx: Tickerx, board: Path) -> None:
    (tickerx.folder / "list").write_bytes(b"board.txt\0-\0")
    named = tickerx("-f", "table", "-H", "board.txt", "-", stdin=BOARD)
    assert named.stdout.startswith("file       symbol")
    assert tickerx("-f", "table", "board.txt", "-", stdin=BOARD) == named
    assert tickerx("-f", "table", "--files0-from", "list", stdin=BOARD) == named
    assert tickerx("-nf", "table", "board.txt", "-", stdin=BOARD).stdout.startswith("file       line  symbol")


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["-f", "table", "board.txt"], id="one-input"),
        pytest.param(["-f", "table", "--files0-from", "list"], id="one-that-is-listed"),
        pytest.param(["-f", "table", "-c", "symbol", "board.txt", "board.txt"], id="columns-that-were-chosen"),
        pytest.param(["-f", "csv", "board.txt", "board.txt"], id="another-format"),
    ],
)
def test_no_file_is_named_in(tickerx: Tickerx, board: Path, arguments: list[str]) -> None:
    (tickerx.folder / "list").write_bytes(b"board.txt\0")
    assert "file" not in tickerx(*arguments).stdout


def test_a_table_without_header_and_quotes_is_its_last_line(tickerx: Tickerx) -> None:
    assert tickerx("-f", "table", "--no-header", stdin="prose") == (0, "0 quotes\n", "")


@pytest.mark.parametrize("width", [40, 80, 200])
@pytest.mark.parametrize("locale", ["C", "C.UTF-8"])
def test_a_pager_shows_what_the_terminal_would(tickerx: Tickerx, board: Path, width: int, locale: str) -> None:
    def shown(on_terminal: str) -> str:
        screen, terminal = os.openpty()
        termios.tcsetwinsize(terminal, (24, width))
        process = tickerx.start(
            *("-f", "table", "--color", "always", "board.txt"),
            stdin=terminal if on_terminal == "stdin" else null,
            stdout=terminal if on_terminal == "stdout" else subprocess.PIPE,
            environment={"LC_ALL": locale},
        )
        on_screen = read_screen(screen, terminal) if on_terminal == "stdout" else ""
        piped = end(process).stdout
        return on_screen or piped

    null = os.open(os.devnull, os.O_RDONLY)
    assert shown("stdin") == shown("stdout")
    os.close(null)


def test_colour_changes_no_format(tickerx: Tickerx) -> None:
    assert tickerx("--color", "always", stdin=BOARD) == Result(0, CSV, "")


# Help.


def test_help_has_each_option_once_in_groups_of_lines(tickerx: Tickerx) -> None:
    lines = tickerx("--help").stdout.splitlines()
    assert len(lines) <= 76
    assert max(map(len, lines)) <= 80
    headings = [line.removesuffix(":") for line in lines if line and line[0] != " "]
    assert headings == ["Usage: tickerx [OPTIONS] [FILES]...", *GROUPS, "Columns", "Examples", "Exit status"]
    listed = [name for line in lines if (match := re.match(r"  (?:-., |    )(--[\w-]+)", line)) for name in [match[1]]]
    options = [option for option in command.params if isinstance(option, Option)]
    assert sorted(listed) == sorted(max(option.opts, key=len) for option in options)
    assert [param.name for param in command.params if not isinstance(param, Option)] == ["files"]
    assert {option.group for option in options} == set(GROUPS)


def test_every_example_of_the_help_is_read(tickerx: Tickerx, board: Path) -> None:
    text = tickerx("--help").stdout.split("Examples:\n")[1].split("\n\n")[0]
    for example in text.splitlines():
        call = re.sub(r"^.*?(tickerx [^|]*).*$", r"\1", example).replace("page.txt", "board.txt")
        result = tickerx.shell(f"{call.strip()} < /dev/null")
        assert "Try 'tickerx --help'" not in result.stderr


@pytest.mark.parametrize("limit", ["0", "1"])
@pytest.mark.parametrize("option", ["-o", "--rejects"])
def test_an_output_that_is_an_input_after_the_last_row_is_refused(
    tickerx: Tickerx, board: Path, limit: str, option: str
) -> None:
    (tickerx.folder / "other.txt").write_text(BOARD, "utf-8")
    (tickerx.folder / "list").write_bytes(b"board.txt\0other.txt\0")
    status, _, stderr = tickerx("--files0-from", "list", "--limit", limit, option, "other.txt")
    assert (status, stderr) == (2, "tickerx: other.txt: this input is also the output; write to another file\n")
    assert (tickerx.folder / "other.txt").read_text("utf-8") == BOARD


@pytest.mark.parametrize("glob", ["[A", "]", "[]", "!", "É", ""])
def test_a_pattern_that_matches_no_symbol_is_an_error(tickerx: Tickerx, glob: str) -> None:
    result = tickerx("-s", glob, stdin=BOARD)
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith(f"tickerx: Invalid value for '-s' / '--symbol': {glob!r} matches no symbol. ")


def test_a_class_may_exclude_as_in_any_shell(tickerx: Tickerx) -> None:
    assert tickerx("-c", "symbol", "-s", "[^A]*", stdin=BOARD) == tickerx("-c", "symbol", "-s", "[!a]*", stdin=BOARD)


def test_a_limit_may_be_any_number(tickerx: Tickerx) -> None:
    assert tickerx("--limit", "9" * 40, stdin=BOARD) == (0, CSV, "")
    assert tickerx("--limit", "0" * 5000 + "2", stdin=BOARD) == tickerx("--limit", "2", stdin=BOARD)
    assert tickerx("--limit", "0" * 5000, stdin=BOARD) == (0, HEADER, "")


def test_a_schema_goes_to_standard_output_alone(tickerx: Tickerx) -> None:
    result = tickerx("--schema", "-o", "row.json")
    assert (result.status, result.stdout, os.listdir(tickerx.folder)) == (2, "", [])
    assert result.stderr.startswith("tickerx: --schema prints to standard output; -o is for rows.\n")
