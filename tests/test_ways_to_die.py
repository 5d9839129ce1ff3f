# SPDX-License-Identifier: MIT
"""Each way a script can die, on the screen and without: what is said, the
status, the tables that stay, the terminal, and nothing left behind.
docs/reliability.md has the table; each of its rows names its test here."""

import dataclasses
import os
import pathlib
import re
import signal
import subprocess
import time

import pytest

import batch
import monitor
from conftest import SOURCE
from processes import left_behind, modes_of, parent, state, until

HOLD = "kept = [str(n) * 10 for n in range(20000)]\nimport os, sys, time\n"
PAUSE = HOLD + "time.sleep(float(os.environ['PAUSE']))\n"
CLOCK = r"\d\d:\d\d:\d\d"
KEYS = "^all keys still work: sort, d, w writes a file, q quits"
LIMITS = (r"(RSS was [\d.]+ of [\d.]+ GiB|limit [\d.]+ [MG]iB \(cgroup\))")


@dataclasses.dataclass
class Way:
    code: str
    words: str              # at the right end of line 1, before the time
    hint: str
    status: int             # -N: by signal N
    keys: tuple = ()        # pressed when it runs
    same_errors: bool = True    # no address, no place where a signal came
    last_minor: int = 99        # newer Pythons print what there is memory for


WAYS = {
    "end of the script": Way(PAUSE, "exited 0", KEYS, 0),
    "exception": Way(
        PAUSE + "def read(row):\n    raise ValueError(f'bad row {row}')\n"
        "read(17)\n", "exited 1: exception",
        r"^ValueError: bad row 17 \(work\.py:5 read\); 0 shows it all", 1),
    "sys.exit(3)": Way(PAUSE + "sys.exit(3)\n", "exited 3", KEYS, 3),
    "sys.exit(text)": Way(PAUSE + "sys.exit('sorry')\n", "exited 1", KEYS, 1),
    "os._exit": Way(PAUSE + "os._exit(5)\n", "exited 5", KEYS, 5),
    "abort": Way(
        PAUSE + "os.abort()\n", "killed by SIGABRT",
        r"^it called abort\(\); last Python line seen: .+:\d+",
        -signal.SIGABRT),
    "SIGSEGV in C": Way(
        PAUSE + "import ctypes\nctypes.string_at(0)\n", "killed by SIGSEGV",
        r"^segmentation fault; last Python line seen: "
        r"ctypes/__init__\.py:\d+ string_at", -signal.SIGSEGV),
    "SIGSEGV and faulthandler": Way(
        PAUSE + "import ctypes, faulthandler\nfaulthandler.enable()\n"
        "ctypes.string_at(0)\n", "killed by SIGSEGV",
        "^segmentation fault; last Python line seen: ", -signal.SIGSEGV,
        same_errors=False),
    "SIGKILL": Way(
        PAUSE + "os.kill(os.getpid(), 9)\n",
        r"killed by SIGKILL \(out of memory\?\)",
        rf"^biggest: [\d.]+ [KM]iB \S.*; {LIMITS}$", -signal.SIGKILL),
    "SIGTERM": Way(PAUSE + "os.kill(os.getpid(), 15)\n", "killed by SIGTERM",
                   "^terminated", -signal.SIGTERM),
    "SIGINT": Way(HOLD + "print('ready', flush=True); time.sleep(60)\n", "killed by SIGINT",
                  "^interrupted", -signal.SIGINT, keys=("^C",),
                  same_errors=False),
    "real-time signal": Way(PAUSE + "os.kill(os.getpid(), 40)\n",
                            "killed by SIG40", "^killed by a signal", -40),
    "recursion without end": Way(
        PAUSE + "def down(): down()\ndown()\n", "exited 1: exception",
        "^RecursionError: maximum recursion depth exceeded.* "
        r"\(work\.py:4 down\)", 1),
    "stack overflow in C": Way(
        PAUSE + "import faulthandler, resource\nfaulthandler.enable()\n"
        "resource.setrlimit(resource.RLIMIT_STACK, (1 << 18, -1))\n"
        "def down(n): return list(map(down, [n + 1]))\n"
        "sys.setrecursionlimit(1000000)\ndown(0)\n", "killed by SIGSEGV",
        "^segmentation fault; last Python line seen: ", -signal.SIGSEGV,
        same_errors=False),
    "memory: rlimit": Way(
        HOLD + "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, -1))\n"
        "def grow(held):\n    try:\n        while True: time.sleep(0.01); \\\n"
        "            held.append(bytearray(4 << 20))\n"
        # From 3.13 on a traceback is printed by much Python code.
        "    except MemoryError: del held[-10:]; raise\ngrow([])\n",
        "exited 1: out of memory",
        r"^biggest at the peak: \d{3}\.\d MiB work\.py:8 grow; "
        r"limit 400\.0 MiB \(ulimit -v\); MemoryError \(work\.py:8 grow\)",
        1),
    "memory: none left": Way(
        HOLD + "import resource\n"
        "resource.setrlimit(resource.RLIMIT_AS, (400 << 20, -1))\n"
        "def grow(held):\n    while True:\n        time.sleep(0.01)\n"
        "        held.append(bytearray(4 << 20))\ngrow([])\n",
        "exited 1: out of memory",
        r"^biggest at the peak: \d{3}\.\d MiB work\.py:8 grow; "
        r"limit 400\.0 MiB \(ulimit -v\); MemoryError \(work\.py:8 grow\)",
        1, last_minor=12),
    "memory: MemoryError": Way(
        # More than what 3.13 takes to print a traceback.
        PAUSE.replace("20000", "60000")
        + "def take():\n    return bytearray(1 << 60)\ntake()\n",
        "exited 1: out of memory", r"^biggest at the peak: [\d.]+ [KM]iB "
        r"work\.py:1 .*; MemoryError \(work\.py:5 take\)", 1),
    "exec": Way(
        PAUSE + "time.sleep(0.4)\nos.execv('/bin/sleep', ['sleep', '0.6'])\n",
        r"replaced by /\S*/(sleep|coreutils)",
        "^tracing ended there; tables show the last moment", 0),
    "daemon": Way(
        PAUSE + "if os.fork(): os._exit(0)\nos.setsid()\n"
        "if os.fork(): os._exit(0)\n"
        "with open(os.environ['DAEMON'], 'w') as file:\n"
        "    file.write(str(os.getpid()))\n"
        # From here on nobody waits for it any more.
        "for fd in range(3): os.close(fd)\n"
        "more = [str(n) for n in range(1000)]\ntime.sleep(60)\n",
        "exited 0", KEYS, 0),
}


