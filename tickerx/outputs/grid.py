"""Put columns of text side by side: their widths, and the resulting lines of styled text.

rich's own table takes 25 times as long for 20,000 rows, and cuts or wraps cells that do not fit.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import repeat
from typing import NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

__all__ = ["Column", "Layout", "Line"]

Line = list[Segment]
"""The pieces of styled text that make up one line."""


class Column(NamedTuple):
    """A column, ready to draw."""

    heading: str
    cells: Sequence[str]
    styles: Sequence[Style]
    width: int
    """The width of its widest cell, in cells of a terminal."""
    is_figure: bool = False
    gap: int = 2
    """How many spaces come before it."""
    name: str = ""
    """The name of the row's column that it shows; empty if it shows none."""

    def padded(self, text: str, width: int) -> str:
        space = " " * (width - cell_len(text))
        return space + text if self.is_figure else text + space


class Layout(NamedTuple):
    """Columns side by side."""

    columns: Sequence[Column]
    is_stacked: bool = False
    """Whether headings can take several lines."""
    is_tight: bool = False
    """Whether gaps are at most one space."""

    @property
    def headings(self) -> list[list[str]]:
        """The headings of the columns, line by line. One that is no wider than its cells never takes several."""
        return [
            column.heading.split(" ") if self.is_stacked and len(column.heading) > column.width else [column.heading]
            for column in self.columns
        ]

    @property
    def sizes(self) -> list[tuple[int, int]]:
        """The gap before each column, and its width."""
        widths = [
            max(column.width, *map(len, lines)) for column, lines in zip(self.columns, self.headings, strict=True)
        ]
        gaps = [min(column.gap, 1) if self.is_tight else column.gap for column in self.columns]
        return list(zip([0, *gaps[1:]], widths, strict=True))

    @property
    def width(self) -> int:
        return sum(map(sum, self.sizes))

    def header(self, style: Style) -> Iterator[Line]:
        """Yield the lines of headings."""
        height = max(map(len, self.headings))
        lines = zip(*([""] * (height - len(heading)) + heading for heading in self.headings), strict=True)
        return self._lines(lines, repeat(repeat(style)))

    def rows(self) -> Iterator[Line]:
        """Yield a line for each quote."""
        cells = zip(*(column.cells for column in self.columns), strict=True)
        styles = zip(*(column.styles for column in self.columns), strict=True)
        return self._lines(cells, styles)

    def _lines(self, rows: Iterable[Sequence[str]], styles: Iterable[Iterable[Style]]) -> Iterator[Line]:
        places = list(zip(self.columns, self.sizes, strict=True))
        for row, row_styles in zip(rows, styles, strict=False):
            texts = [
                " " * gap + column.padded(text, width) for (column, (gap, width)), text in zip(places, row, strict=True)
            ]
            while texts and not texts[-1].strip():
                texts.pop()
            texts[-1:] = [text.rstrip() for text in texts[-1:]]
            yield list(map(Segment, texts, row_styles))
