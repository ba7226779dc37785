"""Draw the table and its pictures, by the options and the abilities of the terminal."""

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

from tickerx.command.options import Options, wants_color
from tickerx.outputs.formats import BATCH
from tickerx.outputs.html_table import draw_html
from tickerx.outputs.pictures import draw_svg
from tickerx.outputs.table import NEEDED, Board, Look, draw
from tickerx.system.process import STDERR, STDIN, STDOUT
from tickerx.system.terminal import is_terminal, terminal_is_utf8, terminal_width

__all__ = ["Counts", "draw_board", "needed_to_draw"]


def needed_to_draw(format: str) -> Sequence[str]:
    """Return the columns that a format needs in addition to those that it shows."""
    return [*NEEDED, "file"] if format == "table" else [*NEEDED, "file", "url", "fetched"]


class Counts(NamedTuple):
    """Counts of the inputs, other than quotes."""

    inputs: int
    malformed: int


_DRAW: Mapping[str, Callable[[Board, Sequence[str], Look, int], Iterator[str]]] = {
    "table": draw,
    "svg": draw_svg,
    "html": draw_html,
}


def draw_board(options: Options, format: str, board: Board, names: Sequence[str], counts: Counts) -> Iterator[bytes]:
    """Yield the table or its picture, some lines at a time.

    With several inputs, it names the file of each quote, unless ``-c`` names the columns.
    """
    if not options.has_own_columns and "file" not in names and max(len(options.sources), counts.inputs) > 1:
        names = ["file", *names]
    look = _look(options) if format == "table" else _picture_look(options, board, counts.inputs)
    lines = _DRAW[format](board, names, look, counts.malformed)
    while text := "".join(islice(lines, BATCH)):
        yield text.encode()


def _picture_look(options: Options, board: Board, inputs: int) -> Look:
    """Return how to draw a picture: at full width, and with a title unless the given one is empty."""
    return Look(
        color=options.color != "never",
        header=not options.no_header,
        title=_default_title(options, board, inputs) if options.title is None else options.title,
        may_drop=_droppable(options),
    )


def _default_title(options: Options, board: Board, inputs: int) -> str:
    """Return where the quotes come from and when they were fetched, if known."""
    return ", ".join(filter(None, [_origin(options, board, inputs), _fetched(board["fetched"])]))


def _origin(options: Options, board: Board, inputs: int) -> str:
    """Return the number of files, or the name of the only one, or else the address of the only page."""
    if inputs > 1:
        return f"{inputs:,} files"
    path = next(chain(board["file"], options.files), "-")
    if path != "-":
        return os.path.basename(path)
    addresses = set(board["url"])
    return addresses.pop() if len(addresses) == 1 else ""


def _fetched(times: Sequence[str]) -> str:
    """Return when pages were fetched: the minute, the day or the days; empty if any time is unknown."""
    first, last = min(times, default=""), max(times, default="")
    if not first:
        return ""
    if first == last:
        return f"fetched {first[:10]} {first[11:16]} UTC"
    return f"fetched {' to '.join(sorted({first[:10], last[:10]}))}"


def _look(options: Options) -> Look:
    """Return how to draw the table: fitted to the terminal if there is one, else always at full width."""
    terminal = _terminal(options)
    return Look(
        width=0 if terminal is None else terminal_width(terminal),
        color=wants_color(options.color, is_terminal=terminal is not None),
        ascii=terminal is not None and not terminal_is_utf8(),
        header=not options.no_header,
        title=options.title or "",
        may_drop=_droppable(options),
    )


def _droppable(options: Options) -> Collection[str]:
    """Return the columns that can be dropped if there is no room, which are never those that ``-c`` names."""
    named = {name.removeprefix("+") for name in options.columns}
    return () if options.has_own_columns else {"file", "kind", "direction"} - named


def _terminal(options: Options) -> int | None:
    """Return the terminal that shows the output, directly or, with ``--color always``, through a pager."""
    if not options.is_to_standard_output:
        return None
    candidates = (STDOUT, STDERR, STDIN) if options.color == "always" else (STDOUT,)
    return next(filter(is_terminal, candidates), None)
