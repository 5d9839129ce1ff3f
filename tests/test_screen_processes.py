# SPDX-License-Identifier: MIT
"""View 7, the processes; and any of them in all the other views."""

import json
import re

import pytest

import monitor
from monitor import process_rows

# A script that holds what its line says, and so do its children; each stays.
FAMILY = """
import os, subprocess, sys, time
held, seven = "x" * 2_000_000, 7_000_000
def hold(size):
    kept = "x" * size
    time.sleep(600)
for size in (5_000_000, 3_000_000):
    if os.fork() == 0:
        hold(size)
code = "import time; kept = bytearray(20_000_000); time.sleep(600)"
child = subprocess.Popen([sys.executable, "-c", code])
short = os.fork()
if short == 0:
    kept = "x" * seven
    os._exit(0)
os.waitpid(short, 0)
held = held, bytearray(100_000)
time.sleep(600)
"""


@pytest.fixture
def run(watch):
    def run(code=FAMILY, **how):
        return watch(code, **how)
    return run


def processes(seen, count=5):
    """View 7, when it has so many rows and all have what they will hold; the
    rows."""
    seen.press("7")
    seen.wait_for(lambda text: len(process_rows(text)) == count)
    if count == 5:
        seen.wait_for(all_hold)
    return process_rows(seen.text)


def all_hold(text):
    """Each of FAMILY's processes has what its lines say: forks more than the
    script, whatever an interpreter has by itself."""
    def mib(row):
        number, unit = row[2].split()
        return float(number) * {"B": 0, "KiB": 0.001, "MiB": 1}[unit]

    rows = process_rows(text)
    script, *others = rows
    forks = sorted(mib(row) - mib(script) for row in others
                   if "fork of" in row[5])
    return "= 4 running" in text and len(rows) == 5 \
        and max(map(mib, rows)) > 19.9 \
        and all(more > size for more, size in zip(forks, (2.6, 4.5, 6.4)))


def test_rows(run):
    seen = run()
    rows = processes(seen)
    script, spawned, big, small, ended = rows
    assert script[5].startswith("python") and script[5].endswith("◀ shown")
    assert spawned[5].startswith("├ python") and "kept = by" in spawned[5]
    assert big[5] == small[5] == f"├ fork of {script[0]}"
    assert ended[5] == f"└ fork of {script[0]}, last state"
    assert [row[1] for row in rows] == ["running"] * 4 + ["ended"]
    assert ended[4] == "-" and ended[2] != "-"
    seen.wait_for("= 4 running; peaks are never added")


def test_total_is_the_sum_of_those_that_run(run):
    seen = run()
    processes(seen)
    seen.press("e")
    rows = process_rows(seen.text)
    total = next(line for line in seen.lines if "= 4 running" in line)
    assert sum(monitor.exact(row[2]) for row in rows[:4]) == \
        monitor.exact(total.split()[0])
    assert total.split()[1] == "-"
    assert f"Traced{rows[0][2]:>13}" in seen.text
    sizes = [monitor.exact(row[2]) for row in rows]
    assert sizes[1] > 20_000_000
    assert sizes[2] > 7_000_000 and sizes[3] > 5_000_000
    assert sizes[4] > 7_000_000


def text_size(characters):
    """Of a str in the Python that runs."""
    return characters + (41 if monitor.any_start().python.minor >= 12 else 49)


def exact_row(seen, place):
    """The row of a line, in bytes."""
    return monitor.Row(next(line for line in seen.body("LOCATION")
                            if place in line)).bytes


