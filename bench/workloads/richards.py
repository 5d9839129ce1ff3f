# SPDX-License-Identifier: MIT
"""pyperformance richards"""

import borrowed
from workloads import times

NEEDS = borrowed.NEEDS


def run(scale):
    module = borrowed.load("richards")
    done = module.Richards().run(times(14, scale))
    return done, module.taskWorkArea.holdCount
