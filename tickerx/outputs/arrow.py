"""Rows → Arrow: columns of text become typed batches, a stream of Arrow or a Parquet file."""

import io
from collections.abc import Iterable, Iterator, Sequence

from tickerx.outputs.formats import Batch
from tickerx.quote import COLUMNS

try:
    import pyarrow
except ImportError:
    raise ImportError("Arrow and Parquet need pyarrow; install it: pip install 'tickerx[arrow]'") from None

__all__ = ["BATCH_ROWS", "ArrowRows", "row_schema", "to_batches", "to_reader", "write_all_rows"]

BATCH_ROWS = 10_000
"""Rows of a record batch; the last batch can have fewer."""

_GROUP = 100_000
"""About how many rows a Parquet row group has: readers take one group at a time."""

_DECIMAL = pyarrow.decimal128(18, 6)
_TYPES = {
    "word": pyarrow.string(),
    "text": pyarrow.string(),
    "time": pyarrow.timestamp("us", tz="UTC"),
    "decimal": _DECIMAL,
    "integer": pyarrow.int64(),
    "boolean": pyarrow.bool_(),
}


def row_schema(names: Iterable[str], figures: str = "decimal") -> pyarrow.Schema:
    """Return the schema of rows with these columns. Figures are "decimal", or "text" with the digits as printed."""
    types = {**_TYPES, "decimal": pyarrow.string()} if figures == "text" else _TYPES
    return pyarrow.schema([(name, types[COLUMNS[name].type]) for name in names])


def to_reader(rows: Iterable[Batch], schema: pyarrow.Schema) -> pyarrow.RecordBatchReader:
    """Return a reader of `to_batches`, which reads rows only when asked for them."""
    return pyarrow.RecordBatchReader.from_batches(schema, to_batches(rows, schema))


def to_batches(rows: Iterable[Batch], schema: pyarrow.Schema) -> Iterator[pyarrow.RecordBatch]:
    """Yield rows in batches of `BATCH_ROWS`, given column by column as text.

    Empty values become null. Figures must fit, see `tickerx.engine.batches`: text is cast without rounding.
    """
    pending: list[list[str]] = [[] for _ in schema]
    for columns in rows:
        for column, more in zip(pending, columns, strict=True):
            column += more
        while len(pending[0]) >= BATCH_ROWS:
            yield _batch([column[:BATCH_ROWS] for column in pending], schema)
            for column in pending:
                del column[:BATCH_ROWS]
    if pending[0]:
        yield _batch(pending, schema)


def _batch(columns: Batch, schema: pyarrow.Schema) -> pyarrow.RecordBatch:
    arrays = [_array(column, field.type) for column, field in zip(columns, schema, strict=True)]
    return pyarrow.RecordBatch.from_arrays(arrays, schema=schema)


def _array(column: Sequence[str], type: pyarrow.DataType) -> pyarrow.Array:
    """Return text as an array. Casting text is several times as fast as making `Decimal` objects first."""
    known = [text or None for text in column] if "" in column else column
    return pyarrow.array(known, pyarrow.string()).cast(type)


class ArrowRows:
    """A whole output, built from rows as they come: a stream of Arrow, or a Parquet file."""

    def __init__(self, format: str, names: Sequence[str]) -> None:
        """Begin an output of these columns in the format "arrow" or "parquet"."""
        self._schema = row_schema(names)
        self._written = _Written()
        self._pending: list[list[str]] = [[] for _ in names]
        self._batches: list[pyarrow.RecordBatch] = []
        self._group = _GROUP if format == "parquet" else BATCH_ROWS
        if format == "parquet":
            from pyarrow.parquet import ParquetWriter

            self._writer = ParquetWriter(self._written, self._schema, compression="zstd")
        else:
            self._writer = pyarrow.ipc.new_stream(self._written, self._schema)

    def add(self, columns: Batch) -> bytes:
        """Add rows, and return the bytes that are ready. Most rows are kept for the next batch."""
        for column, more in zip(self._pending, columns, strict=True):
            column += more
        if len(self._pending[0]) >= BATCH_ROWS:
            self._batches += to_batches([self._pending], self._schema)
            for column in self._pending:
                column.clear()
        if sum(batch.num_rows for batch in self._batches) >= self._group:
            self._write()
        return self._written.take()

    def end(self) -> bytes:
        """Return the rest of the output."""
        self._batches += to_batches([self._pending], self._schema)
        if self._batches:
            self._write()
        self._writer.close()
        return self._written.take()

    def _write(self) -> None:
        self._writer.write_table(pyarrow.Table.from_batches(self._batches))
        self._batches.clear()


def write_all_rows(rows: Iterable[Batch], format: str, names: Sequence[str]) -> Iterator[bytes]:
    """Yield a whole output in the format "arrow" or "parquet"."""
    output = ArrowRows(format, names)
    yield from map(output.add, rows)
    yield output.end()


class _Written(io.RawIOBase):
    """A buffer for the bytes from pyarrow. They are written to the descriptor elsewhere, where errors are handled."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, content: object) -> int:
        piece = bytes(content)  # type: ignore[call-overload]  # pyarrow gives a buffer that it uses again
        self._pieces.append(piece)
        return len(piece)

    def take(self) -> bytes:
        """Return the bytes written since the last call."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
