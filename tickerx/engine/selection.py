"""Which quotes are wanted, and in which order."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Any, NamedTuple

from tickerx.quote import COLUMNS

__all__ = ["GLOB", "Choice", "Key", "sort"]

GLOB = re.compile(r"(?:[A-Za-z0-9.&/*?-]|\[[!^]?[A-Za-z0-9.&/-]+\])+")
"""A pattern of symbols: their own characters, ``*``, ``?``, and classes as ``[A-M]``, ``[!X]`` and ``[^X]``."""


class Choice(NamedTuple):
    """What a quote must be. An empty part lets any quote pass; of the values in one part, one is enough."""

    symbols: tuple[str, ...] = ()
    """Shell patterns of symbols, or of the names of quotes without one; case makes no difference."""
    directions: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()

    @property
    def is_of_all(self) -> bool:
        return not any(self)

    def marks(self, symbols: Sequence[str], directions: Sequence[str], kinds: Sequence[str]) -> Iterator[bool]:
        """Yield of each quote, given column by column, whether it is chosen."""
        tests = (
            (symbols, _fits(self.symbols)),
            (directions, self.directions.__contains__),
            (kinds, self.kinds.__contains__),
        )
        asked = [map(test, column) for wanted, (column, test) in zip(self, tests, strict=True) if wanted]
        return map(all, zip(*asked, strict=True)) if asked else (True for _ in symbols)


@lru_cache(maxsize=1)
def _fits(globs: tuple[str, ...]) -> Callable[[str], bool]:
    """Return what says whether a symbol fits one of the patterns."""
    pattern = re.compile("|".join(translate(glob.replace("[^", "[!")) for glob in globs), re.IGNORECASE)
    return lru_cache(maxsize=4096)(lambda symbol: pattern.match(symbol) is not None)


class Key(NamedTuple):
    """A column to sort by."""

    name: str
    is_descending: bool = False


def sort(columns: Mapping[str, Sequence[str]], keys: Sequence[Key], limit: int | None = None) -> dict[str, list[str]]:
    """Return the columns sorted by some of them, the first of which comes first, and no more rows than the limit.

    Figures are sorted exactly, text by code points. Empty cells come last, whichever way the others are sorted.
    Rows that are equal keep their order.
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
