"""``--layout``, ``--decimal`` and ``--unsigned`` → layouts to read with, and what they mean for the columns.

The modules for layouts are loaded only if there are any.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tickerx.inputs.names import file_name
from tickerx.outputs.escaping import escaped, pointed

if TYPE_CHECKING:
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.layouts.layout import Layout, LayoutError

__all__ = ["LayoutUsageError", "check_choice", "find_layouts", "unknown_columns"]


class LayoutUsageError(click.UsageError):
    """A layout is invalid. The message can have several lines, and is safe to show."""


def find_layouts(given: Sequence[str], decimal: str | None, unsigned: str | None) -> "Layouts | None":
    """Return the layouts that the options name, or None if they only name the built-in one.

    Each is a text with fields, a file of layouts, or the name of a built-in one. Raises `LayoutUsageError`.
    """
    if not set(given) - {"words"}:
        return None
    from tickerx.engine.layout_scanner import Layouts

    fields = [layout for one in given for layout in _read(one, decimal or ".", unsigned)]
    return Layouts(tuple(fields), has_words="words" in given)


def _read(given: str, decimal: str, unsigned: str | None) -> "list[Layout]":
    from tickerx.layouts.files import LayoutFileError
    from tickerx.layouts.layout import LayoutError
    from tickerx.library import LayoutNameError, read_layout_option

    shown = escaped(file_name(given))
    try:
        return read_layout_option(given, decimal, unsigned)
    except LayoutError as error:
        raise LayoutUsageError(f"--layout: {escaped(error.reason)}\n{_point(given, error)}") from error
    except OSError as error:
        raise LayoutUsageError(f"--layout: {shown}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LayoutUsageError(f"--layout: {shown}: not UTF-8") from error
    except (LayoutFileError, LayoutNameError) as error:
        message = "\n".join(map(escaped, str(error).split("\n")))
        raise LayoutUsageError(f"--layout: {message}") from error


def _point(text: str, error: "LayoutError") -> str:
    """Return the line of a layout with its mistake, and carets below that."""
    begin = text.rfind("\n", 0, error.start) + 1
    line = text[begin:].partition("\n")[0]
    start, end = error.start - begin, min(error.end - begin, len(line))
    return pointed(line, start, end, lambda part: part)


def check_choice(layouts: "Layouts | None", *, direction: bool, kind: bool) -> None:
    """Raise `click.UsageError` for a choice by a column that no layout has, because it would keep nothing."""
    if layouts is None or layouts.has_words:
        return
    if kind:
        raise click.UsageError("-k needs a board in words; the layouts given here do not tell shares from indices.")
    tells = {"change", "percent", "direction"}
    if direction and not any(tells & {*layout.fields} for layout in layouts.fields):
        raise click.UsageError(
            "-d needs a layout with {change}, {percent} or <up|down>; these do not tell a direction."
        )


def unknown_columns(layouts: "Layouts | None") -> set[str]:
    """Return the columns that can be empty in quotes that these layouts read."""
    if layouts is None:
        return set()
    unknown = {"direction", "kind", "previous_close", "sound"}
    for layout in layouts.fields:
        surely = {*layout.columns} - {name for name in ("symbol", "change") if name in layout.may_be_absent}
        surely -= {"change_percent"} if "percent" in layout.may_be_absent else set()
        unknown |= {"symbol", "change", "change_percent"} - surely
    return unknown
