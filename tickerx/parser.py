"""A text cut into quotes and the gaps between them.

The compiled pattern accepts a quote in one step, as printed; `canonical` gives its figures the form in which they are
written out. Offsets count code points.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickerx.grammar import QUOTE, SEPARATORS

__all__ = ["GROUPS", "Span", "canonical", "parse_spans", "split"]

GROUPS = 5
"""How many groups a quote has: symbol, price, movement, change and percent."""


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
    for match in QUOTE.finditer(text):
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
    if not begin:
        parts = QUOTE.split(text)
        if not _is_blocked("".join(parts[1 :: GROUPS + 1])):
            return parts
    parts = [""]
    for start, end, groups in parse_spans(text, begin):
        if groups:
            parts += [*groups, ""]
        else:
            parts[-1] = text[start:end]
    return parts


def _is_blocked(symbols: str) -> bool:
    """Say whether one of the symbols was taken together with what blocks it, see `grammar.QUOTE`."""
    return any(separator in symbols for separator in SEPARATORS)


def canonical(figures: Sequence[str]) -> Sequence[str]:
    """Return the figures without commas and leading "+", with "-" for U+2212, and nothing else touched."""
    printed = "".join(figures)
    if printed.isascii() and "," not in printed and "+" not in printed:
        return figures
    return [figure.replace(",", "").replace("\u2212", "-").removeprefix("+") for figure in figures]
