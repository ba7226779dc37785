"""An input → documents. Its first bytes show what it is, unless the user says so."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from tickerx.inputs.binaries import HEAD, refusal
from tickerx.inputs.compressed import HEAD as COMPRESSED_HEAD
from tickerx.inputs.compressed import compression, decompress
from tickerx.inputs.documents import LARGEST, Document, Trouble
from tickerx.inputs.files import BinaryFile, RefusedError, UnreadableError, read_raw

__all__ = ["KINDS", "Form", "find_kind", "is_plain", "read_documents", "with_text"]

KINDS = ("auto", "text", "html", "warc", "jsonl")
"""What an input may be said to be."""

_BLANKS = b"\t\n\f\r "
_LONGEST_HEAD = 65536
"""The most bytes to wait for to find out what an input is: blanks, or a line of JSON."""

_TAG, _XML = 16, 1445
"""Bytes that show an HTML tag, and those in which the MIME Sniffing Standard looks for one in XML."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Form(NamedTuple):
    """What inputs are, as far as the user says."""

    kind: str = "auto"
    """One of `KINDS`."""
    text_field: str | None = None
    """The field of JSON Lines that holds the text; None for those of known dumps. So for address and time."""
    url_field: str | None = None
    time_field: str | None = None


AUTO = Form()


def read_documents(
    file: BinaryFile, form: Form = AUTO, on_read: Callable[[int], object] | None = None, is_start: bool = True
) -> Iterator[Document | Trouble]:
    """Yield the documents of a file as they are read, and what of it cannot be read. Text is UTF-8 in blocks.

    Compressed data is decompressed, a byte-order mark removed, UTF-16 recoded, a page turned into its text. Plain text
    is one document, with bytes that are not UTF-8 as they are. ``on_read`` is called with the number of bytes of each
    read. What does not come from the start of a file is plain text.

    Raises `UnreadableError`, or the `OSError` of a read that fails, after everything before it has been yielded.
    """
    blocks = read_raw(file, on_read)
    if not is_start:
        yield Document(blocks)
        return
    blocks, charset = _decode(_decompress(blocks))
    head, blocks = _peek(blocks, _is_enough)
    kind = find_kind(head) if form.kind == "auto" else form.kind
    if kind == "text":
        yield Document(blocks)
    elif kind == "html":
        yield from _read_page(blocks, charset)
    else:
        yield from _read_crawl(blocks, kind, form)


def _read_crawl(blocks: Iterator[bytes], kind: str, form: Form) -> Iterator[Document | Trouble]:
    """Yield the documents of a WARC or of JSON Lines; an error of the input comes after those before it."""
    failed: list[Exception] = []

    def read() -> Iterator[bytes]:
        try:
            yield from blocks
        except (OSError, UnreadableError) as error:
            failed.append(error)

    if kind == "warc":
        from tickerx.inputs.warc import read_records

        documents = read_records(read())
    else:
        from tickerx.inputs.jsonl import may_hold_words, read_lines

        documents = read_lines(
            read(),
            text_field=form.text_field,
            url_field=form.url_field,
            time_field=form.time_field,
            is_wanted=may_hold_words,
        )
    yield from map(with_text, documents)
    for error in failed:
        raise error


def find_kind(head: bytes) -> str:
    """Return what an input is by its first bytes, decompressed and in UTF-8. Raises `RefusedError`."""
    # What recognises a kind is loaded only for inputs that may be of it.
    first = head.lstrip(_BLANKS)[:1]
    if head.startswith(b"WARC/"):
        from tickerx.inputs.records import is_warc

        if is_warc(head):
            return "warc"
    elif first == b"<":
        from tickerx.inputs.pages import is_page

        if is_page(head):
            return "html"
    elif first == b"{":
        from tickerx.inputs.jsonl import is_json_lines

        if is_json_lines(head):
            return "jsonl"
    elif reason := refusal(head):
        raise RefusedError(reason)
    return "text"


def is_plain(head: bytes, form: Form) -> bool:
    """Say whether a file is plain UTF-8 text by its first bytes, so that it can be cut at LF."""
    try:
        kind = find_kind(head) if form.kind == "auto" else form.kind
    except RefusedError:
        return False
    return kind == "text" and not compression(head) and not head.startswith(_UTF_16)


