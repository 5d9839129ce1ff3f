# SPDX-License-Identifier: MIT
"""Memory as a script sees it: the collector, sys, allocators, limits; and
recursion to the limit."""

from fidelity.case import code, script

RECURSION = {
    "depth": code("depth = 0\ndef f():\n    global depth\n    depth += 1\n"
                  "    f()\ntry: f()\nexcept RecursionError as e:"
                  " print(depth, e)"),
    "depth of a limit": code(
        "import sys\nfor limit in (50, 123, 5000):\n"
        "    sys.setrecursionlimit(limit); depth = 0\n"
        "    def f():\n        global depth\n        depth += 1\n        f()\n"
        "    try: f()\n    except RecursionError as e: print(depth, e)"),
    "limit too low": code(
        "import sys\ndef f(n):\n    if n: return f(n - 1)\n"
        "    sys.setrecursionlimit(20)\n"
        "try: f(60)\nexcept RecursionError as e: print(e)"),
    "a method": code("class C:\n    def __getattr__(self, n):"
                     " return getattr(self, n + 'x')\n"
                     "try: C().a\nexcept RecursionError as e: print(e)"),
    "a generator": code(
        "def g(n):\n    yield n\n    yield from g(n + 1)\nseen = 0\n"
        "try:\n    for seen in g(0): pass\n"
        "except RecursionError as e: print(seen, e)"),
    "an exception in each frame": code(
        "def f(n):\n    try: return f(n + 1)\n"
        "    except RecursionError: return n\n"
        "    finally: [n] * 3\nprint(f(0))"),
    "traceback": script("def f(n):\n    return g(n)\ndef g(n):\n"
                        "    return f(n + 1)\nf(0)\n"),
    "in a thread": code(
        "import threading\nn = 0\ndef f():\n    global n\n    n += 1\n"
        "    f()\ndef work():\n    try: f()\n    except RecursionError as e:"
        " print(n, e)\n"
        "t = threading.Thread(target=work); t.start(); t.join()"),
    "again and again": code(
        "def f(): return f()\nfor i in range(20):\n    try: f()\n"
        "    except RecursionError as e: last = e\nprint(last)"),
    "sorted by a key": code(
        "def f(x): return sorted([x], key=f)\n"
        "try: f(1)\nexcept RecursionError as e: print(type(e))"),
    "repr of a nest": code("x = []\nfor i in range(100_000): x = [x]\n"
                           "try: repr(x)\nexcept RecursionError as e:"
                           " print(e)", noise=("stack",)),
    "a nest dies": code("x = None\nfor i in range(90_000): x = [x]\n"
                        "for i in range(90_000): x = (x,)\n"
                        "for i in range(90_000): x = {1: x}\n"
                        "del x; print('gone')"),
    "an object chain dies": code(
        "class C: pass\nx = None\nfor i in range(60_000):\n"
        "    y = C(); y.next = x; x = y\ndel x, y; print('gone')"),
    "a nest compared": code("a, b = [], []\na.append(b); b.append(a)\n"
                            "try: a == b\nexcept RecursionError as e:"
                            " print(e)", noise=("stack",)),
    "json": code("import json\ntry: json.loads('[' * 100_000)\n"
                 "except RecursionError as e: print(str(e)[:40])",
                 noise=("stack",)),
    "pickle": code("import pickle\nx = []\nfor i in range(100_000): x = [x]\n"
                   "try: pickle.dumps(x)\nexcept RecursionError as e:"
                   " print(type(e))"),
    "copy": code("import copy\nx = []\nfor i in range(9_000): x = [x]\n"
                 "try: copy.deepcopy(x)\nexcept RecursionError as e:"
                 " print(type(e))"),
    "parser": code("for text in ('(' * 150 + ')' * 150, '-' * 100_000 + '1',"
                   " '(' * 300):\n    try: compile(text, 'x', 'eval')\n"
                   "    except Exception as e: print(type(e), e)",
                   until=13),
    "re": code("import re\nprint(bool(re.match('(?:a|b)*c', 'ab' * 50_000)))"),
    "isinstance": code("x = int\nfor i in range(100_000): x = (x, str)\n"
                       "try: isinstance(1.0, x)\nexcept RecursionError as e:"
                       " print(type(e))"),
    "C callbacks": code(
        "import functools\nf = functools.partial(lambda: f())\n"
        "try: f()\nexcept RecursionError as e: print(str(e)[:40])"),
    "classes": code("class M(type):\n    def __call__(c): return c()\n"
                    "class C(metaclass=M): pass\ntry: C()\n"
                    "except RecursionError as e: print(str(e)[:40])"),
    "import": code("try: import m0\nexcept RecursionError as e:"
                   " print(str(e)[:40])\nelse: print('all')",
                   files={f"m{i}.py": f"import m{i + 1}\n"
                          if i < 60 else "" for i in range(61)},
                   env={"PYTHONPATH": "."}),
}

