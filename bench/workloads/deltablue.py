# SPDX-License-Identifier: MIT
"""pyperformance deltablue"""

import borrowed
from workloads import times

NEEDS = borrowed.NEEDS


def run(scale):
    module = borrowed.load("deltablue")
    for _ in range(times(190, scale)):
        module.delta_blue(100)
    return module.planner.current_mark
