# SPDX-License-Identifier: MIT
"""Styles: calls, deep and through C, and calls that Python makes itself."""

import functools

from walk import Unwind


def plain(walk, depth):
    walk.go(depth)
    walk.keep(walk.go(depth) * 1.5)


def with_keywords(walk, depth, *more, **named):
    walk.keep((more, named))
    if not more:
        with_keywords(walk, depth, 1, 2, *[3, 4], name=[depth], **{"x": 1.5})
    else:
        walk.go(depth)


def down(walk, depth, n):
    kept = [n]
    if n == 0:
        walk.go(depth)
    else:
        down(walk, depth, n - 1)
    kept.append(float(n))
    return kept


def recursion(walk, depth):
    """5 to 900 calls down, mostly few, allocating on the way back."""
    if walk.recursing:
        walk.go(depth)
        return
    walk.recursing = True
    try:
        down(walk, walk.deepest - 3, int(5 * 180 ** walk.random.random()))
    finally:
        walk.recursing = False


def saw(walk, n, low):
    """Down to n, up by some, down again ..."""
    walk.keep([n])
    for i in range(3):
        if n > low + i:
            saw(walk, n - 1, low + i)
            if n % 7:
                break
    return walk.keep({n: low})


def up_and_down(walk, depth):
    saw(walk, 12 + int(walk.random.random() * 12), 2)


def sort_key(walk, depth):
    def key(n):
        walk.once(depth)
        return -n * 1.5
    walk.keep(sorted([1, 2, 3], key=key))


def mapped(walk, depth):
    walk.keep(list(map(lambda n: [n, walk.once(depth)], range(3))))
    walk.keep(list(filter(lambda n: walk.once(depth), range(3))))


def reduced(walk, depth):
    walk.keep(functools.reduce(lambda a, b: [a, b, walk.once(depth)],
                               range(4), None))


def partial(walk, depth):
    functools.partial(walk.go, depth)()
    functools.partial(functools.partial, walk.once)(depth)()


class Described:
    def __init__(self, walk, depth):
        self.walk, self.depth = walk, depth

    def __set_name__(self, owner, name):
        try:
            self.walk.once(self.depth)
        except Unwind:
            pass                # up to 3.11 it would come as a RuntimeError

    def __get__(self, owner, kind):
        return [self.walk.once(self.depth)]

    def __set__(self, owner, value):
        self.walk.keep([value])
        self.walk.once(self.depth)


class Busy:
    """Each special method goes on with the program."""

    def __new__(cls, walk, depth):
        walk.once(depth)
        return super().__new__(cls)

    def __init__(self, walk, depth):
        self.__dict__.update(walk=walk, depth=depth)
        self.made = [walk.once(depth)]

    def __getattr__(self, name):
        return [name, self.walk.once(self.depth)]

    def __getitem__(self, key):
        if key == 3:
            raise IndexError([key])
        return [key, self.walk.once(self.depth)]

    def __setitem__(self, key, value):
        self.made = [key, value, self.walk.once(self.depth)]

    def __call__(self, *arguments):
        return [arguments, self.walk.go(self.depth)]

    @property
    def shown(self):
        return [self.walk.go(self.depth)]

    def __eq__(self, other):
        return self is other or not [self.walk.once(self.depth)]

    def __hash__(self):
        self.walk.once(self.depth)
        return 7

    def __lt__(self, other):
        return [self.walk.once(self.depth)] is None

    def __add__(self, other):
        return [other, self.walk.once(self.depth)]

    __radd__ = __iadd__ = __add__

    def __bool__(self):
        return bool([self.walk.once(self.depth)])

    def __len__(self):
        return len([self.walk.once(self.depth)])

    def __contains__(self, other):
        return [self.walk.once(self.depth)] == other

    def __repr__(self):
        return f"<{self.walk.once(self.depth)}>" * 10

    def __enter__(self):
        return [self.walk.once(self.depth)]

    def __exit__(self, *arguments):
        self.walk.keep(arguments[:1])
        self.walk.once(self.depth)
        return True

    def __iter__(self):
        self.walk.once(self.depth)
        return iter([1.5, 2.5])

    def __del__(self):
        try:
            self.walk.keep([self.depth] * 20)
            if self.walk.left > 0 and self.walk.random.random() < 0.1:
                self.walk.go(self.walk.deepest - 2)
        except Unwind:
            pass


def instance(walk, depth):
    busy = Busy(walk, depth)
    walk.keep(busy.missing)
    walk.keep(busy.shown)
    walk.keep(busy(1, 2))


def items(walk, depth):
    busy = Busy(walk, depth)
    busy[1] = busy[0]
    walk.keep(list(map(busy.__getitem__, range(2))))
    walk.keep([None in busy, len(busy), bool(busy)])


def operators(walk, depth):
    busy = Busy(walk, depth)
    walk.keep([busy + 1, 1 + busy, busy == 3, str(busy)])
    walk.keep(sorted([busy, Busy(walk, depth)]))
    walk.keep({busy: 1, Busy(walk, depth): 2})
    busy += 1


def context_manager(walk, depth):
    for _ in range(2):
        with Busy(walk, depth) as entered:
            walk.keep(entered)
            walk.go(depth)


def unpacked(walk, depth):
    first, *rest = Busy(walk, depth)
    walk.keep([first, rest, *Busy(walk, depth)])


class Meta(type):
    def __call__(cls, walk, depth):
        walk.once(depth)
        return super().__call__()


def class_made(walk, depth):
    class Made(metaclass=Meta):
        inner = [walk.once(depth)]
        described = Described(walk, depth)

        def __init_subclass__(cls):
            walk.once(depth)

        def __class_getitem__(cls, key):
            return [key, walk.once(depth)]

    class Below(Made):
        pass

    made = Below(walk, depth)
    made.described = [made.described]
    walk.keep(Made[depth])


STYLES = (plain, with_keywords, recursion, up_and_down, sort_key, mapped,
          reduced, partial, instance, items, operators, context_manager,
          unpacked, class_made, plain, recursion)
