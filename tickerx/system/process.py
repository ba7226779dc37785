"""The process: its descriptors, signals, exit statuses, its workers, and the files that it has begun and not finished.

`run` is the one way in: whatever ends the command, it ends the process as its caller expects, and leaves no unfinished
file behind. `Output` is the one way out, with `tell` for messages and `show` for a line that passes. Nothing else
writes to a descriptor, and nothing is buffered: what has been written is out, and what could not be is known at once.
"""

import errno
import os
import re
import select
import signal
import stat
from codecs import lookup
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from locale import getencoding
from typing import NoReturn

from tickerx.outputs.display import escaped, file_name

__all__ = [
    "DONE",
    "FAILED_CHECK",
    "STDERR",
    "STDIN",
    "STDOUT",
    "TROUBLE",
    "FatalError",
    "Output",
    "WorkerLostError",
    "WriteError",
    "add_worker",
    "become_worker",
    "can_erase",
    "end_if_alone",
    "erase",
    "error_width",
    "finish",
    "is_terminal",
    "open_output",
    "remove_worker",
    "run",
    "show",
    "standard_output",
    "tell",
    "terminal_is_utf8",
    "terminal_width",
]

DONE = 0
FAILED_CHECK = 1
TROUBLE = 2

STDIN, STDOUT, STDERR = 0, 1, 2

# Windows has no SIGHUP and no SIGPIPE, gives no file away, and holds no signal.
_ENDING_SIGNALS = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
_CLOSED_PIPE = getattr(signal, "SIGPIPE", None)
_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)
_HOLDS_SIGNALS = hasattr(signal, "pthread_sigmask")
_GIVES_FILES = hasattr(os, "fchown") and hasattr(os, "fchmod")
_STREAMS = {"/dev/stdin": STDIN, "/dev/stdout": STDOUT, "/dev/stderr": STDERR}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")
_ERASE = b"\r\x1b[2K"
_unfinished: set[str] = set()
_workers: set[int] = set()
_parent: list[int] = []
"""The process that this one works for, if it is a worker."""
_has_line = False
"""Whether a line stands on standard error that is still to be erased."""


class FatalError(Exception):
    """The run cannot go on."""


class WorkerLostError(FatalError):
    """A process that works for this one has ended before its work."""

    def __str__(self) -> str:
        return "a process that read a part of the input has gone; the output is not complete"


