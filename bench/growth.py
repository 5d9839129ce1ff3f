#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""growth.py [--quick] [--python PATH] [--json FILE] BUILD [TABLE...]

How the cost of tracing and watching grows: with the blocks that live, the
call sites, the depth of the stack, the threads; what the screen takes of a
core; what starting takes.  Tables: blocks sites depth threads screen start.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

# What is measured: makes its data, then says so in the file $READY and in CPU
# nanoseconds per allocation, then goes on as `mode` says until it is killed.
SCRIPT = r'''
import json, os, sys, threading, time
sys.setrecursionlimit(100000)
spec = json.loads(sys.argv[1])
blocks, sites, depth, threads, mode = (
    spec[k] for k in ("blocks", "sites", "depth", "threads", "mode"))
rounds = spec["rounds"]


def make(sites):
    """Functions with `sites` lines that allocate, 200 each, in files of
    their own: each line is a call site and a row."""
    made = []
    for k in range(0, sites, 200):
        text = "def f(kept, at):\n" + "".join(
            f" kept[at + {i}] = bytes(100)\n"
            for i in range(min(200, sites - k)))
        names = {}
        exec(compile(text, f"made{k // 200}.py", "exec"), names)
        made.append((names["f"], k))
    return made


def below(depth, work):
    if depth > 1:
        return below(depth - 1, work)
    return work()


def run(made, kept, rounds):
    for _ in range(rounds):
        for f, at in made:
            f(kept, at)


made = make(sites)
kept = [[None] * sites for _ in range(threads)]
alive = [bytes(100) for _ in range(blocks)]
below(depth, lambda: run(made, kept[0], 1))
done = threading.Barrier(threads + 1)


def work(mine):
    below(depth, lambda: run(made, kept[mine], rounds))
    done.wait()


before = time.process_time_ns()
for mine in range(threads):
    threading.Thread(target=work, args=(mine,), daemon=True).start()
done.wait()
took = time.process_time_ns() - before
with open(os.environ["NUMBERS"], "w") as out:
    out.write(str(took / (rounds * sites * threads)))
open(os.environ["READY"], "w").close()
if mode == "once":
    sys.exit()
if mode == "idle":
    time.sleep(1e6)
some = made if mode == "busy" else made[:max(1, len(made) // 10)]
below(depth, lambda: run(some, kept[0], 1 << 60))
'''


class Bench:
    def __init__(self, build, python, folder, quick):
        self.build = build
        self.python = python
        self.quick = quick
        self.script = os.path.join(folder, "grow.py")
        self.ready = os.path.join(folder, "ready")
        self.numbers = os.path.join(folder, "numbers")
        with open(self.script, "w") as out:
            out.write(SCRIPT)
        self.environment = dict(os.environ, READY=self.ready,
                                NUMBERS=self.numbers, TERM="xterm-256color")

    def spec(self, mode, blocks=0, sites=100, depth=1, threads=1):
        rounds = max(1, (30_000 if self.quick else 300_000)
                     // (sites * threads))
        return json.dumps(dict(mode=mode, blocks=blocks, sites=sites,
                               depth=depth, threads=threads, rounds=rounds))

    def forget(self):
        for path in self.ready, self.numbers:
            if os.path.exists(path):
                os.unlink(path)

    def ns(self, before, spec):
        """Least CPU time of an allocation, of some runs."""
        found = []
        for _ in range(2 if self.quick else 3):
            self.forget()
            subprocess.run([*before, self.script, spec], check=True,
                           env=self.environment, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            with open(self.numbers) as numbers:
                found.append(float(numbers.read()))
        return min(found)

    def overhead_ns(self, **size):
        spec = self.spec("once", **size)
        plain = self.ns([self.python], spec)
        traced = self.ns([os.path.join(self.build, "pymtop"), "--batch",
                          "--top", "0", "--python", self.python], spec)
        return plain, traced

    def watch(self, mode, **size):
        self.forget()
        done = subprocess.run(
            [os.path.join(self.build, "pymtop-bench-monitor"), self.ready,
             "8" if self.quick else "20", self.python, "embed", self.script,
             self.spec(mode, **size)],
            check=True, env=self.environment, capture_output=True, text=True)
        return json.loads(done.stdout)

    def row(self, **size):
        plain, traced = self.overhead_ns(**size)
        seen = self.watch("part", **size)
        return {
            "plain ns": plain, "more ns": traced - plain,
            "snapshot ms": seen["snapshot_ms"], "diff ms": seen["diff_ms"],
            "frame ms": seen["frame_ms"],
            "tracer MiB": seen["tracer_bytes"] / 2**20,
            "contexts": seen["contexts"],
        }


# --- tables -----------------------------------------------------------------

def blocks(bench):
    most = 6 if bench.quick else 7
    return {10**n: bench.row(blocks=10**n) for n in range(4, most + 1)}


def sites(bench):
    most = 4 if bench.quick else 6
    return {10**n: bench.row(sites=10**n) for n in range(1, most + 1)}


def depth(bench):
    steps = (1, 30, 900) if bench.quick else (1, 3, 10, 30, 100, 300, 900)
    return {n: bench.row(depth=n) for n in steps}


def threads(bench):
    steps = (1, 8) if bench.quick else (1, 2, 4, 8, 16, 32)
    return {n: bench.row(threads=n) for n in steps}


def cpu_seconds(pid):
    """User and system time of a process, to the nanosecond."""
    return time.clock_gettime(~pid << 3 | 2)


class Screen:
    """pymtop on a terminal of 120x40 that is read all the time."""

    def __init__(self, words, environment):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(words[0], words, environment)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 40, 120, 0, 0))
        self.bytes = 0

    def read(self, seconds, until=lambda: False):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and not until():
            if select.select([self.fd], [], [], min(left, 0.1))[0]:
                try:
                    self.bytes += len(os.read(self.fd, 65536))
                except OSError:
                    return

    def key_ms(self, key):
        """From a key to the end of the first that is drawn after it."""
        self.read(0.33)
        began = time.monotonic()
        os.write(self.fd, key)
        wait = 1
        last = began + wait
        while select.select([self.fd], [], [], wait)[0]:
            os.read(self.fd, 65536)
            last = time.monotonic()
            wait = 0.005
        return (last - began) * 1000

    def close(self):
        os.kill(self.pid, signal.SIGHUP)
        os.close(self.fd)
        os.waitpid(self.pid, 0)


