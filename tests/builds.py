#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""builds.py FOLDER: fetch CPythons that uv installs (python-build-standalone),
laid out as pyenv would, for tests to run on:

    tests/builds.py /tmp/builds
    export PYENV_ROOT=/tmp/builds PYMTOP_TEST_CACHE=/tmp/builds/cache
    PYMTOP_STARTS=3.13-embed,3.14-preload ./bootstrap check test_accuracy.py

They are what the Go module go-embed-python holds, for x86_64 and aarch64, and
are fetched by `go mod download`.  A pip is added: there is none in them."""

import gzip
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

MODULE = "github.com/kluctl/go-embed-python"
# clang, libpython with ThinLTO: shared up to 3.13.1; 3.14.6 is static, with
# tail calls and a JIT that is off.
VERSIONS = {
    "3.10.16": "v0.0.0-3.10.16-20241219-1",
    "3.11.11": "v0.0.0-3.11.11-20241219-1",
    "3.13.1": "v0.0.0-3.13.1-20241219-1",
    "3.14.6": "v0.0.0-3.14.6-20260610-1",
}
MACHINES = {"x86_64": "linux-amd64", "aarch64": "linux-arm64"}
PIP = "pip==25.3"
ENSUREPIP = """\
import glob, os, runpy, sys
here = os.path.dirname(__file__)
sys.path.insert(0, *glob.glob(here + "/pip-*.whl"))
sys.argv[1:] = ["install", "-q", "--no-index", "--find-links", here, "pip"]
runpy.run_module("pip", run_name="__main__")
"""


def fetch(version, machine):
    """The folder of the module's files for a machine."""
    with tempfile.TemporaryDirectory() as empty:
        said = subprocess.run(
            ["go", "mod", "download", "-json", f"{MODULE}@{version}"],
            cwd=empty, check=True, text=True, stdout=subprocess.PIPE).stdout
    return pathlib.Path(json.loads(said)["Dir"],
                        "python/internal/data", MACHINES[machine])


def unpack(source, target):
    """What files.json lists: some links, some files compressed."""
    for entry in json.loads((source / "files.json").read_text())["files"]:
        at = target / entry["name"]
        packed = source / (entry["name"] + ".gz")
        at.parent.mkdir(parents=True, exist_ok=True)
        if entry.get("symlink"):
            at.symlink_to(entry["symlink"])
        elif entry.get("compressed"):
            at.write_bytes(gzip.decompress(packed.read_bytes()))
        elif (source / entry["name"]).is_dir():
            at.mkdir(exist_ok=True)
        else:
            shutil.copyfile(source / entry["name"], at)
        if at.is_file() and not at.is_symlink():
            at.chmod(entry["perm"] & 0o777)


def add_pip(target):
    (library,) = target.glob("lib/python3.*")
    folder = library / "ensurepip"
    folder.mkdir()
    (folder / "__init__.py").touch()
    (folder / "__main__.py").write_text(ENSUREPIP)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q",
                    "--disable-pip-version-check", "--no-deps", "-d", folder,
                    PIP], check=True)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    versions = pathlib.Path(sys.argv[1], "versions")
    for name, version in VERSIONS.items():
        target = versions / name
        if target.exists():
            continue
        new = versions / f"{name}.new"
        shutil.rmtree(new, ignore_errors=True)
        unpack(fetch(version, os.uname().machine), new)
        add_pip(new)
        new.rename(target)


if __name__ == "__main__":
    main()
