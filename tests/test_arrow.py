"""Rows as Arrow: `tickerx.read_arrow`, the formats "arrow" and "parquet", and the tools that take them."""

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.support import BOARD, COMMAND, Tickerx, end, read_screen
from tests.test_warc import record
from tickerx.batches import batches, map_batches
from tickerx.engine.selection import Choice
from tickerx.quote import COLUMNS

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

LONG = "\nX 1.00 Increased By ▲ 1234567890123.5 (1%)\n"
ARCHIVE = b"".join(record((BOARD * 3).encode(), name) for name in "abc")


@pytest.fixture
def archive(tickerx: Tickerx) -> Path:
    path = tickerx.folder / "crawl.warc.wet.gz"
    path.write_bytes(gzip.compress(ARCHIVE))
    return path


def test_rows_are_typed_and_what_is_not_known_is_null(archive: Path, tmp_path: Path) -> None:
    plain = tmp_path / "board.txt"
    plain.write_text(BOARD, "utf-8")
    first, *_ = tickerx.read_arrow([archive, plain], columns=COLUMNS).read_all().to_pylist()
    assert first == {
        "symbol": "AGL",
        "price": Decimal("40.000000"),
        "change": Decimal("-0.160000"),
        "change_percent": Decimal("-0.400000"),
        "direction": "down",
        "kind": "stock",
        "previous_close": Decimal("40.160000"),
        "sound": True,
        "file": str(archive),
        "line": 1,
        "url": "http://example.com/a",
        "fetched": datetime(2024, 4, 17, 5, 12, 33, tzinfo=UTC),
        "document": 1,
        "record": "urn:a",
        "name": None,
        "layout": "words",
    }
    [unknown] = {
        (row["url"], row["fetched"]) for row in tickerx.read_arrow(plain, columns=COLUMNS).read_all().to_pylist()
    }
    assert unknown == (None, None)


def test_the_schema_is_that_of_the_table_of_columns() -> None:
    types = {"word": "string", "text": "string", "time": "timestamp[us, tz=UTC]", "integer": "int64", "boolean": "bool"}
    for figures, figure in (("decimal", "decimal128(18, 6)"), ("text", "string")):
        schema = tickerx.read_arrow([], columns=COLUMNS, figures=figures).schema  # type: ignore[arg-type]
        expected = [(column.name, {**types, "decimal": figure}[column.type]) for column in COLUMNS.values()]
        assert [(field.name, str(field.type)) for field in schema] == expected


@given(st.lists(st.sampled_from([BOARD, "Prose.\n", "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"]), max_size=8))
def test_rows_are_those_of_the_library_with_the_digits_as_printed(pieces: list[str]) -> None:
    text = "".join(pieces)
    names = ["symbol", "price", "change", "change_percent", "direction", "kind", "line"]
    rows = tickerx.read_arrow(io.BytesIO(text.encode()), columns=names, figures="text").read_all().to_pylist()
    found = [{name: getattr(quote, name) for name in names} for quote in tickerx.find(text)]
    assert rows == [
        {name: str(value) if isinstance(value, Decimal) else value for name, value in row.items()} for row in found
    ]


def test_batches_have_ten_thousand_rows_and_come_as_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    path.write_text(BOARD * 8000, "utf-8")
    assert [batch.num_rows for batch in tickerx.read_arrow(path)] == [10_000, 10_000, 4_000]
    with path.open("rb") as file:
        reader = tickerx.read_arrow(file)
        assert file.tell() == 0
        reader.read_next_batch()
        assert 0 < file.tell() < path.stat().st_size


def test_batches_have_the_rows_of_a_choice_and_a_figure_that_is_not_chosen_need_not_fit() -> None:
    content = (LONG + BOARD + LONG.replace("X", "NBP")).encode()
    choice = Choice(("agl", "kse*"))
    [batch] = batches(io.BytesIO(content), columns=["symbol"], choice=choice)
    assert batch.to_pydict() == {"symbol": ["AGL", "KSE100"]}
    with pytest.raises(tickerx.FigureError, match=r"^board\.txt: line 7: change 1234567890123"):
        list(batches(io.BytesIO(content), "board.txt", choice=Choice(("NBP",))))


