# SPDX-License-Identifier: MIT
"""The rules of the house that a reader of one file cannot see broken."""

import fnmatch
import os
import pathlib
import re
import subprocess

import pytest

SOURCE = pathlib.Path(__file__).resolve().parent.parent
MAX_LINES = 450

# What autoreconf, the build and the tests themselves leave behind.
GENERATED = {"configure", "Makefile.in", "Makefile", "aclocal.m4",
             "config.h.in", "config.h", "config.log", "config.status",
             "stamp-h1", ".dirstamp"}
SKIPPED_FOLDERS = {".git", "build", "build-aux", "autom4te.cache", ".deps",
                   "__pycache__", ".pytest_cache", "venv", "roots"}

# Arrows between rooms point one way, from a room to those it may include.
ARROWS = {
    "base": set(),
    "region": {"base"},
    "model": {"region", "base"},
    "report": {"model", "region", "base"},
    "launcher": {"report", "model", "region", "base"},
    "ui": {"launcher", "report", "model", "region", "base"},
    "engine": set(),
    "start": {"engine"},
}


def tree():
    """Files of the project, relative to its top."""
    for folder, folders, names in os.walk(SOURCE):
        folders[:] = [name for name in folders
                      if name not in SKIPPED_FOLDERS
                      and not name.startswith(
                          ("workloads-", "programs-", "greenlets-",
                           "cpython-"))
                      and not (pathlib.Path(folder, name)
                               / "config.status").exists()]
        for name in names:
            if name not in GENERATED and not name.endswith(("~", ".o", ".a")):
                yield pathlib.Path(folder, name).relative_to(SOURCE)


def is_text(path):
    return b"\0" not in (SOURCE / path).read_bytes()[:4096]


TEXTS = sorted(path for path in tree() if is_text(path))
CODE = [path for path in TEXTS
        if path.suffix in (".c", ".h", ".py", ".sh", ".ac", ".am")
        or (SOURCE / path).read_bytes().startswith(b"#!")]


def read(path):
    return (SOURCE / path).read_text(errors="replace")


def room_of(path):
    return path.parts[1] if path.parts[0] == "src" and len(path.parts) > 2 \
        else None


def includes(path):
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]*[<"]([^>"]+)[>"]',
                      read(path), re.MULTILINE)


def sources(*rooms):
    return [path for path in CODE if path.suffix in (".c", ".h")
            and (room_of(path) in rooms if rooms
                 else path.parts[0] in ("src", "include"))]


def test_files_are_small():
    long = {str(path): lines for path in CODE
            if (lines := read(path).count("\n")) > MAX_LINES}
    assert long == {}


def test_code_has_its_licence_line():
    """All but the examples, which are meant to be read on a small screen."""
    assert [str(path) for path in CODE if path.parts[0] != "examples"
            and "SPDX-License-Identifier: MIT"
            not in "".join(read(path).splitlines(True)[:3])] == []


def test_one_file_includes_ncurses():
    users = [str(path) for path in sources() if any(
        re.search(r"^(ncursesw/)?(n?curses|panel|form|menu|term)\.h$", name)
        for name in includes(path))]
    assert users == ["src/ui/screen_curses.c"]


def test_no_python_headers():
    assert [str(path) for path in sources()
            if any(fnmatch.fnmatch(name, "*Python.h") or
                   "pycore_" in name for name in includes(path))] == []


def test_arrows_between_rooms():
    rooms = {room_of(path) for path in sources()} - {None}
    assert rooms <= ARROWS.keys()
    wrong = []
    for path in sources():
        room = room_of(path)
        if room is None:
            continue
        for name in includes(path):
            other = name.split("/")[0] if "/" in name else room
            if other in ARROWS and other != room \
                    and other not in ARROWS[room] \
                    and (SOURCE / "src" / name).exists():
                wrong.append(f"{path} includes {name}")
    assert wrong == []


def test_the_model_touches_nothing_outside():
    """No Python, no screen, no clock, no input or output."""
    banned = {"time.h", "sys/time.h", "fcntl.h", "poll.h", "termios.h",
              "dlfcn.h", "pthread.h", "signal.h", "unistd.h"}
    assert [f"{path}: {name}" for path in sources("model")
            for name in includes(path) if name in banned] == []


def test_every_source_is_built():
    makefile = read(pathlib.Path("Makefile.am")) + read(
        pathlib.Path("src/engine/engine.am"))
    listed = set(re.findall(r"[\w./-]+\.[ch]\b", makefile))
    wanted = {str(path) for path in CODE if path.suffix in (".c", ".h")
              and path.parts[0] in ("src", "include")}
    wanted |= {str(path) for path in CODE
               if fnmatch.fnmatch(str(path), "tests/unit/test_*.c")}
    assert sorted(wanted - listed) == []


def test_nothing_names_this_machine_or_a_registry():
    here = [re.escape(str(pathlib.Path.home()) + "/"),
            re.escape(str(SOURCE) + "/"), r"/root/\w"]
    hosts = [r"pypi\.org", r"pythonhosted", r"repo1?\.maven",
             r"deb\.debian", r"index-url", r"\w+\.artifactory"]
    pattern = re.compile("|".join(here + hosts))
    found = [f"{path}:{number}: {line.strip()}" for path in TEXTS
             if path.name != pathlib.Path(__file__).name
             for number, line in enumerate(read(path).splitlines(), 1)
             if pattern.search(line)]
    assert found == []


def test_no_rooms_for_odds_and_ends():
    bad = {"util", "utils", "common", "manager", "data", "global", "globals",
           "misc", "helpers"}
    assert [str(path) for path in TEXTS
            if bad & {part.split(".")[0] for part in path.parts}] == []


@pytest.fixture
def options(pymtop):
    """The options that --help lists."""
    done = subprocess.run([pymtop, "--help"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Only names at the head of a line of the list are options.
    names = {name for line in done.stdout.splitlines()
             if re.match(r"\s+-", line)
             for name in re.findall(r"(?<![\w-])-(?:-[a-z][a-z-]+|\w)\b",
                                    re.split(r"\s{2,}", line.strip())[0])}
    assert "--batch" in names and "-o" in names
    return names


@pytest.mark.quick
def test_manual_has_every_option(options):
    text = read(pathlib.Path("man/pymtop.1")).replace("\\-", "-")
    assert sorted(name for name in options if not re.search(
        re.escape(name) + r"(?![\w-])", text)) == []


@pytest.mark.quick
def test_readme_names_no_other_option(options):
    named = {name for line in read(pathlib.Path("README.md")).splitlines()
             if "pymtop " in line
             for name in re.findall(r"(?<![\w-])--[a-z][a-z-]+", line)}
    assert named - options == set()
    assert "--batch" in named
