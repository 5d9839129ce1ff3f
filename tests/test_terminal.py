# SPDX-License-Identifier: MIT
"""The tests' own terminal shows what a terminal would."""

import sys

import pytest


def python(code):
    return [sys.executable, "-I", "-u", "-c", code]


@pytest.mark.quick
def test_shows_output_and_status(open_terminal):
    terminal = open_terminal(python("print('\\x1b[7mhi\\x1b[m', end='');"
                                    "import sys; sys.exit(3)"))
    assert terminal.wait() == 3
    assert terminal.lines[0] == "hi"
    assert terminal.cell(0, 1).reverse and not terminal.cell(0, 2).reverse
    assert terminal.cursor == (0, 2)


def test_sends_keys_and_resizes(open_terminal):
    terminal = open_terminal(python(
        "import os, signal\n"
        "def size(*_): print('size', *os.get_terminal_size(), flush=True)\n"
        "signal.signal(signal.SIGWINCH, size); size()\n"
        "print('got', input())\n"), columns=100, lines=10)
    terminal.wait_for("size 100 10")
    terminal.resize(40, 12)
    terminal.wait_for("size 40 12")
    terminal.send("abc", "ENTER")
    terminal.wait_for("got abc")
    assert terminal.wait() == 0


def test_alternate_screen_gives_back_what_was_there(open_terminal):
    terminal = open_terminal(python(
        "print('before'); print('\\x1b[?1049h\\x1b[Hinside', end='')\n"
        "input()\n"
        "print('\\x1b[?1049l', end=''); print('after')"))
    terminal.wait_for("inside")
    assert "before" not in terminal.text and terminal.screen.alternate
    terminal.send("ENTER")
    terminal.wait_for("after")
    assert "before" in terminal.text and "inside" not in terminal.text


def test_repeats_and_scrolls_as_xterm(open_terminal):
    terminal = open_terminal(python(
        "print('\\x1b[Ha\\x1b[4b|\\r\\ntwo\\x1b[1S', end='')"))
    terminal.wait()
    assert terminal.lines[0] == "two"
    terminal = open_terminal(python("print('a\\x1b[4b|')"))
    terminal.wait()
    assert terminal.lines[0] == "aaaaa|"


def test_ends_by_signal(open_terminal):
    terminal = open_terminal(python("import time; time.sleep(60)"))
    terminal.kill(9)
    assert terminal.wait() == -9


def test_wait_for_fails_with_the_screen(open_terminal):
    terminal = open_terminal(python("print('something else')"))
    with pytest.raises(AssertionError, match="something else"):
        terminal.wait_for("never", timeout=5)
