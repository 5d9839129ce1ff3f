# SPDX-License-Identifier: MIT
"""The monitor with AddressSanitizer and UBSan: the unit tests, and tests that
read much, on a build of its own.  The script's side is never built so: its
process belongs to the script."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from conftest import BUILD, SOURCE, TESTS

pytestmark = pytest.mark.timeout(1200)

UNIT = sorted(path.stem for path in (TESTS / "unit").glob("test_*.c"))
PROGRAMS = ["pymtop", *(f"tests/unit/{name}" for name in (
    *UNIT, "report_sample", "line_table_lines"))]
# What runs on it besides the unit tests.
CHOSEN = ["test_report.py", "test_security.py",
          "test_screen_keys.py::test_every_key_does_something",
          "test_screen_tree.py::test_unfolding_everything_adds_up"]


@pytest.fixture(scope="module")
def sanitized():
    """A build folder; what is not the monitor's is the other build's."""
    if (BUILD / "config.log").read_text().count("--enable-sanitizers"):
        return BUILD
    folder = BUILD / "sanitized"
    folder.mkdir(exist_ok=True)
    if not (folder / "Makefile").exists():
        done = subprocess.run(
            [SOURCE / "configure", "--enable-sanitizers", "CFLAGS=-O1 -g"],
            cwd=folder, text=True, capture_output=True)
        if "install the Debian package libasan" in done.stderr:
            pytest.skip(done.stderr.strip())
        assert done.returncode == 0, done.stdout + done.stderr
    done = subprocess.run(["make", "-s", "-j2", *PROGRAMS], cwd=folder, text=True,
                          capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
    for name in "pymtop-runner", "pymtop-engine.so":
        shutil.copy(BUILD / name, folder)
    return folder


def run(build, tests, logs):
    options = f"log_path={logs}/found"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-c",
         str(TESTS / "pytest.ini"), *tests], cwd=TESTS, text=True,
        capture_output=True, env={
            **os.environ, "PYMTOP_BUILD": str(build),
            "ASAN_OPTIONS": options,
            "UBSAN_OPTIONS": "print_stacktrace=1"})
    found = "".join(path.read_text() for path in pathlib.Path(logs).iterdir())
    return done, found


def test_units(sanitized, tmp_path):
    done, found = run(sanitized, ["test_unit.py"], tmp_path)
    assert found == ""
    assert done.returncode == 0, done.stdout
    assert f"{len(UNIT)} passed, 0 failed" in done.stdout


def test_chosen(sanitized, tmp_path):
    done, found = run(sanitized, CHOSEN, tmp_path)
    assert found == ""
    assert done.returncode == 0, done.stdout


def test_it_would_be_seen(sanitized, tmp_path):
    """pymtop has both; what ASan finds goes to the file, what UBSan finds ends
    the program."""
    program = (sanitized / "pymtop").read_bytes()
    assert b"__asan_init" in program and b"__ubsan_handle" in program
    code = tmp_path / "wrong.c"
    code.write_text("int main(int argc, char **argv) { int a[2] = {0}; "
                    "return a[argc + 1]; }\n")
    for flags in (["-fsanitize=address"],
                  ["-fsanitize=undefined", "-fno-sanitize-recover=undefined"]):
        subprocess.run(["gcc", "-w", *flags, str(code), "-o",
                        str(tmp_path / "wrong")], check=True)
        done = subprocess.run(
            [tmp_path / "wrong"], text=True, capture_output=True,
            env={**os.environ, "ASAN_OPTIONS": f"log_path={tmp_path}/found"})
        assert done.returncode != 0
    assert "out of bounds" in done.stderr
    found, = tmp_path.glob("found.*")
    assert "stack-buffer-overflow" in found.read_text()
