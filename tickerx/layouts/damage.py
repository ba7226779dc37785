"""What stands between two quotes of a layout and does not fit it: malformed lines, and where they break off."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from operator import sub
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.columns import Quotes
from tickerx.layouts.layout import Layout

__all__ = ["LINE", "LINE_END", "Break", "LayoutMalformed", "count_lines", "find_break", "find_malformed"]


class Break(NamedTuple):
    """The place at which a line stops to fit a layout."""

    start: int
    """Of the token that is wrong; at the line's end where the line is too short."""
    end: int
    expected: str


@dataclass(frozen=True, slots=True)
class LayoutMalformed:
    """What does not fit a layout and stands directly between two quotes that do."""

    layout: str | None
    start: int
    end: int
    line: int
    """Of the token that is wrong, from 1."""
    column: int
    """Of that token, in code points from 1."""
    place: Break


class _Found(NamedTuple):
    """A quote in a text: where it is, which layout has read it, and what its groups hold."""

    start: int
    end: int
    layout: int
    groups: tuple[str, ...]


_BLANK = f"[{SPACES}]"
LINE_END = re.compile(r"[\r\n]")
_LINE_BETWEEN = re.compile(rf"{_BLANK}*(?:\r\n?|\n){_BLANK}*([^{SPACES}\r\n][^\r\n]*)(?:\r\n?|\n){_BLANK}*")
LINE = re.compile(rf"{_BLANK}*([^{SPACES}\r\n][^\r\n]*)")
"""A line that is not blank."""
_TOKEN_END = re.compile(rf"[{SPACES}\r\n]")


def find_malformed(text: str, layouts: Sequence[Layout], quotes: Quotes, line: int) -> Iterator[LayoutMalformed]:
    """Yield what stands between two quotes of a layout that follow one another, and is not more than one quote."""
    at = 0
    distances = map(sub, quotes.begins[1:], quotes.ends)
    for number in [number for number, distance in enumerate(distances) if distance > 2]:
        end, begin = quotes.ends[number], quotes.begins[number + 1]
        reader, following = quotes.readers[number : number + 2]
        layout = layouts[reader]
        if not 0 <= reader == following or layout.is_open or not (span := _between(text, layout, end, begin)):
            continue
        if place := _find_damage(layout, text, *span):
            line += count_lines(text[at : place.start])
            at = place.start
            column = at - max(text.rfind("\n", 0, at), text.rfind("\r", 0, at))
            yield LayoutMalformed(layout.name, *span, line, column, place)


def count_lines(text: str) -> int:
    """Return how many lines end in a text that does not end between CR and LF."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")


def _find_damage(layout: Layout, text: str, start: int, end: int) -> Break | None:
    """Return where lines between two quotes stop to fit; None for cells that the layout passes over on every quote.

    Those are of another number, and do not begin as a quote.
    """
    place = find_break(layout, text, start, end)
    if layout.lines > 1 and not LINE_END.search(text, start, place.start):
        is_whole = len(LINE.findall(text, start, end)) == layout.lines
        return place if is_whole else None
    return place


def _between(text: str, layout: Layout, start: int, end: int) -> tuple[int, int] | None:
    """Return where the lines between two quotes stand, if they could be one that is damaged.

    That is one line, with no blank line around it; or as many as the layout has, if those are several.
    """
    if layout.lines == 1:
        found = _LINE_BETWEEN.fullmatch(text, start, end)
        return (found.start(1), found.start(1) + len(found[1].rstrip(SPACES))) if found else None
    lines = list(LINE.finditer(text, start, end)) if end - start <= layout.longest else []
    if not 0 < len(lines) <= layout.lines:
        return None
    return lines[0].start(1), lines[-1].start(1) + len(lines[-1][1].rstrip(SPACES))


def find_break(layout: Layout, text: str, start: int, end: int) -> Break:
    """Return where a stretch of text, which begins like a line of a layout, stops to fit it."""
    at = token = start
    last = layout.steps[0]
    for step in layout.steps:
        match = step.pattern.match(text, start, end)
        if not match:
            break
        token, at, last = match.start("last"), match.end(), step
    else:
        raise AssertionError("the pattern has passed over a quote")  # pragma: no cover - both are spelled alike
    rest = text[at:end]
    token_end = at + len(_TOKEN_END.split(rest, maxsplit=1)[0])
    if last.is_token and not step.is_token and token < at < token_end:
        return Break(token, token_end, last.expected)  # the token goes on: it is not what it began as
    at += len(rest) - len(rest.lstrip(SPACES))
    if at == end and step.expected == "the end of the line":
        step = layout.steps[layout.steps.index(step) + 1]  # that is missing with all its line
    return Break(at, at + len(_TOKEN_END.split(text[at:end], maxsplit=1)[0]), step.expected)
