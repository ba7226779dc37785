"""What is measured, and what the goals are: data first, then how each kind of goal is measured."""

import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple

from corpora import MEGABYTE, MIB, make_files, make_input
from race import Contender, race, ratio
from tools import OBVIOUS, SLOW, TICKERX

__all__ = ["CASES", "MEMORY", "Benchmark", "Check", "Result"]

QUIET = ("-q",)
REPORTS, REJECTS = (), ("--rejects", "/dev/null")
"""Reports go to standard error, which is /dev/null here: the first 20 of an input, or all of them to a file."""


class Case(NamedTuple):
    """A shape of text, and how many times what the obvious script takes tickerx may take."""

    shape: str
    cpu: float
    """User and system time, with -j 1."""
    wall: float
    """Time from start to end, with -j 2."""
    options: tuple[str, ...] = QUIET
    megabytes: float = 20

    @property
    def title(self) -> str:
        return f"{self.shape}, `{' '.join(self.options)}`" if self.options == REJECTS else self.shape


BOARDS = ("board", "board with `786`, one line in 18", "CRLF", "other arrows", "34 quotes on a line")
ODD_BOARDS = ("prefixed lines", "cells between bars", "no-break spaces", "glued quotes", "digits-only symbols")
BULLETS = "`•` before each"
PROSE = ("prose in lines of 100", "prose in lines of 540", "prose with curly quotes and dashes")
CRAWL = "crawl text, 1 page in 100 with a board"
SHAPES = (
    *(Case(shape, 0.50, 0.35) for shape in BOARDS),
    *(Case(shape, 0.60, 0.40) for shape in (*ODD_BOARDS, BULLETS, "pages")),
    *(Case("one damaged line in 100", 0.80, 0.50, options) for options in (REPORTS, REJECTS)),
    *(Case("one damaged line in 10", 1.50, 1.00, options) for options in (REPORTS, REJECTS)),
    *(Case(shape, 0.60, 0.40, megabytes=60) for shape in (*PROSE, CRAWL)),
)
SOUND = "+sound"
OPTIONS = {
    "`-f jsonl` against `-f csv`": ((*QUIET, "-f", "jsonl"), 1.30),
    "a board without `-q`, against `-q`": (REPORTS, 1.50),
    "a board with `--strict`, against `-q`": (("--strict",), 1.50),
    "a board with the column `sound`, against `-q`": (("-c", SOUND), 1.50),
}
"""Options on a board, and how many times the CPU time of `-q` they may take with -j 1."""

SPREAD = 2.0
"""How many times as long a byte of the slowest board may take as one of the fastest."""
START, STARTS = 1.30, 10
"""How many times what it takes to import click one page may take, and in how many times as many turns."""
FILES, FILES_LIMIT = 5_000, 0.65
MEMORY = 64  # MiB
ENDLESS = {"a line of prose": 512, "a line of quotes": 64}
"""MiB of text without a line end, by what it is made of."""


class Result(NamedTuple):
    """What was measured on one shape of text."""

    case: Case
    size: int
    """Bytes of the input."""
    obvious: Contender
    one: Contender
    two: Contender
    peers: dict[str, Contender | str]
    """The other tools; one that cannot read the shape is a word about what it finds."""


class Check(NamedTuple):
    """A goal of its own: a ratio, or MiB."""

    title: str
    measured: float
    limit: float
    unit: str = "×"


@dataclass
class Benchmark:
    """Where and how much to measure, and what has been measured."""

    folder: Path
    scale: float
    rounds: int
    peers: dict[str, list[str]]
    results: list[Result] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    ours: list[Contender] = field(default_factory=list)
    """All that was run of tickerx, for its memory."""

    @property
    def output(self) -> Path:
        return self.folder / "output"

    def make(self, shape: str, size: float) -> Path:
        return make_input(self.folder, shape, size * self.scale)

    def tickerx(self, *options: str | Path) -> Contender:
        """Return tickerx with its options and inputs, warmed up."""
        contender = self.warm_up([TICKERX, *map(str, options)])
        if contender.status:
            sys.exit(f"status {contender.status}: {contender.command}")
        self.ours.append(contender)
        return contender

    def warm_up(self, command: list[str]) -> Contender:
        contender = Contender(command)
        contender.warm_up(self.output)
        return contender

    def race(self, *contenders: Contender, times: int = 1) -> None:
        race(contenders, self.rounds * times, self.output)


