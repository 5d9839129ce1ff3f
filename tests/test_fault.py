# SPDX-License-Identifier: MIT
"""System calls that fail: the first, the second, the nth call, or that and all
that follow, until a run no longer gets there.  Each time it is one line and
status 125, or the script runs as ever and what is lost is said."""

import errno
import os
import re

import pytest

import batch
import monitor
from conftest import BUILD
from processes import modes_of, until

# AddressSanitizer must be the first library; here that is fault.so.
pytestmark = pytest.mark.usefixtures("without_sanitizers")

# What pymtop itself calls, and what its part in the script's process does;
# tests/fault/fault.c has the functions behind each name.
MEMORY = {"mmap": errno.ENOMEM, "mremap": errno.ENOMEM,
          "madvise": errno.ENOMEM}
ENGINE = {**MEMORY, "pthread_create": errno.EAGAIN, "open": errno.EMFILE}
MONITOR = {"mmap": errno.ENOMEM, "memfd_create": errno.EMFILE,
           "ftruncate": errno.EFBIG, "fork": errno.EAGAIN,
           "pipe": errno.EMFILE, "poll": errno.ENOMEM,
           "open": errno.EMFILE, "malloc": errno.ENOMEM}
SCREEN = {**MONITOR, "openpty": errno.ENOSPC, "dup": errno.EMFILE,
          "write": errno.EIO}

# Many code objects, contexts, threads; a call that only a full table has.
CODE = """\
import threading, time
def deep(n):
    return [n] + (deep(n - 1) if n else [])
kept = [[n] for n in range(30000)] + deep(200)
threads = [threading.Thread(target=deep, args=(50,)) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
for n in range(400):
    exec(f"def f{n}(): return [n]\\nkept.append(f{n}())")
print("kept", len(kept), flush=True)
"""
WORDS = ("kept 30601\n", 7)


def steps():
    """1, 2, 3 ... and then wider: a loop that polls does so often."""
    number = 1
    while number < 100_000:
        yield number
        number += 1 + number // 12 * 3


@pytest.fixture
def sweep(tmp_path):
    """sweep(side, call, error, onwards) is one environment after the other,
    until the fault is no longer reached."""
    found = tmp_path / "found"
    script = tmp_path / "script.py"
    script.write_text(CODE + "time.sleep(0.2)\nraise SystemExit(7)\n")

    def run(side, call, error, onwards, first=1):
        for number in steps():
            if number < first:
                continue
            found.unlink(missing_ok=True)
            # Of its own, so that interpreters are asked, too.
            yield number, script, dict(
                os.environ, XDG_CACHE_HOME=str(tmp_path / "cache"),
                LD_PRELOAD=str(BUILD / "tests" / "fault.so"),
                PYMTOP_FAULT=f"{call}:{number}{'+' * onwards}:{error}",
                PYMTOP_FAULT_SIDE=side, PYMTOP_FAULT_FOUND=str(found))
            if not found.exists():
                assert number > first, f"{call}: never called"
                return
        pytest.fail("the fault is reached without end")
    return run


def adds_up(report):
    for moment, at in (("now", "now"), ("peak", "at_peak"), ("ever", "ever")):
        assert sum(row[f"bytes_{at}"] for row in report["rows"]) \
            == report[moment]["bytes"]


def judge_batch(done):
    """One line and 125, or all as ever."""
    lines = done.stderr.splitlines()
    assert len(lines) <= 1 and all(re.match("pymtop: .+: ", line)
                                   for line in lines), done.stderr
    if done.status != 7:
        assert done.status in (125, 2) and lines, done
        assert done.status == 125 or "cannot write it" in done.stderr
        assert not done.reports
        return
    assert done.stdout == WORDS[0]
    if "nothing" in done.stderr:        # ... was traced, is known
        assert not done.reports
        return
    adds_up(done.report)
    # The same program holds the same, but for what was not booked, and that
    # is said; or pymtop had no room for whole tracebacks, and said that.
    held = sum(row["blocks_now"] for row in done.rows(file="script.py"))
    assert held > 60_000 or done.report["trouble"], held


@pytest.mark.parametrize("onwards", [False, True], ids=["nth", "onwards"])
@pytest.mark.parametrize("call", ENGINE)
def test_engine(start, pymtop, sweep, tmp_path, call, onwards):
    for _, script, env in sweep("engine", call, ENGINE[call], onwards):
        judge_batch(batch.run(pymtop, start, [script], env=env,
                              report=tmp_path / "report"))


@pytest.mark.parametrize("onwards", [False, True], ids=["nth", "onwards"])
@pytest.mark.parametrize("call", MONITOR)
def test_monitor(pymtop, sweep, tmp_path, call, onwards):
    for _, script, env in sweep("monitor", call, MONITOR[call], onwards):
        judge_batch(batch.run(pymtop, monitor.any_start(), [script], env=env,
                              report=tmp_path / "report"))


def judge_screen(terminal):
    """One line and 125 on a terminal as it was; or the tables, or the script
    without a screen, and then its own status."""
    def settled():
        terminal.pump(0.05)
        return terminal.poll() is not None \
            or re.search("exited 7 after", terminal.lines[0])

    until(settled, 60)
    if terminal.poll() is None:
        assert re.search(r"script\.py:\d|the shared region cannot be mapped",
                         terminal.text)
        terminal.send("q")
    status = terminal.wait()
    text = terminal.text
    assert status in (7, 125), (status, text)
    assert (re.search("^pymtop: .+: ", text, re.M) if status == 125
            else "kept 30601" in text), text
    assert not terminal.screen.alternate
    assert not terminal.screen.cursor.hidden
    assert modes_of(terminal) == terminal.modes


@pytest.mark.parametrize("onwards", [False, True], ids=["nth", "onwards"])
@pytest.mark.parametrize("call", SCREEN)
def test_screen(pymtop, sweep, open_terminal, call, onwards):
    for _, script, env in sweep("monitor", call, SCREEN[call], onwards):
        terminal = open_terminal(
            [pymtop, *monitor.any_start().options, script], env=env,
            columns=200)
        judge_screen(terminal)
