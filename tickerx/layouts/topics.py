"""Recognise tables of other things whose figures have the same arithmetic as a board."""

import re

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.roles import Roles
from tickerx.layouts.shapes import Record

__all__ = ["is_other_table"]

_OTHER = re.compile(
    r"(?i)\b(?:19|20)[0-9]{2}\b.*\b(?:19|20)[0-9]{2}\b|\b(?:before\b.*\bafter|old\b.*\bnew|was\b.*\bnow)\b"
    r"|\b(?:sales|sold|revenues?|turnover|income|profits?|earnings|costs?|budget|spending|population|inhabitants|growth"
    r"|won|lost|wins|losses|games|played|points per|votes?|seats|polls?|output|production|exports?|imports?|visitors"
    r"|students|pupils|exams?|scores?|marks|grades?|goals|last year|this year|last month|year-on-year|yoy|per month"
    r"|benchmarks?|speed-?up|latency|throughput|runtime|elapsed|baseline|inflation|consumer|(?:time|sec|alloc|b)/op"
    r"|temperatures?|rain|humidity|weather|calories|ingredients?|save[sd]?|discounts?|rrp|uvp|wages?|salar(?:y|ies)"
    r"|rents?|umsatz|einwohner|ventas|población|ventes|vendite|fatturato)\b"
)
_SUM = re.compile(
    r"(?i)(?:grand |sub)?totals?|sum|all|overall|average|mean|geomean|gesamt|summe|insgesamt|totale?|ogółem"
)
_MEASURE = re.compile(
    r"(?i)(?:ns|[µm]s|s|secs?|seconds?|min|h|hrs?|hours?|[kmg]i?b(?:/s|ps)?|ops/s|req/s|mm|cm|m|km|km/h|mi|mph|ft|mg|g|kg|lbs?"
    r"|oz|t|ml|l|°c|°f|kwh|mwh|kcal|km²|km2|ha)"
)
_BOARD = re.compile(
    r"(?i)\b(?:prev(?:ious)?|prior|closed?|last|price|open|high|low|bid|ask|tickers?|symbols?|shares?|stocks?|quotes?"
    r"|index|indices|kurse?|vortag|schluss|cours|clôture|cierre|último|anterior|ultimo|chiusura|fechamento|slot)\b"
)


def is_other_table(lines: list[str], records: list[Record], roles: Roles) -> bool:
    """Say whether headings, texts or units show that a table is not a board, whatever the arithmetic says.

    Two values and their difference in percent are common. They only count as a board under its headings, or next to
    the highest and lowest price.
    """
    first = records[0].line
    above = [line for line in lines[max(0, first - 8) : first] if line.strip(SPACES)][-3:]
    texts = {cell.text for record in records for cell in record.cells if cell.kind == "T"}
    same = {cell.text for cell in records[0].cells if all(cell in record.cells for record in records)}
    if (
        any(map(_OTHER.search, [*above, *same]))
        or any(map(_SUM.fullmatch, texts))
        or any(map(_MEASURE.fullmatch, same))
    ):
        return True
    return "change" not in roles.fields.values() and not (any(map(_BOARD.search, above)) or _has_range(records, roles))


def _has_range(records: list[Record], roles: Roles) -> bool:
    """Say whether nearly every record has one figure at or below the price, and another at or above it."""
    price = next(place for place, field in roles.fields.items() if field == "price")
    others = [place for place in records[0].figures if place not in roles.fields]
    shares = [
        sum(_is_between(record, low, price, high) for record in records) / len(records)
        for low in others
        for high in others
        if low != high
    ]
    return max(shares, default=0) >= 0.9


def _is_between(record: Record, *places: int) -> bool:
    low, middle, high = (float(record.figures[place]) for place in places)
    return 0 < low <= middle <= high and low < high
