# SPDX-License-Identifier: MIT
"""What pymtop itself takes, and what it passes on; test_fidelity.py has the
many ways to use python."""

import os
import pathlib
import subprocess

import pytest

def compare(pymtop, start, args, cwd, stdin="", **env):
    """Run both; returns what pymtop's gave after comparing it."""
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", **env)
    args = [arg.replace("{cwd}", str(cwd)) for arg in args]
    how = dict(input=stdin, capture_output=True, text=True, cwd=cwd, env=env,
               timeout=60)
    plain = subprocess.run([start.python.path, *args], **how)
    ours = subprocess.run([pymtop, "--batch", "-o", "/dev/null",
                           *start.options, *args], **how)
    assert ours.stdout == plain.stdout
    assert ours.stderr == plain.stderr
    assert ours.returncode == plain.returncode
    return ours


def test_preloaded_library(pymtop, without_sanitizers, start, tmp_path):
    """The user's own LD_PRELOAD is loaded and seen, in its place."""
    code = ("import os; print([*os.environ.items()],"
            " 'libm.so.6' in open('/proc/self/maps').read())")
    done = compare(pymtop, start, ["-c", code], tmp_path,
                   LD_PRELOAD="libm.so.6")
    assert "('LD_PRELOAD', 'libm.so.6')" in done.stdout


def test_virtual_environment(pymtop, start, tmp_path):
    """Its prefix, its executable, its packages: by --python and by
    $VIRTUAL_ENV."""
    venv = tmp_path / "venv"
    subprocess.run([start.python.path, "-m", "venv", "--without-pip",
                    "--symlinks", venv], check=True)
    python = str(venv / "bin" / "python")
    code = ("import sys; print(sys.prefix, sys.base_prefix, sys.executable,"
            " sys.path)")
    plain = subprocess.check_output([python, "-c", code], cwd=tmp_path)
    by_path = subprocess.check_output(
        [pymtop, "--batch", "-o", "/dev/null", "--start", start.mode, "-p",
         python, "-c", code], cwd=tmp_path)
    by_name = subprocess.check_output(
        [pymtop, "--batch", "-o", "/dev/null", "--start", start.mode, "-c",
         code], cwd=tmp_path, env=dict(os.environ, VIRTUAL_ENV=str(venv)))
    assert by_path == plain
    assert by_name == plain
    assert str(venv).encode() in plain


def test_threads_and_asyncio(pymtop, start, tmp_path):
    """The script's thread is the main one and alone."""
    code = """\
import asyncio, os, signal, threading, atexit
atexit.register(print, "atexit")
print(threading.current_thread() is threading.main_thread(),
      threading.main_thread().native_id == os.getpid(),
      os.listdir("/proc/self/task") == [str(os.getpid())])
async def main():
    loop = asyncio.get_running_loop()
    got = asyncio.Event()
    loop.add_signal_handler(signal.SIGUSR1, got.set)
    os.kill(os.getpid(), signal.SIGUSR1)
    await got.wait()
    return await asyncio.gather(*[asyncio.sleep(0, i) for i in range(5)])
print(asyncio.run(main()))
pid = os.fork()
if pid == 0:
    os._exit(5)
print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
worker = threading.Thread(target=print, args=("worker",))
worker.start()
worker.join()
"""
    done = compare(pymtop, start, ["-c", code], tmp_path)
    assert "True True True" in done.stdout


# --- pymtop's own options --------------------------------------------------

