"""The line that tells how far a long run has come, at real terminals."""

import fcntl
import os
import re
import select
import signal
import subprocess
import termios
from collections.abc import Callable
from pathlib import Path
from time import monotonic
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import BOARD, CSV, TABLE, Environment, Result, Tickerx, end, read_screen, read_until, write
from tickerx.command.progress import State, draw_line, total_size

AGL = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"
PLAIN: Environment = MappingProxyType({"NO_COLOR": "1"})
LONG = 1.2
"""Seconds after which there is a bar, if there is ever one."""


def left_on(written: str) -> str:
    """Return what stands on a screen when all this has been written, as a terminal would have it."""
    lines, column = [""], 0
    for piece in re.findall(r"\x1b\[[0-9;]*[A-Za-z]|\n|\r|[^\x1b\r\n]+", written):
        if piece == "\n":
            lines.append("")
            column = 0
        elif piece == "\r":
            column = 0
        elif piece == "\x1b[2K":
            lines[-1] = ""
        elif piece.startswith("\x1b"):
            assert piece.endswith("m"), piece
        else:
            lines[-1] = lines[-1][:column].ljust(column) + piece + lines[-1][column + len(piece) :]
            column += len(piece)
    return "\n".join(lines)


def watch(tickerx: Tickerx, *arguments: str, width: int = 100, environment: Environment = PLAIN) -> tuple[Result, str]:
    """Run the command with standard error at a terminal, and return how it ended and what was written there."""
    screen, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, width))
    process = tickerx.start(*arguments, stderr=terminal, environment=environment)
    result = end(process, b"")
    return result, read_screen(screen, terminal)


def feed(process: subprocess.Popen[bytes], until: Callable[[], object]) -> None:
    """Give the command one quote after the other, each when the one before has come out."""
    write(process.stdin, AGL)
    read_until(process.stdout, b"down,stock\n")
    while not until():
        write(process.stdin, AGL)
        read_until(process.stdout, b"\n")


def after_long() -> Callable[[], bool]:
    """Return what says whether so much time has passed, since it was first asked, that there would be a bar."""
    began: list[float] = []

    def is_over() -> bool:
        began.append(monotonic())
        return began[-1] > began[0] + LONG

    return is_over


def test_a_bar_comes_after_a_second_and_goes(tickerx: Tickerx) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start(stderr=terminal)
    feed(process, lambda: select.select([screen], [], [], 0.01)[0])
    assert end(process).status == 0
    written = read_screen(screen, terminal)
    assert re.search(r"[0-9.]+ k?(B|bytes).*[0-9,]+ quotes.*0:00:0[1-9]", written)
    assert left_on(written) == ""


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        pytest.param(["--no-progress"], {}, id="that-is-declined"),
        pytest.param([], {"TERM": "dumb"}, id="at-a-terminal-that-cannot-erase-it"),
    ],
)
def test_there_is_no_bar(tickerx: Tickerx, arguments: list[str], environment: Environment) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start(*arguments, stderr=terminal, environment=environment)
    feed(process, after_long())
    assert end(process).status == 0
    assert read_screen(screen, terminal) == ""


def test_there_is_no_bar_off_a_terminal(tickerx: Tickerx) -> None:
    process = tickerx.start()
    feed(process, after_long())
    assert end(process).stderr == ""


def test_there_is_no_bar_where_rows_stand(tickerx: Tickerx) -> None:
    screen, terminal = os.openpty()
    other, error = os.openpty()
    process = tickerx.start("-f", "csv", stdout=terminal, stderr=error)
    write(process.stdin, AGL)
    os.read(screen, 65536)
    is_over = after_long()
    while not is_over():
        write(process.stdin, AGL)
        os.read(screen, 65536)
    assert end(process).status == 0
    assert read_screen(other, error) == ""
    os.close(screen)
    os.close(terminal)


