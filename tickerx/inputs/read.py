"""An input → documents. Its first bytes show what it is, unless the user says so."""

import codecs
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from tickerx.inputs.binaries import HEAD, ZIP, may_be_tar, refusal
from tickerx.inputs.compressed import HEAD as COMPRESSED_HEAD
from tickerx.inputs.compressed import compression, decompress
from tickerx.inputs.documents import LARGEST, Document, Trouble
from tickerx.inputs.files import BinaryFile, RefusedError, UnreadableError, read_raw

__all__ = ["KINDS", "Form", "find_kind", "is_plain", "read_documents", "with_text"]

KINDS = ("auto", "text", "html", "warc", "jsonl", "parquet")
"""The kinds of input that the user can choose."""

_BLANKS = b"\t\n\f\r "

_LONGEST_HEAD = 65536
"""The most bytes needed to detect the kind of an input: blanks, or the first line of JSON Lines."""

_TAG, _XML, _TAR = 16, 1445, 512
"""Bytes needed to detect an HTML tag or a binary, XML that is HTML (by the MIME Sniffing Standard), and tar."""

_VERSION_LINE = 24
"""More bytes than the first line of a WARC can have."""

_OBJECT = re.compile(rb'\{[ \t\r]*(?:"|\Z)')
"""The beginning of a line of JSON Lines that may hold text."""

_MHTML = b"From: <Saved by "
"""The beginning of a page that Chromium has saved as a single file."""

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

_PARQUET = re.compile(rb"PAR[1E](?:\x15|.{0,3}\0)", re.DOTALL)
"""The beginning of a Parquet file: its magic, and the first field of a page or of the footer or, if it is encrypted, a
small length. The magic alone can also begin a text."""

_SHOWN = 20
"""How many troubles of one crawl to report individually."""


class Form(NamedTuple):
    """What is known about the inputs before they are read, and which of their text is wanted."""

    kind: str = "auto"
    """One of `KINDS`."""
    text_field: str | None = None
    """The field of JSON Lines or Parquet with the text; None for those of known dumps. The next two are similar."""
    url_field: str | None = None
    time_field: str | None = None
    all_text: bool = False
    """Whether to read text without the words of the built-in grammar too, with a line for each cell of a page."""
    hints: bool = False
    """Whether to read a page without these words if it may have a board in another layout."""
    join: Callable[[str], str] | None = None
    """With ``all_text``, makes the lines of a page that may have these words, given `pages.SOFT` between blocks."""

    @property
    def names_fields(self) -> bool:
        """Whether a field is named. Only JSON Lines and Parquet have fields."""
        return any((self.text_field, self.url_field, self.time_field))


AUTO = Form()


def read_documents(
    file: BinaryFile, form: Form = AUTO, on_read: Callable[[int], object] | None = None, is_start: bool = True
) -> Iterator[Document | Trouble]:
    """Yield the documents of a file while reading it, and its troubles. Text is UTF-8 in blocks.

    This decompresses data, removes a byte-order mark, recodes UTF-16, and turns a page into its text. Plain text is one
    document, and keeps bytes that are not UTF-8. ``on_read`` is called with the number of bytes of each read, and for
    Parquet with the share of the file that the rows have. A file that is not read from its start is plain text.

    Raises `UnreadableError`, or the `OSError` of a failed read, after it has yielded everything before the error.
    """
    blocks = read_raw(file, on_read)
    if not is_start:
        yield Document(blocks)
        return
    head, blocks = _peek(blocks, lambda head: len(head) >= COMPRESSED_HEAD)
    if _is_parquet(head, form):
        yield from _read_parquet(file, head, blocks, form, on_read)
        return
    blocks, charset = _decode(_decompress(blocks))
    head, blocks = _peek(blocks, _is_enough)
    kind = _kind_of(head, form)
    if kind == "text":
        yield Document(blocks)
    elif kind == "html":
        yield from _read_page(blocks, charset, form)
    else:
        yield from _read_crawl(blocks, kind, form)


def _is_parquet(head: bytes, form: Form) -> bool:
    return form.kind == "parquet" or (form.kind == "auto" and _PARQUET.match(head) is not None)


def _kind_of(head: bytes, form: Form) -> str:
    """Return the kind of an input. If the user names a field, it is JSON Lines. Raises `RefusedError`."""
    if form.kind != "auto":
        return form.kind
    return "jsonl" if form.names_fields else find_kind(head)


def _read_parquet(
    file: BinaryFile,
    head: bytes,
    blocks: Iterator[bytes],
    form: Form,
    on_read: Callable[[int], object] | None,
) -> Iterator[Document | Trouble]:
    """Yield the documents of a Parquet file whose first bytes have been read. Raises `RefusedError` without pyarrow."""
    try:
        from tickerx.inputs.parquet import read_parquet
    except ImportError as error:
        raise RefusedError(str(error)) from None
    from tickerx.inputs.jsonl import Names, may_hold_words

    documents = read_parquet(
        file,
        len(head),
        blocks,
        names=Names(form.text_field, form.url_field, form.time_field),
        is_wanted=None if form.all_text else may_hold_words,
        on_read=on_read,
    )
    form = form._replace(hints=False)
    yield from _limit_troubles(with_text(document, form) for document in documents)


