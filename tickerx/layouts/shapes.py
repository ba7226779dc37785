"""Lines of a text as shapes: what stands where, names and figures left out. Lines of one shape may be a board."""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tickerx.grammar.terminals import ARROWS, SPACES
from tickerx.layouts.figures import DECIMALS, GROUPS, number_pattern, plain, prefix_pattern, unit_pattern

__all__ = ["LEAST", "Cell", "Record", "find_boards"]

LEAST = 3
"""Quotes that a board has at least."""

_LONGEST_LINE = 400
_MOST_CELLS = 40
_MOST_FIGURES = 9
_MOST_LINES = 12
"""Lines of a quote at most."""
_MOST_RECORDS = 40
"""Quotes of a board that are looked at."""
_APART = 6
"""Lines further apart are not of one board."""


class Cell(NamedTuple):
    """A piece of a line."""

    kind: str
    """T text, F figure, P figure with a per cent sign, A arrow; else the sign itself."""
    text: str


class Record(NamedTuple):
    """What may be one quote: its cells, those that are figures in plain form, and the line on which it begins."""

    cells: list[Cell]
    figures: dict[int, str]
    line: int


_TOKENS = {
    decimal: re.compile(
        rf"(?P<blank>[{SPACES}]+)|(?P<A>[{ARROWS}])"
        rf"|(?P<F>{prefix_pattern(apart=True)}{number_pattern(decimal, GROUPS.replace(decimal, '').replace(' ', ''))}"
        rf"{unit_pattern(apart=True)})(?=[{SPACES}%|;()/{ARROWS}]|:(?![0-9])|,(?![0-9]{{3}})|\Z)(?P<P>[{SPACES}]?%|)"
        rf"|(?P<sign>[|;()/•→,]|[:–-](?=[{SPACES}]|\Z))|(?P<T>[^{SPACES}|;()]+?(?=:?(?:[{SPACES}|;()]|\Z)|,[+−$0-9-]))"
    )
    for decimal in DECIMALS
}


def _cells(line: str, decimal: str) -> list[Cell]:
    """Return the cells of a line; words that follow one another are one text."""
    cells: list[Cell] = []
    for token in _TOKENS[decimal].finditer(line.strip(SPACES)):
        match token.lastgroup:
            case "blank":
                cells.append(Cell(" ", " "))
            case "P":
                cells.append(Cell("P" if token["P"] else "F", token["F"]))
            case "sign":
                cells.append(Cell(token[0], token[0]))
            case kind:
                text = token[0]
                if kind == "T" and cells[-2:-1] and cells[-2].kind == "T" and cells[-1].kind == " ":
                    cells.pop()
                    text = f"{cells.pop().text} {text}"
                cells.append(Cell(kind or "", text))
    return list(_without_marks(cells))


def _without_marks(cells: list[Cell]) -> Iterator[Cell]:
    """Yield cells with the comma behind a text as a sign of its own."""
    for cell in cells:
        if cell.kind == "T" and len(cell.text) > 1 and cell.text.endswith(","):
            yield Cell("T", cell.text[:-1])
            yield Cell(",", ",")
        else:
            yield cell


def find_boards(lines: list[str], decimal: str) -> Iterator[list[Record]]:
    """Yield what may be boards: records of one shape, of one line each or of several."""
    read = _read_lines(lines, decimal)
    shapes = ["".join(cell.kind for cell in cells) for _, cells in read]
    places: dict[str, list[int]] = {}
    for place, shape in enumerate(shapes):
        places.setdefault(shape, []).append(place)
    for alike in places.values():
        for starts in _together([read[place][0] for place in alike]):
            yield from _records(read, alike[starts.start : starts.stop], 1, decimal)
    for size in range(2, _MOST_LINES + 1):
        for run in _runs(shapes, size):
            yield from _records(read, range(run.start, run.stop - size + 1, size), size, decimal)


_Lines = list[tuple[int, list[Cell]]]
"""Cells of lines with the numbers of these."""


def _read_lines(lines: list[str], decimal: str) -> _Lines:
    known: dict[str, list[Cell]] = {}
    read = []
    for number, line in enumerate(lines):
        if 0 < len(line) <= _LONGEST_LINE:
            if line not in known:
                known[line] = _cells(line, decimal)
            if 0 < len(known[line]) <= _MOST_CELLS:
                read.append((number, known[line]))
    return read


def _together(numbers: list[int]) -> Iterator[range]:
    """Yield which of some lines stand together."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] - numbers[place - 1] > _APART:
            yield range(start, place)
            start = place


def _runs(shapes: list[str], size: int) -> Iterator[range]:
    """Yield where shapes of lines come again after so many lines, and no fewer.

    A run begins with a line that holds a text and stands behind one that does not.
    """
    start = 0
    while start < len(shapes) - size:
        end = start
        while end + size < len(shapes) and shapes[end] == shapes[end + size]:
            end += 1
        if end - start >= (LEAST - 1) * size and not _is_periodic(shapes[start : start + size]):
            first = next((at for at in range(start, start + size) if _begins(shapes, at, size, start)), end)
            yield range(first, end + size)
        start = end + 1


def _is_periodic(shapes: list[str]) -> bool:
    size = len(shapes)
    return any(size % part == 0 and shapes == shapes[:part] * (size // part) for part in range(1, size))


def _begins(shapes: list[str], at: int, size: int, start: int) -> bool:
    before = shapes[at - 1] if at > start else shapes[at + size - 1]
    return "T" in shapes[at] and "T" not in before


def _records(read: _Lines, starts: Sequence[int], size: int, decimal: str) -> Iterator[list[Record]]:
    """Yield the records of so many lines that begin at some places, if they may be a board."""
    if len(starts) < LEAST:
        return
    kinds = [cell.kind for cell in _join(read[starts[0] : starts[0] + size])]
    if "T" in kinds and 2 < kinds.count("F") + kinds.count("P") <= _MOST_FIGURES:
        yield [_record(_join(read[at : at + size]), decimal, read[at][0]) for at in starts[:_MOST_RECORDS]]


def _join(lines: _Lines) -> list[Cell]:
    cells = list(lines[0][1])
    for _, others in lines[1:]:
        cells += [Cell("\n", "\n"), *others]
    return cells


def _record(cells: list[Cell], decimal: str, line: int) -> Record:
    places = [place for place, cell in enumerate(cells) if cell.kind in "FP"]
    return Record(cells, dict(zip(places, plain([cells[place].text for place in places], decimal), strict=True)), line)
