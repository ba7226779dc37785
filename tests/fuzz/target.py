"""What must hold of any bytes, in one function that any engine can drive."""

import csv
import io
import json
import os
import re
from collections.abc import Sequence
from typing import Any

from tests.commits import COMMITS
from tests.support import whole
from tickerx import MalformedError, UnreadableError, find
from tickerx.engine.passage import Passage
from tickerx.engine.scanner import scan
from tickerx.grammar.parser import decode, normalize, parse_spans
from tickerx.grammar.reports import Malformed, Report
from tickerx.inputs.compressed import CompressedError
from tickerx.inputs.documents import Document
from tickerx.inputs.files import BinaryFile, RefusedError
from tickerx.inputs.names import file_name
from tickerx.inputs.read import KINDS, Form, read_documents
from tickerx.outputs.formats import REJECTS_HEADER, WRITERS, write_reject
from tickerx.quote import Origin

__all__ = ["check"]

ROW = ("symbol", "price", "change", "change_percent", "direction", "kind")
NAMES = ("file", *ROW, "line", "previous_close", "sound")

SEPARATOR = 129
"""Code points that a separator never exceeds."""

Row = tuple[str, ...]


def check(content: bytes) -> None:
    """Read bytes as the command and the library do, and raise if one of the promises does not hold."""
    _check_inputs(content)
    _check_spans(content)
    passages = list(scan([content]))
    rows, reports = _rows(passages), _reports(passages)
    for size in (1, 7, 64, max(1, len(content) // 2)):
        parts = [content[at : at + size] for at in range(0, len(content), size)]
        again = list(scan(parts))
        assert _rows(again) == rows, f"other rows in blocks of {size}"
        assert _reports(again) == reports, f"other reports in blocks of {size}"
    malformed = [report for report in reports if isinstance(report, Malformed)]
    _check_nothing_is_lost(content, malformed)
    _check_library(content, rows, malformed)
    _check_formats(passages, _file(content), rows)
    _check_rejects(reports)
    assert _rows(list(scan([_board(rows)]))) == [(*row[:6], str(at), *row[7:]) for at, row in enumerate(rows, 1)]


def _rows(passages: Sequence[Passage]) -> list[Row]:
    return [row for passage in passages for row in zip(*passage.columns(NAMES[1:], Origin("-")), strict=True)]


def _reports(passages: Sequence[Passage]) -> list[Report]:
    """Return what is malformed, in order, then what is suspect, in order."""
    malformed = [report for passage in passages for report in passage.malformed(Origin("-"))]
    return [*malformed, *(report for passage in passages for report in passage.suspects(Origin("-")))]


def _file(content: bytes) -> str:
    """Return a name of a file that begins like the content."""
    return file_name(os.fsdecode(content[:24]))


def _check_inputs(content: bytes) -> None:
    """Require that bytes are read as any kind, or refused by an error that is documented, in blocks of any size.

    What is found by its first bytes must be read as if the user had said so.
    """
    found = {kind: _read_documents(io.BytesIO(content), kind) for kind in KINDS}
    for kind, documents in found.items():
        assert _read_documents(_Bytewise(content), kind) == documents, f"other documents of {kind}, byte by byte"
    refused = any(isinstance(last, tuple) and last[0] is RefusedError for last in found["auto"])
    assert refused or found["auto"] in [found[kind] for kind in KINDS[1:]], "what was found is none of the kinds"


class _Bytewise(io.BytesIO):
    """A file that gives one byte at a time, as a slow pipe may."""

    def read1(self, size: int | None = -1, /) -> bytes:
        return super().read1(1)


def _read_documents(file: BinaryFile, kind: str) -> list[object]:
    """Return the documents and troubles of a file, each followed by its text, and the error at the end."""
    found: list[object] = []
    try:
        for document in read_documents(file, Form(kind)):
            if isinstance(document, Document):
                text = bytearray()
                found += [document._replace(blocks=()), text]
                for block in document.blocks:
                    text += block
            else:
                found.append(document)
    except CompressedError as error:
        return [error.format]  # how much of the garbage behind damage is given depends on the blocks
    except UnreadableError as error:
        found.append((type(error), str(error)))
    return found


def _check_spans(content: bytes) -> None:
    """Require that spans are ordered and disjoint, and join to the input."""
    at = 0
    for span in parse_spans(normalize(content)):
        assert span.start == at < span.end
        at = span.end
    assert at == len(decode(content))


def _check_nothing_is_lost(content: bytes, malformed: Sequence[Malformed]) -> None:
    """Require that what is neither a quote nor malformed does not commit to being a quote."""
    text, prose = decode(content), ""
    for start, end, pieces in parse_spans(normalize(content)):
        prose += ")" * (end - start) if pieces else text[start:end]
    lines = re.split("\r\n|\r|\n", prose)
    taken = (0, 0)
    for report in malformed:
        at, token, size = report.line - 1, report.column - 1, len(report.text)
        # The token may be the first of the next span, behind the separators that end this one.
        first = max(taken[1] if taken[0] == at else 0, token - size - SEPARATOR)
        start = lines[at].index(report.text, first)
        assert start <= token, "a malformed span stands before or around its token"
        lines[at] = lines[at][:start] + "é" * size + lines[at][start + size :]
        taken = (at, start + size)
    for line in lines:
        assert not COMMITS.search(line), f"neither a quote nor reported: {line!r}"


def _check_library(content: bytes, rows: Sequence[Row], malformed: Sequence[Malformed]) -> None:
    """Require of the library the same rows and malformed spans, and that it raises for the first when it is to."""
    text = content.decode("utf-8", "surrogateescape")
    met: list[Malformed] = []
    quotes = list(find(text, on_malformed=met.append))
    assert [(quote.symbol, format(quote.price, "f"), str(quote.line)) for quote in quotes] == [
        (row[0], row[1], row[6]) for row in rows
    ]
    assert [quote.is_sound for quote in quotes] == [row[8] == "true" for row in rows]
    assert [(one.line, one.column, one.text) for one in met] == [(one.line, one.column, one.text) for one in malformed]
    raised: list[Malformed] = []
    try:
        list(find(text, strict=True))
    except MalformedError as error:
        raised = [error.malformed]
    assert raised == met[:1]


def _board(rows: Sequence[Row]) -> bytes:
    """Spell rows as a board prints them, one to a line."""
    words = {"up": "Increased By", "down": "Decreased By", "unchanged": "No Change"}
    return "".join(
        f"{symbol} {price} {words[direction]}{' ▼' if kind == 'stock' else ''} {change} ({percent}%)\n"
        for symbol, price, change, percent, direction, kind, *_ in rows
    ).encode()


def _written(format: str, passages: Sequence[Passage], file: str) -> str:
    writer = WRITERS[format]
    texts = (
        writer.rows(passage.columns(NAMES, Origin(file)), NAMES).encode() for passage in passages if passage.symbol
    )
    return b"".join(whole(writer, texts, NAMES, True)).decode("utf-8")


def _check_formats(passages: Sequence[Passage], file: str, rows: Sequence[Row]) -> None:
    """Require that what is written is valid, and reads back as the rows that it was made of."""
    expected = [(file, *row) for row in rows]
    header, *records = csv.reader(io.StringIO(_written("csv", passages, file), newline=""), strict=True)
    assert (tuple(header), [tuple(record) for record in records]) == (NAMES, expected)
    objects = _strict_json(_written("json", passages, file))
    assert [tuple(one) for one in objects] == [NAMES] * len(rows)
    assert [tuple(one.values()) for one in objects] == expected
    lines = _written("jsonl", passages, file).split("\n")
    assert [_strict_json(line) for line in lines[:-1]] == objects
    assert lines[-1] == ""
    header, *records = (line.split("\t") for line in _written("tsv", passages, file).split("\n")[:-1])
    assert (tuple(header), [tuple(record[1:]) for record in records]) == (NAMES, rows)
    assert _written("markdown", passages, file).count("\n") == len(rows) + 2


def _strict_json(text: str) -> Any:
    """Read JSON, its figures as they are spelled. Raises `AssertionError` for what the standard does not know."""

    def members(pairs: list[tuple[str, Any]]) -> dict[str, str]:
        assert len(dict(pairs)) == len(pairs), "a key twice"
        return {key: {True: "true", False: "false"}[value] if key == "sound" else value for key, value in pairs}

    def constant(text: str) -> str:
        raise AssertionError(f"{text} is no JSON")

    return json.loads(text, object_pairs_hook=members, parse_float=str, parse_int=str, parse_constant=constant)


def _check_rejects(reports: Sequence[Report]) -> None:
    """Require that a report written and read again is the same, also where its text is not UTF-8."""
    text = REJECTS_HEADER + b"".join(map(write_reject, reports)).decode("utf-8", "surrogateescape")
    _, *records = csv.reader(io.StringIO(text, newline=""), strict=True)
    assert records == [[one.file, str(one.line), str(one.column), one.reason, one.text, "", "1"] for one in reports]