@pytest.fixture
def place(tmp_path):
    """A script's surroundings: nothing else is written anywhere, and each of
    its processes can be known by its environment."""
    for name in ("home", "tmp"):
        (tmp_path / name).mkdir()
    env = dict(os.environ, HOME=str(tmp_path / "home"),
               XDG_CACHE_HOME=str(tmp_path / "home" / "cache"),
               TMPDIR=str(tmp_path / "tmp"), COLUMNS="80", LINES="24",
               DAEMON=str(tmp_path / "daemon"), WAY=str(tmp_path), PAUSE="0.4")
    before = strangers()
    yield tmp_path, env
    for daemon in tmp_path.glob("daemon*"):
        # They are the script's, and have not died with anything of ours.
        until(lambda: state(daemon.read_text()) == "S")
        os.kill(int(daemon.read_text()), signal.SIGKILL)
    until(lambda: not left_behind(f"WAY={tmp_path}"))
    assert list((tmp_path / "tmp").iterdir()) == []
    files = [path for path in (tmp_path / "home").rglob("*")
             if path.is_file()]
    assert all(path.parent.name == "pymtop" and path.name[:7] == "python-"
               for path in files), files
    assert strangers() <= before


def strangers():
    """Files of ours where others put theirs."""
    return {path for folder in ("/tmp", "/dev/shm", "/var/tmp")
            for path in pathlib.Path(folder).glob("*pymtop*")}


@pytest.fixture
def run(place, open_terminal, pymtop):
    def run(code, **how):
        folder, env = place
        (folder / "work.py").write_text(code)
        return monitor.Monitor(open_terminal, pymtop, ["work.py"], cwd=folder,
                               env=env, columns=120, lines=30, **how)
    return run


def check_tables(seen):
    """Line 1 of the script still has its memory, and all adds up; keys
    work."""
    seen.press("e")
    lines = seen.lines
    rows = [monitor.Row(line) for line in seen.body("LOCATION")]
    assert any("work.py:1 <module>" in row.rest for row in rows)
    assert sum(row.bytes for row in rows[:-1]) == rows[-1].bytes
    assert "= traced, at the end" in rows[-1].line
    assert f"{rows[-1].bytes:,}" in lines[1]
    seen.press("s", "d").wait_for("DIFF #1 → end")
    seen.press("d", "p").wait_for("AT PEAK 00:")
    seen.press("p", "p", "B", "2", "3", "4", "6", "1")
    assert f"{rows[-1].bytes:,}" in seen.lines[1]


