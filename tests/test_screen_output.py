# SPDX-License-Identifier: MIT
"""View 0: the script's terminal, in the monitor's."""

import os

import pytest

from monitor import Monitor


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(code, **how):
        script = tmp_path / "script.py"
        script.write_text(code)
        return Monitor(open_terminal, pymtop, [script], **how)
    return run


COLOURS = r'''
import sys, time
print("plain \x1b[31mred\x1b[0m \x1b[1;38;5;208morange\x1b[0m "
      "\x1b[38;2;0;95;255mrgb\x1b[0m \x1b[44mon blue\x1b[m end")
print("\u65e5\u672c e\u0301 \U0001f40d wide")
for i in range(0, 101, 5):
    bar = "\u2588" * (i // 10)
    sys.stdout.write(f"\r{i:3}%|{bar:<10}| {i}/100")
    sys.stdout.flush()
    time.sleep(0.01)
print()
print("\x1b]0;my title\x07\x1b[?1000hdone\x1b[5n")
time.sleep(60)
'''


@pytest.mark.smoke
def test_colours_bars_and_wide_characters(run):
    monitor = run(COLOURS, columns=80, lines=24).started()
    monitor.press("0")
    monitor.wait_for("done")
    lines = monitor.lines
    plain = monitor.row_of("plain red")
    assert lines[plain] == "plain red orange rgb on blue end"
    column = lines[plain].index("red")
    assert monitor.cell(plain, column).fg in ("red", "cd0000", "800000")
    assert monitor.cell(plain, 0).fg == "default"
    orange = monitor.cell(plain, lines[plain].index("orange"))
    assert (orange.fg, orange.bold) == ("ff8700", True)
    assert monitor.cell(plain, lines[plain].index("rgb")).fg == "005fff"
    assert monitor.cell(plain, lines[plain].index("on blue")).bg in (
        "blue", "0000ee", "000080")
    assert "\u65e5" in lines[plain + 1] and "wide" in lines[plain + 1]
    # The bar was redrawn in one line.
    assert lines[plain + 2] == "100%|" + "\u2588" * 10 + "| 100/100"
    assert lines[plain + 3] == "done"
    # What the script tells its terminal does not reach ours.
    assert monitor.screen.title != "my title"
    assert b"my title" not in monitor.raw
    # Only line 1, tabs and hint stay.
    assert plain == 2
    assert "running" in lines[0] and "0 out" in lines[1]


ASK = r'''
import os, sys, time
name = input("name? ")
print(f"hello {name}, {len(name)} characters")
print("size", *os.get_terminal_size(), os.isatty(0), os.isatty(1))
while True:
    print("got", repr(input("> ")))
'''


def test_input_by_keys(run):
    monitor = run(ASK, columns=80, lines=24)
    monitor.wait_for("waiting for input")
    monitor.wait_for("the script waits for input: Ctrl-] to type")
    monitor.press("0")
    monitor.wait_for("name?")
    monitor.press("i")
    monitor.wait_for("KEYS GO TO THE SCRIPT")
    assert "Ctrl-] gives them back to pymtop" in monitor.text
    # Digits, q and Esc are the script's now.
    monitor.press("J\u00fcrgen 1q", "ENTER")
    monitor.wait_for("hello J\u00fcrgen 1q, 9 characters")
    # The script's terminal has the size of this view.
    monitor.wait_for("size 80 21 True True")
    monitor.press("wrong", "BACKSPACE", "BACKSPACE", "!", "ENTER")
    monitor.wait_for("got 'wro!'")
    row, column = monitor.cursor
    assert monitor.lines[row] == ">" and column == 2
    monitor.press("^]")
    monitor.wait_for(lambda text: "KEYS GO TO" not in text)
    monitor.press("1")
    monitor.wait_for("LOCATION")
    # From another view: opens the output, talks.
    monitor.press("^]")
    monitor.wait_for("KEYS GO TO THE SCRIPT")
    monitor.press("again", "ENTER")
    monitor.wait_for("got 'again'")


PDB = r'''
def shop(price):
    total = price * 2
    breakpoint()
    return total

print("result", shop(21))
'''


def test_pdb_by_keys(run):
    monitor = run(PDB)
    monitor.press("0")
    monitor.wait_for("(Pdb)")
    monitor.press("^]")
    monitor.wait_for("KEYS GO TO THE SCRIPT")
    monitor.press("p total + 1", "ENTER")
    monitor.wait_for("43")
    monitor.press("where", "ENTER")
    monitor.wait_for("shop(21)")
    monitor.press("c", "ENTER")
    monitor.wait_for("result 42")
    monitor.wait_for("exited 0")


RAW = r'''
import os, sys, termios, tty
tty.setraw(0)
sys.stdout.write("ready\r\n")
sys.stdout.flush()
while True:
    sys.stdout.write(f"<{os.read(0, 100).hex()}>\r\n")
    sys.stdout.flush()
'''


