"""Documents → rows column by column, for Arrow, Parquet and Spark."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, islice
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import make_scanner
from tickerx.engine.selection import Choice
from tickerx.grammar.reports import Malformed, MalformedError
from tickerx.inputs.documents import DamagedError, Document, Trouble, pass_over
from tickerx.inputs.files import UnreadableError, naming
from tickerx.quote import COLUMNS, Origin

if TYPE_CHECKING:
    from tickerx.engine.layout_passage import LayoutPassage
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.engine.passage import Passage

__all__ = ["FigureError", "Search", "check_figures", "column_names", "find_columns"]

_FITTING = re.compile(r"-?[0-9]{0,12}(?:\.[0-9]{1,6})?")
"""A figure that decimal(18, 6) holds with all its digits."""

_SHORT = 7
"""A figure of at most this many characters always fits, whatever its digits: 0.000001 has one more."""


class FigureError(UnreadableError):
    """A figure has too many digits for the decimals of Arrow and Parquet."""

    __module__ = "tickerx"

    def __init__(self, place: str, column: str, figure: str) -> None:
        """Say where in its input it is, as a document and a line."""
        super().__init__(place, column, figure)
        self.place = place
        self.column = column
        self.figure = figure

    @property
    def reason(self) -> str:
        return f"{self.place}: {self.column} {self.figure} does not fit decimal(18, 6); write it as text to keep it"


class Search(NamedTuple):
    """What to find in documents, and what to do about malformed text and damaged documents."""

    names: Sequence[str]
    """The columns of a row."""
    has_decimals: bool = True
    """Whether figures must fit decimal(18, 6)."""
    choice: Choice = Choice()
    on_malformed: Callable[[Malformed], object] | None = None
    on_damaged: Callable[[DamagedError], object] | None = None
    strict: bool = False
    layouts: "Layouts | None" = None
    """The layouts to read with; None for only the built-in grammar."""


def column_names(columns: Iterable[str] | None, layouts: "Layouts | None" = None) -> list[str]:
    """Return the columns of a row; for None, the default ones with these layouts. Raises `ValueError`."""
    if isinstance(columns, str):
        raise TypeError("columns must be a list of names, not a str")
    default = layouts.default_columns if layouts else [column.name for column in COLUMNS.values() if column.default]
    names = default if columns is None else list(columns)
    for name in names:
        if name not in COLUMNS or names.count(name) > 1:
            what = "is given twice" if name in COLUMNS else "does not exist"
            raise ValueError(f"column {name!r} {what}; the columns are {', '.join(COLUMNS)}")
    if not names:
        raise ValueError("no column is given")
    return names


def find_columns(
    documents: Iterable[Document | Trouble], file: str | None, search: Search
) -> Iterator[list[Sequence[str]]]:
    """Yield the rows of documents, column by column, in batches. ``file`` is the name of their input.

    Raises `DamagedError` for a document that cannot be read, unless the search has ``on_damaged``; `FigureError`;
    `MalformedError` if the search is strict; and any error from reading the documents.
    """
    for document in documents:
        if isinstance(document, Trouble):
            pass_over(document, file, search.on_damaged)
            continue
        origin = Origin(file, document.url, document.fetched, document.number, document.record)
        for passage in make_scanner(search.layouts).scan(document.blocks):
            _report(passage, origin, search)
            if passage.symbol:
                yield _chosen(passage, origin, search)


def check_figures(
    names: Sequence[str],
    columns: Sequence[Sequence[str]],
    passage: "Passage | LayoutPassage",
    choice: Choice,
    origin: Origin,
) -> None:
    """Raise `FigureError` for the first figure of the chosen rows of a passage that does not fit decimal(18, 6)."""
    if misfit := _first_misfit(names, columns):
        number, name = misfit
        marks = choice.marks(passage.label, passage.direction, passage.kind)
        line = next(islice(compress(passage.line, marks), number, None))
        document = origin.url or (f"document {origin.document}" if origin.document > 1 else "")
        place = f"{document} line {line}" if document else f"line {line}"
        raise FigureError(place, name, columns[names.index(name)][number])


def _first_misfit(names: Iterable[str], columns: Iterable[Sequence[str]]) -> tuple[int, str] | None:
    """Return the number, from 0, of a row with a figure that does not fit decimal(18, 6), and the figure's column."""
    for name, column in zip(names, columns, strict=True):
        if COLUMNS[name].type == "decimal" and max(map(len, column), default=0) > _SHORT:
            for number, figure in enumerate(column):
                if len(figure) > _SHORT and not _FITTING.fullmatch(figure):
                    return number, name
    return None


def _report(passage: "Passage | LayoutPassage", origin: Origin, search: Search) -> None:
    """Pass malformed text to ``on_malformed``. Raises `MalformedError` if the search is strict."""
    if not search.on_malformed and not search.strict:
        return
    for malformed in passage.malformed(origin):
        if search.on_malformed:
            search.on_malformed(malformed)
        if search.strict:
            raise MalformedError(malformed)


def _chosen(passage: "Passage | LayoutPassage", origin: Origin, search: Search) -> list[Sequence[str]]:
    """Return the chosen rows of a passage. Raises `FigureError`."""
    columns = passage.columns(search.names, origin._replace(file=origin.file or ""))
    if not search.choice.is_of_all:
        marks = list(search.choice.marks(passage.label, passage.direction, passage.kind))
        columns = [list(compress(column, marks)) for column in columns]
    if search.has_decimals:
        with naming(origin.file):
            check_figures(search.names, columns, passage, search.choice, origin)
    return columns
