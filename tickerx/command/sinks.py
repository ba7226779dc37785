"""Sinks for the rows of a run: written as they come, or collected to be sorted or drawn."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import ModuleType

from tickerx.command.options import BINARY_FORMATS
from tickerx.engine.extract import Result
from tickerx.outputs.formats import WRITERS, RowStream, in_batches
from tickerx.system.output import Output
from tickerx.system.process import FatalError

__all__ = ["CollectingSink", "ColumnSink", "Columns", "Sink", "load_arrow", "write_rows"]

Columns = Mapping[str, Sequence[str]]
"""All rows, column by column, by the columns' names."""


class Sink:
    """Write rows to an output as they come."""

    def __init__(self, output: Output, format: str, names: Sequence[str], header: bool) -> None:
        self._output = output
        self._rows = RowStream(WRITERS[format], names, header)

    def add(self, result: Result) -> None:
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

    def add(self, result: Result) -> None:
        if result.columns and (content := self._rows.add(result.columns)):
            self._output.write(content)

    def finish(self) -> None:
        self._output.write(self._rows.end())


class CollectingSink:
    """Collect all rows, and write them at the end."""

    def __init__(self, output: Output, names: Iterable[str], write: Callable[[Columns], Iterable[bytes]]) -> None:
        """Collect these columns. ``write`` makes them the content of the output."""
        self._output = output
        self._columns: dict[str, list[str]] = {name: [] for name in names}
        self._write = write

    def add(self, result: Result) -> None:
        for column, more in zip(self._columns.values(), result.columns, strict=False):
            column += more

    def finish(self) -> None:
        for content in self._write(self._columns):
            self._output.write(content)


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
    """A package that is not installed with every tickerx is needed."""


def load_arrow() -> ModuleType:
    """Return what writes Arrow and Parquet. It is loaded only for these. Raises `MissingError`."""
    try:
        from tickerx.outputs import arrow
    except ImportError as error:
        raise MissingError(str(error)) from None
    return arrow
