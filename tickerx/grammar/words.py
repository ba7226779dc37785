"""Where text may hold quotes, or what commits to being one: the lines that hold the words of a movement.

To look for a part of the words takes a tenth of the time of reading, and mere prose seldom holds them.
"""

import re
from collections.abc import Iterator

from tickerx.grammar.terminals import ARROWS, SPACES

__all__ = ["find_windows"]

_STRIDES = 256, 4096
"""Bytes behind the first words of a window, about, that it reaches to, and how many these grow to on a long board."""

_CREASED, _CHANGE = b"creased", b"Change"
_SPACES = SPACES.encode()
_LONGEST_BLANK = 3 * 64 + 2
"""Bytes of the spaces in a movement, and of the word before them."""

_BY = re.compile(f"creased(?:{'|'.join(SPACES)}){{1,64}}By".encode())
_LEADS = sorted({arrow.encode()[:2] for arrow in ARROWS})
_ARROW = re.compile(rb"(?:%s)(?<=[yYeE|%s]..)" % (b"|".join(_LEADS), _SPACES), re.DOTALL)
"""An arrow that may follow the words of a movement, in any case."""

_LINE_END = re.compile(rb"\n|\r\n?")


def find_windows(content: bytes, at: int = 0) -> Iterator[tuple[int, int]]:
    """Yield from where to where lines may hold quotes or what commits to one; what lies between holds none.

    Windows that touch are one. They grow as long as words follow closely, and begin small again behind other lines.
    """
    finders = [_find_creased, _find_change]
    if any(lead[1:] in content for lead in _LEADS):
        finders.append(_find_arrow)
    size, start, stride = len(content), at, _STRIDES[0]
    places = [find(content, at) for find in finders]
    while (hit := min(places)) < size:
        line_start = max(content.rfind(b"\n", at, hit), content.rfind(b"\r", at, hit)) + 1 or at
        if line_start > at:
            if at > start:
                yield start, at
            start, stride = line_start, _STRIDES[0]
        line_end = _LINE_END.search(content, max(hit, line_start + stride))
        at = line_end.end() if line_end else size
        stride = min(2 * stride, _STRIDES[1])
        places = [find(content, at) if place < at else place for find, place in zip(finders, places, strict=True)]
    if at > start:
        yield start, at


def _find_creased(content: bytes, at: int) -> int:
    """Return where the next "creased By" is, or the end."""
    while (at := content.find(_CREASED, at)) >= 0:
        if _BY.match(content, at):
            return at
        at += 1
    return len(content)


def _find_change(content: bytes, at: int) -> int:
    """Return where the next "Change" is that may follow "No", or the end."""
    while (at := content.find(_CHANGE, at)) >= 0:
        if content[max(0, at - _LONGEST_BLANK) : at].rstrip(_SPACES).endswith(b"No"):
            return at
        at += 1
    return len(content)


def _find_arrow(content: bytes, at: int) -> int:
    """Return where the next arrow is that may follow the words of a movement, in any case, or the end."""
    found = _ARROW.search(content, at)
    return found.start() if found else len(content)
