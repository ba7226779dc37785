"""How far a long run has come: one line on standard error that is drawn by rich and leaves nothing behind."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from time import perf_counter
from typing import TYPE_CHECKING

from tickerx import process
from tickerx.extract import Result

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import ProgressColumn

__all__ = ["Progress", "total_size"]

_PATIENCE = 1.0
"""Seconds before there is a bar, unless it is asked for: what is done by then needs none, nor to load rich."""

_PAUSE = 0.2
"""Seconds between two drawings at a terminal; each takes a millisecond or two."""

_LOG_PAUSE = 1.0
"""Seconds between two lines where none can be erased."""

_ROOM_FOR_BAR = 76
"""How many columns a terminal must have for a bar of ten beside the rest."""


def total_size(files: Iterable[str | int]) -> int | None:
    """Return how many bytes files have, given by path or descriptor; None if one is no regular file, or not there."""
    size = 0
    for file in files:
        try:
            status = os.stat(file)
        except OSError:
            return None
        if not stat.S_ISREG(status.st_mode):
            return None
        size += status.st_size
    return size


class Progress:
    """What has been read and found so far, shown again and again while the reading goes on; it has no thread."""

    def __init__(self, total: Callable[[], int | None], *, color: bool, at_once: bool) -> None:
        """Make ready to show how much of a total of bytes has been read, if that is known when the first bar is drawn.

        It is drawn after a second, or at once. Where no line can be erased, messages tell it every second
        and at the end.
        """
        self._total = total
        self._color = color
        self._size = self._pending = self._rows = 0
        self._stands = process.can_erase()
        self._started = perf_counter()
        self._due = self._started + (0 if at_once else _PATIENCE)
        self._bar: _Bar | None = None

    def follow(self, results: Iterable[Result]) -> Iterator[Result]:
        """Yield the results, and show what has come of them when the next one is asked for."""
        for result in results:
            yield result
            self._size += result.size
            self._rows += result.rows
            self._pending = 0
            self._show()
        if self._bar:
            self._draw(perf_counter())
        process.erase()

    def read(self, size: int) -> None:
        """Show that so many bytes have been read here, of which no result has come yet."""
        self._pending += size
        self._show()

    def _show(self) -> None:
        now = perf_counter()
        if now >= self._due:
            self._draw(now)
            self._due = perf_counter() + (_PAUSE if self._stands else _LOG_PAUSE)

    def _draw(self, now: float) -> None:
        if self._bar is None:
            self._bar = _Bar(self._total(), self._started, self._color)
        # The last column stays free, since some terminals begin a new line there.
        width = process.error_width() - 1 if self._stands else _ROOM_FOR_BAR - 1
        line = self._bar.draw(self._size + self._pending, self._rows, now, width)
        (process.show if self._stands else process.tell)(line)


class _Bar:
    """A line that rich draws. rich is not asked to show it: it would hide the cursor and run a thread."""

    def __init__(self, total: int | None, started: float, color: bool) -> None:
        """Make a bar of a total of bytes, or None, for a reading that began at a time in seconds."""
        from rich.progress import Progress as Bar  # it takes as long to load as a page takes to be read

        self._now = started
        self._console = _console(color)
        self._columns = list(_columns(total))
        self._bar = Bar(console=self._console, auto_refresh=False, get_time=lambda: self._now)
        self._task = self._bar.add_task("", total=total, quotes="")
        self._bar.advance(self._task, 0)

    def draw(self, size: int, rows: int, now: float, width: int) -> str:
        """Return a line no longer than a width, when so many bytes have been read at a time, and so many rows found."""
        self._now = now
        self._bar.update(self._task, completed=size, quotes=f"{rows:,} quote{'' if rows == 1 else 's'}")
        self._console.width = width
        self._bar.columns = tuple(column for column, room in self._columns if room <= width)
        with self._console.capture() as capture:
            self._console.print(self._bar.get_renderable())
        return capture.get().split("\n")[0].rstrip()


def _console(color: bool) -> "Console":
    from io import BytesIO, TextIOWrapper
    from locale import getencoding

    from rich.console import Console

    return Console(
        file=TextIOWrapper(BytesIO(), getencoding()),  # in ASCII, rich draws in ASCII
        force_terminal=True,
        color_system="standard" if color else None,
        legacy_windows=False,
        _environ={},
    )


def _columns(total: int | None) -> "Iterator[tuple[ProgressColumn, int]]":
    """Yield what a line tells, and how wide a terminal must be for it: with all that needs less, it always fits.

    It tells the bytes, of how many, the rate, the quotes so far, and the time left; where that is not known, the time
    that has passed.
    """
    from rich import progress
    from rich.table import Column

    rate = progress.TransferSpeedColumn(Column(no_wrap=True))
    quotes = progress.TextColumn("{task.fields[quotes]}")
    if total is None:
        yield progress.FileSizeColumn(Column(no_wrap=True)), 0
        yield rate, 58
        yield quotes, 44
        yield progress.TimeElapsedColumn(Column(no_wrap=True)), 26
    else:
        yield progress.BarColumn(None, table_column=Column(ratio=1)), _ROOM_FOR_BAR
        yield progress.DownloadColumn(table_column=Column(no_wrap=True)), 0
        yield rate, 58
        yield quotes, 44
        yield progress.TimeRemainingColumn(table_column=Column(no_wrap=True)), 26
        yield progress.TextColumn("left", "progress.remaining"), 32
