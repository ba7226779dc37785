"""The table and its pictures, drawn as the options ask and as the terminal can show them."""

import os
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from tickerx.command.options import Options, wants_color
from tickerx.inputs.names import file_name
from tickerx.outputs.escaping import escaped
from tickerx.outputs.formats import BATCH
from tickerx.outputs.pictures import PICTURES
from tickerx.outputs.table import NEEDED, Board, Look, draw, draw_lines
from tickerx.system.process import STDERR, STDIN, STDOUT
from tickerx.system.terminal import is_terminal, terminal_is_utf8, terminal_width

__all__ = ["NEEDED", "Counts", "draw_board"]


class Counts(NamedTuple):
    """What was found in the inputs besides quotes."""

    inputs: int
    malformed: int


def draw_board(options: Options, format: str, board: Board, names: Sequence[str], counts: Counts) -> Iterator[bytes]:
    """Yield the table, some lines at once, or its picture.

    With several inputs it names the file of each quote, unless ``-c`` names the columns.
    """
    if not options.has_own_columns and "file" not in names and max(len(options.sources), counts.inputs) > 1:
        names = ["file", *names]
    if format == "table":
        lines = draw(board, names, _look(options), counts.malformed)
        while text := "".join(islice(lines, BATCH)):
            yield text.encode()
        return
    styled = draw_lines(board, names, Look(header=not options.no_header), counts.malformed)
    yield PICTURES[format](styled, _title(options), options.color != "never").encode()


def _title(options: Options) -> str:
    """Return the title of a picture: the name of its file, without folder and suffix."""
    name = os.path.splitext(os.path.basename("" if options.is_to_standard_output else options.output or ""))[0]
    return escaped(file_name(name)) or "tickerx"


def _look(options: Options) -> Look:
    """Return how to draw the table: fitted to the terminal if there is one, else whole and always the same.

    Columns named by ``-c`` are never dropped.
    """
    terminal = _terminal(options)
    named = {name.removeprefix("+") for name in options.columns}
    return Look(
        width=0 if terminal is None else terminal_width(terminal),
        color=wants_color(options.color, is_terminal=terminal is not None),
        ascii=terminal is not None and not terminal_is_utf8(),
        header=not options.no_header,
        may_drop=() if options.has_own_columns else {"file", "kind", "direction"} - named,
    )


def _terminal(options: Options) -> int | None:
    """Return the terminal that shows the output: directly or, with ``--color always``, through a pager."""
    if not options.is_to_standard_output:
        return None
    candidates = (STDOUT, STDERR, STDIN) if options.color == "always" else (STDOUT,)
    return next(filter(is_terminal, candidates), None)
