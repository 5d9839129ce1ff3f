# SPDX-License-Identifier: MIT
"""seen.py DEEPEST: what a script can see of its frames, at depths 1 to
DEEPEST, with allocations at every level before and after.  The output is
compared with plain python's."""

import copy
import gc
import hashlib
import pickle
import sys
import traceback

DEEPEST = int(sys.argv[1])
sys.setrecursionlimit(2000)


def show(*words):
    print(*words)


def types_of(objects):
    return sorted(type(x).__name__ for x in objects)


def frame_facts(frame):
    """All that is the same in each run of a script."""
    return (frame.f_code.co_name, frame.f_lineno, frame.f_lasti,
            repr(sorted(frame.f_locals)), frame.f_trace,
            frame.f_globals is globals(), sys.getsizeof(frame),
            hashlib.md5(frame.f_code.co_code).hexdigest()[:8],
            types_of(gc.get_referents(frame)))


def chain_digest(frame):
    digest, count = hashlib.md5(), 0
    while frame is not None:
        digest.update(repr(frame_facts(frame)).encode())
        frame = frame.f_back
        count += 1
    return count, digest.hexdigest()


def try_to_clear(frame):
    try:
        frame.clear()
    except RuntimeError as error:
        return str(error)
    return "cleared"


def suspended(n):
    kept = [n, [n] * 3]
    yield kept
    yield {n: kept}


async def coroutine(n):
    kept = [n]
    return kept


async def async_generator(n):
    kept = [n]
    yield kept


def show_generators(n):
    generator = suspended(n)
    show(generator.gi_frame.f_lasti, generator.gi_frame.f_locals,
         generator.gi_running, generator.gi_yieldfrom)
    kept = next(generator)
    show(generator.gi_frame.f_lasti, generator.gi_frame.f_locals, kept,
         generator.gi_frame.f_lineno, generator.gi_frame.f_back,
         types_of(gc.get_referents(generator)),
         types_of(gc.get_referents(generator.gi_frame)))
    list(generator)
    show(generator.gi_frame)
    for made, frame in ((coroutine(n), "cr_frame"),
                        (async_generator(n), "ag_frame")):
        show(getattr(made, frame).f_locals, getattr(made, frame).f_lasti,
             types_of(gc.get_referents(made)))
        if frame == "cr_frame":
            made.close()


def fail(n):
    kept = [n]
    if n == 0:
        raise ValueError(kept)
    fail(n - 1)


def show_traceback(n):
    try:
        fail(n % 5)
    except ValueError as error:
        trace = error.__traceback__
        show(hashlib.md5(traceback.format_exc().encode()).hexdigest())
    while trace is not None:
        frame = trace.tb_frame
        show(trace.tb_lineno, trace.tb_lasti, frame_facts(frame)[:4])
        if frame is not sys._getframe():
            show(try_to_clear(frame), frame.f_locals)
        trace = trace.tb_next


def show_copies(values):
    show(pickle.dumps(values, 4).hex(), copy.copy(values) == values,
         copy.deepcopy(values) == values)


def level(n, parent):
    mine = [n, str(n)]
    number = n * 1.5
    again = {"n": n, "mine": mine}
    frame = sys._getframe()
    show(n, sorted(locals(), key=str), dict(frame.f_locals, frame=0,
                                            parent=0))
    show(frame_facts(frame), try_to_clear(frame), try_to_clear(parent),
         frame.f_back is parent, sys._getframe(1) is parent,
         sys.getrefcount(mine))
    if n % 20 == 0 or n < 10:
        show_generators(n)
        show_traceback(n)
        show_copies([mine, number, again])
    if n % 50 == 0 or n < 10:
        show(chain_digest(frame), len(gc.get_referrers(mine)))
        show(hashlib.md5("".join(traceback.format_stack(frame, 9)).encode())
             .hexdigest())
    if n < DEEPEST:
        below = level(n + 1, frame)
        mine.append(below % 7)
    back = [number] * 3
    show(n, frame.f_lineno, frame.f_lasti, mine, number, again, back)
    if n % 50 == 0:
        show(chain_digest(frame))
        show(sorted(set(types_of(gc.get_objects()))))
    del frame, parent
    return n


def main():
    gc.collect()
    gc.disable()
    level(1, sys._getframe())
    gc.enable()
    show(gc.collect() >= 0, gc.garbage, sorted(sys._current_frames().values(),
                                               key=id)[0].f_code.co_name)
    show(chain_digest(sys._getframe()))


main()
