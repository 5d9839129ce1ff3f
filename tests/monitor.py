# SPDX-License-Identifier: MIT
"""pymtop on a terminal, and its tables as numbers."""

import re
import time

import interpreters

# A number of a table: `1,234`, `+1,234`, `147.2 MiB`, `35.7`.
NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?: ?(?:B|[KMGT]iB))?(?![\w:.])")


def any_start():
    """One start that must work: a shared 3.12 embedded, else a preloaded."""
    proven = interpreters.starts(proven=True)
    for start in proven:
        if str(start) == "3.12-embed" and \
                interpreters.libpython(start.python.path):
            return start
    return next((start for start in proven if start.mode == "preload"),
                proven[0])


def exact(text):
    """`1,234` as a number."""
    return int(text.replace(",", ""))


def process_rows(text):
    """Lines of view 7: pid, state, traced, peak, rss, command."""
    found = []
    for line in text.split("\n"):
        match = re.match(r" *(\d+) (running|ended|replaced|exited \d+|killed "
                         r"by \d+) +(\S+(?: [KMG]iB)?|-) +(\S+(?: [KMG]iB)?)"
                         r" +(\S+(?: [KMG]iB)?) +(.*)$", line)
        if match:
            found.append(match.groups())
    return found


class Row:
    """One line of a table in exact bytes: its numbers, and what follows."""

    def __init__(self, line):
        self.line = line
        self.numbers = []
        rest = line.strip("▲▼ ")
        while match := NUMBER.match(rest):
            self.numbers.append(match.group())
            rest = rest[match.end():].lstrip(" ")
        self.rest = rest
        # Where the text begins, for the depth of a tree row.
        self.column = len(line) - len(rest)

    def __repr__(self):
        return self.line

    @property
    def bytes(self):
        return exact(self.numbers[0])


class Monitor:
    """A script under pymtop's screen."""

    def __init__(self, open_terminal, pymtop, argv, options=(), columns=100,
                 lines=30, **how):
        start = any_start()
        self.terminal = open_terminal(
            [pymtop, *start.options, *options, *argv], columns=columns,
            lines=lines, **how)

    def __getattr__(self, name):
        return getattr(self.terminal, name)

    def started(self):
        """Wait for the first rows, and what stands below them."""
        self.terminal.wait_for(
            lambda text: "= traced" in text or "at the end" in text)
        self.terminal.settle(quiet=0.1, timeout=0.5)
        return self

    def press(self, *keys):
        """Send keys one by one, with time to be drawn between them."""
        for key in keys:
            self.terminal.send(key)
            self.terminal.settle(quiet=0.1, timeout=0.5)
        return self

    def double_click(self, row, column):
        """Two clicks at a hand's pace."""
        self.terminal.mouse(row, column)
        self.terminal.pump(0.1)
        time.sleep(0.1)
        self.terminal.mouse(row, column)

    def row(self, text):
        """The first line that has the text, as a Row; waits for it."""
        self.terminal.wait_for(text)
        return Row(next(line for line in self.terminal.lines
                        if text in line))

    def body(self, head):
        """The lines under the one that has `head`, up to the hint line."""
        lines = self.terminal.lines
        first = next(i for i, line in enumerate(lines) if head in line)
        return lines[first + 1:-2]

    def quit(self):
        """q, and k if the script still runs; the exit status."""
        self.terminal.send("q")
        self.terminal.settle(0.2)
        if self.terminal.poll() is None:
            self.terminal.send("k")
        return self.terminal.wait()