def test_tables_of_a_child(run):
    """One key away, exact, and one key back."""
    seen = run()
    rows = processes(seen)
    seen.press("j", "j", "ENTER")
    seen.wait_for(f"PROCESS {rows[2][0]}")
    assert "[1 lines]" in seen.text
    assert seen.lines[0].startswith(f"fork of {rows[0][0]}  CPython 3.")
    assert f"pid {rows[2][0]} " in seen.lines[0]
    seen.press("e")
    assert exact_row(seen, "work.py:5 hold") == \
        text_size(5_000_000)
    body = [monitor.Row(line) for line in seen.body("LOCATION") if line]
    assert sum(row.bytes for row in body[:-1]) == body[-1].bytes
    assert f"Traced{body[-1].numbers[0]:>13}" in seen.text
    # What it had at the fork is its own, too; what came later is not.
    assert exact_row(seen, "work.py:3 <module>") == \
        text_size(2_000_000)
    assert "work.py:17" not in seen.text
    for digit in "2346":
        seen.press(digit)
        assert f"PROCESS {rows[2][0]}" in seen.text
    seen.press("1", "ESC").wait_for(lambda text: "PROCESS" not in text)
    assert seen.lines[0].startswith("python work.py")
    assert exact_row(seen, "work.py:17") > 100_000
    assert "work.py:5 hold" not in seen.text


def test_last_state_of_one_that_ended(run):
    seen = run()
    rows = processes(seen)
    seen.press("G", "ENTER")
    seen.wait_for(f"PROCESS {rows[4][0]}")
    assert re.search(r"  ended after 00:00:\d\d$", seen.lines[0])
    seen.press("e")
    assert exact_row(seen, "work.py:14 <module>") == \
        text_size(7_000_000)
    assert "at the end" in seen.text
    seen.press("R")
    assert "the process has ended: its peak stays" in seen.text


def test_snapshots_belong_to_their_process(run):
    seen = run()
    processes(seen)
    seen.press("s", "1", "s", "d").wait_for("DIFF #2 → now")
    seen.press("7", "j", "ENTER").wait_for("PROCESS")
    assert "DIFF" not in seen.text
    seen.press("d")
    assert "no snapshot yet" in seen.text
    seen.press("s")
    assert "snapshot #1 at" in seen.text
    seen.press("7", "k", "ENTER", "6")
    assert "PROCESS" not in seen.text
    assert " #2 " in seen.text and " #1 " in seen.text
    seen.press("7", "j", "ENTER", "6")
    assert " #1 " in seen.text and " #2 " not in seen.text


def test_switches_stay(run):
    """Filter, charge, moment and order are no process's own."""
    seen = run()
    processes(seen)
    seen.press("4", "t", "2", "t", "1", "f", "work.py", "ENTER", "p", "B",
               "7", "j", "j", "ENTER")
    hint = seen.lines[-2]
    assert "FILTER work.py" in hint and "AT PEAK" in hint
    assert "work.py:5 hold" in seen.text and "▼BLOCKS" in seen.text
    seen.press("2", "t").wait_for("files as a list")
    seen.press("4", "t").wait_for("top-down")


def test_list_or_tree_and_search(run):
    seen = run()
    rows = processes(seen)
    seen.press("t")
    assert "biggest first" in seen.text
    flat = process_rows(seen.text)
    assert not any("├" in row[5] for row in flat)
    assert [row[0] for row in flat] != [row[0] for row in rows]
    seen.press("t")
    assert "children below their parents" in seen.text
    seen.press("/", rows[3][0], "ENTER", "ENTER")
    seen.wait_for(f"PROCESS {rows[3][0]}")


def test_written(run, tmp_path):
    seen = run()
    rows = processes(seen)
    for name in ("all.json", "all.csv", "all.txt"):
        seen.press("w", "\x15", name, "ENTER")
        seen.wait_for(name)
    found = json.loads((tmp_path / "all.json").read_text())
    assert [str(one["pid"]) for one in found["processes"]] != []
    assert {str(one["pid"]) for one in found["processes"]} == \
        {row[0] for row in rows}
    assert found["running"]["processes"] == 4
    assert (tmp_path / "all.csv").read_text().count("\n") == 6
    assert "= 4 running" in (tmp_path / "all.txt").read_text()
    # A table of a child says whose it is.
    seen.press("j", "j", "ENTER", "w", "\x15", "child.json", "ENTER")
    seen.wait_for("child.json")
    child = json.loads((tmp_path / "child.json").read_text())
    assert str(child["pid"]) == rows[2][0] and child["start"] == "fork"
    assert child["executable"] == monitor.any_start().python.path
    seen.press("w", "\x15", "child.txt", "ENTER").wait_for("child.txt")
    assert re.match(r"fork of \d+  CPython \S+  pid \d+  running 00:00:\d\d\n",
                    (tmp_path / "child.txt").read_text())
    seen.press("7", "k", "ENTER", "w", "\x15", "other.json", "ENTER")
    seen.wait_for("other.json")
    other = json.loads((tmp_path / "other.json").read_text())
    assert str(other["pid"]) == rows[1][0] and other["executable"] is None
    seen.press("7", "G", "ENTER", "w", "\x15", "gone.txt", "ENTER")
    seen.wait_for("gone.txt")
    assert re.match(r"fork of \d+  .*  ended after 00:00:\d\d\n",
                    (tmp_path / "gone.txt").read_text())


