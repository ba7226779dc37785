"""The inputs that are named, on the command line or on a list, and what comes of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from io import FileIO
from itertools import chain

from tickerx.command.options import Options
from tickerx.engine.extract import Extraction, Result, extract
from tickerx.engine.parallel import Source, cores
from tickerx.engine.parallel import run as run_jobs
from tickerx.inputs.files import ListError, UnreadableError, open_file, read_names
from tickerx.outputs.display import file_name
from tickerx.system import process

__all__ = ["IS_ALSO_OUTPUT", "read_sources", "source_file"]

IS_ALSO_OUTPUT = "this input is also the output; write to another file"


def _checked(sources: Iterable[Source], outputs: Sequence[process.Output]) -> Iterator[Source]:
    """Yield the inputs. Raises `process.WriteError` if one is an output too, as one from a list may be."""
    for source in sources:
        if isinstance(source, str) and any(output.is_also(source_file(source)) for output in outputs):
            raise process.WriteError(file_name(source), IS_ALSO_OUTPUT)
        yield source


def read_sources(
    options: Options,
    extraction: Extraction,
    outputs: Sequence[process.Output],
    on_read: Callable[[int], object] | None,
) -> Iterator[Result]:
    """Return what comes of all inputs. Those that are not needed to have as many rows as are wanted are not opened."""
    sources = _checked(options.sources if options.files0_from is None else _listed(options.files0_from), outputs)
    if extraction.limit is None:
        read_here = partial(_read_here, extraction, on_read=on_read)
        # Columns that are held take longer to hand over than to find.
        jobs = options.jobs or (cores() if extraction.format else 1)
        return run_jobs(extraction, sources, jobs, read_here)
    return chain(
        _read_some(extraction, sources, extraction.limit, on_read),
        _passed_over(sources if any(output.is_replacement for output in outputs) else ()),
    )


def _read_some(
    extraction: Extraction, sources: Iterable[Source], limit: int, on_read: Callable[[int], object] | None
) -> Iterator[Result]:
    """Yield what comes of the inputs up to the last row that is wanted; one process alone knows which that is."""
    for source in sources if limit else ():
        for result in _read_here(extraction._replace(limit=limit), source, on_read):
            yield result
            limit -= result.rows
        if not limit:
            return


def _passed_over(sources: Iterable[Source]) -> Iterator[Result]:
    """Take the inputs that are not needed, so that one that is also an output is met; nothing comes of them."""
    for _ in sources:
        yield from ()


def _read_here(extraction: Extraction, source: Source, on_read: Callable[[int], object] | None) -> Iterator[Result]:
    """Yield what comes of an input that this process reads."""
    if not isinstance(source, str):
        yield from () if source is None else (source,)
        return
    name = file_name(source)
    try:
        with _open(source) as file:
            yield from extract(extraction, name, file, on_read=on_read)
    except OSError as error:
        yield Result(name, error=error, is_end=True)


def source_file(path: str) -> str | int:
    """Return what an input is opened by."""
    return process.STDIN if path == "-" else path


def _open(path: str) -> FileIO:
    """Open an input. Raises `OSError`."""
    if path == "-" and process.is_terminal(process.STDIN):
        process.tell("reading standard input, which is this terminal; Ctrl-D on a line of its own ends it")
    return open_file(source_file(path))


def _listed(path: str) -> Iterator[Source]:
    """Yield the inputs that a list names, and what is wrong with the list."""
    name = file_name(path)
    try:
        with _open(path) as file:
            number = 0
            for names in read_names(file):
                for listed in names:
                    number += 1
                    reason = _fault(listed, path)
                    yield Result(f"{name}:{number}", error=ListError(reason), is_end=True) if reason else listed
                yield None
    except (OSError, UnreadableError) as error:
        yield Result(name, error=error, is_end=True)


def _fault(listed: str, path: str) -> str:
    """Return what is wrong with a name on a list."""
    if not listed:
        return "a name of a file is empty"
    return "standard input is the list, and no input" if listed == path == "-" else ""
