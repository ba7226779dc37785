"""Run a command with its output in a file, and print its status, wall seconds and the size of its largest process.

    python -IS launch.py OUTPUT COMMAND...

Linux counts for a new process what its parent took, until it has taken more. Hence the parent is this one, which takes
little, and not the benchmark.
"""

import os
import sys
import time

output, *command = sys.argv[1:]
flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
files = [
    (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
    (os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600),
    (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
]
start = time.perf_counter()
process = os.posix_spawnp(command[0], command, os.environ, file_actions=files)
_, status, usage = os.wait4(process, 0)  # which counts the processes that it has waited for
seconds = time.perf_counter() - start
print(os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))
