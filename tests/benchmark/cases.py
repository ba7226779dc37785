"""What is measured on which input."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from corpora import make_endless, make_files, make_fourfold, make_text
from race import Entry
from tools import OBVIOUS, Tool

__all__ = ["CASES", "IMPORT", "QUARTER", "TENTH", "TEXTS", "WHOLE", "Heat", "Setting", "prepare"]

TENTH = ", a tenth of the input"
QUARTER, WHOLE = "tickerx, a quarter of it", "tickerx, all of it"
IMPORT = 'python -c "import click"'


class Text(NamedTuple):
    """A kind of text, how much of it, and which tools read it beside tickerx; slow ones read a tenth."""

    title: str
    megabytes: float
    tools: tuple[str, ...]
    slow: tuple[str, ...] = ()


TEXTS = {
    "board": Text(
        "{} MB of board lines",
        100,
        (OBVIOUS, "mawk", "gawk", "ripgrep -P", "Polars", "DuckDB", "tickerx -j 1", "tickerx -f jsonl"),
        ("ripgrep", "Miller", "TextFSM"),
    ),
    "pages": Text(
        "{} MB of pages: 34 quotes, then eight paragraphs",
        100,
        (OBVIOUS, "mawk", "gawk", "ripgrep -P", "Polars", "DuckDB"),
        ("ripgrep", "Miller", "TextFSM"),
    ),
    "crawl": Text("{} MB of crawl text, one page in a hundred with a board", 400, (OBVIOUS, "mawk", "ripgrep")),
    "damaged": Text('{} MB of pages, one line in a hundred damaged, and "increased by" in prose', 100, (OBVIOUS,)),
}
FILES = 20_000
QUARTER_MEGABYTES = 50
ENDLESS = {"letters": 1024, "quotes": 128}
"""MiB of a line without an end, by what it is made of."""
STARTS = 10
"""How many times as often as the others the quickest commands are run."""


class Setting(NamedTuple):
    """Where and how much to measure, and the tools that are here."""

    folder: Path
    scale: float
    runs: int
    tools: dict[str, Tool]

    def entry(self, name: str, *arguments: str | Path) -> Entry:
        """Return a tool with its arguments."""
        tool = self.tools[name]
        return Entry([*tool.command, *map(str, arguments)], tool)


class Heat(NamedTuple):
    """Commands to be measured together, and what is added to their names in the results."""

    entries: dict[str, Entry]
    runs: int
    suffix: str = ""


Prepared = tuple[str, list[Heat]]
"""The title of an input, and what is to be measured on it."""


def _prepare_text(setting: Setting, case: str) -> Prepared:
    text = TEXTS[case]
    heats = []
    for share, suffix, names in ((1.0, "", text.tools), (0.1, TENTH, text.slow)):
        if here := [name for name in names if name in setting.tools]:
            path = make_text(setting.folder / f"text{suffix}.txt", case, text.megabytes * setting.scale * share)
            heats.append(Heat({name: setting.entry(name, path) for name in ("tickerx", *here)}, setting.runs, suffix))
    return text.title.format(f"{text.megabytes * setting.scale:g}"), heats


def _prepare_files(setting: Setting) -> Prepared:
    count = max(1, round(FILES * setting.scale))
    names = make_files(setting.folder / "pages", count)
    entries = {name: setting.entry(name, "--files0-from", names) for name in ("tickerx", "tickerx -j 1")}
    return f"{count:,} files of one page, by `--files0-from`", [Heat(entries, setting.runs)]


def _prepare_start(setting: Setting) -> Prepared:
    page = make_text(setting.folder / "page.txt", "pages", 0.001)
    entries = {"tickerx": setting.entry("tickerx", page), IMPORT: Entry([sys.executable, "-c", "import click"])}
    return "one page, start to end", [Heat(entries, STARTS * setting.runs)]


def _prepare_fourfold(setting: Setting) -> Prepared:
    quarter = make_text(setting.folder / "quarter.txt", "board", QUARTER_MEGABYTES * setting.scale)
    paths = {QUARTER: quarter, WHOLE: make_fourfold(setting.folder / "whole.txt", quarter)}
    entries = {name: setting.entry("tickerx", path)._replace(tool=None) for name, path in paths.items()}
    return f"{4 * QUARTER_MEGABYTES * setting.scale:g} MB of board lines", [Heat(entries, setting.runs)]


def _prepare_endless(setting: Setting) -> Prepared:
    sizes = {kind: size * setting.scale for kind, size in ENDLESS.items()}
    paths = {kind: make_endless(setting.folder / kind, size, kind) for kind, size in sizes.items()}
    entries = {f"tickerx, {kind}": setting.entry("tickerx", path)._replace(tool=None) for kind, path in paths.items()}
    title = " and ".join(f"a line of {size:g} MiB of {kind}" for kind, size in sizes.items())
    return title, [Heat(entries, runs=0)]


_OTHERS: dict[str, Callable[[Setting], Prepared]] = {
    "files": _prepare_files,
    "start": _prepare_start,
    "fourfold": _prepare_fourfold,
    "endless": _prepare_endless,
}
CASES = (*TEXTS, *_OTHERS)


def prepare(case: str, setting: Setting) -> Prepared:
    """Make the inputs of a case, and return its title and what is to be measured."""
    return _prepare_text(setting, case) if case in TEXTS else _OTHERS[case](setting)
