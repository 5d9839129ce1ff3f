# SPDX-License-Identifier: MIT
"""Children that are Python are followed, however they are started; nothing
that they or others can see of it changes."""

import os
import pathlib
import subprocess
import sys
import textwrap

import pytest

import interpreters
import monitor

CHOSEN = monitor.any_start()
SEED = {**os.environ, "PYTHONHASHSEED": "0"}
SIZE = 1234567

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
    "mp fork": "process('fork')",
    "mp spawn": "process('spawn')",
    "mp forkserver": "process('forkserver')",
}
HEAD = f'''
import os, sys
HOLD = "{HOLD}"
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


@pytest.fixture
def follow(run_batch, tmp_path):
    """follow(start, code, *args) is the batch run of a script."""
    def run(start, text, *args, options=(), **how):
        script = tmp_path / "script.py"
        script.write_text(textwrap.dedent(text))
        return run_batch(start, [script, *args], *options, cwd=tmp_path,
                         **{"env": SEED, **how})
    return run


def children(done):
    return done.report["processes"][1:]


def bytes_of_run(follow, start, way, size):
    """What the parent held, and all children together."""
    done = follow(start, code(WAYS[way]), f"{size:07}")
    assert done.status == 0, done.stderr
    script = done.report["processes"][0]
    assert script["bytes_now"] == done.report["now"]["bytes"]
    assert script["pid"] == done.report["pid"] and not script["forked"]
    return script["bytes_now"], sum(
        child["bytes_now"] for child in children(done))


@pytest.mark.parametrize("way", WAYS)
def test_way(follow, way):
    """The child holds what it asked for, the parent nothing of it.  (Two runs
    of one Python differ by some hundred bytes: pids, names.)"""
    before = bytes_of_run(follow, CHOSEN, way, 0)
    after = bytes_of_run(follow, CHOSEN, way, SIZE)
    assert abs(after[0] - before[0]) < 8192, (before, after)
    assert abs(after[1] - before[1] - SIZE) < 8192, (before, after)
