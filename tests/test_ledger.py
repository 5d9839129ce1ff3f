# SPDX-License-Identifier: MIT
"""The ledger adds up at every moment, and stays small."""

import json
import pathlib
import subprocess

import pytest

from conftest import BUILD

TARGETS = pathlib.Path(__file__).with_name("targets")


@pytest.fixture
def copies():
    def run(start, script, *args, timeout=120):
        done = subprocess.run(
            [BUILD / "pymtop-copies", start.python.path, start.mode,
             TARGETS / script, *map(str, args)],
            text=True, capture_output=True, timeout=timeout)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])
    return run


def test_a_thousand_copies_of_eight_busy_threads_add_up(any_start, copies):
    seconds, changed, count = 4, 0, 0
    while changed < 1000 and seconds <= 16:
        result = copies(any_start, "busy_threads.py", seconds)
        assert result["status"] == 0 and result["signal"] == 0
        assert result["wrong"] == 0, result
        changed += result["changed"]
        count += result["copies"]
        seconds *= 2
    assert changed >= 1000, f"only {changed} of {count} copies were new"
    assert result["lost"] == 0


def test_a_function_made_again_is_one_code(any_start, copies):
    few = copies(any_start, "made_functions.py", 1000)
    many = copies(any_start, "made_functions.py", 20000)
    assert many["allocs"] > 10 * few["allocs"]
    assert many["codes"] == few["codes"]
    assert many["contexts"] == few["contexts"]
    assert many["names"] == few["names"]
    assert many["tracer"] == few["tracer"]


def test_a_million_made_functions_are_one_row(start, run_batch):
    done = run_batch(start, [TARGETS / "made_functions.py", 1_000_000],
                     timeout=300)
    assert done.status == 0, done.stderr
    rows = [row for row in done.report["rows"]
            if row["file"] == "<made>" and row["line"] == 2]
    assert len(rows) == 1
    assert rows[0]["blocks_ever"] >= 1_000_000
