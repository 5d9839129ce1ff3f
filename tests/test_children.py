# SPDX-License-Identifier: MIT
"""Children that are Python are followed, however they are started; nothing
that they or others can see of it changes."""

import textwrap

import pytest

import monitor

CHOSEN = monitor.any_start()
SIZE = 12345678

# Each script takes seven digits and has them held by one child.
HOLD = "import sys\\nheld = bytearray(int(sys.argv[1]))\\n"
WAYS = {
    "fork": """
        pid = os.fork()
        if pid == 0:
            held = bytearray(int(sys.argv[1]))
            os._exit(0)
        os.waitpid(pid, 0)
        """,
    "subprocess": """
        import subprocess
        subprocess.run([sys.executable, "-B", "-c", HOLD, sys.argv[1]],
                       check=True)
        """,
    "shell": """
        import subprocess
        subprocess.run(f"{sys.executable} -B -c '{HOLD}' {sys.argv[1]}; true",
                       shell=True, check=True)
        """,
    "system": """
        os.system(f"{sys.executable} -B -c '{HOLD}' {sys.argv[1]}")
        """,
    "posix_spawn": """
        os.waitpid(os.posix_spawn(sys.executable, [sys.executable, "-B", "-c",
                   HOLD, sys.argv[1]], os.environ), 0)
        """,
    "spawnlp": """
        os.environ["PATH"] = os.path.dirname(sys.executable)
        name = os.path.basename(sys.executable)
        os.spawnlp(os.P_WAIT, name, name, "-B", "-c", HOLD, sys.argv[1])
        """,
    "shebang": """
        import subprocess
        with open("shebang", "w") as file:
            file.write(f"#!{sys.executable} -B\\n{HOLD}")
        os.chmod("shebang", 0o755)
        subprocess.run(["./shebang", sys.argv[1]], check=True)
        """,
    "env -i": """
        import subprocess
        subprocess.run(["env", "-i", "PYTHONHASHSEED=0", sys.executable, "-B",
                        "-c", HOLD, sys.argv[1]], check=True)
        """,
    "preexec": """
        import subprocess
        subprocess.run([sys.executable, "-B", "-c", HOLD, sys.argv[1]],
                       check=True, preexec_fn=os.getpid)
        """,
    "fexecve": """
        fork(os.execve, os.open(sys.executable, os.O_RDONLY), arguments(),
             os.environ)
        """,
    "execveat": """
        libc = ctypes.CDLL(None)
        words = (ctypes.c_char_p * 6)(*arguments(), None)
        none = (ctypes.c_char_p * 2)(b"PYTHONHASHSEED=0")
        folder = os.open(os.path.dirname(sys.executable), os.O_RDONLY)
        name = os.path.basename(sys.executable).encode()
        if hasattr(libc, "execveat"):
            fork(libc.execveat, folder, name, words, none, 0)
        else:
            fork(libc.execve, arguments()[0], words, none)
        """,
    "execl": "fork(ctypes.CDLL(None).execl, path(), *arguments(), None)",
    "execlp": "fork(ctypes.CDLL(None).execlp, path(), *arguments(), None)",
    "execle": """
        none = (ctypes.c_char_p * 2)(b"PYTHONHASHSEED=0")
        fork(ctypes.CDLL(None).execle, path(), *arguments(), None, none)
        """,
    "mp fork": "process('fork')",
    "mp spawn": "process('spawn')",
    "mp forkserver": "process('forkserver')",
}
HEAD = f'''
import ctypes, os, sys
HOLD = "{HOLD}"
def path():
    return sys.executable.encode()
def arguments():
    return [path(), b"-B", b"-c", HOLD.encode(), sys.argv[1].encode()]
def fork(function, *words):
    if os.fork() == 0:
        function(*words)
        os._exit(1)
    print(os.wait()[1])
def work(size):
    global held
    held = bytearray(size)
def process(method):
    import multiprocessing
    child = multiprocessing.get_context(method).Process(
        target=work, args=(int(sys.argv[1]),))
    child.start()
    child.join()
    print(child.exitcode)
if __name__ == "__main__":
'''


def code(body):
    return HEAD + textwrap.indent(textwrap.dedent(body), "    ")


def children(done):
    return done.report["processes"][1:]


