#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""seeds.py PYMTOP FOLDER [PYTHON...]: the corpora to begin with, a folder a
target, made of real runs: regions of a script that runs, on each interpreter;
line tables of the standard library; what programs print; /proc."""

import hashlib
import os
import pathlib
import struct
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
SCRIPT = """
import json, time
def grow(n):
    return [str(i) * 3 for i in range(n)] + (grow(n - 1) if n else [])
kept = []
for i in range(10**9):
    kept.append(grow(i % 9)), json.dumps(kept[-5:])
    del kept[:-20]
    time.sleep(0.001)
"""

# Offsets in struct region_header and struct slot_head (region_layout.h).
HEADER = struct.Struct("<QIIQQQQQQQQQIIIIIIII")


def save(folder, name, data):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


# --- regions -------------------------------------------------------------------

def region_of(pid):
    """The memfd of a pymtop that runs."""
    for link in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(link).startswith("/memfd:pymtop"):
                return open(link, "rb")
        except OSError:
            pass
    return None


def orders(region, changes):
    """A region as orders of region_input.h; only what is used of it."""
    region.seek(0)
    (_, _, _, _, slots, _, contexts_at, cells_at, codes_at, bytes_at, _,
     saved_at) = HEADER.unpack(region.read(HEADER.size))[:12]

    def read(offset, size):
        region.seek(slots + offset)
        return region.read(size)

    head = read(0, 4096)
    # Counts lie on a line of their own, after the refusal.
    counts_at = next(at for at in range(256, 1024, 64)
                     if 5 < struct.unpack_from("<I", head, at)[0] < 1 << 22
                     and 1 < struct.unpack_from("<I", head, at + 4)[0] < 1 << 22)
    contexts, cells, codes, used = struct.unpack_from("<4I", head, counts_at)
    contexts, cells, codes = min(contexts, 60), min(cells, 60), min(codes, 40)
    text = read(bytes_at, min(used, 6000))
    out = []
    for letter, at, size, count in (("c", contexts_at, 16, contexts),
                                    ("l", cells_at, 64, cells),
                                    ("C", codes_at, 32, codes)):
        entries = read(at, size * count)
        out += [letter.encode() + struct.pack("<H", i)
                + entries[i * size:(i + 1) * size] for i in range(1, count)]
    out += [b"b" + struct.pack("<HB", i, len(text[i:i + 200]))
            + text[i:i + 200] for i in range(0, len(text), 200)]
    out.append(b"h" + struct.pack("<HB", 0, 64) + head[:64])
    out.append(b"n" + struct.pack("<4I", contexts, cells, codes, used))
    entries = read(cells_at, 64 * cells)
    for i, switches in enumerate(changes):
        cell = bytearray(entries[64:128])
        cell[0] ^= i
        out.append(b"l" + struct.pack("<H", 1 + i) + cell)
        out.append((b"a" if i % 2 else b"") + b"v" + bytes([switches]))
    return b"".join(out)


def processes(region, chosen):
    """The first slot's head in these slots, as orders of children.c."""
    region.seek(0)
    slots = HEADER.unpack(region.read(HEADER.size))[4]
    region.seek(slots)
    head = region.read(2048)
    out = []
    for slot in chosen:
        out.append(b"o" + struct.pack("<Bi", slot, os.getpid()))
        out += [b"h" + struct.pack("<BHB", slot, i, 200) + head[i:i + 200]
                for i in range(0, len(head), 200)]
        out.append(b"v")
    return b"".join(out)


def make_regions(pymtop, folder, python):
    script = folder / "script.py"
    folder.mkdir(parents=True, exist_ok=True)
    script.write_text(SCRIPT)
    run = subprocess.Popen([pymtop, "--batch", "--python", python, script],
                           stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL,
                           stdin=subprocess.DEVNULL)
    try:
        for _ in range(100):
            time.sleep(0.1)
            region = region_of(run.pid)
            if region is None:
                continue
            with region:
                try:
                    seeds = [orders(region, changes) for changes in (
                        (0, 4, 4), (8, 12, 44), (3, 7, 67), (16, 32, 36),
                        (130, 170, 20, 64))]
                    for chosen in (0,), (2, 0, 1, 2):
                        save(folder.parent / "children",
                             f"{len(chosen)}-processes",
                             processes(region, chosen))
                    break
                except StopIteration:
                    continue
        else:
            raise SystemExit(f"seeds: no region of {python}")
    finally:
        run.terminate()
        run.wait()
        script.unlink()
    for seed in seeds:
        name = hashlib.sha1(seed).hexdigest()
        for target in "region", "region_race":
            save(folder.parent / target, name, seed)


# --- the rest ------------------------------------------------------------------

