"""Compare the time of tickerx with what a shell user would run instead, and print the results as Markdown.

All commands read the same inputs, made from a fixed seed, and write to a file. They take turns: A B C A B C. The first
turn is not timed; it compares their rows and measures their memory. A ratio is the median of the ratios of all turns. A
tool that does not find the same rows as tickerx is not timed; if it is the obvious script, the run ends with status 1.
"""

import argparse
import os
import platform
import re
import signal
import statistics
import sys
import tempfile
from pathlib import Path

from cases import CASES, MEMORY, Benchmark, Check, Result
from race import Contender, ratio
from tools import TICKERX, find_peers


def print_shapes(results: list[Result]) -> None:
    """Print what the shapes took against the obvious script, beside their goals."""
    print("\n| shape | script, ns/B | tickerx, ns/B | `-j 1`, CPU | goal | | two processes, wall | goal | |")
    print("|---|---:|---:|---:|---:|---|---:|---:|---|")
    for case, size, obvious, one, two, _ in results:
        checks = (Check("", ratio(one.cpu, obvious.cpu), case.cpu), Check("", ratio(two.wall, obvious.wall), case.wall))
        script, ours = (statistics.median(contender.cpu) * 1e9 / size for contender in (obvious, one))
        print(f"| {case.title} | {script:.0f} | {ours:.0f} | {' | '.join(map(format_check, checks))} |")


def print_checks(checks: list[Check]) -> None:
    print("\n| | measured | goal | |\n|---|---:|---:|---|")
    for check in checks:
        print(f"| {check.title} | {format_check(check)} |")


def print_peers(results: list[Result], peers: list[str]) -> None:
    """Print how many times as long as each tool tickerx took, or why the tool was not timed."""
    print(f"\n| shape | {' | '.join(peers)} |\n|---|{'---:|' * len(peers)}")
    for result in results:
        if result.peers:
            cells = [format_peer(result.two, result.peers[name]) for name in peers]
            print(f"| {result.case.title} | {' | '.join(cells)} |")


def format_check(check: Check) -> str:
    digits = 2 if check.unit == "×" else 0
    goal = f"≤ {check.limit:.{digits}f} {check.unit}"
    return f"{check.measured:.{digits}f} {check.unit} | {goal} | {'met' if check.measured <= check.limit else 'missed'}"


def format_peer(ours: Contender, peer: Contender | str) -> str:
    return peer if isinstance(peer, str) else f"{ratio(ours.wall, peer.wall):.2f} ×"


def describe_machine() -> str:
    """Return what of this machine the figures depend on."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    path = Path("/proc/cpuinfo")
    model = re.search(r"^model name\s*: (.*)$", path.read_text() if path.exists() else "", re.MULTILINE)
    return f"{platform.system()} {platform.release()}, {model[1] if model else platform.machine()}, {cores} cores"


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3, metavar="N", help="turns that are timed; default 3")
    parser.add_argument("--scale", type=float, default=1.0, metavar="X", help="multiply the inputs' sizes; default 1")
    parser.add_argument("--only", default="", metavar="REGEX", help=f"choose among: {'; '.join(CASES)}")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep the inputs there, and use those that are there")
    options = parser.parse_args()
    options.only = [case for case in CASES if re.search(options.only, case)]
    return options if options.only else parser.error("--only chooses nothing")


def measure(options: argparse.Namespace, folder: Path, peers: dict[str, list[str]]) -> Benchmark:
    folder.mkdir(parents=True, exist_ok=True)
    benchmark = Benchmark(folder, options.scale, options.rounds, peers)
    for case in options.only:
        print(case, file=sys.stderr)
        CASES[case](benchmark)
    return benchmark


def main() -> None:
    options = read_options()
    if not Path(TICKERX).exists():
        sys.exit(f"{TICKERX} is missing: install tickerx into the environment whose Python runs this")
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))  # so that the temporary folder goes
    peers, versions, missing = find_peers()
    with tempfile.TemporaryDirectory(prefix="tickerx-benchmark-") as temporary:
        benchmark = measure(options, options.keep or Path(temporary), peers)
    print(
        f"{describe_machine()}; {', '.join(versions)}.\nMedians of {options.rounds} turns, `--scale {options.scale:g}`."
    )
    if missing:
        print(f"Not installed, and left out: {', '.join(missing)}.")
    if benchmark.results:
        print_shapes(benchmark.results)
    memory = Check("any of these: peak memory", max(run.peak for run in benchmark.ours), MEMORY, "MiB")
    print_checks([*benchmark.checks, memory])
    if benchmark.results and peers:
        print_peers(benchmark.results, list(peers))


if __name__ == "__main__":
    main()
