"""The beginning of an input's text, kept while nothing is found in it: it may hold a board of another layout."""

import re
from collections.abc import Iterable, Iterator

__all__ = ["LARGEST_HEAD", "Head"]

LARGEST_HEAD = 65536
"""Bytes that are kept of an input at most."""

_DECIMALS = re.compile(rb"[0-9][.,][0-9]{1,4}(?![0-9.,]*[A-Za-z0-9])|(?<![0-9])[.,][0-9]{1,4}(?![0-9])")
_LEAST = 6
"""Figures with decimals that three lines of any board have at least: a price, and how it has moved."""


class Head:
    """What is kept of an input."""

    def __init__(self, is_wanted: bool) -> None:
        self.is_wanted = is_wanted
        """Whether anything is kept still."""
        self._kept: list[bytes] = []
        self._room = LARGEST_HEAD

    def keep(self, blocks: Iterable[bytes]) -> Iterable[bytes]:
        """Return the blocks of a document, to be kept as they are read."""
        return self._keep(blocks) if self.is_wanted and self._room else blocks

    def _keep(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            if self._room:
                self._kept.append(block[: self._room])
                self._room -= len(self._kept[-1])
            yield block

    @property
    def text(self) -> bytes:
        """What was kept, if nothing was found and it has so many figures that it may hold a board.

        Text that is full of NULs may be UTF-16 or UTF-32, and hold as many.
        """
        text = b"".join(self._kept) if self.is_wanted else b""
        if text.count(b"\0") * 3 > len(text):
            return text
        figures = _DECIMALS.finditer(text)
        return text if sum(1 for _ in zip(figures, range(_LEAST), strict=False)) == _LEAST else b""
