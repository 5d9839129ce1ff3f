# SPDX-License-Identifier: MIT
"""Signals to the main thread and to workers, in every call that blocks; the
faulthandler module."""

from fidelity.case import code

# What blocks: what it needs, the call, and what lets it go on.
BLOCKING = {
    "time.sleep": ("", "time.sleep(0.2)", ""),
    "os.read": ("r, w = os.pipe()", "os.read(r, 9)", "os.write(w, b'x')"),
    "os.write": ("r, w = os.pipe(); os.write(w, bytes(1 << 16))",
                 "os.write(w, b'x')", "drain(r)"),
    "io.read": ("r, w = os.pipe(); f = open(r, 'rb')", "f.read(3)",
                "os.write(w, b'abc')"),
    "io.readline": ("r, w = os.pipe(); f = open(r)", "f.readline()",
                    "os.write(w, b'line\\n')"),
    "input": ("r, w = os.pipe(); os.dup2(r, 0)", "input()",
              "os.write(w, b'typed\\n')"),
    "select.select": ("r, w = os.pipe()",
                      "len(select.select([r], [], [])[0])",
                      "os.write(w, b'x')"),
    "select.poll": ("r, w = os.pipe(); p = select.poll(); p.register(r, 1)",
                    "len(p.poll())", "os.write(w, b'x')"),
    "select.epoll": ("r, w = os.pipe(); p = select.epoll(); p.register(r, 1)",
                     "len(p.poll())", "os.write(w, b'x')"),
    "lock.acquire": ("a = threading.Lock(); a.acquire()", "a.acquire()",
                     "a.release()"),
    "lock.acquire, timeout": ("a = threading.Lock(); a.acquire()",
                              "a.acquire(timeout=30)", "a.release()"),
    "condition.wait": ("c = threading.Condition(); told = []", "wait()",
                       "notify()"),
    "event.wait": ("e = threading.Event()", "e.wait()", "e.set()"),
    "semaphore.acquire": ("s = threading.Semaphore(0)", "s.acquire()",
                          "s.release()"),
    "thread.join": ("e = threading.Event()\n"
                    "t = threading.Thread(target=e.wait, daemon=True);"
                    " t.start()", "t.join()", "e.set()"),
    "queue.get": ("q = queue.Queue()", "q.get()", "q.put(7)"),
    "queue.put": ("q = queue.Queue(1); q.put(1)", "q.put(2)", "q.get()"),
    "SimpleQueue.get": ("q = queue.SimpleQueue()", "q.get()", "q.put(7)"),
    "subprocess.wait": (
        "p = subprocess.Popen(['cat'], stdin=-1)", "p.wait()",
        "p.stdin.close()"),
    "subprocess.communicate": (
        "r, w = os.pipe(); p = subprocess.Popen(['cat'], stdin=r, stdout=-1)",
        "p.communicate()", "os.close(w)"),
    "os.waitpid": (
        "p = subprocess.Popen(['cat'], stdin=-1)",
        "os.waitpid(p.pid, 0)[1]", "p.stdin.close()"),
    "socket.accept": (
        "s = socket.create_server(('127.0.0.1', 0))",
        "s.accept()[1][0]", "socket.create_connection(s.getsockname())"),
    "socket.recv": ("a, b = socket.socketpair()", "a.recv(9)", "b.send(b'x')"),
    "fcntl.flock": (
        "f = open('lock', 'w'); g = open('lock'); fcntl.flock(f, 2)",
        "fcntl.flock(g, 2)", "fcntl.flock(f, 8)"),
    "open of a fifo": (
        "f = f'fifo{len(os.listdir())}'; os.mkfifo(f)", "open(f).readline()",
        "w = os.open(f, os.O_RDWR); os.write(w, b'line\\n')"),
    "asyncio.run": ("import asyncio; r, w = os.pipe()",
                    "asyncio.run(readable(r))", "os.write(w, b'x')"),
    "future.result": ("from concurrent.futures import Future; f = Future()",
                      "f.result()", "f.set_result(7)"),
    "connection.recv": ("from multiprocessing import Pipe; a, b = Pipe()",
                        "a.recv()", "b.send(7)"),
}

