# SPDX-License-Identifier: MIT
"""sqlglot: parse, optimize and write a query"""

from workloads import times

NEEDS = ("sqlglot",)
QUERY = """WITH t AS (SELECT a, b, SUM(c) AS s FROM x JOIN y USING (k)
    WHERE x.d > 10 AND y.e IN (1, 2, 3) GROUP BY a, b)
    SELECT t.a, CASE WHEN t.s > 5 THEN 'big' ELSE 'small' END AS size
    FROM t LEFT JOIN z ON t.a = z.a ORDER BY t.s DESC LIMIT {}"""
SCHEMA = {"x": {"k": "int", "a": "int", "b": "int", "d": "int"},
          "y": {"k": "int", "c": "int", "e": "int"}, "z": {"a": "int"}}


def run(scale):
    import sqlglot
    from sqlglot.optimizer import optimize

    return [optimize(sqlglot.parse_one(QUERY.format(i)), schema=SCHEMA).sql()
            for i in range(times(46, scale))]
