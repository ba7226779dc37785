"""The library: the quotes of a text, of a file or of the documents of a crawl, read as the command reads them."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import make_scanner
from tickerx.grammar.reports import Malformed, MalformedError
from tickerx.inputs.documents import DamagedError, Trouble
from tickerx.inputs.files import BinaryFile, naming, open_file
from tickerx.inputs.read import Form
from tickerx.inputs.read import read_documents as read_inputs
from tickerx.quote import Origin, Quote

if TYPE_CHECKING:
    from tickerx.engine.layout_passage import LayoutPassage
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.engine.passage import Passage
    from tickerx.layouts.layout import Layout

__all__ = ["Document", "compile_layouts", "find", "read", "read_documents"]

OnMalformed = Callable[[Malformed], object] | None
OnDamaged = Callable[[DamagedError], object] | None


class Document(NamedTuple):
    """One page of an input, with its quotes. A plain file is one document."""

    number: int
    """Which document of the input it is, from 1."""
    url: str | None
    """Its address, or None where the input does not know it."""
    fetched: datetime | None
    """When it was fetched, in UTC."""
    record: str | None
    """Its own identifier in the input: WARC-Record-ID, or the ``id`` of a line of JSON Lines."""
    quotes: Iterator[Quote]
    """Its quotes, to be read once, before the next document."""


def find(
    text: str,
    *,
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Return the quotes of a text, in its order. Their file is None; lone surrogates count as invalid bytes.

    Text that looks like a damaged quote is passed over, unless ``on_malformed`` is given, which is called with each
    such span after the quotes before it, or ``strict`` is true.

    ``layouts`` are the layouts to read instead of the built-in one: texts, what `compile_layout` returns, and the names
    "words", which is the built-in one, and "cells". The first that fits a line reads it.

    Raises `MalformedError` at the first such span if ``strict`` is true, `LayoutError` for a layout that cannot be
    used, and `TypeError` for anything but a str.
    """
    if not isinstance(text, str):
        remedy = "read() takes a path or a file opened for bytes"
        raise TypeError(f"find() takes a str, not {type(text).__name__}; {remedy}")
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        content = text.encode("utf-8", "replace")  # a surrogate is not part of any quote, nor is "?"
    return _find(make_scanner(compile_layouts(layouts)).scan([content]), Origin(None), on_malformed, strict)


def compile_layouts(given: "Sequence[str | Layout] | None") -> "Layouts | None":
    """Return the layouts to read with, or None for the built-in one alone. Raises `LayoutError` and `TypeError`."""
    if isinstance(given, str):
        raise TypeError("layouts are a list: layouts=[LAYOUT]")
    if given is None or set(given) <= {"words"}:
        return None
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.layouts.files import RESERVED, shipped_layouts
    from tickerx.layouts.layout import compile_layout

    fields: list[Layout] = []
    for one in given:
        if not isinstance(one, str):
            fields.append(one)
        else:
            fields += shipped_layouts(one) if one in RESERVED else [compile_layout(one)]
    return Layouts(tuple(fields), has_words="words" in given)


def read(
    source: str | os.PathLike[str] | BinaryFile,
    *,
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    on_damaged: OnDamaged = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Return the quotes of a file, given by its path or opened for bytes, as they are read.

    The file of a quote is the path, or the name of an open file. A path is opened when the first quote is asked for,
    and closed after the last. Nothing is kept of what was read. For the rest see `read_documents` and `find`.
    """
    documents = read_documents(
        source, kind=kind, layouts=layouts, on_malformed=on_malformed, on_damaged=on_damaged, strict=strict
    )
    return (quote for document in documents for quote in document.quotes)


def read_documents(
    source: str | os.PathLike[str] | BinaryFile,
    *,
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    on_damaged: OnDamaged = None,
    strict: bool = False,
) -> Iterator[Document]:
    """Return the documents of a file, given by its path or opened for bytes, as they are read, also without quotes.

    ``kind`` says what the file is: "text", "html", "warc", "jsonl" or "parquet"; "auto" finds out. ``on_damaged`` is
    called with each document that cannot be read in full, and reading goes on; without it, the first one is raised.

    Raises `OSError` where the system cannot read; `UnreadableError` for an input of a kind that cannot be read
    (`RefusedError`), damaged (`CompressedError`, `DamagedError`), too deep (`PageError`) or shortened while it is read
    (`ShrunkError`); `MalformedError` as `find` does; and `TypeError` for any other source.
    """
    if isinstance(source, io.TextIOBase) or not (isinstance(source, str | os.PathLike) or hasattr(source, "read")):
        what = "a file opened for text" if isinstance(source, io.TextIOBase) else type(source).__name__
        raise TypeError(f"read() takes a path or a file opened for bytes, as by open(path, 'rb'), not {what}")
    return _read_documents(source, Form(kind), compile_layouts(layouts), on_malformed, on_damaged, strict)


def _read_documents(
    source: str | os.PathLike[str] | BinaryFile,
    form: Form,
    layouts: "Layouts | None",
    on_malformed: OnMalformed,
    on_damaged: OnDamaged,
    strict: bool,
) -> Iterator[Document]:
    name = os.fspath(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    named = name if isinstance(name, str) else None
    with naming(named), open_file(source) if isinstance(source, str | os.PathLike) else nullcontext(source) as file:
        for found in read_inputs(file, layouts.adapt(form) if layouts else form):
            if isinstance(found, Trouble):
                if not on_damaged:
                    raise DamagedError(found, named)
                on_damaged(DamagedError(found, named))
                continue
            origin = Origin(named, found.url, found.fetched, found.number, found.record)
            quotes = _find(make_scanner(layouts).scan(found.blocks), origin, on_malformed, strict)
            fetched = datetime.fromisoformat(found.fetched) if found.fetched else None
            yield Document(found.number, found.url or None, fetched, found.record or None, quotes)


def _find(
    passages: "Iterable[Passage | LayoutPassage]", origin: Origin, on_malformed: OnMalformed, strict: bool
) -> Iterator[Quote]:
    with naming(origin.file):
        for passage in passages:
            for item in passage.in_order(origin) if on_malformed or strict else passage.quotes(origin):
                if isinstance(item, Quote):
                    yield item
                    continue
                if on_malformed:
                    on_malformed(item)
                if strict:
                    raise MalformedError(item)
