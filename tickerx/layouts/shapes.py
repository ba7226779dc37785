"""Turn the lines of a text into shapes, without the names and figures. Lines of the same shape may be a board."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from tickerx.grammar.terminals import ARROWS, SPACES
from tickerx.layouts.figures import DECIMALS, GROUPS, number_pattern, plain, prefix_pattern, unit_pattern

__all__ = ["APART", "LEAST", "NUMBER_OF_NAME", "Cell", "Record", "find_boards"]

LEAST = 3
"""The fewest quotes of a board."""
APART = 6
"""Lines further apart than this are not on the same board."""

_LONGEST_LINE = 400
_MOST_CELLS = 40
_LEAST_FIGURES = 3
_MOST_FIGURES = 9
_MOST_LINES = 12
"""The most lines of a quote."""
_MOST_RECORDS = 40
"""The most quotes of a board to look at."""


class Cell(NamedTuple):
    """A piece of a line."""

    kind: str
    """T text, F figure with decimals, a sign or a currency, P figure with a percent sign, A arrow, W another word that
    begins with a digit: a whole number, a volume, a time, a rank; otherwise the sign itself."""
    text: str


class Record(NamedTuple):
    """A possible quote: its cells, its figures in plain form, and the line on which it begins."""

    cells: list[Cell]
    figures: dict[int, str]
    line: int
    way: str
    """The sign that an arrow or a word gives to the figures; empty if there is no arrow or word."""


class _Line(NamedTuple):
    number: int
    cells: list[Cell]
    merged: list[Cell]
    """The same cells, but with one text before the first figure, as in ``S&P 500`` or ``Alder (B)``."""


_SIGNS = r"|;()*\[\]"
_WORD_END = rf"(?=[{SPACES}{_SIGNS}]|\Z)"
_TICKER = "[0-9]{1,6}[.:][A-Z]{1,4}"
"""A code of digits with the exchange behind it: 0700.HK."""
_DATE = "[0-9]{1,4}[/-][0-9]{1,2}[/-][0-9]{1,4}"
_DIGIT_FIRST = r"#?[0-9][0-9.,:'\u2019/-]*(?:[^\W\d_]{1,4}\.?|[^\W\d_]{3}[-/]?[0-9]{2,4}|)"
_COMMA = {".": r",(?![0-9]{3}|[0-9]+[^\W\d])", ",": ",(?![0-9])"}
"""A comma that can follow a figure."""
_TOKENS = {
    decimal: re.compile(
        rf"(?P<blank>[{SPACES}]+)|(?P<A>[{ARROWS}])|(?P<date>{_DATE}){_WORD_END}"
        rf"|(?P<F>{prefix_pattern(apart=True)}{number_pattern(decimal, GROUPS.replace(decimal, '').replace(' ', ''))}"
        rf"{unit_pattern(apart=True)})(?=[{SPACES}%{_SIGNS}/{ARROWS}]|:(?![0-9])|{_COMMA[decimal]}|\Z)(?P<P>[{SPACES}]?%|)"
        rf"|(?P<sign>\*+|[{_SIGNS}/•→,]|[:–-](?=[{SPACES}]|\Z))|(?P<W>(?!{_TICKER}{_WORD_END}){_DIGIT_FIRST}){_WORD_END}"
        rf"|(?P<T>[^{SPACES}{_SIGNS}]+?(?=:?(?:[{SPACES}{_SIGNS}]|\Z)|,[^{SPACES}]))"
    )
    for decimal in DECIMALS
}


def _cells(line: str, decimal: str) -> list[Cell]:
    """Return the cells of a line. Neighbouring words are one text."""
    cells: list[Cell] = []
    for token in _TOKENS[decimal].finditer(line.strip(SPACES)):
        match token.lastgroup:
            case "blank":
                cells.append(Cell(" ", " "))
            case "P":
                is_whole = token["F"][0].isdigit() and token["F"][-1].isdigit() and decimal not in token["F"]
                cells.append(Cell("P" if token["P"] else "W" if is_whole else "F", token["F"]))
            case "sign":
                cells.append(Cell(token[0], token[0]))
            case "date":
                cells.append(Cell("W", token[0]))
            case kind:
                text = token[0]
                if kind == "T" and cells[-2:-1] and cells[-2].kind == "T" and cells[-1].kind == " ":
                    cells.pop()
                    text = f"{cells.pop().text} {text}"
                cells.append(Cell(kind or "", text))
    return list(_without_marks(cells))


_LETTER = re.compile(r"[^\W\d_]")


def _without_marks(cells: list[Cell]) -> Iterator[Cell]:
    """Yield cells with a comma after a text as a separate cell."""
    for cell in cells:
        if cell.kind == "T" and len(cell.text) > 1 and cell.text.endswith(","):
            yield Cell("T", cell.text[:-1])
            yield Cell(",", ",")
        else:
            yield cell


NUMBER_OF_NAME = re.compile("[1-9]?[0-9]?[05]|[1-9]000")
"""The numbers of names such as CAC 40, Nikkei 225 and Russell 2000."""


def _merge(cells: list[Cell]) -> list[Cell]:
    """Return cells with each text before the first figure as one cell, even if it has signs and numbers."""
    first = next((place for place, cell in enumerate(cells) if cell.kind in "FPA"), len(cells))
    merged: list[Cell] = []
    part: list[Cell] = []
    for cell in [*cells[:first], None]:
        if cell is None or cell.kind in "|;•→":
            merged += [*_as_one_text(part), *([cell] if cell else [])]
            part = []
        else:
            part.append(cell)
    return merged + cells[first:]


def _as_one_text(cells: list[Cell]) -> list[Cell]:
    """Return cells with everything from the first to the last word as one text, if there is a letter in it."""
    words = [place for place, cell in enumerate(cells) if cell.kind in "TW"]
    if not any(_LETTER.search(cell.text) for cell in cells):
        return cells
    last = words[-1] + 1
    opened = sum((cell.kind in "([") - (cell.kind in ")]") for cell in cells[words[0] : last])
    while opened > 0 and last < len(cells) and cells[last].kind in ")]":
        last, opened = last + 1, opened - 1
    text = "".join(cell.text for cell in cells[words[0] : last])
    return [*cells[: words[0]], Cell("T", text), *cells[last:]]


def find_boards(lines: list[str], decimal: str) -> Iterator[list[Record]]:
    """Yield possible boards: records of the same shape, with one line each or several."""
    read = _read_lines(lines, decimal)
    for has_merged in (False, True):
        cells = [line.merged if has_merged else line.cells for line in read]
        shapes = _Shapes(["".join(cell.kind for cell in line) for line in cells])
        for size in range(1, _MOST_LINES + 1):
            for alike in shapes.alike(size):
                for starts in _together(read, alike, APART + 3 * (size - 1)):
                    quotes = [read[at : at + size] for at in starts]
                    if not has_merged or _is_merged_rightly(quotes):
                        yield [_record(quote, has_merged, decimal) for quote in quotes]


def _read_lines(lines: list[str], decimal: str) -> list[_Line]:
    known: dict[str, list[Cell]] = {}
    read = []
    for number, line in enumerate(lines):
        if 0 < len(line) <= _LONGEST_LINE:
            if line not in known:
                known[line] = _cells(line, decimal)
            if 0 < len(known[line]) <= _MOST_CELLS:
                read.append(_Line(number, known[line], _merge(known[line])))
    return read


class _Shapes:
    """The shapes of the lines of a text, to find those that are alike."""

    def __init__(self, shapes: list[str]) -> None:
        self.shapes = shapes
        figures = [shape.count("F") + shape.count("P") for shape in shapes]
        wholes = ["T" in shape and size >= _LEAST_FIGURES for shape, size in zip(shapes, figures, strict=True)]
        self.figures = [0, *accumulate(figures)]
        """How many figures there are before each line."""
        self.wholes = [0, *accumulate(wholes)]
        """How many lines before each line could be whole quotes."""
        self.begins = [*map(self._begins, range(len(shapes))), True]

    def _begins(self, at: int) -> bool:
        """Say whether a quote of several lines can begin on a line, after the end of the last one.

        Its first line has a text, and the line before has figures or no text.
        """
        before = self.shapes[at - 1] if at else ""
        return "T" in self.shapes[at] and ("T" not in before or not {*"FPW"}.isdisjoint(before))

    def alike(self, size: int) -> Iterator[list[int]]:
        """Yield lists of places where runs of this many lines with the same shapes begin."""
        places: dict[str, list[int]] = {}
        ends: dict[str, int] = {}
        for at in range(len(self.shapes) - size + 1):
            end = at + size
            if not _LEAST_FIGURES <= self.figures[end] - self.figures[at] <= _MOST_FIGURES:
                continue
            if size > 1 and not self._is_quote(at, end):
                continue
            shape = "\n".join(self.shapes[at:end])
            if ends.get(shape, 0) <= at and "T" in shape:
                places.setdefault(shape, []).append(at)
                ends[shape] = end
        yield from places.values()

    def _is_quote(self, at: int, end: int) -> bool:
        """Say whether lines can be a quote: the next one begins after them, and no two of the lines are quotes.

        They begin like a quote, or else below headings and like the next quote.
        """
        if not self.begins[end] or self.wholes[end] - self.wholes[at] > 1:
            return False
        if self.begins[at]:
            return True
        is_alone = at > 0 and not (at > 1 and self.begins[at - 1])
        return is_alone and end < len(self.shapes) and self.shapes[at] == self.shapes[end]


def _together(read: list[_Line], places: list[int], apart: int) -> Iterator[list[int]]:
    """Yield groups of places that are close together, if they are enough for a board."""
    start = 0
    for end in range(1, len(places) + 1):
        if end == len(places) or read[places[end]].number - read[places[end - 1]].number > apart:
            if end - start >= LEAST:
                yield places[start:end][:_MOST_RECORDS]
            start = end


def _is_merged_rightly(quotes: Sequence[Sequence[_Line]]) -> bool:
    """Say whether only a few quotes have more cells before their figures than the others.

    If most of them do, the extra cell is a column of its own, such as a rank or a volume.
    """
    changed = any(line.cells != line.merged for quote in quotes for line in quote)
    odd = sum(any(map(_has_column, quote)) for quote in quotes)
    return changed and odd * 2 < len(quotes)


def _has_column(line: _Line) -> bool:
    """Say whether what may be a column has become part of a name: no word, no dash, and not the number of an index."""
    added = Counter(line.cells) - Counter(line.merged)
    signs = {cell.kind for cell in added} - {*"TW -\u2013"}
    return bool(signs) or any(cell.kind == "W" and not NUMBER_OF_NAME.fullmatch(cell.text) for cell in added)


def _record(lines: list[_Line], has_merged: bool, decimal: str) -> Record:
    cells: list[Cell] = []
    for line in lines:
        cells += [Cell("\n", "\n")] if cells else []
        cells += line.merged if has_merged else line.cells
    places = [place for place, cell in enumerate(cells) if cell.kind in "FP"]
    figures = plain([cells[place].text for place in places], decimal)
    marks = [cell.text.lower() for cell in cells[1:] if cell.kind in "AT"]
    way = next((_WAYS[mark] for mark in marks if mark in _WAYS), "")
    return Record(cells, dict(zip(places, figures, strict=True)), lines[0].number, way)


_WAYS = dict.fromkeys(("▲", "△", "▴", "↑", "up"), "+") | dict.fromkeys(("▼", "▽", "▾", "↓", "down"), "-")
