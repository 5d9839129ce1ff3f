# SPDX-License-Identifier: MIT
"""View 4: tracebacks as a tree, both ways."""

import re

import pytest

from monitor import Monitor, Row, exact

SCRIPT = r'''
import time

def leaf(n):
    return bytes(n)

def left():
    kept = []
    for _ in range(5):
        kept.append(leaf(100000))
    return kept

def right(deep):
    if deep:
        return right(deep - 1)
    return [leaf(50000), bytearray(70000)]

def many():
    a = bytes(1000)
    b = bytes(2000)
    c = bytes(3000)
    d = bytes(4000)
    e = bytes(5000)
    return a, b, c, d, e

def main():
    held = [left(), right(3), many()]
    held.append(left())
    while True:
        if input() == "more":
            held.append(left())     # again
        print("grown")

main()
'''
HEADER = 33             # sys.getsizeof(b"")


def at(text):
    """`:8` for the number of the first line of the script with the text."""
    lines = SCRIPT.split("\n")
    return f":{next(i for i, line in enumerate(lines, 1) if text in line)}"


LEAF = f"{at('return bytes')} leaf"
LEFT = f"{at('kept.append')} left"
RIGHT = f"{at('return [leaf')} right"


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(columns=110, lines=60, options=(), env=None):
        script = tmp_path / "script.py"
        script.write_text(SCRIPT)
        monitor = Monitor(open_terminal, pymtop, [script], columns=columns,
                          lines=lines, options=options, env=env)
        monitor.wait_for("waiting for input")
        monitor.wait_for("= traced")
        return monitor
    return run


class Tree:
    """The rows of the tree as it is on the screen, in exact bytes."""

    def __init__(self, monitor):
        lines = monitor.settle().split("\n")
        head = next(i for i, line in enumerate(lines) if "TRACEBACK" in line
                    and "▼" in line)
        base = lines[head].index("TRACEBACK") - 2
        self.traced = exact(re.search(r"Traced +([\d,]+)", lines[1])[1])
        self.rows, self.more, self.total = [], None, None
        for line in lines[head + 1:]:
            row = Row(line)
            if row.rest.startswith("= "):
                self.total = row
                break
            if re.search(r"[\d,]+ more rows? [↓↑]", line):
                self.more = row
                continue
            row.text = row.rest.lstrip("▾▸ ")
            marked = row.rest[:1] in "▾▸"
            row.depth = (row.column - base - (0 if marked else 2)) // 2
            row.open = row.rest[:1] == "▾"
            self.rows.append(row)

    def row(self, text):
        return next(row for row in self.rows if text in row.text)

    def children(self, at):
        parent = self.rows[at]
        found = []
        for row in self.rows[at + 1:]:
            if row.depth <= parent.depth:
                break
            if row.depth == parent.depth + 1:
                found.append(row)
        return found

    def check(self):
        """Siblings add up to their parent, the top to the total; all rows
        must be on the screen or in `more rows`."""
        checked = 0
        for at, row in enumerate(self.rows):
            below = self.children(at)
            if not row.open:
                continue
            if self.more is not None and self.rows[-1].depth > row.depth \
                    and self.rows[-1] in self.rows[at:]:
                continue        # may go on below the screen
            assert sum(r.bytes for r in below) == row.bytes, row
            assert sum(exact(r.numbers[2]) for r in below) \
                == exact(row.numbers[2]), row
            checked += 1
        top = [row for row in self.rows if row.depth == 0]
        rest = self.more.bytes if self.more is not None else 0
        assert sum(row.bytes for row in top) + rest == self.total.bytes
        return checked


@pytest.mark.smoke
def test_top_down_adds_up(run):
    monitor = run()
    monitor.press("4", "e")
    monitor.wait_for("exact bytes")
    tree = Tree(monitor)
    tree.check()
    assert tree.total.bytes == tree.traced
    assert re.search(r"= traced: [\d,]+ tracebacks, now", tree.total.rest)
    # A chain without a branch is one row, and shows its sum.
    main = tree.row(" <module>")
    assert main.open and main.bytes >= 2 * 5 * (100000 + HEADER)
    row = tree.row(LEAF)
    known = 5 * (100000 + HEADER)
    assert known <= row.bytes < known + 1000
    assert exact(row.numbers[2]) >= 5


def test_unfolding_everything_adds_up(run):
    monitor = run(lines=100)
    monitor.press("4", "e", "f", "*script.py", "ENTER")
    monitor.wait_for("of ")
    monitor.press("*")
    tree = Tree(monitor)
    assert tree.more is None
    assert tree.check() >= 3
    assert re.search(r"= [\d,.]+.* of [\d,.]+.* traced", tree.total.line)
    # Of many siblings the three biggest are rows, the others one.
    more = next(row for row in tree.rows
                if re.match(r"\d+ more: :", row.text))
    assert more.open
    below = [row.bytes for row in tree.children(tree.rows.index(more))]
    assert below == sorted(below, reverse=True) and len(below) >= 2
    assert 1000 + HEADER in [row.bytes for row in tree.rows]
    # Folding all again: fewer rows, the same total.
    monitor.press("*")
    folded = Tree(monitor)
    assert len(folded.rows) < len(tree.rows)
    assert folded.total.bytes == tree.total.bytes


