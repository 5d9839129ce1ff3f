# SPDX-License-Identifier: MIT
"""What python is asked to run, and with which options and environment."""

from fidelity.case import Case, code

PROGRAM = """\
import json, os, sys
flags = {name: getattr(sys.flags, name) for name in dir(sys.flags)
         if not name.startswith("_") and name.islower()
         and name not in ("count", "index")}
print(json.dumps({
    "argv": sys.argv, "path": sys.path, "name": __name__,
    "file": globals().get("__file__"), "flags": flags,
    "executable": sys.executable, "prefix": sys.prefix,
    "orig_argv": getattr(sys, "orig_argv", None), "xoptions": sys._xoptions,
    "warnoptions": sys.warnoptions, "environ": dict(os.environ),
    "fds": sorted(os.listdir("/proc/self/fd")),
    "streams": [[s.encoding, s.errors, s.line_buffering, s.write_through]
                for s in (sys.stdin, sys.stdout, sys.stderr)],
    "encodings": [sys.getfilesystemencoding(),
                  sys.getfilesystemencodeerrors()],
    "package": __package__, "cwd": os.getcwd(),
    "modules": sorted(sys.modules),
    "stdin": sys.stdin.read() if "read" in sys.argv else None,
}, indent=1))
"""

FILES = {
    "program.py": PROGRAM, "folder/inner.py": PROGRAM,
    "package/__init__.py": "", "package/__main__.py": PROGRAM,
    "app/__main__.py": PROGRAM, "bare/__init__.py": "",
    "shell.py": "not python!\n" + PROGRAM, "broken.py": "def f(:\n",
    "data.json": '{"a": [1, 2]}', "empty": None,
    "latin.py": b"x = '\xe9'\n", "link.py": "-> folder/inner.py",
    "app.zip": {"__main__.py": PROGRAM},
    "startup.py": "print('startup file')\n",
    "a b\u00e9.py": PROGRAM, "null.py": b"print(1)\0\n",
    "sitecustomize.py": "import sys; sys.marked = 'by sitecustomize'\n",
}


def form(*args, **how):
    how.setdefault("stdin", "some\ninput")
    return Case(args, files=FILES, **how)


FORMS = {
    "script": form("program.py", "one", "--two", "-o", "three"),
    "script in a directory": form("folder/inner.py", "a b"),
    "link to a script": form("link.py"),
    "absolute": form("{folder}/program.py"),
    "space and accent": form("a b\u00e9.py"),
    "stdin of a script": form("program.py", "read"),
    "module": form("-m", "program", "--batch", "x"),
    "module, attached": form("-mprogram"),
    "package": form("-m", "package", "1"),
    "stdlib module": form("-m", "json.tool", "{folder}/data.json"),
    "code": form("-c", "import sys; print(sys.argv, sys.path[0])", "-c", "x"),
    "code, attached": form("-cimport sys; print(sys.argv, __name__)"),
    "long code": form("-c", "x = 1\n" * 2_000 + "print(x)"),
    "many arguments": form("program.py", *map(str, range(3000))),
    "empty arguments": form("program.py", "", " ", "", "\n"),
    "bytes as arguments": form("program.py", b"\xff\xfe", b"caf\xe9"),
    "combined letters": form("-Ic", "import sys; print(sys.flags)", "y"),
    "directory": form("app", "1"),
    "zip": form("app.zip", "2"),
    "version": form("-VV"),
    "help": form("-B", "-h"),
    "help of the environment": form("--help-env", since=11),
    "help of -X": form("--help-xoptions", since=11),
    "all help": form("--help-all", since=11),
    "a file through /dev/stdin": form("/dev/stdin", stdin=PROGRAM),
    "descriptors": form("program.py", under="exec 5<data.json 7>/dev/null;"),
    "closed stdin": form("program.py", under="exec 0<&-;"),
    "closed stderr": form("program.py", under="exec 2>&-;"),
    "sitecustomize": form("-c", "import sys; print(sys.marked)",
                          env={"PYTHONPATH": "{folder}"}),
    "timeit": form("-m", "timeit", "-n1", "-r1", "-s", "x=1", "raise x"),
    "pdb": form("-m", "pdb", "program.py", stdin="n\nn\nw\nq\n"),
    "cProfile of an exit": form("-m", "cProfile", "-o", "/dev/null",
                                "broken.py"),
    "trace": form("-m", "trace", "-t", "startup.py"),
}

