"""Rows written as CSV, TSV, JSON, JSON Lines and Markdown: batches of columns become text, as they come.

Figures and words of the grammar hold nothing that a format would have to quote; only the text of a free column does.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache

from tickerx.display import escaped
from tickerx.quote import COLUMNS
from tickerx.report import Report

__all__ = ["REJECTS_HEADER", "WRITERS", "Batch", "Writer", "write_reject"]

Batch = Sequence[Iterable[str]]
"""Rows, column by column: as many columns as there are names, all of the same length."""

Writer = Callable[[Iterable[Batch], Sequence[str], bool], Iterator[str]]
"""Takes batches, the names of their columns, and whether to write a header; yields text."""


def write_csv(batches: Iterable[Batch], names: Sequence[str], header: bool) -> Iterator[str]:
    """Write RFC 4180 with LF."""
    return _write_separated(batches, names, header, ",", _csv_field)


def write_tsv(batches: Iterable[Batch], names: Sequence[str], header: bool) -> Iterator[str]:
    r"""Write tab-separated values, with ``\t``, ``\n``, ``\r`` and ``\\`` in a text, so that a row is a line."""
    return _write_separated(batches, names, header, "\t", _tsv_field)


def write_json(batches: Iterable[Batch], names: Sequence[str], header: bool) -> Iterator[str]:
    """Write one array, an object a line. Figures are bare number literals with the digits that were printed."""
    yield "["
    separator = "\n"
    for batch in batches:
        yield separator + ",\n".join(_json_objects(batch, names))
        separator = ",\n"
    yield "]\n" if separator == "\n" else "\n]\n"


def write_jsonl(batches: Iterable[Batch], names: Sequence[str], header: bool) -> Iterator[str]:
    """Write an object a line."""
    for batch in batches:
        yield "\n".join(_json_objects(batch, names)) + "\n"


def write_markdown(batches: Iterable[Batch], names: Sequence[str], header: bool) -> Iterator[str]:
    """Write a table of GitHub-flavoured Markdown, figures to the right."""
    if header:
        yield f"| {' | '.join(names)} |\n"
        yield f"| {' | '.join('---:' if COLUMNS[name].is_figure else '---' for name in names)} |\n"
    for batch in batches:
        rows = zip(*_with_fields(batch, names, _markdown_field), strict=True)
        yield "".join([f"| {' | '.join(row)} |\n" for row in rows])


REJECTS_HEADER = "file,line,column,reason,text\n"


def write_reject(report: Report) -> str:
    """Write a report as a row of CSV; its text is what stood in the input, so that it can be mended and read again."""
    row = (report.file or "", str(report.line), str(report.column), report.reason, report.text)
    return ",".join(map(_csv_field, row)) + "\n"


def _write_separated(
    batches: Iterable[Batch], names: Sequence[str], header: bool, separator: str, field: Callable[[str], str]
) -> Iterator[str]:
    if header:
        yield separator.join(names) + "\n"
    for batch in batches:
        rows = zip(*_with_fields(batch, names, field), strict=True)
        yield "\n".join(map(separator.join, rows)) + "\n"


def _json_objects(batch: Batch, names: Sequence[str]) -> Iterator[str]:
    members = (f'"{name}":"%s"' if COLUMNS[name].type == "word" else f'"{name}":%s' for name in names)
    template = "{" + ",".join(members) + "}"
    return map(template.__mod__, zip(*_with_fields(batch, names, _json_field), strict=True))


def _with_fields(batch: Batch, names: Sequence[str], field: Callable[[str], str]) -> list[Iterable[str]]:
    """Return the batch with the texts of its free columns, which hardly change, written as fields of a format."""
    return [
        map(lru_cache(maxsize=1)(field), column) if COLUMNS[name].type == "text" else column
        for name, column in zip(names, batch, strict=True)
    ]


def _csv_field(text: str) -> str:
    line = io.StringIO()
    csv.writer(line).writerow([text])
    return line.getvalue().removesuffix("\r\n")


def _tsv_field(text: str) -> str:
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json_field(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _markdown_field(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\|`*_~<&[]" else character for character in escaped(text))


WRITERS: dict[str, Writer] = {
    "csv": write_csv,
    "tsv": write_tsv,
    "json": write_json,
    "jsonl": write_jsonl,
    "markdown": write_markdown,
}
