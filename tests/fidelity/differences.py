# SPDX-License-Identifier: MIT
"""What a script can see of pymtop after all, and why: the rows of
docs/fidelity.md, each with the cases that show it."""

import dataclasses
from typing import Callable

import interpreters
from fidelity.case import Case, code


@dataclasses.dataclass(frozen=True)
class Where:
    text: str
    test: Callable          # of a start


EVERYWHERE = Where("everywhere", lambda start: True)
EMBED = Where("embed", lambda start: start.mode == "embed")
DEBIAN = Where("Debian's Python 3.10 to 3.12",
               lambda start: start.python.name.startswith("system")
               and 10 <= start.python.minor <= 12)
TRACER = Where("3.13 on, static (Debian's, uv's) or by clang",
               lambda start: start.python.minor >= 13
               and not interpreters.is_shared(start.python))
SINCE_13 = Where("3.13 on", lambda start: start.python.minor >= 13)
SINCE_14 = Where("3.14", lambda start: start.python.minor >= 14)
EMBED_14 = Where("embed, 3.14",
                 lambda start: EMBED.test(start) and SINCE_14.test(start))


@dataclasses.dataclass(frozen=True)
class Difference:
    what: str
    where: Where
    why: str
    cases: dict
    may: dict = dataclasses.field(default_factory=dict)
    # Cases of other tables, by group, that may differ for this reason.

    @property
    def row(self):
        return f"| {self.what} | {self.where.text} | {self.why} |"


PARENT = "open(f'/proc/{os.getppid()}/comm').read()"

