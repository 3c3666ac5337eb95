"""What an answer's process has used, as the kernel counts it.

Seconds by the clock say as much about a busy machine as about an answer. Counted is
what the process computed and what it slept; what it waited for a processor is not.
"""

from __future__ import annotations

import math
import re
import sys
import time
from pathlib import Path

SLOW = 0.05  # of a check's time, from which on a call is slow
MUCH = 100_000  # bytes printed that are worth a word
PATIENCE = 15  # times as many seconds by the clock, however busy the machine is


class Meter:
    """Reads the clocks and the memory of one process from outside.

    Args:
        process: Its number; None where the system does not tell.
    """

    def __init__(self, process: int | None) -> None:
        self.process = process
        self._least = self._memory("VmRSS")

    def cpu(self) -> float | None:
        """Return the seconds that it computed, all threads together; None if unknown.

        Source: clock_getcpuclockid(3) and the kernel's posix-timers.h.
        """
        if self.process is None:
            return None
        try:
            return time.clock_gettime((~self.process << 3) | 2)
        except OSError:  # it has ended
            return None

    def held_up(self) -> float:
        """Return the seconds for which it, and we, could run and were not let run."""
        return _waited(self.process) + _waited("self")

    def address_space(self) -> int:
        """Return the bytes of its address space."""
        import resource

        pages = Path(f"/proc/{self.process}/statm").read_text("ascii").split()[0]
        return int(pages) * resource.getpagesize()

    def peak(self) -> float:
        """Return the most memory that it has taken since its start, in MB.

        0.0 where the system does not tell: on any but Linux.
        """
        return max(0.0, self._memory("VmHWM") - self._least)

    def _memory(self, name: str) -> float:
        if self.process is None or sys.platform != "linux":
            return 0.0
        try:
            status = Path(f"/proc/{self.process}/status").read_text("ascii", "replace")
        except OSError:
            return 0.0
        found = re.search(rf"{name}:\s*(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0


def _waited(process: int | str | None) -> float:
    """Return the seconds that a process waited for a processor; 0.0 if unknown."""
    if process is None or sys.platform != "linux":
        return 0.0
    try:
        text = Path(f"/proc/{process}/schedstat").read_text("ascii")
        return int(text.split()[1]) / 1e9
    except (OSError, IndexError, ValueError):
        return 0.0


class Allowance:
    """The seconds that an answer may take, counted over many requests.

    Args:
        seconds: How many.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.by_the_clock = 0.0
        self.excused = 0.0  # of these, as the process was held up
        self._held_up_before: float | None = None

    @property
    def left(self) -> float:
        """The seconds that are left, by the clock if nothing holds the process up."""
        return min(self._unspent, self.patience)

    @property
    def patience(self) -> float:
        """The seconds that are left however busy the machine is."""
        return PATIENCE * self.seconds - self.by_the_clock

    @property
    def is_starved(self) -> bool:
        """Whether patience has ended, and not the seconds: the machine took them."""
        return self.patience <= 0 < self._unspent

    @property
    def _unspent(self) -> float:
        return self.seconds - self.by_the_clock + self.excused

    def begin(self, meter: Meter) -> None:
        """Take note, before the first request, of how long the process was held up."""
        if self._held_up_before is None and self.seconds < math.inf:
            self._held_up_before = meter.held_up()

    def excuse(self, meter: Meter) -> None:
        """Excuse what the process was held up since then.

        The kernel's figures cost more to read than most requests take, so they are
        read only when the time seems to be up.
        """
        if self._held_up_before is not None:
            self.excused = meter.held_up() - self._held_up_before


class Budget(Allowance):
    """The seconds that an answer may take in all checks of an exercise together."""

    _meter: Meter | None = None
    _held_up = _counted = 0.0

    def watch(self, meter: Meter) -> None:
        """Take note of how long the process of the next check was held up before."""
        self._meter, self._held_up = meter, meter.held_up()
        self._counted = self.by_the_clock

    def settle(self) -> None:
        """Excuse what the process of this check was held up since the last time."""
        if self._meter:
            held_up = self._meter.held_up()
            counted = self.by_the_clock - self._counted
            self.excused += max(0.0, min(held_up - self._held_up, counted))
            self._held_up, self._counted = held_up, self.by_the_clock

    def is_over(self) -> bool:
        """Return whether nothing is left."""
        self.settle()
        return self.left <= 0


def starved(allowance: Allowance) -> str:
    """Return what to say where a busy machine let an answer compute too little."""
    clock, computed = allowance.by_the_clock, allowance.by_the_clock - allowance.excused
    return (
        f"timed out: the machine was too busy to judge this; of {clock:.0f} s it left "
        f"{computed:.1f} s to the answer, which may take {allowance.seconds:g} s"
    )


def late(took: list[float], seconds: float, printed: int) -> str:
    """Return what to say of an answer whose time is up.

    Args:
        took: The seconds that each of its calls before took.
        seconds: What it may take.
        printed: The bytes that it has printed since.
    """
    mean = sum(took) / len(took) if took else 0.0
    if mean > SLOW * seconds:
        text = f"it takes {mean:.1f} s a call; a check has {seconds:g} s"
    elif took:
        text = f"after {seconds:g} s, the call had not ended; those before had"
    else:
        text = f"after {seconds:g} s, its first call had not ended"
    if printed > MUCH:
        text += f"; it had printed {printed / 1e6:.1f} MB, which takes time"
    return f"timed out: {text}"
