"""Recursion that allocates at every level: one row a line, counted once.

    pymtop examples/recursion.py

View 4 shows the tracebacks as a tree; `c` turns own into cumulative."""

import sys
import time


def build(depth):
    """A chain of lists, one inside the other."""
    mine = [depth] * 100
    if depth == 0:
        return mine
    return [mine, build(depth - 1)]


def walk(node, depth=0):
    if isinstance(node[0], list):
        return walk(node[1], depth + 1)
    return depth


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    kept = []
    for i in range(rounds):
        kept.append(build(400))
        assert walk(kept[-1]) == 400
        time.sleep(0.02)
    print(f"{len(kept)} chains of 401 lists")


main()