# Each call is interrupted by an exception of a handler, goes on after a
# handler that lets it end, takes KeyboardInterrupt, and is made by a worker
# while the main thread gets signals for itself and for the worker.
SCRIPT = """\
import fcntl, os, queue, select, signal, socket, subprocess, threading, time

def drain(fd):
    os.set_blocking(fd, False)
    try:
        while True: os.read(fd, 1 << 16)
    except BlockingIOError:
        os.set_blocking(fd, True)
def wait():
    with c: return c.wait_for(lambda: told)
def notify():
    with c: told.append(1); c.notify()
async def readable(fd):
    got = asyncio.Event()
    asyncio.get_running_loop().add_reader(fd, got.set)
    await got.wait()
    return 'ready'
class Timeout(Exception): pass
def main(): return threading.current_thread() is threading.main_thread()
def fail(*_): raise Timeout

{needs}
call = lambda: {call}
def go():
    {release}
def later(handler):
    signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.04)
def attempt(what):
    try:
        print(what, call(), flush=True)
    except (Timeout, KeyboardInterrupt) as e:
        print(what, type(e).__name__, flush=True)
    finally:
        main() and signal.setitimer(signal.ITIMER_REAL, 0)

"""
MAIN = """\
later(fail); attempt('fails')
later(lambda *_: go()); attempt('returns')
"""
FRESH = """\
{needs}
later(lambda *_: os.kill(os.getpid(), signal.SIGINT)); attempt('interrupted')
"""
WORKER = """\
{needs}
worker = threading.Thread(target=attempt, args=('worker',))
seen = set()
signal.signal(signal.SIGUSR1, lambda n, _: seen.add(n))
worker.start()
signal.pthread_kill(worker.ident, signal.SIGUSR1)
later(lambda n, _: seen.add(n))
while len(seen) < 2: time.sleep(0.01)
{release}
worker.join()
print(sorted(seen))
"""


def blocking(name):
    needs, call, release = BLOCKING[name]
    words = dict(needs=needs, call=call, release=release or "pass")
    return code((SCRIPT + MAIN + FRESH + WORKER).format(**words))


def sent(signals, text, **how):
    """Code in which another process sends these signals after ready()."""
    kills = "; ".join(f"kill -{name} $PPID" for name in signals.split())
    return code(
        "import os, signal, subprocess, sys, threading, time\n"
        "def ready(after=0.05):\n"
        f"    subprocess.Popen(['sh', '-c', f'sleep {{after}}; {kills}'])\n"
        + text, **how)


def interrupted(text):
    """SIGINT is sent to a script that does this."""
    return sent("INT", "try:\n    ready()\n    " + text + "\n"
                "except KeyboardInterrupt: print('interrupted')")


