"""Decide whether a blank groups digits or separates figures: read the text both ways and compare.

The blank in ``Nasdaq 100 234,50`` may belong to the figure or end the name. If a line fits in only one way, that way is
taken. If it fits in both, tickerx takes the way in which the figures agree, if they contradict one another in the
other. Otherwise the quote is in doubt, and neither reading is taken.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from tickerx.intervals import are_sound
from tickerx.layouts.breaks import has_long_name
from tickerx.layouts.columns import Quotes, merge, split
from tickerx.layouts.figures import MAY_HAVE_GROUPS, SURE_BLANKS, UNSURE_GROUPS
from tickerx.layouts.language import Field, OptionalPart
from tickerx.layouts.layout import NAME_WORDS, Layout

__all__ = ["find_unsure", "split_surely"]

_Key = tuple[object, ...]


def split_surely(text: str, offset: int, layout: Layout, reader: int) -> Quotes:
    """Do the same as `split`, but let plain blanks group digits too. `Quotes.doubts` has the quotes in doubt."""
    apart = _doubt_long_names(split(text, offset, layout, reader))
    if layout.groups is not None or not MAY_HAVE_GROUPS.search(text):
        return apart
    text_of_groups = UNSURE_GROUPS.sub(lambda digits: digits[0].replace(" ", SURE_BLANKS[-1]), text)
    grouped = _doubt_long_names(_restore(split(text_of_groups, offset, layout, reader), text_of_groups, text, offset))
    return _choose((apart, grouped), text, offset, layout)


class _Other(NamedTuple):
    """A quote that only one of the two ways gives."""

    begin: int
    end: int
    way: int
    number: int


def _choose(ways: Sequence[Quotes], text: str, offset: int, layout: Layout) -> Quotes:
    """Return the quotes that are the same both ways, and one reading of each of the others."""
    keys = [_keys(quotes) for quotes in ways]
    alike = {*keys[0]} & {*keys[1]}
    chosen = [[number for number, key in enumerate(keys[0]) if key in alike], []]
    doubts = set(chain.from_iterable(quotes.doubts for quotes in ways))
    for group in _overlapping(_others(ways, keys, alike)):
        first = group[0]
        if len(group) > 1 or not _is_only_way(text, first.begin - offset, first.end - offset, layout):
            sounds = [_is_sound(ways[other.way], other.number) for other in group]
            if sounds.count(True) == 1 and None not in sounds:
                first = group[sounds.index(True)]
            else:
                doubts.add(first.begin)
        chosen[first.way].append(first.number)
    return merge([quotes.pick(numbers) for quotes, numbers in zip(ways, chosen, strict=True)])._replace(
        doubts=frozenset(doubts)
    )


def _keys(quotes: Quotes) -> list[_Key]:
    """Return the values of each quote, except its name, in which a blank makes no difference."""
    columns = [values for name, values in quotes.columns.items() if name != "name"]
    return list(zip(quotes.begins, quotes.ends, *columns, strict=True))


def _others(ways: Sequence[Quotes], keys: Sequence[Sequence[_Key]], alike: set[_Key]) -> list[_Other]:
    """Return the quotes that are not the same both ways, in the order of the text."""
    others = [
        _Other(quotes.begins[number], quotes.ends[number], way, number)
        for way, quotes in enumerate(ways)
        for number, key in enumerate(keys[way])
        if key not in alike
    ]
    return sorted(others, key=lambda other: other.begin)


_CHECKED = ("price", "change", "change_percent", "previous_close", "direction")


def _is_sound(quotes: Quotes, number: int) -> bool | None:
    [sound] = are_sound(*([quotes.columns[name][number]] for name in _CHECKED))
    return sound


def _overlapping(others: Sequence[_Other]) -> Iterator[list[_Other]]:
    """Yield groups of overlapping quotes."""
    group: list[_Other] = []
    for other in others:
        if group and other.begin >= max(one.end for one in group):
            yield group
            group = []
        group.append(other)
    if group:
        yield group


def _is_only_way(text: str, begin: int, end: int, layout: Layout) -> bool:
    """Say whether a quote cannot be read in a third way, in which only some of its blanks group digits."""
    is_rigid = not layout.is_open and not any(
        isinstance(element, OptionalPart) or (isinstance(element, Field) and element.name == "name")
        for element in layout.parsed.elements
    )
    return is_rigid or sum(digits[0].count(" ") for digits in find_unsure(text, begin, end)) < 2


def find_unsure(text: str, begin: int, end: int) -> Iterator[re.Match[str]]:
    """Yield the digits in a stretch of text that blanks may group; they can begin before it."""
    before = max(0, text.rfind("\n", 0, begin), text.rfind("\r", 0, begin), begin - 256)
    return (digits for digits in UNSURE_GROUPS.finditer(text, before, end) if digits.end() > begin)


def _doubt_long_names(quotes: Quotes) -> Quotes:
    names = enumerate(quotes.columns["name"])
    long = [number for number, name in names if len(name) > 2 * NAME_WORDS and has_long_name(name)]
    return quotes._replace(doubts=frozenset(quotes.begins[number] for number in long)) if long else quotes


def _restore(quotes: Quotes, text_of_groups: str, text: str, offset: int) -> Quotes:
    """Put the original blanks back into names."""
    names = []
    for name, begin in zip(quotes.columns["name"], quotes.begins, strict=True):
        at = text_of_groups.find(name, begin - offset)
        names.append(text[at : at + len(name)])
    return quotes._replace(columns=quotes.columns | {"name": names})
