# SPDX-License-Identifier: MIT
"""CPython's own tests (`python -m test`), plain and under pymtop: what became
of each test case.

As a program it runs files of them, or all, one after the other, and prints
what differs (docs/cpython-tests.md is made so):

    tests/cpython.py --keep FOLDER PYTHON MODE [test_gc ...]

What was run is kept in FOLDER and not run again.
"""

import argparse
import collections
import dataclasses
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

REPORT = "memory.json"      # in the folder in which a run is started
NO_TESTS_RAN = 4            # a status of `-m test`
FAILED = re.compile(r"^(FAIL|ERROR): (\w+) \(([\w.]+)\)(.*)$",
                    re.MULTILINE)
STARTED = re.compile(r"^(\w+ \(.*?\)).*?\.\.\.", re.MULTILINE)


@dataclasses.dataclass(frozen=True)
class Way:
    """A way to run the tests."""

    python: str
    mode: str               # "plain", "embed" or "preload"
    pymtop: str = ""

    @property
    def plain(self):
        return dataclasses.replace(self, mode="plain")

    def command(self, report):
        """What stands in the place of `python`."""
        if self.mode == "plain":
            return [self.python]
        return [self.pymtop, "--batch", "--format", "json", "--top", "1",
                "-o", report, "--python", self.python, "--start", self.mode,
                "--"]


@dataclasses.dataclass
class Run:
    """Files of tests, run once."""

    status: int             # of python, or of pymtop
    cases: dict             # case -> "ok", "skipped", "failed" ...
    log: str
    memory: dict            # pymtop's report without rows, or {}

    @property
    def outcomes(self):
        """The cases, and as one more how the process itself ended."""
        return {**self.cases, "(exit)": str(self.status)}


def _of_case(element):
    for tag, outcome in (("error", "error"), ("failure", "failed"),
                         ("skipped", "skipped")):
        if element.find(tag) is not None:
            return outcome
    return element.get("outcome", "ok")


def _names(log):
    """{case: [what failed of it]} of what a log says at length: "FAIL: name
    (id) (parameters)".  Before 3.11 an id is without the name."""
    found = collections.defaultdict(list)
    for kind, name, case, part in FAILED.findall(log):
        case = case if case.endswith("." + name) else f"{case}.{name}"
        found[case].append(f"{kind} {part.strip()}".strip())
    return found


def _cases(report, log, status):
    """A report has no name for a case that failed in parts only (subTest);
    what was printed has.  A file that is skipped makes no report."""
    cases = {}
    if report.exists():
        for element in xml.etree.ElementTree.parse(report).iter("testcase"):
            if element.get("name"):
                cases[element.get("name")] = _of_case(element)
    elif status not in (0, NO_TESTS_RAN):
        started = STARTED.findall(log)
        cases["(died)"] = started[-1] if started else ""
    for case, parts in _names(log).items():
        cases.setdefault(case, ", ".join(sorted(set(parts))))
    return cases


def _memory(path):
    if not path.exists() or not path.read_text().strip():
        return {}
    memory = json.loads(path.read_text())
    del memory["rows"]
    return memory


def run(way, *args, timeout=600):
    """Run `python -m test` with these arguments."""
    # Short: sockets are made below it.
    with tempfile.TemporaryDirectory(prefix="t", dir="/tmp") as name:
        folder = pathlib.Path(name)
        report = folder / "report.xml"
        with (folder / "log").open("wb") as log:
            process = subprocess.Popen(
                [*way.command(REPORT), "-m", "test", "-v",
                 f"--timeout={timeout}", f"--junit-xml={report}", *args],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=folder, start_new_session=True,
                env={**os.environ, "TMPDIR": name})
            try:
                status = process.wait(timeout + 60)
            except subprocess.TimeoutExpired:
                status = "timeout"
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            process.wait()
        text = (folder / "log").read_text(errors="backslashreplace")
        return Run(status, _cases(report, text, status), text,
                   _memory(folder / REPORT))


def differences(plain, traced):
    """{case: (plain's, pymtop's)} for the cases of one run of pymtop that
    came out as in no run of plain python."""
    found = {}
    for case in sorted({case for one in (*plain, traced) for case in one}):
        before = {one.get(case, "missing") for one in plain}
        now = traced.get(case, "missing")
        if now not in before:
            found[case] = ("/".join(sorted(before)), now)
    return found


def has_tests(python):
    """Debian, for one, has them in a package of their own."""
    return subprocess.run(
        [python, "-c", "import test.libregrtest, test.test_gc"],
        stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


class Kept:
    """Runs that are kept in a folder, by way and file."""

    def __init__(self, folder, timeout, args):
        self.folder = pathlib.Path(folder)
        self.timeout = timeout
        self.args = args

    def outcomes(self, way, name, times):
        """Outcomes of this many runs."""
        found = []
        for number in range(times):
            path = self.folder / way.mode / f"{name}.{number}.json"
            if not path.exists():
                path.parent.mkdir(parents=True, exist_ok=True)
                one = run(way, *self.args, name, timeout=self.timeout)
                path.with_suffix(".log").write_text(one.log)
                path.write_text(json.dumps(
                    {"memory": one.memory, "outcomes": one.outcomes},
                    indent=0))
            found.append(json.loads(path.read_text())["outcomes"])
        return found

    def compare(self, way, name):
        """Number of cases, and {(case, plain's, pymtop's): in how many of
        three runs each}.  What differs once may be plain python's luck."""
        for times in (1, 3):
            plain = self.outcomes(way.plain, name, times)
            found = collections.Counter(
                (case, *how) for one in self.outcomes(way, name, times)
                for case, how in differences(plain, one).items())
            if not found:
                break
        return len(plain[0]) - 1, found


def all_files(python):
    done = subprocess.run([python, "-m", "test", "--list-tests"], text=True,
                          capture_output=True, check=True, cwd="/tmp")
    return [line for line in done.stdout.split() if "test_" in line]


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--pymtop", default="build/pymtop")
    parser.add_argument("--keep", required=True)
    parser.add_argument("--timeout", type=int, default=600)
    parser.add_argument("--arg", action="append", default=[],
                        help="for `-m test`, as --arg=-uall")
    parser.add_argument("python")
    parser.add_argument("mode", choices=("embed", "preload"))
    parser.add_argument("names", nargs="*")
    asked = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    way = Way(os.path.abspath(asked.python), asked.mode,
              os.path.abspath(asked.pymtop))
    kept = Kept(asked.keep, asked.timeout, asked.arg)
    total = different = 0
    for name in asked.names or all_files(asked.python):
        cases, found = kept.compare(way, name)
        print(f"{name}: {cases or 'NO'} cases, {len(found)} differ",
              flush=True)
        for (case, before, now), count in found.items():
            print(f"    {case}: {before} -> {now} ({count} of 3)", flush=True)
        total += cases
        different += len(found)
    print(f"{total} cases, {different} differences")
    return different > 0


if __name__ == "__main__":
    sys.exit(main())
