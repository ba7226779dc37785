"""Quotes as a table for people: lines of styled text, and the text that a terminal shows."""

import sys
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from textwrap import wrap
from typing import NamedTuple

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tickerx.outputs.bars import draw_bars
from tickerx.outputs.escaping import escaped
from tickerx.outputs.grid import Column, Layout, Line
from tickerx.quote import COLUMNS, Direction, Kind

__all__ = ["NEEDED", "Board", "Look", "draw", "draw_lines", "grouped", "make_columns", "spelled", "summarise"]

Board = Mapping[str, Sequence[str]]
"""The columns of all quotes by name: those to show, and those in ``NEEDED``."""

NEEDED = ("change_percent", "direction", "kind", "sound")
"""The columns that decide how quotes are drawn, shown or not."""

_HEADINGS = {"change": "chg", "change_percent": "chg %"}
"""Headings of columns that differ from their names."""

_TITLE = 40
"""A title up to this width takes one line, even above a narrower table."""

_GAP = 2
_SIDES = (5, 10)
"""The fewest and the most characters of bars on each side of their zero line."""

_SIGNS = {"up": "▲", "down": "▼", "unchanged": "=", "index": "•", "suspect": "!", "rule": "─"}
_ASCII_SIGNS = {"up": "+", "down": "-", "unchanged": "=", "index": "*", "suspect": "!", "rule": "-"}

# Colours that are legible on dark and on light: no white, no yellow, and dim only for lines.
_PLAIN = Style.null()
_STYLES = {
    "up": Style(color="green"),
    "down": Style(color="red"),
    "unchanged": _PLAIN,
    "": _PLAIN,
    "stock": Style(bold=True),
    "index": Style(color="cyan", bold=True),
    "fault": Style(color="magenta", bold=True),
    "heading": Style(bold=True),
    "rule": Style(dim=True),
}


class Look(NamedTuple):
    """How to draw a table."""

    width: int = 0
    """The columns of the terminal; 0 if there is no limit."""
    color: bool = False
    ascii: bool = False
    """Whether to use ASCII only."""
    header: bool = True
    title: str = ""
    """The line above it; empty if it has none."""
    may_drop: Collection[str] = ()
    """The columns, of file, kind and direction, that can be dropped if not all fit."""


def draw(board: Board, names: Sequence[str], look: Look, malformed: int = 0) -> Iterator[str]:
    """Yield the table as text, line by line, because a large one takes more memory than its quotes."""
    system = ColorSystem.STANDARD if look.color else None
    for line in draw_lines(board, names, look, malformed):
        yield "".join([(style or _PLAIN).render(text, color_system=system) for text, style, _ in line]) + "\n"


def draw_lines(board: Board, names: Sequence[str], look: Look, malformed: int = 0) -> Iterator[Line]:
    """Yield the lines of a table: its title, headings, a rule, the quotes, an empty line, and their counts.

    No figure, symbol or file name is ever cut. If the table is too wide, headings take several lines. Then the kind is
    left out, which a mark shows too; then the bars; then gaps shrink, and other columns are dropped if they can be. If
    that is not enough, lines are longer.
    """
    signs = _ASCII_SIGNS if look.ascii else _SIGNS
    layout, kept = _lay_out(board, names, look, signs)
    if look.title:
        title = wrap(spelled(look.title, look.ascii), max(layout.width, _TITLE))
        yield from ([Segment(line, _STYLES["heading"])] for line in title)
        yield []
    if look.header:
        yield from layout.header(_STYLES["heading"])
        yield [Segment(signs["rule"] * layout.width, _STYLES["rule"])]
    is_above = "file" in names and "file" not in kept
    yield from _under_files(layout.rows(), board["file"], look) if is_above else layout.rows()
    if look.header or board["direction"]:
        yield []
    yield from _summary(board, malformed, look.width, signs)


