"""The process: exit statuses, signals, closed descriptors, and the work to do before it ends.

`run` is the only entry point: however the command ends, it ends the process as the caller expects.
"""

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NoReturn

from tickerx.system.terminal import standard_error

__all__ = [
    "DONE",
    "FAILED_CHECK",
    "STDERR",
    "STDIN",
    "STDOUT",
    "TROUBLE",
    "FatalError",
    "at_end",
    "become_worker",
    "block_signals",
    "end_by_closed_pipe",
    "run",
]

DONE = 0
FAILED_CHECK = 1
TROUBLE = 2

STDIN, STDOUT, STDERR = 0, 1, 2

# Windows has no SIGHUP and no SIGPIPE, and cannot block signals.
_ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_CLOSED_PIPE = getattr(signal, "SIGPIPE", None)
_CAN_BLOCK_SIGNALS = hasattr(signal, "pthread_sigmask")


class FatalError(Exception):
    """The run cannot go on."""


class _Ending:
    """Callbacks to run before the process ends, however it ends."""

    def __init__(self) -> None:
        self._callbacks: dict[str, Callable[[], object]] = {}

    def add(self, name: str, callback: Callable[[], object]) -> None:
        """Add a callback under a unique name, which `remove` takes."""
        self._callbacks[name] = callback

    def remove(self, name: str) -> None:
        del self._callbacks[name]

    def clear(self) -> None:
        """Remove all callbacks without running them."""
        self._callbacks.clear()

    def run(self) -> None:
        """Run all callbacks once, and erase the line shown on standard error."""
        while self._callbacks:
            _, callback = self._callbacks.popitem()
            callback()
        standard_error.erase()


at_end = _Ending()
"""The callbacks of this process, which remove temporary files."""


def run(command: Callable[[], int]) -> NoReturn:
    """Run the command and end the process with the status that it returns.

    A signal ends the process by that signal. `FatalError` and running out of memory end it with one message and status
    2. However it ends, the callbacks of `at_end` run first. If a descriptor from 0 to 2 was closed, using it fails, and
    no file opened later gets its number.
    """
    _occupy_closed_descriptors()
    for number in _ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, frame: _die(number))
    try:
        status = command()
    except FatalError as error:
        standard_error.tell(str(error))
        status = TROUBLE
    except MemoryError:
        standard_error.tell(os.strerror(errno.ENOMEM))
        status = TROUBLE
    finally:
        at_end.run()
    # Everything is written and closed. A normal shutdown of the interpreter takes as long as reading a page.
    os._exit(status)


def end_by_closed_pipe() -> NoReturn:
    """End the process because the reader of its output closed the pipe: by SIGPIPE if it exists, else silently."""
    _die(_CLOSED_PIPE)


def become_worker() -> None:
    """Drop what a forked process inherits but must not use: signal handlers and callbacks of `at_end`."""
    at_end.clear()
    for number in _ENDING_SIGNALS:
        # A terminal sends SIGINT to all processes at once; workers end when their parent does.
        if number == signal.SIGINT or signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_IGN)
        else:
            signal.signal(number, signal.SIG_DFL)


@contextmanager
def block_signals() -> Iterator[None]:
    """Delay the signals that end the process until the block ends, so that its steps happen together."""
    if not _CAN_BLOCK_SIGNALS:
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _occupy_closed_descriptors() -> None:
    """Open closed descriptors from 0 to 2 so that using them fails, and no file opened later gets their numbers."""
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if descriptor == STDIN else os.O_RDONLY)


def _die(number: int | None) -> NoReturn:
    """End the process by a signal, as if nothing had caught it, or with status 2 if there is no such signal."""
    at_end.run()
    if number is None:
        raise SystemExit(TROUBLE)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    raise SystemExit(128 + number)  # the signal is blocked
