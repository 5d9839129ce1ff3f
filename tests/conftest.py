# SPDX-License-Identifier: MIT
"""What every test may ask for: the built program, the interpreters found on
this machine in each way to start, a terminal, a batch run."""

import os
import pathlib
import signal
import subprocess
import textwrap

import pytest

import batch
import interpreters
import monitor
import terminal

TESTS = pathlib.Path(__file__).resolve().parent
SOURCE = TESTS.parent
BUILD = pathlib.Path(os.environ.get("PYMTOP_BUILD", SOURCE / "build"))

# Child processes see a terminal's and a user's usual environment, whatever
# the tests themselves were started from.
for name in [n for n in os.environ if n.startswith("PYTHON")]:
    del os.environ[name]
for name in ("VIRTUAL_ENV", "LD_PRELOAD", "NO_COLOR", "LINES", "COLUMNS"):
    os.environ.pop(name, None)
os.environ.update(LANG="C.UTF-8", LC_ALL="C.UTF-8", TERM="xterm-256color")

# A shell that started them in the background has some signals ignored; what
# they run must be able to get each.
signal.signal(signal.SIGINT, signal.default_int_handler)
for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGTERM):
    signal.signal(number, signal.SIG_DFL)


def pytest_generate_tests(metafunc):
    """`start` is each interpreter and way to start that must work here;
    `any_start` is each that was found at all."""
    for name in ("start", "any_start"):
        if name in metafunc.fixturenames:
            starts = interpreters.starts(proven=name == "start")
            metafunc.parametrize(name, starts, indirect=True,
                                 ids=[str(start) for start in starts])


@pytest.fixture
def start(request):
    return interpreters.ready(request.param)


@pytest.fixture
def any_start(request):
    return interpreters.ready(request.param)


@pytest.fixture
def jit(any_start):
    """A start whose Python can make machine code."""
    done = subprocess.run(
        [any_start.python.path, "-c",
         "import sys; print(sys._jit.is_available())"],
        text=True, capture_output=True)
    if done.stdout != "True\n":
        pytest.skip(f"{any_start.python.name} has no JIT")
    return any_start


@pytest.fixture(scope="session")
def pymtop():
    path = BUILD / "pymtop"
    if not path.exists():
        pytest.fail(f"{path} is not built")
    return str(path)


@pytest.fixture
def without_sanitizers(pymtop):
    """For tests under limits that AddressSanitizer cannot work in."""
    if b"__asan_init" in pathlib.Path(pymtop).read_bytes():
        pytest.skip("built with sanitizers")


@pytest.fixture
def open_terminal():
    """open_terminal(argv, columns=80, lines=24, env=None, cwd=None) starts a
    command on a terminal of its own; it is gone when the test ends."""
    opened = []

    def open_one(argv, **how):
        opened.append(terminal.Terminal(argv, **how))
        return opened[-1]

    yield open_one
    for one in opened:
        one.close()


@pytest.fixture
def screen(pymtop, open_terminal, tmp_path):
    """screen(start, code, *options, **how) is pymtop running a script of
    this code, on a terminal of its own."""
    def run(start, code, *options, **how):
        script = tmp_path / "script.py"
        script.write_text(code)
        return open_terminal([pymtop, *start.options, *options, script],
                             **how)
    return run


@pytest.fixture
def watch(pymtop, open_terminal, tmp_path):
    """watch(code, **how) is the Monitor of work.py, a script of this code,
    with its first rows."""
    def run(code, **how):
        (tmp_path / "work.py").write_text(code)
        return monitor.Monitor(open_terminal, pymtop, ["work.py"],
                               cwd=tmp_path, **how).started()
    return run


@pytest.fixture
def run_batch(pymtop, tmp_path):
    """run_batch(start, [script, args...], *options) runs `pymtop --batch
    --format json`; see batch.run()."""
    def run(start, args, *options, **how):
        return batch.run(pymtop, start, args, *options,
                         report=tmp_path / "report.json", **how)
    return run


@pytest.fixture
def follow(run_batch, tmp_path):
    """follow(start, code, *args) is the batch run of a script of this code,
    which starts children; the same seed for all."""
    def run(start, text, *args, options=(), **how):
        script = tmp_path / "script.py"
        script.write_text(textwrap.dedent(text))
        return run_batch(start, [script, *args], *options, cwd=tmp_path,
                         env={**os.environ, "PYTHONHASHSEED": "0"}, **how)
    return run


def _count(reporter, *kinds):
    return sum(1 for kind in kinds for report in reporter.stats.get(kind, ())
               if getattr(report, "count_towards_summary", True))


def pytest_terminal_summary(terminalreporter):
    terminalreporter.write_line(
        "Pythons: " + ", ".join(interpreters.versions()))


def pytest_unconfigure(config):
    """The last line of all: N passed, N failed, N skipped."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or config.option.collectonly:
        return
    passed = _count(reporter, "passed")
    failed = _count(reporter, "failed", "error")
    skipped = _count(reporter, "skipped")
    reporter.ensure_newline()
    reporter.write_line(
        f"{passed} passed, {failed} failed, {skipped} skipped")
    reporter.flush()
