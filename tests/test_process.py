"""The manners of the process: what it does with descriptors, pipes, signals, disks and the files of others."""

import os
import select
import signal
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import BOARD, CSV, DRAWN, FORMATS, HEADER, Result, Tickerx, end, read_screen, read_until, write
from tickerx.inputs.names import NEEDS_NUL

AGL = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
OLD = "what stood here before\n"
BIG = 100_000
"""Lines of a board that fill any pipe and, as CSV, any file as long as `ulimit -f 1024` lets it be."""

needs_full_disk = pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
needs_denial = pytest.mark.skipif(os.geteuid() == 0, reason="nothing is denied to root")


def listing(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


# Writing fails.


@needs_full_disk
@pytest.mark.parametrize("environment", [{}, {"PYTHONUNBUFFERED": "1"}], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize(
    "arguments", [*(f"board.txt -f {name}" for name in FORMATS), "--help", "--schema", "--version"]
)
def test_a_full_disk_gives_one_line(tickerx: Tickerx, board: Path, arguments: str, environment: dict[str, str]) -> None:
    result = tickerx.shell(f"tickerx {arguments} > /dev/full", environment)
    assert result == (2, "", "tickerx: write error: No space left on device\n")


@needs_full_disk
def test_a_message_that_cannot_be_written_changes_no_status(tickerx: Tickerx, board: Path) -> None:
    assert tickerx.shell("tickerx missing.txt board.txt 2> /dev/full") == (2, CSV, "")


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("tickerx board.txt >&-", (2, "", "tickerx: write error: Bad file descriptor\n"), id="stdout"),
        pytest.param(
            "tickerx --help >&-", (2, "", "tickerx: write error: Bad file descriptor\n"), id="stdout-for-help"
        ),
        pytest.param("tickerx <&-", (2, HEADER, "tickerx: -: Bad file descriptor\n"), id="stdin"),
        pytest.param("tickerx board.txt - <&-", (2, CSV, "tickerx: -: Bad file descriptor\n"), id="stdin-among-files"),
        pytest.param("tickerx board.txt <&-", (0, CSV, ""), id="stdin-that-is-not-read"),
        pytest.param("tickerx missing.txt board.txt 2>&-", (2, CSV, ""), id="stderr"),
        pytest.param("tickerx board.txt -o quotes.csv <&- >&- 2>&- && cat quotes.csv", (0, CSV, ""), id="all-three"),
        pytest.param(
            "tickerx missing.txt board.txt -o /dev/fd/3 3> quotes.csv 2>&-; echo $?; cat quotes.csv",
            (0, f"2\n{CSV}", ""),
            id="stderr-and-no-message-lands-in-the-output",
        ),
    ],
)
def test_a_closed_descriptor_is_neither_used_nor_taken(
    tickerx: Tickerx, board: Path, script: str, expected: tuple[int, str, str]
) -> None:
    assert tickerx.shell(script) == expected


def test_a_pipe_that_does_not_block_is_written_whole(tickerx: Tickerx) -> None:
    (tickerx.folder / "page.txt").write_text(BOARD * 2000, "utf-8")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    process = tickerx.start("page.txt", stdout=writer)
    rows = b""
    while process.poll() is None:
        _, has_room, _ = select.select([], [writer], [], 0.01)
        if not has_room:
            rows += os.read(reader, 65536)
    os.close(writer)
    with open(reader, "rb") as rest:
        rows += rest.read()
    assert rows.decode() == HEADER + CSV.removeprefix(HEADER) * 2000
    assert end(process) == (0, "", "")


# The reader goes.


