"""The library: the quotes of a text or a file, read as the command reads them."""

import io
import os
from collections.abc import Callable, Iterable, Iterator

from tickerx.engine.passage import Passage
from tickerx.engine.scanner import scan
from tickerx.grammar.reports import Malformed, MalformedError
from tickerx.inputs.documents import DamagedError, Trouble
from tickerx.inputs.files import BinaryFile, open_file
from tickerx.inputs.read import read_documents
from tickerx.quote import Quote

__all__ = ["find", "read"]


def find(
    text: str, *, on_malformed: Callable[[Malformed], object] | None = None, strict: bool = False
) -> Iterator[Quote]:
    """Return the quotes of a text, in its order. Their file is None; lone surrogates count as invalid bytes.

    Text that looks like a damaged quote is passed over, unless ``on_malformed`` is given, which is called with each
    such span after the quotes before it, or ``strict`` is true.

    Raises `MalformedError` at the first such span if ``strict`` is true, and `TypeError` for anything but a str.
    """
    if not isinstance(text, str):
        raise TypeError(
            f"find() takes a str, not {type(text).__name__}; read() takes a path or a file opened for bytes"
        )
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        content = text.encode("utf-8", "replace")  # a surrogate is not part of any quote, nor is "?"
    return _find(scan([content]), None, on_malformed, strict)


def read(
    source: str | os.PathLike[str] | BinaryFile,
    *,
    on_malformed: Callable[[Malformed], object] | None = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Return the quotes of a file, given by its path or opened for bytes, as they are read.

    The file of a quote is the path, or the name of an open file. A path is opened when the first quote is asked for,
    and closed after the last. Nothing is kept of what was read. For the rest see `find`.

    Raises `OSError` where the system cannot read, `CompressedError` for a compressed file, `ShrunkError` for a file
    that gets shorter while it is read, `MalformedError` as `find` does, and `TypeError` for any other source.
    """
    if isinstance(source, str | os.PathLike):
        return _read(source, on_malformed, strict)
    if isinstance(source, io.TextIOBase) or not hasattr(source, "read"):
        what = "a file opened for text" if isinstance(source, io.TextIOBase) else type(source).__name__
        raise TypeError(f"read() takes a path or a file opened for bytes, as by open(path, 'rb'), not {what}")
    name = getattr(source, "name", None)
    return _find(_scan(source), name if isinstance(name, str) else None, on_malformed, strict)


def _read(
    path: str | os.PathLike[str], on_malformed: Callable[[Malformed], object] | None, strict: bool
) -> Iterator[Quote]:
    with open_file(path) as file:
        yield from _find(_scan(file), os.fspath(path), on_malformed, strict)


def _scan(file: BinaryFile) -> Iterator[Passage]:
    """Yield the passages of all documents of a file. Raises `DamagedError` for what cannot be read of it."""
    for document in read_documents(file):
        if isinstance(document, Trouble):
            raise DamagedError(document)
        yield from scan(document.blocks)


def _find(
    passages: Iterable[Passage], file: str | None, on_malformed: Callable[[Malformed], object] | None, strict: bool
) -> Iterator[Quote]:
    for passage in passages:
        for item in passage.in_order(file) if on_malformed or strict else passage.quotes(file):
            if isinstance(item, Quote):
                yield item
                continue
            if on_malformed:
                on_malformed(item)
            if strict:
                raise MalformedError(item)
