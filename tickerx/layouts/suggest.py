"""Layouts proposed for the boards of a text, by the arithmetic of their lines.

A line or a run of lines becomes a shape: what stands where, figures and names left out. Of the lines of one shape the
columns are found by percent = 100 * change / (price - change), or by price and previous close: strictly rounded, change
and percent of one sign, with decimals, on three lines at least. Tables of other things may keep the same arithmetic
(games won and lost, sales and their growth): whole numbers, figures without any sign and headings rule them out.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import permutations
from typing import NamedTuple

from tickerx.grammar.terminals import ARROWS, SPACES
from tickerx.layouts.figures import DECIMALS, GROUPS, decimals, number_pattern, plain, prefix_pattern, unit_pattern
from tickerx.layouts.language import LayoutError
from tickerx.layouts.layout import Layout, compile_layout
from tickerx.layouts.read import LayoutRow, read_text
from tickerx.layouts.sound import is_sound

__all__ = ["LIMIT", "Suggestion", "suggest"]

LIMIT = 65536
"""Code points of a text that are searched for boards."""

_LEAST = 3
"""Lines that must keep the arithmetic strictly."""
_LONGEST_LINE = 400
_MOST_CELLS = 40
_MOST_FIGURES = 9
_MOST_RECORDS = 40
"""Quotes of a board that are looked at."""
_FAILURES = 6
"""Quotes that may be off before one is strictly kept, until columns are given up."""
_APART = 6
"""Lines further apart are not of one board."""
_MOST_LINES = 12
"""Lines of a quote at most."""


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


class _Cell(NamedTuple):
    """A piece of a line."""

    kind: str
    """T text, F figure, P figure with a per cent sign, A arrow; else the sign itself."""
    text: str


class _Record(NamedTuple):
    """What may be one quote: its cells, those that are figures in plain form, and the line on which it begins."""

    cells: list[_Cell]
    figures: dict[int, str]
    line: int


class _Roles(NamedTuple):
    """Which cells hold which figures."""

    fields: dict[int, str]
    strict: int
    """Different records that keep the arithmetic strictly."""


def suggest(text: str, limit: int = LIMIT) -> list[Suggestion]:
    """Return layouts for the boards at the beginning of a text, those that read most first."""
    text = text[: max(text.rfind("\n", 0, limit), text.rfind("\r", 0, limit)) + 1] if len(text) > limit else text
    lines = re.split(r"\r\n?|\n", text)
    found = [suggestion for decimal in DECIMALS for suggestion in _suggest(text, lines, decimal)]
    chosen: list[Suggestion] = []
    taken: set[int] = set()
    for suggestion, places in sorted(found, key=lambda one: (-one[0].sound, -one[0].lines, len(one[0].layout))):
        if not places <= taken:
            chosen.append(suggestion)
            taken |= places
    return chosen


def _suggest(text: str, lines: list[str], decimal: str) -> Iterator[tuple[Suggestion, set[int]]]:
    """Yield suggestions with the lines on which their quotes begin."""
    seen = set()
    for records in _boards(lines, decimal):
        roles = _find_roles(records)
        shown = _show(records, roles) if roles else None
        if not roles or not shown or shown in seen or _is_other_table(lines, records):
            continue
        seen.add(shown)
        unsigned = "up" if _has_falls_alone(records, roles) else None
        layout = _compile(shown, decimal, unsigned)
        reading = read_text(text, [layout] if layout else [])
        rows = list(reading.rows())
        if len(rows) >= _LEAST:
            sound = sum(map(bool, reading.sounds()))
            yield Suggestion(shown, decimal, unsigned, len(rows), sound, rows[0]), {row.line for row in rows}


def _has_falls_alone(records: list[_Record], roles: _Roles) -> bool:
    """Say whether the movements of a board have a sign only where it is "-"."""
    places = [place for place, field in roles.fields.items() if field in ("change", "percent")]
    signs = {_sign(record, place) for record in records for place in places if record.figures[place].strip("-0.")}
    return signs == {"", "-"} and not any(map(_way, records))


def _compile(shown: str, decimal: str, unsigned: str | None) -> Layout | None:
    try:
        return compile_layout(shown, decimal=decimal, unsigned=unsigned)
    except LayoutError:
        return None


# Shapes.

_TOKENS = {
    decimal: re.compile(
        rf"(?P<blank>[{SPACES}]+)|(?P<A>[{ARROWS}])"
        rf"|(?P<F>{prefix_pattern(apart=True)}{number_pattern(decimal, GROUPS.replace(decimal, '').replace(' ', ''))}"
        rf"{unit_pattern(apart=True)})(?=[{SPACES}%|;()/:]|,(?![0-9])|[{ARROWS}]|\Z)(?P<P>[{SPACES}]?%|)"
        rf"|(?P<sign>[|;()/•→]|[,:–-](?=[{SPACES}]|\Z))|(?P<T>[^{SPACES}|;()]+?(?=:?(?:[{SPACES}|;()]|\Z)))"
    )
    for decimal in DECIMALS
}


def _cells(line: str, decimal: str) -> list[_Cell]:
    """Return the cells of a line; words that follow one another are one text."""
    cells: list[_Cell] = []
    for token in _TOKENS[decimal].finditer(line.strip(SPACES)):
        match token.lastgroup:
            case "blank":
                cells.append(_Cell(" ", " "))
            case "P":
                cells.append(_Cell("P" if token["P"] else "F", token["F"]))
            case "sign":
                cells.append(_Cell(token[0], token[0]))
            case kind:
                text = token[0]
                if kind == "T" and cells[-2:-1] and cells[-2].kind == "T" and cells[-1].kind == " ":
                    cells.pop()
                    text = f"{cells.pop().text} {text}"
                cells.append(_Cell(kind or "", text))
    return list(_without_marks(cells))


def _without_marks(cells: list[_Cell]) -> Iterator[_Cell]:
    """Yield cells with the comma behind a text as a sign of its own."""
    for cell in cells:
        if cell.kind == "T" and len(cell.text) > 1 and cell.text.endswith(","):
            yield _Cell("T", cell.text[:-1])
            yield _Cell(",", ",")
        else:
            yield cell


def _boards(lines: list[str], decimal: str) -> Iterator[list[_Record]]:
    """Yield what may be boards: records of one shape, of one line each or of several."""
    read = _read_lines(lines, decimal)
    shapes = ["".join(cell.kind for cell in cells) for _, cells in read]
    places: dict[str, list[int]] = {}
    for place, shape in enumerate(shapes):
        places.setdefault(shape, []).append(place)
    for alike in places.values():
        for starts in _together([read[place][0] for place in alike]):
            yield from _records(read, alike[starts.start : starts.stop], 1, decimal)
    for size in range(2, _MOST_LINES + 1):
        for run in _runs(shapes, size):
            yield from _records(read, range(run.start, run.stop - size + 1, size), size, decimal)


_Lines = list[tuple[int, list[_Cell]]]
"""Cells of lines with the numbers of these."""


def _read_lines(lines: list[str], decimal: str) -> _Lines:
    known: dict[str, list[_Cell]] = {}
    read = []
    for number, line in enumerate(lines):
        if 0 < len(line) <= _LONGEST_LINE:
            if line not in known:
                known[line] = _cells(line, decimal)
            if 0 < len(known[line]) <= _MOST_CELLS:
                read.append((number, known[line]))
    return read


def _together(numbers: list[int]) -> Iterator[range]:
    """Yield which of some lines stand together."""
    start = 0
    for place in range(1, len(numbers) + 1):
        if place == len(numbers) or numbers[place] - numbers[place - 1] > _APART:
            yield range(start, place)
            start = place


def _runs(shapes: list[str], size: int) -> Iterator[range]:
    """Yield where shapes of lines come again after so many lines, and no fewer.

    A run begins with a line that holds a text and stands behind one that does not.
    """
    start = 0
    while start < len(shapes) - size:
        end = start
        while end + size < len(shapes) and shapes[end] == shapes[end + size]:
            end += 1
        if end - start >= (_LEAST - 1) * size and not _is_periodic(shapes[start : start + size]):
            first = next((at for at in range(start, start + size) if _begins(shapes, at, size, start)), end)
            yield range(first, end + size)
        start = end + 1


def _is_periodic(shapes: list[str]) -> bool:
    size = len(shapes)
    return any(size % part == 0 and shapes == shapes[:part] * (size // part) for part in range(1, size))


def _begins(shapes: list[str], at: int, size: int, start: int) -> bool:
    before = shapes[at - 1] if at > start else shapes[at + size - 1]
    return "T" in shapes[at] and "T" not in before


def _records(read: _Lines, starts: Sequence[int], size: int, decimal: str) -> Iterator[list[_Record]]:
    """Yield the records of so many lines that begin at some places, if they may be a board."""
    if len(starts) < _LEAST:
        return
    kinds = [cell.kind for cell in _join(read[starts[0] : starts[0] + size])]
    if "T" in kinds and 2 < kinds.count("F") + kinds.count("P") <= _MOST_FIGURES:
        yield [_record(_join(read[at : at + size]), decimal, read[at][0]) for at in starts[:_MOST_RECORDS]]


def _join(lines: _Lines) -> list[_Cell]:
    cells = list(lines[0][1])
    for _, others in lines[1:]:
        cells += [_Cell("\n", "\n"), *others]
    return cells


def _record(cells: list[_Cell], decimal: str, line: int) -> _Record:
    places = [place for place, cell in enumerate(cells) if cell.kind in "FP"]
    return _Record(cells, dict(zip(places, plain([cells[place].text for place in places], decimal), strict=True)), line)


# Roles.


def _find_roles(records: list[_Record]) -> _Roles | None:
    """Return which figures are price, change, percent and previous close, if the arithmetic tells."""
    best = None
    for names in (("price", "change", "percent"), ("price", "previous", "percent")):
        for places in permutations(records[0].figures, 3):
            if records[0].cells[places[2]].kind == "F" and any(cell.kind == "P" for cell in records[0].cells):
                continue
            roles = _try_roles(records, dict(zip(places, names, strict=True)))
            if roles and (best is None or roles.strict > best.strict):
                best = roles
        if best:
            break
    return best and _Roles({**best.fields, **_find_previous(records, best.fields)}, best.strict)


def _find_previous(records: list[_Record], fields: dict[int, str]) -> dict[int, str]:
    """Return the column that always holds price less change, if there is one besides."""
    places = {name: place for place, name in fields.items()}
    for place in records[0].figures if "change" in places else ():
        if place not in fields and all(
            is_sound(figures[places["price"]], figures[places["change"]], None, figures[place])
            for figures in _signed(records, places["change"], places["percent"])
        ):
            return {place: "previous"}
    return {}


def _try_roles(records: list[_Record], fields: dict[int, str]) -> _Roles | None:
    """Return the roles if enough records keep the arithmetic strictly, and nearly all within what is rounded."""
    places = {name: place for place, name in fields.items()}
    move = places.get("change", places["percent"])
    if not any(_has_sign(record, place) for record in records for place in (move, places["percent"])):
        return None
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
    if len(strict) < _LEAST or sound * 10 < len(records) * 8:
        return None
    return _Roles(fields, len(strict))


def _has_sign(record: _Record, place: int) -> bool:
    """Say whether a figure has a sign, or words or an arrow that may be one."""
    return record.figures[place][0] == "-" or "+" in record.cells[place].text or _way(record) != ""


def _way(record: _Record) -> str:
    """Return the sign that an arrow or a word gives to what follows; nothing where there is none."""
    marks = [cell.text.lower() for cell in record.cells[1:] if cell.kind in "AT"]
    return next((_WAYS[mark] for mark in marks if mark in _WAYS), "")


_WAYS = dict.fromkeys(("▲", "△", "▴", "↑", "up", "increased by"), "+") | dict.fromkeys(
    ("▼", "▽", "▾", "↓", "down", "decreased by"), "-"
)


def _signed(records: list[_Record], move: int, percent: int) -> Iterator[dict[int, str]]:
    """Yield the figures of records, an unsigned percent with the sign of its change, both with that of an arrow."""
    follows = not any(_sign(record, percent) for record in records)
    for record in records:
        sign = _sign(record, move) if follows else ""
        if not sign and not _sign(record, move) and not _sign(record, percent):
            sign = _way(record)
        figures = dict(record.figures)
        if sign == "-":
            figures.update({place: "-" + figures[place].lstrip("-") for place in (move, percent)})
        yield figures


def _sign(record: _Record, place: int) -> str:
    return "-" if record.figures[place][0] == "-" else "+" if "+" in record.cells[place].text else ""


def _is_strict(price: str, change: str | None, percent: str, previous: str | None) -> bool:
    """Say whether the percent is the exact one rounded, of a change that is not zero.

    All figures have decimals, one of them two: whole ones are of games won, of people, of discounts.
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