WRONG = {
    "no such file": form("missing.py", "x"),
    "no such module": form("-m", "missing_module"),
    "no __main__": form("empty", "x"),
    "package without __main__": form("-m", "bare"),
    "syntax error": form("broken.py"),
    "syntax error in code": form("-c", "x = ="),
    "syntax error in a module": form("-m", "broken"),
    "unknown letter": form("-Z", "program.py"),
    "unknown long option": form("-c", "1", "--", "--frob"),
    "bad -X": form("-X", "frozen_modules=maybe", "program.py"),
    "bad -W": form("-W", "nonsense:x", "program.py"),
    "bad hash seed": form("program.py", env={"PYTHONHASHSEED": "many"}),
    "bad allocator": form("program.py", env={"PYTHONMALLOC": "none"}),
    "bad tracemalloc": form("-X", "tracemalloc=x", "program.py"),
    "bad home": form("program.py", env={"PYTHONHOME": "/nowhere"},
                     noise=("address",)),
    "not utf-8": form("latin.py"),
    "null byte": form("null.py"),
    "no value": form("-c"),
    "no module name": form("-m"),
    "no read permission": form("program.py", under="chmod 0 program.py;"),
    "a folder that is gone": form("program.py", under="rm -r ../gone;"
                                  " mkdir ../gone; cd ../gone; rm -r ../gone;"),
    "import of what is broken": form("-c", "import broken"),
    "error while decoding stdin": form("-c", "import sys; sys.stdin.read()",
                                       under="printf '\\377' |"),
}

OPTIONS = {
    "-X dev": form("-X", "dev", "program.py"),
    "-Xdev": form("-Xdev", "program.py"),
    "-X dev, unclosed": form("-X", "dev", "-c", "open('program.py')"),
    "-X utf8": form("-X", "utf8", "program.py"),
    "-X importtime": form("-X", "importtime", "-c", "pass",
                          noise=("microseconds",)),
    "-X pycache_prefix": form("-X", "pycache_prefix=/tmp/x", "program.py"),
    "-X int_max_str_digits": form("-X", "int_max_str_digits=640", "-c",
                                  "print(str(10 ** 700))"),
    "-X no_debug_ranges": form("-X", "no_debug_ranges", "-c",
                               "print((lambda: (1 / 0))())"),
    "-X frozen_modules=off": form("-X", "frozen_modules=off", "-c",
                                  "import os; print(os.__file__,"
                                  " os.path.__spec__.origin)"),
    "-X warn_default_encoding": form("-X", "warn_default_encoding", "-c",
                                     "open('program.py').read()"),
    "-X showrefcount": form("-X", "showrefcount", "-c", "pass"),
    "-X cpu_count": form("-X", "cpu_count=3", "-c",
                         "import os; print(os.cpu_count())"),
    "-X gil": form("-X", "gil=1", "program.py", since=13),
    "-X unknown": form("-X", "a=b=c", "-Xd", "program.py"),
    "-W error": form("-W", "error", "-Wdefault::UserWarning", "program.py"),
    "warning": form("-W", "error", "-c", "import warnings;"
                    " warnings.warn('w')"),
    "-O": form("-O", "program.py"),
    "-OO -B": form("-OOB", "program.py"),
    "-u": form("-u", "program.py"),
    "-I": form("-I", "program.py"),
    "-P": form("-P", "program.py"),
    "-E -s -S": form("-EsS", "program.py"),
    "-x": form("-x", "shell.py"),
    "-bb": form("-bb", "-c", "print(b'' == '')"),
    "-v": form("-v", "-S", "-c", "pass", noise=("address",)),
    "-R -d -q": form("-R", "-q", "-d", "program.py"),
    "-i": form("-i", "-c", "x = 5", stdin="print(x + 1)\nexit(4)\n"),
    "-i after a script": form("-i", "program.py",
                              stdin="print(__name__)\n"),
    "-i after an error": form("-i", "-c", "x = 5\n1 / x / 0",
                              stdin="print(x)\n"),
    "pycs": form("--check-hash-based-pycs", "always", "program.py"),
    "python's --": form("-B", "--", "program.py", "-x"),
    "-": form("-", "a", "b", stdin=PROGRAM),
    "nothing": form(stdin=PROGRAM),
    "empty": form("-", stdin=""),
    "input()": form("-c", "print(input('name? ')[::-1])", stdin="abc\n"),
    "end of input": form("-c", "input()", stdin=""),
    "interactive": form("-i", stdin="1 +\nx = 3\nif x:\n  print(x)\n\n"
                        "raise SystemExit(x)\n"),
}


def environment(*args, bare=False, **env):
    return form(*(args or ("program.py",)), bare=bare, env=env)


