# SPDX-License-Identifier: MIT
"""What is private stays private, what is not python's is not run, and a hostile
script cannot make pymtop crash: docs/security.md."""

import fcntl
import os
import pathlib
import re
import signal
import stat
import subprocess

import pytest

import interpreters
import scribble
from conftest import SOURCE

SLEEPS = """\
import time
kept = [[i] for i in range(2000)]
print("asleep", flush=True)
time.sleep(60)
"""
OUR_MARKS = ("AddressSanitizer", "runtime error", "Sanitizer")


@pytest.fixture
def batch_process(pymtop, start, tmp_path):
    """pymtop --batch on a script that sleeps, its region there."""
    script = tmp_path / "sleeps.py"
    script.write_text(SLEEPS)
    run = subprocess.Popen(
        [pymtop, "--batch", *start.options, "-o", tmp_path / "report.txt",
         script], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, errors="replace")
    assert run.stdout.readline() == "asleep\n"
    child = child_of(run.pid)
    yield run
    if run.poll() is None:
        os.kill(child, signal.SIGKILL)
        run.communicate()


def child_of(pid):
    children = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    for child in children.split():
        words = pathlib.Path(f"/proc/{child}/cmdline").read_bytes()
        if b"sleeps.py" in words and b"--batch" not in words:
            return int(child)
    return None


# --- the region ----------------------------------------------------------------

def test_the_region_is_private_and_sealed(batch_process):
    fd = scribble.region_of(batch_process.pid)
    assert stat.S_IMODE(os.fstat(fd).st_mode) == 0o600
    assert os.fstat(fd).st_uid == os.getuid()
    seals = fcntl.fcntl(fd, scribble.FCNTL_GET_SEALS)
    assert seals & 7 == 7           # seal, shrink, grow
    with pytest.raises(PermissionError):
        os.ftruncate(fd, 4096)
    os.close(fd)
    child = child_of(batch_process.pid)
    links = [os.readlink(link) for link in
             pathlib.Path(f"/proc/{child}/fd").iterdir()]
    assert not any("pymtop" in link for link in links)


def test_a_hostile_region_does_not_crash_the_report(batch_process, tmp_path):
    assert scribble.Scribbler(batch_process.pid, 1).scribble(1.5) > 1000
    os.kill(child_of(batch_process.pid), signal.SIGKILL)
    said = batch_process.communicate(timeout=60)[1]
    assert batch_process.returncode in (-signal.SIGKILL, 125), said
    assert not any(mark in said for mark in OUR_MARKS), said
    report = tmp_path / "report.txt"
    text = said + (report.read_text() if report.exists() else "")
    assert "\x1b" not in text


@pytest.mark.parametrize("seed", [1, 2])
def test_a_hostile_region_does_not_crash_the_screen(screen, seed):
    terminal = screen(interpreters.starts(proven=True)[-1], SLEEPS)
    terminal.wait_for("lines")
    scribbler = scribble.Scribbler(terminal.pid, seed)
    for key in ["1", "2", "3", "4", "*", "6", "s", "d", "1", "c", "t", "l",
                "p", "p", "g", "G", "ENTER", "ESC"]:
        scribbler.scribble(0.1)
        terminal.send(key)
        terminal.pump(0.05)
    assert terminal.poll() is None, terminal.text
    terminal.kill(signal.SIGTERM)
    assert terminal.wait() == -signal.SIGTERM
    assert not any(mark in terminal.text for mark in OUR_MARKS)


def test_a_refusal_is_made_safe(pymtop, start, tmp_path):
    """The script's process says itself that it cannot be traced."""
    script = tmp_path / "refuses.py"
    script.write_text(
        "import ctypes, os\n"
        "maps = [l for l in open('/proc/self/maps') if 'memfd:pymtop' in l]\n"
        "heads = [int(l.split('-')[0], 16) for l in maps\n"
        "         if int(l.split()[2], 16) == 4096]\n"
        "for at in heads:\n"
        "    refusal = at + 68\n"     # offsetof(struct slot_head, refusal)
        "    ctypes.memmove(refusal, b'\\x1b[31mred\\x07\\n' * 60, 256)\n"
        "    ctypes.memmove(at, b'\\4\\0\\0\\0', 4)\n"
        "os._exit(3)\n")
    done = subprocess.run([pymtop, "--batch", *start.options, script],
                          capture_output=True, text=True)
    assert done.returncode == 125
    assert "[31mred" in done.stderr
    assert "\x1b" not in done.stderr and "\x07" not in done.stderr
    assert done.stderr.count("\n") == 1


# --- files ---------------------------------------------------------------------

@pytest.mark.parametrize("mask, mode", [(0o077, 0o600), (0o022, 0o644)])
def test_a_report_has_the_mode_that_was_asked_for(pymtop, start, tmp_path,
                                                  mask, mode):
    report = tmp_path / "report.json"
    subprocess.run([pymtop, "--batch", *start.options, "--format", "json",
                    "-o", report, "-c", "1"], check=True, umask=mask)
    assert stat.S_IMODE(report.stat().st_mode) == mode


def cached(pymtop, start, cache):
    done = subprocess.run([pymtop, "--batch", *start.options, "-o", "/dev/null",
                           "-c", "print('ran')"], capture_output=True,
                          text=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    assert (done.returncode, done.stdout) == (0, "ran\n"), done.stderr
    return sorted(cache.glob("pymtop/*"))


def test_a_cache_that_others_can_write_is_none(pymtop, start, tmp_path):
    (tmp_path / "pymtop").mkdir()
    (tmp_path / "pymtop").chmod(0o777)
    assert cached(pymtop, start, tmp_path) == []
    (tmp_path / "pymtop").chmod(0o700)
    assert len(cached(pymtop, start, tmp_path)) == 1


def test_a_cache_behind_a_link_is_none(pymtop, start, tmp_path):
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "pymtop").symlink_to("elsewhere")
    assert cached(pymtop, start, tmp_path) == []


