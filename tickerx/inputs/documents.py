"""Documents of an input, with their addresses and times, and the places that cannot be read."""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import NamedTuple

from tickerx.inputs.files import UnreadableError

__all__ = ["LARGEST", "DamagedError", "Document", "Trouble", "pass_over", "utc"]

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest document, stored or decoded. Larger ones are skipped and reported."""


class Document(NamedTuple):
    """One page of text, and what is known about it."""

    blocks: Iterable[bytes]
    """Its text in blocks of any size. A tuple can be read again, an iterator only once."""
    url: str = ""
    """Its address, empty if unknown. It is untrusted and can have any characters."""
    fetched: str = ""
    """When it was fetched, as `utc` returns it."""
    record: str = ""
    """Its identifier in the input: WARC-Record-ID, or ``id`` in JSON Lines."""
    number: int = 1
    """Its number in the input, from 1."""
    charset: str | None = None
    """The label of its encoding, if the input names one. It may be wrong."""
    is_page: bool = False
    """Whether it is HTML."""

    @property
    def content(self) -> bytes:
        """All of its text in one block."""
        return b"".join(self.blocks)


class Trouble(NamedTuple):
    """A place in an input that cannot be read, or only in part. Reading goes on after it."""

    reason: str
    offset: int | None = None
    """Where the damaged record begins, in bytes of the decompressed input, from 0."""
    line: int | None = None
    """The line of JSON Lines, from 1."""
    url: str = ""
    """The address of the document, if known."""

    def __str__(self) -> str:
        if self.offset is not None:
            return f"byte {self.offset}: {self.reason}"
        if self.line is not None:
            return f"line {self.line}: {self.reason}"
        return f"{self.url} : {self.reason}" if self.url else self.reason


class DamagedError(UnreadableError):
    """A document of an input cannot be read, or not in full."""

    __module__ = "tickerx"

    def __init__(self, trouble: Trouble, file: str | None = None) -> None:
        super().__init__(trouble, file)
        self.trouble = trouble
        self.file = file

    @property
    def reason(self) -> str:
        return str(self.trouble)


def pass_over(trouble: Trouble, file: str | None, on_damaged: Callable[[DamagedError], object] | None) -> None:
    """Call a function with the error of a place that cannot be read; without a function, raise it."""
    error = DamagedError(trouble, file)
    if not on_damaged:
        raise error
    on_damaged(error)


_TIME = re.compile(
    r"([0-9]{4})-?([0-9]{2})-?([0-9]{2})"
    r"(?:[Tt ]?([0-9]{2}):?([0-9]{2})(?::?([0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?:[Zz]|UTC|GMT|([-+][0-9]{2}):?([0-9]{2})?)?)?"
)
_RFC_3339 = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-5][0-9]Z")
_EPOCH = re.compile(r"([0-9]{9,19})(?:\.[0-9]+)?")
_EPOCH_DIGITS = {9: 0, 10: 0, 13: 3, 16: 6, 19: 9}
"""How many digits of a time since 1970 are a fraction of a second, by its length. Since 1973, seconds have 9 or 10."""


def utc(text: str) -> str:
    """Return a time as RFC 3339 in UTC, ``2024-04-17T05:12:33Z``, or an empty text if it is not a time.

    It knows the times in dumps: ISO 8601, extended or basic, with or without an offset (none means UTC), and seconds,
    milliseconds, microseconds or nanoseconds since 1970. It cuts off fractions of a second, and turns a leap second
    into the second before it. A date alone becomes its midnight, because most readers group by day, and an empty value
    would lose the day. A year or month alone is not a time.
    """
    text = text.strip()
    try:
        if _RFC_3339.fullmatch(text) and datetime.fromisoformat(text):
            return text  # the form in nearly all archives
        if time := _TIME.fullmatch(text):
            return _from_parts(time)
        if (epoch := _EPOCH.fullmatch(text)) and (digits := _EPOCH_DIGITS.get(len(epoch[1]))) is not None:
            return _show(datetime.fromtimestamp(int(epoch[1]) // 10**digits, UTC))
    except (ValueError, OverflowError):
        pass  # February 30th, or a year outside 1 to 9999 in UTC
    return ""


def _from_parts(time: re.Match[str]) -> str:
    """Return the time of a match of `_TIME`. Raises `ValueError` and `OverflowError`."""
    year, month, day, hour, minute, second, offset_hours, offset_minutes = (int(part or 0) for part in time.groups())
    if time[7] and time[7].startswith("-"):
        offset_minutes = -offset_minutes
    zone = timezone(timedelta(hours=offset_hours, minutes=offset_minutes))
    return _show(datetime(year, month, day, hour, minute, 59 if second == 60 else second, tzinfo=zone))


def _show(time: datetime) -> str:
    return time.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
