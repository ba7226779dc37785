"""Limits that the system sets, and tickerx keeps: time, memory, and what a system does not have."""

import os
import select
import signal
import sys
from itertools import chain, repeat
from pathlib import Path
from shlex import join
from threading import Thread

import pytest

from tests.support import BOARD, COMMAND, CSV, HEADER, Result, Tickerx, end

BAD = "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)\n"
SUSPECT = "AGL 4.00 Decreased By ▼ -0.16 (-0.4%)\n"
LINE = "AGL 40.00 Decreased By ▼ -0.16 (-0.4%)\n"
LAST = "\n LAST 1.00 No Change 0.00 (0%)"

# Time.

FRAGMENTS = [
    *("AGL 40.00 Decreased By ", "9,999", "9,999 ", "(((((", "\t", "A ", "786 ", "%) ", "No Change ", "▲", "| "),
    *(
        "AGL 40.0O Decreased By ▼ -0.16 (-0.4%)",
        "Increased By ▲ ",
        "By ",
        "Change ",
        "-0.16 (",
        "\r",
        "Increased",
        "\u00a0",
    ),
]
"""Parts of quotes; 4 MB of any of them must be read within the seconds of processor time below."""

SECONDS = 30


def test_no_repeat_of_a_part_of_a_quote_takes_long(tickerx: Tickerx) -> None:
    """All are read at once, each by a process of its own that the system ends when its time is over."""
    signal.alarm(10 * SECONDS)  # They share the processors, and it is not the test that ends them.
    for number, fragment in enumerate(FRAGMENTS):
        content = fragment.encode()
        (tickerx.folder / f"{number}").write_bytes(content * (4_000_000 // len(content)))
    command = f"{join(COMMAND)} -q --strict --rejects rejects-$n $n -o rows-$n"
    script = (
        f"unset COVERAGE_PROCESS_START COVERAGE_PROCESS_CONFIG; ulimit -t {SECONDS}\n"
        f"for n in $(seq 0 {len(FRAGMENTS) - 1}); do ( {command}; echo $n $? > status-$n ) & done; wait; cat status-*"
    )
    status, stdout, stderr = tickerx.shell(script)
    statuses = {FRAGMENTS[int(number)]: int(ended) for number, ended in map(str.split, stdout.splitlines())}
    assert (status, stderr) == (0, "")
    assert {fragment for fragment, ended in statuses.items() if ended not in (0, 1)} == set()
    assert statuses.keys() == set(FRAGMENTS)


# Memory.

MEBIBYTE = 1 << 20

INPUTS = [
    pytest.param("x", id="a-line-that-does-not-end"),
    pytest.param("AGL 40.00 ", id="figures-in-a-line-that-does-not-end"),
    pytest.param("The market was quiet all day, and nobody knows why.\n", id="prose"),
    pytest.param(LINE, id="a-board"),
]


@pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="there is no /proc here")
@pytest.mark.parametrize("part", INPUTS)
def test_64_mib_need_less_than_64_mib_of_memory_and_a_quote_after_them_is_found(tickerx: Tickerx, part: str) -> None:
    block = part.encode() * (MEBIBYTE // len(part.encode()))
    process = tickerx.start("--no-header", "-c", "symbol")

    def feed() -> None:
        assert process.stdin
        for some in chain(repeat(block, 64), [LAST.replace("\n", "" if part == "x" else "\n").encode()]):
            rest = memoryview(some)
            while rest:
                rest = rest[process.stdin.write(rest) :]

    feeder = Thread(target=feed)
    feeder.start()
    _read_past(process.stdout, b"LAST\n")
    feeder.join()
    # Not the maximum that `wait4` tells: that is never less than what the process had that started the command.
    status = Path(f"/proc/{process.pid}/status").read_text("ascii")
    [peak] = [int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")]
    assert end(process) == (0, "", "")
    assert peak < 64 * MEBIBYTE


DAMAGED = [
    pytest.param([], "▼ 7No Change▼ " * 100_000, 3, id="long-lines-of-short-malformed-spans"),
    pytest.param(["--rejects", "rejects.csv"], "▼ 7No Change▼\n" * 60_000, 3, id="their-rejects"),
    pytest.param(["--rejects", "rejects.csv"], BAD * 60_000, 1, id="rejects-of-one-file"),
    pytest.param([], BAD * 60_000, 2, id="malformed-lines"),
    pytest.param(["--strict", "--rejects", "rejects.csv"], SUSPECT * 60_000, 2, id="suspect-lines"),
    pytest.param(["--strict", "-c", "symbol,sound"], SUSPECT * 60_000, 2, id="suspect-lines-and-their-column"),
]

PEAK = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)
"""A program that prints the most memory, in KiB, that a command or one of its workers had."""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only there")
@pytest.mark.parametrize(("options", "content", "files"), DAMAGED)
def test_no_process_needs_64_mib_for_files_of_reports(
    tickerx: Tickerx, options: list[str], content: str, files: int
) -> None:
    names = [f"page-{number}" for number in range(files)]
    for name in names:
        (tickerx.folder / name).write_text(content, "utf-8")
    # The shell starts the program anew: a process keeps the peak of the one that forked it.
    measured = tickerx.shell(f"{join([sys.executable, '-c', PEAK, *COMMAND, '-j', '2', *options, *names])}; :")
    assert int(measured.stdout) < 64 * 1024


MANY = [
    pytest.param(["--sort", "price", "--limit", "3"], 300_000, 64, id="the-first-of-those-sorted"),
    pytest.param(["-f", "table"], 100_000, 112, id="a-table"),
]


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in KiB only there")
@pytest.mark.parametrize(("options", "rows", "mebibytes"), MANY)
def test_rows_that_wait_need_little_memory(tickerx: Tickerx, options: list[str], rows: int, mebibytes: int) -> None:
    lines = (
        f"S{number} {number * 7919 % 10**7 / 100:.2f} Increased By ▲ {number / 100:.2f} ({number % 997 / 100:.2f}%)\n"
        for number in range(rows)
    )
    (tickerx.folder / "board.txt").write_text("".join(lines), "utf-8")
    measured = tickerx.shell(f"{join([sys.executable, '-c', PEAK, *COMMAND, *options, 'board.txt'])}; :")
    assert int(measured.stdout) < mebibytes * 1024


def _read_past(stream: object, wanted: bytes) -> None:
    """Read from a pipe until these bytes have come, and keep none of it."""
    tail = b""
    while wanted not in tail:
        block = os.read(stream.fileno(), 65536)  # type: ignore[attr-defined]
        assert block
        tail = tail[-len(wanted) :] + block


@pytest.mark.parametrize("kibibytes", [40_000, 80_000], ids=["too-little-to-start", "too-little-for-a-table"])
def test_running_out_of_memory_is_reported_once_and_leaves_the_old_output(tickerx: Tickerx, kibibytes: int) -> None:
    (tickerx.folder / "big.txt").write_text(LINE * 400_000, "utf-8")
    (tickerx.folder / "rows.md").write_text("old", "utf-8")
    result = tickerx.shell(f"ulimit -v {kibibytes}; tickerx big.txt -f table -o rows.md")
    assert result == (2, "", "tickerx: Cannot allocate memory\n")
    assert sorted(os.listdir(tickerx.folder)) == ["big.txt", "rows.md"]
    assert (tickerx.folder / "rows.md").read_text("utf-8") == "old"


# Descriptors that do not wait.


def test_reports_wait_for_room_on_a_standard_error_that_does_not_block(tickerx: Tickerx) -> None:
    names = [f"page-{number}" for number in range(60)]
    for name in names:
        (tickerx.folder / name).write_text(BAD * 20, "utf-8")
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    process = tickerx.start(*names, inherited=lambda: os.dup2(writer, 2))
    reports = b""
    while process.poll() is None:
        _, has_room, _ = select.select([], [writer], [], 0.01)
        if not has_room:
            reports += os.read(reader, 65536)
    os.close(writer)
    with open(reader, "rb") as rest:
        reports += rest.read()
    places = [line for line in reports.decode().splitlines() if line.startswith("tickerx: ")]
    assert places == [f"tickerx: {name}:{line}:5: expected a price" for name in names for line in range(1, 21)]
    assert end(process) == (0, HEADER, "")


# Surroundings.

ENVIRONMENTS = [
    pytest.param({"PYTHONIOENCODING": "ascii"}, id="streams-told-to-be-ASCII"),
    pytest.param({"PYTHONIOENCODING": "utf-16"}, id="streams-told-to-be-UTF-16"),
    pytest.param({"PYTHONIOENCODING": "utf-8:strict"}, id="streams-told-to-be-strict"),
    pytest.param({"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}, id="a-locale-that-is-not-utf-8"),
    pytest.param({"PYTHONOPTIMIZE": "1"}, id="without-assertions"),
    pytest.param({"PYTHONOPTIMIZE": "2", "PYTHONHASHSEED": "7"}, id="without-docstrings"),
]


@pytest.mark.parametrize("environment", ENVIRONMENTS)
def test_rows_and_reports_and_rejects_are_the_same_in(tickerx: Tickerx, environment: dict[str, str]) -> None:
    page = BOARD.encode() + b"\xff\xe2\x80\xae " + BAD.replace("(-0.4%)", "(-0.4%) ⅓").encode() + LINE.encode()
    (tickerx.folder / "börse").write_bytes(page)

    def all_that_is_written(environment: dict[str, str]) -> list[object]:
        found: list[object] = [tickerx("--help", environment=environment), tickerx("-V", environment=environment)]
        for name in ("csv", "json", "table"):
            found.append(tickerx("-H", "-f", name, "--rejects", "bad", "börse", "ö", environment=environment))
            found.append(tickerx("-H", "-f", name, "--rejects", "bad", "-o", "rows", "börse", environment=environment))
            found += [(tickerx.folder / file).read_bytes() for file in ("bad", "rows")]
        return found

    assert all_that_is_written(environment) == all_that_is_written({})


def without(names: str, *arguments: str) -> str:
    """Return a program that runs the command where the system lacks these names of `os` and `signal`."""
    return (
        "import os, signal, sys\n"
        f"for name in {names.split()}: delattr(os if hasattr(os, name) else signal, name)\n"
        f"sys.argv[1:] = {list(arguments)}\n"
        "from tickerx.__main__ import main\n"
        "main()\n"
    )


WINDOWS = "fchown fchmod pthread_sigmask SIGPIPE SIGHUP"


def test_the_command_runs_where_there_are_no_posix_signals_and_owners(tickerx: Tickerx, board: Path) -> None:
    output = tickerx.folder / "rows.csv"
    for _ in ("a new file", "an old file"):
        program = join([sys.executable, "-c", without(WINDOWS, "board.txt", "-o", "rows.csv")])
        assert tickerx.shell(program) == (0, "", "")
        assert output.read_text("utf-8") == CSV
        output.write_text("old", "utf-8")
    program = join([sys.executable, "-c", without(WINDOWS, "missing", "-o", "rows.csv")])
    assert tickerx.shell(program) == Result(2, "", "tickerx: missing: No such file or directory\n")
    assert (output.read_text("utf-8"), sorted(os.listdir(tickerx.folder))) == ("old", ["board.txt", "rows.csv"])


def test_a_reader_that_goes_ends_it_in_silence_where_there_is_no_sigpipe(tickerx: Tickerx, board: Path) -> None:
    program = join([sys.executable, "-c", without(WINDOWS, "board.txt")])
    assert (
        tickerx.shell(f"mkfifo p; {{ {program}; echo $? > status; }} > p & exec 3< p; exec 3<&-; wait $!").stderr == ""
    )
    assert (tickerx.folder / "status").read_text() == "2\n"