@pytest.mark.parametrize(
    ("inherited", "status"),
    [
        pytest.param(None, -signal.SIGPIPE, id="by-SIGPIPE"),
        pytest.param(lambda: signal.signal(signal.SIGPIPE, signal.SIG_IGN), -signal.SIGPIPE, id="that-was-ignored"),
        pytest.param(
            lambda: signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGPIPE]),
            128 + signal.SIGPIPE,
            id="that-was-blocked",
        ),
    ],
)
@pytest.mark.parametrize("arguments", [*(["-f", name] for name in FORMATS), ["--help"], ["--schema"], ["--version"]])
def test_a_closed_pipe_ends_it_silently(
    tickerx: Tickerx, board: Path, arguments: list[str], inherited: Callable[[], object] | None, status: int
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = tickerx.start(*arguments, "board.txt", stdout=writer, inherited=inherited)
    os.close(writer)
    assert end(process) == (status, "", "")


def test_a_reader_that_goes_ends_the_reading(tickerx: Tickerx) -> None:
    process = tickerx.start()
    write(process.stdin, AGL)
    read_until(process.stdout, b"AGL")
    assert process.stdout
    process.stdout.close()
    write(process.stdin, AGL)
    assert process.wait() == -signal.SIGPIPE  # Its standard input has not ended.
    assert end(process).stderr == ""


# Rows leave as they come.


@pytest.mark.parametrize("format", [name for name in FORMATS if name not in DRAWN])
def test_a_row_leaves_before_the_next_one_comes(tickerx: Tickerx, format: str) -> None:
    process = tickerx.start("-f", format)
    for symbol in ("AGL", "NBP", "786"):
        write(process.stdin, f"a headline\n{symbol} 40.00 Decreased By ▼ -0.16 (-0.4%)\n")
        read_until(process.stdout, symbol.encode())
    assert end(process).status == 0


def test_a_row_leaves_before_its_line_ends(tickerx: Tickerx) -> None:
    process = tickerx.start("--no-header", "-n")
    for symbol in ("AGL", "NBP", "786"):
        write(process.stdin, f"{symbol} 40.00 Decreased By ▼ -0.16 (-0.4%)")
        assert read_until(process.stdout, b"\n").decode() == f"1,{symbol},40.00,-0.16,-0.4,down,stock\n"
    assert end(process) == (0, "", "")


def test_a_listed_input_is_read_before_the_next_is_listed(tickerx: Tickerx, board: Path) -> None:
    process = tickerx.start("--files0-from", "-")
    for _ in range(3):
        write(process.stdin, "board.txt\0")
        read_until(process.stdout, b"NBP")
    assert end(process).status == 0


# The output file.


@pytest.mark.parametrize(
    ("script", "name", "mode"),
    [
        pytest.param("umask 027; tickerx board.txt -o new.csv", "new.csv", 0o640, id="a-new-file-by-the-umask"),
        pytest.param("umask 077; tickerx board.txt -o old.csv", "old.csv", 0o604, id="an-old-file-with-its-mode"),
        pytest.param("umask 022; tickerx board.txt -o link.csv", "folder/target.csv", 0o600, id="the-target-of-a-link"),
        pytest.param("umask 022; tickerx board.txt -o dangling.csv", "folder/new.csv", 0o644, id="a-dangling-link"),
        pytest.param("umask 022; cd folder && tickerx ../board.txt -o new", "folder/new", 0o644, id="in-this-folder"),
    ],
)
def test_an_output_is_put_in_its_place_whole(tickerx: Tickerx, board: Path, script: str, name: str, mode: int) -> None:
    here = tickerx.folder
    (here / "folder").mkdir()
    for old, old_mode in (("old.csv", 0o604), ("folder/target.csv", 0o600)):
        (here / old).write_text(OLD)
        (here / old).chmod(old_mode)
    (here / "link.csv").symlink_to("folder/target.csv")
    (here / "dangling.csv").symlink_to(here / "folder/new.csv")
    files = {*listing(here), *(f"folder/{file}" for file in listing(here / "folder"))}

    assert tickerx.shell(script) == (0, "", "")
    assert ((here / name).read_text("utf-8"), stat.S_IMODE((here / name).stat().st_mode)) == (CSV, mode)
    assert {*listing(here), *(f"folder/{file}" for file in listing(here / "folder"))} == files | {name}
    assert (os.readlink(here / "link.csv"), (here / "dangling.csv").is_symlink()) == ("folder/target.csv", True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_an_old_file_keeps_its_owner(tickerx: Tickerx, board: Path) -> None:
    output = tickerx.folder / "quotes.csv"
    output.touch()
    os.chown(output, 12, 34)
    assert tickerx("board.txt", "-o", "quotes.csv") == (0, "", "")
    assert (output.read_text("utf-8"), output.stat().st_uid, output.stat().st_gid) == (CSV, 12, 34)


def test_who_reads_the_old_file_reads_it_to_its_end(tickerx: Tickerx, board: Path) -> None:
    output = tickerx.folder / "quotes.csv"
    output.write_text(OLD)
    with output.open() as reader:
        assert tickerx("board.txt", "-o", "quotes.csv") == (0, "", "")
        assert reader.read() == OLD


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        pytest.param("tickerx board.txt -o /dev/stdout", CSV, id="standard-output"),
        pytest.param("tickerx board.txt -o /dev/stderr 2>&1", CSV, id="standard-error"),
        pytest.param("tickerx board.txt -o /dev/fd/3 3>&1", CSV, id="a-descriptor"),
        pytest.param(
            "tickerx board.txt -o /dev/stdout >> old.csv && cat old.csv", OLD + CSV, id="and-what-stood-there-stays"
        ),
        pytest.param("mkfifo p; tickerx board.txt -o p & cat p; wait $! && test -p p", CSV, id="a-fifo"),
        pytest.param(
            "mkfifo p; ln -s p q; tickerx board.txt -o q & cat p; wait $! && test -h q", CSV, id="a-link-to-a-fifo"
        ),
    ],
)
def test_what_is_no_regular_file_is_written_straight(tickerx: Tickerx, board: Path, script: str, expected: str) -> None:
    (tickerx.folder / "old.csv").write_text(OLD)
    assert tickerx.shell(script) == (0, expected, "")


