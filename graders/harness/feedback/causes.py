"""Merge failed checks that have one cause, and put the simplest first.

Twenty failures with one cause are one failure: the same mistake, the same exception in
the same line, the same call with the same result, the same words.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Hashable, Iterator
from typing import Any

from graders.harness.feedback.results import VALIDATION, decides

Check = dict[str, Any]

_SILENT = ("passed", "not judged")
_ONCE = ("could not load", "not started", "grader error")  # judged once, said once


@dataclasses.dataclass
class Cause:
    """One reason for which checks failed.

    Args:
        checks: Those that failed for it, the simplest first.
    """

    checks: list[Check]

    @property
    def shown(self) -> Check:
        """The check that shows it best."""
        return self.checks[0]

    @property
    def others(self) -> int:
        """How many more checks failed for it."""
        return len(self.checks) - 1


def causes(checks: list[Check]) -> list[Cause]:
    """Return the distinct causes of all failures, the simplest first."""
    groups: list[list[Check]] = []
    keys: list[set[Hashable]] = []
    for check in checks:
        if check["verdict"] in _SILENT:
            continue
        group, own = [check], set(_keys(check))
        for i in [i for i, known in enumerate(keys) if known & own][::-1]:
            group, own = groups.pop(i) + group, keys.pop(i) | own
        groups.append(group)
        keys.append(own)
    return sorted(
        (Cause(sorted(group, key=_size)) for group in groups),
        key=lambda cause: _size(cause.shown),
    )


def _keys(check: Check) -> Iterator[Hashable]:
    """Yield what another check has in common with this one if they have one cause."""
    verdict, message = check["verdict"], check.get("message", "")
    if verdict in _ONCE:
        yield verdict, message
        return
    if check["rubric"] == VALIDATION:  # which decides nothing, and stands apart
        yield VALIDATION
        return
    if check.get("mistake"):
        yield "mistake", check["mistake"]
    if lines := re.findall(r"line (\d+)", check.get("trace", "")):
        kind = message.removeprefix("it raised ").partition(":")[0]
        yield verdict, "timed out" if verdict == "timed out" else kind, lines[-1]
    if "[" in check["name"]:
        yield verdict, check["name"].partition("[")[0]
    if call := check.get("call"):
        yield call, check.get("got", "")
    if message and not (call and verdict == "wrong"):
        yield verdict, re.sub(r"\d[\d.e+-]*", "0", message)


def _size(check: Check) -> tuple[bool, bool, bool, int]:
    """Return what is less for a simpler failure.

    What is about as long is about as simple: there the grader's order decides, as what
    it checks first is what most answers hinge on, and a law of its own comes later.
    """
    texts = (check.get(key, "") for key in ("call", "got", "expected"))
    length = sum(map(len, texts))
    return (
        not decides(check),
        check["rubric"] == "efficiency",
        not check.get("call"),
        (length or len(check.get("message", ""))).bit_length(),
    )