SENT = {
    "INT": sent("INT", "ready(0.3); time.sleep(30)"),
    "INT to sleep": interrupted("time.sleep(30)"),
    "INT to a busy loop": interrupted("while True: pass"),
    "INT to an allocating loop": interrupted(
        "while True: [str(i) for i in range(100)]"),
    "INT to join": interrupted(
        "t = threading.Thread(target=time.sleep, args=(0.3,)); t.start()\n"
        "    t.join(); time.sleep(30)"),
    "INT to subprocess.run": interrupted(
        "subprocess.run(['sleep', '0.3']); time.sleep(30)"),
    "INT to the end": sent(
        "INT", "threading.Thread(target=time.sleep, args=(0.6,)).start()\n"
        "ready(0.3)", noise=("address",)),
    "INT ignored": sent("INT TERM", "signal.signal(2, signal.SIG_IGN)\n"
                        "ready(); time.sleep(30)"),
    "INT by default": sent("INT", "signal.signal(2, signal.SIG_DFL)\n"
                           "ready(); time.sleep(30)"),
    "INT to asyncio.run": sent(
        "INT", "import asyncio\nasync def main():\n    ready()\n"
        "    try: await asyncio.sleep(30)\n"
        "    finally: print('finally', flush=True)\n"
        "try: asyncio.run(main())\n"
        "except KeyboardInterrupt: print('interrupted')"),
    "TERM to sleep": sent("TERM", "ready(); time.sleep(30)"),
    "TERM to workers": sent(
        "TERM", "for _ in range(3):\n"
        "    threading.Thread(target=time.sleep, args=(30,)).start()\n"
        "ready(); time.sleep(30)"),
    "TERM handled": sent("TERM", "signal.signal(15, lambda *_: sys.exit(8))\n"
                         "ready(); time.sleep(30)"),
    "TERM to atexit": sent(
        "TERM", "import atexit; atexit.register(time.sleep, 30); ready()"),
    "HUP, USR1, USR2": sent(
        "HUP USR1 USR2", "seen = set()\nfor n in (1, 10, 12):\n"
        "    signal.signal(n, lambda n, f: seen.add(n))\n"
        "ready()\nwhile len(seen) < 3: time.sleep(0.01)\nprint(seen)"),
    "STOP and CONT": sent(
        "STOP CONT", "seen = []\nsignal.signal(18, lambda *_:"
        " seen.append('continued'))\n"
        "ready()\nwhile not seen: time.sleep(0.01)\nprint(seen)"),
    "a burst": sent(
        "USR1 USR1 USR1 USR1 TERM", "seen = set()\n"
        "signal.signal(10, lambda n, f: seen.add(n))\n"
        "signal.signal(15, lambda n, f: sys.exit(len(seen)))\n"
        "ready()\nwhile True: [[i] for i in range(100)]"),
    "blocked": sent(
        "USR1", "signal.pthread_sigmask(signal.SIG_BLOCK, [10])\n"
        "signal.signal(10, lambda *_: print('handler'))\n"
        "ready(); print(signal.sigwait([10]), signal.sigpending())"),
    "sigtimedwait": sent(
        "USR1", "signal.pthread_sigmask(signal.SIG_BLOCK, [10])\nready()\n"
        "print(signal.sigtimedwait([10], 30).si_signo,"
        " signal.sigtimedwait([10], 0.01))"),
    "set_wakeup_fd": sent(
        "USR1", "r, w = os.pipe(); os.set_blocking(w, False)\n"
        "signal.set_wakeup_fd(w); signal.signal(10, lambda *_: None)\n"
        "ready(); print(os.read(r, 9))"),
    "signalfd of C": sent(
        "INT", "signal.pthread_sigmask(signal.SIG_BLOCK, [2]); ready()\n"
        "print(signal.sigwaitinfo([2]).si_code)"),
    "the whole group": sent(
        "TERM", "os.killpg(0, signal.SIGTERM); time.sleep(30)", leader=True),
    "nohup": sent("HUP TERM", "print(signal.getsignal(1)); ready();"
                  " time.sleep(30)", under="trap '' HUP;"),
}

HANDLING = {
    "dispositions": code(
        "import signal\nprint([str(signal.getsignal(n))"
        " for n in sorted(signal.valid_signals())])", noise=("address",)),
    "dispositions in /proc": code(
        "for line in open('/proc/self/status'):\n"
        "    if line[:3] in ('Sig', 'Cap', 'Sec', 'NoN', 'Thr', 'Cpu'):\n"
        "        if line[:4] != 'SigQ': print(line, end='')"),
    "mask that is inherited": code(
        "import signal; print(signal.pthread_sigmask(0, []))",
        under="trap '' USR1 PIPE;"),
    "alarm": code("import signal, time\nsignal.alarm(1)\ntime.sleep(30)"),
    "itimers": code(
        "import signal\nseen = []\n"
        "signal.signal(27, lambda *_: seen.append('prof'))\n"
        "signal.signal(26, lambda *_: seen.append('virtual'))\n"
        "signal.setitimer(1, 0.01); signal.setitimer(2, 0.02)\n"
        "while len(seen) < 2: [[i] for i in range(100)]\n"
        "print(seen, signal.getitimer(1))"),
    "handler of the handler": code(
        "import os, signal\n"
        "def outer(*_):\n"
        "    os.kill(os.getpid(), 12); print('outer')\n"
        "signal.signal(10, outer); signal.signal(12, lambda *_:"
        " print('inner'))\nos.kill(os.getpid(), 10)"),
    "frame of a handler": code(
        "import os, signal\n"
        "signal.signal(10, lambda n, f: print(f.f_code.co_name, f.f_lineno,"
        " sorted(f.f_locals)))\n"
        "def work():\n    x = 1\n    os.kill(os.getpid(), 10)\nwork()"),
    "only in the main thread": code(
        "import signal, threading\n"
        "t = threading.Thread(target=signal.signal, args=(10, print))\n"
        "t.start(); t.join()"),
    "raise_signal": code("import signal\nsignal.raise_signal(15)"),
    "pthread_kill of itself": code(
        "import signal, threading\n"
        "signal.pthread_kill(threading.get_ident(), 2)"),
    "SIGCHLD": code(
        "import os, signal, time\nseen = []\n"
        "signal.signal(17, lambda n, f: seen.append(os.waitpid(-1, 1)[1]))\n"
        "if os.fork() == 0: os._exit(3)\n"
        "while not seen: time.sleep(0.01)\nprint(seen)"),
    "SIGCHLD ignored": code(
        "import os, signal\nsignal.signal(17, signal.SIG_IGN)\n"
        "pid = os.fork()\nif pid == 0: os._exit(3)\n"
        "try: print(os.waitpid(pid, 0))\n"
        "except ChildProcessError as e: print(e)"),
    "asyncio's handlers": code(
        "import asyncio, os, signal\nasync def main():\n"
        "    loop = asyncio.get_running_loop(); got = asyncio.Event()\n"
        "    loop.add_signal_handler(signal.SIGUSR1, got.set)\n"
        "    os.kill(os.getpid(), signal.SIGUSR1)\n"
        "    await got.wait(); return loop.remove_signal_handler(10)\n"
        "print(asyncio.run(main()))"),
}