def test_a_device_is_written_straight(tickerx: Tickerx, board: Path) -> None:
    screen, terminal = os.openpty()
    assert tickerx("board.txt", "-o", os.ttyname(terminal)) == (0, "", "")
    assert read_screen(screen, terminal) == CSV


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(
            "missing.txt board.txt -o old.csv", "missing.txt: No such file or directory", id="a-missing-input"
        ),
        pytest.param(
            "board.txt folder -o old.csv", "folder: Is a directory; -R reads folders", id="a-folder-as-an-input"
        ),
        pytest.param("--files0-from missing -o old.csv", "missing: No such file or directory", id="a-missing-list"),
        pytest.param("missing.txt -o new.csv", "missing.txt: No such file or directory", id="and-makes-no-new-file"),
        pytest.param("board.txt -o folder", "folder: Is a directory", id="a-folder-as-the-output"),
        pytest.param("board.txt -o missing/q.csv", "missing/q.csv: No such file or directory", id="no-such-folder"),
        pytest.param("board.txt -o old.csv/q.csv", "old.csv/q.csv: Not a directory", id="a-file-as-a-folder"),
        pytest.param("board.txt -o loop", "loop: Too many levels of symbolic links", id="a-link-to-itself"),
        pytest.param("board.txt -o /dev/fd/9", "/dev/fd/9: Bad file descriptor", id="a-closed-descriptor"),
        pytest.param("board.txt -o denied/q.csv", "denied/q.csv: Permission denied", id="denied", marks=needs_denial),
        pytest.param("board.txt -o fixed.csv", "fixed.csv: Permission denied", id="read-only", marks=needs_denial),
        pytest.param("big.txt -o old.csv", "old.csv: File too large", id="a-write-that-fails-in-the-middle"),
    ],
)
def test_trouble_leaves_all_files_as_they_were(tickerx: Tickerx, board: Path, arguments: str, message: str) -> None:
    here = tickerx.folder
    (here / "big.txt").write_text(AGL * BIG, "utf-8")
    (here / "old.csv").write_text(OLD)
    (here / "fixed.csv").touch(0o444)
    (here / "folder").mkdir()
    (here / "denied").mkdir(0o555)
    (here / "loop").symlink_to("loop")
    files = listing(here)
    assert tickerx.shell(f"ulimit -f 1024; tickerx {arguments}") == (2, "", f"tickerx: {message}\n")
    assert (listing(here), (here / "old.csv").read_text()) == (files, OLD)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_leaves_the_old_file_and_ends_it_by_that_signal(
    tickerx: Tickerx, board: Path, number: signal.Signals
) -> None:
    output = tickerx.folder / "quotes.csv"
    output.write_text(OLD)
    os.mkfifo(tickerx.folder / "gate")
    files = listing(tickerx.folder)
    process = tickerx.start("board.txt", "gate", "-o", "quotes.csv")
    with (tickerx.folder / "gate").open("w"):  # Opens when the command has come to this input, the board written.
        assert [(tickerx.folder / file).read_text("utf-8") for file in {*listing(tickerx.folder)} - {*files}] == [CSV]
        process.send_signal(number)
        assert process.wait() == -number
    assert end(process) == (-number, "", "")
    assert (listing(tickerx.folder), output.read_text()) == (files, OLD)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
def test_a_signal_that_is_ignored_from_the_start_stays_so(
    tickerx: Tickerx, board: Path, number: signal.Signals
) -> None:
    os.mkfifo(tickerx.folder / "gate")
    process = tickerx.start("gate", inherited=lambda: signal.signal(number, signal.SIG_IGN))
    with (tickerx.folder / "gate").open("w") as gate:
        process.send_signal(number)
        gate.write(BOARD)
    assert end(process) == (0, CSV, "")


