"""Named inputs → results, in order, up to the row limit."""

import os
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from io import FileIO
from itertools import chain, islice

from tickerx.engine.extract import CHUNK, Extraction, Result, extract, merge
from tickerx.engine.parallel import Piece, Source, run
from tickerx.inputs.files import UnreadableError, open_file
from tickerx.inputs.folders import files_below
from tickerx.inputs.names import NEEDS_NUL, ListError, file_name, read_names
from tickerx.inputs.parts import FilePart
from tickerx.outputs.formats import WRITERS
from tickerx.system.process import STDIN
from tickerx.system.terminal import is_terminal, standard_error

__all__ = ["list_sources", "open_folders", "open_source", "read_inputs", "source_file"]

_TOGETHER = 4096
"""The most files from folders in one batch."""


def read_inputs(
    extraction: Extraction,
    sources: Iterable[list[Source]],
    jobs: int | None,
    on_read: Callable[[int], object] | None = None,
) -> Iterator[Result]:
    """Yield the results of all inputs, read by ``jobs`` processes, or one per core if that is None.

    Only this process reads rows as columns, because sending them takes longer than finding them. Each list has sources
    that are known at the same time. Inputs after the row limit are not opened.
    """
    if extraction.limit is not None:
        return _read_some(extraction, sources, extraction.limit, on_read)
    may_cut = extraction.layouts is None or extraction.layouts.may_be_cut
    here = partial(_read, extraction, on_read=on_read)
    if jobs == 1 or not extraction.format:
        return (result for source in chain.from_iterable(sources) for result in here(Piece(source)))
    separator = WRITERS[extraction.format].between.encode()
    return run(sources, jobs, extraction.form, may_cut, here, partial(_read_there, extraction, separator))


def _read_some(
    extraction: Extraction, sources: Iterable[list[Source]], limit: int, on_read: Callable[[int], object] | None
) -> Iterator[Result]:
    """Yield the results of the inputs up to the row limit. One process reads, because only it can count all rows."""
    for source in chain.from_iterable(sources) if limit else ():
        for result in _read(extraction._replace(limit=limit), Piece(source), on_read):
            yield result
            limit -= result.rows
        if not limit:
            return


def _read_there(extraction: Extraction, separator: bytes, pieces: list[Piece]) -> Iterator[list[Result]]:
    """Yield the results of pieces in batches, one result per piece unless it is large. Workers run this."""
    together: list[Result] = []
    size = 0
    for piece in pieces:
        for result in merge(_until_orphaned(_read(extraction, piece)), separator):
            together.append(result)
            size += result.size
            if size >= CHUNK:
                yield together
                together, size = [], 0
    yield together


def _until_orphaned(results: Iterable[Result]) -> Iterator[Result]:
    from tickerx.system.workers import end_if_orphaned

    for result in results:
        end_if_orphaned()
        yield result


def _read(extraction: Extraction, piece: Piece, on_read: Callable[[int], object] | None = None) -> Iterator[Result]:
    """Yield the results of an input, or of a part of one."""
    source, part, line = piece
    if source.error:
        yield Result(source.path, errors=(source.error,), is_last=True, is_end=True, is_input=False)
        return
    name = file_name(source.path)
    try:
        with open_source(source.path) as file:
            content = file if part is None else FilePart(file, part)
            yield from extract(extraction, name, content, part, line, on_read)
    except (OSError, UnreadableError) as error:
        is_end = part is None or part.end is None
        yield Result(name, errors=(error,), has_failed=True, is_last=True, is_end=is_end)


def source_file(path: str) -> str | int:
    """Return what to open for an input: its path, or the descriptor of standard input."""
    return STDIN if path == "-" else path


def open_source(path: str) -> FileIO:
    """Open an input. Raises `OSError`."""
    if path == "-" and is_terminal(STDIN):
        standard_error.tell("reading from this terminal; Ctrl-D on an empty line ends the input")
    return open_file(source_file(path))


def list_sources(path: str) -> Iterator[list[Source]]:
    """Yield the inputs named in a list file, and the errors of the list, while reading it."""
    number = 0
    try:
        with open_source(path) as file:
            for names in read_names(file):
                yield [_source(path, name, number) for number, name in enumerate(names, number + 1)]
                number += len(names)
    except (OSError, UnreadableError) as error:
        yield [Source(file_name(path), error)]


def _source(path: str, name: str, number: int) -> Source:
    """Return the input with this name, given its number in the list."""
    place = f"{file_name(path)}:{number}"
    if not name:
        return Source(place, ListError("the name of a file is empty"))
    if name == path == "-":
        return Source(place, ListError("standard input is the list; it cannot be an input too"))
    if "\n" in name and not os.path.lexists(name):
        return Source(place, ListError(f"no such file, and the name has several lines; {NEEDS_NUL}"))
    return Source(name)


def open_folders(batches: Iterable[list[Source]], is_output: Callable[[str], bool]) -> Iterator[list[Source]]:
    """Replace each folder among the inputs by the files below it, except outputs."""
    for batch in batches:
        found = chain.from_iterable(_open_folder(source, is_output) for source in batch)
        while some := list(islice(found, _TOGETHER)):
            yield some


def _open_folder(source: Source, is_output: Callable[[str], bool]) -> Iterator[Source]:
    """Yield the files below a source that is a folder, or else the source."""
    if source.error or source.path == "-" or not os.path.isdir(source.path):
        yield source
        return
    for path, error in files_below(source.path):
        if error:
            yield Source(file_name(path), error)
        elif not is_output(path):
            yield Source(path)
