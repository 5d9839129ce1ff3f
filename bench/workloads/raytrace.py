# SPDX-License-Identifier: MIT
"""pyperformance raytrace"""

import borrowed
from workloads import times

NEEDS = borrowed.NEEDS


def run(scale):
    module = borrowed.load("raytrace")
    pictures = []

    class Canvas(module.Canvas):
        def __init__(self, *size):
            super().__init__(*size)
            pictures[:] = [self]

    module.Canvas = Canvas
    module.bench_raytrace(times(2, scale), 100, 100, None)
    return bytes(pictures[0].bytes)
