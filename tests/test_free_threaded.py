# SPDX-License-Identifier: MIT
"""A free-threaded CPython 3.13: threads allocate at the same time, and every
number is as right as with the GIL.

Such a build is nowhere to be had ready-made: `make check-freethreaded` builds
one and names it in $PYMTOP_FREE_THREADED; else all of this is skipped.
"""

import json
import os
import pathlib
import subprocess

import pytest

from conftest import BUILD
from test_differential import VERIFYING, statistics
from test_offsets import ROWS, SOURCE, differences, parse

PYTHON = os.environ.get("PYMTOP_FREE_THREADED", "")
SCRIPTS = pathlib.Path(__file__).with_name("differential")
TARGETS = pathlib.Path(__file__).with_name("targets")
SLACK = 16 << 10        # SHARE_SLACK
MODES = ["embed", "preload"]

pytestmark = pytest.mark.skipif(
    not PYTHON, reason="only by `make check-freethreaded`")


@pytest.fixture
def batch(pymtop, tmp_path):
    """batch(mode, [script, args...]) returns the report."""
    def run(mode, args, *options, status=0):
        report = tmp_path / "report.json"
        done = subprocess.run(
            [pymtop, "--batch", "--format", "json", "-o", report, *options,
             "--python", PYTHON, "--start", mode, *map(str, args)],
            text=True, capture_output=True, timeout=100)
        assert done.returncode == status, done.stderr
        report = json.loads(report.read_text())
        for moment in "now", "peak":
            suffix = "now" if moment == "now" else "at_peak"
            for what in "bytes", "blocks":
                assert sum(row[f"{what}_{suffix}"]
                           for row in report["rows"]) == report[moment][what]
        assert report["lost"] == 0 and report["trouble"] == []
        return report
    return run


@pytest.fixture
def script(tmp_path):
    def write(text):
        path = tmp_path / "script.py"
        path.write_text(text)
        return path
    return write


def test_it_has_no_gil():
    done = subprocess.run(
        [PYTHON, "-c", "import sys; print(*sys.version_info[:2], "
         "sys._is_gil_enabled())"], text=True, capture_output=True)
    assert done.stdout.split() == ["3", "13", "False"], done.stderr


def test_row_is_what_the_headers_say(tmp_path):
    headers = pathlib.Path(PYTHON).parent.parent / "include/python3.13t"
    program = tmp_path / "print_offsets"
    subprocess.run(
        [os.environ.get("CC", "cc"), "-w", f"-I{headers}",
         f"-I{headers}/internal", SOURCE / "tools/print_offsets.c", "-o",
         program], check=True)
    text = subprocess.run([program], check=True, text=True,
                          capture_output=True).stdout
    (_, printed), = parse(text, "T").items()
    (_, row), = parse(ROWS, "T").items()
    assert differences(row, printed) == [], text


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("args, least", [
    (["side_by_side.py", 2000], 600_000), (["mixed.py", 1, 300, "threads"],
                                           100_000),
    (["mixed.py", 2, 300, "alone"], 100_000), (["reborn.py"], 20_000),
    # Without the GIL plain python dies of it: a generator in two threads.
    (["-X", "gil=1", "resumed.py"], 100_000), (["jumped.py"], 20_000),
    (["subinterpreters.py"], 20_000)], ids=lambda one: str(one))
def test_the_engine_is_exact(tmp_path, mode, args, least):
    file = tmp_path / "verified"
    done = subprocess.run(
        [VERIFYING / "pymtop", "--batch", "-o", tmp_path / "report",
         "--python", PYTHON, "--start", mode, *map(str, args)],
        text=True, capture_output=True, timeout=300, cwd=SCRIPTS,
        env=dict(os.environ, PYMTOP_VERIFY_FILE=str(file)))
    shown = done.stdout + done.stderr + file.read_text()
    assert done.returncode == 0, shown
    processes = statistics(file.read_text())
    assert processes[0]["checked"] >= least, shown
    for one in processes:
        assert one["differences"] == one["lost"] == one["trouble"] == 0, shown


@pytest.mark.parametrize("mode", MODES)
def test_copies_and_children_add_up(tmp_path, mode):
    file = tmp_path / "verified"
    done = subprocess.run(
        [VERIFYING / "pymtop-copies", PYTHON, mode, "raw.py",
         VERIFYING / "raw-threads.so"],
        text=True, capture_output=True, timeout=300, cwd=SCRIPTS,
        env=dict(os.environ, PYMTOP_VERIFY_FILE=str(file)))
    assert "children 30 of 30 parent 0\n" in done.stdout, (
        done.stdout + done.stderr + file.read_text())
    copies = json.loads(done.stdout.splitlines()[-1])
    assert copies["wrong"] == 0 and copies["changed"] >= 50, copies
    assert all(one["differences"] == 0
               for one in statistics(file.read_text()))


@pytest.mark.parametrize("mode", MODES)
def test_copies_of_eight_busy_threads_add_up(mode):
    done = subprocess.run(
        [BUILD / "pymtop-copies", PYTHON, mode, TARGETS / "busy_threads.py",
         "4"], text=True, capture_output=True, timeout=100)
    copies = json.loads(done.stdout.splitlines()[-1])
    assert copies["wrong"] == 0 and copies["changed"] >= 1000, copies


