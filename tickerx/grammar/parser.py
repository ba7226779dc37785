"""A text cut into quotes and the gaps between them.

The compiled pattern accepts a quote in one step, as printed; `canonical` gives its figures the form in which they are
written out. Offsets count code points.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickerx.grammar.terminals import ARROWS, QUOTE, SEPARATORS

__all__ = ["GROUPS", "PLAIN_FIELDS", "Span", "canonical", "count_lines", "parse_spans", "split", "split_plain"]

GROUPS = 5
"""How many groups a quote has: symbol, price, movement, change and percent."""

PLAIN_FIELDS = 6
"""How many fields a quote of plain lines has: symbol, price, the two words of the movement, change and percent."""


class Span(NamedTuple):
    """A stretch of text: a quote with its groups as printed, or a gap between quotes, which has none."""

    start: int
    end: int
    groups: tuple[str, ...]


def parse_spans(text: str, begin: int = 0) -> Iterator[Span]:
    """Yield the quotes and gaps of a text in order; they are disjoint and join to ``text[begin:]``.

    What stands before ``begin`` is seen but not read: it may block a symbol, as "KSE" does in "KSE 30 29,577 ...".
    """
    gap = begin
    for match in re.finditer(QUOTE, text):
        if match.start() < begin or _is_blocked(match[1]):
            continue
        if gap < match.start():
            yield Span(gap, match.start(), ())
        yield Span(match.start(), match.end(), match.groups())
        gap = match.end()
    if gap < len(text):
        yield Span(gap, len(text), ())


def split(text: str, begin: int = 0) -> list[str]:
    """Cut a text into gap, symbol, price, movement, change, percent, gap, …, gap: always a gap first and last.

    These are the spans of `parse_spans`, found in one step.
    """
    if begin:
        for match in re.finditer(QUOTE, text):
            if match.start() >= begin and not _is_blocked(match[1]):
                return [text[begin : match.start()], *match.groups(), *split(text[match.end() :])]
        return [text[begin:]]
    parts = re.split(QUOTE, text)
    if not _is_blocked("".join(parts[1 :: GROUPS + 1])):
        return parts
    parts = [""]
    for start, end, groups in parse_spans(text):
        if groups:
            parts += [*groups, ""]
        else:
            parts[-1] = text[start:end]
    return parts


def split_plain(lines: bytes) -> list[str]:
    """Cut what `PLAIN_LINES` matches into the fields of its quotes, one after the other."""
    return lines.translate(None, _NO_FIELD).decode().split()


_NO_FIELD = f"(%),{ARROWS}".encode()
"""What plain lines hold besides fields and the spaces between them; commas are no part of a figure's canonical form."""


def _is_blocked(symbols: str) -> bool:
    """Say whether one of the symbols was taken together with what blocks it, see `grammar.QUOTE`."""
    return any(separator in symbols for separator in SEPARATORS)


def canonical(figures: Sequence[str]) -> Sequence[str]:
    """Return the figures without commas and leading "+", with "-" for U+2212, and nothing else touched."""
    printed = "\n".join(figures)
    plain = printed.replace(",", "").replace("\u2212", "-").replace("+", "")
    return figures if plain == printed else plain.split("\n")


def count_lines(text: str) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
