# SPDX-License-Identifier: MIT
"""Hints for the first run, one at a time, and the texts of empty places."""

import re

import pytest

OWN = """
import time
kept = [str(n) * 10 for n in range(60000)]
time.sleep(600)
"""

FIRST = "s takes a snapshot, d shows what changed since, Enter opens a " \
    "line, ? all keys"


def hint(seen):
    """The hint line, once it is no message of a key."""
    return seen.lines[-2]


@pytest.mark.parametrize("columns,words", [
    (100, FIRST), (80, FIRST),
    (60, "s snapshot, d what changed, Enter opens, ? all keys"),
    (40, "s snapshot, d diff, ? all keys"),
])
def test_first(watch, columns, words):
    seen = watch(OWN, columns=columns)
    seen.wait_for(words)
    assert hint(seen) == words


def test_snapshot_then_difference(watch):
    seen = watch(OWN)
    seen.press("s")
    words = r"snapshot #1 at 00:00:\d\d, [\d.]+ MiB: d shows what has " \
        "changed since"
    assert re.fullmatch(words, hint(seen))
    seen.pump(1)
    seen.pump(4.5)
    assert re.fullmatch(words, hint(seen))      # as a hint now
    seen.press("d", "d")
    seen.wait_for(lambda text: text.split("\n")[-2] == FIRST)


def test_peak(watch):
    seen = watch(OWN.replace("time.sleep", "big = bytes(9000000)\ndel big\n"
                           "time.sleep"))
    seen.wait_for("p shows what was held at the peak")
    seen.press("p").wait_for("AT PEAK")
    seen.press("p", "p")
    seen.wait_for(lambda text: text.split("\n")[-2] == FIRST)


def test_library(watch):
    seen = watch("import json, time\nkept = [json.loads('[1.5, \"abc\"]') "
               "for n in range(30000)]\ntime.sleep(600)\n")
    # A minute: the first sample may lie among the loads().
    seen.wait_for(lambda text: re.fullmatch(
        r"\d\d % is in library lines: l charges it to your lines",
        text.split("\n")[-2]), timeout=90)
    seen.press("l", "l")
    seen.wait_for(lambda text: text.split("\n")[-2] == FIRST)


def test_steady_growth(watch):
    seen = watch(OWN.replace("time.sleep(600)", "while True:\n"
                           "    kept.append(bytes(2000))\n"
                           "    time.sleep(0.01)\n"))
    seen.wait_for(lambda text: re.fullmatch(
        r"work\.py:5 <module> grows by [\d.]+ MiB/min: Enter opens it, "
        "T sorts all rows by growth", text.split("\n")[-2]), timeout=40)
    assert re.search(r"▲[ ▁▂▃▄▅▆▇█]+ +work\.py:5 <module>", seen.text)
    seen.press("T")
    rows = seen.body("LOCATION")
    assert "work.py:5" in rows[0]


def test_messages_stand_for_four_seconds(watch):
    seen = watch(OWN)
    seen.wait_for(FIRST)
    seen.press("u")
    assert hint(seen) == 'no key "u" here: ? shows all'
    seen.pump(2)
    assert hint(seen) == 'no key "u" here: ? shows all'
    seen.wait_for(lambda text: text.split("\n")[-2] == FIRST, timeout=5)


def test_empty_places(watch):
    seen = watch(OWN)
    seen.press("d").wait_for("no snapshot yet: press s, then d shows what has "
                             "changed since")
    seen.press("6").wait_for("press s to take a snapshot, d compares with it")
    seen.press("0").wait_for("nothing printed yet")
    seen.press("1", "f", "shp/*", "ENTER")
    seen.wait_for("no row matches shp/*: Esc ends it")
    seen.press("ESC", "/", "cahce", "ENTER")
    seen.wait_for('no match for "cahce"')
