# SPDX-License-Identifier: MIT
"""Each kind of exit, and what python says then."""

from fidelity.case import code, script


def signalled(number):
    return code(f"import os; print('before', flush=True)\n"
                f"os.kill(os.getpid(), {number})\nprint('after')")


EXITS = {
    "end": code("print('done')"),
    "no line end": code("import sys; sys.stdout.write('no line end')"),
    "sys.exit()": code("import sys; sys.exit()"),
    "sys.exit(0)": code("import sys; sys.exit(0)"),
    "sys.exit(3)": code("import sys; sys.exit(3)"),
    "sys.exit(-1)": code("import sys; sys.exit(-1)"),
    "sys.exit(300)": code("import sys; sys.exit(300)"),
    "sys.exit(2 ** 70)": code("import sys; sys.exit(2 ** 70)"),
    "sys.exit(True)": code("import sys; sys.exit(True)"),
    "sys.exit(text)": code("import sys; sys.exit('it is \u00fcber')"),
    "sys.exit(bytes)": code("import sys; sys.exit(b'x')"),
    "sys.exit(tuple)": code("import sys; sys.exit((1, 2))"),
    "quit()": code("quit(4)"),
    "SystemExit of a class": code("class E(SystemExit): pass\nraise E(9)"),
    "os._exit": code("import os; print('lost'); os._exit(4)"),
    "os._exit in atexit": code("import atexit, os\n"
                               "atexit.register(os._exit, 9)"),
    "os._exit in a thread": code(
        "import os, threading, time\n"
        "threading.Thread(target=os._exit, args=(6,)).start()\n"
        "time.sleep(30)"),
    "sys.exit in a thread": code(
        "import sys, threading\n"
        "t = threading.Thread(target=sys.exit, args=(5,))\n"
        "t.start(); t.join(); print('on')"),
    "exit of exec": code("exec(compile('raise SystemExit(11)', 'x', 'exec'))"),
    "exit while importing": code("import m", files={
        "m.py": "raise SystemExit('from m')"}, env={"PYTHONPATH": "."}),
    "exit in __del__": code("import sys\nclass C:\n"
                            "    def __del__(self): sys.exit(3)\nC()\n"
                            "print('on')", noise=("address",)),
    "KeyboardInterrupt": code("raise KeyboardInterrupt"),
    "KeyboardInterrupt in a module": script(
        "import m", files={"m.py": "raise KeyboardInterrupt('x')"}),
    "closed output": code("import os; os.close(1); print('x')"),
    "closed output, exit 3": code(
        "import os, sys; print('x'); os.close(1); sys.exit(3)"),
    "full output": code("print('x' * 100)", under="exec >/dev/full;"),
    "broken pipe": code(
        "import os\nr, w = os.pipe(); os.close(r); os.dup2(w, 1)\n"
        "print('x' * 100, flush=True)"),
    "broken pipe at exit": code(
        "import os\nr, w = os.pipe(); os.close(r); os.dup2(w, 1)\n"
        "print('x' * 100)"),
    "stdout is None": code("import sys; sys.stdout = None; print('x')\n"
                           "sys.stderr = None; 1 / 0"),
    "exec of another": code("import os\nos.execvp('sh', ['sh', '-c',"
                            " 'echo other; exit 7'])"),
    "exec of itself": script(
        "import os, sys\nprint(sys.argv, flush=True)\n"
        "if len(sys.argv) < 4:\n"
        "    os.execv(sys.executable, [sys.executable] + sys.argv + ['x'])\n"),
    "exec fails": code("import os; os.execv('/nowhere', ['x'])"),
    "atexit": code("import atexit\nfor i in range(3):\n"
                   "    atexit.register(print, 'bye', i)"),
    "atexit raises": code("import atexit\natexit.register(lambda: 1 / 0)\n"
                          "atexit.register(print, 'second')",
                          noise=("address",)),
    "daemon thread": code(
        "import threading, time\n"
        "threading.Thread(target=time.sleep, args=(60,), daemon=True)"
        ".start()"),
    "busy daemon threads": code(
        "import threading\n"
        "def churn():\n    while True: [[i] for i in range(50)]\n"
        "for _ in range(3):\n"
        "    threading.Thread(target=churn, daemon=True).start()"),
    "thread outlives main": code(
        "import threading, time\n"
        "def work():\n    time.sleep(0.1); print('worker', flush=True)\n"
        "threading.Thread(target=work).start(); print('main', flush=True)"),
    "child outlives": code(
        "import os\nif os.fork() == 0:\n"
        "    os.setsid(); import time; time.sleep(0.2)\n"
        "    print('child', flush=True); os._exit(1)"),
    "finalisers": code(
        "class C:\n"
        "    def __init__(self, n): self.n = n\n"
        "    def __del__(self): print('del', self.n, flush=True)\n"
        "a = C(1); b = C(2); b.me = b; import sys; sys.c = C(3)\n"
        "import weakref; weakref.finalize(a, print, 'finalize')"),
    "generator closed at exit": code(
        "def g():\n    try: yield\n    finally: print('closed', flush=True)\n"
        "x = g(); next(x)"),
}

