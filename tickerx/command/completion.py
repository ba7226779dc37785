"""Completion with click's own scripts and answers, plus lists, ``--option=value`` and ``--sort -COLUMN``.

If another version of click writes a script in another way, the additions leave that script unchanged.
"""

from itertools import pairwise

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

__all__ = ["VARIABLE", "answer"]

VARIABLE = "_TICKERX_COMPLETE"
"""The environment variable that a shell sets to its own name with ``_source`` or ``_complete``."""


class _Descending(ShellComplete):
    """A shell in which a value of ``--sort`` can begin with "-", like an option."""

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[str]]":
        if args[-1:] != ["--sort"] or not incomplete.startswith("-"):
            return super().get_completions(args, incomplete)
        [sort] = (param for param in self.cli.params if param.name == "sort")
        return sort.shell_complete(click.Context(self.cli), incomplete)


class _Bash(_Descending, BashComplete):
    """bash, which makes the "=" between an option and its value a separate word."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        pairs = pairwise(["", *args])
        return [word for before, word in pairs if not (word == "=" and before.startswith("--"))], incomplete


class _Joining(_Descending):
    """A shell that replaces the whole word ``--option=value``."""

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[str]]":
        option, equals, _ = incomplete.partition("=")
        items = super().get_completions(args, incomplete)
        for item in items:
            if equals and option.startswith("--") and item.type != "file":
                item.value = f"{option}={item.value}"
        return items


class _Zsh(_Joining, ZshComplete):
    source_template = ZshComplete.source_template.replace("_path_files -f", "compset -P '--*='; _path_files -f")


_FISH_PATH = "__fish_complete_path $metadata[2]"
_FISH_OPTION = r"(string replace -r -- '^(--[^=]*=)?.*' '$1' (commandline -ct))"


class _Fish(_Joining, FishComplete):
    source_template = (
        FishComplete.source_template.replace('split ","', 'split -m 1 ","')
        .replace(_FISH_PATH, f"{_FISH_PATH} | string replace -r -- '^' {_FISH_OPTION}")
        .replace("--no-files", "--no-files --keep-order")
    )


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def answer(command: click.Command, question: str) -> str:
    """Return the script or the candidates for a shell. Raises `click.UsageError` for an unknown question."""
    name, _, wanted = question.partition("_")
    if name not in _SHELLS or wanted not in ("source", "complete"):
        questions = ", ".join(f"{name}_source" for name in _SHELLS)
        raise click.UsageError(f"{VARIABLE} is {question!r}; it can be one of {questions}.")
    shell = _SHELLS[name](command, {}, "tickerx", VARIABLE)
    try:
        return shell.source() if wanted == "source" else shell.complete()
    except (KeyError, ValueError):
        raise click.UsageError(f"{VARIABLE} is {question!r}, which only the scripts of shells use.") from None
