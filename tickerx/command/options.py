"""Parsed options: cross-checks and defaults."""

import os
from typing import TYPE_CHECKING, NamedTuple

import click

from tickerx.command.layouts import default_columns
from tickerx.quote import COLUMNS
from tickerx.system.process import STDOUT
from tickerx.system.terminal import is_terminal

if TYPE_CHECKING:
    from tickerx.engine.layout_scanner import Layouts

__all__ = [
    "DRAWN",
    "PICTURE_FORMATS",
    "SUFFIXES",
    "Options",
    "check_options",
    "chosen_columns",
    "default_format",
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
}
"""The format for the suffix of an output file. Any other suffix means CSV."""

PICTURE_FORMATS = ("svg", "html")

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
    layout: tuple[str, ...]
    decimal: str | None
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
    suggest: bool
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
    if options.decimal and not any("{" in layout for layout in options.layout):
        raise click.UsageError("--decimal needs a --layout with fields; a file of layouts says its decimal itself.")
    if options.suggest and options.layout:
        raise click.UsageError("--suggest prints layouts, and --layout reads quotes with one.")
    if options.schema and not options.is_to_standard_output:
        raise click.UsageError("--schema prints to standard output; -o is for rows.")


def chosen_columns(options: Options, layouts: "Layouts | None" = None) -> list[str]:
    defaults = [column.name for column in COLUMNS.values() if column.default]
    chosen = options.columns or default_columns(defaults, layouts)
    for option, name, wanted in (("-n", "line", options.line_number), ("-H", "file", options.with_filename)):
        if wanted and name in chosen:
            raise click.UsageError(f"Column {name!r} is named by -c and added by {option} again.")
        if wanted:
            chosen = [name, *chosen]
    return chosen


def default_format(options: Options) -> str:
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
