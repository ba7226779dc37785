"""The table as an SVG picture: one file that loads nothing, in light and dark mode.

rich can export it too. But its SVG loads a font from the network and squeezes wide characters into half their cells,
has one mode only, and changes from version to version.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from string import Template

from rich.cells import cell_len
from rich.style import Style

from tickerx.outputs.grid import Line
from tickerx.outputs.table import Board, Look, draw_lines, spelled, summarise

__all__ = ["COLOURS", "UNTITLED", "class_of", "colour_rules", "draw_svg"]

COLOURS: Mapping[str, tuple[str, str]] = {
    "background": ("#ffffff", "#0d1117"),
    "text": ("#1f2328", "#e6edf3"),
    "green": ("#1a7f37", "#3fb950"),
    "red": ("#cf222e", "#ff7b72"),
    "cyan": ("#0a6c80", "#39c5cf"),
    "magenta": ("#8250df", "#d2a8ff"),
    "dim": ("#656d76", "#848d97"),
}
"""Each colour in light mode, and in dark mode."""

_FONT = 'Menlo, "Cascadia Mono", "DejaVu Sans Mono", Consolas, "Liberation Mono", monospace'
"""Fonts in which arrows and bars are as wide as letters come first."""

_SIZE = 14
_CELL = 8.4
"""The width of a cell: 0.6 of the size, as in most monospaced fonts; text in other fonts is stretched to it."""
_HEIGHT = 18
_MARGIN = 16

UNTITLED = "Quotes"
"""The accessible name of a picture without a title."""

_BEGIN = Template(f"""\
<svg xmlns="http://www.w3.org/2000/svg" class="tickerx" role="img" xml:space="preserve" viewBox="0 0 $width $height" \
width="$width" height="$height">
<title>$title</title>
<desc>$counts</desc>
<style>
.tickerx text {{ font: {_SIZE}px {_FONT} }}
.tickerx .bold {{ font-weight: bold }}
$colours
</style>
<rect width="$width" height="$height" rx="6"/>
""")


def draw_svg(board: Board, names: Sequence[str], look: Look, malformed: int) -> Iterator[str]:
    """Yield a table as SVG, line by line. Each piece of text is as wide as its cells, whatever the font."""
    # The lines are made twice, because those of a large table take more memory than its quotes.
    sizes = [sum(segment.cell_length for segment in line) for line in draw_lines(board, names, look, malformed)]
    counts = "  ".join(segment.text for segment in summarise(board, malformed))
    yield _BEGIN.substitute(
        title=escape(spelled(look.title) or UNTITLED),
        counts=escape(counts),
        width=f"{max(sizes) * _CELL + 2 * _MARGIN:.1f}",
        height=len(sizes) * _HEIGHT + 2 * _MARGIN,
        colours=colour_rules("rect { fill", "text { fill", "fill"),
    )
    for number, line in enumerate(draw_lines(board, names, look, malformed)):
        yield "".join(_texts(line, number, look.color))
    yield "</svg>\n"


def _texts(line: Line, number: int, color: bool) -> Iterator[str]:
    """Yield the pieces of a line, each at the place of its first cell and without spaces around it."""
    y = _MARGIN + _HEIGHT * number + _SIZE
    cells = 0
    for piece, style, _ in line:
        text = piece.lstrip(" ")
        x = _MARGIN + _CELL * (cells + len(piece) - len(text))
        cells += cell_len(piece)
        if text := text.rstrip(" "):
            yield (
                f'<text{class_of(style, color)} x="{x:.1f}" y="{y}" textLength="{_CELL * cell_len(text):.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>\n'
            )


def class_of(style: Style | None, color: bool, *names: str) -> str:
    """Return the class attribute for a style and other class names: ``class="bold cyan"``."""
    classes = " ".join([*filter(None, names), *([str(style)] if style and color else [])])
    return f' class="{classes}"' if classes else ""


def colour_rules(background: str, text: str, colour: str) -> str:
    """Return the CSS rules for all colours, given the beginnings of the rules for background, text and classes."""
    begins = {"background": background, "text": text}
    light, dark = (
        "\n".join(
            f".tickerx {begins.get(name, f'.{name} {{ {colour}')}: {colours[place]} }}"
            for name, colours in COLOURS.items()
        )
        for place in (0, 1)
    )
    return f"{light}\n@media screen and (prefers-color-scheme: dark) {{\n{dark}\n}}"
