"""Several processes read as one does, and end as one does."""

import os
import re
import select
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from shlex import join

import pytest

from tests.support import BOARD, COMMAND, CSV, HEADER, Result, Tickerx, end
from tickerx.engine.parallel import PART, quota

BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\nAGL 40.00 Decreased By ▼ -0.16 (-0.5%)\n"
PAGE = BOARD * 60 + "Prose, by the line.\n" * 1000 + BAD


def fill(path: Path, text: str, size: int = 5 * PART // 2) -> Path:
    """Write a text as often as it takes to fill a file of that many bytes, and a last line without end."""
    content = text.encode()
    path.write_bytes(content * (size // len(content)) + b"AGL 40.00 Decreased By")
    return path


CONTENTS = {
    "lines-that-end-with-LF": PAGE,
    "lines-that-end-with-CRLF": PAGE.replace("\n", "\r\n"),
    "lines-that-end-with-CR": PAGE.replace("\n", "\r"),
    "one-line": PAGE.replace("\n", " "),
    "long-lines": "x" * (PART // 2) + PAGE,
}


CASES = [
    *(pytest.param(text, ["--strict", "-f", "json"], id=name) for name, text in CONTENTS.items()),
    pytest.param(PAGE, ["-n"], id="with-line-numbers"),
    pytest.param(PAGE, ["-q", "-c", "file,sound"], id="with-other-columns"),
    pytest.param(PAGE, ["-qv"], id="in-numbers"),
]


@pytest.mark.parametrize(("text", "options"), CASES)
def test_rows_reports_and_status_do_not_depend_on_the_number_of_processes(
    tickerx: Tickerx, text: str, options: list[str]
) -> None:
    fill(tickerx.folder / "large", text)
    (tickerx.folder / "small").write_text(PAGE, "utf-8")
    inputs = ["small", "missing", "large", "small", "-"]
    alone, together = (tickerx("-j", jobs, *options, *inputs, stdin=PAGE) for jobs in ("1", "3"))
    assert alone.status == together.status == 2
    assert alone.stdout == together.stdout
    assert alone.stderr.split(", seconds")[0] == together.stderr.split(", seconds")[0]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_large_file_of_utf_16_is_not_cut(tickerx: Tickerx, encoding: str) -> None:
    text = "\ufeff" + PAGE * (2 * PART // len(PAGE)) + BOARD
    for name in ("one", "other"):
        (tickerx.folder / name).write_bytes(text.encode(encoding))
    alone, together = (tickerx("-j", jobs, "--strict", "one", "other") for jobs in ("1", "2"))
    assert alone == together
    assert alone.stdout.count("\n") > 1000


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(b"\xef\xbb\xbf", id="a-mark-of-byte-order"),
        pytest.param(b"\xff\xfe", id="a-mark-of-utf-16"),
        pytest.param(b"<!doctype html>", id="a-page"),
        pytest.param(b"%PDF-1.7", id="a-document"),
        pytest.param(b"\x1f\x8b\x08", id="compressed-data"),
    ],
)
def test_a_part_that_begins_like_another_kind_of_input_is_text(tickerx: Tickerx, start: bytes) -> None:
    before = b"x\n" * (PART // 2 + 1)  # the second part begins behind it
    (tickerx.folder / "large").write_bytes(before + start + b" " + BAD.encode() + before * 2)
    column = len(start.decode("utf-8", "surrogateescape")) + 6
    alone, together = (tickerx("-j", jobs, "--strict", "large") for jobs in ("1", "2"))
    assert alone == together
    assert f"tickerx: large:{PART // 2 + 2}:{column}: expected a price\n" in together.stderr


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        pytest.param("200000 100000\n", 2, id="two-processors"),
        pytest.param("150000 100000\n", 2, id="one-and-a-half"),
        pytest.param("max 100000\n", None, id="no-limit"),
    ],
)
def test_a_quota_of_a_container_counts_processors(tmp_path: Path, content: str, expected: int | None) -> None:
    (tmp_path / "cpu.max").write_text(content)
    assert quota(str(tmp_path / "cpu.max")) == expected
    assert quota(str(tmp_path / "missing")) is None


def test_a_process_with_too_little_memory_says_so() -> None:
    program = (
        "from tickerx.system.workers import Worker\n"
        "def work(task: int) -> list[int]: raise MemoryError\n"
        "worker = Worker(work, [])\n"
        "worker.send(1)\n"
        "try: next(worker.receive())\n"
        "except MemoryError: print('too little')\n"
        "worker.leave()\n"
    )
    assert subprocess.check_output([sys.executable, "-c", program], text=True) == "too little\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_rows_reports_and_rejects_have_the_same_lines(tickerx: Tickerx, line_end: str) -> None:
    fill(tickerx.folder / "large", PAGE.replace("\n", line_end, PAGE.count("\n") - 1))
    runs = [tickerx("-n", "-j", jobs, "--strict", "--rejects", f"rejects{jobs}", "large") for jobs in ("1", "2")]
    assert runs[0] == runs[1]
    assert (tickerx.folder / "rejects1").read_bytes() == (tickerx.folder / "rejects2").read_bytes()


def test_many_small_files_keep_their_order(tickerx: Tickerx) -> None:
    names = [f"{number}.txt" for number in range(600)]
    for number, name in enumerate(names):
        (tickerx.folder / name).write_text(BOARD.replace("AGL", f"S{number}"), "utf-8")
    (tickerx.folder / "list").write_bytes(b"\0".join(name.encode() for name in [*names, "", "missing", "0.txt"]))
    alone, together = (tickerx("-j", jobs, "-Hn", "--files0-from", "list") for jobs in ("1", "2"))
    assert alone == together
    assert (
        alone.stderr == "tickerx: list:601: the name of a file is empty\ntickerx: missing: No such file or directory\n"
    )


needs_strace = pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed")


def failing(tickerx: Tickerx, fault: str, *arguments: str, output: str = "") -> Result:
    """Run the command while the system fails in a way, and leave out what strace says of that way."""
    result = tickerx.shell(f"exec strace -f -qq -o trace {fault} {join([*COMMAND, *arguments])} {output}")
    return result._replace(stderr=re.sub("^strace: .*\n", "", result.stderr, flags=re.MULTILINE))


STARTS = "?fork,?vfork,?clone,?clone3"


@needs_strace
@pytest.mark.parametrize("when", ["", ":when=2+"], ids=["at-all", "than-one"])
def test_without_room_for_more_processes_the_existing_ones_do_all_the_work(tickerx: Tickerx, when: str) -> None:
    fill(tickerx.folder / "large", PAGE)
    (tickerx.folder / "small").write_text(PAGE, "utf-8")
    arguments = ("-j", "3", "small", "large", "small")
    fault = f"-e trace={STARTS} -e inject={STARTS}:error=EAGAIN{when}"
    assert failing(tickerx, fault, *arguments) == tickerx(*arguments)


@needs_strace
@pytest.mark.parametrize(
    ("arguments", "count"),
    [
        pytest.param(["board.txt", "board.txt"], 0, id="little"),
        pytest.param(["missing", "missing", "board.txt"], 0, id="nothing-but-a-little"),
        pytest.param(["large"], 2, id="two-parts-of-a-file"),
        pytest.param(["-j", "2", "large", "large", "large"], 2, id="more-parts-than-processes"),
        pytest.param(["-n", "large"], 2, id="two-parts-with-their-lines"),
        pytest.param(["--layout", "{symbol} {price} {percent}%", "large"], 0, id="a-file-that-is-not-cut"),
    ],
)
def test_as_many_processes_are_started_as_there_is_work_for(
    tickerx: Tickerx, board: Path, arguments: list[str], count: int
) -> None:
    fill(tickerx.folder / "large", PAGE)
    failing(tickerx, f"-e trace={STARTS}", "-q", "-j", "9", *arguments)
    assert len(re.findall(r"(?:fork|clone3?)\(", (tickerx.folder / "trace").read_text("utf-8"))) == count


@needs_strace
def test_the_command_waits_until_its_processes_have_ended(tickerx: Tickerx) -> None:
    fill(tickerx.folder / "large", PAGE)
    failing(tickerx, f"-e trace={STARTS},wait4", "-q", "-j", "2", "large")
    trace = (tickerx.folder / "trace").read_text("utf-8")
    started = re.findall(r"(?:fork|clone3?)\b.* = ([0-9]+)$", trace, re.MULTILINE)
    assert len(started) == 2
    assert set(re.findall(r"wait4\(([0-9]+), (?!.*WNOHANG)", trace)) == set(started)


@needs_strace
def test_a_file_that_opens_for_no_other_process_is_reported(tickerx: Tickerx) -> None:
    fill(tickerx.folder / "large", BOARD)
    (tickerx.folder / "small").write_text(BOARD, "utf-8")
    result = failing(tickerx, "-P small -e inject=openat:error=EACCES", "-q", "-j", "2", "small", "large")
    assert (result.status, result.stderr) == (2, "tickerx: small: Permission denied\n")
    assert result.stdout == tickerx("-q", "large").stdout


@needs_strace
def test_a_file_that_does_not_open_to_be_cut_is_read_whole(tickerx: Tickerx) -> None:
    fill(tickerx.folder / "large", PAGE)
    (tickerx.folder / "small").write_text(PAGE, "utf-8")
    arguments = ("small", "large", "small")
    fault = "-P large -e inject=openat:error=EMFILE:when=1"
    assert failing(tickerx, fault, "-j", "2", *arguments) == tickerx("-j", "1", *arguments)


@needs_strace
def test_nothing_follows_a_part_that_cannot_be_read(tickerx: Tickerx) -> None:
    lines = (f"S{number:06} 1.0 No Change 0.0 (0%)\n" for number in range(12 * PART // 32))
    (tickerx.folder / "large").write_text("".join(lines), "ascii")
    whole = tickerx("-q", "large").stdout
    # This process reads it 12 times to cut it; a worker fails in the midst of its parts, and reads those behind.
    fault = "-P large -e inject=read:error=EIO:when=14"
    result = failing(tickerx, fault, "-q", "-j", "2", "large")
    assert (result.status, result.stderr) == (2, "tickerx: large: Input/output error\n")
    assert len(HEADER) < len(result.stdout) < len(whole)
    assert whole.startswith(result.stdout)


def workers(process: subprocess.Popen[bytes]) -> list[int]:
    """Return the processes that a process has started."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    return [int(number) for number in children.read_text("ascii").split()]


@pytest.fixture
def reading(tickerx: Tickerx) -> subprocess.Popen[bytes]:
    """Return the command while two processes read for it, and it waits for its reader."""
    fill(tickerx.folder / "large", BOARD, 60 * PART)
    process = tickerx.start("-j", "2", "large")
    assert process.stdout is not None
    assert process.stdout.read(len(HEADER)) == HEADER.encode()
    return process


def is_gone(number: int) -> bool:
    """Wait for a process to end, if it is there, and say that it has."""
    try:
        descriptor = os.pidfd_open(number)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([descriptor], [], [], 10)[0])
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_signal_leaves_no_process_behind(reading: subprocess.Popen[bytes], number: signal.Signals) -> None:
    started = workers(reading)
    assert len(started) == 2
    reading.send_signal(number)
    assert end(reading).status == -number
    assert all(map(is_gone, started))


def test_a_reader_that_goes_leaves_no_process_behind(reading: subprocess.Popen[bytes]) -> None:
    started = workers(reading)
    assert reading.stdout is not None
    reading.stdout.close()
    assert reading.wait() == -signal.SIGPIPE
    assert all(map(is_gone, started))


def test_a_worker_that_is_killed_ends_the_run_with_a_message(reading: subprocess.Popen[bytes]) -> None:
    os.kill(workers(reading)[0], signal.SIGKILL)
    status, _, stderr = end(reading)
    assert (status, stderr) == (
        2,
        "tickerx: a worker process died; the output is incomplete\n",
    )


@needs_strace
def test_a_run_that_fails_ends_a_worker_that_does_not_go_on(tickerx: Tickerx) -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("there is no /dev/full here")
    fill(tickerx.folder / "first", BOARD, PART)
    fill(tickerx.folder / "second", BOARD, PART)
    fault = "-P second -e inject=read:signal=STOP"  # the worker stops itself at its first read of the file
    result = failing(tickerx, fault, "-q", "-j", "2", "first", "second", output="> /dev/full")
    assert result == Result(2, "", "tickerx: write error: No space left on device\n")


def test_a_file_removed_during_reading_is_reported_once(tickerx: Tickerx, reading: subprocess.Popen[bytes]) -> None:
    (tickerx.folder / "large").unlink()
    status, stdout, stderr = end(reading)
    assert (status, stderr) == (2, "tickerx: large: No such file or directory\n")
    assert CSV.removeprefix(HEADER) * 100 in stdout


def test_a_file_replaced_during_reading_is_reported_once(tickerx: Tickerx, reading: subprocess.Popen[bytes]) -> None:
    fill(tickerx.folder / "other", BOARD.replace("AGL", "OGDC"), 60 * PART)
    (tickerx.folder / "other").replace(tickerx.folder / "large")
    status, stdout, stderr = end(reading)
    assert (status, stderr) == (2, "tickerx: large: the file was replaced while it was read\n")
    assert "OGDC" not in stdout


def test_a_signal_that_is_ignored_ends_no_process(tickerx: Tickerx) -> None:
    fill(tickerx.folder / "large", BOARD, 8 * PART)
    process = tickerx.start("-q", "-j", "2", "large", inherited=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    assert process.stdout is not None
    assert process.stdout.read(len(HEADER)) == HEADER.encode()
    for number in (*workers(process), process.pid):
        os.kill(number, signal.SIGHUP)
    assert end(process).status == 0


def test_processes_end_in_the_middle_of_their_work_when_their_parent_ends(tickerx: Tickerx) -> None:
    fill(tickerx.folder / "large", BAD, 8 * PART)
    process = tickerx.start("--strict", "-j", "2", "large")
    while len(started := workers(process)) < 2:
        assert process.poll() is None
    process.kill()
    assert end(process).status == -signal.SIGKILL
    assert all(map(is_gone, started))


def test_a_file_shrinking_during_reading_is_reported_once(tickerx: Tickerx, reading: subprocess.Popen[bytes]) -> None:
    os.truncate(tickerx.folder / "large", 40 * PART)
    status, _, stderr = end(reading)
    assert status == 2
    assert stderr.startswith("tickerx: large: the file shrank while it was read: ")
    assert stderr.count("\n") == 1


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_number_of_processes_is_at_least_one(tickerx: Tickerx, jobs: str) -> None:
    result = tickerx("-j", jobs)
    assert (result.status, result.stdout) == (2, "")
    assert "'-j'" in result.stderr
