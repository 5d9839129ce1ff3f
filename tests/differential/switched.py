# SPDX-License-Identifier: MIT
"""Stacks that are switched under the thread: of equal shape and height, made
by one instruction, resumed from heights that differ."""

import threading

import greenlet


def deep(n, call):
    kept = [n]
    result = call() if n == 0 else deep(n - 1, call)
    return [result, kept]


def turns(parent, count):
    for i in range(count):
        kept = [i]
        parent().switch([kept])
        deep(i % 5, lambda: [i])


def equal_stacks(count):
    main = greenlet.getcurrent()
    others = [greenlet.greenlet(
        lambda: deep(50, lambda: turns(lambda: main, count)))
        for _ in range(4)]
    for i in range(count):
        for other in others:
            deep(i % 7, other.switch)
            [other, i]
    for other in others:
        other.throw(greenlet.GreenletExit)
        [other]


def among_each_other(count):
    """Not through the parent: each goes on to the next."""
    others = []

    def run(number):
        for i in range(count):
            kept = [i] * 3
            others[(number + 1 + i % 2) % len(others)].switch(kept)
            deep(3, lambda: [kept])

    others += [greenlet.greenlet(
        lambda *first, n=n: deep(10 * n, lambda: run(n)))
               for n in range(5)]
    deep(20, others[0].switch)
    for other in others:
        if other and not other.dead:
            try:
                other.throw(KeyError)
            except KeyError as error:
                kept = [error]
                del kept


def with_generators(count):
    """A generator that is resumed in another greenlet each time."""
    def numbers():
        for i in range(10_000):
            yield [i, i * 1.5]

    generator = numbers()

    def run():
        for _ in range(count):
            deep(4, lambda: next(generator))
            greenlet.getcurrent().parent.switch()

    others = [greenlet.greenlet(run) for _ in range(3)]
    for i in range(count):
        for other in others:
            other.switch()
            next(generator)


def run():
    equal_stacks(60)
    among_each_other(40)
    with_generators(100)


run()
threads = [threading.Thread(target=run) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
