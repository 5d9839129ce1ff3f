# SPDX-License-Identifier: MIT
"""The command line, and what is run in which order."""

import argparse
import concurrent.futures
import importlib
import json
import os
import pathlib
import pkgutil
import shutil
import sys
import tempfile

import environment
import measure
import table
import workloads
from environment import say
from tools import BY_NAME, TOOLS

STARTUP = "startup"
STARTUP_RUNS = 20
WORKLOAD = str(environment.BENCH / "workload.py")
BEGIN, END = "<!-- bench begin -->\n", "<!-- bench end -->\n"
# The order of the tables.
ORDER = """objects json binary_trees recursion_400 recursion_400_osc5
generators asyncio exceptions raytrace richards deltablue go chaos
pickle_pure_python django_template sqlglot html5lib mako numpy pandas_groupby
threads_8 startup_imports""".split()


def found():
    """Every workload's module by its name."""
    names = [module.name for module in pkgutil.iter_modules(
        workloads.__path__)]
    names.sort(key=lambda name: (ORDER.index(name) if name in ORDER
                                 else len(ORDER), name))
    return {name: importlib.import_module(f"workloads.{name}")
            for name in names}


def comma_list(known):
    def split(text):
        names = [name for name in text.split(",") if name]
        for name in names:
            if name not in known:
                raise argparse.ArgumentTypeError(
                    f"{name} is none of {', '.join(known)}")
        return names
    return split


def parse(argv, modules):
    parser = argparse.ArgumentParser(
        prog="bench/run", description="What tracing costs.")
    parser.add_argument("build", help="the folder pymtop is built in")
    parser.add_argument("--python", help="the interpreter (pyenv's newest "
                        "3.12, else python3)")
    parser.add_argument("--no-venv", action="store_true",
                        help="install nothing: use the interpreter as it is")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", metavar="NAME,...",
                        type=comma_list([*modules, STARTUP]),
                        default=[*modules, STARTUP],
                        help="these workloads; startup is one")
    parser.add_argument("--tools", metavar="NAME,...",
                        type=comma_list(list(BY_NAME)),
                        help=", ".join(BY_NAME))
    parser.add_argument("--paired", action="store_true",
                        help="plain python and one tool (pymtop) at the same "
                        "time, a core each: for a machine that others use")
    parser.add_argument("--scale", type=float, default=1,
                        help="how much work each does (1: about a second)")
    parser.add_argument("--json", metavar="FILE", help="write the raw data")
    parser.add_argument("--load", metavar="FILE",
                        help="raw data of an earlier run: run nothing")
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--write", metavar="FILE",
                        help="put the tables between the marks of this file")
    parser.add_argument("--list", action="store_true",
                        help="name the workloads and tools")
    options = parser.parse_args(argv)
    options.tools = {"plain", *(options.tools or (
        ["pymtop"] if options.paired else BY_NAME))}
    if options.paired and len(options.tools) != 2:
        parser.error("--paired compares plain with one tool")
    return options


def print_list(modules):
    for name, module in modules.items():
        print(f"{name:20} {module.__doc__.splitlines()[0]}")
    print(f"{STARTUP:20} a script that does nothing, {STARTUP_RUNS} times\n")
    for tool in TOOLS:
        print(f"{tool.name:20} {tool.records}")


