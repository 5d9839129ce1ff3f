# SPDX-License-Identifier: MIT
"""Run `pymtop --batch --format json` and read what it says."""

import dataclasses
import json
import pathlib
import subprocess


@dataclasses.dataclass
class Batch:
    status: int
    stdout: str
    stderr: str
    reports: list           # one with no --interval

    @property
    def report(self):
        """The last report; the test fails with the output if there is
        none."""
        assert self.reports, (f"no report; status {self.status}\n"
                              f"{self.stdout}\n{self.stderr}")
        return self.reports[-1]

    def rows(self, **want):
        """Rows whose fields have these values; `file` matches the end."""
        return [row for row in self.report["rows"]
                if all(row[field].endswith(value) if field == "file"
                       else row[field] == value
                       for field, value in want.items())]


def run(pymtop, start, args, *options, report, stdin="", env=None, cwd=None,
        timeout=120):
    """start is an interpreters.Start (or None: pymtop's own choice), args
    what python would take, report the path of the file to write."""
    report = pathlib.Path(report)
    report.unlink(missing_ok=True)
    chosen = start.options if start is not None else []
    done = subprocess.run(
        [pymtop, "--batch", "--format", "json", "-o", str(report), *chosen,
         *options, *map(str, args)],
        input=stdin, text=True, capture_output=True, env=env, cwd=cwd,
        timeout=timeout)
    text = report.read_text() if report.exists() else ""
    return Batch(done.returncode, done.stdout, done.stderr, documents(text))


def documents(text):
    """All JSON documents of a text, one after the other."""
    result = []
    decoder = json.JSONDecoder()
    text = text.strip()
    while text:
        document, end = decoder.raw_decode(text)
        result.append(document)
        text = text[end:].lstrip()
    return result