def test_batches_of_an_open_file_have_the_name_that_is_given() -> None:
    [batch] = batches(io.BytesIO(BOARD.encode()), "s3://bucket/board.txt", columns=["file", "symbol"])
    assert batch.to_pylist()[0] == {"file": "s3://bucket/board.txt", "symbol": "AGL"}
    [row] = tickerx.read_arrow(io.BytesIO(b"X 1.00 No Change 0 (0%)"), columns=["file"]).read_all().to_pylist()
    assert row == {"file": None}


def test_rows_with_a_text_become_rows_of_its_quotes() -> None:
    pages = pyarrow.RecordBatch.from_pylist(
        [
            {"text": BOARD, "html": None, "url": "http://a", "date": datetime(2024, 4, 17, 5, 12, 33, tzinfo=UTC)},
            {"text": None, "html": "<p>X 1.00<br>No Change <b>X 1.00 No Change 0 (0%)</b>", "url": None, "date": None},
        ]
    )
    [batch] = map_batches([pages], columns=["symbol", "url", "fetched", "document"])
    *_, nbp, x = batch.to_pylist()
    fetched = datetime(2024, 4, 17, 5, 12, 33, tzinfo=UTC)
    assert nbp == {"symbol": "NBP", "url": "http://a", "fetched": fetched, "document": 1}
    assert x == {"symbol": "X", "url": None, "fetched": None, "document": 2}
    [numbers] = [pyarrow.RecordBatch.from_pydict({"text": [1]})]
    with pytest.raises(tickerx.DamagedError, match=r"^row 1: expected text"):
        list(map_batches([numbers]))


def test_rows_may_have_their_text_in_bytes() -> None:
    pages = pyarrow.RecordBatch.from_pydict({"text": [BOARD.encode() + b"\xff"], "meta": [{"url": b"http://a"}]})
    [batch] = map_batches([pages], columns=["symbol", "url"])
    assert batch.to_pylist()[0] == {"symbol": "AGL", "url": "http://a"}


def test_a_figure_that_does_not_fit_is_named_with_its_document() -> None:
    pages = [{"text": LONG, "url": "http://a"}, {"text": BOARD}, {"text": LONG}]
    reports = []
    for some in (pages, pages[1:]):
        content = b"".join(json.dumps(page).encode() + b"\n" for page in some)
        with pytest.raises(tickerx.FigureError) as caught:
            list(batches(io.BytesIO(content), "crawl.jsonl"))
        reports.append(str(caught.value).partition(": change")[0])
    assert reports == ["crawl.jsonl: http://a line 2", "crawl.jsonl: document 2 line 2"]


GERMAN = tickerx.compile_layout("{name} {price} {percent}%", decimal=",")
GERMAN_BOARD = "Bergbau AG 1.234,50 -0,48%\nWerft 7,10 0,25%\n"
LAYOUTS = [
    pytest.param([GERMAN], ["name"], ["Bergbau AG", "Werft"], id="a-layout"),
    pytest.param(
        ["words", GERMAN], ["symbol", "name"], [*["AGL", "KSE100", "NBP"], None, None], id="words-and-another"
    ),
    pytest.param(["words"], ["symbol"], ["AGL", "KSE100", "NBP"], id="words"),
    pytest.param(["{name} {price,"], [], [], id="a-wrong-one"),
]


