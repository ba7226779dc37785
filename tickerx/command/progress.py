"""The progress of a long run: one line on standard error, drawn by rich and erased at the end.

rich takes 30 ms to load, so it is loaded with the first line; most runs are over before that.
"""

import os
import stat
from collections.abc import Callable, Iterable
from functools import cache
from time import perf_counter
from typing import Literal, NamedTuple

from tickerx.engine.extract import Result
from tickerx.system.terminal import standard_error, terminal_is_utf8

__all__ = ["Progress", "State", "draw_line", "total_size"]

_PATIENCE = 1.0
"""Seconds before the first line, unless the user asked for it."""

_PAUSE = 0.2
"""Seconds between two drawings at a terminal."""

_LOG_PAUSE = 1.0
"""Seconds between two lines if lines cannot be erased."""

_LOG_WIDTH = 100

_FREE = 3
"""Columns of a terminal to keep free: for the ``^C`` of Ctrl-C, and the last one, at which some terminals wrap."""

_BAR = (10, 40)
"""The fewest and the most characters of a bar."""

_ASCII = str.maketrans("━╸╺", "---")


class State(NamedTuple):
    """The progress of a run so far."""

    size: int
    """Bytes read so far."""
    total: int | None
    """Bytes of all inputs, if known."""
    rows: int
    seconds: float


def draw_line(state: State, width: int, color: bool, ascii: bool, has_bar: bool = True) -> str:
    """Return a line: a bar, bytes, rate, quotes so far, and the time left; without a total, the time spent and no bar.

    Parts that do not fit into the width are left out: first the bar, then the rate, the quotes, the time, and the rest.
    """
    from rich.console import Console, RenderableType
    from rich.filesize import decimal
    from rich.progress import BarColumn, DownloadColumn, FileSizeColumn, Task, TaskID
    from rich.table import Table
    from rich.text import Text

    rate = state.size / max(state.seconds, 0.001)
    task = Task(TaskID(0), "", state.total, state.size, perf_counter)
    task.start_time = 0.0  # draw the bar of a task that has begun
    amount = FileSizeColumn() if state.total is None else DownloadColumn()
    texts = [
        amount.render(task),
        Text(f"{decimal(int(rate))}/s", "progress.data.speed"),
        Text(f"{state.rows:,} quote{'' if state.rows == 1 else 's'}"),
        Text(_time(state, rate), "progress.remaining"),
    ]
    while len(texts) > 1 and sum(len(text) + 1 for text in texts) > width + 1:
        del texts[1]
    if len(texts[0]) > width:
        return ""
    parts: list[RenderableType] = [*texts]
    room = width - sum(len(text) + 1 for text in texts)
    if has_bar and state.total and len(texts) == 4 and room >= _BAR[0]:
        bar = BarColumn(min(room, _BAR[1]), "bright_black", complete_style="bright_red", finished_style="bright_red")
        parts.insert(0, bar.render(task))
    grid = Table.grid(padding=(0, 1))
    grid.add_row(*parts)
    # With all of these given, rich does not look at the terminal or the environment.
    system: Literal["standard"] | None = "standard" if color else None
    console = Console(width=width, height=1, color_system=system, no_color=not color)
    with console.capture() as capture:
        console.print(grid)
    line = capture.get().rstrip("\n")
    return line.translate(_ASCII) if ascii else line


def _time(state: State, rate: float) -> str:
    """Return the time left at a rate of bytes per second, or the time spent if there is no total."""
    if state.total is None:
        return _clock(state.seconds)
    return f"{_clock(max(0, state.total - state.size) / rate) if rate else '-:--:--'} left"


def _clock(seconds: float) -> str:
    minutes = int(seconds) // 60
    return f"{minutes // 60}:{minutes % 60:02}:{int(seconds) % 60:02}"


def total_size(files: Iterable[str | int]) -> int | None:
    """Return the bytes of files, given by path or descriptor; None if one is missing or not a regular file."""
    try:
        found = [os.stat(file) for file in files]
    except OSError:
        return None
    return sum(status.st_size for status in found) if all(stat.S_ISREG(status.st_mode) for status in found) else None


class Progress:
    """Show what has been read and found so far. It has no thread."""

    def __init__(self, total: Callable[[], int | None], *, color: bool, at_once: bool) -> None:
        """Show nothing yet. The first line comes after a second, or immediately with ``at_once``.

        If lines cannot be erased, messages show the progress: one every second, and one at the end. ``total`` returns
        the bytes of all inputs, if known, and is called once, for the first line.
        """
        self._total = cache(total)
        self._color = color
        self._size = self._pending = self._rows = 0
        self._can_erase = standard_error.can_erase
        self._started = perf_counter()
        self._due = self._started + (0 if at_once and self._can_erase else _PATIENCE)
        self._is_wanted = at_once
        self._drawn = (-1, -1)

    def add(self, result: Result) -> None:
        """Count a result whose rows are written, and show progress if it is time."""
        self._size += result.size
        self._rows += result.rows
        self._pending = 0
        if perf_counter() >= self._due:  # only this quick test: there can be 40,000 results per second
            self._draw()

    def end(self) -> None:
        """Erase the line at a terminal, or add a last one to a log."""
        if self._is_wanted and self._drawn != (self._size, self._rows):
            self._draw()
        standard_error.erase()

    def read(self, size: int) -> None:
        """Show that this process has read bytes whose result is still to come."""
        if self._pending and perf_counter() >= self._due:  # the result of the last bytes may be about to come
            self._draw()
        self._pending += size

    def _draw(self) -> None:
        state = State(self._size + self._pending, self._total(), self._rows, perf_counter() - self._started)
        self._is_wanted = True
        self._drawn = (state.size, state.rows)
        is_ascii = not terminal_is_utf8()
        if self._can_erase:
            standard_error.show(draw_line(state, standard_error.width - _FREE, self._color, is_ascii))
        else:
            standard_error.tell(draw_line(state, _LOG_WIDTH, self._color, is_ascii, has_bar=False))
        self._due = perf_counter() + (_PAUSE if self._can_erase else _LOG_PAUSE)
