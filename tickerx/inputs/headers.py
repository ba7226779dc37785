"""Header lines of archive records and HTTP responses."""

import re
from collections.abc import Mapping

__all__ = ["BLANK_LINE", "Headers", "find_charset", "find_media_type", "parse_headers"]

BLANK_LINE = re.compile(rb"\n\r?\n")
"""The end of header lines, from the line end of the last one."""

Headers = Mapping[bytes, bytes]
"""Values by names in lower case."""

_LINE = re.compile(rb"^([^:\n]*+):([^\n]*+)", re.MULTILINE)
_FOLD = re.compile(rb"\r?\n[ \t]+")


def parse_headers(head: bytes) -> dict[bytes, bytes]:
    """Return the values of header lines by their names in lower case. Lines without a colon are skipped.

    Lines end at LF or CRLF, and a line that begins with a blank continues the one before. If a name occurs again, its
    values are joined by a comma (RFC 9110, 5.3).
    """
    if b"\n " in head or b"\n\t" in head:
        head = _FOLD.sub(b" ", head)
    lines = [(name.strip().lower(), value.strip()) for name, value in _LINE.findall(head)]
    headers = dict(lines)
    if len(headers) < len(lines):
        values: dict[bytes, list[bytes]] = {}
        for name, value in lines:
            values.setdefault(name, []).append(value)
        headers = {name: b", ".join(all_of_it) for name, all_of_it in values.items()}
    return headers


_TOKEN = rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+"
_MEDIA_TYPE = re.compile(rb"[ \t]*(%b/%b)" % (_TOKEN, _TOKEN))
_CHARSET = re.compile(rb";[ \t]*charset[ \t]*=[ \t]*[\"']?([!#$%&*+\-.:^_`|~0-9A-Z]+)", re.IGNORECASE)
_UNKNOWN_TYPES = ("unknown/unknown", "application/unknown", "*/*")


def find_media_type(value: bytes) -> str:
    """Return the type and subtype of a Content-Type; empty if it names none (MIME Sniffing Standard, 5.1)."""
    match = _MEDIA_TYPE.match(value)
    name = match[1].decode("ascii").lower() if match else ""
    return "" if name in _UNKNOWN_TYPES else name


def find_charset(value: bytes) -> str | None:
    """Return the label of the encoding that a Content-Type names."""
    match = _CHARSET.search(value)
    return match[1].decode("ascii") if match else None
