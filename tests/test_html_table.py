"""Tables as pages of HTML: what browsers, people who listen, and spreadsheets get of them."""

from html.parser import HTMLParser
from typing import NamedTuple

import pytest
from hypothesis import given

from tests.strategies import columns_of_quotes
from tests.support import BOARD, Tickerx
from tickerx.outputs.html_table import draw_html
from tickerx.outputs.table import Board, Look, draw
from tickerx.quote import COLUMNS

HOSTILE = "<script>alert(1)<\\script>&amp;'\"  \x1b[31m\u202e 株.txt"
SPELLED = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")

HEADINGS = ["symbol", "", "price", "chg", "chg %", "direction", "kind", ""]
ROWS = [
    ["AGL", "", "40.00", "-0.16", "-0.4", "▼ down", "stock", ""],
    ["KSE100", "•", "97,328", "+1,781.9", "+1.86", "▲ up", "index", ""],
    ["NBP", "", "60.29", "0.00", "0", "= unchanged", "stock", ""],
]
COUNTS = "3 quotes ▲ 1 up ▼ 1 down = 1 unchanged • 1 index"


class Cell(NamedTuple):
    """A cell of a table: its element, its attributes, and its text."""

    tag: str
    attributes: dict[str, str | None]
    text: str = ""


class Page(HTMLParser):
    """A page of HTML: its elements, its texts by their elements, and the rows of its table."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.texts = {"title": "", "caption": "", "style": ""}
        self.rows: list[list[Cell]] = []
        self.bars: list[str | None] = []
        self._open: list[str] = []
        self.feed(html)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        if tag != "meta":
            self._open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("th", "td"):
            self.rows[-1].append(Cell(tag, dict(attrs)))
        if tag == "i":
            self.bars.append(dict(attrs)["style"])

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        for name in self.texts:
            if name in self._open:
                self.texts[name] += data
        if "th" in self._open or "td" in self._open:
            self.rows[-1][-1] = self.rows[-1][-1]._replace(text=self.rows[-1][-1].text + data)

    @property
    def cells(self) -> list[list[str]]:
        """The texts of the cells, row by row."""
        return [[cell.text for cell in row] for row in self.rows]


def read(tickerx: Tickerx, *arguments: str, text: str = BOARD) -> Page:
    """Return the page that the command makes of a text."""
    status, stdout, stderr = tickerx("-f", "html", *arguments, stdin=text)
    assert (status, stderr) == (0, "")
    return Page(stdout)


@pytest.mark.parametrize("name", ["board.html", "board.htm"])
def test_a_suffix_makes_a_page_with_the_figures_of_the_table(tickerx: Tickerx, name: str) -> None:
    assert tickerx("-o", name, stdin=BOARD) == (0, "", "")
    page = Page((tickerx.folder / name).read_text("utf-8"))
    assert page.cells == [HEADINGS, *ROWS]
    assert page.texts["caption"] == COUNTS


@given(columns_of_quotes())
def test_a_row_has_the_text_of_its_line_in_the_table(board: Board) -> None:
    names = list(COLUMNS)
    _, *rows = Page("".join(draw_html(board, names, Look(), 0))).cells
    _, _, *lines = "".join(draw(board, names, Look())).split("\n")
    for row, line in zip(rows, lines, strict=False):
        words = " ".join(row).split()
        assert line.split()[: len(words)] == words


def test_columns_and_rows_have_headings(tickerx: Tickerx) -> None:
    header, *rows = read(tickerx).rows
    assert [cell.attributes.get("scope") for cell in header] == [(text and "col") or None for text in HEADINGS]
    assert [(row[0].tag, row[0].attributes["scope"]) for row in rows] == [("th", "row")] * 3
    assert {cell.tag for row in rows for cell in row[1:]} == {"td"}


@pytest.mark.parametrize(
    ("names", "heading"),
    [
        pytest.param("price,symbol", "symbol", id="the-symbol-wherever-it-is"),
        pytest.param("name,symbol", "name", id="the-name-if-it-comes-first"),
        pytest.param("price,change", None, id="nothing-else"),
    ],
)
def test_a_row_is_headed_by(tickerx: Tickerx, names: str, heading: str | None) -> None:
    header, row, *_ = read(tickerx, "-c", names).rows
    columns = [name.text for name, cell in zip(header, row, strict=True) if cell.tag == "th"]
    assert columns == ([heading] if heading else [])


def test_without_a_header_there_are_rows_alone(tickerx: Tickerx) -> None:
    assert read(tickerx, "--no-header").cells == ROWS


def test_a_page_without_quotes_says_that_there_are_none(tickerx: Tickerx) -> None:
    page = read(tickerx, text="")
    assert page.cells == [["symbol", "price", "chg", "chg %", "direction", "kind"]]
    assert page.texts["caption"] == "0 quotes"


def test_the_caption_counts_malformed_lines(tickerx: Tickerx) -> None:
    assert read(tickerx, "-q", text="AGL 40.00 Decreased By").texts["caption"] == "0 quotes 1 malformed"


def test_points_are_aligned_without_a_character_more_to_copy(tickerx: Tickerx) -> None:
    pads = [[cell.attributes.get("data-pad") for cell in row[2:5]] for row in read(tickerx).rows[1:]]
    assert pads == [[None, None, "0"], [".00", "0", None], [None, None, ".00"]]


@pytest.mark.parametrize(
    ("percents", "zero", "expected"),
    [
        pytest.param([("30", "Increased"), ("-10", "Decreased")], 25, [(25, 75), (0, 25)], id="both-ways"),
        pytest.param([("4", "Increased"), ("1", "Increased")], 0, [(0, 100), (0, 25)], id="up-alone"),
        pytest.param([("-4", "Decreased"), ("-1", "Decreased")], 100, [(0, 100), (75, 25)], id="down-alone"),
        pytest.param([("0", "Decreased")], 0, [], id="none-for-zero"),
    ],
)
def test_bars_have_all_the_room(
    tickerx: Tickerx, percents: list[tuple[str, str]], zero: int, expected: list[tuple[int, int]]
) -> None:
    text = "".join(f"AGL 40.00 {word} By ▼ 0.10 ({percent}%)\n" for percent, word in percents)
    stdout = tickerx("-qf", "html", stdin=text).stdout
    assert f'<tbody style="--zero:{zero}.0%">' in stdout
    assert Page(stdout).bars == [f"left:{start}.0%;width:{length}.0%" for start, length in expected]


def test_there_are_no_bars_without_percents(tickerx: Tickerx) -> None:
    assert read(tickerx, "-c", "symbol,change").cells[1] == ["AGL", "", "-0.16"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        pytest.param([], {"kind", "direction"}, id="by-default"),
        pytest.param(["-c", "+kind"], {"direction"}, id="not-one-that-was-added"),
        pytest.param(["-c", "symbol,kind,direction"], set(), id="not-those-that-were-chosen"),
    ],
)
def test_a_narrow_screen_leaves_out(tickerx: Tickerx, arguments: list[str], expected: set[str]) -> None:
    stdout = tickerx("-f", "html", *arguments, stdin=BOARD).stdout
    classes = {"kind": 'class="kind"', "direction": 'class="word"'}
    assert {name for name, attribute in classes.items() if attribute in stdout} == expected


def test_an_unknown_direction_is_empty(tickerx: Tickerx) -> None:
    page = read(tickerx, "--layout", "{name} {price}", text="Brent 80.10\n")
    assert page.cells == [["name", "price", "chg", "chg %", "direction", "kind", ""], ["Brent", "80.10", *[""] * 5]]


def test_what_comes_from_outside_is_text_that_shows_itself(tickerx: Tickerx) -> None:
    (tickerx.folder / HOSTILE).write_text(BOARD, "utf-8")
    stdout = tickerx("-f", "html", "-H", HOSTILE, "--color", "never").stdout
    page = Page(stdout)
    assert [row[0] for row in page.cells] == ["file", *[SPELLED] * 3]
    assert (page.texts["title"], page.texts["caption"]) == (SPELLED, SPELLED + COUNTS)
    assert not {"\x1b", "\u202e"} & set(stdout)
    whole = {"html", "head", "meta", "title", "style", "body", "div", "table", "caption", "thead", "tbody", "tr"}
    assert {*page.elements} == whole | {"b", "span", "th", "td", "i"}


def test_a_page_says_its_language_and_encoding_and_fits_its_screen(tickerx: Tickerx) -> None:
    stdout = tickerx("-f", "html", stdin=BOARD).stdout
    assert stdout.startswith('<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport"')
    assert "@media (max-width: 40rem) {" in stdout
    assert "@media screen and (prefers-color-scheme: dark) {" in stdout
