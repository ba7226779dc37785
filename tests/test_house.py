"""The house stands as CONTRIBUTING.md says: which file of tickerx/ may import which."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path.name for path in (ROOT / "tickerx").glob("*.py"))


def house() -> dict[str, set[str]]:
    """Return what each file may import, by the table in CONTRIBUTING.md."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+\.py)` \| .* \| (.*) \|$", text, re.MULTILINE)
    everything = {Path(name).stem for name in FILES} | {"click", "rich"}
    return {name: everything if "all of them" in may else set(re.findall(r"`?(\w+)`?", may)) for name, may in rows}


def imports(name: str) -> set[str]:
    """Return the neighbours, and click and rich, that a file imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse((ROOT / "tickerx" / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for module in names:
            package, _, rest = module.partition(".")
            if package in ("click", "rich"):
                found.add(package)
            elif package == "tickerx":
                neighbour = rest.partition(".")[0]
                found.add(neighbour if f"{neighbour}.py" in FILES else "__init__")
    return found


def test_the_table_names_every_file() -> None:
    assert sorted(house()) == FILES


@pytest.mark.parametrize("name", FILES)
def test_a_file_imports_only_what_it_may(name: str) -> None:
    assert imports(name) <= house()[name]


def test_the_library_loads_neither_click_nor_rich() -> None:
    program = "import sys, tickerx; print([name for name in ('click', 'rich') if name in sys.modules])"
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "[]\n"
