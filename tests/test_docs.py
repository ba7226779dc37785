"""README.md and docs/ are true: their commands run in a real shell and print what is shown, and their links work."""

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

import click
import pytest

from tickerx.command.cli import command
from tickerx.command.params import EXIT_STATUSES
from tickerx.grammar import terminals as grammar
from tickerx.quote import COLUMNS

ROOT = Path(__file__).parents[1]

DOCUMENTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
}
"""All documents by their path. Those without fenced blocks are here for their links."""

README = DOCUMENTS["README.md"]
REFERENCE = DOCUMENTS["docs/reference.md"]

TOOLS = ("curl", "duckdb", "jq", "mlr", "sqlite3")
"""Commands in the documents that a machine may lack."""

PATH = os.path.dirname(sys.executable) + os.pathsep + os.environ.get("PATH", os.defpath)

PASSED_ON = re.compile(
    r"(COVERAGE|COV|PIP|SSL|XDG)_\w+|(\w+_proxy|HOME|TMPDIR|(REQUESTS|CURL)_CA_BUNDLE)", re.IGNORECASE
)
"""What a command sees of the environment of the tests: where home is, how pip finds its index, and coverage."""

FENCED = re.compile(r"^```(\w+)\n(.*?)^```\n", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block of a document, the heading above it, and for a command what it prints."""

    document: str
    heading: str
    language: str
    text: str
    output: str


def read_blocks(document: str) -> list[Block]:
    """Return the blocks of a document. A text block that directly follows a command is its output."""
    text = DOCUMENTS[document]
    blocks: list[Block] = []
    end = 0
    for match in FENCED.finditer(text):
        heading = re.findall(r"^#+ (.*)$", text[: match.start()], re.MULTILINE)[-1]
        follows = not text[end : match.start()].strip()
        if match[1] == "text" and follows and blocks[-1].language == "sh":
            blocks[-1] = blocks[-1]._replace(output=match[2])
        else:
            blocks.append(Block(document, heading, match[1], match[2], ""))
        end = match.end()
    return blocks


BLOCKS = [block for document in DOCUMENTS for block in read_blocks(document)]
QUICK_START = [block for block in BLOCKS if (block.document, block.heading) == ("README.md", "Quick start")]
EXAMPLES = [block for block in BLOCKS if block.language == "sh" and block not in QUICK_START]
PYTHON = sorted({block.document for block in BLOCKS if block.language == "python"})


def run(script: str, directory: Path) -> subprocess.CompletedProcess[str]:
    """Run a script in a shell that finds tickerx first, and fails with any part of a pipe."""
    environment = {name: value for name, value in os.environ.items() if PASSED_ON.fullmatch(name)}
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],  # noqa: S607  # the shell that the reader has
        cwd=directory,
        env={**environment, "PATH": PATH},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def skip_without_tools(script: str) -> None:
    """Skip the test if a tool or a Python package that the script uses is not installed."""
    for tool in TOOLS:
        if re.search(rf"(^|\|)\s*{tool} ", script, re.MULTILINE) and not shutil.which(tool, path=PATH):
            pytest.skip(f"{tool} is not installed")
    for package in re.findall(r"^import (\w+)", script, re.MULTILINE):
        if not importlib.util.find_spec(package):
            pytest.skip(f"{package} is not installed")


def anchors(text: str) -> set[str]:
    """Return the anchors that GitHub gives the headings of a document."""
    headings = re.findall(r"^#+ (.*)$", FENCED.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """Give a directory with the samples."""
    shutil.copytree(ROOT / "samples", tmp_path / "samples")
    return tmp_path


@pytest.mark.parametrize(
    "block",
    [
        pytest.param(block, id=f"{block.document}: {block.heading}: {' '.join(block.text.split()[:4])}")
        for block in EXAMPLES
    ],
)
def test_a_command_prints_what_is_shown_below_it(block: Block, directory: Path) -> None:
    skip_without_tools(block.text)
    done = run(block.text, directory)
    assert (done.returncode, done.stdout, done.stderr) == (0, block.output, "")


def test_the_picture_is_what_its_command_draws(directory: Path) -> None:
    [path] = re.findall(r"^!\[.*\]\((.*)\)$", README, re.MULTILINE)
    [script] = [block.text for block in EXAMPLES if f"-o {path}" in block.text]
    (directory / path).unlink()
    run(script, directory)
    assert (directory / path).read_bytes() == (ROOT / path).read_bytes(), f"to renew it: {script}"


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


@pytest.mark.parametrize("document", DOCUMENTS)
def test_no_block_escapes_these_tests(document: str) -> None:
    text = DOCUMENTS[document]
    assert text.count("```") == 2 * len(FENCED.findall(text))
    assert {block.language for block in BLOCKS if block.document == document} <= {"sh", "python", "ebnf"}


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_to_a_file_and_a_heading(document: str) -> None:
    for file, anchor in re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", DOCUMENTS[document]):
        path = os.path.normpath(os.path.join(os.path.dirname(document), file)) if file else document
        assert (ROOT / path).exists(), f"{file} is missing"
        assert not anchor or anchor in anchors(DOCUMENTS[path]), f"{path} has no heading for #{anchor}"


def test_readme_links_to_every_document() -> None:
    linked = {file for file, _ in re.findall(r"\]\(([\w/.]+\.md)(#[\w-]+)?\)", README)}
    assert {"README.md", *linked} == set(DOCUMENTS)


def test_the_cookbook_begins_with_a_list_of_its_recipes() -> None:
    text = DOCUMENTS["docs/cookbook.md"]
    assert re.findall(r"^- \[(.*)\]\(#.*\)$", text, re.MULTILINE) == re.findall(r"^## (.*)$", text, re.MULTILINE)


@pytest.mark.parametrize("document", PYTHON)
def test_the_library_does_what_is_shown(document: str, directory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(directory)
    text = "".join(block.text for block in BLOCKS if (block.document, block.language) == (document, "python"))
    examples = doctest.DocTestParser().get_doctest(text, {}, document, document, 0)
    report = io.StringIO()
    results = doctest.DocTestRunner(verbose=False).run(examples, out=report.write)
    assert (results.failed, report.getvalue()) == (0, "")
    assert results.attempted == text.count(">>> ") > 0


def test_the_table_of_options_has_every_option() -> None:
    cells = re.findall(r"^\| (`-.*?) \| ", REFERENCE, re.MULTILINE)
    written = [sorted(re.findall(r"(?<![\w-])--?\w[\w-]*", cell)) for cell in cells]
    options = [option for option in command.params if isinstance(option, click.Option)]
    assert sorted(written) == sorted(sorted([*option.opts, *option.secondary_opts]) for option in options)


def test_the_table_of_exit_statuses_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| (\d) \| (.*) \|$", REFERENCE, re.MULTILINE)
    assert [(status, meaning.replace("`", "")) for status, meaning in rows] == list(EXIT_STATUSES)


def test_the_table_of_columns_is_that_of_the_code() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \| (.*) \|$", REFERENCE, re.MULTILINE)
    assert rows == [(column.name, column.type, column.meaning, column.unit) for column in COLUMNS.values()]


def test_the_rules_are_those_of_the_grammar() -> None:
    [rules] = [block.text for block in BLOCKS if block.language == "ebnf"]
    written = {line.strip() for line in (grammar.__doc__ or "").split("\n")}
    assert set(rules.splitlines()) <= written
