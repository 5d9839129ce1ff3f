# SPDX-License-Identifier: MIT
"""pyperformance mako"""

import borrowed
from workloads import times

NEEDS = (*borrowed.NEEDS, "mako")


def run(scale):
    # The benchmark takes markupsafe away, which this mako cannot do without.
    import mako.lookup

    runner = borrowed.Runner(times(22, scale))
    borrowed.load("mako").bench_mako(runner, 150, 50, 50)
    return runner.result
