# SPDX-License-Identifier: MIT
"""Styles: stacks that are switched under the thread."""

import threading

import greenlet

from walk import Unwind, Walk

WAITING_MAX = 10


def deeper(walk, n, call):
    kept = [n]
    if n:
        deeper(walk, n - 1, call)
    else:
        call()
    walk.keep(kept)


def waiting_of(walk):
    if not hasattr(walk, "waiting"):
        walk.waiting = []
    return walk.waiting


def switched(walk, depth):
    """Made, left half-way with a deep stack of its own, ended later."""
    def run():
        try:
            walk.keep([walk.once(depth)])
            greenlet.getcurrent().parent.switch([depth])
            walk.keep([walk.once(depth)])
        except (Unwind, ValueError) as error:
            walk.keep(error.args)

    other = greenlet.greenlet(lambda: deeper(walk, depth * 3, run))
    walk.keep(other.switch())
    waiting = waiting_of(walk)
    if not other.dead:
        waiting.append(other)
    if len(waiting) > WAITING_MAX:
        waiting.pop(0)          # collected half-way: killed by GreenletExit


def resumed(walk, depth):
    for other in walk.some(waiting_of(walk)):
        other.parent = greenlet.getcurrent()
        if walk.random.random() < 0.3:
            walk.keep(other.throw(ValueError, ValueError([depth])))
        else:
            walk.keep(other.switch())
        walk.keep([depth])


def pingpong(walk, depth):
    """Two stacks of equal shape, in turns from one instruction."""
    def run(other):
        for i in range(4):
            walk.keep([i])
            other = main.switch(other)
            walk.keep({i: depth})
        return other

    main = greenlet.getcurrent()
    pair = [greenlet.greenlet(run), greenlet.greenlet(run)]
    for i in range(8):
        walk.keep([pair[i % 2].switch(i)])
        walk.once(depth)


STYLES = (switched, resumed, pingpong)


def from_threads(styles, seed, steps):
    threading.stack_size(256 << 20)
    threads = [threading.Thread(target=Walk(styles, seed + i, steps).run)
               for i in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