class Bench:
    """The runs of one session, gathered in `raw`."""

    def __init__(self, options, python, folder):
        self.options = options
        self.pymtop = os.path.abspath(os.path.join(options.build, "pymtop"))
        self.python = python
        self.folder = folder            # for what memray writes
        self.env = environment.for_runs()
        self.cores = environment.two_cores() if options.paired else None
        self.failed = []
        self.interrupted = False
        self.raw = {"machine": "", "paired": options.paired, "tools": [],
                    "workloads": {}, "startup": {}, "deep": [],
                    "left_out": []}

    def command(self, tool):
        """The words before the script, and the file that is written."""
        file = os.path.join(self.folder, f"recorded-{tool}")
        return BY_NAME[tool].command(self.pymtop, self.python, file), file

    def attempt(self, tool, what, run, *script):
        """The numbers of one run, or None when it failed."""
        command, file = self.command(tool)
        try:
            return run([*command, *script], self.env)
        except measure.Failed as error:
            say(f"{what} under {tool}: {error}")
            self.failed.append((what, tool))
            return None
        finally:
            if os.path.exists(file):
                os.unlink(file)

    def run_workload(self, tool, name):
        return self.attempt(tool, name, measure.run_workload, WORKLOAD, name,
                            str(self.options.scale))

    def run_checked(self, tool, name, expected):
        """None as well when it failed before or computed something else."""
        if (name, tool) in self.failed:
            return None
        done = self.run_workload(tool, name)
        if done is not None and done["checksum"] != expected[name]:
            say(f"{name} under {tool}: another checksum")
            self.failed.append((name, tool))
            return None
        return done

    def keep(self, tool, name, done):
        self.raw["workloads"][name].setdefault(tool, []).append(done)

    def measure_round(self, name, number, expected):
        """All tools back to back; each round begins with another one."""
        tools = self.raw["tools"]
        turn = number % len(tools)
        for tool in tools[turn:] + tools[:turn]:
            done = self.run_checked(tool, name, expected)
            if done is not None:
                self.keep(tool, name, done)

    def measure_pair(self, name, number, expected):
        """Both tools at the same time; each round changes their cores."""
        tools = self.raw["tools"]

        def run(tool, core):
            os.sched_setaffinity(0, {core})     # this thread's, inherited
            return self.run_checked(tool, name, expected)

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            both = list(pool.map(run, tools,
                                 self.cores[::(-1) ** number]))
        if None not in both:
            for tool, done in zip(tools, both):
                self.keep(tool, name, done)

    def measure_workloads(self, names):
        one_round = self.measure_pair if self.options.paired \
            else self.measure_round
        # Not measured: this fills the bytecode cache and the page cache.
        expected = {}
        for name in names:
            done = self.run_workload("plain", name)
            if done is not None:
                expected[name] = done["checksum"]
                self.raw["workloads"][name] = {}
        for number in range(self.options.rounds):
            for name in expected:
                say(f"round {number + 1} of {self.options.rounds}: {name}")
                one_round(name, number, expected)
            self.save()

    def measure_startup(self):
        script = os.path.join(self.folder, "nothing.py")
        with open(script, "w") as file:
            file.write("pass\n")
        tools = self.raw["tools"]
        say(STARTUP)
        for number in range(STARTUP_RUNS + 1):
            for tool in tools:
                done = self.attempt(tool, STARTUP, measure.run, script)
                if done is not None and number > 0:
                    self.raw["startup"].setdefault(tool, []).append(
                        {"wall": done["wall"], "cpu": done["cpu"]})

    def save(self):
        if self.options.json:
            pathlib.Path(self.options.json).write_text(
                json.dumps(self.raw, indent=1) + "\n")

    def drop_failed(self):
        """A tool that failed once in a workload has no number there."""
        for what, tool in dict.fromkeys(self.failed):
            self.raw["left_out"].append(f"{what} failed under {tool}.")
            runs = self.raw["startup"] if what == STARTUP \
                else self.raw["workloads"].get(what, {})
            runs.pop(tool, None)
            if tool == "plain":
                runs.clear()


def choose(bench, modules):
    """What of the tools and workloads asked for this interpreter can run."""
    options = bench.options
    chosen = [name for name in options.only if name != STARTUP]
    needed = {"memray"}.union(*[getattr(modules[name], "NEEDS", ())
                                for name in chosen])
    missing = environment.missing(bench.python, needed)
    bench.raw["tools"] = [
        tool.name for tool in TOOLS if tool.name in options.tools
        and not ("memray" in missing and tool.name.startswith("memray"))]
    if len(bench.raw["tools"]) < len(options.tools):
        bench.raw["left_out"].append("memray is not there: left out.")
    names = []
    for name in chosen:
        lacks = [package for package in getattr(modules[name], "NEEDS", ())
                 if package in missing]
        if lacks:
            bench.raw["left_out"].append(
                f"{name} is left out: no {', '.join(lacks)} there.")
        else:
            names.append(name)
    bench.raw["deep"] = [name for name in names
                         if getattr(modules[name], "DEEP", False)]
    bench.raw["machine"] = environment.machine(bench.python, [
        name for name in ("memray", "numpy", "pandas")
        if name in needed and name not in missing])
    return names


def measure_all(options, modules):
    python = options.python or environment.default_python()
    if not options.no_venv:
        python = environment.make(
            python, pathlib.Path(options.build).resolve() / "bench")
    python = shutil.which(python) or python
    with tempfile.TemporaryDirectory(prefix="pymtop-bench-") as folder:
        bench = Bench(options, python, folder)
        names = choose(bench, modules)
        say(bench.raw["machine"])
        for line in bench.raw["left_out"]:
            say(line)
        try:
            bench.measure_workloads(names)
            if STARTUP in options.only:
                bench.measure_startup()
        except KeyboardInterrupt:
            say("interrupted; what there is until now:")
            bench.raw["left_out"].append("The run was interrupted.")
            bench.interrupted = True
    bench.drop_failed()
    bench.save()
    return bench.raw, bool(bench.failed) or bench.interrupted


def write_between_marks(path, text):
    path = pathlib.Path(path)
    before, mark, rest = path.read_text().partition(BEGIN)
    _, end, after = rest.partition(END)
    if not mark or not end:
        raise environment.Unusable(f"{path} lacks {BEGIN.strip()} or "
                                   f"{END.strip()}")
    path.write_text(f"{before}{mark}\n{text}\n{end}{after}")


def main(argv):
    modules = found()
    options = parse(argv, modules)
    if options.list:
        print_list(modules)
        return 0
    try:
        if options.load:
            raw = {"paired": False,     # what older files do not say
                   **json.loads(pathlib.Path(options.load).read_text())}
            failed = False
        else:
            raw, failed = measure_all(options, modules)
        print(table.document(raw, options.markdown), end="")
        if options.write:
            write_between_marks(options.write, table.document(raw, True))
    except environment.Unusable as error:
        sys.exit(f"bench: {error}")
    return 1 if failed else 0
