# SPDX-License-Identifier: MIT
"""The words of each state, at the right end of line 1 and in the hint line.
test_ways_to_die.py has those of the ends."""

import os
import re
import signal

import pytest

import monitor

HOLD = "kept = [str(n) * 10 for n in range(20000)]\nimport os, sys, time\n"
PAUSE = HOLD + "time.sleep(0.5)\n"


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(code, **how):
        script = tmp_path / "work.py"
        script.write_text(code)
        how = {"columns": 100, "lines": 30, **how}
        return monitor.Monitor(open_terminal, pymtop, ["work.py"],
                               cwd=tmp_path, **how)
    return run


def right_end(seen, words):
    """Wait until line 1 ends so; the screen's lines."""
    seen.wait_for(lambda text: re.search(words + "$", text.split("\n")[0]))
    return seen.lines


def hint(seen, words):
    seen.wait_for(lambda text: re.search(words, text.split("\n")[-2]))


CLOCK = r"\d\d:\d\d:\d\d"

def test_running_then_waiting_for_input(run):
    seen = run(HOLD + "time.sleep(1.5)\nprint('got', input('name? '))\n"
               "time.sleep(600)\n")
    right_end(seen, f"  running {CLOCK}")
    right_end(seen, f"  waiting for input {CLOCK}")
    hint(seen, r"^the script waits for input: Ctrl-\] to type")
    seen.send("\x1d")
    seen.wait_for("KEYS GO TO THE SCRIPT")
    seen.press("Ada", "ENTER").wait_for("got Ada")
    right_end(seen, f"  running {CLOCK}")


def test_stopped(run):
    seen = run(PAUSE + "os.kill(os.getpid(), 19)\ntime.sleep(600)\n")
    right_end(seen, f"  stopped by SIGSTOP {CLOCK}")
    hint(seen, "^K c Enter continues it")
    seen.press("K", "c", "ENTER")
    right_end(seen, f"  running {CLOCK}")


def test_tracing_paused(run):
    seen = run(HOLD + "import tempfile\nnum = 0\nheld = []\n"
               "while True:\n    held.append(bytearray(20000))\n"
               "    time.sleep(0.01)\n").started()
    seen.press("K", "p", "ENTER")
    right_end(seen, f"  running, tracing paused {CLOCK}")
    hint(seen, "^K p Enter resumes")
    seen.wait_for("unknown: while tracing was paused")
    seen.press("K", "p", "ENTER")
    right_end(seen, f"  running {CLOCK}")


def test_paused_until_the_end(run, tmp_path):
    """What the script holds is on the screen, not what its end leaves."""
    seen = run(HOLD + "while not os.path.exists('paused'):\n"
               "    time.sleep(0.05)\n"
               "held = [bytearray(20 << 20)]\n").started()
    seen.press("K", "p", "ENTER")
    right_end(seen, f"  running, tracing paused {CLOCK}")
    (tmp_path / "paused").touch()
    right_end(seen, f"  exited 0 after {CLOCK}")
    seen.wait_for(
        re.compile(r"(?m)^ *20\.\d MiB.* tracing was paused").search)


def test_ending(run):
    """The main script is over, modules are being torn down."""
    seen = run(HOLD + "class Last:\n    def __del__(self, sleep=time.sleep):"
               "\n        sleep(3)\nlast = Last()\n"
               "time.sleep(0.5)\n")
    right_end(seen, f"  ending {CLOCK}")
    hint(seen, "^tables show the moment when the main script ended")
    right_end(seen, f"  exited 0 after {CLOCK}")


def test_exec(run):
    seen = run(PAUSE + "os.execv('/bin/sleep', ['sleep', '2'])\n")
    right_end(seen, rf"  replaced by /\S*/(sleep|coreutils) after {CLOCK}")
    hint(seen, "^tracing ended there; tables show the last moment")
    assert "work.py:1 <module>" in seen.text


def test_killed_from_here(run):
    """No guess about memory when the key did it."""
    seen = run(HOLD + "time.sleep(600)\n").started()
    seen.press("K", "k", "ENTER")
    right_end(seen, f"  killed by SIGKILL after {CLOCK}")
    seen.press("K").wait_for("the script has ended: nothing to send to it")
    seen.send("q")
    assert seen.wait() == -signal.SIGKILL


def test_starting(run):
    """A Python that takes long to come up: the frame is there already."""
    seen = run(HOLD, env=dict(os.environ), options=[])
    text = seen.wait_for(lambda text: "starting" in text or "= traced" in text
                         or "exited" in text)
    assert text.split("\n")[0].startswith("python work.py")


def test_short_script_leaves_the_same_tables(run):
    seen = run("kept = list(range(100000))\n")
    right_end(seen, f"  exited 0 after {CLOCK}")
    seen.wait_for("work.py:1 <module>")


def test_frozen(run):
    seen = run(HOLD + "while True:\n    kept.append(bytes(5000))\n"
               "    time.sleep(0.01)\n").started()
    seen.press("Z").wait_for("FROZEN 00:00:0")
    hint(seen, "space thaws$")
    right_end(seen, f"  running {CLOCK}")
    seen.press("Z")
    assert "FROZEN" not in seen.text


def test_quit_asks_while_it_runs(run):
    seen = run(HOLD + "time.sleep(600)\n").started()
    seen.send("q")
    seen.wait_for("The script still runs:  k kill it   l let it run without a"
                  " screen   Esc stay")
    seen.press("x")
    assert "The script still runs" in seen.text
    seen.press("ESC")
    assert "The script still runs" not in seen.text
    seen.press("j")
    seen.send("q", "k")
    assert seen.wait() == -signal.SIGKILL


def test_quit_asks_no_more_when_it_has_ended(run):
    seen = run(HOLD + "input()\n").started()
    seen.send("q")
    seen.wait_for("The script still runs")
    os.kill(int(re.search(r"pid (\d+)", seen.lines[0])[1]), signal.SIGTERM)
    seen.wait_for("killed by SIGTERM")
    seen.wait_for(lambda text: "The script still runs" not in text)
    seen.send("q")
    assert seen.wait() == -signal.SIGTERM


def test_control_characters_stay_in_the_script(run):
    """Nothing that a script is named or prints reaches the terminal raw."""
    seen = run("import time\ncode = compile('kept = [bytes(99) for n in "
               "range(9999)]', 'a\\x1b[31mb\\x07\\u202ec', 'exec')\n"
               "exec(code)\ntime.sleep(600)\n").started()
    seen.wait_for("a?[31mb??c:1")
    assert b"\x1b[31mb" not in seen.raw and b"\x07" not in seen.raw
    assert "\u202e".encode() not in seen.raw