# Layouts.


def _show(records: list[_Record], roles: _Roles) -> str | None:
    """Return the layout of records, or None where something between the figures has no element."""
    parts: list[str] = []
    for place, cell in enumerate(records[0].cells):
        texts = [record.cells[place].text for record in records]
        match cell.kind:
            case "T":
                parts.append(_show_text(texts, records, roles, parts))
            case "A":
                parts.append(_show_arrow(records, roles, place))
            case "F" | "P":
                parts.append(_show_figure(texts, roles.fields.get(place)) + ("%" if cell.kind == "P" else ""))
            case _:
                parts.append(cell.text)
    return "".join(parts) if all(parts) else None


_SYMBOL = re.compile(r"(?=[^\W\d_a-z]|[0-9.&/-]*[^\W\d_a-z])(?:[^\W_a-z]|[.&/-]){1,20}|[0-9]{1,6}")


def _show_figure(texts: list[str], field: str | None) -> str:
    """Return a field for figures; those that mean nothing are passed over, word by word."""
    if field:
        return f"{{{field}}}"
    words = {len(text.split()) for text in texts}
    return " ".join(["{skip}"] * words.pop()) if len(words) == 1 else ""


def _show_text(texts: list[str], records: list[_Record], roles: _Roles, parts: list[str]) -> str:
    """Return the element for texts: itself, words for the direction, symbols, names, or words to pass over."""
    if len(set(texts)) == 1:
        return re.sub(r"[{}\[\]<]|\.\.\.", lambda sign: sign[0] * 2, texts[0])
    if parts and (direction := _show_direction(texts, records, roles)):
        return direction
    if "{symbol}" not in parts and all(map(_SYMBOL.fullmatch, texts)):
        return "{symbol}"
    return "{name}" if "{name}" not in parts else _show_figure(texts, None)


