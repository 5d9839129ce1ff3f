# SPDX-License-Identifier: MIT
"""Every key in every view changes something or says why not; what the keys
of the tables do."""

import re
import time

import pytest

import monitor

# Deaf to ^C, and asleep: what changes on the screen is a key's doing.
SLEEPER = """
import json, signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
text = json.dumps([{"n": n, "words": [str(n)] * 3} for n in range(1000)])
kept = json.loads(text)
def remember(text):
    kept.append(json.loads(text))
for n in range(3):
    remember(text)
for n in range(30):
    print("line", n)
time.sleep(600)
"""

DOCUMENTED = [
    *"123467 0 jkgGsdDpR[]{}clt", "S", "M", "B", "A", "P", "E", "L", "O", "T",
    *"<>orI/nNf\\Z#ezwvxK?hq+-*i", "ENTER", "TAB", "BACKTAB", "UP", "DOWN",
    "LEFT", "RIGHT", "PGUP", "PGDN", "HOME", "END", "^B", "^F", "^C", "^L",
    "DELETE", "F1", "F3", "F4", "F6", "F9", "F10", "\x1d",
]
FREE = [*"bu589!", "F5", "é"]

VIEWS = {"1": "lines", "2": "files", "3": "functions", "4": "tracebacks",
         "6": "snapshots", "7": "processes", "0": "output"}


@pytest.fixture
def run(watch):
    def run(code=SLEEPER, **how):
        return watch(code, **{"columns": 110, **how})
    return run


def press(seen, *keys):
    for key in keys:
        seen.send(key)
        seen.pump(0.5)              # the answer, then all of it
        seen.settle(0.05, timeout=3)


def picture(seen):
    """All but the header and the graph, with looks: a sleeping script changes
    nothing in it."""
    screen = seen.screen
    tabs = next((i for i, line in enumerate(seen.lines) if " lines" in line),
                1)
    return [tuple(screen.buffer[row][col] for col in range(screen.columns))
            for row in range(tabs, screen.lines)]


def reset(seen, view):
    """No prompt, no page, no badge, this view."""
    for _ in range(8):
        press(seen, "ESC")
        if "nothing to close" in "".join(seen.lines[-2:]):
            break
    if f"[{view} {VIEWS[view]}]" not in seen.text:
        press(seen, view, "ESC")


@pytest.mark.parametrize("view", VIEWS)
def test_every_key_does_something(run, view):
    seen = run()
    press(seen, "s")
    silent = []
    for key in DOCUMENTED + FREE:
        reset(seen, view)
        before = picture(seen)
        press(seen, key)
        after = picture(seen)
        if before == after:
            seen.pump(0.3)
            after = picture(seen)
        if before == after:
            silent.append(key)
        if key in FREE:
            assert f'no key "{key}" here: ? shows all' in seen.text, seen.text
        if "KEYS GO TO" in seen.text:
            time.sleep(0.6)
            press(seen, "\x1d")
    assert silent == []


def test_a_page_closes_and_the_view_is_as_before(run):
    seen = run()
    press(seen, "/", "raw_decode", "ENTER")
    before = seen.body("LOCATION")
    press(seen, "ENTER")
    assert "LOCATION" not in seen.text
    for key in FREE[:3]:
        press(seen, key)
        assert f'no key "{key}" here' in seen.text
    press(seen, "ESC")
    assert seen.body("LOCATION") == before


def marked(seen):
    """The row under the cursor: its line on the screen, its text."""
    screen = seen.screen
    rows = [row for row in range(screen.lines) if screen.buffer[row][0].reverse
            and screen.buffer[row][screen.columns - 1].reverse]
    assert len(rows) == 1, seen.text
    return rows[0], seen.lines[rows[0]]


def place(line):
    # 3.10 has instructions without a line, as where a generator starts.
    return re.search(r"\S+:(\d+|\?)", line).group()


def test_cursor_follows_its_row(run):
    seen = run()
    press(seen, "j", "j", "j", "j")
    line, text = marked(seen)
    for keys in "B", "P", "O", "r", "S", "e", "c", "p":
        press(seen, keys)
        assert place(marked(seen)[1]) == place(text), keys
    press(seen, "c", "p", "p", "O", "PGDN", "PGDN")
    line, text = marked(seen)
    press(seen, "e")
    assert marked(seen)[0] == line and place(marked(seen)[1]) == place(text)
    press(seen, "g", "S")
    first = marked(seen)
    press(seen, "O")
    assert marked(seen)[0] == first[0]      # parked: row 1, whatever it is


