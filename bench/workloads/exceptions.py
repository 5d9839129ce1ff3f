# SPDX-License-Identifier: MIT
"""exceptions raised through a few calls, caught and chained"""

from workloads import times


class Refused(Exception):
    def __init__(self, number):
        super().__init__(f"number {number} is refused")
        self.number = number


def check(number):
    if number % 2:
        raise Refused(number)
    return {"a": number}["b"]


def through(depth, number):
    if depth:
        return through(depth - 1, number)
    try:
        return check(number)
    except KeyError as error:
        raise ValueError(number) from error


def run(scale):
    total = 0
    for number in range(times(240000, scale)):
        try:
            through(3, number)
        except Refused as error:
            total += error.number
        except ValueError as error:
            total += len(error.__cause__.args[0])
        try:
            int("x")
        except ValueError:
            total += 1
    return total
