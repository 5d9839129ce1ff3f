# SPDX-License-Identifier: MIT
"""A command on a real pseudo-terminal, its screen read by pyte."""

import codecs
import errno
import fcntl
import os
import pty
import select
import signal
import struct
import termios
import time

import pyte

from processes import modes_of

KEYS = {
    "ENTER": "\r", "ESC": "\x1b", "TAB": "\t", "BACKTAB": "\x1b[Z",
    "BACKSPACE": "\x7f", "DELETE": "\x1b[3~", "INSERT": "\x1b[2~",
    "UP": "\x1bOA", "DOWN": "\x1bOB", "RIGHT": "\x1bOC", "LEFT": "\x1bOD",
    "HOME": "\x1bOH", "END": "\x1bOF",
    "PGUP": "\x1b[5~", "PGDN": "\x1b[6~",
    "F1": "\x1bOP", "F2": "\x1bOQ", "F3": "\x1bOR", "F4": "\x1bOS",
    "F5": "\x1b[15~", "F6": "\x1b[17~", "F7": "\x1b[18~", "F8": "\x1b[19~",
    "F9": "\x1b[20~", "F10": "\x1b[21~",
}
ALTERNATE = (47 << 5, 1047 << 5, 1049 << 5)     # private modes, as pyte does


class Screen(pyte.Screen):
    """pyte's screen and what xterm has besides: the alternate screen,
    repeated characters, scrolling by count, and mode queries kept."""

    def __init__(self, columns, lines, answer):
        self._normal = None
        self._last = " "
        self._answer = answer
        self.bells = 0
        super().__init__(columns, lines)

    def draw(self, data):
        if data:
            self._last = data[-1]
        super().draw(data)

    def repeat(self, count=None):
        super().draw(self._last * (count or 1))

    def scroll_up(self, count=None):
        self._scroll(self.index, "bottom", count)

    def scroll_down(self, count=None):
        self._scroll(self.reverse_index, "top", count)

    def _scroll(self, step, edge, count):
        saved = self.cursor.y
        margins = self.margins
        if edge == "bottom":
            self.cursor.y = margins.bottom if margins else self.lines - 1
        else:
            self.cursor.y = margins.top if margins else 0
        for _ in range(count or 1):
            step()
        self.cursor.y = saved

    def set_mode(self, *modes, **how):
        super().set_mode(*modes, **how)
        if how.get("private") and set(self.mode) & set(ALTERNATE) \
                and self._normal is None:
            self._normal = ({y: dict(line) for y, line in
                             self.buffer.items()},
                            self.cursor.x, self.cursor.y)
            self.erase_in_display(2)

    def reset_mode(self, *modes, **how):
        super().reset_mode(*modes, **how)
        if how.get("private") and not set(self.mode) & set(ALTERNATE) \
                and self._normal is not None:
            lines, x, y = self._normal
            self._normal = None
            self.erase_in_display(2)
            for row, line in lines.items():
                if row < self.lines:
                    self.buffer[row].update(line)
            self.cursor.x = min(x, self.columns - 1)
            self.cursor.y = min(y, self.lines - 1)
            self.dirty.update(range(self.lines))

    @property
    def alternate(self):
        return self._normal is not None

    def private_mode(self, number):
        """Whether DECSET `number` is on, 1000 (mouse) for example."""
        return number << 5 in self.mode

    def bell(self, *args):
        self.bells += 1

    def write_process_input(self, data):
        self._answer(data)


class Stream(pyte.Stream):
    csi = dict(pyte.Stream.csi, b="repeat", S="scroll_up", T="scroll_down")
    events = pyte.Stream.events | {"repeat", "scroll_up", "scroll_down"}


