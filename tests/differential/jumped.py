# SPDX-License-Identifier: MIT
"""Trace functions that allocate, that send frames to other lines, and that
look at every instruction; the traced frames allocate on both sides."""

import sys
import warnings

warnings.simplefilter("ignore")     # jumps past an assignment


def worked(n):
    kept = [n]
    kept.append([1] * n)
    for i in range(3):
        kept.append([i])
    kept.append(n * 1.5)
    kept.append((n, n))
    return [kept]


FIRST = worked.__code__.co_firstlineno


def send(frame, line):
    """From further away."""
    kept = [frame]
    frame.f_lineno = line
    return [kept, line]


def tracer(jumps, opcodes):
    left = dict(jumps)

    def trace(frame, event, argument):
        kept = [event, frame.f_lineno]
        if frame.f_code is not worked.__code__:
            return trace
        frame.f_trace_opcodes = opcodes
        line = frame.f_lineno - FIRST
        if event == "line" and line in left:
            if opcodes:
                send(frame, FIRST + left.pop(line))
            else:
                frame.f_lineno = FIRST + left.pop(line)
        kept.append([frame.f_lineno] * 3)
        return trace
    return trace


def middle(n, depth):
    """Between the tracer and what it traces."""
    kept = [n]
    result = worked(n) if depth == 0 else middle(n, depth - 1)
    return [result, kept]


def run(depth):
    # On, back, over the loop, back twice, to the line itself.
    for jumps in ({}, {2: 6}, {6: 1}, {3: 5}, {5: 1, 6: 2}, {6: 5}):
        for opcodes in (False, True):
            sys.settrace(tracer(jumps, opcodes))
            try:
                middle(5, depth)
            finally:
                sys.settrace(None)
            sys.setprofile(lambda *arguments: [arguments[1]] * 5)
            middle(3, depth)
            sys.setprofile(None)
            middle(2, depth)


def down(n):
    kept = [n]
    run(n % 4)
    return [down(n - 1), kept] if n else kept


down(12)
down(3)
