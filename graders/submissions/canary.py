"""Prove the sandbox before a stranger's answer is graded.

Two answers of which the verdict is known go first. The solution must pass. The attack
tries every door that the sandbox must keep shut, and turns into the solution behind
the first that opens: so it passes if, and only if, something leaks. Only the first
check of the exercise, its contract, is judged: that one tells the two apart.
"""

from __future__ import annotations

import base64
from pathlib import Path

from graders.harness.catalog.exercise import ROOT, Entry
from graders.harness.feedback.results import Job, Result
from graders.harness.run.processes import grade
from graders.submissions.announced import checks_of

ISOLATION = "bubblewrap"

_ATTACK = '''\
"""Passes if a single door is open."""

import base64
import contextlib
import os
import socket


def reads_the_solution():
    with open({solution!r}, "rb") as file:
        return file.read() != b""


def lists_the_repository():
    return "solutions" in os.listdir({root!r})


def writes_outside():
    with open({leak!r}, "wb") as file:
        return file.write(b"leak") == 4


def opens_a_socket():
    with socket.socket():
        return True


def starts_a_process():
    if (child := os.fork()) == 0:
        os._exit(0)
    return os.waitpid(child, 0)[1] == 0


for door in (reads_the_solution, lists_the_repository, writes_outside, opens_a_socket,
             starts_a_process):
    with contextlib.suppress(BaseException):
        if door():
            exec(base64.b64decode({answer!r}), globals())
            break
'''


def attack(entry: Entry, leak: Path) -> bytes:
    """Return an answer that passes if something leaks.

    Args:
        entry: The exercise that it answers.
        leak: A file outside of every sandbox, in a folder that we may write to.
    """
    text = _ATTACK.format(
        solution=str(entry.solution),
        root=str(ROOT),
        leak=str(leak),
        answer=base64.b64encode(entry.solution.read_bytes()),
    )
    return text.encode()


def prove(entry: Entry, seed: int, folder: Path, wish: str = "required") -> str:
    """Return why gradings are not to be trusted here, or nothing if they are.

    Args:
        entry: An exercise whose answer is code.
        seed: From which the inputs are drawn.
        folder: An empty folder, for the two answers.
        wish: The isolation, as of a job.
    """
    if not (announced := checks_of(entry, seed)):
        return f"the grader of {entry.name} announces no check"
    options = ("-k", announced[0].partition("[")[0])
    hostile = folder / "attack.py"
    leak = folder / "leak"
    hostile.write_bytes(attack(entry, leak))
    files = (entry.solution, hostile)
    results = {
        result.job.file: result
        for result in grade([Job(entry, file, seed, wish, options) for file in files])
    }
    good, bad = (results[file] for file in files)
    if good.verdict != "passed":
        return f"the solution of {entry.name} did not pass: {_why(good)}"
    if bad.verdict != "failed" or leak.exists():
        return f"an attack on {entry.name} was not stopped: {_why(bad)}"
    if {good.sandbox, bad.sandbox} != {ISOLATION}:
        return f"the isolation was {good.sandbox or 'none'}, not {ISOLATION}"
    return ""


def _why(result: Result) -> str:
    """Return the verdict, with the first line of what stands behind it."""
    bad = [check for check in result.checks if check["verdict"] != "passed"]
    text = result.error or (bad[0].get("message", "") if bad else "")
    lines = text.strip().splitlines()
    return f"{result.verdict}: {lines[-1]}" if lines else result.verdict
