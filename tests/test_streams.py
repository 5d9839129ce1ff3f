# SPDX-License-Identifier: MIT
"""Stream by stream, on a real terminal: what is one becomes the script's own
terminal, what is none passes untouched; and every way out of the screen."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import termios
import time

import pytest

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
        "leader": os.getsid(0) == os.getpid() == os.getpgrp(),
        "foreground": os.tcgetpgrp(os.open("/dev/tty", os.O_RDWR))
                      == os.getpgrp(),
        "modes": termios.tcgetattr(1)[:4],
        "stdin": None if os.isatty(0) else sys.stdin.read(),
    }}, file)
os.rename({facts!r} + ".new", {facts!r})
"""
WAIT = "import time\nwhile True: time.sleep(0.1)\n"


def until(test, timeout=20):
    """Wait for a value that is true, and return it."""
    deadline = time.monotonic() + timeout
    while not (value := test()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return value


def state(pid):
    """R, S, T, Z ... of a process; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except OSError:
        return None


@pytest.fixture
def screen(pymtop, open_terminal, tmp_path):
    """screen(start, code, *options) is pymtop on a terminal of its own."""
    def run(start, code, *options, **how):
        script = tmp_path / "script.py"
        script.write_text(code)
        return open_terminal([pymtop, *start.options, *options, script],
                             **how)
    return run


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


def test_resize_reaches_the_script(screen, start, tmp_path):
    path = tmp_path / "sizes"
    code = ("import os, signal\n"
            f"file = open({str(path)!r}, 'w')\n"
            "def note(*_):\n"
            "    print(*os.get_terminal_size(1), file=file, flush=True)\n"
            "signal.signal(signal.SIGWINCH, note); note()\n" + WAIT)
    terminal = screen(start, code, columns=80, lines=24)
    terminal.wait_for("running")
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


def test_missing_script(pymtop, start, open_terminal):
    terminal = open_terminal([pymtop, *start.options, "missing.py"])
    assert terminal.wait() == 2
    assert "can't open file" in terminal.text
    assert b"\x1b[?1049h" not in terminal.raw


# --- the ways out ----------------------------------------------------------

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


def modes_of(terminal):
    return termios.tcgetattr(terminal.fd)[:4]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP,
                                    signal.SIGQUIT])
def test_terminated(screen, start, tmp_path, number):
    """The terminal comes back, the script gets SIGHUP as from a terminal
    that closes, and the signal's own end is ours."""
    path = tmp_path / "pid"
    terminal = screen(
        start, f"import os; open({str(path)!r}, 'w').write(str(os.getpid()))"
        "\n" + WAIT)
    before = modes_of(terminal)
    terminal.wait_for("running")
    until(lambda: path.exists() and path.read_text())
    terminal.kill(number)
    assert terminal.wait() == -number
    assert not terminal.screen.alternate
    assert modes_of(terminal) == before
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
    before = modes_of(terminal)
    terminal.wait_for("running")
    until(lambda: path.exists() and path.read_text())
    terminal.send("^Z")
    until(lambda: terminal.pump(0) or state(terminal.pid) == "T")
    until(lambda: state(path.read_text()) == "T")
    until(lambda: terminal.pump(0) or not terminal.screen.alternate)
    assert modes_of(terminal) == before
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
    terminal.send("exit(5)", "ENTER")
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


def test_runs_on_without_a_screen(screen, start):
    """q l: the script has our terminal then, keys included."""
    code = ("import os, time\n"
            "time.sleep(1)\n"
            "print('now a question')\n"
            "print('got', input('? '), os.get_terminal_size())\n"
            "raise SystemExit(6)\n")
    terminal = screen(start, code, columns=80, lines=24)
    before = modes_of(terminal)
    terminal.wait_for("running")
    terminal.send("q", "l")
    terminal.wait_for("now a question")
    assert not terminal.screen.alternate
    terminal.send("yes", "ENTER")
    assert terminal.wait() == 6
    assert "got yes os.terminal_size(columns=80, lines=24)" in terminal.text
    assert modes_of(terminal) == before


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


def test_shell_sees_the_same(pymtop, start):
    """Death by a signal looks to a shell as it does without pymtop."""
    for code in ("import os; os.abort()", "import sys; sys.exit(77)"):
        statuses = [subprocess.run(
            ["sh", "-c", '"$@"; echo $?', "sh", *words, "-c", code],
            capture_output=True, text=True).stdout for words in
            ([start.python.path],
             [pymtop, "--batch", "-o", "/dev/null", *start.options])]
        assert statuses[0] == statuses[1]
