"""A job that is killed for memory.

    pymtop examples/killed.py           # takes 400 MiB, then kills itself
    pymtop examples/killed.py forever   # takes all there is: give it a limit

The tables stay: the header says how it ended, the rows who held the bytes."""

import os
import signal
import sys
import time


def load(megabytes):
    return [str(i) * 8 for i in range(megabytes * 10_000)]


def main():
    forever = sys.argv[1:] == ["forever"]
    tables = []
    while forever or len(tables) < 100:
        tables.append(load(4))
        print(f"{len(tables)} tables loaded")
        time.sleep(0.02)
    os.kill(os.getpid(), signal.SIGKILL)


main()
