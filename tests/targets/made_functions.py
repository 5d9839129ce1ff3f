# SPDX-License-Identifier: MIT
"""Make the same function COUNT times over, and call it."""

import sys

SOURCE = "def f(x):\n    return [x, x]\n"

for i in range(int(sys.argv[1])):
    made = {}
    exec(compile(SOURCE, "<made>", "exec"), made)
    kept = made["f"](i)