def check_end(seen, status):
    """q: the script's status, one line, a terminal as it was."""
    seen.send("q")
    assert seen.wait() == status
    assert re.search(rf"pymtop: peak [\d.]+ [KM]iB at {CLOCK}, "
                     r"[\d.]+ [KM]iB at the end", seen.text)
    check_terminal(seen)


def check_terminal(seen):
    assert not seen.screen.alternate and not seen.screen.cursor.hidden
    assert not any(seen.screen.private_mode(n) for n in (1000, 1002, 1006))
    assert modes_of(seen) == seen.modes


def chosen(name, start):
    way = WAYS[name]
    if start.python.minor > way.last_minor:
        pytest.skip(f"{name}: how much of a traceback is printed differs")
    return way


def wait_for_words(seen, words, hint):
    seen.wait_for(lambda text: re.search(words, text.split("\n")[0]), 60)
    seen.wait_for(lambda text: re.search(hint, text.split("\n")[-2]))


@pytest.mark.parametrize("way", WAYS)
def test_screen(run, way):
    way = chosen(way, monitor.any_start())
    seen = run(way.code)
    if way.keys:
        seen.started().press(*way.keys)
    end = ", exited 0" if way.words.startswith("replaced") else ""
    wait_for_words(seen, f"  {way.words} after {CLOCK}{end}$", way.hint)
    check_tables(seen)
    check_end(seen, way.status)


# What 3.13 prints where no memory is left to print a traceback.
DUMPED = """\
Traceback (most recent call last):
Traceback (most recent call last):
  File "work.py", line 7, in <module>
    grow([])
object address  : 0x7fa84412d180
object refcount : 3
object type     : 0x7fa846cf4de0
object type name: MemoryError
object repr     : MemoryError()
lost sys.stderr
"""


def test_traceback_without_its_end(run):
    seen = run(f"{PAUSE}sys.stderr.write({DUMPED!r})\nos._exit(1)\n")
    wait_for_words(seen, "  exited 1: out of memory after",
                   r"; MemoryError \(work\.py:7 <module>\)")


def run_work(place, command, *, act=None, **env):
    """Run work.py by a command; act(pid) when it says `ready`."""
    folder, common = place
    run = subprocess.Popen(
        [*command, "work.py"], cwd=folder, env={**common, "PAUSE": "0", **env},
        text=True, start_new_session=True, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE)
    out = ""
    if act:
        out = run.stdout.readline()
        assert out == "ready\n"
        act(run.pid)
    rest, err = run.communicate(timeout=60)
    return batch.Batch(run.returncode, out + rest, err, [])


def in_batch(pymtop, start, place, **how):
    report = place[0] / "report"
    done = run_work(place, [pymtop, "--batch", "--format", "json", "-o",
                            report, *start.options], **how)
    text = report.read_text() if report.exists() else ""
    return dataclasses.replace(done, reports=batch.documents(text))


def check_report(done, status):
    report = done.report
    row, = done.rows(file="work.py", line=1)
    assert row["bytes_now"] >= 1_000_000
    assert sum(row["bytes_now"] for row in report["rows"]) \
        == report["now"]["bytes"]
    assert report["exit"]["status"] == (status if status >= 0 else None)
    assert report["exit"]["signal"] == (-status if status < 0 else None)


def interrupt(pid):
    """What the terminal does: all of its foreground get it."""
    os.killpg(pid, signal.SIGINT)


def last_line(done):
    """Without addresses: from 3.14 on faulthandler has C's stack as well."""
    return [re.sub(r"(_start)?\+?0x[0-9a-f]+", "0x", line)
            for line in done.stderr.splitlines()[-1:]]


@pytest.mark.parametrize("way", WAYS)
def test_batch(pymtop, start, place, way):
    way = chosen(way, start)
    (place[0] / "work.py").write_text(way.code)
    act = interrupt if way.keys else None
    plain = run_work(place, [start.python.path], act=act,
                     DAEMON=str(place[0] / "daemon of plain"))
    done = in_batch(pymtop, start, place, act=act)
    assert done.status == plain.status == way.status
    assert done.stdout == plain.stdout
    assert last_line(done) == last_line(plain)
    assert done.stderr == plain.stderr or not way.same_errors
    check_report(done, way.status)
    if way.words.startswith("replaced by "):
        assert re.fullmatch(way.words.removeprefix("replaced by "),
                            done.report["exit"]["replaced_by"])


def table_rows():
    """(way, tests) of each row of the table in the document."""
    text = (SOURCE / "docs" / "reliability.md").read_text()
    table = text[text.index("## Ways to die"):text.index("## When the")]
    for line in table.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith("| ") and cells[-1] != "test":
            yield cells[0], re.findall("`([^`]+)`", cells[-1])


