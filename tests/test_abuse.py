# SPDX-License-Identifier: MIT
"""Scripts that do what a guest need not expect of its host, and surroundings
that change: it runs as under plain python, and the numbers still add up."""

import dataclasses
import os
import subprocess

import pytest

import batch
import monitor
from conftest import BUILD
from processes import state, until

BEFORE = "kept = [str(n) * 10 for n in range(20000)]\nimport os, sys\n"
AFTER = ("more = [[n] for n in range(50000)]\n"
         "print('done', len(kept), flush=True)\n")
FORK = ("pid = os.fork()\nif pid == 0:\n    more = [[n] for n in range(999)]\n"
        "    os._exit(4)\nprint(os.waitpid(pid, 0)[1], flush=True)\n")


def limit(name, soft):
    return (f"import resource\nresource.setrlimit(resource.RLIMIT_{name}, "
            f"({soft}, resource.getrlimit(resource.RLIMIT_{name})[1]))\n")


def libc(call):
    return f"import ctypes\nprint(ctypes.CDLL(None).{call}, flush=True)\n"


ABUSES = {
    "closes all descriptors": "os.closerange(0, 65536)\n"
    "more = [[n] for n in range(50000)]\nos._exit(3)\n",
    "closes all but three": "os.closerange(3, 65536)\n" + FORK + AFTER,
    "is another user": "if os.getuid() == 0: os.setgid(65534); "
    "os.setuid(65534)\n" + FORK + AFTER,
    "changes its root": "os.mkdir('root')\ntry:\n    os.chroot('root')\n"
    "except PermissionError: pass\nos.chdir('/')\n" + FORK + AFTER,
    "loses its directory": "os.mkdir('gone')\nos.chdir('gone')\n"
    "os.rmdir('../gone')\n" + AFTER,
    "is not dumpable": libc("prctl(4, 0, 0, 0, 0)") + FORK + AFTER,
    "leaves the namespace": libc("unshare(0x10000000)") + AFTER,
    "locks its memory": libc("mlockall(3) * 0") + AFTER,
    "masks all signals": "import signal\nsignal.pthread_sigmask("
    "signal.SIG_BLOCK, signal.valid_signals())\n" + FORK + AFTER,
    "ignores its children": "import signal\n"
    "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n" + AFTER,
    "NOFILE 3": limit("NOFILE", 3) + AFTER,
    "NPROC 1": limit("NPROC", 1) + AFTER,
    "STACK small": limit("STACK", 1 << 17) + AFTER,
    "FSIZE 0": limit("FSIZE", 0) + "for n in range(3000):\n"
    "    exec(f'def f{n}(): return [n]\\nkept.append(f{n}())')\n" + AFTER,
    "AS 1 MiB": limit("AS", 1 << 20) + "try:\n"
    "    more = [[n] for n in range(3000000)]\n"
    "except MemoryError:\n    more = 0\n    print('no more', flush=True)\n",
    "CORE 0": limit("CORE", 0) + FORK + AFTER,
    "MEMLOCK 0": limit("MEMLOCK", 0) + FORK + AFTER,
    "fills memory files": "import ctypes, errno\n"
    "fd = os.memfd_create('theirs')\nos.ftruncate(fd, 1 << 40)\n"
    "os.posix_fallocate(fd, 0, 64 << 20)\n" + AFTER,
}


def adds_up(report):
    assert sum(row["bytes_now"] for row in report["rows"]) \
        == report["now"]["bytes"]


@pytest.mark.parametrize("abuse", ABUSES)
def test_abuse(pymtop, start, tmp_path, abuse):
    (tmp_path / "work.py").write_text(BEFORE + ABUSES[abuse])
    for name in ("plain", "ours"):
        (tmp_path / name).mkdir(mode=0o777)
    plain = subprocess.run(
        [start.python.path, tmp_path / "work.py"], cwd=tmp_path / "plain",
        capture_output=True, text=True, timeout=60)
    ours = batch.run(pymtop, start, [tmp_path / "work.py"],
                     cwd=tmp_path / "ours", report=tmp_path / "report")
    assert (ours.status, ours.stdout, ours.stderr) \
        == (plain.returncode, plain.stdout, plain.stderr)
    adds_up(ours.report)
    row, = ours.rows(file="work.py", line=1)
    assert row["bytes_now"] > 1_500_000
    assert ours.report["lost"] == 0


def test_stops_itself(pymtop, start, tmp_path):
    """In batch it can be continued; test_screen_states.py has the screen."""
    done = subprocess.Popen(
        [pymtop, "--batch", "-o", tmp_path / "report", *start.options, "-c",
         "import os, signal; print(os.getpid(), flush=True)\n"
         "os.kill(os.getpid(), signal.SIGSTOP)\nprint('on')"],
        stdout=subprocess.PIPE, text=True)
    pid = int(done.stdout.readline())
    until(lambda: state(pid) == "T")
    os.kill(pid, 18)
    assert done.communicate(timeout=30)[0] == "on\n"
    assert done.returncode == 0


THREADS = """\
import sys, threading
def work(): return [[n] for n in range(100)]
for _ in range(int(sys.argv[1]) // 20):
    threads = [threading.Thread(target=work) for _ in range(20)]
    for thread in threads: thread.start()
    for thread in threads: thread.join()
"""


def test_ten_thousand_threads(pymtop, start, tmp_path):
    """Each has a stack that is remembered; all are given back."""
    (tmp_path / "work.py").write_text(THREADS)
    took = {}
    for count in (200, 10_000):
        done = batch.run(pymtop, start, [tmp_path / "work.py", count],
                         report=tmp_path / "report")
        assert done.status == 0, done.stderr
        adds_up(done.report)
        took[count] = done.report["tracer_bytes"]
    assert took[10_000] < took[200] + (4 << 20)     # of 20 at a time


