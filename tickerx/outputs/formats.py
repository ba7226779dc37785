"""Rows written as CSV, TSV, JSON, JSON Lines and Markdown: batches of columns become text, as they come.

Figures and words of the grammar hold nothing that a format would have to quote; only the text of a free column does.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tickerx.outputs.display import escaped
from tickerx.quote import COLUMNS

if TYPE_CHECKING:
    from tickerx.grammar.reports import Report

__all__ = ["REJECTS_HEADER", "WRITERS", "Batch", "Writer", "write", "write_reject"]

Batch = Sequence[Sequence[str]]
"""Rows, column by column: as many columns as there are names, all of the same length."""


class Writer(NamedTuple):
    """How a format is written: what stands around the fields of a row, and around the rows."""

    frame: Callable[[Sequence[str]], list[str]]
    """Given the names of the columns, what stands before the first field, between each two, and after the last."""
    field: Callable[[str], str]
    """Write the text of a free column as a field."""
    header: Callable[[Sequence[str]], str] | None = None
    before: str = ""
    between: str = ""
    """What stands between two rows, if that is no line end that ends the last one too."""
    after: str = ""
    nothing: str = ""
    """What stands where there is no row, but for the header."""

    def rows(self, batch: Batch, names: Sequence[str]) -> str:
        """Write rows, at least one."""
        *pieces, end = self.frame(names)
        row = [*chain.from_iterable((piece, "") for piece in pieces), end + (self.between or "\n")]
        parts = row * len(batch[0])
        for number, (name, column) in enumerate(zip(names, batch, strict=True)):
            is_free = COLUMNS[name].type == "text"
            parts[2 * number + 1 :: len(row)] = map(lru_cache(maxsize=1)(self.field), column) if is_free else column
        return "".join(parts).removesuffix(self.between)


def write(writer: Writer, texts: Iterable[bytes], names: Sequence[str], header: bool) -> Iterator[bytes]:
    """Yield a whole output, given the texts of its batches. A header comes with the first of them."""
    head = writer.header(names) if header and writer.header else ""
    before = head + writer.before
    for text in texts:
        yield before.encode() + text
        before = writer.between
    yield (head + writer.nothing if before == head + writer.before else writer.after).encode()


def _separated(separator: str) -> Callable[[Sequence[str]], list[str]]:
    return lambda names: ["", *[separator] * (len(names) - 1), ""]


def _json_frame(names: Sequence[str]) -> list[str]:
    """Return what stands around the members of an object; figures are bare numbers, with the digits as printed."""
    frame = ["{"]
    for name in names:
        quote = '"' if COLUMNS[name].type == "word" else ""
        frame[-1] += f'"{name}":{quote}'
        frame.append(f"{quote},")
    return [*frame[:-1], frame[-1].replace(",", "}")]


# What writes a text is loaded only where there is one: figures and words need nothing.


def _csv_field(text: str) -> str:
    return _csv_row([text])


def _csv_row(fields: Sequence[str]) -> str:
    import csv
    import io

    line = io.StringIO()
    csv.writer(line).writerow(fields)
    return line.getvalue().removesuffix("\r\n")


def _tsv_field(text: str) -> str:
    r"""Write a text with ``\t``, ``\n``, ``\r`` and ``\\`` so that a row is a line."""
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _json_field(text: str) -> str:
    import json

    return json.dumps(text, ensure_ascii=False)


def _markdown_field(text: str) -> str:
    return "".join(f"\\{character}" if character in "\\|`*_~<&[]" else character for character in escaped(text))


def _markdown_frame(names: Sequence[str]) -> list[str]:
    return ["| ", *[" | "] * (len(names) - 1), " |"]


def _markdown_header(names: Sequence[str]) -> str:
    """Return the names and a line that sets figures to the right, as GitHub-flavoured Markdown has them."""
    rules = ["---:" if COLUMNS[name].is_figure else "---" for name in names]
    return f"| {' | '.join(names)} |\n| {' | '.join(rules)} |\n"


WRITERS: dict[str, Writer] = {
    "csv": Writer(_separated(","), _csv_field, lambda names: ",".join(names) + "\n"),
    "tsv": Writer(_separated("\t"), _tsv_field, lambda names: "\t".join(names) + "\n"),
    "json": Writer(_json_frame, _json_field, before="[\n", between=",\n", after="\n]\n", nothing="[]\n"),
    "jsonl": Writer(_json_frame, _json_field),
    "markdown": Writer(_markdown_frame, _markdown_field, _markdown_header),
}

REJECTS_HEADER = "file,line,column,reason,text\n"


def write_reject(report: "Report") -> bytes:
    """Write a report as a row of CSV; its text is what stood in the input, to be mended and read again."""
    row = (report.file or "", str(report.line), str(report.column), report.reason, report.text)
    return (_csv_row(row) + "\n").encode("utf-8", "surrogateescape")
