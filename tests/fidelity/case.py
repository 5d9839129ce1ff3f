# SPDX-License-Identifier: MIT
"""One way to use python, as data; what it does, plain or under pymtop."""

import dataclasses
import os
import re
import shutil
import subprocess
import zipfile

TIMEOUT = 60

# What differs between two plain runs too.  A case names what it needs.
NOISE = {
    "address": (r"0x[0-9a-f]{6,16}\b", "0x..."),
    "pid": (r"\bpid=\d+", "pid=..."),
    "stack": (r"\(used \d+ kB\)", "(used ...)"),
    "numbers": (r"\d[\d,.]*", "N"),
    "serial": (r"serial #\d+|made by call #\d+", "serial #..."),
    "time": (r"\b\d+\.\d+s\b", "...s"),
    "microseconds": (r" +\d+ \|", " ... |"),
    # faulthandler of 3.14: the frames of C differ, see differences.py.
    "C stack": (r"\nCurrent thread's C stack trace.*\n(  .*\n)*", "\n"),
}


@dataclasses.dataclass(frozen=True)
class Case:
    """`python args` in a folder that has these files.  A word of args,
    under and env may name {folder} and {python}."""
    args: tuple
    stdin: str = ""
    env: dict = dataclasses.field(default_factory=dict)  # None: not there
    files: dict = dataclasses.field(default_factory=dict)
    under: str = ""         # shell commands before it: "ulimit -n 20;"
    since: int = 9          # minor versions that have what it uses
    until: int = 14
    noise: tuple = ()       # names of NOISE
    leader: bool = False    # of a session of its own
    bare: bool = False      # env is all of the environment

    def runs_on(self, python):
        return self.since <= python.minor <= self.until

    @property
    def is_narrow(self):
        """AddressSanitizer cannot work there."""
        return "ulimit" in self.under or bool(self.env.get("LD_PRELOAD"))


def code(text, *args, options=(), **how):
    """`python [options] -c text args`."""
    return Case((*options, "-c", text.strip("\n") + "\n", *args), **how)


def script(text, *args, options=(), **how):
    """`python [options] script.py args`."""
    return Case((*options, "script.py", *args),
                files={"script.py": text.lstrip("\n"), **how.pop("files", {})},
                **how)


@dataclasses.dataclass(frozen=True)
class Outcome:
    status: int             # negative: killed by that signal; None: late
    stdout: str
    stderr: str

    def __str__(self):
        return "\n".join([f"status {self.status}", *(
            f"{name}| {line}" for name in ("stdout", "stderr")
            for line in getattr(self, name).splitlines())])


def _lay_out(files, folder):
    """A file is its text, its bytes, a link (-> target), a folder (None) or
    an archive (a dict)."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, what in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if what is None:
            path.mkdir()
        elif isinstance(what, dict):
            with zipfile.ZipFile(path, "w") as archive:
                for member, text in what.items():
                    archive.writestr(member, text)
        elif isinstance(what, bytes):
            path.write_bytes(what)
        elif what.startswith("-> "):
            path.symlink_to(what[3:])
        else:
            path.write_text(what)


def _fill(word, folder, python):
    if isinstance(word, bytes):
        return word
    return word.replace("{folder}", str(folder)).replace("{python}", python)


def _clean(text, case):
    text = text.decode("utf-8", "backslashreplace")
    for name in case.noise:
        text = re.sub(*NOISE[name], text)
    return text


def run(case, command, folder, python):
    """The outcome of the case with command in the place of `python`."""
    _lay_out(case.files, folder)
    argv = [*command, *(_fill(word, folder, python) for word in case.args)]
    if case.under:
        under = _fill(case.under, folder, python)
        argv = ["/bin/sh", "-c", f'{under} exec "$@"', "sh", *argv]
    env = {} if case.bare else {
        name: value for name, value in os.environ.items()
        if name != "PYTEST_CURRENT_TEST"}
    for name, value in case.env.items():
        env.pop(name, None)
        if value is not None:
            env[name] = _fill(value, folder, python)
    try:
        done = subprocess.run(
            argv, input=case.stdin.encode(), capture_output=True, cwd=folder,
            env=env, start_new_session=case.leader, timeout=TIMEOUT)
    except subprocess.TimeoutExpired as late:
        done = subprocess.CompletedProcess(argv, None, late.stdout or b"",
                                           late.stderr or b"")
    return Outcome(done.returncode, _clean(done.stdout, case),
                   _clean(done.stderr, case))
