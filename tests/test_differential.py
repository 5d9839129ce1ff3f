# SPDX-License-Identifier: MIT
"""The engine is exact: each of its answers is compared with one that was found
the slow way (see engine/verify.h), on scripts that do what is hard for it.

The random ones take their seed from $PYMTOP_SEED, or from the clock, and print
it; the interpreter's own order of threads stays random.
"""

import json
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

from conftest import BUILD
from interpreters import CACHE

SCRIPTS = pathlib.Path(__file__).with_name("differential")
VERIFYING = BUILD / "verify"
STEPS = 300


def statistics(text):
    """The last line of statistics of each process, the script's own first."""
    found = {}
    for line in text.splitlines():
        if line.startswith("statistics "):
            fields = dict(field.split("=") for field in line.split()[1:])
            found[fields["pid"]] = {name: int(value)
                                    for name, value in fields.items()}
    return sorted(found.values(), key=lambda one: one["forked"])


class Verified:
    def __init__(self, done, text):
        self.done, self.text = done, text
        self.processes = statistics(text)

    @property
    def script(self):
        return self.processes[0]

    def check(self, least, trouble=0):
        """Nothing differs, in so many allocations at least."""
        shown = self.text + self.done.stdout + self.done.stderr
        assert self.done.returncode == 0, shown
        assert self.processes, shown
        for one in self.processes:
            assert one["differences"] == 0, shown
            assert one["lost"] == 0 and one["trouble"] == trouble, shown
        assert self.script["forked"] == 0
        assert self.script["checked"] >= least, shown
        print(f"{self.script}, {len(self.processes) - 1} children")


@pytest.fixture
def verify(tmp_path):
    """verify(start, [script, args...]) runs a script of differential/ on the
    verifying engine; with copies=True, copies of its counters are taken all
    the while, and the last line it prints says what they were like."""
    def run(start, args, perturb="", timeout=100, copies=False):
        file = tmp_path / "verified"
        file.unlink(missing_ok=True)
        command = [VERIFYING / "pymtop", "--batch", "-o", tmp_path / "report",
                   *start.workload_options]
        if copies:
            command = [VERIFYING / "pymtop-copies", start.python.workloads,
                       start.mode]
        done = subprocess.run(
            [*command, *map(str, args)],
            text=True, capture_output=True, timeout=timeout, cwd=SCRIPTS,
            env=dict(os.environ, PYMTOP_VERIFY_FILE=str(file),
                     PYMTOP_VERIFY_PERTURB=perturb,
                     PYTHONPYCACHEPREFIX=str(CACHE / "bytecode")))
        return Verified(done, file.read_text() if file.exists() else "")
    return run


@pytest.fixture
def seed():
    seed = int(os.environ.get("PYMTOP_SEED", time.time_ns() // 1000 % 10**6))
    print(f"PYMTOP_SEED={seed}")
    return seed


@pytest.mark.parametrize("kind", ["alone", "threads", "greenlets", "deep"])
def test_random_programs(any_start, verify, seed, kind):
    done = verify(any_start, ["mixed.py", seed, STEPS, kind])
    done.check(least=100_000 if kind != "deep" else 5_000)


MACHINE_CODE = 64       # TROUBLE_MACHINE_CODE


@pytest.mark.parametrize("kind", ["alone", "threads", "greenlets"])
def test_random_programs_as_machine_code(jit, verify, seed, kind,
                                         monkeypatch):
    """Marks hold there as well; which line is another question.  3.15.2 by
    itself dies now and then in such programs, so a death is tried again."""
    monkeypatch.setenv("PYTHON_JIT", "1")
    for again in range(3):
        done = verify(jit, ["mixed.py", seed + again, STEPS, kind])
        if done.done.returncode != -signal.SIGSEGV:
            break
    done.check(100_000, MACHINE_CODE)


@pytest.mark.parametrize("perturb", ["context:20000", "block:20000"])
def test_a_difference_would_be_seen(start, verify, perturb):
    done = verify(start, ["mixed.py", 1, STEPS, "threads"], perturb=perturb)
    checked = done.script["checked"]
    assert done.script["differences"] >= checked // 20000 >= 1
    assert "difference in" in done.text


@pytest.mark.parametrize("script, least", [
    ("reborn", 20_000), ("resumed", 100_000), ("switched", 50_000),
    ("quiet", 40_000), ("jumped", 20_000), ("subinterpreters", 20_000)])
def test_what_is_hard(any_start, verify, script, least):
    done = verify(any_start, [f"{script}.py"])
    done.check(least)
    if script == "reborn":
        reborn = int(re.search("^reborn ([0-9]+)", done.done.stdout,
                               re.MULTILINE)[1])
        assert reborn >= 100


def test_no_total_is_torn(any_start, verify):
    """Neither in the parent, nor in children forked at any moment, nor in
    the copies that the monitor takes."""
    done = verify(any_start, ["raw.py", VERIFYING / "raw-threads.so"],
                  copies=True)
    done.check(least=100_000)
    assert "children 30 of 30 parent 0\n" in done.done.stdout
    assert len(done.processes) == 1 + 30
    copies = json.loads(done.done.stdout.splitlines()[-1])
    assert copies["status"] == 0 and copies["wrong"] == 0, copies
    assert copies["changed"] >= 50


def test_no_script_sees_the_engine(any_start, pymtop, verify):
    """The same output as plain python's, to the byte."""
    python = any_start.python.workloads
    script = [SCRIPTS / "seen.py", "500"]
    plain = subprocess.run([python, *script], capture_output=True)
    assert plain.returncode == 0, plain.stderr.decode()
    traced = subprocess.run(
        [pymtop, "--batch", "-o", "/dev/null", *any_start.workload_options,
         *script], capture_output=True)
    assert traced.returncode == 0, traced.stderr.decode()
    lines = plain.stdout.decode().splitlines()
    assert len(lines) > 1500
    for ours, theirs in zip(traced.stdout.decode().splitlines(), lines):
        assert ours == theirs
    assert traced.stdout == plain.stdout
    verify(any_start, ["seen.py", "60"]).check(least=20_000)