def test_the_document_names_a_test_for_each_way():
    """And each way that is tested stands there."""
    rows = dict(table_rows())
    assert len(rows) > 15 and all(rows.values())
    here = pathlib.Path(__file__)
    tested = set(WAYS) | set(re.findall(r"^def (test_\w+)", here.read_text(),
                                        re.M))
    for way, tests in rows.items():
        if tests[0].startswith("tests/"):
            other = (SOURCE / tests.pop(0)).read_text()
            assert all(f"\ndef {name}(" in other for name in tests), way
        else:
            assert set(tests) <= tested, way
    named = {name for tests in rows.values() for name in tests}
    assert set(WAYS) <= named


# --- it does not die -------------------------------------------------------

HANGS = {
    "thread": "threading.Thread(target=stop.wait).start()\n",
    "atexit": "import atexit\natexit.register(stop.wait)\n"
              "atexit.register(lambda: stop.wait())\n",
}
HANG = HOLD + "import threading\nstop = threading.Event()\n" \
    "print('ready', flush=True)\n"


@pytest.mark.parametrize("hang", HANGS)
def test_hangs_at_its_end_on_the_screen(run, hang):
    """The main script is over, and that is said; the screen is as usable as
    ever."""
    seen = run(HANG + "time.sleep(0.4)\n" + HANGS[hang])
    wait_for_words(seen, f"  ending {CLOCK}$", "^the main script is over: "
                   "threads or atexit functions go on; K kills")
    seen.press("e")
    assert "work.py:1 <module>" in seen.text
    seen.press("s", "d").wait_for("DIFF #1 → now")
    seen.press("d", "2", "3", "4", "6", "1")
    seen.send("q")
    seen.wait_for("The script still runs:  k kill it")
    seen.send("k")
    assert seen.wait() == -signal.SIGKILL
    check_terminal(seen)


@pytest.mark.parametrize("hang", HANGS)
def test_hangs_at_its_end_in_batch(pymtop, start, place, hang):
    """A signal ends it as it ends plain python; the report is there."""
    (place[0] / "work.py").write_text(HANG + HANGS[hang])

    def terminate(pid):
        time.sleep(0.3)
        os.kill(pid, signal.SIGTERM)

    done = in_batch(pymtop, start, place, act=terminate)
    assert done.status == -signal.SIGTERM
    check_report(done, -signal.SIGTERM)


# --- pymtop dies ------------------------------------------------------------

TELLS = """\
import os, signal, time
def hangup(*_):
    open("hangup", "w").write("it came")
    os._exit(0)
signal.signal(signal.SIGHUP, hangup)
open("pid", "w").write(str(os.getpid()))
print("ready", flush=True)
while True:
    time.sleep(0.1)
"""
DEATHS = {"SIGKILL": signal.SIGKILL, "SIGHUP": signal.SIGHUP,
          "terminal closed": None}


@pytest.mark.parametrize("options", [[], ["--batch", "-o", "report"]],
                         ids=["screen", "batch"])
@pytest.mark.parametrize("death", DEATHS)
def test_pymtop_itself(run, place, death, options):
    """The script gets SIGHUP, as from a terminal that closes."""
    folder, _ = place
    seen = run(TELLS, options=options)
    seen.wait_for("running" if not options else "ready")
    pid = int(until((folder / "pid").read_text))
    if DEATHS[death]:
        seen.kill(DEATHS[death])
    else:
        seen.hang_up()
    until((folder / "hangup").exists)
    until(lambda: state(pid) is None)
    if death == "terminal closed":
        assert seen.wait() in (-signal.SIGHUP, 0)
        return
    # Without a screen SIGHUP goes to the script, whose end is pymtop's.
    assert seen.wait() == (0 if options and death == "SIGHUP"
                           else -DEATHS[death])
    if death == "SIGHUP":
        check_terminal(seen)


def test_killed_under_a_shell(place, open_terminal, pymtop):
    """It goes on in a terminal as it was: the keeper gives that back (maybe a
    moment after the shell is told, so that one waits)."""
    folder, env = place
    (folder / "work.py").write_text(TELLS)
    seen = open_terminal(
        ["sh", "-c", '"$0" work.py; status=$?; read word; '
         'echo "over $status"; exec sleep 60', pymtop], cwd=folder, env=env)
    seen.wait_for("running")
    script = int(until((folder / "pid").read_text))
    os.kill(parent(script), signal.SIGKILL)
    until(lambda: modes_of(seen) == seen.modes and not seen.screen.alternate)
    seen.send("ENTER")
    seen.wait_for("over 137")
    check_terminal(seen)
    until((folder / "hangup").exists)
    seen.kill(signal.SIGTERM)
    assert seen.wait() == -signal.SIGTERM
