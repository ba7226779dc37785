"""Parsed options: cross-checks and defaults."""

import os
from typing import NamedTuple

import click

from tickerx.outputs.formats import WRITERS
from tickerx.quote import COLUMNS
from tickerx.system.process import STDOUT
from tickerx.system.terminal import is_terminal

__all__ = [
    "BINARY_FORMATS",
    "DRAWN",
    "FORMATS",
    "PICTURE_FORMATS",
    "SUFFIXES",
    "Options",
    "check_options",
    "chosen_columns",
    "chosen_format",
    "wants_color",
]

SUFFIXES = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".json": "json",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".md": "markdown",
    ".markdown": "markdown",
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".arrow": "arrow",
    ".arrows": "arrow",
    ".parquet": "parquet",
}
"""The format for the suffix of an output file. Any other suffix means CSV."""

PICTURE_FORMATS = ("svg", "html")

BINARY_FORMATS = ("arrow", "parquet")
"""The formats that need pyarrow, and get rows as columns."""

FORMATS = ("table", *WRITERS, *PICTURE_FORMATS, *BINARY_FORMATS)
"""Every format there is, in the order in which they are documented."""

DRAWN = ("table", *PICTURE_FORMATS)
"""The formats that are drawn when all quotes are known."""


class Options(NamedTuple):
    """The options of the command line, by their names."""

    files: tuple[str, ...]
    files0_from: str | None
    kind_of_input: str
    text_field: str | None
    url_field: str | None
    time_field: str | None
    jobs: int | None
    symbol: tuple[str, ...]
    direction: tuple[str, ...]
    kind: str | None
    sort: str | None
    reverse: bool
    limit: int | None
    format: str | None
    output: str | None
    columns: list[str] | None
    with_filename: bool
    line_number: bool
    no_header: bool
    color: str
    strict: bool
    exit_status: bool
    rejects: str | None
    quiet: bool
    verbose: bool
    progress: bool | None
    schema: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """The inputs, or the file that lists them."""
        return self.files or ("-" if self.files0_from is None else self.files0_from,)

    @property
    def is_to_standard_output(self) -> bool:
        return self.output in (None, "-")


def check_options(options: Options) -> None:
    """Raise `click.UsageError` if options contradict one another."""
    if options.files and options.files0_from is not None:
        raise click.UsageError("FILES cannot be combined with --files0-from.")
    if options.reverse and not options.sort:
        raise click.UsageError("-r needs --sort COLUMN; without it, rows stay in the order of the input.")
    if options.schema and not options.is_to_standard_output:
        raise click.UsageError("--schema prints to standard output; -o is for rows.")


def chosen_format(options: Options) -> str:
    """Return the format to write. Raises `click.UsageError` if it is not for a terminal and would be shown on one."""
    chosen = options.format or _default_format(options)
    if chosen in BINARY_FORMATS and options.is_to_standard_output and is_terminal(STDOUT):
        raise click.UsageError(f"-f {chosen} is not for a terminal; write it to a file with -o, or to a pipe.")
    return chosen


def chosen_columns(options: Options) -> list[str]:
    chosen = options.columns or [column.name for column in COLUMNS.values() if column.default]
    for option, name, wanted in (("-n", "line", options.line_number), ("-H", "file", options.with_filename)):
        if wanted and name in chosen:
            raise click.UsageError(f"Column {name!r} is named by -c and added by {option} again.")
        if wanted:
            chosen = [name, *chosen]
    return chosen


def _default_format(options: Options) -> str:
    """Return the format to write where -f does not name one."""
    if options.is_to_standard_output:
        return "table" if is_terminal(STDOUT) else "csv"
    return SUFFIXES.get(os.path.splitext(options.output or "")[1].lower(), "csv")


def wants_color(choice: str, is_terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"
