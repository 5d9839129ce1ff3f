# SPDX-License-Identifier: MIT
"""Benchmarks of the installed pyperformance, run a fixed number of times."""

import importlib.util
import pathlib

NEEDS = ("pyperf", "pyperformance")


def load(name):
    """The module of pyperformance's benchmark bm_NAME."""
    package = importlib.util.find_spec("pyperformance")
    path = pathlib.Path(package.submodule_search_locations[0], "data-files",
                        "benchmarks", f"bm_{name}", "run_benchmark.py")
    spec = importlib.util.spec_from_file_location(f"bm_{name}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class Runner:
    """Stands where a benchmark expects pyperf.Runner: no clock decides how
    often it runs."""

    def __init__(self, loops):
        self.loops = loops
        self.metadata = {}
        self.result = None

    def bench_func(self, name, function, *args):
        for _ in range(self.loops):
            self.result = function(*args)
