# SPDX-License-Identifier: MIT
"""A script cannot tell that pymtop is there: some hundred ways to use python,
plain and under pymtop, on every interpreter; see tests/fidelity/."""

import concurrent.futures
import functools

import pytest

from fidelity import ends, memory, options, processes, signals, tracing
from fidelity.case import run

GROUPS = {name: cases
          for subject in (options, ends, signals, processes, memory, tracing)
          for name, cases in subject.GROUPS.items()}


class Comparer:
    """Runs cases, and remembers what plain python gave."""

    def __init__(self, pymtop, folder):
        self.pymtop, self.folder = pymtop, folder
        self.plain = functools.lru_cache(None)(self._plain)

    def _plain(self, python, key):
        return run(GROUPS[key[0]][key[1]], [python.path],
                   self._folder(python, key), python.path)

    def _folder(self, python, key):
        return self.folder / python.name / key[0] / str(
            [*GROUPS[key[0]]].index(key[1]))

    def one(self, start, key):
        plain = self.plain(start.python, key)
        ours = run(GROUPS[key[0]][key[1]],
                   [self.pymtop, "--batch", "-o", "/dev/null",
                    *start.options], self._folder(start.python, key),
                   start.python.path)
        return None if ours == plain else (
            f"--- {': '.join(key)}\nplain: {plain}\npymtop: {ours}")

    def differing(self, start, group):
        keys = [(group, name) for name, case in GROUPS[group].items()
                if case.runs_on(start.python)]
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            found = pool.map(functools.partial(self.one, start), keys)
            return [one for one in found if one]


@pytest.fixture(scope="module")
def comparer(pymtop, tmp_path_factory):
    return Comparer(pymtop, tmp_path_factory.mktemp("fidelity"))


@pytest.mark.parametrize("group", GROUPS)
def test_as_plain_python(any_start, comparer, group):
    found = comparer.differing(any_start, group)
    assert not found, "\n".join(found)
