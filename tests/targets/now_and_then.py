# SPDX-License-Identifier: MIT
"""Eight threads that allocate for a moment and then sleep for one, for
SECONDS: copies come in the middle of it, and between."""

import random
import sys
import threading
import time


def work(end):
    kept = {}
    made = 0
    while time.monotonic() < end:
        for i in range(random.randrange(1, 60)):
            kept[i] = [str(i) * 3, (i, made)]
            made += 1
        if made % 5 == 0:
            kept.clear()
        time.sleep(random.choice((0, 0, 0.00005, 0.0002)))


def main():
    end = time.monotonic() + float(sys.argv[1])
    threads = [threading.Thread(target=work, args=(end,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
