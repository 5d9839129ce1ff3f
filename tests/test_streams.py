# SPDX-License-Identifier: MIT
"""Stream by stream, on a real terminal: what is one becomes the script's own
terminal, what is none passes untouched; keys; a script that ends early."""

import json
import os
import signal

import pytest

import interpreters
from processes import until

FACTS = """\
import json, os, sys, termios
def terminal(fd):
    try:
        return os.ttyname(fd)
    except OSError:
        return None
with open({facts!r} + ".new", "w") as file:
    json.dump({{
        "isatty": [os.isatty(fd) for fd in range(3)],
        "ttyname": [terminal(fd) for fd in range(3)],
        "size": [tuple(os.get_terminal_size(fd)) for fd in range(3)
                 if os.isatty(fd)],
        "leader": os.getpid() == os.getpgrp(),
        "foreground": os.tcgetpgrp(os.open("/dev/tty", os.O_RDWR))
                      == os.getpgrp(),
        "modes": termios.tcgetattr(1)[:4],
        "stdin": None if os.isatty(0) else sys.stdin.read(),
    }}, file)
os.rename({facts!r} + ".new", {facts!r})
"""
WAIT = "import time\nwhile True: time.sleep(0.1)\n"


@pytest.fixture
def facts(screen, tmp_path):
    """Run the script that looks at its streams; what it found."""
    def run(start, **how):
        path = tmp_path / "facts"
        terminal = screen(start, FACTS.format(facts=str(path)) + WAIT, **how)
        until(path.exists)
        found = json.loads(path.read_text())
        terminal.wait_for("running")
        terminal.send("q", "k")
        assert terminal.wait() == -signal.SIGKILL
        return found
    return run


def test_terminal(facts, start):
    found = facts(start, columns=100, lines=30)
    assert found["isatty"] == [True, True, True]
    assert len(set(found["ttyname"])) == 1
    assert found["size"] == [[100, 27]] * 3
    assert found["leader"] and found["foreground"]


def test_terminal_modes_are_ours(facts, pymtop, start, tmp_path,
                                 open_terminal):
    """Control characters and modes as on the terminal we came from."""
    path = tmp_path / "plain"
    plain = open_terminal([start.python.path, "-c",
                           FACTS.format(facts=str(path))])
    assert plain.wait() == 0
    assert facts(start)["modes"] == json.loads(path.read_text())["modes"]


def test_stdin_is_a_file(facts, start, tmp_path):
    """Keys come from /dev/tty then: facts() quits by one."""
    data = tmp_path / "data"
    data.write_text("one\ntwo\n")
    with data.open() as file:
        found = facts(start, stdin=file.fileno())
    assert found["isatty"] == [False, True, True]
    assert found["stdin"] == "one\ntwo\n"


def test_stderr_is_a_file(screen, start, tmp_path):
    """Byte for byte, and not on the screen."""
    path = tmp_path / "errors"
    code = ("import sys, os; print('to the screen')\n"
            "print('to the file', os.isatty(2), file=sys.stderr)\n" + WAIT)
    with path.open("w") as file:
        terminal = screen(start, code, stderr=file.fileno())
        terminal.wait_for("running")
        terminal.send("0")
        terminal.wait_for("to the screen")
        assert "to the file" not in terminal.text
        terminal.send("q", "k")
        assert terminal.wait() == -signal.SIGKILL
    assert path.read_text().startswith("to the file False\n")


def test_stdout_is_a_pipe(pymtop, start, open_terminal, tmp_path):
    """No terminal on standard output: batch, and one line that says so."""
    terminal = open_terminal(
        ["sh", "-c", '"$@" | sed s/^/out:/', "sh", pymtop, "--top", "3",
         *start.options, "-c",
         "print('line'); import os; print(os.isatty(0))"], lines=50)
    assert terminal.wait() == 0
    text = terminal.text
    assert "pymtop: no terminal on standard output: --batch instead" in text
    assert "out:line" in text and "out:True" in text
    assert not terminal.screen.alternate


@pytest.mark.parametrize("term", ["dumb", "", "no-such-terminal", None])
def test_no_screen_on_this_terminal(pymtop, start, open_terminal, term):
    env = {name: value for name, value in os.environ.items()
           if name != "TERM"}
    if term is not None:
        env["TERM"] = term
    terminal = open_terminal(
        [pymtop, "--top", "3", *start.options, "-c", "print('it ran')"],
        env=env, lines=60)
    assert terminal.wait() == 0
    assert ("pymtop: no screen on TERM=" if term
            else "pymtop: no screen without TERM") in terminal.text
    assert "--batch instead" in terminal.text
    assert "it ran" in terminal.text
    assert b"\x1b[?1049h" not in terminal.raw


@pytest.mark.smoke
def test_resize_reaches_the_script(screen, start, tmp_path):
    path = tmp_path / "sizes"
    code = ("import os, signal\n"
            f"file = open({str(path)!r}, 'w')\n"
            "def note(*_):\n"
            "    print(*os.get_terminal_size(1), file=file, flush=True)\n"
            "signal.signal(signal.SIGWINCH, note); note()\n" + WAIT)
    terminal = screen(start, code, columns=80, lines=24)
    terminal.wait_for("running")
    until(path.exists)
    terminal.resize(100, 40)
    until(lambda: "100 37" in path.read_text())
    terminal.resize(60, 20)
    until(lambda: "60 17" in path.read_text())
    assert path.read_text().startswith("80 21\n")
    terminal.send("q", "k")
    terminal.wait()


# --- before the first frame ------------------------------------------------