class Terminal:
    """Start argv on a terminal of columns x lines.

    stdin, stdout and stderr may be given as file descriptors to take the
    place of the terminal's.  Nothing is read while the test does not wait:
    every wait_ and every look at the screen reads what is there first.
    """

    def __init__(self, argv, columns=80, lines=24, env=None, cwd=None,
                 stdin=None, stdout=None, stderr=None):
        self.raw = b""
        self._status = None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        held, go = os.pipe()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            try:
                os.close(go)
                os.read(held, 1)        # until its modes are noted
                os.close(held)
                self._size(0, columns, lines)
                for signum in (signal.SIGPIPE, signal.SIGXFSZ):
                    signal.signal(signum, signal.SIG_DFL)
                for fd, given in enumerate((stdin, stdout, stderr)):
                    if given is not None:
                        os.dup2(given, fd)
                if cwd is not None:
                    os.chdir(cwd)
                argv = [os.fspath(arg) for arg in argv]
                os.execvpe(argv[0], argv,
                           os.environ if env is None else env)
            except BaseException as error:
                os.write(2, f"terminal: {argv[0]}: {error}\n".encode())
            finally:
                os._exit(127)
        self.modes = modes_of(self)     # before anything ran on it
        os.close(held)
        os.close(go)
        os.set_blocking(self.fd, False)
        self._screen = Screen(columns, lines, self._reply)
        self._stream = Stream(self._screen)

    # --- what it shows ----------------------------------------------------

    @property
    def lines(self):
        """The rows of the screen, without trailing blanks."""
        self.pump(0)
        return [line.rstrip() for line in self._screen.display]

    @property
    def text(self):
        return "\n".join(self.lines)

    @property
    def screen(self):
        """pyte's screen: cursor, mode, title, buffer, alternate, bells."""
        self.pump(0)
        return self._screen

    @property
    def cursor(self):
        """(row, column), both from 0."""
        screen = self.screen
        return screen.cursor.y, screen.cursor.x

    def cell(self, row, column):
        """One cell: data, fg, bg, bold, underscore, reverse, ..."""
        return self.screen.buffer[row][column]

    def row_of(self, text):
        """Number of the first row that has the text; None if none has."""
        for number, line in enumerate(self.lines):
            if text in line:
                return number
        return None

    # --- what is done to it -----------------------------------------------

    def send(self, *keys):
        """Names of KEYS, else text as it is: send("j", "ENTER", "^C")."""
        for key in keys:
            if len(key) == 2 and key[0] == "^":
                key = chr(ord(key[1].upper()) & 0x1f)
            self._reply(KEYS.get(key, key))

    def mouse(self, row, column, button=0):
        """Press and release at a cell (from 0), xterm's SGR encoding; the
        wheel is button 64 up, 65 down."""
        for final in "Mm":
            self._reply(f"\x1b[<{button};{column + 1};{row + 1}{final}")

    def resize(self, columns, lines):
        """The kernel sends SIGWINCH to the foreground process group."""
        self.pump(0)
        self._screen.resize(lines, columns)
        self._size(self.fd, columns, lines)

    def kill(self, signum=signal.SIGTERM):
        os.kill(self.pid, signum)

    # --- waiting ----------------------------------------------------------

    def wait_for(self, what, timeout=20):
        """Wait until the screen has the text, or until what(text) is true;
        returns the text.  Fails with the screen as it is then."""
        test = what if callable(what) else lambda text: what in text
        deadline = time.monotonic() + timeout
        while True:
            text = self.text
            if test(text):
                return text
            left = deadline - time.monotonic()
            ended = self.poll() is not None and not self.pump(0)
            if left <= 0 or ended:
                text = self.text
                if test(text):
                    return text
                why = "the command ended" if ended else f"{timeout} s"
                raise AssertionError(
                    f"waited for {what!r} until {why}; the screen is\n"
                    + "\n".join(f"|{line}" for line in text.split("\n")))
            self.pump(min(left, 0.1))

    def settle(self, quiet=0.4, timeout=20):
        """Wait until nothing has been written for `quiet` seconds."""
        deadline = time.monotonic() + timeout
        while self.pump(quiet) and time.monotonic() < deadline:
            pass
        return self.text

    def wait(self, timeout=30):
        """Wait for the end; the exit status, or -signal."""
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise AssertionError(
                    f"still running after {timeout} s; the screen is\n"
                    + self.text)
            self.pump(0.05)
        while self.pump(0.05):
            pass
        return self._status

    def poll(self):
        """The exit status (or -signal), None while it runs."""
        if self._status is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self._status = os.waitstatus_to_exitcode(status)
        return self._status

    def pump(self, timeout):
        """Read what there is, waiting for the first of it at most timeout
        seconds; true if there was something."""
        any_read = False
        while select.select([self.fd], [], [], timeout)[0]:
            timeout = 0
            try:
                data = os.read(self.fd, 65536)
            except OSError as error:
                if error.errno in (errno.EIO, errno.EAGAIN):
                    break
                raise
            if not data:
                break
            any_read = True
            self.raw += data
            self._stream.feed(self._decoder.decode(data))
        if not any_read and timeout and self._status is not None:
            time.sleep(min(timeout, 0.01))
        return any_read

    def hang_up(self):
        """Close the terminal, as its window would; nothing is seen then."""
        self.pump(0)
        with open(os.devnull, "rb+", buffering=0) as nothing:
            os.dup2(nothing.fileno(), self.fd)

    def close(self):
        """Kill what still runs and give the terminal back."""
        if self.poll() is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
            _, status = os.waitpid(self.pid, 0)
            self._status = os.waitstatus_to_exitcode(status)
        os.close(self.fd)

    def _reply(self, text):
        data = text.encode()
        while data:
            try:
                data = data[os.write(self.fd, data):]
            except BlockingIOError:
                self.pump(0.05)

    @staticmethod
    def _size(fd, columns, lines):
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack(
            "HHHH", lines, columns, 9 * columns, 18 * lines))