def _under_files(rows: Iterable[Line], files: Iterable[str], look: Look) -> Iterator[Line]:
    """Yield the name of each file, followed by its quotes."""
    above = None
    rule = (_ASCII_SIGNS if look.ascii else _SIGNS)["rule"]
    for row, file in zip(rows, files, strict=True):
        if file != above:
            yield [Segment(rule * 2, _STYLES["rule"]), Segment(f" {spelled(file, look.ascii)}")]
            above = file
        yield row


def _lay_out(board: Board, names: Sequence[str], look: Look, signs: Mapping[str, str]) -> tuple[Layout, Sequence[str]]:
    """Return the grid that shows the most within the width, or else the narrowest, and the names of its columns."""
    drawn = {name: _column(name, board, look, signs) for name in names}
    marks = _marks(board, signs)
    available = look.width or sys.maxsize
    for kept, has_bars in _choices(names, look, "change_percent" in names and len(board["change_percent"]) > 0):
        columns = _marked([drawn[name] for name in kept], marks)
        layouts = [Layout(columns), Layout(columns, is_stacked=True), Layout(columns, is_stacked=True, is_tight=True)]
        for candidate in layouts[:2] if has_bars else []:
            if (side := (available - candidate.width - _GAP - 1) // 2) >= _SIDES[0]:
                bars = _bars(board, min(side, _SIDES[1]), look)
                return candidate._replace(columns=[*columns, bars]), kept
        for candidate in [] if has_bars else layouts:
            if candidate.width <= available:
                return candidate, kept
    return layouts[-1], kept


def make_columns(board: Board, names: Sequence[str], look: Look) -> list[Column]:
    """Return all columns of a table without a width limit, except the bars; with the marks, if there are any."""
    return _marked([_column(name, board, look, _SIGNS) for name in names], _marks(board, _SIGNS))


def _marked(columns: list[Column], marks: Column) -> list[Column]:
    """Return the columns with the marks, if there are any, after the symbol or the name."""
    if not marks.width:
        return columns
    places = [place for place, column in enumerate(columns, 1) if column.name in ("symbol", "name")]
    place = places[0] if places else len(columns)
    return [*columns[:place], marks, *columns[place:]]


def _choices(names: Sequence[str], look: Look, has_bars: bool) -> Iterator[tuple[Sequence[str], bool]]:
    """Yield choices of columns, and whether there are bars: first everything, then less and less.

    Without its column, the name of a file comes above its quotes, where it takes no width.
    """

    def without(*dropped: str) -> Sequence[str]:
        return [name for name in names if name not in dropped or name not in look.may_drop]

    for above in ((), ("file",)):
        yield without(*above), has_bars
        yield without(*above, "kind"), has_bars
        yield without(*above, "kind"), False
    yield without("file", "kind", "direction"), False


def _column(name: str, board: Board, look: Look, signs: Mapping[str, str]) -> Column:
    directions = board["direction"]
    moved = [_STYLES[direction] for direction in directions]
    cells: Sequence[str] = board[name]
    styles: Sequence[Style] = [_PLAIN] * len(cells)
    match name:
        case "symbol":
            cells, styles = [spelled(cell, look.ascii) for cell in cells], [_STYLES[kind] for kind in board["kind"]]
        case "direction":
            shown = {direction: f"{signs[direction]} {direction}" for direction in map(str, Direction)}
            cells, styles = [direction and shown[direction] for direction in directions], moved
        case "change" | "change_percent":
            cells, styles = _aligned(map(_signed, cells, directions)), moved
        case "price" | "previous_close":
            cells = _aligned(cells)
        case "file" | "url" | "record" | "name" | "layout":
            cells = [spelled(cell, look.ascii) for cell in cells]
    heading = _HEADINGS.get(name, name.replace("_", " ")) if look.header else ""
    return Column(heading, cells, styles, _widest(cells), is_figure=COLUMNS[name].is_figure, name=name)


def _marks(board: Board, signs: Mapping[str, str]) -> Column:
    """Return the column of marks, for indices and suspect quotes."""
    cells = [
        (signs["index"] if kind == Kind.INDEX else "") + (signs["suspect"] if sound == "false" else "")
        for kind, sound in zip(board["kind"], board["sound"], strict=True)
    ]
    known = {"": _PLAIN, signs["index"]: _STYLES["index"]}
    styles = [known.get(cell, _STYLES["fault"]) for cell in cells]
    return Column("", cells, styles, _widest(cells), gap=1)


def _bars(board: Board, side: int, look: Look) -> Column:
    percents = board["change_percent"]
    styles = [
        _STYLES[direction if percent.strip("-.0") else "rule"]
        for percent, direction in zip(percents, board["direction"], strict=True)
    ]
    return Column("", draw_bars(percents, side, look.ascii), styles, 2 * side + 1)


def _summary(board: Board, malformed: int, width: int, signs: Mapping[str, str]) -> Iterator[Line]:
    """Yield the line of counts. If it is too long, directions lose their words; if it is still too long, it wraps."""
    counts = _counts(board, malformed, signs, has_words=True)
    if width and _length(counts) + _GAP * (len(counts) - 1) > width:
        counts = _counts(board, malformed, signs, has_words=False)
    line: Line = []
    for count in counts:
        if width and line and _length([*line, count]) + _GAP > width:
            yield line
            line = []
        line += [Segment(" " * _GAP), count] if line else [count]
    yield line


def summarise(board: Board, malformed: int) -> Line:
    """Return the counts of a table, each as a piece of styled text."""
    return _counts(board, malformed, _SIGNS, has_words=True)


def _counts(board: Board, malformed: int, signs: Mapping[str, str], has_words: bool) -> Line:
    directions, kinds, suspect = Counter(board["direction"]), Counter(board["kind"]), Counter(board["sound"])["false"]
    quotes, indices = directions.total(), kinds[Kind.INDEX]
    counts = [Segment(f"{quotes:,} quote{'' if quotes == 1 else 's'}", _STYLES["heading"])]
    if quotes:
        for direction in Direction:
            word = f" {direction}" if has_words else ""
            counts.append(Segment(f"{signs[direction]} {directions[direction]:,}{word}", _STYLES[direction]))
    if quotes and any(board["kind"]):
        word = "index" if indices == 1 else "indices"
        counts.append(Segment(f"{signs['index']} {indices:,} {word}", _STYLES["index"]))
    if suspect:
        counts.append(Segment(f"{signs['suspect']} {suspect:,} suspect", _STYLES["fault"]))
    if malformed:
        counts.append(Segment(f"{malformed:,} malformed", _STYLES["fault"]))
    return counts


def _aligned(figures: Iterable[str]) -> list[str]:
    """Return figures grouped and padded on the right, so that their points align when they are right-aligned."""
    shown = [grouped(figure) for figure in figures]
    decimals = [len(point + digits) for _, point, digits in (figure.partition(".") for figure in shown)]
    widest = max(decimals, default=0)
    return [figure + " " * (widest - count) for figure, count in zip(shown, decimals, strict=True)]


def _signed(figure: str, direction: str) -> str:
    return f"+{figure}" if figure and direction == Direction.UP and not figure.startswith("-") else figure


def grouped(figure: str) -> str:
    """Return a figure with commas between thousands: ``-1,781.9``. An empty one stays empty."""
    if not figure:
        return ""
    whole, point, digits = figure.partition(".")
    sign = whole[:1] if whole[0] in "+-" else ""
    return f"{sign}{int(whole.removeprefix(sign)):,}{point}{digits}"


def spelled(text: str, ascii: bool = False) -> str:
    """Return a title or a name with characters that do not print, or are not ASCII, spelled out."""
    text = escaped(text)
    return text.encode("ascii", "backslashreplace").decode() if ascii else text


def _length(line: Line) -> int:
    return sum(segment.cell_length for segment in line)


def _widest(texts: Iterable[str]) -> int:
    return max(map(cell_len, texts), default=0)
