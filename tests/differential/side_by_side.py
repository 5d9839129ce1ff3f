# SPDX-License-Identifier: MIT
"""side_by_side.py [ROUNDS [FILE]]: eight threads allocate at the same time,
hand blocks on to each other, end, and others begin; with `FILE` tracemalloc
writes what is kept, by line."""

import json
import queue
import sys
import threading

THREADS = 8
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 2000


class Node:
    first = second = None

    def __init__(self, i):
        self.number = i + 1000
        self.name = "n%d" % i


def churn(kept, inbox, outbox, start):
    start.wait()
    for i in range(ROUNDS):
        node = Node(i)
        made = [i * 1.5, (i, i + 1), {i: node}]
        if i % 16 == 0:
            kept[i // 16] = node
            node.first = bytearray(100)
            node.second = bytearray(i)
        if i % 64 == 0:
            outbox.put([made])
            inbox.get()


def wave():
    start = threading.Barrier(THREADS)
    boxes = [queue.SimpleQueue() for _ in range(THREADS)]
    kept = [[None] * ROUNDS for _ in range(THREADS)]
    threads = [threading.Thread(target=churn, args=(
        kept[k], boxes[k], boxes[k - 1], start)) for k in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return kept


first = wave()
second = wave()
del first
third = wave()
if len(sys.argv) > 2:
    import tracemalloc
    with open(sys.argv[2], "w") as file:
        json.dump([[stat.traceback[0].lineno, stat.size, stat.count]
                   for stat in
                   tracemalloc.take_snapshot().statistics("lineno")
                   if stat.traceback[0].filename == __file__], file)