COLLECTOR = {
    "collect": code("import gc\nfor i in range(50):\n    x = []; x.append(x)\n"
                    "del x; print(gc.collect(), gc.garbage)"),
    "counts": code("import gc\ngc.collect(); a = gc.get_count()\n"
                   "x = [[] for i in range(90)]; b = gc.get_count()\n"
                   "print(a, b, gc.get_threshold())"),
    "when it runs": code(
        "import gc\nseen = []\n"
        "gc.callbacks.append(lambda p, i: seen.append((p, i['generation'],"
        " i['collected'])))\n"
        "for i in range(5000):\n    x = [i]; x.append(x)\nprint(seen)"),
    "stats": code("import gc\ngc.collect()\nx = [[i] for i in range(20000)]\n"
                  "print(gc.get_stats())"),
    "objects": code("import gc\ngc.collect(); a = len(gc.get_objects())\n"
                    "x = [[] for i in range(500)]\n"
                    "print(a, len(gc.get_objects()) - a)"),
    "referrers": code("import gc\nx = object(); y = [x]; z = {'a': x}\n"
                      "def f(v):\n    return sorted(type(r).__name__ for r in"
                      " gc.get_referrers(v))\nprint(f(x), f(y))"),
    "referents of frames": code(
        "import gc, sys\ndef f(n):\n    x = [n]\n"
        "    if n: return f(n - 1)\n    frame = sys._getframe()\n"
        "    out = []\n    while frame:\n"
        "        out.append(sorted(type(r).__name__ for r in"
        " gc.get_referents(frame)))\n        frame = frame.f_back\n"
        "    return out\nprint(f(40))"),
    "locals": code("def f(n):\n    x = n; y = [x]\n"
                   "    if n: return f(n - 1)\n    return locals()\n"
                   "print(f(99))"),
    "frames kept": code(
        "import sys\nkept = []\ndef f(n):\n    x = [n] * 2\n"
        "    kept.append(sys._getframe())\n    if n: f(n - 1)\n"
        "f(60)\nprint([g.f_locals for g in kept])\n"
        "for g in kept: g.clear()\nprint([g.f_locals for g in kept])"),
    "debug": code("import gc\ngc.set_debug(gc.DEBUG_STATS)\ngc.disable()\n"
                  "x = []; x.append(x); del x\ngc.collect()",
                  noise=("time",)),
    "saveall": code("import gc\ngc.set_debug(gc.DEBUG_SAVEALL)\ngc.collect()\n"
                    "gc.garbage.clear(); x = []; x.append(x); del x\n"
                    "gc.collect(); gc.set_debug(0)\n"
                    "print([x for x in gc.garbage if type(x) is list])"),
    "freeze": code("import gc\ngc.freeze(); print(gc.get_freeze_count() > 999)"
                   "; gc.unfreeze(); print(gc.get_freeze_count())"),
    "weak references": code(
        "import gc, weakref\nclass C: pass\nc = C(); c.me = c\n"
        "r = weakref.ref(c, lambda r: print('dead')); del c\n"
        "print(r() is None); gc.collect(); print(r())"),
    "resurrection": code("import gc\nclass C:\n    def __del__(self):\n"
                         "        global kept; kept = self\nc = C(); c.c = c\n"
                         "del c; print(gc.collect(), type(kept),"
                         " gc.collect())"),
}

