"""An honest clock: time goes on while nobody looks, and nobody can turn it.

A sitting outlives the process that began it, so that its time is the difference of two
moments. Within one run of the computer a clock is compared that counts sleep and that
no one sets; across a restart there is only the system's time, and the record says so.
"""

from __future__ import annotations

import dataclasses
import functools
import subprocess
import sys
import time
from pathlib import Path

TOLERANCE = 2.0  # seconds by which two honest clocks may drift apart unmentioned


@dataclasses.dataclass(frozen=True)
class Moment:
    """A moment by the two clocks there are.

    Args:
        wall: Seconds since 1970, as the system says.
        steady: Seconds that only ever grow, asleep or awake, until a restart.
        boot: Names the run of the computer in which `steady` counts.
    """

    wall: float
    steady: float
    boot: str


def now() -> Moment:
    """Return this moment."""
    return Moment(time.time(), _steady(), _boot())


def between(start: Moment, end: Moment) -> tuple[float, str]:
    """Return the seconds between two moments, and what is odd about them, if anything.

    Never negative. What is odd is said in words that can stand in a record.
    """
    wall = end.wall - start.wall
    steady = end.steady - start.steady
    if start.boot == end.boot and (start.boot or steady >= 0):
        steady = max(0.0, steady)  # of two processes, one may have looked later
        moved = wall - steady
        if abs(moved) <= TOLERANCE:
            return steady, ""
        return (
            steady,
            f"the system's time was moved by {moved:+.0f} s; it did not count",
        )
    if wall >= 0:
        return wall, f"the computer was restarted; {wall:.0f} s by the system's time"
    return 0.0, (
        "the computer was restarted and the system's time went back by "
        f"{-wall:.0f} s; what lay between is not known"
    )


def _steady() -> float:
    """Return the reading of a clock that counts sleep, where the system has one."""
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":
        return time.clock_gettime(time.CLOCK_MONOTONIC)
    return time.monotonic()


@functools.cache
def _boot() -> str:
    """Return what names this run of the computer; empty where nothing does."""
    if sys.platform == "linux":
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    if sys.platform == "darwin":
        command = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
        return subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return ""