def _show_direction(texts: list[str], records: list[_Record], roles: _Roles) -> str:
    """Return a direction if there is one text for a rise, one for a fall, and at most one for neither."""
    ways: dict[str, set[str]] = {"+": set(), "-": set(), "": set()}
    for text, record in zip(texts, records, strict=True):
        ways[_movement(record, roles)].add(text.replace("|", "||").replace(">", ">>"))
    words = [word for way in ways.values() for word in way]
    is_one_each = len(ways["+"]) == len(ways["-"]) == 1 and len(ways[""]) < 2
    return f"<{'|'.join(words)}>" if is_one_each and len(set(words)) == len(words) < len(texts) else ""


def _show_arrow(records: list[_Record], roles: _Roles, place: int) -> str:
    """Return the direction that arrows tell; where the figures have signs, these do, and the arrow is passed over."""
    following = records[0].cells[place + 1 : place + 2]
    moves = [at for at, field in roles.fields.items() if field in ("change", "percent")]
    if following and following[0].kind == " " and any(_sign(record, at) == "-" for record in records for at in moves):
        return "{skip}"
    for up, down in ("▲▼", "△▽", "▴▾", "↑↓"):
        if records[0].cells[place].text in (up, down):
            return f"<{up}|{down}>"
    raise AssertionError("every arrow has its counterpart")  # pragma: no cover - these are all of `ARROWS`