def test_cursor_goes_along_to_other_views(run):
    seen = run()
    press(seen, "/", "raw_decode", "ENTER", "2")
    assert "json/decoder.py" in marked(seen)[1]
    press(seen, "1", "/", "raw_decode", "ENTER", "3")
    qualified = monitor.any_start().python.minor >= 11
    assert ("JSONDecoder.raw_decode" if qualified else " raw_decode ") \
        in marked(seen)[1]
    press(seen, "1")
    assert "raw_decode" in marked(seen)[1]


def numbers(seen, head, column):
    rows = [monitor.Row(re.sub("[█▉-▏]", " ", line))
            for line in seen.body(head)[:-2]]
    return [monitor.exact(row.numbers[column]) for row in rows]


def test_sorting(run):
    seen = run(columns=150)
    press(seen, "e")
    for key, column, head in (("S", 0, "▼SIZE"), ("B", 2, "▼BLOCKS"),
                              ("A", 3, "▼AVG"), ("P", 4, "▼AT PEAK")):
        press(seen, key)
        assert head in seen.text
        values = numbers(seen, "LOCATION", column)
        assert values == sorted(values, reverse=True) and len(set(values)) > 3
        press(seen, "r")
        assert head.replace("▼", "▲") in seen.text
        values = numbers(seen, "LOCATION", min(column, 2))
        assert values == sorted(values) or column > 2
    press(seen, "O")
    places = [place(line) for line in seen.body("LOCATION")[:-2]]
    files = [name.rsplit(":", 1)[0] for name in places]
    assert files == sorted(files)
    press(seen, "S", ">")
    assert "▼%" in seen.text
    press(seen, ">", ">", ">")
    assert "▼AT PEAK" in seen.text
    press(seen, "<", "<", "<", "<", "<")
    assert "no column to the left to sort by" in seen.text
    press(seen, "o", "B", "ENTER")
    assert "▼BLOCKS" in seen.text
    press(seen, "T")
    assert "sorted by TREND" in seen.text or "sorted by GROWTH" in seen.text


def test_functions_sort_by_own_or_cumulative(run):
    seen = run()
    press(seen, "3")
    assert "▼OWN" in seen.text
    press(seen, "c")
    assert "▼CUMULATIVE" in seen.text and "CUMULATIVE " in seen.lines[-2]
    press(seen, "c")
    assert "▼OWN" in seen.text


def test_search(run):
    seen = run()
    # The script sleeps, and its rows are in order.
    seen.wait_for(lambda text: any("json/decoder.py" in line for line
                                   in seen.body("LOCATION")[:3]))

    def wait_marked(test):
        seen.wait_for(lambda text: test(marked(seen)[1]))
        return marked(seen)

    press(seen, "/", "decod")
    row, _ = wait_marked(lambda text: "json/decoder.py" in text)
    press(seen, "ESC")
    assert marked(seen)[0] < row or "decoder" in marked(seen)[1]
    press(seen, "/", "json/", "ENTER")
    first = place(wait_marked(lambda text: "json/" in text)[1])
    press(seen, "n")
    second = place(wait_marked(lambda text: place(text) != first)[1])
    assert "json/" in second
    press(seen, "N")
    wait_marked(lambda text: place(text) == first)
    press(seen, "/", "cahce", "ENTER")
    seen.wait_for('no match for "cahce"')
    press(seen, "/", "JSON/", "ENTER")
    seen.wait_for('no match for "JSON/"')       # a capital counts


def test_search_given_up_after_rows_moved(run, tmp_path):
    """Esc goes back to the row, not to where it was."""
    seen = run(SLEEPER.replace("time.sleep(600)", """
import os
while not os.path.exists("go"):
    time.sleep(0.05)
kept.append(bytes(30_000_000))
time.sleep(600)
"""))
    press(seen, "/", "raw_decode", "ENTER")
    before = place(marked(seen)[1])
    press(seen, "/", "import")
    (tmp_path / "go").touch()
    seen.wait_for(" more rows ↑")       # in order again, around the cursor
    press(seen, "ESC")
    assert place(marked(seen)[1]) == before
    press(seen, "g")
    assert "28.6 MiB" in marked(seen)[1]


