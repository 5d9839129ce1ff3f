"""A service that forgets to forget: its cache grows with every request.

    pymtop examples/leak.py

The line that leaks climbs to the top; `T` sorts by growth, `s` then `d` show
what changed since, Enter opens the line."""

import sys
import time


class Request:
    def __init__(self, number):
        self.number = number
        self.path = f"/orders/{number}"
        self.headers = {"host": "shop", "id": str(number)}


class Cache:
    def __init__(self):
        self.answers = {}

    def remember(self, request, answer):
        self.answers[request.path] = (request, answer)


def handle(request):
    words = [f"{request.path} {i}" for i in range(50)]
    return ", ".join(words[:5])


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    cache = Cache()
    until = time.monotonic() + seconds
    number = 0
    while time.monotonic() < until:
        for _ in range(200):
            request = Request(number)
            cache.remember(request, handle(request))
            number += 1
        time.sleep(0.02)
    print(f"{number} requests handled")


main()
