"""Draw percents as bars on both sides of a zero line, all to one scale."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from typing import NamedTuple

__all__ = ["Extent", "draw_bars", "measure_bars"]


class Extent(NamedTuple):
    """Where a bar begins and how long it is, in percent of the room for all bars."""

    start: Decimal
    length: Decimal


def measure_bars(percents: Sequence[str]) -> tuple[Decimal, Iterator[Extent]]:
    """Return the place of the zero line, and the extent of a bar for each percent; an empty one counts as zero.

    Bars take all the room: without a percent below zero, the zero line is at its left edge.
    """
    nothing = Decimal(0)
    lowest, highest = nothing, nothing
    for figure in map(_figure, percents):
        lowest, highest = min(lowest, figure), max(highest, figure)
    scale = 100 / ((highest - lowest) or Decimal(1))
    return -lowest * scale, (
        Extent((min(figure, nothing) - lowest) * scale, abs(figure) * scale) for figure in map(_figure, percents)
    )


def draw_bars(percents: Sequence[str], side: int, ascii: bool = False) -> list[str]:
    """Return a bar for each percent: to the left of the zero line if negative, else to the right.

    The largest bar takes all of the ``side`` characters on its side. Bars grow in steps of half a character, or a
    whole one in ASCII. A percent that is not zero has at least one step; an empty one counts as zero. Bars end without
    spaces.
    """
    # A million bars have few different forms, and no list of figures is kept.
    largest = max(map(abs, map(_figure, percents)), default=Decimal(0))
    full = side if ascii else 2 * side + 1
    draw = cache(_draw_ascii if ascii else _draw)
    return [
        draw(max(1, round(abs(figure) * full / largest)) if figure else 0, figure < 0, side)
        for figure in map(_figure, percents)
    ]


def _draw(steps: int, is_left: bool, side: int) -> str:
    """Draw a bar that begins in the middle of the zero line: its first step is half of that character."""
    whole, has_half = divmod(steps - 1, 2) if steps else (0, 0)
    if is_left:
        return ("╺" * has_half + "━" * whole + "┥").rjust(side + 1)
    return " " * side + ("┝" + "━" * whole + "╸" * has_half if steps else "│")


def _draw_ascii(steps: int, is_left: bool, side: int) -> str:
    return f"{'#' * steps:>{side}}|" if is_left else f"{'':{side}}|{'#' * steps}"


def _figure(percent: str) -> Decimal:
    return Decimal(percent or 0)
