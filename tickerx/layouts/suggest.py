"""Layouts proposed for the boards of a text, by the arithmetic of their lines.

A line or a run of lines becomes a shape: what stands where, figures and names left out. Of the lines of one shape the
columns are found by percent = 100 * change / (price - change), or by price and previous close: strictly rounded, change
and percent of one sign, with decimals, on three lines at least. Tables of other things may keep the same arithmetic
(games won and lost, sales and their growth): whole numbers, figures without any sign and headings rule them out.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from tickerx.grammar.terminals import ARROWS, SPACES
from tickerx.layouts.figures import DECIMALS
from tickerx.layouts.language import LayoutError
from tickerx.layouts.layout import Layout, compile_layout
from tickerx.layouts.read import LayoutRow, read_text
from tickerx.layouts.roles import Roles, find_roles, has_falls_alone, movement, sign_of
from tickerx.layouts.shapes import LEAST, Record, find_boards

__all__ = ["LIMIT", "Suggestion", "suggest"]

LIMIT = 65536
"""Code points of a text that are searched for boards."""


class Suggestion(NamedTuple):
    """A layout that reads a board of a text."""

    layout: str
    decimal: str
    unsigned: str | None
    """``up`` where the board has signs for falls alone."""
    lines: int
    """Quotes that it reads in the text."""
    sound: int
    """How many of them agree with themselves."""
    example: LayoutRow


def suggest(text: str, limit: int = LIMIT) -> list[Suggestion]:
    """Return layouts for the boards at the beginning of a text, those that read most first."""
    text = text[: max(text.rfind("\n", 0, limit), text.rfind("\r", 0, limit)) + 1] if len(text) > limit else text
    lines = re.split(r"\r\n?|\n", text)
    found = [suggestion for decimal in DECIMALS for suggestion in _suggest(text, lines, decimal)]
    chosen: list[Suggestion] = []
    taken: set[int] = set()
    for suggestion, places in sorted(found, key=lambda one: (-one[0].sound, -one[0].lines, len(one[0].layout))):
        chosen += [] if places <= taken else [suggestion]
        taken |= places
    return chosen


def _suggest(text: str, lines: list[str], decimal: str) -> Iterator[tuple[Suggestion, set[int]]]:
    """Yield suggestions with the lines on which their quotes begin."""
    seen = set()
    for records in find_boards(lines, decimal):
        roles = find_roles(records)
        shown = _show(records, roles) if roles else None
        if not roles or not shown or shown in seen or _is_other_table(lines, records):
            continue
        seen.add(shown)
        unsigned = "up" if has_falls_alone(records, roles) else None
        layout = _compile(shown, decimal, unsigned)
        reading = read_text(text, [layout] if layout else [])
        rows = list(reading.rows())
        if len(rows) >= LEAST:
            sound = sum(map(bool, reading.sounds()))
            yield Suggestion(shown, decimal, unsigned, len(rows), sound, rows[0]), {row.line for row in rows}


def _compile(shown: str, decimal: str, unsigned: str | None) -> Layout | None:
    try:
        return compile_layout(shown, decimal=decimal, unsigned=unsigned)
    except LayoutError:
        return None


def _show(records: list[Record], roles: Roles) -> str | None:
    """Return the layout of records, or None where something between the figures has no element."""
    parts: list[str] = []
    for place, cell in enumerate(records[0].cells):
        texts = [record.cells[place].text for record in records]
        match cell.kind:
            case "T":
                parts.append(_show_text(texts, records, roles, parts))
            case "A":
                parts.append(_show_arrow(records, roles, place))
            case "F" if place == 0 and all(map(_CODE.fullmatch, texts)):
                parts.append("{symbol}")
            case "F" if parts in (["{symbol}", " "], ["{name}", " "]) and all(map(_NUMBER_OF_NAME.fullmatch, texts)):
                parts = ["{name}"]  # CAC 40
            case "F" | "P":
                parts.append(_show_figure(texts, roles.fields.get(place)) + ("%" if cell.kind == "P" else ""))
            case _:
                parts.append(cell.text)
    return "".join(parts) if all(parts) else None


_SYMBOL = re.compile(r"(?=[^\W\d_a-z]|[0-9.&/-]*[^\W\d_a-z])(?:[^\W_a-z]|[.&/-]){1,20}|[0-9]{1,6}")


_CODE = re.compile("[0-9]{4,6}")
_NUMBER_OF_NAME = re.compile("[0-9]{1,4}")


def _show_figure(texts: list[str], field: str | None) -> str:
    """Return a field for figures; those that mean nothing are passed over, word by word."""
    if field:
        return f"{{{field}}}"
    words = {len(text.split()) for text in texts}
    return " ".join(["{skip}"] * words.pop()) if len(words) == 1 else ""


def _show_text(texts: list[str], records: list[Record], roles: Roles, parts: list[str]) -> str:
    """Return the element for texts: itself, words for the direction, symbols, names, or words to pass over."""
    if len(set(texts)) == 1:
        return re.sub(r"[{}\[\]<]|\.\.\.", lambda sign: sign[0] * 2, texts[0])
    if parts and (direction := _show_direction(texts, records, roles)):
        return direction
    if "{symbol}" not in parts and all(map(_SYMBOL.fullmatch, texts)):
        return "{symbol}"
    return "{name}" if "{name}" not in parts else _show_figure(texts, None)


def _show_direction(texts: list[str], records: list[Record], roles: Roles) -> str:
    """Return a direction if there is one text for a rise, one for a fall, and at most one for neither."""
    ways: dict[str, set[str]] = {"+": set(), "-": set(), "": set()}
    for text, record in zip(texts, records, strict=True):
        ways[movement(record, roles)].add(text.replace("|", "||").replace(">", ">>"))
    words = [word for way in ways.values() for word in way]
    is_one_each = len(ways["+"]) == len(ways["-"]) == 1 and len(ways[""]) < 2
    return f"<{'|'.join(words)}>" if is_one_each and len(set(words)) == len(words) < len(texts) else ""


def _show_arrow(records: list[Record], roles: Roles, place: int) -> str:
    """Return the direction that arrows tell; where the figures have signs, these do, and the arrow is passed over."""
    following = records[0].cells[place + 1 : place + 2]
    moves = [at for at, field in roles.fields.items() if field in ("change", "percent")]
    if following and following[0].kind == " " and any(sign_of(record, at) == "-" for record in records for at in moves):
        return "{skip}"
    kind = ARROWS.index(records[0].cells[place].text) % (len(ARROWS) // 2)
    return f"<{ARROWS[kind]}|{ARROWS[kind + len(ARROWS) // 2]}>"


_OTHER_HEADINGS = re.compile(
    r"(?i)\b(?:19|20)[0-9]{2}\b.*\b(?:19|20)[0-9]{2}\b"
    r"|\b(?:sales|sold|revenues?|turnover|income|profits?|earnings|costs?|budget|spending|population|inhabitants|growth"
    r"|won|lost|wins|losses|games|played|points per|votes?|seats|output|production|exports?|imports?|visitors|students"
    r"|last year|this year|year-on-year|yoy|umsatz|einwohner|ventas|población|ventes|vendite|fatturato)\b"
)
_SUM = re.compile(r"(?i)(?:grand |sub)?totals?|sum|all|overall|average|gesamt|summe|insgesamt|totale?|ogółem")


def _is_other_table(lines: list[str], records: list[Record]) -> bool:
    """Say whether headings above or a line of totals show that it is no board, whatever the arithmetic says."""
    first = records[0].line
    above = [line for line in lines[max(0, first - 8) : first] if line.strip(SPACES)][-3:]
    texts = [cell.text for record in records for cell in record.cells if cell.kind == "T"]
    return any(map(_OTHER_HEADINGS.search, above)) or any(map(_SUM.fullmatch, texts))
