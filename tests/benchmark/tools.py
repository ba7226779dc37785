"""What is timed: the commands, their versions, and their rows in one form."""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

__all__ = ["OBVIOUS", "Tool", "find_tools"]

HERE = Path(__file__).parent
OBVIOUS = "the obvious script"

RIPGREP = [
    "-o",
    "-r",
    "$1;$2;$4;$5;$3",
    r"^([A-Z0-9.&/-]+) ([0-9,.]+) (Increased By|Decreased By|No Change)(?: [▲▼])? ([-0-9.]+) \(([-0-9.]+)%\)",
]
MILLER = ["-S", "--inidx", "--ifs", " ", "--ocsv", "put", "-q", "-f", str(HERE / "quotes.mlr")]

COMMANDS = {
    "mawk": (["mawk", "-f", str(HERE / "quotes.awk")], ["mawk", "-W", "version"]),
    "gawk": (["gawk", "-b", "-f", str(HERE / "quotes.awk")], ["gawk", "--version"]),
    "ripgrep": (["rg", *RIPGREP], ["rg", "--version"]),
    "ripgrep -P": (["rg", "-P", *RIPGREP], ["rg", "--pcre2-version"]),
    "Miller": (["mlr", *MILLER], ["mlr", "--version"]),
}
"""Commands that a machine may lack, and what makes them tell their versions."""

PACKAGES = ("TextFSM", "Polars", "DuckDB")
"""Packages for Python that an environment may lack; each has its script, by_<name in lower case>.py."""

Form = Callable[[bytes], bytes]
"""Brings whole lines of an output to the rows `symbol,price,change,percent,direction`."""


class Tool(NamedTuple):
    """A command that finds quotes; the input's path goes last."""

    command: list[str]
    version: str
    form: Form
    has_header: bool = True


def _from_csv(lines: bytes) -> bytes:
    return re.sub(rb",(?:stock|index)\n", b"\n", lines)


def _from_json_lines(lines: bytes) -> bytes:
    return re.sub(
        rb'\{"symbol":"([^"]+)","price":([^,]+),"change":([^,]+),"change_percent":([^,]+),"direction":"(\w+)",[^}]+\}',
        rb"\1,\2,\3,\4,\5",
        lines,
    )


def _from_ripgrep(lines: bytes) -> bytes:
    for printed, wanted in (
        (b",", b""),
        (b";Increased By\n", b";up\n"),
        (b";Decreased By\n", b";down\n"),
        (b";No Change\n", b";unchanged\n"),
        (b";", b","),
    ):
        lines = lines.replace(printed, wanted)
    return lines


def _ask(command: list[str]) -> str | None:
    """Return a tool's name and version in its own words, or None if it cannot be run."""
    if not shutil.which(command[0]):
        return None
    said = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    version = re.match(r".*?\d+\.[\d.]+", said.stdout + said.stderr)
    return version[0] if version and not said.returncode else None


def find_tools() -> tuple[dict[str, Tool], list[str]]:
    """Return the tools that are here, by name, and the names of those that are not."""
    python = f"Python {platform.python_version()}"
    tickerx = str(Path(sys.executable).with_name("tickerx"))
    if not Path(tickerx).exists():
        sys.exit(f"{tickerx} is missing: install tickerx into the environment whose Python runs this")
    ours = f"tickerx {metadata.version('tickerx')}, {python}"
    tools = {
        "tickerx": Tool([tickerx], ours, _from_csv),
        "tickerx -j 1": Tool([tickerx, "-j", "1"], ours, _from_csv),
        "tickerx -f jsonl": Tool([tickerx, "-f", "jsonl"], ours, _from_json_lines, has_header=False),
        OBVIOUS: Tool([sys.executable, str(HERE / "obvious.py")], python, _from_csv),
    }
    missing = []
    for name, (command, ask) in COMMANDS.items():
        if version := _ask(ask):
            is_csv = command[0] != "rg"
            tools[name] = Tool(command, version, _from_csv if is_csv else _from_ripgrep, has_header=is_csv)
        else:
            missing.append(name)
    for name in PACKAGES:
        try:
            version = f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            missing.append(name)
        else:
            tools[name] = Tool([sys.executable, str(HERE / f"by_{name.lower()}.py")], version, _from_csv)
    return tools, missing