DUMPS = ("address", "C stack")


def dump(text, **how):
    return code("import faulthandler, os, signal, sys, threading, time\n"
                + text, noise=DUMPS, **how)


FAULTS = {
    "-X faulthandler": code("import ctypes; ctypes.string_at(0)",
                            options=("-X", "faulthandler"), noise=DUMPS),
    "PYTHONFAULTHANDLER": code("import ctypes; ctypes.string_at(0)",
                               env={"PYTHONFAULTHANDLER": "1"}, noise=DUMPS),
    "in a thread": dump(
        "import ctypes\nfaulthandler.enable()\n"
        "def f(): time.sleep(0.3); ctypes.string_at(0)\n"
        "t = threading.Thread(target=f); t.start(); t.join()"),
    "one thread": dump("import ctypes\nfaulthandler.enable(all_threads=False)"
                       "\ndef f(): ctypes.string_at(0)\nf()"),
    "dump": dump("def f(): faulthandler.dump_traceback()\nf()"),
    "dump of all": dump(
        "e = threading.Event()\n"
        "t = threading.Thread(target=e.wait, daemon=True); t.start()\n"
        "time.sleep(0.05); faulthandler.dump_traceback(all_threads=True)\n"
        "e.set()"),
    "to a file": dump("with open('f', 'w+') as f:\n"
                      "    faulthandler.dump_traceback(f)\n"
                      "    f.seek(0); print(f.read())"),
    "registered": dump("faulthandler.register(10, chain=True)\n"
                       "signal.signal(10, lambda *_: print('chained'))\n"
                       "faulthandler.register(10, chain=True)\n"
                       "os.kill(os.getpid(), 10); print('on')"),
    "later": dump("faulthandler.dump_traceback_later(0.05, exit=True)\n"
                  "time.sleep(30)"),
    "later, cancelled": dump(
        "faulthandler.dump_traceback_later(0.05)\n"
        "faulthandler.cancel_dump_traceback_later(); time.sleep(0.1)"),
    "deep": dump("def f(n): return f(n - 1) if n else"
                 " faulthandler.dump_traceback()\nf(150)"),
    "while allocating": dump(
        "signal.signal(14, signal.SIG_DFL); faulthandler.register(14)\n"
        "seen = []\n"
        "signal.setitimer(0, 0.03)\nimport io\n"
        "end = time.monotonic() + 0.1\n"
        "while time.monotonic() < end: [[i] for i in range(9)]",
        under="exec 2>/dev/null;"),
}
for _signal in ("SIGSEGV", "SIGABRT", "SIGFPE", "SIGBUS", "SIGILL"):
    FAULTS[_signal] = dump(f"faulthandler.enable()\n"
                           f"os.kill(os.getpid(), signal.{_signal})")

GROUPS = {
    "blocking": {name: blocking(name) for name in BLOCKING},
    "sent": SENT, "handling": HANDLING, "faulthandler": FAULTS,
}
