# SPDX-License-Identifier: MIT
"""Every table adds up: the rows that are seen, the row for all others and the
total, to the byte; and the total is the header's number of the same frame."""

import re

import pytest

import monitor

BUSY = """
import threading, time
kept = []
def churn(name):
    mine = []
    while True:
        mine.append([name] * 50)
        for n in range(200):
            str(n) * 3
        if len(mine) > 500:
            del mine[:250]
for name in range(8):
    threading.Thread(target=churn, args=(name,), daemon=True).start()
while True:
    kept.append(bytes(1000))
    time.sleep(0.01)
"""

STEADY = """
import json, time
text = json.dumps([{"n": n, "words": [str(n)] * 3} for n in range(2000)])
kept = [json.loads(text) for _ in range(3)]
dropped = [json.loads(text) for _ in range(5)]
del dropped
print("ready")
for second in range(600):
    kept.append(bytearray(100))
    time.sleep(0.2)
"""

TABLES = {"1": "LOCATION", "2": "FILE", "3": "FUNCTION"}


def header(lines, word):
    return monitor.exact(re.search(rf"{word} +([\d,]+)", lines[1]).group(1))


def table(lines, head):
    """(all rows above the total, the total), as monitor.Row."""
    first = next(i for i, line in enumerate(lines) if head in line) + 1
    last = next(i for i in range(len(lines) - 1, 0, -1)
                if re.search(r" = (traced|peak|ever|-?[\d,]+)", lines[i]))
    return [monitor.Row(line) for line in lines[first:last]], \
        monitor.Row(lines[last])


def check(lines, head, word="Traced", columns=1):
    rows, total = table(lines, head)
    for column in range(columns):
        values = [monitor.exact(row.numbers[column]) for row in rows]
        assert sum(values) == monitor.exact(total.numbers[column]), \
            "\n".join(map(str, rows + [total]))
    if word is not None:
        assert total.bytes == header(lines, word)


@pytest.fixture
def run(open_terminal, pymtop, tmp_path):
    def run(code, **how):
        script = tmp_path / "work.py"
        script.write_text(code)
        seen = monitor.Monitor(open_terminal, pymtop, [str(script)], **how)
        return seen.started().press("e")
    return run


def test_busy_script(run):
    seen = run(BUSY, lines=24)
    frames = set()
    for digit, head in TABLES.items():
        seen.press(digit)
        for _ in range(10):
            seen.pump(0.3)
            seen.settle(0.15)       # not in the middle of a frame
            lines = seen.lines
            check(lines, head)
            frames.add(lines[1])
    assert len(frames) > 10


@pytest.mark.parametrize("columns,lines", [(100, 30), (200, 50), (80, 24),
                                           (60, 24)])
def test_scrolled(run, columns, lines):
    seen = run(STEADY, columns=columns, lines=lines)
    for digit, head in TABLES.items():
        seen.press(digit)
        for key in "PGDN", "PGDN", "END", "PGUP", "HOME":
            seen.press(key)
            check(seen.lines, head)
    seen.press("1", "END")
    assert "more rows ↑" in seen.text


def test_moments(run):
    seen = run(STEADY)
    seen.press("p").wait_for("AT PEAK 00:")
    for digit, head in TABLES.items():
        check(seen.press(digit).lines, head, "Peak")
    seen.press("p").wait_for("EVER ")
    for digit, head in TABLES.items():
        check(seen.press(digit).lines, head, None)
    seen.press("p", "1")
    check(seen.lines, "LOCATION")


def test_difference(run):
    seen = run(STEADY)
    seen.press("s", "d").wait_for("DIFF #1 → now")
    seen.pump(1.5)
    for digit, head in TABLES.items():
        lines = seen.press(digit).lines
        rows, total = table(lines, head)
        for row in rows:
            assert len(row.numbers) >= 4, row
        check(lines, head, None, columns=4)
        start, end = (monitor.exact(word) for word in re.search(
            r"= ([\d,]+) → ([\d,]+)", total.rest).groups())
        assert end - start == total.bytes
        assert end == header(lines, "Traced")
    seen.press("D", "HOME", "ENTER", "END", "UP", "ENTER")
    seen.wait_for("DIFF start → peak")
    lines = seen.press("1").lines
    check(lines, "LOCATION", None, columns=4)
    assert f"→ {header(lines, 'Peak'):,}" in lines[-3]


