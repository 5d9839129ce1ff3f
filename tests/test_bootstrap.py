# SPDX-License-Identifier: MIT
"""./bootstrap: passes on what it is given, and says what is missing."""

import os
import pathlib
import shutil
import subprocess
import sys

import pytest

from conftest import BUILD, SOURCE

# What bootstrap itself uses, of the packages no Debian lacks.
TOOLS = ("sh", "cat", "dirname", "env", "flock", "id", "mkdir", "nproc",
         "tail")


def bootstrap(top, *args, path=None, stdin="", **how):
    env = dict(os.environ)
    if path is not None:
        env["PATH"] = str(path)
    return subprocess.run([str(top / "bootstrap"), *args], text=True, env=env,
                          input=stdin, capture_output=True, **how)


@pytest.fixture
def top(tmp_path):
    """The top of a project that any user may write to."""
    top = tmp_path / "top"
    top.mkdir()
    shutil.copy(SOURCE / "bootstrap", top)
    for folder in (top, *top.parents):
        if folder.owner() == top.owner() and len(folder.parts) > 2:
            folder.chmod(0o777)
    return top


@pytest.fixture
def bare(top):
    """A PATH where nothing that the build needs is to be found."""
    folder = top / "bin"
    folder.mkdir()
    for tool in TOOLS:
        (folder / tool).symlink_to(shutil.which(tool))
    return folder


@pytest.mark.parametrize("args", [("run",), ("build", "x"), ("--fast",),
                                  ("install",)])
def test_says_how_it_is_used(top, args):
    done = bootstrap(top, *args)
    assert done.returncode == 2
    assert "usage: ./bootstrap" in done.stderr and done.stdout == ""


def test_without_apt_lists_what_is_needed(top, bare):
    done = bootstrap(top, "run", "x.py", path=bare)
    assert done.returncode == 1 and done.stdout == ""
    for what in ("a C compiler", "GNU make", "autoconf", "automake",
                 "pkg-config", "ncurses", "libvterm", "libunwind",
                 "library and headers", "cmocka"):
        assert what in done.stderr
    assert "apt-get install" not in done.stderr


@pytest.mark.skipif(not shutil.which("apt-get"), reason="no apt-get here")
def test_without_root_prints_the_line_to_run(top, bare):
    (bare / "apt-get").symlink_to(shutil.which("apt-get"))
    how = {"user": "nobody"} if os.getuid() == 0 else {}
    done = bootstrap(top, path=bare, **how)
    assert done.returncode == 1 and done.stdout == ""
    line, = done.stderr.splitlines()
    assert "as root, run: apt-get update && apt-get install -y" in line
    for package in ("gcc", "make", "pkg-config", "libncurses-dev",
                    "libvterm-dev", "libunwind-dev", "libpython3-dev"):
        assert f" {package}" in line


def test_run_passes_everything_on(top, pymtop):
    (top / "build").symlink_to(BUILD)
    (top / "configure").touch()
    code = ("import sys; print(sys.argv[1:], sys.stdin.read());"
            "sys.exit(41)")
    args = ["--batch", "a b", "", "--", "-x", "$HOME *"]
    done = bootstrap(top, "run", "--python", sys.executable, "--batch", "-c",
                     code, *args, stdin="typed", cwd="/")
    assert done.returncode == 41, done.stderr
    assert done.stdout == f"{args} typed\n"
