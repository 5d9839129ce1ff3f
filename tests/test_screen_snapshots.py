# SPDX-License-Identifier: MIT
"""View 6: the kept moments."""

import re
import time

import pytest

from monitor import Monitor, exact

SCRIPT = r'''
kept = []
size = 100000
while True:
    input()
    size += 100000
    kept.append(bytes(size))
    print("step", len(kept))
'''
MOMENT = re.compile(
    r"^.(start|#\d+|auto|peak|now|end) +(\d\d:\d\d:\d\d) +([\d,]+)"
    r"(?: +([+-]?[\d,]+))? +([\d,]+)(?: (key|itself|reset|timer))? *(.*)$")


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(columns=100, lines=30, **how):
        script = tmp_path / "script.py"
        script.write_text(SCRIPT)
        monitor = Monitor(open_terminal, pymtop, [script], columns=columns,
                          lines=lines, **how)
        monitor.wait_for("waiting for input")
        monitor.wait_for("= traced")
        return monitor
    return run


def step(monitor, n):
    """Let the script allocate once more; ends in view 0."""
    monitor.press("^]")
    monitor.wait_for("KEYS GO TO THE SCRIPT")
    monitor.press("ENTER")
    monitor.wait_for(f"step {n}")
    monitor.wait_for("waiting for input")
    monitor.press("^]")
    monitor.wait_for(lambda text: "KEYS GO" not in text)
    return monitor


def moments(monitor):
    """(mark, seconds, bytes, delta or None, blocks, taken by, name)."""
    found = []
    for line in monitor.settle().split("\n"):
        if match := MOMENT.match(line):
            mark, when, size, delta, blocks, taken, name = match.groups()
            hours, minutes, seconds = map(int, when.split(":"))
            found.append((mark, hours * 3600 + minutes * 60 + seconds,
                          exact(size),
                          None if delta is None else exact(delta),
                          exact(blocks), taken, name))
    return found


def test_empty(run):
    monitor = run()
    monitor.press("6")
    monitor.wait_for("MARK   WHEN")
    monitor.wait_for("press s to take a snapshot, d compares with it")
    monitor.press("s")
    monitor.wait_for("snapshot #1 at ")
    assert "press s to take" not in monitor.settle()


def test_moments_add_up(run):
    monitor = run()
    monitor.press("e", "s")
    step(monitor, 1)
    monitor.press("s")
    step(monitor, 2)
    monitor.press("6")
    monitor.wait_for("MARK   WHEN")
    found = moments(monitor)
    assert [m[0] for m in found if m[0] != "peak"] \
        == ["start", "#1", "#2", "now"]
    # In the order of time, each with its difference to the one above.
    assert [m[1] for m in found] == sorted(m[1] for m in found)
    assert found[0][3] is None
    for before, after in zip(found, found[1:]):
        assert after[3] == after[2] - before[2]
    by_mark = {m[0]: m for m in found}
    assert 200033 <= by_mark["#2"][2] - by_mark["#1"][2] < 205000
    assert by_mark["peak"][2] == max(m[2] for m in found)
    assert by_mark["#1"][5] == "key" and by_mark["peak"][5] == "itself"
    # The header says the same of now and the peak.
    header = monitor.lines[1]
    traced, peak = re.search(r"Traced +([\d,]+).*Peak +([\d,]+)",
                             header).groups()
    assert by_mark["now"][2] == exact(traced)
    assert by_mark["peak"][2] == exact(peak)


def test_names_and_notes(run):
    monitor = run()
    monitor.press("s", "s", "6", "/", "#2", "ENTER", "v")
    monitor.wait_for("name of #2:")
    monitor.press("after the load", "ENTER")
    monitor.wait_for("note:")
    monitor.press("rows are \u65e5", "ENTER")
    line = next(line for line in monitor.settle().split("\n")
                if line.startswith(" #2"))
    assert "key        after the load  rows are \u65e5" in line
    # Changed again: the old name is there to edit.
    monitor.press("v")
    monitor.wait_for("name of #2: after the load")
    monitor.press("BACKSPACE", "BACKSPACE", "BACKSPACE", "BACKSPACE", "end",
                  "ENTER", "ESC")
    monitor.wait_for("after the end  rows are")
    monitor.press("G", "v")
    monitor.wait_for("this is no snapshot: s takes one")


def test_delete_asks(run):
    monitor = run()
    monitor.press("s", "s", "s", "6", "/", "#2", "ENTER", "v",
                  "after the load", "ENTER", "ENTER")
    monitor.wait_for("after the load")
    monitor.press("x")
    monitor.wait_for('delete #2 "after the load"? y/N')
    monitor.press("n")
    monitor.wait_for(lambda text: "y/N" not in text)
    assert "after the load" in monitor.text
    monitor.press("DELETE")
    monitor.wait_for('delete #2 "after the load"? y/N')
    monitor.press("ESC")
    assert "after the load" in monitor.settle()
    monitor.press("x", "y")
    monitor.wait_for("#2 is deleted")
    text = monitor.settle()
    assert " #1 " in text and " #3 " in text
    assert not any(line.startswith(" #2") for line in text.split("\n"))
    monitor.press("G", "x")
    monitor.wait_for("this is no snapshot: s takes one")
    monitor.press("g", "x")
    monitor.wait_for("the start stays")
    # The next one is #4: numbers are not given twice.
    monitor.press("s")
    monitor.wait_for("snapshot #4 at ")


def test_deleting_what_is_shown(run):
    monitor = run()
    monitor.press("s")
    step(monitor, 1)
    monitor.press("1", "d")
    monitor.wait_for("DIFF #1 → now")
    monitor.press("6", "/", "#1", "ENTER", "x", "y")
    monitor.wait_for("#1 is deleted")
    monitor.press("1")
    monitor.wait_for("= traced")
    assert "DIFF" not in monitor.settle()


