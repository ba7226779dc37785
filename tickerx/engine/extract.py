"""Inputs made into results: rows as text, reports and counts; in this process, and the same in any other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, compress, count, islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.passage import Passage
from tickerx.engine.scanner import Scanner
from tickerx.engine.selection import Choice
from tickerx.inputs.files import BinaryFile, UnreadableError, read_blocks
from tickerx.outputs.formats import WRITERS

if TYPE_CHECKING:
    from tickerx.grammar.reports import Malformed, Report

__all__ = ["Extraction", "Result", "extract", "hold", "merge"]


class Extraction(NamedTuple):
    """What is asked of every input."""

    format: str | None
    """In which format rows are wanted as text; None for their columns."""
    names: tuple[str, ...]
    """The columns of a row."""
    reports: bool = True
    """Whether malformed spans are looked for."""
    counts_suspects: bool = False
    reports_suspects: bool = False
    shown: int | None = None
    """How many reports of an input are wanted; None for all."""
    choice: Choice = Choice()
    limit: int | None = None
    """How many rows are wanted, at least one; nothing is read behind the last of them. None for all."""


class Result(NamedTuple):
    """What has come of a stretch of an input."""

    name: str
    """The name of the input, as rows and messages have it."""
    text: bytes = b""
    """Its rows in their format."""
    columns: tuple[Sequence[str], ...] = ()
    """Its rows, column by column, if those are wanted."""
    quotes: int = 0
    """How many quotes have been read."""
    rows: int = 0
    """How many of them are wanted."""
    reports: "tuple[Report, ...]" = ()
    malformed: int = 0
    suspect: int = 0
    size: int = 0
    """How many bytes have been read since the last result."""
    lines: int = 0
    """How many lines have been read, told once they all have been."""
    error: Exception | None = None
    """What has ended the reading."""
    is_end: bool = False
    """Whether the input has ended."""


def extract(
    extraction: Extraction,
    name: str,
    file: BinaryFile,
    is_start: bool = True,
    is_end: bool = True,
    on_read: Callable[[int], object] | None = None,
) -> Iterator[Result]:
    """Yield what comes of an open file, or of a part of it, as it comes; tell ``on_read`` how many bytes are read."""
    scanner = Scanner()
    size = 0

    def add(more: int) -> None:
        nonlocal size
        size += more
        if on_read:
            on_read(more)

    error = None
    rows = 0
    try:
        for passage in scanner.scan(read_blocks(file, add, is_start)):
            result = _extract(extraction, name, passage, rows)
            yield result._replace(size=size)
            size = 0
            rows += result.rows
            if rows == extraction.limit:
                break
    except (OSError, UnreadableError) as caught:
        error = caught
    yield Result(name, size=size, lines=scanner.lines, error=error, is_end=is_end)


def _extract(extraction: Extraction, name: str, passage: Passage, rows: int) -> Result:
    """Return what comes of a passage that comes after so many rows."""
    text = b""
    columns = tuple(passage.columns(extraction.names, name)) if passage.symbol else ()
    quotes = chosen = len(passage.symbol)
    last = None
    if columns and not (extraction.choice.is_of_all and extraction.limit is None):
        marks = list(extraction.choice.marks(passage.symbol, passage.direction, passage.kind))
        last = _last_wanted(marks, extraction.limit, rows)
        quotes, chosen = len(marks[:last]), sum(marks[:last])
        columns = tuple(list(compress(column, marks[:last])) for column in columns)
    if chosen and extraction.format:
        text = WRITERS[extraction.format].rows(columns, extraction.names).encode()
        columns = ()
    reports: list[Report] = [*_malformed(passage, name, last)] if extraction.reports else []
    malformed, suspect = len(reports), 0
    if extraction.counts_suspects:
        suspect = len(passage.unsound if last is None else [number for number in passage.unsound if number < last])
        if extraction.reports_suspects:
            suspects = islice(passage.suspects(name), suspect)
            reports = sorted([*reports, *suspects], key=lambda report: (report.line, report.column))
    return Result(name, text, columns, quotes, chosen, tuple(reports), malformed, suspect)


def _last_wanted(marks: Sequence[bool], limit: int | None, rows: int) -> int | None:
    """Return the number, from 1, of the quote that is the last row wanted, or None if it is not among these."""
    chosen = (number for number, mark in enumerate(marks, 1) if mark)
    return None if limit is None else next(islice(chosen, limit - rows - 1, None), None)


def _malformed(passage: Passage, name: str, last: int | None) -> "list[Malformed]":
    """Return the malformed spans of a passage, or those before its last quote that is read."""
    if last is None:
        return list(passage.malformed(name))
    from tickerx.grammar.reports import Malformed

    quotes = count(1)
    before = takewhile(lambda item: isinstance(item, Malformed) or next(quotes) < last, passage.in_order(name))
    return [item for item in before if isinstance(item, Malformed)]


def hold(results: Iterable[Result], names: Sequence[str]) -> dict[str, list[str]]:
    """Return the columns of all results by their names."""
    columns: dict[str, list[str]] = {name: [] for name in names}
    for result in results:
        for name, column in zip(names, result.columns, strict=False):
            columns[name] += column
    return columns


def merge(results: Iterable[Result], extraction: Extraction) -> Result:
    """Return what comes of a whole piece as one result."""
    *parts, end = results
    texts = [result.text for result in parts if result.text]
    return end._replace(
        text=WRITERS[extraction.format].between.encode().join(texts) if extraction.format else b"",
        columns=tuple(hold(parts, extraction.names).values()),
        quotes=sum(result.quotes for result in parts),
        rows=sum(result.rows for result in parts),
        reports=tuple(islice(chain.from_iterable(result.reports for result in parts), extraction.shown)),
        malformed=sum(result.malformed for result in parts),
        suspect=sum(result.suspect for result in parts),
        size=end.size + sum(result.size for result in parts),
    )
