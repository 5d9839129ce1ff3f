# SPDX-License-Identifier: MIT
"""The mouse: rows, heads, tabs, words of the footer, the graph, the wheel."""

import re

import pytest

import monitor

SLEEPER = """
import json, time
text = json.dumps([{"n": n, "words": [str(n)] * 3} for n in range(3000)])
kept = json.loads(text)
time.sleep(600)
"""


@pytest.fixture
def seen(open_terminal, pymtop, tmp_path, request):
    (tmp_path / "work.py").write_text(SLEEPER)
    options = getattr(request, "param", [])
    return monitor.Monitor(open_terminal, pymtop, ["work.py"], cwd=tmp_path,
                           columns=100, lines=30, options=options).started()


def click(seen, row, column, button=0):
    seen.mouse(row, column, button)
    seen.pump(0.5)                  # the answer, then all of it
    seen.settle(0.1, timeout=3)


def click_on(seen, text):
    row = seen.row_of(text)
    click(seen, row, seen.lines[row].index(text))


def marked(seen):
    screen = seen.screen
    return [row for row in range(30) if screen.buffer[row][0].reverse
            and screen.buffer[row][99].reverse]


def test_mouse(seen):
    assert seen.screen.private_mode(1000)
    row = seen.row_of("LOCATION") + 4
    click(seen, row, 30)
    assert marked(seen) == [row]
    click(seen, row - 1, 30, 65)        # the wheel: the list scrolls
    assert "more rows ↑↓" in seen.text
    click(seen, row, 30, 64)
    assert "more rows ↓" in seen.text


def test_double_click_opens(seen):
    row = seen.row_of("raw_decode")
    seen.mouse(row, 70)
    seen.mouse(row, 70)
    seen.wait_for(lambda text: re.search(r"lines › json/decoder\.py:\d+",
                                         text))


def test_heads_sort(seen):
    click_on(seen, "BLOCKS     AVG")
    assert "▼BLOCKS" in seen.text
    click_on(seen, "BLOCKS     AVG")
    assert "▲BLOCKS" in seen.text
    click_on(seen, "LOCATION")
    assert "▲LOCATION" in seen.text


def test_tabs_and_footer(seen):
    click_on(seen, "3 functions")
    assert "[3 functions]" in seen.text and "CUMULATIVE" in seen.text
    click_on(seen, "s Snap")
    assert "snapshot #1 at" in seen.text
    click_on(seen, "d Diff")
    assert "DIFF #1 → now" in seen.text
    click_on(seen, "? Help")
    assert "help › functions" in seen.text


def test_fold_mark(seen):
    seen.press("2", "t").wait_for("▾ json/")
    assert "decoder.py" in seen.text
    click_on(seen, "▾ json/")
    assert "▸ json/" in seen.text and "decoder.py" not in seen.text
    click_on(seen, "▸ json/")
    assert "▾ json/" in seen.text and "decoder.py" in seen.text


def test_graph_shows_that_moment(seen):
    click(seen, 6, 8)
    seen.wait_for("PAST 00:00:0")
    assert "┃" in seen.lines[8]


@pytest.mark.parametrize("seen", [["--no-mouse"]], indirect=True)
def test_no_mouse(seen):
    assert not seen.screen.private_mode(1000)
    assert not seen.screen.private_mode(1002)


def test_menu(seen):
    seen.press("o")
    click_on(seen, "BLOCKS    blocks held")
    row = seen.row_of("BLOCKS    blocks held")
    seen.mouse(row, 40)
    seen.mouse(row, 40)
    seen.wait_for("▼BLOCKS")
