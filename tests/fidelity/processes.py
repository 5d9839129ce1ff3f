# SPDX-License-Identifier: MIT
"""Children: fork, daemons, pools, multiprocessing, subprocess, asyncio."""

from fidelity.case import code, script

FORKS = {
    "fork and wait": code(
        "import os\npid = os.fork()\nif pid == 0:\n"
        "    x = [[i] for i in range(10000)]; os._exit(len(x) % 251)\n"
        "print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))"),
    "both go to the end": code(
        "import os, sys\npid = os.fork()\n"
        "if pid: os.waitpid(pid, 0)\n"
        "print('parent' if pid else 'child')\nsys.exit(3 if pid else 4)"),
    "child ends by an exception": code(
        "import os\npid = os.fork()\nif pid == 0: 1 / 0\n"
        "print(os.waitpid(pid, 0)[1])"),
    "child is killed": code(
        "import os, signal\npid = os.fork()\nif pid == 0: signal.pause()\n"
        "os.kill(pid, 9); print(os.waitpid(pid, 0)[1])"),
    "fork warns of threads": code(
        "import os, threading, warnings\nwarnings.simplefilter('always')\n"
        "e = threading.Event()\n"
        "threading.Thread(target=e.wait, daemon=True).start()\n"
        "pid = os.fork()\nif pid == 0: os._exit(0)\n"
        "os.waitpid(pid, 0); e.set()", noise=("pid",)),
    "no false warning": code(
        "import os\npid = os.fork()\nif pid == 0: os._exit(0)\n"
        "print(os.waitpid(pid, 0)[1])", options=("-W", "error")),
    "fork in a thread": code(
        "import os, threading\ndef work():\n    pid = os.fork()\n"
        "    if pid == 0:\n        print(threading.current_thread() is"
        " threading.main_thread(), flush=True); os._exit(0)\n"
        "    os.waitpid(pid, 0)\n"
        "t = threading.Thread(target=work); t.start(); t.join()",
        noise=("pid",)),
    "forks of forks": code(
        "import os\nfor i in range(3):\n    pid = os.fork()\n"
        "    if pid:\n        status = os.waitpid(pid, 0)[1] >> 8\n"
        "        os._exit(status + 1)\nos._exit(0)"),
    "register_at_fork": code(
        "import os\nos.register_at_fork(before=lambda: print('before',"
        " flush=True), after_in_child=lambda: print('child', flush=True),"
        " after_in_parent=lambda: None)\npid = os.fork()\n"
        "if pid == 0: os._exit(0)\nos.waitpid(pid, 0)"),
    "daemonise": code(
        "import os, sys\nr, w = os.pipe()\n"
        "if os.fork() == 0:\n    os.setsid()\n"
        "    if os.fork() == 0:\n        os.chdir('/'); os.umask(0)\n"
        "        x = [str(i) for i in range(20000)]\n"
        "        print('daemon', os.getsid(0) != os.getpid(), len(x),"
        " flush=True)\n        os._exit(0)\n    os._exit(0)\n"
        "os.wait(); os.close(w); os.read(r, 1); print('ended')"),
    "daemon closes all": code(
        "import os\nr, w = os.pipe()\nif os.fork() == 0:\n    os.setsid()\n"
        "    os.dup2(w, 100); os.closerange(0, 100)\n"
        "    x = [[i] for i in range(10000)]\n"
        "    os.write(100, str(len(x)).encode()); os._exit(0)\n"
        "os.close(w); print(os.read(r, 99))"),
    "close every descriptor": code(
        "import os\nos.closerange(3, 4096)\nx = [[i] for i in range(30000)]\n"
        "print(len(x), os.open('/dev/null', 0))"),
    "forkpty": code(
        "import os, pty\npid, fd = pty.fork()\nif pid == 0:\n"
        "    print(os.isatty(0), os.getsid(0) == os.getpid()); os._exit(2)\n"
        "print(os.read(fd, 99)); print(os.waitpid(pid, 0)[1])"),
    "ids and waits": code(
        "import os\npid = os.fork()\nif pid == 0: os._exit(1)\n"
        "print(os.waitid(os.P_PID, pid, os.WEXITED).si_status)\n"
        "try: os.wait()\nexcept ChildProcessError as e: print(e)"),
    "no child of its own": code(
        "import os\ntry: os.waitpid(-1, os.WNOHANG)\n"
        "except ChildProcessError as e: print(e)"),
    "a new session": code(
        "import os\nif os.fork() == 0:\n    print(os.setsid() == os.getpid(),"
        " os.getpgrp() == os.getpid(), flush=True)\n    os._exit(0)\n"
        "os.wait()"),
    "many forks": code(
        "import os\nfor i in range(60):\n    if os.fork() == 0:\n"
        "        [[j] for j in range(100)]; os._exit(i)\n"
        "print(sorted(os.wait()[1] >> 8 for i in range(60)))"),
}

