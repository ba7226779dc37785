"""Find out by arithmetic which columns of a board are price, change, percent and previous close."""

from collections.abc import Iterator
from itertools import permutations
from typing import NamedTuple

from tickerx.intervals import is_sound
from tickerx.layouts.figures import decimals
from tickerx.layouts.shapes import LEAST, Record

__all__ = ["Roles", "find_roles", "has_falls_alone", "movement", "sign_of"]

_FAILURES = 6
"""Give up on columns if so many quotes fail before one fits exactly."""


class Roles(NamedTuple):
    """Which cells have which figures."""

    fields: dict[int, str]
    strict: int
    """How many different records fit the arithmetic exactly."""


def find_roles(records: list[Record]) -> Roles | None:
    """Return which figures are price, change, percent and previous close, if the arithmetic shows it."""
    best = None
    marked = {place for place, cell in enumerate(records[0].cells) if cell.kind == "P"}
    percents = marked or {*records[0].figures}
    has_ways = any(record.way for record in records)
    signed = {place for record in records for place in record.figures if has_ways or sign_of(record, place)}
    for names in (("price", "change", "percent"), ("price", "previous", "percent")):
        for places in permutations(records[0].figures, 3):
            if places[2] not in percents or signed.isdisjoint(places[1:] if names[1] == "change" else places[2:]):
                continue
            roles = _try_roles(records, dict(zip(places, names, strict=True)))
            if roles and (best is None or roles.strict > best.strict):
                best = roles
        if best:
            break
    return best and Roles({**best.fields, **_find_previous(records, best.fields)}, best.strict)


def _find_previous(records: list[Record], fields: dict[int, str]) -> dict[int, str]:
    """Return the other column that is always price minus change, if there is one."""
    places = {name: place for place, name in fields.items()}
    for place in records[0].figures if "change" in places else ():
        if place not in fields and all(
            is_sound(figures[places["price"]], figures[places["change"]], None, figures[place])
            for figures in _signed(records, places["change"], places["percent"])
        ):
            return {place: "previous"}
    return {}


def _try_roles(records: list[Record], fields: dict[int, str]) -> Roles | None:
    """Return the roles if enough records fit the arithmetic exactly, and nearly all fit within rounding."""
    places = {name: place for place, name in fields.items()}
    move = places.get("change", places["percent"])
    strict: set[tuple[str | None, ...]] = set()
    sound = 0
    for number, figures in enumerate(_signed(records, move, places["percent"])):
        if number == _FAILURES and not strict:
            return None
        price, percent = figures[places["price"]], figures[places["percent"]]
        change, previous = (figures[places[name]] if name in places else None for name in ("change", "previous"))
        if _is_strict(price, change, percent, previous):
            strict.add((price, change, percent, previous))
            sound += 1
        else:
            sound += bool(is_sound(price, change, percent, previous))
    if len(strict) < LEAST or sound * 10 < len(records) * 8:
        return None
    return Roles(fields, len(strict))


def _signed(records: list[Record], move: int, percent: int) -> Iterator[dict[int, str]]:
    """Yield the figures of records, with the sign of an arrow or word if they have none; a percent, or its change's."""
    follows = not any(sign_of(record, percent) for record in records)
    for record in records:
        signs = {place: sign_of(record, place) or record.way for place in (percent, move)}
        if follows and not signs[percent]:
            signs[percent] = signs[move]
        falls = {place: "-" + record.figures[place].lstrip("-") for place, sign in signs.items() if sign == "-"}
        yield record.figures | falls


def sign_of(record: Record, place: int) -> str:
    return "-" if record.figures[place][0] == "-" else "+" if "+" in record.cells[place].text else ""


def _is_strict(price: str, change: str | None, percent: str, previous: str | None) -> bool:
    """Say whether the percent is the exact one, rounded, for a change that is not zero.

    All figures have decimals, and one has two or more: whole numbers count games won, people, or discounts.
    """
    other = change or previous or ""
    places = [decimals(price), decimals(other), decimals(percent)]
    if not min(places) or max(places) < 2:
        return False
    scale = _power(max(places))
    whole, part = _times(price, scale), _times(other, scale)
    part = part if change else whole - part
    digits = _power(decimals(percent))
    close = whole - part
    # |q - 100 * c / v| <= half a last digit of q
    return bool(part) and abs(_times(percent, digits) * close - 100 * part * digits) * 2 <= close


def _times(figure: str, scale: int) -> int:
    return int(figure.replace(".", "")) * (scale // _power(decimals(figure)))


def _power(places: int) -> int:
    return int(10**places)


def movement(record: Record, roles: Roles) -> str:
    """Return the sign of a record's movement; empty if it is unchanged."""
    moves = [place for place, field in roles.fields.items() if field in ("change", "percent")]
    signs = [sign_of(record, place) or record.way or "+" for place in moves if record.figures[place].strip("-0.")]
    return signs[0] if signs else ""


def has_falls_alone(records: list[Record], roles: Roles) -> bool:
    """Say whether only falls have a sign on a board."""
    places = [place for place, field in roles.fields.items() if field in ("change", "percent")]
    signs = {sign_of(record, place) for record in records for place in places if record.figures[place].strip("-0.")}
    return signs == {"", "-"} and not any(record.way for record in records)
