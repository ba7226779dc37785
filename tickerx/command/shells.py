"""A shell's questions answered: its script of completion, and what the word at its cursor may become.

click has these for bash, zsh and fish. Here a list of columns may hold commas in fish too, which click takes for its
own separator, and a value may be joined to its option by "=" in all of them. Script and answer of zsh and fish both
stand here, since those of click differ between its versions.
"""

from itertools import pairwise

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ShellComplete, ZshComplete

from tickerx.command.completion import VARIABLE

__all__ = ["answer"]

_ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a response candidates
    local type value help
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \
%(complete_var)s=zsh_complete %(prog_name)s)}")
    for type value help in "${response[@]}"; do
        if [[ $type == file ]]; then
            compset -P '--*='
            _path_files
        elif [[ $help == _ ]]; then
            candidates+=("$value")
        else
            candidates+=("$value:$help")
        fi
    done
    (( $#candidates )) && _describe -V unsorted candidates -U
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

_FISH = """\
function %(complete_func)s
    set -l joined (string match -r -- '^--[^=]*=' (commandline -ct))
    for candidate in (env COMP_WORDS=(commandline -cp | string collect) COMP_CWORD=(commandline -ct) \
%(complete_var)s=fish_complete %(prog_name)s)
        set -l parts (string split -m 1 , -- $candidate)
        if test $parts[1] = file
            __fish_complete_path $parts[2] | string replace -r -- '^' "$joined"
        else
            echo $parts[2]
        end
    end
end

complete --no-files --keep-order --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Bash(BashComplete):
    """bash, to which the "=" between an option and its value is a word."""

    def get_completion_args(self) -> tuple[list[str], str]:
        args, incomplete = super().get_completion_args()
        joins = [before.startswith("--") and word == "=" for before, word in pairwise(["", *args])]
        return [word for word, is_join in zip(args, joins, strict=True) if not is_join], incomplete


class _Joining(ShellComplete):
    """A shell to which an option, "=" and its value are one word."""

    def get_completions(self, args: list[str], incomplete: str) -> "list[CompletionItem[str]]":
        option, equals, _ = incomplete.partition("=")
        items = super().get_completions(args, incomplete)
        if equals and option.startswith("--"):
            return [
                item if item.type == "file" else CompletionItem(f"{option}={item.value}", help=item.help)
                for item in items
            ]
        return items


class _Zsh(_Joining, ZshComplete):
    source_template = _ZSH

    def format_completion(self, item: "CompletionItem[str]") -> str:
        value = item.value.replace(":", r"\:")  # a bare one ends the value for _describe
        return f"{item.type}\n{value}\n{item.help or '_'}"


class _Fish(_Joining, FishComplete):
    source_template = _FISH

    def format_completion(self, item: "CompletionItem[str]") -> str:
        return f"{item.type},{item.value}" + (f"\t{item.help}" if item.help else "")


_SHELLS: dict[str, type[ShellComplete]] = {"bash": _Bash, "zsh": _Zsh, "fish": _Fish}


def answer(command: click.Command, question: str) -> str:
    """Return what the shell that asks is to read. Raises `click.UsageError` if no shell asks so."""
    name, _, wanted = question.partition("_")
    if name not in _SHELLS or wanted not in ("source", "complete"):
        questions = ", ".join(f"{name}_source" for name in _SHELLS)
        raise click.UsageError(f"{VARIABLE} is {question!r}, and may be one of {questions}.")
    shell = _SHELLS[name](command, {}, "tickerx", VARIABLE)
    if wanted == "source":
        return ShellComplete.source(shell)  # that of bash runs another bash, to ask for its version
    try:
        words, incomplete = shell.get_completion_args()
    except (KeyError, ValueError):
        raise click.UsageError(f"{VARIABLE} is {question!r} for the scripts of shells alone.") from None
    return "\n".join(map(shell.format_completion, shell.get_completions(words, incomplete)))
