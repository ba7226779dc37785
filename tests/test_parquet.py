"""Parquet as an input: its rows are documents, with the fields of JSON Lines."""

import gzip
import io
import json
import os
import subprocess
import sys
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from shlex import join
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tickerx
from tests.strategies import near_quotes, quotes
from tests.support import BOARD, COMMAND, CSV, HEADER, Tickerx, end
from tests.test_limits import PEAK
from tickerx.batches import map_batches
from tickerx.inputs.documents import Document, Trouble
from tickerx.inputs.read import Form, read_documents

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
parquet = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed")

MEBIBYTE = 1 << 20
PLACE = "url,fetched,document,record"


def to_parquet(rows: Any, **options: Any) -> bytes:
    """Return rows, or a table, as a Parquet file."""
    table = pyarrow.Table.from_pylist(rows) if isinstance(rows, list) else rows
    file = io.BytesIO()
    parquet.write_table(table, file, **options)
    return file.getvalue()


def dump(count: int = 5) -> list[dict[str, object]]:
    """Return the rows of a dump in which every other page has a board."""
    time = "2024-04-17T05:12:33Z"
    texts = [BOARD if number % 2 else "Prose of the day." for number in range(count)]
    return [{"text": text, "url": f"http://{n}.example", "date": time, "id": n} for n, text in enumerate(texts)]


def to_lines(rows: list[dict[str, object]]) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read(content: bytes, **form: Any) -> list[Document | Trouble]:
    return list(read_documents(io.BytesIO(content), Form("auto", **form)))


OPTIONS = [
    *(pytest.param({"compression": name}, id=f"by-{name}") for name in ("none", "snappy", "gzip", "zstd", "lz4")),
    pytest.param({"row_group_size": 2}, id="in-row-groups-of-two"),
    pytest.param({"use_dictionary": False, "data_page_version": "2.0"}, id="in-pages-of-version-2"),
    pytest.param({"write_page_checksum": True}, id="with-checksums"),
]


@pytest.mark.parametrize("options", OPTIONS)
def test_a_dump_gives_the_rows_of_the_same_dump_in_json_lines(tickerx: Tickerx, options: dict[str, Any]) -> None:
    (tickerx.folder / "dump.parquet").write_bytes(to_parquet(dump(), **options))
    expected = tickerx("-c", f"+{PLACE}", stdin=to_lines(dump()))
    assert expected.stdout.count("\n") == 7
    assert tickerx("-c", f"+{PLACE}", "dump.parquet") == expected
    assert tickerx("-c", f"+{PLACE}", "--from", "parquet", "dump.parquet") == expected


texts = st.lists(near_quotes | quotes().map(lambda quote: quote.text) | st.text(max_size=9), max_size=3).map(
    lambda pieces: "\n".join(pieces).encode("utf-8", "replace").decode()
)
times = st.sampled_from(["2024-04-17", "2024-04-17 05:12:33", "2024-04-17T05:12:33+05:00", "no time", ""])
heads = st.fixed_dictionaries({"warc-target-uri": st.text(max_size=3)}, optional={"WARC-Date": times})
rows = st.fixed_dictionaries(
    {"raw_content": st.none() | texts, "date": times},
    optional={"url": st.none() | st.text(max_size=5), "meta": heads, "warc_headers": heads, "id": st.integers(0, 99)},
)


@given(st.lists(rows, min_size=1, max_size=6), st.booleans())
def test_any_rows_are_the_documents_of_json_lines(found: list[dict[str, Any]], has_layouts: bool) -> None:
    columns = {name for row in found for name in row}
    whole = [{name: row.get(name) for name in columns} for row in found]
    content = to_parquet(whole, row_group_size=2)
    wanted = {each.number: each for each in read(to_lines(whole), all_text=has_layouts) if isinstance(each, Document)}
    documents = {each.number: each for each in read(content, all_text=has_layouts) if isinstance(each, Document)}
    assert documents == {number: wanted[number] for number in documents}
    assert len(documents) == len(found) or not has_layouts
    assert all(not list(tickerx.find(wanted[number].content.decode())) for number in wanted.keys() - documents.keys())


