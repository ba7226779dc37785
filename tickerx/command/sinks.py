"""Sinks for the rows of a run: write them immediately, collect them to sort or draw, or name inputs without any."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from tickerx.command.options import BINARY_FORMATS
from tickerx.engine.extract import Result
from tickerx.outputs.escaping import escaped
from tickerx.outputs.formats import WRITERS, RowStream, in_batches
from tickerx.system.output import Output
from tickerx.system.process import FatalError

__all__ = ["CollectingSink", "ColumnSink", "Columns", "EmptySink", "Sink", "load_arrow", "write_rows"]

Columns = Mapping[str, Sequence[str]]
"""All rows, as columns by name."""


_SPARE = 65536
"""How many rows over twice the limit to collect before dropping those beyond the limit."""


class Sink:
    """Write rows to an output immediately."""

    def __init__(self, output: Output, format: str, names: Sequence[str], header: bool) -> None:
        self._output = output
        self._rows = RowStream(WRITERS[format], names, header)
        self.rows = 0

    def add(self, result: Result) -> None:
        self.rows += result.rows
        if result.text:
            self._output.write(self._rows.add(result.text))

    def finish(self) -> None:
        self._output.write(self._rows.end())


class ColumnSink:
    """Write rows to an output in a binary format, a batch at a time."""

    def __init__(self, output: Output, format: str, names: Sequence[str]) -> None:
        """Begin an output. Raises `MissingError`."""
        self._output = output
        self._rows = load_arrow().ArrowRows(format, names)
        self.rows = 0
        """How many rows have been written."""

    def add(self, result: Result) -> None:
        self.rows += result.rows
        if result.columns and (content := self._rows.add(result.columns)):
            self._output.write(content)

    def finish(self) -> None:
        self._output.write(self._rows.end())


class CollectingSink:
    """Collect all rows, or with a limit the first ones in sorted order, and write them at the end."""

    def __init__(
        self,
        output: Output,
        names: Iterable[str],
        write: Callable[[Columns], Iterable[bytes]],
        sort: Callable[[Columns], dict[str, list[str]]] | None = None,
        limit: int | None = None,
    ) -> None:
        """Collect these columns. ``write`` turns them into the content of the output; ``sort`` applies the limit."""
        self._output = output
        self._columns: dict[str, list[str]] = {name: [] for name in names}
        self._write = write
        self._sort = sort
        self._most = None if sort is None or limit is None else 2 * limit + _SPARE

    @property
    def rows(self) -> int:
        return len(next(iter(self._columns.values())))

    def add(self, result: Result) -> None:
        for column, more in zip(self._columns.values(), result.columns, strict=False):
            column += more
        if self._sort and self._most is not None and self.rows > self._most:
            self._columns = self._sort(self._columns)

    def finish(self) -> None:
        if self._sort:
            self._columns = self._sort(self._columns)
        for content in self._write(self._columns):
            self._output.write(content)


class EmptySink:
    """Write the names of inputs without rows and errors, one per line, each when its input ends."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._is_empty = True
        self.rows = 0
        """How many names have been written."""

    def add(self, result: Result) -> None:
        self._is_empty = self._is_empty and not result.rows and not result.errors
        if not result.is_end:
            return
        if self._is_empty:
            self._output.write(f"{escaped(result.name)}\n".encode())
            self.rows += 1
        self._is_empty = True

    def finish(self) -> None:
        """Do nothing: everything is written."""


def write_rows(columns: Columns, format: str, names: Sequence[str], header: bool) -> Iterator[bytes]:
    """Yield the named columns in a format. Raises `MissingError`."""
    if format in BINARY_FORMATS:
        yield from load_arrow().write_all_rows(in_batches(columns, names), format, names)
        return
    writer = WRITERS[format]
    rows = RowStream(writer, names, header)
    for batch in in_batches(columns, names):
        yield rows.add(writer.rows(batch, names).encode())
    yield rows.end()


class MissingError(FatalError):
    """An optional package is needed, but not installed."""


def load_arrow() -> ModuleType:
    """Return the module that writes Arrow and Parquet, which is loaded only for them. Raises `MissingError`."""
    try:
        from tickerx.outputs import arrow
    except ImportError as error:
        raise MissingError(str(error)) from None
    return arrow