@pytest.mark.parametrize("keys, expected", [
    (["UP"], "<1b5b41>"), (["F5"], "<1b5b31357e>"), (["ESC"], "<1b>"),
    (["^C"], "<03>"), (["^Z"], "<1a>"), (["^D"], "<04>"),
    (["BACKSPACE"], "<7f>"), (["TAB"], "<09>"), (["ENTER"], "<0d>"),
    (["DELETE"], "<1b5b337e>"), (["\u00e9"], "<c3a9>"),
    (["^]"], "<1d>"),
])
def test_keys_reach_the_script_as_a_terminal_sends_them(run, keys, expected):
    monitor = run(RAW, columns=80, lines=24)
    monitor.press("0")
    monitor.wait_for("ready")
    monitor.press("i")
    monitor.wait_for("KEYS GO TO THE SCRIPT")
    if keys[0] == "^]":
        # Twice in a row: one goes to the script.
        keys = ["\x1d\x1d"]
    monitor.press(*keys)
    monitor.wait_for(expected)


LINES = r'''
import sys, time
for i in range(300):
    print(f"line {i:03} Apple" if i == 123 else f"line {i:03} apple")
n = 0
while True:
    time.sleep(0.05)
    n += 1
    if n == 100000:
        break
'''


def test_scrollback_and_search(run):
    monitor = run(LINES, columns=80, lines=24).started()
    monitor.press("0")
    monitor.wait_for("line 299")
    monitor.press("g")
    assert monitor.lines[2] == "line 000 apple"
    monitor.wait_for("line 1 of 301: G follows the end")
    monitor.press("DOWN", "DOWN", "PGDN")
    assert monitor.lines[2] == "line 022 apple"
    monitor.press("UP")
    assert monitor.lines[2] == "line 021 apple"
    for _ in range(2):
        monitor.mouse(5, 5, 65)
    monitor.wait_for("line 027 apple\n")
    assert monitor.settle(0.1, 0.5).split("\n")[2] == "line 027 apple"
    for _ in range(2):
        monitor.mouse(5, 5, 64)
    monitor.wait_for("line 021 apple\n")
    monitor.press("/")
    monitor.press("Apple", "ENTER")
    monitor.wait_for("line 123 Apple")
    row = monitor.row_of("line 123")
    assert monitor.cell(row, 9).reverse
    monitor.press("/", "line 20", "ENTER")
    monitor.wait_for("line 200")
    monitor.press("n")
    monitor.press("n")
    row = monitor.row_of("line 202")
    assert monitor.cell(row, 0).reverse
    monitor.press("N")
    assert monitor.cell(monitor.row_of("line 201"), 0).reverse
    monitor.press("/", "cahce", "ENTER")
    monitor.wait_for('no match for "cahce"')
    monitor.press("G")
    monitor.wait_for("line 299")


GROW = r'''
import time
i = 0
while True:
    print("tick", i, flush=True)
    i += 1
    time.sleep(0.02)
'''


def test_follows_the_end_until_scrolled(run):
    monitor = run(GROW, columns=80, lines=24).started()
    monitor.press("0")
    monitor.wait_for("tick 40")
    monitor.wait_for("tick 80")
    monitor.press("g")
    monitor.settle(0.1)
    assert monitor.lines[2] == "tick 0"
    monitor.wait_for(lambda text: "tick 0\n" in text)
    before = monitor.lines[2:-1]
    monitor.pump(0.5)
    monitor.pump(0.5)
    assert monitor.lines[2:-1] == before
    monitor.press("G")
    monitor.wait_for(lambda text: "tick 0\n" not in text)


def test_nothing_printed_yet(run):
    monitor = run("import time\ntime.sleep(60)\n").started()
    monitor.press("0")
    monitor.wait_for("nothing printed yet")


WINCH = r'''
import os, signal, time
def show(*args):
    print("size", *os.get_terminal_size(), flush=True)
signal.signal(signal.SIGWINCH, show)
show()
while True:
    time.sleep(0.1)
'''


@pytest.mark.smoke
def test_size_follows_the_terminal(run):
    monitor = run(WINCH, columns=80, lines=24).started()
    monitor.press("0")
    monitor.wait_for("size 80 21")
    monitor.resize(100, 30)
    monitor.wait_for("size 100 27")
    monitor.resize(40, 15)
    monitor.wait_for("size 40 12")
    assert monitor.row_of("size 80 21") is not None


END = r'''
import sys
for i in range(50):
    print("old", i)
print("\x1b[31mred end\x1b[0m \x1b[?25lx", end="")
sys.stdout.flush()
a = [bytes(100) for _ in range(10000)]
import time
time.sleep(0.7)
sys.exit(3)
'''


def test_the_end_is_printed_again_after_quitting(run):
    monitor = run(END, columns=80, lines=24)
    monitor.wait_for("exited 3")
    monitor.send("q")
    assert monitor.wait() == 3
    lines = monitor.lines
    row = monitor.row_of("red end x")
    assert row is not None, monitor.text
    assert "old 49" in lines[row - 1]
    assert monitor.cell(row, 0).fg in ("red", "cd0000")
    assert "pymtop: peak " in lines[row + 1]
    assert not monitor.screen.alternate
    # The terminal is as it was: its cursor is shown.
    assert not monitor.screen.cursor.hidden


def test_an_editor_in_the_script_leaves_the_screen_alone(run):
    monitor = run('print("\\x1b[?1049h\\x1b[2J\\x1b[5;10HEDITOR")\n'
                  'input()\nprint("\\x1b[?1049lback")\ninput()\n')
    monitor.press("0")
    monitor.wait_for("EDITOR")
    assert monitor.lines[2 + 4][9:] == "EDITOR"
    assert "waiting for input" in monitor.lines[0]
    monitor.press("i", "ENTER")
    monitor.wait_for("back")
    assert "EDITOR" not in monitor.text
