"""The manual, made from the command's own definition: ``python -m tests.manual > tickerx.1`` writes it."""

import re
import sys
import textwrap
from collections.abc import Iterable, Iterator
from pathlib import Path

import click

import tickerx
from tickerx.command.cli import command
from tickerx.command.options import ALIASES, FORMATS, SUFFIXES
from tickerx.command.params import EXAMPLES, EXIT_STATUSES, GROUPS, Option
from tickerx.quote import COLUMNS, Column

__all__ = ["ENVIRONMENT", "PAGE", "page"]

ROOT = Path(__file__).parents[1]

PAGE = ROOT / "tickerx.1"
"""The page as it is installed. It is beside pyproject.toml, because it is not code and no build makes it."""

REVISED = "2026-11-22"
"""The date of the last change, which every manual names."""

DESCRIPTION = (
    "A quote can be anywhere in a line, as in `KSE100 97,328 Increased By 1781.9 (1.86%)`. Each quote becomes a row, "
    "and its figures keep the printed digits. Inputs are text, web pages, WARC or WET archives, or JSON Lines, also "
    "if they are compressed with gzip, bzip2, xz or zstd; with pyarrow, also Parquet.",
    "Text that looks like a damaged quote is malformed. It gives no row. A message on standard error names its line, "
    "its column, and what was expected there. tickerx skips all other text.",
    "Rows come out as soon as they are read; tables, pictures and sorted rows come at the end. tickerx replaces the "
    "files of `--output` and `--rejects` only after it has read and written everything.",
)

ENVIRONMENT = (
    ("NO_COLOR", "If it is not empty, output has no colours, unless `--color` asks for them."),
    (
        "FORCE_COLOR",
        "If it is not empty, output has colours even without a terminal, unless `--color` or `NO_COLOR` forbids them.",
    ),
    ("TERM", "A `dumb` terminal gets no colours."),
    ("COLUMNS", "The width of a table at a terminal, instead of the width of the terminal."),
    (
        "_TICKERX_COMPLETE",
        "With `bash_source`, `zsh_source` or `fish_source`, the command prints the completion script of that shell: "
        '`eval "$(_TICKERX_COMPLETE=bash_source tickerx)"`.',
    ),
)

_ESCAPES = {"\\": r"\e", "-": r"\-", "'": r"\(aq", "^": r"\(ha", "~": r"\(ti"}


def page() -> str:
    """Return the page, in the macros of man(7)."""
    context = click.Context(command, info_name="tickerx")
    sections = {
        "NAME": [rf"tickerx \- {_escaped(_summary())}"],
        "SYNOPSIS": [f".B tickerx\n{_escaped(' '.join(command.collect_usage_pieces(context)))}"],
        "DESCRIPTION": _paragraphs(command.help or "", *DESCRIPTION),
        "OPTIONS": _options(),
        "FORMATS": _formats(),
        "COLUMNS": _columns(),
        "EXIT STATUS": _definitions(EXIT_STATUSES),
        "ENVIRONMENT": _definitions(ENVIRONMENT),
        "EXAMPLES": _paragraphs_of_code(EXAMPLES),
        "SEE ALSO": [".BR jq (1),\n.BR lynx (1),\n.BR mlr (1)"],
    }
    title = f'.TH TICKERX 1 {REVISED} "tickerx {tickerx.__version__}" "User Commands"'
    note = '.\\" Made by "python -m tests.manual > tickerx.1" from the definition of the command.'
    body = "\n".join(f".SH {heading}\n" + "\n".join(parts) for heading, parts in sections.items())
    return f"{note}\n{title}\n{body}\n"


def _summary() -> str:
    summary = (tickerx.__doc__ or "").partition(".")[0]
    return summary[0].lower() + summary[1:]


def _options() -> Iterator[str]:
    """Yield the options with their help, in the groups of the help."""
    for group in GROUPS:
        yield f".SS {group}"
        for option in command.params:
            if isinstance(option, Option) and option.group == group:
                names = ", ".join(f"`{name}`" for name in option.opts)
                yield _definition(f"{names} {option.metavar or ''}".rstrip(), option.help or "")


def _formats() -> Iterator[str]:
    """Yield each format with the suffixes that choose it."""
    yield _definition("`table`", "For people to read; the default at a terminal.")
    for name in FORMATS[1:]:
        suffixes = " or ".join(f"`{suffix}`" for suffix, chosen in SUFFIXES.items() if chosen == name)
        default = "; the default elsewhere" if name == "csv" else ""
        aliases = "".join(f" Also `{alias}`." for alias, chosen in ALIASES.items() if chosen == name)
        yield _definition(f"`{name}`", f"Written to an `--output` whose name ends in {suffixes}{default}.{aliases}")


def _columns() -> Iterator[str]:
    """Yield the columns of a row with their types, meanings and units."""
    yield _lines("A row has these columns, unless `--columns` chooses others:")
    yield from (_column(column) for column in COLUMNS.values() if column.default)
    yield ".PP\nThese columns are optional:"
    yield from (_column(column) for column in COLUMNS.values() if not column.default)


def _column(column: Column) -> str:
    return _definition(f"`{column.name}` ({column.type})", column.description)


def _definitions(terms: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (_definition(f"`{term}`", meaning) for term, meaning in terms)


def _definition(term: str, meaning: str) -> str:
    return f".TP\n{_marked(term)}\n{_lines(meaning)}"


def _paragraphs(*texts: str) -> list[str]:
    return ["\n.PP\n".join(map(_lines, texts))]


def _paragraphs_of_code(examples: Iterable[str]) -> list[str]:
    return [".EX", *map(_escaped, examples), ".EE"]


def _lines(text: str) -> str:
    """Return a text in lines, each a sentence or a part of one."""
    sentences = re.split(r"(?<=\.) (?=[A-Z])", text)
    return "\n".join(_marked(line) for sentence in sentences for line in _wrapped(sentence))


def _wrapped(sentence: str) -> list[str]:
    """Break a sentence into lines; nothing between backticks is broken."""
    whole = re.sub(r"`[^`]*`", lambda match: match[0].replace(" ", "\0"), sentence)
    lines = textwrap.wrap(whole, 60, break_long_words=False, break_on_hyphens=False)
    return [line.replace("\0", " ") for line in lines]


def _marked(text: str) -> str:
    """Return a line with the words between backticks in bold."""
    parts = text.split("`")
    return "".join(rf"\fB{_escaped(part)}\fR" if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _escaped(text: str) -> str:
    """Return a text without characters that mean something to roff."""
    escaped = "".join(_ESCAPES.get(mark, mark if mark.isascii() else rf"\[u{ord(mark):04X}]") for mark in text)
    return rf"\&{escaped}" if escaped.startswith(".") else escaped


if __name__ == "__main__":
    sys.stdout.write(page())
