"""The real command, started in a folder and an environment of its own, and the board that most tests give it.

Tests may run as root: none names a device of the system as a file to write, which a faulty command would replace.
"""

import fcntl
import os
import signal
import subprocess
import sys
import termios
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import IO, NamedTuple

from tickerx.outputs.formats import RowStream, Writer

Environment = Mapping[str, str]
NONE: Environment = MappingProxyType({})

COMMAND = (sys.executable, "-m", "tickerx")

BINARY_FORMATS = ("arrow", "parquet")
FORMATS = ("table", "csv", "tsv", "json", "jsonl", "markdown", "svg", "html")
DRAWN = ("table", "svg", "html")

BOARD = """\
AGL 40.00 Decreased By ▼ -0.16 (-0.4%)
KSE100 97,328 Increased By 1781.9 (1.86%)
NBP 60.29 No Change ▼ 0.00 (0%)
"""

HEADER = "symbol,price,change,change_percent,direction,kind\n"

CSV = f"""\
{HEADER}\
AGL,40.00,-0.16,-0.4,down,stock
KSE100,97328,1781.9,1.86,up,index
NBP,60.29,0.00,0,unchanged,stock
"""

TABLE = """\
symbol        price        chg  chg %  direction    kind
────────────────────────────────────────────────────────────────────────────────
AGL           40.00      -0.16  -0.4   ▼ down       stock          ━━┥
KSE100 •  97,328     +1,781.9   +1.86  ▲ up         index            ┝━━━━━━━━━━
NBP           60.29       0.00   0     = unchanged  stock            │

3 quotes  ▲ 1 up  ▼ 1 down  = 1 unchanged  • 1 index
"""


class Result(NamedTuple):
    """How a process has ended, a signal as a negative status, and all that it wrote."""

    status: int
    stdout: str
    stderr: str


class Tickerx:
    """The real command. Call it to run it; its folder is its working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._started: list[subprocess.Popen[bytes]] = []

    def __call__(self, *arguments: str | bytes, stdin: bytes | str = b"", environment: Environment = NONE) -> Result:
        """Run the command with these arguments, this standard input, and these variables in its environment."""
        text = stdin.encode() if isinstance(stdin, str) else stdin
        return end(self._popen([*COMMAND, *arguments], environment), text)

    def shell(self, script: str, environment: Environment = NONE) -> Result:
        """Run a script of ``sh``, to which the command is known as ``tickerx``."""
        function = f'tickerx() {{ {" ".join(map(quote, COMMAND))} "$@"; }}\n'
        return end(self._popen(["/bin/sh", "-c", function + script], environment))

    def start(
        self,
        *arguments: str,
        stdin: int = subprocess.PIPE,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
        inherited: Callable[[], object] | None = None,
        environment: Environment = NONE,
    ) -> subprocess.Popen[bytes]:
        """Start the command on these descriptors, by a process that has first made this call, as ``nohup`` does."""
        return self._popen([*COMMAND, *arguments], environment, stdin, stdout, stderr, inherited)

    def at_terminal(self, command: list[str], typed: str, environment: Environment = NONE) -> str:
        """Run a program at a terminal of its own, with this typed ahead, and return what the terminal shows."""
        screen, terminal = os.openpty()
        os.write(screen, typed.encode())
        self._popen(command, environment, terminal, terminal, terminal, lambda: fcntl.ioctl(0, termios.TIOCSCTTY))
        return read_screen(screen, terminal)

    def end_all(self) -> None:
        """End what a failed test has left running, and what that has started; close all pipes."""
        for process in self._started:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            with process:
                pass

    def _popen(
        self,
        command: list[str | bytes] | list[str],
        environment: Environment,
        stdin: int = subprocess.PIPE,
        stdout: int = subprocess.PIPE,
        stderr: int = subprocess.PIPE,
        inherited: Callable[[], object] | None = None,
    ) -> subprocess.Popen[bytes]:
        def prepare() -> None:
            for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
                signal.signal(number, signal.SIG_DFL)
            if inherited:
                inherited()

        process = subprocess.Popen(
            command,
            bufsize=0,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=self.folder,
            env={**_own_environment(), **environment},
            preexec_fn=prepare,
            start_new_session=True,
        )
        self._started.append(process)
        return process


def end(process: subprocess.Popen[bytes], stdin: bytes | None = None) -> Result:
    """Write the standard input of a process and close it, wait for the process, and return how it has ended."""
    stdout, stderr = process.communicate(stdin)
    return Result(process.returncode, (stdout or b"").decode(), (stderr or b"").decode())


def whole(writer: Writer, texts: Iterable[bytes], names: Sequence[str], header: bool) -> Iterator[bytes]:
    """Yield a whole output in a format, given its batches of rows."""
    rows = RowStream(writer, names, header)
    yield from map(rows.add, texts)
    yield rows.end()


def read_until(stream: IO[bytes] | None, wanted: bytes) -> bytes:
    """Read from a pipe until these bytes have come, and return all that has come."""
    assert stream is not None
    got = b""
    while wanted not in got:
        block = os.read(stream.fileno(), 65536)
        assert block, f"ended after {got!r}"
        got += block
    return got


def read_screen(screen: int, terminal: int) -> str:
    """Return all that is written to a terminal till its last writer ends; this process gives its own hold on it up."""
    os.close(terminal)
    shown = b""
    try:
        while block := os.read(screen, 65536):
            shown += block
    except OSError:
        pass  # EIO is how Linux says that a terminal has no writer any more.
    os.close(screen)
    return shown.decode().replace("\r\n", "\n")


def write(stream: IO[bytes] | None, text: str) -> None:
    """Write to a pipe that nothing else is waiting for."""
    assert stream is not None
    stream.write(text.encode())


def _own_environment() -> dict[str, str]:
    """Return what the command needs of this environment: where programs are, and what measures its coverage."""
    return {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE_", "COV_"))} | {
        "PATH": os.environ.get("PATH", os.defpath)
    }
