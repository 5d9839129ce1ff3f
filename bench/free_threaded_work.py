# SPDX-License-Identifier: MIT
"""free_threaded_work.py KIND THREADS ROUNDS: work in equal parts."""

import collections
import json
import re
import sys
import threading


HELD = []


class Point:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def allocate(count):
    """Small objects, one of eight kept for a while."""
    kept = []
    for i in range(count):
        point = Point(i, (i, i + 1000))
        pair = [i, point]
        if i % 8 == 0:
            kept.append(pair)


def grow(count):
    """Nothing is dropped: each moment is a new peak."""
    HELD.append([(i, [i]) for i in range(count)])


def serve(count):
    """JSON in and out, words counted and sorted, as a server does."""
    last = collections.deque(maxlen=200)
    for i in range(count):
        text = json.dumps({
            "id": i, "name": f"user{i}", "tags": [f"t{j}" for j in range(10)],
            "items": [{"sku": j, "price": j * 1.25,
                       "text": "lorem ipsum dolor" * 2} for j in range(20)]})
        back = json.loads(text)
        words = collections.Counter(re.findall(r"\w+", text))
        best = sorted(words.items(), key=lambda kv: (-kv[1], kv[0]))[:5]
        last.append((best, sum(item["price"] for item in back["items"])))


def main():
    kind, threads, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    part = rounds // threads

    def run():
        if kind == "serving":
            serve(part)
        elif kind == "growing":
            grow(part)
        else:
            for _ in range(part // 1000):
                allocate(1000)

    workers = [threading.Thread(target=run) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


main()