@pytest.mark.parametrize(
    ("script", "name"),
    [
        pytest.param("tickerx board.txt -o board.txt", "board.txt", id="by-its-name"),
        pytest.param("tickerx board.txt -o ./link.txt", "board.txt", id="written-by-a-link"),
        pytest.param("tickerx link.txt -o board.txt", "link.txt", id="read-by-a-link"),
        pytest.param("tickerx hard.txt -o board.txt", "hard.txt", id="by-a-hard-link"),
        pytest.param("tickerx -o board.txt < board.txt", "-", id="as-standard-input"),
        pytest.param("tickerx board.txt -o /dev/fd/3 3>> board.txt", "board.txt", id="as-a-descriptor"),
        pytest.param("tickerx board.txt >> board.txt", "board.txt", id="as-standard-output"),
        pytest.param("tickerx - < board.txt >> hard.txt", "-", id="as-both-streams"),
        pytest.param("tickerx --files0-from list -o board.txt", "board.txt", id="by-a-list"),
        pytest.param("tickerx --files0-from board.txt -o board.txt", "board.txt", id="as-the-list"),
    ],
)
def test_an_input_that_is_also_the_output_is_refused(tickerx: Tickerx, board: Path, script: str, name: str) -> None:
    (tickerx.folder / "link.txt").symlink_to("board.txt")
    (tickerx.folder / "hard.txt").hardlink_to(board)
    (tickerx.folder / "list").write_text("board.txt\0")
    message = f"tickerx: {name}: this input is also the output; write to another file\n"
    assert tickerx.shell(script) == (2, "", message)
    assert board.read_text("utf-8") == BOARD


def test_a_device_may_be_input_and_output(tickerx: Tickerx) -> None:
    assert tickerx.shell("tickerx < /dev/null > /dev/null") == (0, "", "")


# Inputs.


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("missing.txt", "No such file or directory", id="missing"),
        pytest.param("folder", "Is a directory; -R reads folders", id="a-folder"),
        pytest.param("board.txt/below", "Not a directory", id="below-a-file"),
        pytest.param("loop", "Too many levels of symbolic links", id="a-link-to-itself"),
        pytest.param("denied.txt", "Permission denied", id="denied", marks=needs_denial),
        pytest.param(
            "/proc/self/mem",
            "Input/output error",
            id="a-read-that-fails",
            marks=pytest.mark.skipif(not os.path.exists("/proc/self/mem"), reason="there is no /proc here"),
        ),
    ],
)
def test_an_input_that_cannot_be_read_is_named_and_the_others_are_read(
    tickerx: Tickerx, board: Path, name: str, reason: str
) -> None:
    (tickerx.folder / "folder").mkdir()
    (tickerx.folder / "denied.txt").touch(0)
    (tickerx.folder / "loop").symlink_to("loop")
    assert tickerx(name, "board.txt") == (2, CSV, f"tickerx: {name}: {reason}\n")


def test_a_file_that_shrinks_while_it_is_read_is_trouble(tickerx: Tickerx) -> None:
    page = tickerx.folder / "big.txt"
    page.write_text(AGL * BIG, "utf-8")
    process = tickerx.start("big.txt")
    read_until(process.stdout, b"AGL")  # The pipe is full of rows of the first block, and nothing more is read.
    size = page.stat().st_size
    os.truncate(page, 0)
    status, _, stderr = end(process)
    assert (status, stderr.partition(" of ")[2]) == (2, f"{size} bytes were read\n")
    assert stderr.startswith("tickerx: big.txt: the file shrank while it was read: ")


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("tickerx -f $FORMAT < page.txt", id="standard-input"),
        pytest.param("tickerx -f $FORMAT - < page.txt", id="standard-input-named-minus"),
        pytest.param("tickerx -f $FORMAT /dev/stdin < page.txt", id="standard-input-by-its-file"),
        pytest.param("cat page.txt | tickerx -f $FORMAT", id="a-pipe"),
        pytest.param("mkfifo p; tickerx -f $FORMAT p & cat page.txt > p; wait $!", id="a-fifo"),
        pytest.param("printf 'page.txt\\0' | tickerx -f $FORMAT --files0-from -", id="a-listed-file"),
    ],
)
@pytest.mark.parametrize("format", ["csv", "json"])
def test_an_input_gives_the_same_however_it_comes(tickerx: Tickerx, script: str, format: str) -> None:
    page = b"\xff\0 " + BOARD.replace("\n", "\r\n").encode() * 2000 + b"a torn \xe2\x96 byte " + AGL.strip().encode()
    (tickerx.folder / "page.txt").write_bytes(page)
    expected = tickerx("-f", format, "page.txt")
    assert (expected.status, expected.stdout.count("AGL"), expected.stderr) == (0, 2001, "")
    assert tickerx.shell(script, {"FORMAT": format}) == expected


