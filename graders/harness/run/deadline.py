"""A deadline on what this side computes in a check, whatever an answer returned.

What is drawn, compared, called back or read in a text takes less than 4 s of CPU in
any check, so that a minute is no matter of a slow machine.
"""

from __future__ import annotations

import signal
import threading
from typing import Any

from graders.harness.answer.errors import TimedOut

SECONDS = 60.0  # of CPU


def begin() -> None:
    """Raise TimedOut in this thread once the seconds are over.

    Nothing happens where the system has no such timer, or in another than the main
    thread. A single operation of C is stopped when it has ended.
    """
    if hasattr(signal, "setitimer") and _is_main():
        signal.signal(signal.SIGPROF, _stop)
        signal.setitimer(signal.ITIMER_PROF, SECONDS)


def end() -> None:
    """Lift the deadline."""
    if hasattr(signal, "setitimer") and _is_main():
        signal.setitimer(signal.ITIMER_PROF, 0)


def _is_main() -> bool:
    return threading.current_thread() is threading.main_thread()


def _stop(*_: Any) -> None:
    raise TimedOut(f"timed out: to judge what came back takes more than {SECONDS:g} s")
