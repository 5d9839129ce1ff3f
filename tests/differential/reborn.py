# SPDX-License-Identifier: MIT
"""A code object dies and another is born at its address: on top of the stack,
in the middle of it, in a generator, in another thread.  Prints how often."""

import collections
import gc
import threading

SHAPES = (
    "def f{n}(call, x):\n    kept = [x, x]\n    call(x)\n"
    "    return {{x: kept}}\n",
    "\n\ndef g{n}(call, x):\n    kept = (x, x, x)\n    call(x)\n"
    "    return [kept]\n",
    "class C{n}:\n  def h{n}(call, x):\n    call(x)\n    return [x * 1.5]\n"
    "f = C{n}.h{n}\ndel C{n}\n",
    "def f{n}(call, x):\n    def made():\n        call(x)\n        yield [x]\n"
    "    return list(made())\n",
)

seen = collections.Counter()


def top(x):
    return [x] * 3


def deeper(x, n=6):
    kept = [n]
    return [top(x) if n == 0 else deeper(x, n - 1), kept]


def make(n):
    names = {}
    exec(SHAPES[n % len(SHAPES)].format(n=n % 40), names)
    made = next(value for name, value in names.items()
                if name[0] in "fg" and callable(value))
    seen[id(made.__code__)] += 1
    return made


def rounds(count):
    for n in range(count):
        made = make(n)
        for call in (top, deeper, top):
            made(call, n)
        del made
        if n % 50 == 0:
            gc.collect(0)


def alike(count):
    """One shape, so that each is born where the last one has died, with all
    else equal: the caller, the instruction, the frame's address."""
    for n in range(count):
        names = {}
        exec(f"def same{n % 7}(call):\n    return call({n % 3}), [1, 2]\n",
             names)
        names.popitem()[1](top)


def handed_over(count):
    """One thread runs what another makes.  It allocates nothing but there, at
    one instruction: what it remembers of its stack still looks right."""
    box = [None]
    go, done = threading.Lock(), threading.Lock()

    def run():
        while True:
            go.acquire()
            if not box:
                return
            box[0](top)
            done.release()

    go.acquire()
    done.acquire()
    runner = threading.Thread(target=run)
    runner.start()
    for n in range(count):
        box[0] = None
        names = {}
        exec(f"def handed{n % 50}(call):\n    return [call]\n", names)
        box[0] = names.popitem()[1]
        seen[id(box[0].__code__)] += 1
        go.release()
        done.acquire()
    box.clear()
    go.release()
    runner.join()


def overlapping(count):
    """Codes of one shape, all run from one line: the next one lies over the
    last one, but begins elsewhere, and its instructions with it."""
    text = "kept = [1, x]\n" * 60
    codes = [compile(text, f"sized{n}.py", "exec") for n in range(11)]
    for n in range(count):
        pad = bytes(1000 + n % 7 * 16)
        code = codes[n % 11].replace(co_firstlineno=n % 5 + 1)
        del pad
        seen[id(code)] += 1
        exec(code, {"x": n})
        del code


rounds(400)
alike(400)
overlapping(500)
handed_over(1000)
threads = [threading.Thread(target=rounds, args=(150,)) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("reborn", sum(seen.values()) - len(seen))
