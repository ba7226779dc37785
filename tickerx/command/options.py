"""Parsed options: cross-checks and defaults."""

import os
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

import click

from tickerx.engine.selection import Key
from tickerx.outputs.formats import WRITERS
from tickerx.quote import COLUMNS
from tickerx.system.process import STDOUT
from tickerx.system.terminal import is_terminal

if TYPE_CHECKING:
    from tickerx.engine.layout_scanner import Layouts

__all__ = [
    "ALIASES",
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
"""The format for the suffix of an output file. Other suffixes mean CSV, unless they belong to another kind of file."""

ALIASES = {"md": "markdown", "ndjson": "jsonl"}
"""Other names of formats."""

_FOREIGN = {
    **dict.fromkeys((".xlsx", ".xls", ".ods"), "write .csv, which spreadsheets open"),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".webp"), "write .svg, a picture that browsers show and convert"),
    **dict.fromkeys((".pdf", ".docx", ".odt"), "write .html and print or save it from a browser"),
    **dict.fromkeys((".db", ".sqlite", ".sqlite3"), "tickerx … | sqlite3 {file} '.import --csv /dev/stdin quotes'"),
    ".duckdb": "tickerx … | duckdb {file} \"create table quotes as from read_csv('/dev/stdin')\"",
    ".feather": "write .arrow, which the same tools read",
    **dict.fromkeys((".xml", ".yaml", ".yml", ".toml"), "write .json and convert it"),
    **dict.fromkeys((".zip", ".tar", ".tgz", ".7z"), "write .csv and pack it"),
}
"""What to do if a suffix means a kind of file that tickerx does not write."""

_COMPRESSORS = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".zst": "zstd", ".lz4": "lz4", ".br": "brotli"}
"""The command that compresses its input to a file with this suffix."""

PICTURE_FORMATS = ("svg", "html")

BINARY_FORMATS = ("arrow", "parquet")
"""The formats that need pyarrow, and take rows as columns."""

FORMATS = ("table", *WRITERS, *PICTURE_FORMATS, *BINARY_FORMATS)
"""All formats, in the order of the documentation."""

DRAWN = ("table", *PICTURE_FORMATS)
"""The formats that are drawn when all quotes are known."""


_DEFAULT = [column.name for column in COLUMNS.values() if column.default]


class Options(NamedTuple):
    """The options of the command line, by their names."""

    files: tuple[str, ...]
    recursive: bool
    files0_from: str | None
    kind_of_input: str
    text_field: str | None
    url_field: str | None
    time_field: str | None
    layout: tuple[str, ...]
    decimal: str | None
    unsigned: str | None
    jobs: int | None
    symbol: tuple[str, ...]
    direction: tuple[str, ...]
    kind: str | None
    sort: tuple[str, ...]
    reverse: bool
    limit: int | None
    format: str | None
    json: bool
    jsonl: bool
    csv: bool
    output: str | None
    columns: tuple[str, ...]
    """Columns to write and, with a ``+`` in front, columns to add."""
    with_filename: bool
    line_number: bool
    title: str | None
    no_header: bool
    color: str
    strict: bool
    exit_status: bool
    list_empty: bool
    rejects: str | None
    quiet: bool
    verbose: bool
    progress: bool | None
    suggest: bool
    schema: bool

    @property
    def sources(self) -> tuple[str, ...]:
        """The inputs, or the file that lists them."""
        default = "." if self.recursive else "-"
        return self.files or (default if self.files0_from is None else self.files0_from,)

    @property
    def keys(self) -> list[Key]:
        """The columns to sort by."""
        return [Key(key.removeprefix("-"), key.startswith("-") != self.reverse) for key in self.sort]

    @property
    def has_own_columns(self) -> bool:
        """Whether ``-c`` replaces the default columns."""
        return not all(name.startswith("+") for name in self.columns)

    @property
    def is_to_standard_output(self) -> bool:
        return self.output in (None, "-")


def check_options(options: Options) -> None:
    """Raise `click.UsageError` if options contradict one another."""
    if options.files and options.files0_from is not None:
        raise click.UsageError("FILES cannot be combined with --files0-from.")
    if options.reverse and not options.sort:
        raise click.UsageError("-r needs --sort COLUMNS; without it, rows stay in the order of the input.")
    for option, value in (("decimal", options.decimal), ("unsigned", options.unsigned)):
        if value and not any("{" in layout for layout in options.layout):
            raise click.UsageError(f"--{option} needs a --layout with fields; a file of layouts has its own {option}.")
    if options.suggest:
        _check_suggest(options)
    if options.schema and not options.is_to_standard_output:
        raise click.UsageError("--schema prints to standard output; -o is for rows.")
    rows = {"--schema": options.schema, "--sort": options.sort, "--limit": options.limit is not None}
    rows |= {"--title": options.title is not None, "-c": options.columns, **_named_formats(options)}
    if options.list_empty and any(rows.values()):
        wrong = next(option for option, is_given in rows.items() if is_given)
        raise click.UsageError(f"--list-empty writes names of inputs instead of rows; {wrong} is for rows.")


