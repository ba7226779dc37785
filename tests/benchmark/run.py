"""Time tickerx against what a shell user would run instead, all on the same inputs, in turn; print medians and ratios.

    python tests/benchmark/run.py [--runs 5] [--scale 1.0] [--folder DIR]

The inputs are made from a fixed seed, in words of this file. What is not installed is left out, by name. Each command
must find the same quotes as tickerx before it is timed.
"""

import argparse
import hashlib
import os
import platform
import random
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).parent
TEXT = """the market closed higher as investors bought shares of banks and cement makers while analysts said that profit
increased by 12 percent over the year and that trade was thin before the holiday with volume of 250 million shares
against an average of 310 million Karachi traders expect results from OGDC and PPL in October"""
WORDS = TEXT.split()
MIB = 1 << 20


def quote(source: random.Random) -> str:
    """Return a line of a board, with figures that agree with one another."""
    close, change = source.randint(100, 60_000), source.randint(-99, 99)
    percent = f"{100 * change / close:.2f}".rstrip("0").rstrip(".") or "0"
    symbol = "".join(source.choices("ABCDEFGHIJKLMNOPQRSTUVWXYZ", k=source.randint(3, 7)))
    if source.random() < 0.12:
        words = "Increased By" if change >= 0 else "Decreased By"
        return f"{symbol}100 {close:,} {words} {change} ({percent}%)\n"
    words = ("Increased By ▲", "No Change ▼", "Decreased By ▼")[(change <= 0) + (change < 0)]
    return f"{symbol} {(close + change) / 100:.2f} {words} {change / 100:.2f} ({percent}%)\n"


def prose(source: random.Random, words: int = 90) -> str:
    """Return a paragraph."""
    return " ".join(source.choices(WORDS, k=words)).capitalize() + ".\n"


def board(source: random.Random) -> str:
    return "".join(quote(source) for _ in range(34))


def page(source: random.Random) -> str:
    return board(source) + "".join(prose(source) for _ in range(8))


def damaged(source: random.Random) -> str:
    """Return a page with one line in a hundred damaged, on an average."""
    lines = page(source).splitlines(keepends=True)
    return "".join(line.replace(".", ".O", 1) if "▲" in line and source.random() < 0.02 else line for line in lines)


def crawl(source: random.Random) -> str:
    """Return a hundred pages of which one has a board."""
    pages = ["".join(prose(source) for _ in range(9)) for _ in range(99)]
    return "".join([*pages, page(source)])


def make(path: Path, text: str, size: float) -> Path:
    """Fill a file with chunks of one kind of text, each made anew, up to a size."""
    source = random.Random(20240417)  # noqa: S311
    maker = {"board": board, "pages": page, "damaged": damaged, "crawl": crawl}[text]
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(maker(source).encode())
    return path


def versions(name: str) -> str:
    """Return the first line that a tool says of its version."""
    flags = ["-W", "version"] if name == "mawk" else ["--version"]
    said = subprocess.run([name, *flags], capture_output=True, text=True, check=False)
    return (said.stdout or said.stderr).splitlines()[0]


def run(command: list[str]) -> tuple[float, str]:
    """Run a command to its end and return its wall seconds, and what tells the rows that it found."""
    digest = hashlib.sha256()
    start = time.perf_counter()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout
        while block := process.stdout.read(MIB):
            digest.update(block)
    return time.perf_counter() - start, digest.hexdigest()


def compare(title: str, commands: dict[str, list[str]], runs: int) -> None:
    """Time commands in turn, and print a line for each: median, and the median of its ratios to the first."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    found: dict[str, str] = {}
    for _ in range(runs + 1):
        for name, command in commands.items():
            seconds, digest = run(command)
            times[name].append(seconds)
            found[name] = digest
    first = next(iter(commands))
    print(f"\n{title}")
    for name in commands:
        taken = times[name][1:]
        ratio = statistics.median(ours / theirs for ours, theirs in zip(times[first][1:], taken, strict=True))
        same = "" if found[name] == found[first] else "   (other output)"
        print(f"  {name:24} {statistics.median(taken):7.2f} s   {first} is {ratio:5.2f} x{same}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="tickerx-benchmark-"))
    tickerx = [str(Path(sys.executable).with_name("tickerx"))]
    obvious = [sys.executable, str(HERE / "obvious.py")]
    awks = {name: [name, "-f", str(HERE / "quotes.awk")] for name in ("mawk", "gawk") if shutil.which(name)}
    print(f"{platform.platform()}, {len(os.sched_getaffinity(0))} cores, Python {platform.python_version()}")
    for name in [*awks, *(name for name in ("rg",) if shutil.which(name))]:
        print(f"{name}: {versions(name)}")
    for text, size in (("board", 100), ("pages", 100), ("damaged", 100), ("crawl", 400)):
        path = make(folder / f"{text}.txt", text, size * options.scale * 1e6)
        commands = {"tickerx": [*tickerx, str(path)], "the obvious script": [*obvious, str(path)]}
        if text != "damaged":
            commands |= {name: [*awk, str(path)] for name, awk in awks.items()}
        if text == "board":
            commands |= {
                "tickerx -j 1": [*tickerx, "-j", "1", str(path)],
                "tickerx -f jsonl": [*tickerx, "-f", "jsonl", str(path)],
            }
        if text == "crawl" and shutil.which("rg"):
            pattern = r"^([A-Z0-9.&/-]+) ([0-9,.]+) (\w+ \w+)(?: [▲▼])? ([-0-9.]+) \(([-0-9.]+)%\)"
            commands["ripgrep -o -r"] = ["rg", "-o", "-r", "$1,$2,$4,$5,$3", "--no-filename", pattern, str(path)]
        compare(f"{size * options.scale:.0f} MB: {text}", commands, options.runs)
        path.unlink()
    print(f"\nlargest process: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")
    if not options.folder:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
