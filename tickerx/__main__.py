"""The command as a process: ``tickerx``, and ``python -m tickerx``."""

import sys
from typing import NoReturn

from tickerx.system.process import run

__all__ = ["main"]


def main() -> NoReturn:
    """Run the command with the arguments of this process, and end the process."""
    run(_command)


def _command() -> int:
    # Loaded this late so that a signal during loading finds the process ready for it.
    from tickerx.command import cli

    return cli.run(sys.argv[1:])


if __name__ == "__main__":
    main()
