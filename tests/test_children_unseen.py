# SPDX-License-Identifier: MIT
"""Nobody can see that children are followed: not the script, not they, not
what is no Python."""

import os
import pathlib
import re
import shutil
import subprocess
import textwrap

import pytest

import interpreters
import monitor
import processes

CHOSEN = monitor.any_start()


@pytest.fixture
def same_output(pymtop, tmp_path):
    """same_output(start, code, env) is what a script of this code prints, in
    plain python and under pymtop."""
    def run(start, text, env=None):
        script = tmp_path / "script.py"
        script.write_text(textwrap.dedent(text))

        def output(command):
            done = subprocess.run(command, env=env, text=True, timeout=60,
                                  capture_output=True,
                                  stdin=subprocess.DEVNULL)
            assert done.returncode == 0, done.stderr
            return done.stdout

        plain = output([start.python.path, script])
        assert output([pymtop, "--batch", "-o", "/dev/null", *start.options,
                       script]) == plain
        return plain
    return run


ENVIRONMENT = """
    import json, os, subprocess, sys
    ask = "import json, os; print(json.dumps(list(os.environ.items())))"
    print(json.dumps(list(os.environ.items())))
    for command in ([sys.executable, "-c", ask],
                    ["sh", "-c", "env"], ["env"],
                    ["sh", "-c", f"exec {sys.executable} -c '{ask}'"],
                    ["bash", "-c", "bash -c 'env; declare -p LD_PRELOAD'"]):
        done = subprocess.run(command, capture_output=True, text=True)
        print(command, done.returncode, done.stdout, done.stderr)
    sys.stdout.flush()
    os.system("env")
    for command in "exit 3", "kill -9 $$", "no-such-program 2>&1":
        print(command, os.system(command), flush=True)
    os.posix_spawnp("env", ["env"], {"ONLY": "this"})
    os.wait()
    os.execlp("sh", "sh", "-c", "env")
    """


@pytest.mark.parametrize("preload", [None, "", "libBrokenLocale.so.1"])
def test_environment_is_as_typed(request, start, same_output, preload):
    """In the script and whatever it starts."""
    if preload:
        request.getfixturevalue("without_sanitizers")
    env = {**os.environ, "Z": "1"}
    if preload is not None:
        env["LD_PRELOAD"] = preload
    env["A"] = "2"
    assert same_output(start, ENVIRONMENT, env).count("A=2") >= 5


def test_preloads_of_the_user_stay(follow, start):
    """They are loaded in the script's children, after ours."""
    maps = "print('libBrokenLocale' in open('/proc/self/maps').read())"
    done = follow(start, f"""
        import os, subprocess, sys
        os.environ["LD_PRELOAD"] = "libBrokenLocale.so.1"
        subprocess.run([sys.executable, "-c", "{maps}"])
        """)
    assert done.stdout == "True\n", done.stderr
    child, = done.report["processes"][1:]
    assert child["traced"]


@pytest.mark.parametrize("version", ["2.7", "3.8"])
def test_python_that_cannot_be_traced(follow, start, version):
    """It runs as it would, and the report says so."""
    paths = sorted(interpreters.PYENV.glob(f"{version}.*/bin/python{version}"))
    if not paths:
        pytest.skip(f"no Python {version}")
    done = follow(start, f"""
        import subprocess
        print(subprocess.run(["{paths[-1]}", "-c",
                              "import sys; print(sys.argv); sys.exit(3)"],
                             capture_output=True, text=True))
        """)
    assert "returncode=3, stdout=\"['-c']\\n\", stderr='')" in done.stdout
    child, = done.report["processes"][1:]
    assert not child["traced"] and child["bytes_now"] == 0
    assert f"Python {version}." in child["refusal"]
    assert "is not supported" in child["refusal"]


SHARED = """
int Py_BytesMain(int argc, char **argv);
int main(int argc, char **argv) { return Py_BytesMain(argc, argv); }
"""


def test_shared_python_of_an_unknown_version(follow, tmp_path):
    """Its calls meet ours all the same, and find its own.  The executable is
    made here: that of Debian has its library inside."""
    library = interpreters.libpython(CHOSEN.python.path)
    if not library:
        pytest.skip(f"{CHOSEN.python.path} has no libpython")
    minor = CHOSEN.python.minor
    known, other = f"3.{minor}.".encode(), b"3.8." if minor < 10 else b"3.99."
    folder = tmp_path / "lib"
    folder.mkdir()
    data = pathlib.Path(library).read_bytes()
    copy = folder / os.path.basename(library)
    copy.write_bytes(
        re.sub(re.escape(known) + rb"(\d+\0)", other + rb"\1", data))
    subprocess.run(["cc", "-x", "c", "-", "-o", tmp_path / "python",
                    "-x", "none", copy, f"-Wl,-rpath,{folder}"],
                   input=SHARED, text=True, check=True)
    done = follow(CHOSEN, f"""
        import os, subprocess, sys
        code = "import sys; print(sys.version.split()[0], list('abc'))"
        print(subprocess.run(["{tmp_path}/python", "-c", code], text=True,
              capture_output=True, env={{"PYTHONHOME": sys.base_prefix}}))
        """)
    assert f"returncode=0, stdout=\"{other.decode()}" in done.stdout
    assert "['a', 'b', 'c']" in done.stdout
    child, = done.report["processes"][1:]
    assert not child["traced"] and "is not supported" in child["refusal"]


