"""Grade what was picked, and fail closed.

One seed for all. What does not come back as the grader announced it, to somebody who
never met the answer, is our fault and never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import Job, Result
from graders.harness.run.processes import grade
from graders.submissions.announced import checks_of
from graders.submissions.canary import ISOLATION, prove
from graders.submissions.pick import Picked, path_of

Watch = Callable[[list[str]], None]


class Untrusted(Exception):
    """Nothing is graded here, since no verdict could be trusted; says why."""


def grade_picked(
    picked: Picked, seed: int, folder: Path, watch: Watch = lambda lines: None
) -> Iterator[Result]:
    """Yield a result for each exercise that a head submits: refused files come first.

    Args:
        picked: What it submits.
        seed: From which all inputs are drawn.
        folder: An empty folder, for the answers.
        watch: Told how far each running grading is.

    Raises:
        Untrusted: If the sandbox does not hold here; nothing of the head was run.
    """
    for refused in picked.refused:
        yield refusal(refused.entry, refused.why, folder, seed)
    code = [answer.entry for answer in picked.answers if not answer.entry.is_text]
    if code:
        watch(["proving the sandbox"])
        if why := prove(code[0], seed, folder):
            raise Untrusted(f"the sandbox is not proven: {why}")
    jobs = []
    for answer in picked.answers:
        jobs.append(as_job(answer.entry, answer.source, folder, seed, "required"))
    announced = {job.entry.name: checks_of(job.entry, seed) for job in jobs}
    for result in grade(jobs, watch=watch):
        yield closed(result, announced[result.job.entry.name])


def as_job(entry: Entry, source: bytes, folder: Path, seed: int, wish: str) -> Job:
    """Return the job of grading an answer, which is written into a folder.

    It lies at the exercise's path of the repository, so that no trace tells more.
    """
    file = folder / path_of(entry)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(source)
    return Job(entry, file, seed, wish)


def refusal(entry: Entry, why: str, folder: Path, seed: int) -> Result:
    """Return the result of a file that is refused: one check, which fails."""
    check = {
        "name": "file",
        "sentence": "The answer is an ordinary file of at most 1 MB.",
        "rubric": "correctness",
        "contract": True,
        "verdict": "could not load",
        "message": f"not graded: {why}",
        "seconds": 0.0,
    }
    return Result(Job(entry, folder / path_of(entry), seed), [check], 0.0, "")


def closed(result: Result, announced: list[str], wish: str = "required") -> Result:
    """Return a result, as our fault if it is not whole, or less isolated than asked.

    Args:
        result: What came of a grading.
        announced: The names of the checks that must be in it, in their order.
        wish: The isolation that was asked for, as of a job.
    """
    isolation = "none needed" if result.job.entry.is_text else ISOLATION
    names = [check["name"] for check in result.checks]
    if result.error:
        return result
    if not announced or names != announced:
        result.error = f"{len(names)} checks came back, and not the {len(announced)}"
        result.error += " that the grader announced"
    elif wish == "required" and result.sandbox != isolation:
        result.error = f"the isolation was {result.sandbox!r}, not {isolation!r}"
    return result