SUBPROCESSES = {
    "run": code("import subprocess, sys\nprint(subprocess.run("
                "[sys.executable, '-c', 'print(1); raise SystemExit(3)'],"
                " capture_output=True))"),
    "its environment": code(
        "import os, subprocess, sys\nprint(subprocess.check_output(["
        "sys.executable, '-c', 'import os; print([*os.environ.items()])'])"
        " == f'{[*os.environ.items()]}\\n'.encode())"),
    "environment of sh": code(
        "import os\nprint(flush=True)\n"
        "os.system('env | grep -v -e ^_= -e ^SHLVL= -e ^PWD= -e ^OLDPWD=')"),
    "an empty environment": code(
        "import subprocess, sys\nprint(subprocess.check_output(["
        "sys.executable, '-c', 'import os; print(dict(os.environ))'],"
        " env={}))"),
    "exec of pointers to nowhere": code(
        "import ctypes, os\nc = ctypes.CDLL(None, use_errno=True)\n"
        "argv = (ctypes.c_char_p * 2)(b'true'); at = ctypes.c_void_p\n"
        "for path, words in ((b'/bin/true', at(1)), (at(1), None),\n"
        "                    (b'/bin/true', at(4096))):\n"
        "    print(c.execve(path, argv, words), ctypes.get_errno())\n"
        "print(c.execveat(-100, at(1), argv, None, 0), ctypes.get_errno())\n"
        "print(c.execvpe(b'true', argv, at(1)), ctypes.get_errno())"),
    "preexec_fn": code(
        "import os, subprocess\nprint(subprocess.run(['sh', '-c', 'exit 5'],"
        " preexec_fn=lambda: os.nice(0)).returncode)"),
    "shell, pipes": code(
        "import subprocess\np = subprocess.Popen('cat; echo err >&2; exit 4',"
        " shell=True, stdin=-1, stdout=-1, stderr=-1)\n"
        "print(p.communicate(b'in'), p.returncode)"),
    "descriptors passed": code(
        "import os, subprocess, sys\nr, w = os.pipe()\n"
        "subprocess.run([sys.executable, '-c', 'import os, sys; os.write("
        "int(sys.argv[1]), str(sorted(os.listdir(\"/proc/self/fd\")))"
        ".encode())', str(w)], pass_fds=[w])\nprint(os.read(r, 99))"),
    "timeout": code(
        "import subprocess\ntry: subprocess.run(['sleep', '30'],"
        " timeout=0.05)\nexcept subprocess.TimeoutExpired as e: print(e.cmd)"),
    "posix_spawn": code(
        "import os\npid = os.posix_spawn('/bin/sh', ['sh', '-c', 'exit 9'],"
        " os.environ)\nprint(os.waitpid(pid, 0)[1])"),
    "popen": code("import os\nf = os.popen('echo x; exit 2')\n"
                  "print(f.read(), f.close())"),
    "not found": code("import subprocess\nsubprocess.run(['/nowhere'])"),
    "spawnv": code("import os\nprint(os.spawnlp(os.P_WAIT, 'sh', 'sh', '-c',"
                   " 'exit 6'))"),
    "a child that is killed": code(
        "import subprocess, sys\nprint(subprocess.run([sys.executable, '-c',"
        " 'import os; os.kill(os.getpid(), 9)']).returncode)"),
    "python through sh": script(
        "import subprocess\nprint(subprocess.check_output(['./x.py']))\n",
        files={"x.py": "#!/bin/sh\nexec \"$THE_PYTHON\" -c 'print(7)'\n"},
        env={"THE_PYTHON": "{python}"}, under="chmod +x x.py;"),
}


