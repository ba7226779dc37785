"""Drive the target with atheris: ``python -m tests.fuzz.run_atheris SECONDS [FOLDER]``.

Atheris is installed for this alone: ``pip install atheris``. What it learns is kept in the folder; a finding is written
there too, raised, and ends the run. It becomes a case of `FROM_FUZZING` in ``test_target.py``.
"""

import os
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["tickerx"]):
    from tests.fuzz.target import check

TESTS = Path(__file__).parents[1]
LONGEST = 1024
"""Bytes of an input at most: some twenty quotes, and more than a malformed span has."""


def _seeds() -> list[bytes]:
    """Return what the tests have of boards, whole lines of it."""
    files = [*TESTS.glob("golden/*.txt"), *TESTS.glob("damaged/*.txt"), TESTS / "prose.txt"]
    return [line for file in files for line in file.read_bytes().splitlines(keepends=True)]


def _words() -> list[str]:
    """Return what quotes are made of, as entries of a dictionary."""
    words = "Increased By|Decreased By|No Change|increased by|▲|▼|−|(|%)|0.16|1,04,559|\u00a0|\u202f|\ufeff|AGL 40.00 "
    return ["".join(f"\\x{byte:02x}" for byte in word.encode()) for word in [*words.split("|"), "|", "\r\n"]]


def main() -> None:
    """Run for so many seconds."""
    seconds = int(sys.argv[1])
    folder = sys.argv[2] if len(sys.argv) > 2 else tempfile.mkdtemp(prefix="fuzz-")
    os.makedirs(folder, exist_ok=True)
    for number, seed in enumerate(_seeds()):
        Path(folder, f"seed-{number}").write_bytes(seed)
    dictionary = Path(folder + ".dict")
    dictionary.write_text("".join(f'"{word}"\n' for word in _words()), "ascii")
    options = [f"-max_total_time={seconds}", f"-max_len={LONGEST}", f"-dict={dictionary}", "-print_final_stats=1"]
    atheris.Setup([sys.argv[0], *options, f"-artifact_prefix={folder}.finding-", folder], check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