def test_filter(run):
    seen = run()
    press(seen, "f", "json/* !*encoder*", "ENTER")
    assert "FILTER json/* !*encoder*" in seen.lines[-2]
    body = seen.body("LOCATION")
    rows = [line for line in body if line and " = " not in line
            and " more rows" not in line]
    assert len(rows) > 5 and all("json/" in line for line in rows), body
    assert re.search(r"= [\d.]+ of [\d.]+ MiB", seen.text)
    assert not any("encoder" in line for line in body)
    press(seen, "ESC")
    assert "FILTER" not in seen.text
    press(seen, "F4", "shp/*", "ENTER")
    assert "no row matches shp/*: Esc ends it" in seen.text
    press(seen, "\\", "\x15", "ENTER")
    assert "FILTER" not in seen.text and "= traced" in seen.text


def test_enter_on_a_file_filters_its_lines(run):
    seen = run()
    press(seen, "2", "/", "json/decoder", "ENTER", "ENTER")
    assert "[1 lines]" in seen.text
    assert "FILTER json/decoder.py" in seen.lines[-2]
    assert "raw_decode" in seen.text and "work.py" not in \
        "\n".join(seen.body("LOCATION"))


def test_badges_come_off_one_by_one(run):
    seen = run(columns=200)
    press(seen, "s", "d", "l", "c", "p", "f", "*", "ENTER", "Z")
    seen.pump(4.5)                  # messages stand before hints
    hint = seen.lines[-2]
    assert "DIFF #1 → peak" in hint
    badges = ["DIFF #1 →", "MINE", "CUMULATIVE", "AT PEAK 00:0",
              "FILTER *", "FROZEN 00:0"]
    assert [hint.index(badge) for badge in badges] == \
        sorted(hint.index(badge) for badge in badges)
    for badge in reversed(badges):
        assert badge in seen.lines[-2]
        press(seen, "ESC")
        assert badge not in seen.lines[-2]
    press(seen, "ESC")
    assert "nothing to close: q quits" in seen.text


def test_snapshot_words(run):
    seen = run(SLEEPER.replace("time.sleep(600)",
                               "while True:\n    kept.append(bytes(2000))\n"
                               "    time.sleep(0.01)\n"))
    press(seen, "d")
    assert "no snapshot yet: press s, then d shows what has changed since" \
        in seen.text
    press(seen, "s")
    assert re.search(r"snapshot #1 at 00:00:\d\d, [\d.]+ [KM]iB: d shows what "
                     "has changed since", seen.text)
    press(seen, "d", "s")
    assert "#2 taken; the diff stays on #1, } moves it" in seen.text
    press(seen, "}")
    seen.wait_for("DIFF #2 → now")
    press(seen, "{", "{")
    assert "DIFF start → now" in seen.text
    press(seen, "{")
    assert "no older moment is kept" in seen.text
    press(seen, "d", "[")
    seen.wait_for("PAST 00:00:0")
    press(seen, "p")
    assert "AT PEAK" in seen.text


def test_nothing_changed(run):
    seen = run()
    press(seen, "s", "d")
    seen.wait_for("nothing changed since #1")
    assert re.search(r"0 B +0 .* rows unchanged ↓", seen.text)


def test_reset_peak(run):
    seen = run(SLEEPER.replace("time.sleep(600)", """
big = bytearray(50_000_000)
del big
while True:
    kept.append(bytes(20))
    time.sleep(0.01)
"""))
    seen.wait_for(re.compile(r"Peak +5\d\.\d MiB").search)
    press(seen, "R")
    assert 'stays as "peak before reset"' in seen.text
    seen.wait_for(re.compile(r"Peak +\d\.\d MiB").search)
    press(seen, "6")
    assert "peak before reset" in seen.text


def test_sleeping_script_changes_only_the_clock(run):
    seen = run()
    press(seen, "z")
    seen.pump(5)
    seen.settle(0.3, timeout=3)
    tabs = next(i for i, line in enumerate(seen.lines) if "[1" in line)
    before = seen.lines[tabs:]
    raw = len(seen.raw)
    start = time.monotonic()
    while time.monotonic() < start + 4:
        seen.pump(0.2)
    assert seen.lines[tabs:-2] == before[:-2]
    assert len(seen.raw) - raw < 4 * 1200
    digits = seen.lines[0]
    assert re.search(r"running 00:00:\d\d$", digits)
