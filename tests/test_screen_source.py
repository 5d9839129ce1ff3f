# SPDX-License-Identifier: MIT
"""The source page: Enter on a line, in any view."""

import os
import re

import pytest

import interpreters
from monitor import Monitor, Row, any_start, exact

SCRIPT = r'''
import json

kept = []

def load(n):
    kept.append(bytes(n))	# after a tab
    return len(kept)

def first():
    return load(300000)

def second():
    return load(200000)

def numbers():
    text = json.dumps(list(range(20000)))
    return json.loads(text)

first()
second()
first()
kept.append(numbers())
exec(compile("made = [bytes(40000)]", "<string>", "exec"))
print("ready")
LONG
while True:
    input()
    kept.append(bytes(500000))
'''.replace("LONG", "x = '" + "0123456789" * 300 + "'")
HEADER = 33


def number(text):
    """The line of the script that has the text."""
    return next(i for i, line in enumerate(SCRIPT.split("\n"), 1)
                if text in line)


LOAD = number("kept.append(bytes(n))")


@pytest.fixture
def script(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(SCRIPT)
    return script


@pytest.fixture
def run(open_terminal, pymtop, script):
    def run(columns=100, lines=40, argv=None, **how):
        monitor = Monitor(open_terminal, pymtop, argv or [script],
                          columns=columns, lines=lines, **how)
        monitor.wait_for("waiting for input")
        monitor.wait_for("= traced")
        return monitor
    return run


def find(monitor, text):
    """Put the cursor on the row that has the text, and open it."""
    monitor.press("/", text, "ENTER", "ENTER")


def test_source_sizes_tracebacks_trend(run):
    monitor = run()
    monitor.press("e")
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} (3)")
    lines = monitor.settle().split("\n")
    size = 2 * (300000 + HEADER) + 200000 + HEADER
    title = next(line for line in lines if "lines › " in line)
    assert f"script.py:{LOAD} load" in title
    shown = re.search(r"([\d,]+) now, ([\d,]+) at peak", title)
    assert size <= exact(shown[1]) < size + 1000
    # The line's row: SIZE, BLOCKS, the arrow, its number, the text with the
    # tab expanded.
    row = next(line for line in lines if "▶" in line)
    assert re.search(rf"▶ +{LOAD}     kept\.append\(bytes\(n\)\) +# after a",
                     row)
    assert Row(row).bytes == exact(shown[1])
    # Around it lie the other lines of the file.
    at = lines.index(row)
    assert lines[at - 1].endswith(f"{LOAD - 1} def load(n):")
    assert lines[at + 1].endswith(f"{LOAD + 1}     return len(kept)")
    # The biggest traceback first, each with all callers.
    below = lines.index(next(line for line in lines
                             if line.startswith("TRACEBACKS")))
    assert "TREND" in lines[below]
    sizes, callers = [], []
    for line in lines[below + 1:]:
        if match := re.match(r" +([\d,]+)  (\S+:\d+ .*)", line):
            sizes.append(exact(match[1]))
            callers.append([match[2]])
        elif match := re.match(r" +(\S+:\d+ .*)", line):
            callers[-1].append(match[1])
        else:
            break
    assert len(sizes) == 3 and sizes == sorted(sizes, reverse=True)
    assert sum(sizes) == exact(shown[1])
    assert [chain[0].split(" ")[0] for chain in callers] == [
        f"script.py:{number('load(300000)')}",
        f"script.py:{number('load(300000)')}",
        f"script.py:{number('load(200000)')}"]
    assert all(chain[1].endswith("<module>") for chain in callers)
    assert all(len(chain) == 2 for chain in callers)


def test_the_lines_that_hold_bytes(run):
    monitor = run()
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")
    monitor.press("DOWN")
    text = monitor.wait_for(lambda text: f"of line {LOAD} " not in text)
    below = int(re.search(r"TRACEBACKS of line (\d+)", text)[1])
    assert below > LOAD
    row = Row(next(line for line in monitor.lines if "▶" in line))
    assert row.numbers[0] != "0 B"
    monitor.press("UP")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")
    monitor.press("G")
    last = monitor.wait_for(lambda text: f"of line {LOAD} " not in text)
    assert int(re.search(r"TRACEBACKS of line (\d+)", last)[1]) >= below
    monitor.press("g")
    monitor.wait_for(lambda text: "no caller: the outermost line" in text)
    # A search goes to any line of the file.
    monitor.press("/", "def second", "ENTER")
    monitor.wait_for(f"of line {number('def second')} ")
    # Esc: back to the table, on the same row.
    monitor.press("ESC")
    monitor.wait_for("LOCATION")
    assert monitor.cell(monitor.row_of(f"script.py:{LOAD} load"), 2).reverse


def test_a_line_of_the_standard_library(run):
    monitor = run()
    find(monitor, "json/decoder.py")
    title = monitor.wait_for("lines › json/decoder.py:")
    line = re.search(r"› (json/decoder.py:\d+ )", title)[1]
    monitor.wait_for("scan_once")
    text = monitor.settle()
    assert "json/__init__.py" in text and "script.py" in text
    # Enter: view 4 from this line.
    monitor.press("ENTER")
    monitor.wait_for("TRACEBACK")
    row = monitor.row_of(line)
    assert monitor.cell(row, 2).reverse