def multi(text, method, **how):
    return script(
        "import concurrent.futures, multiprocessing, os, sys, time\n"
        "from multiprocessing import shared_memory\n"
        "def square(x): return x * x\n"
        "def fail(x): raise ValueError(x)\n"
        "def leave(n): sys.exit(n)\n"
        "def put(q, x): q.put([x] * 3)\n"
        "def add(value):\n"
        "    for i in range(100):\n"
        "        with value.get_lock(): value.value += 1\n"
        "if __name__ == '__main__':\n"
        f"    multiprocessing.set_start_method({method!r})\n"
        "    P = multiprocessing.Process\n"
        + "".join(f"    {line}\n" for line in text.splitlines()), **how)


MULTI = {
    "pool": "with multiprocessing.Pool(2) as p:\n"
            "    print(p.map(square, range(20)))",
    "exit codes": "a, b = P(target=leave, args=(5,)), P(target=time.sleep,"
                  " args=(30,))\n"
                  "a.start(); b.start(); b.terminate()\na.join(); b.join()\n"
                  "print(a.exitcode, b.exitcode)",
    "queue and value": "q = multiprocessing.Queue()\n"
                       "v = multiprocessing.Value('i', 0)\n"
                       "all = [P(target=put, args=(q, 1)),"
                       " P(target=add, args=(v,)), P(target=add, args=(v,))]\n"
                       "for p in all: p.start()\nprint(q.get())\n"
                       "for p in all: p.join()\nprint(v.value)",
    "executor": "with concurrent.futures.ProcessPoolExecutor(2) as e:\n"
                "    print([*e.map(square, range(5))])\n"
                "    try: e.submit(fail, 3).result()\n"
                "    except ValueError as x: print(repr(x))",
}
MULTIPROCESSING = {
    f"{name}, {method}": multi(text, method)
    for method in ("fork", "spawn", "forkserver")
    for name, text in MULTI.items()
    if method == "fork" or name in ("pool", "exit codes")
}
MULTIPROCESSING.update({
    "manager": multi("with multiprocessing.Manager() as m:\n"
                     "    d = m.dict(); d['x'] = [1]; print(dict(d))", "fork"),
    "shared memory": multi(
        "s = shared_memory.SharedMemory(create=True, size=99)\n"
        "s.buf[0] = 7; t = shared_memory.SharedMemory(s.name)\n"
        "print(t.buf[0]); t.close(); s.close(); s.unlink()", "spawn"),
    "error in a child": multi("p = P(target=fail, args=(1,)); p.start();"
                              " p.join(); print(p.exitcode)", "spawn"),
    "broken pool": multi(
        "with concurrent.futures.ProcessPoolExecutor(1) as e:\n"
        "    try: e.submit(os._exit, 3).result()\n"
        "    except Exception as x: print(type(x).__name__)", "fork"),
    "daemon children": multi("P(target=time.sleep, args=(30,), daemon=True)"
                             ".start(); print('end')", "fork"),
    "default method": script(
        "import multiprocessing\n"
        "def f(): print(multiprocessing.current_process().name)\n"
        "if __name__ == '__main__':\n"
        "    print(multiprocessing.get_start_method())\n"
        "    p = multiprocessing.Process(target=f); p.start(); p.join()\n"),
    "no main guard": script(
        "import multiprocessing\nmultiprocessing.set_start_method('spawn')\n"
        "p = multiprocessing.Process(target=print); p.start(); p.join()\n"
        "print(p.exitcode)\n"),
})