SYSTEM = {
    "getsizeof": code("import sys\nprint([sys.getsizeof(x) for x in (0, '',"
                      " b'', [], {}, (), 1.0, set(), print, type, int,"
                      " lambda: 0)], sys.getsizeof([0] * 9))"),
    "getrefcount": code(
        "import sys\nx = object(); y = [x] * 5\n"
        "print(sys.getrefcount(x), sys.getrefcount(y),"
        " sys.getrefcount(dict), sys.getrefcount(list))",
        options=("-S", "-E")),
    "getallocatedblocks": code(
        "import sys\nx = [None] * 1000; a = sys.getallocatedblocks()\n"
        "for i in range(1000): x[i] = object()\n"
        "b = sys.getallocatedblocks(); del x\n"
        "print(b - a, sys.getallocatedblocks() - b)"),
    "sys attributes": code(
        "import sys\nprint([(n, getattr(sys, n)) for n in sorted(dir(sys))\n"
        "       if isinstance(getattr(sys, n), (int, str, tuple))])",
        noise=("address",)),
    "limits of the process": code(
        "import resource as r\nprint([(n, r.getrlimit(getattr(r, n)))"
        " for n in sorted(dir(r)) if n.startswith('RLIMIT_')])"),
    "process attributes": code(
        "import os, sys\nprint(os.nice(0), os.umask(0o22), os.getcwd(),"
        " os.sched_getaffinity(0), os.getgroups(), os.getresuid(),"
        " os.sched_getscheduler(0), os.getpriority(0, 0))\n"
        "for n in ('comm', 'cmdline', 'oom_score_adj', 'timerslack_ns',"
        " 'personality', 'cgroup', 'coredump_filter', 'loginuid'):\n"
        "    try: print(n, open('/proc/self/' + n).read())\n"
        "    except OSError as e: print(n, e)"),
    "current frames": code(
        "import sys, threading\n"
        "print(sys._current_frames()[threading.get_ident()].f_code.co_name,"
        " len(sys._current_frames()))"),
    "monitoring": code(
        "import sys\nm = sys.monitoring; m.use_tool_id(2, 'x'); seen = []\n"
        "m.register_callback(2, m.events.PY_START, lambda c, o:"
        " seen.append(c.co_name))\nm.set_events(2, m.events.PY_START)\n"
        "def f(): return [1]\nf(); f(); m.set_events(2, 0); print(seen)\n"
        "print([m.get_tool(i) for i in range(6)])", since=12),
    "audit": code("import sys\nseen = []\nsys.addaudithook(lambda e, a:"
                  " seen.append(e))\nopen('/dev/null').close(); import json\n"
                  "print(seen)"),
    "audit of the start": code("print(1)", options=("-X", "importtime"),
                               noise=("microseconds",)),
    "extension modules": code(
        "import _json, _struct, array, ctypes, decimal, math, mmap, sqlite3,"
        " zlib\nprint(array.array('d', [1]) * 2, decimal.Decimal(1) / 3,"
        " sqlite3.connect(':memory:').execute('select 1').fetchall(),"
        " zlib.crc32(b'x'), ctypes.sizeof(ctypes.c_long))"),
    "symbols of the process": code(
        "import ctypes\nme = ctypes.CDLL(None)\n"
        "print(hasattr(me, 'Py_Main'), hasattr(me, 'engine_start'),"
        " hasattr(me, 'hooks_install'), ctypes.pythonapi.Py_IsInitialized())"),
    "allocators of C": code(
        "import ctypes\na = ctypes.pythonapi\n"
        "m = a.PyMem_RawMalloc; m.restype = ctypes.c_void_p\n"
        "m.argtypes = [ctypes.c_size_t]; f = a.PyMem_RawFree\n"
        "f.argtypes = [ctypes.c_void_p]\n"
        "p = m(0); q = m(100); f(p); f(q); f(None)\n"
        "print(bool(p), bool(q), m(1 << 62), q % 16)"),
    "setallocator": code(
        "import ctypes\nclass A(ctypes.Structure):\n"
        "    _fields_ = [(n, ctypes.c_void_p) for n in 'cmlrf']\n"
        "a = A(); p = ctypes.pythonapi\nfor d in range(3):\n"
        "    p.PyMem_GetAllocator(d, ctypes.byref(a))\n"
        "    p.PyMem_SetAllocator(d, ctypes.byref(a))\n"
        "print(len([[i] for i in range(999)]))"),
}

WORK = ("x = [[str(i)] * 3 for i in range(3000)]; y = {i: (i,) for i in"
        " range(999)}\nx.extend(y.values()); del y\n"
        "print(len(x), len(bytearray(9) * 99999))\n")
ALLOCATORS = {
    name: code(WORK, env={"PYTHONMALLOC": name})
    for name in ("default", "debug", "malloc", "malloc_debug", "pymalloc",
                 "pymalloc_debug", "mimalloc", "mimalloc_debug")}
ALLOCATORS.update({
    "dev and malloc": code(WORK, options=("-X", "dev"),
                           env={"PYTHONMALLOC": "malloc"}),
    "a write beyond the end": code(
        "import ctypes\na = ctypes.pythonapi; m = a.PyMem_RawMalloc\n"
        "m.restype = ctypes.c_void_p; f = a.PyMem_RawFree\n"
        "f.argtypes = [ctypes.c_void_p]\n"
        "p = m(20); ctypes.memset(p + 20, 0, 1); f(p)",
        env={"PYTHONMALLOC": "debug"}, noise=("address", "C stack", "serial")),
    "not freed by its own": code(
        "import ctypes\na = ctypes.pythonapi; m = a.PyMem_RawMalloc\n"
        "m.restype = ctypes.c_void_p; f = a.PyMem_Free\n"
        "f.argtypes = [ctypes.c_void_p]\nf(m(20))",
        env={"PYTHONMALLOC": "debug"}, noise=("address", "C stack", "serial")),
    "without the GIL": code(
        "import ctypes\nm = ctypes.CDLL(None).PyMem_Malloc\n"
        "m.restype = ctypes.c_void_p\nm(20)",
        env={"PYTHONMALLOC": "debug"}, noise=("address", "C stack", "serial")),
    "malloc in children": code(
        "import os\nx = [[i] for i in range(9999)]\nif os.fork() == 0:\n"
        "    x = [[i] for i in x]; os._exit(len(x) % 256)\n"
        "print(os.wait()[1] >> 8)", env={"PYTHONMALLOC": "malloc"}),
})


