"""Commands run in turns: their time, their memory, and the rows that they find."""

import hashlib
import os
import re
import statistics
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

__all__ = ["Contender", "race", "ratio"]

SECONDS_BETWEEN_LOOKS = 0.005
KIB_IN_MIB = 1024


@dataclass
class Contender:
    """A command, and what its runs took."""

    command: list[str]
    status: int = 0
    rows: int = 0

    digest: str = ""
    """Tells its rows from any others."""

    peak: float = 0.0
    """MiB in memory: of all its processes together, shared pages counted once, or of the largest if that had more.

    0 where there is no /proc. The sum is looked at many times a second, the peak of a process is what Linux kept.
    """

    cpu: list[float] = field(default_factory=list)
    """User and system seconds, children included, turn by turn."""

    wall: list[float] = field(default_factory=list)
    """Seconds from start to end, turn by turn."""

    def warm_up(self, output: Path) -> None:
        """Run it once, untimed, to see its rows and its memory."""
        pid = _start(self.command, output)
        while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
            self._look(pid)
            time.sleep(SECONDS_BETWEEN_LOOKS)
        self.status = os.waitstatus_to_exitcode(ended[1])
        with output.open("rb") as file:
            file.readline()
            start = file.tell()
            self.rows = sum(1 for _ in file)
            file.seek(start)
            self.digest = hashlib.file_digest(file, "sha256").hexdigest()

    def run(self, output: Path) -> None:
        """Run it once more, with a clock."""
        start = time.perf_counter()
        _, status, usage = os.wait4(_start(self.command, output), 0)  # with the children that it has waited for
        self.wall.append(time.perf_counter() - start)
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        if os.waitstatus_to_exitcode(status) != self.status:
            sys.exit(f"it ended with status {self.status} first, now with another: {self.command}")

    def _look(self, pid: int) -> None:
        """Note what a process and its children have in memory now, and had at their peaks."""
        processes = (pid, *_children(pid))
        largest = max(_read_mib(Path(f"/proc/{process}/status"), "VmHWM") for process in processes)
        together = sum(_read_mib(Path(f"/proc/{process}/smaps_rollup"), "Pss") for process in processes)
        self.peak = max(self.peak, largest, together)


def race(contenders: Iterable[Contender], rounds: int, output: Path) -> None:
    """Run commands in turns, A B C A B C, so that what else the machine does meets them all."""
    entered = list(contenders)
    for _ in range(rounds):
        for contender in entered:
            contender.run(output)


def ratio(ours: list[float], theirs: list[float]) -> float:
    """Return how many times as much the first took, as the median over the turns that both ran."""
    return statistics.median(a / b for a, b in zip(ours, theirs, strict=False))


def _start(command: list[str], output: Path) -> int:
    files = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    ]
    return os.posix_spawnp(command[0], command, os.environ, file_actions=files)


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:  # it has ended, or the kernel has no such list
        return []


def _read_mib(path: Path, name: str) -> float:
    try:
        found = re.search(rf"^{name}:\s+(\d+) kB", path.read_text(), re.MULTILINE)
    except OSError:  # it has ended
        return 0.0
    return int(found[1]) / KIB_IN_MIB if found else 0.0
