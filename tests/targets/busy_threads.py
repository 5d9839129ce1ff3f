# SPDX-License-Identifier: MIT
"""Eight threads that allocate in every way, for SECONDS."""

import sys
import threading
import time


def objects(n):
    kept = {}
    for i in range(n):
        kept[i % 500] = [float(i), (i, i + 1), str(i), {i: i}]
        if i % 100 == 0:
            bytearray(100_000).extend(b"x" * 5000)
    return kept


def generated(n):
    for i in range(n):
        yield [i] * 10


def recursive(n):
    if n == 0:
        return [1] * 10
    mine = [n] * 5
    return recursive(n - 1) + mine


def failing(n):
    for i in range(n):
        try:
            raise ValueError([i] * 20)
        except ValueError as error:
            del error


def run(until):
    i = 0
    while time.monotonic() < until:
        i += 1
        objects(300)
        list(generated(100))
        recursive(150)
        failing(50)
        made = {}
        exec(compile(f"def f{i % 7}():\n    return [1, 2, 3] * {i}\n"
                     f"kept = f{i % 7}()\n", "<made>", "exec"), made)


def main():
    until = time.monotonic() + float(sys.argv[1])
    threads = [threading.Thread(target=run, args=(until,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
