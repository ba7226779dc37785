"""Regular files read by several processes, in parts or several at once; what comes of them keeps its order."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain, islice
from typing import NamedTuple

from tickerx.display import file_name
from tickerx.extract import Extraction, Result, extract, merge
from tickerx.inputs import FilePart, find_parts, open_file

__all__ = ["Source", "cores", "run"]

PART = 1 << 20
"""Bytes that a process reads for one result, about."""

BATCH = 256
"""How many files one process is given at once, at most."""


class Piece(NamedTuple):
    """A regular file, or a part of one."""

    path: str
    part: tuple[int, int | None, int] | None = None
    """A part as `find_parts` gives it; None for all of the file."""


Source = str | Result
"""The path of an input, or the result that stands in its place."""

Task = tuple[Piece, ...] | Source
"""Pieces for one process; or a source for this one: no regular file, or a long one that cannot be cut."""


def cores() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def run(
    extraction: Extraction, sources: Iterable[Source], jobs: int, read_here: Callable[[Source], Iterator[Result]]
) -> Iterator[Result]:
    """Yield what comes of the inputs, in their order, by that many processes if there is work for more than one.

    ``read_here`` reads an input in this process. Raises `process.WorkerLostError`, or `MemoryError`.
    """
    if jobs == 1:
        yield from chain.from_iterable(map(read_here, sources))
        return
    tasks = _plan(sources, may_cut="line" not in extraction.names)
    first = list(islice(tasks, 2))
    if len(first) == 2:
        yield from _join(_run(extraction, chain(first, tasks), jobs, read_here))
        return
    for task in first:
        for source in [task] if isinstance(task, Source) else [piece.path for piece in task]:
            yield from read_here(source)


def _plan(sources: Iterable[Source], may_cut: bool) -> Iterator[Task]:
    """Yield tasks of about `PART` bytes each, in the order of the inputs."""
    batch: list[Piece] = []
    room = PART
    for source in sources:
        size = _regular_size(source)
        if isinstance(source, str) and 0 <= size < 2 * PART:
            batch.append(Piece(source))
            room -= size
        if batch and (room <= 0 or len(batch) == BATCH or not 0 <= size < 2 * PART):
            yield tuple(batch)
            batch, room = [], PART
        if isinstance(source, Result) or size < 0:
            yield source
        elif size >= 2 * PART:
            parts = _parts(source) if may_cut else []
            yield from ((part,) for part in parts) if len(parts) > 1 else (source,)
    if batch:
        yield tuple(batch)


def _regular_size(source: Source) -> int:
    """Return the size of a regular file in bytes, or -1 where the source is none, or cannot be opened."""
    if isinstance(source, Result) or source == "-":
        return -1
    try:
        status = os.stat(source)
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def _parts(path: str) -> list[Piece]:
    try:
        with open_file(path) as file:
            return [Piece(path, part) for part in find_parts(file, PART)]
    except OSError:
        return []  # and reading it here tells why


def _run(
    extraction: Extraction, tasks: Iterable[Task], jobs: int, read_here: Callable[[Source], Iterator[Result]]
) -> Iterator[Result]:
    """Yield the results of tasks in their order. Each process is at one task, or waits to be asked for its results."""
    from tickerx import workers  # loaded only where several processes are used

    work = partial(_work, extraction)
    started = workers.start(jobs, work)
    idle, busy = deque(started), deque[workers.Worker[tuple[Piece, ...], list[Result]]]()
    try:
        for task in tasks:
            if isinstance(task, Source):
                while busy:
                    idle.append(busy.popleft())
                    yield from idle[-1].receive()
                yield from read_here(task)
            elif not started:
                yield from work(task)
            else:
                results = []
                if not idle:
                    idle.append(busy.popleft())
                    results = idle[0].receive()
                busy.append(idle.popleft())
                busy[-1].send(task)
                yield from results
        for worker in busy:
            yield from worker.receive()
    finally:
        for worker in started:
            worker.leave()
        for worker in started:
            worker.wait()


def _work(extraction: Extraction, pieces: tuple[Piece, ...]) -> list[Result]:
    """Return what comes of each piece. This is what the other processes run."""
    return [merge(_read_piece(extraction, piece), extraction) for piece in pieces]


def _read_piece(extraction: Extraction, piece: Piece) -> Iterator[Result]:
    name = file_name(piece.path)
    try:
        with open_file(piece.path) as file:
            if piece.part is None:
                yield from extract(extraction, name, file)
            else:
                start, end, _ = piece.part
                part = FilePart(file, *piece.part)
                yield from extract(extraction, name, part, is_start=start == 0, is_end=end is None)
    except OSError as error:
        yield Result(name, error=error, is_end=True)


def _join(results: Iterable[Result]) -> Iterator[Result]:
    """Yield the results of the parts of files as those of whole files: lines go on, and nothing follows an error."""
    line, failed = 0, False
    for result in results:
        if not failed:
            reports = tuple(report.moved(line) for report in result.reports)
            yield result._replace(reports=reports, is_end=result.is_end or result.error is not None)
        line = 0 if result.is_end else line + result.lines
        failed = not result.is_end and (failed or result.error is not None)
