"""Folders → the files below them."""

import os
from collections.abc import Iterator

__all__ = ["files_below"]


def files_below(folder: str) -> Iterator[tuple[str, OSError | None]]:
    """Yield the path of every regular file below a folder, sorted by bytes, and each unreadable folder with its error.

    As with ``grep -r``, this includes hidden files and does not follow symbolic links, so nothing comes twice.
    """
    pending = [(folder, True)]
    while pending:
        path, is_folder = pending.pop()
        if not is_folder:
            yield path, None
            continue
        try:
            with os.scandir(path) as entries:
                found = [(entry.path, entry.is_dir(follow_symlinks=False)) for entry in entries if _is_wanted(entry)]
        except OSError as error:
            yield path, error
        else:
            pending += sorted(found, key=_place, reverse=True)


def _is_wanted(entry: os.DirEntry[str]) -> bool:
    return entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)


def _place(found: tuple[str, bool]) -> bytes:
    """Return the sort key of an entry in a folder, so that paths come in the order of ``find -type f | sort``."""
    path, is_folder = found
    return os.fsencode(path) + b"/" * is_folder
