# SPDX-License-Identifier: MIT
"""Where pymtop cannot run, configure says so before it looks for anything."""

import subprocess

import pytest

from conftest import SOURCE

REFUSED = {
    "riscv64-linux-gnu": "x86_64 and aarch64 Linux with glibc only",
    "i686-linux-gnu": "x86_64 and aarch64 Linux with glibc only",
    "x86_64-linux-gnux32": "x86_64 and aarch64 Linux with glibc only",
    "aarch64_be-linux-gnu": "x86_64 and aarch64 Linux with glibc only",
    "aarch64-linux-musl": "pymtop needs glibc",
    "aarch64-apple-darwin": "pymtop needs Linux",
}


@pytest.mark.quick
@pytest.mark.parametrize("host", REFUSED)
def test_refused(host, tmp_path):
    done = subprocess.run([SOURCE / "configure", "-q", f"--host={host}"],
                          cwd=tmp_path, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 1
    assert done.stderr.startswith("configure: error: ")
    assert REFUSED[host] in done.stderr
