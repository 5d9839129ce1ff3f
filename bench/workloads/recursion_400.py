# SPDX-License-Identifier: MIT
"""descents 400 calls deep that allocate at each level"""

from workloads import times

DEEP = True


def descend(depth, above):
    mine = [depth, above]
    if depth == 0:
        return len(mine)
    return descend(depth - 1, mine) + len({"depth": depth})


def run(scale):
    return sum(descend(400, None) for _ in range(times(7000, scale)))
