"""The manual: it is the one that the command's definition makes, manual readers take it, and it is installed."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from tests.manual import ENVIRONMENT, PAGE, page
from tests.support import BINARY_FORMATS, FORMATS, Tickerx
from tickerx.command.cli import command
from tickerx.command.params import EXAMPLES, EXIT_STATUSES
from tickerx.quote import COLUMNS

ROOT = Path(__file__).parents[1]

CHECKS = [
    pytest.param(["mandoc", "-T", "lint", "-W", "style"], id="mandoc"),
    pytest.param(["groff", "-man", "-ww", "-z", "-T", "utf8"], id="groff"),
    pytest.param(["groff", "-man", "-ww", "-z", "-T", "ascii"], id="groff-for-a-terminal-that-is-not-utf-8"),
]


def read_manual(tickerx: Tickerx, arguments: str, environment: dict[str, str]) -> str:
    """Return what ``man`` shows, without what sets bold and italic, and spaced as the reader sees words."""
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    plain = {"MANWIDTH": "100", "MAN_KEEP_FORMATTING": "", "LC_ALL": "C.UTF-8", "HOME": str(tickerx.folder)}
    status, stdout, stderr = tickerx.shell(f"man {arguments} | cat", environment={**plain, **environment})
    assert (status, stderr) == (0, "")
    return re.sub(r"\s+", " ", re.sub(r".\x08|\x1b\[[0-9;]*m", "", stdout))


def test_the_page_is_made_from_the_command() -> None:
    assert PAGE.read_text("utf-8") == page(), "python -m tests.manual > tickerx.1 makes it anew"


@pytest.mark.parametrize("check", CHECKS)
def test_the_page_is_without_fault_for(check: list[str]) -> None:
    if not shutil.which(check[0]):
        pytest.skip(f"{check[0]} is not installed")
    done = subprocess.run([*check, PAGE], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_the_manual_tells_all_that_help_tells(tickerx: Tickerx) -> None:
    shown = read_manual(tickerx, f"-l '{PAGE}'", {})
    assert shown.startswith(
        "TICKERX(1) User Commands TICKERX(1) NAME "
        "tickerx - find stock quotes on ticker boards in text, web pages and crawls"
    )
    for option in command.params:
        if isinstance(option, click.Option):
            assert f" {', '.join(option.opts)} " in shown
            assert f" {option.help} " in shown
    for column in COLUMNS.values():
        assert f" {column.name} ({column.type}) {column.description} " in shown
    for status, meaning in EXIT_STATUSES:
        assert f" {status} {meaning} " in shown
    for example in EXAMPLES:
        assert f" {' '.join(example.split())} " in shown


def test_the_manual_is_found_beside_the_installed_command(tickerx: Tickerx) -> None:
    if not Path(sys.prefix, "share", "man", "man1", PAGE.name).exists():
        pytest.skip("tickerx is not installed beside this Python")
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    assert "TICKERX(1)" in read_manual(tickerx, "tickerx", {"PATH": path})


def test_the_manual_names_what_is_read_of_the_environment() -> None:
    read = {"_TICKERX_COMPLETE"}  # by a name of its own
    for path in (ROOT / "tickerx").rglob("*.py"):
        read |= set(re.findall(r'environ\.get\("(\w+)"', path.read_text("utf-8")))
    assert {name for name, _ in ENVIRONMENT} == read


def test_the_manual_has_each_format() -> None:
    formats = PAGE.read_text("utf-8").partition(".SH FORMATS")[2].partition(".SH")[0]
    assert re.findall(r"\.TP\n\\fB(\w+)\\fR\n", formats) == [*FORMATS, *BINARY_FORMATS]
