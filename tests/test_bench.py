# SPDX-License-Identifier: MIT
"""`make bench` in small: the driver, with what an interpreter has."""

import json
import subprocess
import sys

import pytest

import interpreters
from conftest import BUILD, SOURCE


@pytest.fixture
def bench(pymtop, tmp_path, monkeypatch):
    """bench(*options) runs bench/run, installing nothing."""
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", str(tmp_path / "pyc"))

    def run(*options):
        return subprocess.run(
            [sys.executable, SOURCE / "bench/run", BUILD, "--no-venv",
             "--python", interpreters.found()[0].path, *map(str, options)],
            text=True, capture_output=True, timeout=120)
    return run


@pytest.mark.quick
def test_tables_come_from_real_runs(bench, tmp_path):
    raw = tmp_path / "raw.json"
    page = tmp_path / "page.md"
    page.write_text("a\n<!-- bench begin -->\nold\n<!-- bench end -->\nz\n")
    done = bench("--only", "objects,threads_8", "--rounds", 2, "--tools",
                 "plain,pymtop", "--scale", 0.05, "--json", raw,
                 "--write", page)
    assert done.returncode == 0, done.stderr
    runs = json.loads(raw.read_text())["workloads"]
    for workload in ("objects", "threads_8"):
        assert [len(runs[workload][tool]) for tool in ("plain", "pymtop")] \
            == [2, 2]
        plain, pymtop = (runs[workload][tool][0]
                         for tool in ("plain", "pymtop"))
        # Both processes count.
        assert pymtop["peak"] > plain["peak"]
        assert pymtop["checksum"] == plain["checksum"]
    assert done.stdout.count("\nobjects ") == 2
    text = page.read_text()
    assert text.startswith("a\n<!-- bench begin -->\n")
    assert text.endswith("<!-- bench end -->\nz\n")
    assert "| objects |" in text and "old" not in text
    again = bench("--load", raw)
    assert again.stdout == done.stdout


def test_pairs_run_at_the_same_time(bench, tmp_path):
    raw = tmp_path / "raw.json"
    page = tmp_path / "page.md"
    page.write_text("<!-- bench begin -->\n<!-- bench end -->\n")
    done = bench("--paired", "--only", "objects,threads_8", "--rounds", 3,
                 "--scale", 0.05, "--json", raw, "--write", page)
    assert done.returncode == 0, done.stderr
    runs = json.loads(raw.read_text())["workloads"]["objects"]
    ratios = sorted(pymtop["cpu"] / plain["cpu"] for plain, pymtop
                    in zip(runs["plain"], runs["pymtop"], strict=True))
    assert len(ratios) == 3
    # The median of the pairs' own ratios, not of the sums or the minima.
    assert (f"| {ratios[1]:.2f} ({ratios[0]:.2f} to {ratios[2]:.2f}) |"
            in page.read_text())
    assert "median of the ratios of 3 pairs" in done.stdout
    assert bench("--load", raw).stdout == done.stdout
    assert "--paired compares plain with one tool" in bench(
        "--paired", "--tools", "pymtop,memray").stderr


def test_a_failing_workload_is_told(bench):
    done = bench("--only", "objects", "--rounds", 1, "--tools",
                 "plain,pymtop", "--scale", "nan")
    assert done.returncode == 1
    assert "objects under plain: ended with 1" in done.stderr