class WriteError(FatalError):
    """Something could not be written, for the reason that the system gives. The name is empty for standard output."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{escaped(self.name)}: {self.reason}" if self.name else f"write error: {self.reason}"


class Output:
    """Where text goes: an open descriptor or, with a temporary file, a target that is replaced whole or not at all."""

    def __init__(self, descriptor: int, name: str = "", temporary: str = "", target: str = "") -> None:
        self._descriptor = descriptor
        self._name = name
        self._temporary = temporary
        self._target = target
        self._identity = _identity(target if temporary else descriptor)
        self._is_terminal = is_terminal(descriptor)

    @property
    def is_replacement(self) -> bool:
        """Whether a file is written that takes the place of another one in the end."""
        return bool(self._temporary)

    def is_also(self, file: str | int) -> bool:
        """Say whether a path or a descriptor is the file that is written; only regular files can be."""
        return self._identity is not None and self._identity == _identity(file)

    def clashes(self, other: "Output") -> bool:
        """Say whether the other one writes to the same place; devices take what comes."""
        if self._target or other._target:
            return self._target == other._target or self.is_also(other._target or other._descriptor)
        ours, theirs = os.fstat(self._descriptor), os.fstat(other._descriptor)
        return os.path.samestat(ours, theirs) and not stat.S_ISCHR(ours.st_mode)

    def write(self, content: bytes) -> None:
        """Write all the bytes. Raises `WriteError`.

        What is written is never held back, so that a row is out before the next one is read. A reader that has gone
        ends the process.
        """
        with self._errors():
            if _has_line and self._is_terminal:
                erase()
            _write_all(self._descriptor, content)

    def close(self, complete: bool) -> None:
        """End the writing, with all of it on the disk if it is complete. Raises `WriteError`."""
        with self._errors():
            if self._temporary and complete:
                os.fsync(self._descriptor)
            os.close(self._descriptor)

    def replace(self) -> None:
        """Put what was written in the place of its target, if it has one, in one step. Raises `WriteError`."""
        if self._temporary:
            with self._errors(), _signals_held():
                os.replace(self._temporary, self._target)
                _unfinished.remove(self._temporary)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            _die(_CLOSED_PIPE)
        except OSError as error:
            raise WriteError(self._name, error.strerror or str(error)) from None


def finish(outputs: Sequence[Output], complete: bool) -> None:
    """End all writing; targets are replaced if all is complete, else left as they were. Raises `WriteError`.

    None is replaced before the others have been written to their end, so that one that fails leaves all as they were.
    """
    for output in outputs:
        output.close(complete)
    if complete:
        for output in outputs:
            output.replace()


def open_output(path: str) -> Output:
    """Open a file for writing. Raises `WriteError`.

    A regular file, or one that is not there yet, is written beside its place and put there by `Output.replace`, through
    symbolic links and with its old mode and owner. Anything else, as a FIFO or a device, is written straight.
    """
    try:
        return _open_descriptor(path) or _open_replacement(path)
    except OSError as error:
        raise WriteError(file_name(path) or "''", error.strerror or str(error)) from None


def _open_descriptor(path: str) -> Output | None:
    """Open what is there to be written to and is no regular file. Raises `OSError`."""
    found = _DESCRIPTOR.fullmatch(path)
    stream = int(found[1]) if found else _STREAMS.get(path)
    if stream is not None:
        return Output(os.dup(stream), file_name(path))
    if not os.path.exists(path) or stat.S_ISREG(os.stat(path).st_mode):
        return None
    return Output(os.open(path, os.O_WRONLY), file_name(path))


def _open_replacement(path: str) -> Output:
    """Open a temporary file beside the target of a path. Raises `OSError`."""
    try:
        old = os.stat(path)
    except FileNotFoundError:
        old = None
    if old and not os.access(path, os.W_OK):  # pragma: no cover - root is denied nothing
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    if not path:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if path.endswith("/"):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    import tempfile  # it takes a third of the start-up, and only this needs it

    target = os.path.realpath(path)
    with _signals_held():
        descriptor, temporary = tempfile.mkstemp(prefix=".tickerx-", dir=os.path.dirname(target))
        _unfinished.add(temporary)
    if _GIVES_FILES:
        if old:
            with suppress(PermissionError):
                os.fchown(descriptor, old.st_uid, old.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode) if old else 0o666 & ~_umask())
    return Output(descriptor, file_name(path), temporary, target)


def standard_output() -> Output:
    """Return standard output."""
    return Output(STDOUT)


def is_terminal(descriptor: int) -> bool:
    """Say whether a descriptor is a terminal."""
    return os.isatty(descriptor)


def terminal_width(descriptor: int) -> int:
    """Return how many columns a terminal has, `COLUMNS` before its own; 0 where neither says."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    return columns if columns > 0 else os.get_terminal_size(descriptor).columns


def terminal_is_utf8() -> bool:
    """Say whether a terminal shows UTF-8, by the locale."""
    return lookup(getencoding()).name == "utf-8"


def tell(message: str) -> None:
    """Write a message to standard error, in one piece. One that cannot be written changes nothing."""
    erase()
    with suppress(OSError):
        _write_all(STDERR, f"tickerx: {message}\n".encode("utf-8", "backslashreplace"))


def can_erase() -> bool:
    """Say whether standard error is a terminal on which a line can be shown and erased."""
    return is_terminal(STDERR) and os.environ.get("TERM") != "dumb"