def limited(limit, text, **how):
    return code(text, under=f"ulimit {limit};", **how)


MEMORY_ERROR = ("x = []\ntry:\n    while True: x.append(bytearray(1 << 20))\n"
                "except MemoryError as e: n = len(x); x.clear();"
                " print(repr(e), n > 20)\n")
# A filter of system calls (seccomp) that lets pass what plain python needs to
# allocate and to end: read write close fstat lseek mmap mprotect munmap brk
# rt_sigaction rt_sigprocmask ioctl mremap madvise exit sigaltstack futex
# exit_group newfstatat rseq.
SANDBOX = """
import ctypes, os, struct
allowed = (0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 16, 25, 28, 60, 131, 202,
           231, 262, 334)
words = [(0x20, 0, 0, 0)]
words += [(0x15, len(allowed) - n, 0, call) for n, call in enumerate(allowed)]
words += [(0x06, 0, 0, 0x80000000), (0x06, 0, 0, 0x7fff0000)]
words = b"".join(struct.pack("HBBI", *word) for word in words)
libc, buffer = ctypes.CDLL(None), ctypes.create_string_buffer(words)
if os.uname().machine == "x86_64":
    print(libc.prctl(38, 1, 0, 0, 0), libc.prctl(22, 2, struct.pack(
        "HxxxxxxP", len(words) // 8, ctypes.addressof(buffer))), flush=True)
"""
LIMITS = {
    "a sandbox": code(
        SANDBOX + "x = [[i] for i in range(300_000)]\ndel x\n"
        "x = [bytearray(9_000_000) for i in range(5)]\nprint(len(x))"),
    "a sandbox, left": code(SANDBOX + "print(1, flush=True)\nos.getpid()"),
    "-v": limited("-v 300000", MEMORY_ERROR),
    "-d": limited("-d 150000", MEMORY_ERROR),
    "set by itself": code(
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (300 << 20,) * 2)\n"
        + MEMORY_ERROR),
    "small objects": code(
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (90 << 20,) * 2)\n"
        "x = []\ntry:\n    while True: x.append([len(x)])\n"
        "except MemoryError as e: x.clear(); print(repr(e))"),
    "MemoryError not caught": code(
        "import resource as r\nr.setrlimit(r.RLIMIT_AS, (300 << 20,) * 2)\n"
        "x = bytearray(400 << 20)"),
    "-n 20": limited("-n 20", "import os\nx = []\ntry:\n"
                     "    while True: x.append(os.open('/dev/null', 0))\n"
                     "except OSError as e: print(len(x), e)"),
    "-s 512": limited("-s 512", "def f(n): return f(n - 1) + 1 if n else 0\n"
                      "print(f(300))"),
    "-s unlimited": limited("-s unlimited", "print([[i] for i in range(9)])"),
    "-f": limited("-f 20000", "import signal, sys\nf = open('f', 'wb')\n"
                  "try:\n    for i in range(99): f.write(bytes(1 << 20))\n"
                  "    f.flush()\nexcept OSError as e: print(e)"),
    "-c 0": limited("-c 0", "import os; os.abort()"),
    "-l 0": limited("-l 0", "print([[i] for i in range(9)])"),
    "-u": code("import resource as r, os\n"
               "print(r.getrlimit(r.RLIMIT_NPROC))",
               under="ulimit -u 4000;"),
    "mlockall": code("import ctypes\nc = ctypes.CDLL(None)\n"
                     "c.mlockall(3); x = [[i] for i in range(30000)]\n"
                     "print(len(x))"),
    "nice": code("import os; print(os.nice(0))", under="renice -n 5 $$"
                 " >/dev/null;"),
    "umask": code("import os\nopen('f', 'w'); print(oct(os.stat('f')"
                  ".st_mode))", under="umask 077;"),
}

GROUPS = {"recursion": RECURSION, "collector": COLLECTOR, "system": SYSTEM,
          "allocators": ALLOCATORS, "limits": LIMITS}
