# SPDX-License-Identifier: MIT
"""Room that runs out: totals stay right, and it is said."""

import json
import resource
import subprocess

import pytest

MIB = 1 << 20

# Many call paths: each call site of f is another context for all below.
MANY_CONTEXTS = """
import os
def leaf(kept):
    kept.append([len(kept)])
    kept.append(str(len(kept)))
def level(depth, kept):
    if depth == 0:
        return leaf(kept)
    level(depth - 1, kept)
    level(depth - 1, kept)
    level(depth - 1, kept)
kept = []
level(8, kept)
os._exit(0)
"""


def run_limited(pymtop, start, code, **limits):
    """The report comes through a pipe: a file would be limited too."""

    def limit():
        for name, value in limits.items():
            resource.setrlimit(getattr(resource, name), (value, value))

    done = subprocess.run(
        [pymtop, "--batch", "--format", "json", "--by", "traceback",
         *start.options, "-c", code], text=True, capture_output=True,
        preexec_fn=limit, timeout=120)
    is_report = done.stderr.startswith("{")
    return done, json.loads(done.stderr) if is_report else {}


def adds_up(report):
    for moment, at in (("now", "now"), ("peak", "at_peak"), ("ever", "ever")):
        for unit in ("bytes", "blocks"):
            rows = report["rows"] + [report["more"] or {}]
            total = sum(row.get(f"{unit}_{at}", 0) for row in rows)
            assert total == report[moment][unit], (moment, unit)


def test_a_full_region_shortens_tracebacks_only(pymtop, start):
    _, whole = run_limited(pymtop, start, MANY_CONTEXTS)
    assert whole["trouble"] == []
    done, small = run_limited(pymtop, start, MANY_CONTEXTS,
                              RLIMIT_FSIZE=4 * MIB)
    assert done.returncode == 0, done.stderr
    assert "contexts full" in small["trouble"]
    adds_up(whole)
    adds_up(small)
    assert small["lost"] == 0
    assert len(small["rows"]) < len(whole["rows"])
    # The same program holds the same bytes, but for what paths differ in.
    assert abs(small["now"]["bytes"] - whole["now"]["bytes"]) < 4096
    assert small["now"]["blocks"] >= 2 * 3 ** 8


def test_a_script_may_limit_its_own_address_space(pymtop, any_start):
    """Tables that reserved address space would fail the script here."""
    code = ("import resource\n"
            "limit = 400 << 20\n"
            "resource.setrlimit(resource.RLIMIT_AS, (limit, limit))\n"
            "kept = [[i] for i in range(200_000)]\n"
            "try:\n"
            "    bytearray(500 << 20)\n"
            "except MemoryError:\n"
            "    print(len(kept), 'and no more')\n")
    done, report = run_limited(pymtop, any_start, code)
    assert done.returncode == 0, done.stderr
    assert done.stdout == "200000 and no more\n"
    assert report["trouble"] == [] and report["lost"] == 0
    adds_up(report)


@pytest.mark.parametrize("limits, words", [
    ({"RLIMIT_AS": 100 * MIB}, "ulimit -v"),
    ({"RLIMIT_FSIZE": MIB}, "ulimit -f"),
])
def test_a_refused_region_is_one_line(request, pymtop, start, limits, words):
    if "RLIMIT_AS" in limits:
        request.getfixturevalue("without_sanitizers")
    done, _ = run_limited(pymtop, start, "print('ran')", **limits)
    assert done.returncode == 125
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("pymtop: cannot make the shared region: ")
    assert words in done.stderr


def test_a_stack_over_4096_frames_keeps_the_inner_ones(start, run_batch,
                                                       tmp_path):
    script = tmp_path / "deep.py"
    script.write_text(
        "import sys, threading, os\n"
        "sys.setrecursionlimit(10_000)\n"
        "threading.stack_size(512 << 20)\n"
        "def down(n, kept):\n"
        "    if n == 0:\n"
        "        kept.append(bytearray(5_000_000))\n"
        "    else:\n"
        "        down(n - 1, kept)\n"
        "def work():\n"
        "    kept = []\n"
        "    down(6000, kept)\n"
        "    os._exit(0)\n"
        "thread = threading.Thread(target=work)\n"
        "thread.start()\n"
        "thread.join()\n")
    # Each level keeps an int: all rows would be millions of frames.
    done = run_batch(start, [script], "--by", "traceback", "--top", "3")
    assert done.status == 0, done.stderr
    row, = [row for row in done.rows(file="deep.py")
            if row["bytes_now"] >= 5_000_000]
    lines = [frame["line"] for frame in row["traceback"]
             if frame["file"].endswith("deep.py")]
    assert 2048 <= lines.count(8) <= 4096
    assert 6 in lines and 11 not in lines
    adds_up(done.report)