def error_width() -> int:
    """Return how many columns standard error has, 80 where that is not known."""
    try:
        return os.get_terminal_size(STDERR).columns or 80
    except OSError:  # the terminal has gone
        return 80


def show(line: str) -> None:
    """Show a line on standard error in the place of the one before it, till something is told or the process ends."""
    global _has_line
    _has_line = True
    with suppress(OSError):
        _write_all(STDERR, _ERASE + line.encode("utf-8", "backslashreplace"))


def erase() -> None:
    """Erase the line that stands on standard error, if one does."""
    global _has_line
    if _has_line:
        with suppress(OSError):
            _write_all(STDERR, _ERASE)
        _has_line = False


def run(command: Callable[[], int]) -> NoReturn:
    """Run the command and end the process with the status that it returns, or as its caller expects otherwise.

    A signal ends it by that signal. A write that fails and memory that runs out end it with one message and 2. However
    it ends, unfinished files and a line that stands are removed, and what they were to replace is as it was. A
    descriptor that was closed fails where it is used, and is never a file that is opened later.
    """
    _occupy_closed_descriptors()
    for number in _ENDING_SIGNALS:
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, frame: _die(number))
    try:
        status = command()
    except FatalError as error:
        tell(str(error))
        status = TROUBLE
    except MemoryError:
        tell(os.strerror(errno.ENOMEM))
        status = TROUBLE
    finally:
        _clear_up()
    # All is written and closed. To take the interpreter apart would take as long as to read a page.
    os._exit(status)


def add_worker(number: int) -> None:
    """Note a process that works for this one, and must not outlive it."""
    _workers.add(number)


def remove_worker(number: int) -> None:
    """Note that a worker has ended."""
    _workers.discard(number)


def become_worker(parent: int) -> None:
    """Make a copy of a process one that works for it: with none of its handlers, workers and unfinished files."""
    _parent.append(parent)
    _workers.clear()
    _unfinished.clear()
    for number in _ENDING_SIGNALS:
        # A terminal sends an interrupt to all processes at once; the parent's end is what matters then.
        if number == signal.SIGINT or signal.getsignal(number) == signal.SIG_IGN:
            signal.signal(number, signal.SIG_IGN)
        else:
            signal.signal(number, signal.SIG_DFL)


def end_if_alone() -> None:
    """End a worker in the middle of its work when the process has gone that it works for."""
    if _parent and os.getppid() != _parent[0]:
        os._exit(TROUBLE)


def _occupy_closed_descriptors() -> None:
    """Open the closed ones of descriptors 0 to 2 so that they fail when used, and are no file that is opened later."""
    for descriptor in (STDIN, STDOUT, STDERR):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_WRONLY if descriptor == STDIN else os.O_RDONLY)


def _write_all(descriptor: int, content: bytes) -> None:
    """Write bytes to their end, waiting for room where the descriptor itself does not wait. Raises `OSError`."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


def _die(number: int | None) -> NoReturn:
    """End the process by a signal, as if nothing had been there to catch it, or in silence where there is none."""
    _clear_up()
    if number is None:
        raise SystemExit(TROUBLE)
    signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    raise SystemExit(128 + number)  # where the signal is blocked


def _clear_up() -> None:
    """End the workers, and remove the files that are unfinished and the line that stands."""
    for worker in _workers:  # pragma: no cover - there are some where a signal ends the process, and coverage with it
        with suppress(OSError):
            os.kill(worker, _KILL)
    _workers.clear()
    for path in _unfinished:
        with suppress(OSError):
            os.unlink(path)
    _unfinished.clear()
    erase()


@contextmanager
def _signals_held() -> Iterator[None]:
    """Let no signal come between two steps that belong together: no temporary file is ever unknown to `run`."""
    if not _HOLDS_SIGNALS:
        yield
        return
    held = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)


def _identity(file: str | int) -> tuple[int, int] | None:
    """Return device and inode of a regular file, by its path or descriptor; None if nothing can be said of it."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
