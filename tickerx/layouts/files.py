"""Files of layouts in TOML, and the built-in layouts.

Each table is a layout:

    [nikkei]
    layout = "{name} {price} {percent}%"
    decimal = "."                              # the default
    unsigned = "up"                            # what figures without a sign mean; unknown by default
    groups = ","                               # the signs that group thousands, see `Layout.groups`
    samples = ["IHI 3,225.00 -1.68%"]          # lines that must fit
"""

import tomllib
from typing import Any

from tickerx.grammar.terminals import SPACES
from tickerx.layouts.breaks import find_break
from tickerx.layouts.figures import DECIMALS, GROUPS
from tickerx.layouts.layout import Layout, LayoutError, compile_layout
from tickerx.layouts.read import read_text

__all__ = ["RESERVED", "LayoutFileError", "read_layouts", "shipped_layouts"]

_CELLS = (
    "{symbol}\n{price}\n<Increased By|Decreased By|No Change>\n[▲][▼]\n{change}\n({percent}%)",
    "{symbol}\n{price}\n<Increased By|Decreased By|No Change> [▲ ][▼ ]{change}\n({percent}%)",
)
"""The built-in grammar in cells, as copied from browsers: each cell on a line, or the whole movement on one line."""

RESERVED = ("words", "cells")
"""Names of the built-in layouts: the built-in grammar, and the same with each cell on its own line."""


class LayoutFileError(ValueError):
    """A file of layouts is invalid: where, and why."""

    def __init__(self, file: str | None, table: str | None, key: str | None, reason: str) -> None:
        super().__init__(file, table, key, reason)
        self.file = file
        self.table = table
        self.key = key
        self.reason = reason

    def __str__(self) -> str:
        table = f"[{self.table}]" if self.table is not None else None
        return ": ".join(part for part in (self.file, table, self.key, self.reason) if part)


def shipped_layouts(name: str) -> list[Layout]:
    """Return the built-in layouts with that name; none for ``words``, which is not a layout with fields."""
    return [compile_layout(text, name="cells") for text in _CELLS] if name == "cells" else []


def read_layouts(text: str, file: str | None = None) -> list[Layout]:
    """Return the layouts of a file, in order. Raises `LayoutFileError`."""
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise LayoutFileError(file, None, None, f"not TOML: {error}") from error
    if not tables:
        raise LayoutFileError(file, None, None, "has no layout")
    return [_read_table(file, name, table) for name, table in tables.items()]


_VALUES = {"decimal": tuple(DECIMALS), "unsigned": ("up",)}
_KEYS = ("layout", "decimal", "unsigned", "groups", "samples")


def _read_table(file: str | None, name: str, table: Any) -> Layout:
    if not isinstance(table, dict):
        raise LayoutFileError(file, None, name, "a layout is a table with the key layout")
    if name in RESERVED:
        raise LayoutFileError(file, name, None, f"the name {name} belongs to a built-in layout")
    _check_keys(file, name, table)
    samples = table.pop("samples", [])
    try:
        layout = compile_layout(table.pop("layout"), name=name, **table)
    except LayoutError as error:
        raise LayoutFileError(file, name, "layout", str(error)) from error
    for number, sample in enumerate(samples, 1):
        if misfit := _find_misfit(layout, sample):
            raise LayoutFileError(file, name, "samples", f"sample {number} does not fit: {misfit}")
    return layout


def _check_keys(file: str | None, name: str, table: dict[str, Any]) -> None:
    for key, value in table.items():
        if key not in _KEYS:
            raise LayoutFileError(file, name, key, f"unknown key; the keys are {', '.join(_KEYS)}")
        if key == "samples":
            if not isinstance(value, list) or not all(isinstance(sample, str) for sample in value):
                raise LayoutFileError(file, name, key, 'must be a list of texts, such as ["AGL 40.00"]')
        elif not isinstance(value, str):
            raise LayoutFileError(file, name, key, "must be a text")
        elif key in _VALUES and value not in _VALUES[key]:
            allowed = " or ".join(f'"{one}"' for one in _VALUES[key])
            raise LayoutFileError(file, name, key, f"must be {allowed}, not {value!r}")
    decimal = table.get("decimal", ".")
    if wrong := [sign for sign in table.get("groups", "") if sign not in GROUPS.replace(decimal, "")]:
        signs = " ".join(map(repr, GROUPS.replace(decimal, "")))
        raise LayoutFileError(
            file, name, "groups", f'{wrong[0]!r} does not group with decimal = "{decimal}"; {signs} do'
        )
    if "layout" not in table:
        raise LayoutFileError(file, name, "layout", "is missing")


def _find_misfit(layout: Layout, sample: str) -> str:
    """Return why a layout does not read a sample, with carets below the place; empty if it does."""
    reading = read_text(sample, [layout])
    if layout.parsed.open_start or layout.parsed.open_end:
        start, end = (len(sample), 0) if reading.begins else (0, len(sample))
    else:
        ends = [0, *reading.ends]
        rests = zip(ends, [*reading.begins, len(sample)], strict=True)
        start, end = next(((start, end) for start, end in rests if sample[start:end].strip(_EDGES)), (len(sample), 0))
    if start > end:
        return ""
    start = end - len(sample[start:end].lstrip(_EDGES))
    if layout.parsed.open_start:
        return f"no quote in it\n  {sample}"
    place = find_break(layout, sample, start, end)
    begin = max(sample.rfind(end, 0, place.start) for end in "\r\n") + 1
    line = (sample[begin:].splitlines() or [""])[0].replace("\t", " ")
    carets = "^" * max(1, place.end - place.start)
    return f"expected {place.expected}\n  {line}\n  {' ' * (place.start - begin)}{carets}"


_EDGES = SPACES + "\r\n"
