"""Pictures of the table: SVG as browsers read it, and what SVG and HTML have in common."""

import json
import re
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.support import BINARY_FORMATS, BOARD, DRAWN, FORMATS, TABLE, Tickerx
from tickerx.outputs.pictures import COLOURS

MARGIN, CELL, LINE = 16, 8.4, 18
SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "<script>alert(1)<\\script>&amp;'\"  \x1b[31m\u202e 株.txt"
SPELLED = HOSTILE.replace("\x1b", "\\x1b").replace("\u202e", "\\u202e")


def shown(picture: str) -> str:
    """Return the text that an SVG shows, each piece at the cells where it stands."""
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


@pytest.mark.parametrize("name", ["board.svg", "BOARD.SVG"])
def test_a_suffix_makes_a_picture_of_the_table(tickerx: Tickerx, name: str) -> None:
    assert shown(draw(tickerx, name=name)) == TABLE


def test_a_picture_goes_to_standard_output_too(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx("-f", "svg", stdin=BOARD, environment={"COLUMNS": "40", "LC_ALL": "C"})
    assert (status, shown(stdout), stderr) == (0, TABLE, "")


def test_a_picture_without_quotes_shows_that_there_are_none(tickerx: Tickerx) -> None:
    status, stdout, _ = tickerx("-f", "svg", "--no-header")
    assert (status, shown(stdout)) == (0, "0 quotes\n")


def test_a_picture_has_the_columns_asked_for(tickerx: Tickerx) -> None:
    _, stdout, _ = tickerx("-f", "svg", "-c", "symbol,price", "--no-header", stdin=BOARD)
    assert shown(stdout).startswith("AGL           40.00\nKSE100 •  97,328\n")


def test_programs_that_read_pictures_aloud_get_the_title_and_the_counts(tickerx: Tickerx) -> None:
    root = ElementTree.fromstring(draw(tickerx, "--title", "Karachi"))  # noqa: S314  # it is the command's own
    assert (root.attrib["role"], root[0].text) == ("img", "Karachi")
    assert root[1].text == "3 quotes  ▲ 1 up  ▼ 1 down  = 1 unchanged  • 1 index"


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
    _, stdout, _ = tickerx("-f", "svg", "--no-header", "--title", "", "-c", "file,symbol", "株式.txt")
    pieces = re.findall(r' textLength="([\d.]+)" lengthAdjust="spacingAndGlyphs">(.*)</text>', stdout)
    assert pieces[:2] == [(f"{8 * CELL:.1f}", "株式.txt"), (f"{3 * CELL:.1f}", "AGL")]


def test_what_comes_from_outside_is_text_that_shows_itself(tickerx: Tickerx) -> None:
    (tickerx.folder / HOSTILE).write_text(BOARD, "utf-8")
    assert tickerx("-H", HOSTILE, "-o", f"{HOSTILE}.svg").status == 0
    picture = (tickerx.folder / f"{HOSTILE}.svg").read_text("utf-8")
    assert shown(picture).count(f"\n{SPELLED}  ") == 3
    assert not {"\x1b", "\u202e"} & set(picture)
    assert ElementTree.fromstring(picture)[0].text == SPELLED  # noqa: S314  # it is the command's own


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
    assert (re.search('class="[a-z ]*red"', stdout) is not None) == expected


def test_the_same_quotes_make_the_same_picture(tickerx: Tickerx) -> None:
    assert draw(tickerx) == draw(tickerx, "--jobs", "2")


@pytest.mark.parametrize("format", ["svg", "html"])
def test_all_colours_of_a_table_have_their_rules(tickerx: Tickerx, format: str) -> None:
    text = (Path(__file__).parent / "screens" / "board.txt").read_text("utf-8")
    _, stdout, _ = tickerx("-qf", format, stdin=text)
    classes = {word for names in re.findall(r'class="([\w ]+)"', stdout) for word in names.split()} - {"tickerx"}
    assert classes >= {"bold", *COLOURS} - {"background", "text"} - ({"dim"} if format == "html" else set())
    assert all(re.search(rf"\.{name}\b[^}}]* {{", stdout) for name in classes)


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


# Titles.


def page(date: str, url: str = "") -> str:
    """Return a page as a line of JSON Lines."""
    return json.dumps({"text": BOARD, "date": date, "url": url}) + "\n"


MORNING, EVENING = "2024-04-17T05:12:33Z", "2024-04-17T17:00:00Z"
TITLES = [
    pytest.param({"pages/board.txt": BOARD}, ["pages/board.txt"], "board.txt", id="the-name-of-a-file"),
    pytest.param({"board.txt": "-"}, ["board.txt"], "board.txt", id="the-name-of-a-file-without-a-quote"),
    pytest.param({"pages/+.txt": BOARD}, ["-R", "pages"], "+.txt", id="the-name-of-the-only-file-of-a-folder"),
    pytest.param({"a.txt": BOARD, "b.txt": ""}, ["a.txt", "b.txt"], "2 files", id="the-number-of-files"),
    pytest.param({"p.jsonl": page(MORNING)}, ["p.jsonl"], "p.jsonl, fetched 2024-04-17 05:12 UTC", id="a-time"),
    pytest.param({"p.jsonl": page(EVENING) + page(MORNING)}, ["p.jsonl"], "p.jsonl, fetched 2024-04-17", id="a-day"),
    pytest.param(
        {"a.jsonl": page("2024-04-19"), "b.jsonl": page(MORNING)},
        ["a.jsonl", "b.jsonl"],
        "2 files, fetched 2024-04-17 to 2024-04-19",
        id="days",
    ),
    pytest.param({"p.jsonl": page(MORNING) + page("")}, ["p.jsonl"], "p.jsonl", id="no-time-if-one-is-unknown"),
    pytest.param({"board.txt": BOARD}, ["--title", "", "board.txt"], "", id="none-where-it-is-to-be-empty"),
    pytest.param({"board.txt": BOARD}, ["--title", "Karachi", "board.txt"], "Karachi", id="what-is-asked-for"),
    pytest.param({"board.txt": BOARD}, ["--title", "<\x1b>+", "board.txt"], "<\\x1b>+", id="what-is-spelled-out"),
]


@pytest.mark.parametrize("format", ["svg", "html"])
@pytest.mark.parametrize(("files", "arguments", "title"), TITLES)
def test_a_picture_says_where_its_quotes_come_from(
    tickerx: Tickerx, format: str, files: dict[str, str], arguments: list[str], title: str
) -> None:
    for name, text in files.items():
        (tickerx.folder / name).parent.mkdir(exist_ok=True)
        (tickerx.folder / name).write_text(text, "utf-8")
    status, stdout, _ = tickerx("-f", format, *arguments)
    assert (status, titles(stdout)) == (0, (title or "Quotes", title))


@pytest.mark.parametrize(
    ("text", "title"),
    [
        pytest.param(BOARD, "", id="nothing"),
        pytest.param(page("", "http://a.example/b"), "http://a.example/b", id="an-address"),
        pytest.param(page(MORNING), "fetched 2024-04-17 05:12 UTC", id="a-time"),
        pytest.param(page("", "http://a/1") + page("", "http://a/2"), "", id="nothing-for-several-pages"),
    ],
)
@pytest.mark.parametrize("format", ["svg", "html"])
def test_a_picture_of_standard_input_says_what_is_known(tickerx: Tickerx, format: str, text: str, title: str) -> None:
    assert titles(tickerx("-f", format, stdin=text).stdout) == (title or "Quotes", title)


def titles(picture: str) -> tuple[str, str]:
    """Return the title that programs see, and the one that is shown: empty if there is none."""
    [title] = re.findall("<title>(.*)</title>", picture)
    if picture.startswith("<!doctype html>"):
        return unescape(title), unescape("".join(re.findall("<caption><b>(.*)</b>", picture)))
    first, second, *_ = shown(picture).split("\n")
    return unescape(title), "" if second else first


def test_a_table_has_a_title_if_it_is_asked_for(tickerx: Tickerx) -> None:
    assert tickerx("-f", "table", "--title", "Karachi", stdin=BOARD) == (0, f"Karachi\n\n{TABLE}", "")
    assert tickerx("-f", "table", "--title", "", stdin=BOARD) == (0, TABLE, "")


def test_a_title_that_is_wider_than_its_table_takes_several_lines(tickerx: Tickerx) -> None:
    stdout = tickerx("-f", "table", "--title", "word " * 20, "-c", "symbol", stdin=BOARD).stdout
    assert stdout.startswith("word word word word word word word word\n" * 2 + "word word word word\n\nsymbol\n")


@pytest.mark.parametrize("format", sorted({*FORMATS, *BINARY_FORMATS} - {*DRAWN}))
def test_a_format_without_a_title_refuses_one(tickerx: Tickerx, format: str) -> None:
    reason = f"tickerx: --title is for -f table, -f svg, -f html; {format} has no title.\n"
    assert tickerx("-f", format, "--title", "x", "-o", "out", stdin=BOARD) == (
        2,
        "",
        f"{reason}Try 'tickerx --help' for help.\n",
    )
    assert not (tickerx.folder / "out").exists()


def test_names_of_inputs_have_no_title(tickerx: Tickerx) -> None:
    status, stdout, stderr = tickerx("--list-empty", "--title", "x", stdin=BOARD)
    assert (status, stdout, "--title is for rows" in stderr) == (2, "", True)
