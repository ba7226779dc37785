"""A data source for Spark 4: the quotes in archives and pages, with one task for each file.

>>> import tickerx.spark                                      # doctest: +SKIP
>>> tickerx.spark.register(spark)                             # doctest: +SKIP
>>> spark.read.format("tickerx").load("crawl/*.warc.wet.gz")  # doctest: +SKIP
"""

import json
import logging
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from glob import glob, has_magic
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

from tickerx.batches import batches, check_figure_type
from tickerx.engine.batches import column_names
from tickerx.engine.selection import GLOB, Choice
from tickerx.inputs.files import UnreadableError, naming, open_file
from tickerx.inputs.names import file_name
from tickerx.layouts.files import RESERVED
from tickerx.layouts.layout import Layout
from tickerx.library import compile_layouts, input_form, read_layout_option
from tickerx.quote import COLUMNS

try:
    from pyspark.sql.datasource import DataSource, DataSourceReader, InputPartition
except ImportError:
    raise ImportError("tickerx.spark needs Spark 4; install it: pip install 'tickerx[spark]'") from None

if TYPE_CHECKING:
    import pyarrow
    from pyspark.sql import SparkSession
    from pyspark.sql.types import StructType

__all__ = ["TickerxReader", "TickerxSource", "register", "schema"]

_TYPES = {
    "word": "string",
    "text": "string",
    "time": "timestamp",
    "decimal": "decimal(18,6)",
    "integer": "bigint",
    "boolean": "boolean",
}
_PUSHDOWN = "spark.sql.python.filterPushdown.enabled"
_PARTS = ("symbol", "direction", "kind")
"""The columns of a `Choice`, in its order."""

_log = logging.getLogger(__name__)


def register(spark: "SparkSession") -> None:
    """Make ``spark.read.format("tickerx")`` known to a session, and let Spark 4.1 and newer push filters down to it.

    The driver then logs each file that the mode "permissive" leaves out, and how many there are so far.
    """
    spark.dataSource.register(_reporting_source(spark))
    if hasattr(DataSourceReader, "pushFilters"):  # pragma: no branch - Spark 4.0 has no filters
        spark.conf.set(_PUSHDOWN, "true")


class _LeftOut:
    """Join the files that tasks have left out, for a Spark accumulator: reasons by file name.

    The original belongs to the driver, and logs new files. The copies in tasks only collect.
    """

    def __init__(self) -> None:
        self._is_copy = False

    def __getstate__(self) -> dict[str, bool]:
        return {"_is_copy": True}

    def zero(self, value: object) -> dict[str, str]:
        return {}

    def addInPlace(self, known: dict[str, str], more: dict[str, str]) -> dict[str, str]:  # noqa: N802 - Spark's name
        for name, reason in more.items() if not self._is_copy else ():
            if name not in known:
                known = {**known, name: reason}
                _log.warning("files left out so far: %d; the last: %s: %s", len(known), name, reason)
        return {**known, **more}


def _reporting_source(spark: "SparkSession") -> "type[TickerxSource]":
    """Return the data source with an accumulator that tells the driver which files tasks leave out."""
    context = getattr(spark, "sparkContext", None)
    if context is None:  # pragma: no cover - Spark Connect has no driver in this process
        return TickerxSource
    accumulator = context.accumulator({}, _LeftOut())

    class ReportingSource(TickerxSource):
        left_out = accumulator

    return ReportingSource


def schema(
    columns: Iterable[str] | None = None, figures: str = "decimal", layouts: "Sequence[str | Layout] | None" = None
) -> str:
    """Return the schema of rows in Spark's notation. Without columns, it has the default ones for these layouts."""
    types = {**_TYPES, "decimal": "string"} if figures == "text" else _TYPES
    return ", ".join(f"{name} {types[COLUMNS[name].type]}" for name in column_names(columns, compile_layouts(layouts)))


