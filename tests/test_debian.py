# SPDX-License-Identifier: MIT
"""On a bare Debian 13: its own Python, C compiler and libraries, and nothing
that this machine has.  `make check-debian` runs everything there."""

import os
import pathlib
import re
import subprocess
import time

import pytest

from conftest import SOURCE

SUITE = "trixie"
VERSION = 13

# Both README commands; then what the compiler said.
COMMANDS = """
./bootstrap run --batch --top 3 examples/leak.py 2 || exit 1
PYMTOP_CHECK=smoke ./bootstrap check -n 2 -rA
status=$?
grep -A 5 warning: build/bootstrap.log
exit $status
"""


def this_debian():
    """The version of Debian that this machine runs, 0 for another system; one
    that is not released yet counts as later than all."""
    path = pathlib.Path("/etc/os-release")
    words = dict(re.findall(r'^(\w+)="?([^"\n]*)',
                            path.read_text() if path.exists() else "",
                            re.MULTILINE))
    if words.get("ID") != "debian":
        return 0
    return int(words.get("VERSION_ID", 99))


@pytest.mark.timeout(1200)
def test_bare_debian_13():
    """It builds there without a warning, and the smoke set passes."""
    if this_debian() >= VERSION:
        pytest.skip("this machine is a Debian 13, or a later one")
    began = time.monotonic()
    done = subprocess.run(
        [SOURCE / "tools" / "debian_root", SUITE, "sh", "-c", COMMANDS],
        text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, env={**os.environ, "PYMTOP_STARTS": ""})
    if done.returncode == 77:
        pytest.skip(done.stdout.strip().splitlines()[-1])
    print(f"{time.monotonic() - began:.0f} s")
    assert done.returncode == 0, done.stdout
    assert "warning:" not in done.stdout
    passed = re.findall(r"^PASSED (\w+\.py)", done.stdout, re.MULTILINE)
    for kind in "unit", "accuracy", "interpreter", "screen_sizes", "streams":
        assert f"test_{kind}.py" in passed, done.stdout
    for start in "embed", "preload":
        assert re.search(rf"PASSED .*\[system3\.\d+-{start}", done.stdout)
    assert re.search(r"\b0 failed, \d+ skipped\n", done.stdout)
