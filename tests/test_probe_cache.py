# SPDX-License-Identifier: MIT
"""What an interpreter answered is remembered, and never wrongly."""

import os
import shutil
import stat
import subprocess

import pytest


@pytest.fixture
def cached(pymtop, tmp_path):
    """cached(python) is (entries of the cache, what the script prints)."""
    home = tmp_path / "home"

    def run(python, **environment):
        env = {**os.environ, "XDG_CACHE_HOME": str(home), **environment}
        done = subprocess.run(
            [pymtop, "--batch", "--python", str(python), "-c",
             "import sys; print(sys.executable, sys.prefix)"],
            env=env, capture_output=True, text=True, timeout=60,
            cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        folder = home / "pymtop"
        return (sorted(folder.iterdir()) if folder.is_dir() else [],
                done.stdout)
    return run


@pytest.mark.quick
def test_one_entry_for_one_interpreter(start, cached):
    entries, first = cached(start.python.path)
    assert len(entries) == 1
    assert stat.S_IMODE(entries[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(entries[0].parent.stat().st_mode) == 0o700
    before = entries[0].stat().st_mtime_ns
    again, second = cached(start.python.path)
    assert again == entries and second == first
    assert again[0].stat().st_mtime_ns == before


@pytest.mark.quick
@pytest.mark.parametrize("content", [b"", b"nonsense", b"\0" * 100])
def test_a_broken_entry_is_asked_again(start, cached, content):
    entries, first = cached(start.python.path)
    whole = entries[0].read_bytes()
    for broken in content, whole[:len(whole) // 2], whole[:-3]:
        entries[0].write_bytes(broken)
        assert cached(start.python.path)[1] == first
        assert entries[0].read_bytes() == whole


def test_an_entry_that_others_can_write_is_not_used(start, cached):
    entries, _ = cached(start.python.path)
    wrong = entries[0].read_bytes().replace(b"cpython", b"no_such")
    entries[0].write_bytes(wrong)
    entries[0].chmod(0o666)
    cached(start.python.path)
    assert entries[0].read_bytes() != wrong


def test_a_place_that_cannot_be_written_is_ignored(start, cached):
    assert cached(start.python.path, XDG_CACHE_HOME="/proc/none")[0] == []
    assert cached(start.python.path, XDG_CACHE_HOME="/dev/null")[0] == []


def test_a_shim_is_asked_every_time(start, cached, tmp_path):
    shim = tmp_path / "python"
    shim.write_text(f'#!/bin/sh\nexec "{start.python.path}" "$@"\n')
    shim.chmod(0o755)
    entries, first = cached(shim)
    assert entries == []
    shim.write_text("#!/bin/sh\nexec /usr/bin/python3 \"$@\"\n")
    assert cached(shim)[1].split()[0].startswith("/usr/bin/python3")


def test_a_virtual_environment_is_its_own(start, cached, tmp_path):
    folder = tmp_path / "venv"
    subprocess.run([start.python.path, "-m", "venv", "--without-pip",
                    str(folder)], check=True)
    python = folder / "bin" / "python"
    cached(start.python.path)
    entries, words = cached(python)
    assert len(entries) == 2
    assert words.split() == [str(python), str(folder)]
    assert cached(python)[1] == words
    shutil.rmtree(folder)
