"""An honest clock: time goes on while nobody looks, and nobody can turn it.

A sitting outlives the process that began it, so that its time is the difference of two
moments. Within one run of the computer a clock is compared that counts sleep and that
no one sets; across a restart there is only the system's time, and the record says so.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import subprocess
import sys
import time
from pathlib import Path

TOLERANCE = 2.0  # seconds by which two honest clocks may drift apart unmentioned

# Where Windows counts its starts.
_BOOTS = (
    r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management"
    r"\PrefetchParameters"
)


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
    moved = wall - steady
    if start.boot == end.boot and (start.boot or abs(moved) <= TOLERANCE):
        if steady < 0:  # another process looked later, and was recorded first
            return 0.0, ""
        if abs(moved) <= TOLERANCE:
            return steady, ""
        return (
            steady,
            f"the system's time was moved by {moved:+.0f} s; it did not count",
        )
    if start.boot == end.boot and steady >= 0:
        return (
            steady,
            f"the system's time was moved by {moved:+.0f} s, or the computer was "
            f"restarted; {steady:.0f} s counted",
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
    if sys.platform == "darwin":  # its CLOCK_MONOTONIC follows the system's time
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.monotonic()


@functools.cache
def _boot() -> str:
    """Return what names this run of the computer; empty where nothing does."""
    with contextlib.suppress(OSError):
        if sys.platform == "linux":
            return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
        if sys.platform == "darwin":
            command = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
            done = subprocess.run(command, capture_output=True, text=True)
            return done.stdout.strip()
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _BOOTS) as key:
                return str(winreg.QueryValueEx(key, "BootId")[0])
    return ""
