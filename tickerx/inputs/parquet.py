"""Read Parquet as in dumps of crawls: each row is a document, with the fields of JSON Lines.

One row group is read at a time, in batches of rows, and only the columns that are needed.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import Any

from tickerx.inputs.documents import LARGEST, Document, Trouble
from tickerx.inputs.files import BinaryFile, UnreadableError
from tickerx.inputs.jsonl import Names, is_known, is_text, read_row

try:
    import pyarrow
    from pyarrow import compute, types
    from pyarrow.parquet import ParquetFile
except ImportError:
    raise ImportError("a Parquet file; reading it needs pyarrow: pip install 'tickerx[arrow]'") from None

__all__ = ["read_parquet"]

_BUFFER = 1 << 20
"""Bytes of a column to read at a time, so that memory does not grow with the size of row groups."""

_BATCH = 8 << 20
"""About how many bytes of rows to decode at a time."""

_BATCH_ROWS = 1024
"""The most rows to decode at a time."""

_RATIO = 100
"""How many times as large as it is stored a column may be before its rows are decoded one by one. Text seldom is."""

_SHOWN = 20
"""The most columns to name in a message."""

Path = tuple[str, ...]
"""The name of a field, after the names of the objects around it."""


def read_parquet(
    file: BinaryFile,
    read: int,
    blocks: Iterable[bytes],
    *,
    names: Names,
    is_wanted: Callable[[bytes], bool] | None = None,
    on_read: Callable[[int], object] | None = None,
) -> Iterator[Document | Trouble]:
    """Yield the documents of a Parquet file.

    ``read`` is how many bytes of it have been read, and ``blocks`` are all its bytes. A file without random access,
    such as a pipe, is first copied to disk, because the index of Parquet is at the end. Documents with unwanted text
    are only counted. ``on_read`` gets the share of the file that the rows have.

    Raises `UnreadableError` for a file that is damaged, encrypted or without text, and `OSError`.
    """
    with _open_anywhere(file, read, blocks) as whole:
        try:
            parquet = ParquetFile(whole, buffer_size=_BUFFER, pre_buffer=False, page_checksum_verification=True)
            count = _counter(whole, read, on_read) if whole is file and on_read else lambda _: None
            yield from _read_groups(whole, parquet, names, is_wanted, count)
        except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:  # the last for names of columns
            if isinstance(error, OSError) and error.errno:
                raise
            reason = str(error).partition("\n")[0].rstrip(".")
            raise UnreadableError(f"the Parquet file cannot be read: {reason}") from None


@contextmanager
def _open_anywhere(file: Any, read: int, blocks: Iterable[bytes]) -> Iterator[Any]:
    """Give the file itself if it has random access and begins with the Parquet data, or else a copy."""
    if hasattr(file, "seekable") and file.seekable() and file.tell() == read:
        yield file
        return
    with TemporaryFile() as copy:
        for block in blocks:
            copy.write(block)
        yield copy


def _counter(file: Any, read: int, on_read: Callable[[int], object]) -> Callable[[float], object]:
    """Return a function that reports which part of a file has been read; some bytes are already reported."""
    size = file.seek(0, os.SEEK_END)
    said = read

    def count(part: float) -> None:
        nonlocal said
        more = max(0, int(size * part) - said)
        said += more
        on_read(more)

    return count


def _read_groups(
    file: Any,
    parquet: ParquetFile,
    names: Names,
    is_wanted: Callable[[bytes], bool] | None,
    count: Callable[[float], object],
) -> Iterator[Document | Trouble]:
    """Yield the documents of all row groups. Raises `UnreadableError` if no column has text."""
    paths = [path for path, kind in _fields(parquet.schema_arrow) if _is_needed(path, kind, names)]
    if not any(is_text(path, names) for path in paths):
        raise UnreadableError(_explain_no_text(parquet.schema_arrow, names))
    columns = [".".join(path) for path in paths]
    number = 0
    for group in range(parquet.num_row_groups):
        size = _rows_at_once(file, parquet, group, paths)
        for batch in parquet.iter_batches(size, row_groups=[group], columns=columns, use_threads=False):
            yield from _read_batch(batch, paths, names, is_wanted, number)
            number += batch.num_rows
            count(number / max(number, parquet.metadata.num_rows))


def _explain_no_text(schema: pyarrow.Schema, names: Names) -> str:
    """Say that the column for the text does not exist, and which columns could be named instead."""
    wanted = f"the column {names.text}" if names.text else "any column"
    others = [".".join(path) for path, kind in _fields(schema) if _holds_text(_value_type(kind))]
    found = ", ".join(others[:_SHOWN]) + ", …" * (len(others) > _SHOWN)
    remedy = f"name another with --text-field; the columns of text are {found}" if others else "no column has text"
    return f"expected text in {wanted}; {remedy}"


def _rows_at_once(file: Any, parquet: ParquetFile, group: int, paths: list[Path]) -> int:
    """Return how many rows of a row group to decode at once, so that no bomb fills the memory.

    The size of a group does not say how large its rows are: many rows can share one value of a dictionary, and
    DELTA_BYTE_ARRAY leaves out what a value has in common with the one before.
    """
    about = parquet.metadata.row_group(group)
    rows: int = min(_BATCH_ROWS, _BATCH * about.num_rows // max(1, about.total_byte_size))
    known = {".".join(path): path for path in paths}
    for chunk in map(about.column, range(about.num_columns)):
        path = known.get(chunk.path_in_schema)
        if not path or chunk.physical_type != "BYTE_ARRAY":
            continue
        is_dense = chunk.total_uncompressed_size > _RATIO * chunk.total_compressed_size
        if is_dense or "DELTA_BYTE_ARRAY" in chunk.encodings:
            return 1
        if chunk.has_dictionary_page and about.num_rows:
            rows = min(rows, _BATCH // max(1, _longest_in_dictionary(file, parquet, group, path)))
    return max(1, rows)


def _longest_in_dictionary(file: Any, parquet: ParquetFile, group: int, path: Path) -> int:
    """Return how many bytes the longest value in the dictionary of a column has. It is read with the first row."""
    column = ".".join(path)
    beginning = ParquetFile(
        file,
        metadata=parquet.metadata,
        read_dictionary=[column],
        buffer_size=_BUFFER,
        pre_buffer=False,
        page_checksum_verification=True,
    )
    batch = next(beginning.iter_batches(1, row_groups=[group], columns=[column], use_threads=False))
    sizes: list[int] = compute.binary_length(_pick(batch, path).dictionary).to_pylist()
    return max(sizes, default=0)


def _fields(parent: Any, around: Path = ()) -> Iterator[tuple[Path, pyarrow.DataType]]:
    """Yield the fields of a schema or of an object, and those of the objects in it."""
    for field in parent:
        path = (*around, field.name)
        if types.is_struct(field.type):
            yield from _fields(field.type, path)
        else:
            yield path, field.type


def _is_needed(path: Path, kind: pyarrow.DataType, names: Names) -> bool:
    """Say whether a field may hold the text, or what is known of it: text, a number or a time."""
    value = _value_type(kind)
    if _holds_text(value):
        return is_text(path, names) or is_known(path, names)
    return (types.is_integer(value) or types.is_floating(value) or _is_time(value)) and is_known(path, names)


def _value_type(kind: pyarrow.DataType) -> pyarrow.DataType:
    return kind.value_type if types.is_dictionary(kind) else kind


def _holds_text(kind: pyarrow.DataType) -> bool:
    """Say whether values are text, all null, or bytes, which are text if the writer left out their type."""
    of_text = (types.is_string, types.is_large_string, types.is_string_view)
    of_bytes = (types.is_binary, types.is_large_binary, types.is_binary_view)
    return any(is_one(kind) for is_one in (*of_text, *of_bytes, types.is_null))


def _is_time(kind: pyarrow.DataType) -> bool:
    return bool(types.is_timestamp(kind) or types.is_date(kind))


def _read_batch(
    batch: pyarrow.RecordBatch,
    paths: list[Path],
    names: Names,
    is_wanted: Callable[[bytes], bool] | None,
    before: int,
) -> Iterator[Document | Trouble]:
    """Yield the documents of some rows, given the number of rows before them."""
    columns = {path: _as_bytes(_pick(batch, path)) for path in paths}
    texts = [columns[path] for path in paths if is_text(path, names)]
    sizes = [compute.binary_length(column).fill_null(0).to_pylist() for column in texts]
    for row, size in enumerate(map(max, zip(*sizes, strict=True))):
        number = before + row + 1
        found = [value for column in texts if (value := column[row].as_py())] if size <= LARGEST else []
        if size > LARGEST:
            yield Trouble(f"row {number}: the text has more than 64 MiB")
        elif not is_wanted or any(map(is_wanted, found)):
            yield read_row(_read_row(columns, row), number, names)


def _pick(batch: pyarrow.RecordBatch, path: Path) -> pyarrow.Array:
    """Return the values of a field. If several have the same name, the last one counts, as in JSON."""
    array = batch.column(batch.schema.get_all_field_indices(path[0])[-1])
    for name in path[1:]:
        array = compute.struct_field(array, array.type.get_all_field_indices(name)[-1])
    return array


def _as_bytes(array: pyarrow.Array) -> pyarrow.Array:
    """Return values as text in bytes, which may not be UTF-8. A time without a zone is in UTC, as Arrow stores it."""
    if types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if types.is_timestamp(array.type):
        array = array.cast(pyarrow.timestamp(array.type.unit))
    if not _holds_text(array.type):
        array = array.cast(pyarrow.string())
    return array.cast(pyarrow.large_binary())


def _read_row(columns: dict[Path, pyarrow.Array], row: int) -> dict[str, Any]:
    """Return the fields of a row as an object of JSON."""
    fields: dict[str, Any] = {}
    for (*around, name), array in columns.items():
        value, inner = array[row].as_py(), fields
        for outer in around:
            inner = inner.setdefault(outer, {})
        inner[name] = value if value is None else value.decode("utf-8", "replace")
    return fields