def make_line_tables(folder):
    """Of this interpreter's own functions, said to be of every version."""
    functions = [save, orders, subprocess.Popen.__init__, os.walk]
    for i, function in enumerate(functions):
        code = function.__code__
        table = getattr(code, "co_linetable", code.co_lnotab)
        for version in range(6):
            instructions = struct.pack("<8H", *range(0, 64, 8))
            save(folder, f"{i}-{version}", bytes([version]) + struct.pack(
                "<i", code.co_firstlineno) + instructions + table[:600])


def make_output(folder):
    texts = {
        "plain": b"hello\nworld\r\n" + "é€😀\t".encode() * 20,
        "colours": b"\x1b[1;31mred\x1b[0m \x1b[38;5;200mx\x1b[48;2;1;2;3my",
        "screen": b"\x1b[?1049h\x1b[2J\x1b[H\x1b[5;10r\x1b[3L\x1b[2M\x1b[4@"
                  b"\x1b[?1049l\x1b[6n\x1b7\x1b[9;9H\x1b8\x1bM\x1bD",
        "title": b"\x1b]0;title\x07\x1bPq#0\x1b\\\x1b_x\x1b\\text",
        "progress": b"\r 10%|#    |\r 20%|##   |\x1b[A\x1b[K\x1b[1P",
        "invalid": b"\xff\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80\x9b1m\x85",
    }
    for name, text in texts.items():
        pieces = [text[i:i + 64] for i in range(0, len(text), 64)]
        save(folder, name, b"\x17\x4f" + b"".join(
            bytes([len(piece) - 1]) + piece for piece in pieces)
            + b"\xfe\x05\x09\xff\xfe\x20\x30")


# What fuzzing has found, so that it stays mended.
FOUND = {
    "output": [b"\x06\0$\0\x1b![b:\0\x06\x17\0[=\x17O\r\xff",
               b"\x06\0\0\x06$\x1b[b\0\0\x06\x17\0[='\0 \0~'\0 [\0$"],
    # Nothing in the region; a size below zero.
    "region": [b"", b"n" + struct.pack("<4I", 9, 2, 2, 1)
               + b"l" + struct.pack("<H6qQ2I", 1, -6, 1, 1, 1, 1, 1, 0, 0, 5)
               + b"v\0v\0v\x08"],
}


def make_found(folder):
    for target, inputs in FOUND.items():
        for i, data in enumerate(inputs):
            save(folder / target, f"found-{i}", data)


def make_probe(folder):
    fields = ["pymtop-probe", "cpython", "3.12.1", "", "", "64",
              "/usr/bin/python3", "/usr/lib/python3", "/lib/libpython.so",
              "", "/lib/libc.so.6", ""]
    answer = "\0".join(fields).encode()
    save(folder, "answer", answer)
    save(folder, "shim", b"some words\n" + answer)
    for kept in 120, 200, 240, 254, 255:
        save(folder, f"entry-{kept}", bytes([kept]) + answer)
    save(folder, "key", b"\xf0/x/os.py: none\n\0: no library\n\0" + answer)


def make_proc(folder):
    def read(path):
        try:
            return pathlib.Path(path).read_bytes()[:4000]
        except OSError:
            return b""
    parts = [read(f"/proc/self/{name}") for name in
             ("mountinfo", "cgroup", "mountinfo", "cgroup", "statm", "stat",
              "status")]
    one = [b"1 2 0:3 /g /sys/m rw - cgroup cgroup rw,memory\n", b"4:memory:/g/a\n",
           b"10\n", b"oom_kill 3\n", b"1000\n", b"500\n",
           b"total_inactive_file 5\n"]
    two = [b"", b"", b"1 2 0:3 / /c rw - cgroup2 cgroup2 rw\n", b"0::/a/b\n",
           b"oom_kill 1\n", b"max\n", b"99\n", b"5\n", b"inactive_file 2\n",
           b"7 8 9\n", b"1 (a) b) S 1 2\n", b"x\nShdPnd:\t0000000000004000\n",
           b"0 0x0 0x1 0x2\n"]
    for name, these in ("self", parts), ("one", one), ("two", two):
        save(folder, name, b"\xff".join(these))


def main(pymtop, folder, *pythons):
    folder = pathlib.Path(folder)
    for python in pythons:
        make_regions(pymtop, folder / "region", python)
    make_line_tables(folder / "line_table")
    make_output(folder / "output")
    make_probe(folder / "probe")
    make_proc(folder / "proc")
    make_found(folder)
    source = (HERE / "seeds.py").read_bytes()
    save(folder / "source", "self", source[:3000])
    save(folder / "source", "mixed",
         b"\xef\xbb\xbfa\r\nb\rc\n\td\0e\f\xff" + "é€😀".encode())
    for i, text in enumerate(["plain", "é€😀 漢字 e\u0301", "\u202ex\x1b[1m"]):
        save(folder / "utf8", str(i), b"\x09" + text.encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
