"""What a worker of a cluster does; it was started in a clone of this repository."""

from __future__ import annotations

from typing import Any

from graders.submissions.batch.workers.judge import Judge
from graders.submissions.batch.workers.task import Finding, Task, state

__all__ = ["judged", "state"]

_judge = Judge()


def judged(values: tuple[Any, ...]) -> Finding:
    """Return what came of a task, which came as plain values."""
    return _judge(Task(*values))
