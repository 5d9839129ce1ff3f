# SPDX-License-Identifier: MIT
"""A script that is killed for memory by its control group."""

import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

import batch

LIMIT = 150_000_000
CODE = """\
import time
time.sleep(0.5)
kept = []
while True:
    kept.append(bytearray(1_000_000))
"""


def memory_groups():
    """(directory, file of the limit) of this process's memory groups."""
    for line in pathlib.Path("/proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if "memory" in controllers.split(","):
            for top in (f"/sys/fs/cgroup/memory{path}",
                        "/sys/fs/cgroup/memory"):
                yield pathlib.Path(top), "memory.limit_in_bytes"
        elif not controllers:
            yield pathlib.Path(f"/sys/fs/cgroup{path}"), "memory.max"


@pytest.fixture
def group():
    """The cgroup.procs of a new group with the limit."""
    made = None
    for parent, name in memory_groups():
        folder = parent / f"pymtop-test-{os.getpid()}"
        try:
            folder.mkdir()
            made = folder
            (folder / name).write_text(str(LIMIT))
            break
        except OSError:
            if made:
                made.rmdir()
                made = None
    if made is None:
        pytest.skip("no control group with a memory limit can be made here")
    yield made / "cgroup.procs"
    # A group that has just been left is busy for a moment.
    deadline = time.monotonic() + 20
    while True:
        try:
            made.rmdir()
            break
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def inside(group, command):
    return ["sh", "-c", f'echo $$ > {group}; exec "$@"', "sh",
            *map(str, command)]


def test_batch(pymtop, start, group, tmp_path):
    """The report is there and says by what; sums hold."""
    report = tmp_path / "report.json"
    done = subprocess.run(
        inside(group, [pymtop, "--batch", "--format", "json", "-o", report,
                       *start.options, "-c", CODE]),
        capture_output=True, text=True, timeout=120)
    assert done.returncode == -signal.SIGKILL, done.stderr
    (document,) = batch.documents(report.read_text())
    assert document["exit"] == {"status": None, "signal": signal.SIGKILL,
                                "out_of_memory": True, "replaced_by": None}
    assert document["now"]["bytes"] > LIMIT / 3
    biggest = max(document["rows"], key=lambda row: row["bytes_now"])
    assert (biggest["file"], biggest["line"]) == ("<string>", 5)
    assert sum(row["bytes_now"] for row in document["rows"]) \
        == document["now"]["bytes"]


def test_screen(pymtop, start, group, tmp_path, open_terminal):
    """`(out of memory)` without a question mark: the group counted it.  And
    what was biggest."""
    script = tmp_path / "script.py"
    script.write_text(CODE)
    terminal = open_terminal(
        inside(group, [pymtop, *start.options, script]), columns=100)
    terminal.wait_for("killed by SIGKILL (out of memory) after", timeout=60)
    terminal.wait_for(lambda text: re.search(
        r"^biggest: \d\d+\.\d MiB script\.py:5 <module>; "
        r"limit 143\.\d MiB \(cgroup\)$", text.split("\n")[-2]))
    terminal.send("q")
    assert terminal.wait() == -signal.SIGKILL
