"""One child of a nursery, which runs an answer for one check."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import sys
import tempfile
import time
from collections.abc import Iterator
from typing import IO

from graders.harness.answer.meter import Meter
from graders.harness.worker.channel import Channel
from graders.harness.worker.wire import Garbled, decode, encode

LEFT_OUT = "(earlier output left out)"
START = 30.0  # seconds for a process to start on a busy machine

_POSIX = os.name == "posix"
_CREDENTIALS = struct.Struct("3i")


class Worker:
    """One child that runs an answer for one check, and the line to it.

    Args:
        sock: The line.
        printed: The file to which it prints.
        where: The file to which it writes where it is, when it is asked.
        process: Its number; None where the system does not tell.
        largest: The megabytes of a message that it may send.
    """

    def __init__(
        self,
        sock: socket.socket,
        printed: IO[bytes],
        where: IO[bytes],
        process: int | None,
        largest: int,
    ) -> None:
        self.channel = Channel(sock, largest * 2**20)
        self.meter = Meter(process)
        self._printed = printed
        self._where = where
        self._handle = None
        if process and hasattr(os, "pidfd_open"):
            self._handle = os.pidfd_open(process)

    def wait_until_ready(self) -> None:
        """Wait for its first word."""
        _, payload = self.channel.receive(time.monotonic() + START)
        if decode(payload) != ("ready",):
            raise Garbled("no first word")

    def limit_memory(self, megabytes: int) -> None:
        """Let it set itself a hard limit, before it has seen an answer.

        Args:
            megabytes: What it may allocate beside what it holds.
        """
        if sys.platform != "linux" or not self.meter.process:
            return
        limit = self.meter.address_space() + megabytes * 2**20
        self.channel.send(0, encode(("limit", limit)))
        _, payload = self.channel.receive(time.monotonic() + START)
        if decode(payload) != ("return", None):
            raise Garbled("no limit")

    def printed(self, limit: int) -> str:
        """Return the end of what was printed since it was last forgotten."""
        before = max(self.printed_bytes() - limit, 0)
        self._printed.seek(before)
        text = self._printed.read(limit).decode("utf-8", "replace")
        return f"{LEFT_OUT}\n{text.partition(chr(10))[2] or text}" if before else text

    def mark(self, line: str) -> None:
        """Put a line of ours among what it prints."""
        self._printed.write(f"{line}\n".encode())

    def printed_bytes(self) -> int:
        """Return how many bytes were printed since that was last forgotten."""
        return os.fstat(self._printed.fileno()).st_size

    def forget_printed(self) -> None:
        """Empty the record of what was printed."""
        if self.printed_bytes():
            self._printed.truncate(0)

    def where(self) -> str:
        """Return where the process is at this moment, as a traceback; "" if unknown."""
        if self._handle is None:
            return ""
        self._signal(getattr(signal, "SIGUSR1", 0))
        end = time.monotonic() + 0.2
        while time.monotonic() < end:
            time.sleep(0.01)
            self._where.seek(0)
            if text := self._where.read(20_000).decode("utf-8", "replace"):
                return text
        return ""

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Let the process stand still, so that it slows nothing else down."""
        self._signal(getattr(signal, "SIGSTOP", 0))
        try:
            yield
        finally:
            self._signal(getattr(signal, "SIGCONT", 0))

    def _signal(self, number: int) -> None:
        if self._handle is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                signal.pidfd_send_signal(self._handle, number)

    def kill(self) -> None:
        """End the process; the nursery ends whatever else is of its group."""
        self._signal(getattr(signal, "SIGKILL", 0))
        self.channel.sock.close()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
        if _POSIX:
            self._printed.close()
            self._where.close()


def process_of(sock: socket.socket) -> int | None:
    """Return the number, in our namespace, of the process that speaks first."""
    if sys.platform != "linux":
        return None
    sock.settimeout(START)
    size = socket.CMSG_SPACE(_CREDENTIALS.size)
    _, ancillary, _, _ = sock.recvmsg(1, size, socket.MSG_PEEK)
    for level, kind, data in ancillary:
        if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
            process: int = _CREDENTIALS.unpack(data[: _CREDENTIALS.size])[0]
            return process or None
    return None


def memory_file() -> IO[bytes]:
    """Return a file for what an answer prints, to which it can only append."""
    if sys.platform != "linux":
        return tempfile.TemporaryFile("a+b", buffering=0)
    import fcntl

    number = os.memfd_create("printed")
    fcntl.fcntl(number, fcntl.F_SETFL, os.O_APPEND)
    return open(number, "r+b", buffering=0)
