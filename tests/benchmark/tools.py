"""The commands that are timed, and which of them are here. The path of the input goes last."""

import platform
import re
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

__all__ = ["OBVIOUS", "SLOW", "TICKERX", "find_peers"]

HERE = Path(__file__).parent
TICKERX = str(Path(sys.executable).with_name("tickerx"))
OBVIOUS = [sys.executable, str(HERE / "obvious.py")]

MILLER = ["mlr", "-S", "--inidx", "--ifs", " ", "--ocsv", "put", "-q", "-f", str(HERE / "quotes.mlr")]
PROGRAMS = {
    "mawk": (["mawk", "-f", str(HERE / "quotes.awk")], ["mawk", "-W", "version"]),
    "gawk": (["gawk", "-b", "-f", str(HERE / "quotes.awk")], ["gawk", "--version"]),
    "Miller": (MILLER, ["mlr", "--version"]),
}
"""Programs that a machine may lack, and what makes them name their versions."""

PACKAGES = ("Polars", "DuckDB", "TextFSM")
"""Packages for Python that an environment may lack; each has its script, by_<name in lower case>.py."""

SLOW = ("Miller", "TextFSM")
"""What is timed in one turn only."""


def find_peers() -> tuple[dict[str, list[str]], list[str], list[str]]:
    """Return the commands of the other tools that are here, what is here by version, and the names of the rest."""
    peers, versions = {}, [f"Python {platform.python_version()}", f"tickerx {metadata.version('tickerx')}"]
    for name, (command, ask) in PROGRAMS.items():
        if shutil.which(ask[0]):
            answer = subprocess.run(ask, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
            found = re.search(r"\d+\.[\d.]*\d", answer.stdout + answer.stderr)
            peers[name] = command
            versions.append(f"{name} {found[0] if found else 'of an unknown version'}")
    for name in PACKAGES:
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            continue
        peers[name] = [sys.executable, str(HERE / f"by_{name.lower()}.py")]
    return peers, versions, [name for name in (*PROGRAMS, *PACKAGES) if name not in peers]
