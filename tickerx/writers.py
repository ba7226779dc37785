"""Rows written as CSV, TSV, JSON, JSON Lines and Markdown: batches of columns become text, as they come.

Figures and words of the grammar hold nothing that a format would have to quote; only the text of a free column does.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from tickerx.display import escaped
from tickerx.quote import COLUMNS
from tickerx.report import Report

__all__ = ["REJECTS_HEADER", "WRITERS", "Batch", "Writer", "write", "write_reject"]

Batch = Sequence[Iterable[str]]
"""Rows, column by column: as many columns as there are names, all of the same length."""


class Writer(NamedTuple):
    """How a format is written: the rows of each batch by a function of batch and names, and what stands around them."""

    rows: Callable[[Batch, Sequence[str]], str]
    header: Callable[[Sequence[str]], str] | None = None
    before: str = ""
    between: str = ""
    after: str = ""
    nothing: str = ""
    """What stands where there is no row, but for the header."""


def write(writer: Writer, texts: Iterable[bytes], names: Sequence[str], header: bool) -> Iterator[bytes]:
    """Yield a whole output, given the texts of its batches. A header comes with the first of them."""
    head = writer.header(names) if header and writer.header else ""
    before = head + writer.before
    for text in texts:
        yield before.encode() + text
        before = writer.between
    yield (head + writer.nothing if before == head + writer.before else writer.after).encode()


def write_csv(batch: Batch, names: Sequence[str]) -> str:
    """Write rows as RFC 4180 has them, with LF."""
    return _write_separated(batch, names, ",", _csv_field)


def write_tsv(batch: Batch, names: Sequence[str]) -> str:
    r"""Write rows separated by tabs, with ``\t``, ``\n``, ``\r`` and ``\\`` in a text, so that a row is a line."""
    return _write_separated(batch, names, "\t", _tsv_field)


def write_json(batch: Batch, names: Sequence[str]) -> str:
    """Write objects, one a line, as members of an array. Figures are bare numbers with the digits that were printed."""
    return ",\n".join(_json_objects(batch, names))


def write_jsonl(batch: Batch, names: Sequence[str]) -> str:
    """Write an object a line."""
    return "\n".join(_json_objects(batch, names)) + "\n"


def write_markdown(batch: Batch, names: Sequence[str]) -> str:
    """Write rows of a table of GitHub-flavoured Markdown."""
    rows = zip(*_with_fields(batch, names, _markdown_field), strict=True)
    return "".join([f"| {' | '.join(row)} |\n" for row in rows])


def _markdown_header(names: Sequence[str]) -> str:
    """Return the names and a line that sets figures to the right."""
    rules = ["---:" if COLUMNS[name].is_figure else "---" for name in names]
    return f"| {' | '.join(names)} |\n| {' | '.join(rules)} |\n"


WRITERS: dict[str, Writer] = {
    "csv": Writer(write_csv, lambda names: ",".join(names) + "\n"),
    "tsv": Writer(write_tsv, lambda names: "\t".join(names) + "\n"),
    "json": Writer(write_json, before="[\n", between=",\n", after="\n]\n", nothing="[]\n"),
    "jsonl": Writer(write_jsonl),
    "markdown": Writer(write_markdown, _markdown_header),
}

REJECTS_HEADER = "file,line,column,reason,text\n"


def write_reject(report: Report) -> bytes:
    """Write a report as a row of CSV; its text is what stood in the input, to be mended and read again."""
    row = (report.file or "", str(report.line), str(report.column), report.reason, report.text)
    return (",".join(map(_csv_field, row)) + "\n").encode("utf-8", "surrogateescape")


def _write_separated(batch: Batch, names: Sequence[str], separator: str, field: Callable[[str], str]) -> str:
    rows = zip(*_with_fields(batch, names, field), strict=True)
    return "\n".join(map(separator.join, rows)) + "\n"


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
