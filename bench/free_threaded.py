#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""free_threaded.py PYMTOP PYTHON [RUNS]: what tracing costs a free-threaded
Python, with 1, 2, 4 and 16 threads that share the same work: total CPU time and
time of the clock, plain and traced in turns, medians."""

import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

WORK = {"allocating": "2000000", "serving": "6000", "growing": "3000000"}
SCRIPT = pathlib.Path(__file__).with_name("free_threaded_work.py")


def measure(command):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    clock = time.monotonic() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime - before.ru_utime
            + after.ru_stime - before.ru_stime, clock)


def main():
    pymtop, python = sys.argv[1:3]
    runs = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    print(f"{os.cpu_count()} processors, medians of {runs}: seconds plain, "
          "traced, and how many times plain")
    for kind, rounds in WORK.items():
        for threads in 1, 2, 4, 16:
            script = [SCRIPT, kind, str(threads), rounds]
            plain, traced = [], []
            for _ in range(runs):
                plain.append(measure([python, *script]))
                traced.append(measure([pymtop, "--batch", "-o", "/dev/null",
                                       "-p", python, *script]))
            (cpu, clock), (cpu_traced, clock_traced) = (
                [statistics.median(one) for one in zip(*measures)]
                for measures in (plain, traced))
            print(f"{kind:10} {threads:2} threads  CPU {cpu:5.2f} "
                  f"{cpu_traced:5.2f} {cpu_traced / cpu:5.2f}  clock "
                  f"{clock:5.2f} {clock_traced:5.2f} "
                  f"{clock_traced / clock:5.2f}", flush=True)


main()
