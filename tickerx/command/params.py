"""Parameter types with their error messages, and the layout of the help."""

import os
import re
import sys
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import click

from tickerx.engine.selection import GLOB
from tickerx.quote import COLUMNS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["GROUPS", "ColumnList", "ColumnName", "Command", "FileName", "Glob", "Listed", "Number", "OneOf", "Option"]

GROUPS = ("Input", "Choosing", "Output", "Checks", "Other")
"""The headings of the help."""

EXAMPLES = (
    "tickerx --sort change_percent -r --limit 10 page.txt",
    "tickerx -s 'KSE*' -c symbol,price,previous_close page.txt",
    "tickerx -d up -o gainers.csv page.html",
    "find crawl -name '*.txt' -print0 | tickerx -H --files0-from - -o quotes.csv",
    "tickerx -c symbol,price,url,fetched crawl.warc.gz",
    "tickerx --suggest page.html",
    "tickerx --layout '{name} {price} {change} {percent}%' page.html",
    "tail -f board.txt | tickerx -f jsonl -c symbol,price",
    "tickerx -f table --color always page.txt | less -R",
)

EXIT_STATUSES = (
    ("0", "success, even if no quote was found"),
    ("1", "a check failed: --strict or --exit-status"),
    ("2", "an error: wrong usage, an unreadable input, a failed write"),
)


class Option(click.Option):
    """An option with one line in one group of the help."""

    def __init__(self, *arguments: Any, group: str, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self.group = group

    @property
    def form(self) -> str:
        """The option as the help shows it: ``-s, --symbol GLOB``, with space in place of a missing short name."""
        names = ", ".join(sorted(self.opts, key=len))
        indent = "" if len(self.opts) > 1 else " " * len("-s, ")
        return f"{indent}{names} {self.metavar or ''}".rstrip()


class Command(click.Command):
    """A command whose help shows options in groups, then columns, examples and exit statuses."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [option for option in self.params if isinstance(option, Option)]
        width = max(len(option.form) for option in options)
        for group in GROUPS:
            with formatter.section(group):
                for option in options:
                    if option.group == group:
                        formatter.write(f"  {option.form:{width}}  {option.help}\n")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Columns"):
            by_default, on_demand = (
                ", ".join(column.name for column in COLUMNS.values() if column.default is default)
                for default in (True, False)
            )
            formatter.write_text(f"{by_default}; on demand {on_demand}")
        with formatter.section("Examples"):
            for example in EXAMPLES:
                formatter.write(f"  {example}\n")
        with formatter.section("Exit status"):
            for status, meaning in EXIT_STATUSES:
                formatter.write(f"  {status}  {meaning}\n")


class OneOf(click.Choice[str]):
    """One of several words, in any case, or an alias for one. The error for a wrong word suggests the nearest one."""

    def __init__(self, words: Iterable[str], aliases: Mapping[str, str] = MappingProxyType({})) -> None:
        # click would use other names for the members of an enumeration
        super().__init__(list(map(str, words)), case_sensitive=False)
        self._aliases = aliases

    def normalize_choice(self, choice: object, ctx: click.Context | None) -> str:
        word = super().normalize_choice(choice, ctx)
        return self._aliases.get(word, word)

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        return f"{value!r} is not one of {', '.join(map(repr, self.choices))}.{_nearest(value, self.choices)}"


class ColumnName(click.ParamType[str]):
    """The name of a column, in any case, with or without a sign in front."""

    name = "column"

    def __init__(self, sign: str) -> None:
        self._sign = sign

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        sign, name = self._parted(value)
        if name not in COLUMNS:
            nearest = _nearest(name, COLUMNS)
            self.fail(f"there is no column '{name}'.{nearest} The columns are {', '.join(COLUMNS)}.", param, ctx)
        return sign + name

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        from click.shell_completion import CompletionItem  # loaded only to complete

        sign, begun = self._parted(incomplete)
        return [
            CompletionItem(sign + column.name, help=column.description)
            for column in COLUMNS.values()
            if column.name.startswith(begun)
        ]

    def _parted(self, value: str) -> tuple[str, str]:
        sign = self._sign if value.startswith(self._sign) else ""
        return sign, value.removeprefix(sign).strip().lower()


class Listed(click.ParamType[list[str]]):
    """Values of another type, separated by commas, with or without spaces."""

    name = "list"

    def __init__(self, one: click.ParamType[str]) -> None:
        self._one = one

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        return [self._one.convert(part.strip(), param, ctx) for part in value.split(",")]

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        """Return completions for the last value of a list, each with the list so far in front."""
        *named, begun = incomplete.split(",")
        known = {name.strip("+- ") for name in named}
        items = [item for item in self._one.shell_complete(ctx, param, begun) if item.value not in known]
        for item in items:
            item.value = ",".join([*named, item.value])
        return items


class ColumnList(Listed):
    """The columns of a row. A ``+`` in front of a list applies to all of its names."""

    def __init__(self) -> None:
        super().__init__(ColumnName("+"))

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> list[str]:
        names = super().convert(value, param, ctx)
        return [f"+{name.lstrip('+')}" for name in names] if names[0].startswith("+") else names


class FileName(click.ParamType[str]):
    """The name of a file, which the shell completes. Unlike `click.Path`, it does not look at the file."""

    name = "file"

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> "list[CompletionItem[str]]":
        from click.shell_completion import CompletionItem

        return [CompletionItem(incomplete, type="file")]


class Glob(click.ParamType[str]):
    """A pattern for symbols. With layouts, symbols and names can have any characters."""

    name = "glob"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        has_layouts = ctx is not None and bool({*ctx.params.get("layout", ())} - {"words"})
        if not GLOB.fullmatch(value) and not (has_layouts and value):
            allowed = "Symbols have letters, digits and . - & /; patterns also * ? and classes such as [A-M]."
            hint = "This is a file; give it without -s." if os.path.isfile(value) else "Separate patterns with commas."
            self.fail(f"{value!r} matches no symbol. {allowed} {hint}", param, ctx)
        return str(value)


class Number(click.ParamType[int]):
    """A whole number with a lower limit."""

    name = "number"

    def __init__(self, least: int) -> None:
        self._least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        # Longer numbers are clamped, because Python refuses to read thousands of digits.
        digits = value.lstrip("0")[:19] or "0"
        number = min(int(digits), sys.maxsize) if re.fullmatch("[0-9]+", value) else -1
        if number < self._least:
            self.fail(f"{value!r} is not a whole number of at least {self._least}.", param, ctx)
        return number


def _nearest(word: str, words: Iterable[str]) -> str:
    """Return a question that suggests the most similar word, if there is one."""
    known = list(words)
    nearest = [name for name in known if len(word) > 1 and word in name] or get_close_matches(word.lower(), known, 1)
    return f" Did you mean {nearest[0]!r}?" if nearest else ""