ENVIRONMENT = {
    "PYTHONPATH": environment(PYTHONPATH="/nowhere:/else"),
    "PYTHONOPTIMIZE": environment(PYTHONOPTIMIZE="2"),
    "PYTHONUTF8": environment(PYTHONUTF8="1"),
    "PYTHONUTF8=0 in C": environment(PYTHONUTF8="0", LC_ALL="C"),
    "PYTHONCOERCECLOCALE": environment(PYTHONCOERCECLOCALE="warn",
                                       LC_ALL=None, LANG="C"),
    "PYTHONIOENCODING": environment(
        "-c", "print('\u20ac\u00e9', ascii(input()))",
        PYTHONIOENCODING="latin-1:replace"),
    "PYTHONDEVMODE": environment(PYTHONDEVMODE="1"),
    "PYTHONHASHSEED": environment("-c", "print({'a', 'b', 'c', 'd'},"
                                  " hash('x'))", PYTHONHASHSEED="7"),
    "PYTHONUNBUFFERED": environment(PYTHONUNBUFFERED="1"),
    "PYTHONWARNINGS": environment(PYTHONWARNINGS="error"),
    "PYTHONSTARTUP": form("-i", env={"PYTHONSTARTUP": "{folder}/startup.py"},
                          stdin="1\n"),
    "PYTHONINSPECT": environment("-c", "x = 1", PYTHONINSPECT="1"),
    "PYTHONVERBOSE": form("-S", "-c", "pass", env={"PYTHONVERBOSE": "1"},
                          noise=("address",)),
    "PYTHONNOUSERSITE": environment(PYTHONNOUSERSITE="1"),
    "PYTHONUSERBASE": environment("-m", "site", PYTHONUSERBASE="/ub"),
    "PYTHONSAFEPATH": environment(PYTHONSAFEPATH="1"),
    "PYTHONEXECUTABLE": environment(PYTHONEXECUTABLE="/x/python"),
    "PYTHONPLATLIBDIR": environment(PYTHONPLATLIBDIR="lib"),
    "PYTHONBREAKPOINT": environment("-c", "breakpoint()",
                                    PYTHONBREAKPOINT="builtins.print"),
    "PYTHONNODEBUGRANGES": environment("-c", "(lambda: (1 / 0))()",
                                       PYTHONNODEBUGRANGES="1"),
    "PYTHONDONTWRITEBYTECODE": environment(
        "-c", "import program, os; print(os.path.exists('__pycache__'))",
        PYTHONDONTWRITEBYTECODE=None),
    "PYTHONPYCACHEPREFIX": environment(PYTHONPYCACHEPREFIX="/tmp/p"),
    "PYTHONASYNCIODEBUG": environment(
        "-c", "import asyncio\nasync def f(): print("
        "asyncio.get_running_loop().get_debug())\nasyncio.run(f())",
        PYTHONASYNCIODEBUG="1"),
    "PYTHON_GIL": environment(PYTHON_GIL="1"),
    "ignored by -E": environment("-E", "program.py", PYTHONPATH="/x",
                                 PYTHONHASHSEED="bad"),
    "LC_ALL=C": environment(LC_ALL="C"),
    "LC_ALL=POSIX": environment("-c", "print('\\xe9')", LC_ALL="POSIX"),
    "a locale that is not there": environment(
        "-c", "import locale; print(locale.setlocale(locale.LC_ALL, ''))",
        LC_ALL="xx_YY.UTF-8"),
    "no locale": environment(LC_ALL=None, LANG=None),
    "LANGUAGE and TZ": environment("-c", "import time, locale;"
                                   " print(time.tzname, locale.getlocale())",
                                   TZ="America/Lima", LANGUAGE="fr"),
    "nothing at all": environment(bare=True),
    "only a path": environment(bare=True, PATH="/bin"),
    "odd names": environment(bare=True, PYMTOP="1", A_B="=x=", EMPTY=""),
    "LD_PRELOAD": environment("-c", "import os; print([*os.environ.items()],"
                              " 'libm.so.6' in open('/proc/self/maps')"
                              ".read())", LD_PRELOAD="libm.so.6"),
    "empty LD_PRELOAD": environment(LD_PRELOAD=""),
    "LD_LIBRARY_PATH": environment(LD_LIBRARY_PATH="/nowhere"),
    "/proc/self/environ": code(
        "text = open('/proc/self/environ').read().rstrip('\\0')\n"
        "print(text.split('\\0'))", env={"Z": "", "LD_PRELOAD": "libm.so.6"}),
    "order": code("import os; print([*os.environ])",
                  env={"Z": "1", "A": "2", "LD_PRELOAD": "", "M": "3"}),
    "changed": code("import os\nos.environ['A'] = 'x'; del os.environ['B']\n"
                    "os.environ['LD_PRELOAD'] = 'libm.so.6'\n"
                    "os.system('env | grep -E \"^(A|B|LD_P.*|PYM.*)=\"')",
                    env={"A": "1", "B": "2"}),
}

GROUPS = {"forms": FORMS, "wrong": WRONG, "options": OPTIONS,
          "environment": ENVIRONMENT}