def test_many(run):
    """The screen answers while children come and go by the hundred; of most
    only the row stays."""
    seen = run("""
import os, time
while True:
    for number in range(100):
        pid = os.fork()
        if pid == 0:
            kept = [bytes(1000) for _ in range(100)]
            os._exit(0)
        os.waitpid(pid, 0)
    time.sleep(0.5)
""")
    seen.press("7")
    seen.wait_for(re.compile(r"1\d\d more rows ↓").search, timeout=60)
    assert "no tables any more" in seen.wait_for("no tables any more")
    seen.press("G").wait_for(lambda text: "◀ shown" not in text)
    seen.press("/", "tables", "ESC", "g", "j", "t", "t")
    assert "children below their parents" in seen.text
    total = next(line for line in seen.lines if "running" in line
                 and " = " in line)
    assert "MiB" in total


@pytest.mark.parametrize("columns, lines", [(200, 50), (80, 24), (60, 24),
                                            (40, 15)])
def test_sizes(run, columns, lines):
    seen = run(columns=columns, lines=lines)
    seen.press("7")
    seen.wait_for(lambda text: len(re.findall("MiB|[0-9]M", text)) >= 4)
    text = seen.settle()
    assert all(len(line) <= columns for line in text.split("\n"))
    if columns >= 40:
        assert "PID" in text and "TRACED" in text and "COMMAND" in text
    if columns >= 60:
        seen.wait_for("4 running")
        assert "├" in seen.text
    seen.resize(20, 6)
    seen.wait_for(lambda text: len(text.split("\n")) == 6
                  and re.search(r"^ *\d+ +[\d.]+M", text, re.MULTILINE))


def test_ascii(run):
    seen = run(options=["--ascii"])
    processes(seen)
    assert "| fork of" in seen.text and "+ fork of" in seen.text
    assert seen.text.isascii()


def test_no_follow_says_so(run):
    seen = run(options=["--no-follow"])
    seen.press("7")
    seen.wait_for("children are left alone: --no-follow")
    assert len(process_rows(seen.text)) == 1


def test_source_of_a_child(run, tmp_path):
    """Of its own files, wherever it was started."""
    (tmp_path / "sub").mkdir()
    for folder, whose in (tmp_path, "script"), (tmp_path / "sub", "child"):
        (folder / "same.py").write_text(
            f"import time\n{whose} = [[n] for n in range(50000)]\n"
            "time.sleep(60)\n")
    seen = run("""
import os, subprocess, sys
os.chdir("sub")
code = "exec(compile(open('same.py').read(), 'same.py', 'exec'))"
child = subprocess.Popen([sys.executable, "-c", code])
os.chdir("..")
exec(code)
""", columns=200, lines=40)
    seen.wait_for(lambda text: re.search(r"same\.py:2 .* script = ", text))
    processes(seen, 2)
    seen.press("j", "ENTER").wait_for("PROCESS ")
    seen.wait_for(lambda text: re.search(r"same\.py:2 .* child = ", text))
    seen.press("ENTER").wait_for("child = [[n] for n in range(50000)]")
    seen.press("ESC", "ESC").wait_for(lambda text: "PROCESS" not in text)
    seen.wait_for(lambda text: re.search(r"same\.py:2 .* script = ", text))