ERRORS = {
    "exception": script("def f():\n    raise ValueError('bad row 17')\nf()\n"),
    "exception in -c": code("def f(): raise ValueError('\u20ac')\nf()"),
    "chain": script("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n"
                    "    raise KeyError('x') from e\n"),
    "group": code("raise ExceptionGroup('g', [ValueError(1),"
                  " TypeError('t')])", since=11),
    "notes": code("e = ValueError('v'); e.add_note('note'); raise e",
                  since=11),
    "assertion": code("assert 1 == 2, 'not equal'"),
    "deep": script("def f(n):\n    return f(n - 1) if n else 1 / 0\n"
                   "f(50)\n"),
    "recursion": script("def f():\n    f()\nf()\n"),
    "excepthook": code("import sys\nsys.excepthook = lambda *a: print('hook',"
                       " a[0].__name__)\n1 / 0"),
    "excepthook raises": code("import sys\n"
                              "def hook(*a): raise KeyError('in hook')\n"
                              "sys.excepthook = hook\n1 / 0"),
    "in a thread": code("import threading\nt = threading.Thread("
                        "target=lambda: 1 / 0, name='worker')\n"
                        "t.start(); t.join(); print('on')"),
    "in __del__": code("class C:\n    def __del__(self): 1 / 0\nC()\n"
                       "print('on')", noise=("address",)),
    "unraisablehook": code(
        "import sys\nsys.unraisablehook = lambda u: print(u.exc_type)\n"
        "class C:\n    def __del__(self): 1 / 0\nC()"),
    "cannot print itself": code("class E(Exception):\n"
                                "    def __str__(self): 1 / 0\nraise E"),
    "out of memory": code("x = bytearray(1 << 60)"),
    "MemoryError caught": code(
        "try: [0] * (1 << 58)\nexcept MemoryError as e: print(repr(e))"),
    "suggestion": code("import sys\nsys.exitt"),
    "name suggestion": code("value = 1\nprint(valeu)"),
    "warnings": code("import warnings\nwarnings.warn('one')\n"
                     "warnings.warn('two', DeprecationWarning)\n"
                     "x = (1 is 1)"),
    "ResourceWarning": code("open('f', 'w'); import gc; gc.collect()",
                            options=("-X", "dev")),
    "never awaited": code("async def f(): pass\nf()"),
    "logging": code("import logging\nlogging.error('x %s', 1)\n"
                    "logging.basicConfig(); logging.info('no')\n"
                    "logging.warning('yes', exc_info=True)"),
    "syntax error from exec": code("exec('if x:\\n y ==\\n')"),
    "from a zip": code("import m", files={"z.zip": {"m.py": "1 / 0\n"}},
                       env={"PYTHONPATH": "z.zip"}),
    "exception while finalising": code(
        "import sys\nclass C:\n"
        "    def __del__(self): print(undefined)\nsys.c = C()",
        noise=("address",)),
}

CRASHES = {
    "abort": code("import os; os.abort()"),
    "SIGSEGV in C": code("import ctypes; ctypes.string_at(0)"),
    "SIGSEGV in a thread": code(
        "import ctypes, threading\nt = threading.Thread("
        "target=ctypes.string_at, args=(0,)); t.start(); t.join()"),
    "fatal error": code("import ctypes\n"
                        "ctypes.pythonapi.Py_FatalError(b'on purpose')",
                        noise=("address", "C stack")),
    "Py_Exit": code("import ctypes; ctypes.pythonapi.Py_Exit(12)"),
    "exit() of C": code("import ctypes; ctypes.CDLL(None).exit(13)"),
    "raise() of C": code("import ctypes; ctypes.CDLL(None)['raise'](6)"),
    "stack overflow": code(
        "import sys, ctypes\nsys.setrecursionlimit(1 << 30)\n"
        "CB = ctypes.CFUNCTYPE(ctypes.c_int)\n"
        "def f(): return CB(f)()\n"
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_STACK, (1 << 20, 1 << 20))\n"
        "f()", until=11, under="ulimit -s 1024;"),
    "handler and abort": code(
        "import os, signal\nsignal.signal(6, lambda *_: print('handled',"
        " flush=True))\nos.kill(os.getpid(), 6); print('on', flush=True)\n"
        "os.abort()"),
}
for _name, _number in (("SIGHUP", 1), ("SIGQUIT", 3), ("SIGILL", 4),
                       ("SIGTRAP", 5), ("SIGBUS", 7), ("SIGFPE", 8),
                       ("SIGKILL", 9), ("SIGUSR1", 10), ("SIGSEGV", 11),
                       ("SIGPIPE", 13), ("SIGALRM", 14), ("SIGTERM", 15),
                       ("SIGCHLD", 17), ("SIGXCPU", 24), ("SIGVTALRM", 26),
                       ("SIGWINCH", 28), ("SIGSYS", 31), ("SIGRTMIN", 34),
                       ("SIGRTMAX", 64), ("SIGINT", 2)):
    CRASHES[_name] = signalled(_number)

GROUPS = {"exits": EXITS, "errors": ERRORS, "crashes": CRASHES}
