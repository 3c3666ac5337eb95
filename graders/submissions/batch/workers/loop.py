"""The one loop over what is to be graded, wherever it is graded."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import (
    FIRST_COMPLETED,
    Future,
    ThreadPoolExecutor,
    wait,
)
from typing import Protocol

from graders.submissions.batch.workers.judge import Judge, Killer
from graders.submissions.batch.workers.task import Finding, Task

MOMENT = 1.0  # seconds after which to look again who is there


class Place(Protocol):
    """Where tasks are graded."""

    def room(self) -> int:
        """Return how many tasks may be under way."""

    def submit(self, task: Task) -> Future[Finding]:
        """Begin to grade a task."""

    def mend(self, error: BaseException) -> None:
        """Make good what kept a task from being graded, or raise what cannot be."""

    def close(self) -> None:
        """Grade nothing more."""


class Cores:
    """This machine.

    Args:
        at_once: How many gradings run at a time; as many as there are cores, if None.
    """

    def __init__(self, at_once: int | None = None) -> None:
        self._at_once = at_once or os.cpu_count() or 1
        self._judge = Judge()
        self._threads = ThreadPoolExecutor(self._at_once)

    def room(self) -> int:
        """Return how many tasks may be under way, one of them waiting."""
        return self._at_once + 1

    def submit(self, task: Task) -> Future[Finding]:
        """Begin to grade a task."""
        return self._threads.submit(self._judge, task)

    def mend(self, error: BaseException) -> None:
        """Raise what went wrong, since it is a fault of ours."""
        raise error

    def close(self) -> None:
        """End what is being graded."""
        self._judge.end()
        self._threads.shutdown(cancel_futures=True)


def graded(
    tasks: Iterable[Task], place: Place
) -> Generator[tuple[Task, Finding | Killer], None, None]:
    """Yield what came of each task once, in the order in which they end.

    What keeps a task from being graded costs another try. Where workers ended, whatever
    was with them is suspected: such tasks are tried again at the end, each alone, and
    only the one that ends them again is told as what it is.

    Args:
        tasks: What to grade; taken one by one, as places become free.
        place: Where to grade it. It is closed in the end.
    """
    waiting, again = iter(tasks), deque[Task]()
    suspected: deque[Task] = deque()
    under_way: dict[Future[Finding], Task] = {}
    alone = False
    try:
        while True:
            while len(under_way) < (1 if alone else place.room()):
                task = again.popleft() if again else next(waiting, None)
                if task is None and not under_way and suspected:
                    task, alone = suspected.popleft(), True
                if task is None:
                    break
                under_way[place.submit(task)] = task
            if not under_way and not again:
                return
            for future in wait(under_way, MOMENT, FIRST_COMPLETED).done:
                task = under_way.pop(future)
                try:
                    yield task, future.result()
                except Killer as error:
                    if alone:
                        yield task, error
                    else:
                        suspected.append(task)
                except Exception as error:
                    again.append(task)
                    place.mend(error)
    finally:
        place.close()