def _check_suggest(options: Options) -> None:
    """Raise `click.UsageError` if there is an option that only makes sense for quotes."""
    if options.layout:
        raise click.UsageError("--suggest prints layouts, and --layout reads quotes with one.")
    quotes = {
        "-s": options.symbol,
        "-d": options.direction,
        "-k": options.kind,
        "--sort": options.sort,
        "--limit": options.limit is not None,
        "-c": options.columns,
        "--list-empty": options.list_empty,
        "-H": options.with_filename,
        "-n": options.line_number,
        "--strict": options.strict,
        "--rejects": options.rejects is not None,
        "-v": options.verbose,
        "--schema": options.schema,
    }
    wrong = next((option for option, is_given in quotes.items() if is_given), None)
    if wrong:
        raise click.UsageError(f"--suggest prints layouts; {wrong} is for quotes.")


def chosen_columns(options: Options, layouts: "Layouts | None" = None) -> list[str]:
    """Return the columns to write, in order. Raises `click.UsageError` if one is given twice."""
    if options.list_empty:
        return ["symbol"]
    named = [name for name in options.columns if not name.startswith("+")]
    for name in named:
        if named.count(name) > 1:
            raise click.UsageError(f"Column {name!r} is given twice by -c.")
    added = [name.removeprefix("+") for name in options.columns if name.startswith("+")]
    chosen = list(dict.fromkeys([*(named or (layouts.default_columns if layouts else _DEFAULT)), *added]))
    for option, name, wanted in (("-n", "line", options.line_number), ("-H", "file", options.with_filename)):
        if wanted and name in chosen:
            raise click.UsageError(f"Column {name!r} is given by -c and added by {option} again.")
        if wanted:
            chosen = [name, *chosen]
    return chosen


def chosen_format(options: Options) -> str:
    """Return the format to write. Raises `click.UsageError` if it does not fit the output or the title."""
    chosen = _named_format(options)
    if chosen in BINARY_FORMATS and options.is_to_standard_output and is_terminal(STDOUT):
        raise click.UsageError(f"-f {chosen} is not for a terminal; write to a file with -o, or to a pipe.")
    if options.title is not None and chosen not in DRAWN:
        raise click.UsageError(f"--title is for -f {', -f '.join(DRAWN)}; {chosen} has no title.")
    return chosen


def _named_format(options: Options) -> str:
    """Return the format that the options name. Raises `click.UsageError` if they name several, or an unknown one."""
    named = {wanted: option for option, wanted in _named_formats(options).items() if wanted}
    if len(named) > 1:
        raise click.UsageError(f"{' and '.join(named.values())} ask for different formats.")
    if named:
        return next(iter(named))
    if options.list_empty:
        return "csv"
    if options.output is None or options.output == "-":
        return "table" if is_terminal(STDOUT) else "csv"
    return _format_of(options.output)


def _named_formats(options: Options) -> dict[str, str | None]:
    """Return each option that can name a format, with its format or None."""
    return {
        f"-f {options.format}": options.format,
        "--json": "json" if options.json else None,
        "--jsonl": "jsonl" if options.jsonl else None,
        "--csv": "csv" if options.csv else None,
    }


def _format_of(output: str) -> str:
    """Return the format for the suffix of a file. Raises `click.UsageError` if it belongs to another kind of file."""
    stem, suffix = os.path.splitext(output.lower())
    remedy = _FOREIGN.get(suffix)
    if suffix in _COMPRESSORS:
        wanted = SUFFIXES.get(os.path.splitext(stem)[1], "csv")
        remedy = f"tickerx -f {wanted} … | {_COMPRESSORS[suffix]} > {{file}}"
    if remedy:
        remedy = remedy.replace("{file}", quote(output))
        raise click.UsageError(f"Cannot write {suffix}: {remedy}. With -f, the suffix does not matter.")
    return SUFFIXES.get(suffix, "csv")


def wants_color(choice: str, is_terminal: bool) -> bool:
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal and os.environ.get("TERM") != "dumb"