def test_bottom_up_adds_up(run):
    monitor = run(lines=100)
    monitor.press("4", "t", "e")
    tree = Tree(monitor)
    assert tree.total.bytes == tree.traced
    leaf = tree.row(f"script.py{LEAF}")
    known = 10 * (100000 + HEADER) + 50000 + HEADER
    assert known <= leaf.bytes < known + 1000
    tree.check()
    monitor.press("f", f"*script.py{LEAF.split()[0]}", "ENTER")
    if "▸" in monitor.settle():
        monitor.press("*")
    tree = Tree(monitor)
    assert tree.more is None
    assert tree.check() >= 2
    assert len([row for row in tree.rows if row.depth == 0]) == 1
    callers = {row.text.split(" ")[0]: row for row in tree.rows[1:]}
    known = {LEFT.split()[0]: 10 * (100000 + HEADER),
             RIGHT.split()[0]: 50000 + HEADER,
             at("held = ["): 5 * (100000 + HEADER),
             at("held.append(left())"): 5 * (100000 + HEADER)}
    for caller, size in known.items():
        # Python may keep a number or two of its own there.
        assert size <= callers[caller].bytes < size + 1000, caller


def test_folding_by_keys(run):
    monitor = run()
    monitor.press("4", "e", "f", "*script.py", "ENTER", "g")
    before = Tree(monitor)
    assert before.rows[0].open
    monitor.press("LEFT")
    folded = Tree(monitor)
    assert not folded.rows[0].open
    assert len([r for r in folded.rows if r.depth > 0]) == 0
    monitor.press("RIGHT")
    assert [r.text for r in Tree(monitor).rows] \
        == [r.text for r in before.rows]
    monitor.press("-")
    assert not Tree(monitor).rows[0].open
    monitor.press("+")
    assert Tree(monitor).rows[0].open
    # Into the first child, and back to its parent by ←.
    monitor.press("RIGHT")
    row = monitor.row_of(before.rows[1].text)
    assert monitor.cell(row, 2).reverse
    monitor.press("DOWN", "DOWN")
    # Each ← folds, or goes to the parent of a row that is folded.
    monitor.press("LEFT", "LEFT", "LEFT", "LEFT", "LEFT")
    row = monitor.row_of(before.rows[0].text)
    assert monitor.cell(row, 2).reverse


def test_sorting_and_keys_that_mean_nothing_here(run):
    monitor = run()
    monitor.press("4", "B")
    monitor.wait_for("▼BLOCKS")
    monitor.press("S")
    monitor.wait_for("▼SIZE")
    monitor.press("A")
    monitor.wait_for("tracebacks sort by size (S) or blocks (B)")
    monitor.press("r")
    monitor.wait_for("a tree has its biggest rows first")
    monitor.press(">")
    monitor.wait_for("▼BLOCKS")
    monitor.press("c")
    monitor.wait_for("each row holds what it called")


def test_enter_opens_the_line_and_back(run):
    monitor = run()
    monitor.press("4", "t", "/", f"script.py{LEAF}", "ENTER")
    monitor.press("ENTER")
    monitor.wait_for("tracebacks › ")
    monitor.wait_for("return bytes(n)")
    assert f"TRACEBACKS of line {LEAF[1:].split()[0]}" in monitor.text
    monitor.press("ENTER")
    monitor.wait_for("▼SIZE")
    row = monitor.row_of(f"script.py{LEAF}")
    assert monitor.cell(row, 2).reverse


def test_difference(run):
    monitor = run(lines=100)
    monitor.press("s")
    monitor.wait_for("snapshot #1")
    monitor.press("^]", "more", "ENTER")
    monitor.wait_for("grown")
    monitor.wait_for("waiting for input")
    monitor.press("^]", "4", "e", "d")
    monitor.wait_for("DIFF #1 → now")
    lines = monitor.settle().split("\n")
    total = Row(next(line for line in lines if re.search("= .* → ", line)))
    row = Row(next(line for line in lines if at("# again") in line))
    # Only held.append(left()) again.
    assert row.line.startswith("▲")
    grown = 5 * (100000 + HEADER)
    assert grown <= exact(row.numbers[0].lstrip("+")) < grown + 2000
    assert " new " in row.line
    ends = re.search(r"= ([\d,]+).* → ([\d,]+)", total.line)
    assert exact(ends[2]) - exact(ends[1]) \
        == exact(total.numbers[0].lstrip("+"))
    monitor.press("ESC")
    monitor.wait_for("= traced")


def test_mouse(run):
    monitor = run()
    monitor.press("4", "f", "*script.py", "ENTER", "g")
    monitor.wait_for("FILTER")
    row = monitor.row_of("script.py:")
    mark = monitor.lines[row].index("▾")
    monitor.mouse(row, mark)
    monitor.wait_for("▸ script.py:")
    monitor.mouse(row, mark)
    monitor.wait_for("▾ script.py:")
    heads = monitor.row_of("TRACEBACK")
    monitor.mouse(heads, monitor.lines[heads].index("BLOCKS"))
    monitor.wait_for("▼BLOCKS")
    # Twice on a row: its line.
    monitor.double_click(row + 1, 2)
    monitor.wait_for("tracebacks › ")
    # A click on another line of the source goes there.
    monitor.wait_for("TRACEBACKS of line")
    at = monitor.row_of("▶")
    line = int(re.search(r"▶ +(\d+)", monitor.lines[at])[1])
    monitor.mouse(at + 1, 40)
    monitor.wait_for(f"TRACEBACKS of line {line + 1} ")


@pytest.mark.parametrize("columns, lines", [(80, 24), (60, 24), (40, 15)])
def test_sizes(run, columns, lines):
    monitor = run(columns=columns, lines=lines)
    monitor.press("4")
    text = monitor.wait_for("TRACEBACK")
    assert "script.py" in text or "…" in text
    assert "= traced" in text
    monitor.press("e")
    tree = Tree(monitor) if columns >= 80 else None
    if tree:
        tree.check()


def test_ascii(run):
    monitor = run(options=["--ascii"])
    monitor.press("4")
    monitor.wait_for("TRACEBACK")
    text = monitor.settle()
    assert all(ord(c) < 127 for c in text), text
    assert " v script.py" in text and " -> " in text
