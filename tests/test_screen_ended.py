# SPDX-License-Identifier: MIT
"""A process that has ended, or has become another program, keeps what it was
last; the screen goes on with those that run."""

import os
import re
import signal

from monitor import process_rows


def test_nothing_new_of_one_that_ended(watch):
    """Whatever was seen in between: its rates are none, its RSS is the last
    one read, its snapshots end with it."""
    seen = watch("""
import os, time
held = bytearray(30_000_000)
if os.fork() == 0:
    kept = [[n] for n in range(999)]
    time.sleep(600)
for n in range(15):
    time.sleep(0.1)
    [[n] for n in range(9000)]
""")
    script = seen.lines[0].split("  pid ")[1].split()[0]
    seen.wait_for("exited 0")
    rss = re.search(r"RSS +(\S+)", seen.lines[1])[1]
    for _ in range(2):
        seen.press("7", "j", "ENTER").wait_for("PROCESS ")
        assert re.search(r"RSS +[\d.]+ MiB", seen.lines[1])
        seen.press("ESC").wait_for(lambda text: "PROCESS " not in text)
        assert f"pid {script}" in seen.lines[0]
        assert re.search(r"RSS +(\S+)", seen.lines[1])[1] == rss
        assert re.search(r"alloc +0/s +free +0/s", seen.lines[2])
    end = re.search(r"exited 0 after (\S+)", seen.lines[0])[1]
    seen.press("6")
    assert all(one <= end for line in seen.lines[1:]
               for one in re.findall(r"\d\d:\d\d:\d\d", line)), seen.text


def test_rss_of_a_short_script(watch):
    """It is over soon after the first frame: what that frame read stays."""
    seen = watch("""
import time
held = bytearray(b"x") * 20_000_000     # there before the first frame
while time.process_time() < 0.25:
    pass
""")
    seen.wait_for("exited 0")
    rss = re.search(r"RSS +([\d.]+) MiB", seen.lines[1])
    assert float(rss[1]) > 25


def test_pause_of_a_child_when_the_script_has_ended(watch):
    seen = watch("""
import os, time
if os.fork() == 0:
    kept = [[n] for n in range(999)]
    time.sleep(600)
time.sleep(0.5)
""")
    seen.wait_for("exited 0")
    seen.press("K").wait_for("the script has ended")
    seen.press("7", "j", "ENTER").wait_for("PROCESS ")
    seen.press("K", "p", "ENTER").wait_for("tracing paused")
    seen.press("K", "p", "ENTER").wait_for("tracing goes on")


def test_a_daemon_outlives_the_script(watch):
    """The screen stays with it when the script has ended."""
    seen = watch("""
import os, time
time.sleep(0.5)
ready, tell = os.pipe()
if os.fork():
    os.read(ready, 1)           # else it is hung up with its terminal
else:
    os.setsid()
    os.write(tell, b".")
    kept = []
    for _ in range(1200):
        kept.append(bytearray(100_000))
        time.sleep(0.05)
""")
    seen.wait_for("exited 0 after")
    seen.press("7")
    seen.wait_for(lambda text: len(process_rows(text)) == 2)
    rows = process_rows(seen.text)
    assert [row[1] for row in rows] == ["exited 0", "running"]
    seen.press("j", "ENTER").wait_for("PROCESS")
    before = seen.lines[1]
    seen.wait_for(lambda text: text.split("\n")[1] != before)
    assert re.search(r"  running 00:00:\d\d$", seen.lines[0])
    seen.quit()
    os.kill(int(rows[1][0]), signal.SIGKILL)


REPLACED = """
import os, sys, time
held = bytearray(20_000_000)
time.sleep(1.5)
os.execv(sys.executable, [sys.executable, "-c", '''
import time
held = bytearray(110_000_000)
while True:
    kept = [[n] for n in range(9000)]
    time.sleep(0.05)
'''])
"""


def test_a_script_that_became_another_python(watch):
    """Same pid, two rows: nothing of the new program shows in the old one's
    numbers, whatever is looked at in between."""
    seen = watch(REPLACED)
    seen.press("s").wait_for("replaced")
    rss = re.search(r"RSS +([\d.]+) MiB", seen.lines[1])
    for _ in range(2):
        seen.press("7").wait_for(lambda text: len(process_rows(text)) == 2)
        script, other = process_rows(seen.text)
        assert script[0] == other[0] and script[1] == "replaced"
        seen.press("j", "ENTER").wait_for("PROCESS ")
        seen.wait_for(re.compile(r"RSS +1\d\d\.\d MiB").search)
        seen.wait_for(re.compile(r"alloc +[1-9]").search)
        seen.press("ESC").wait_for(lambda text: "PROCESS " not in text)
        assert re.search(r"RSS +([\d.]+) MiB", seen.lines[1])[1] == rss[1]
        assert re.search(r"alloc +0/s +free +0/s", seen.lines[2])
    assert float(rss[1]) < 90
    seen.press("R").wait_for("has ended: its peak stays")
    seen.press("K", "p", "ENTER").wait_for("nothing of it is traced any more")
