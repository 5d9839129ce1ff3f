# SPDX-License-Identifier: MIT
"""CPython's own tests, and greenlet's and gevent's, come out under pymtop as
they do without it.  What must differ is in a table of docs/cpython-tests.md.

Compared is with what plain python does here and now: a test that fails on
this machine anyway may fail under pymtop, too.
"""

import functools
import re
import subprocess

import pytest

import cpython
import interpreters
from conftest import SOURCE

TABLE = SOURCE / "docs" / "cpython-tests.md"

# On every interpreter, in one process: where tools like this break first.
EVERYWHERE = """test_gc test_sys test_tracemalloc test_frame test_generators
    test_coroutines test_exceptions test_sys_settrace test_code""".split()

# On 3.12 also these, without cases that mainly wait (-i).
WIDELY = {
    "children": ["test_cmd_line", "test_cmd_line_script", "test_runpy",
                 "test_faulthandler", "-i", "test_dump_traceback_later*"],
    "subprocess": ["test_subprocess", "-i", "*NoPoll*"],
    "interpreters": ["test_capi", "test__xxsubinterpreters",
                     "test_interpreters", "test_monitoring"],
    "signals": ["test_signal", "-i", "ItimerTest", "-i", "SiginterruptTest"],
    "threads": ["test_threading", "test_threadsignals", "-i", "test_timeout"],
}

GREENLETS = """greenlet.tests.test_contextvars greenlet.tests.test_cpp
    greenlet.tests.test_extension_interface greenlet.tests.test_gc
    greenlet.tests.test_generator greenlet.tests.test_generator_nested
    greenlet.tests.test_greenlet greenlet.tests.test_interpreter_shutdown
    greenlet.tests.test_throw greenlet.tests.test_tracing
    greenlet.tests.test_weakref gevent.tests.test__queue
    gevent.tests.test__greenlet gevent.tests.test__local
    gevent.tests.test__contextvars gevent.tests.test__hub""".split()


def known():
    """The cases of the table."""
    return set(re.findall(r"^\| `test\.([\w.]+)` \|", TABLE.read_text(),
                          re.MULTILINE))


def name_of(case):
    return case.removeprefix("test.")


def compare(way, *args, plain=None):
    """What differs, though it was tried again; and the run of pymtop."""
    before = [plain or cpython.run(way.plain, *args)]
    traced = cpython.run(way, *args)
    found = cpython.differences([run.outcomes for run in before],
                                traced.outcomes)
    if {name_of(case) for case in found} - known() - {"(exit)"}:
        before.append(cpython.run(way.plain, *args))
        found = cpython.differences(
            [run.outcomes for run in before], traced.outcomes)
        again = cpython.differences(
            [run.outcomes for run in before],
            cpython.run(way, *args).outcomes)
        found = {case: how for case, how in found.items() if case in again}
    return found, traced


def ways(proven=False):
    return [cpython.Way(start.python.path, start.mode)
            for start in interpreters.starts(proven)]


@functools.lru_cache(maxsize=1)
def plainly(python, *args):
    """What embed and preload are compared with."""
    return cpython.run(cpython.Way(python, "plain"), *args)


def check(start, pymtop, args, least):
    python = start.python.path
    if not cpython.has_tests(python):
        pytest.skip(f"{python} has no tests of its own installed")
    way = cpython.Way(python, start.mode, pymtop)
    plain = plainly(python, *args)
    assert len(plain.cases) >= least, plain.log[-3000:]
    found, traced = compare(way, *args, plain=plain)
    different = {name_of(case): how for case, how in found.items()
                 if case != "(exit)"}
    unknown = {case: how for case, how in different.items()
               if case not in known()}
    assert unknown == {}, traced.log[-10000:]
    assert "(exit)" not in found or different
    memory = traced.memory
    assert memory["ever"]["blocks"] > 100_000
    assert memory["lost"] == 0 and memory["trouble"] == []
    print(f"{len(traced.cases)} cases, different: {different}")
    if len(memory.get("processes", [])) > 1:
        # What tests start is traced too: then the table is exact.
        ran = {name_of(case) for case in plain.cases}
        assert {case for case in known() if case in ran} == set(different)


