# SPDX-License-Identifier: MIT
"""Run by test_line_table.py under each interpreter: for every code object of
some modules of the standard library, what line_table_lines wants to read and,
after a `|`, the lines that this interpreter itself finds there."""

import ast
import asyncio.base_events
import dis
import enum
import json.decoder
import sys
import types
import typing
import unittest.mock

MODULES = [ast, asyncio.base_events, enum, json.decoder, typing,
           unittest.mock, dis]

# What a module seldom has: long bodies, lines going backwards, code without
# a line (with, try), big line numbers, one-liners.
EXTRA = "\n" * 70000 + """
def odd(a,
        b=[
            x for x in
            range(3)], *c):
    with a as \\
            d, b:
        try:
            yield (a +
                   b)(
                d for d
                in c)
        except* ValueError:
            pass
        finally:
            return lambda: (
                1 /
                0)
    """.replace("except*", "except*" if sys.version_info >= (3, 11)
                else "except") + """
class Big:
    x = [
""" + "".join("        f(%d, a=g(%d)),\n" % (i, i) for i in range(600)) + """
    ]
async def other(): return [i async for i in odd(
    1, 2) if await i]
def long(): return """ + " + ".join("a%d" % i for i in range(300)) + "\n"


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def lines(code):
    offsets = range(0, len(code.co_code), 2)
    if hasattr(code, "co_lines"):
        found = {}
        for start, end, line in code.co_lines():
            for offset in range(start, end, 2):
                found[offset] = -1 if line is None else line
        return [found[offset] for offset in offsets]
    starts = dict(dis.findlinestarts(code))
    result = []
    for offset in offsets:
        line = starts.get(offset, result[-1] if result else None)
        result.append(line)
    return result


def main():
    sources = [(open(module.__file__).read(), module.__file__)
               for module in MODULES]
    for source, name in sources + [(EXTRA, "<extra>")]:
        for code in codes(compile(source, name, "exec")):
            table = code.co_linetable if sys.version_info >= (3, 10) \
                else code.co_lnotab
            offsets = ",".join(map(str, range(0, len(code.co_code), 2)))
            print("%x" % sys.hexversion, table.hex() or "-",
                  code.co_firstlineno, offsets, "|",
                  " ".join(map(str, lines(code))))


main()