def test_charge_and_filter(run):
    seen = run(STEADY, columns=120)
    seen.press("l").wait_for("MINE")
    for digit, head in TABLES.items():
        check(seen.press(digit).lines, head)
    assert "s json/" not in seen.text
    seen.press("l", "1", "f", "json/*", "ENTER").wait_for("FILTER json/*")
    for digit, head in TABLES.items():
        lines = seen.press(digit).lines
        rows, total = table(lines, head)
        found = re.search(r"= ([\d,]+) of ([\d,]+)( traced: \d+ rows)?",
                          total.line)
        assert monitor.exact(found.group(1)) == sum(r.bytes for r in rows)
        assert monitor.exact(found.group(2)) == header(lines, "Traced")


def test_cumulative_says_that_it_overlaps(run):
    seen = run(STEADY, columns=120)
    lines = seen.press("c").lines
    assert "cumulative rows overlap" in lines[-3]
    rows, total = table(lines, "LOCATION")
    assert total.bytes == header(lines, "Traced")
    cumulative = next(row for row in rows if "work.py:4" in row.line).bytes
    seen.press("c", "END", "/", "work.py:4", "ENTER")
    own = seen.row("work.py:4").bytes
    assert own < 100000 < 1000000 < cumulative


def test_frozen(run):
    seen = run(STEADY)
    seen.press(" ").wait_for("FROZEN 00:")
    body = seen.body("LOCATION")
    first = seen.lines[0]
    seen.wait_for(lambda text: text.split("\n")[0] != first)
    assert seen.body("LOCATION") == body    # but the header is live
    seen.press(" ")
    check(seen.lines, "LOCATION")


def test_at_the_end(run):
    seen = run("kept = [str(n) * 10 for n in range(30000)]\n")
    seen.wait_for("exited 0 after")
    for digit, head in TABLES.items():
        check(seen.press(digit).lines, head)
    assert "at the end" in seen.lines[-3]


def test_files_by_directory(run):
    """Siblings add up to their directory; rows, rest and total add up."""
    seen = run(STEADY, columns=120, lines=60)
    seen.press("2", "t").wait_for("files by directory")
    seen.press("*")
    lines = seen.lines
    first = next(i for i, line in enumerate(lines) if "FILE" in line) + 1
    last = next(i for i, line in enumerate(lines) if "= traced" in line)
    column = lines[first - 1].index("FILE")
    rows = []
    for line in lines[first:last]:
        text = line[column:]
        name = text.lstrip(" ▾▸")
        rows.append((len(text) - len(text.lstrip(" ")), name,
                     monitor.Row(line).bytes, "▾" in text or "▸" in text))
    assert any(directory for *_, directory in rows)
    level = min(indent for indent, *_ in rows)
    total = monitor.Row(lines[last]).bytes
    more = [size for _, name, size, _ in rows if "more rows" in name]
    tops = [size for indent, name, size, directory in rows
            if (indent - level) // 2 <= (0 if directory else 1)
            and "more rows" not in name]
    assert total == header(lines, "Traced")
    outer = [i for i, row in enumerate(rows)
             if row[3] and row[0] == level and "more" not in row[1]]
    for start in outer:
        inner = []
        for indent, name, size, directory in rows[start + 1:]:
            if indent <= level + (0 if directory else 2) or "more" in name:
                break
            if indent - level == (2 if directory else 4):
                inner.append(size)
        if start != outer[-1] and inner:
            assert sum(inner) == rows[start][2], rows[start]
    assert sum(tops) + sum(more) == total
    seen.resize(120, 24)
    seen.press("END").wait_for("more rows ↑")
    seen.press("t").wait_for("files as a list")
    check(seen.press("HOME").lines, "FILE")