def test_everywhere(any_start, pymtop):
    check(any_start, pymtop, EVERYWHERE, least=700)


@pytest.mark.parametrize("kind", WIDELY)
def test_widely(pymtop, kind):
    starts = {str(start): start for start in interpreters.starts()}
    if "3.12-embed" not in starts:
        pytest.skip("no 3.12 here")
    check(interpreters.ready(starts["3.12-embed"]), pymtop, WIDELY[kind],
          least=60)


PROBE = '''
import os, sys, unittest
traced = os.readlink("/proc/self/exe").endswith("pymtop-runner")

class Probe(unittest.TestCase):
    def test_same(self):
        pass

    def test_skipped(self):
        self.skipTest("both")

    def test_fails_anyway(self):
        self.fail("both")

    def test_fails(self):
        self.assertFalse(traced)

    def test_raises(self):
        1 / (not traced)

    def test_skips(self):
        if traced:
            self.skipTest("only here")

    def test_fails_in_parts(self):
        for part in range(3):
            with self.subTest(part=part):
                self.assertFalse(traced and part)

    def test_fails_once(self):
        if traced and not os.path.exists(MARK):
            open(MARK, "w").close()
            self.fail("once")
'''
FATAL = '''

class Zero(unittest.TestCase):
    def test_dies(self):
        if traced:
            sys.stdout.flush()
            os.abort()
'''


@pytest.fixture
def probe(pymtop, tmp_path):
    """probe(code) compares a file of tests of ours."""
    starts = {str(start): start for start in interpreters.starts()}
    if "3.12-embed" not in starts:
        pytest.skip("no 3.12 here")
    start = interpreters.ready(starts["3.12-embed"])
    (tmp_path / "tests").mkdir()

    def compared(code):
        mark = str(tmp_path / "mark")
        (tmp_path / "tests" / "test_probe.py").write_text(
            code.replace("MARK", repr(mark)))
        way = cpython.Way(start.python.path, "embed", pymtop)
        found, _ = compare(way, "--testdir", str(tmp_path / "tests"),
                           "test_probe")
        return {case.rpartition(".")[2]: how for case, how in found.items()}
    return compared


def test_a_difference_would_be_seen(probe):
    """The probe finds out that it is embedded."""
    found = probe(PROBE)
    assert found == {
        "test_fails": ("ok", "failed"),
        "test_raises": ("ok", "error"),
        "test_skips": ("ok", "skipped"),
        "test_fails_in_parts": ("ok", "FAIL (part=1), FAIL (part=2)"),
    }


def test_a_death_would_be_seen(probe):
    found = probe(PROBE + FATAL)
    assert found["test_dies"] == ("ok", "missing")
    assert found["(exit)"][1] == "-6"
    assert "test_dies" in found["(died)"][1]


def outcome(command, module, folder):
    """What unittest says at its end, and what failed."""
    run = ["-m", "unittest", "-v"] if module.startswith("greenlet") \
        else ["-m"]
    done = subprocess.run([*command, *run, module], text=True, cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True,
                          timeout=120)
    text = done.stdout + done.stderr
    return (done.returncode, re.findall(r"^Ran (\d+) test", text, re.M),
            re.findall(r"^(?:OK|FAILED).*", text, re.M),
            sorted(re.findall(r"^(?:FAIL|ERROR): .*", text, re.M)))


@pytest.mark.parametrize("module", GREENLETS)
def test_greenlets(pymtop, tmp_path, module):
    starts = {str(start): start for start in interpreters.starts()}
    if "3.12-embed" not in starts:
        pytest.skip("no 3.12 here")
    python = interpreters.ready(starts["3.12-embed"]).python.venv("greenlets")
    way = cpython.Way(python, "embed", pymtop)
    plain = outcome([python], module, tmp_path)
    traced = outcome(way.command("report"), module, tmp_path)
    if traced != plain:
        plain = outcome([python], module, tmp_path)
        traced = outcome(way.command("report"), module, tmp_path)
    assert traced == plain
    assert sum(map(int, plain[1])) > 0
