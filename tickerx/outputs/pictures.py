"""Lines of a table as a picture, SVG or HTML: one file that loads nothing, for light and for dark mode.

rich can export both too. But its SVG loads a font from the network and squeezes wide characters into half their cells,
both its formats have one mode only, and its output changes from version to version.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from html import escape
from string import Template

from rich.cells import cell_len
from rich.style import Style

from tickerx.outputs.grid import Line

__all__ = ["COLOURS", "PICTURES", "draw_html", "draw_svg"]

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
"""Fonts whose arrows and bars are as wide as letters come first."""

_SIZE = 14
_CELL = 8.4
"""The width of a cell: 0.6 of the size, as in most monospaced fonts; text in other fonts is stretched to it."""
_HEIGHT = 18
_MARGIN = 16

_SVG = Template(f"""\
<svg xmlns="http://www.w3.org/2000/svg" class="tickerx" role="img" xml:space="preserve" viewBox="0 0 $width $height" \
width="$width" height="$height">
<title>$title</title>
<style>
.tickerx text {{ font: {_SIZE}px {_FONT} }}
.tickerx .bold {{ font-weight: bold }}
$colours
</style>
<rect width="$width" height="$height" rx="6"/>
$texts
</svg>
""")

_HTML = Template(f"""\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>$title</title>
<style>
.tickerx {{ margin: {_MARGIN}px }}
.tickerx pre {{ font: {_SIZE}px/{_HEIGHT}px {_FONT}; margin: 0 }}
.tickerx span[style] {{ display: inline-block }}
.tickerx .bold {{ font-weight: bold }}
$colours
</style>
</head>
<body class="tickerx">
<pre>
$texts</pre>
</body>
</html>
""")


def draw_svg(lines: Iterable[Line], title: str, color: bool) -> str:
    """Return the lines as SVG. Each piece of text is as wide as its cells, whatever the font."""
    drawn = list(lines)
    widest = max(sum(segment.cell_length for segment in line) for line in drawn)
    return _SVG.substitute(
        title=escape(title),
        width=f"{widest * _CELL + 2 * _MARGIN:.1f}",
        height=len(drawn) * _HEIGHT + 2 * _MARGIN,
        colours=_colours("rect { fill", "text { fill", "fill"),
        texts="\n".join(text for number, line in enumerate(drawn) for text in _texts(line, number, color)),
    )


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
                f'<text{_class(style, color)} x="{x:.1f}" y="{y}" textLength="{_CELL * cell_len(text):.1f}" '
                f'lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
            )


def draw_html(lines: Iterable[Line], title: str, color: bool) -> str:
    """Return the lines as a page of HTML."""
    return _HTML.substitute(
        title=escape(title),
        colours=_colours("{ background", "{ color", "color"),
        texts="".join("".join(_spans(line, color)) + "\n" for line in lines),
    )


def _spans(line: Line, color: bool) -> Iterator[str]:
    for text, style, _ in line:
        # Characters that are not ASCII may come from another font, so their width is fixed.
        attributes = _class(style, color) + ("" if text.isascii() else f' style="width: {cell_len(text)}ch"')
        yield f"<span{attributes}>{escape(text)}</span>" if attributes else escape(text)


def _class(style: Style | None, color: bool) -> str:
    """Return the class attribute for a style: ``class="bold cyan"``."""
    return f' class="{style}"' if style and color else ""


def _colours(background: str, text: str, colour: str) -> str:
    """Return the rules of CSS for all colours, given how those of the background, of text and of classes begin."""
    begins = {"background": background, "text": text}
    light, dark = (
        "\n".join(
            f".tickerx {begins.get(name, f'.{name} {{ {colour}')}: {colours[place]} }}"
            for name, colours in COLOURS.items()
        )
        for place in (0, 1)
    )
    return f"{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}"


PICTURES: Mapping[str, Callable[[Iterable[Line], str, bool], str]] = {"svg": draw_svg, "html": draw_html}
