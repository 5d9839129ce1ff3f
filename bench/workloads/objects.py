# SPDX-License-Identifier: MIT
"""objects of one's own, with lists and dicts of records"""

from workloads import times


class Item:
    def __init__(self, number, name):
        self.number = number
        self.name = name
        self.tags = [number, name]


class Order:
    def __init__(self, number):
        self.number = number
        self.items = [Item(number + i, f"item {i}") for i in range(6)]
        self.record = {"number": number, "total": number * 1.25,
                       "names": [item.name for item in self.items]}


def run(scale):
    total = 0.0
    for _ in range(times(6, scale)):
        orders = {number: Order(number) for number in range(10000)}
        total += sum(order.record["total"] + len(order.items[-1].tags)
                     for order in orders.values())
    return total
