# SPDX-License-Identifier: MIT
"""Reports of a region made by hand, read back by Python's own readers: they
are valid whatever the names are, and they add up."""

import csv
import io
import json
import re
import subprocess

import pytest

from conftest import BUILD, SOURCE

NUMBERS = ("bytes_now", "blocks_now", "bytes_at_peak", "blocks_at_peak",
           "bytes_ever", "blocks_ever")
GROUPS = ("lineno", "filename", "function", "traceback")
FILES = {"/w/a.py", '/w/with "quotes", and commas.py', "/w/new\nline.py",
         "/w/café.py", "/w/bad\ufffd.py", "<frozen importlib._bootstrap>",
         "no Python frame: start-up, other threads"}

pytestmark = pytest.mark.quick


def sample(*args):
    return subprocess.run(
        [BUILD / "tests/unit/report_sample", *map(str, args)],
        capture_output=True, check=True).stdout.decode()


def totals(report):
    return {"bytes_now": report["now"]["bytes"],
            "blocks_now": report["now"]["blocks"],
            "bytes_at_peak": report["peak"]["bytes"],
            "blocks_at_peak": report["peak"]["blocks"],
            "bytes_ever": report["ever"]["bytes"],
            "blocks_ever": report["ever"]["blocks"]}


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("top", (0, 3, 1000))
def test_json_adds_up(by, top):
    report = json.loads(sample("json", by, top))
    assert set(report) == documented_keys("## The document")
    for row in report["rows"]:
        assert set(row) - {"traceback"} - documented_keys("## A row") == set()
        assert set(NUMBERS) <= set(row)
    rest = [report["more"]] if report["more"] else []
    for name, total in totals(report).items():
        assert sum(row[name] for row in report["rows"] + rest) == total
    assert (len(report["rows"]) == top) == (top == 3)
    assert bool(rest) == (top == 3)
    if not rest:
        assert {row["file"] for row in report["rows"]} == FILES


def test_json_says_what_ran():
    report = json.loads(sample("json", "lineno", 0))
    assert report["python"] == "3.12.1"
    assert report["argv"] == ["a b.py", "\ufffd"]
    assert report["exit"] == {"status": None, "signal": 9,
                              "out_of_memory": True, "replaced_by": None}
    assert report["now"]["seconds"] == 2.25
    assert report["peak"]["seconds"] == 1.5
    assert report["lost"] == 12
    assert report["trouble"] == ["contexts full", "small region"]
    assert (report["reattribution"], report["start"], report["tracer_bytes"],
            report["by"], report["moment"]) == ("empty", "embed", 77,
                                                "lineno", "now")


def test_json_rows_by_traceback_begin_outermost():
    for row in json.loads(sample("json", "traceback", 0))["rows"]:
        innermost = row["traceback"][-1]
        assert {key: row[key] for key in innermost} == innermost
        if row["line"]:
            assert row["traceback"][0]["file"] == "/w/a.py"


@pytest.mark.parametrize("by", GROUPS)
@pytest.mark.parametrize("top", (0, 3))
def test_csv_has_the_rows_of_the_json(by, top):
    report = json.loads(sample("json", by, top))
    rows = list(csv.DictReader(io.StringIO(sample("csv", by, top),
                                           newline="")))
    assert len(rows) == len(report["rows"]) + (top == 3)
    for found, expected in zip(rows, report["rows"]):
        assert None not in found and None not in found.values()
        for name, value in expected.items():
            if name != "traceback":
                assert found[name] == str(value)
    if top:
        assert rows[-1]["file"] == f"{report['more']['rows']} more rows"
        assert all(rows[-1][name] == str(report["more"][name])
                   for name in NUMBERS)


def test_difference():
    plain = json.loads(sample("json", "lineno", 0))
    report = json.loads(sample("json", "lineno", 0, "diff"))
    for row in report["rows"]:
        assert row["bytes_now"] - row["bytes_base"] == row["bytes_delta"]
    assert {row["file"] for row in plain["rows"]} == FILES
    text = sample("text", "lineno", 0, "diff")
    assert "Δ SIZE" in text and "rows unchanged" not in text


@pytest.mark.parametrize("by", GROUPS)
def test_text_rows_are_lines_without_raw_bytes(by):
    text = sample("text", by, 4)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x80-\x9f]", text)
    head, table, processes = text.split("\n\n")
    lines = head.splitlines() + table.splitlines()
    assert lines[0].startswith("python a b.py ?  CPython 3.12.1  pid 41207  "
                               "killed by SIGKILL (out of memory) after 00:00:02")
    assert "LOST 12 blocks" in lines[1]
    more = int(re.search(r"(\d+) more rows?$", lines[-2])[1])
    rows = int(re.search(r"= traced: (\d+) rows, at the end", lines[-1])[1])
    assert rows == more + 4
    assert re.match(r"  41207 killed by 9 +100 B +300 B   +python a$",
                    processes.splitlines()[1])
    assert re.match(r"  41230 running +4.9 KiB +5.9 KiB +python "
                    r'"b", \?\[31m\?$', processes.splitlines()[2])
    assert processes.splitlines()[3].endswith(
        "= 1 running; 3 ended ones have no row; no room to trace 4; peaks are "
        "never added")


def test_json_has_the_processes():
    report = json.loads(sample("json", "lineno", 0))
    script, child = report["processes"]
    assert set(script) == set(child) == documented_keys("## A process")
    assert (script["state"], script["signal"], script["status"],
            script["parent_pid"]) == ("killed", 9, None, None)
    assert (script["started"], script["ended"]) == (0, 2.25)
    assert child["command"] == 'python "b", \x1b[31m\ufffd'
    assert (child["parent_pid"], child["ended"], child["started"]) == (
        41207, None, 1)
    assert report["running"] == {"processes": 1, "bytes": 5000, "blocks": 7}
    assert (report["processes_left_out"], report["processes_refused"]) == (
        3, 4)


def documented_keys(heading):
    """The keys that docs/json.md lists in the table under a heading."""
    text = (SOURCE / "docs" / "json.md").read_text()
    section = text.split(heading + "\n", 1)[1].split("\n## ", 1)[0]
    keys = re.findall(r"^\| (`[^|]*) \|", section, re.MULTILINE)
    return {key for cell in keys for key in re.findall(r"`(\w+)`", cell)}
