"""Pages that Chromium and similar browsers save as a single file: MHTML, RFC 2557."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message
from email.utils import parsedate_to_datetime
from typing import cast

from tickerx.inputs.documents import Document, Trouble, utc
from tickerx.inputs.pages import PageError

__all__ = ["is_saved_page", "read_pages"]

_HEADERS = re.compile(rb"(?:[!-9;-~]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?content-type:[ \t]*multipart/", re.IGNORECASE)


def is_saved_page(content: bytes) -> bool:
    """Say whether the mail headers that a file begins with announce a page and what belongs to it."""
    return bool(_HEADERS.match(content))


def read_pages(content: bytes) -> Iterator[Document | Trouble]:
    """Yield the page in a file and the pages of its frames as documents, and a trouble if the file is cut off.

    Images, styles and the like are left out. Raises `PageError`.
    """
    try:
        file = message_from_bytes(content)
    except RecursionError:
        raise PageError("has parts that are nested too deeply") from None
    parts = [part for part in file.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    for number, part in enumerate(parts, 1):
        yield Document(
            blocks=(cast("bytes", part.get_payload(decode=True)),),  # only parts with inner parts have no payload
            url=str(part.get("Content-Location", "")),
            fetched=_saved(file),
            number=number,
            charset=part.get_content_charset(),
            is_page=True,
        )
    if file.defects or not parts:
        yield Trouble("the saved page is cut off")


def _saved(file: Message) -> str:
    """Return when a page was saved; empty if the date is invalid."""
    try:
        return utc(parsedate_to_datetime(str(file.get("Date", ""))).isoformat())
    except (ValueError, OverflowError):
        return ""