def test_enter_shows_a_moment(run):
    monitor = run()
    monitor.press("e", "s")
    step(monitor, 1)
    step(monitor, 2)
    monitor.press("6", "/", "#1", "ENTER")
    then = {m[0]: m for m in moments(monitor)}["#1"]
    monitor.press("ENTER")
    monitor.wait_for("PAST 00:00:")
    total = monitor.row("= traced")
    assert total.bytes == then[2]
    assert "bytes(size)" not in monitor.text
    # Newer and newer: now again, and no badge.
    monitor.press("]", "]", "]", "]")
    monitor.wait_for(lambda text: "PAST" not in text)
    assert monitor.row("= traced").bytes > then[2] + 400000
    monitor.press("[")
    monitor.wait_for("PAST")
    monitor.press("ESC")
    monitor.wait_for(lambda text: "PAST" not in text)
    # The peak is a moment, too.
    monitor.press("6", "/", "peak", "ENTER", "ENTER")
    monitor.wait_for("AT PEAK 00:00:")
    monitor.wait_for("= peak")


def test_esc_and_a_key_in_one_read(run):
    """The moment is left before the key is looked at: all views show now, and
    the moment may be deleted."""
    monitor = run()
    monitor.press("e", "s")
    step(monitor, 1)
    now = monitor.press("1").row("= traced").bytes
    for view in "2", "3", "1":
        monitor.press("[").wait_for("PAST")
        monitor.send(f"\x1b{view}")
        monitor.wait_for(lambda text: "PAST" not in text)
        assert monitor.press("ESC").row("= traced").bytes == now
    monitor.press("[").wait_for("PAST")
    monitor.send("\x1b6/#1\rxy1")
    monitor.wait_for(lambda text: "PAST" not in text)
    assert monitor.press("ESC").row("= traced").bytes == now
    monitor.press("6").wait_for("MARK   WHEN")
    assert not any(moment[0] == "#1" for moment in moments(monitor))


def test_two_are_compared(run):
    monitor = run()
    monitor.press("e", "s")
    step(monitor, 1)
    monitor.press("s")
    step(monitor, 2)
    monitor.press("s", "6")
    by_mark = {m[0]: m for m in moments(monitor)}
    monitor.press("1", "d")
    monitor.wait_for("DIFF #3 → now")
    monitor.press("{")
    monitor.wait_for("DIFF #2 → now")
    text = monitor.settle()
    ends = re.search(r"= ([\d,]+).* → ([\d,]+)", text)
    assert exact(ends[1]) == by_mark["#2"][2]
    total = monitor.row(ends[0])
    assert exact(total.numbers[0].lstrip("+")) \
        == exact(ends[2]) - exact(ends[1])
    row = monitor.row("script.py:7 ")
    assert exact(row.numbers[0].lstrip("+")) >= 300033


def test_d_compares_with_the_row(run):
    monitor = run()
    monitor.press("6", "d")
    monitor.wait_for("no snapshot yet: press s, then d shows what has changed")
    monitor.press("s", "s", "d")
    monitor.wait_for("DIFF #2 → now")
    monitor.wait_for("nothing changed since #2")
    monitor.press("6", "/", "#1", "ENTER", "d")
    monitor.wait_for("DIFF #1 → now")
    assert "[1 lines]" in monitor.settle()


def test_mouse(run):
    monitor = run()
    monitor.press("s", "6")
    row = monitor.row_of(" #1 ")
    monitor.mouse(row, 30)
    monitor.wait_for(lambda text: monitor.cell(row, 30).reverse)
    time.sleep(0.5)
    monitor.double_click(row, 30)
    monitor.wait_for("PAST 00:00:")


def test_reset_of_the_peak_keeps_the_old_one(run):
    monitor = run()
    monitor.press("6", "R")
    monitor.wait_for("peak before reset")
    line = next(line for line in monitor.settle().split("\n")
                if "peak before reset" in line)
    assert line.startswith(" peak") and "reset" in line


def test_after_the_end(run):
    monitor = run()
    monitor.press("s")
    step(monitor, 1)
    monitor.press("6", "^C")
    monitor.wait_for("killed by SIGINT")
    monitor.press("e")
    found = {m[0]: m for m in moments(monitor)}
    assert {"start", "#1", "peak", "end"} <= set(found)
    monitor.press("/", "#1", "ENTER", "ENTER")
    monitor.wait_for("PAST")
    assert monitor.row("= traced").bytes == found["#1"][2]


@pytest.mark.parametrize("columns, lines", [(80, 24), (60, 24), (40, 15)])
def test_sizes(run, columns, lines):
    monitor = run(columns=columns, lines=lines)
    monitor.press("s", "6")
    monitor.wait_for("MARK")
    text = monitor.settle()
    assert re.search(r" #1 +\d\d:\d\d:\d\d +\d", text)
    if lines < 20:
        assert "└" in text      # the axis, as the graph has none


def test_automatic_ones_are_folded(run):
    monitor = run()
    monitor.press("6")
    monitor.wait_for(re.compile(r"▸ [12]  ").search, timeout=30)
    line = next(line for line in monitor.lines if "▸" in line)
    assert re.search(r" ▸ \d +00:00:1\d +every 10 s up to 00:00:1\d", line)
    monitor.press("/", "peak", "ENTER", "RIGHT")
    monitor.wait_for("▾ 1")
    monitor.wait_for(" auto   00:00:1")
    assert "timer" in monitor.text
    monitor.press("LEFT")
    monitor.wait_for("▸ 1")
