"""Split text by the pattern of a layout into quotes column by column, with plain figures and their signs."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate, chain
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.figures import plain
from tickerx.layouts.layout import COLUMNS, Layout

__all__ = ["ROW", "Quotes", "merge", "split"]

ROW = ("symbol", "name", "price", "change", "change_percent", "direction", "previous_close")
"""The columns that are read from a text."""

_FIGURES = ("price", "change", "change_percent", "previous_close")
_MOVES = (("change", "change"), ("percent", "change_percent"))


class Quotes(NamedTuple):
    """Quotes in the order of a text, as long lists. Values that are not printed are empty."""

    begins: list[int]
    """Offsets, in code points."""
    ends: list[int]
    readers: list[int]
    """The number of the layout that has read each quote."""
    columns: dict[str, list[str]]
    doubts: frozenset[int] = frozenset()
    """Where unusable quotes begin: those that can be read in more than one way, or have too long a name."""

    def between(self, start: int, end: int) -> range:
        """Return the numbers of the quotes that begin between two offsets."""
        return range(bisect_left(self.begins, start), bisect_left(self.begins, end))

    def pick(self, numbers: Sequence[int]) -> "Quotes":
        """Return the quotes with these numbers."""
        begins, ends = ([places[number] for number in numbers] for places in (self.begins, self.ends))
        readers = [self.readers[number] for number in numbers]
        columns = {name: [values[number] for number in numbers] for name, values in self.columns.items()}
        return Quotes(begins, ends, readers, columns, self.doubts)

    def cut(self, first: int, last: int) -> "Quotes":
        """Return the quotes from one number up to another."""
        if first == 0 and last == len(self.begins):
            return self
        columns = {name: values[first:last] for name, values in self.columns.items()}
        return Quotes(self.begins[first:last], self.ends[first:last], self.readers[first:last], columns, self.doubts)


def split(text: str, offset: int, layout: Layout, reader: int) -> Quotes:
    """Return the quotes of a text that begins with a line end, given its offset in a longer text."""
    parts = layout.pattern.split(text)
    step = layout.pattern.groups + 1
    wholes = parts[1::step]
    places = list(accumulate(map(len, chain.from_iterable(zip(parts[::step], wholes, strict=False))), initial=offset))
    begins = places[1:-1:2] if wholes else []
    if not layout.is_open:
        begins = [
            begin + (1 if whole[1] not in SPACES else len(whole) - len(whole[1:].lstrip(SPACES)))
            for begin, whole in zip(begins, wholes, strict=True)
        ]
    printed = {field: parts[number::step] for number, field in enumerate(layout.fields, 2)}
    columns = _read_columns(layout, printed, len(wholes))
    return Quotes(begins, places[2::2], [reader] * len(wholes), columns)


def merge(found: list[Quotes]) -> Quotes:
    """Merge quotes that were read separately, in the order of the text."""
    if len(found) == 1:
        return found[0]
    begins = list(chain.from_iterable(quotes.begins for quotes in found))
    ends = list(chain.from_iterable(quotes.ends for quotes in found))
    readers = list(chain.from_iterable(quotes.readers for quotes in found))
    columns = {name: list(chain.from_iterable(quotes.columns[name] for quotes in found)) for name in ROW}
    doubts = frozenset(chain.from_iterable(quotes.doubts for quotes in found))
    return Quotes(begins, ends, readers, columns, doubts).pick(sorted(range(len(begins)), key=begins.__getitem__))


def _read_columns(layout: Layout, printed: dict[str, list[str]], size: int) -> dict[str, list[str]]:
    """Return all columns, given what is printed for each field of the layout."""
    empty = [""] * size
    for field in layout.may_be_absent:
        printed[field] = [value or "" for value in printed[field]]
    columns = {COLUMNS[field]: values for field, values in printed.items() if field in COLUMNS}
    for name in _FIGURES:
        if name in columns:
            columns[name] = plain(columns[name], layout.decimal)
    marks = [_marks(printed[field], columns[name]) if field in printed else empty for field, name in _MOVES]
    columns["direction"] = _directions(layout, printed.get("direction", empty), *marks)
    for mark, (_, name) in zip(marks, _MOVES, strict=True):
        if "?" in mark and "down" in columns["direction"]:
            columns[name] = _follow(columns[name], mark, columns["direction"])
    return {name: columns.get(name, empty) for name in ROW}


def _marks(printed: list[str], figures: list[str]) -> list[str]:
    """Return the sign of each figure: ``0`` for a zero, ``?`` for a figure without a sign, empty for no figure."""
    return [
        "0" if figure in _ZEROS else "-" if "" < figure < "." else "+" if "+" in text else figure and "?"
        for text, figure in zip(printed, figures, strict=True)
    ]


_ZEROS = frozenset(sign + zero for sign in ("", "-") for zero in ("0", *("0." + "0" * size for size in range(1, 10))))


def _directions(layout: Layout, words: list[str], changes: list[str], percents: list[str]) -> list[str]:
    ways = _Ways(layout)
    return list(map(ways.__getitem__, zip(words, changes, percents, strict=True)))


class _Ways(dict[tuple[str, str, str], str]):
    """The direction by three keys: the words, the mark of the change, and the mark of the percent."""

    def __init__(self, layout: Layout) -> None:
        super().__init__()
        self._words = layout.words
        self._unsigned = layout.unsigned or ""

    def __missing__(self, key: tuple[str, str, str]) -> str:
        words, *marks = key
        if not words or (set(marks) in ({"0"}, {"0", ""}) and "unchanged" not in self._words.values()):
            way = self._by_marks(*marks)  # boards without words for "unchanged" still print an arrow
        else:
            way = self._words[" ".join(words.split())]
        self[key] = way
        return way

    def _by_marks(self, change: str, percent: str) -> str:
        """Return the direction of the change, or else of the percent, which also decides for a zero change."""
        for mark in (change, percent):
            if mark in ("-", "+"):
                return "down" if mark == "-" else "up"
        if "0" in (change, percent) and change != "?":
            return "unchanged"
        return self._unsigned if change or percent else ""


def _follow(figures: list[str], marks: list[str], directions: list[str]) -> list[str]:
    """Give unsigned figures the sign of a fall."""
    return [
        "-" + figure if mark == "?" and direction == "down" else figure
        for figure, mark, direction in zip(figures, marks, directions, strict=True)
    ]
