"""Messages on standard error, rejects, and the counts that decide the exit status."""

import re
from shlex import quote
from time import perf_counter
from typing import TYPE_CHECKING

import click

from tickerx.engine.extract import SHOWN, Result
from tickerx.inputs.documents import Trouble
from tickerx.outputs.escaping import escaped, pointed
from tickerx.outputs.formats import REJECTS_HEADER
from tickerx.system.output import Output
from tickerx.system.process import DONE, FAILED_CHECK, TROUBLE
from tickerx.system.terminal import standard_error

if TYPE_CHECKING:
    from tickerx.grammar.reports import Report

__all__ = ["Reporter"]

_HEADS = 16
"""The most inputs without quotes to search for boards in other layouts."""


class Reporter:
    """Report problems on standard error, write rejects, and keep the counts of a run."""

    def __init__(
        self,
        *,
        quiet: bool,
        strict: bool,
        counts_suspects: bool,
        verbose: bool,
        color: bool,
        rejects: Output | None = None,
    ) -> None:
        """Print errors always and, unless quiet, reports: with suspect quotes if strict, or else perhaps their number.

        If verbose, print counts at the end. Rejects get every report, shown or not.
        """
        self.inputs = 0
        self.malformed = 0
        self.has_errors = False
        self._quiet, self._strict, self._verbose, self._color, self._rejects = quiet, strict, verbose, color, rejects
        self._counts_suspects = counts_suspects
        self._lines = self._size = self._quotes = self._suspect = 0
        self._started = perf_counter()
        self._reports = self._found = 0
        self._shown: list[Report] = []
        self._head = b""
        self._heads: list[tuple[str, bytes]] = []
        if rejects:
            rejects.write(REJECTS_HEADER.encode())

    @property
    def status(self) -> int:
        """The exit status of the run, by errors and --strict."""
        if self.has_errors:
            return TROUBLE
        failed = self._strict and (self.malformed or self._suspect)
        return FAILED_CHECK if failed else DONE

    def add(self, result: Result) -> None:
        """Report the problems in a stretch of an input, and count everything."""
        if self._rejects:
            self._rejects.write(result.rejects)
        if not self._quiet:
            self._show(result)
        self._reports += result.malformed + result.suspect * self._strict
        self.malformed += result.malformed
        self._suspect += result.suspect
        self._size += result.size
        self._lines += result.lines
        self._quotes += result.quotes
        for error in result.errors:
            self._add_error(result.name, error)
        self._found += result.quotes + result.malformed + len(result.errors)
        self._head = self._head or result.head
        if result.is_end:
            self.inputs += result.is_input
            self._end_input(result.name)
            self._keep_head(result.name)

    def end(self, rows: int) -> None:
        """Say how many quotes are suspect, unless reports did; if verbose, print the counts, with the rows written."""
        if self._suspect and self._counts_suspects and not self._quiet and not self._strict:
            what = "1 quote contradicts its" if self._suspect == 1 else f"{self._suspect:,} quotes contradict their"
            standard_error.tell(f"{what} own figures; --strict shows {'it' if self._suspect == 1 else 'them'}")
        if self._heads and not self._quiet:
            self._hint()
        if self._verbose:
            seconds = perf_counter() - self._started
            counts = (
                ("inputs", self.inputs),
                ("lines", self._lines),
                ("quotes", self._quotes),
                ("rows", rows),
                ("malformed", self.malformed),
                ("suspect", self._suspect),
                ("bytes", self._size),
            )
            standard_error.tell(f"{', '.join(f'{what} {count}' for what, count in counts)}, seconds {seconds:.2f}")

    def note(self, text: str) -> None:
        """Print a message that is not an error, unless quiet."""
        if not self._quiet:
            standard_error.tell(text)

    def _keep_head(self, name: str) -> None:
        """Keep the beginning of an input in which nothing was found, for the first few such inputs."""
        if self._head and not self._found and len(self._heads) < _HEADS:
            self._heads.append((name, self._head))
        self._head, self._found = b"", 0

    def _hint(self) -> None:
        """Say why an input without quotes may still be a board; one line for all inputs."""
        from tickerx.command.causes import find_disguise
        from tickerx.command.suggestions import hint_for

        for name, head in self._heads:
            shown = escaped(name)
            if cause := find_disguise(head, name):
                standard_error.tell(f"{shown}: this looks like {escaped(cause)}")
                return
            if lines := hint_for(head):
                what = f"{shown}: no quotes, but {lines:,} lines look like a board in another layout"
                standard_error.tell(f"{what}; --suggest shows how to read it")
                return

    def _show(self, result: Result) -> None:
        """Show the reports of a result, up to the limit for its input."""
        for report in result.reports[: SHOWN - len(self._shown)]:
            self._shown.append(report)
            standard_error.tell(f"{escaped(str(report))}\n{pointed(*report.excerpt, self._mark)}")

    def _mark(self, text: str) -> str:
        return click.style(text, fg="red", bold=True) if self._color else text

    def _add_error(self, name: str, error: Exception | Trouble) -> None:
        """Report an error in an input."""
        reason = (error.strerror or str(error)) if isinstance(error, OSError) else escaped(str(error))
        shown = escaped(name) or "''"
        standard_error.tell(f"{shown}: {reason}{_remedy(shown, error)}")
        self.has_errors = True

    def _end_input(self, name: str) -> None:
        """Say how many reports of an input were not shown, and the likely cause of all reports."""
        more = self._reports - SHOWN
        if more > 0 and not self._quiet:
            hint = "" if self._rejects else "; --rejects FILE keeps them all"
            standard_error.tell(f"{escaped(name)}: {more:,} more like these{hint}")
        if len(self._shown) == SHOWN:
            self._explain(name)
        self._reports, self._shown = 0, []

    def _explain(self, name: str) -> None:
        """Say what may explain the reports of an input, if it is clear."""
        from tickerx.command.causes import likely_cause

        if cause := likely_cause(self._shown, name):
            standard_error.tell(f"{escaped(name)}: this looks like {escaped(cause)}")


def _remedy(name: str, error: Exception | Trouble) -> str:
    """Return what to do about an input that does not open, if known."""
    if isinstance(error, IsADirectoryError):
        return "; -R reads folders"
    if isinstance(error, FileNotFoundError) and re.match("(?:https?|ftp)://", name):
        return f"; fetch it first: curl -s {quote(name)} | tickerx"
    return ""
