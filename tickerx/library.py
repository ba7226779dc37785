"""The library: read the quotes in a text, a file or the documents of a crawl, as the command does."""

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import make_scanner
from tickerx.grammar.reports import Malformed, MalformedError
from tickerx.inputs.documents import DamagedError, Trouble, pass_over
from tickerx.inputs.files import BinaryFile, naming, open_file
from tickerx.inputs.names import file_name
from tickerx.inputs.read import KINDS, Form
from tickerx.inputs.read import read_documents as read_inputs
from tickerx.quote import Origin, Quote

if TYPE_CHECKING:
    from tickerx.engine.layout_passage import LayoutPassage
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.engine.passage import Passage
    from tickerx.layouts.layout import Layout

__all__ = [
    "Document",
    "LayoutNameError",
    "Source",
    "check_source",
    "compile_layouts",
    "find",
    "input_form",
    "read",
    "read_documents",
    "read_layout_option",
]

Source = str | os.PathLike[str] | BinaryFile
OnMalformed = Callable[[Malformed], object] | None
OnDamaged = Callable[[DamagedError], object] | None


class Document(NamedTuple):
    """One page of an input, with its quotes. A plain file is one document."""

    number: int
    """Its number in the input, from 1."""
    url: str | None
    """Its address, or None if the input does not have it."""
    fetched: datetime | None
    """When it was fetched, in UTC."""
    record: str | None
    """Its identifier in the input: WARC-Record-ID, or the ``id`` of a line of JSON Lines."""
    quotes: Iterator[Quote]
    """Its quotes. Read them once, before you go on to the next document."""


def find(
    text: str,
    *,
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Return the quotes in a text, in order. Their file is None. Lone surrogates count as invalid bytes.

    Text that looks like a damaged quote is skipped. If you give a function as ``on_malformed``, it is called with each
    such span, after the quotes in front of it. If ``strict`` is true, the first such span raises `MalformedError`.

    ``layouts`` replaces the built-in layout. It is a list of layouts as text, layouts from `compile_layout`, and the
    names "words", for the built-in layout, and "cells". The first layout that fits a line reads it.

    Raises `LayoutError` for an invalid layout, and `TypeError` for anything but a str.
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
    """Return the layouts to read with, or None for only the built-in one. Raises `LayoutError` and `TypeError`."""
    if isinstance(given, str):
        raise TypeError("layouts must be a list: layouts=[LAYOUT]")
    if given is None or all(one == "words" for one in given):
        return None
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.layouts.files import RESERVED, shipped_layouts
    from tickerx.layouts.layout import Layout, compile_layout

    fields: list[Layout] = []
    for one in given:
        if isinstance(one, Layout):
            fields.append(one)
        elif not isinstance(one, str):
            raise TypeError(f"layouts has texts and layouts from compile_layout(), not {type(one).__name__}")
        else:
            fields += shipped_layouts(one) if one in RESERVED else [compile_layout(one)]
    return Layouts(tuple(fields), has_words="words" in given)


class LayoutNameError(ValueError):
    """A text that should name a layout, and does not."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        from tickerx.layouts.files import RESERVED

        return (
            f"{file_name(self.given)!r} is not a layout: a layout has fields such as {{price}}. "
            f"A file of layouts ends in {_SUFFIX}; {' and '.join(RESERVED)} are names of layouts."
        )


_SUFFIX = ".toml"


def read_layout_option(given: str, decimal: str | None = None, unsigned: str | None = None) -> "list[Layout]":
    """Return the layouts that an option names: a text with fields, a file of layouts, or the name of shipped ones.

    ``decimal`` and ``unsigned`` belong to a text with fields. Raises `LayoutError`, `LayoutNameError`,
    `LayoutFileError`, `UnicodeDecodeError` and `OSError`.
    """
    from tickerx.layouts.files import RESERVED, read_layouts, shipped_layouts
    from tickerx.layouts.layout import compile_layout

    if given in RESERVED:
        return shipped_layouts(given)
    if given.endswith(_SUFFIX) and (os.path.exists(given) or "{" not in given):
        with open(given, encoding="utf-8") as file:
            return read_layouts(file.read(), file_name(given))
    if "{" not in given:
        raise LayoutNameError(given)
    return [compile_layout(given, decimal=decimal or ".", unsigned=unsigned)]


def read(
    source: Source,
    *,
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    on_damaged: OnDamaged = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Yield the quotes in a file while reading it. The file is a path, or a file opened for bytes.

    The attribute ``file`` of a quote is the path, or the name of an open file. A path is opened when you ask for the
    first quote, and closed after the last one. Memory does not grow with the file. For the other arguments, see
    `read_documents` and `find`.
    """
    documents = read_documents(
        source, kind=kind, layouts=layouts, on_malformed=on_malformed, on_damaged=on_damaged, strict=strict
    )
    return (quote for document in documents for quote in document.quotes)


def read_documents(
    source: Source,
    *,
    kind: str = "auto",
    layouts: "Sequence[str | Layout] | None" = None,
    on_malformed: OnMalformed = None,
    on_damaged: OnDamaged = None,
    strict: bool = False,
) -> Iterator[Document]:
    """Yield the documents of a file while reading it, including those without quotes.

    The file is a path, or a file opened for bytes. ``kind`` says what it is: "text", "html", "warc", "jsonl" or
    "parquet"; "auto" detects it. If you give a function as ``on_damaged``, it is called with a `DamagedError` for each
    document that cannot be read in full, and reading goes on; without it, the first one is raised.

    Raises `OSError` if the system cannot read the file. Raises a subclass of `UnreadableError` for a file of the wrong
    kind (`RefusedError`), damaged data (`CompressedError`, `DamagedError`), a page that is nested too deeply
    (`PageError`), or a file that shrinks during reading (`ShrunkError`). Raises `MalformedError` as `find` does,
    `TypeError` for any other source, and `ValueError` for any other kind.
    """
    check_source(source, "read() takes a path or a file")
    fields = compile_layouts(layouts)
    return _read_documents(source, input_form(kind, fields), fields, on_malformed, on_damaged, strict)


def check_source(source: object, taken: str) -> None:
    """Raise `TypeError` for anything but a path or a file opened for bytes."""
    is_text = isinstance(source, io.TextIOBase)
    if is_text or not (isinstance(source, str | os.PathLike) or hasattr(source, "read")):
        what = "a file opened for text" if is_text else type(source).__name__
        remedy = "; io.BytesIO makes a file of bytes" if isinstance(source, bytes | bytearray) else ""
        raise TypeError(f"{taken} opened for bytes, as by open(path, 'rb'), not {what}{remedy}")


def input_form(kind: str, layouts: "Layouts | None") -> Form:
    """Return the form of inputs of a kind. Raises `ValueError` for an unknown kind."""
    if kind not in KINDS:
        raise ValueError(f"kind {kind!r} is not one of {', '.join(map(repr, KINDS))}")
    return layouts.adapt(Form(kind)) if layouts else Form(kind)


def _read_documents(
    source: Source,
    form: Form,
    layouts: "Layouts | None",
    on_malformed: OnMalformed,
    on_damaged: OnDamaged,
    strict: bool,
) -> Iterator[Document]:
    name = os.fspath(source) if isinstance(source, str | os.PathLike) else getattr(source, "name", None)
    named = name if isinstance(name, str) else None
    with naming(named), open_file(source) if isinstance(source, str | os.PathLike) else nullcontext(source) as file:
        for found in read_inputs(file, form):
            if isinstance(found, Trouble):
                pass_over(found, named, on_damaged)
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
