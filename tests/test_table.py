"""The table as it looks at terminals of all kinds. The screens in tests/screens are what `cat` would show there."""

import os
import re
import termios
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import columns_of_quotes, names_of_files
from tests.support import Tickerx, end, read_screen
from tickerx.engine.scanner import Scanner
from tickerx.outputs.escaping import escaped
from tickerx.outputs.table import Board, Look, grouped
from tickerx.outputs.table import draw as draw_text
from tickerx.quote import COLUMNS, Origin

SCREENS = Path(__file__).parent / "screens"
TEXT = (SCREENS / "board.txt").read_text("utf-8")
DEFAULT = [column.name for column in COLUMNS.values() if column.default]
DROPPABLE = ("kind", "direction", "file")


def read(text: str, *files: str) -> Board:
    """Return all columns of the quotes of a text, found once in each of these files."""
    columns = [
        passage.columns(COLUMNS, Origin(file))
        for file in files or ("-",)
        for passage in Scanner().scan([text.encode()])
        if passage.symbol
    ]
    rows = [row for batch in columns for row in zip(*batch, strict=True)]
    return {name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)}


def draw(board: Board, names: Sequence[str], look: Look, malformed: int = 0) -> str:
    """Return a table as one text."""
    return "".join(draw_text(board, names, look, malformed))


BOARD = read(TEXT)
TWO_FILES = read(TEXT, "2024-04-19.txt", "börse/2024-11-21.txt")


