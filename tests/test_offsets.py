# SPDX-License-Identifier: MIT
"""Every row of src/engine/offsets_rows.h is what that version's own headers
say; so for each set of headers found on this machine."""

import ctypes
import os
import pathlib
import re
import subprocess

import pytest

import interpreters
import rooted
from conftest import BUILD

SOURCE = pathlib.Path(__file__).resolve().parent.parent
COMPILER = os.environ.get("CC", "cc")
# For the machine that is compiled for.
ROWS = subprocess.run(
    [COMPILER, "-E", "-dM", "-x", "c", SOURCE / "src/engine/offsets_rows.h"],
    check=True, text=True, capture_output=True).stdout


def parse(text, flavour=""):
    """{minor: {field: value as written}} of all rows in a text; flavour "T":
    of free-threaded builds (test_free_threaded.py)."""
    rows = {}
    for minor, row in re.findall(
            rf"#define OFFSETS_3_(\d+){flavour} \{{(.*?)\}}", text,
            re.DOTALL):
        rows[int(minor)] = dict(re.findall(r"\.(\w+) = (-?\w+)", row))
    return rows


def differences(row, printed):
    return [f"{field}: {row.get(field)}, headers say {printed.get(field)}"
            for field in sorted(row.keys() | printed.keys())
            if row.get(field) != printed.get(field)]


def header_sets():
    """Include folders, with the interpreter of those to be fetched."""
    result = {}
    for path in sorted(pathlib.Path("/usr/include").glob("python3.*")):
        if path.name[8:].isdigit():
            result[path] = None
    for interpreter in interpreters.found():
        prefix = pathlib.Path(interpreter.path).parent.parent
        path = prefix / "include" / f"python3.{interpreter.minor}"
        if interpreter.rooted:
            path = rooted.root(interpreters.CACHE) / "usr/include" / path.name
            if (path / "Python.h").exists():
                result[path] = None
        elif interpreter.fetched:
            result[path] = interpreter
        elif prefix != pathlib.Path("/usr") and (path / "Python.h").exists():
            result[path] = None
    return [(path, fetched) for path, fetched in result.items()
            if int(path.name[8:]) in interpreters.MINORS]


@pytest.fixture(params=header_sets(),
                ids=lambda one: str(one[0]).strip("/").replace("/", "."))
def headers(request):
    path, fetched = request.param
    if fetched is not None:
        interpreters.ready(interpreters.Start(fetched, "preload"))
    return path


@pytest.mark.quick
def test_row_is_what_the_headers_say(headers, tmp_path):
    program = tmp_path / "print_offsets"
    subprocess.run(
        [COMPILER, "-w", f"-I{headers}", f"-I{headers}/internal",
         "-idirafter", str(headers.parent), str(SOURCE / "tools/print_offsets.c"),
         "-o", str(program)], check=True)
    text = subprocess.run([str(program)], check=True, text=True,
                          capture_output=True).stdout
    (minor, printed), = parse(text).items()
    assert headers.name == f"python3.{minor}"
    assert differences(parse(ROWS)[minor], printed) == [], (
        f"put this into src/engine/offsets_rows.h:\n{text}")


@pytest.mark.quick
def test_every_version_has_a_row_with_every_field():
    text = (SOURCE / "src/engine/offsets.h").read_text()
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    body = re.search(r"struct offsets \{(.*?)\n\};", text, re.DOTALL).group(1)
    fields = {name.split()[-1]
              for declaration in body.split(";") if declaration.strip()
              for name in declaration.split(",")}
    rows = parse(ROWS)
    assert sorted(rows) == list(interpreters.MINORS)
    free_threaded, = parse(ROWS, "T").values()
    assert free_threaded.keys() == fields
    fields.remove("free_threaded")
    for minor, row in rows.items():
        assert row["minor"] == str(minor)
        assert row.keys() == fields, minor


def test_a_wrong_row_is_seen():
    rows = parse(ROWS)
    for minor, row in rows.items():
        for field in row:
            wrong = dict(row, **{field: row[field] + "1"})
            assert len(differences(wrong, row)) == 1, (minor, field)
            del wrong[field]
            assert len(differences(wrong, row)) == 1, (minor, field)


# What no test at start can tell: constants, and what is no offset that anything
# leads to.  Free lists are checked when they are used (free_lists.c).
UNTOLD = {"minor", "instr_kind", "mark_kind", "owner_generator",
          "owner_shim", "code_firsttraceable", "preheader_flags"} | {
              field for field in parse(ROWS)[12]
              if field.split("_")[0] in ("tuple", "float", "list", "dict")}


def layout():
    """The fields of struct offsets as the compiler lays them out."""
    text = re.sub(r"/\*.*?\*/", "", (
        SOURCE / "src/engine/offsets.h").read_text(), flags=re.DOTALL)
    body = re.search(r"struct offsets \{(.*?)\n\};", text, re.DOTALL).group(1)
    fields = []
    for declaration in body.split(";"):
        if declaration.strip():
            kind = ctypes.c_uint64 if "uint64_t" in declaration \
                else ctypes.c_int
            fields += [(name.split()[-1], kind)
                       for name in declaration.split(",")]
    return type("Offsets", (ctypes.Structure,), {"_fields_": fields})


@pytest.fixture(params=interpreters.found(), ids=lambda one: one.name)
def version(request):
    mode = "embed" if interpreters.is_shared(request.param) else "preload"
    return interpreters.ready(interpreters.Start(request.param, mode))


def test_a_wrong_row_is_refused(version, tmp_path):
    """Before the script runs, in words, for each field of the row."""
    minor = version.python.minor
    fields = [name for name, value in parse(ROWS)[minor].items()
              if value != "-1" and name not in UNTOLD
              # In 3.11 all frames have owner 0, as much else there.
              and (name, minor) != ("frame_owner", 11)
              # Before 3.11 Python cannot be asked to change it.
              and not (name == "tstate_tracing" and minor < 11)]
    assert len(fields) > 20
    wrong = []

    def run(perturb):
        return subprocess.run(
            [BUILD / "verify/pymtop", "--batch", "-o", os.devnull,
             *version.options, "-c", "print('it ran')"],
            capture_output=True, text=True, timeout=60,
            env={**os.environ, "PYMTOP_VERIFY_PERTURB": perturb,
                 "PYMTOP_VERIFY_FILE": str(tmp_path / "verified")})

    done = run("")
    assert (done.returncode, done.stdout) == (0, "it ran\n"), done.stderr
    for field in fields:
        done = run(f"row:{getattr(layout(), field).offset + 1}")
        if (done.returncode, done.stdout) != (125, "") or not re.fullmatch(
                f"pymtop: this Python 3.{minor} keeps .* elsewhere "
                "than the releases that pymtop knows\n", done.stderr):
            wrong.append((field, done.returncode, done.stdout, done.stderr))
    assert wrong == []
