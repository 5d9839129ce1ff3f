# SPDX-License-Identifier: MIT
"""400 calls deep, then 5 down and up again, many times"""

from workloads import times

DEEP = True


def swing(depth):
    mine = [depth, depth]
    if depth == 0:
        return len(mine)
    return swing(depth - 1) + len({"depth": depth})


def descend(depth, count):
    if depth > 0:
        return descend(depth - 1, count)
    return sum(swing(5) for _ in range(count))


def run(scale):
    return descend(395, times(700000, scale))