def _find_layouts(options: Mapping[str, str]) -> list[str | Layout] | None:
    """Return the layouts that the options name, read on the driver. Raises `ValueError`, and `OSError` for a file."""
    given, decimal, unsigned = (options.get(name) for name in ("layout", "decimal", "unsigned"))
    for name, value in (("decimal", decimal), ("unsigned", unsigned)):
        if value and "{" not in (given or ""):
            raise ValueError(f"the option {name} needs a layout with fields; a file of layouts has its own {name}")
    if not given or given in RESERVED:
        return [given] if given else None
    return [*read_layout_option(given, decimal, unsigned)]


class FilePartition(InputPartition):
    """A file, which one task reads."""

    def __init__(self, path: str) -> None:
        self.path = path


class TickerxSource(DataSource):
    """The data source. Its options are those of `docs/reference.md`."""

    left_out: Any = None
    """The accumulator of the files that are left out, by their names."""

    @classmethod
    def name(cls) -> str:
        return "tickerx"

    def schema(self) -> str:
        """Return the schema for the option ``columns``: names with commas; after a "+", they join the default ones."""
        named = self.options.get("columns")
        figures = self.options.get("figures", "decimal")
        layouts = _find_layouts(self.options)
        if named is None:
            return schema(None, figures, layouts)
        more = named.removeprefix("+").replace(" ", "").split(",")
        default = column_names(None, compile_layouts(layouts)) if named.startswith("+") else []
        return schema([*default, *more], figures)

    def reader(self, schema: "StructType") -> "TickerxReader":
        """Return a reader for these columns. Raises `ValueError` for an invalid option."""
        return TickerxReader(self.options, schema.names, self.left_out)


class TickerxReader(DataSourceReader):
    """List the files on the driver, and read them on the workers. It has only options, no open file."""

    def __init__(self, options: Mapping[str, str], columns: Sequence[str], left_out: Any = None) -> None:
        """Keep the options. Files that are left out are added to the accumulator, if there is one.

        Raises `ValueError`, and `OSError` for a file of layouts.
        """
        self._layouts = _find_layouts(options)
        self._left_out = left_out
        self._paths = json.loads(options.get("paths", "[]")) or [options.get("path", "")]
        self._columns = list(columns)
        self._figures = check_figure_type(options.get("figures", "decimal"))
        self._kind = options.get("from", "auto")
        self._mode = options.get("mode", "failfast").lower()
        self._wanted: dict[str, str] = {}
        input_form(self._kind, None)  # so that a wrong kind fails on the driver
        if self._mode not in ("failfast", "permissive"):
            raise ValueError(f"mode is failfast or permissive, not {self._mode!r}")
        if not all(self._paths):
            raise ValueError("no path is given; give it to load()")

    def pushFilters(self, filters: "list[Any]") -> Iterator[Any]:  # noqa: N802 - Spark's name
        """Note the wanted symbol, direction and kind, so that other quotes do not become rows.

        This returns all filters, and Spark applies them again, because tickerx ignores case in a symbol.
        """
        for each in filters:
            if type(each).__name__ == "EqualTo" and each.attribute[0] in _PARTS and GLOB.fullmatch(str(each.value)):
                self._wanted.setdefault(each.attribute[0], str(each.value))
            yield each

    def partitions(self) -> list[InputPartition]:
        """Return the files, the largest first, so that the job does not end with a long task."""
        sizes = {name: size for path in self._paths for name, size in _list_files(path)}
        return [FilePartition(path) for path in sorted(sizes, key=lambda path: (-sizes[path], path))]

    def read(self, partition: Any) -> "Iterator[pyarrow.RecordBatch]":
        """Yield the rows of a file.

        If the file cannot be read, this raises an error with its name. In the mode "permissive", it logs the file and
        yields none of its rows, and it logs and leaves out documents that cannot be read.
        """
        path = partition.path
        try:
            with naming(file_name(path)):
                yield from self._read(path) if self._mode == "failfast" else self._read_whole(path)
        except OSError as error:
            if self._mode == "failfast":
                raise UnreadableError(f"{file_name(path)}: {error}") from error
            self._leave_out(path, str(error))
        except UnreadableError as error:
            if self._mode == "failfast":
                raise
            self._leave_out(path, error.reason)

    def _leave_out(self, path: str, reason: str) -> None:
        """Log in the worker that a file is left out, and tell the driver."""
        _log.warning("1 file left out: %s: %s", file_name(path), reason)
        if self._left_out is not None:
            self._left_out.add({file_name(path): reason})

    def _read(self, path: str) -> "Iterator[pyarrow.RecordBatch]":
        damaged = None if self._mode == "failfast" else lambda error: _log.warning("%s", error)
        parts = ((self._wanted[name],) if name in self._wanted else () for name in _PARTS)
        with _open(path) as file:
            yield from batches(
                file,
                file_name(path),
                columns=self._columns,
                figures=self._figures,
                kind=self._kind,
                layouts=self._layouts,
                choice=Choice(*parts),
                on_damaged=damaged,
            )

    def _read_whole(self, path: str) -> "Iterator[pyarrow.RecordBatch]":
        """Yield the rows of a file after all of it has been read. Until then they wait on disk."""
        import pyarrow

        from tickerx.outputs.arrow import row_schema

        with TemporaryFile() as waiting:
            with pyarrow.ipc.new_stream(waiting, row_schema(self._columns, self._figures)) as writer:
                for batch in self._read(path):
                    writer.write_batch(batch)
            waiting.seek(0)
            yield from pyarrow.ipc.open_stream(waiting)


