"""What a review found, as one object for programs (schema 1).

    schema      1; a change that takes something away, or gives it another meaning,
                raises it
    verdict     "passed", "failed", "nothing to grade" or "grader error"
    error       our own fault in words, or ""
    base, head  the hashes of the commits
    common      the hashes of the commits that both come from; none if none is known
    seed        from which all inputs were drawn: `--seed` draws them again
    feedback    how much of the hidden checks is told: "full", "sentences", "verdict"
    exercises   a list, of each exercise that was graded or refused: as `nox -s grade`
                writes it (see `graders.harness.feedback.programs`), and
        file        its path in the repository
        sandbox     what isolated the answer
        passed      how many checks passed ...
        total       ... of how many
        checks      each has a `line` besides: where in the file it failed, or 0
    empty       paths of exercises that hold no answer: deleted, or the stub
    ignored     the first paths that the head changes besides
    more        how many more there are
    uncounted   whether there are others still, which nobody counted

With "sentences", call, values, messages and output of the checks are left out; only
why a file could not be loaded stays. With "verdict" there is one check for all.
"""

from __future__ import annotations

import dataclasses
import re
from typing import Any

from graders.harness.feedback.programs import as_json
from graders.harness.feedback.results import Result
from graders.submissions.pick import Picked, path_of

FEEDBACK = ("full", "sentences", "verdict")
VERDICTS = ("passed", "failed", "not started", "grader error")  # of an exercise
NOTHING = "nothing to grade"
CODES = {"passed": 0, NOTHING: 0, "failed": 1, "grader error": 3}

_KEPT = ("name", "sentence", "rubric", "contract", "verdict", "seconds")
_ABOUT_THE_FILE = ("could not load", "not started", "not judged")

Report = dict[str, Any]


def as_report(
    picked: Picked, results: list[Result], seed: int, feedback: str, error: str = ""
) -> Report:
    """Return what a review found in the documented schema.

    Args:
        picked: What the head submits.
        results: What came of it, whole.
        seed: From which the inputs were drawn.
        feedback: How much to tell, one of `FEEDBACK`.
        error: Why nothing could be graded, if so.
    """
    exercises = [as_exercise(result, seed, feedback) for result in results]
    return {
        "schema": 1,
        "verdict": "grader error" if error else verdict_of(exercises),
        "error": error,
        "base": picked.base,
        "head": picked.head,
        "common": picked.common,
        "seed": seed,
        "feedback": feedback,
        "exercises": exercises,
        "empty": [path_of(entry) for entry in picked.empty],
        "ignored": picked.ignored,
        "more": picked.more,
        "uncounted": picked.uncounted,
    }


def verdict_of(exercises: list[dict[str, Any]]) -> str:
    """Return the verdict on all exercises; green only if every one of them passed."""
    found = {exercise["verdict"] for exercise in exercises}
    if "grader error" in found:
        return "grader error"
    if not found:
        return NOTHING
    return "passed" if found == {"passed"} else "failed"


def reduced(result: Result, feedback: str) -> Result:
    """Return a result that tells no more than was asked for."""
    if feedback == "full":
        return result
    checks = [_sentence(check) for check in result.checks]
    if feedback == "verdict" and checks:
        checks = [_count(result)]
    error = result.error.partition("\n")[0]  # what follows may quote a grader
    return dataclasses.replace(result, checks=checks, error=error, exhibit="")


def line_of(check: dict[str, Any], most: int) -> int:
    """Return in which line of the answer a check failed, or 0.

    Args:
        check: Its record, whole.
        most: How many lines the file has: an answer can claim any.
    """
    if check["verdict"] == "passed":
        return 0
    found = re.findall(r'^ *File ".*", line (\d{1,9})\b', check.get("trace", ""), re.M)
    return int(found[-1]) if found and 1 <= int(found[-1]) <= most else 0


def as_exercise(result: Result, seed: int, feedback: str) -> dict[str, Any]:
    """Return one exercise in the documented schema."""
    file = result.job.file
    most = file.read_bytes().count(b"\n") + 1 if file.is_file() else 0
    lines = [line_of(check, most) for check in result.checks]
    told = reduced(result, feedback)
    found: dict[str, Any]
    [found] = as_json([told], seed)["exercises"]
    if len(found["checks"]) != len(lines):
        lines = [0] * len(found["checks"])
    folder = str(file).removesuffix(path_of(result.job.entry))
    for check, line in zip(found["checks"], lines, strict=True):
        check["line"] = line
        check["trace"] = check["trace"].replace(folder, "")
    return found | {
        "file": path_of(result.job.entry),
        "sandbox": result.sandbox,
        "passed": sum(check["verdict"] == "passed" for check in result.checks),
        "total": len(result.checks),
    }


def _sentence(check: dict[str, Any]) -> dict[str, Any]:
    """Return what a check requires and what became of it, and nothing of its inputs."""
    kept = {key: check[key] for key in _KEPT}
    if check["verdict"] in _ABOUT_THE_FILE:
        kept["message"] = check.get("message", "")
    return kept


def _count(result: Result) -> dict[str, Any]:
    """Return one check that stands for all of an exercise's."""
    first, verdict = result.checks[0], result.verdict
    if first["verdict"] == "could not load":  # which is no secret, and says why
        return _sentence(first)
    return {
        "name": "all",
        "sentence": "Every check that decides passes.",
        "rubric": "correctness",
        "contract": True,
        "verdict": "wrong" if verdict == "failed" else verdict,
        "seconds": result.seconds,
    }
