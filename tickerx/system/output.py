"""Write to standard output, devices and pipes directly, and replace regular files as a whole or not at all.

Nothing is buffered, so a failed write is known immediately.
"""

import errno
import os
import re
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from tickerx.system.process import STDERR, STDIN, STDOUT, FatalError, at_end, block_signals, end_by_closed_pipe
from tickerx.system.terminal import is_terminal, standard_error, write_all

__all__ = ["Output", "WriteError", "finish", "open_output", "standard_output"]

# Windows cannot change the owner or the mode of an open file.
_GIVES_FILES = hasattr(os, "fchown") and hasattr(os, "fchmod")
_STREAMS = {"/dev/stdin": STDIN, "/dev/stdout": STDOUT, "/dev/stderr": STDERR}
_DESCRIPTOR = re.compile(r"/(?:dev|proc/self)/fd/([0-9]{1,9})")


class WriteError(FatalError):
    """A write failed, with the system's reason. The name is empty for standard output."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name = name
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.name}: {self.reason}" if self.name else f"write error: {self.reason}"


class Output:
    """An open descriptor or, with a temporary file, a target that is replaced as a whole or not at all."""

    def __init__(self, descriptor: int, name: str = "", temporary: str = "", target: str = "") -> None:
        self._descriptor = descriptor
        self._name = name
        self._temporary = temporary
        self._target = target
        self._written = _identity(descriptor)
        self._replaced = _identity(target) if temporary else None
        self._is_terminal = is_terminal(descriptor)

    @property
    def is_replacement(self) -> bool:
        """Whether it writes a temporary file that replaces another file at the end."""
        return bool(self._temporary)

    def is_also(self, file: str | int) -> bool:
        """Say whether a path or a descriptor is the file that is written or replaced. Only regular files can be."""
        return bool(self._written or self._replaced) and _identity(file) in {self._written, self._replaced} - {None}

    def is_written_now(self, file: str) -> bool:
        """Say whether a path is the file that is being written: standard output, or the temporary file."""
        return self._written is not None and _identity(file) == self._written

    def clashes(self, other: "Output") -> bool:
        """Say whether the other output writes to the same place. Devices can be shared."""
        if self._target or other._target:
            return self._target == other._target or self.is_also(other._target or other._descriptor)
        ours, theirs = os.fstat(self._descriptor), os.fstat(other._descriptor)
        return os.path.samestat(ours, theirs) and not stat.S_ISCHR(ours.st_mode)

    def write(self, content: bytes) -> None:
        """Write all the bytes. Raises `WriteError`.

        Nothing is buffered, so a row is out before the next one is read. If the reader of a pipe has closed it, the
        process ends.
        """
        with self._errors():
            if standard_error.has_line and self._is_terminal:
                standard_error.erase()
            write_all(self._descriptor, content)

    def close(self, complete: bool) -> None:
        """Close it, after flushing everything to disk if it is complete. Raises `WriteError`."""
        with self._errors():
            if self._temporary and complete:
                os.fsync(self._descriptor)
            os.close(self._descriptor)

    def replace(self) -> None:
        """Rename the temporary file to its target, if there is one. Raises `WriteError`."""
        if self._temporary:
            with self._errors():
                os.replace(self._temporary, self._target)
                at_end.remove(self._temporary)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except BrokenPipeError:
            end_by_closed_pipe()
        except OSError as error:
            raise WriteError(self._name, error.strerror or str(error)) from None


def finish(outputs: Sequence[Output], complete: bool) -> None:
    """Close all outputs. Replace their targets if everything is complete. Raises `WriteError`.

    Every output is flushed to disk before the first one is renamed, so a failed write leaves all old files in place.
    """
    for output in outputs:
        output.close(complete)
    if complete:
        # A signal between two renames would leave new rows beside old rejects.
        with block_signals():
            for output in outputs:
                output.replace()


def open_output(path: str, name: str) -> Output:
    """Open a file for writing; errors show ``name``. Raises `WriteError`.

    For a regular or a new file, this opens a temporary file beside it, which `Output.replace` renames. It follows
    symbolic links, and keeps the old mode and owner. It opens a FIFO or a device directly.
    """
    try:
        return _open_descriptor(path, name) or _open_replacement(path, name)
    except OSError as error:
        raise WriteError(name or "''", error.strerror or str(error)) from None


def _open_descriptor(path: str, name: str) -> Output | None:
    """Open a file that exists and is not a regular file. Raises `OSError`."""
    found = _DESCRIPTOR.fullmatch(path)
    stream = int(found[1]) if found else _STREAMS.get(path)
    if stream is not None:
        return Output(os.dup(stream), name)
    if not os.path.exists(path) or stat.S_ISREG(os.stat(path).st_mode):
        return None
    return Output(os.open(path, os.O_WRONLY), name)


def _open_replacement(path: str, name: str) -> Output:
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
    import tempfile  # loading it takes a third of the start-up, and only this needs it

    target = os.path.realpath(path)
    with block_signals():
        descriptor, temporary = tempfile.mkstemp(prefix=".tickerx-", dir=os.path.dirname(target))
        at_end.add(temporary, lambda: _remove(descriptor, temporary))
    if _GIVES_FILES:
        if old:
            with suppress(PermissionError):
                os.fchown(descriptor, old.st_uid, old.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode) if old else 0o666 & ~_umask())
    return Output(descriptor, name, temporary, target)


def standard_output() -> Output:
    """Return standard output."""
    return Output(STDOUT)


def _remove(descriptor: int, path: str) -> None:
    """Close and remove a temporary file. Windows cannot remove an open file."""
    with suppress(OSError):
        os.close(descriptor)
    with suppress(OSError):
        os.unlink(path)


def _identity(file: str | int) -> tuple[int, int] | None:
    """Return device and inode of a regular file, by its path or descriptor; None for anything else."""
    try:
        status = os.stat(file)
    except OSError:
        return None
    return (status.st_dev, status.st_ino) if stat.S_ISREG(status.st_mode) else None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