def test_a_frozen_module(run):
    """<frozen abc> was made of the standard library's abc.py."""
    monitor = run()
    find(monitor, "<frozen abc>:")
    monitor.wait_for("lines › <frozen abc>:")
    monitor.press("/", "class ABCMeta", "ENTER")
    text = monitor.wait_for("class ABCMeta(type):")
    assert "no source" not in text


def test_a_frozen_module_of_another_version(run, script):
    """It was not made of the script's own standard library."""
    other = next((one.path for one in interpreters.found()
                  if one.minor >= 11 and one.minor != any_start().python.minor
                  and not one.fetched), None)
    if other is None:
        pytest.skip("takes a second Python, 3.11 or later")
    script.write_text(f"import subprocess\n{SCRIPT}".replace(
        'print("ready")', f"""
subprocess.Popen(["{other}", "-c", "import time; time.sleep(600)"])
print("ready")
"""))
    monitor = run()
    monitor.press("7").wait_for("└ python")
    monitor.press("j", "ENTER").wait_for("PROCESS ")
    find(monitor, "<frozen abc>:")
    monitor.wait_for("no source: <frozen abc>")


def test_from_functions_and_tracebacks(run):
    monitor = run()
    monitor.press("3")
    find(monitor, "load")
    monitor.wait_for("functions › ")
    monitor.wait_for("def load(n):")
    monitor.press("ESC", "4", "t")
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for("tracebacks › ")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")


def test_no_source(run):
    monitor = run()
    find(monitor, "<string>:1 ")
    monitor.wait_for("no source: <string>")
    assert "TRACEBACKS of line 1 " in monitor.text
    monitor.press("ESC")
    find(monitor, "no Python frame")
    monitor.wait_for("no source: no Python frame")
    monitor.press("4", "t", "f", "*importlib*", "ENTER", "g", "ENTER")
    monitor.wait_for("the import system has many lines")


def test_file_removed_or_changed(run, script):
    monitor = run()
    script.write_text(SCRIPT.replace("def first", "def primary"))
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for("file changed since it ran")
    assert "def primary" in monitor.settle()
    monitor.press("ESC")
    script.unlink()
    monitor.press("ENTER")
    monitor.wait_for("no source: ")
    monitor.wait_for("No such file or directory")


def test_relative_name(run, script, tmp_path):
    monitor = run(argv=["script.py"], cwd=tmp_path)
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for("def load(n):")


def test_it_stays_up_to_date(run):
    monitor = run()
    monitor.press("e")
    line = number("kept.append(bytes(500000))")
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")
    monitor.press("^]", "ENTER", "^]", "1")
    find(monitor, f"script.py:{line} <module>")
    monitor.wait_for(f"TRACEBACKS of line {line} (1)")
    row = Row(next(line for line in monitor.lines if "▶" in line))
    assert 500000 + HEADER <= row.bytes < 502000


EDITOR = r'''#!/bin/sh
echo "editor of $# words: $1 $2"
stty -a < /dev/tty | tr ';' '\n' | grep -E '[- ]icanon|[- ]echo ' | head -2
read line
echo "got $line"
'''


def test_the_editor(run, script, tmp_path):
    editor = tmp_path / "my-editor"
    editor.write_text(EDITOR)
    editor.chmod(0o755)
    monitor = run(env={**os.environ, "VISUAL": f" {editor}  -n ",
                       "EDITOR": "/nowhere"})
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")
    monitor.send("v")
    monitor.wait_for(f"editor of 3 words: -n +{LOAD}")
    # The terminal is the user's own again, with echo and lines.
    text = monitor.settle()
    assert "-icanon" not in text and "-echo " not in text
    assert not monitor.screen.alternate
    monitor.send("hello", "ENTER")
    monitor.wait_for(f"TRACEBACKS of line {LOAD} ")
    assert monitor.screen.alternate
    assert b"got hello" in monitor.raw
    monitor.press("ESC")
    monitor.wait_for("LOCATION")


def test_no_editor(run):
    monitor = run(env={**os.environ, "VISUAL": "/no/such/editor"})
    find(monitor, f"script.py:{LOAD} load")
    monitor.press("v")
    monitor.wait_for("/no/such/editor: No such file or directory")


@pytest.mark.parametrize("columns, lines", [(80, 24), (40, 15), (60, 8)])
def test_sizes_and_long_lines(run, columns, lines):
    monitor = run(columns=columns, lines=lines)
    monitor.press("/", f"script.py:{LOAD}", "ENTER", "ENTER")
    monitor.wait_for("lines › ")
    monitor.press("/", "0123456789", "ENTER")
    monitor.wait_for("x = '0123")
    text = monitor.settle()
    long = next(line for line in text.split("\n") if "x = '0123" in line)
    assert long.endswith("…")
    monitor.press("RIGHT")
    monitor.wait_for(lambda text: "x = '0123" not in text)


def test_ascii(run):
    monitor = run(options=["--ascii"])
    find(monitor, f"script.py:{LOAD} load")
    monitor.wait_for("lines > ")
    assert all(ord(c) < 127 for c in monitor.settle())
