# SPDX-License-Identifier: MIT
"""Interpreters wherever they are: virtual environments, links, shims, folders
with odd names.  Each says the same of itself as without pymtop."""

import os
import pathlib
import shutil
import subprocess

import pytest

import batch
import interpreters

SAYS = """\
import os, sys, sysconfig
print(sys.executable, sys.prefix, sys.base_prefix, sys.exec_prefix,
      sys._base_executable, sys.flags, sys.version, sysconfig.get_paths(),
      sorted(sys.modules), sys.orig_argv if hasattr(sys, 'orig_argv') else 0)
print(sys.path, sys.argv, os.path.basename(sys.executable),
      open('/proc/self/comm').read(), open('/proc/self/cmdline').read())
try: import pip; print(pip.__file__)
except ImportError as e: print(e)
"""
ODD = "a fold\u00e9r \u65e5\u672c 'with' $names"


def make(*command):
    subprocess.run(list(map(str, command)), check=True, capture_output=True,
                   stdin=subprocess.DEVNULL)


def venv(python, folder, *options):
    make(python.path, "-m", "venv", "--without-pip", *options, folder / "v")
    return folder / "v" / "bin" / "python"


def virtualenv(python, folder, *options):
    make(python.venv("programs"), "-m", "virtualenv", "--no-seed", "-p", python.path,
         *options, folder / "v")
    return folder / "v" / "bin" / "python"


def link(path, target):
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(target)
    return path


def links(python, folder):
    """A link to a link in another folder, relative, to a name of its own."""
    link(folder / "one" / "python3", python.path)
    return link(folder / "two" / "my-python", "../one/python3")


def link_of_venv(python, folder):
    return link(folder / "p", venv(python, folder))


def venv_of_venv(python, folder):
    first = venv(python, folder)
    make(first, "-m", "venv", "--without-pip", folder / "w")
    return folder / "w" / "bin" / "python3"


def through_env(python, folder):
    """A script that leads there, by env."""
    link(folder / "bin" / "the-python", python.path)
    shim = folder / "shim"
    shim.write_text("#!/bin/sh\nexec /usr/bin/env -u NOTHING "
                    "\"${0%/*}/bin/the-python\" \"$@\"\n")
    shim.chmod(0o755)
    return shim


PLACES = {
    "venv": venv,
    "venv of copies": lambda *where: venv(*where, "--copies"),
    "venv that sees the system's":
        lambda *where: venv(*where, "--system-site-packages"),
    "venv of a venv": venv_of_venv,
    "virtualenv": virtualenv,
    "virtualenv of copies": lambda *where: virtualenv(*where, "--copies"),
    "link": lambda python, folder: link(folder / "p", python.path),
    "links": links,
    "link to a venv's": link_of_venv,
    "env": through_env,
}


def says(command, cwd, env=None):
    done = subprocess.run([*map(str, command), "-c", SAYS, "x y"], cwd=cwd,
                          text=True, capture_output=True, env=env,
                          stdin=subprocess.DEVNULL, timeout=60)
    return done.returncode, done.stdout, done.stderr


def same(pymtop, mode, python, cwd, env=None):
    plain = says([python], cwd, env)
    ours = says([pymtop, "--batch", "-o", "/dev/null", "--start", mode,
                 "-p", python], cwd, env)
    if plain[0] == 127 and "libpython" in plain[2]:     # as of a copied executable of 3.14's jar
        pytest.skip(f"plain python does not start there: {plain[2]}")
    assert plain[0] == 0, plain
    assert ours == plain
    return plain[1]


@pytest.mark.parametrize("place", PLACES)
def test_place(pymtop, start, tmp_path, place):
    if "virtualenv" in place and start.python.minor < 11:
        pytest.skip("requirements-programs.txt is for 3.11 and later")
    folder = tmp_path / ODD
    folder.mkdir()
    python = PLACES[place](start.python, folder)
    said = same(pymtop, start.mode, python, tmp_path)
    assert str(folder) in said


