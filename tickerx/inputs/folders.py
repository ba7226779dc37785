"""Folders → the files below them."""

import os
from collections.abc import Iterator

__all__ = ["files_below"]


def files_below(folder: str) -> Iterator[tuple[str, OSError | None]]:
    """Yield the path of every regular file below a folder, sorted by bytes, or of a folder with why it cannot be read.

    As with ``grep -r``, hidden files are among them, and symbolic links are not followed, so that nothing comes twice.
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
    """Return what to sort an entry of a folder by, so that all paths come in the order of ``find -type f | sort``."""
    path, is_folder = found
    return os.fsencode(path) + b"/" * is_folder
