# SPDX-License-Identifier: MIT
"""binary trees of tuples, built and counted"""

from workloads import times


def make(depth):
    if depth == 0:
        return None, None
    return make(depth - 1), make(depth - 1)


def count(tree):
    left, right = tree
    return 1 if left is None else 1 + count(left) + count(right)


def run(scale):
    kept = make(14)
    nodes = 0
    for _ in range(times(3000, scale)):
        nodes += count(make(10))
    return nodes, count(kept)
