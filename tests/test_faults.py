"""System calls that fail, one after the other: what stood before is whole, and one message says why."""

import errno
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from shlex import join
from typing import NamedTuple

import pytest

from tests.support import BOARD, CSV, FORMATS, Result, Tickerx

BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"
REJECTS = f"file,line,column,reason,text,url,document\nboard.txt,4,5,expected a price,{BAD[:-1]},,1\n"
OLD = {"rows.csv": "the rows of yesterday\n", "rejects.csv": "the rejects of yesterday\n"}
NEW = {"rows.csv": CSV, "rejects.csv": REJECTS}

FAULTS = {
    "openat": errno.EMFILE,
    "read": errno.EIO,
    "write": errno.ENOSPC,
    "fchmod": errno.EPERM,
    "fsync": errno.EIO,
    "close": errno.EIO,
    "rename": errno.EIO,
}
"""System calls, and how each fails."""

# Of renaming a system has one or more; a mark makes strace leave out what it has not.
TRACED = ",".join([*FAULTS, "?renameat", "?renameat2"])

OUTPUTS = "-q board.txt -o rows.csv --rejects rejects.csv"

needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


LOADED = (
    *(sys.executable, "-c"),
    "import csv, json, tempfile, tickerx.grammar.explain, tickerx.outputs.table, tickerx.system.workers\n"
    "from tickerx.__main__ import main\n"
    "main()",
)
"""The command with all loaded at once that it loads late, so that the system calls from its first on are its own."""


class Call(NamedTuple):
    """A system call of the command itself: the how many-th of its name in the process, and what it was called with."""

    name: str
    number: int
    arguments: str


@pytest.fixture
def traced(tickerx: Tickerx) -> "Traced":
    """Return the command under strace, in a folder with a board and old outputs."""
    return Traced(tickerx)


class Traced:
    """The command under strace, unseen by coverage, whose own system calls would be among those of the command."""

    def __init__(self, tickerx: Tickerx) -> None:
        self._tickerx = tickerx
        self.folder = tickerx.folder / "folder"
        self.folder.mkdir()
        self.prepare()

    def prepare(self) -> None:
        """Put all files in the place and the state that they have before a run."""
        for name, text in {**OLD, "board.txt": BOARD + BAD}.items():
            (self.folder / name).write_text(text, "utf-8")

    def outputs(self) -> dict[str, str]:
        """Return what the folder holds, but for the input."""
        return {path.name: path.read_text("utf-8") for path in self.folder.iterdir() if path.name != "board.txt"}

    def calls(self, arguments: str, first: str) -> list[Call]:
        """Run the command and return its system calls, from the first one on whose arguments hold a pattern."""
        # The first run compiles what it loads: the second one opens as many files as each later one.
        self.run(arguments)
        self.prepare()
        self.run(arguments)
        numbers = dict.fromkeys(re.findall(r"\w+", TRACED), 0)
        found: list[Call] = []
        for line in (self._tickerx.folder / "trace").read_text("utf-8").splitlines():
            if match := re.match(r"(\w+)\((.*)\) += ", line):
                numbers[match[1]] += 1
                if found or re.search(first, match[2]):
                    found.append(Call(match[1], numbers[match[1]], match[2]))
        return found

    def run(self, arguments: str, fault: str = "") -> Result:
        """Run the command with a fault injected."""
        inject = f"-e inject={fault}" if fault else ""
        return self._tickerx.shell(
            "unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG; cd folder\n"
            f"exec strace -qq -o ../trace -e trace={TRACED} {inject} {join(LOADED)} {arguments}",
            {"PYTHONPYCACHEPREFIX": str(self._tickerx.folder / "bytecode"), "PYTHONHASHSEED": "0"},
        )

    def fail(self, arguments: str, call: Call) -> Result:
        """Run the command with one of its system calls failing."""
        self.prepare()
        number = FAULTS["rename" if call.name.startswith("rename") else call.name]
        result = self.run(arguments, f"{call.name}:error={errno.errorcode[number]}:when={call.number}")
        assert "(INJECTED)" in (self._tickerx.folder / "trace").read_text("utf-8"), call
        assert result.stderr.startswith("tickerx: "), call
        assert result.stderr.endswith(f": {os.strerror(number)}\n"), call
        assert (result.status, result.stderr.count("\n")) == (2, 1), call
        return result


@needs_strace
def test_each_system_call_that_fails_leaves_old_rows_and_old_rejects_whole(traced: Traced) -> None:
    arguments = "-q board.txt -o rows.csv --rejects rejects.csv"
    calls = traced.calls(arguments, r"\.tickerx-")
    assert traced.outputs() == NEW
    assert {call.name for call in calls} >= FAULTS.keys() - {"rename"}
    renamed = 0
    for call in calls:
        traced.fail(arguments, call)
        # One that cannot be put in its place does not take the place back that the other was given.
        expected = {**OLD, "rows.csv": CSV} if renamed else OLD
        assert traced.outputs() == expected, call
        renamed += call.name.startswith("rename")
    assert renamed == 2


