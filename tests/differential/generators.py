# SPDX-License-Identifier: MIT
"""Styles: generators and coroutines, resumed from anywhere, and exceptions.
"""

import asyncio
import functools
import types

from walk import Unwind

ASLEEP_MAX = 20


def counted(walk, depth, n):
    for i in range(n):
        walk.keep([i])
        yield walk.once(depth)
        walk.keep({i: depth})


def delegating(walk, depth, n):
    got = yield from counted(walk, depth, n)
    walk.keep([got])
    if n > 1:
        yield from delegating(walk, depth, n - 1)
    return [n]


def catching(walk, depth):
    for _ in range(6):
        try:
            yield [depth]
        except (ValueError, GeneratorExit) as error:
            walk.keep([type(error)] * 10)
            walk.once(depth)
            if isinstance(error, GeneratorExit):
                return
        finally:
            walk.keep((depth, depth * 1.5))


def iterated(walk, depth):
    for x in counted(walk, depth, 3):
        walk.keep([x])
        walk.once(depth)


def delegated(walk, depth):
    for x in delegating(walk, depth, 3):
        walk.keep([x])


def in_expressions(walk, depth):
    walk.keep([[i, walk.once(depth)] for i in range(2)])
    walk.keep({i: walk.once(depth) for i in range(2)})
    walk.keep(tuple(walk.once(depth) for _ in range(2)))
    walk.keep(sum((i * 1.5 for i in counted(walk, depth, 2)), 1.5))


def thrown(walk, depth):
    generator = catching(walk, depth)
    next(generator)
    for _ in range(2):
        walk.keep([generator.throw(ValueError(depth))])
        walk.go(depth)
    if depth % 2:
        generator.close()
    else:
        del generator


def left_asleep(walk, depth):
    generator = [counted, delegating][depth % 2](walk, depth, 5)
    walk.keep([next(generator)])
    walk.asleep.append(generator)
    if len(walk.asleep) > ASLEEP_MAX:
        walk.asleep.pop(0)


def woken(walk, depth):
    """Resumed here, whoever made it; perhaps it runs in another thread."""
    for generator in walk.some(walk.asleep):
        try:
            walk.keep([next(generator)])
            walk.asleep.append(generator)
        except (StopIteration, ValueError):
            walk.keep([depth])


def woken_deeper(walk, depth):
    if depth % 3:
        woken_deeper(walk, depth - 1)
    woken(walk, depth)


def failing(walk, n):
    for i in range(n):
        yield [i]
    walk.keep([n])
    raise ValueError([n])


def failing_generators(walk, depth):
    """The loop keeps its height: each time it is resumed from the same
    instructions, with another generator on top."""
    for generator in [failing(walk, n) for n in (0, 2, 0, 1, 0, 3)]:
        try:
            for x in generator:
                walk.keep([x])
        except ValueError as error:
            walk.keep([error.args] * 2)
            walk.once(depth)


def climb(walk, depth, n):
    kept = [n]
    if n == 0:
        raise Unwind(depth)
    try:
        climb(walk, depth, n - 1)
    except Unwind as error:
        kept.append(str(error))
        if n % 4 == 0:
            walk.once(depth)
            raise ValueError(kept) from error
        raise
    finally:
        walk.keep([kept])


def climbed(walk, depth):
    for _ in range(3):
        try:
            climb(walk, depth, int(walk.random.random() * 30))
        except (Unwind, ValueError) as error:
            walk.keep(error)
            walk.once(depth)


def caught(walk, depth):
    """Called again from one instruction, whatever it ended with."""
    for _ in range(3):
        try:
            walk.go(depth)
        except Unwind as error:
            walk.keep([error.args, error])


@types.coroutine
def paused(value):
    yield [value]


class AsyncManager:
    def __init__(self, walk, depth):
        self.walk, self.depth = walk, depth

    async def __aenter__(self):
        await paused(1)
        return [self.walk.once(self.depth)]

    async def __aexit__(self, *arguments):
        self.walk.keep([await paused(2)])


async def numbers(walk, depth, n):
    for i in range(n):
        await paused(i)
        yield [i, walk.once(depth)]


async def worker(walk, depth, n):
    kept = [n]
    if n > 0:
        kept.append(await worker(walk, depth, n - 1))
    async with AsyncManager(walk, depth) as entered:
        walk.keep(entered)
    async for number in numbers(walk, depth, 2):
        walk.keep(number)
    return kept


def driven(walk, depth):
    coroutines = [worker(walk, depth, n) for n in (0, 2, 3)]
    while coroutines:
        coroutine = coroutines.pop(0)
        try:
            walk.keep([coroutine.send(None)])
            coroutines.append(coroutine)
            if walk.random.random() < 0.05:
                coroutine.close()
                coroutines.pop()
        except StopIteration as stop:
            walk.keep(stop.value)


async def task(walk, depth, n):
    for i in range(n):
        walk.keep([i])
        await asyncio.sleep(0)
        walk.once(depth)
    return [n]


async def numbers_asleep(walk, depth):
    try:
        for i in range(5):
            await asyncio.sleep(0)
            yield [walk.once(depth), i]
    finally:
        walk.keep([depth])


async def gathered(walk, depth):
    results = await asyncio.gather(
        *[task(walk, depth, n) for n in (1, 2, 3)], return_exceptions=True)
    walk.keep(results)
    numbers = numbers_asleep(walk, depth)
    async for number in numbers:
        walk.keep(number)
        break
    await numbers.aclose()
    waiting = asyncio.ensure_future(task(walk, depth, 9))
    await asyncio.sleep(0)
    waiting.cancel()
    try:
        await waiting
    except (asyncio.CancelledError, Unwind):
        walk.keep([depth])


def event_loop(walk, depth):
    if asyncio._get_running_loop() is not None or walk.random.random() < 0.7:
        driven(walk, depth)
        return
    loop = asyncio.new_event_loop()
    loop.set_exception_handler(lambda *arguments: None)
    try:
        loop.run_until_complete(gathered(walk, depth))
    finally:
        loop.close()


@functools.lru_cache(maxsize=4)
def cached(walk, depth, n):
    return [n, walk.once(depth)]


def from_cache(walk, depth):
    for n in (1, 2, 1, 2, 3, 4, 5):
        walk.keep(cached(walk, depth, n))


STYLES = (iterated, delegated, in_expressions, thrown, left_asleep, woken,
          woken_deeper, failing_generators, climbed, caught, driven,
          event_loop, from_cache, caught, left_asleep)
