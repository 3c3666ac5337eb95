"""What the screen shows of the frozen wrong answers: `python -m tests.dev.screens`.

tests/wrong_answers/ holds 30 of them, over all exercises, as people write them. Prints
each screen, then how many lines the median and the longest take.
"""

from __future__ import annotations

import io
import statistics
import sys
from collections.abc import Iterator
from pathlib import Path

from graders.harness.catalog.exercise import catalogue
from graders.harness.feedback.report import Screen, show_result, show_summary
from graders.harness.feedback.results import Job, Result
from tests.dev.gradings import grade_all

FOLDER = Path(__file__).parents[1] / "wrong_answers"
ANSWERS = {f"{p.parent.name}/{p.stem}": p for p in sorted(FOLDER.glob("[!.]*/*.*"))}


def gradings(answers: dict[str, Path]) -> Iterator[tuple[str, Result]]:
    """Grade wrong answers, and yield what came of each."""
    entries = {entry.name: entry for entry in catalogue()}
    jobs = [
        {"name": path.parent.name, "file": path, "what": what}
        for what, path in answers.items()
    ]
    for record in grade_all(jobs):
        job = Job(entries[record["job"]["name"]], Path(record["job"]["file"]), 0)
        fields = ("checks", "seconds", "sandbox", "error")
        result = Result(job, *(record[name] for name in fields))
        result.exhibit = record["exhibit"]
        yield record["job"]["what"], result


def text_of(result: Result, width: int) -> str:
    """Return what `grade` prints of one exercise on a screen of so many columns."""
    stream = io.StringIO()
    screen = Screen(stream)
    screen.width = width
    show_result(screen, result)
    show_summary(screen, [result], f"nox -s grade -- {result.job.entry.name}")
    return stream.getvalue()


def main(names: list[str]) -> None:
    """Print the screens, and how long they are."""
    lengths = {}
    chosen = {w: p for w, p in ANSWERS.items() if not names or w.split("/")[0] in names}
    for what, result in gradings(chosen):
        text = text_of(result, 80)
        lengths[what] = len(text.splitlines())
        print(f"===== {what}\n{text}")
    for what, length in sorted(lengths.items(), key=lambda pair: pair[1]):
        print(f"{length:>4} {what}")
    median, longest = statistics.median(lengths.values()), max(lengths.values())
    print(f"{len(lengths)} screens: median {median:g} lines, longest {longest}")


if __name__ == "__main__":
    main(sys.argv[1:])
