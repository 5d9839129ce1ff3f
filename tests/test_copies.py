# SPDX-License-Identifier: MIT
"""Copies that read only what changed, against totals: nothing is missed when
the script falls silent and begins again at any moment."""

import json
import pathlib
import subprocess

from conftest import BUILD

TARGET = pathlib.Path(__file__).parent / "targets" / "now_and_then.py"


def test_copies_of_a_script_that_works_now_and_then_add_up(start):
    done = subprocess.run(
        [BUILD / "pymtop-copies", start.python.path, start.mode, TARGET, "6"],
        capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)
    assert result["wrong"] == 0, result
    assert result["copies"] > 100, result
    assert result["changed"] > 50, result
