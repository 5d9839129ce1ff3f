# SPDX-License-Identifier: MIT
"""pickle's Python code, both ways, on records"""

import datetime
import pickle

from workloads import times


def run(scale):
    start = datetime.datetime(2020, 1, 1)
    records = [{"id": i, "name": f"record {i}", "tags": [i, str(i), None],
                "at": start + datetime.timedelta(hours=i), "pair": (i, 0.5)}
               for i in range(500)]
    for _ in range(times(26, scale)):
        records = pickle._loads(pickle._dumps(records))
    return records
