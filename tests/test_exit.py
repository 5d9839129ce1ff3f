# SPDX-License-Identifier: MIT
"""Each way a script can end: pymtop ends the same way, and reports."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

import processes

KEEP = "kept = [bytearray(1000) for i in range(1000)]\n"

# Code, and what the shell sees (negative: killed by that signal).
ENDS = {
    "end of the script": ("print('done')", 0),
    "sys.exit()": ("import sys; sys.exit()", 0),
    "sys.exit(0)": ("import sys; sys.exit(0)", 0),
    "sys.exit(3)": ("import sys; sys.exit(3)", 3),
    "sys.exit(300)": ("import sys; sys.exit(300)", 300 & 255),
    "sys.exit(-1)": ("import sys; sys.exit(-1)", 255),
    "sys.exit(text)": ("import sys; sys.exit('it is over')", 1),
    "sys.exit(None)": ("import sys; sys.exit(None)", 0),
    "sys.exit(object)": ("import sys; sys.exit((1, 2))", 1),
    "SystemExit": ("raise SystemExit(7)", 7),
    "exception": ("def f(): raise ValueError('bad row 17')\nf()", 1),
    "assertion": ("assert not kept", 1),
    "out of memory": ("x = bytearray(1 << 60)", 1),
    "recursion": ("def f(): f()\nf()", 1),
    "exit in a thread": ("import threading, sys\n"
                         "t = threading.Thread(target=sys.exit, args=(5,))\n"
                         "t.start(); t.join()", 0),
    "atexit": ("import atexit; atexit.register(print, 'bye')", 0),
    "exit in atexit": ("import atexit, os; atexit.register(os._exit, 9)", 9),
    "closed output": ("import os; os.close(1); print('x')", 120),
    "os._exit(4)": ("import os; os._exit(4)", 4),
    "os.abort()": ("import os; os.abort()", -signal.SIGABRT),
    "SIGSEGV": ("import ctypes; ctypes.string_at(0)", -signal.SIGSEGV),
    "faulthandler": ("import faulthandler, os; faulthandler.enable();"
                     "os.kill(os.getpid(), 11)", -signal.SIGSEGV),
    "SIGFPE": ("import os; os.kill(os.getpid(), 8)", -signal.SIGFPE),
    "SIGKILL": ("import os; os.kill(os.getpid(), 9)", -signal.SIGKILL),
    "SIGTERM": ("import os; os.kill(os.getpid(), 15)", -signal.SIGTERM),
    "SIGHUP": ("import os; os.kill(os.getpid(), 1)", -signal.SIGHUP),
    "SIGPIPE": ("import os, signal\n"
                "signal.signal(signal.SIGPIPE, signal.SIG_DFL)\n"
                "os.kill(os.getpid(), signal.SIGPIPE)", -signal.SIGPIPE),
    "SIGUSR1": ("import os, signal; os.kill(os.getpid(), signal.SIGUSR1)",
                -signal.SIGUSR1),
    "real-time signal": ("import os; os.kill(os.getpid(), 40)", -40),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", -signal.SIGINT),
    "handled SIGTERM": ("import os, signal, sys\n"
                        "signal.signal(15, lambda *_: sys.exit(33))\n"
                        "os.kill(os.getpid(), 15)", 33),
    "daemon thread": ("import threading, time\n"
                      "threading.Thread(target=time.sleep, args=(60,),"
                      " daemon=True).start()", 0),
    "child outlives": ("import os\nif os.fork() == 0:\n"
                       "    os.setsid(); os.close(1); os.close(2)\n"
                       "    import time; time.sleep(0.3); os._exit(1)", 0),
}


@pytest.mark.parametrize("end", ENDS)
def test_end(start, run_batch, tmp_path, end):
    code, status = ENDS[end]
    script = tmp_path / "script.py"
    script.write_text(KEEP + code + "\n")
    plain = subprocess.run([start.python.path, str(script)],
                           capture_output=True, text=True, timeout=60)
    result = run_batch(start, [script])
    assert plain.returncode == status or end == "recursion"
    assert result.status == plain.returncode
    assert result.stdout == plain.stdout
    if end != "faulthandler":       # 3.14 lists C frames too
        assert result.stderr == plain.stderr
    gone = result.report["exit"]
    assert gone["status"] == (status if status >= 0 else None)
    assert gone["signal"] == (-status if status < 0 else None)


@pytest.mark.parametrize("end", ["end of the script", "os._exit(4)",
                                 "os.abort()", "SIGSEGV", "SIGKILL",
                                 "exception"])
def test_what_it_held(start, run_batch, tmp_path, end):
    """The tables stay, however it ends: line 1 holds 1000 bytearrays."""
    script = tmp_path / "script.py"
    script.write_text(KEEP + ENDS[end][0] + "\n")
    result = run_batch(start, [script])
    (row,) = result.rows(file="script.py", line=1)
    assert row["bytes_now"] >= 1_000_000
    assert row["blocks_now"] >= 1000
    assert sum(row["bytes_now"] for row in result.report["rows"]) \
        == result.report["now"]["bytes"]


def test_syntax_error_leaves_no_report(pymtop, start, tmp_path):
    """Without -o only python's own message."""
    script = tmp_path / "script.py"
    script.write_text("def f(:\n")
    for args in ([str(script)], ["-m", "no_such_module"], ["-c", "x ="]):
        plain = subprocess.run([start.python.path, *args],
                               capture_output=True, text=True)
        ours = subprocess.run([pymtop, "--batch", *start.options, *args],
                              capture_output=True, text=True)
        assert ours.stderr == plain.stderr
        assert ours.returncode == plain.returncode == 1


