# SPDX-License-Identifier: MIT
"""A random program.  It goes from style to style (a style is a way to call:
through a sort's key, a generator, __init__, an exception ...), allocates in
each frame, and draws what comes next from its seed."""

import random


class Unwind(Exception):
    """Raised anywhere; caught by the styles that catch."""


class Walk:
    def __init__(self, styles, seed, steps, deepest=30):
        self.styles = styles
        self.random = random.Random(seed)
        self.left = steps           # styles to go
        self.deepest = deepest
        self.recursing = False      # one deep recursion at a time
        self.kept = [None] * 300
        self.asleep = []            # generators left half-way

    def run(self):
        while self.left > 0:
            try:
                self.go(0)
            except Unwind:
                self.keep([self.left])

    def go(self, depth):
        """A few allocations and styles, from one instruction each."""
        draw = self.random.random
        for _ in range(1 + int(draw() * 3)):
            self.allocate()
            if self.left > 0 and depth < self.deepest and draw() < 0.7:
                self.left -= 1
                style = self.styles[int(draw() * len(self.styles))]
                style(self, depth + 1)
            self.keep([depth] * int(draw() * 20))
            if draw() < 0.03:
                raise Unwind(depth)
        return depth

    def once(self, depth):
        """Now and then only, where the caller calls often."""
        if self.random.random() < 0.3:
            return self.go(depth)
        return self.keep((depth, self.left))[0]

    def keep(self, value):
        """Until as many others have come."""
        self.kept[int(self.random.random() * len(self.kept))] = value
        return value

    @staticmethod
    def some(of):
        """Up to three, taken off the end; other threads take them too."""
        for _ in range(3):
            try:
                yield of.pop()
            except IndexError:
                return

    def allocate(self):
        kinds = self.KINDS
        kinds[int(self.random.random() * len(kinds))](self)

    def _floats(self):
        self.keep([self.left * 1.5 for _ in range(5)])

    def _tuples(self):
        self.keep([(self, i) for i in range(5)])

    def _lists(self):
        for i in range(3):
            self.keep([i] * i)

    def _dicts(self):
        self.keep({"left": self.left})
        self.keep({i: str(i) for i in range(int(self.random.random() * 40))})

    def _list_growth(self):
        grown = []
        for i in range(int(self.random.random() * 100)):
            grown.append(i)
        while len(grown) > 3:
            grown.pop()
        self.keep(grown)

    def _bytes_growth(self):
        grown = bytearray()
        for i in range(10):
            grown += b"x" * i * 30
        del grown[5:]
        self.keep(grown)

    def _text_growth(self):
        text = ""
        for i in range(10):
            text += chr(97 + i) * 20
        self.keep(text)

    def _big(self):
        self.keep(bytes(100_000 + self.left % 1000))
        self.keep(bytearray(3_000_000 + self.left % 1000))

    def _set(self):
        self.keep(set(range(int(self.random.random() * 30))))

    KINDS = (_floats, _tuples, _lists, _dicts, _list_growth, _bytes_growth,
             _text_growth, _set, _floats, _tuples, _lists, _dicts, _big)
