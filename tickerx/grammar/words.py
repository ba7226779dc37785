"""Find the lines that may have quotes, damaged or not: those with the words of a movement.

Looking for words takes a tenth of the time of reading, and prose rarely has them. `re` needs 0.6 ns per byte for the
words below; `bytes.find` needs 0.8 for a part of them, and Python half a microsecond for each one found.
"""

import re
from collections.abc import Iterator

from tickerx.grammar.terminals import ARROWS, SPACES

__all__ = ["find_windows"]

_STRIDES = 256, 4096
"""About how many bytes a window has after its first words, and how many it grows to on a long board."""

_SPACE = "|".join(SPACES)
_WORDS = [re.compile(words.replace(" ", f"(?:{_SPACE}){{1,64}}").encode()) for words in ("creased By", "No Change")]
_LEADS = sorted({arrow.encode()[:2] for arrow in ARROWS})
_BLANKS = b" \\t|\xa0\xaf"  # and the last bytes of the other spaces
_ARROW = re.compile(
    rb"(?:%s)(?:(?<=[yYeE]..)|(?<=[yYeE\xc2\x80%s][%s]..))" % (b"|".join(_LEADS), _BLANKS, _BLANKS), re.DOTALL
)
"""An arrow that may follow the words of a movement, in any case."""

_LINE_END = re.compile(rb"\n|\r\n?")


def find_windows(content: bytes, at: int = 0) -> Iterator[tuple[int, int]]:
    """Yield windows, from start to end, of whole lines that may have quotes. The text between them has none.

    Windows that touch become one. They grow while words follow closely, and start small again after other lines.
    """
    patterns = [*_WORDS, _ARROW] if any(lead[1:] in content for lead in _LEADS) else _WORDS
    places = [_find(pattern, content, at) for pattern in patterns]
    size, start, stride = len(content), at, _STRIDES[0]
    while (hit := min(places)) < size:
        line_start = max(content.rfind(b"\n", at, hit), content.rfind(b"\r", at, hit)) + 1 or at
        if line_start > at:
            if at > start:
                yield start, at
            start, stride = line_start, _STRIDES[0]
        line_end = _LINE_END.search(content, max(hit, line_start + stride))
        at = line_end.end() if line_end else size
        stride = min(2 * stride, _STRIDES[1])
        for number, place in enumerate(places):
            if place < at:
                places[number] = _find(patterns[number], content, at)
    if at > start:
        yield start, at


def _find(pattern: re.Pattern[bytes], content: bytes, at: int) -> int:
    """Return where a pattern is found next, or the end."""
    found = pattern.search(content, at)
    return found.start() if found else len(content)
