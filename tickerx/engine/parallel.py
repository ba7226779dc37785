"""Regular files read by several processes, in parts or several at once; what comes of them keeps its order."""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import Extraction, Result, extract, merge
from tickerx.inputs.files import FilePart, Part, UnreadableError, find_parts, open_file
from tickerx.outputs.display import file_name
from tickerx.system.process import end_if_alone

if TYPE_CHECKING:
    from tickerx.system.workers import Worker

__all__ = ["Source", "cores", "run"]

PART = 1 << 20
"""Bytes that a process reads for one result, about."""

BATCH = 256
"""How many files one process is given at once, at most."""


class Piece(NamedTuple):
    """A regular file, or a part of one."""

    path: str
    part: Part | None = None


Source = str | Result | None
"""The path of an input, or the result that stands in its place; None where it is not known yet what comes next."""

Task = list[Piece] | Source
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
    crew = _Crew(partial(_work, extraction), jobs)
    try:
        tasks = _plan(sources, may_cut="line" not in extraction.names)
        yield from _join(_read_tasks(extraction, tasks, crew, read_here))
    finally:
        crew.end()


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
            yield batch
            batch, room = [], PART
        if not isinstance(source, str) or size < 0:
            yield source
        elif size >= 2 * PART:
            parts = _parts(source) if may_cut else []
            yield from ([part] for part in parts) if len(parts) > 1 else (source,)
    if batch:
        yield batch


def _regular_size(source: Source) -> int:
    """Return the size of a regular file in bytes, or -1 where the source is none, or cannot be opened."""
    if not isinstance(source, str) or source == "-":
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


def _read_tasks(
    extraction: Extraction, tasks: Iterable[Task], crew: "_Crew", read_here: Callable[[Source], Iterator[Result]]
) -> Iterator[Result]:
    """Yield the results of tasks in their order. What has nothing beside it is no work for another process."""
    held: list[Piece] = []
    for task in chain(tasks, [None]):
        if held and (isinstance(task, list) or crew.busy):
            yield from crew.read(held)
        else:
            for piece in held:
                yield from _read_piece(extraction, piece) if piece.part else read_here(piece.path)
        held = []
        if isinstance(task, list):
            held = task
        else:
            yield from crew.finish()
            yield from read_here(task)


class _Crew:
    """The processes that read for this one. They are started when there is work for them."""

    def __init__(self, work: Callable[[list[Piece]], list[Result]], size: int) -> None:
        self.busy: deque[Worker[list[Piece], list[Result]]] = deque()
        self._idle: deque[Worker[list[Piece], list[Result]]] = deque()
        self._work = work
        self._size = size

    def read(self, task: list[Piece]) -> list[Result]:
        """Give a task to a process, and return what has come of the one that it has done before, if any."""
        results = self._free_one()
        if not self._idle:
            return self._work(task)
        self._idle[0].send(task)
        self.busy.append(self._idle.popleft())
        return results

    def finish(self) -> Iterator[Result]:
        """Yield what comes of all tasks that are under way."""
        while self.busy:
            yield from self._receive()

    def end(self) -> None:
        """Let all processes end. What they are at is not wanted any more."""
        for worker in self.busy:
            worker.kill()
        for worker in (*self.busy, *self._idle):
            worker.leave()

    def _free_one(self) -> list[Result]:
        """See to it that a process is idle, if there can be one: a new one or, if there are enough, the first one."""
        if not self._idle and len(self.busy) < self._size:
            from tickerx.system.workers import Worker  # loaded only where several processes are used

            try:
                self._idle.append(Worker(self._work, list(self.busy)))
            except OSError:
                self._size = len(self.busy)  # the system has no room for more
        return [] if self._idle or not self.busy else self._receive()

    def _receive(self) -> list[Result]:
        results = self.busy[0].receive()
        self._idle.append(self.busy.popleft())
        return results


def _work(extraction: Extraction, pieces: list[Piece]) -> list[Result]:
    """Return what comes of each piece. This is what the other processes run."""
    return [merge(_read_piece(extraction, piece), extraction) for piece in pieces]


def _read_piece(extraction: Extraction, piece: Piece) -> Iterator[Result]:
    name, part = file_name(piece.path), piece.part
    is_end = part is None or part.end is None
    try:
        with open_file(piece.path) as file:
            source = file if part is None else FilePart(file, part)
            for result in extract(extraction, name, source, part is None or part.start == 0, is_end):
                yield result
                end_if_alone()
    except (OSError, UnreadableError) as error:
        yield Result(name, error=error, is_end=is_end)


def _join(results: Iterable[Result]) -> Iterator[Result]:
    """Yield the results of the parts of files as those of whole files: lines go on, and nothing follows an error."""
    line, failed = 0, False
    for result in results:
        if not failed:
            reports = tuple(report.moved(line) for report in result.reports)
            yield result._replace(reports=reports, is_end=result.is_end or result.error is not None)
        line = 0 if result.is_end else line + result.lines
        failed = not result.is_end and (failed or result.error is not None)