def test_a_million_contexts(pymtop, tmp_path):
    """Every path through a binary tree of calls is one."""
    code = ("def tree(depth, kept):\n"
            "    kept.append([depth])\n"
            "    if depth:\n"
            "        tree(depth - 1, kept)\n"
            "        tree(depth - 1, kept)\n"
            "tree(18, kept := [])\n")
    done = batch.run(pymtop, monitor.any_start(), ["-c", code],
                     report=tmp_path / "report")
    assert done.status == 0, done.stderr
    adds_up(done.report)
    assert done.report["trouble"] == [] and done.report["lost"] == 0
    row, = done.rows(file="<string>", line=2)
    assert row["blocks_now"] > 1 << 19


@pytest.mark.parametrize("jump", [-600, 600, 100_000_000])
def test_clocks_that_jump(pymtop, without_sanitizers, open_terminal, tmp_path,
                          jump):
    """The screen goes on, and no time is before the start."""
    (tmp_path / "work.py").write_text(
        BEFORE + "import time\nfor n in range(25):\n"
        "    kept.append(bytearray(20000))\n    time.sleep(0.05)\n")
    env = dict(os.environ, LD_PRELOAD=str(BUILD / "tests" / "fault.so"),
               PYMTOP_FAULT=f"clock:60+:{jump}",
               PYMTOP_FAULT_SIDE="monitor",
               PYMTOP_FAULT_FOUND=str(tmp_path / "found"))
    seen = monitor.Monitor(open_terminal, pymtop, [tmp_path / "work.py"],
                           env=env)
    seen.wait_for("exited 0 after")
    assert (tmp_path / "found").exists()
    if jump < 0:
        assert "exited 0 after 00:00:0" in seen.text
    seen.press("s", "d", "d", "p", "6", "1")
    seen.send("q")
    assert seen.wait() == 0


# --- terminals --------------------------------------------------------------

@pytest.mark.parametrize("columns, lines", [(0, 0), (1, 1), (2, 1), (1, 50),
                                            (500, 1)])
def test_odd_terminals(pymtop, open_terminal, tmp_path, columns, lines):
    (tmp_path / "work.py").write_text(
        BEFORE + "import time\ntime.sleep(0.5)\nprint('done')\n")
    seen = monitor.Monitor(open_terminal, pymtop, [tmp_path / "work.py"],
                           columns=80, lines=24)
    seen.wait_for("work.py")
    seen._size(seen.fd, columns, lines)
    seen.pump(0.3)
    seen.send("s", "d", "2", "3", "4", "ENTER", "ESC", "6", "0", "?", "ESC",
              "K", "ESC", "f", "x", "ENTER", "o", "ESC", "w", "ESC", "1")
    seen.pump(0.3)
    seen.resize(80, 24)
    seen.wait_for("exited 0")
    seen.send("q")
    assert seen.wait() == 0
    assert not seen.screen.alternate


@pytest.mark.parametrize("columns, lines", [(0, 0), (1, 1)])
def test_odd_from_the_start(pymtop, open_terminal, tmp_path, columns, lines):
    (tmp_path / "work.py").write_text(
        BEFORE + "import time\ntime.sleep(0.5)\n"
        "print(os.get_terminal_size())\n"
        "open('pid', 'w').write(str(os.getpid()))\n")
    command = ["sh", "-c", f'stty rows {lines} cols {columns}; exec "$@"',
               "sh", pymtop, *monitor.any_start().options,
               tmp_path / "work.py"]
    seen = open_terminal(command, cwd=tmp_path)
    pid = until(lambda: seen.pump(0.1) and False
                or (tmp_path / "pid").exists()
                and (tmp_path / "pid").read_text())
    until(lambda: seen.pump(0.1) and False or state(pid) is None)
    assert b"1049h" in seen.raw
    seen.settle()
    seen.send("q")
    assert seen.wait() == 0
    assert not seen.screen.alternate


# --- sources ----------------------------------------------------------------

@dataclasses.dataclass
class Change:
    do: str                 # by a shell, with the file as $1
    words: str              # on the page, opened anew


CHANGES = {
    "shrinks": Change("printf 'x = 1\\n' >$1", "file changed since it ran"),
    "vanishes": Change("rm $1", "No such file"),
    "directory": Change("rm $1; mkdir $1", "directory"),
    "pipe": Change("rm $1; mkfifo $1", "Invalid argument"),
    "device": Change("rm $1; ln -s /dev/zero $1", "Invalid argument"),
    "binary": Change("head -c 300000 /dev/urandom >$1",
                     "file changed since it ran"),
    "huge": Change("truncate -s 5G $1", "file changed since it ran"),
    "loop": Change("rm $1; ln -s work.py $1", "Too many levels"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_source_that_changes(pymtop, open_terminal, tmp_path, change):
    """While its page is shown, and then opened anew."""
    script = tmp_path / "work.py"
    script.write_text(BEFORE + "import time\ntime.sleep(100)\n")
    seen = monitor.Monitor(open_terminal, pymtop, ["work.py"], cwd=tmp_path)
    seen.started().row("work.py:1")
    seen.press("/", *"work.py:1", "ENTER", "ENTER")
    seen.wait_for("kept = [str(n)")
    subprocess.run(["sh", "-c", CHANGES[change].do, "sh", "work.py"],
                   cwd=tmp_path, check=True)
    seen.press("DOWN", "UP", "PGDN", "HOME", "END")
    seen.press("ESC", "ENTER")
    seen.wait_for(CHANGES[change].words)
    seen.press("DOWN", "UP", "PGDN", "END", "HOME", "ESC", "2", "1")
    seen.wait_for("work.py:1")
    assert seen.quit() == -9
