"""Grades many answers from one clean process, for tests and for maintainers' tools.

pytest's own process would be company that changes hypothesis' inputs, so that a
process which has loaded nothing but the harness is started for the purpose. It takes
one job a line on standard input, and gives one result a line on standard output.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def grade_all(
    jobs: Iterable[dict[str, Any]], at_once: int = 2
) -> Iterator[dict[str, Any]]:
    """Yield the result of each job, as they come.

    Args:
        jobs: Dicts of "name", "file", and if need be "seed", "wish" and "options". What
            else a job holds comes back with its result under "job".
        at_once: How many gradings run at a time.
    """
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.dev.gradings", str(at_once)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    text = "".join(json.dumps(job, default=str) + "\n" for job in jobs)
    with process:
        process.stdin.write(text)
        process.stdin.close()
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode:
        raise RuntimeError(f"the gradings ended with code {process.returncode}")


def _main(at_once: int) -> None:
    from graders.harness.catalog.exercise import catalogue
    from graders.harness.feedback.results import Job
    from graders.harness.run.grader_process import warm
    from graders.harness.run.processes import grade

    warm()
    entries = {entry.name: entry for entry in catalogue()}
    texts = [line for line in sys.stdin if line.strip()]
    wanted: dict[int, str] = {}

    def jobs() -> Iterator[Job]:
        for text in texts:
            values = json.loads(text)
            job = Job(
                entries[values["name"]],
                Path(values["file"]),
                values.get("seed", 0),
                values.get("wish", "auto"),
                tuple(values.get("options", ())),
            )
            wanted[id(job)] = text
            kept.append(job)  # so that no other job gets its id
            yield job

    kept: list[Job] = []
    for result in grade(jobs(), at_once):
        record = {
            "job": json.loads(wanted[id(result.job)]),
            "verdict": result.verdict,
            "checks": result.checks,
            "seconds": result.seconds,
            "error": result.error,
            "sandbox": result.sandbox,
            "exhibit": result.exhibit,
        }
        print(json.dumps(record), flush=True)


if __name__ == "__main__":
    _main(int(sys.argv[1]))