TIME = datetime(2024, 4, 17, 5, 12, 33, 5, tzinfo=UTC)
FETCHED = "2024-04-17T05:12:33Z"
KARACHI = timezone(timedelta(hours=5))
TIMES = [
    pytest.param([TIME.isoformat()], None, FETCHED, id="text"),
    pytest.param([TIME], pyarrow.timestamp("us", "UTC"), FETCHED, id="microseconds"),
    pytest.param([TIME], pyarrow.timestamp("ns", "Asia/Karachi"), FETCHED, id="nanoseconds-of-a-zone"),
    pytest.param([TIME.replace(tzinfo=None)], pyarrow.timestamp("ms"), FETCHED, id="milliseconds-without-a-zone"),
    pytest.param([date(2024, 4, 17)], pyarrow.date32(), "2024-04-17T00:00:00Z", id="a-day"),
    pytest.param([1713330753], pyarrow.int64(), FETCHED, id="seconds-since-1970"),
    pytest.param([1713330753.5], pyarrow.float64(), FETCHED, id="seconds-with-a-fraction"),
    pytest.param([2**62], pyarrow.timestamp("us"), "", id="a-time-of-no-calendar"),
    pytest.param([True], None, "", id="no-time"),
    pytest.param([None], pyarrow.timestamp("us"), "", id="null"),
]


@pytest.mark.parametrize(("values", "type", "fetched"), TIMES)
def test_times_of_any_type_are_in_utc(values: list[object], type: Any, fetched: str) -> None:
    table = pyarrow.table({"text": [BOARD], "date": pyarrow.array(values, type)})
    [document] = read(to_parquet(table))
    assert isinstance(document, Document)
    assert document.fetched == fetched


TEXT_TYPES = [
    pytest.param(pyarrow.string(), id="text"),
    pytest.param(pyarrow.large_string(), id="large-text"),
    pytest.param(pyarrow.binary(), id="bytes"),
    pytest.param(pyarrow.dictionary(pyarrow.int32(), pyarrow.string()), id="a-dictionary"),
]


@pytest.mark.parametrize("type", TEXT_TYPES)
def test_text_of_any_type_is_read(type: Any) -> None:
    table = pyarrow.table({"text": pyarrow.array([BOARD, "", None]).cast(type)})
    assert [quote.document for quote in tickerx.read(io.BytesIO(to_parquet(table)))] == [1, 1, 1]


def test_bytes_that_are_not_utf_8_are_replaced() -> None:
    bad = pyarrow.array([b"\xff" + BOARD.encode()], pyarrow.binary())
    text = pyarrow.StringArray.from_buffers(1, *bad.buffers()[1:])
    table = pyarrow.table({"text": text, "url": text})
    [document] = read(to_parquet(table))
    assert isinstance(document, Document)
    assert document.content.decode() == document.url == "\ufffd" + BOARD


def test_fields_are_named_as_in_json_lines(tickerx: Tickerx) -> None:
    page = {"body": BOARD, "about": {"place": "http://a", "when": datetime(2024, 4, 17, 5, 12, 33)}, "about.place": "b"}
    other = {"page": {"text": BOARD}, "meta": {"url": "http://c"}, "text": "x"}
    (tickerx.folder / "a").write_bytes(to_parquet([page]))
    (tickerx.folder / "b").write_bytes(to_parquet([other]))
    naming = ("--url-field", "about.place", "--time-field", "about.when")
    assert tickerx("-c", "symbol,url,fetched", "--limit", "1", *naming, "a") == (
        0,
        f"symbol,url,fetched\nAGL,b,{FETCHED}\n",
        "",
    )
    assert tickerx("-c", "symbol,url", "--limit", "1", "--text-field", "page.text", "b") == (
        0,
        "symbol,url\nAGL,http://c\n",
        "",
    )
    assert tickerx("--text-field", "page", "b") == (
        2,
        HEADER,
        "tickerx: b: expected text in the column page; name another with --text-field; "
        "the columns of text are page.text, meta.url, text\n",
    )


def test_of_several_texts_that_is_read_which_json_lines_would_read() -> None:
    pages: list[dict[str, object]] = [
        {"html": "x", "content": "x", "text": BOARD},
        {"html": BOARD, "content": None, "text": None},
    ]
    quotes = list(tickerx.read(io.BytesIO(to_parquet(pages))))
    assert [quote.document for quote in quotes] == [1, 1, 1, 2, 2, 2]
    assert quotes == list(tickerx.read(io.BytesIO(to_lines(pages))))


