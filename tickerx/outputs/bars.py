"""Percents drawn as bars on both sides of a zero line, to one scale."""

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

__all__ = ["draw_bars"]


def draw_bars(percents: Sequence[str], side: int, ascii: bool = False) -> list[str]:
    """Return a bar for each percent: to the left of the zero line if negative, else to the right.

    The largest bar takes all of the ``side`` characters on its side. Bars grow in steps of half a character, or a
    whole one in ASCII. A percent that is not zero has at least one step; an empty one counts as zero. Bars end without
    spaces.
    """
    # A million bars are few different ones, and no list of figures is kept beside them.
    largest = max((abs(Decimal(percent or 0)) for percent in percents), default=Decimal(0))
    full = side if ascii else 2 * side + 1
    draw = cache(_draw_ascii if ascii else _draw)
    return [
        draw(max(1, round(abs(figure) * full / largest)) if figure else 0, figure < 0, side)
        for figure in (Decimal(percent or 0) for percent in percents)
    ]


def _draw(steps: int, is_left: bool, side: int) -> str:
    """Draw a bar that begins in the middle of the zero line: its first step is half of that character."""
    whole, has_half = divmod(steps - 1, 2) if steps else (0, 0)
    if is_left:
        return ("╺" * has_half + "━" * whole + "┥").rjust(side + 1)
    return " " * side + ("┝" + "━" * whole + "╸" * has_half if steps else "│")


def _draw_ascii(steps: int, is_left: bool, side: int) -> str:
    return f"{'#' * steps:>{side}}|" if is_left else f"{'':{side}}|{'#' * steps}"
