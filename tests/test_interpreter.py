# SPDX-License-Identifier: MIT
"""Which Python runs the script, and which ones are refused.

The fakes answer the one question that pymtop asks an interpreter: they are
interpreters as pymtop meets them, not parts of pymtop.
"""

import os
import pathlib
import shutil
import subprocess

import pytest

import interpreters

SYSTEM = "/usr/bin/python3"
FIELDS = ["pymtop-probe", "cpython", "3.12.1", "", "", "64",
          "/usr/bin/python3", "/usr/lib/python3", "", "",
          "/lib/libc.so.6"]

REFUSED = {
    "pypy": ({1: "pypy", 2: "3.10.14"},
             "pypy 3.10.14 is not CPython: only CPython can be traced"),
    "graalpy": ({1: "graalpy"}, "graalpy 3.12.1 is not CPython"),
    "old": ({2: "3.8.18"},
            "Python 3.8.18 is too old: pymtop traces CPython 3.9 to 3.15"),
    "two": ({1: "python 2", 2: "2.7.18"}, "Python 2.7.18 is too old"),
    "new": ({2: "3.16.0"}, "Python 3.16.0 is too new"),
    "four": ({2: "4.0.0"}, "Python 4.0.0 is too new"),
    "free-threaded": ({2: "3.14.0", 3: "t"},
                      "Python 3.14.0 is a free-threaded build: only those of "
                      "3.13, and builds with the GIL, can be traced"),
    "debug": ({4: "d"}, "Python 3.12.1 is a debug build: its objects are laid "
                        "out in another way, and cannot be traced"),
    "32-bit": ({5: "32"}, "32-bit"),
    "musl": ({10: "/lib/ld-musl-x86_64.so.1"}, "runs on musl"),
}


@pytest.fixture
def fake(tmp_path):
    """fake(text) is an executable shell script."""
    def make(text, name="python"):
        path = tmp_path / name
        path.write_text("#!/bin/sh\n" + text + "\n")
        path.chmod(0o755)
        return str(path)
    return make


def run(pymtop, *words, **how):
    how.setdefault("env", os.environ)
    return subprocess.run([pymtop, "--batch", *words], capture_output=True,
                          text=True, stdin=subprocess.DEVNULL, timeout=60,
                          **how)


def refused(done, status, text):
    assert done.returncode == status
    assert done.stdout == ""
    assert done.stderr.startswith("pymtop: ")
    assert done.stderr.count("\n") == 1
    assert text in done.stderr


@pytest.mark.quick
@pytest.mark.parametrize("kind", REFUSED)
def test_refused(pymtop, fake, kind):
    changes, text = REFUSED[kind]
    fields = [changes.get(i, field) for i, field in enumerate(FIELDS)]
    path = fake("printf '%s\\0' " + " ".join(f"'{f}'" for f in fields))
    refused(run(pymtop, "-p", path, "-c", "1"), 126, f"{path}: ")
    refused(run(pymtop, "-p", path, "-c", "1"), 126, text)


@pytest.mark.quick
@pytest.mark.parametrize("answer", [
    "exit 0", "exit 3", "echo 3.12.1", "kill -9 $$",
    "printf 'pymtop-probe\\0cpython\\0' ",
    "printf 'pymtop-probe\\0cpython\\0three\\0\\0\\0" + "64\\0a\\0b\\0\\0\\0\\0'",
    "yes", "cat /dev/zero",
])
def test_not_a_python(pymtop, fake, answer):
    refused(run(pymtop, "-p", fake(answer), "-c", "1"), 126, "not a Python")


@pytest.mark.quick
def test_not_found(pymtop, tmp_path):
    refused(run(pymtop, "-p", "/no/python", "x.py"), 127,
            "/no/python: No such file or directory")
    refused(run(pymtop, "-p", "no-such-python", "x.py"), 127,
            "no-such-python: not found in PATH")
    env = dict(os.environ, PATH=str(tmp_path))
    refused(run(pymtop, "-c", "1", env=env), 127,
            "python3: not found in PATH; give --python PATH")
    env = dict(os.environ, VIRTUAL_ENV=str(tmp_path))
    refused(run(pymtop, "-c", "1", env=env), 127,
            f"{tmp_path}/bin/python: No such file or directory "
            "(of $VIRTUAL_ENV); give --python PATH")


@pytest.mark.quick
def test_not_executable(pymtop, tmp_path):
    plain = tmp_path / "plain"
    plain.write_text("x")
    refused(run(pymtop, "-p", str(plain), "x.py"), 126, "not executable")
    refused(run(pymtop, "-p", str(tmp_path), "x.py"), 126,
            "is a directory, not a Python")
    plain.chmod(0o755)
    refused(run(pymtop, "-p", str(plain), "x.py"), 126,
            "cannot run it: Exec format error")


@pytest.mark.quick
def test_no_libpython_to_embed(pymtop, fake):
    path = fake("printf '%s\\0' " + " ".join(f"'{f}'" for f in FIELDS))
    refused(run(pymtop, "--start", "embed", "-p", path, "-c", "1"), 126,
            "has no shared libpython to embed")