def test_of_columns_of_one_name_the_last_is_read_as_in_json() -> None:
    table = pyarrow.Table.from_arrays([pyarrow.array(["x"]), pyarrow.array([BOARD])], ["text", "text"])
    assert len(list(tickerx.read(io.BytesIO(to_parquet(table))))) == 3


def test_the_library_arrow_and_documents_have_the_same_rows(tmp_path: Path) -> None:
    path = tmp_path / "dump.parquet"
    path.write_bytes(to_parquet(dump(), row_group_size=2))
    found = [asdict(quote) for quote in tickerx.read(path)]
    rows = tickerx.read_arrow(path, columns=["symbol", *PLACE.split(",")]).read_all().to_pylist()
    assert rows == [{name: quote[name] for name in rows[0]} for quote in found]
    assert [row["document"] for row in rows] == [2, 2, 2, 4, 4, 4]
    documents = [(each.number, each.record) for each in tickerx.read_documents(path)]
    assert documents == [(2, "1"), (4, "3")]


def test_rows_of_arrow_may_have_times_and_numbers_in_objects() -> None:
    [batch] = pyarrow.Table.from_pylist(
        [{"text": BOARD, "metadata": {"created": TIME, "id": 5, "url": None}}]
    ).to_batches()
    [found] = map_batches([batch], columns=["fetched", "record"])
    assert found.to_pylist()[0] == {"fetched": TIME.replace(microsecond=0), "record": "5"}


def by_fifo(tickerx: Tickerx) -> tuple[int, str, str]:
    return tickerx.shell(f"mkfifo pipe; cat dump.parquet > pipe & tickerx -c +{PLACE} pipe")


@pytest.mark.parametrize(
    "run",
    [
        pytest.param(lambda tickerx: tickerx.shell(f"cat dump.parquet | tickerx -c +{PLACE}"), id="a-pipe"),
        pytest.param(lambda tickerx: tickerx.shell(f"tickerx -c +{PLACE} < dump.parquet"), id="standard-input"),
        pytest.param(by_fifo, id="a-fifo"),
    ],
)
def test_the_rows_are_the_same_from(run: Callable[[Tickerx], object], tickerx: Tickerx) -> None:
    (tickerx.folder / "dump.parquet").write_bytes(to_parquet(dump()))
    assert run(tickerx) == tickerx("-c", f"+{PLACE}", "dump.parquet")


def test_several_processes_read_several_files_whole(tickerx: Tickerx) -> None:
    filler: list[dict[str, object]] = [{"text": os.urandom(3 * MEBIBYTE).hex()}]
    for name in ("a", "b"):
        (tickerx.folder / name).write_bytes(to_parquet([*dump(), *filler]))
    expected = tickerx("-j", "1", "-c", f"+{PLACE}", "a", "b")
    assert expected.stdout.count("\n") == 13
    assert tickerx("-j", "2", "-c", f"+{PLACE}", "a", "b") == expected


def test_all_bytes_of_a_file_are_counted(tickerx: Tickerx) -> None:
    content = to_parquet([*dump(), {"text": os.urandom(MEBIBYTE).hex()}], row_group_size=2)
    (tickerx.folder / "dump.parquet").write_bytes(content)
    assert f"bytes {len(content)}," in tickerx("-qv", "dump.parquet").stderr
    assert f"bytes {len(content)}," in tickerx("-qv", stdin=content).stderr


class Counted(io.BytesIO):
    """A file that counts the bytes that are read."""

    size = 0

    def read(self, size: int | None = -1, /) -> bytes:
        block = super().read(size)
        self.size += len(block)
        return block


def test_columns_that_are_not_needed_are_not_read() -> None:
    file = Counted(to_parquet([{**row, "other": os.urandom(MEBIBYTE)} for row in dump()]))
    assert len(list(tickerx.read(file))) == 6
    assert file.size < MEBIBYTE


def test_a_large_text_is_passed_over(tickerx: Tickerx) -> None:
    large = {"text": "x" * (64 * MEBIBYTE + 1)}
    content = to_parquet([*dump(2), large, {"text": BOARD}])
    status, stdout, stderr = tickerx("-c", "document", stdin=content)
    assert (status, stdout.split()) == (2, ["document", *"222444"])
    assert stderr == "tickerx: -: row 3: the text has more than 64 MiB\n"


