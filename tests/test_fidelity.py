# SPDX-License-Identifier: MIT
"""A script cannot tell that pymtop is there: some hundred ways to use python,
plain and under pymtop, on every interpreter; see tests/fidelity/."""

import concurrent.futures
import functools
import subprocess

import pytest

import interpreters
from conftest import SOURCE
from fidelity import (differences, ends, memory, options, processes, signals,
                      tracing)
from fidelity.case import run

GROUPS = {name: cases
          for subject in (options, ends, signals, processes, memory, tracing)
          for name, cases in subject.GROUPS.items()}
KNOWN = {"differences": differences.CASES}

# Where the way to start could matter.  The rest is compared where an
# interpreter is started in its own way, and twice on those proven.
BY_START = {"environment", "crashes", "blocking", "sent", "faulthandler",
            "fork", "subprocess", "limits"}


@functools.lru_cache(None)
def is_own(start):
    """Whether pymtop itself would choose this way to start."""
    return start.mode == ("embed" if interpreters.is_shared(start.python)
                          else "preload")


STARTS = interpreters.starts()
PAIRS = [(start, group) for start in STARTS for group in GROUPS
         if group in BY_START or start.python.proven or is_own(start)]


class Comparer:
    """Runs cases, and remembers what plain python gave."""

    def __init__(self, pymtop, folder):
        self.pymtop, self.folder = pymtop, folder
        self.sanitized = b"__asan_init" in open(pymtop, "rb").read()
        self.plain = functools.lru_cache(None)(self._plain)

    def _run(self, command, python, group, name):
        cases = (GROUPS | KNOWN)[group]
        folder = self.folder / python.name / group / str(
            [*cases].index(name))
        return run(cases[name], command, folder, python.path)

    def _plain(self, python, group, name):
        return self._run([python.path], python, group, name)

    def compare(self, start, group, name):
        """What differs, in words; an empty text if nothing does."""
        plain = self.plain(start.python, group, name)
        ours = self._run([self.pymtop, "--batch", "-o", "/dev/null",
                          *start.options], start.python, group, name)
        if ours == plain and plain.status is not None:
            return ""
        return f"--- {group}: {name}\nplain: {plain}\npymtop: {ours}"

    def names(self, start, group):
        return [name for name, case in (GROUPS | KNOWN)[group].items()
                if case.runs_on(start.python)
                and not (self.sanitized and case.is_narrow)]

    def differing(self, start, group):
        """What compare() says, of each case of a group that differs."""
        names = self.names(start, group)
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = pool.map(functools.partial(self.compare, start, group),
                             names)
            return {name: text for name, text in zip(names, found) if text}


@pytest.fixture(scope="module")
def comparer(pymtop, tmp_path_factory):
    return Comparer(pymtop, tmp_path_factory.mktemp("fidelity"))


@pytest.mark.parametrize("one, group", PAIRS, ids=[
    f"{start}-{group}" for start, group in PAIRS])
def test_as_plain_python(one, group, comparer):
    start = interpreters.ready(one)
    found = comparer.differing(start, group)
    unknown = found.keys() - differences.expected(start, group)
    assert not unknown, "\n".join(found[name] for name in unknown)


def test_known_differences(any_start, comparer):
    """Each is there, and nowhere else: the comparison can fail, by standard
    output, standard error and status."""
    found = comparer.differing(any_start, "differences")
    known = {name for one in differences.DIFFERENCES
             if one.where.test(any_start) for name in one.cases}
    known &= set(comparer.names(any_start, "differences"))
    assert set(found) == known, "\n".join(found.values())


def test_document_has_the_differences():
    lines = (SOURCE / "docs/fidelity.md").read_text().splitlines()
    rows = [line for line in lines if line.startswith("| ")][1:]
    assert rows == [one.row for one in differences.DIFFERENCES]
    number = sum(map(len, GROUPS.values()))
    assert any(f"{number} ways" in line for line in lines), number