def measure_shape(case: Case, benchmark: Benchmark) -> None:
    """Race tickerx, the obvious script and all tools that find the same rows in a shape."""
    path = benchmark.make(case.shape, case.megabytes * MEGABYTE)
    obvious = benchmark.warm_up([*OBVIOUS, str(path)])
    one, two = (benchmark.tickerx(*case.options, "-j", jobs, path) for jobs in "12")
    if not obvious.digest == one.digest == two.digest:
        sys.exit(f"{case.title}: {obvious.rows} rows by the script, {one.rows} by one process, {two.rows} by two")
    peers = {} if case.options == REJECTS else _admit_peers(one, path, benchmark)
    admitted = {name: peer for name, peer in peers.items() if isinstance(peer, Contender)}
    benchmark.race(obvious, one, two, *(peer for name, peer in admitted.items() if name not in SLOW))
    race((peer for name, peer in admitted.items() if name in SLOW), 1, benchmark.output)
    benchmark.results.append(Result(case, path.stat().st_size, obvious, one, two, peers))


def _admit_peers(ours: Contender, path: Path, benchmark: Benchmark) -> dict[str, Contender | str]:
    runs = {name: benchmark.warm_up([*command, str(path)]) for name, command in benchmark.peers.items()}
    return {name: run if run.digest == ours.digest else _describe(run, ours) for name, run in runs.items()}


def _describe(found: Contender, wanted: Contender) -> str:
    """Say how the rows that a tool finds differ from those that are there."""
    if found.status:
        return f"status {found.status}"
    if not found.rows:
        return "no rows"
    return f"{found.rows / wanted.rows:.0%} of rows" if found.rows < 0.99 * wanted.rows else "wrong rows"


def measure_spread(benchmark: Benchmark) -> None:
    """Race tickerx on one shape of board against tickerx on the others."""
    paths = {shape: benchmark.make(shape, 20 * MEGABYTE) for shape in (*BOARDS, *ODD_BOARDS, BULLETS)}
    contenders = {shape: benchmark.tickerx(*QUIET, "-j", "1", path) for shape, path in paths.items()}
    benchmark.race(*contenders.values())
    costs = {shape: statistics.median(run.cpu) / paths[shape].stat().st_size for shape, run in contenders.items()}
    slow, fast = max(costs, key=costs.__getitem__), min(costs, key=costs.__getitem__)
    both = f"{slow}, {costs[slow] * 1e9:.0f} ns a byte, against {fast}, {costs[fast] * 1e9:.0f}"
    benchmark.checks.append(Check(f"slowest and fastest board: {both}, `-j 1`, CPU", costs[slow] / costs[fast], SPREAD))


def measure_options(benchmark: Benchmark) -> None:
    path = benchmark.make("board", 20 * MEGABYTE)
    quiet = benchmark.tickerx(*QUIET, "-j", "1", path)
    others = {title: benchmark.tickerx(*options, "-j", "1", path) for title, (options, _) in OPTIONS.items()}
    benchmark.race(quiet, *others.values())
    for title, (_, limit) in OPTIONS.items():
        benchmark.checks.append(Check(f"{title}, `-j 1`, CPU", ratio(others[title].cpu, quiet.cpu), limit))


def measure_start(benchmark: Benchmark) -> None:
    page = benchmark.tickerx(make_input(benchmark.folder, "pages", 1))
    click = benchmark.warm_up([sys.executable, "-c", "import click"])
    benchmark.race(page, click, times=STARTS)
    title = 'one page, start to end, against `python -c "import click"`, wall'
    benchmark.checks.append(Check(title, ratio(page.wall, click.wall), START))


def measure_files(benchmark: Benchmark) -> None:
    number = max(1, round(FILES * benchmark.scale))
    names = make_files(benchmark.folder / "files", number)
    one, two = (benchmark.tickerx(*QUIET, "-j", jobs, "--files0-from", names) for jobs in "12")
    benchmark.race(one, two)
    title = f"{number:,} files of one page, two processes against `-j 1`, wall"
    benchmark.checks.append(Check(title, ratio(two.wall, one.wall), FILES_LIMIT))


def measure_endless(kind: str, benchmark: Benchmark) -> None:
    path = benchmark.make(kind, ENDLESS[kind] * MIB)
    peak = max(benchmark.tickerx(*QUIET, "-j", jobs, path).peak for jobs in "12")
    benchmark.checks.append(Check(f"{kind} of {path.stat().st_size / MIB:.0f} MiB: peak memory", peak, MEMORY, "MiB"))


CASES: dict[str, Callable[[Benchmark], None]] = {
    **{case.title: partial(measure_shape, case) for case in SHAPES},
    "slowest against fastest": measure_spread,
    "options": measure_options,
    "start": measure_start,
    "files": measure_files,
    **{kind: partial(measure_endless, kind) for kind in ENDLESS},
}
"""What measures each case."""
