"""The tab key: answers to a shell, and lines typed in real shells that are set up as docs/reference.md says."""

import os
import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.support import BINARY_FORMATS, COMMAND, FORMATS, Tickerx, end
from tickerx.quote import COLUMNS

REFERENCE = (Path(__file__).parents[1] / "docs" / "reference.md").read_text(encoding="utf-8")


def ask(tickerx: Tickerx, shell: str, line: str) -> list[tuple[str, str]]:
    """Return the candidates for the last word of a line, as the shell is told: their types and values."""
    *words, word = line.split(" ")
    if shell == "fish":
        question = {"COMP_WORDS": line, "COMP_CWORD": word}
    else:
        question = {"COMP_WORDS": line.replace(" ", "\n"), "COMP_CWORD": str(len(words))}
    status, stdout, stderr = tickerx(environment={"_TICKERX_COMPLETE": f"{shell}_complete", **question})
    assert (status, stderr) == (0, "")
    pattern = r"(\w+)\n(.*)\n.*" if shell == "zsh" else r"(\w+),([^\t\n]*).*"
    assert re.fullmatch(rf"({pattern}\n)+|\n", stdout)
    return re.findall(f"{pattern}\n", stdout)


def plain(*values: str) -> list[tuple[str, str]]:
    return [("plain", value) for value in values]


CANDIDATES = [
    pytest.param("tickerx -c ", plain(*COLUMNS), id="every-column"),
    pytest.param("tickerx -c pr", plain("price", "previous_close"), id="columns-that-begin-so"),
    pytest.param("tickerx --columns kind,sy", plain("kind,symbol"), id="a-column-after-a-comma"),
    pytest.param("tickerx -c price,pr", plain("price,previous_close"), id="no-column-that-is-named-already"),
    pytest.param("tickerx -c ,ki", plain(",kind"), id="a-column-after-a-comma-alone"),
    pytest.param("tickerx -c xyz", [], id="no-column-begins-so"),
    pytest.param("tickerx -c +so", plain("+sound"), id="a-column-to-add"),
    pytest.param("tickerx -c +sound,fi", plain("+sound,file"), id="a-column-to-add-after-a-comma"),
    pytest.param("tickerx -c +sound,so", [], id="no-column-that-is-added-already"),
    pytest.param("tickerx -f ", plain(*FORMATS, *BINARY_FORMATS), id="every-format"),
    pytest.param("tickerx -c symbol --format js", plain("json", "jsonl"), id="formats-that-begin-so"),
    pytest.param("tickerx -d u", plain("up", "unchanged"), id="directions-that-begin-so"),
    pytest.param("tickerx -d up --direction do", plain("down"), id="another-direction"),
    pytest.param("tickerx -k ", plain("stock", "index"), id="every-kind"),
    pytest.param("tickerx --sort pr", plain("price", "previous_close"), id="a-column-to-sort-by"),
    pytest.param(
        "tickerx --sort kind,-ch", plain("kind,-change", "kind,-change_percent"), id="another-in-descending-order"
    ),
    pytest.param("tickerx --sort -pr", plain("-price", "-previous_close"), id="a-descending-one-in-front"),
    pytest.param("tickerx --sort price --rev", plain("--reverse"), id="an-option-after-a-column"),
    pytest.param("tickerx -d up,D", plain("up,down"), id="another-direction-in-a-list"),
    pytest.param("tickerx -s AG", [], id="no-symbol"),
    pytest.param("tickerx --completion ", plain("bash", "zsh", "fish"), id="every-shell"),
    pytest.param("tickerx --json", plain("--json", "--jsonl"), id="short-forms"),
    pytest.param("tickerx -R cra", [("file", "cra")], id="a-folder"),
    pytest.param("tickerx --color n", plain("never"), id="when-to-colour"),
    pytest.param("tickerx --with", plain("--with-filename"), id="an-option"),
    pytest.param("tickerx -q --no-such --sch", plain("--schema"), id="an-option-after-an-unknown-one"),
    pytest.param("tickerx boa", [("file", "boa")], id="an-input"),
    pytest.param("tickerx board.txt ", [("file", "")], id="another-input"),
    pytest.param("tickerx -o quo", [("file", "quo")], id="an-output"),
    pytest.param("tickerx --rejects rej", [("file", "rej")], id="the-rejects"),
    pytest.param("tickerx --files0-from li", [("file", "li")], id="a-list"),
]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("line", "candidates"), CANDIDATES)
def test_a_word_may_become(tickerx: Tickerx, shell: str, line: str, candidates: list[tuple[str, str]]) -> None:
    assert ask(tickerx, shell, line) == candidates