def spawn(pymtop, start, report, code, **how):
    """A batch run whose script says `ready`."""
    run = subprocess.Popen(
        [pymtop, "--batch", "--format", "json", "-o", str(report),
         *start.options, "-c", code], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, **how)
    assert run.stdout.readline() == "ready\n"
    return run


FATAL = [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGQUIT]


@pytest.mark.parametrize("number", FATAL)
def test_signals_are_passed_on(pymtop, start, tmp_path, number):
    """To pymtop alone: the script gets it and pymtop ends as it does."""
    code = "import time; print('ready', flush=True); time.sleep(60)"
    run = spawn(pymtop, start, tmp_path / "report", code)
    run.send_signal(number)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out) == (-number, "")
    assert err.endswith("KeyboardInterrupt\n" if number == signal.SIGINT
                        else "")
    assert '"rows"' in (tmp_path / "report").read_text()


@pytest.mark.parametrize("whom", ["pymtop", "the group"])
@pytest.mark.parametrize("number", FATAL)
def test_a_signal_comes_once(pymtop, start, tmp_path, number, whom):
    """Whether it was sent to pymtop alone or to the whole process group."""
    code = ("import signal, sys, time\n"
            "count = 0\n"
            "def handler(*_):\n"
            "    global count\n"
            "    count += 1\n"
            f"signal.signal({int(number)}, handler)\n"
            "print('ready', flush=True)\n"
            "for _ in range(600):\n"
            "    time.sleep(0.1)\n"
            "    if count:\n"
            "        break\n"
            "time.sleep(0.3)\n"
            "sys.exit(40 + count)\n")
    run = spawn(pymtop, start, tmp_path / "report", code,
                start_new_session=True)
    send = os.kill if whom == "pymtop" else os.killpg
    send(run.pid, number)
    out, err = run.communicate(timeout=60)
    assert (run.returncode, out, err) == (41, "", "")


def test_handled_termination(pymtop, start, tmp_path):
    code = ("import signal, sys, time\n"
            "signal.signal(15, lambda *_: sys.exit(8))\n"
            "print('ready', flush=True); time.sleep(60)")
    run = spawn(pymtop, start, tmp_path / "report", code)
    run.terminate()
    run.communicate(timeout=30)
    assert run.returncode == 8


def test_interrupt_of_the_group(pymtop, start, tmp_path):
    """^C on a terminal goes to all: once to the script, and pymtop stays for
    the report."""
    code = ("import time\n"
            "try:\n"
            "    print('ready', flush=True); time.sleep(60)\n"
            "except KeyboardInterrupt:\n"
            "    print('interrupted', flush=True)\n"
            "    time.sleep(0.5)\n"
            "    raise SystemExit(6)\n")
    run = spawn(pymtop, start, tmp_path / "report", code,
                start_new_session=True)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out, err) == (6, "interrupted\n", "")
    assert '"rows"' in (tmp_path / "report").read_text()


def test_unhandled_interrupt(pymtop, start, tmp_path):
    code = "import time; print('ready', flush=True); time.sleep(60)"
    run = spawn(pymtop, start, tmp_path / "report", code,
                start_new_session=True)
    os.killpg(run.pid, signal.SIGINT)
    out, err = run.communicate(timeout=30)
    assert run.returncode == -signal.SIGINT
    assert err.endswith("KeyboardInterrupt\n")


