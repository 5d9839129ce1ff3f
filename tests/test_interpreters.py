# SPDX-License-Identifier: MIT
"""Every CPython found on this machine, in each way to start."""

import pytest

import interpreters


@pytest.mark.parametrize("minor", interpreters.MINORS)
def test_is_on_this_machine(minor):
    """No more than says which versions the other tests had."""
    if minor in interpreters.missing():
        pytest.skip(f"no CPython 3.{minor} on this machine")


@pytest.mark.quick
def test_runs_and_adds_up(any_start, run_batch):
    done = run_batch(any_start, [
        "-c", "import sys; keep = [bytes(5000) for _ in range(100)];"
              "print(sys.version_info[1], sys.executable, sys.argv[1:])",
        "--batch", "two words"])
    assert done.status == 0, done.stderr
    assert done.stdout == (f"{any_start.python.minor} "
                           f"{any_start.python.path} "
                           "['--batch', 'two words']\n")
    report = done.report
    assert f"3.{any_start.python.minor}." in str(report["python"])
    rows = report["rows"]
    for field in ("bytes", "blocks"):
        assert sum(row[f"{field}_now"] for row in rows) \
            == report["now"][field]
        assert sum(row[f"{field}_at_peak"] for row in rows) \
            == report["peak"][field]
    assert report["peak"]["bytes"] >= report["now"]["bytes"]
    line = done.rows(file="<string>", line=1)
    assert sum(row["bytes_now"] for row in line) >= 100 * 5000


def test_a_lazy_import_belongs_to_the_line_that_needs_it(any_start, run_batch,
                                                         tmp_path):
    """From 3.15 on a module may be imported where it is first used."""
    if any_start.python.minor < 15:
        pytest.skip("no lazy imports before 3.15")
    script = tmp_path / "later.py"
    script.write_text("lazy import fractions\n"
                      "import sys\n"
                      "assert 'fractions' not in sys.modules\n"
                      "half = fractions.Fraction(1, 2)\n")
    done = run_batch(any_start, [script], "--by", "traceback")
    assert done.status == 0, done.stderr
    lines = {row["traceback"][0]["line"] for row in done.report["rows"]
             if row["file"].endswith("/fractions.py")}
    assert lines == {4}