DOUBLE = """
import ctypes, os
words = [b"A=1", b"LD_PRELOAD=", b"B=2", b"LD_PRELOAD=libBrokenLocale.so.1"]
argv = (ctypes.c_char_p * 2)(b"env", None)
envp = (ctypes.c_char_p * (len(words) + 1))(*words, None)
if os.fork() == 0:
    ctypes.CDLL(None).execve(b"/usr/bin/env", argv, envp)
os.wait()
pid = ctypes.c_int()
ctypes.CDLL(None).posix_spawn(ctypes.byref(pid), b"/usr/bin/env", None, None,
                              argv, envp)
os.wait()
"""


def test_two_words_of_one_name(start, same_output):
    """Which of them counts is not ours to say: passed on as they are."""
    printed = same_output(start, DOUBLE)
    assert printed.count("LD_PRELOAD=libBrokenLocale.so.1") == 2


NO_PYTHON = """
    #include <stdio.h>
    #include <string.h>
    extern char **environ;
    int main(void)
    {
        int ours = 0;
        for (char **word = environ; *word != NULL; word++) {
            ours += strncmp(*word, "PYMTOP_F", 8) == 0
                || strncmp(*word, "LD_PRELOAD", 10) == 0;
        }
        return ours;
    }
    """


@pytest.mark.parametrize("flags", [["-static"], ["-fsanitize=address"], []],
                         ids=["static", "sanitizer", "plain"])
def test_programs_that_are_no_python(follow, tmp_path, flags):
    """They see nothing of it, whatever they are linked with."""
    program = tmp_path / "program"
    built = subprocess.run(["cc", *flags, "-x", "c", "-", "-o", program],
                           input=textwrap.dedent(NO_PYTHON), text=True,
                           capture_output=True)
    if built.returncode != 0:
        pytest.skip(f"cc cannot: {built.stderr}")
    done = follow(CHOSEN, f"""
        import os, subprocess
        print(subprocess.run(["{program}"]).returncode)
        print(os.system("{program}"))
        print(os.spawnv(os.P_WAIT, "{program}", ["program"]))
        """)
    assert (done.stdout, done.stderr) == ("0\n0\n0\n", "")
    assert len(done.report["processes"]) == 1 + 1   # spawnv forks first


def test_children_of_a_dead_pymtop(start, pymtop, tmp_path):
    """pymtop is gone: what the script starts runs untraced, and clean."""
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent("""
        import os, signal, subprocess, sys, time
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        parent = os.getppid()
        os.kill(parent, signal.SIGKILL)
        while os.getppid() == parent:
            time.sleep(0.01)
        done = subprocess.run([sys.executable, "-c", "print(1)"],
                              capture_output=True, text=True)
        pid = os.fork()
        if pid == 0:
            held = bytearray(1_000_000)
            os._exit(7)
        with open("found", "w") as file:
            print(done.returncode, done.stdout, repr(done.stderr),
                  os.waitpid(pid, 0)[1] >> 8, file=file)
        os.rename("found", "done")
        """))
    subprocess.run([pymtop, "--batch", *start.options, script], cwd=tmp_path,
                   capture_output=True, timeout=60)
    found = processes.until(lambda: (tmp_path / "done").exists()
                            and (tmp_path / "done").read_text())
    assert found == "0 1\n '' 7\n"


def test_one_that_may_not_read_the_region(follow, start):
    """A child with less than pymtop may do runs as ever, not traced."""
    if os.getuid() != 0 or not shutil.which("setpriv"):
        pytest.skip("takes root, and setpriv")
    done = follow(start, """
        import subprocess, sys
        done = subprocess.run(["setpriv", "--bounding-set=-all",
                               sys.executable, "-c", "print(list('abc'))"])
        print(done.returncode)
        """)
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout == "['a', 'b', 'c']\n0\n"


def test_no_slot_left(follow, start):
    """Neither for forks nor for another Python: all run as ever."""
    done = follow(start, """
        import os, signal, subprocess, sys
        kids = []
        read, write = os.pipe()
        for n in range(530):
            kids.append(os.fork())
            if kids[-1] == 0:
                kept = [[n] for n in range(200)]
                os.write(write, b"x")
                signal.pause()
        there = 0
        while there < 530:
            there += len(os.read(read, 999))
        code = "print(len([[n] for n in range(1000)]))"
        print(subprocess.run([sys.executable, "-c", code],
                             capture_output=True))
        for kid in kids:
            os.kill(kid, signal.SIGKILL)
            os.waitpid(kid, 0)
        """)
    assert (done.status, done.stderr) == (0, "")
    assert "returncode=0, stdout=b'1000\\n', stderr=b''" in done.stdout
    assert done.report["processes_refused"] >= 20


# An environment as long as there may be one, found by halving.
FULL = """
import os, subprocess, sys
def fits(start, size):
    words = {f"A{n}": "x" * 100_000 for n in range(size // 100_000)}
    words["B"] = "x" * (size % 100_000)
    try:
        return start(words)
    except OSError:
        return False
def spawn(words):
    pid = os.posix_spawn("/bin/true", ["true"], words)
    return os.waitpid(pid, 0)[1] == 0
def run(words):
    return subprocess.run(["/bin/true"], env=words).returncode == 0
for start in spawn, run:
    low, high = 100_000, 10_000_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(start, middle) else (low, middle)
    print(low)
"""


def test_an_environment_that_just_fits(start, same_output):
    """Our words are left out then."""
    assert same_output(start, FULL).count("\n") == 2