def _is_enough(head: bytes) -> bool:
    """Say whether these first bytes show what an input is. Plain text is never kept waiting for more."""
    text = head.lstrip(_BLANKS)
    if len(head) >= _LONGEST_HEAD:
        return True
    if text.startswith(b"<"):
        return len(text) >= (_XML if text.startswith(b"<?") else _TAG)
    if text.startswith((b"{", b"WARC/")):
        return b"\n" in text
    if b"\0" in head or head.startswith((b"PK", b"%PDF")):
        return len(head) >= HEAD
    return text != b""


def _peek(blocks: Iterable[bytes], is_enough: Callable[[bytes], bool]) -> tuple[bytes, Iterator[bytes]]:
    """Return enough first bytes, or all, and the blocks from the beginning. An error comes with its block."""
    head, failed = b"", None
    blocks = iter(blocks)
    try:
        for block in blocks:
            head += block
            if is_enough(head):
                break
    except (OSError, UnreadableError) as error:
        failed = error
    return head, _after(head, failed, blocks)


def _after(head: bytes, failed: Exception | None, blocks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    if failed:
        raise failed
    yield from blocks


def _decompress(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the decompressed data of an input. Raises `RefusedError` for data that was compressed twice."""
    head, blocks = _peek(blocks, lambda head: len(head) >= COMPRESSED_HEAD)
    outer = compression(head)
    if not outer:
        return blocks
    head, blocks = _peek(decompress(outer, blocks), lambda head: len(head) >= COMPRESSED_HEAD)
    if inner := compression(head):
        reason = f"compressed twice, with {outer} and {inner}; decompress it first: {outer} -dc FILE | tickerx"
        raise RefusedError(reason)
    return blocks


def _decode(blocks: Iterator[bytes]) -> tuple[Iterator[bytes], str | None]:
    """Remove a byte-order mark, which says that what follows is UTF-8 now.

    UTF-16 after one is recoded, with U+FFFD for invalid parts.
    """
    head, blocks = _peek(blocks, lambda head: len(head) >= len(codecs.BOM_UTF8))
    if head.startswith(_UTF_16):
        return _recode(blocks), "utf-8"
    if head.startswith(codecs.BOM_UTF8):
        return chain([next(blocks).removeprefix(codecs.BOM_UTF8)], blocks), "utf-8"
    return blocks, None


def _recode(blocks: Iterable[bytes]) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder("utf-16")("replace")
    for block in blocks:
        yield decoder.decode(block).encode()
    yield decoder.decode(b"", final=True).encode()


def _read_page(blocks: Iterator[bytes], charset: str | None) -> Iterator[Document | Trouble]:
    """Yield the text of a page, which is read whole; before damage, that of what can be read. Raises `PageError`."""
    content: list[bytes] = []
    size, failed = 0, None
    try:
        for block in blocks:
            content.append(block)
            size += len(block)
            if size > LARGEST:
                yield Trouble("the page has more than 64 MiB; it is read as text")
                yield Document(chain(content, blocks))
                return
    except (OSError, UnreadableError) as error:
        failed = error
    yield _page(Document(tuple(content), charset=charset, is_page=True))
    if failed:
        raise failed


def with_text(document: Document | Trouble) -> Document | Trouble:
    """Return a document of a crawl with its text in UTF-8, or why it has none."""
    if isinstance(document, Trouble):
        return document
    if document.is_page:
        from tickerx.inputs.pages import PageError

        try:
            return _page(document)
        except PageError as error:
            return Trouble(str(error), url=document.url)
    if document.charset:
        from tickerx.inputs.pages import decode_page

        return document._replace(blocks=(decode_page(document.content, document.charset).encode(),))
    return document


def _page(document: Document) -> Document:
    """Return a document with the text of its page. Raises `PageError`."""
    from tickerx.inputs.pages import may_hold_quote, page_text

    content = document.content
    text = page_text(content, document.charset).encode() if may_hold_quote(content) else b""
    return document._replace(blocks=(text,))
