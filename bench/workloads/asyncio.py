# SPDX-License-Identifier: MIT
"""asyncio: tasks, queues and a tree of coroutines"""

import asyncio

from workloads import times


async def tree(depth):
    if depth == 0:
        await asyncio.sleep(0)
        return 1
    return sum(await asyncio.gather(*[tree(depth - 1) for _ in range(4)]))


async def produce(queue, count):
    for number in range(count):
        await queue.put({"number": number, "list": [number] * 5})
    await queue.put(None)


async def consume(queue):
    total = 0
    while (item := await queue.get()) is not None:
        total += item["number"] + len(item["list"])
    return total


async def both(count):
    total = 0
    for _ in range(count):
        queue = asyncio.Queue(20)
        total += (await asyncio.gather(consume(queue),
                                       produce(queue, 2000)))[0]
        total += await tree(5)
    return total


def run(scale):
    return asyncio.run(both(times(50, scale)))
