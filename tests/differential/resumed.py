# SPDX-License-Identifier: MIT
"""Generators and coroutines resumed by another caller than last time, from a
stack of the same height: their own frames have not moved, what is below them
is another stack."""

import sys
import threading


def inner(n):
    while True:
        kept = [n, n * 1.5]
        n = (yield kept) or n + 1


def outer(n):
    kept = [n]
    yield from inner(n)
    return kept


def one(generator, n):
    return [next(generator), n] if n == 0 else one(generator, n - 1)


def two(generator, n):
    if n > 0:
        return two(generator, n - 1)
    kept = [1, 2, 3]
    return [next(generator), kept]


def three(generator, n):
    return [n, three(generator, n - 1) if n > 0 else next(generator)]


CALLERS = (one, two, three, one, three, two)


def in_turns(generators, depths, count):
    for i in range(count):
        for generator in generators:
            for n in depths:
                try:
                    CALLERS[i % len(CALLERS)](generator, n)
                except ValueError:      # it runs in another thread
                    pass


def through_c(generator, count):
    for _ in range(count):
        list(zip(range(3), generator))
        sorted([1, 2], key=lambda n: next(generator)[0])
        next(map(lambda x: [x], generator))


def nested(n, generators):
    """Generators that run each other: one may stand on any other."""
    for i in range(n):
        kept = [i]
        if generators:
            for caller in CALLERS:
                try:
                    caller(generators[0], i % 4)
                except StopIteration:
                    generators = generators[1:]
                    break
        yield kept


def thrown(count):
    def catching():
        while True:
            try:
                yield [1]
            except KeyError as error:
                kept = [error] * 3
                del error, kept

    def throw(generator, n):
        if n:
            return throw(generator, n - 1)
        return generator.throw(KeyError(n))

    generator = catching()
    next(generator)
    for i in range(count):
        one(generator, i % 3)
        throw(generator, i % 5)
        throw(generator, i % 2)


def main():
    # All in this frame, too: the loop resumes from one instruction.
    generators = [inner(0), outer(1), inner(2), outer(3)]
    in_turns(generators, (0, 1, 5, 30, 200, 5), 40)
    through_c(generators[0], 100)
    a = nested(30, [])
    b = nested(30, [a])
    c = nested(30, [b, inner(1)])
    for i, kept in enumerate(c):
        CALLERS[i % 6](generators[1], 3)
    thrown(100)
    sys.setswitchinterval(1e-5)
    threads = [threading.Thread(target=in_turns,
                                args=(generators, (1, i, 20 - i), 100))
               for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while generators:
        CALLERS[len(generators)](generators.pop(), 10)


main()
