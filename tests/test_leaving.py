# SPDX-License-Identifier: MIT
"""Every way out of the screen: the terminal comes back, the end is the
script's; and ^Z."""

import os
import shlex
import shutil
import signal
import subprocess

import pytest

from processes import modes_of, state, until

WAIT = "import time\nwhile True: time.sleep(0.1)\n"


ENDS = [("print('the last line')", 0),
        ("import sys; print('the last line'); sys.exit(3)", 3),
        ("print('the last line'); raise ValueError('bad row')", 1),
        ("import os; print('the last line', flush=True); os._exit(5)", 5),
        ("import os; print('the last line', flush=True); os.abort()", -6),
        ("import os; print('the last line', flush=True)\n"
         "os.kill(os.getpid(), 9)", -9)]


@pytest.mark.parametrize("code,status", ENDS)
def test_leaves_as_the_script_did(screen, start, code, status):
    """q after the end: the output's end, one line, the script's status."""
    terminal = screen(start, "import time; time.sleep(0.5)\n" + code)
    terminal.wait_for("exited" if status >= 0 else "killed by SIG")
    terminal.send("q")
    assert terminal.wait() == status
    assert not terminal.screen.alternate
    assert "the last line" in terminal.text
    assert "pymtop: peak " in terminal.text


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP,
                                    signal.SIGQUIT])
def test_terminated(screen, start, tmp_path, number):
    """The terminal comes back, the script gets SIGHUP as from a terminal
    that closes, and the signal's own end is ours."""
    path = tmp_path / "pid"
    terminal = screen(
        start, f"import os; open({str(path)!r}, 'w').write(str(os.getpid()))"
        "\n" + WAIT)
    terminal.wait_for("running")
    until(lambda: path.exists() and path.read_text())
    terminal.kill(number)
    assert terminal.wait() == -number
    assert not terminal.screen.alternate
    assert modes_of(terminal) == terminal.modes
    until(lambda: state(path.read_text()) is None)


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT,
                                    signal.SIGBUS])
def test_crash_of_our_own(screen, start, number):
    terminal = screen(start, WAIT)
    terminal.wait_for("running")
    terminal.kill(number)
    assert terminal.wait() == -number
    assert not terminal.screen.alternate


def test_killed(screen, start, tmp_path):
    """SIGKILL of pymtop: the kernel closes the script's terminal."""
    path = tmp_path / "pid"
    terminal = screen(
        start, f"import os; open({str(path)!r}, 'w').write(str(os.getpid()))"
        "\n" + WAIT)
    terminal.wait_for("running")
    until(lambda: path.exists() and path.read_text())
    terminal.kill(signal.SIGKILL)
    assert terminal.wait() == -signal.SIGKILL
    until(lambda: state(path.read_text()) is None)


LEAVES_A_CHILD = """\
import os, time
parent = os.getpid()
if os.fork() == 0:
    for count in range(1, 600):
        with open({path!r}, "w") as file:
            print(os.getpid(), count, file=file)
        try:
            if os.getppid() != parent:
                print("still here", flush=True)
        except OSError:
            pass
        time.sleep(0.05)
    os._exit(0)
time.sleep(0.5)
raise SystemExit(3)
"""


def test_what_a_script_leaves_behind(screen, start, tmp_path):
    """A child that outlives the script is not hung up: not when the script
    ends, and not when pymtop does."""
    path = tmp_path / "child"

    def child():
        words = path.read_text().split() if path.exists() else []
        return [int(word) for word in words] if len(words) == 2 else None

    terminal = screen(start, LEAVES_A_CHILD.format(path=str(path)))
    terminal.wait_for("exited 3")
    terminal.send("0")
    terminal.wait_for("still here")
    terminal.send("q")
    assert terminal.wait() == 3
    pid, count = until(child)
    try:
        until(lambda: (child() or [0, 0])[1] > count + 3)
    finally:
        os.kill(pid, signal.SIGKILL)


def test_interrupt_goes_to_the_script(screen, start):
    code = ("import time\n"
            "try:\n    time.sleep(60)\n"
            "except KeyboardInterrupt:\n"
            "    print('interrupted'); raise SystemExit(4)\n")
    terminal = screen(start, code)
    terminal.wait_for("running")
    terminal.send("^C")
    terminal.wait_for("exited 4")
    terminal.send("q")
    assert terminal.wait() == 4
    assert "interrupted" in terminal.text


def test_stop_and_continue(screen, start, tmp_path):
    """^Z stops both, SIGCONT (fg) continues both."""
    path = tmp_path / "pid"
    terminal = screen(
        start, f"import os; open({str(path)!r}, 'w').write(str(os.getpid()))"
        "\n" + WAIT)
    terminal.wait_for("running")
    until(lambda: path.exists() and path.read_text())
    terminal.send("^Z")
    until(lambda: terminal.pump(0) or state(terminal.pid) == "T")
    until(lambda: state(path.read_text()) == "T")
    until(lambda: terminal.pump(0) or not terminal.screen.alternate)
    assert modes_of(terminal) == terminal.modes
    terminal.kill(signal.SIGCONT)
    until(lambda: state(path.read_text()) in "RS")
    until(lambda: terminal.pump(0) or terminal.screen.alternate)
    terminal.wait_for("running")
    terminal.send("q", "k")
    assert terminal.wait() == -signal.SIGKILL


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash")
def test_job_control(pymtop, start, open_terminal, tmp_path):
    """In a shell, also from within a script: ^Z stops the job, fg goes on."""
    script = tmp_path / "script.py"
    script.write_text(WAIT)
    env = dict(os.environ, PS1="prompt> ", RUN=shlex.join(
        ["sh", "-c", '"$@"; echo status $?', "sh", pymtop, *start.options,
         str(script)]))
    terminal = open_terminal(["bash", "--norc", "--noprofile", "-i"],
                             env=env, columns=100)
    terminal.wait_for("prompt>")
    terminal.send('eval "$RUN"', "ENTER")
    terminal.wait_for("running")
    for _ in range(2):
        terminal.send("^Z")
        terminal.wait_for("Stopped")
        assert not terminal.screen.alternate
        terminal.send("clear; fg", "ENTER")
        terminal.wait_for("running")
    terminal.send("q", "k")
    terminal.wait_for("status 137")


def test_runs_on_without_a_screen(screen, start):
    """q l: the script has our terminal then, keys included."""
    code = ("import os, time\n"
            "time.sleep(1)\n"
            "print('now a question')\n"
            "print('got', input('? '), os.get_terminal_size())\n"
            "raise SystemExit(6)\n")
    terminal = screen(start, code, columns=80, lines=24)
    terminal.wait_for("running")
    terminal.send("q", "l")
    terminal.wait_for("now a question")
    assert not terminal.screen.alternate
    terminal.send("yes", "ENTER")
    assert terminal.wait() == 6
    assert "got yes os.terminal_size(columns=80, lines=24)" in terminal.text
    assert modes_of(terminal) == terminal.modes


def test_shell_sees_the_same(pymtop, start):
    """Death by a signal looks to a shell as it does without pymtop."""
    for code in ("import os; os.abort()", "import sys; sys.exit(77)"):
        statuses = [subprocess.run(
            ["sh", "-c", '"$@"; echo $?', "sh", *words, "-c", code],
            capture_output=True, text=True).stdout for words in
            ([start.python.path],
             [pymtop, "--batch", "-o", "/dev/null", *start.options])]
        assert statuses[0] == statuses[1]