def screen_share(bench, mode, sites):
    bench.forget()
    screen = Screen([os.path.join(bench.build, "pymtop"), "--refresh", "10",
                     "--python", bench.python, bench.script,
                     bench.spec(mode, sites=sites)], bench.environment)
    try:
        screen.read(300, until=lambda: os.path.exists(bench.ready))
        screen.read(3)
        before, began = cpu_seconds(screen.pid), time.monotonic()
        screen.read(4 if bench.quick else 10)
        share = ((cpu_seconds(screen.pid) - before)
                 / (time.monotonic() - began) * 100)
        key = max(screen.key_ms(k) for k in (b"B", b"S", b"A", b"p", b"l"))
    finally:
        screen.close()
    return {"% of a core": share, "key ms": key}


def screen(bench):
    """At 10 Hz."""
    counts = (10**3, 10**5) if bench.quick else (10**3, 10**5, 10**6)
    return {f"{n} {mode}": screen_share(bench, mode, n)
            for n in counts for mode in ("idle", "part", "busy")}


def start(bench):
    nothing = bench.script + ".nothing.py"
    open(nothing, "w").close()
    commands = {
        "python": [bench.python, nothing],
        "pymtop --batch": [os.path.join(bench.build, "pymtop"), "--batch",
                           "--python", bench.python, nothing],
    }
    found = {}
    for name, words in commands.items():
        times = []
        for _ in range(10 if bench.quick else 30):
            began = time.perf_counter()
            subprocess.run(words, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL)
            times.append((time.perf_counter() - began) * 1000)
        times.sort()
        found[name] = {"least ms": times[0],
                       "median ms": times[len(times) // 2]}
    return found


TABLES = {f.__name__: f for f in (blocks, sites, depth, threads, screen,
                                  start)}


def show(name, rows):
    heads = list(next(iter(rows.values())))
    print(f"\n{name:>16}" + "".join(f"{head:>14}" for head in heads))
    for key, row in rows.items():
        print(f"{key!s:>16}" + "".join(f"{row[head]:14,.2f}"
                                       for head in heads), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[1])
    parser.add_argument("--quick", action="store_true",
                        help="fewer and smaller steps")
    parser.add_argument("--python", default=shutil.which("python3"),
                        help="the interpreter that runs the scripts")
    parser.add_argument("--json", help="write the numbers to this file too")
    parser.add_argument("build", help="the build folder")
    parser.add_argument("tables", nargs="*", metavar="TABLE",
                        help=" ".join(TABLES))
    options = parser.parse_args()
    found = {}
    build = os.path.abspath(options.build)
    subprocess.run(["make", "-s", "-C", build, "pymtop-bench-monitor"],
                   check=True)
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(build, options.python, folder, options.quick)
        for name in options.tables or TABLES:
            found[name] = TABLES[name](bench)
            show(name, found[name])
    if options.json:
        with open(options.json, "w") as out:
            json.dump(found, out, indent=1)


if __name__ == "__main__":
    sys.exit(main())
