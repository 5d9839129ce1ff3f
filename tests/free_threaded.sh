#!/bin/sh
# SPDX-License-Identifier: MIT
#
# tests/free_threaded.sh CACHE: build CPython 3.13 without the GIL below CACHE,
# if it is not there yet, and print its path.  About five minutes.
#
# The source is Debian 13's (its upstream part), from the mirror that this
# machine's apt uses.  Needs apt, a compiler, and the headers of libffi and zlib.
# Nothing of this machine's apt is changed.
set -eu

cache=$(mkdir -p "$1" && CDPATH='' cd -- "$1" && pwd)
target=$cache/cpython-3.13t
work=$target.work
log=$target.log

fail()
{
    tail -n 20 "$log" >&2
    echo "tests: cannot build CPython 3.13t (everything it said is in $log)" >&2
    exit 1
}

mirror()
{
    cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null |
        sed -n -e 's/^URIs: *\([^ ]*\).*/\1/p' \
            -e 's/^deb \(\[[^]]*\] \)\{0,1\}\([^ ]*\) .*/\2/p' |
        grep '/debian/*$' | head -n 1
}

apt()
{
    apt-get -qq -o Dir::Etc::SourceList="$work/sources.list" \
        -o Dir::Etc::SourceParts=/dev/null \
        -o Dir::State::Lists="$work/lists" -o Dir::Cache="$work/cache" \
        -o Acquire::Check-Valid-Until=false -o Acquire::Check-Date=false \
        -o APT::Sandbox::User=root "$@"
}

build()
{
    rm -rf "$work" "$target"
    mkdir -p "$work/lists/partial" "$work/cache/archives/partial" "$work/build"
    echo "deb-src $(mirror) trixie main" >"$work/sources.list"
    apt update
    (cd "$work" && apt --download-only source python3.13)
    (cd "$work" && tar xf python3.13_*.orig.tar.xz)
    cd "$work/build"
    ../Python-3.13*/configure -q --prefix="$target" --disable-gil \
        --enable-shared --disable-test-modules --without-ensurepip \
        CFLAGS=-O2 LDFLAGS="-Wl,-rpath,$target/lib"
    make -s -j"$(nproc)"
    make -s install
    "$target/bin/python3.13t" -c 'import ctypes, sys
assert not sys._is_gil_enabled()'
    touch "$target/complete"
    rm -rf "$work"
}

if [ ! -e "$target/complete" ]; then
    echo "tests: building CPython 3.13t, about five minutes" >&2
    # A shell of its own, since set -e does nothing in a condition.
    if [ "${2-}" = build ]; then
        build
        exit
    fi
    sh "$0" "$cache" build >"$log" 2>&1 </dev/null || fail
fi
echo "$target/bin/python3.13t"
