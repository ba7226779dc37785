"""Suggest layouts for the boards in a text, by the arithmetic of their lines.

A line or a run of lines becomes a shape: what stands where, figures and names left out. Of the lines of one shape the
columns are found by percent = 100 * change / (price - change), or by price and previous close: strictly rounded, change
and percent of one sign, with decimals, on three lines at least. Tables of other things may keep the same arithmetic:
whole numbers, figures without any sign and headings rule them out.

Each layout is tried on the text first. For the same lines, the layout that reads most and reports least is kept.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from tickerx.grammar.parser import normalize, parse_spans
from tickerx.layouts.damage import count_lines
from tickerx.layouts.elements import show_elements
from tickerx.layouts.evidence import is_of_other_things, weigh
from tickerx.layouts.figures import DECIMALS
from tickerx.layouts.files import shipped_layouts
from tickerx.layouts.flat import find_flat
from tickerx.layouts.layout import Layout, LayoutError, compile_layout
from tickerx.layouts.read import LayoutRow, Reading, read_text
from tickerx.layouts.roles import find_roles, has_falls_alone
from tickerx.layouts.shapes import LEAST, Record, find_boards

__all__ = ["LIMIT", "Suggestion", "quotes_of_words", "suggest"]

LIMIT = 65536
"""Code points of a text that are searched for boards."""


class Suggestion(NamedTuple):
    """A layout that reads a board of a text."""

    layout: str
    """Its text, or the name of a built-in one."""
    flat: str | None
    """A second layout for unchanged quotes, if the first one does not read them."""
    decimal: str
    unsigned: str | None
    """``up`` if the board has signs for falls only."""
    lines: int
    """How many quotes they read in the text."""
    sound: int
    """How many of these have figures that agree."""
    example: LayoutRow
    is_surely_board: bool
    """Whether there are signs of securities besides the arithmetic."""


class _Candidate(NamedTuple):
    """What may be a board."""

    parts: list[str]
    """The elements of its layout, one for each cell of its first record."""
    record: Record
    unsigned: str | None
    weight: int


class _Found(NamedTuple):
    suggestion: Suggestion
    places: frozenset[int]
    """The lines that it reads."""
    reports: int


def suggest(text: str, limit: int = LIMIT) -> list[Suggestion]:
    """Return layouts for the boards at the beginning of a text, those that read most first."""
    text = _beginning(text, limit)
    lines = re.split(r"\r\n?|\n", text)
    found = [*_find_cells(text), *(one for decimal in DECIMALS for one in _find(text, lines, decimal))]
    taken = {*_lines(text, quotes_of_words(text))}
    chosen: list[Suggestion] = []
    for one in sorted(found, key=_rank):
        if len(one.places & taken) * 2 <= len(one.places):
            chosen.append(one.suggestion)
            taken |= one.places
    return chosen


def _beginning(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: max(text.rfind("\n", 0, limit), text.rfind("\r", 0, limit)) + 1]


def quotes_of_words(text: str) -> list[tuple[int, int]]:
    """Return where the quotes of the built-in grammar begin and end; they need no layout."""
    spans = parse_spans(normalize(text.encode("utf-8", "replace")))
    return [(span.start, span.end) for span in spans if span.pieces]


def _lines(text: str, places: Iterable[tuple[int, int]]) -> Iterator[int]:
    """Yield the line numbers of stretches of a text, in order."""
    at, line = 0, 1
    for start, end in places:
        line += count_lines(text[at:start])
        yield line
        for _ in range(count_lines(text[start:end])):
            yield (line := line + 1)
        at = end


def _rank(found: _Found) -> tuple[int, ...]:
    """Return the key that sorts layouts, the best one first."""
    one = found.suggestion
    fields = one.layout.count("{")
    skipped = one.layout.count("{skip}")
    return found.reports - one.sound, -one.lines, -len(found.places), skipped, -fields, len(one.layout)


def _find_cells(text: str) -> Iterator[_Found]:
    """Yield the built-in layout ``cells`` if it reads a board."""
    reading = read_text(text, shipped_layouts("cells"))
    if len(reading.begins) >= LEAST:
        yield _judge(text, reading, reading.layouts, is_surely_board=True)


def _find(text: str, lines: list[str], decimal: str) -> Iterator[_Found]:
    """Yield the layouts that read boards whose decimal sign is this one."""
    for shown, one in _find_candidates(lines, decimal).items():
        if found := _read(text, one, _compile(shown, decimal, one.unsigned)):
            yield found


def _find_candidates(lines: list[str], decimal: str) -> dict[str, _Candidate]:
    """Return what may be boards by their layouts; of those with one layout that with the most signs of securities."""
    candidates: dict[str, _Candidate] = {}
    for records in find_boards(lines, decimal):
        roles = find_roles(records)
        parts = show_elements(records, roles) if roles else None
        if not roles or not parts or is_of_other_things(lines, records):
            continue
        shown = "".join(parts)
        weight = weigh(lines, records, roles, shown)
        if weight >= 0 and (shown not in candidates or weight > candidates[shown].weight):
            unsigned = "up" if has_falls_alone(records, roles) else None
            candidates[shown] = _Candidate(parts, records[0], unsigned, weight)
    return candidates


def _compile(shown: str, decimal: str, unsigned: str | None) -> Layout | None:
    try:
        return compile_layout(shown, decimal=decimal, unsigned=unsigned)
    except LayoutError:
        return None


def _read(text: str, candidate: _Candidate, layout: Layout | None) -> _Found | None:
    """Return what a layout reads, and one for quotes that have not moved beside it.

    Return None if it reads too few quotes, or reports too many lines because it splits them wrongly.
    """
    reading = read_text(text, [layout] if layout else [])
    if not layout or len(reading.begins) < LEAST:
        return None
    layouts = find_flat(layout, candidate.parts, candidate.record.cells, text, reading)
    if layouts != [layout]:
        reading = read_text(text, layouts)
    if len(reading.malformed) * _REPORTED > len(reading.begins):
        return None
    return _judge(text, reading, layouts, is_surely_board=candidate.weight > 0)


_REPORTED = 3
"""At most one in this many lines may be damaged."""


def _judge(text: str, reading: Reading, layouts: Sequence[Layout], *, is_surely_board: bool) -> _Found:
    """Return what layouts read: one, one with another for unchanged quotes, or those that come with the program."""
    layout, *others = layouts
    suggestion = Suggestion(
        layout.name or layout.text,
        others[0].text if others and not layout.name else None,
        layout.decimal,
        layout.unsigned,
        lines=len(reading.begins),
        sound=sum(map(bool, reading.sounds())),
        example=next(reading.rows()),
        is_surely_board=is_surely_board,
    )
    places = frozenset(_lines(text, zip(reading.begins, reading.ends, strict=True)))
    return _Found(suggestion, places, len(reading.malformed))