@pytest.mark.skipif(os.getuid() != 0, reason="needs another user's directory")
def test_another_users_cache_is_none(pymtop, start, tmp_path):
    (tmp_path / "pymtop").mkdir(mode=0o755)
    os.chown(tmp_path / "pymtop", 65534, 65534)
    assert cached(pymtop, start, tmp_path) == []


# --- what is run ---------------------------------------------------------------

MODULES = ["os", "sys", "posix", "encodings", "codecs", "io", "abc", "site",
           "sitecustomize", "usercustomize", "sysconfig", "posixpath", "stat",
           "_collections_abc", "linecache", "types", "warnings"]


@pytest.fixture
def trapped(tmp_path):
    """A directory of traps: modules and programs that say that they ran."""
    folder = tmp_path / "traps"
    folder.mkdir()
    said = tmp_path / "said"
    said.mkdir()
    for name in MODULES:
        (folder / f"{name}.py").write_text(f"open({str(said / name)!r}, 'w')\n")
    for name in ("python3", "python", "pymtop-runner", "sh", "vi", "env"):
        program = folder / name
        program.write_text(f"#!/bin/sh\n: >{said}/{name}\n")
        program.chmod(0o755)
    (folder / "pymtop-engine.so").write_text("no library")
    return folder, said


def forget(said):
    """The names of what ran; the next time it is only what is new."""
    names = sorted(path.name for path in said.iterdir())
    for name in names:
        (said / name).unlink()
    return names


def test_nothing_of_the_current_directory_is_run(pymtop, start, trapped,
                                                 tmp_path):
    folder, said = trapped
    script = tmp_path / "script.py"
    script.write_text("print('ran')\n")
    for words in (["-c", "print('ran')"], [script]):
        plain = subprocess.run([start.python.path, *words], cwd=folder,
                               capture_output=True, text=True)
        # From 3.13 on -c looks for linecache, and so meets what lies here.
        assert plain.stdout == "ran\n" or words[0] == "-c"
        usual = forget(said)
        done = subprocess.run(
            [pymtop, "--batch", *start.options, "-o", "/dev/null", *words],
            cwd=folder, capture_output=True, text=True,
            env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "none")})
        assert (done.returncode, done.stdout) \
            == (plain.returncode, plain.stdout), done.stderr
        assert forget(said) == usual


def test_a_relative_virtual_environment_is_refused(pymtop, trapped):
    folder, said = trapped
    (folder / "bin").mkdir()
    (folder / "python").rename(folder / "bin/python")
    done = subprocess.run([pymtop, "--batch", "-c", "1"], cwd=folder,
                          capture_output=True, text=True,
                          env={**os.environ, "VIRTUAL_ENV": "."})
    assert done.returncode == 127
    assert "not an absolute path" in done.stderr
    assert list(said.iterdir()) == []


def test_variables_of_ours_from_outside_do_nothing(pymtop, start, tmp_path):
    evil = {"PYMTOP_REGION": "0", "PYMTOP_LIBPYTHON": str(tmp_path / "evil.so"),
            "PYMTOP_LD_PRELOAD": str(tmp_path / "evil.so")}
    done = subprocess.run(
        [pymtop, "--batch", *start.options, "-o", "/dev/null", "-c",
         "import os; print(sorted(k for k in os.environ if k in "
         f"{sorted(evil)} or k == 'LD_PRELOAD'))"],
        capture_output=True, text=True, env={**os.environ, **evil})
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


def test_no_shell():
    called = re.compile(r"\b(system|popen|wordexp|execl\w*|tmpnam|mktemp)\s*\(")
    # The script's own system() passes through exec_system.c.
    assert [f"{path.name}: {line.strip()}" for path in SOURCE.glob("src/*/*.c")
            if path.name not in ("exec.c", "exec_system.c")
            for line in path.read_text().splitlines()
            if called.search(line)] == []
    assert not list(pathlib.Path("/dev/shm").glob("*pymtop*"))


# --- a region that is gone -----------------------------------------------------

def test_a_number_used_again_is_no_region(pymtop, start, tmp_path):
    """pymtop is gone, and its number and descriptor are another file's: a
    forked child must not write there."""
    script = tmp_path / "forks.py"
    script.write_text(
        "import ctypes, os, struct, sys\n"
        "victim = os.open(sys.argv[1], os.O_RDWR)\n"
        "maps = [l for l in open('/proc/self/maps') if 'memfd:pymtop' in l\n"
        "        and int(l.split()[2], 16) == 0]\n"
        "at = int(maps[0].split('-')[0], 16)\n"
        "header = ctypes.string_at(at, 4096)\n"
        "where = header.index(struct.pack('<i', os.getppid()), 100)\n"
        "ctypes.memmove(at + where, struct.pack('<ii', os.getpid(), victim), 8)\n"
        "child = os.fork()\n"
        "if child == 0:\n"
        "    kept = [[i] for i in range(1000)]\n"
        "    os._exit(0)\n"
        "print(os.waitpid(child, 0)[1])\n")
    victim = tmp_path / "victim"
    with open(victim, "wb") as file:
        file.truncate(1 << 36)
    before = victim.stat()
    done = subprocess.run([pymtop, "--batch", *start.options, "-o", "/dev/null",
                           script, victim], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, "0\n"), done.stderr
    after = victim.stat()
    assert (after.st_blocks, after.st_mtime_ns) == (before.st_blocks,
                                                    before.st_mtime_ns)
