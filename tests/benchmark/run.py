"""Time tickerx against what a shell user would run instead, and print what came of it as Markdown.

All commands read the same inputs, which are made from a fixed seed, and write to a file. They take turns, A B C A B C,
after a first turn that does not count; there their rows are compared, and a tool that finds other quotes than tickerx
ends the run with status 1. A ratio is the median of the ratios within the turns. Slow tools read the first tenth of an
input, and are compared with tickerx on that tenth. Tools that are not installed are left out, and named.
"""

import argparse
import os
import platform
import re
import shutil
import signal
import statistics
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple, NoReturn

from cases import CASES, IMPORT, QUARTER, TENTH, TEXTS, WHOLE, Setting, prepare
from race import Measured, race
from tools import OBVIOUS, Tool, find_tools

MEMORY = 64
"""MiB that a process of tickerx may take."""


class Goal(NamedTuple):
    """How many times as long as another command one may take on the same input."""

    case: str
    command: str
    other: str
    limit: float


GOALS = (
    Goal("board", "tickerx", OBVIOUS, 0.35),
    Goal("board", "tickerx", "mawk", 1.0),
    Goal("pages", "tickerx", OBVIOUS, 0.35),
    Goal("pages", "tickerx", "mawk", 1.0),
    Goal("crawl", "tickerx", OBVIOUS, 0.45),
    Goal("crawl", "tickerx", "ripgrep", 3.0),
    Goal("damaged", "tickerx", OBVIOUS, 0.45),
    Goal("files", "tickerx", "tickerx -j 1", 0.65),
    Goal("board", "tickerx -j 1", OBVIOUS, 0.5),
    Goal("board", "tickerx -f jsonl", "tickerx", 1.3),
    Goal("start", "tickerx", IMPORT, 1.3),
    Goal("fourfold", WHOLE, QUARTER, 4.3),
)


class Result(NamedTuple):
    """What was measured on one input, by the names of the commands."""

    title: str
    measured: dict[str, Measured]


def measure(case: str, setting: Setting) -> Result:
    """Measure all that a case asks for."""
    print(case, file=sys.stderr)
    setting.folder.mkdir(parents=True, exist_ok=True)
    title, heats = prepare(case, setting)
    measured = {}
    for heat in heats:
        for name, taken in race(heat.entries, heat.runs, setting.folder / "output").items():
            measured[name + heat.suffix] = taken
    return Result(title, measured)


def print_goals(results: dict[str, Result]) -> None:
    """Print what the goals are, and whether they are met, as far as their inputs and tools are there."""
    print("| input | against | goal | measured | |\n|---|---|---:|---:|---|")
    for case, command, other, limit in GOALS:
        if case in results and other in results[case].measured:
            title, measured = results[case]
            options = f", `{command.removeprefix('tickerx ')}`" if " -" in command else ""
            ratio = measured[command].times(measured[other])
            verdict = "met" if ratio <= limit else "missed"
            print(f"| {title}{options} | {code(other)} | ≤ {limit:.2f} × | {ratio:.2f} × | {verdict} |")
    peak = max(taken.peak for _, measured in results.values() for name, taken in measured.items() if is_ours(name))
    verdict = "met" if peak <= MEMORY else "missed"
    inputs = f"any of these, {results['endless'].title}" if "endless" in results else "any of these"
    print(f"| {inputs}: memory of any process | – | ≤ {MEMORY} MiB | {peak:.0f} MiB | {verdict} |")


def print_tools(result: Result, tools: dict[str, Tool]) -> None:
    """Print what each tool took on one input, and how many times as long tickerx took."""
    title, measured = result
    print(f"\n| {title} | version | seconds | tickerx takes | peak memory |\n|---|---|---:|---:|---:|")
    for name, taken in measured.items():
        tool = name.removesuffix(TENTH)
        ours = measured["tickerx" + TENTH * name.endswith(TENTH)]
        seconds = statistics.median(taken.seconds)
        ratio = "" if is_ours(name) else f"{ours.times(taken):.2f} ×"
        print(f"| {code(name)} | {tools[tool].version} | {seconds:.2f} | {ratio} | {taken.peak:.0f} MiB |")


def is_ours(name: str) -> bool:
    return name.startswith("tickerx")


def code(name: str) -> str:
    """Return a command's name as Markdown: code, but for words about it."""
    command, comma, words = name.partition(",")
    return name if command == OBVIOUS else f"`{command}`{comma}{words}"


def machine() -> str:
    """Return what of this machine the figures depend on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    processor = platform.processor() or platform.machine()
    if (path := Path("/proc/cpuinfo")).exists():
        models = re.findall(r"^model name\s*: (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        processor = models[0] if models else processor
    return f"{platform.platform()}, {processor}, {cores} cores, Python {platform.python_version()}"


def end(number: int, _: object) -> NoReturn:
    """End by a signal, the temporary folder removed."""
    sys.exit(128 + number)


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="turns that count; default 3")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="multiply the inputs' sizes; default 1")
    parser.add_argument("--only", default=",".join(CASES), metavar="A,B", help=f"of {', '.join(CASES)}")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="make the inputs there and keep them")
    options = parser.parse_args()
    options.only = options.only.split(",")
    if unknown := set(options.only) - set(CASES):
        parser.error(f"no such input: {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    options = read_options()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, end)
    tools, missing = find_tools()
    results = {}
    with tempfile.TemporaryDirectory(prefix="tickerx-benchmark-") as temporary:
        for case in options.only:
            folder = (options.folder or Path(temporary)) / case
            results[case] = measure(case, Setting(folder, options.scale, options.runs, tools))
            if not options.folder:
                shutil.rmtree(folder)
    print(f"{machine()}. Medians of {options.runs} turns. Memory below about 10 MiB cannot be told apart.")
    if missing:
        print(f"Not installed, and left out: {', '.join(missing)}.")
    print()
    print_goals(results)
    for case in TEXTS:
        if case in results:
            print_tools(results[case], tools)


if __name__ == "__main__":
    main()
