# SPDX-License-Identifier: MIT
"""Make the same function COUNT times over, and call it.

Each dies at once and by itself: where the collector would happen to run is
another place each time."""

import gc
import sys

SOURCE = "def f(x):\n    return [x, x]\n"

gc.disable()
for i in range(int(sys.argv[1])):
    made = {}
    exec(compile(SOURCE, "<made>", "exec"), made)
    kept = made["f"](i)
    made.clear()
