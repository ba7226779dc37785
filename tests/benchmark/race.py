"""Commands timed in turn, their memory, and whether they found the same quotes."""

import hashlib
import os
import shlex
import signal
import statistics
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from tools import Tool

__all__ = ["Entry", "Measured", "race"]

MIB = 1 << 20
LAUNCH = [sys.executable, "-IS", str(Path(__file__).with_name("launch.py"))]


class Entry(NamedTuple):
    """A command that takes part."""

    command: list[str]
    tool: Tool | None = None
    """Which tool's rows it writes; None if it is not to be compared with the others."""


class Found(NamedTuple):
    """What tells the quotes that a command found."""

    rows: int
    digest: str


@dataclass
class Measured:
    """What a command took."""

    seconds: list[float] = field(default_factory=list)
    """Wall time, turn by turn."""

    peak: float = 0.0
    """MiB of its largest process."""

    def times(self, other: "Measured") -> float:
        """Return how many times as long as the other this took, as the median over the turns."""
        return statistics.median(ours / theirs for ours, theirs in zip(self.seconds, other.seconds, strict=True))


def race(entries: dict[str, Entry], runs: int, output: Path) -> dict[str, Measured]:
    """Run commands in turn, A B C A B C, after a first turn that does not count, and return what each took.

    Ends the process with status 1 if a command fails, or finds other quotes than the first one.
    """
    measured = {name: Measured() for name in entries}
    os.sync()
    sizes = {}
    found = {}
    for name, entry in entries.items():
        _, measured[name].peak = _run(name, entry, output)
        sizes[name] = output.stat().st_size
        if entry.tool:
            found[name] = _find(output, entry.tool)
    _compare(found)
    for _ in range(runs):
        for name, entry in entries.items():
            seconds, peak = _run(name, entry, output)
            measured[name].seconds.append(seconds)
            measured[name].peak = max(measured[name].peak, peak)
            if output.stat().st_size != sizes[name]:
                sys.exit(f"{name} wrote something else than the time before: {shlex.join(entry.command)}")
    return measured


def _run(name: str, entry: Entry, output: Path) -> tuple[float, float]:
    """Run a command to its end, and return its wall seconds and the MiB of its largest process."""
    print(f"  {name}", file=sys.stderr)
    command = [*LAUNCH, str(output), *entry.command]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, process_group=0) as process:
        try:
            told, _ = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGTERM)
            raise
    status, seconds, size = told.split() if told else ("127", "0", "0")
    if status != "0":
        sys.exit(f"{name} ended with status {status}: {shlex.join(entry.command)}")
    return float(seconds), int(size) / MIB


def _find(output: Path, tool: Tool) -> Found:
    """Return what tells the rows of an output, in one form whichever tool wrote it."""
    rows, digest = 0, hashlib.sha256()
    with output.open("rb") as file:
        if tool.has_header:
            file.readline()
        while lines := file.readlines(MIB):
            rows += len(lines)
            digest.update(tool.form(b"".join(lines)))
    return Found(rows, digest.hexdigest())


def _compare(found: dict[str, Found]) -> None:
    if found:
        first, wanted = next(iter(found.items()))
        others = [f"{name} ({got.rows:,})" for name, got in found.items() if got != wanted]
        if others:
            sys.exit(f"these found other quotes than {first} ({wanted.rows:,}): {', '.join(others)}")
