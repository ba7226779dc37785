"""The arithmetic of a quote: its previous close, and whether its figures agree.

In each line of a board, percent = 100 * change / (price - change).
"""

import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import NamedTuple

__all__ = ["Contradiction", "contradiction", "find_unsound", "previous_close"]

# Figures have at most 15 digits before the point and 9 after it: sums and products of two of them are exact.
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_PLACES = Decimal("0.01")
_HALF_A_PLACE = Decimal("0.005")

_SIGNS = {"up": 1, "down": -1, "unchanged": 0}
_ZERO = Decimal(0)
_SLACKS = {"stock": (_ZERO, _ZERO), "index": (Decimal("0.5"), Decimal("0.05"))}
"""How far the true price and change may be from the printed ones. A stock's are exact; an index's price is rounded to
a whole number and its change to one decimal."""


class Contradiction(NamedTuple):
    """The column in which a quote contradicts its other columns, and how."""

    column: str
    reason: str


def previous_close(price: Decimal, change: Decimal) -> Decimal:
    """Return price minus change, exactly."""
    return _EXACT.subtract(price, change)


def contradiction(
    price: Decimal, change: Decimal, change_percent: Decimal, direction: str, kind: str
) -> Contradiction | None:
    """Return how the words and figures of a quote contradict one another, or None if they are sound.

    The percent must be the exact one rounded to two places; a tie can round either way. For an index, some true price
    and change that round to the printed ones must give the percent. A zero has no sign.
    """
    close = previous_close(price, change)
    if close <= 0:
        return Contradiction("change", f"the previous close would be {close:f}")
    sign = _SIGNS[direction]
    if _sign(change) != sign:
        return Contradiction("change", f"the change is {change:f}, the words say {direction}")
    if _sign(change_percent) not in (0, sign):
        reason = f"the percent is {change_percent:f}, the words say {direction}; it should be {_percent(close, change)}"
        return Contradiction("change_percent", reason)
    if not _rounds_to(change_percent, price, change, *_SLACKS[kind]):
        return Contradiction("change_percent", f"the percent should be {_percent(close, change)}")
    return None


# Floats decide the clear cases. A float is off by at most 2**-53 of a figure. If the price is below `_STEEP` closes,
# and the percent below as many hundreds, these errors add up to less than a millionth of the close in "percent * close
# - 100 * change". The margins are wider than that; exact arithmetic decides the cases within them.
_STEEP = 1000
_CLEARLY_IN, _CLEARLY_OUT = 0.004999, 0.005001
_FINE = re.compile(r"\.[0-9]{2}[0-9]*?[1-9]")


def find_unsound(
    price: Sequence[str], change: Sequence[str], change_percent: Sequence[str], direction: Sequence[str],
    kind: Sequence[str],
) -> list[int]:  # fmt: skip
    """Return the numbers, from 0, of the quotes for which `contradiction` finds one. Quotes come column by column."""
    signs = map(_SIGNS.__getitem__, direction)
    doubtful = [
        number
        for number, (p, c, percent, sign) in enumerate(
            zip(map(float, price), map(float, change), map(float, change_percent), signs, strict=True)
        )
        if not (
            # Then the percent is below as many hundreds; with two decimals, it has the sign of the change, or none.
            -(margin := _CLEARLY_IN * (close := p - c)) < percent * close - 100 * c < margin
            and p < _STEEP * close
            and (c * sign > 0 or c == sign)
        )
    ]
    if _FINE.search("\n".join(change_percent)):
        fine = {number for number, printed in enumerate(change_percent) if _FINE.search(printed)}
        doubtful = sorted(fine.union(doubtful))
    return [
        number
        for number in doubtful
        if _is_clearly_unsound(
            float(price[number]), float(change[number]), change_percent[number], direction[number], kind[number]
        )
        or contradiction(
            Decimal(price[number]),
            Decimal(change[number]),
            Decimal(change_percent[number]),
            direction[number],
            kind[number],
        )
    ]


def _is_clearly_unsound(price: float, change: float, change_percent: str, direction: str, kind: str) -> bool:
    """Say whether floats are enough to tell that a quote contradicts itself."""
    sign, percent, close = _SIGNS[direction], float(change_percent), price - change
    if (change > 0) - (change < 0) != sign or (percent > 0) - (percent < 0) not in (0, sign):
        return True
    if _FINE.search(change_percent):
        return True
    if price >= _STEEP * close or abs(percent) >= 100 * _STEEP:
        return False
    error = abs(percent * close - 100 * change)
    if kind == "stock":
        return error > _CLEARLY_OUT * close
    # The true price is less than 0.51 from the printed one, the true change less than 0.051.
    return close > 1 and error > _CLEARLY_OUT * (close + 0.561) + 0.561 * abs(percent) + 5.1


def _rounds_to(percent: Decimal, price: Decimal, change: Decimal, price_slack: Decimal, change_slack: Decimal) -> bool:
    if percent != percent.quantize(_PLACES, context=_EXACT):
        return False
    # The true percent only rises or only falls with the price, and with the change: its extremes are at the corners.
    corners = [
        (max(_ZERO, _EXACT.add(price, price_error)), _EXACT.add(change, change_error))
        for price_error in {-price_slack, price_slack}
        for change_error in {-change_slack, change_slack}
    ]
    least, most = _EXACT.subtract(percent, _HALF_A_PLACE), _EXACT.add(percent, _HALF_A_PLACE)
    return any(_compare(least, *corner) <= 0 for corner in corners) and any(
        _compare(most, *corner) >= 0 for corner in corners
    )


def _compare(percent: Decimal, price: Decimal, change: Decimal) -> Decimal:
    """Return a figure with the sign of the percent minus the true percent, which is infinite if there is no close."""
    close = _EXACT.subtract(price, change)
    return _EXACT.subtract(_EXACT.multiply(percent, close), _hundredfold(change)) if close > 0 else Decimal(-1)


def _hundredfold(change: Decimal) -> Decimal:
    return change.scaleb(2, context=_EXACT)


def _sign(figure: Decimal) -> int:
    return (figure > 0) - (figure < 0)


def _percent(close: Decimal, change: Decimal) -> str:
    """Return the true percent as a board prints it: two places, trailing zeros dropped, zero without a sign."""
    percent = _EXACT.divide(_hundredfold(change), close).quantize(_PLACES, context=_EXACT)
    return format(percent, "f").rstrip("0").rstrip(".") if percent else "0"
