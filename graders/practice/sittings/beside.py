"""The reference beside the answer: what differs, how fast, how much memory."""

from __future__ import annotations

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.results import Job, Result
from graders.harness.feedback.text import plain
from graders.harness.run.processes import grade
from graders.practice.solution import difference
from graders.practice.store import Sitting


def beside(entry: Entry, sitting: Sitting) -> str:
    """Return the diff from the answer to the reference, and what both took.

    Both are judged by the same checks, on the same inputs, through the same line; what
    the checks themselves take counts on either side.
    """
    text = plain(difference(entry)) or "Your file and the reference are the same."
    if sitting.report and not entry.is_text:
        reference = next(grade([Job(entry, entry.solution, sitting.seed)]))
        text += "\n\n" + _costs(sitting.report["checks"], reference)
    return text


def _costs(yours: list[dict[str, object]], reference: Result) -> str:
    def total(checks: list[dict[str, object]]) -> float:
        return sum(float(str(check["seconds"])) for check in checks)

    def peak(checks: list[dict[str, object]]) -> float:
        return max((float(str(c["megabytes"] or 0)) for c in checks), default=0.0)

    ratio = total(yours) / max(total(reference.checks), 1e-9)
    lines = [f"Your checks took {ratio:.2f} times as long as those of the reference."]
    if peak(yours) and peak(reference.checks):
        lines.append(
            f"Memory at the most: {peak(yours):.0f} MB, the reference "
            f"{peak(reference.checks):.0f} MB; Python with NumPy is some 30 of it."
        )
    return "\n".join(lines)