# bash makes a word of the "=", and replaces what stands behind it; zsh and fish replace the whole word.
@pytest.mark.parametrize(
    ("shell", "line", "candidates"),
    [
        pytest.param("bash", "tickerx --columns = kind,pri", plain("kind,price"), id="bash"),
        pytest.param("bash", "tickerx --columns =", plain(*COLUMNS), id="bash-with-nothing-after-it"),
        pytest.param("bash", "tickerx --format = csv -c ki", plain("kind"), id="bash-further-on"),
        pytest.param("bash", "tickerx --sort = -pri", plain("-price"), id="bash-descending"),
        pytest.param("zsh", "tickerx --columns=kind,pri", plain("--columns=kind,price"), id="zsh"),
        pytest.param("fish", "tickerx --columns=kind,pri", plain("--columns=kind,price"), id="fish"),
        pytest.param("zsh", "tickerx --output=quo", [("file", "quo")], id="zsh-files"),
        pytest.param("fish", "tickerx --output=quo", [("file", "quo")], id="fish-files"),
    ],
)
def test_a_value_joined_to_its_option_may_become(
    tickerx: Tickerx, shell: str, line: str, candidates: list[tuple[str, str]]
) -> None:
    assert ask(tickerx, shell, line) == candidates


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_column_comes_with_its_meaning_and_unit(tickerx: Tickerx, shell: str) -> None:
    question = {"_TICKERX_COMPLETE": f"{shell}_complete", "COMP_WORDS": "tickerx -c pric", "COMP_CWORD": "2"}
    if shell == "fish":
        question["COMP_CWORD"] = "pric"
    assert "price" in tickerx(environment=question).stdout
    assert "last price (the board's currency, or index points)\n" in tickerx(environment=question).stdout


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_name_of_any_bytes_is_handed_back(tickerx: Tickerx, shell: str) -> None:
    name = os.fsdecode(b"\xff\x80")
    question = {"COMP_WORDS": f"tickerx {name}", "COMP_CWORD": name if shell == "fish" else "1"}
    process = tickerx.start(environment={"_TICKERX_COMPLETE": f"{shell}_complete", **question})
    stdout, stderr = process.communicate()
    assert (process.returncode, b"\xff\x80" in stdout, stderr) == (0, True, b"")


@pytest.mark.parametrize(
    "question",
    [
        pytest.param({"_TICKERX_COMPLETE": "tcsh_source"}, id="a-shell-that-is-not-known"),
        pytest.param({"_TICKERX_COMPLETE": "bash"}, id="no-question"),
        pytest.param({"_TICKERX_COMPLETE": "bash_complete"}, id="no-words"),
        pytest.param({"_TICKERX_COMPLETE": "zsh_complete", "COMP_WORDS": "tickerx", "COMP_CWORD": "x"}, id="no-number"),
    ],
)
def test_an_unknown_question_is_an_error(tickerx: Tickerx, question: dict[str, str]) -> None:
    status, stdout, stderr = tickerx(environment=question)
    assert (status, stdout) == (2, "")
    assert stderr.startswith(f"tickerx: _TICKERX_COMPLETE is '{question['_TICKERX_COMPLETE']}'")
    assert stderr.endswith("\nTry 'tickerx --help' for help.\n")


def test_an_answer_that_cannot_be_written_is_trouble(tickerx: Tickerx) -> None:
    process = tickerx.start(environment={"_TICKERX_COMPLETE": "bash_source"}, inherited=lambda: os.close(1))
    assert end(process) == (2, "", "tickerx: write error: Bad file descriptor\n")


class Shell:
    """A real shell in the command's folder, with the documented line in its start-up file."""

    def __init__(self, tickerx: Tickerx, name: str) -> None:
        if not shutil.which(name):
            pytest.skip(f"{name} is not installed")
        self.name = name
        self._tickerx = tickerx
        command = tickerx.folder / "bin" / "tickerx"
        command.parent.mkdir()
        command.write_text(f'#!/bin/sh\nexec {shlex.join(COMMAND)} "$@"\n', "utf-8")
        command.chmod(0o755)
        file, line = self._set_up()
        path = tickerx.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(line, "utf-8")

    def _set_up(self) -> tuple[str, str]:
        """Return the documented start-up file and its line."""
        [(file, line)] = re.findall(rf"^\| {self.name}\b.* \| `~/(\S+)`.* \| `(.*)` \|$", REFERENCE, re.MULTILINE)
        before = "autoload -U compinit && compinit -D -u\n" if self.name == "zsh" else ""
        return file, before + line.replace("\\|", "|") + "\n"

    def type(self, line: str) -> str:
        """Type a line and return what the terminal shows."""
        environment = {
            "HOME": str(self._tickerx.folder),
            "PATH": f"{self._tickerx.folder}/bin:{os.environ['PATH']}",
            "TERM": "dumb",
        }
        return self._tickerx.at_terminal([self.name, "-i"], f"{line}\nexit\n", environment)


TYPED = [
    pytest.param("tickerx --form\tcs\t-c symbol,pri\tboa\t", "symbol,price\nAGL,40.00\n", id="each-word-in-turn"),
    pytest.param("tickerx -d do\t-k st\t--sort pri\t-f jso\tl -c price board.txt", '{"price":40.00}\n', id="choosing"),
    pytest.param(
        "tickerx --format=cs\t--columns=symbol,pri\tboa\t", "symbol,price\nAGL,40.00\n", id="joined-by-equals"
    ),
    pytest.param("tickerx -f tsv -c kind board.txt -o old\tboa\t; cat old-quotes", "kind\nstock\n", id="an-output"),
    pytest.param("tickerx board.txt --output=old\t-f jsonl; cat old-quotes", '{"symbol":"AGL",', id="an-output-joined"),
]


@pytest.mark.parametrize("name", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(("line", "shown"), TYPED)
def test_a_line_typed_with_tabs_runs(tickerx: Tickerx, board: Path, name: str, line: str, shown: str) -> None:
    (tickerx.folder / "old-quotes").write_text("", "utf-8")
    screen = Shell(tickerx, name).type(line)
    assert shown in screen.replace("\r", "")


def test_fish_lists_what_a_column_may_be_with_its_meaning(tickerx: Tickerx) -> None:
    screen = Shell(tickerx, "fish").type("complete -C 'tickerx -c symbol,pr'")
    assert (
        "symbol,price\tlast price (the board's currency, or index points)\n"
        "symbol,previous_close\tprice minus change (as the price)\n" in screen.replace("\r", "")
    )