CODE = "import sys; print(sys.executable)"


def executable(pymtop, *words, **how):
    done = run(pymtop, "-o", "/dev/null", *words, "-c", CODE, **how)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.rstrip("\n")


def test_search_order(pymtop, tmp_path):
    """--python, else $VIRTUAL_ENV, else python3 in PATH."""
    for name in ("one", "two", "three"):
        subprocess.run([SYSTEM, "-m", "venv", "--without-pip",
                        tmp_path / name], check=True)
    bins = {name: f"{tmp_path}/{name}/bin" for name in ("one", "two",
                                                        "three")}
    path = f"{tmp_path}/none:{bins['three']}:{os.environ['PATH']}"
    env = dict(os.environ, PATH=path)
    both = dict(env, VIRTUAL_ENV=f"{tmp_path}/two")
    assert executable(pymtop, env=env) == f"{bins['three']}/python3"
    assert executable(pymtop, env=both) == f"{bins['two']}/python"
    assert executable(pymtop, "-p", f"{bins['one']}/python", env=both) \
        == f"{bins['one']}/python"
    assert executable(pymtop, "-p", "python", env=env) \
        == f"{bins['three']}/python"
    assert executable(pymtop, "-p", "one/bin/python3", cwd=tmp_path,
                      env=env) == f"{bins['one']}/python3"


@pytest.mark.parametrize("wrapper", [
    'exec "{python}" "$@"', '"{python}" "$@"',
    'echo hello; exec env X=1 "{python}" "$@"',
])
def test_wrappers(pymtop, start, fake, wrapper):
    """Shims and shell scripts are asked for the Python behind them."""
    path = fake(wrapper.format(python=start.python.path))
    assert executable(pymtop, "--start", start.mode, "-p", path) \
        == start.python.path


@pytest.mark.smoke
def test_chosen_start(pymtop, any_start, run_batch):
    """A Python on a shared libpython is embedded, a static one preloaded."""
    result = run_batch(None, ["-c", "print(1)"], "-p", any_start.python.path)
    maps = subprocess.run(
        [any_start.python.path, "-c", "print(open('/proc/self/maps').read())"],
        capture_output=True, text=True).stdout
    shared = "libpython3" in maps
    assert result.report["start"] == ("embed" if shared else "preload")
    assert (result.status, result.stdout, result.stderr) == (0, "1\n", "")


def test_incomplete_installation(pymtop, tmp_path):
    """Without its other half pymtop says what is missing."""
    alone = shutil.copy(pymtop, tmp_path / "pymtop")
    done = run(str(alone), "-p", SYSTEM, "-c", "1")
    if done.returncode == 0:
        pytest.skip("pymtop is installed on this machine")
    refused(done, 125, "pymtop is not installed completely")


@pytest.mark.quick
def test_every_found_interpreter_is_read(pymtop, run_batch):
    """The versions that the interpreters themselves give."""
    for interpreter in interpreters.found():
        if not pathlib.Path(interpreter.path).exists():
            continue
        version = subprocess.check_output(
            [interpreter.path, "-c",
             "import platform; print(platform.python_version())"],
            text=True).strip()
        result = run_batch(None, ["-c", "pass"], "-p", interpreter.path)
        assert result.report["python"] == version, result.stderr


LIBRARIES = {
    "new": ("3.16.0 (main)", "", "Python 3.16.0 is not supported: "
            "pymtop knows 3.9 to 3.15"),
    "free-threaded": ("3.14.0 experimental free-threading build (main)", "",
                      "a free-threaded Python is only supported in version "
                      "3.13: use a build with the GIL"),
    "debug": ("3.12.1 (main)", "void _Py_NegativeRefcount(void) {}",
              "a debug build of Python is not supported"),
    "other": ("3.12.1 (main)", "", "this Python does not export "),
}


@pytest.mark.parametrize("kind", LIBRARIES)
def test_the_engine_looks_once_more(pymtop, fake, tmp_path, kind):
    """The library may be another one than was asked: the engine refuses it
    before its main runs."""
    version, more, text = LIBRARIES[kind]
    code = tmp_path / "python.c"
    code.write_text(
        "#include <stdio.h>\n"
        f'const char *Py_GetVersion(void) {{ return "{version}"; }}\n'
        "int Py_BytesMain(int argc, char **argv) { puts(\"it ran\"); "
        f"return 0; }}\n{more}\n")
    library = tmp_path / "libpython3.so"
    subprocess.run(["gcc", "-w", "-shared", "-fPIC", str(code), "-o",
                    str(library)], check=True)
    fields = [{8: str(library)}.get(i, field)
              for i, field in enumerate(FIELDS)]
    path = fake("printf '%s\\0' " + " ".join(f"'{f}'" for f in fields))
    refused(run(pymtop, "-p", path, "-c", "1"), 125, text)