def test_thousands_of_inputs_need_few_descriptors(tickerx: Tickerx) -> None:
    names = [f"{number}.txt" for number in range(3000)]
    for name in names:
        (tickerx.folder / name).write_text(AGL, "utf-8")
    (tickerx.folder / "list").write_text("\0".join(names))
    expected = "".join(f"{name},AGL\n" for name in names)
    for inputs in ("--files0-from list", "$(seq -f '%.0f.txt' 0 2999)"):
        assert tickerx.shell(f"ulimit -n 32; tickerx --no-header -H -c symbol {inputs}") == (0, expected, "")


def test_standard_input_that_has_ended_is_empty_when_named_again(tickerx: Tickerx) -> None:
    assert tickerx("-", "-", stdin=BOARD) == (0, CSV, "")


def test_standard_input_that_does_not_block_is_trouble_when_it_has_nothing(tickerx: Tickerx) -> None:
    reader, writer = os.pipe()
    os.set_blocking(reader, False)
    process = tickerx.start(stdin=reader)
    os.close(reader)
    assert end(process) == (2, HEADER, "tickerx: -: Resource temporarily unavailable\n")
    os.close(writer)


# Lists of inputs.


@pytest.mark.parametrize(
    ("listed", "stdin", "symbols", "message"),
    [
        pytest.param(b"a.txt\0b.txt\0", b"", "AGL NBP", "", id="names"),
        pytest.param(b"b.txt\0a.txt", b"", "NBP AGL", "", id="the-last-without-its-NUL"),
        pytest.param(b"", b"", "", "", id="no-names"),
        pytest.param(b"a.txt\0-\0", b"786 40.00 No Change 0.00 (0%)", "AGL 786", "", id="minus-is-standard-input"),
        pytest.param(b"a\nb.txt\0", b"", "KEL", "", id="a-name-with-a-line-feed"),
        pytest.param(b"a.txt\0\0b.txt\0", b"", "AGL NBP", "list:2: the name of a file is empty", id="an-empty-name"),
        pytest.param(b"c.txt\0a.txt\0", b"", "AGL", "c.txt: No such file or directory", id="a-missing-input"),
        pytest.param(
            b"a.txt\n" * 20000,
            b"",
            "",
            f"list: a name has no end; {NEEDS_NUL}",
            id="lines",
        ),
    ],
)
def test_a_list_names_the_inputs(tickerx: Tickerx, listed: bytes, stdin: bytes, symbols: str, message: str) -> None:
    for name, symbol in (("a.txt", "AGL"), ("b.txt", "NBP"), ("a\nb.txt", "KEL")):
        (tickerx.folder / name).write_text(AGL.replace("AGL", symbol), "utf-8")
    (tickerx.folder / "list").write_bytes(listed)
    status, stdout, stderr = tickerx("-c", "symbol", "--no-header", "--files0-from", "list", stdin=stdin)
    assert (stdout.split(), stderr) == (symbols.split(), f"tickerx: {message}\n" if message else "")
    assert status == (2 if message else 0)


def test_a_list_may_come_by_standard_input_which_is_then_no_input(tickerx: Tickerx, board: Path) -> None:
    message = "tickerx: -:2: standard input is the list; it cannot be an input too\n"
    assert tickerx("--files0-from", "-", stdin="board.txt\0") == (0, CSV, "")
    assert tickerx("--files0-from", "-", stdin="missing.txt\0-\0board.txt") == (
        2,
        CSV,
        f"tickerx: missing.txt: No such file or directory\n{message}",
    )


def test_a_signal_that_comes_while_the_command_loads_ends_it_in_silence(tickerx: Tickerx) -> None:
    """Let the load of click, which comes after nearly all else has been loaded, wait on a pipe."""
    (tickerx.folder / "click.py").write_text("print(flush=True)\ninput()\n", "utf-8")
    process = tickerx.start(environment={"PYTHONPATH": str(tickerx.folder)})
    assert process.stdout is not None
    process.stdout.readline()
    process.send_signal(signal.SIGINT)
    assert end(process) == Result(-signal.SIGINT, "", "")