def bytes_of_run(follow, start, way, size):
    """What the parent held, and all children together."""
    done = follow(start, code(WAYS[way]), f"{size:08}")
    assert done.status == 0, done.stderr
    script = done.report["processes"][0]
    assert script["bytes_now"] == done.report["now"]["bytes"]
    assert script["pid"] == done.report["pid"] and not script["forked"]
    return script["bytes_now"], sum(
        child["bytes_now"] for child in children(done))


@pytest.mark.parametrize("way", WAYS)
def test_way(follow, way):
    """The child holds what it asked for, the parent nothing of it.  (Two runs
    of one Python differ by some hundred bytes: pids, names; multiprocessing's
    helpers are ended wherever they are.)"""
    slack = 4_000_000 if way.startswith("mp ") else 8192
    before = bytes_of_run(follow, CHOSEN, way, 0)
    after = bytes_of_run(follow, CHOSEN, way, SIZE)
    assert abs(after[0] - before[0]) < 8192, (before, after)
    assert abs(after[1] - before[1] - SIZE) < slack, (before, after)


MATRIX = """
    import os, subprocess, sys, multiprocessing
    def work():
        global held
        held = bytearray(3_000_000)
    if __name__ == "__main__":
        code = "held = bytearray(2_000_000)"
        subprocess.run(["sh", "-c", f"{sys.executable} -B -c '{code}'; true"])
        child = multiprocessing.get_context("spawn").Process(target=work)
        child.start()
        child.join()
        pid = os.fork()
        if pid == 0:
            work()
            os._exit(0)
        os.waitpid(pid, 0)
    """


def test_every_python(follow, any_start):
    """sh -c, spawn and fork, of each Python, in each way to start it."""
    done = follow(any_start, MATRIX)
    assert (done.status, done.stderr) == (0, "")
    found = [child for child in children(done)
             if child["bytes_now"] > 1_500_000
             and "resource_tracker" not in child["command"]]
    pid = done.report["pid"]
    assert all(child["traced"] and child["parent_pid"] == pid
               for child in found), found
    shell, spawned, forked = found
    assert 2_000_000 < shell["bytes_now"] < spawned["bytes_now"] + 500_000
    assert spawned["bytes_now"] > 3_000_000 and not spawned["forked"]
    assert "spawn_main" in spawned["command"]
    assert forked["forked"] and forked["bytes_now"] > 3_000_000
    script = done.report["processes"][0]
    assert script["bytes_now"] < forked["bytes_now"] - 2_900_000


@pytest.mark.smoke
def test_no_follow(follow, start):
    done = follow(start, MATRIX, options=["--no-follow"])
    assert (done.status, done.stderr) == (0, "")
    script, = done.report["processes"]
    assert script["bytes_now"] == done.report["now"]["bytes"]
    followed = follow(start, MATRIX).report["processes"][0]
    assert abs(script["bytes_peak"] - followed["bytes_peak"]) < 1_000_000
    assert done.report["processes_refused"] == 0


def test_grandchildren(follow):
    done = follow(CHOSEN, """
        import os, subprocess, sys
        grandchild = "import os; x = bytearray(10_000_000); pid = os.fork();" \
            "x += bytes(pid == 0); pid and os.waitpid(pid, 0)"
        child = "import subprocess, sys; x = bytearray(30_000_000);" \
            "subprocess.run([sys.executable, '-c', sys.argv[1]])"
        subprocess.run([sys.executable, "-c", child, grandchild])
        """)
    assert (done.status, done.stderr) == (0, "")
    script, child, grandchild, last = done.report["processes"]
    assert child["parent_pid"] == script["pid"]
    assert grandchild["parent_pid"] == child["pid"]
    assert last["parent_pid"] == grandchild["pid"] and last["forked"]
    assert child["bytes_now"] > 30_000_000 > grandchild["bytes_now"]
    assert grandchild["bytes_now"] > 10_000_000 < last["bytes_now"]


def test_daemon(follow, tmp_path):
    """Forked twice; it outlives the script, which has ended already when the
    report is written, and nobody waits for it."""
    done = follow(CHOSEN, """
        import os, time
        read, write = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                null = os.open(os.devnull, os.O_RDWR)
                for fd in range(3):
                    os.dup2(null, fd)
                held = bytearray(9_000_000)
                os.write(write, b"x")
                time.sleep(3)
            os._exit(0)
        os.read(read, 1)
        """)
    assert done.status == 0, done.stderr
    daemon = next(child for child in children(done)
                  if child["bytes_now"] > 9_000_000)
    assert daemon["state"] == "running" and daemon["forked"]
    assert done.report["running"]["processes"] == 1
    assert done.report["running"]["bytes"] == daemon["bytes_now"]