DIFFERENCES = (
    Difference(
        "`/proc/self/exe` is pymtop-runner (psutil's `exe()`)", EMBED,
        "Another program cannot be put there without privileges. With "
        "`--start preload` it is the interpreter.",
        {"exe": code("import os; print(os.readlink('/proc/self/exe'))")}),
    Difference(
        "The parent process is pymtop, not the shell", EVERYWHERE,
        "It waits for the script and reads its counters. It is what the "
        "shell has put into `_`, too.",
        {"parent on stdout": code(f"import os; print({PARENT})"),
         "parent on stderr": code(f"import os, sys\n"
                                  f"sys.stderr.write({PARENT})"),
         "parent as status": code(f"import os\n"
                                  f"os._exit({PARENT} == 'pymtop\\n')")}),
    Difference(
        "The name of the command is the interpreter's path: "
        "`sys.orig_argv[0]`, `/proc/self/cmdline`, `ps`", EVERYWHERE,
        "`python3 script.py` was not typed; a full path is what keeps "
        "`sys.executable` right.", {}),
    Difference(
        "`/proc/self/maps` shows the engine and its tables; they count in "
        "VmSize, in RSS and against `RLIMIT_AS`", EVERYWHERE,
        "They are in the script's process. The screen says how much it is "
        "(Tracer).",
        {"maps": code("print('pymtop' in open('/proc/self/maps').read())")}),
    Difference(
        "`/proc/self/environ` ends in zeros", EVERYWHERE,
        "There lay what the engine is told; what is left is as typed. The end "
        "of that memory cannot be moved without privileges.",
        {"environ": code("print(open('/proc/self/environ').read()"
                         ".endswith('\\0\\0'))")}),
    Difference(
        "Started by something that makes it the leader of a process group "
        "(a shell with job control), the script is not the leader",
        EVERYWHERE,
        "pymtop is, in batch mode: `os.setsid()` and "
        "`os.getpgrp() == os.getpid()` tell. With a screen the script leads "
        "its group.",
        {"leader": code("import os; print(os.getpgrp() == os.getpid())",
                        leader=True)}),
    Difference(
        "`-h`, `-V` and other options that are pymtop's", EVERYWHERE,
        "They are read as pymtop's where they come first; `pymtop -B -V` is "
        "python's.",
        {"-h": Case(("-h",)), "-V": Case(("-V",))}),
    Difference(
        "Limits that leave no room: fewer than some 15 descriptors "
        "(`ulimit -n`), less than 160 MiB of address space (`ulimit -v`)",
        EVERYWHERE,
        "pymtop says so in one line and ends with 125; nothing has run.",
        {"-n 6": code("print(1)", under="ulimit -n 6;"),
         "-v 60000": code("print(1)", under="ulimit -v 60000;")}),
    Difference(
        "`sys._debugmallocstats()` and `PYTHONMALLOCSTATS` lack the part "
        "about pymalloc", EVERYWHERE,
        "CPython prints it only if the hooks are its own functions; "
        "tracemalloc has the same effect.",
        {"_debugmallocstats": code("import sys; sys._debugmallocstats()",
                                   noise=("numbers",)),
         "PYTHONMALLOCSTATS": code("1", env={"PYTHONMALLOCSTATS": "1"},
                                   noise=("numbers",))}),
    Difference(
        "`PYTHONMALLOC=mimalloc`: `sys.getallocatedblocks()` is 0", SINCE_13,
        "As above: CPython asks mimalloc only if the hooks are its own.",
        {"mimalloc": code("import sys; print(sys.getallocatedblocks() > 0)",
                          env={"PYTHONMALLOC": "mimalloc"})}),
    Difference(
        "The allocators have no name (`pymem_getallocatorsname()` of "
        "CPython's own test modules)", EVERYWHERE,
        "As above. What PYTHONMALLOC chose is in use all the same.",
        {"allocators' name": code(
            "try: from _testinternalcapi import pymem_getallocatorsname\n"
            "except ImportError:\n"
            "    from _testcapi import pymem_getallocatorsname\n"
            "print(pymem_getallocatorsname())")}),
    Difference(
        "faulthandler's C stack ends in other frames", EMBED_14,
        "pymtop-runner's main lies below Python's.",
        {"C stack": code("import faulthandler, os\nfaulthandler.enable()\n"
                         "os.kill(os.getpid(), 11)", noise=("address",))}),
    Difference(
        "What depends on free lists: when the collector runs, "
        "`sys.getallocatedblocks()`, what tracemalloc says of objects that "
        "plain python took from a free list", DEBIAN,
        "There `_Py_NewReference` is inlined, so objects from a free list "
        "would stay booked to the line that made their memory first; pymtop "
        "keeps four free lists empty instead ([ledger.md](ledger.md)).",
        {"free lists": code(
            "import tracemalloc\nx = [(i, [i]) for i in range(60)]; del x\n"
            "tracemalloc.start(); x = [3]\n"
            "print(tracemalloc.get_object_traceback(x))")},
        {"tracemalloc": {
            "traced memory", "traceback of an object", "one frame",
            "fewer frames than the stack", "snapshot by line",
            "snapshot by traceback", "difference", "filters", "every trace",
            "free lists", "threads", "forked", "saved", "a stack of classes",
            "with malloc_debug", "with dev", "its own memory",
            "started again", "-X tracemalloc", "-X tracemalloc, bare",
            "PYTHONTRACEMALLOC", "objects one by one"},
         "collector": {"when it runs", "debug", "counts", "stats"},
         "system": {"getallocatedblocks"}}),
    Difference(
        "`PyRefTracer_GetTracer()` answers with pymtop's function, which "
        "calls the one that was set", TRACER,
        "There is one reference tracer, and it is how pymtop hears of objects "
        "from free lists ([ledger.md](ledger.md)). `PyRefTracer_SetTracer()` "
        "does what it does without pymtop, by whoever and in any order.",
        {"reference tracer": code(
            "import ctypes\nget = ctypes.pythonapi.PyRefTracer_GetTracer\n"
            "get.restype = ctypes.c_void_p\n"
            "print(get(ctypes.byref(ctypes.c_void_p())) is None)")}),
    Difference(
        "Recursion in C ends a few frames earlier or later", SINCE_14,
        "The limit is a place on the stack; where the stack begins differs "
        "from run to run in plain python as well.", {}),
)

CASES = {name: case for one in DIFFERENCES
         for name, case in one.cases.items()}


def expected(start, group):
    """Names of cases of a group that may differ with this start."""
    return {name for one in DIFFERENCES if one.where.test(start)
            for name in one.may.get(group, ())}
