"""Grade one submission on Gradescope, and write its results.json.

Source: Gradescope's autograder specifications,
https://gradescope-autograders.readthedocs.io/en/latest/specs/.
"""

from __future__ import annotations

import json
import os
import secrets
import stat
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graders.harness.answer.loading import MAX_SOURCE
from graders.harness.catalog.exercise import Entry, choose_one
from graders.harness.feedback.report import write_file
from graders.harness.feedback.results import VALIDATION, Result
from graders.harness.feedback.text import cut, plain
from graders.harness.run.grader_process import warm
from graders.harness.run.processes import grade
from graders.submissions.announced import checks_of
from graders.submissions.gradescope.build import SETTINGS, Settings
from graders.submissions.grading import as_job, closed, refusal
from graders.submissions.report import reduced

FAULT = 3
MOST_FILES = 10_000  # of a submission, that are looked at
MOST_CHARACTERS = 1000  # of what is told of one check
SHOWN = ("message", "call", "got", "expected", "mistake", "trace", "output")


def grade_submission(root: Path) -> int:
    """Grade what lies in `submission`, write `results/results.json`.

    Nothing is written after a fault of ours: nobody gets or loses points by it.

    Args:
        root: Gradescope's folder, which also holds `source`, the unpacked zip.

    Returns:
        The exit code.
    """
    told = json.loads((root / "source" / SETTINGS).read_text("utf-8"))
    settings = Settings(told["feedback"], told["points"])
    entries = [choose_one(name) for name in told["names"]]
    seed = secrets.randbelow(2**31)
    warm()
    with tempfile.TemporaryDirectory(prefix="katas-") as name:
        results = list(_graded(entries, root / "submission", Path(name), seed))
    for result in results:
        if result.error or result.verdict == "grader error":
            print(f"{result.job.entry.name}: {result.error}", file=sys.stderr)
            return FAULT
    found = as_gradescope(results, settings, seed)
    (root / "results").mkdir(exist_ok=True)
    write_file(root / "results" / "results.json", json.dumps(found, indent=1))
    return 0


def as_gradescope(
    results: list[Result], settings: Settings, seed: int
) -> dict[str, Any]:
    """Return results in Gradescope's schema.

    Each check that decides is worth the same share of its exercise's points.
    """
    tests = [test for one in results for test in _tests(one, settings)]
    isolation = sorted({one.sandbox for one in results} - {""}) or ["none needed"]
    good = sum(one.verdict == "passed" for one in results)
    return {
        "score": round(sum(test["score"] for test in tests), 2),
        "execution_time": round(sum(one.seconds for one in results), 1),
        "output": f"{good} of {len(results)} exercises passed; seed {seed}; "
        f"isolation: {', '.join(isolation)}",
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"seed": seed, "sandbox": isolation},
        "tests": tests,
    }


def _tests(result: Result, settings: Settings) -> Iterator[dict[str, Any]]:
    name = result.job.entry.name
    deciding = [check for check in result.checks if check["rubric"] != VALIDATION]
    share = settings.points / max(1, len(deciding))
    passed = sum(check["verdict"] == "passed" for check in deciding)
    told = reduced(result, settings.feedback)
    if settings.feedback == "verdict":
        yield _test(name, told.checks[0], passed * share, settings.points)
        return
    for check in told.checks:
        worth = 0.0 if check["rubric"] == VALIDATION else share
        score = worth if check["verdict"] == "passed" else 0.0
        yield _test(f"{name}: {check['sentence']}", check, score, worth)


def _test(
    name: str, check: dict[str, Any], score: float, most: float
) -> dict[str, Any]:
    has_passed = check["verdict"] == "passed"
    lines = [] if has_passed else [check["verdict"]]
    lines += [f"{key}: {check[key]}" for key in SHOWN if check.get(key)]
    return {
        "name": cut(plain(name), MOST_CHARACTERS),
        "status": "passed" if has_passed else "failed",
        "score": round(score, 4),
        "max_score": round(most, 4),
        "output": cut(plain("\n".join(lines)), MOST_CHARACTERS),
        "visibility": "visible",
    }


def _graded(
    entries: list[Entry], submitted: Path, folder: Path, seed: int
) -> Iterator[Result]:
    """Yield the result of each exercise; what is not there fails ungraded."""
    jobs = []
    places = _places(submitted)
    for entry in entries:
        source, why = _answer(places.get(entry.path.name, []))
        if why:
            yield refusal(entry, why, folder, seed)
            continue
        jobs.append(as_job(entry, source, folder, seed, "auto"))
    announced = {job.entry.name: checks_of(job.entry, seed) for job in jobs}
    for result in grade(jobs):
        yield closed(result, announced[result.job.entry.name], "auto")


def _places(folder: Path) -> dict[str, list[Path]]:
    """Return where files lie, by their name; no link is followed."""
    found: dict[str, list[Path]] = {}
    count = 0
    for place, _, names in os.walk(folder):
        for name in sorted(names):
            found.setdefault(name, []).append(Path(place, name))
            if (count := count + 1) >= MOST_FILES:
                return found
    return found


def _answer(files: list[Path]) -> tuple[bytes, str]:
    """Return the bytes of an answer, or else why it is not graded."""
    if not files:
        return b"", "the file was not submitted"
    if len(files) > 1:
        return b"", f"{len(files)} files of that name were submitted"
    about = files[0].lstat()
    if not stat.S_ISREG(about.st_mode):
        return b"", "it is no ordinary file"
    if about.st_size > MAX_SOURCE:
        return b"", f"it is larger than {MAX_SOURCE // 2**20} MB"
    return files[0].read_bytes(), ""
