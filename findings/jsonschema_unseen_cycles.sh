#!/bin/sh
# SPDX-License-Identifier: MIT
#
# jsonschema: an object with a type check of its own is never freed, and the
# collector says that nobody holds the check.
#
# Versions: jsonschema 4.26.0 (referencing 0.37.0, rpds-py 2026.9.1) against
#   jsonschema 4.17.3 (pyrsistent 0.20.0), objgraph 3.7.0; CPython 3.11 to 3.14
#   as python3 (PYTHON=... for another).
#
# Expected: TypeChecker.redefine() of one's own method makes a cycle (object,
#   checker, method, object).  It is all Python objects in an immutable map:
#   gc.collect() frees it, until then gc.get_referrers() shows the way.  So it
#   was with 4.17.3.
#
# Behaviour: since 4.18 the map is rpds.HashTrieMap, written in Rust, whose type
#   has no part in garbage collection.  Each such object stays for ever with all
#   it holds: gc.collect() finds 0, gc.garbage is empty, tracemalloc names the
#   line that made it but the way to it ends: the method that holds it has one
#   reference, yet no referrer; gc.get_referents() of the map is empty.  A tool
#   that asks the collector for who holds what can say nothing here.
#
# Seen (20 objects of 1 MB, dropped; "found": what gc.collect() returned;
# "holders": references to the method held, and those the collector knows):
#   jsonschema 4.26.0: found   0, kept 20 of 20, 20.0 MB, holders 1, known 0
#   jsonschema 4.17.3: found 400, kept  0 of 20,  0.0 MB, holders 1, known 1
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

# install VENV PACKAGE...
install()
{
    venv=$1
    shift
    "${PYTHON:-python3}" -m venv "$venv" >log 2>&1 || fail "cannot make a venv"
    "$venv/bin/pip" install -q --disable-pip-version-check \
        --only-binary :all: "$@" >log 2>&1 || fail "cannot install $*"
}

install new jsonschema==4.26.0 jsonschema-specifications==2025.9.1 \
    referencing==0.37.0 rpds-py==2026.9.1 attrs==26.1.0 \
    typing_extensions==4.16.0 objgraph==3.7.0
install old jsonschema==4.17.3 pyrsistent==0.20.0 attrs==26.1.0 objgraph==3.7.0

cat >cycle.py <<'END'
import gc
import sys
import tracemalloc
from importlib.metadata import version

import jsonschema
import objgraph


class Shop:
    def __init__(self):
        self.checker = jsonschema.Draft7Validator.TYPE_CHECKER.redefine(
            "price", self.is_price)
        self.stock = bytearray(1_000_000)

    def is_price(self, checker, instance):
        return isinstance(instance, int)


def holders():
    """References to the method that a checker holds: how many there are,
    and how many the collector knows."""
    shop = Shop()
    (method,) = (one for one in gc.get_referrers(shop)
                 if type(one).__name__ == "method")
    (held_here,) = (one for one in [shop.is_price])
    frame = sys._getframe()
    known = [one for one in gc.get_referrers(method) if one is not frame]
    return sys.getrefcount(method) - sys.getrefcount(held_here), len(known)


def sell():
    assert Shop().checker.is_type(3, "price")


is_new = version("jsonschema") == "4.26.0"
count, known = holders()
gc.collect()
before = objgraph.count("Shop")
gc.disable()
tracemalloc.start()
for _ in range(20):
    sell()
found = gc.collect()
megabytes = tracemalloc.get_traced_memory()[0] / 1e6
kept = objgraph.count("Shop") - before
print(f"jsonschema {version('jsonschema')}: found {found:3}, kept {kept:2} of "
      f"20, {megabytes:4.1f} MB, holders {count}, known {known}")
if is_new:
    right = (found, kept, known, gc.garbage) == (0, 20, 0, []) \
        and megabytes > 20 and count > 0
else:
    right = found > 0 and kept == 0 and megabytes < 1 and known > 0
sys.exit(not right)
END
for version in new old; do
    "$version/bin/python" -W ignore cycle.py || fail "no longer as stated"
done
