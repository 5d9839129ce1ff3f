# SPDX-License-Identifier: MIT
"""Styles: code that comes and goes, frames that are kept and changed, tracing,
and what runs between two instructions."""

import gc
import signal
import sys
import threading
import traceback
import weakref

from walk import Unwind


def made(walk, depth):
    """Two functions of one shape: the second is often born where the first
    has died."""
    for i in range(4):
        names = {}
        name = f"made_{walk.left % 50 + i}"     # once: a destructor may walk
        exec(f"def {name}(walk, depth):\n"
             f"    kept = [depth] * 3\n    return walk.once(depth), kept\n"
             f"call = {name}\n", names)
        walk.keep(names["call"](walk, depth))
        names.clear()


def evaluated(walk, depth):
    for i in range(3):
        text = "[walk.once(depth), " + "1.5, " * i + "depth]"
        walk.keep(eval(text, {"walk": walk, "depth": depth}))
        walk.keep(eval(compile(text, f"<text {i}>", "eval"),
                       {"walk": walk, "depth": depth}))


def redefined(walk, depth):
    for i in range(3):
        call = eval(f"lambda walk: [walk.once({depth}), {i}]")
        walk.keep(call(walk))
    walk.keep((lambda: [walk.once(depth)])())


def replaced(walk, depth):
    """A function whose code object changes under it."""
    def first():
        return [walk.once(depth)]

    def second():
        kept = [depth, walk.once(depth)]
        return kept

    for _ in range(2):
        walk.keep(first())
        first.__code__, second.__code__ = second.__code__, first.__code__
    first.__code__ = first.__code__.replace(co_name="renamed")
    walk.keep(first())


def classes(walk, depth):
    made = type("Made", (), {"call": lambda self: [walk.once(depth)]})
    walk.keep(made().call())
    del made
    if walk.random.random() < 0.1:
        gc.collect(0)


def frames(walk, depth):
    walk.keep(sys._getframe())
    walk.keep(sys._getframe().f_back)
    walk.go(depth)
    walk.keep(sys._getframe().f_locals)
    walk.keep(dict(locals()))
    walk.keep([type(x) for x in gc.get_referents(sys._getframe())])


def dead_frames(walk, depth):
    def fail(n):
        kept = [n] * 10
        if n:
            fail(n - 1)
        raise ValueError(kept)

    for _ in range(2):
        try:
            fail(3)
        except ValueError as error:
            trace = error.__traceback__
        walk.keep(traceback.format_list(traceback.extract_tb(trace)))
        while trace is not None:
            try:
                trace.tb_frame.clear()
            except RuntimeError:        # still runs: ours
                pass
            walk.keep([walk.once(depth)])
            trace = trace.tb_next


def cleared_generator(walk, depth):
    def asleep():
        kept = [depth]
        yield kept
    generator = asleep()
    next(generator)
    try:
        generator.gi_frame.clear()
    except RuntimeError:                # 3.13 on: suspended
        pass
    walk.once(depth)


EVENTS_MAX = 300                        # then the program goes on alone
MONITOR = threading.Lock()              # one for all threads


def tracing(walk, depth, start):
    events = []

    def trace(frame, event, argument):
        events.append([event, frame.f_lineno])
        if len(events) > EVENTS_MAX:
            start(None)
        return trace
    start(trace)
    try:
        walk.once(depth)
    finally:
        start(None)


def traced(walk, depth):
    if sys.gettrace() is None:
        tracing(walk, depth, sys.settrace)


def profiled(walk, depth):
    if sys.getprofile() is None:
        tracing(walk, depth, sys.setprofile)


def to_be_jumped(walk, depth):
    kept = [depth]
    kept.append([1] * 10)
    kept.append([2] * 20)
    walk.once(depth)
    kept.append([3] * 30)
    return kept


def jumped(walk, depth):
    """The trace function sends it to another line, once back, once on."""
    if sys.gettrace() is not None:
        return
    first = to_be_jumped.__code__.co_firstlineno
    jumps = {first + 4: first + 2, first + 3: first + 5}

    def trace(frame, event, argument):
        if frame.f_code is not to_be_jumped.__code__:
            return None
        walk.keep([frame.f_lineno])
        if event == "line" and frame.f_lineno in jumps:
            frame.f_lineno = jumps.pop(frame.f_lineno)
        return trace

    sys.settrace(trace)
    try:
        walk.keep(to_be_jumped(walk, depth))
    finally:
        sys.settrace(None)


def monitored(walk, depth):
    if not hasattr(sys, "monitoring") or not MONITOR.acquire(False):
        return
    monitoring = sys.monitoring
    events = monitoring.events
    wanted = (events.PY_START | events.LINE | events.PY_RETURN
              | events.CALL | events.INSTRUCTION)
    seen = []

    def callback(*arguments):
        seen.append([arguments[-1]])
        if len(seen) > EVENTS_MAX:
            try:
                monitoring.set_events(3, 0)
            except ValueError:          # another thread's, which is done
                pass

    monitoring.use_tool_id(3, "differential")
    for event in (events.PY_START, events.LINE, events.PY_RETURN,
                  events.CALL, events.INSTRUCTION):
        monitoring.register_callback(3, event, callback)
    monitoring.set_events(3, wanted)
    try:
        walk.once(depth)
    finally:
        monitoring.set_events(3, 0)
        monitoring.free_tool_id(3)
        MONITOR.release()


def in_main_thread():
    return threading.current_thread() is threading.main_thread()


def signalled(walk, depth):
    if not in_main_thread():
        return

    def handler(number, frame):
        walk.keep([number] * 10)
        try:
            walk.once(walk.deepest - 2)
        except Unwind:
            pass

    signal.signal(signal.SIGUSR1, handler)
    signal.raise_signal(signal.SIGUSR1)
    for i in range(5):
        walk.keep([i])


class Target:
    pass


def weakly(walk, depth):
    def gone(reference):
        try:
            walk.keep([walk.once(walk.deepest - 2)])
        except Unwind:
            pass
    target = Target()
    walk.keep(weakref.ref(target, gone))
    weakref.finalize(target, gone, None)
    del target
    walk.keep([depth])


def collected(walk, depth):
    def callback(phase, facts):
        walk.keep([phase, facts])
    if walk.random.random() < 0.7:
        return
    gc.callbacks.append(callback)
    loop = Target()
    loop.loop = loop
    del loop
    gc.collect(int(walk.random.random() * 2))
    gc.callbacks.remove(callback)


STYLES = (made, evaluated, redefined, replaced, classes, frames, dead_frames,
          cleared_generator, traced, profiled, jumped, monitored, signalled,
          weakly, collected, made, redefined)
