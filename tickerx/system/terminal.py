"""Terminals, and standard error: whole messages, and one line that can be erased again."""

import os
import select
from codecs import lookup
from contextlib import suppress
from locale import getencoding

__all__ = ["is_terminal", "standard_error", "terminal_is_utf8", "terminal_width", "write_all"]

_ERASE = b"\r\x1b[2K"
_STDERR = 2


def is_terminal(descriptor: int) -> bool:
    """Say whether a descriptor is a terminal."""
    return os.isatty(descriptor)


def terminal_width(descriptor: int) -> int:
    """Return the number of columns of a terminal, or 0 if unknown. The variable `COLUMNS` comes first."""
    try:
        columns = int(os.environ.get("COLUMNS", ""))
    except ValueError:
        columns = 0
    try:
        return columns if columns > 0 else os.get_terminal_size(descriptor).columns
    except OSError:  # pragma: no cover - only Windows asks standard output alone
        return 0


def terminal_is_utf8() -> bool:
    """Say whether a terminal shows UTF-8, by the locale."""
    return lookup(getencoding()).name == "utf-8"


def write_all(descriptor: int, content: bytes) -> None:
    """Write all bytes to a descriptor, even to a full non-blocking one. Raises `OSError`."""
    rest = memoryview(content)
    while rest:
        try:
            rest = rest[os.write(descriptor, rest) :]
        except BlockingIOError:
            select.select([], [descriptor], [])


class _StandardError:
    """Standard error. Failed writes are ignored."""

    def __init__(self) -> None:
        self.has_line = False
        """Whether there is a line to erase before anything else is written."""

    def tell(self, message: str) -> None:
        """Write a message in one piece, after the name of the command."""
        self.erase()
        with suppress(OSError):
            write_all(_STDERR, f"tickerx: {message}\n".encode("utf-8", "backslashreplace"))

    def show(self, line: str) -> None:
        """Show a line instead of the last one, until the next message or the end of the process."""
        self.has_line = True
        with suppress(OSError):
            write_all(_STDERR, _ERASE + line.encode("utf-8", "backslashreplace"))

    def erase(self) -> None:
        """Erase the line, if there is one."""
        if self.has_line:
            with suppress(OSError):
                write_all(_STDERR, _ERASE)
            self.has_line = False

    @property
    def can_erase(self) -> bool:
        """Whether standard error is a terminal on which a line can be erased."""
        return is_terminal(_STDERR) and os.environ.get("TERM") != "dumb"

    @property
    def width(self) -> int:
        """The number of columns of its terminal, or 80 if unknown."""
        try:
            return os.get_terminal_size(_STDERR).columns or 80
        except OSError:  # the terminal is gone
            return 80


standard_error = _StandardError()
"""The one standard error of this process."""
