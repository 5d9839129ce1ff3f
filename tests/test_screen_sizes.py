# SPDX-License-Identifier: MIT
"""What stands where at each size, and while the size changes; without colours
and without UTF-8."""

import os
import re

import pytest

import monitor

STEADY = """
import json, time
text = json.dumps([{"n": n, "words": [str(n)] * 3} for n in range(3000)])
kept = json.loads(text)
def remember(text):
    kept.append(json.loads(text))
remember(text)
time.sleep(600)
"""


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(columns, lines, **how):
        script = tmp_path / "work.py"
        script.write_text(how.pop("code", STEADY))
        argv = ["work.py", *how.pop("args", [])]
        return monitor.Monitor(open_terminal, pymtop, argv,
                               columns=columns, lines=lines, cwd=tmp_path,
                               **how)
    return run


def heads(lines):
    return next(re.sub("[▼▲]", "", line).split() for line in lines
                if "LOCATION" in line)


@pytest.mark.parametrize("columns,lines,columns_there", [
    (200, 50, "SIZE % BLOCKS AVG AT PEAK TREND GROWTH ALLOC/s EVER LOCATION"),
    (100, 30, "SIZE % BLOCKS AVG AT PEAK TREND LOCATION"),
    (80, 24, "SIZE % BLOCKS AT PEAK TREND LOCATION"),
    (60, 24, "SIZE % BLOCKS LOCATION"),
    (40, 30, "SIZE % LOCATION"),
    (40, 15, "SIZE % LOCATION"),
])
def test_columns(run, columns, lines, columns_there):
    seen = run(columns, lines).started()
    screen = seen.lines
    assert heads(screen)[:len(columns_there.split())] == columns_there.split()
    assert "▼SIZE" in seen.text
    assert screen[0].endswith(re.search(r"running 00:00:\d\d",
                                        screen[0]).group())
    assert "q Quit" in screen[-1]
    assert screen[-2] != ""
    assert not any(len(line) > columns for line in screen)


@pytest.mark.parametrize("columns,lines,header,graph", [
    (100, 30, 3, 6), (80, 28, 3, 6), (80, 27, 3, 4), (80, 20, 3, 4),
    (80, 19, 3, 1), (80, 14, 3, 1), (80, 13, 3, 0), (79, 24, 2, 4),
    (40, 30, 2, 6), (60, 10, 2, 0),
])
def test_heights(run, columns, lines, header, graph):
    screen = run(columns, lines).started().lines
    tabs = next(i for i, line in enumerate(screen) if "[1 lines]" in line)
    assert tabs == header + graph
    plot = screen[header:tabs]
    assert sum("┤" in line for line in plot) == max(graph - 1, min(graph, 1))
    assert any("└" in line for line in plot) == (graph > 1)
    assert any("█ traced" in line for line in plot) == \
        (columns >= 80 and graph > 1)
    assert "= traced" in screen[-3]
    assert "more rows ↓" in screen[-4]


@pytest.mark.smoke
@pytest.mark.parametrize("words,columns,lines", [
    ({}, 80, 24), ({"LINES": "20", "COLUMNS": "66"}, 66, 20)])
def test_no_size(pymtop, open_terminal, tmp_path, words, columns, lines):
    """A serial line does not know how big the terminal at its end is."""
    (tmp_path / "work.py").write_text(STEADY)
    seen = open_terminal(
        ["sh", "-c", 'stty rows 0 cols 0; exec "$@"', "sh", pymtop,
         *monitor.any_start().options, "work.py"],
        columns=100, lines=30, cwd=tmp_path, env={**os.environ, **words})
    seen.wait_for("= traced")
    assert "q Quit" in seen.lines[lines - 1]
    assert seen.row_of("LOCATION") < lines
    assert max(len(line) for line in seen.lines) == columns


def test_header_words(run):
    seen = run(100, 30).started()
    one, two, three = seen.lines[:3]
    assert re.fullmatch(r"python work\.py  CPython 3\.\d+\.\d+\S*  pid \d+ +"
                        r"running 00:00:\d\d", one)
    assert re.fullmatch(r"Traced +[\d.]+ MiB   Peak +[\d.]+ MiB at "
                        r"\d\d:\d\d:\d\d   RSS +[\d.]+ MiB"
                        r"(   Limit .*)?", two)
    assert re.fullmatch(r"Blocks +[\d,]+   alloc +[\d,]+/s   free +"
                        r"[\d,]+/s   Tracer +[\d.]+ [KM]iB"
                        r"(   Free lists \w+)?", three)


