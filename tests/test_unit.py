# SPDX-License-Identifier: MIT
"""The C unit tests: each program tests/unit/test_*.c, built by make.

PYMTOP_VALGRIND=1 runs them under valgrind."""

import os
import pathlib
import subprocess

import pytest

from conftest import BUILD

UNIT = pathlib.Path(__file__).resolve().parent / "unit"


VALGRIND = ["valgrind", "-q", "--error-exitcode=9", "--leak-check=full",
            "--errors-for-leak-kinds=definite"] \
    if os.environ.get("PYMTOP_VALGRIND") else []


@pytest.mark.smoke
@pytest.mark.quick
@pytest.mark.parametrize("name", sorted(path.stem for path in
                                        UNIT.glob("test_*.c")))
def test_unit(name, tmp_path):
    done = subprocess.run([*VALGRIND, str(BUILD / "tests" / "unit" / name)],
                          text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL,
                          cwd=tmp_path)
    assert done.returncode == 0, f"{name}: {done.returncode}\n{done.stdout}"
