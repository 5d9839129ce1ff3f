# SPDX-License-Identifier: MIT
"""json.dumps and json.loads of a nested document"""

import json

from workloads import times


def run(scale):
    document = [{"id": i, "name": f"item {i}", "tags": ["a", "b", i],
                 "price": i * 1.25, "nested": {"x": i, "y": [i] * 3}}
                for i in range(4000)]
    text = ""
    for _ in range(times(30, scale)):
        text = json.dumps(document)
        document = json.loads(text)
    return text
