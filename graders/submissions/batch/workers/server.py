"""A process with one thread, which grades one answer after another when it is asked.

Gradings are forked from it. A process with many threads, as that of a cluster's worker
is, must not fork.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO, cast

from graders.harness.catalog.exercise import ROOT, choose
from graders.harness.feedback.results import Result
from graders.harness.run.grader_process import warm
from graders.harness.run.processes import grade
from graders.harness.worker.confine import end_with_parent
from graders.submissions.announced import checks_of
from graders.submissions.batch.workers.task import Finding, Task
from graders.submissions.grading import as_job, closed

_START = f"""
import sys
sys.path.append({str(ROOT)!r})
from graders.submissions.batch.workers.server import main
main()
"""
_FIELDS = ("checks", "seconds", "sandbox", "error", "refused", "exhibit", "printed")


class Server:
    """Such a process, as seen by a thread that asks it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-c", _START],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is for the one who asks
        )

    def grade(self, task: Task) -> Finding:
        """Return what came of a task.

        Raises:
            EOFError, OSError, pickle.UnpicklingError: If the process has ended.
        """
        tasks = cast(IO[bytes], self._process.stdin)
        pickle.dump(task, tasks)
        tasks.flush()
        return cast(Finding, pickle.load(cast(IO[bytes], self._process.stdout)))

    def end(self) -> None:
        """End the process, and with it the grading that it waits for."""
        self._process.kill()
        self._process.wait()


def main() -> None:
    """Serve until nobody asks any more."""
    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with os.fdopen(os.dup(0), "rb") as tasks, os.fdopen(os.dup(1), "wb") as findings:
        with open(os.devnull, "rb") as nothing:
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)  # whatever is printed is no finding
        warm()
        announced: dict[str, list[str]] = {}
        while True:
            try:
                task: Task = pickle.load(tasks)
            except EOFError:
                return
            pickle.dump(finding(task, announced), findings)
            findings.flush()


def finding(task: Task, announced: dict[str, list[str]]) -> Finding:
    """Return what comes of a task; what goes wrong here is our fault."""
    try:
        result = _graded(task, announced)
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        return dict.fromkeys(_FIELDS, "") | {"checks": [], "seconds": 0, "error": why}
    return {name: getattr(result, name) for name in _FIELDS}


def _graded(task: Task, announced: dict[str, list[str]]) -> Result:
    """Return what comes of a task; fail closed."""
    [entry] = choose([task.exercise])
    if entry.name not in announced:
        announced[entry.name] = checks_of(entry, task.seed)
    with tempfile.TemporaryDirectory() as folder:
        job = as_job(entry, task.source, Path(folder), task.seed, task.wish)
        [result] = grade([job], at_once=1)
    return closed(result, announced[entry.name], task.wish)
