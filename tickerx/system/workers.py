"""Worker processes: each does one task at a time and sends back the answers.

`multiprocessing.Pool` and `ProcessPoolExecutor` mix threads with forks, and workers of the latter outlive a parent that
is killed. These workers need no threads, and end when their parent does.
"""

import os
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from tickerx.system.process import TROUBLE, FatalError, become_worker

__all__ = ["Worker", "WorkerLostError", "end_if_orphaned"]

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_FORKS = sys.platform == "linux"
"""Whether a worker starts as a copy of this process, with its open files. On other systems that is not safe."""


class WorkerLostError(FatalError):
    """A worker process has ended before its task."""

    def __str__(self) -> str:
        return "a worker process died; the output is incomplete"


class Worker(Generic[Task, Answer]):
    """A process that does one kind of work. It ends when its parent does."""

    def __init__(self, work: Callable[[Task], Iterable[Answer]], others: Sequence["Worker[Task, Answer]"]) -> None:
        """Start a worker besides the others. Raises `OSError` if the system has no room for one more."""
        context = get_context("fork") if _FORKS else get_context("spawn")
        self._connection, theirs = context.Pipe()
        # A forked copy of this end would keep the connection open after this process has ended.
        copies = [other._connection for other in (*others, self)] if _FORKS else []
        self._process = context.Process(target=_serve, args=(work, theirs, copies), daemon=True)
        try:
            self._process.start()
        except OSError:
            self._connection.close()
            raise
        finally:
            theirs.close()

    def send(self, task: Task) -> None:
        """Send a task to an idle worker. `receive` notices if the worker is gone."""
        with suppress(OSError):
            self._connection.send(task)

    def receive(self) -> Iterator[Answer]:
        """Yield the answers to the task as they come. Raises `WorkerLostError`, or the worker's `MemoryError`."""
        while True:
            try:
                answer: Answer | MemoryError | None = self._connection.recv()
            except (EOFError, OSError):
                raise WorkerLostError from None
            if answer is None:
                return
            if isinstance(answer, MemoryError):
                raise answer
            yield answer

    def kill(self) -> None:
        """End the worker immediately, in the middle of its task."""
        self._process.kill()

    def leave(self) -> None:
        """Give the worker no more tasks, and wait until it has ended."""
        self._connection.close()
        self._process.join()


def end_if_orphaned() -> None:
    """End this worker in the middle of its task if its parent has ended. Do nothing in any other process."""
    parent = parent_process()
    if parent and os.getppid() != parent.pid:
        os._exit(TROUBLE)


def _serve(
    work: Callable[[Task], Iterable[Answer]],
    connection: "Connection[Answer | MemoryError | None, Task]",
    copies: Sequence[Connection],
) -> None:
    """Do tasks one by one until the parent closes the connection. Workers run this."""
    become_worker()
    for copy in copies:
        copy.close()
    try:
        while True:
            task = connection.recv()
            try:
                for answer in work(task):
                    connection.send(answer)
            except MemoryError as error:
                connection.send(error)
            connection.send(None)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
