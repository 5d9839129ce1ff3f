# SPDX-License-Identifier: MIT
"""Ten seconds of what `make soak` does for an hour: churn with threads and
forks, a snapshot and tables every second, then all live blocks are counted
anew, from outside, and compared with every counter."""

import json
import pathlib
import subprocess

from conftest import BUILD

CHURN = pathlib.Path(__file__).with_name("soak") / "churn.py"


def test_ten_seconds(start):
    done = subprocess.run(
        [BUILD / "pymtop-soak", "10", start.python.path, start.mode, CHURN],
        text=True, capture_output=True, timeout=200)
    assert done.returncode == 0, done.stdout + done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["snapshots"] == 10 and said["wrong_sums"] == 0
    assert said["processes_recounted"] == 2 and said["wrong_counters"] == 0
    assert said["allocations"] > 100_000 and said["blocks_recounted"] > 20_000
    assert said["lost"] == 0 and said["slots"] > 3
    # It would have been seen: the last recount is of a counter made wrong.
    assert done.stderr.splitlines()[-1] == (
        "recount: blocks of cell 1: counted 0, the region says 1")