def test_there_is_no_bar_where_the_input_is_typed(tickerx: Tickerx) -> None:
    keyboard, terminal = os.openpty()
    screen, error = os.openpty()
    process = tickerx.start(stdin=terminal, stderr=error)
    os.write(keyboard, AGL.encode())
    read_until(process.stdout, b"down,stock\n")
    is_over = after_long()
    while not is_over():
        os.write(keyboard, AGL.encode())
        read_until(process.stdout, b"\n")
        os.read(keyboard, 65536)  # what is typed is shown there too
    os.write(keyboard, b"\x04")
    assert end(process).status == 0
    assert read_screen(screen, error).count("\n") == 1  # that the terminal is read
    os.close(keyboard)
    os.close(terminal)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        pytest.param(["board.txt"], r"━ 1\d\d/1\d\d bytes [0-9.]+ \w+/s 3 quotes 0:00:00 left", id="a-file"),
        pytest.param(["one.txt"], r" 1 quote 0:00:00 left", id="one-quote"),
        pytest.param(["board.txt", "board.txt"], r"━ \d\d\d/2\d\d bytes ", id="files"),
        pytest.param(["--files0-from", "list"], r"K1\d\d bytes [0-9.]+ \w+/s 3 quotes 0:00:0", id="a-list"),
    ],
)
def test_a_bar_that_is_asked_for_leaves_nothing_behind(
    tickerx: Tickerx, board: Path, arguments: list[str], words: str
) -> None:
    (tickerx.folder / "one.txt").write_text(AGL, "utf-8")
    (tickerx.folder / "list").write_text("board.txt")
    result, written = watch(tickerx, "--progress", *arguments)
    assert result == end(tickerx.start(*arguments), b"")
    assert re.search(words, written), written
    assert left_on(written) == ""


def test_a_short_run_has_no_bar(tickerx: Tickerx, board: Path) -> None:
    assert watch(tickerx, "board.txt") == ((0, CSV, ""), "")


def test_rows_in_a_file_leave_the_terminal_as_it_was(tickerx: Tickerx, board: Path) -> None:
    result, written = watch(tickerx, "--progress", "board.txt", "-o", "quotes.csv")
    assert (result, left_on(written)) == ((0, "", ""), "")
    assert "3 quotes" in written
    assert (tickerx.folder / "quotes.csv").read_text("utf-8") == CSV


def test_bytes_that_hold_no_quote_are_shown_too(tickerx: Tickerx) -> None:
    (tickerx.folder / "prose.txt").write_text("a headline\n" * 100_000)  # more than is read at once
    result, written = watch(tickerx, "--progress", "prose.txt")
    assert result.status == 0
    assert "1.1/1.1 MB" in written


def test_messages_appear_above_the_bar(tickerx: Tickerx, board: Path) -> None:
    (tickerx.folder / "bad.txt").write_text(BAD + AGL + BAD, "utf-8")
    arguments = ("bad.txt", "missing.txt", "board.txt", "-v")
    result, written = watch(tickerx, "--progress", *arguments)
    plain = tickerx(*arguments)
    assert (result.status, result.stdout) == (plain.status, plain.stdout) == (2, result.stdout)
    assert written.split("missing.txt")[0].count("\r\x1b[2K") >= 2
    assert seconds_cut(left_on(written)) == seconds_cut(plain.stderr)


def seconds_cut(text: str) -> str:
    return re.sub(r"seconds [\d.]+", "", text)


@pytest.mark.parametrize(("format", "expected"), [("csv", CSV), ("table", TABLE)])
def test_rows_at_the_same_terminal_stand_alone(tickerx: Tickerx, board: Path, format: str, expected: str) -> None:
    screen, terminal = os.openpty()
    board.write_text("a headline\n" * 100_000 + BOARD, "utf-8")
    process = tickerx.start(
        "--progress", "-f", format, "board.txt", stdout=terminal, stderr=terminal, environment={"NO_COLOR": "1"}
    )
    assert end(process).status == 0
    written = read_screen(screen, terminal)
    assert "MB" in written
    assert left_on(written) == expected


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_erases_the_bar(tickerx: Tickerx, number: signal.Signals) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start("--progress", stderr=terminal)
    write(process.stdin, AGL)
    shown = os.read(screen, 65536).decode()
    process.send_signal(number)
    assert end(process).status == -number
    assert left_on(shown + read_screen(screen, terminal)) == ""