def _movement(record: _Record, roles: _Roles) -> str:
    """Return the sign of a record's movement; nothing where it has not moved."""
    for place, field in roles.fields.items():
        if field in ("change", "percent") and record.figures[place].strip("-0."):
            return _sign(record, place) or _way(record) or "+"
    return ""


_OTHER_HEADINGS = re.compile(
    r"(?i)\b(?:19|20)[0-9]{2}\b.*\b(?:19|20)[0-9]{2}\b"
    r"|\b(?:sales|sold|revenues?|turnover|income|profits?|earnings|costs?|budget|spending|population|inhabitants|growth"
    r"|won|lost|wins|losses|games|played|points per|votes?|seats|output|production|exports?|imports?|visitors|students"
    r"|last year|this year|year-on-year|yoy|umsatz|einwohner|ventas|población|ventes|vendite|fatturato)\b"
)
_SUM = re.compile(r"(?i)(?:grand |sub)?totals?|sum|all|overall|average|gesamt|summe|insgesamt|totale?|ogółem")


def _is_other_table(lines: list[str], records: list[_Record]) -> bool:
    """Say whether headings above or a line of totals show that it is no board, whatever the arithmetic says."""
    first = records[0].line
    above = [line for line in lines[max(0, first - 8) : first] if line.strip(SPACES)][-3:]
    texts = [cell.text for record in records for cell in record.cells if cell.kind == "T"]
    return any(map(_OTHER_HEADINGS.search, above)) or any(map(_SUM.fullmatch, texts))
