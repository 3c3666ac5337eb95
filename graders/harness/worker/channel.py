"""Numbered messages over a connected socket, which either side may end or ruin.

Both processes load this file, so it needs the standard library alone.
"""

from __future__ import annotations

import math
import os
import selectors
import socket
import struct
import time

try:
    from wire import Garbled
except ImportError:  # in the grading's process
    from graders.harness.worker.wire import Garbled

MAX_FRAME = 256 * 2**20  # bytes in one message
SPIN = 2e-4  # seconds; most replies come before a sleeping process would be awake

_HEAD = struct.Struct("<QQ")  # the size of the payload, the number of the request


class Closed(ConnectionError):
    """The other side is gone."""


class Channel:
    """Sends and receives numbered messages over a connected socket."""

    def __init__(self, sock: socket.socket, largest: int = MAX_FRAME) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.largest = largest  # bytes in a message that is taken in
        self._arrived = bytearray()  # of the next message

    def send(self, number: int, payload: bytes, deadline: float = math.inf) -> None:
        """Send one message.

        Raises:
            TimeoutError: If the deadline (time.monotonic) passes first.
            Closed: If the other side is gone.
        """
        rest = memoryview(_HEAD.pack(len(payload), number) + payload)
        while rest:
            _see_to(deadline)
            try:
                rest = rest[self.sock.send(rest) :]
            except BlockingIOError:
                self._sleep(selectors.EVENT_WRITE, deadline)
            except OSError as error:
                raise Closed(str(error)) from None

    def receive(self, deadline: float = math.inf) -> tuple[int, bytearray]:
        """Wait for one message, and return its number and payload.

        What had arrived when a deadline passed is there for the next call.

        Raises:
            TimeoutError: If the deadline (time.monotonic) passes first.
            Closed: If the other side is gone.
            Garbled: If it announces more than a message may hold.
        """
        data = self._arrived
        while len(data) < _HEAD.size:
            data += self._some(2**16, deadline)
        size, number = _HEAD.unpack_from(data)
        if size > self.largest:
            raise Garbled(f"a message of {size:,} bytes; {self.largest:,} are the most")
        end = _HEAD.size + size
        while len(data) < end:
            data += self._some(min(end - len(data), 2**20), deadline)
        self._arrived = data[end:]
        del data[end:], data[: _HEAD.size]
        return number, data

    def _some(self, size: int, deadline: float) -> bytes:
        """Return what has arrived, or wait for it, at most so many bytes."""
        spinning_ends = time.perf_counter() + SPIN
        while True:
            _see_to(deadline)
            try:
                part = self.sock.recv(size)
            except BlockingIOError:
                if time.perf_counter() < spinning_ends:
                    _give_way()
                else:
                    self._sleep(selectors.EVENT_READ, deadline)
            except OSError as error:
                raise Closed(str(error)) from None
            else:
                if not part:
                    raise Closed("end of file")
                return part

    def _sleep(self, event: int, deadline: float) -> None:
        """Wait until the socket is ready, or the deadline is there."""
        left = max(deadline - time.monotonic(), 0)
        with _Selector() as selector:
            selector.register(self.sock, event)
            selector.select(None if left == math.inf else left)


def _see_to(deadline: float) -> None:
    if time.monotonic() > deadline:
        raise TimeoutError


# It opens no file, of which an answer may leave none.
_Selector = getattr(selectors, "PollSelector", selectors.SelectSelector)
_give_way = getattr(os, "sched_yield", lambda: time.sleep(0))
