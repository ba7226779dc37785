"""Rows → CSV, TSV, JSON, JSON Lines and Markdown: batches of columns become text.

Figures and words of the grammar never need quoting. Only free text does, such as the name of a file.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tickerx.outputs.escaping import escaped
from tickerx.quote import COLUMNS

if TYPE_CHECKING:
    from tickerx.grammar.reports import Report

__all__ = ["BATCH", "REJECTS_HEADER", "WRITERS", "Batch", "RowStream", "Writer", "in_batches", "write_reject"]

Batch = Sequence[Sequence[str]]
"""Rows, column by column: as many columns as there are names, all of the same length."""

BATCH = 4096
"""The most rows to write at a time."""


class Writer(NamedTuple):
    """A format: the text around the fields of a row, and around the rows."""

    frame: Callable[[Sequence[str], Collection[str]], list[str]]
    """Return the text before the first field, between fields, and after the last, given the names of the columns and
    of those to write as free text."""
    field: Callable[[str], str]
    """Write free text as a field."""
    header: Callable[[Sequence[str]], str] | None = None
    before: str = ""
    """The text before the first row."""
    between: str = ""
    """The text between two rows, if it is not just a line end."""
    after: str = ""
    """The text after the last row."""
    nothing: str = ""
    """The text after the header if there are no rows."""
    unknown: str = ""
    """The field for an unknown value."""

    def rows(self, batch: Batch, names: Sequence[str]) -> str:
        """Write rows, at least one."""
        sparse = [name for name, column in zip(names, batch, strict=True) if self.unknown and "" in column]
        *pieces, end = self.frame(names, sparse)
        row = [*chain.from_iterable((piece, "") for piece in pieces), end + (self.between or "\n")]
        parts = row * len(batch[0])
        for number, (name, column) in enumerate(zip(names, batch, strict=True)):
            kind = COLUMNS[name].type
            fields: Iterable[str] = column
            if kind in ("text", "time") or (kind == "word" and name in sparse):
                fields = map(lru_cache(maxsize=1)(self._field), column)
            elif name in sparse:
                fields = [figure or self.unknown for figure in column]
            parts[2 * number + 1 :: len(row)] = fields
        return "".join(parts).removesuffix(self.between)

    def _field(self, text: str) -> str:
        return self.field(text) if text else self.unknown


class RowStream:
    """A whole output in one format, built from batches of rows."""

    def __init__(self, writer: Writer, names: Sequence[str], header: bool) -> None:
        self._writer = writer
        self._header = writer.header(names) if header and writer.header else ""
        self._has_rows = False

    def add(self, text: bytes) -> bytes:
        """Return the text of a batch, with the text before it: the header, or the end of the last row."""
        before = self._writer.between if self._has_rows else self._header + self._writer.before
        self._has_rows = True
        return before.encode() + text

    def end(self) -> bytes:
        """Return the text after the last row, or the whole output if there are no rows."""
        return (self._writer.after if self._has_rows else self._header + self._writer.nothing).encode()


def in_batches(columns: Mapping[str, Sequence[str]], names: Sequence[str]) -> Iterator[Batch]:
    """Yield the rows of these columns, at most `BATCH` at a time."""
    for start in range(0, len(columns[names[0]]), BATCH):
        yield [columns[name][start : start + BATCH] for name in names]


def _separated(separator: str) -> Callable[[Sequence[str], Collection[str]], list[str]]:
    return lambda names, _: ["", *[separator] * (len(names) - 1), ""]


def _json_frame(names: Sequence[str], sparse: Collection[str]) -> list[str]:
    """Return the text around the members of an object. Figures are bare numbers, with the printed digits.

    If some words of a column are unknown, its words are written one by one, because they can be null.
    """
    frame = ["{"]
    for name in names:
        quote = '"' if COLUMNS[name].type == "word" and name not in sparse else ""
        frame[-1] += f'"{name}":{quote}'
        frame.append(f"{quote},")
    return [*frame[:-1], frame[-1].replace(",", "}")]


# Modules that quote text are loaded only if there is any: figures and words do not need them.


def _csv_line(row: Sequence[str]) -> str:
    import csv
    import io

    line = io.StringIO()
    csv.writer(line).writerow(row)  # with another line end, older Pythons would not quote CR
    return line.getvalue().removesuffix("\r\n") + "\n"


def _csv_field(text: str) -> str:
    return _csv_line([text]).removesuffix("\n")


def _tsv_field(text: str) -> str:
    r"""Write a text with ``\t``, ``\n``, ``\r`` and ``\\``, so that each row is one line."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json_field(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _markdown_field(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\|`*_~<&[]" else character for character in escaped(text))


def _markdown_frame(names: Sequence[str], _: Collection[str]) -> list[str]:
    return ["| ", *[" | "] * (len(names) - 1), " |"]


def _markdown_header(names: Sequence[str]) -> str:
    """Return the names, and the line that aligns figures to the right, as in GitHub-flavoured Markdown."""
    rules = ["---:" if COLUMNS[name].is_figure else "---" for name in names]
    return f"| {' | '.join(names)} |\n| {' | '.join(rules)} |\n"


WRITERS: dict[str, Writer] = {
    "csv": Writer(_separated(","), _csv_field, lambda names: ",".join(names) + "\n"),
    "tsv": Writer(_separated("\t"), _tsv_field, lambda names: "\t".join(names) + "\n"),
    "json": Writer(
        _json_frame, _json_field, before="[\n", between=",\n", after="\n]\n", nothing="[]\n", unknown="null"
    ),
    "jsonl": Writer(_json_frame, _json_field, unknown="null"),
    "markdown": Writer(_markdown_frame, _markdown_field, _markdown_header),
}

REJECTS_HEADER = "file,line,column,reason,text,url,document\n"


def write_reject(report: "Report") -> bytes:
    """Write a report as a row of CSV. It has the exact text of the input, so that it can be repaired and read again."""
    file, url, _, document, _ = report.origin
    row = (file or "", str(report.line), str(report.column), report.reason, report.text, url, str(document))
    return _csv_line(row).encode("utf-8", "surrogateescape")
