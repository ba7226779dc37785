"""What is wrong with a text, explained: malformed spans and suspect quotes, with line, column and excerpt."""

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from tickerx.arithmetic import Contradiction
from tickerx.grammar.malformed import find_flaws, find_line_end
from tickerx.grammar.parser import count_lines, parse_spans
from tickerx.grammar.reports import Excerpt, Malformed, Suspect
from tickerx.grammar.terminals import QUOTE

__all__ = ["Lines", "explain_contradictions", "explain_gaps"]

EXCERPT = 76
"""Code points of a line that a report shows at most."""

_QUOTE = re.compile(QUOTE)
_GROUPS = {"price": 2, "change": 4, "change_percent": 5}


class Lines:
    """The lines of a text that has a place in a file, gone through from its beginning to its end."""

    def __init__(self, file: str | None, text: str, line: int, column: int) -> None:
        """Begin on a line of a file, after so many code points of it."""
        self.file = file
        self.text = text
        self._passed = 0
        self._line = line
        self._line_start = -column

    def find(self, span_start: int, start: int, end: int, seen: int) -> tuple[int, int, Excerpt]:
        """Return line, column and excerpt of a token on the line of a span; the spans are asked for in order.

        The excerpt ends before ``seen``: whether there is more to see depends on how much of the line has come.
        """
        passed = self.text[self._passed : span_start]
        if ended := max(passed.rfind("\n"), passed.rfind("\r")) + 1:
            self._line += count_lines(passed)
            self._line_start = self._passed + ended
        self._passed = span_start
        line_end = find_line_end(self.text, end, min(seen, end + EXCERPT))
        first = max(0, self._line_start, min(start - EXCERPT // 2, line_end - EXCERPT))
        last = min(line_end, first + EXCERPT)
        before, after = "…" * (first > self._line_start), "…" * (last < line_end)
        shift = len(before) - first
        excerpt = Excerpt(before + self.text[first:last] + after, start + shift, min(end, last) + shift)
        return self._line, start - self._line_start + 1, excerpt


def explain_gaps(lines: Lines, owned: range, is_last: bool) -> Iterator[Malformed | None]:
    """Yield the malformed spans of a text whose movement words begin in a range of it, and None for each quote.

    What comes before the range only says how to read it. The last text of an input ends with it.
    """
    text, begin = lines.text, owned.start
    spans = list(parse_spans(text, begin))
    for gap, following in zip_longest(spans, spans[1:]):
        if gap.groups:
            yield None
            continue
        seen = following.end if following else gap.end
        for flaw in find_flaws(text, 0 if gap.start == begin else gap.start, gap.end, owned):
            mismatch = flaw.mismatch
            is_cut = is_last and mismatch.end == len(text)
            reason = f"expected {mismatch.expected}{'; the input is cut off here' if is_cut else ''}"
            line, column, excerpt = lines.find(flaw.start, mismatch.start, mismatch.end, seen)
            yield Malformed(lines.file, line, column, reason, text[flaw.start : flaw.end], excerpt, mismatch.expected)


def explain_contradictions(
    lines: Lines, begin: int, contradictions: Sequence[Contradiction | None]
) -> Iterator[Suspect]:
    """Yield the suspect ones of the quotes from an offset on, given how each contradicts itself, or None."""
    quotes = (span for span in parse_spans(lines.text, begin) if span.groups)
    for quote, found in zip(quotes, contradictions, strict=True):
        if found and (match := _QUOTE.match(lines.text, quote.start)):
            line, column, excerpt = lines.find(quote.start, *match.span(_GROUPS[found.column]), quote.end)
            yield Suspect(lines.file, line, column, found.reason, match[0], excerpt)
