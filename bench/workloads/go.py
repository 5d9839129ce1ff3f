# SPDX-License-Identifier: MIT
"""pyperformance go"""

import borrowed
from workloads import times

NEEDS = borrowed.NEEDS


def run(scale):
    module = borrowed.load("go")
    return [module.versus_cpu() for _ in range(times(6, scale))]
