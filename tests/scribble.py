# SPDX-License-Identifier: MIT
"""The region of a pymtop that runs, written all over from outside, as the
script's process could."""

import mmap
import os
import pathlib
import random
import struct
import time

PAGE = 4096
FCNTL_GET_SEALS = 1034


def region_of(pid):
    """The region's descriptor, opened anew; None: there is none (yet)."""
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(link).startswith("/memfd:pymtop"):
                return os.open(link, os.O_RDWR | os.O_CLOEXEC)
        except OSError:
            pass
    return None


def places(fd):
    """Where the header, and the arrays of the first slot, begin."""
    header = os.pread(fd, 128, 0)
    slots, = struct.unpack_from("<Q", header, 24)
    offsets = struct.unpack_from("<6Q", header, 40)
    return [0, slots, *(slots + offset for offset in offsets)]


class Scribbler:
    """Writes at the beginning of each part of the region of a process."""

    def __init__(self, pid, seed):
        self.random = random.Random(seed)
        fd = region_of(pid)
        size = os.fstat(fd).st_size
        self.pages = [mmap.mmap(fd, min(16 * PAGE, size - place),
                                offset=place) for place in places(fd)]
        os.close(fd)

    def scribble(self, seconds):
        """Random words, mostly small numbers; returns how many."""
        rng = self.random
        until = time.monotonic() + seconds
        count = 0
        while time.monotonic() < until:
            for _ in range(300):
                page = rng.choice(self.pages)
                at = rng.randrange(len(page) // 4) * 4
                if rng.random() < 0.5:
                    at %= 2048
                number = rng.choice((rng.randrange(70), rng.getrandbits(32)))
                page[at:at + 4] = struct.pack("<I", number)
                count += 1
            time.sleep(0.001)
        return count
