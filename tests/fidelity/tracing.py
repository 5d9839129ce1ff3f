# SPDX-License-Identifier: MIT
"""A script that uses tracemalloc itself."""

from fidelity.case import code, script

SEED = {"PYTHONHASHSEED": "0"}
WORK = """\
import tracemalloc
def work(n):
    return [[i] * 3 for i in range(n)], {str(i): i for i in range(n)}
"""


def traced(text, **how):
    """A script that has work() and sees where it is called from."""
    how.setdefault("env", SEED)
    return script(WORK + text, **how)


TRACING = {
    "traced memory": traced(
        "tracemalloc.start()\nx = work(500); print("
        "tracemalloc.get_traced_memory())\ndel x\n"
        "print(tracemalloc.get_traced_memory())\ntracemalloc.reset_peak()\n"
        "print(tracemalloc.get_traced_memory())\ntracemalloc.stop()\n"
        "print(tracemalloc.get_traced_memory())"),
    "objects one by one": traced(
        "tracemalloc.start()\nx = bytearray(1000)\n"
        "a = tracemalloc.get_traced_memory()[0]\ny = bytearray(5000)\n"
        "b = tracemalloc.get_traced_memory()[0]\ny.extend(bytes(9000))\n"
        "c = tracemalloc.get_traced_memory()[0]\ndel y\n"
        "print(b - a, c - b, tracemalloc.get_traced_memory()[0] - a)"),
    "traceback of an object": traced(
        "tracemalloc.start(25)\nx = work(10)\n"
        "for y in (x[0], x[0][3], x[1]):\n"
        "    print(*tracemalloc.get_object_traceback(y).format(), sep='\\n')\n"
        "print(tracemalloc.get_object_traceback(work))"),
    "one frame": traced(
        "tracemalloc.start()\nprint(tracemalloc.get_traceback_limit())\n"
        "print(tracemalloc.get_object_traceback(work(3)[0]))"),
    "fewer frames than the stack": traced(
        "tracemalloc.start(3)\ndef f(n): return f(n - 1) if n else work(2)\n"
        "t = tracemalloc.get_object_traceback(f(9)[0])\n"
        "print(len(t), getattr(t, 'total_nframe', 0), t)"),
    "snapshot by line": traced(
        "tracemalloc.start()\nx = work(300); s = tracemalloc.take_snapshot()\n"
        "s = s.filter_traces([tracemalloc.Filter(True, '*script.py')])\n"
        "for t in s.statistics('lineno'): print(t)\n"
        "for t in s.statistics('filename'): print(t)"),
    "snapshot by traceback": traced(
        "tracemalloc.start(10)\nx = work(100); s = tracemalloc.take_snapshot()"
        "\ns = s.filter_traces([tracemalloc.Filter(True, '*script.py')])\n"
        "for t in s.statistics('traceback'):\n"
        "    print(t); print(*t.traceback.format(), sep='\\n')\n"
        "print(s.statistics('lineno', cumulative=True))"),
    "difference": traced(
        "tracemalloc.start(); a = tracemalloc.take_snapshot()\nx = work(100)\n"
        "b = tracemalloc.take_snapshot()\n"
        "own = [tracemalloc.Filter(True, '*script.py')]\n"
        "a, b = a.filter_traces(own), b.filter_traces(own)\n"
        "for t in b.compare_to(a, 'lineno'): print(t)"),
    "filters": traced(
        "tracemalloc.start(); import json, csv; x = work(99)\n"
        "s = tracemalloc.take_snapshot(); F = tracemalloc.Filter\n"
        "for f in ([F(False, '*script.py'), F(False, '<frozen*')],"
        " [F(True, '*json*')], [F(True, '*', lineno=3)],"
        " [tracemalloc.DomainFilter(False, 0)]):\n"
        "    t = s.filter_traces(f)\n"
        "    print(len(t.traces) > 0, len({x.traceback[0].filename for x in"
        " t.traces}))"),
    "every trace": traced(
        "tracemalloc.start(5); x = work(200)\n"
        "s = tracemalloc.take_snapshot(); print(sorted((t.size, str("
        "t.traceback)) for t in s.traces))"),
    "domains": traced(
        "import ctypes\ntracemalloc.start(); a = ctypes.pythonapi\n"
        "def f():\n    a.PyTraceMalloc_Track(7, ctypes.c_size_t(0x1230),"
        " ctypes.c_size_t(999))\nf()\n"
        "s = tracemalloc.take_snapshot().filter_traces(["
        "tracemalloc.DomainFilter(True, 7)])\nprint(s.traces)\n"
        "a.PyTraceMalloc_Untrack(7, ctypes.c_size_t(0x1230))\n"
        "print(len(tracemalloc.take_snapshot().filter_traces(["
        "tracemalloc.DomainFilter(True, 7)]).traces))"),
    "started again": traced(
        "for i in range(5):\n    tracemalloc.start(i + 1)\n    x = work(50)\n"
        "    print(tracemalloc.is_tracing(),"
        " tracemalloc.get_traceback_limit(),"
        " tracemalloc.get_traced_memory()[0] > 9000)\n"
        "    tracemalloc.stop()\nprint(tracemalloc.is_tracing(),"
        " tracemalloc.get_object_traceback(x))"),
    "cleared": traced(
        "tracemalloc.start(); x = work(50); tracemalloc.clear_traces()\n"
        "print(tracemalloc.get_traced_memory(),"
        " tracemalloc.get_object_traceback(x))"),
    "free lists": traced(
        "tracemalloc.start()\ndef old():\n"
        "    return [(i, [i], float(i), {i: i}) for i in range(60)]\n"
        "x = old(); del x\ndef new(): return (5, [6], float(7), {8: 9})\n"
        "y = new()\nfor o in (y, y[1], y[2], y[3]):\n"
        "    print(tracemalloc.get_object_traceback(o))"),
    "threads": traced(
        "import threading\ntracemalloc.start(2); out = []\n"
        "def run(): out.append(work(100))\n"
        "ts = [threading.Thread(target=run) for i in range(4)]\n"
        "for t in ts: t.start(); t.join()\n"
        "print(tracemalloc.get_object_traceback(out[2][0]))\n"
        "s = tracemalloc.take_snapshot().filter_traces(["
        "tracemalloc.Filter(True, '*script.py', lineno=3)])\n"
        "print(sum(t.count for t in s.statistics('filename')))"),
    "forked": traced(
        "import os\ntracemalloc.start(); x = work(50)\nif os.fork() == 0:\n"
        "    y = work(9)\n"
        "    print(tracemalloc.get_object_traceback(x),"
        " tracemalloc.get_object_traceback(y), flush=True); os._exit(0)\n"
        "os.wait(); print(tracemalloc.is_tracing())"),
    "saved": traced(
        "tracemalloc.start(); x = work(50)\n"
        "tracemalloc.take_snapshot().dump('f')\n"
        "s = tracemalloc.Snapshot.load('f')\n"
        "print(s.traceback_limit, s.filter_traces([tracemalloc.Filter(True,"
        " '*script.py', 3)]).statistics('lineno'))"),
    "a stack of classes": traced(
        "tracemalloc.start(4)\nclass C:\n    def __init__(self):"
        " self.x = work(1)\n    def __del__(self): pass\n"
        "c = [C() for i in range(3)]\n"
        "print(tracemalloc.get_object_traceback(c[1].x[0]),"
        " tracemalloc.get_object_traceback(c[2]))"),
    "-X tracemalloc": traced(
        "print(tracemalloc.is_tracing(), tracemalloc.get_traceback_limit())\n"
        "x = work(50); print(tracemalloc.get_object_traceback(x))",
        options=("-X", "tracemalloc=7")),
    "-X tracemalloc, bare": traced(
        "print(tracemalloc.get_traceback_limit(),"
        " tracemalloc.get_object_traceback(work(5)))",
        options=("-X", "tracemalloc")),
    "PYTHONTRACEMALLOC": traced(
        "print(tracemalloc.get_traceback_limit())\nx = work(50)\n"
        "print(tracemalloc.get_object_traceback(x),"
        " tracemalloc.get_traceback_limit())",
        env={"PYTHONTRACEMALLOC": "3"}),
    "wrong limits": traced(
        "for n in (0, -1, 1 << 20):\n    try: tracemalloc.start(n)\n"
        "    except ValueError as e: print(e)"),
    "wrong option": code("pass", options=("-X", "tracemalloc=0")),
    "wrong variable": code("pass", env={"PYTHONTRACEMALLOC": "-5"}),
    "ResourceWarning says where": traced(
        "import gc\ndef f(): open('/dev/null')\nf(); gc.collect()",
        options=("-X", "tracemalloc=5", "-W", "always")),
    "with malloc_debug": traced(
        "tracemalloc.start(); x = work(200)\n"
        "print(tracemalloc.get_traced_memory())",
        env={"PYTHONMALLOC": "malloc_debug", **SEED}),
    "with dev": traced(
        "print(tracemalloc.is_tracing()); tracemalloc.start(); x = work(200)\n"
        "print(tracemalloc.get_traced_memory())", options=("-X", "dev")),
    "a debug report has its traceback": code(
        "import ctypes, tracemalloc\ntracemalloc.start()\n"
        "a = ctypes.pythonapi; m = a.PyMem_RawMalloc\n"
        "m.restype = ctypes.c_void_p; f = a.PyMem_RawFree\n"
        "f.argtypes = [ctypes.c_void_p]\n"
        "p = m(20); ctypes.memset(p + 20, 0, 1); f(p)",
        env={"PYTHONMALLOC": "debug"}, noise=("address", "C stack", "serial")),
    "its own memory": traced(
        "tracemalloc.start(); a = tracemalloc.get_tracemalloc_memory()\n"
        "x = work(5000)\nprint(tracemalloc.get_tracemalloc_memory() - a)"),
}

GROUPS = {"tracemalloc": TRACING}
