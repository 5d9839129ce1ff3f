# SPDX-License-Identifier: MIT
"""The tools that are compared, and the command of each."""

import dataclasses
from typing import Callable


@dataclasses.dataclass(frozen=True)
class Tool:
    name: str
    heading: str
    records: str
    # (pymtop, python, file for its data) -> the words before the script
    command: Callable


def memray(*options):
    def command(pymtop, python, file):
        return [python, "-m", "memray", "run", "--quiet", "--force",
                "--output", file, *options]
    return command


TOOLS = [
    Tool("plain", "python", "nothing",
         lambda pymtop, python, file: [python]),
    Tool("pymtop", "pymtop",
         "whole tracebacks of every Python allocation, objects that come "
         "back from free lists booked anew",
         lambda pymtop, python, file: [pymtop, "--batch", "--top", "10", "-o",
                                       "/dev/null", "--python", python]),
    Tool("tracemalloc1", "tracemalloc 1",
         "one frame of every Python allocation",
         lambda pymtop, python, file: [python, "-X", "tracemalloc=1"]),
    Tool("tracemalloc25", "tracemalloc 25",
         "up to 25 frames of every Python allocation",
         lambda pymtop, python, file: [python, "-X", "tracemalloc=25"]),
    Tool("memray", "memray",
         "whole tracebacks, of the system's allocator only (malloc, mmap): "
         "objects from Python's own allocator are invisible",
         memray()),
    Tool("memray-python", "memray +python",
         "memray --trace-python-allocators: whole tracebacks of Python's "
         "allocations and the system's",
         memray("--trace-python-allocators")),
]
BY_NAME = {tool.name: tool for tool in TOOLS}
