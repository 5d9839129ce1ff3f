# SPDX-License-Identifier: MIT
"""Stacks that change while nothing is allocated: between two allocations, which
come from one instruction and from frames that look as they did, what lies
below has been changed for something of the same shape."""

import threading

COUNT = 200         # below 257: counting allocates nothing


def leaf():
    return [None]


def middle(n):
    if n:
        middle(n - 1)
    else:
        leaf()


def one(n, call):
    call(n)


def two(n, call):
    call(n)


def three(n, call):
    call(n)


def frames():
    """The same addresses, the same inner frames, another caller of theirs."""
    for n in range(12):
        for _ in range(COUNT):
            one(n, middle)
            two(n, middle)
            two(n, middle)
            three(n, middle)
            one(n, middle)
            one(1, middle)
            two(n, middle)


def caught():
    """Back by exceptions, some frames at a time."""
    def fail(n):
        if n:
            fail(n - 1)
        leaf()
        raise error

    error = ValueError()
    for i in range(COUNT):
        for call in (one, two, three, two):
            try:
                call(i % 9, fail)
            except ValueError:
                error.__traceback__ = None


def inner():
    while True:
        leaf()
        yield


def outer():
    yield from inner()


def resume(n):
    if n:
        resume(n - 1)
    else:
        next(box[0])


box = [None]


def generators():
    """Their frames stay where they are; who resumes them changes."""
    for made in (inner(), outer()):
        box[0] = made
        for n in (0, 1, 7, 30):
            for _ in range(COUNT):
                one(n, resume)
                two(n, resume)
                three(n, resume)
                two(n, resume)
    return made


def in_turns(call):
    """Two threads, one at a time: each resumes what the other has left."""
    locks = [threading.Lock(), threading.Lock()]
    locks[1].acquire()

    def run(mine, other, by):
        for _ in range(COUNT):
            mine.acquire()
            by(3, call)
            other.release()

    threads = [threading.Thread(target=run, args=(*locks, one)),
               threading.Thread(target=run, args=(*locks[::-1], two))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def greenlets():
    import greenlet
    main = greenlet.getcurrent()

    def stand(n):
        if n:
            stand(n - 1)
        else:
            while True:
                leaf()
                main.switch()

    made = [greenlet.greenlet(call) for call in
            (lambda: one(5, stand), lambda: two(5, stand),
             lambda: three(5, stand), lambda: two(4, stand))]
    switches = [other.switch for other in made]
    for _ in range(COUNT):
        for switch in switches:
            switch()
        leaf()


def main():
    frames()
    caught()
    box[0] = generators()
    in_turns(resume)
    in_turns(middle)
    greenlets()
    threads = [threading.Thread(target=call)
               for call in (frames, caught, greenlets)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


main()
