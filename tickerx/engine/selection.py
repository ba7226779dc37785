"""Which quotes are wanted, and in which order."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from fnmatch import translate
from functools import lru_cache
from typing import Any, NamedTuple

from tickerx.quote import COLUMNS

__all__ = ["GLOB", "Choice", "sort"]

GLOB = re.compile(r"(?:[A-Za-z0-9.&/*?-]|\[[!^]?[A-Za-z0-9.&/-]+\])+")
"""A pattern of symbols: their own characters, ``*``, ``?``, and classes as ``[A-M]``, ``[!X]`` and ``[^X]``."""


class Choice(NamedTuple):
    """What a quote must be. An empty part lets any quote pass; of the values in one part, one is enough."""

    symbols: tuple[str, ...] = ()
    """Shell patterns; case makes no difference."""
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


def sort(
    columns: Mapping[str, Sequence[str]], name: str, is_reversed: bool = False, limit: int | None = None
) -> dict[str, list[str]]:
    """Return the columns sorted by one of them, and no more rows than the limit.

    Figures are sorted exactly, text by code points.
    Rows that are equal keep their order, also where the others are reversed. Those without a value come last.
    """
    from decimal import Decimal  # loaded only where figures are sorted

    keys_of: Mapping[str, Callable[[str], Any]] = {"decimal": Decimal, "integer": int}
    values = columns[name]
    known = [place for place, value in enumerate(values) if value]
    key = keys_of.get(COLUMNS[name].type, str)
    keys = {place: key(values[place]) for place in known}
    order = sorted(known, key=keys.__getitem__, reverse=is_reversed)
    order = (order + [place for place in range(len(values)) if not values[place]])[:limit]
    return {name: [column[place] for place in order] for name, column in columns.items()}