@pytest.mark.parametrize("mode", MODES)
def test_lines_agree_with_tracemalloc(batch, tmp_path, mode):
    """To the block and byte, in all lines that keep something."""
    path = SCRIPTS / "side_by_side.py"
    subprocess.run([PYTHON, "-X", "tracemalloc", path, "20000",
                    tmp_path / "lines.json"], check=True, timeout=100)
    theirs = {line: (size, count) for line, size, count
              in json.loads((tmp_path / "lines.json").read_text())
              if count > 1000}
    report = batch(mode, [path, 20000])
    ours = {line: (0, 0) for line in theirs}
    for row in report["rows"]:
        if row["file"] == str(path) and row["line"] in ours:
            size, count = ours[row["line"]]
            ours[row["line"]] = (size + row["bytes_now"],
                                 count + row["blocks_now"])
    assert len(theirs) >= 5 and ours == theirs


def test_the_peak_is_exact_but_for_the_slack(batch, script):
    """Eight threads hold 8,000 small blocks each at the same moment, and
    drop them; nobody looks then."""
    path = script(
        "import threading\n"
        "full, start = threading.Barrier(8), threading.Barrier(8)\n"
        "def run():\n"
        "    start.wait()\n"
        "    kept = [bytes(600) for _ in range(8000)]\n"
        "    full.wait()\n"
        "    del kept\n"
        "threads = [threading.Thread(target=run) for _ in range(8)]\n"
        "for thread in threads: thread.start()\n"
        "for thread in threads: thread.join()\n")
    report = batch("embed", [path])
    row, = [row for row in report["rows"]
            if row["file"] == str(path) and row["line"] == 5]
    size = row["bytes_ever"]        # of them lists that grew
    least = 8 * 8000 * (600 + 49)   # a bytes object of 600
    assert size >= least
    assert least - 8 * SLACK <= row["bytes_at_peak"]
    assert least <= report["peak"]["bytes"] + 8 * SLACK


def test_one_thread_alone_has_an_exact_peak(batch, script):
    path = script("kept = [bytearray(1) for _ in range(10)]\n"
                  "big = bytearray(50_000_000)\n"
                  "del big\n"
                  "small = bytearray(49_000_000)\n")
    report = batch("embed", [path])
    rows = {row["line"]: row for row in report["rows"]
            if row["file"] == str(path)}
    assert 50_000_001 <= rows[2]["bytes_at_peak"] < 50_001_000, rows
    assert rows[2]["bytes_now"] < 1000
    assert rows[4]["bytes_at_peak"] == 0


def test_a_silent_script_is_read_as_it_is(batch, script):
    """Threads that wait have counted what is not settled."""
    path = script(
        "import os, signal, threading, time\n"
        "kept = []\n"
        "def run():\n"
        "    kept.append([bytes(100) for _ in range(100)])\n"
        "    time.sleep(100)\n"
        "for _ in range(4): threading.Thread(target=run).start()\n"
        "while len(kept) < 4: time.sleep(0.01)\n"
        "time.sleep(0.5)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n")
    report = batch("embed", [path], status=-9)
    row, = [row for row in report["rows"]
            if row["file"] == str(path) and row["line"] == 4]
    assert row["blocks_now"] >= 404
    assert row["bytes_now"] >= 4 * 100 * 149


@pytest.mark.parametrize("options", [["-X", "gil=1"], ["-X", "dev"],
                                     ["-E", "-s"]], ids=" ".join)
def test_options(batch, options):
    batch("embed", [*options, SCRIPTS / "side_by_side.py", 200])


def test_it_is_traced_as_a_child(pymtop, tmp_path, script):
    """By a Python with the GIL, and forked with threads at work."""
    path = script(
        "import os, threading\n"
        "done = []\n"
        "def run():\n"
        "    while not done: [[i] for i in range(100)]\n"
        "threads = [threading.Thread(target=run) for _ in range(4)]\n"
        "for thread in threads: thread.start()\n"
        "for _ in range(10):\n"
        "    pid = os.fork()\n"
        "    if pid == 0:\n"
        "        kept = [bytes(1000) for _ in range(1000)]\n"
        "        os._exit(0)\n"
        "    assert os.waitpid(pid, 0)[1] == 0\n"
        "done.append(1)\n"
        "for thread in threads: thread.join()\n")
    report = tmp_path / "report.json"
    done = subprocess.run(
        [pymtop, "--batch", "--format", "json", "-o", report, "-c",
         "import subprocess, sys\n"
         "subprocess.run(sys.argv[1:], check=True)\n", PYTHON, "-W", "ignore",
         path], text=True, capture_output=True, timeout=100)
    assert done.returncode == 0, done.stderr
    processes = json.loads(report.read_text())["processes"]
    assert len(processes) == 12
    assert all(one["traced"] for one in processes), processes
    forked = [one for one in processes if one["forked"]]
    assert len(forked) == 10
    assert all(one["bytes_now"] > 1_000_000 for one in forked), forked