def test_as_virtual_environment_variable(pymtop, start, tmp_path):
    """$VIRTUAL_ENV of an odd name, and a script in it."""
    folder = tmp_path / ODD
    folder.mkdir()
    python = venv(start.python, folder)
    script = folder / "a scr\u00efpt.py"
    script.write_text("import sys; print(sys.argv, __file__, sys.prefix)\n")
    env = dict(os.environ, VIRTUAL_ENV=str(folder / "v"))
    plain, ours = (subprocess.run(
        [*command, script, "\u00e9"], text=True, capture_output=True, env=env)
        for command in ([python], [pymtop, "--batch", "-o", "/dev/null",
                                   "--start", start.mode]))
    assert (ours.returncode, ours.stdout, ours.stderr) \
        == (0, plain.stdout, "")


def test_pyenv_shim(pymtop):
    """The shim chooses by $PYENV_VERSION, each time anew."""
    shims = interpreters.PYENV.parent / "shims"
    pythons = [python for python in interpreters.found()
               if str(interpreters.PYENV) in python.path]
    if not pythons or not shutil.which("bash") \
            or not (shims / "python3").exists():
        pytest.skip("no pyenv here")
    for python in pythons:
        version = pathlib.Path(python.path).relative_to(
            interpreters.PYENV).parts[0]
        env = dict(os.environ, PYENV_VERSION=version)
        done = says([pymtop, "--batch", "-o", "/dev/null", "-p",
                     shims / "python3"], "/", env)
        assert done[0] == 0, done
        assert done[1].split()[0].startswith(
            str(interpreters.PYENV / version))


def test_a_static_interpreter_alone(pymtop, tmp_path):
    """The interpreter's file is enough where it is static, as Debian's: it is
    preloaded, with no libpython to be found beside it."""
    python = next(python for python in interpreters.found()
                  if python.name.startswith("system"))
    if interpreters.is_shared(python):
        pytest.skip("the system's Python is not static")
    alone = tmp_path / "alone" / "bin" / "python3"
    alone.parent.mkdir(parents=True)
    shutil.copy(python.path, alone)
    env = dict(os.environ, PYTHONHOME="/usr")
    plain, ours = (
        subprocess.run([*command, "-c", "import sys, os; print(sys.prefix,"
                        " os.readlink('/proc/self/exe'))"], env=env,
                       text=True, capture_output=True)
        for command in ([alone], [pymtop, "--batch", "-o", "/dev/null", "-p",
                                  alone]))
    assert plain.returncode == 0, plain.stderr
    assert (ours.stdout, ours.stderr, ours.returncode) \
        == (plain.stdout, plain.stderr, 0)
    assert str(alone) in ours.stdout


def test_pymtop_in_a_folder_with_a_space(pymtop, start, tmp_path):
    """LD_PRELOAD cannot name it: no preloading, exec'd children run alone."""
    folder = tmp_path / "a folder"
    folder.mkdir()
    for name in ("pymtop", "pymtop-runner", "pymtop-engine.so"):
        shutil.copy(pathlib.Path(pymtop).with_name(name), folder)
    code = ("import os, subprocess, sys; os.fork() or os._exit(0); os.wait();"
            "subprocess.run([sys.executable, '-c', 'print(1)'], check=True)")
    done = batch.run(str(folder / "pymtop"), start, ["-c", code],
                     report=tmp_path / "report.json")
    if start.mode == "preload":
        assert (done.status, done.stdout) == (125, "")
        assert done.stderr == (
            f"pymtop: {folder}/pymtop-engine.so: a path with a space or colon "
            "cannot be preloaded; install pymtop elsewhere\n")
    else:
        assert (done.status, done.stdout, done.stderr) == (0, "1\n", "")
        assert [process["pid"] for process in done.report["processes"]][0] \
            == done.report["pid"]
        assert len(done.report["processes"]) == 2
