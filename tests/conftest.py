"""Fixtures that every test may use."""

import re
import signal
from collections.abc import Iterator
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import settings

from tests.support import BOARD, Tickerx

# How fast the machine is must not matter, so there is no deadline.
settings.register_profile("tickerx", deadline=None, print_blob=True)
settings.load_profile("tickerx")

SLOW = re.compile("bomb|hostile|memory|linear_time|without_end|takes_long|a_clone_prints")
"""Names of tests of limits, which mean the same on every Python; `-m "not slow"` leaves them out."""

LIMIT = 60
"""Seconds after which a test that waits for the command has failed."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the slow tests."""
    for item in items:
        if SLOW.search(item.name):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def tickerx(tmp_path: Path) -> Iterator[Tickerx]:
    """Return the real command, in an empty folder. What waits for it too long fails."""

    def fail(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the command has not done in {LIMIT} seconds what the test waits for")

    command = Tickerx(tmp_path)
    before = signal.signal(signal.SIGALRM, fail)
    signal.alarm(LIMIT)
    yield command
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)
    command.end_all()


@pytest.fixture
def board(tickerx: Tickerx) -> Path:
    """Return a board that stands in the command's folder as ``board.txt``."""
    path = tickerx.folder / "board.txt"
    path.write_text(BOARD, "utf-8")
    return path
