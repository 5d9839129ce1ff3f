# SPDX-License-Identifier: MIT
"""Looking at processes and waiting for what they do."""

import os
import termios
import time


def until(test, timeout=20):
    """Wait for a value that is true, and return it."""
    deadline = time.monotonic() + timeout
    while not (value := test()):
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
    return value


def _fields(pid):
    """Of its /proc/PID/stat, those behind its name; None when it is gone."""
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()
    except OSError:
        return None


def state(pid):
    """R, S, T, Z ... of a process; None when it is gone."""
    fields = _fields(pid)
    return fields and fields[0]


def parent(pid):
    return int(_fields(pid)[1])


def children(pid):
    return [int(name) for name in filter(str.isdigit, os.listdir("/proc"))
            if (fields := _fields(name)) and int(fields[1]) == pid]


def modes_of(terminal):
    """Modes of a terminal, as tcgetattr has them."""
    return termios.tcgetattr(terminal.fd)[:4]


def left_behind(mark):
    """Processes that have this word in the environment they began with."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{pid}/environ", "rb") as file:
                if mark.encode() in file.read().split(b"\0"):
                    found.append(int(pid))
        except OSError:
            pass
    return found
