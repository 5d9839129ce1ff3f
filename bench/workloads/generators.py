# SPDX-License-Identifier: MIT
"""chains of generators, and generators that walk a tree"""

from workloads import times


class Node:
    def __init__(self, depth, number):
        self.number = number
        self.children = [] if depth == 0 else [
            Node(depth - 1, number * 2 + i) for i in range(2)]

    def __iter__(self):
        yield self.number
        for child in self.children:
            yield from child


def pairs(numbers):
    for number in numbers:
        yield number, str(number)


def run(scale):
    tree = Node(9, 1)
    total = 0
    for _ in range(times(1350, scale)):
        total += sum(len(text) + number for number, text in pairs(tree)
                     if number % 3)
        total += sum(x * x for x in (y + 1 for y in range(500)))
    return total
