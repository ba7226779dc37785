"""Find unchanged quotes that a board prints in another way: ``AGL 40.00 unch``, ``AGL 40.00 = 0.00``.

The layout of the other quotes does not read them. Its direction gets a third word, or there is a second layout with
such a word instead of the change and the percent.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.elements import doubled
from tickerx.layouts.layout import Layout, LayoutError, compile_layout
from tickerx.layouts.read import Reading, read_text
from tickerx.layouts.shapes import APART, Cell

__all__ = ["find_flat"]

_MOST = 20
"""The most stretches of text to look at."""

_MARK = r"=|-{1,2}|[\u2013\u2014\u2212]{1,2}|(?:unch(?:anged|g)?|unc|flat|steady|same|n/?[ac]|nil)\b\.?|[◄►◀▶■●○▬↔→]+"
_ZERO = r"[-+\u2212\u2013±]?(?:0?[.,])?0+(?:[ ]?%)?"
_ITEM = rf"[(\[]?(?:{_MARK}|{_ZERO})[)\]]?"
_GAP = rf"[{SPACES}|;/\r\n]"
_RUN = re.compile(rf"(?i)(?<![^{SPACES}|;\r\n]){_ITEM}(?:{_GAP}{{0,64}}{_ITEM}){{0,5}}(?![^{SPACES}|;\r\n])")
_PIECE = re.compile(rf"(?i)(?P<zero>{_ZERO}(?![0-9]))|(?P<mark>{_MARK})|(?P<other>.)", re.DOTALL)


def find_flat(layout: Layout, parts: Sequence[str], cells: Sequence[Cell], text: str, reading: Reading) -> list[Layout]:
    """Return the layouts that read a board with its unchanged quotes, given the layout that reads the others.

    ``parts`` are its elements, one for each of the cells. If there is nothing to add, this returns only the layout.
    """
    for stretch in islice(_stretches(layout, text, reading), _MOST):
        for third in _third_words(parts, stretch):
            if changed := _compile_like(layout, third, stretch):
                return [changed]
        for shown in _second_layouts(parts, cells, stretch):
            if second := _compile_like(layout, shown, stretch):
                return [layout, second]
    return [layout]


def _compile_like(layout: Layout, shown: str, stretch: str) -> Layout | None:
    """Return a layout with the settings of another one, if it is valid and reads a stretch of text."""
    try:
        other = compile_layout(shown, decimal=layout.decimal, unsigned=layout.unsigned)
    except LayoutError:
        return None
    return other if read_text(stretch, [other]).begins else None


def _stretches(layout: Layout, text: str, reading: Reading) -> Iterator[str]:
    """Yield stretches that may be quotes, between the quotes that are read or close to the first or last one."""
    ends = [0, *reading.ends]
    begins = [*reading.begins, len(text)]
    for number, (end, begin) in enumerate(zip(ends, begins, strict=True)):
        if begin - end < 3:
            continue
        lines = [line for line in re.split(r"[\r\n]+", text[end:begin]) if line.strip(SPACES)]
        if number == 0:
            lines = lines[-APART:] if layout.lines == 1 else lines[-layout.lines :]
        lines = lines[:APART] if layout.lines == 1 else lines[: layout.lines]
        if layout.lines == 1:
            yield from (line for line in lines if "previous" in layout.fields or _RUN.search(line))
        else:
            yield from ("\n".join(lines[:size]) for size in range(len(lines), 1, -1))


def _third_words(parts: Sequence[str], stretch: str) -> Iterator[str]:
    """Yield the layout with each mark in a stretch of text as its word for "unchanged"."""
    marks = dict.fromkeys(piece["mark"] for piece in _PIECE.finditer(stretch) if piece["mark"])
    for mark in marks:
        third = [f"{part[:-1]}|{_in_direction(mark)}>" if _DIRECTION.fullmatch(part) else part for part in parts]
        if third != [*parts]:
            yield "".join(third)


_DIRECTION = re.compile(r"<((?:\|\||[^|])+\|(?:\|\||[^|])+)>")


def _in_direction(mark: str) -> str:
    return mark.replace("|", "||").replace(">", ">>")


class _Middle(NamedTuple):
    """The elements that say how a quote has moved."""

    start: int
    end: int
    fields: list[str]
    words: str
    """Words or arrows for up and down."""


def _second_layouts(parts: Sequence[str], cells: Sequence[Cell], stretch: str) -> Iterator[str]:
    """Yield layouts with each run of marks in a stretch of text instead of the change and percent."""
    middle = _find_middle(parts, cells)
    for run in _RUN.finditer(stretch) if middle else ():
        ends = [match.end() for match in re.finditer(rf"(?i){_ITEM}", run[0])]
        for end in reversed(ends):
            shown = _show_run(run[0][:end], middle) if middle else ""
            if middle and ("<" in shown or "%" in shown):
                blank = " " * (stretch[run.start() - 1] in SPACES and parts[middle.start - 1].strip() != "")
                yield "".join([*parts[: middle.start], blank, shown, *parts[middle.end :]])
    if middle and "{previous}" in parts:  # the board prints nothing if there is no change
        yield re.sub(" +", " ", "".join([*parts[: middle.start], *parts[middle.end :]])).strip()


def _find_middle(parts: Sequence[str], cells: Sequence[Cell]) -> _Middle | None:
    """Return the elements that say how a quote has moved; None if there is a name or a price among them."""
    moves = [place for place, part in enumerate(parts) if part.startswith(("<", "{change}", "{percent}"))]
    start, end = moves[0], moves[-1] + 1
    while start and (parts[start - 1] in ("(", "[[") or "A" in (cells[start - 1].kind, cells[start - 2].kind)):
        start -= 1
    while end < len(parts) and parts[end] in (")", "]]"):
        end += 1
    shown = "".join(parts[start:end])
    if re.search(r"\{(?:symbol|name|price|previous)\}", shown):
        return None
    words = next((found[1] for part in parts[start:end] if (found := _DIRECTION.fullmatch(part))), "up|down")
    return _Middle(start, end, re.findall(r"\{(change|percent)\}", shown), words)


def _show_run(run: str, middle: _Middle) -> str:
    """Return a run of marks and zeros as elements of a layout."""
    fields = list(middle.fields)
    shown = ""
    for piece in _PIECE.finditer(run):
        wanted = "percent" if piece[0].endswith("%") else fields[0] if fields else ""
        if piece["zero"] and wanted in fields:
            fields.remove(wanted)
            shown += f"{{{wanted}}}%" if piece[0].endswith("%") else f"{{{wanted}}}"
        elif piece["mark"] and "<" not in shown:
            shown += f"<{middle.words}|{_in_direction(piece[0])}>"
        else:
            shown += doubled(piece[0])
    return shown
