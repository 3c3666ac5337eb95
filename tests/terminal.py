"""A real terminal for tests: types keys, and reads what stands on the screen."""

import os
import signal
import sys
import time

import pytest

on_posix = pytest.mark.skipif(os.name != "posix", reason="needs a pseudo-terminal")


class Terminal:
    """A pseudo-terminal in which `python -m graders` runs.

    Args:
        root: The repository.
        argv: The verb and its arguments.
        columns: The terminal's width.
        rows: Its height.
        env: What is added to the environment.
    """

    def __init__(self, root, *argv, columns=80, rows=24, env=None):
        import fcntl
        import pty
        import struct
        import termios

        self.screen = ""
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.chdir(root)
            os.environ |= {"TERM": "xterm"} | (env or {})
            os.execv(sys.executable, [sys.executable, "-m", "graders", *argv])
        size = struct.pack("HHHH", rows, columns, 0, 0)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, size)

    def wait_for(self, text):
        """Read until a text is there; prompt_toolkit asks for the cursor's place."""
        until = time.monotonic() + 60
        while text not in self.screen:
            assert time.monotonic() < until, self.screen
            self.read()
        self.screen = self.screen[self.screen.index(text) + len(text) :]

    def read(self):
        """Read what comes within a moment."""
        import select

        if select.select([self.fd], [], [], 0.1)[0]:
            got = os.read(self.fd, 65536).decode("utf-8", "replace")
            self.screen += got
            if "\x1b[6n" in got:
                os.write(self.fd, b"\x1b[1;1R")

    def type(self, text):
        os.write(self.fd, text.encode())

    def answer(self, question, text):
        """Answer a question, and wait until the answer is taken."""
        self.wait_for(question)
        self.type(text)
        self.wait_for("\x1b[?2004l")  # pasting is handled while a question stands

    def end(self):
        """Read to the end, and return the exit code."""
        rest = b""
        while True:
            try:
                if not (part := os.read(self.fd, 65536)):
                    break
            except OSError:
                break
            rest += part
        self.screen += rest.decode("utf-8", "replace")
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        os.close(self.fd)
        return code

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
