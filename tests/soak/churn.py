# SPDX-License-Identifier: MIT
"""Churn for pymtop-soak, until SIGTERM; then still, but alive: threads, forks,
generators, exceptions, free lists, codes made and destroyed, big and small
blocks, deep stacks.  Random, but of a bounded number of kinds, so that there
comes a time when the tracer has seen all of it."""

import itertools
import json
import os
import random
import signal
import sys
import threading
import time
import warnings

warnings.simplefilter("ignore")     # forks with threads
PAUSE = 0.002       # after each step: half a core is enough
FORK_EVERY = 0.7    # all slots of the region are taken within a minute
done = False


def stop(number, frame):
    global done
    done = True


def lists(rng, kept):
    kept.append([(i, float(i), {"a": i}, [i]) for i in range(rng.randrange(60))])


def generators(rng, kept):
    def inner(n):
        for i in range(n):
            yield [i] * 3
            if i == 7:
                return
    source = itertools.islice(inner(rng.randrange(20)), 5)
    kept.append((source, list(inner(5))))
    next(source, None)


def exceptions(rng, kept):
    def fall(n):
        if n == 0:
            raise ValueError([n] * 20)
        try:
            fall(n - 1)
        finally:
            kept.append([n])
    try:
        fall(rng.randrange(1, 12))
    except ValueError as error:
        kept.append(error)


def codes(rng, kept):
    """One of 200 functions, made again and again."""
    names = {}
    number = rng.randrange(200)
    exec(compile(f"def made_{number}(n):\n" + f"    n += {number}\n" * 5
                 + "    return [n] * 3, lambda: n", f"<made {number}>",
                 "exec"), names)
    kept.append(names[f"made_{number}"](3))


def classes(rng, kept):
    kind = type(f"Kind{rng.randrange(50)}", (), {"x": [1], "f": lambda self: 1})
    kept.append([kind() for _ in range(5)])


def deep(rng, kept):
    def down(n):
        return [n] + (down(n - 1) if n else [])
    kept.append(down(rng.choice([5, 40, 150])))


def buffers(rng, kept):
    grown = bytearray()
    for _ in range(10):
        grown += bytes(rng.choice([1, 15, 16, 17, 500, 512, 513, 5000, 200_000]))
    kept.append(grown)


def texts(rng, kept):
    kept.append(json.dumps([{"n": i, "t": "x" * i} for i in range(20)]))
    kept.append(json.loads(kept[-1]))


STEPS = [lists, generators, exceptions, codes, classes, deep, buffers, texts]


def churn(seed):
    rng = random.Random(seed)
    kept = []
    while not done:
        rng.choice(STEPS)(rng, kept)
        if len(kept) > 150:
            del kept[:rng.randrange(150)]
        time.sleep(PAUSE)
    return kept


def short_threads():
    """Threads that come and go."""
    while not done:
        thread = threading.Thread(target=lambda: [[i] for i in range(50)])
        thread.start()
        thread.join()
        time.sleep(0.02)


def churn_in_child(seconds):
    global done
    until = time.monotonic() + seconds
    threading.Timer(seconds, stop, (0, None)).start()
    churn(os.getpid())
    os._exit(0 if time.monotonic() >= until - 1 else 1)


def fork_now_and_then():
    while not done:
        time.sleep(FORK_EVERY)
        child = os.fork()
        if child == 0:
            churn_in_child(0.2)
        if os.waitpid(child, 0)[1] != 0:
            os.abort()


def stay():
    print("still", flush=True)
    while True:
        signal.pause()


signal.signal(signal.SIGTERM, stop)
sibling = os.fork()                 # a ledger of its own, to be recounted too
if sibling == 0:
    kept = churn(os.getpid())
    stay()
results = []
threads = [threading.Thread(target=lambda i=i: results.append(churn(i)))
           for i in range(4)]
threads += [threading.Thread(target=short_threads),
            threading.Thread(target=fork_now_and_then)]
for thread in threads:
    thread.start()
kept = churn(99)
for thread in threads:
    thread.join()
os.kill(sibling, signal.SIGTERM)
stay()