@pytest.mark.parametrize("columns,title", [
    (80, r"python work\.py  CPython 3\.\d+\.\d+  pid \d+"),
    (50, r"python work\.py  CPython 3\.\d+\.\d+"),
    (40, r"python work\.py"),
    (32, ""),
])
def test_title_drops_pid_then_version(run, columns, title):
    seen = run(columns, 24)
    seen.wait_for("running 00:00:0")
    assert re.fullmatch(title + r" +running 00:00:0\d", seen.lines[0])


def test_title_cuts_arguments(run, tmp_path):
    code = STEADY + "#" * 10
    seen = run(60, 24, code=code, args=["--orders", "2000000", "--more" * 5])
    seen.started()
    assert re.fullmatch(r"python work\.py --orders 2000000 --m[\w-]*… +"
                        r"running 00:00:\d\d", seen.lines[0])


def test_smallest(run):
    seen = run(20, 4)
    seen.wait_for(lambda text: "running" in text and ":" in text
                  and re.search(r"[\d.]+[KMB] ", text))
    screen = seen.lines
    assert "running 00:00:0" in screen[0]
    assert re.match(r" *[\d.]+[KM] (decoder\.py:\d+|import syste…)",
                    screen[1])
    seen.resize(19, 4)
    seen.wait_for(lambda text: text.replace("\n", "")
                  == "20x4 needed, this is 19x4")
    seen.resize(20, 3)
    seen.wait_for(lambda text: "this is 20x3" in text.replace("\n", ""))
    seen.resize(80, 24)
    seen.wait_for("q Quit")
    assert "= traced" in seen.text


def test_resize_keeps_cursor_and_switches(run):
    seen = run(100, 30).started()
    seen.press("e", "s", "d", "j", "j", "j", "j", "j", "j")
    rows = {}
    for columns, lines in ((80, 24), (60, 24), (200, 50), (40, 15), (100, 30),
                           (100, 12), (100, 30)):
        seen.resize(columns, lines)
        seen.settle(0.3)
        screen = seen.screen
        marked = [y for y in range(lines) if screen.buffer[y][0].reverse
                  and screen.buffer[y][columns - 1].reverse]
        assert len(marked) == 1, (marked, seen.text)
        rows[columns] = seen.lines[marked[0]]
        if lines > 12 and columns >= 60:
            assert "DIFF #1 → now" in seen.text
        assert sum("LOCATION" in line for line in seen.lines) == 1
    line = re.search(r":\d+", rows[200]).group()
    assert all(line in row for row in rows.values())


def test_busy_resizing(run, tmp_path):
    """A size that changes all the time, from large to small: no crash, and
    the last frame is whole."""
    seen = run(100, 30).started()
    for n in range(30):
        seen.resize(20 + n * 37 % 150, 4 + n * 17 % 50)
        seen.pump(0.02)
    seen.resize(80, 24)
    seen.settle(0.5)
    assert "q Quit" in seen.lines[-1] and "running" in seen.lines[0]
    assert seen.quit() == -9


def test_ascii(run):
    seen = run(100, 30, options=["--ascii"]).started()
    seen.press("s", "d")
    for key in "2", "3", "4", "6", "?", "x", "1", "o", "ESC", "K", "ESC":
        assert seen.press(key).text.isascii(), seen.text
    assert "DIFF #1 -> now" in seen.press("1").text
    assert "#" in seen.press("z").text


def test_no_utf8(run):
    env = dict(os.environ, LC_ALL="C", LANG="C")
    seen = run(80, 24, env=env).started()
    assert seen.press("4").text.isascii()


@pytest.mark.parametrize("how", ["NO_COLOR", "--color=never", "vt100"])
def test_monochrome(run, how):
    env = dict(os.environ)
    if how == "vt100":
        env["TERM"] = "vt100"
    elif how == "NO_COLOR":
        env["NO_COLOR"] = "1"
    options = [how] if how.startswith("--") else []
    seen = run(100, 30, env=env, options=options).started()
    seen.press("s", "d", "d")
    cells = [cell for row in range(30)
             for cell in seen.screen.buffer[row].values()]
    assert {cell.fg for cell in cells} == {"default"}
    assert {cell.bg for cell in cells} == {"default"}
    assert any(cell.reverse for cell in cells)
    assert any(cell.bold for cell in cells)
    seen.press("D", "ENTER", "ENTER")


def test_colours(run):
    seen = run(100, 30).started()
    blocks = {cell.fg for row in range(3, 9)
              for cell in seen.screen.buffer[row].values()
              if cell.data in "▁▂▃▄▅▆▇█"}
    assert blocks == {"5fafff"}         # 75 of 256


def test_library_rows_are_marked(run):
    seen = run(100, 30).started()
    assert re.search(r" s json/decoder\.py:\d+ raw_decode", seen.text)
    assert re.search(r"   work\.py:4 <module>|   work\.py:6 remember",
                     seen.text) or "work.py" in seen.text
