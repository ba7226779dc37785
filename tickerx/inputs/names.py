"""Names of inputs, as rows and messages show them, and lists of names in a file."""

import errno
import os
from collections.abc import Iterator

from tickerx.inputs.files import BinaryFile, read_raw

__all__ = ["NEEDS_NUL", "ListError", "file_name", "read_names"]

NEEDS_NUL = r"each name must end with NUL, as from find -print0 or tr '\n' '\0'"
"""What to do about a list whose names end differently."""

_LONGEST_NAME = 65536
"""The most bytes of a name in a list. No system opens a longer one."""


class ListError(ValueError):
    """A list of names has a name that cannot be an input."""


def file_name(path: str) -> str:
    r"""Return the name of a file as rows and messages show it: bytes that are not UTF-8 as ``\xff``.

    A name that a spreadsheet would take for a formula gets ``./`` in front; ``-`` alone is standard input.
    """
    name = os.fsencode(path).decode("utf-8", "backslashreplace")
    return f"./{name}" if name.startswith(("=", "+", "-", "@", "\t", "\r")) and name != "-" else name


def read_names(file: BinaryFile) -> Iterator[list[str]]:
    """Yield the names in a list file, each ended by NUL, which the last one can lack. Raises `OSError`.

    Names that were read together come in one list. The next list can take a while.
    """
    pending = b""
    for block in read_raw(file):
        *names, pending = (pending + block).split(b"\0")
        yield [os.fsdecode(name) for name in names]
        if len(pending) > _LONGEST_NAME:
            raise OSError(errno.ENAMETOOLONG, f"a name has no end; {NEEDS_NUL}")
    if pending:
        yield [os.fsdecode(pending)]
