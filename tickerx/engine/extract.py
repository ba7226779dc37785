"""An open input → results: rows as text, reports and counts. It is the same in every process."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import compress, count, islice, takewhile
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.head import Head
from tickerx.engine.scanner import Scanner
from tickerx.engine.selection import Choice
from tickerx.inputs.documents import Trouble
from tickerx.inputs.files import BinaryFile, UnreadableError
from tickerx.inputs.parts import Part
from tickerx.inputs.read import Form, read_documents
from tickerx.outputs.formats import WRITERS, write_reject
from tickerx.quote import Origin

if TYPE_CHECKING:
    from tickerx.engine.layout_passage import LayoutPassage
    from tickerx.engine.layout_scanner import Layouts, LayoutScanner
    from tickerx.engine.passage import Passage
    from tickerx.grammar.reports import Malformed, Report

__all__ = ["CHUNK", "SHOWN", "Extraction", "Result", "extract", "make_scanner", "merge"]

CHUNK = 4 << 20
"""Bytes of rows and rejects in one merged result, about."""

SHOWN = 20
"""The number of reports that are shown for one input."""


class Extraction(NamedTuple):
    """What to extract from every input."""

    format: str | None
    """The format of rows as text; None for their columns."""
    names: tuple[str, ...]
    """The columns of a row."""
    has_decimals: bool = False
    """Whether figures must fit the decimals of Arrow and Parquet."""
    reports: bool = True
    """Whether to look for malformed spans."""
    counts_suspects: bool = False
    reports_suspects: bool = False
    rejects: bool = False
    """Whether to write every report as a row of CSV."""
    choice: Choice = Choice()
    form: Form = Form()
    layouts: "Layouts | None" = None
    """The layouts to read with; None for only the built-in grammar."""
    hints: bool = False
    """Whether to keep the beginning of an input without quotes: it may hold a board of another layout."""
    limit: int | None = None
    """The number of rows after which reading stops, at least one; None for all."""


class Result(NamedTuple):
    """What was found in a stretch of an input."""

    name: str
    """The name of the input, as rows and messages show it."""
    text: bytes = b""
    """Its rows in their format."""
    columns: tuple[Sequence[str], ...] = ()
    """Its rows, column by column, if no format is wanted."""
    quotes: int = 0
    """How many quotes were read."""
    rows: int = 0
    """How many of them are rows."""
    reports: "tuple[Report, ...]" = ()
    """The first reports, at most `SHOWN`."""
    malformed: int = 0
    suspect: int = 0
    rejects: bytes = b""
    """All reports as rows of CSV, if wanted."""
    size: int = 0
    """How many bytes were read since the last result."""
    lines: int = 0
    """How many lines the input has, in its last result."""
    errors: "tuple[Exception | Trouble, ...]" = ()
    """What could not be read."""
    head: bytes = b""
    """If wanted, the beginning of the text of an input, or of its first part, if nothing was found in it."""
    has_failed: bool = False
    """Whether the last of the errors ended the reading."""
    is_last: bool = False
    """Whether this is the last result of the input, or of the part of it that was read."""
    is_end: bool = False
    """Whether the input has ended."""
    is_input: bool = True
    """Whether there was an input at all: false for an error in a list of names."""


def extract(
    extraction: Extraction,
    name: str,
    file: BinaryFile,
    part: Part | None = None,
    line: int = 1,
    on_read: Callable[[int], object] | None = None,
) -> Iterator[Result]:
    """Yield the results of an open file, or of a part of it that begins on a line.

    ``on_read`` gets the number of bytes of each read.
    """
    size = rows = lines = 0
    error = None
    is_start = part is None or part.start == 0
    head = Head(extraction.hints and is_start)

    def add(more: int) -> None:
        nonlocal size
        size += more
        if on_read:
            on_read(more)

    try:
        for document in read_documents(file, extraction.form, add, is_start):
            if isinstance(document, Trouble):
                yield Result(name, errors=(document,))
                continue
            scanner = make_scanner(extraction.layouts, line)
            origin = Origin(name, document.url, document.fetched, document.number, document.record)
            for result in _extract_wanted(extraction, origin, scanner.scan(head.keep(document.blocks)), rows):
                head.is_wanted = head.is_wanted and not (result.quotes or result.malformed)
                yield result._replace(size=size)
                size = 0
                rows += result.rows
            lines += scanner.lines
            if rows == extraction.limit:
                break
    except (OSError, UnreadableError) as caught:
        error = caught
    errors = (error,) if error else ()
    yield Result(
        name,
        size=size,
        lines=lines,
        errors=errors,
        head=head.text,
        has_failed=bool(error),
        is_last=True,
        is_end=part is None or part.end is None,
    )


def make_scanner(layouts: "Layouts | None", line: int = 1) -> "Scanner | LayoutScanner":
    """Return a scanner for a document from this line on.

    The scanner for layouts is loaded only when it is used.
    """
    if layouts is None:
        return Scanner(line)
    from tickerx.engine.layout_scanner import LayoutScanner

    return LayoutScanner(layouts, line)


def _extract_wanted(
    extraction: Extraction, origin: Origin, passages: "Iterable[Passage | LayoutPassage]", rows: int
) -> Iterator[Result]:
    """Yield the results of the passages of a document up to the last wanted row, given the number of rows before it."""
    for passage in passages:
        result = _extract(extraction, origin, passage, rows)
        rejects = b"".join(map(write_reject, result.reports)) if extraction.rejects else b""
        yield result._replace(reports=result.reports[:SHOWN], rejects=rejects)
        rows += result.rows
        if rows == extraction.limit:
            return


def _extract(extraction: Extraction, origin: Origin, passage: "Passage | LayoutPassage", rows: int) -> Result:
    """Return the result of a passage, given the number of rows before it."""
    text = b""
    columns = tuple(passage.columns(extraction.names, origin)) if passage.symbol else ()
    quotes = chosen = len(passage.symbol)
    last = None
    if columns and not (extraction.choice.is_of_all and extraction.limit is None):
        marks = list(extraction.choice.marks(passage.label, passage.direction, passage.kind))
        last = _last_wanted(marks, extraction.limit, rows)
        quotes, chosen = len(marks[:last]), sum(marks[:last])
        columns = tuple(list(compress(column, marks[:last])) for column in columns)
    if columns and extraction.has_decimals:
        from tickerx.engine.batches import check_figures

        check_figures(extraction.names, columns, passage, extraction.choice, origin)
    if chosen and extraction.format:
        text = WRITERS[extraction.format].rows(columns, extraction.names).encode()
        columns = ()
    reports: list[Report] = [*_malformed(passage, origin, last)] if extraction.reports else []
    malformed, suspect = len(reports), 0
    if extraction.counts_suspects:
        suspect = len(passage.unsound if last is None else [number for number in passage.unsound if number < last])
        if extraction.reports_suspects:
            suspects = islice(passage.suspects(origin), suspect)
            reports = sorted([*reports, *suspects], key=lambda report: (report.line, report.column))
    return Result(str(origin.file), text, columns, quotes, chosen, tuple(reports), malformed, suspect)


def _last_wanted(marks: Sequence[bool], limit: int | None, rows: int) -> int | None:
    """Return the number, from 1, of the quote that is the last row wanted, or None if it is not among these."""
    chosen = (number for number, mark in enumerate(marks, 1) if mark)
    return None if limit is None else next(islice(chosen, limit - rows - 1, None), None)


def _malformed(passage: "Passage | LayoutPassage", origin: Origin, last: int | None) -> "list[Malformed]":
    """Return the malformed spans of a passage, or only those before its last wanted quote."""
    if last is None:
        return list(passage.malformed(origin))
    from tickerx.grammar.reports import Malformed

    quotes = count(1)
    before = takewhile(lambda item: isinstance(item, Malformed) or next(quotes) < last, passage.in_order(origin))
    return [item for item in before if isinstance(item, Malformed)]


def merge(results: Iterable[Result], separator: bytes) -> Iterator[Result]:
    """Merge the results of an input into larger ones of about `CHUNK` bytes, with a separator between rows."""
    texts: list[bytes] = []
    rejects: list[bytes] = []
    reports: list[Report] = []
    errors: list[Exception | Trouble] = []
    head = b""
    quotes = rows = malformed = suspect = size = written = 0
    for result in results:
        if result.text:
            texts.append(result.text)
        rejects.append(result.rejects)
        reports += result.reports[: SHOWN - len(reports)]
        errors += result.errors
        quotes += result.quotes
        rows += result.rows
        malformed += result.malformed
        suspect += result.suspect
        size += result.size
        head = head or result.head
        written += len(result.text) + len(result.rejects)
        if written >= CHUNK or size >= 4 * CHUNK or result.is_last:
            yield result._replace(
                text=separator.join(texts),
                rejects=b"".join(rejects),
                reports=tuple(reports),
                quotes=quotes,
                rows=rows,
                malformed=malformed,
                suspect=suspect,
                size=size,
                errors=tuple(errors),
                head=head,
            )
            head = b""
            texts, rejects, reports, errors = [], [], [], []
            quotes = rows = malformed = suspect = size = written = 0
