"""Which quotes are wanted, and in which order."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Any, NamedTuple

from tickerx.quote import COLUMNS

__all__ = ["GLOB", "Choice", "Key", "sort"]

GLOB = re.compile(r"(?:[A-Za-z0-9.&/*?-]|\[[!^]?[A-Za-z0-9.&/-]+\])+")
"""A pattern for symbols: their own characters, ``*``, ``?``, and classes such as ``[A-M]``, ``[!X]`` and ``[^X]``."""


class Choice(NamedTuple):
    """Which quotes to keep. A quote must match one value of each part; an empty part matches all."""

    symbols: tuple[str, ...] = ()
    """Shell patterns for symbols, or for the names of quotes without one, in any case."""
    directions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_of_all(self) -> bool:
        return not any(self)

    def marks(self, symbols: Sequence[str], directions: Sequence[str], kinds: Sequence[str]) -> Iterator[bool]:
        """Yield for each quote whether it is chosen. Quotes come column by column."""
        tests = (
            (symbols, _fits(self.symbols)),
            (directions, self.directions.__contains__),
            (kinds, self.kinds.__contains__),
        )
        asked = [map(test, column) for wanted, (column, test) in zip(self, tests, strict=True) if wanted]
        return map(all, zip(*asked, strict=True)) if asked else (True for _ in symbols)


@lru_cache(maxsize=1)
def _fits(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """Return a function that says whether a symbol matches one of the patterns."""
    pattern = re.compile("|".join(translate(glob.replace("[^", "[!")) for glob in globs), re.IGNORECASE)
    return lru_cache(maxsize=4096)(lambda symbol: pattern.match(symbol) is not None)


class Key(NamedTuple):
    """A column to sort by."""

    name: str
    is_descending: bool = False


def sort(columns: Mapping[str, Sequence[str]], keys: Sequence[Key], limit: int | None = None) -> dict[str, list[str]]:
    """Return the columns sorted by the keys, the most important first, and at most ``limit`` rows.

    Figures are compared exactly, text by code points. Empty cells come last in either direction. Sorting is stable.
    """
    from decimal import Decimal  # loaded only where figures are sorted

    converters: Mapping[str, Callable[[str], Any]] = {"decimal": Decimal, "integer": int}
    order: Sequence[int] = range(len(columns[keys[0].name]))
    for name, is_descending in reversed(keys):
        order = _ordered(order, columns[name], converters.get(COLUMNS[name].type, str), is_descending)
    return {name: [column[place] for place in order[:limit]] for name, column in columns.items()}


def _ordered(
    places: Sequence[int], cells: Sequence[str], convert: Callable[[str], Any], is_descending: bool
) -> list[int]:
    """Return the places of rows, sorted by their cells."""
    known = [place for place in places if cells[place]]
    known.sort(key=lambda place: convert(cells[place]), reverse=is_descending)
    return known if len(known) == len(places) else [*known, *(place for place in places if not cells[place])]
