"""What a shell may complete a parameter's value to: names of columns and, by the shell itself, of files."""

from typing import TYPE_CHECKING

import click

from tickerx.quote import COLUMNS

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["VARIABLE", "complete_columns", "complete_files"]

VARIABLE = "_TICKERX_COMPLETE"
"""The variable of the environment in which a shell asks: its own name, and ``_source`` or ``_complete``."""


def complete_columns(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """Return the columns that the last name of a list, separated by commas, may become, each behind the list so far."""
    from click.shell_completion import CompletionItem  # loaded only to complete

    *named, begun = incomplete.split(",")
    return [
        CompletionItem(",".join([*named, column.name]), help=column.description)
        for column in COLUMNS.values()
        if column.name.startswith(begun) and column.name not in named
    ]


def complete_files(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> "list[CompletionItem[str]]":
    """Tell the shell to complete the name of a file."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]
