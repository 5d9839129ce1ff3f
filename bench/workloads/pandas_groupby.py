# SPDX-License-Identifier: MIT
"""pandas: group, aggregate, merge and pivot a table"""

from workloads import times

NEEDS = ("pandas", "numpy")


def run(scale):
    import numpy
    import pandas

    random = numpy.random.default_rng(1)
    size = 100000
    table = pandas.DataFrame({
        "shop": random.integers(0, 300, size),
        "kind": random.choice(["tea", "milk", "bread", "salt"], size),
        "price": random.integers(1, 1000, size),
        "count": random.integers(1, 9, size)})
    total = 0
    for i in range(times(4, scale)):
        table["sum"] = table["price"] * table["count"] + i
        groups = table.groupby(["shop", "kind"]).agg(
            {"sum": ["sum", "max"], "count": "sum"})
        groups.columns = ["sum", "max", "count"]
        merged = table.merge(groups.reset_index(), on=["shop", "kind"])
        wide = merged.pivot_table(index="shop", columns="kind",
                                  values="max", aggfunc="max")
        best = table.groupby("shop")["price"].apply(
            lambda prices: prices.nlargest(3).sum())
        total += int(groups["sum"].sum() + wide.to_numpy().sum()
                     + best.sum())
    return total
