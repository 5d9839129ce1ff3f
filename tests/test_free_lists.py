# SPDX-License-Identifier: MIT
"""What comes from a free list belongs to the line that took it, by each way
there is, whoever else uses CPython's one reference tracer."""

import os
import random
import re
import subprocess
import textwrap

import pytest

from conftest import BUILD

SINCE = 13      # PyRefTracer_SetTracer


# Steps: a tracer of our own set, and none set; tracemalloc started, stopped;
# what is set now kept, and set again.
SCRIPT = textwrap.dedent("""\
    import ctypes, sys, tracemalloc
    counts = (ctypes.c_long * 3)()
    own = ctypes.cast(ctypes.CDLL(sys.argv[1]).ref_counter, ctypes.c_void_p)
    set_tracer = ctypes.pythonapi.PyRefTracer_SetTracer
    set_tracer.argtypes = ctypes.c_void_p, ctypes.c_void_p
    get_tracer = ctypes.pythonapi.PyRefTracer_GetTracer
    get_tracer.argtypes = ctypes.POINTER(ctypes.c_void_p),
    get_tracer.restype = ctypes.c_void_p
    kept, saved, data = [], [None, None], ctypes.c_void_p()

    def save():
        saved[:] = [ctypes.c_void_p(get_tracer(ctypes.byref(data))),
                    ctypes.c_void_p(data.value)]

    steps = {"S": lambda: set_tracer(own, counts),
             "N": lambda: set_tracer(None, None),
             "T": tracemalloc.start, "t": tracemalloc.stop,
             "G": save, "R": lambda: set_tracer(*saved)}

    def make():
        old = [(i, i, i) for i in range(1000)]
        del old
        return [(i, i, i) for i in range(1000)]

    def counted():
        before = list(counts)
        kept.append(make())
        return [counts[i] - before[i] for i in range(3)]

    for step in sys.argv[2]:
        steps[step]()
        print(step, *counted(), counts[2])
        if tracemalloc.is_tracing():
            print(tracemalloc.get_object_traceback(kept[-1][-1]))
    """)
OLD, KEPT = (1 + [line.startswith(f"    {start}") for line in
                  SCRIPT.split("\n")].index(True)
             for start in ("old = ", "return [(i"))
SEQUENCES = ["", "STtN", "TStN", "GSRTtSR", "TGSRtN"]


def sequences():
    seed = int(os.environ.get("PYMTOP_SEED", random.randrange(1 << 30)))
    choose = random.Random(seed)
    return [*SEQUENCES, "".join(choose.choices("SNTtGR", k=40))]


def has_tracer(start):
    if start.python.minor < SINCE:
        pytest.skip("PyRefTracer is there from 3.13 on")


@pytest.fixture(params=["own", "reftracer"])
def way(request, any_start, monkeypatch):
    """The way that pymtop chooses, and the reference tracer."""
    has_tracer(any_start)
    if request.param == "reftracer":
        monkeypatch.setenv("PYMTOP_REATTRIBUTION", "reftracer")
    return request.param


def test_others_use_the_reference_tracer_as_well(any_start, way, run_batch,
                                                 tmp_path):
    script = tmp_path / "tracers.py"
    script.write_text(SCRIPT)
    for steps in sequences():
        steps += "t"    # what tracemalloc knew of each block had a block, too
        args = [script, BUILD / "verify/ref-counter.so", steps]
        plain = subprocess.run([any_start.python.path, *args], text=True,
                               capture_output=True)
        done = run_batch(any_start, args)
        # Which objects there are at each step depends on nothing of ours.
        assert (done.status, done.stdout) == (plain.returncode, plain.stdout)
        if way == "reftracer":
            assert done.report["reattribution"] == "reftracer"
        at = {line: sum(row["blocks_now"] for row in
                        done.rows(file="tracers.py", line=line))
              for line in (OLD, KEPT)}
        assert at[KEPT] >= 1000 * len(steps), (steps, at)
        # A step ends in a few objects before pymtop is there again.
        assert at[OLD] <= 4 * len(steps), (steps, at)


CHURN = """
import os
def main():
    for i in range(3):
        old = [(i, i, i) for i in range(1000)]
        del old
    kept = [(i, i, i) for i in range(1000)]
    os._exit(len(kept) % 1000)
main()
"""


def test_where_nothing_follows_them_it_says_so(any_start, run_batch,
                                               screen, monkeypatch):
    monkeypatch.setenv("PYMTOP_REATTRIBUTION", "none")
    done = run_batch(any_start, ["-c", CHURN])
    assert done.status == 0, done.stderr
    assert done.report["reattribution"] == "none"
    assert done.report["trouble"] \
        == ["late lines of tuples, lists, dicts, floats and ints"]
    if any_start.python.proven:
        seen = screen(any_start, "input()\n", columns=140, lines=30)
        seen.wait_for(lambda text: re.search(
            "Free lists none +LINES MAY BE LATE", text))


def test_the_ways_agree(any_start, run_batch, monkeypatch):
    """Where a Python can do both: the same blocks at the same lines."""
    has_tracer(any_start)
    code = CHURN.replace("os._exit", "print")
    lines = {}
    for name in ("", "reftracer"):
        monkeypatch.setenv("PYMTOP_REATTRIBUTION", name)
        done = run_batch(any_start, ["-c", code])
        lines[name] = {row["line"]: (row["blocks_now"], row["blocks_ever"])
                       for row in done.rows(file="<string>")}
    assert lines[""] == lines["reftracer"]
