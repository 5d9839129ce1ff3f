# SPDX-License-Identifier: MIT
"""Real programs' work, each kept alive by what it returns."""


def nothing():
    """What every run has before its workload begins."""
    return ()


def json_documents():
    import json
    text = json.dumps([{"id": i, "name": f"item {i}", "tags": ["a", "b", i],
                        "price": i * 1.25, "nested": {"x": i, "y": [i] * 3}}
                       for i in range(8000)])
    documents = [json.loads(text) for _ in range(3)]
    return documents, json.dumps(documents[0][:500], indent=2)


def html5lib_pages():
    import html5lib
    page = "<!doctype html><title>t</title><body>" + "".join(
        f"<div id=d{i} class='c e'><p>text {i}<b>bold</b><table><tr><td>{i}"
        f"</table><a href='/x?{i}&amp;y=1'>link</a></div>"
        for i in range(300))
    return [html5lib.parse(page) for _ in range(3)]


def django_templates():
    from django.conf import settings
    settings.configure(USE_TZ=False)
    import django
    django.setup()
    from django.template import Context, Engine
    source = """{% for row in rows %}<tr class="{% cycle 'a' 'b' %}">
        {% for cell in row %}<td>{{ cell|floatformat:2 }}</td>{% endfor %}
        {% if forloop.first %}<b>{{ row|length }}</b>{% endif %}</tr>
        {% endfor %}"""
    templates = [Engine().from_string(source) for _ in range(40)]
    rows = [[i * 1.5, i, i / 3] for i in range(200)]
    return templates, [t.render(Context({"rows": rows}))
                       for t in templates[:10]]


def sqlglot_queries():
    import sqlglot
    from sqlglot.optimizer import optimize
    query = """WITH t AS (SELECT a, b, SUM(c) AS s FROM x JOIN y USING (k)
        WHERE x.d > 10 AND y.e IN (1, 2, 3) GROUP BY a, b)
        SELECT t.a, CASE WHEN t.s > 5 THEN 'big' ELSE 'small' END AS size
        FROM t LEFT JOIN z ON t.a = z.a ORDER BY t.s DESC LIMIT {}"""
    trees = [sqlglot.parse_one(query.format(i)) for i in range(60)]
    schema = {"x": {"k": "int", "a": "int", "b": "int", "d": "int"},
              "y": {"k": "int", "c": "int", "e": "int"}, "z": {"a": "int"}}
    return trees, [optimize(tree, schema=schema).sql()
                   for tree in trees[:10]]


def argparse_parsers():
    import argparse
    parsers = []
    for i in range(120):
        parser = argparse.ArgumentParser(prog=f"p{i}", description="d" * 50)
        commands = parser.add_subparsers(dest="command")
        for j in range(6):
            command = commands.add_parser(f"c{j}", help=f"help {j}")
            for k in range(6):
                command.add_argument(f"--option-{k}", type=int, default=k,
                                     help=f"option {k} of %(prog)s")
        parsers.append(parser)
    parsed = [p.parse_args(["c3", "--option-2", "7"]) for p in parsers]
    return parsers, parsed, [p.format_help() for p in parsers]


def dataclass_records():
    import dataclasses
    import datetime

    @dataclasses.dataclass
    class Point:
        x: float
        y: float
        tags: list = dataclasses.field(default_factory=list)

    @dataclasses.dataclass(frozen=True, order=True)
    class Event:
        when: datetime.datetime
        where: Point = dataclasses.field(compare=False)
        name: str = ""

    start = datetime.datetime(2020, 1, 1)
    events = [Event(start + datetime.timedelta(minutes=i),
                    Point(i * 0.5, i * 2.0, [i, str(i)]), f"event {i}")
              for i in range(40000)]
    return sorted(events), [dataclasses.asdict(e) for e in events[:2000]]


def asyncio_job():
    import asyncio

    async def producer(queue, n):
        for i in range(n):
            await queue.put({"n": i, "data": [i] * 5})
            if i % 50 == 0:
                await asyncio.sleep(0)

    async def consumer(queue, kept):
        while True:
            item = await queue.get()
            kept.append((item["n"], item))
            queue.task_done()

    async def run():
        queue, kept = asyncio.Queue(100), []
        consumers = [asyncio.ensure_future(consumer(queue, kept))
                     for _ in range(5)]
        await asyncio.gather(*(producer(queue, 2000) for _ in range(5)))
        await queue.join()
        for task in consumers:
            task.cancel()
        await asyncio.gather(*consumers, return_exceptions=True)
        return kept

    return asyncio.run(run())


def numpy_arrays():
    import numpy as np
    kept = [np.arange(50000, dtype=float).reshape(100, 500) * i
            for i in range(20)]
    kept.append(np.concatenate(kept))
    sums = [a.sum(axis=0).tolist() for a in kept[:-1]]
    table = {f"k{i}": np.full(100, i) for i in range(500)}
    return kept, sums, table


ALL = [name for name, value in sorted(globals().items())
       if callable(value) and name != "nothing"]
