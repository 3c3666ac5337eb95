"""What travels to whoever grades, and what comes back: plain values alone."""

from __future__ import annotations

import dataclasses
import functools
import hashlib
import platform
from importlib import metadata
from typing import Any

from graders.harness.catalog.exercise import JUDGED_WITH, ROOT

JUDGES = ("graders", "solutions", "pyproject.toml")  # what a verdict depends on

Finding = dict[str, Any]  # the fields of a Result, without its job
State = tuple[tuple[str, str], ...]  # what a verdict depends on, and its version


@dataclasses.dataclass(frozen=True)
class Task:
    """One answer to be graded.

    Args:
        exercise: The name of its exercise.
        source: Its bytes.
        seed: From which every input is drawn.
        wish: The isolation, as of a job.
        state: What grades must be what it is where the task was made: see `state`.
    """

    exercise: str
    source: bytes
    seed: int
    wish: str
    state: State


class Differs(Exception):
    """What would grade a task is not what it is where the task was made."""


@functools.cache
def state() -> State:
    """Return the versions of what grades here: repository, Python, packages."""
    digest = hashlib.sha256()
    for place in JUDGES:
        found = [ROOT / place, *(ROOT / place).rglob("*")]
        for file in sorted(f for f in found if f.suffix in (".py", ".toml")):
            digest.update(file.relative_to(ROOT).as_posix().encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return (
        ("the repository", digest.hexdigest()[:12]),
        ("Python", platform.python_version()),
        *((package, metadata.version(package)) for package in JUDGED_WITH),
    )


def differences(here: State, there: State) -> str:
    """Return in words how the state there differs from that here, or ""."""
    return "; ".join(
        f"{name} is {other} there and {own} here"
        for (name, own), (_, other) in zip(here, there, strict=True)
        if own != other
    )
