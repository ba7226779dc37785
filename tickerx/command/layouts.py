"""``--layout``, ``--decimal`` and ``--unsigned`` → layouts to read with, and what they mean for the columns.

The modules for layouts are loaded only if there are any.
"""

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from tickerx.inputs.names import file_name
from tickerx.outputs.escaping import escaped, pointed

if TYPE_CHECKING:
    from tickerx.engine.layout_scanner import Layouts
    from tickerx.layouts.layout import Layout

__all__ = ["LayoutUsageError", "check_choice", "default_columns", "find_layouts", "unknown_columns"]

_SUFFIX = ".toml"


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
    from tickerx.layouts.files import RESERVED, shipped_layouts

    if given in RESERVED:
        return shipped_layouts(given)
    if given.endswith(_SUFFIX) and (os.path.exists(given) or "{" not in given):
        return _read_file(given)
    if "{" in given:
        return [_compile(given, decimal, unsigned)]
    names = " and ".join(RESERVED)
    raise LayoutUsageError(
        f"--layout: {escaped(file_name(given))!r} is not a layout: a layout has fields such as {{price}}. "
        f"A file of layouts ends in {_SUFFIX}; {names} are names of layouts."
    )


def _compile(text: str, decimal: str, unsigned: str | None) -> "Layout":
    from tickerx.layouts.layout import LayoutError, compile_layout

    try:
        return compile_layout(text, decimal=decimal, unsigned=unsigned)
    except LayoutError as error:
        begin = text.rfind("\n", 0, error.start) + 1
        line = text[begin:].partition("\n")[0]
        start, end = error.start - begin, min(error.end - begin, len(line))
        shown = pointed(line, start, end, lambda part: part)
        raise LayoutUsageError(f"--layout: {escaped(error.reason)}\n{shown}") from error


def _read_file(path: str) -> "list[Layout]":
    from tickerx.layouts.files import LayoutFileError, read_layouts

    shown = escaped(file_name(path))
    try:
        with open(path, encoding="utf-8") as file:
            return read_layouts(file.read())
    except OSError as error:
        raise LayoutUsageError(f"--layout: {shown}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LayoutUsageError(f"--layout: {shown}: not UTF-8") from error
    except LayoutFileError as error:
        message = "\n".join(map(escaped, str(error).split("\n")))
        raise LayoutUsageError(f"--layout: {shown}: {message}") from error


def default_columns(columns: Sequence[str], layouts: "Layouts | None") -> list[str]:
    """Return the default columns of a row: with its name instead of a symbol that no layout prints."""
    if layouts is None:
        return [*columns]
    return [*layouts.first_columns, *(name for name in columns if name != "symbol")]


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