def test_the_caret_of_ctrl_c_does_not_wrap_the_line(tickerx: Tickerx) -> None:
    (tickerx.folder / "page.txt").write_text("a headline\n" * 100_000 + AGL * 10_000, "utf-8")  # more than a pipe takes
    screen, terminal = os.openpty()
    termios.tcsetwinsize(terminal, (24, 80))
    process = tickerx.start(
        "--progress",
        "page.txt",
        stderr=terminal,
        inherited=lambda: fcntl.ioctl(2, termios.TIOCSCTTY),
        environment=PLAIN,
    )
    assert process.stdout
    shown = os.read(screen, 65536).decode()
    os.write(screen, b"\x03")
    assert process.wait() == -signal.SIGINT
    shown += read_screen(screen, terminal)
    assert "left^C" in shown
    assert max(map(len, shown.split("\r\x1b[2K"))) < 80
    assert left_on(shown) == ""


@pytest.mark.parametrize("width", [1, 12])
def test_a_terminal_without_room_shows_nothing(tickerx: Tickerx, board: Path, width: int) -> None:
    _, written = watch(tickerx, "--progress", "board.txt", width=width)
    assert set(written.split("\r\x1b[2K")) == {""}


def test_a_reader_that_goes_erases_the_bar(tickerx: Tickerx) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start("--progress", stderr=terminal)
    write(process.stdin, AGL)
    shown = os.read(screen, 65536).decode()
    assert process.stdout
    process.stdout.close()
    write(process.stdin, AGL)
    assert process.wait() == -signal.SIGPIPE
    assert left_on(shown + read_screen(screen, terminal)) == ""


def test_a_terminal_that_goes_changes_nothing(tickerx: Tickerx) -> None:
    screen, terminal = os.openpty()
    process = tickerx.start(
        "--progress", stderr=terminal, inherited=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN)
    )
    os.close(terminal)
    write(process.stdin, AGL)
    assert os.read(screen, 65536)
    os.close(screen)
    feed(process, after_long())
    assert end(process).status == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_a_failed_write_is_reported_on_its_own_line(tickerx: Tickerx) -> None:
    screen, terminal = os.openpty()
    with open("/dev/full", "wb") as full:
        process = tickerx.start("--progress", stdout=full.fileno(), stderr=terminal)
    assert end(process, f"a headline\n{BOARD}".encode()).status == 2
    assert left_on(read_screen(screen, terminal)) == "tickerx: write error: No space left on device\n"


@pytest.mark.parametrize("width", [0, 16, 40, 60, 80, 200])
def test_a_bar_fits_the_terminal(tickerx: Tickerx, board: Path, width: int) -> None:
    _, written = watch(tickerx, "--progress", "board.txt", width=width)
    lines = [line for line in written.split("\r\x1b[2K") if line]
    assert lines
    assert max(map(len, lines)) < (width or 80)


states = st.builds(
    State, st.integers(0, 10**16), st.none() | st.integers(0, 10**16), st.integers(0, 10**10), st.floats(0, 10**6)
)


@given(states, st.integers(0, 200), st.booleans())
def test_a_line_fits_and_nothing_in_it_is_cut(state: State, width: int, ascii: bool) -> None:
    whole = draw_line(state, 1000, color=False, ascii=ascii)
    line = draw_line(state, width, color=False, ascii=ascii)
    amount = re.search(r"[\d,.]+(/[\d,.]+)? \w+", whole)
    assert amount
    assert len(line) <= width
    assert bool(line) == (len(amount[0]) <= width)
    parts = [amount[0], r"[-\d]+:[-\d]{2}:[-\d]{2}( left)?$", r"[\d,]+ quotes?", r" [\d,.]+ \w+/s", "^[━╸-]"]
    shown = [bool(re.search(part, line)) for part in parts]
    assert shown[:4] == sorted(shown[:4], reverse=True)
    assert shown[3] or not shown[4]
    assert ascii <= line.isascii()


