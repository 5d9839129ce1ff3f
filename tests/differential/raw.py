# SPDX-License-Identifier: MIT
"""raw.py LIBRARY: eight threads under the GIL, eight that allocate RAW blocks
without it (half of them know no Python), and forks meanwhile."""

import ctypes
import os
import sys
import threading
import warnings

warnings.simplefilter("ignore")     # forks with threads
raw = ctypes.CDLL(sys.argv[1])
verify = ctypes.CDLL(None).pymtop_verify
done = False
FORKS = 30


def under_the_gil():
    n = 0
    while not done:
        n += 1
        kept = [[n, float(n)] for _ in range(20)]
        grown = bytearray()
        for i in range(20):
            grown += b"x" * i * 50
        del kept, grown


def called_from_python(seed):
    while not done:
        raw.raw_churn(3000, seed)


def without_python():
    while not done:
        raw.raw_threads(4, 3000, 7)


def fork():
    child = os.fork()
    if child == 0:
        kept = [[i] for i in range(200)]
        raw.raw_churn(500, len(kept))
        os._exit(0 if verify() == 0 else 1)
    return os.waitpid(child, 0)[1]


sys.setswitchinterval(1e-4)
threads = [threading.Thread(target=under_the_gil) for _ in range(8)]
threads += [threading.Thread(target=called_from_python, args=(i,))
            for i in range(4)]
threads.append(threading.Thread(target=without_python))
for thread in threads:
    thread.start()
statuses = [fork() for _ in range(FORKS)]
done = True
for thread in threads:
    thread.join()
assert raw.raw_churn(1000, 1) == 0
print("children", statuses.count(0), "of", FORKS, "parent", verify())
