"""README.md does as it says: its commands run, in a real shell, and print what stands under them."""

import doctest
import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tickerx.grammar import terminals as grammar
from tickerx.quote import COLUMNS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")

TOOLS = ("duckdb", "jq", "mlr", "sqlite3")
"""Commands in README that a machine may lack."""

PASSED_ON = re.compile(
    r"(COVERAGE|COV|PIP|SSL|XDG)_\w+|(\w+_proxy|HOME|TMPDIR|(REQUESTS|CURL)_CA_BUNDLE)", re.IGNORECASE
)
"""What a command sees of the environment of the tests: where home is, how pip finds its index, and coverage."""


class Block(NamedTuple):
    """A fenced block of README, under which heading it stands, and for a command what it prints."""

    heading: str
    language: str
    text: str
    output: str


def read_blocks() -> list[Block]:
    """Return the blocks of README; a text block that directly follows a command's is its output."""
    blocks: list[Block] = []
    end = 0
    for match in re.finditer(r"^```(\w*)\n(.*?)^```\n", README, re.MULTILINE | re.DOTALL):
        heading = re.findall(r"^#+ (.*)$", README[: match.start()], re.MULTILINE)[-1]
        follows = not README[end : match.start()].strip()
        if match[1] == "text" and follows and blocks[-1].language == "sh":
            blocks[-1] = blocks[-1]._replace(output=match[2])
        else:
            blocks.append(Block(heading, match[1], match[2], ""))
        end = match.end()
    return blocks


BLOCKS = read_blocks()
QUICK_START = [block for block in BLOCKS if block.heading == "Quick start"]
EXAMPLES = [block for block in BLOCKS if block.language == "sh" and block.heading != "Quick start"]


def run(command: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a command in a shell that finds tickerx first, and fails with any part of a pipe."""
    environment = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    environment["PATH"] = os.path.dirname(sys.executable) + os.pathsep + os.environ["PATH"]
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],  # noqa: S607  # the shell that the reader has
        cwd=directory,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a directory with the samples."""
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    return tmp_path


@pytest.mark.parametrize("block", [pytest.param(block, id=" ".join(block.text.split()[:4])) for block in EXAMPLES])
def test_a_command_prints_what_stands_under_it(block: Block, directory: Path) -> None:
    for tool in TOOLS:
        if re.search(rf"(^|\|)\s*{tool} ", block.text, re.MULTILINE) and not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    if "import pandas" in block.text and not importlib.util.find_spec("pandas"):
        pytest.skip("pandas is not installed")
    done = run(block.text, directory)
    assert (done.returncode, done.stdout, done.stderr) == (0, block.output, "")


def test_the_picture_is_what_its_command_draws(directory: Path) -> None:
    [path] = re.findall(r"^!\[.*\]\((.*)\)$", README, re.MULTILINE)
    [command] = [block.text for block in EXAMPLES if f"-o {path}" in block.text]
    (directory / path).unlink()
    run(command, directory)
    assert (directory / path).read_bytes() == (ROOT / path).read_bytes(), f"to renew it: {command}"


def test_a_clone_prints_its_first_quotes_with_the_first_command_and_has_its_manual(directory: Path) -> None:
    for name in ("pyproject.toml", "README.md", "LICENSE", "tickerx.1"):
        shutil.copy(ROOT / name, directory)
    shutil.copytree(ROOT / "tickerx", directory / "tickerx", ignore=shutil.ignore_patterns("__pycache__"))
    done = run(QUICK_START[0].text, directory)
    if done.returncode and run(".venv/bin/pip download -q --no-deps -d wheels click", directory).returncode:
        pytest.skip("pip cannot reach a package index")
    assert done.returncode == 0, done.stderr
    header, *rows = done.stdout.splitlines()
    assert header == "symbol,price,change,change_percent,direction,kind"
    assert (len(rows), rows[0], rows[-1]) == (34, "AGL,40.00,-0.16,-0.4,down,stock", "KSE30,30192,614.4,2.08,up,index")
    manual = directory / ".venv" / "share" / "man" / "man1" / "tickerx.1"
    assert manual.read_bytes() == (ROOT / "tickerx.1").read_bytes()


def test_quick_start_has_two_commands_of_one_line_each() -> None:
    assert [(block.language, block.text.count("\n")) for block in QUICK_START] == [("sh", 1), ("sh", 1)]


def test_no_block_escapes_these_tests() -> None:
    assert README.count("```") == 2 * len(re.findall(r"^```\w+\n.*?^```\n", README, re.MULTILINE | re.DOTALL))
    assert {block.language for block in BLOCKS} == {"sh", "python", "ebnf"}


def test_the_library_does_what_stands_under_it(directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory)
    text = "".join(block.text for block in BLOCKS if block.language == "python")
    examples = doctest.DocTestParser().get_doctest(text, {}, "README.md", "README.md", 0)
    report = io.StringIO()
    results = doctest.DocTestRunner(verbose=False).run(examples, out=report.write)
    assert (results.failed, report.getvalue()) == (0, "")
    assert results.attempted == text.count(">>> ") > 0


def test_the_table_of_columns_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \| (.*) \|$", README, re.MULTILINE)
    assert rows == [(column.name, column.type, column.meaning, column.unit) for column in COLUMNS.values()]


def test_the_rules_are_those_of_the_grammar() -> None:
    [rules] = [block.text for block in BLOCKS if block.language == "ebnf"]
    written = {line.strip() for line in (grammar.__doc__ or "").split("\n")}
    assert set(rules.splitlines()) <= written