@given(states, st.integers(0, 200), st.booleans())
def test_colour_changes_nothing_but_the_rest_of_the_bar(state: State, width: int, ascii: bool) -> None:
    coloured = draw_line(state, width, color=True, ascii=ascii)
    rest_gone = re.sub(r"\x1b\[90m([^\x1b]*)", lambda match: " " * len(match[1]), coloured)
    assert re.sub(r"\x1b\[\d+m", "", rest_gone) == draw_line(state, width, color=False, ascii=ascii)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(
            State(150_000_000, 300_000_000, 1_234_567, 3.0),
            "━━━━━━━━━━━━╸             150.0/300.0 MB 50.0 MB/s 1,234,567 quotes 0:00:03 left",
            id="half",
        ),
        pytest.param(
            State(105, 200, 1, 2.5),
            "━━━━━━━━━━━━━━━━━╸                 105/200 bytes 42 bytes/s 1 quote 0:00:02 left",
            id="half-a-cell",
        ),
        pytest.param(
            State(400, 300, 0, 1.0),
            f"{'━' * 32} 400/300 bytes 400 bytes/s 0 quotes 0:00:00 left",
            id="a-file-that-grows",
        ),
        pytest.param(State(0, 5000, 0, 0.0), f"{' ' * 38}0.0/5.0 kB 0 bytes/s 0 quotes -:--:-- left", id="nothing-yet"),
        pytest.param(State(0, 0, 0, 1.0), "0/0 bytes 0 bytes/s 0 quotes -:--:-- left", id="of-nothing"),
        pytest.param(
            State(5_000_000_000, None, 7, 4000.0), "5.0 GB 1.2 MB/s 7 quotes 1:06:40", id="of-a-total-that-is-not-known"
        ),
    ],
)
def test_a_line_tells_how_far_it_is(state: State, expected: str) -> None:
    assert draw_line(state, 80, color=False, ascii=False) == expected


def test_a_bar_is_coloured_like_a_message(tickerx: Tickerx, board: Path) -> None:
    _, coloured = watch(tickerx, "--progress", "board.txt", environment={})
    _, plain = watch(tickerx, "--progress", "board.txt", environment={"NO_COLOR": "1"})
    assert ("\x1b[32m" in coloured, "\x1b[32m" in plain) == (True, False)


def test_a_bar_is_ascii_where_the_encoding_is_not_utf_8(tickerx: Tickerx, board: Path) -> None:
    _, written = watch(tickerx, "--progress", "board.txt", environment={"LC_ALL": "C", "PYTHONUTF8": "0"})
    assert written.isascii()
    assert "---" in written


def test_off_a_terminal_a_short_run_is_one_line(tickerx: Tickerx, board: Path) -> None:
    result = tickerx("--progress", "board.txt")
    assert (result.status, result.stdout) == (0, CSV)
    assert re.fullmatch(r"tickerx: 1\d\d/1\d\d bytes .*/s 3 quotes 0:00:00 left\n", result.stderr)


def test_at_a_dumb_terminal_it_is_one_line_too(tickerx: Tickerx, board: Path) -> None:
    _, written = watch(tickerx, "--progress", "board.txt", environment={"TERM": "dumb"})
    assert re.fullmatch(r"tickerx: 1\d\d/1\d\d bytes .* left\n", written)


def test_a_total_is_known_of_regular_files_alone(tmp_path: Path) -> None:
    (tmp_path / "board.txt").write_bytes(b"12345")
    os.mkfifo(tmp_path / "fifo")
    board = str(tmp_path / "board.txt")
    assert total_size([board, board]) == 10
    assert total_size([board, str(tmp_path / "missing")]) is None
    assert total_size([board, str(tmp_path / "fifo")]) is None
