# SPDX-License-Identifier: MIT
"""One run of a command: its status, its output, what it took."""

import contextlib
import os
import signal
import tempfile
import time

POLL_SECONDS = 0.01
LIMIT_SECONDS = 600


class Failed(Exception):
    pass


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children") as file:
            return [int(word) for word in file.read().split()]
    except OSError:
        return []


def peak_kib(pid):
    """The most memory a process has had resident, 0 when it is gone."""
    with contextlib.suppress(OSError), \
            open(f"/proc/{pid}/status", "rb") as file:
        for line in file:
            if line.startswith(b"VmHWM"):
                return int(line.split()[1])
    return 0


def note_peaks(pid, peaks):
    for one in (pid, *children(pid)):
        peaks[one] = max(peaks.get(one, 0), peak_kib(one))


def wait(pid, peaks):
    """wait4, noting peaks meanwhile; without peaks only waiting, so that
    the wall time is not a multiple of the poll's."""
    if peaks is None:
        return os.wait4(pid, 0)[1:]
    deadline = time.monotonic() + LIMIT_SECONDS
    while time.monotonic() < deadline:
        note_peaks(pid, peaks)
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            return status, usage
        time.sleep(POLL_SECONDS)
    raise Failed(f"still running after {LIMIT_SECONDS} s")


def end(pid):
    """Not left behind when we are interrupted; pymtop ends its script."""
    with contextlib.suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGTERM)
        for _ in range(500):
            if os.waitpid(pid, os.WNOHANG)[0]:
                return
            time.sleep(POLL_SECONDS)
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def start(argv, env, output):
    return os.posix_spawn(argv[0], argv, env, file_actions=[
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_DUP2, output, 1),
        (os.POSIX_SPAWN_DUP2, output, 2)])


def run(argv, env, peaks=None):
    """Returns a dict of wall and cpu (seconds) and the text it printed; the
    CPU is that of the command and of all that it waited for."""
    with tempfile.TemporaryFile() as output:
        begun = time.perf_counter()
        pid = start(argv, env, output.fileno())
        try:
            status, usage = wait(pid, peaks)
        except BaseException:
            end(pid)
            raise
        wall = time.perf_counter() - begun
        output.seek(0)
        text = output.read().decode(errors="replace")
    if status != 0:
        code = os.WEXITSTATUS(status) if os.WIFEXITED(status) \
            else f"signal {os.WTERMSIG(status)}"
        raise Failed(f"ended with {code}: {text.strip()[-2000:]}")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime,
            "text": text, "pid": pid}


def run_workload(argv, env):
    """The same for a workload, with its checksum and peak memory in KiB.

    A script's own process and what started it (pymtop) both count."""
    peaks = {}
    done = run(argv, env, peaks)
    lines = [line.split() for line in done["text"].splitlines()
             if line.startswith("bench ")]
    if len(lines) != 1 or len(lines[0]) != 5:
        raise Failed(f"no checksum: {done['text'][-2000:]}")
    _, checksum, script, cpu, peak = lines[0]
    # A script that was not waited for would look free of charge.
    if done["cpu"] < float(cpu) - 0.05:
        raise Failed(f"{done['cpu']:.3f} s of CPU time, but the script alone "
                     f"took {cpu}")
    script = int(script)
    peaks[script] = max(peaks.get(script, 0), int(peak))
    return {"wall": done["wall"], "cpu": done["cpu"], "checksum": checksum,
            "peak": sum(peaks[pid] for pid in {script, done["pid"]})}