def test_memory_does_not_grow_with_a_row_group() -> None:
    text = "The market was quiet all day, and nobody knows why.\n" * 20_000
    content = to_parquet([{"text": text}] * 100, use_dictionary=False, compression="zstd", write_batch_size=1)
    before = pyarrow.total_allocated_bytes()
    tracemalloc.start()
    peak = max(pyarrow.total_allocated_bytes() - before for _ in iterate(content))
    traced = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50 * MEBIBYTE
    assert traced < 50 * MEBIBYTE


def shared(text: str, rows: int) -> bytes:
    """Return rows that all have the same text, which the file has once."""
    texts = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * rows, pyarrow.int32()), pyarrow.array([text]))
    return to_parquet(pyarrow.table({"text": texts}), compression="zstd", store_schema=False)


BOMBS = {
    "one-text-for-all-rows": lambda: shared("The market was quiet. " * 30_000, 1500),
    "one-text-for-all-rows-that-does-not-compress": lambda: shared(os.urandom(300_000).hex(), 1500),
    "texts-that-begin-alike": lambda: to_parquet(
        [{"text": "The market was quiet. " * 30_000 + str(number)} for number in range(300)],
        use_dictionary=False,
        column_encoding="DELTA_BYTE_ARRAY",
        compression="zstd",
    ),
}


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only there")
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_a_bomb_needs_little_memory(tickerx: Tickerx, bomb: Callable[[], bytes]) -> None:
    (tickerx.folder / "bomb").write_bytes(bomb())
    status, peak, message = tickerx.shell(join([sys.executable, "-c", PEAK, *COMMAND, "bomb"]))
    assert (status, message) == (0, "")
    assert int(peak) < 224 * 1024


def iterate(content: bytes) -> Iterator[Document | Trouble]:
    return iter(read_documents(io.BytesIO(content), Form(all_text=True)))


GOOD = to_parquet(dump(), row_group_size=2, compression="snappy")
BROKEN = [
    pytest.param(GOOD[:-100], [], "Parquet magic bytes not found", id="cut-off"),
    pytest.param(GOOD[:12], [], "Parquet magic bytes not found", id="cut-off-at-the-beginning"),
    pytest.param(GOOD[:-4] + b"PARE", [], "encrypted", id="encrypted"),
    pytest.param(b"PARE" + GOOD[4:-4] + b"PARE", [], "encrypted", id="encrypted-as-it-begins"),
    pytest.param(GOOD.replace(b"\x04text", b"\x04te\xfft"), [], "can't decode", id="a-name-that-is-not-UTF-8"),
]


@pytest.mark.parametrize(("content", "rows", "reason"), BROKEN)
def test_damage_is_one_message_that_names_the_file(
    content: bytes, rows: list[str], reason: str, tickerx: Tickerx
) -> None:
    (tickerx.folder / "dump.parquet").write_bytes(content)
    (tickerx.folder / "board.txt").write_text(BOARD, "utf-8")
    status, stdout, stderr = tickerx("dump.parquet", "board.txt")
    assert (status, stdout, stderr.count("\n")) == (2, CSV, 1)
    assert stderr.startswith("tickerx: dump.parquet: the Parquet file cannot be read: ")
    assert reason in stderr


def test_rows_before_the_damage_are_read(tickerx: Tickerx) -> None:
    damaged = bytearray(to_parquet(dump(6), row_group_size=2, compression="snappy", use_dictionary=False))
    third = parquet.read_metadata(io.BytesIO(bytes(damaged))).row_group(2).column(0).data_page_offset
    damaged[third : third + 30] = b"\xff" * 30
    status, stdout, stderr = tickerx("-c", "document", stdin=bytes(damaged))
    assert (status, stdout.split()) == (2, ["document", *"222444"])
    assert stderr.startswith("tickerx: -: the Parquet file cannot be read: ")


@given(st.integers(0, len(GOOD) - 1), st.integers(0, 255), st.integers(0, 9))
def test_any_damage_is_read_or_is_the_error_of_an_input(place: int, byte: int, missing: int) -> None:
    content = GOOD[:place] + bytes([byte]) + GOOD[place + missing :]
    with suppress(tickerx.UnreadableError):
        list(tickerx.read(io.BytesIO(content), kind="parquet", on_damaged=lambda _: None))


