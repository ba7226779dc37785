"""Rows drawn as a table for the eye."""

import io
import json
from collections.abc import Iterable, Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.measure import Measurement
from rich.table import Table
from rich.text import Text

from tickerx.display import escaped
from tickerx.quote import COLUMNS, Direction

__all__ = ["draw"]

_LOOKS: dict[str, tuple[str, str, str]] = {
    Direction.UP: ("▲", "+", "green"),
    Direction.DOWN: ("▼", "", "red"),
    Direction.UNCHANGED: ("=", "", "dim"),
}
_UNBOUNDED = 100_000


def draw(texts: Iterable[bytes], names: Sequence[str], header: bool, color: bool) -> str:
    """Return a table as wide as its longest figures, of rows in JSON Lines; they have directions and sound at least.

    Suspect quotes, if there are any, are marked in a column of their own.
    """
    rows = [
        json.loads(line, parse_int=str, parse_float=str) for text in texts for line in text.decode().split("\n")[:-1]
    ]
    table = Table(box=SIMPLE_HEAD, show_header=header, show_edge=False, pad_edge=False)
    for name in names:
        table.add_column(Text(name), justify="right" if COLUMNS[name].is_figure else "left", no_wrap=True)
    has_suspect = not all(row["sound"] for row in rows)
    if has_suspect:
        table.add_column(no_wrap=True)
    for row in rows:
        cells = [_cell(name, row[name], row["direction"]) for name in names]
        table.add_row(*cells, *([Text("" if row["sound"] else "suspect", "yellow")] if has_suspect else []))
    # The environment has been read already; rich's own reading of it changes widths as well as colours.
    console = Console(
        file=io.StringIO(),
        width=_UNBOUNDED,
        force_terminal=color,
        color_system="standard" if color else None,
        _environ={},
    )
    console.width = max(1, Measurement.get(console, console.options, table).maximum)
    with console.capture() as capture:
        console.print(table)
    return "".join(line.rstrip() + "\n" for line in capture.get().split("\n")[:-1])


def _cell(name: str, value: str, direction: str) -> Text:
    arrow, sign, style = _LOOKS[direction]
    match name:
        case "symbol":
            return Text(value, "bold")
        case "direction":
            return Text(f"{arrow} {value}", style)
        case "change" | "change_percent":
            return Text(grouped(value if value.startswith("-") else sign + value), style)
        case "price" | "previous_close":
            return Text(grouped(value))
        case "sound":
            return Text("true" if value else "false")
        case _:
            return Text(escaped(value))


def grouped(figure: str) -> str:
    """Return a figure with its whole digits grouped by threes: ``-1,781.9``."""
    whole, point, digits = figure.partition(".")
    sign = whole[:1] if whole[0] in "+-" else ""
    return f"{sign}{int(whole.removeprefix(sign)):,}{point}{digits}"