def _list_files(path: str) -> Iterator[tuple[str, int]]:
    """Yield the files of a path with their sizes: a file, a folder with all below it, or a pattern.

    As in Spark, names in a folder that begin with "_" or "." are skipped. Raises `OSError` if there are no files, and
    `ImportError` for a path such as ``s3://bucket/crawl`` without fsspec.
    """
    found = list(_list_remote(path) if _is_remote(path) else _list_local(path))
    if not found:
        raise FileNotFoundError(f"no file found at {path}")
    yield from found


def _list_local(path: str) -> Iterator[tuple[str, int]]:
    path = _local(path)
    places = [path]
    if has_magic(path) and not os.path.exists(path):
        places = [place for place in sorted(glob(path, recursive=True)) if _is_shown(os.path.basename(place))]
    for place in places:
        if not os.path.isdir(place):
            yield place, os.stat(place).st_size
            continue
        for folder, folders, names in os.walk(place):
            folders[:] = filter(_is_shown, folders)
            for name in filter(_is_shown, names):
                file = os.path.join(folder, name)
                yield file, os.stat(file).st_size


def _list_remote(path: str) -> Iterator[tuple[str, int]]:
    from fsspec.core import url_to_fs

    system, place = url_to_fs(path)
    folder = place.partition("*")[0] if has_magic(place) else place
    files = system.glob(place, detail=True) if has_magic(place) else system.find(place, detail=True)
    for name, about in files.items():
        below = name.removeprefix(folder).strip("/").split("/")
        if about["type"] == "file" and all(map(_is_shown, below)):
            yield system.unstrip_protocol(name), about["size"] or 0


def _is_shown(name: str) -> bool:
    return not name.startswith(("_", "."))


def _is_remote(path: str) -> bool:
    return "://" in path and not path.startswith("file:/")


def _local(path: str) -> str:
    """Return a local path without the scheme: ``file:///tmp``, or ``file:/tmp``, as Hadoop prints it."""
    return path.removeprefix("file:").removeprefix("//") if path.startswith("file:/") else path


def _open(path: str) -> Any:
    """Open a file for bytes. Raises `OSError`."""
    if not _is_remote(path):
        return open_file(_local(path))
    import fsspec

    return fsspec.open(path, "rb")
