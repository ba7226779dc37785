"""What a run tells on standard error: troubles, reports, a summary; and the exit status that comes of them."""

from time import perf_counter

import click

from tickerx.engine.extract import Result
from tickerx.outputs.display import escaped, pointed
from tickerx.outputs.formats import REJECTS_HEADER, write_reject
from tickerx.system import process

__all__ = ["SHOWN", "Messages"]

SHOWN = 20
"""How many reports are shown for one input."""


class Messages:
    """The messages of one run, and what it has met."""

    def __init__(
        self, *, quiet: bool, strict: bool, verbose: bool, color: bool, rejects: process.Output | None = None
    ) -> None:
        """Make ready to tell troubles always, reports unless quiet, of suspect quotes if strict, and counts if verbose.

        Every report is written to the rejects, shown or not.
        """
        self.rows = 0
        """How many rows are written; a limit after a sort lets its caller make less of them."""
        self.inputs = 0
        self.troubled = False
        self._quiet, self._strict, self._verbose, self._color, self._rejects = quiet, strict, verbose, color, rejects
        self.malformed = 0
        self._lines = self._size = self._quotes = self._suspect = 0
        self._started = perf_counter()
        self._shown = self._reports = 0
        if rejects:
            rejects.write(REJECTS_HEADER.encode())

    @property
    def status(self) -> int:
        """The exit status of the run, but for a check of its rows."""
        if self.troubled:
            return process.TROUBLE
        failed = self._strict and (self.malformed or self._suspect)
        return process.FAILED_CHECK if failed else process.DONE

    def trouble(self, place: str, reason: Exception | str) -> None:
        """Tell why something at a place, an input or a file to write, could not be done."""
        if isinstance(reason, OSError):
            reason = reason.strerror or str(reason)
        shown = escaped(place) or "''"
        process.tell(f"{shown}: {reason}")
        self.troubled = True

    def take(self, result: Result) -> None:
        """Tell what is wrong in a stretch of an input, and count the rest."""
        shown = self._shown
        for shown, report in enumerate(result.reports, self._shown + 1):
            if self._rejects:
                self._rejects.write(write_reject(report))
            if not self._quiet and shown <= SHOWN:
                process.tell(f"{escaped(str(report))}\n{pointed(*report.excerpt, self._mark)}")
        self._shown = shown
        self._reports += result.malformed + result.suspect * self._strict
        self.malformed += result.malformed
        self._suspect += result.suspect
        self._size += result.size
        self._lines += result.lines
        self._quotes += result.quotes
        self.rows += result.rows
        if result.error:
            self.trouble(result.name, result.error)
        if result.is_end:
            self._end_input(result.name)

    def _end_input(self, name: str) -> None:
        """Count an input, and tell how many of its reports were not shown."""
        more = self._reports - SHOWN
        if more > 0 and not self._quiet:
            hint = "" if self._rejects else "; --rejects FILE keeps them all"
            process.tell(f"{escaped(name)}: {more:,} more like these{hint}")
        self.inputs += 1
        self._shown = self._reports = 0

    def end(self) -> None:
        """Tell what the run has met, if that was asked for."""
        if self._verbose:
            seconds = perf_counter() - self._started
            counts = (
                ("inputs", self.inputs),
                ("lines", self._lines),
                ("quotes", self._quotes),
                ("rows", self.rows),
                ("malformed", self.malformed),
                ("suspect", self._suspect),
                ("bytes", self._size),
            )
            process.tell(f"{', '.join(f'{what} {count}' for what, count in counts)}, seconds {seconds:.2f}")

    def _mark(self, text: str) -> str:
        return click.style(text, fg="red", bold=True) if self._color else text
