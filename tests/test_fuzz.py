# SPDX-License-Identifier: MIT
"""What pymtop reads may be anything: see fuzz/.  Seeds made of real runs, and
what was found before, with sanitizers; then a few seconds of libFuzzer each."""

import fcntl
import os
import pathlib
import shutil
import subprocess
import sys

import pytest

import interpreters
from conftest import BUILD, TESTS

pytestmark = pytest.mark.timeout(600)

TARGETS = sorted(path.stem for path in (TESTS / "fuzz").glob("*.c")
                 if "int\nLLVMFuzzerTestOneInput(" in path.read_text())
SECONDS = 5
CLANGS = ["clang", *(f"clang-{version}" for version in range(19, 13, -1))]


@pytest.fixture(scope="session")
def make():
    """make(target, *variables) in the build folder, one at a time."""
    def run(*words):
        with open(BUILD / "fuzz.lock", "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            done = subprocess.run(["make", "-j2", "-C", str(BUILD), *words],
                                  text=True, capture_output=True)
        assert done.returncode == 0, done.stdout + done.stderr
    return run


@pytest.fixture(scope="session")
def seeds(pymtop, tmp_path_factory):
    """A corpus for each target."""
    folder = tmp_path_factory.mktemp("seeds")
    subprocess.run(
        [sys.executable, str(TESTS / "fuzz/seeds.py"), pymtop, str(folder),
         *(one.path for one in interpreters.found() if not one.fetched)],
        check=True)
    assert sorted(path.name for path in folder.iterdir()) == TARGETS
    return folder


@pytest.fixture(scope="session")
def fuzzer(tmp_path_factory):
    """A clang with libFuzzer."""
    code = tmp_path_factory.mktemp("fuzzer") / "empty.c"
    code.write_text("int LLVMFuzzerTestOneInput(const char *data, "
                    "unsigned long size) { return 0; }")
    for name in CLANGS:
        if shutil.which(name) and subprocess.run(
                [name, "-w", "-fsanitize=fuzzer,address,undefined", str(code),
                 "-o", str(code.with_suffix(""))],
                capture_output=True).returncode == 0:
            return name
    return None


def run(command, **how):
    done = subprocess.run([str(word) for word in command], text=True,
                          capture_output=True, errors="replace", **how)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize("target", TARGETS)
def test_seeds(make, seeds, target):
    make("replay")
    text = run([BUILD / "replay" / target, seeds / target], timeout=120)
    assert int(text.split()[0]) == len(list((seeds / target).iterdir())) > 1


@pytest.mark.parametrize("target", TARGETS)
def test_fuzz(make, seeds, fuzzer, target, tmp_path):
    if fuzzer is None:
        pytest.skip("no clang with libFuzzer here")
    make("fuzz", f"FUZZ_CC={fuzzer}")
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    text = run([BUILD / "fuzz" / target, f"-max_total_time={SECONDS}",
                "-max_len=16384", "-rss_limit_mb=2000", "-timeout=60",
                f"-artifact_prefix={tmp_path}/", corpus, seeds / target],
               timeout=300, env={**os.environ, "TMPDIR": str(tmp_path)})
    assert " runs in " in text


def test_what_is_wrong_is_seen(make, tmp_path):
    """A target whose check does not hold, and a read behind the input."""
    make("replay")
    (tmp_path / "seed").write_bytes(b"abc")
    top = TESTS.parent
    for line, words in (("fuzz_check(size != 3);", "not so: size != 3"),
                        ("return data[size] == 7;", "heap-buffer-overflow")):
        target = tmp_path / "wrong.c"
        target.write_text(
            '#include "fuzz.h"\nint LLVMFuzzerTestOneInput('
            "const uint8_t *data, size_t size) { " + line + " return 0; }\n")
        subprocess.run(
            [os.environ.get("CC", "gcc"), "-w", "-fsanitize=address",
             f"-I{top}/tests/fuzz", str(target), f"{top}/tests/fuzz/replay.c",
             "-o", str(tmp_path / "wrong")], check=True)
        done = subprocess.run([tmp_path / "wrong", tmp_path / "seed"],
                              text=True, capture_output=True)
        assert done.returncode != 0
        assert words in done.stderr
