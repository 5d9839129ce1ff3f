"""What __slots__ saves, by tracemalloc itself.

    pymtop examples/slots.py

The script's own tracemalloc answers as in plain python; its lines are on the
screen as well."""

import sys
import tracemalloc


class Point:
    def __init__(self, x, y):
        self.x = x
        self.y = y


class SlottedPoint:
    __slots__ = ("x", "y")

    def __init__(self, x, y):
        self.x = x
        self.y = y


def make(cls, count):
    return [cls(i, -i) for i in range(count)]


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    tracemalloc.start(3)
    points = make(Point, count)
    with_dict, _ = tracemalloc.get_traced_memory()
    slotted = make(SlottedPoint, count)
    both, _ = tracemalloc.get_traced_memory()
    print(f"{count} instances of Point: {with_dict / count:.0f} bytes each")
    print(f"{count} instances of SlottedPoint: "
          f"{(both - with_dict) / count:.0f} bytes each")
    snapshot = tracemalloc.take_snapshot()
    for statistic in snapshot.statistics("lineno")[:3]:
        print(statistic.traceback[0].lineno, statistic.count)
    return points, slotted


main()