class Failing(io.BytesIO):
    """A file on a disk that fails behind its beginning."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        if whence == 0 and offset:
            raise OSError(5, "Input/output error")
        return super().seek(offset, whence)


def test_an_error_of_the_system_is_what_it_is() -> None:
    with pytest.raises(OSError, match="Input/output error"):
        list(tickerx.read(Failing(GOOD)))


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        pytest.param(
            to_parquet([{"title": BOARD, "n": 1, "text": [1], "meta": {"body": BOARD, "size": 1}}]),
            [],
            "expected text in any column; name another with --text-field; the columns of text are title, meta.body",
            id="no-text-in-a-column-that-is-known",
        ),
        pytest.param(
            to_parquet([{"title": 1, "text": [1]}]),
            [],
            "expected text in any column; no column has text",
            id="no-text",
        ),
        pytest.param(
            to_parquet([{f"c{number}": "x" for number in range(21)}]),
            ["--text-field", "page"],
            "expected text in the column page; name another with --text-field; the columns of text are "
            + "".join(f"c{number}, " for number in range(20))
            + "…",
            id="many-other-columns",
        ),
        pytest.param(
            gzip.compress(GOOD),
            [],
            "a Parquet file that is compressed as a whole; decompress it first, to a file",
            id="compressed-as-a-whole",
        ),
        pytest.param(
            BOARD.encode(),
            ["--from", "parquet"],
            "the Parquet file cannot be read: Parquet magic bytes not found in footer. "
            "Either the file is corrupted or this is not a parquet file",
            id="no-parquet-at-all",
        ),
    ],
)
def test_what_has_no_text_is_named(content: bytes, arguments: list[str], message: str, tickerx: Tickerx) -> None:
    assert tickerx(*arguments, stdin=content) == (2, HEADER, f"tickerx: -: {message}\n")


EMPTY = [
    pytest.param(to_parquet(pyarrow.table({"text": pyarrow.array([], pyarrow.string())})), id="no-rows"),
    pytest.param(to_parquet([{"text": ""}, {"text": None}]), id="empty-rows"),
    pytest.param(b"PAR1 is no quote\n", id="text-that-begins-like-parquet"),
]


@pytest.mark.parametrize("content", EMPTY)
def test_a_file_without_quotes_gives_no_row(content: bytes, tickerx: Tickerx) -> None:
    assert tickerx(stdin=content) == (0, HEADER, "")


def test_a_layout_reads_what_has_no_words(tickerx: Tickerx) -> None:
    content = to_parquet([{"text": "AAPL 189.87 +1.23 (+0.65%)"}])
    status, stdout, _ = tickerx("--layout", "{symbol} {price} {change} ({percent}%)", "-c", "symbol", stdin=content)
    assert (status, stdout) == (0, "symbol\nAAPL\n")


WITHOUT = "import sys; sys.modules['pyarrow'] = None; from tickerx.__main__ import main; main()"


def test_without_pyarrow_one_line_names_the_extra_and_other_inputs_are_read(tmp_path: Path) -> None:
    (tmp_path / "dump.parquet").write_bytes(GOOD)
    (tmp_path / "board.txt").write_text(BOARD, "utf-8")
    command = [sys.executable, "-c", WITHOUT, "dump.parquet", "board.txt"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    message = "tickerx: dump.parquet: a Parquet file; reading it needs pyarrow: pip install 'tickerx[arrow]'\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, CSV, message)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(BOARD.encode(), id="text"),
        pytest.param(b"PAR1 40.00 Decreased By \xe2\x96\xbc -0.16 (-0.4%)\n", id="a-symbol-like-parquet"),
        pytest.param(to_lines(dump()), id="JSON-Lines"),
    ],
)
def test_other_inputs_do_not_load_pyarrow(content: bytes) -> None:
    done = [
        subprocess.run(python, input=content, capture_output=True, check=True).stdout
        for python in (COMMAND, (sys.executable, "-c", WITHOUT))
    ]
    assert done[0] == done[1] != HEADER.encode()


def test_a_pipe_that_ends_early_leaves_nothing_behind(tickerx: Tickerx) -> None:
    process = tickerx.start(environment={"TMPDIR": str(tickerx.folder)})
    status, stdout, _ = end(process, GOOD[:-10])
    assert (status, stdout) == (2, HEADER)
    assert os.listdir(tickerx.folder) == []
