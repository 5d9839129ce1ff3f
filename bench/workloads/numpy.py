# SPDX-License-Identifier: MIT
"""numpy: many small arrays and some big ones, no BLAS"""

from workloads import times

NEEDS = ("numpy",)


def small(numpy, count):
    total = 0.0
    for i in range(count):
        row = numpy.arange(40) * 0.5 + i
        total += float((row[row > i + 5] ** 2).sum())
        total += float(numpy.stack([row, row[::-1]]).max())
    return total


def big(numpy, count):
    total = 0
    for i in range(count):
        numbers = numpy.random.default_rng(i).integers(0, 1000, 300000)
        order = numpy.argsort(numbers, kind="stable")
        values, counts = numpy.unique(numbers[order], return_counts=True)
        total += int((values * counts).sum() + numbers.cumsum()[-1])
    return total


def run(scale):
    import numpy

    return (small(numpy, times(26000, scale)), big(numpy, times(14, scale)))
