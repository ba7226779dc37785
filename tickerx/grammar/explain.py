"""Explain what is wrong with a line: malformed spans and suspect quotes, with column and excerpt."""

import re
from collections.abc import Iterator, Mapping
from itertools import zip_longest

from tickerx.arithmetic import Contradiction
from tickerx.grammar.malformed import find_flaws, find_line_end
from tickerx.grammar.parser import decode, normalize, parse_spans
from tickerx.grammar.reports import Excerpt, Malformed, Suspect
from tickerx.quote import Origin

__all__ = ["Line", "excerpt_of", "explain_gaps", "explain_quotes"]

EXCERPT = 76
"""The most code points of a line in a report."""

_FIELD = re.compile("[^ |()%]+")
_PLACES = {"change": (2, 0), "change_percent": (2, 1)}
"""The piece of a quote that has a figure, and the number of the field in that piece."""


class Line:
    """A line of a document, or a part of a line that is too long to read whole."""

    def __init__(self, origin: Origin, number: int, column: int, shown: bytes, content: bytes) -> None:
        """Store a line: its number, the code points before ``shown``, the bytes to show only, and those to read."""
        self.origin = origin
        self.number = number
        self._column = column
        self.normal = normalize(content)
        self.text = decode(self.normal)
        """The text to read, in normal form; offsets are its code points."""
        self._text = self.text if self.normal is content and not shown else decode(shown + content)
        self._read_from = len(self._text) - len(self.text)

    def print(self, start: int, end: int) -> str:
        """Return a stretch of the line exactly as printed."""
        return self._text[self._read_from + start : self._read_from + end]

    def place(self, start: int, end: int, seen: int) -> tuple[int, Excerpt]:
        """Return the column and the excerpt of a token.

        The excerpt ends before ``seen``, so that it does not depend on how much of the line has been read.
        """
        start, end = start + self._read_from, end + self._read_from
        line_end = find_line_end(self._text, end, min(seen + self._read_from, end + EXCERPT))
        return self._column + start + 1, excerpt_of(self._text, range(line_end), start, end, self._column > 0)


def excerpt_of(text: str, line: range, start: int, end: int, is_cut: bool = False) -> Excerpt:
    """Return the text around a token on its line, given their positions; the line's beginning may be cut off."""
    first = max(line.start, min(start - EXCERPT // 2, line.stop - EXCERPT))
    last = min(line.stop, first + EXCERPT)
    before, after = "…" * (first > line.start or is_cut), "…" * (last < line.stop)
    shift = len(before) - first
    return Excerpt(before + text[first:last] + after, start + shift, min(end, last) + shift)


def explain_gaps(line: Line, owned: range) -> Iterator[Malformed | None]:
    """Yield the malformed spans of a line whose movement words begin in a range of it, and None for each quote.

    The text before the range is only context. A line without a line end is the last of its input.
    """
    text = line.text
    spans = list(parse_spans(line.normal))
    for gap, following in zip_longest(spans, spans[1:]):
        if gap.pieces:
            yield None
            continue
        for start, end, mismatch in find_flaws(text, gap.start, gap.end, owned):
            is_cut = mismatch.end == len(text)
            reason = f"expected {mismatch.expected}{'; the input is cut off here' if is_cut else ''}"
            column, excerpt = line.place(mismatch.start, mismatch.end, following.end if following else gap.end)
            yield Malformed(
                line.origin, line.number, column, reason, line.print(start, end), excerpt, mismatch.expected
            )


def explain_quotes(line: Line, contradictions: Mapping[int, Contradiction | None]) -> Iterator[Suspect]:
    """Yield the suspect quotes of a line, given their contradictions by the quote's number on the line, from 0."""
    quotes = [span for span in parse_spans(line.normal) if span.pieces]
    wrong = [(quotes[number], found) for number, found in contradictions.items() if found]
    for (start, end, pieces), (column, reason) in wrong:
        piece, field = _PLACES[column]
        figure = list(_FIELD.finditer(pieces[piece]))[field]
        at = start + sum(map(len, pieces[:piece]))
        place, excerpt = line.place(at + figure.start(), at + figure.end(), end)
        yield Suspect(line.origin, line.number, place, reason, line.print(start, end), excerpt)
