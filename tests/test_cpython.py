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

# Each run is tried again, on a busy machine too, before it counts.
pytestmark = pytest.mark.timeout(900)

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

# On 3.13, since pyenv's 3.12.1 has not all of them: what starts processes.
POOLS = {
    "asyncio": ["test.test_asyncio." + name for name in (
        "test_base_events", "test_eager_task_factory", "test_futures",
        "test_locks", "test_queues", "test_runners", "test_streams",
        "test_subprocess", "test_taskgroups", "test_timeouts",
        "test_unix_events")],
    "concurrent_futures": ["test.test_concurrent_futures." + name for name in (
        "test_as_completed", "test_future", "test_init", "test_process_pool",
        "test_shutdown", "test_thread_pool")],
    "fork": ["test.test_multiprocessing_fork.test_processes",
             "test.test_multiprocessing_fork.test_manager"],
    "forkserver": ["test.test_multiprocessing_forkserver.test_processes"],
    "spawn": ["test.test_multiprocessing_spawn.test_processes"],
}

GREENLETS = """greenlet.tests.test_contextvars greenlet.tests.test_cpp
    greenlet.tests.test_extension_interface greenlet.tests.test_gc
    greenlet.tests.test_generator greenlet.tests.test_generator_nested
    greenlet.tests.test_greenlet greenlet.tests.test_throw
    greenlet.tests.test_tracing greenlet.tests.test_weakref
    gevent.tests.test__contextvars gevent.tests.test__greenlet
    gevent.tests.test__hub gevent.tests.test__local
    gevent.tests.test__queue""".split()


def known(minor):
    """The cases of the table that differ in this version."""
    rows = re.findall(r"^\| `(test\.[\w.]+)` \| 3\.(\d+) \|",
                      TABLE.read_text(), re.MULTILINE)
    return {case for case, first in rows if minor >= int(first)}


def compare(way, *args, plain=None, expected=frozenset()):
    """What differs, if it is not expected also when it is tried again; and
    the run of pymtop."""
    before = [(plain or cpython.run(way.plain, *args)).outcomes]
    traced = cpython.run(way, *args)
    found = cpython.differences(before, traced.outcomes)
    if found.keys() - expected - {"(exit)"}:
        before.append(cpython.run(way.plain, *args).outcomes)
        again = cpython.run(way, *args).outcomes
        found = cpython.differences(before, traced.outcomes)
        found = {case: how for case, how in found.items()
                 if case in cpython.differences(before, again)}
    return found, traced


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
    expected = known(start.python.minor) & plain.cases.keys()
    found, traced = compare(way, *args, plain=plain, expected=expected)
    ended = found.pop("(exit)", None)
    assert found.keys() <= expected, (found, traced.log[-10000:])
    assert ended is None or found, ended
    memory = traced.memory
    assert memory["ever"]["blocks"] > 100_000
    assert memory["lost"] == 0 and memory["trouble"] == []
    print(f"{len(traced.cases)} cases, different: {found}")
    if len(memory.get("processes", [])) > 1:
        # What tests start is traced too: then the table is exact.
        assert found.keys() == expected


def test_everywhere(any_start, pymtop):
    check(any_start, pymtop, EVERYWHERE, least=500)


def embedded_one(name):
    for start in interpreters.starts():
        if str(start) == f"{name}-embed":
            return interpreters.ready(start)
    pytest.skip(f"no {name} here")


@pytest.fixture
def embedded():
    """3.12, embedded."""
    return embedded_one("3.12")


@pytest.mark.parametrize("kind", WIDELY)
def test_widely(embedded, pymtop, kind):
    check(embedded, pymtop, WIDELY[kind], least=30)


@pytest.mark.parametrize("kind", POOLS)
def test_pools(pymtop, kind):
    check(embedded_one("3.13"), pymtop, POOLS[kind], least=30)


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
def probe(embedded, pymtop, tmp_path):
    """probe(code) compares a file of tests of ours."""
    (tmp_path / "tests").mkdir()

    def compared(code):
        mark = str(tmp_path / "mark")
        (tmp_path / "tests" / "test_probe.py").write_text(
            code.replace("MARK", repr(mark)))
        way = cpython.Way(embedded.python.path, "embed", pymtop)
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
                          timeout=250)
    text = done.stdout + done.stderr
    return (done.returncode, re.findall(r"^Ran (\d+) test", text, re.M),
            re.findall(r"^(?:OK|FAILED).*", text, re.M),
            sorted(re.findall(r"^(?:FAIL|ERROR): .*", text, re.M)))


@pytest.mark.parametrize("module", GREENLETS)
def test_greenlets(embedded, pymtop, tmp_path, module):
    python = embedded.python.venv("greenlets")
    way = cpython.Way(python, "embed", pymtop)
    plain = outcome([python], module, tmp_path)
    traced = outcome(way.command("report"), module, tmp_path)
    if traced != plain:
        plain = outcome([python], module, tmp_path)
        traced = outcome(way.command("report"), module, tmp_path)
    assert traced == plain
    assert sum(map(int, plain[1])) > 0
