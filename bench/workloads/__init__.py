# SPDX-License-Identifier: MIT
"""The workloads, a module each.

run(scale) does a fixed amount of work and returns what its checksum is made
from.  NEEDS names the packages that it imports, always inside run(), since
the driver reads these modules without them.  DEEP marks deep recursion.  In
this package because some are called as the library they use."""


def times(count, scale):
    return max(1, round(count * scale))
