"""A slow reading of a text to compare with: `parse_quote` at every place, and the whole text explained at once.

It knows nothing of blocks, windows, lines read alone, pieces and columns.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from tickerx.arithmetic import contradiction, previous_close
from tickerx.engine.scanner import Scanner
from tickerx.grammar.malformed import MismatchError, find_flaws, parse_quote
from tickerx.grammar.parser import decode, normalize
from tickerx.grammar.reports import Excerpt, Report
from tickerx.quote import Origin

__all__ = ["Found", "Place", "read_in_blocks", "read_slowly", "walk"]

COLUMNS = ("symbol", "price", "change", "change_percent", "direction", "kind", "line", "previous_close", "sound")
DIRECTIONS = {"Increased": "up", "Decreased": "down", "No": "unchanged"}


class Place(NamedTuple):
    """What a report says."""

    line: int
    column: int
    reason: str
    text: str


class Found(NamedTuple):
    """All that is found in a text."""

    rows: list[tuple[str, ...]]
    malformed: list[Place]
    suspects: list[Place]
    lines: int


def read_in_blocks(blocks: Iterable[bytes]) -> tuple[Found, list[Excerpt]]:
    """Return what the engine finds, and the excerpts of its reports."""
    scanner = Scanner()
    rows: list[tuple[str, ...]] = []
    malformed: list[Report] = []
    suspects: list[Report] = []
    for passage in scanner.scan(blocks):
        rows += zip(*passage.columns(COLUMNS, Origin("-")), strict=True)
        malformed += passage.malformed(Origin("-"))
        suspects += passage.suspects(Origin("-"))
    excerpts = [report.excerpt for report in (*malformed, *suspects)]
    return Found(rows, _places(malformed), _places(suspects), scanner.lines), excerpts


def _places(reports: Iterable[Report]) -> list[Place]:
    return [Place(report.line, report.column, report.reason, report.text) for report in reports]


def walk(normal: str) -> Iterator[tuple[int, int]]:
    """Yield the quotes of a normal text, found by walking from each place that no quote before has taken."""
    start = 0
    while start < len(normal):
        try:
            end = parse_quote(normal, start, len(normal))
        except MismatchError:
            start += 1
        else:
            yield start, end
            start = end


def read_slowly(content: bytes) -> Found:
    """Return what the grammar says of an input."""
    text, normal = decode(content), decode(normalize(content))
    rows: list[tuple[str, ...]] = []
    malformed: list[Place] = []
    suspects: list[Place] = []
    at = 0
    for start, end in [*walk(normal), (len(text), len(text))]:
        for flaw in find_flaws(normal, at, start, range(len(text))):
            is_cut = flaw.mismatch.end == len(text)
            reason = f"expected {flaw.mismatch.expected}{'; the input is cut off here' if is_cut else ''}"
            line, column = _place(text, flaw.mismatch.start, flaw.start)
            malformed.append(Place(line, column, reason, text[flaw.start : flaw.end]))
        if start < end:
            row, wrong = _row(text[start:end], _place(text, start, start)[0])
            rows.append(row)
            if wrong:
                figure, reason = wrong
                suspects.append(Place(*_place(text, start + figure, start), reason, text[start:end]))
        at = end
    return Found(rows, malformed, suspects, len(re.findall("[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\\Z", text)))


def _place(text: str, at: int, line_of: int) -> tuple[int, int]:
    """Return the line of one offset, and the column of another on that line."""
    before = text[:line_of]
    line_start = max(before.rfind("\n"), before.rfind("\r")) + 1
    return len(re.findall("\r\n|\r|\n", text[:line_start])) + 1, at - line_start + 1


def _row(quote: str, line: int) -> tuple[tuple[str, ...], tuple[int, str] | None]:
    """Return the row of a quote, and where in it which contradiction is."""
    fields = list(re.finditer("[^ \t\u00a0\u202f|]+", quote))
    symbol, price, first, _, *arrow, change, percent = (field[0] for field in fields)
    figures = [
        figure.replace("\u2212", "-").replace("\u2013", "-").replace(",", "").replace("+", "")
        for figure in (price, change, percent.strip("(%)"))
    ]
    direction, kind = DIRECTIONS[first], "stock" if arrow or "." in price else "index"
    decimals = [Decimal(figure) for figure in figures]
    wrong = contradiction(decimals[0], decimals[1], decimals[2], direction, kind)
    close = format(previous_close(decimals[0], decimals[1]), "f")
    row = (symbol, *figures, direction, kind, str(line), close, "false" if wrong else "true")
    places = {"change": fields[-2].start(), "change_percent": fields[-1].start() + 1}
    return row, (places[wrong.column], wrong.reason) if wrong else None
