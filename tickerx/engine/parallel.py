"""Read inputs with several processes: small files several at a time, large ones in parts. Results keep their order.

A worker sends its results in chunks. It sends the next chunk only after this process has read the last one; this
process takes them in the order of the inputs.
"""

import os
import stat
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from itertools import chain, pairwise
from typing import TYPE_CHECKING, NamedTuple

from tickerx.engine.extract import Result
from tickerx.grammar.parser import count_lines
from tickerx.inputs.files import open_file
from tickerx.inputs.parts import Part, find_parts
from tickerx.inputs.read import Form

if TYPE_CHECKING:
    from tickerx.system.workers import Worker

__all__ = ["PART", "Piece", "Source", "cores", "quota", "run"]

PART = 1 << 20
"""About how many bytes a worker reads for one result."""

BATCH = 256
"""The most files in one task."""


class Source(NamedTuple):
    """The path of an input; or, with an error, a place in a list that does not name an input."""

    path: str
    error: Exception | None = None


class Piece(NamedTuple):
    """An input, or a part of a regular file."""

    source: Source
    part: Part | None = None
    line: int = 1
    """The line of the input on which it begins."""


class _Task(NamedTuple):
    """Pieces to read in one process."""

    pieces: list[Piece]
    is_shared: bool
    """Whether any process can read them. Only this one reads inputs that are not regular files."""


def cores() -> int:
    """Return how many processors this process can use, even in a container with a quota."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, quota("/sys/fs/cgroup/cpu.max") or available)


def quota(path: str) -> int | None:
    """Return how many processors a control group can use, rounded up, or None if there is no limit.

    The file has time and period in microseconds, ``150000 100000`` or ``max 100000``.
    """
    try:
        with open(path, encoding="ascii") as file:
            time, period = file.read().split()
    except OSError:
        return None
    return None if time == "max" else -(-int(time) // int(period))


def run(
    sources: Iterable[list[Source]],
    jobs: int | None,
    form: Form,
    may_cut: bool,
    read_here: Callable[[Piece], Iterator[Result]],
    read_there: Callable[[list[Piece]], Iterator[list[Result]]],
) -> Iterator[Result]:
    """Yield the results of the inputs in order, read by ``jobs`` processes if there is work for more than one.

    If ``jobs`` is None, there is one process per core. Each list has sources that are known at the same time; the next
    list can take a while. ``read_here`` reads a piece in this process, ``read_there`` several in a worker. Raises
    `workers.WorkerLostError`, or `MemoryError`.
    """
    pool = _Pool(read_there, jobs)
    try:
        for batch in sources:
            yield from _join_parts(_read_tasks(_plan(batch, form, may_cut), pool, read_here))
    finally:
        pool.end()


def _plan(sources: Iterable[Source], form: Form, may_cut: bool) -> Iterator[_Task]:
    """Yield tasks of about `PART` bytes each, in the order of the inputs."""
    batch: list[Piece] = []
    room = PART
    for source in sources:
        size = _regular_size(source)
        is_small = 0 <= size < 2 * PART
        if is_small:
            batch.append(Piece(source))
            room -= size
        if batch and (room <= 0 or len(batch) == BATCH or not is_small):
            yield _Task(batch, is_shared=True)
            batch, room = [], PART
        if size >= 2 * PART and may_cut:
            yield from _cut(source, form)
        elif not is_small:
            yield _Task([Piece(source)], is_shared=size >= 0)
    if batch:
        yield _Task(batch, is_shared=True)


def _regular_size(source: Source) -> int:
    """Return the size of a regular file in bytes, or -1 for an input that this process must read.

    Those are inputs that cannot be opened, and descriptors, whose offset other processes may share.
    """
    if source.error or source.path == "-" or source.path.startswith("/dev/"):
        return -1
    try:
        status = os.stat(source.path)
    except OSError:
        return -1
    return status.st_size if stat.S_ISREG(status.st_mode) else -1


def _cut(source: Source, form: Form) -> Iterator[_Task]:
    """Yield a task for each part of a large file."""
    line = 1
    try:
        with open_file(source.path) as file:
            for part in find_parts(file, PART, form):
                yield _Task([Piece(source, part if part.start or part.end else None, line)], is_shared=True)
                if part.end:
                    file.seek(part.start)
                    line += count_lines(file.read(part.end - part.start))
    except OSError:
        yield _Task([Piece(source)], is_shared=False)  # reading it tells why


def _read_tasks(
    tasks: Iterable[_Task], pool: "_Pool", read_here: Callable[[Piece], Iterator[Result]]
) -> Iterator[Result]:
    """Yield the results of tasks in order. A task that would run alone is done in this process."""
    nothing = _Task([], is_shared=False)
    for task, following in pairwise(chain(tasks, [nothing])):
        if task.is_shared and (following.is_shared or pool.is_busy) and pool.size > 1:
            yield from pool.read(task.pieces)
        else:
            yield from pool.finish()
            for piece in task.pieces:
                yield from read_here(piece)
    yield from pool.finish()


class _Pool:
    """Worker processes. Each is started when there is work for it."""

    def __init__(self, read: Callable[[list[Piece]], Iterator[list[Result]]], jobs: int | None) -> None:
        self._busy: deque[Worker[list[Piece], list[Result]]] = deque()
        self._idle: deque[Worker[list[Piece], list[Result]]] = deque()
        self._read = read
        self._jobs = jobs

    @cached_property
    def size(self) -> int:
        """The most workers at a time."""
        return self._jobs or cores()

    @property
    def is_busy(self) -> bool:
        return bool(self._busy)

    def read(self, pieces: list[Piece]) -> Iterator[Result]:
        """Give pieces to a worker. Yield the results of the oldest task if no worker was idle."""
        yield from self._free_one()
        if not self._idle:
            yield from chain.from_iterable(self._read(pieces))
            return
        self._idle[0].send(pieces)
        self._busy.append(self._idle.popleft())

    def finish(self) -> Iterator[Result]:
        """Yield the results of all tasks under way."""
        while self._busy:
            yield from self._receive()

    def end(self) -> None:
        """End all workers, also in the middle of a task."""
        for worker in self._busy:
            worker.kill()
        for worker in (*self._busy, *self._idle):
            worker.leave()

    def _free_one(self) -> Iterator[Result]:
        """Start a worker if there is room for one; otherwise yield the results of the oldest task."""
        if not self._idle and len(self._busy) < self.size:
            from tickerx.system.workers import Worker  # loaded only where several processes are used

            try:
                self._idle.append(Worker(self._read, list(self._busy)))
            except OSError:
                self.size = len(self._busy)  # the system has no room for more
        if not self._idle and self._busy:
            yield from self._receive()

    def _receive(self) -> Iterator[Result]:
        yield from chain.from_iterable(self._busy[0].receive())
        self._idle.append(self._busy.popleft())


def _join_parts(results: Iterable[Result]) -> Iterator[Result]:
    """Make the results of parts look like those of whole files: nothing follows an error."""
    failed = False
    for result in results:
        if not failed:
            yield result._replace(is_end=result.is_end or result.has_failed)
        failed = not result.is_end and (failed or result.has_failed)
