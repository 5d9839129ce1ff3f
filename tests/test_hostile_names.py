# SPDX-License-Identifier: MIT
"""Names and output that try to speak to the terminal: paths, functions,
arguments and what is printed, with newlines, escape sequences, control
characters and bytes that are no UTF-8.  Nothing of it reaches the terminal raw,
wherever it is shown."""

import csv
import json
import os
import re
import subprocess

import pytest

import monitor

# Each would do something on a terminal.  The letters behind it tell which.
EVIL = ("\x1b]0;QA\x07", "\x1b[9;9tQB", "\x1bP1;QC\x1b\\", "\x9b9;9tQD",
        "\x9d0;QE\x9c", "\x07QF", "\rQG", "\nQH", "\x08\x08QI", "\x7fQJ",
        "\u202eQK\u2066", "\u2028QL", "\ufeffQM", "\x1bcQN", "\0QO",
        "\udcff\ud800QP", "\x0e\x0fQQ")
NAME = "ev" + "".join(EVIL) + "il"
FILE = NAME.replace("\0", "").replace("/", "") \
    .encode("utf-8", "surrogatepass").replace(b"\xed\xb3\xbf", b"\xff") \
    .replace(b"\xed\xa0\x80", b"\xfe")[:200] + b".py"

CODE = """\
import sys, time
evil = {name!r}
kept = []
def inner(): return [str(n) for n in range(20000)]
inner.__code__ = inner.__code__.replace(co_name=evil)
try:
    inner.__code__ = inner.__code__.replace(co_qualname=evil)
except TypeError:
    pass
kept.append(inner())
code = compile("kept.append([str(n) for n in range(30000)])", "x", "exec")
exec(code.replace(co_filename=evil))
sys.stdout.buffer.write(evil.encode("utf-8", "surrogatepass") + b"\\xff\\xfe")
sys.stdout.flush()
time.sleep(0.4)
raise ValueError(evil) if sys.stdout.isatty() else SystemExit(0)
"""

# What ncurses and pymtop's own mouse and restore send.
OURS = re.compile(
    rb"\x1b\[[?>]?[\d;]*[ABCDGHJKLMPSTXdfhlmr@bn]|\x1b[()][0B]|\x1b[=>78MH]|"
    rb"\x1b\[\d*;?\d*;?\d*t(?!Q)")


def check_raw(raw):
    """Only ours is left in what the terminal got, and no trick of theirs."""
    for evil in EVIL:
        bare = evil.encode("utf-8", "surrogatepass")
        assert bare not in raw, bare
    text = OURS.sub(b"", raw)
    assert not re.search(rb"[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]", text), \
        re.findall(rb".{20}[\x00-\x07\x0b\x0c\x0e-\x1f\x7f].{20}", text)[:3]
    assert not re.search("[\x80-\x9f\u202e\u2066\u2028\ufeff]",
                         text.decode())      # and it is UTF-8


@pytest.fixture
def script(tmp_path):
    path = os.fsencode(tmp_path) + b"/" + FILE
    with open(path, "w", errors="surrogatepass") as file:
        file.write(CODE.format(name=NAME))
    return path


@pytest.mark.parametrize("form", ["text", "csv", "json"])
def test_reports(pymtop, open_terminal, script, form):
    """On a terminal, which is where they go when nothing else is said."""
    start = monitor.any_start()
    for by in ("lineno", "filename", "function", "traceback"):
        with open(os.devnull, "w") as nothing:
            seen = open_terminal(
                [pymtop, "--batch", "--format", form, "--by", by, "--top",
                 "500", *start.options, script, b"a" + FILE],
                stdout=nothing.fileno())
            assert seen.wait() == 0
        assert b"QP" in seen.raw
        check_raw(seen.raw)


def test_files_have_paths_as_they_are(pymtop, start, script, tmp_path):
    """Not on a terminal; but each byte that is no UTF-8 is U+FFFD."""
    name = script.decode(errors="replace")
    for form in ("json", "csv"):
        with open(tmp_path / "report", "w") as report:
            subprocess.run([pymtop, "--batch", "--format", form, "-o",
                            report.name, *start.options, script], check=True,
                           stdout=subprocess.DEVNULL)
        with open(tmp_path / "report", newline="") as report:
            rows = json.load(report)["rows"] if form == "json" \
                else list(csv.DictReader(report))
        assert name in {row["file"] for row in rows}


def test_messages(pymtop, script):
    """What is wrong with a name is said without saying the name raw."""
    for options in ([b"-p", script], [b"--sort", script],
                    [b"-o", script + b"/x"], [b"--" + FILE]):
        done = subprocess.run([pymtop, "--batch", *options, script],
                              capture_output=True, timeout=60)
        assert done.returncode in (2, 126, 127)
        assert done.stderr.count(b"\n") == 1
        check_raw(done.stderr)


@pytest.mark.parametrize("ascii", [[], ["--ascii"]], ids=["utf8", "ascii"])
def test_screen(open_terminal, pymtop, script, tmp_path, ascii):
    """In every view, on the source page, in messages, in what stays when the
    screen is left."""
    seen = monitor.Monitor(open_terminal, pymtop, [script, b"a" + FILE],
                           options=ascii, cwd=tmp_path, columns=170, lines=40)
    seen.wait_for("exited 1")
    for view in "1234567890":
        seen.press(view)
    for key in ("1", "j", "ENTER", "DOWN", "ENTER", "ESC", "ESC", "3", "ENTER",
                "ESC", "4", "*", "ESC", "2", "t", "*", "s", "d", "c", "l"):
        seen.press(key)
    seen.press("/", *"QP", "ENTER", "n", "f", *"*QP*", "ENTER", "o", "ESC",
               "?", "ESC", "w")
    seen.send("\x15no/such/\x0bdir.txt")
    seen.press("ENTER", "ESC", "1")
    assert "QP" in seen.text
    assert seen.screen.title == "" and seen.screen.bells == 0
    seen.send("q")
    assert seen.wait() == 1
    check_raw(seen.raw)
