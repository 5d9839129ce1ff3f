# SPDX-License-Identifier: MIT
"""The C unit tests: each program tests/unit/test_*.c, built by make."""

import pathlib
import subprocess

import pytest

from conftest import BUILD

UNIT = pathlib.Path(__file__).resolve().parent / "unit"


@pytest.mark.quick
@pytest.mark.parametrize("name", sorted(path.stem for path in
                                        UNIT.glob("test_*.c")))
def test_unit(name, tmp_path):
    done = subprocess.run([str(BUILD / "tests" / "unit" / name)], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert done.returncode == 0, f"{name}: {done.returncode}\n{done.stdout}"
