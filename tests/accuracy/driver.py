# SPDX-License-Identifier: MIT
"""Run one workload of workloads.py and stop at a marked line, with what it
made still alive:  driver.py NAME [SNAPSHOT]

Under `python -X tracemalloc` the snapshot is written there as JSON rows of
[file, line, bytes, blocks, domain].  The process then ends at once, so that
under pymtop the marked line is its last moment."""

import json
import os
import sys
import tracemalloc

import workloads


def write_snapshot(path):
    snapshot = tracemalloc.take_snapshot()
    rows = {}
    for trace in snapshot.traces:
        frame = trace.traceback[0]
        key = frame.filename, frame.lineno, trace.domain
        size, blocks = rows.get(key, (0, 0))
        rows[key] = size + trace.size, blocks + 1
    with open(path, "w") as file:
        json.dump([[f, n, size, blocks, domain]
                   for (f, n, domain), (size, blocks) in rows.items()], file)


def main():
    kept = getattr(workloads, sys.argv[1])()
    # The marked line: both runs are compared here.
    if tracemalloc.is_tracing():
        write_snapshot(sys.argv[2])
    os._exit(0 if kept is not None else 1)


if __name__ == "__main__":
    main()