def _read_crawl(blocks: Iterator[bytes], kind: str, form: Form) -> Iterator[Document | Trouble]:
    """Yield the documents of a WARC or of JSON Lines. An error of the input is raised after the documents before it."""
    from tickerx.inputs.jsonl import may_hold_words

    failed: list[Exception] = []

    def read() -> Iterator[bytes]:
        try:
            yield from blocks
        except (OSError, UnreadableError) as error:
            failed.append(error)

    if kind == "warc":
        from tickerx.inputs.warc import read_records

        documents = read_records(read(), is_wanted=may_hold_words)
    else:
        from tickerx.inputs.jsonl import read_lines

        documents = read_lines(
            read(),
            text_field=form.text_field,
            url_field=form.url_field,
            time_field=form.time_field,
            is_wanted=None if form.all_text else may_hold_words,
        )
    form = form._replace(hints=False)
    yield from _limit_troubles(with_text(document, form) for document in documents)
    for error in failed:
        raise error


def _limit_troubles(documents: Iterable[Document | Trouble]) -> Iterator[Document | Trouble]:
    """Yield the documents and the first troubles, and at the end how many more troubles there were."""
    more = -_SHOWN
    for document in documents:
        more += isinstance(document, Trouble)
        if more <= 0 or isinstance(document, Document):
            yield document
    if more > 0:
        yield Trouble(f"{more:,} more like these")


def find_kind(head: bytes) -> str:
    """Return the kind of an input by its first bytes, decompressed and in UTF-8. Raises `RefusedError`."""
    head = head[:_LONGEST_HEAD]
    if reason := refusal(head[:HEAD]):
        raise RefusedError(reason)
    # For plain text, the modules that recognise other kinds are not loaded.
    text = head.lstrip(_BLANKS)
    if head.startswith(b"WARC/"):
        from tickerx.inputs.records import is_warc

        return "warc" if is_warc(head) else "text"
    if head.startswith(_MHTML):
        return "html"
    if text.startswith(b"<"):
        from tickerx.inputs.pages import is_page

        return "html" if is_page(head) else "text"
    if _OBJECT.match(text):
        from tickerx.inputs.jsonl import is_json_lines

        return "jsonl" if is_json_lines(head) else "text"
    return "text"


def is_plain(head: bytes, form: Form) -> bool:
    """Say whether a file is plain UTF-8 text, by its first bytes, so that it can be cut at LF."""
    if compression(head) or head.startswith(_UTF_16):
        return False
    try:
        return not _is_parquet(head, form) and _kind_of(head.removeprefix(codecs.BOM_UTF8), form) == "text"
    except RefusedError:
        return False


_MAY_END_ROW = re.compile(rb"[\r\n)]")
"""The end of a row or a line. Before it, waiting for more bytes does not delay a row."""


def _is_enough(head: bytes) -> bool:
    """Say whether more bytes would not change the answer of `find_kind`.

    Rows of plain text must not wait, so plain text is recognised by as few bytes as possible.
    """
    text = head.lstrip(_BLANKS)
    if len(head) >= _LONGEST_HEAD:
        return True
    if len(head) < _TAR and not _MAY_END_ROW.search(head):
        return False
    if head.startswith(ZIP):
        return len(head) >= HEAD
    if may_be_tar(head):
        return len(head) >= _TAR
    if text.startswith(b"<?xml"):
        return len(text) >= _XML
    if _OBJECT.match(text):
        return b"\n" in text
    if head.startswith(b"WARC/"):
        return b"\n" in head or len(head) >= _VERSION_LINE
    return len(text) >= _TAG


def _peek(blocks: Iterable[bytes], is_enough: Callable[[bytes], bool]) -> tuple[bytes, Iterator[bytes]]:
    """Return enough first bytes, or all, and an iterator over all blocks. An error comes after the blocks before it."""
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
    """Return the decompressed data of an input. Raises `RefusedError` for data that was compressed twice."""
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
    """Remove a byte-order mark. Return the blocks, and their charset if there was a mark.

    UTF-16 after a mark is recoded to UTF-8, with U+FFFD for invalid parts.
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


def _read_page(blocks: Iterator[bytes], charset: str | None, form: Form) -> Iterator[Document | Trouble]:
    """Read a page whole and yield its text, even if its end is damaged. Raises `PageError`."""
    content: list[bytes] = []
    size, failed = 0, None
    try:
        for block in blocks:
            content.append(block)
            size += len(block)
            if size > LARGEST:
                yield Trouble("the page is larger than 64 MiB; it is read as text")
                yield Document(chain(content, blocks))
                return
    except (OSError, UnreadableError) as error:
        failed = error
    page = Document(tuple(content), charset=charset, is_page=True)
    from tickerx.inputs.mhtml import is_saved_page, read_pages

    if is_saved_page(page.content):
        yield from (with_text(document, form) for document in read_pages(page.content))
    else:
        yield _page(page, form)
    if failed:
        raise failed


def with_text(document: Document | Trouble, form: Form = AUTO) -> Document | Trouble:
    """Return a document of a crawl with its text in UTF-8, or why it has none."""
    if isinstance(document, Trouble):
        return document
    if document.is_page:
        from tickerx.inputs.pages import PageError

        try:
            return _page(document, form)
        except PageError as error:
            return Trouble(str(error), url=document.url)
    if document.charset:
        from tickerx.inputs.pages import decode_page

        return document._replace(blocks=(decode_page(document.content, document.charset).encode(),))
    return document


def _page(document: Document, form: Form) -> Document:
    """Return a document with the text of its page. Raises `PageError`."""
    from tickerx.inputs.pages import SOFT, may_hold_board, may_hold_quote, page_text

    if form.all_text and form.join and may_hold_quote(document.content):
        return document._replace(blocks=(form.join(page_text(document.content, document.charset, SOFT)).encode(),))
    content, soft, text = document.content, "\n", ""
    if not form.all_text and may_hold_quote(content):
        soft = " "
    if soft == " " or form.all_text or (form.hints and may_hold_board(content)):
        text = page_text(content, document.charset, soft)
    return document._replace(blocks=(text.encode(),))
