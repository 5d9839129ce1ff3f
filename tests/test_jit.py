# SPDX-License-Identifier: MIT
"""With CPython's JIT a frame's instruction is often an older one of its
function: rows of functions that have run as machine code say so."""

import re

import pytest

CODE = """
def work(n):
    rows = []
    names = {}
    for i in range(n):
        key = (i, i)
        names[key] = i
        s = str(i)
        if i % 2:
            rows.append(s)
    return rows, names

def once(n):
    return [bytes(n)]

kept = work(100_000), once(3_000_000)
"""
WORDS = "stale lines in machine code (~)"


@pytest.mark.parametrize("end", ["", "import os; os._exit(0)"])
def test_rows_of_machine_code_are_marked(jit, run_batch, monkeypatch, end):
    exact = {}
    for on in ("0", "1"):
        monkeypatch.setenv("PYTHON_JIT", on)
        done = run_batch(jit, ["-c", CODE + f"import time; time.sleep(.3)\n"
                               f"for i in range(9): kept = i * 'a'\n{end}"])
        assert done.status == 0, done.stderr
        rows = done.rows(file="<string>")
        exact[on] = {row["function"]: row.get("line_exact", True)
                     for row in rows}
        assert done.report["trouble"] == ([WORDS] if on == "1" else [])
        # Its bytes are all there, whatever the line.
        assert sum(row["bytes_at_peak"] for row in rows
                   if row["function"] == "work") > 10_000_000
    assert exact["0"]["work"] and exact["0"]["once"]
    assert not exact["1"]["work"] and exact["1"]["once"]


def test_the_screen_marks_them(jit, screen, monkeypatch):
    monkeypatch.setenv("PYTHON_JIT", "1")
    # Looked for with each frame of the screen, so it takes a while.
    seen = screen(jit, "import time\n" + CODE
                  + "end = time.time() + 2\n"
                    "while time.time() < end:\n"
                    "    kept = work(100_000), once(3_000_000)\n"
                    "time.sleep(60)\n", columns=140, lines=30)
    text = seen.wait_for(lambda text: re.search(r"script\.py:\d+~ work",
                                                text))
    assert re.search(r"Free lists \w+ +JIT: LINES ~", text)
    assert re.search(r"script\.py:\d+ once", text)
    seen.wait_for("~ ran as machine code (JIT)")