@pytest.mark.parametrize(("layouts", "first", "values"), LAYOUTS)
def test_layouts_read_other_boards_and_choose_the_columns(
    layouts: list[str | tickerx.Layout], first: list[str], values: list[str | None], tmp_path: Path
) -> None:
    path = tmp_path / "dump.parquet"
    pages = pyarrow.table({"text": [BOARD, GERMAN_BOARD]})
    parquet.write_table(pages, path)
    if not first:
        for call in (tickerx.read_arrow, lambda _, layouts: map_batches([], layouts=layouts)):
            with pytest.raises(tickerx.LayoutError):
                call(path, layouts=layouts)
        return
    default = ["price", "change", "change_percent", "direction", "kind"]
    with path.open("rb") as file:
        found = [
            tickerx.read_arrow(path, layouts=layouts).read_all(),
            pyarrow.Table.from_batches(batches(file, layouts=layouts)),
            pyarrow.Table.from_batches(map_batches(pages.to_batches(), layouts=layouts)),
        ]
    for table in found:
        assert table.column_names == [*first, *default]
        assert table[first[0]].to_pylist() == values
    expected = [float(quote.price) for quote in tickerx.read(path, layouts=layouts)]
    assert [float(price) for price in found[0]["price"].to_pylist()] == expected


def test_a_choice_and_an_error_name_the_rows_of_a_layout() -> None:
    content = b"\nBergbau AG 1234567890123,5 -0,48%\nWerft 7,10 +0,25%\n"
    with pytest.raises(tickerx.FigureError, match=r"^board\.txt: line 2: price 1234567890123"):
        list(batches(io.BytesIO(content), "board.txt", layouts=[GERMAN]))
    [batch] = batches(io.BytesIO(content), layouts=[GERMAN], columns=["name"], choice=Choice(directions=("up",)))
    assert batch.to_pydict() == {"name": ["Werft"]}


FITTING = [
    pytest.param("999999999999.999999", True, id="the-largest"),
    pytest.param("0.000001", True, id="the-smallest"),
    pytest.param("1000000000000.5", False, id="too-long-before-the-point"),
    pytest.param("0.0000001", False, id="too-long-after-it"),
]


