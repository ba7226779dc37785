"""What people type who know other tools: lists, short forms, folders, and what they are told where that is wrong."""

import os
import re
import select
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import BOARD, CSV, FORMATS, HEADER, TABLE, Result, Tickerx, end, read_screen, write
from tickerx.command.sinks import CollectingSink, Columns
from tickerx.engine.extract import Result as Found
from tickerx.engine.selection import Key, sort
from tickerx.inputs.folders import files_below
from tickerx.system.output import standard_output

MIXED = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
BR30 31,713 Increased By 377.1 (1.2%)
786 9.10 No Change ▼ 0.00 (0%)
HUMNL 14.56 Increased By ▲ 0.35 (2.46%)
KSE30 30,192 Decreased By -614.4 (-1.99%)
"""
DEFAULT = HEADER.strip()
AGL = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n"

# Lists.


@pytest.mark.parametrize(
    ("arguments", "header"),
    [
        pytest.param(["-c", "symbol, price"], "symbol,price", id="spaces-after-commas"),
        pytest.param(["-c", " Symbol ,PRICE "], "symbol,price", id="any-case"),
        pytest.param(["-c", "symbol", "-c", "price"], "symbol,price", id="two-options-are-one-list"),
        pytest.param(["-c", "+sound,line"], f"{DEFAULT},sound,line", id="plus-adds-all-of-its-list"),
        pytest.param(["-c", "+sound, +Line"], f"{DEFAULT},sound,line", id="plus-may-be-in-front-of-each"),
        pytest.param(["-c", "+sound", "-c", "+line"], f"{DEFAULT},sound,line", id="plus-adds-up"),
        pytest.param(["-c", "+sound", "-c", "+sound,price"], f"{DEFAULT},sound", id="plus-adds-nothing-twice"),
        pytest.param(["-c", "+sound", "-c", "symbol"], "symbol,sound", id="plus-adds-to-those-that-are-named"),
        pytest.param(["-c", "symbol,+sound"], "symbol,sound", id="plus-in-a-list"),
        pytest.param(["-H", "-c", "+line"], f"file,{DEFAULT},line", id="file-stays-in-front"),
    ],
)
def test_columns_are(tickerx: Tickerx, arguments: list[str], header: str) -> None:
    assert tickerx(*arguments).stdout == f"{header}\n"


@pytest.mark.parametrize(
    ("arguments", "symbols"),
    [
        pytest.param(["-s", "AGL,BR30"], "AGL BR30", id="symbols-in-a-list"),
        pytest.param(["-s", "agl, h*", "-s", "786"], "AGL 786 HUMNL", id="lists-and-options-add-up"),
        pytest.param(["-d", "UP"], "BR30 HUMNL", id="a-direction-in-capitals"),
        pytest.param(["-d", "Up,unchanged"], "BR30 786 HUMNL", id="directions-in-a-list"),
        pytest.param(["-k", "Index"], "BR30 KSE30", id="a-kind-in-capitals"),
        pytest.param(["--sort", "kind,-change_percent"], "BR30 KSE30 HUMNL 786 AGL", id="two-keys"),
        pytest.param(["--sort", "-change_percent"], "HUMNL BR30 786 AGL KSE30", id="descending"),
        pytest.param(["--sort", "-KIND, Price"], "786 HUMNL AGL KSE30 BR30", id="keys-in-any-case"),
        pytest.param(["--sort", "kind", "--sort", "price"], "KSE30 BR30 786 HUMNL AGL", id="two-options-are-two-keys"),
        pytest.param(["-r", "--sort", "kind,-change_percent"], "AGL 786 HUMNL KSE30 BR30", id="all-keys-reversed"),
        pytest.param(["--sort", "-kind,price", "--limit", "2"], "786 HUMNL", id="a-limit-of-what-several-keys-sort"),
    ],
)
def test_rows_are(tickerx: Tickerx, arguments: list[str], symbols: str) -> None:
    result = tickerx("-c", "symbol", "--no-header", *arguments, stdin=MIXED)
    assert result == (0, symbols.replace(" ", "\n") + "\n", "")


rows = st.lists(
    st.tuples(st.sampled_from(["up", "down"]), st.sampled_from(["1", "1.0", "-1", "10", "9.99", ""])), max_size=12
)


@given(rows, st.booleans(), st.booleans(), st.none() | st.integers(0, 12))
def test_keys_sort_as_one_stable_order_with_empty_cells_last(
    rows: list[tuple[str, str]], first: bool, second: bool, limit: int | None
) -> None:
    def place(row: tuple[str, str, str]) -> tuple[int, bool, float, int]:
        direction, price, line = row
        sign = (-1 if first else 1, -1 if second else 1)
        return sign[0] * (direction == "up"), price == "", sign[1] * float(price or 0), int(line)

    numbered = [(direction, price, str(line)) for line, (direction, price) in enumerate(rows)]
    columns = {name: [row[at] for row in numbered] for at, name in enumerate(("direction", "price", "line"))}
    found = sort(columns, [Key("direction", first), Key("price", second)], limit)
    assert list(zip(*found.values(), strict=True)) == sorted(numbered, key=place)[:limit]


def test_rows_that_are_dropped_on_the_way_change_nothing(tickerx: Tickerx) -> None:
    board = "".join(f"S{number} {number * 7919 % 100_003}.00 No Change 0.00 (0%)\n" for number in range(80_000)) * 2
    (tickerx.folder / "large.txt").write_text(board, "utf-8")
    whole = tickerx("--sort", "price", "-c", "symbol,line", "large.txt").stdout.splitlines(keepends=True)
    for limit in (0, 3, 5000):
        cut = tickerx("--sort", "price", "-c", "symbol,line", "--limit", str(limit), "-v", "large.txt")
        assert (cut.status, cut.stdout) == (0, "".join(whole[: limit + 1]))
        assert f"rows {limit}, " in cut.stderr


def test_a_limit_keeps_no_more_rows_than_it_must() -> None:
    kept: list[int] = []

    def keep(columns: Columns) -> dict[str, list[str]]:
        kept.append(len(columns["price"]))
        return sort(columns, [Key("price")], 3)

    sink = CollectingSink(standard_output(), ["price"], lambda columns: [], keep, 3)
    for number in range(100):
        sink.add(Found("-", columns=([str(number)] * 4096,), rows=4096))
    sink.finish()
    assert (max(kept) < 70_000 + 4096, sink.rows) == (True, 3)


# Short forms.


@pytest.mark.parametrize(
    ("arguments", "format"),
    [
        pytest.param(["--json"], "json", id="json"),
        pytest.param(["--jsonl"], "jsonl", id="jsonl"),
        pytest.param(["--csv", "-o", "-"], "csv", id="csv"),
        pytest.param(["--json", "-f", "json"], "json", id="the-same-twice"),
        pytest.param(["-f", "md"], "markdown", id="md"),
        pytest.param(["-f", "NDJSON"], "jsonl", id="ndjson-in-capitals"),
        pytest.param(["-f", "Json"], "json", id="a-format-in-any-case"),
    ],
)
def test_a_format_has_a_short_form(tickerx: Tickerx, arguments: list[str], format: str) -> None:
    assert tickerx(*arguments, stdin=BOARD) == tickerx("-f", format, stdin=BOARD)


def test_a_short_form_comes_before_the_suffix(tickerx: Tickerx) -> None:
    assert tickerx("--csv", "-o", "rows.json", stdin=BOARD) == (0, "", "")
    assert (tickerx.folder / "rows.json").read_text("utf-8") == CSV


def test_colour_may_be_spelled_as_in_britain(tickerx: Tickerx) -> None:
    spelled = [tickerx("-f", "table", option, "always", stdin=BOARD) for option in ("--colour", "--color")]
    assert spelled[0] == spelled[1]
    assert "\x1b[" in spelled[0].stdout
    assert tickerx("--colour=never", "-f", "table", stdin=BOARD) == (0, TABLE, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "Bash"])
def test_the_script_of_a_shell_is_printed(tickerx: Tickerx, shell: str) -> None:
    asked = tickerx(environment={"_TICKERX_COMPLETE": f"{shell.lower()}_source"})
    assert tickerx("--completion", shell, "missing.txt") == asked
    assert "_TICKERX_COMPLETE" in asked.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["--json", "-f", "csv"], "-f csv and --json ask for different formats.", id="two-formats"),
        pytest.param(["--jsonl", "--csv"], "--jsonl and --csv ask for different formats.", id="two-short-forms"),
        pytest.param(["--completion", "tcsh"], "'tcsh' is not one of 'bash', 'zsh', 'fish'.", id="another-shell"),
        pytest.param(
            ["--list-empty", "--json"],
            "--list-empty writes names of inputs instead of rows; --json is for rows.",
            id="names-in-a-format",
        ),
        pytest.param(["--list-empty", "--sort", "price"], "; --sort is for rows.", id="names-sorted"),
        pytest.param(["--list-empty", "--limit", "0"], "; --limit is for rows.", id="names-limited"),
        pytest.param(["--list-empty", "-c", "symbol"], "; -c is for rows.", id="columns-of-names"),
        pytest.param(["--list-empty", "-f", "csv"], "; -f csv is for rows.", id="names-in-a-named-format"),
        pytest.param(["--list-empty", "--schema"], "; --schema is for rows.", id="the-schema-of-names"),
        pytest.param(["-o", "a.xlsx"], "Cannot write .xlsx: write .csv, which spreadsheets open. ", id="excel"),
        pytest.param(["-o", "a.ODS"], "Cannot write .ods: ", id="capitals-make-no-difference"),
        pytest.param(["-o", "a.png"], "Cannot write .png: write .svg, ", id="a-picture"),
        pytest.param(["-o", "a.jpg"], "Cannot write .jpg: write .svg, ", id="a-photo"),
        pytest.param(["-o", "a.pdf"], "Cannot write .pdf: write .html ", id="a-document"),
        pytest.param(["-o", "a b.db"], "| sqlite3 'a b.db' '.import --csv /dev/stdin quotes'", id="a-database"),
        pytest.param(["-o", "a.sqlite"], "| sqlite3 a.sqlite ", id="a-database-by-another-name"),
        pytest.param(["-o", "a.csv.gz"], "tickerx -f csv … | gzip > a.csv.gz. ", id="compressed"),
        pytest.param(["-o", "a.json.zst"], "tickerx -f json … | zstd > a.json.zst. ", id="another-format-compressed"),
        pytest.param(["-o", "quotes.xz"], "tickerx -f csv … | xz > quotes.xz. ", id="compressed-without-a-format"),
        pytest.param(["-o", "a.bz2"], "| bzip2 > a.bz2. With -f, the suffix does not matter.", id="what-wins"),
    ],
)
def test_wrong_usage_is_an_error_that_says_what_to_do(tickerx: Tickerx, arguments: list[str], words: str) -> None:
    status, stdout, stderr = tickerx(*arguments, stdin=BOARD)
    assert (status, stdout, os.listdir(tickerx.folder)) == (2, "", [])
    assert words in stderr.splitlines()[0]


def test_a_format_that_is_named_goes_to_any_file(tickerx: Tickerx) -> None:
    assert tickerx("-f", "csv", "-o", "rows.xlsx", stdin=BOARD) == (0, "", "")
    assert (tickerx.folder / "rows.xlsx").read_text("utf-8") == CSV


def test_the_command_in_the_message_makes_a_database(tickerx: Tickerx, board: Path) -> None:
    if not any(os.access(os.path.join(folder, "sqlite3"), os.X_OK) for folder in os.get_exec_path()):
        pytest.skip("sqlite3 is not installed")
    message = tickerx("board.txt", "-o", "quotes.db").stderr
    [command] = re.findall(r": (tickerx … \| .*)\. With -f", message)
    assert tickerx.shell(command.replace("…", "board.txt")) == (0, "", "")
    assert tickerx.shell("sqlite3 quotes.db 'select count(*) from quotes'") == (0, "3\n", "")


# Files and folders.


def test_a_file_after_s_gets_a_warning(tickerx: Tickerx, board: Path) -> None:
    warning = "tickerx: warning: -s takes symbols, but board.txt is a file; to read it: tickerx ./board.txt\n"
    assert tickerx("--symbol", "board.txt") == (0, HEADER, warning)
    assert tickerx("-s", "AGL,board.txt", stdin=BOARD).stderr == warning
    assert tickerx("-qs", "board.txt") == (0, HEADER, "")
    assert tickerx("-s", "board.txt", "board.txt") == (0, HEADER, "")
    assert tickerx("-s", "AGL", "board.txt").stderr == ""
    board.rename(tickerx.folder / "page_1.txt")
    status, _, stderr = tickerx("-s", "page_1.txt")
    assert (status, stderr.splitlines()[0].endswith(" This is a file; give it without -s.")) == (2, True)


def test_the_error_for_an_address_says_how_to_read_it(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx("https://example.org/a?b=1&c=2")
    assert (status, stdout) == (2, HEADER)
    assert stderr == (
        "tickerx: https://example.org/a?b=1&c=2: No such file or directory; "
        "fetch it first: curl -s 'https://example.org/a?b=1&c=2' | tickerx\n"
    )


def test_the_error_for_a_list_of_lines_says_what_to_do(tickerx: Tickerx, board: Path) -> None:
    remedy = r"each name must end with NUL, as from find -print0 or tr '\n' '\0'"
    reason = f"no such file, and the name has several lines; {remedy}"
    names = "board.txt\nother.txt\n"
    assert tickerx("--files0-from", "-", stdin=names) == (2, HEADER, f"tickerx: -:1: {reason}\n")
    assert tickerx("--files0-from", "-", stdin=names.replace("\n", "\0")).stdout == CSV
    (tickerx.folder / names).write_text(BOARD, "utf-8")
    assert tickerx("--files0-from", "-", stdin=names) == (0, CSV, "")


@pytest.fixture
def crawl(tickerx: Tickerx) -> Path:
    """Return a folder of pages: hidden, linked, nested, and what is no regular file."""
    folder = tickerx.folder / "crawl"
    for name in ("b.txt", "a/2.txt", "a/10.txt", "a.txt", ".hidden/x.txt", ".y.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(AGL, "utf-8")
    (folder / "loop").symlink_to(folder)
    (folder / "link.txt").symlink_to("a.txt")
    os.mkfifo(folder / "fifo")
    (tickerx.folder / "linked").symlink_to(folder)
    return folder


PATHS = [".hidden/x.txt", ".y.txt", "a.txt", "a/10.txt", "a/2.txt", "b.txt"]


@pytest.mark.parametrize("arguments", [["-R"], ["--recursive", "-j", "2"]], ids=" ".join)
@pytest.mark.parametrize("folder", ["crawl", "linked", "./crawl"])
def test_all_files_below_a_folder_are_read_in_the_order_of_their_paths(
    tickerx: Tickerx, crawl: Path, folder: str, arguments: list[str]
) -> None:
    result = tickerx(*arguments, "-c", "file", "--no-header", folder)
    assert result == (0, "".join(f"{folder}/{path}\n" for path in PATHS), "")
    assert result == tickerx.shell(f"grep -rl AGL {folder} | LC_ALL=C sort")


def test_without_files_this_folder_is_read(tickerx: Tickerx, crawl: Path) -> None:
    result = tickerx("-R", "-c", "file", "--no-header", stdin=BOARD)
    assert result.stdout == "".join(f"./crawl/{path}\n" for path in PATHS)


def test_folders_files_and_lists_go_together(tickerx: Tickerx, crawl: Path, board: Path) -> None:
    arguments = ("-R", "-c", "file", "--no-header")
    expected = "-\n" * 3 + "".join(f"crawl/a/{name}\n" for name in ("10.txt", "2.txt")) + "board.txt\n" * 3
    assert tickerx(*arguments, "-", "crawl/a", "board.txt", stdin=BOARD) == (0, expected, "")
    listed = tickerx(*arguments, "--files0-from", "-", stdin="crawl/a\0\0board.txt")
    assert listed == (2, expected.replace("-\n", ""), "tickerx: -:2: the name of a file is empty\n")


def test_the_error_for_a_folder_names_the_option(tickerx: Tickerx, crawl: Path, board: Path) -> None:
    assert tickerx("crawl", "board.txt") == (2, CSV, "tickerx: crawl: Is a directory; -R reads folders\n")


def test_an_output_in_the_folder_is_no_input_but_an_old_file_there_is(tickerx: Tickerx, crawl: Path) -> None:
    expected = "".join(f"crawl/{path}\n" for path in PATHS)
    arguments = ("-Rv", "-c", "file", "--no-header", "crawl", "-o", "crawl/rows", "--rejects", "crawl/bad")
    assert "inputs 6, " in tickerx(*arguments).stderr
    assert (crawl / "rows").read_text("utf-8") == expected
    refused = "tickerx: crawl/bad: this input is also the output; write to another file\n"
    assert tickerx(*arguments) == (2, "", refused)
    assert (crawl / "rows").read_text("utf-8") == expected
    (crawl / "rows").unlink()
    (crawl / "bad").unlink()
    assert tickerx.shell("tickerx -R -c file --no-header crawl > crawl/z").stderr == ""
    assert (crawl / "z").read_text("utf-8") == expected


def test_a_missing_name_is_reported_with_folders_too(tickerx: Tickerx) -> None:
    assert tickerx("-R", "missing") == (2, HEADER, "tickerx: missing: No such file or directory\n")


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    [(path, error)] = files_below(str(tmp_path / "missing"))
    assert (path, type(error)) == (str(tmp_path / "missing"), FileNotFoundError)


def test_a_folder_below_that_does_not_open_is_trouble(tickerx: Tickerx, crawl: Path) -> None:
    deep = "d" * 200
    program = f"import os; os.chdir('crawl/a'); [(os.mkdir('{deep}'), os.chdir('{deep}')) for _ in range(25)]"
    assert tickerx.shell(f'{sys.executable} -c "{program}"') == (0, "", "")
    status, stdout, stderr = tickerx("-R", "-c", "file", "--no-header", "crawl")
    assert (status, len(stdout.splitlines())) == (2, len(PATHS))
    assert re.fullmatch(rf"tickerx: crawl/a(/{deep})+: File name too long\n", stderr)


def test_more_files_than_one_batch_are_read(tickerx: Tickerx) -> None:
    (tickerx.folder / "many").mkdir()
    for number in range(4100):
        (tickerx.folder / "many" / f"{number:04}").write_bytes(b"")
    assert "inputs 4100, " in tickerx("-Rv", "many").stderr


# Inputs without a quote.


@pytest.fixture
def pages(tickerx: Tickerx) -> list[str]:
    """Return the names of pages in the folder; those that begin with ``no`` hold no quote."""
    texts = {"no1": "prose\n", "yes1": BOARD, "no2": "", "bad": "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n", "yes2": AGL}
    for name, text in texts.items():
        (tickerx.folder / name).write_text(text, "utf-8")
    return [*texts]


@pytest.mark.parametrize("jobs", ["1", "3"])
def test_inputs_without_a_quote_are_listed(tickerx: Tickerx, pages: list[str], jobs: str) -> None:
    result = tickerx("-j", jobs, "-q", "--list-empty", *pages, "-", stdin="prose")
    assert result == (0, "no1\nno2\nbad\n-\n", "")


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_an_input_that_is_read_in_parts_is_one(tickerx: Tickerx, jobs: str) -> None:
    prose = "Prose, by the line.\n" * 150_000
    for name, text in {"none": prose, "last": prose + AGL, "first": AGL + prose, "no": ""}.items():
        (tickerx.folder / name).write_text(text, "utf-8")
    assert tickerx("-j", jobs, "--list-empty", "none", "last", "first", "no", "last") == (0, "none\nno\n", "")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param(["-s", "AGL", "yes1", "yes2"], Result(0, "", ""), id="none-is-listed"),
        pytest.param(["-s", "NBP", "yes1", "yes2"], Result(0, "yes2\n", ""), id="of-what-was-chosen"),
        pytest.param(["-e", "yes1"], Result(1, "", ""), id="the-check-is-of-names"),
        pytest.param(["-e", "no1"], Result(0, "no1\n", ""), id="the-check-of-a-name"),
        pytest.param(
            ["missing", "no1"],
            Result(2, "no1\n", "tickerx: missing: No such file or directory\n"),
            id="one-that-cannot-be-read-is-no-empty-one",
        ),
        pytest.param(["-R", "."], Result(0, "./bad\n./no1\n./no2\n", ""), id="of-folders"),
    ],
)
def test_what_is_listed(tickerx: Tickerx, pages: list[str], arguments: list[str], expected: Result) -> None:
    assert tickerx("--list-empty", *(["-q"] if "-R" in arguments else []), *arguments) == expected


def test_names_of_empty_inputs_go_to_a_file_and_are_one_line_each(tickerx: Tickerx) -> None:
    (tickerx.folder / "a\nb").write_text("prose", "utf-8")
    assert tickerx("--list-empty", "-o", "empty.txt", "a\nb", "-v").stderr.startswith("tickerx: inputs 1, ")
    assert (tickerx.folder / "empty.txt").read_text("utf-8") == "a\\nb\n"


def test_a_name_is_listed_before_the_next_input_ends(tickerx: Tickerx, pages: list[str]) -> None:
    process = tickerx.start("--list-empty", "no1", "-")
    assert process.stdout
    assert os.read(process.stdout.fileno(), 100) == b"no1\n"
    assert end(process, AGL.encode()) == (0, "", "")


# The table.


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        pytest.param(["-c", "+sound"], "file       symbol", id="columns-that-are-added"),
        pytest.param(["-c", "symbol,+sound"], "symbol    sound\n", id="columns-that-are-named"),
    ],
)
def test_a_table_of_several_inputs_names_them_unless_columns_are_named(
    tickerx: Tickerx, board: Path, arguments: list[str], shown: str
) -> None:
    (tickerx.folder / "other").write_text(AGL, "utf-8")
    assert tickerx("-f", "table", *arguments, "other", "board.txt").stdout.startswith(shown)


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in ("table", "svg", "html")])
def test_headings_for_people_are_in_no_data(tickerx: Tickerx, format: str) -> None:
    assert "chg" not in tickerx("-f", format, stdin=BOARD).stdout


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_has_headings_for_people(tickerx: Tickerx, format: str) -> None:
    picture = tickerx("-f", format, stdin=BOARD).stdout
    assert ("chg %" in picture, "change_percent" in picture) == (True, False)


@pytest.mark.parametrize("arguments", [[], ["--sort", "price", "-f", "csv"]], ids=["a-table", "sorted-rows"])
def test_progress_is_shown_while_rows_wait_at_the_terminal(tickerx: Tickerx, arguments: list[str]) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start(*arguments, stdout=terminal, stderr=terminal, environment={"NO_COLOR": "1"})
    while not select.select([screen], [], [], 0.02)[0]:
        write(process.stdin, AGL)
    assert end(process).status == 0
    shown = read_screen(screen, terminal)
    before, _, after = shown.rpartition("\r\x1b[2K")
    assert re.search(r"[0-9,]+ quotes? 0:00:0", before)
    assert "AGL" not in before
    assert "AGL" in after
