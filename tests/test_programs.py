# SPDX-License-Identifier: MIT
"""Programs that people run: the same output and exit status with and without
pymtop, in batch mode on pipes and on a terminal, and in the output view."""

import os
import re
import signal
import socket
import subprocess
import urllib.error
import urllib.request

import pytest

import interpreters
from processes import until

STARTS = [start for start in interpreters.starts(proven=True)
          if start.python.minor >= 11 and start.mode == (
              "preload" if start.python.name.startswith("system")
              else "embed")]


@pytest.fixture(params=STARTS, ids=map(str, STARTS))
def program(request, pymtop, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    return Program(interpreters.ready(request.param), pymtop)


class Program:
    """`python` of the programs' environment, plain and under pymtop."""

    def __init__(self, start, pymtop):
        self.python = start.python.venv("programs")
        self.plain = [self.python]
        self.screen = [pymtop, "--python", self.python, "--start", start.mode]
        self.batch = [*self.screen, "--batch", "-o", "/dev/null"]

    def both(self, *args, clean=lambda text: text):
        """Run it both ways; what both gave, once it is the same."""
        plain, ours = (
            subprocess.run([*command, *args], text=True, timeout=120,
                           capture_output=True, stdin=subprocess.DEVNULL)
            for command in (self.plain, self.batch))
        assert clean(ours.stdout) == clean(plain.stdout)
        assert clean(ours.stderr) == clean(plain.stderr)
        assert ours.returncode == plain.returncode
        return ours


# --- once through ----------------------------------------------------------

SUITE = """\
import os, signal, sys, warnings
import pytest

def test_passes(): pass
def test_fails(): assert [1, 2, 3] == [1, 2, 4]
def test_raises(): {}["no such key"]
@pytest.mark.parametrize("x", range(3))
def test_each(x, tmp_path, capsys):
    print("printed", x)
    (tmp_path / "file").write_text("x" * x)
    assert capsys.readouterr().out == f"printed {x}\\n"
def test_capture(capfd):
    os.system("echo from a child")
    assert "child" in capfd.readouterr().out
def test_patched(monkeypatch):
    monkeypatch.setenv("A", "1")
    warnings.warn("careful")
@pytest.mark.xfail
def test_expected(): raise ValueError
@pytest.mark.skip(reason="later")
def test_skipped(): pass
"""


def test_pytest(program, tmp_path):
    (tmp_path / "test_suite.py").write_text(SUITE)
    done = program.both(
        "-m", "pytest", "-p", "no:cacheprovider", "-ra", "--color=yes",
        "--basetemp", str(tmp_path / "base"), "test_suite.py",
        clean=lambda text: re.sub(r"in \d+\.\d+s", "in ...s", text))
    assert done.returncode == 1
    assert "2 failed" in done.stdout and "6 passed" in done.stdout


@pytest.mark.parametrize("args", [["--version"], ["check"], ["list"],
                                  ["show", "flask"], ["nonsense"]])
def test_pip(program, args):
    done = program.both("-m", "pip", "--disable-pip-version-check", *args)
    assert done.returncode == (args == ["nonsense"])


# --- servers ---------------------------------------------------------------

FLASK = """\
import flask
app = flask.Flask(__name__)
@app.route("/<name>")
def hello(name):
    return f"hello {name} {1 // len(name.replace('zero', ''))}"
if __name__ == "__main__":
    app.run(port=0)
"""

DJANGO = """\
import sys
from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpResponse
from django.urls import path
def hello(request, name):
    return HttpResponse(f"hello {name} {1 // (name != 'zero')}")
settings.configure(DEBUG=True, ROOT_URLCONF=__name__, SECRET_KEY="x",
                   ALLOWED_HOSTS=["*"])
urlpatterns = [path("<name>", hello)]
if __name__ == "__main__":
    execute_from_command_line(sys.argv)
"""

GUNICORN = """\
import os
def app(environ, start_response):
    body = [[i] for i in range(1000)]
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"hello {environ['PATH_INFO'][1:]} {len(body)}".encode()]
"""


def get(port, name):
    """Status and text of an answer (of an error: only the status)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/{name}",
                                    timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


def serve(command, file, port_pattern, number):
    """Start a server that says its port, ask it, end it by the signal; its
    status, its answers, what it said."""
    with open(file, "w") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output,
                                  stdin=subprocess.DEVNULL)
    try:
        port = until(lambda: re.search(port_pattern, file.read_text()), 60)[1]
        answers = [get(port, name) for name in ("ann", "bob", "zero", "eve")]
        server.send_signal(number)
        return server.wait(60), answers, file.read_text().replace(port, "80")
    finally:
        server.kill()


def clean_log(text):
    """Times and process numbers are each run's own."""
    text = re.sub(r"\[?\d+/\w+/\d{4} \d\d:\d\d:\d\d\]?", "TIME", text)
    text = re.sub(r"\[\d{4}-\d\d-\d\d [\d:]+(,\d+| [+-]\d{4})\]", "TIME",
                  text)
    text = re.sub(r"\w+ \d+, \d{4} - \d\d:\d\d:\d\d", "TIME", text)
    return re.sub(r"(?<=\[)\d+(?=\])|(?<=\()\d+(?=\)$)|(?<=pid: )\d+",
                  "PID", text, flags=re.MULTILINE)


def test_flask(program, tmp_path):
    (tmp_path / "app.py").write_text(FLASK)
    plain, ours = (
        serve([*command, "app.py"], tmp_path / "log",
              r"Running on http://127\.0\.0\.1:(\d+)", signal.SIGINT)
        for command in (program.plain, program.batch))
    assert [status for status, _ in ours[1]] == [200, 200, 500, 200]
    assert ours[:2] == plain[:2]
    assert clean_log(ours[2]) == clean_log(plain[2])
    assert "ZeroDivisionError" in ours[2]


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return str(server.getsockname()[1])


@pytest.mark.parametrize("reload", [["--noreload"], []])
def test_django(program, tmp_path, monkeypatch, reload):
    """With its reloader the server is a child."""
    monkeypatch.setenv("PYTHONUNBUFFERED", "1")
    (tmp_path / "site_.py").write_text(DJANGO)
    plain, ours = (
        serve([*command, "site_.py", "runserver", "--nothreading",
               "--skip-checks", *reload, f"127.0.0.1:{free_port()}"],
              tmp_path / "log",
              r"development server at http://127\.0\.0\.1:(\d+)/",
              signal.SIGINT if reload else signal.SIGTERM)
        for command in (program.plain, program.batch))
    assert [status for status, _ in ours[1]] == [200, 200, 500, 200]
    assert ours[:2] == plain[:2]
    assert clean_log(ours[2]) == clean_log(plain[2])


def test_gunicorn(program, tmp_path):
    """Two workers; what they say comes in any order."""
    (tmp_path / "app.py").write_text(GUNICORN)
    plain, ours = (
        serve([*command, "-m", "gunicorn", "-w", "2", "-b", "127.0.0.1:0",
               "app:app"], tmp_path / "log",
              r"Listening at: http://127\.0\.0\.1:(\d+)(?s:.*Booting){2}",
              signal.SIGTERM)
        for command in (program.plain, program.batch))
    assert ours[1] == [(200, f"hello {name} 1000")
                       for name in ("ann", "bob", "zero", "eve")]
    assert ours[:2] == plain[:2]
    assert ours[0] == 0
    assert sorted(clean_log(ours[2]).splitlines()) \
        == sorted(clean_log(plain[2]).splitlines())


# --- a kernel --------------------------------------------------------------

CLIENT = """\
import sys
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import KernelManager
manager = KernelManager()
manager._kernel_spec = KernelSpec(
    argv=[*sys.argv[1:], "-m", "ipykernel_launcher", "-f",
          "{connection_file}"], language="python", display_name="x")
manager.start_kernel()
client = manager.blocking_client()
client.start_channels()
client.wait_for_ready(timeout=60)
def show(message):
    kind, content = message["msg_type"], message["content"]
    if kind in ("stream", "execute_result", "error"):
        print(kind, content.get("text"), content.get("data"),
              content.get("evalue"))
for code in ("1 + 1", "print('text')", "1 / 0", "import os; os.getcwd()",
             "%timeit -n1 -r1 -q 1", "kept = [[i] for i in range(10**5)]"):
    answer = client.execute_interactive(code, output_hook=show, timeout=60)
    print(answer["content"]["status"])
process = manager.provisioner.process
manager.interrupt_kernel()
client.execute_interactive("'alive'", output_hook=show, timeout=60)
client.shutdown()
print("ended", process.wait(60))
"""


def test_jupyter_kernel(program, tmp_path):
    (tmp_path / "client.py").write_text(CLIENT)
    outputs = [
        subprocess.run([program.python, "client.py", *command], text=True,
                       capture_output=True, timeout=180)
        for command in (program.plain, program.batch)]
    plain, ours = outputs
    assert "execute_result None {'text/plain': '2'} None" in ours.stdout, ours
    assert ours.stdout.endswith("ended 0\n"), ours
    assert ours.stdout == plain.stdout


# --- on a terminal ---------------------------------------------------------

BARS = """\
import rich.console, rich.progress, rich.table, rich.traceback
from tqdm import tqdm
for i in tqdm(range(5), mininterval=0, bar_format="{desc}{l_bar}{bar}|"):
    pass
with tqdm(total=3, mininterval=0, bar_format="{n_fmt}/{total_fmt}{bar:10}",
          colour="green") as bar:
    for i in range(3):
        tqdm.write(f"line {i}")
        bar.update()
console = rich.console.Console()
table = rich.table.Table(title="Numbers")
table.add_column("n", style="cyan"); table.add_column("square \\U0001f40d")
for i in range(3):
    table.add_row(str(i), str(i * i))
console.print(table, "[bold red]done[/]", {"a": [1, None]})
with rich.progress.Progress(
        "{task.description}", rich.progress.BarColumn(), auto_refresh=False,
        console=console) as progress:
    task = progress.add_task("working", total=3)
    for i in range(3):
        progress.update(task, advance=1, refresh=True)
rich.traceback.install(width=60)
"""


def test_bars_on_a_terminal(program, open_terminal, tmp_path):
    """tqdm's and rich's bytes, to the last escape."""
    (tmp_path / "bars.py").write_text(BARS + "1 / 0\n")
    plain, ours = (open_terminal([*command, "bars.py"])
                   for command in (program.plain, program.batch))
    assert ours.wait(60) == plain.wait(60) == 1
    assert "100%" in ours.text or b"100%" in ours.raw
    assert ours.raw == plain.raw


def in_view(program, open_terminal, args, lines=24):
    """A plain terminal, and pymtop's on its output view: one row of the
    view's is a row of the plain one's."""
    plain = open_terminal([*program.plain, *args], lines=lines)
    ours = open_terminal([*program.screen, *args], lines=lines + 3)
    return plain, ours


def view_of(terminal):
    """What the script's own terminal shows: less state, tabs and hint."""
    lines = terminal.lines
    return lines[2:-1]


def same_view(plain, ours, text):
    """Both show the text, then the same altogether."""
    plain.wait_for(text)
    try:
        ours.wait_for(lambda _: view_of(ours) == plain.lines)
    except AssertionError:
        assert view_of(ours) == plain.lines
        raise


def test_bars_in_the_view(program, open_terminal, tmp_path):
    (tmp_path / "bars.py").write_text(BARS + "input('end? ')\n")
    plain, ours = in_view(program, open_terminal, ["bars.py"], lines=40)
    ours.wait_for("waiting for input", timeout=60)
    ours.send("0")
    same_view(plain, ours, "end?")


CURSES = """\
import curses
def main(screen):
    curses.curs_set(0)
    curses.start_color(); curses.init_pair(1, curses.COLOR_RED, 0)
    screen.addstr(2, 4, "press a key", curses.color_pair(1) | curses.A_BOLD)
    screen.border(*'||--++++'); screen.refresh()
    while (key := screen.getkey()) != "x":
        height, width = screen.getmaxyx()
        screen.addstr(4, 4, f"{key} at {height} x {width}")
        screen.refresh()
curses.wrapper(main)
print("left")
raise SystemExit(3)
"""


def test_curses(program, open_terminal, tmp_path):
    (tmp_path / "full.py").write_text(CURSES)
    plain, ours = in_view(program, open_terminal, ["full.py"])
    ours.wait_for("waiting for input", timeout=60)
    ours.send("\x1d")
    same_view(plain, ours, "press a key")
    for terminal in (plain, ours):
        terminal.send("k")
    same_view(plain, ours, "k at 24 x 80")
    for terminal in (plain, ours):
        terminal.send("x")
    assert plain.wait() == 3
    ours.wait_for("exited 3")
    ours.wait_for("left")
    ours.send("q")
    assert ours.wait() == 3


PROMPT = re.compile(r"(>>>|\.\.\.|In \[\d+\]:)\s*\Z")


def asks(text):
    """Whether the next line is asked for: what is typed before that is
    echoed once more, by whoever has the terminal at that moment."""
    return PROMPT.search(text) is not None


def converse(plain, ours, exchange):
    """Type each line in both, wait for what must come and for the next
    prompt, compare."""
    ours.send("\x1d")
    before = plain.wait_for(asks)
    same_view(plain, ours, before)
    for typed, answer in exchange:
        for terminal in (plain, ours):
            terminal.send(typed, "ENTER")
        before = plain.wait_for(lambda text: text != before
                                and answer in text and asks(text))
        same_view(plain, ours, before)


def test_interactive_python(program, open_terminal):
    plain, ours = in_view(program, open_terminal, ["-q"])
    ours.wait_for("waiting for input", timeout=60)
    converse(plain, ours, [
        ("print(6 * 7)", "42"), ("def f(x): return [x] * 3", "..."),
        ("", ""), ("f(2)", "[2, 2, 2]"), ("1 / 0", "ZeroDivisionError"),
        ("impo\t sys; sys.version_info[0]", "3")])
    for terminal in (plain, ours):
        terminal.send("raise SystemExit(5)", "ENTER")
    status = plain.wait()           # 1 in the new REPL of 3.13.0
    assert status in (1, 5)
    ours.wait_for(f"exited {status}")
    ours.send("q")
    assert ours.wait() == status


def test_ipython(program, open_terminal, monkeypatch, tmp_path):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    plain, ours = in_view(program, open_terminal, [
        "-m", "IPython", "--no-banner", "--no-confirm-exit"], lines=40)
    ours.wait_for("= traced", timeout=60)
    ours.send("0")
    for terminal in (plain, ours):
        terminal.wait_for("In [1]", timeout=60)
    converse(plain, ours, [
        ("1 + 1", "Out[1]: 2"), ("print('x' * 5)", "xxxxx"),
        ("len([[i] for i in range(9999)])", "Out[3]: 9999"),
        ("1 / 0", "division by zero")])
    for terminal in (plain, ours):
        terminal.send("exit", "ENTER")
    assert plain.wait() == 0
    ours.wait_for("exited 0")
    ours.send("q")
    assert ours.wait() == 0
