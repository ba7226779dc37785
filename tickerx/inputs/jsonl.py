"""Read JSON Lines as in public dumps of crawls: each line is an object, and each object is a document.

Dumps name their fields in many ways. This module knows FineWeb, C4, CulturaX, RedPajama, cc_net, OSCAR, DCLM and Dolma.
In the names of addresses, times and identifiers, case does not matter, and "-" is the same as "_".
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from tickerx.inputs.documents import LARGEST, Document, Trouble, utc

__all__ = [
    "Fields",
    "Names",
    "is_json_lines",
    "is_known",
    "is_text",
    "may_hold_words",
    "read_lines",
    "read_row",
    "read_rows",
]

_TEXTS = ("text", "content", "raw_content", "body", "html")
_URLS = ("url", "uri", "source_url", "warc_target_uri")
_TIMES = (
    *("fetched", "fetch_time", "crawl_date", "date_download", "warc_date"),  # of the fetch itself
    *("date", "timestamp", "created"),  # of the fetch in most dumps
)
_RECORDS = ("id", "digest", "warc_record_id")
_INNER = (("warc_headers",), ("meta",), ("metadata",), ("meta", "warc_headers"))
"""Inner objects that say what is known about the document."""

Fields = Mapping[str, object]

_MISSING = object()
_ADDRESS = re.compile(r"https?:", re.IGNORECASE)
_BLANKS = b" \t\r"
_MARK = b"\xef\xbb\xbf"


def read_lines(
    blocks: Iterable[bytes],
    *,
    text_field: str | None = None,
    url_field: str | None = None,
    time_field: str | None = None,
    is_wanted: Callable[[bytes], bool] | None = None,
) -> Iterator[Document | Trouble]:
    """Yield the documents of JSON Lines, in blocks of any size, and the lines that are not documents.

    If a field is named, only that one is used. ``meta.url`` is the field ``url`` of the object ``meta``, unless a field
    has exactly this name. Lines end at LF or CRLF, and empty ones do not count.

    Unwanted lines are counted but not parsed; only their first and last characters are checked. The first line is
    always parsed, to find wrong names of fields.
    """
    names = Names(text_field, url_field, time_field)
    number = 0
    for line_number, line in enumerate(_split_lines(blocks), 1):
        if line is None:
            number += 1
            yield Trouble("the line is larger than 64 MiB", line=line_number)
            continue
        line = line.strip(_BLANKS)
        if not line:
            continue
        number += 1
        if number > 1 and is_wanted and line.startswith(b"{") and line.endswith(b"}") and not is_wanted(line):
            continue
        yield _read_line(line, line_number, number, names)


def is_json_lines(head: bytes) -> bool:
    """Say whether an input is JSON Lines, by its first bytes: a line that is an object with a text field.

    If the line continues after these bytes, only the fields in them are known.
    """
    line, line_end, _ = head.removeprefix(_MARK).lstrip(_BLANKS + b"\n").partition(b"\n")
    if not line.startswith(b"{"):
        return False
    try:
        fields = _parse(line)
    except (ValueError, RecursionError):
        return not line_end and _begins_with_text(line)
    return isinstance(fields, dict) and _find_text(fields, None)[0] is not None


def may_hold_words(line: bytes) -> bool:
    """Say quickly whether a line may have a quote of the built-in layout, damaged or not.

    It looks for the words as boards print them, or the words in any case and an arrow, in UTF-8 or escaped for JSON or
    HTML. It does not find escaped letters; no writer of JSON escapes those of ASCII.
    """
    lower = line.lower()
    has_creased, has_change = b"creased" in lower, b"change" in lower
    if (has_creased and b"By" in line) or (has_change and b"Change" in line):
        return True
    return (has_creased or has_change) and _may_hold_arrow(line)


_ARROWS = {
    b"\xe2": (b"\xe2\x96", b"\xe2\x86"),
    b"\\u": (b"\\u25", b"\\u21", b"\\u0026"),
}
"""How an arrow begins in UTF-8, and how JSON escapes an arrow or the "&" of HTML, by the first bytes of all these."""

_ARROW_OF_HTML = re.compile(rb"&(?:#|[A-Za-z]{0,16}(?:[Aa]rr|tri))")
"""A number, or one of the names of arrows and triangles: ``&uarr;``, ``&DownArrow;``, ``&utrif;``."""


def _may_hold_arrow(line: bytes) -> bool:
    for beginning, arrows in _ARROWS.items():
        if beginning in line and any(arrow in line for arrow in arrows):
            return True
    return b"&" in line and _ARROW_OF_HTML.search(line) is not None


class Names(NamedTuple):
    """The fields that the user named."""

    text: str | None = None
    url: str | None = None
    time: str | None = None


class _Figure(str):
    """A number of JSON as written, so that no number is too large or becomes a binary float."""

    __slots__ = ()


def _split_lines(blocks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Yield lines without their LF, or None for a line that is too large. Remove a byte-order mark."""
    pieces: list[bytes] = []
    size = 0
    mark = _MARK
    for block in blocks:
        *ends, rest = block.split(b"\n")
        for end in ends:
            size += len(end)
            pieces.append(end)
            yield b"".join(pieces).removeprefix(mark) if size <= LARGEST else None
            pieces.clear()
            size, mark = 0, b""
        size += len(rest)
        pieces.append(rest)
        if size > LARGEST:
            pieces.clear()
    if size:
        yield b"".join(pieces).removeprefix(mark) if size <= LARGEST else None


def _parse(line: bytes) -> Any:
    """Return the value of a line. Raises `ValueError` and `RecursionError`."""
    text = line.decode("utf-8", "replace")
    return json.loads(text, strict=False, parse_int=_Figure, parse_float=_Figure)


