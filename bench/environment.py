# SPDX-License-Identifier: MIT
"""The interpreter, its virtual environment, the machine."""

import os
import pathlib
import platform
import shutil
import subprocess
import sys

BENCH = pathlib.Path(__file__).resolve().parent
REQUIREMENTS = BENCH / "requirements.txt"


class Unusable(Exception):
    pass


def ask(python, code, *args):
    """What an interpreter prints for this code."""
    done = subprocess.run([python, "-c", code, *args], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    if done.returncode != 0:
        raise Unusable(f"{python}: {done.stderr.strip()}")
    return done.stdout.strip()


def version_of(python):
    return ask(python, "import platform; print(platform.python_version())")


def default_python():
    """The newest 3.12 of pyenv, else the python3 in PATH."""
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT")
                         or pathlib.Path.home() / ".pyenv")
    found = sorted((pyenv / "versions").glob("3.12.*/bin/python3.12"),
                   key=lambda path: int(path.parts[-3].split(".")[2]))
    return str(found[-1]) if found else shutil.which("python3")


def say(text):
    print(f"bench: {text}", file=sys.stderr, flush=True)


def make(python, folder):
    """The Python of a virtual environment in this folder, made if need be.

    A requirement that cannot be installed is named and left out."""
    wanted = f"{os.path.realpath(python)}\n{REQUIREMENTS.read_text()}"
    venv = folder / f"workloads-{version_of(python)}"
    stamp = venv / "made-from"
    inside = str(venv / "bin" / "python")
    if stamp.exists() and stamp.read_text() == wanted:
        return inside
    say(f"making {venv}")
    shutil.rmtree(venv, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "venv.log", "w") as log:
        if not succeeds([python, "-m", "venv", str(venv)], log):
            raise Unusable(f"cannot make {venv}, see {log.name}")
        complete = all([install(inside, line, log) for line
                        in REQUIREMENTS.read_text().splitlines()
                        if line and not line.startswith("#")])
    # Else tried again next time: the network may have been away.
    if complete:
        stamp.write_text(wanted)
    return inside


def install(python, requirement, log):
    done = succeeds([python, "-m", "pip", "install", "-q",
                     "--disable-pip-version-check", "--only-binary=:all:",
                     "-c", str(REQUIREMENTS), requirement], log)
    if not done:
        say(f"cannot install {requirement}, see {log.name}")
    return done


def succeeds(command, log):
    log.flush()
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=log,
                          stderr=log).returncode == 0


def missing(python, packages):
    """Which of these packages an interpreter cannot import."""
    return ask(python, "import importlib.util, sys\n"
               "print(*[name for name in sys.argv[1:]"
               " if not importlib.util.find_spec(name)])",
               *sorted(packages)).split()


def two_cores():
    """The first two that we may use."""
    cores = sorted(os.sched_getaffinity(0))[:2]
    if len(cores) < 2:
        raise Unusable("--paired needs two cores")
    return cores


def for_runs():
    """The environment of each run: as it is, but bytecode is kept and sets
    of strings have one order."""
    env = {**os.environ, "PYTHONHASHSEED": "0"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def machine(python, packages):
    """One line: processor, cores, kernel, Python, versions of packages."""
    model = platform.machine()
    with open("/proc/cpuinfo") as file:
        for line in file:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    versions = ask(python, "import sys\n"
                   "from importlib.metadata import version\n"
                   "for name in sys.argv[1:]:\n"
                   "    print(f', {name} {version(name)}', end='')",
                   *packages)
    return (f"{model}, {os.cpu_count()} cores, Linux {platform.release()}, "
            f"CPython {version_of(python)}{versions}")
