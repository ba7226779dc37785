"""The beginning of an input's text, kept until a quote is found, because it may be a board in another layout."""

import re
from collections.abc import Iterable, Iterator

__all__ = ["LARGEST_HEAD", "Head"]

LARGEST_HEAD = 65536
"""The most bytes of an input to keep."""

_DECIMALS = re.compile(rb"[0-9][.,][0-9]{1,4}(?![0-9.,]*[A-Za-z0-9])|(?<![0-9])[.,][0-9]{1,4}(?![0-9])")
_LEAST = 6
"""Three lines of any board have at least so many figures with decimals: each has a price, and how it has moved."""


class Head:
    """The kept beginning of an input."""

    def __init__(self, is_wanted: bool) -> None:
        self.is_wanted = is_wanted
        """Whether it is still worth keeping."""
        self._kept: list[bytes] = []
        self._room = LARGEST_HEAD

    def keep(self, blocks: Iterable[bytes]) -> Iterable[bytes]:
        """Return the blocks of a document, and keep them as they are read."""
        return self._keep(blocks) if self.is_wanted and self._room else blocks

    def _keep(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        for block in blocks:
            if self._room:
                self._kept.append(block[: self._room])
                self._room -= len(self._kept[-1])
            yield block

    @property
    def text(self) -> bytes:
        """The kept text, if nothing was found and it has enough figures for a board; otherwise empty.

        Text that is full of NULs may be UTF-16 or UTF-32, so its figures are not counted.
        """
        text = b"".join(self._kept) if self.is_wanted else b""
        if text.count(b"\0") * 3 > len(text):
            return text
        figures = _DECIMALS.finditer(text)
        return text if sum(1 for _ in zip(figures, range(_LEAST), strict=False)) == _LEAST else b""
