# SPDX-License-Identifier: MIT
"""mixed.py SEED STEPS KIND: a random program of all styles.

KIND is `alone` (with forks), `threads` (eight, that share their sleeping
generators, and short-lived ones), `greenlets` or `deep` (over 4096 frames).
"""

import ctypes
import os
import sys
import threading
import warnings

import calls
import codes
import generators
from walk import Unwind, Walk

STYLES = calls.STYLES + generators.STYLES + codes.STYLES
FORKS = 5


def verify():
    """Recount now; the number of differences so far."""
    return ctypes.CDLL(None).pymtop_verify()


def forked(walk, depth):
    walk.forks = getattr(walk, "forks", 0)
    if walk.forks >= FORKS or walk.random.random() < 0.5:
        return
    walk.forks += 1
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        status = 3
        try:
            walk.left = 60
            walk.forks = FORKS
            try:
                walk.go(depth)
            except Unwind:
                pass
            status = 0 if verify() == 0 else 4
        finally:
            os._exit(status)
    assert os.waitpid(child, 0)[1] == 0


def alone(seed, steps):
    walk = Walk(STYLES + (forked,), seed, steps)
    walk.run()
    huge = bytes(600 << 20)     # never touched
    walk.keep([len(huge)])


def short_lived(walk, depth):
    if walk.random.random() < 0.9:
        return

    def run():
        try:
            walk.once(walk.deepest - 3)
        except Unwind:
            pass

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def threads(seed, steps):
    sys.setswitchinterval(1e-4)
    threading.stack_size(256 << 20)
    asleep = []
    started = []
    for i in range(8):
        # What one thread traces or monitors the others would see.
        walk = Walk(STYLES + (short_lived,), seed + i, steps // 8)
        walk.asleep = asleep
        started.append(threading.Thread(target=walk.run))
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


def greenlets(seed, steps):
    import switching
    Walk(STYLES + switching.STYLES * 4, seed, steps).run()
    switching.from_threads(STYLES + switching.STYLES * 4, seed, steps // 8)


def below(left, marks, walk):
    """As deep as left is long; at each mark the program goes on."""
    if left.pop() in marks:
        walk.left = 2
        walk.run()
    if left:
        below(left, marks, walk)


def to_the_error(n):
    kept = [n] if n % 100 == 0 else n
    to_the_error(n + 1)
    return kept


def deep(seed, steps):
    """Stacks about the limit, and past it in steps; then into the error."""
    sys.setrecursionlimit(30_000)
    walk = Walk(calls.STYLES, seed, steps, deepest=4)
    marks = {4070, 4085, 4090, 4093, 4096, 4100, 6140, 6150}
    left = list(range(max(marks), 0, -1))
    below(left, marks, walk)
    sys.setrecursionlimit(400)
    for _ in range(5):
        try:
            to_the_error(0)
        except RecursionError as error:
            walk.keep([str(error)] * 10)


def main():
    seed, steps, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    warnings.simplefilter("ignore")
    sys.setrecursionlimit(20_000)
    sys.unraisablehook = lambda unraisable: None
    failed = []
    threading.excepthook = failed.append
    # Python calls from C take C stack, more than the main thread may have.
    if kind == "deep":
        threading.stack_size(512 << 20)
        thread = threading.Thread(target=deep, args=(seed, steps))
        thread.start()
        thread.join()
    else:
        {"alone": alone, "threads": threads,
         "greenlets": greenlets}[kind](seed, steps)
    assert not failed, failed
    print("done", verify())


if __name__ == "__main__":
    main()
