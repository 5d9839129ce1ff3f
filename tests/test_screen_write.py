# SPDX-License-Identifier: MIT
"""Key w: what is shown, in a file."""

import csv
import json
import os
import re

import pytest

from monitor import Monitor, exact

SCRIPT = r'''
kept = []

def load(n):
    kept.append(bytes(n))

def twice(n):
    load(n)
    load(n)

twice(100000)
while True:
    input()
    load(300000)
    print("grown", len(kept))
'''


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(columns=100, lines=30, **how):
        (tmp_path / "script.py").write_text(SCRIPT)
        monitor = Monitor(open_terminal, pymtop, ["script.py"],
                          columns=columns, lines=lines, cwd=tmp_path, **how)
        monitor.wait_for("waiting for input")
        monitor.wait_for("= traced")
        monitor.press("e")
        monitor.wait_for("exact bytes")
        return monitor
    return run


def write(monitor, name):
    """Write what is shown to a file of this name."""
    monitor.press("w")
    monitor.wait_for("write (.txt")
    monitor.press("^U", name, "ENTER")


def written(monitor, name):
    write(monitor, name)
    monitor.wait_for(f"{name}: written")


def read_csv(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def text_rows(path):
    """[SIZE, BLOCKS, location] of each row, and the total, in bytes."""
    rows, total = [], None
    for line in path.read_text().split("\n"):
        match = re.match(r" *([\d,]+) +[\d.]+ +([\d,]+) .* {3}(\S.*)", line) \
            or re.match(r" *([\d,]+) +[\d.]+ +([\d,]+)(.*)", line)
        if match:
            row = [exact(match[1]), exact(match[2]), match[3].strip()]
            if row[2].startswith("= "):
                total = row
            else:
                rows.append(row)
    return rows, total


def test_lines_in_all_formats(run, tmp_path):
    monitor = run()
    # `lines.txt` is the name proposed.
    monitor.press("w")
    monitor.wait_for("lines.txt")
    monitor.press("ENTER")
    monitor.wait_for("lines.txt: written")
    written(monitor, "lines.json")
    written(monitor, "lines.csv")
    shown = monitor.row("= traced").bytes
    report = json.loads((tmp_path / "lines.json").read_text())
    assert report["now"]["bytes"] == shown
    assert sum(row["bytes_now"] for row in report["rows"]) == shown
    assert sum(row["blocks_now"] for row in report["rows"]) \
        == report["now"]["blocks"]
    assert sum(row["bytes_at_peak"] for row in report["rows"]) \
        == report["peak"]["bytes"]
    rows = read_csv(tmp_path / "lines.csv")
    assert sum(int(row["bytes_now"]) for row in rows) == shown
    assert [(row["file"], int(row["line"]), int(row["bytes_now"]))
            for row in rows] \
        == [(row["file"], row["line"], row["bytes_now"])
            for row in report["rows"]]
    rows, total = text_rows(tmp_path / "lines.txt")
    assert total[0] == shown and sum(row[0] for row in rows) == shown
    assert total[1] == sum(row[1] for row in rows)
    load = next(row for row in report["rows"]
                if row["line"] == 5 and row["file"].endswith("script.py"))
    assert 200066 <= load["bytes_now"] < 202000
    assert load["function"] == "load"


def test_the_sort_and_the_filter_are_written(run, tmp_path):
    monitor = run()
    monitor.press("B")
    written(monitor, "blocks.csv")
    blocks = [int(row["blocks_now"])
              for row in read_csv(tmp_path / "blocks.csv")]
    assert blocks == sorted(blocks, reverse=True)
    monitor.press("f", "*script.py", "ENTER")
    monitor.wait_for("FILTER")
    written(monitor, "mine.json")
    report = json.loads((tmp_path / "mine.json").read_text())
    assert report["filter"] == "*script.py"
    assert {os.path.basename(row["file"]) for row in report["rows"]} \
        == {"script.py"}
    part = re.search(r"= ([\d,]+) of ([\d,]+)", monitor.text)
    assert sum(row["bytes_now"] for row in report["rows"]) == exact(part[1])


def test_a_past_moment_and_a_difference_are_written(run, tmp_path):
    monitor = run()
    monitor.press("s", "^]", "ENTER")
    monitor.wait_for("grown 3")
    monitor.wait_for("waiting for input")
    monitor.press("^]", "1", "d")
    monitor.wait_for("DIFF #1 → now")
    written(monitor, "diff.json")
    report = json.loads((tmp_path / "diff.json").read_text())
    total = monitor.row("→ ")
    ends = re.search(r"= ([\d,]+).* → ([\d,]+)", monitor.text)
    grown = exact(ends[2]) - exact(ends[1])
    assert grown >= 300033
    deltas = [key for key in report["rows"][0] if "delta" in key]
    assert "bytes_delta" in deltas
    assert sum(row["bytes_delta"] for row in report["rows"]) == grown
    assert report["rows"][0]["bytes_delta"] == max(
        abs(row["bytes_delta"]) for row in report["rows"])
    monitor.press("ESC")
    monitor.wait_for("= traced")
    monitor.press("[")
    monitor.wait_for("PAST")
    then = monitor.row("= traced").bytes
    written(monitor, "past.csv")
    assert sum(int(row["bytes_now"])
               for row in read_csv(tmp_path / "past.csv")) == then
    assert then < exact(ends[2])


def test_every_view(run, tmp_path):
    monitor = run()
    traced = None
    for digit, name in ("2", "files"), ("3", "functions"), \
            ("4", "tracebacks"):
        monitor.press(digit)
        monitor.press("w")
        monitor.wait_for(f"{name}.txt")
        monitor.press("^U", f"{name}.json", "ENTER")
        monitor.wait_for(f"{name}.json: written")
        report = json.loads((tmp_path / f"{name}.json").read_text())
        total = sum(row["bytes_now"] for row in report["rows"])
        assert total == report["now"]["bytes"]
        assert traced in (None, total)
        traced = total
    frames = [row["traceback"] for row in report["rows"]
              if 100033 <= row["bytes_now"] < 101000]
    assert len(frames) == 2 and all(len(f) == 3 for f in frames)
    # The snapshots.
    monitor.press("s", "6")
    for ending in "json", "csv", "txt":
        written(monitor, f"moments.{ending}")
    moments = json.loads((tmp_path / "moments.json").read_text())["snapshots"]
    assert [m["mark"] for m in moments if m["mark"] in ("start", "#1", "now")] \
        == ["start", "#1", "now"]
    assert moments[-1]["bytes"] == traced
    rows = read_csv(tmp_path / "moments.csv")
    assert [int(row["bytes"]) for row in rows] \
        == [m["bytes"] for m in moments]
    assert f"{traced:,}" in (tmp_path / "moments.txt").read_text()
    # The output, and the source page.
    monitor.press("^]", "ENTER")
    monitor.wait_for("grown 3")
    monitor.press("^]")
    write(monitor, "out.json")
    monitor.wait_for("out.json: this view is written as .txt only")
    written(monitor, "out.txt")
    assert (tmp_path / "out.txt").read_text() == "\ngrown 3\n"
    monitor.press("1", "/", "script.py:5 ", "ENTER", "ENTER")
    monitor.wait_for("TRACEBACKS of line 5")
    written(monitor, "source.csv")
    assert {os.path.basename(row["file"])
            for row in read_csv(tmp_path / "source.csv")} == {"script.py"}


def test_overwriting_asks(run, tmp_path):
    monitor = run()
    old = tmp_path / "lines.txt"
    old.write_text("mine\n")
    write(monitor, "lines.txt")
    monitor.wait_for("lines.txt exists: overwrite? y/N")
    monitor.press("n")
    monitor.wait_for("lines.txt: not overwritten")
    assert old.read_text() == "mine\n"
    write(monitor, "lines.txt")
    monitor.wait_for("lines.txt exists: overwrite? y/N")
    monitor.press("ESC")
    monitor.wait_for(lambda text: "y/N" not in text)
    assert old.read_text() == "mine\n"
    write(monitor, "lines.txt")
    monitor.press("y")
    monitor.wait_for("lines.txt: written")
    assert text_rows(old)[1] is not None


def test_what_cannot_be_written(run, tmp_path):
    monitor = run()
    write(monitor, "lines.doc")
    monitor.wait_for(
        "lines.doc: the ending must be .txt, .json or .csv")
    write(monitor, "lines")
    monitor.wait_for("lines: the ending must be .txt, .json or .csv")
    write(monitor, "no/such/lines.txt")
    monitor.wait_for("no/such/lines.txt: No such file or directory")
    (tmp_path / "directory.txt").mkdir()
    write(monitor, "directory.txt")
    monitor.press("y")
    monitor.wait_for("directory.txt: Is a directory")
    os.mkfifo(tmp_path / "pipe.txt")
    write(monitor, "pipe.txt")
    monitor.press("y")
    monitor.wait_for("pipe.txt: No such device or address")
    os.symlink("/dev/full", tmp_path / "full.json")
    write(monitor, "full.json")
    monitor.press("y")
    monitor.wait_for("full.json: No space left on device")
    # Esc gives up; nothing was made.
    monitor.press("w", "ESC")
    assert "write (" not in monitor.settle()
    assert not (tmp_path / "lines").exists()


def test_home_and_other_directories(run, tmp_path):
    home = tmp_path / "home"
    home.mkdir()
    monitor = run(env={**os.environ, "HOME": str(home)})
    written(monitor, "home/one.txt")
    write(monitor, "~/two.txt")
    monitor.wait_for("two.txt: written")
    assert (home / "one.txt").exists() and (home / "two.txt").exists()
