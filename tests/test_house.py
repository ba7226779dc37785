"""Imports between the folders of tickerx/ go one way, as the table in CONTRIBUTING.md says."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(str(path.relative_to(ROOT / "tickerx")) for path in (ROOT / "tickerx").rglob("*.py"))
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
ROWS = {
    name: set(re.findall(r"[\w.]+", may)) for name, may in re.findall(r"^\| `([\w.]+)/?` \| .* \| (.*) \|$", TEXT, re.M)
}

PACKAGES = ("click", "fsspec", "pyarrow", "pyspark", "rich", "selectolax")


def room(file: str) -> str:
    """Return the folder of a file, or the file itself where it lies in none."""
    return file.partition("/")[0]


def imports(file: str) -> set[str]:
    """Return what a file imports, anywhere in it: rooms of tickerx/, and other packages than the standard library's."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "tickerx" / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            package, _, rest = name.partition(".")
            if package == "tickerx":
                neighbour = rest.partition(".")[0]
                found.add(f"{neighbour}.py" if f"{neighbour}.py" in FILES else neighbour)
            elif package not in sys.stdlib_module_names:
                found.add(package)
    rooms = {*map(room, FILES)}
    return {name if name in rooms or "." in name or name in PACKAGES else "__init__.py" for name in found}


def test_the_table_names_every_folder() -> None:
    assert sorted(ROWS) == sorted({*map(room, FILES)})


@pytest.mark.parametrize("file", FILES)
def test_the_list_has_a_line_for_every_file(file: str) -> None:
    assert file.endswith("/__init__.py") or f"`{file}`" in TEXT


@pytest.mark.parametrize("file", FILES)
def test_a_file_imports_only_what_its_folder_may(file: str) -> None:
    may = ROWS[room(file)]
    assert imports(file) - {room(file)} <= may or "all" in may


@pytest.mark.parametrize("folder", sorted({room(file) for file in FILES if "/" in file}))
def test_a_folder_says_in_one_sentence_what_it_is_for(folder: str) -> None:
    tree = ast.parse((ROOT / "tickerx" / folder / "__init__.py").read_text(encoding="utf-8"))
    assert len(tree.body) == 1
    assert re.fullmatch(r"[A-Z][^.]*\.", ast.get_docstring(tree) or "")


def test_the_library_loads_none_of_the_packages_that_only_some_uses_need() -> None:
    asks = f"print([name for name in {PACKAGES} if name in sys.modules])"
    program = f"import sys, tickerx; tickerx.find('AGL'); tickerx.read; tickerx.read_arrow; {asks}"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"
