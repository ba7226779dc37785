"""The table as an HTML page: one file that loads nothing, for screens of any width, in light and dark mode."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from html import escape
from string import Template

from rich.style import Style

from tickerx.outputs.bars import Extent, measure_bars
from tickerx.outputs.grid import Column
from tickerx.outputs.pictures import UNTITLED, class_of, colour_rules
from tickerx.outputs.table import Board, Look, make_columns, spelled, summarise
from tickerx.quote import COLUMNS

__all__ = ["draw_html"]

_BEGIN = Template("""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title</title>
<style>
:root { color-scheme: light dark }
body { margin: 1rem; font: 1rem/1.4 system-ui, sans-serif; font-variant-numeric: tabular-nums }
.scroll { overflow-x: auto }
table { border-spacing: 0 }
caption { padding-bottom: 0.6em; text-align: left }
caption > * { display: block; max-width: calc(100vw - 2rem); overflow-wrap: anywhere }
caption b { font-size: 1.2em }
caption span { display: inline-block; margin-right: 0.6em }
th, td {
  position: relative; padding: 0.2em 0.6em; border-bottom: 1px solid #8884;
  text-align: left; vertical-align: top; white-space: nowrap;
}
.bold { font-weight: bold }
tr > :first-child { padding-left: 0 }
thead > tr > * { border-bottom-color: #888 }
.figure { text-align: right }
[data-pad]::after { content: attr(data-pad); visibility: hidden }
.mark { padding-left: 0 }
.text { min-width: 14em; white-space: normal; overflow-wrap: anywhere }
tr > .text:first-child { min-width: 6em }
.bar { min-width: 9em; padding: 0 }
tbody .bar::before {
  position: absolute; top: 0; bottom: 0; left: var(--zero); border-left: 1px solid #888; content: "";
}
.bar i { position: absolute; top: 0.65em; min-width: 1px; border-top: 0.5em solid }
tr { break-inside: avoid }
@media (max-width: 40rem) {
  body { margin: 0.6rem; font-size: 0.9rem }
  th, td { padding: 0.3em }
  td.text { font-size: 0.85em }
  tr > .text:first-child { min-width: 5em }
  .bar, .kind { display: none }
  .word { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
}
$colours
</style>
</head>
<body class="tickerx">
<div class="scroll" role="region" aria-label="$title" tabindex="0">
<table>
$caption
""")

_END = """\
</tbody>
</table>
</div>
</body>
</html>
"""


def draw_html(board: Board, names: Sequence[str], look: Look, malformed: int) -> Iterator[str]:
    """Yield a table as an HTML page, line by line.

    On a narrow screen there are no bars, the kind is left out and the direction is its arrow alone if they may be
    dropped, and a table that is still too wide scrolls by itself.
    """
    title = spelled(look.title)
    yield _BEGIN.substitute(
        title=escape(title or UNTITLED),
        colours=colour_rules("{ background", "{ color", "color"),
        caption=_caption(board, title, look.color, malformed),
    )
    columns = make_columns(board, names, look)
    headings = [_heading(column, look) for column in columns]
    cells = [_cells(column, names, look) for column in columns]
    zero = Decimal(0)
    if "change_percent" in names and board["change_percent"]:
        [styles] = [column.styles for column in columns if column.name == "change_percent"]
        zero, extents = measure_bars(board["change_percent"])
        headings.append('<td class="bar" aria-hidden="true"></td>')
        cells.append(_bars(extents, styles, look.color))
    if look.header:
        yield f"<thead>\n<tr>{''.join(headings)}</tr>\n</thead>\n"
    yield f'<tbody style="--zero:{zero:.1f}%">\n'
    for row in zip(*cells, strict=True):
        yield f"<tr>{''.join(row)}</tr>\n"
    yield _END


def _caption(board: Board, title: str, color: bool, malformed: int) -> str:
    """Return the title and the counts of a table."""
    shown = f"<b>{escape(title)}</b>" if title else ""
    counts = (f"<span{class_of(style, color)}>{escape(text)}</span>" for text, style, _ in summarise(board, malformed))
    return f"<caption>{shown}<div>{' '.join(counts)}</div></caption>"


def _classes(column: Column, look: Look) -> Iterator[str]:
    """Yield the classes of all cells of a column, including its heading."""
    if column.is_figure:
        yield "figure"
    if not column.name:
        yield "mark"
    elif COLUMNS[column.name].type == "text":
        yield "text"
    if column.name == "kind" and "kind" in look.may_drop:
        yield "kind"


def _heading(column: Column, look: Look) -> str:
    if not column.name:
        return '<td class="mark"></td>'
    text = escape(column.heading)
    if _is_short(column, look):
        text = f'<span class="word">{text}</span>'
    return f'<th scope="col"{class_of(None, look.color, *_classes(column, look))}>{text}</th>'


def _is_short(column: Column, look: Look) -> bool:
    """Return whether a narrow screen hides the words of a column."""
    return column.name == "direction" and "direction" in look.may_drop


def _cells(column: Column, names: Sequence[str], look: Look) -> Iterator[str]:
    """Yield the cells of a column. Spaces after figures become padding, which is not copied with the table."""
    classes = list(_classes(column, look))
    is_heading = column.name == next((name for name in names if name in ("symbol", "name")), "")
    begin, end = ('<th scope="row"', "</th>") if is_heading and column.name else ("<td", "</td>")
    for cell, style in zip(column.cells, column.styles, strict=True):
        text = cell.rstrip(" ") if column.is_figure else cell
        content = escape(text)
        if _is_short(column, look) and text:
            arrow, _, word = content.partition(" ")
            content = f'{arrow}<span class="word"> {word}</span>'
        yield f"{begin}{class_of(style, look.color, *classes)}{_pad(text, len(cell) - len(text))}>{content}{end}"


def _pad(figure: str, missing: int) -> str:
    """Return the attribute that makes a figure as wide as those with more decimals."""
    if not figure or not missing:
        return ""
    return f' data-pad="{"0" * missing if "." in figure else "." + "0" * (missing - 1)}"'


def _bars(extents: Iterable[Extent], styles: Iterable[Style], color: bool) -> Iterator[str]:
    """Yield the cells with bars. They are drawn as borders, because browsers do not print backgrounds."""
    for (start, length), style in zip(extents, styles, strict=True):
        bar = f'<i style="left:{start:.1f}%;width:{length:.1f}%"></i>' if length else ""
        yield f'<td{class_of(style, color, "bar")} aria-hidden="true">{bar}</td>'
