"""What a grader announces that it will check, told where no answer can interfere."""

from __future__ import annotations

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import Job
from graders.harness.run.processes import Child


def checks_of(entry: Entry, seed: int) -> list[str]:
    """Return the names of an exercise's checks, as its grader announces them.

    The process that tells them never loads an answer.
    """
    child = Child(Job(entry, entry.solution, seed, "off"), waits=True)
    try:
        while not (child.expected or child.over()):
            child.listen()
        return [check["name"] for check in child.expected]
    finally:
        child.end()
