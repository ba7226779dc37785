"""Processes that work for this one: each is sent a task at a time, and is then asked for what has come of it."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Generic, TypeVar

from tickerx.system.process import WorkerLostError, add_worker, become_worker, remove_worker

__all__ = ["Worker"]

Task = TypeVar("Task")
Answer = TypeVar("Answer")

_FORKS = sys.platform == "linux"
"""Whether a process begins as a copy of this one, with all that is open in it. Elsewhere that is not safe."""


class Worker(Generic[Task, Answer]):
    """A process that does one kind of work. It ends when this one does."""

    def __init__(self, work: Callable[[Task], Answer], others: Sequence["Worker[Task, Answer]"]) -> None:
        """Start it, beside the others. Raises `OSError` where the system has no room for one more."""
        context = get_context("fork") if _FORKS else get_context("spawn")
        self._connection, theirs = context.Pipe()
        # A copy of an end that is this process's would keep the connection open when this one has gone.
        copies = [other._connection for other in (*others, self)] if _FORKS else []
        self._process = context.Process(target=_serve, args=(work, theirs, copies, os.getpid()), daemon=True)
        try:
            self._process.start()
        except OSError:
            self._connection.close()
            raise
        finally:
            theirs.close()
        add_worker(self._process.pid or 0)

    def send(self, task: Task) -> None:
        """Send a task to a worker that is not at one. That a worker has gone is known when it is asked."""
        with suppress(OSError):
            self._connection.send(task)

    def receive(self) -> Answer:
        """Wait for what has come of the task. Raises `WorkerLostError`, or the worker's `MemoryError`."""
        try:
            answer: Answer | MemoryError = self._connection.recv()
        except (EOFError, OSError):
            raise WorkerLostError from None
        if isinstance(answer, MemoryError):
            raise answer
        return answer

    def kill(self) -> None:
        """End it at once, whatever it is at."""
        self._process.kill()

    def leave(self) -> None:
        """Let it end, since it has nothing more to do, and wait for that."""
        self._connection.close()
        self._process.join()
        remove_worker(self._process.pid or 0)


def _serve(
    work: Callable[[Task], Answer],
    connection: "Connection[Answer | MemoryError, Task]",
    copies: Sequence[Connection],
    parent: int,
) -> None:
    """Do one task after the other, until there is nobody to work for. This is what a worker runs."""
    become_worker(parent)
    for copy in copies:
        copy.close()
    try:
        while True:
            task = connection.recv()
            try:
                connection.send(work(task))
            except MemoryError as error:
                connection.send(error)
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return