@pytest.mark.parametrize(("figure", "fits"), FITTING)
def test_a_figure_is_exact_or_an_error_that_names_it(figure: str, fits: bool, tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    path.write_text(f"\nX 1.00 Increased By ▲ {figure} (1%)\n", "utf-8")
    if fits:
        assert tickerx.read_arrow(path).read_all()["change"].to_pylist() == [Decimal(figure)]
        return
    with pytest.raises(tickerx.FigureError) as caught:
        tickerx.read_arrow(path).read_all()
    assert (
        str(caught.value) == f"{path}: line 2: change {figure} does not fit decimal(18, 6); write it as text to keep it"
    )
    assert tickerx.read_arrow(path, figures="text").read_all()["change"].to_pylist() == [figure]


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        pytest.param(
            lambda: tickerx.read_arrow([], columns=["prise"]), ValueError, "'prise' does not exist", id="column"
        ),
        pytest.param(lambda: tickerx.read_arrow([], columns=["kind"] * 2), ValueError, "given twice", id="twice"),
        pytest.param(lambda: tickerx.read_arrow([], columns=[]), ValueError, "no column", id="no-column"),
        pytest.param(lambda: tickerx.read_arrow([], columns="kind"), TypeError, "a list of names", id="one-text"),
        pytest.param(
            lambda: tickerx.read_arrow([], figures="float"),  # type: ignore[arg-type]
            ValueError,
            "'float' is not one of",
            id="figures",
        ),
        pytest.param(lambda: tickerx.read_arrow([], kind="pdf"), ValueError, "'pdf' is not one of", id="kind"),
        pytest.param(lambda: tickerx.read_arrow(3), TypeError, "not int", id="a-number"),  # type: ignore[arg-type]
        pytest.param(
            lambda: tickerx.read_arrow(b"board.txt"),  # type: ignore[arg-type]
            TypeError,
            "not bytes; io.BytesIO makes a file of bytes",
            id="bytes",
        ),
        pytest.param(lambda: tickerx.read_arrow(io.StringIO()), TypeError, "opened for text", id="a-file-of-text"),
    ],
)
def test_wrong_arguments_fail_at_the_call(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()


def test_malformed_text_and_damage_are_known_or_raised(tmp_path: Path) -> None:
    bad = io.BytesIO(b"AGL 40.0O Decreased By \xe2\x96\xbc -0.16 (-0.4%)\n" + BOARD.encode())
    malformed: list[tickerx.Malformed] = []
    assert tickerx.read_arrow(bad, on_malformed=malformed.append).read_all().num_rows == 3
    assert [each.column for each in malformed] == [5]
    bad.seek(0)
    with pytest.raises(tickerx.MalformedError):
        tickerx.read_arrow(bad, strict=True).read_all()
    lines = tmp_path / "crawl.jsonl"
    lines.write_text('{"text": "X 1.00 No Change 0 (0%)"}\n{"text"\n', "utf-8")
    damaged: list[tickerx.DamagedError] = []
    assert tickerx.read_arrow(lines, on_damaged=damaged.append).read_all().num_rows == 1
    assert len(damaged) == 1
    with pytest.raises(tickerx.DamagedError) as caught:
        tickerx.read_arrow(lines).read_all()
    assert str(caught.value).startswith(f"{lines}: line 2: ")
    with pytest.raises(FileNotFoundError):
        tickerx.read_arrow(tmp_path / "missing").read_all()


def by_duckdb(path: Path) -> tuple[int, Decimal]:
    duckdb = pytest.importorskip("duckdb", reason="duckdb is not installed")
    rows = tickerx.read_arrow(path)  # noqa: F841 - DuckDB knows it by its name
    [(count, total)] = duckdb.sql("select count(*), sum(price) from rows").fetchall()
    return count, total


def by_polars(path: Path) -> tuple[int, Decimal]:
    polars = pytest.importorskip("polars", reason="polars is not installed")
    frame = polars.DataFrame(tickerx.read_arrow(path))
    return len(frame), frame["price"].sum()


def by_pandas(path: Path) -> tuple[int, Decimal]:
    pytest.importorskip("pandas", reason="pandas is not installed")
    frame = tickerx.read_arrow(path).read_pandas()
    return len(frame), frame["price"].sum()


@pytest.mark.parametrize("count", [by_duckdb, by_polars, by_pandas])
def test_a_tool_finds_the_rows_of_the_command(
    count: Callable[[Path], tuple[int, Decimal]], archive: Path, tickerx: Tickerx
) -> None:
    rows = list(csv.DictReader(tickerx("crawl.warc.wet.gz").stdout.splitlines()))
    assert count(archive) == (len(rows), sum(Decimal(row["price"]) for row in rows)) == (27, Decimal("876854.61"))


def read_back(path: Path) -> list[dict[str, object]]:
    table = parquet.read_table(path) if path.suffix == ".parquet" else pyarrow.ipc.open_stream(path).read_all()
    rows: list[dict[str, object]] = table.to_pylist()
    return rows


@pytest.mark.parametrize("name", ["quotes.parquet", "quotes.arrow", "quotes.arrows"])
@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param([], id="all"),
        pytest.param(["-s", "k*", "-c", "symbol,url,previous_close"], id="chosen"),
        pytest.param(["--sort", "price", "-r", "--limit", "2", "-c", "symbol"], id="sorted"),
        pytest.param(["--limit", "2"], id="limited"),
        pytest.param(["-s", "none"], id="none"),
    ],
)
def test_a_file_has_the_rows_of_csv(name: str, arguments: list[str], archive: Path, tickerx: Tickerx) -> None:
    assert tickerx(archive.name, *arguments, "-o", name) == (0, "", "")
    rows = list(csv.DictReader(tickerx(archive.name, *arguments).stdout.splitlines()))
    figures = {name for name, column in COLUMNS.items() if column.type == "decimal"}
    expected = [{key: Decimal(value) if key in figures else value for key, value in row.items()} for row in rows]
    assert read_back(tickerx.folder / name) == expected


