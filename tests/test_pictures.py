"""Pictures of the table: SVG and HTML as browsers read them."""

import re
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support import BOARD, TABLE, Tickerx
from tickerx.outputs.pictures import COLOURS

MARGIN, CELL, LINE = 16, 8.4, 18
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)<\\script>&amp;'\"  \x1b[31m\u202e 株.txt"
SPELLED = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")


class Page(HTMLParser):
    """A page of HTML: its title, the text of its table, and the names of its elements."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.texts = {"title": "", "pre": ""}
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, text: str) -> None:
        for name in self.texts:
            if name in self._open:
                self.texts[name] += text


def shown(picture: str) -> str:
    """Return the text that a picture shows, each piece of an SVG at the cells where it stands."""
    if picture.startswith("<!doctype html>"):
        return Page(picture).texts["pre"].removeprefix("\n")
    lines: dict[int, str] = {}
    for text in ElementTree.fromstring(picture).iter(f"{SVG}text"):  # noqa: S314  # it is the command's own
        number = (int(text.attrib["y"]) - MARGIN) // LINE
        cells = (float(text.attrib["x"]) - MARGIN) / CELL
        assert abs(cells - round(cells)) < 0.01
        lines[number] = lines.get(number, "").ljust(round(cells)) + (text.text or "")
    return "".join(f"{lines.get(number, '')}\n" for number in range(max(lines) + 1))


def draw(tickerx: Tickerx, *arguments: str, name: str = "board.svg") -> str:
    """Return the picture that the command draws of a board on standard input."""
    assert tickerx("-o", name, *arguments, stdin=BOARD) == (0, "", "")
    return (tickerx.folder / name).read_text("utf-8")


@pytest.mark.parametrize("name", ["board.svg", "board.html", "board.htm", "BOARD.SVG"])
def test_a_suffix_makes_a_picture_of_the_table(tickerx: Tickerx, name: str) -> None:
    assert shown(draw(tickerx, name=name)) == TABLE


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_goes_to_standard_output_too(tickerx: Tickerx, format: str) -> None:
    status, stdout, stderr = tickerx("-f", format, stdin=BOARD, environment={"COLUMNS": "40", "LC_ALL": "C"})
    assert (status, shown(stdout), stderr) == (0, TABLE, "")
    assert "<title>tickerx</title>" in stdout


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_without_quotes_shows_that_there_are_none(tickerx: Tickerx, format: str) -> None:
    status, stdout, _ = tickerx("-f", format, "--no-header")
    assert (status, shown(stdout)) == (0, "0 quotes\n")


@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_has_the_columns_asked_for(tickerx: Tickerx, format: str) -> None:
    _, stdout, _ = tickerx("-f", format, "-c", "symbol,price", "--no-header", stdin=BOARD)
    assert shown(stdout).startswith("AGL           40.00\nKSE100 •  97,328\n")


@pytest.mark.parametrize("name", ["board.svg", "board.html"])
def test_a_picture_loads_nothing(tickerx: Tickerx, name: str) -> None:
    picture = draw(tickerx, name=name).replace(' xmlns="http://www.w3.org/2000/svg"', "")
    assert re.findall(r"//|url\(|@import|@font-face|\b(?:src|href|on\w+)=|<(?:script|link)", picture) == []


def test_an_svg_is_as_large_as_its_table(tickerx: Tickerx) -> None:
    root = ElementTree.fromstring(draw(tickerx))  # noqa: S314  # it is the command's own
    lines = TABLE.splitlines()
    width, height = max(map(len, lines)) * CELL + 2 * MARGIN, len(lines) * LINE + 2 * MARGIN
    assert root.attrib["viewBox"] == f"0 0 {width:.1f} {height}"
    assert (root.attrib["width"], root.attrib["height"]) == (f"{width:.1f}", f"{height}")


def test_a_piece_of_an_svg_is_as_wide_as_its_cells(tickerx: Tickerx) -> None:
    (tickerx.folder / "株式.txt").write_text("AGL 40.00 No Change 0.00 (0%)", "utf-8")
    _, stdout, _ = tickerx("-f", "svg", "--no-header", "-c", "file,symbol", "株式.txt")
    pieces = re.findall(r' textLength="([\d.]+)" lengthAdjust="spacingAndGlyphs">(.*)</text>', stdout)
    assert pieces[:2] == [(f"{8 * CELL:.1f}", "株式.txt"), (f"{3 * CELL:.1f}", "AGL")]


def test_a_piece_of_html_that_another_font_may_show_is_held_to_its_cells(tickerx: Tickerx) -> None:
    (tickerx.folder / "株式.txt").write_text("AGL 40.00 No Change 0.00 (0%)", "utf-8")
    _, stdout, _ = tickerx("-f", "html", "--no-header", "-c", "file,symbol", "株式.txt")
    assert '<pre>\n<span style="width: 8ch">株式.txt</span><span class="bold">  AGL</span>\n' in stdout


@pytest.mark.parametrize("name", ["board.svg", "board.html"])
def test_what_comes_from_outside_is_text_that_shows_itself(tickerx: Tickerx, name: str) -> None:
    (tickerx.folder / HOSTILE).write_text(BOARD, "utf-8")
    output = f"{HOSTILE}.{name}"
    assert tickerx("-H", HOSTILE, "-o", output).status == 0
    picture = (tickerx.folder / output).read_text("utf-8")
    assert shown(picture).count(f"\n{SPELLED}  ") == 3
    assert not {"\x1b", "\u202e"} & set(picture)
    if name.endswith("html"):
        page = Page(picture)
        assert page.texts["title"] == f"{SPELLED}.board"
        assert {*page.elements} == {"html", "head", "meta", "title", "style", "body", "pre", "span"}
    else:
        assert ElementTree.fromstring(picture)[0].text == f"{SPELLED}.board"  # noqa: S314  # it is the command's own


@pytest.mark.parametrize(
    ("option", "environment", "expected"),
    [
        pytest.param("auto", {}, True, id="by-itself"),
        pytest.param("auto", {"NO_COLOR": "1"}, True, id="where-a-terminal-would-have-none"),
        pytest.param("always", {}, True, id="always"),
        pytest.param("never", {"FORCE_COLOR": "1"}, False, id="never"),
    ],
)
@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_has_colour(
    tickerx: Tickerx, format: str, option: str, environment: dict[str, str], expected: bool
) -> None:
    _, stdout, _ = tickerx("-f", format, "--color", option, stdin=BOARD, environment=environment)
    assert ('class="red"' in stdout) == expected
    assert shown(stdout) == TABLE


def test_the_same_quotes_make_the_same_picture(tickerx: Tickerx) -> None:
    assert draw(tickerx) == draw(tickerx, "--jobs", "2")


@pytest.mark.parametrize("format", ["svg", "html"])
def test_all_colours_of_a_table_have_their_rules(tickerx: Tickerx, format: str) -> None:
    text = (Path(__file__).parent / "screens" / "board.txt").read_text("utf-8")
    _, stdout, _ = tickerx("-qf", format, stdin=text)
    classes = {word for names in re.findall(r'class="([\w ]+)"', stdout) for word in names.split()} - {"tickerx"}
    assert classes == {"bold", *COLOURS} - {"background", "text"}
    assert all(f".tickerx .{name} {{ " in stdout for name in classes)


@pytest.mark.parametrize("place", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("name", [name for name in COLOURS if name != "background"])
def test_every_colour_is_read_on_its_background(name: str, place: int) -> None:
    lights = sorted([luminance(COLOURS[name][place]), luminance(COLOURS["background"][place])])
    assert (lights[1] + 0.05) / (lights[0] + 0.05) >= 4.5  # as WCAG 2.2 asks of text, criterion 1.4.3


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour, as WCAG defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