@needs_strace
@pytest.mark.parametrize("arguments", ["-q board.txt", "--version", "--help", "--schema"])
def test_each_failed_system_call_is_reported_with_standard_output(traced: Traced, arguments: str) -> None:
    calls = traced.calls(arguments, r'"board\.txt"' if "board.txt" in arguments else "^1, ")
    assert {call.name for call in calls} >= {"write", "close"}
    for call in calls:
        result = traced.fail(arguments, call)
        assert CSV.startswith(result.stdout) or call.name == "close", call
        assert traced.outputs() == OLD


@needs_strace
@pytest.mark.parametrize("number", ["INT", "TERM", "HUP"])
@pytest.mark.parametrize("when", [1, 2], ids=["the-first-rename", "the-second-rename"])
def test_a_signal_at_a_rename_leaves_rows_and_rejects_of_the_same_run(traced: Traced, number: str, when: int) -> None:
    [name, *_] = [call.name for call in traced.calls(OUTPUTS, "") if call.name.startswith("rename")]
    traced.prepare()
    result = traced.run(OUTPUTS, f"{name}:signal={number}:when={when}")
    assert result.status == -getattr(signal, f"SIG{number}")
    assert traced.outputs() in (OLD, NEW)


@needs_strace
@pytest.mark.parametrize("number", ["INT", "TERM", "HUP"])
@pytest.mark.parametrize("which", [0, 1], ids=["of-the-rows", "of-the-rejects"])
def test_a_signal_at_the_creation_of_a_temporary_file_leaves_none(traced: Traced, number: str, which: int) -> None:
    created = [call for call in traced.calls(OUTPUTS, "") if call.name == "openat" and ".tickerx-" in call.arguments]
    traced.prepare()
    result = traced.run(OUTPUTS, f"openat:signal={number}:when={created[which].number}")
    assert result.status == -getattr(signal, f"SIG{number}")
    assert traced.outputs() == OLD


@needs_strace
@pytest.mark.parametrize("format", FORMATS)
def test_an_input_that_fails_in_its_middle_leaves_the_old_output(traced: Traced, format: str) -> None:
    (traced.folder / "big.txt").write_text(BOARD + "prose\n" * 100_000 + BOARD, "utf-8")
    arguments = f"-q board.txt big.txt -f {format} -o rows.csv --rejects rejects.csv"
    [_, second, *_] = [call for call in traced.calls(arguments, r'"big\.txt"') if call.name == "read"]
    assert traced.fail(arguments, second).stderr == "tickerx: big.txt: Input/output error\n"
    (traced.folder / "big.txt").unlink()
    assert traced.outputs() == OLD


# Where no strace is needed.


def test_outputs_are_replaced_together_or_not_at_all(tickerx: Tickerx, board: Path) -> None:
    (tickerx.folder / "rejects.csv").write_text("old")
    (tickerx.folder / "big.txt").write_text(BAD + BOARD * 10_000, "utf-8")
    script = "ulimit -f 1024; tickerx -q big.txt -o rows.csv --rejects rejects.csv"
    assert tickerx.shell(script) == (2, "", "tickerx: rows.csv: File too large\n")
    assert sorted(os.listdir(tickerx.folder)) == ["big.txt", "board.txt", "rejects.csv"]
    assert (tickerx.folder / "rejects.csv").read_text() == "old"


@pytest.mark.parametrize(
    ("script", "message"),
    [
        pytest.param("tickerx -q --rejects - -o rows.csv page >&-", "write error: Bad file descriptor", id="stdout"),
        pytest.param(
            "tickerx -q --rejects /dev/stdout -o rows.csv page >&-", "/dev/stdout: Bad file descriptor", id="by-device"
        ),
        pytest.param("tickerx -q --rejects /dev/stderr -o rows.csv page 2>&-", "", id="stderr"),
        pytest.param("tickerx -q --rejects rejects.csv -o rows.csv <&-", "-: Bad file descriptor", id="stdin"),
        pytest.param(
            "tickerx -q --rejects - -o rows.csv page > /dev/full", "write error: No space left on device", id="full"
        ),
        pytest.param(
            "tickerx -q --rejects /dev/fd/3 -o rows.csv page 3> /dev/full",
            "/dev/fd/3: No space left on device",
            id="a-full-descriptor",
        ),
    ],
)
def test_rejects_that_cannot_be_written_are_reported_once(tickerx: Tickerx, script: str, message: str) -> None:
    if "/dev/full" in script and not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    (tickerx.folder / "page").write_text(BAD, "utf-8")
    assert tickerx.shell(script) == (2, "", f"tickerx: {message}\n" if message else "")
    assert os.listdir(tickerx.folder) == ["page"]
