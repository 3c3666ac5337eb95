"""A clock that cannot be turned back: time passes while no process looks.

A session outlives its process, so its time is the difference between two moments.
Within one boot of the computer that is the difference of a clock that counts sleep and
that nobody can set. After a restart only the system time is left, and the history says
so.
"""

from __future__ import annotations

import dataclasses
import functools
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

LATEST = 4_102_444_800.0  # 2100; a wrong clock may say anything
TOLERANCE = 2.0  # seconds by which two honest clocks may drift apart


@dataclasses.dataclass(frozen=True)
class Moment:
    """A moment, read from two clocks.

    Args:
        wall: System time, in seconds since 1970.
        monotonic: Seconds that only grow, asleep or awake, until a restart.
        boot: Identifies the boot in which `monotonic` counts; "" where unknown.
    """

    wall: float
    monotonic: float
    boot: str


def now() -> Moment:
    """Return the current moment."""
    return Moment(time.time(), _monotonic(), _boot())


def date_of(wall: float) -> datetime:
    """Return a moment as a date, from 1970 to 2100."""
    return datetime.fromtimestamp(min(max(wall, 0.0), LATEST), UTC)


def elapsed(start: Moment, end: Moment) -> tuple[float, str]:
    """Return the seconds between two moments, never negative, and a warning or ""."""
    wall, monotonic = end.wall - start.wall, end.monotonic - start.monotonic
    jump = wall - monotonic
    known = bool(start.boot)
    if start.boot == end.boot and (known or monotonic >= 0 or abs(jump) <= TOLERANCE):
        if monotonic < 0:  # another process looked later and was recorded first
            return 0.0, ""
        if abs(jump) <= TOLERANCE:
            return monotonic, ""
        cause = "" if known else ", or the computer restarted"
        moved = f"the system time changed by {jump:+.0f} s{cause}"
        return monotonic, f"{moved}; {monotonic:.0f} s counted"
    if wall >= 0:
        return wall, f"the computer restarted; {wall:.0f} s counted by the system time"
    back = f"the system time went back by {-wall:.0f} s"
    return 0.0, f"the computer restarted and {back}; the time between is unknown"


def _monotonic() -> float:
    """Return a clock that counts sleep, where the system has one."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # its CLOCK_MONOTONIC follows the system time
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


@functools.cache
def _boot() -> str:
    """Return the identifier of this boot, which Linux alone tells in a file."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return ""
