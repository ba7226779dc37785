"""Whether the figures of a quote agree, if each is a true value rounded to the printed digits.

Let p, c and q be the true price, change and percent, and v the true previous close. Then c = p - v and q = 100 * c / v.
Each true value lies within half a last digit of the printed one. These are linear inequalities in v and c, so whole
numbers give an exact answer.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product

__all__ = ["are_sound", "is_sound", "is_sound_either_way"]

_Bound = tuple[int, int, int]
"""The inequality a * v + b * c <= d."""


def are_sound(
    prices: Sequence[str],
    changes: Sequence[str],
    percents: Sequence[str],
    closes: Sequence[str],
    directions: Sequence[str],
) -> list[bool | None]:
    """Return `is_sound` for each quote. Quotes come column by column; figures that are not printed are empty."""
    rows = zip(prices, changes, percents, closes, directions, strict=True)
    return [
        True
        if percent and (change or close) and _is_clearly_sound(price, change, percent, close, direction)
        else False
        if percent and change and direction and _is_clearly_unsound(price, change, percent)
        # Only the few quotes near an edge need exact arithmetic.
        else is_sound_either_way(price, change or None, percent or None, close or None, direction or None)
        for price, change, percent, close, direction in rows
    ]


def is_sound_either_way(
    price: str, change: str | None, change_percent: str | None, previous_close: str | None, direction: str | None
) -> bool | None:
    """Return `is_sound`. Figures without a direction are printed without a sign, so either sign may be true."""
    sound = is_sound(price, change, change_percent, previous_close, direction)
    moves = [figure for figure in (change, change_percent) if figure]
    if sound is not False or direction or any(figure.startswith("-") for figure in moves):
        return sound
    fall, fall_percent = (figure and f"-{figure}" for figure in (change, change_percent))
    return is_sound(price, fall, fall_percent, previous_close)


def _is_clearly_sound(price: str, change: str, percent: str, close: str, direction: str) -> bool:
    """Say whether the printed price and change give the printed percent so clearly that floats can tell."""
    last = float(price)
    move = float(change) if change else last - float(close)
    if close and abs(last - move - float(close)) > last * 1e-12:
        return False
    if (move > 0 and direction == "down") or (move < 0 and direction == "up") or (move and direction == "unchanged"):
        return False
    before = last - move
    half = 0.5 / 10 ** len(percent.partition(".")[2])
    return abs(move) < last + before and abs(100 * move - float(percent) * before) < before * half * (1 - _CLEARLY)


def _is_clearly_unsound(price: str, change: str, percent: str) -> bool:
    """Say whether no price, change and percent that are printed so agree, so clearly that floats can tell."""
    half_price, half_change, half_percent = (
        0.5 / 10 ** len(figure.partition(".")[2]) for figure in (price, change, percent)
    )
    move, share = float(change), float(percent)
    before = float(price) - move
    reach = 100 * half_change + half_percent * abs(before) + (abs(share) + half_percent) * (half_price + half_change)
    return bool(abs(100 * move - share * before) > reach * (1 + _CLEARLY))


_CLEARLY = 1e-6


def is_sound(
    price: str,
    change: str | None,
    change_percent: str | None,
    previous_close: str | None,
    direction: str | None = None,
) -> bool | None:
    """Return whether true values that agree can be printed as these plain figures; None if nothing can be checked.

    Two figures besides the price can be checked against each other. A change and the direction are checked by sign.
    """
    if direction and _contradict(direction, change or change_percent):
        return False
    if sum(figure is not None for figure in (change, change_percent, previous_close)) < 2:
        return None
    return _has_solution(list(_bounds(price, change, change_percent, previous_close)))


def _contradict(direction: str, figure: str | None) -> bool:
    if figure is None or not (value := Decimal(figure)):
        return False
    return direction != ("down" if value < 0 else "up")


def _bounds(price: str, change: str | None, percent: str | None, previous: str | None) -> Iterator[_Bound]:
    """Yield what the printed figures say about the previous close and the change, in units of half a last digit."""
    places = max(len(figure.partition(".")[2]) for figure in (price, change, previous) if figure)
    for figure, close, move in ((price, 1, 1), (change, 0, 1), (previous, 1, 0)):
        if figure:
            least, most = _interval(figure, places)
            yield -close, -move, -least
            yield close, move, most
    if percent:
        digits = len(percent.partition(".")[2])
        least, most = _interval(percent, digits)
        scale = 2 * 100 * 10**digits
        yield least, -scale, 0
        yield -most, scale, 0


def _interval(figure: str, places: int) -> tuple[int, int]:
    """Return the least and the greatest value that is printed as this figure, in halves of a digit at these places."""
    digits = len(figure.partition(".")[2])
    scale = 10 ** (places - digits)
    middle = 2 * int(figure.replace(".", "")) * scale
    return middle - scale, middle + scale


def _has_solution(bounds: list[_Bound]) -> bool:
    """Say whether some v above zero and some c satisfy all the bounds.

    This is Fourier-Motzkin elimination: first of c, then of v.
    """
    above = [bound for bound in bounds if bound[1] > 0]
    below = [bound for bound in bounds if bound[1] < 0]
    left = [(a, d) for a, b, d in bounds if b == 0]
    left += [(a * -f + e * b, d * -f + g * b) for (a, b, d), (e, f, g) in product(above, below)]
    most = [(a, d) for a, d in left if a > 0]
    least = [(a, d) for a, d in left if a < 0]
    return (
        all(d >= 0 for a, d in left if a == 0)
        and all(d > 0 for a, d in most)
        and all(d * -e + g * a >= 0 for (a, d), (e, g) in product(most, least))
    )
