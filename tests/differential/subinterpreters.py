# SPDX-License-Identifier: MIT
"""Subinterpreters, in turns and, where each has a GIL of its own, at once."""

import sys
import threading

try:
    import _interpreters
except ImportError:
    import _xxsubinterpreters as _interpreters

SOURCE = """
def down(n):
    kept = [n, n * 1.5, (n, n), {n: n}]
    return [down(n - 1), kept] if n else kept

def made(n):
    for i in range(n):
        yield [i] * i

for i in range(30):
    down(i)
    list(made(i))
    sorted(range(5), key=lambda n: [n])
    names = {}
    exec(f"def f{i % 5}(): return [1, 2]", names)
    names.popitem()[1]()
"""


def create():
    made = _interpreters.create()
    return made[0] if isinstance(made, tuple) else made


def run(n):
    interpreter = create()
    for _ in range(n):
        kept = [n]
        failed = _interpreters.run_string(interpreter, SOURCE)
        assert failed is None, failed
        del kept
    _interpreters.destroy(interpreter)


def deep(n):
    kept = [n]
    if n == 0:
        run(3)
    else:
        deep(n - 1)
    return kept


deep(0)
deep(20)
exec(SOURCE)
if sys.version_info >= (3, 12):
    threads = [threading.Thread(target=run, args=(5,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    exec(SOURCE)
    for thread in threads:
        thread.join()