def test_a_row_group_of_parquet_has_many_batches(tickerx: Tickerx) -> None:
    (tickerx.folder / "board.txt").write_text(BOARD * 44_000, "utf-8")
    assert tickerx("board.txt", "-o", "quotes.parquet") == (0, "", "")
    metadata = parquet.read_metadata(tickerx.folder / "quotes.parquet")
    groups = [metadata.row_group(number).num_rows for number in range(metadata.num_row_groups)]
    assert sum(groups) == 132_000
    assert 100_000 <= groups[0] < 120_000


@pytest.mark.parametrize("format", ["arrow", "parquet"])
def test_standard_output_is_a_pipe_but_no_terminal(format: str, board: Path, tickerx: Tickerx) -> None:
    process = tickerx.start("-f", format, board.name)
    content, _ = process.communicate()
    assert content.startswith(b"PAR1" if format == "parquet" else b"\xff\xff\xff\xff")
    screen, terminal = os.openpty()
    process = tickerx.start("-f", format, board.name, stdout=terminal)
    assert read_screen(screen, terminal) == ""
    status, _, message = end(process)
    assert (status, message.splitlines()[0]) == (
        2,
        f"tickerx: -f {format} is not for a terminal; write to a file with -o, or to a pipe.",
    )


@pytest.mark.parametrize("format", ["arrow", "parquet"])
def test_a_full_disk_and_a_closed_pipe_end_it_as_in_other_formats(format: str, board: Path, tickerx: Tickerx) -> None:
    assert tickerx.shell(f"tickerx -f {format} board.txt > /dev/full") == (
        2,
        "",
        "tickerx: write error: No space left on device\n",
    )
    receiver, sender = os.pipe()
    os.close(receiver)
    process = tickerx.start("-f", format, board.name, stdout=sender)
    os.close(sender)
    assert end(process) == (-signal.SIGPIPE, "", "")


@pytest.mark.parametrize("name", ["quotes.parquet", "quotes.arrow"])
def test_a_figure_that_does_not_fit_leaves_the_old_file(name: str, board: Path, tickerx: Tickerx) -> None:
    (tickerx.folder / "long.txt").write_text(BOARD + LONG, "utf-8")
    (tickerx.folder / "crawl.warc").write_bytes(record(LONG.encode()))
    (tickerx.folder / name).write_text("old")
    message = "change 1234567890123.5 does not fit decimal(18, 6); write it as text to keep it\n"
    assert tickerx("long.txt", "crawl.warc", "board.txt", "-o", name) == (
        2,
        "",
        f"tickerx: long.txt: line 5: {message}tickerx: crawl.warc: http://example.com/a line 2: {message}",
    )
    assert (tickerx.folder / name).read_text() == "old"
    assert tickerx("long.txt", "-s", "agl", "-o", name).status == 0


WITHOUT = "import sys; sys.modules['pyarrow'] = None; "


@pytest.mark.parametrize("arguments", [["-o", "quotes.parquet"], ["-f", "arrow", "--sort", "price"]])
def test_without_pyarrow_one_line_names_the_extra(arguments: list[str], board: Path) -> None:
    program = f"{WITHOUT}from tickerx.__main__ import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", program, board, *arguments],
        cwd=board.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    message = "tickerx: Arrow and Parquet need pyarrow; install it: pip install 'tickerx[arrow]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)
    assert os.listdir(board.parent) == [board.name]


def test_without_pyarrow_the_library_names_the_extra() -> None:
    program = f"{WITHOUT}import tickerx; tickerx.read_arrow('board.txt')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: Arrow and Parquet need pyarrow; install it: pip install 'tickerx[arrow]'" in done.stderr


@pytest.mark.parametrize("format", ["csv", "json", "table"])
def test_other_formats_do_not_load_pyarrow(format: str, board: Path) -> None:
    program = f"{WITHOUT}from tickerx.__main__ import main; main()"
    done = [
        subprocess.run([*python, board, "-f", format], capture_output=True, check=True).stdout
        for python in (COMMAND, (sys.executable, "-c", program))
    ]
    assert done[0] == done[1] != b""
