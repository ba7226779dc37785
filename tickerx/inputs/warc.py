"""Read crawl archives, WARC and WET, as documents."""

from collections.abc import Callable, Iterable, Iterator

from tickerx.inputs.documents import Document, Trouble, utc
from tickerx.inputs.headers import Headers, find_charset, find_media_type
from tickerx.inputs.records import Record, split_records
from tickerx.inputs.responses import CUT_OFF, Content, is_page, is_text, read_response

__all__ = ["read_records"]

_CONTENT_TYPES = (b"response", b"resource", b"conversion")
_OTHER_TYPES = (b"warcinfo", b"request", b"metadata", b"revisit", b"continuation")


def read_records(
    blocks: Iterable[bytes], is_wanted: Callable[[bytes], bool] | None = None
) -> Iterator[Document | Trouble]:
    """Yield the pages and texts of an archive, in blocks of any size, and a trouble for each damaged record.

    Documents are ``response`` records with HTML or text, and ``resource`` and ``conversion`` records. A damaged record
    gives its document first, as far as it can be read, and then the trouble. WARC-Truncated is not a trouble: the
    crawler cut off the page, and the record is whole. Unwanted whole texts of ``conversion`` records are only counted.
    """
    number = 1
    for record in split_records(blocks):
        if isinstance(record, Trouble):
            yield record
            continue
        if is_wanted and _is_whole_text(record) and not is_wanted(record.block):
            number += 1
            continue
        content = _read_content(record)
        if content and record.is_large:
            content = content._replace(body=b"", flaw="is larger than 64 MiB")
        if content and (content.body or not content.flaw):
            yield _document(record, content, number)
            number += 1
        if flaw := record.flaw or (content.flaw if content else ""):
            yield Trouble(f"the record {flaw}", offset=record.offset, url=_address(record.headers))


def _is_whole_text(record: Record) -> bool:
    """Say whether a record is from a WET archive, which is UTF-8 text, and has no error."""
    if record.flaw or record.is_large:
        return False
    return record.headers.get(b"warc-type") == b"conversion" and record.headers.get(b"content-type") == b"text/plain"


def _read_content(record: Record) -> Content | None:
    """Return the page or text of a record, or None if it has none."""
    headers, block = record.headers, record.block
    kind = headers.get(b"warc-type", b"").lower()
    if kind not in _CONTENT_TYPES:
        return None if kind in _OTHER_TYPES else Content("", None, b"", "has an unknown WARC-Type")
    if kind == b"response" and block.startswith(b"HTTP/"):
        content = read_response(block)
        is_cut = content and content.flaw.startswith(CUT_OFF) and b"warc-truncated" in headers
        return content._replace(flaw="") if content and is_cut else content
    declared = headers.get(b"content-type", b"")
    media_type = find_media_type(declared)
    if media_type == "application/http":  # a response that is stored without its HTTP headers
        media_type = ""
    return Content(media_type, find_charset(declared), block) if is_text(media_type, block) else None


def _document(record: Record, content: Content, number: int) -> Document:
    headers = record.headers
    return Document(
        blocks=(content.body,),
        url=_address(headers),
        fetched=utc(_text(headers, b"warc-date")),
        record=_text(headers, b"warc-record-id").strip("<>"),
        number=number,
        charset=content.charset,
        is_page=is_page(content.media_type, content.body),
    )


def _address(headers: Headers) -> str:
    """Return the address of a page. It may be invalid UTF-8, and WARC/1.0 puts it in angle brackets."""
    return _text(headers, b"warc-target-uri").strip("<>")


def _text(headers: Headers, name: bytes) -> str:
    return headers.get(name, b"").decode("utf-8", "replace")