def plain(text: str) -> str:
    """Return a text without its colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


# Screens: each is one file, drawn with this board, these columns, this look, and this many malformed.

LOOKS = {"colour": Look(color=True), "plain": Look(), "ascii": Look(ascii=True)}
CASES = {
    **{
        f"{width}-{name}": (BOARD, DEFAULT, look._replace(width=width, may_drop=DROPPABLE), 2)
        for width in (40, 80, 200)
        for name, look in LOOKS.items()
    },
    **{
        f"{width}-two-files": (TWO_FILES, ["file", *DEFAULT], Look(width, may_drop=DROPPABLE), 0)
        for width in (40, 80, 200)
    },
    "80-two-files-ascii": (TWO_FILES, ["file", *DEFAULT], Look(80, ascii=True, may_drop=DROPPABLE), 0),
    "40-all-columns-asked-for": (BOARD, list(COLUMNS), Look(40), 0),
    "80-without-header": (BOARD, DEFAULT, Look(80, header=False), 0),
    "80-no-quote": (read(""), DEFAULT, Look(80), 1),
    "unbounded": (BOARD, DEFAULT, Look(), 0),
}


@pytest.mark.parametrize("name", CASES)
def test_a_screen_looks_as_ever(name: str) -> None:
    assert draw(*CASES[name]).encode() == (SCREENS / f"{name}.txt").read_bytes()


def test_every_screen_is_compared() -> None:
    assert {path.stem for path in SCREENS.iterdir()} == {*CASES, "board"}


AT_TERMINALS = [
    pytest.param(40, {"NO_COLOR": "1"}, "40-plain", id="40-columns-and-NO_COLOR"),
    pytest.param(80, {"NO_COLOR": "1"}, "80-plain", id="80-columns-and-NO_COLOR"),
    pytest.param(200, {}, "200-colour", id="200-columns-in-colour"),
    pytest.param(80, {"COLUMNS": "40", "NO_COLOR": "1"}, "40-plain", id="COLUMNS-before-the-terminal's-own"),
    pytest.param(80, {"LC_ALL": "C", "TERM": "dumb"}, "80-ascii", id="an-encoding-that-is-not-UTF-8"),
]


@pytest.mark.parametrize(("width", "environment", "name"), AT_TERMINALS)
def test_a_terminal_shows_the_screen_that_suits_it(
    tickerx: Tickerx, width: int, environment: dict[str, str], name: str
) -> None:
    screen, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, width))
    process = tickerx.start(str(SCREENS / "board.txt"), stdout=terminal, environment=environment)
    shown = read_screen(screen, terminal)
    assert end(process) == (0, "", "")
    board, names, look, _ = CASES[name]
    assert shown == draw(board, names, look)


# What holds of all tables.

looks = st.builds(Look, st.integers(0, 250), st.booleans(), st.booleans(), st.just(False), st.just(""))


@given(columns_of_quotes(), st.permutations([name for name in COLUMNS if name not in ("direction", "file")]), looks)
def test_no_value_is_cut_or_wrapped(board: Board, names: Sequence[str], look: Look) -> None:
    lines = plain(draw(board, names, look)).split("\n")
    for place, line in enumerate(lines[: len(board["symbol"])]):
        values = [(name, board[name][place]) for name in names]
        shown = [grouped(value) if COLUMNS[name].type == "decimal" else value for name, value in values]
        wanted = [value for value in shown if value]
        assert [word for word in map(unsigned, line.split()) if word in wanted] == wanted


def unsigned(word: str) -> str:
    return word.removeprefix("+")


@given(st.lists(names_of_files, min_size=1, max_size=5), st.integers(0, 250), st.booleans())
def test_no_name_of_a_file_is_cut(names: list[str], width: int, ascii: bool) -> None:
    board = read("AGL 40.00 No Change 0.00 (0%)", *names)
    shown = draw(board, ["file", "symbol"], Look(width, ascii=ascii, header=False)).split("\n")
    for name, line in zip(names, shown, strict=False):
        spelled = escaped(name)
        assert line.startswith((spelled.encode("ascii", "backslashreplace").decode() if ascii else spelled) + " ")
        assert line.endswith(" AGL")


@given(columns_of_quotes(), looks)
def test_colour_changes_nothing_but_colour(board: Board, look: Look) -> None:
    in_colour = draw(board, list(COLUMNS), look._replace(color=True))
    assert plain(in_colour) == draw(board, list(COLUMNS), look._replace(color=False))
    assert set(re.findall(r"\x1b\[([0-9;]*)m", in_colour)) <= {"0", "1", "2", "31", "32", "1;35", "1;36"}


@given(columns_of_quotes(), looks)
def test_only_ascii_is_used_where_there_is_nothing_else(board: Board, look: Look) -> None:
    assert draw(board, list(COLUMNS), look._replace(ascii=True)).isascii()


@given(columns_of_quotes(), looks)
def test_no_line_ends_with_a_space(board: Board, look: Look) -> None:
    lines = plain(draw(board, list(COLUMNS), look)).split("\n")
    assert lines == [line.rstrip() for line in lines]


@given(columns_of_quotes())
def test_points_stand_under_one_another(board: Board) -> None:
    *rows, _, _ = draw(board, ["price"], Look(header=False)).splitlines()
    assert len({line.find(".") for line in rows if "." in line}) <= 1


@pytest.mark.parametrize("look", LOOKS.values(), ids=LOOKS)
@pytest.mark.parametrize(("board", "names"), [(BOARD, DEFAULT), (TWO_FILES, ["file", *DEFAULT])], ids=["one", "two"])
def test_no_line_is_wider_than_a_terminal_of_40_columns_or_more(board: Board, names: list[str], look: Look) -> None:
    for width in range(40, 201):
        lines = plain(draw(board, names, look._replace(width=width, may_drop=DROPPABLE))).split("\n")
        assert max(map(len, lines)) <= width


# What goes where there is no room.


def shown_names(
    names: Iterable[str], width: int, may_drop: Iterable[str] = DROPPABLE, board: Board = BOARD
) -> set[str]:
    """Return the words of the headings that are shown."""
    lines = draw(board, list(names), Look(width, may_drop=tuple(may_drop))).split("\n")
    rule = next(place for place, line in enumerate(lines) if line.startswith("─"))
    return set(lines[rule - 1].replace("chg %", "percent").split())


@pytest.mark.parametrize(
    ("width", "gone"),
    [
        pytest.param(0, set(), id="nothing-where-there-is-no-bound"),
        pytest.param(200, set(), id="nothing-at-200-columns"),
        pytest.param(72, set(), id="nothing-while-there-is-room-for-bars"),
        pytest.param(71, {"kind"}, id="kind-before-the-bars"),
        pytest.param(65, {"kind"}, id="kind-alone-while-the-bars-fit"),
        pytest.param(64, {"kind", "bars"}, id="then-the-bars"),
        pytest.param(48, {"kind", "bars"}, id="nothing-more-while-the-rest-fits"),
        pytest.param(47, {"kind", "bars", "direction"}, id="then-direction"),
        pytest.param(20, {"kind", "bars", "direction"}, id="nothing-else-ever"),
    ],
)
def test_kind_then_bars_then_direction_go(width: int, gone: set[str]) -> None:
    bars = {"bars"} if "━" in draw(BOARD, DEFAULT, Look(width, may_drop=DROPPABLE)) else set()
    wanted = {"symbol", "price", "chg", "percent", "direction", "kind", "bars"}
    assert wanted - shown_names(DEFAULT, width) - bars == gone


def test_kind_that_was_asked_for_outlives_the_bars() -> None:
    shown = draw(BOARD, DEFAULT, Look(64, may_drop=("file", "direction")))
    assert ("━" in shown, "kind" in shown, "direction" in shown) == (False, True, True)


@pytest.mark.parametrize("width", [40, 60, 68])
def test_a_file_without_room_for_a_column_goes_above_its_quotes(width: int) -> None:
    shown = draw(read(TEXT, "börse/2024-11-21.txt"), ["file", *DEFAULT], Look(width, may_drop=DROPPABLE))
    assert "file" not in shown
    assert shown.replace("── börse/2024-11-21.txt\n", "") == draw(BOARD, DEFAULT, Look(width, may_drop=DROPPABLE))


def test_no_file_goes_above_if_no_file_was_wanted() -> None:
    assert "2024-11-21" not in draw(TWO_FILES, DEFAULT, Look(40, may_drop=DROPPABLE))


def test_columns_that_were_asked_for_stay() -> None:
    assert {"kind", "direction"} <= shown_names(DEFAULT, 20, may_drop=())


def test_headings_take_two_lines_before_a_column_goes() -> None:
    names = ["symbol", "previous_close", "kind"]
    assert draw(BOARD, names, Look(32)).startswith("symbol     previous close  kind\n")
    assert draw(BOARD, names, Look(31, may_drop=["kind"])).startswith(f"{'previous':>20}\n")


def test_a_heading_that_is_no_wider_than_its_cells_takes_one_line() -> None:
    assert "chg %" in draw(BOARD, DEFAULT, Look(20))


# Bars, marks and counts.


@pytest.mark.parametrize(
    ("names", "width", "expected"),
    [
        pytest.param(DEFAULT, 200, True, id="where-there-is-room"),
        pytest.param(DEFAULT, 60, False, id="not-where-there-is-none"),
        pytest.param(["symbol", "change_percent"], 40, True, id="at-40-columns-too"),
        pytest.param(["symbol", "change"], 200, False, id="not-without-the-percents"),
    ],
)
def test_there_are_bars(names: list[str], width: int, expected: bool) -> None:
    assert ("━" in draw(BOARD, names, Look(width))) == expected


def test_indices_and_suspects_are_marked_after_their_symbols() -> None:
    rows = draw(BOARD, ["symbol"], Look(header=False)).splitlines()
    assert [line for line in rows if " " in line][:-1] == ["DCL     !", "BR100   •", "KSE100  •"]


def test_marks_stand_last_where_no_symbol_does() -> None:
    rows = draw(read("BR30 31,713 Decreased By 377.1 (1.2%)"), ["price"], Look(header=False)).splitlines()
    assert rows[0] == "31,713 •!"


@pytest.mark.parametrize(
    ("text", "malformed", "width", "expected"),
    [
        pytest.param("", 0, 0, "0 quotes", id="none"),
        pytest.param("", 3, 0, "0 quotes  3 malformed", id="malformed-alone"),
        pytest.param(
            "KSE30 30,192 Increased By 614.4 (2.08%)",
            0,
            0,
            "1 quote  ▲ 1 up  ▼ 0 down  = 0 unchanged  • 1 index",
            id="one",
        ),
        pytest.param(
            TEXT,
            1234,
            0,
            "9 quotes  ▲ 5 up  ▼ 3 down  = 1 unchanged  • 2 indices  ! 1 suspect  1,234 malformed",
            id="many-with-faults",
        ),
        pytest.param(
            TEXT, 0, 58, "9 quotes  ▲ 5  ▼ 3  = 1  • 2 indices  ! 1 suspect", id="directions-are-short-where-they-must"
        ),
        pytest.param(
            TEXT,
            2,
            40,
            "9 quotes  ▲ 5  ▼ 3  = 1  • 2 indices\n! 1 suspect  2 malformed",
            id="two-lines-where-they-must",
        ),
    ],
)
def test_one_line_counts(text: str, malformed: int, width: int, expected: str) -> None:
    assert draw(read(text), ["symbol"], Look(width), malformed).split("\n\n")[1] == expected + "\n"