ASYNCIO = {
    "gather": code("import asyncio\nasync def f(i):\n"
                   "    await asyncio.sleep(0.01 * (5 - i)); print(i)\n"
                   "    return i\nasync def main():\n"
                   "    print(await asyncio.gather(*map(f, range(5))))\n"
                   "asyncio.run(main())"),
    "subprocess": code(
        "import asyncio\nasync def main():\n"
        "    p = await asyncio.create_subprocess_exec('sh', '-c',"
        " 'cat; exit 3', stdin=-1, stdout=-1)\n"
        "    print(await p.communicate(b'in'), p.returncode)\n"
        "asyncio.run(main())"),
    "server": code(
        "import asyncio\nasync def serve(r, w):\n"
        "    w.write((await r.readline()).upper()); w.close()\n"
        "async def main():\n"
        "    s = await asyncio.start_server(serve, '127.0.0.1', 0)\n"
        "    r, w = await asyncio.open_connection(*s.sockets[0]"
        ".getsockname())\n    w.write(b'line\\n')\n"
        "    print(await r.read()); w.close()\nasyncio.run(main())"),
    "to_thread": code("import asyncio, threading\nasync def main():\n"
                      "    print(await asyncio.to_thread(sum, [1, 2]))\n"
                      "asyncio.run(main()); print(threading.active_count())"),
    "task group": code(
        "import asyncio\nasync def main():\n"
        "    async with asyncio.TaskGroup() as g:\n"
        "        g.create_task(asyncio.sleep(0, 1))\n"
        "        async def fail(): 1 / 0\n"
        "        g.create_task(fail())\n"
        "try: asyncio.run(main())\n"
        "except* ZeroDivisionError as e: print(e.exceptions)", since=11),
    "exception never retrieved": code(
        "import asyncio\nasync def fail(): 1 / 0\nasync def main():\n"
        "    asyncio.create_task(fail()); await asyncio.sleep(0)\n"
        "asyncio.run(main())", noise=("address",)),
    "async generators": code(
        "import asyncio\nasync def g():\n    try:\n"
        "        for i in range(9): yield i\n    finally: print('closed')\n"
        "async def main():\n    async for i in g():\n        print(i)\n"
        "        if i == 2: break\nasyncio.run(main())"),
    "many tasks": code(
        "import asyncio\nasync def f(i):\n    await asyncio.sleep(0)\n"
        "    return [i] * 3\nasync def main(): return await"
        " asyncio.gather(*map(f, range(1000)))\n"
        "print(len(asyncio.run(main())))"),
}

THREADS = {
    "the main thread": code(
        "import os, threading\n"
        "print(threading.current_thread() is threading.main_thread(),"
        " threading.main_thread().native_id == os.getpid(),"
        " os.listdir('/proc/self/task') == [str(os.getpid())])"),
    "many": code(
        "import threading\nout = []\n"
        "ts = [threading.Thread(target=out.append, args=(i,))"
        " for i in range(300)]\n"
        "for t in ts: t.start()\nfor t in ts: t.join()\n"
        "print(len(out), threading.active_count())"),
    "pool": code("from concurrent.futures import ThreadPoolExecutor\n"
                 "with ThreadPoolExecutor(4) as e:\n"
                 "    print(sum(e.map(lambda i: len([0] * i), range(999))))"),
    "small stacks": code(
        "import threading\nthreading.stack_size(64 << 10)\n"
        "def f(n): return f(n - 1) + 1 if n else 0\n"
        "t = threading.Thread(target=lambda: print(f(50)))\n"
        "t.start(); t.join()"),
    "locals and excepthook": code(
        "import threading\nthreading.excepthook = lambda a: print(a.exc_type,"
        " a.thread.name)\n"
        "t = threading.Thread(target=lambda: 1 / 0, name='w')\n"
        "t.start(); t.join()"),
    "subinterpreter": code(
        "import importlib\nfor name in ('_xxsubinterpreters',"
        " '_interpreters'):\n    try: i = importlib.import_module(name)\n"
        "    except ImportError: continue\n"
        "    x = i.create(); i.run_string(x, 'x = [[i] for i in range(99)];"
        " print(len(x), flush=True)'); i.destroy(x)"),
    "trace and profile": code(
        "import sys, threading\nseen = []\n"
        "sys.setprofile(lambda f, e, a: seen.append((f.f_code.co_name, e)))\n"
        "def f(x): return [x] * 2\nlist(map(f, range(3)))\n"
        "sys.setprofile(None); print(seen)\nseen = []\n"
        "sys.settrace(lambda f, e, a: seen.append((f.f_lineno, e)))\n"
        "f(1); sys.settrace(None); print(seen)"),
    "context variables": code(
        "import contextvars\nv = contextvars.ContextVar('v', default=0)\n"
        "c = contextvars.copy_context(); c.run(v.set, 5); print(v.get(),"
        " c[v])"),
}

GROUPS = {"fork": FORKS, "subprocess": SUBPROCESSES,
          "multiprocessing": MULTIPROCESSING, "asyncio": ASYNCIO,
          "threads": THREADS}