BAD = {
    "--bacth": "no such option; did you mean --batch?",
    "--batc x.py": "no such option; did you mean --batch?",
    "--frobnicate x.py": "no such option; pymtop --help lists them",
    "--help-evn": "did you mean --help-env?",
    "-X dev --foo=1 x.py": "--foo: no such option",
    "-X dev --batch x.py": "pymtop's options come before python's",
    "--batch=1 x.py": "--batch: takes no value",
    "--top": "needs a value: --top N",
    "--top -3 x.py": "'-3' is not a number of rows",
    "--top 2x x.py": "'2x' is not a number of rows",
    "--interval soon x.py": "'soon' is not a number of seconds",
    "--interval 0 x.py": "'0' is not a number of seconds",
    "--interval nan x.py": "'nan' is not a number of seconds",
    "--interval inf x.py": "'inf' is not a number of seconds",
    "--refresh 11 x.py": "'11' is not a number from 1 to 10",
    "--format xml x.py": "--format: no 'xml'; there are text, json, csv",
    "--by line x.py": "--by: no 'line'; did you mean lineno?",
    "--by owner x.py":
        "no 'owner'; there are lineno, filename, function, traceback",
    "--sort colour x.py": "--sort: no 'colour'; there are size",
    "--sort growth x.py": "--sort: no 'growth'; there are size",
    "--sort lines --by function x.py": "--sort: no 'lines'; there are size",
    "--start later x.py":
        "--start: no 'later'; there are auto, embed, preload",
    "--color sometimes x.py": "--color: no 'sometimes'",
    "--output": "needs a value: --output FILE",
    "-o": "needs a value",
    "--python= x.py": "needs a value",
    "pytest": "pytest: no such file; did you mean -m pytest?",
    "http.server 8000": "did you mean -m http.server?",
}


@pytest.mark.quick
@pytest.mark.parametrize("words", BAD)
def test_bad_option(pymtop, tmp_path, words):
    done = subprocess.run([pymtop, *words.split(" ")], capture_output=True,
                          text=True, cwd=tmp_path, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("pymtop: ")
    assert done.stderr.count("\n") == 1
    assert BAD[words] in done.stderr


@pytest.mark.quick
def test_help_and_version(pymtop):
    for option in ("--help", "-h"):
        text = subprocess.check_output([pymtop, option, "x.py"], text=True)
        assert text.startswith("usage: pymtop [OPTIONS] SCRIPT")
        assert all(len(line) < 80 for line in text.splitlines())
        for name in ("--batch", "--interval SECONDS", "-o, --output FILE",
                     "-p, --python PATH", "-V, --version"):
            assert name in text
        assert "--help-man" not in text
    for option in ("--version", "-V"):
        text = subprocess.check_output([pymtop, option], text=True)
        assert text.startswith("pymtop ") and text.count("\n") == 1


@pytest.mark.quick
def test_man_has_every_option(pymtop):
    """Help and man page are printed from one table."""
    text = subprocess.check_output([pymtop, "--help"], text=True)
    roff = subprocess.check_output([pymtop, "--help-man"], text=True)
    names = {word.split("=")[0] for line in text.splitlines()
             if line.startswith("  ") for word in line.split()
             if word.startswith("--") and len(word) > 2}
    assert len(names) >= 15
    for name in names:
        assert name.replace("-", "\\-") in roff


@pytest.mark.quick
@pytest.mark.parametrize("spelling", [
    ["--top=3", "--output={report}"], ["--top", "3", "-o", "{report}"],
    ["--top", "3", "-o{report}", "--"],
])
def test_spellings(pymtop, tmp_path, spelling):
    report = tmp_path / "report"
    options = [word.replace("{report}", str(report)) for word in spelling]
    done = subprocess.run(
        [pymtop, "--batch", "--format", "csv", "-p", "/usr/bin/python3",
         *options, "-c", "print('it ran')"], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "it ran\n", "")
    assert report.read_text().count("\n") >= 3


@pytest.mark.quick
def test_unwritable_report_is_found_first(pymtop, tmp_path):
    mark = tmp_path / "ran"
    done = subprocess.run(
        [pymtop, "--batch", "-o", tmp_path / "no" / "report", "-c",
         f"open({str(mark)!r}, 'w')"], capture_output=True, text=True)
    assert done.returncode == 2
    assert done.stderr == (f"pymtop: {tmp_path}/no/report: cannot write it: "
                           "No such file or directory\n")
    assert not mark.exists()


@pytest.mark.quick
def test_full_disk(pymtop):
    if not pathlib.Path("/dev/full").exists():
        pytest.skip("no /dev/full")
    done = subprocess.run([pymtop, "--batch", "-o", "/dev/full", "-c",
                           "print(1)"], capture_output=True, text=True)
    assert done.stdout == "1\n"
    assert done.stderr == ("pymtop: /dev/full: cannot write the report: No "
                           "space left on device\n")
    assert done.returncode == 125
