"""The data source for Spark: a real Spark with two workers, and what its driver and its workers call."""

import csv
import gzip
import json
import os
import pickle
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.support import BOARD, Tickerx
from tests.test_warc import record
from tickerx.batches import map_batches
from tickerx.quote import COLUMNS

pyarrow = pytest.importorskip("pyarrow", reason="pyarrow is not installed")
pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed")
datasource = pytest.importorskip("pyspark.sql.datasource", reason="pyspark is older than 4")

from pyspark.accumulators import Accumulator, AccumulatorParam  # noqa: E402 - it may be missing

import tickerx.spark  # noqa: E402 - it needs pyspark
from tickerx.spark import FilePartition, TickerxReader, TickerxSource, register  # noqa: E402

pytestmark = pytest.mark.filterwarnings(  # Spark 4.0 leaves the sockets of collect() to the garbage collector
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)

LAYOUT = "{name} {price} {percent}%"

ROWS = 3
"""Rows of a board."""


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Return a session with two workers at once; a task may fail three times."""
    if not shutil.which("java"):
        pytest.skip("java is not installed")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    settings = {"spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "2", "spark.log.level": "OFF"}
    builder = pyspark.sql.SparkSession.builder.master("local[2,4]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    register(session)
    yield session
    session.stop()


@pytest.fixture
def crawl(tickerx: Tickerx) -> Path:
    """Return a folder of three archives of different sizes, and files that are none of them."""
    folder = tickerx.folder / "crawl"
    (folder / "2024" / "_temporary").mkdir(parents=True)
    for number in (1, 2, 3):
        records = (record((BOARD * number).encode(), f"{name}{number}") for name in "abc")
        (folder / "2024" / f"{number}.warc.wet.gz").write_bytes(gzip.compress(b"".join(records)))
    for name in ("_SUCCESS", ".crc", "2024/_temporary/part"):
        (folder / name).write_text(BOARD, "utf-8")
    return folder


def damage(folder: Path) -> Path:
    """Add an archive that is cut off to a folder."""
    path = folder / "cut.warc.wet.gz"
    path.write_bytes((folder / "2024" / "3.warc.wet.gz").read_bytes()[:-30])
    return path


def reader(path: Path | str, columns: tuple[str, ...] = ("symbol",), **options: str) -> TickerxReader:
    return TickerxReader({"path": str(path), **options}, columns)


def read(reader: TickerxReader) -> list[dict[str, object]]:
    return [row for part in reader.partitions() for batch in reader.read(part) for row in batch.to_pylist()]


def test_spark_has_the_rows_of_the_command(spark: Any, crawl: Path, tickerx: Tickerx) -> None:
    names = [name for name in COLUMNS if name != "fetched"]
    frame = spark.read.format("tickerx").option("columns", ",".join(COLUMNS)).load(str(crawl))
    assert frame.rdd.getNumPartitions() == 3
    found = [row.asDict() for row in frame.select(names).collect()]
    paths = [f"{crawl}/2024/{number}.warc.wet.gz" for number in (3, 2, 1)]
    rows = list(csv.DictReader(tickerx("-c", ",".join(names), *paths).stdout.splitlines()))
    assert len(rows) == 18 * ROWS
    assert [plain(row) for row in found] == [plain(row) for row in rows]
    times = {
        str(row.fetched) for row in frame.selectExpr("to_utc_timestamp(fetched, current_timezone()) fetched").collect()
    }
    assert times == {"2024-04-17 05:12:33"}


def plain(row: dict[str, Any]) -> dict[str, object]:
    """Return a row of Spark or of CSV with its figures as numbers."""
    types: dict[str, Callable[[Any], object]] = {
        "decimal": Decimal,
        "integer": int,
        "boolean": lambda value: str(value).lower(),
    }
    return {
        name: None if value in (None, "") else types.get(COLUMNS[name].type, str)(value) for name, value in row.items()
    }


def test_a_filter_reaches_the_files_and_finds_what_spark_finds(spark: Any, crawl: Path) -> None:
    frame = spark.read.format("tickerx").load(str(crawl))
    assert frame.where("symbol = 'AGL' and direction = 'down' and kind = 'stock'").count() == 18
    assert frame.where("symbol = 'agl'").count() == 0
    assert frame.where("symbol = 'AGL' and symbol = 'NBP'").count() == 0
    assert frame.where("symbol in ('AGL', 'NBP') and price > 50").count() == 18


def test_a_file_that_cannot_be_read_fails_the_job_and_is_named(spark: Any, crawl: Path) -> None:
    path = damage(crawl)
    with pytest.raises(pyspark.errors.PySparkException, match=str(path)):
        spark.read.format("tickerx").load(str(crawl)).count()


def test_in_permissive_mode_it_is_left_out_and_the_driver_counts_it(
    spark: Any, crawl: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = damage(crawl)
    (crawl / "page.pdf").write_bytes(b"%PDF-1.7\n")
    frame = spark.read.format("tickerx").option("mode", "permissive").load(str(crawl))
    assert frame.count() == 18 * ROWS
    assert frame.count() == 18 * ROWS
    lines = [message.partition("; the last: ") for message in caplog.messages if "left out" in message]
    assert [line[0] for line in lines] == ["files left out so far: 1", "files left out so far: 2"]
    assert sorted(line[2].partition(": ")[0] for line in lines) == [str(path), f"{crawl}/page.pdf"]


def test_spark_reads_with_a_layout_what_the_command_does(spark: Any, tickerx: Tickerx) -> None:
    (tickerx.folder / "page.txt").write_text("Bergbau AG 1.234,50 -0,48%\nWerft 7,10 0,25%\n", "utf-8")
    source = spark.read.format("tickerx").option("layout", LAYOUT).option("decimal", ",")
    frame = source.load(str(tickerx.folder / "page.txt"))
    rows = list(csv.DictReader(tickerx("--layout", LAYOUT, "--decimal", ",", "page.txt").stdout.splitlines()))
    assert frame.columns == list(rows[0])
    assert [plain(row.asDict()) for row in frame.collect()] == [plain(row) for row in rows]


def test_parquet_is_an_input_of_spark_too(spark: Any, tmp_path: Path) -> None:
    spark.createDataFrame([(BOARD, "http://a")], "text string, url string").write.parquet(str(tmp_path / "dump"))
    frame = spark.read.format("tickerx").option("columns", "url").load(str(tmp_path / "dump"))
    assert [row.url for row in frame.collect()] == ["http://a"] * ROWS


def test_rows_that_spark_reads_itself_go_through_map_in_arrow(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "dump.jsonl").write_text(json.dumps({"text": BOARD, "url": "http://a"}) + "\n", "utf-8")
    pages = spark.read.json(str(tmp_path / "dump.jsonl")).select("text", "url")
    assert pages.mapInArrow(map_batches, tickerx.spark.schema()).count() == ROWS


def test_a_worker_that_is_killed_is_started_anew(spark: Any, tmp_path: Path) -> None:
    path = tmp_path / "board.txt"
    os.mkfifo(path)
    counted: list[int] = []
    frame = spark.read.format("tickerx").load(str(path))
    job = Thread(target=lambda: counted.append(frame.count()))
    job.start()
    with path.open("wb"):  # this waits until a worker reads
        [worker] = readers_of(path)
        (tmp_path / "whole.txt").write_text(BOARD, "utf-8")
        (tmp_path / "whole.txt").rename(path)
        os.kill(worker, signal.SIGKILL)
        job.join()
    assert counted == [ROWS]


def readers_of(path: Path) -> list[int]:
    """Return the processes other than this one that have a file open."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            files = [os.readlink(file) for file in (process / "fd").iterdir()]
        except OSError:
            continue  # it has ended
        if str(path) in files and int(process.name) != os.getpid():
            found.append(int(process.name))
    return found


