"""The library: quotes out of a text or a file, by the same reading as the command's."""

import os
from collections.abc import Callable, Iterable, Iterator

from tickerx.engine.passage import Passage
from tickerx.engine.scanner import scan
from tickerx.grammar.reports import Malformed, MalformedError
from tickerx.inputs.files import BinaryFile, open_file, read_blocks
from tickerx.quote import Quote

__all__ = ["find", "read"]


def find(
    text: str, *, on_malformed: Callable[[Malformed], object] | None = None, strict: bool = False
) -> Iterator[Quote]:
    """Yield the quotes of a text, in its order. Their file is None; lone surrogates of the text count as ill bytes.

    What commits to being a quote and is none is passed over like prose, unless ``on_malformed`` is given, which is
    called with each such span after the quotes before it have been yielded, or ``strict`` is true.

    Raises `MalformedError` for the first such span if ``strict`` is true.
    """
    try:
        content = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        content = text.encode("utf-8", "replace")  # a surrogate is not part of any quote, nor is "?"
    yield from _find(scan([content]), None, on_malformed, strict)


def read(
    source: str | os.PathLike[str] | BinaryFile,
    *,
    on_malformed: Callable[[Malformed], object] | None = None,
    strict: bool = False,
) -> Iterator[Quote]:
    """Yield the quotes of a file, given by its path or open for bytes, as they are read.

    The file of a quote is the path, or the name that an open file has. A path is opened with the first quote that is
    asked for, and closed after the last. Nothing is kept of what was read. For the rest see `find`.

    Raises `OSError` where the system cannot read, `CompressedError` for a compressed file, `ShrunkError` for one that
    is cut while it is read, and `MalformedError` as `find` does.
    """
    if isinstance(source, str | os.PathLike):
        with open_file(source) as file:
            yield from _find(scan(read_blocks(file)), os.fspath(source), on_malformed, strict)
    else:
        name = getattr(source, "name", None)
        yield from _find(scan(read_blocks(source)), name if isinstance(name, str) else None, on_malformed, strict)


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
