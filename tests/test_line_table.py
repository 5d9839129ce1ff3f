# SPDX-License-Identifier: MIT
"""The line table decoder agrees with every interpreter found, at every
instruction of some modules of the standard library."""

import pathlib
import subprocess

import pytest

import conftest
import interpreters

DUMP = pathlib.Path(__file__).with_name("line_table_dump.py")


@pytest.mark.parametrize("python", interpreters.found(),
                         ids=lambda python: python.name)
def test_every_offset_of_the_standard_library(python):
    python = interpreters.ready(interpreters.Start(python, "preload")).python
    dump = subprocess.run([python.path, "-I", str(DUMP)], text=True,
                          capture_output=True, check=True).stdout.splitlines()
    asked, expected = zip(*(line.split(" | ") for line in dump))
    answers = subprocess.run(
        [conftest.BUILD / "tests/unit/line_table_lines"], text=True,
        input="\n".join(asked) + "\n", capture_output=True,
        check=True).stdout.splitlines()
    assert len(asked) > 500 and len(answers) == len(asked)
    wrong = [(question, answer, right) for question, answer, right
             in zip(asked, answers, expected)
             if answer.split() != right.split()]
    assert not wrong, f"{len(wrong)} of {len(asked)}, first: {wrong[0]}"
