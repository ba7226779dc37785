"""Rows in record batches of Arrow, for DuckDB, Polars, pandas and other tools."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING, Literal, cast, get_args

from tickerx.engine.batches import Search, column_names, find_columns
from tickerx.engine.selection import Choice
from tickerx.inputs.files import BinaryFile, naming, open_file
from tickerx.inputs.names import file_name
from tickerx.inputs.read import Form, read_documents, with_text
from tickerx.library import OnDamaged, OnMalformed, Source, check_source, compile_layouts, input_form

if TYPE_CHECKING:
    import pyarrow

    from tickerx.layouts.layout import Layout

__all__ = ["Figures", "batches", "check_figure_type", "map_batches", "read_arrow"]

Figures = Literal["decimal", "text"]


def read_arrow(
    paths: Source | Iterable[Source],
    *,
    columns: Iterable[str] | None = None,
    figures: Figures = "decimal",
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    on_damaged: OnDamaged = None,
    strict: bool = False,
) -> "pyarrow.RecordBatchReader":
    """Return the rows of files as an Arrow reader, which reads batches of 10,000 rows and keeps none of them.

    ``paths`` is a path, a file opened for bytes, or several of these. ``columns`` chooses the columns; by default they
    are those of the command. Figures are exact decimal(18, 6); with ``figures="text"``, they are text with the printed
    digits. Unknown values are null. You can read a reader only once. For the other arguments, see
    `tickerx.read_documents`. Here ``on_malformed`` is called before you get the quotes around the malformed text.

    Raises `ImportError` without pyarrow, and `TypeError` or `ValueError` (such as `LayoutError`) for wrong arguments.
    Reading raises the errors of `tickerx.read`, and `FigureError` for a figure that does not fit.
    """
    from tickerx.outputs.arrow import row_schema, to_reader

    fields = compile_layouts(layouts)
    names, sources, form = column_names(columns, fields), _sources(paths), input_form(kind, fields)
    search = Search(names, check_figure_type(figures) == "decimal", Choice(), on_malformed, on_damaged, strict, fields)
    return to_reader((rows for source in sources for rows in _read(source, search, form)), row_schema(names, figures))


def batches(
    file: BinaryFile,
    name: str | None = None,
    *,
    columns: Iterable[str] | None = None,
    figures: Figures = "decimal",
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    choice: Choice = Choice(),  # noqa: B008 - it cannot be changed
    on_damaged: OnDamaged = None,
) -> "Iterator[pyarrow.RecordBatch]":
    """Yield the rows of an open file in batches, for tools that distribute files to workers.

    ``name`` is the name of the file in the rows. Only quotes of the ``choice`` become rows. For the other arguments and
    the errors, see `read_arrow`.
    """
    from tickerx.outputs.arrow import row_schema, to_batches

    fields = compile_layouts(layouts)
    names, form = column_names(columns, fields), input_form(kind, fields)
    search = Search(names, check_figure_type(figures) == "decimal", choice, on_damaged=on_damaged, layouts=fields)
    return to_batches(find_columns(read_documents(file, form), name, search), row_schema(names, figures))


def map_batches(
    rows: "Iterable[pyarrow.RecordBatch]",
    *,
    columns: Iterable[str] | None = None,
    figures: Figures = "decimal",
    layouts: "Sequence[str | Layout] | None" = None,
    on_damaged: OnDamaged = None,
) -> "Iterator[pyarrow.RecordBatch]":
    """Yield the quotes in rows that each have a document, in the form that ``mapInArrow`` of Spark needs.

    A row has the fields of JSON Lines, see `tickerx.inputs.jsonl`; HTML has to be in the field ``html``. For the other
    arguments, see `read_arrow`.
    """
    from tickerx.inputs.jsonl import read_rows
    from tickerx.outputs.arrow import row_schema, to_batches

    fields = compile_layouts(layouts)
    names, form = column_names(columns, fields), input_form("auto", fields)
    found = (with_text(each, form) for each in read_rows(row for batch in rows for row in batch.to_pylist()))
    search = Search(names, check_figure_type(figures) == "decimal", on_damaged=on_damaged, layouts=fields)
    return to_batches(find_columns(found, None, search), row_schema(names, figures))


def check_figure_type(figures: str) -> Figures:
    """Return how figures are written. Raises `ValueError` if that is none of the ways."""
    if figures not in get_args(Figures):
        raise ValueError(f"figures {figures!r} is not one of {', '.join(map(repr, get_args(Figures)))}")
    return cast("Figures", figures)


def _sources(paths: Source | Iterable[Source]) -> list[Source]:
    """Return one source or several as a list. Raises `TypeError`."""
    is_one = isinstance(paths, str | bytes | bytearray | os.PathLike) or hasattr(paths, "read")
    is_one = is_one or not isinstance(paths, Iterable)
    several = cast("list[Source]", [paths] if is_one else list(cast("Iterable[Source]", paths)))
    for source in several:
        check_source(source, "read_arrow() takes paths and files")
    return several


def _read(source: Source, search: Search, form: Form) -> Iterator[Sequence[Sequence[str]]]:
    """Yield the rows of a file."""
    path = os.fspath(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    name = file_name(path) if isinstance(path, str) else None
    with naming(name), open_file(source) if isinstance(source, str | os.PathLike) else nullcontext(source) as file:
        yield from find_columns(read_documents(file, form), name, search)