def test_ignored_signals_stay_ignored(pymtop, start):
    """nohup: what pymtop was started with is what the script gets."""
    code = ("import signal, os\n"
            "print([signal.getsignal(n).name for n in (1, 2, 3, 10, 15)],"
            " signal.pthread_sigmask(signal.SIG_BLOCK, []))\n"
            "os.kill(os.getpid(), 1)\n"
            "print('alive')")

    def prepare():
        for number in (1, 3, 10):
            signal.signal(number, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2])

    how = dict(capture_output=True, text=True, preexec_fn=prepare)
    code = code.replace("signal.getsignal(n).name",
                        "str(signal.getsignal(n))")
    plain = subprocess.run([start.python.path, "-c", code], **how)
    ours = subprocess.run([pymtop, "--batch", "-o", "/dev/null",
                           *start.options, "-c", code], **how)
    assert ours.stdout == plain.stdout
    assert "alive" in ours.stdout
    assert ours.returncode == plain.returncode == 0


def test_stopped_and_continued(pymtop, start, tmp_path):
    """SIGCONT sent to pymtop continues a script that stopped itself."""
    code = ("import os, signal\n"
            "print('ready', flush=True)\n"
            "os.kill(os.getpid(), signal.SIGSTOP)\n"
            "print('again')")
    run = spawn(pymtop, start, tmp_path / "report", code)
    processes.until(lambda: "T" in map(processes.state,
                                       processes.children(run.pid)))
    run.send_signal(signal.SIGCONT)
    out, err = run.communicate(timeout=30)
    assert (run.returncode, out, err) == (0, "again\n", "")


@pytest.mark.smoke
def test_reports_while_it_runs(pymtop, start, tmp_path):
    """--interval: one JSON document a line, the last is the final one."""
    report = tmp_path / "report"
    code = ("import time\nkept = []\n"
            "for i in range(30):\n"
            "    kept.append(bytearray(100000)); time.sleep(0.05)\n")
    done = subprocess.run(
        [pymtop, "--batch", "--interval", "0.2", "--format", "json", "--top",
         "5", "-o", str(report), *start.options, "-c", code],
        capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    documents = [json.loads(line) for line in report.open()]
    assert len(documents) >= 3
    assert all(len(document["rows"]) <= 5 for document in documents)
    assert documents[-1]["exit"]["status"] == 0
    sizes = [document["now"]["bytes"] for document in documents[:-1]]
    assert sizes == sorted(sizes) and sizes[0] < sizes[-1]


@pytest.mark.parametrize("limit", ["-v 300000", "-f 100000", "-v 60000",
                                   "-n 16", "-s 256"])
def test_limits(pymtop, without_sanitizers, start, limit):
    """Small limits: it runs as in plain python, or one line says why not."""
    script = ("print(len([str(i) for i in range(100000)]))")
    command = f'ulimit {limit}; exec "$@"'
    plain = subprocess.run(["sh", "-c", command, "sh", start.python.path,
                            "-c", script], capture_output=True, text=True)
    ours = subprocess.run(
        ["sh", "-c", command, "sh", pymtop, "--batch", "-o", "/dev/null",
         *start.options, "-c", script], capture_output=True, text=True)
    if ours.returncode == 125:
        assert ours.stderr.startswith("pymtop: ")
        assert ours.stderr.count("\n") == 1
        assert ours.stdout == ""
    else:
        assert ours.stdout == plain.stdout
        assert ours.returncode == plain.returncode


@pytest.mark.parametrize("limit", ["-v 20000", "-f 100"])
def test_refused_region(pymtop, without_sanitizers, limit):
    done = subprocess.run(
        ["sh", "-c", f'ulimit {limit}; exec "$@"', "sh", pymtop, "--batch",
         "-p", "/usr/bin/python3", "-c", "print(1)"], capture_output=True,
        text=True)
    assert done.returncode in (125, 126)
    assert done.stderr.startswith("pymtop: ")
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_python_ends_by_itself(pymtop):
    """Nothing is left behind: no process, no file."""
    before = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
    done = subprocess.run([pymtop, "--batch", "-p", sys.executable, "-o",
                           "/dev/null", "-c", "pass"], capture_output=True)
    assert done.returncode == 0
    after = set(os.listdir("/dev/shm")) if os.path.isdir("/dev/shm") else set()
    assert after <= before