def _read_line(line: bytes, line_number: int, number: int, names: Names) -> Document | Trouble:
    try:
        fields = _parse(line)
    except json.JSONDecodeError as error:
        return Trouble(f"expected a JSON object: {error.msg}, column {error.colno}", line=line_number)
    except RecursionError:
        return Trouble("expected a JSON object: nested too deeply", line=line_number)
    if not isinstance(fields, dict):
        return Trouble("expected a JSON object", line=line_number)
    return _read_fields(fields, line_number, number, names)


def read_rows(rows: Iterable[Fields]) -> Iterator[Document | Trouble]:
    """Yield the documents of rows with the fields of JSON Lines, and the rows that are not documents."""
    for number, fields in enumerate(rows, 1):
        yield read_row({name: _as_json(value) for name, value in fields.items()}, number, Names())


def read_row(fields: Fields, number: int, names: Names) -> Document | Trouble:
    """Return the document of a row by its number, or why it is none. Times and numbers are text."""
    found = _read_fields(fields, None, number, names)
    return found if isinstance(found, Document) else Trouble(f"row {number}: {found.reason}")


def _as_json(value: object) -> object:
    """Return a value of a row as a value of JSON: times and numbers as text, in inner objects too.

    Bytes are text, because some writers leave out what they are.
    """
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, dict):
        return {name: _as_json(inner) for name, inner in value.items()}
    is_figure = isinstance(value, date | int | float) and not isinstance(value, bool)
    return _Figure(value) if is_figure else value


def is_text(path: Sequence[str], names: Names) -> bool:
    """Say whether a field may have the text. Its path has the names of the objects around it, and its own name."""
    return ".".join(path) == names.text if names.text else len(path) == 1 and path[0] in _TEXTS


def is_known(path: Sequence[str], names: Names) -> bool:
    """Say whether a document uses the field at a path, apart from the text."""
    *inner, name = path
    is_found = (tuple(inner) in _INNER or not inner) and _spelled(name) in (*_URLS, *_TIMES, *_RECORDS, "source")
    return is_found or ".".join(path) in (names.url, names.time)


def _spelled(name: str) -> str:
    return name.lower().replace("-", "_")


def _read_fields(fields: Fields, line_number: int | None, number: int, names: Names) -> Document | Trouble:
    """Return the document with these fields, or why it is not one. Times and numbers are text."""
    levels = _levels(fields)
    url = _find_url(fields, levels, names.url)
    text, is_page = _find_text(fields, names.text)
    if text is None:
        wanted = f"the field {names.text}" if names.text else "one of the fields " + ", ".join(_TEXTS)
        return Trouble(f"expected text in {wanted}", line=line_number, url=url)
    return Document(
        blocks=(text.encode("utf-8", "replace"),),
        url=url,
        fetched=utc(_find(fields, levels, names.time, _TIMES)),
        record=_find(fields, levels, None, _RECORDS).strip("<>"),
        number=number,
        charset="utf-8",
        is_page=is_page,
    )


def _find_text(fields: Fields, name: str | None) -> tuple[str | None, bool]:
    """Return the text of a document, None if no field has one and empty if it is null; and whether it is HTML."""
    empty = None
    for key in (name,) if name else _TEXTS:
        value = _dig(fields, key)
        if type(value) is str:
            return value, key.lower().endswith("html")
        if value is None:
            empty = ""
    return empty, False


def _dig(fields: Fields, name: str) -> object:
    """Return the value of a field, or `_MISSING`.

    ``a.b`` is the field ``b`` of the object ``a``, unless a field has exactly this name.
    """
    if name in fields:
        return fields[name]
    value: object = fields
    for part in name.split("."):
        value = value.get(part, _MISSING) if isinstance(value, dict) else _MISSING
    return value


def _levels(fields: Fields) -> list[Fields]:
    """Return the objects with what is known about a document, the line's own first. Names are also spelled as here."""
    levels: list[Fields] = []
    for path in ((), *_INNER):
        level: object = fields
        for name in path:
            level = level.get(name) if isinstance(level, dict) else None
        if isinstance(level, dict):
            levels.append({_spelled(name): value for name, value in level.items()} | level)
    return levels


def _find_url(fields: Fields, levels: list[Fields], name: str | None) -> str:
    """Return the address of a document. ``source`` only counts if it looks like an address."""
    url = _find(fields, levels, name, _URLS)
    source = "" if url or name else _find(fields, levels, None, ("source",))
    return source if _ADDRESS.match(source) else url


def _find(fields: Fields, levels: list[Fields], name: str | None, known: tuple[str, ...]) -> str:
    """Return the string or number in the named field, or else the first one in the known fields.

    Half of a surrogate pair, which JSON can escape but UTF-8 cannot encode, becomes "?", as in the text.
    """
    values = [_dig(fields, name)] if name else [level.get(key) for key in known for level in levels]
    found = next((value for value in values if value and isinstance(value, str)), "")
    return found.encode("utf-8", "replace").decode()


_KEY_OR_SIGN = re.compile(rb'[ \t\r]*(?:"([^"\\]*(?:\\.[^"\\]*)*)"|([][{}])|[^][{}" \t\r]+)', re.DOTALL)
_TEXT_KEYS = [text.encode() for text in _TEXTS]
_HOLDS_STRING = re.compile(rb'[ \t\r]*:[ \t\r]*"')


def _begins_with_text(line: bytes) -> bool:
    """Say whether the beginning of an object has a text field."""
    at = depth = 0
    while token := _KEY_OR_SIGN.match(line, at):
        at = token.end()
        depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(token[2], 0)
        if depth == 1 and token[1] in _TEXT_KEYS and _HOLDS_STRING.match(line, at):
            return True
    return False