def test_files_come_the_largest_first_and_hidden_ones_are_none(crawl: Path) -> None:
    names = [Path(part.path).name for part in reader(crawl).partitions()]
    assert names == [f"{number}.warc.wet.gz" for number in (3, 2, 1)]


@pytest.mark.parametrize(
    ("path", "count"),
    [
        pytest.param("crawl/2024/1.warc.wet.gz", 1, id="a-file"),
        pytest.param("crawl/2024/[12].*", 2, id="a-pattern"),
        pytest.param("crawl/*", 3, id="a-pattern-of-folders"),
        pytest.param("file://FOLDER/crawl", 3, id="an-address-of-a-folder"),
        pytest.param("file:FOLDER/crawl", 3, id="an-address-as-hadoop-prints-it"),
        pytest.param("memory://crawl", 3, id="a-folder-by-fsspec"),
        pytest.param("memory://crawl/2024/[12].*", 2, id="a-pattern-by-fsspec"),
    ],
)
def test_a_path_is(path: str, count: int, crawl: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if path.startswith("memory:"):
        fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")
        fsspec.filesystem("memory").put(str(crawl), "/crawl", recursive=True)
    monkeypatch.chdir(crawl.parent)
    found = reader(path.replace("FOLDER", str(crawl.parent)))
    assert len(found.partitions()) == count
    assert {row["symbol"] for row in read(found)} == {"AGL", "KSE100", "NBP"}


def test_several_paths_are_read(crawl: Path) -> None:
    paths = [f"{crawl}/2024/{number}.warc.wet.gz" for number in (1, 2)]
    assert len(read(TickerxReader({"paths": json.dumps(paths)}, ["symbol"]))) == 9 * ROWS


OTHERS = (
    "{} string, price decimal(18,6), change decimal(18,6), change_percent decimal(18,6), direction string, kind string"
)


@pytest.mark.parametrize(
    ("options", "schema"),
    [
        pytest.param({"columns": "symbol, fetched,line"}, "symbol string, fetched timestamp, line bigint", id="named"),
        pytest.param({"columns": "price,sound", "figures": "text"}, "price string, sound boolean", id="text"),
        pytest.param({"columns": "+url"}, f"{tickerx.spark.schema()}, url string", id="added"),
        pytest.param({"columns": "+url", "layout": LAYOUT}, f"{OTHERS.format('name')}, url string", id="by-a-layout"),
        pytest.param({"layout": "cells"}, OTHERS.format("symbol"), id="by-cells"),
        pytest.param({"layout": "words"}, OTHERS.format("symbol"), id="by-words"),
        pytest.param(
            {},
            "symbol string, price decimal(18,6), change decimal(18,6), change_percent decimal(18,6), "
            "direction string, kind string",
            id="by-default",
        ),
    ],
)
def test_the_schema_follows_the_options(options: dict[str, str], schema: str) -> None:
    assert TickerxSource(options).schema() == schema


def test_options_say_what_files_are_and_how_figures_come(crawl: Path) -> None:
    whole = reader(crawl / "2024" / "1.warc.wet.gz", ("price",), figures="text")
    assert read(whole)[0] == {"price": "40.00"}
    options = {"path": f"{crawl}/2024/1.warc.wet.gz", "from": "text"}
    assert {row["url"] for row in read(TickerxReader(options, ["url"]))} == {None}


def test_layouts_may_be_in_a_file_which_only_the_driver_needs(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Werft 7,10 0,25%\n", "utf-8")
    layouts = tmp_path / "board.toml"
    layouts.write_text(f'[german]\nlayout = "{LAYOUT}"\ndecimal = ","\nunsigned = "up"\n')
    sent = pickle.dumps(
        reader(tmp_path / "page.txt", ("layout", "price", "direction"), layout=str(layouts), figures="text")
    )
    layouts.unlink()
    assert read(pickle.loads(sent)) == [{"layout": "german", "price": "7.10", "direction": "up"}]  # noqa: S301
    with pytest.raises(FileNotFoundError):
        TickerxSource({"layout": str(layouts)}).schema()


def test_figures_without_a_sign_may_be_said_to_rise(tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text("Werft 7,10 0,25%\n", "utf-8")
    options = {"layout": LAYOUT, "decimal": ",", "unsigned": "up"}
    assert read(reader(tmp_path / "page.txt", ("name", "direction"), **options)) == [
        {"name": "Werft", "direction": "up"}
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"path": "x", "layout": "{price"}, 'no "}" for this', id="a-layout"),
        pytest.param({"path": "x", "layout": "cell"}, "'cell' is not a layout: a layout has", id="a-name-of-no-layout"),
        pytest.param({"path": "x", "figures": "float"}, "figures 'float' is not one of", id="figures"),
        pytest.param({"path": "x", "from": "pdf"}, "kind 'pdf' is not one of", id="a-kind"),
        pytest.param({"path": "x", "layout": "cells", "unsigned": "up"}, "unsigned needs a layout", id="unsigned"),
        pytest.param({"path": "x", "decimal": ","}, "decimal needs a layout", id="a-decimal-without-a-layout"),
        pytest.param({"path": "x", "mode": "dropmalformed"}, "failfast or permissive", id="a-mode"),
        pytest.param({}, "no path is given", id="no-path"),
    ],
)
def test_an_option_that_cannot_be_is_an_error(options: dict[str, str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        TickerxSource(options).reader(pyspark.sql.types.StructType())


def test_a_path_without_files_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no file found at"):
        reader(tmp_path).partitions()


def test_filters_are_noted_and_given_back(crawl: Path) -> None:
    if not hasattr(datasource, "EqualTo"):
        pytest.skip("this pyspark has no filters")
    filters = [
        datasource.EqualTo(("symbol",), "AGL"),
        datasource.EqualTo(("symbol",), "NBP"),
        datasource.EqualTo(("direction",), "down"),
        datasource.EqualTo(("kind",), "*?[]"),
        datasource.EqualTo(("url",), "a"),
        datasource.IsNotNull(("symbol",)),
    ]
    chosen = reader(crawl)
    assert list(chosen.pushFilters(filters)) == filters
    assert {row["symbol"] for row in read(chosen)} == {"AGL"}


def test_a_permissive_reader_logs_what_it_leaves_out(crawl: Path, caplog: pytest.LogCaptureFixture) -> None:
    path = damage(crawl)
    assert len(read(reader(crawl, mode="PERMISSIVE"))) == 18 * ROWS
    assert f"1 file left out: {path}: the gzip data is cut off" in caplog.messages
    with pytest.raises(tickerx.UnreadableError, match=str(path)):
        read(reader(path))


def test_a_file_that_has_gone_is_named_or_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    gone = FilePartition(str(tmp_path / "gone"))
    with pytest.raises(tickerx.UnreadableError, match=r"gone: .*No such file"):
        list(reader(tmp_path).read(gone))
    assert list(reader(tmp_path, mode="permissive").read(gone)) == []
    assert any("1 file left out" in message for message in caplog.messages)


class Joined(AccumulatorParam):
    """Joins dictionaries."""

    def zero(self, value: dict[str, str]) -> dict[str, str]:
        return {}

    def addInPlace(self, value1: dict[str, str], value2: dict[str, str]) -> dict[str, str]:  # noqa: N802
        return {**value1, **value2}


def test_a_permissive_reader_tells_the_driver_what_it_leaves_out(crawl: Path) -> None:
    path = damage(crawl)
    left_out = Accumulator(1_000_000, {}, Joined())
    read(TickerxReader({"path": str(crawl), "mode": "permissive"}, ["symbol"], left_out))
    assert left_out.value == {str(path): "the gzip data is cut off"}


def test_the_source_is_small_when_it_is_sent_to_workers(crawl: Path) -> None:
    for each in (TickerxSource, reader(crawl), FilePartition("a")):
        assert len(pickle.dumps(each)) < 400
    assert read(pickle.loads(pickle.dumps(reader(crawl)))) == read(reader(crawl))  # noqa: S301


def test_without_pyspark_the_import_names_the_extra() -> None:
    program = "import sys; sys.modules['pyspark'] = None; import tickerx.spark"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: tickerx.spark needs Spark 4; install it: pip install 'tickerx[spark]'" in done.stderr
