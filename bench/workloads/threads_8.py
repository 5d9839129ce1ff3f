# SPDX-License-Identifier: MIT
"""eight threads that build and drop records"""

import threading

from workloads import times


def work(number, count, results):
    kept = {}
    for i in range(count):
        record = {"number": i, "text": f"{number}-{i}", "list": [i] * 4}
        kept[i % 500] = record, [record["text"], (i, number)]
    results[number] = sum(record["number"] for record, _ in kept.values())


def run(scale):
    results = {}
    threads = [threading.Thread(target=work,
                                args=(i, times(90000, scale), results))
               for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(results.items())
