"""A deadline on what this side computes in a check, whatever an answer returned.

What is drawn, compared, called back or read in a text takes less than 4 s of CPU in
any check, so that a minute is no matter of a slow machine.
"""

from __future__ import annotations

import signal
import threading
import time
from typing import Any

from graders.harness.answer.errors import TimedOut

SECONDS = 60.0  # of CPU
LOOK = 0.25  # seconds by the clock, after which to look how many are spent

_ends = 0.0  # by time.process_time


def begin() -> None:
    """Raise TimedOut in this thread once the seconds are over.

    Nothing happens where the system has no such timer, or in another than the main
    thread. A single operation of C is stopped when it has ended. A timer that counts
    CPU itself will not do: while one runs, Linux moves the process's clock on at its
    ticks alone, by which no speed can be measured.
    """
    global _ends
    if hasattr(signal, "setitimer") and _is_main():
        _ends = time.process_time() + SECONDS
        signal.signal(signal.SIGALRM, _look)
        signal.setitimer(signal.ITIMER_REAL, LOOK, LOOK)


def end() -> None:
    """Lift the deadline."""
    if hasattr(signal, "setitimer") and _is_main():
        signal.setitimer(signal.ITIMER_REAL, 0)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _look(*_: Any) -> None:
    if time.process_time() > _ends:
        raise TimedOut(f"timed out: to judge it takes more than {SECONDS:g} s of CPU")