def test_killed_child_keeps_its_last_state(follow, start):
    done = follow(start, """
        import os, signal
        pid = os.fork()
        if pid == 0:
            held = bytearray(9_000_000)
            os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(pid, 0)
        """)
    child, = children(done)
    assert child["state"] == "ended" and child["bytes_now"] > 9_000_000
    assert child["ended"] >= child["started"]
    assert child["status"] is None and child["signal"] is None


def test_process_pool(follow):
    done = follow(CHOSEN, """
        import concurrent.futures, os, time
        def work(number):
            time.sleep(0.05)
            return os.getpid()
        if __name__ == "__main__":
            with concurrent.futures.ProcessPoolExecutor(3) as pool:
                print(*set(pool.map(work, range(20))))
        """)
    assert done.status == 0, done.stderr
    pids = {int(word) for word in done.stdout.split()}
    assert len(pids) == 3
    assert pids <= {child["pid"] for child in children(done)}


THOUSAND = """
    import glob, os, sys
    def memory():
        for fd in glob.glob(f"/proc/{os.getppid()}/fd/*"):
            try:
                if "memfd:pymtop" in os.readlink(fd):
                    return os.stat(fd).st_blocks * 512
            except OSError:
                pass
    for number in range(1000):
        pid = os.fork()
        if pid == 0:
            held = [bytes(1000) for _ in range(100)]
            os._exit(0)
        os.waitpid(pid, 0)
    print(memory())
    """


def test_a_thousand_short_children(follow):
    """Each has its row, as far as there are rows; the region stays small."""
    done = follow(CHOSEN, THOUSAND)
    assert (done.status, done.stderr) == (0, "")
    rows = len(children(done))
    assert 900 < rows < 1000
    # A machine that gives pymtop no time has more children than slots.
    assert rows + done.report["processes_left_out"] \
        + done.report["processes_refused"] == 1000
    assert all(child["bytes_now"] > 100_000 for child in children(done))
    assert 1_000_000 < int(done.stdout) < 128 << 20


MANY = 300


def test_many_children_at_once(follow):
    """All of them run before the first one ends."""
    done = follow(CHOSEN, f"""
        import os
        begun, go = os.pipe(), os.pipe()
        for number in range({MANY}):
            if os.fork() == 0:
                held = [bytes(1000) for _ in range(100)]
                os.close(go[1])
                os.write(begun[1], b"x")
                os.read(go[0], 1)
                os._exit(0)
        seen = 0
        while seen < {MANY}:
            seen += len(os.read(begun[0], {MANY}))
        os.close(go[1])
        for number in range({MANY}):
            os.wait()
        """)
    assert (done.status, done.stderr) == (0, "")
    assert done.report["processes_refused"] == 0
    assert len(children(done)) == MANY
    assert all(child["bytes_now"] > 100_000 for child in children(done))


def test_children_made_behind_the_c_library(follow, start):
    """They are not traced, and do not write in their parent's counters."""
    text = """
        import ctypes, os, sys
        libc = ctypes.PyDLL(None)
        if not hasattr(libc, "_Fork"):
            print("no _Fork")
            sys.exit()
        if libc._Fork() == 0:
            held = [bytes(1000) for _ in range(50_000)]
            os._exit(0)
        os.wait()
        """
    done = follow(start, text)
    if done.stdout:
        pytest.skip(done.stdout)
    assert (done.status, done.stderr) == (0, "")
    assert done.report["peak"]["bytes"] < 20_000_000
    assert done.report["ever"]["bytes"] < 40_000_000
    assert children(done) == [] and done.report["processes_refused"] == 1


def test_python_in_place_of_the_script(follow, start):
    """The script is replaced by another Python: same pid, a row of its
    own."""
    done = follow(start, """
        import os, sys
        held = bytearray(20_000_000)
        os.execv(sys.executable, [sys.executable, "-c",
                                  "held = bytearray(50_000_000)"])
        """)
    assert (done.status, done.stderr) == (0, "")
    script, other = done.report["processes"]
    assert script["pid"] == other["pid"] == other["parent_pid"]
    assert script["state"] == "replaced" and other["state"] == "ended"
    assert 20_000_000 < script["bytes_now"] < 50_000_000 \
        < other["bytes_now"]
    assert done.report["now"]["bytes"] == script["bytes_now"]