@pytest.mark.parametrize("code,status,text", [
    ("def f(:\n", 1, "SyntaxError"),
    ("import no_such_module", 1, "No module named 'no_such_module'"),
    ("import sys; sys.exit('not today')", 1, "not today"),
    ("import sys; sys.exit(3)", 3, ""),
    ("import os; os.kill(os.getpid(), 9)", -9, ""),
])
def test_early_end_opens_no_screen(screen, start, code, status, text):
    terminal = screen(start, code)
    assert terminal.wait() == status
    assert text in terminal.text
    assert b"\x1b[?1049h" not in terminal.raw
    assert "pymtop:" not in terminal.text


def test_early_output_is_pythons_own(pymtop, start, open_terminal, tmp_path):
    """The same bytes as on a terminal without pymtop."""
    script = tmp_path / "script.py"
    script.write_text("print('begin')\n1 / 0\n")
    plain = open_terminal([start.python.path, script])
    ours = open_terminal([pymtop, *start.options, script])
    assert plain.wait() == ours.wait() == 1
    assert ours.raw == plain.raw


@pytest.mark.parametrize("newer", [start for start in interpreters.starts()
                                   if start.python.minor >= 13], ids=str)
def test_a_slow_traceback_opens_no_screen(screen, newer):
    """Python code prints it, and asks the exception for its text."""
    terminal = screen(interpreters.ready(newer), """
import time
class Slow(Exception):
    def __str__(self):
        end = time.process_time() + 0.15
        while time.process_time() < end:
            [[n] for n in range(99)]
        return "slow"
raise Slow
""")
    assert terminal.wait() == 1
    assert "Slow: slow" in terminal.text
    assert b"\x1b[?1049h" not in terminal.raw


def test_missing_script(pymtop, start, open_terminal):
    terminal = open_terminal([pymtop, *start.options, "missing.py"])
    assert terminal.wait() == 2
    assert "can't open file" in terminal.text
    assert b"\x1b[?1049h" not in terminal.raw


# --- keys, and the rest ----------------------------------------------------

def test_typing(screen, start):
    """Ctrl-] gives the keys to the script."""
    terminal = screen(start, "name = input('name? ')\nprint('hi', name)\n"
                      "import time; time.sleep(0.5)\nraise SystemExit(7)\n")
    terminal.wait_for("waiting for input")
    terminal.send("\x1d")
    terminal.wait_for("name?")
    terminal.send("bob", "ENTER")
    terminal.wait_for("hi bob")
    terminal.wait_for("exited 7")
    terminal.send("q")
    assert terminal.wait() == 7


def test_prompt(pymtop, start, open_terminal):
    """Without anything to run it is python's prompt, with readline."""
    terminal = open_terminal([pymtop, *start.options])
    terminal.wait_for("waiting for input")
    terminal.send("\x1d")
    terminal.wait_for(">>>")
    terminal.send("print(6 * 7)", "ENTER")
    terminal.wait_for("42")
    # 3.13.0's prompt ends with 1 whatever is asked for.
    terminal.send("__import__('os')._exit(5)", "ENTER")
    terminal.wait_for("exited 5")
    terminal.send("q")
    assert terminal.wait() == 5


def test_debugger(screen, start):
    terminal = screen(start, "x = 40\nbreakpoint()\nprint(x)\n")
    terminal.wait_for("waiting for input")
    terminal.send("\x1d")
    terminal.wait_for("(Pdb)")
    terminal.send("!x = 41", "ENTER", "c", "ENTER")
    terminal.wait_for("exited 0")
    assert "41" in terminal.text
    terminal.send("q")
    assert terminal.wait() == 0


def test_busy_printer_is_not_held_up(screen, start):
    """Ten megabytes of output pass while the screen is there."""
    code = ("import sys\n"
            "for i in range(100000): sys.stdout.write('x' * 100 + '\\n')\n"
            "raise SystemExit(9)\n")
    terminal = screen(start, code)
    terminal.wait_for("exited 9", timeout=60)
    terminal.send("q")
    assert terminal.wait() == 9


def test_exec_is_seen(screen, start):
    terminal = screen(start, "import os, time; time.sleep(0.6)\n"
                      "os.execv('/bin/sleep', ['sleep', '3'])\n")
    terminal.wait_for("replaced by")
    terminal.send("q", "k")
    assert terminal.wait() == -signal.SIGKILL


def test_no_descriptor_leaks_into_the_script(screen, start, tmp_path):
    path = tmp_path / "fds"
    code = ("import os\n"
            f"open({str(path)!r}, 'w').write(str([os.readlink("
            "f'/proc/self/fd/{fd}') for fd in range(3, 64)"
            " if os.path.islink(f'/proc/self/fd/{fd}')]))\n" + WAIT)
    terminal = screen(start, code)
    terminal.wait_for("running")
    text = until(lambda: path.exists() and path.read_text())
    for word in ("memfd", "pts", "ptmx", "timerfd", "signalfd"):
        assert word not in text
    terminal.send("q", "k")
    terminal.wait()


def test_batch_on_a_terminal(pymtop, start, open_terminal):
    """--batch: the script keeps the terminal itself."""
    terminal = open_terminal(
        [pymtop, "--batch", "--top", "3", *start.options, "-c",
         "import os; print(os.isatty(1), os.getpgrp() == os.getpid(),"
         " os.get_terminal_size().lines)"], lines=60)
    assert terminal.wait() == 0
    assert "True False 60" in terminal.text


@pytest.mark.quick
def test_report_options_need_batch(pymtop, open_terminal):
    terminal = open_terminal([pymtop, "--top", "3", "-c", "1"])
    assert terminal.wait() == 2
    assert "pymtop: --top: only for a report: add --batch" in terminal.text
