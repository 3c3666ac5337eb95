"""A Dask cluster that grades: each thread of its workers, one answer at a time."""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import logging
import math
import sys
import time
import warnings
from concurrent.futures import CancelledError, Future, InvalidStateError
from typing import Any

from graders.submissions.batch.workers.judge import Killer
from graders.submissions.batch.workers.task import (
    Differs,
    Finding,
    Task,
    differences,
    state,
)

CONNECT = 10.0  # seconds for a scheduler to answer
LOST = 60.0  # the same once it has answered
PATIENCE = 10.0  # seconds without a worker after which a word is said
ABREAST = 2  # tasks under way for each thread, so that none waits for the network


# Of ours only this text travels, as an argument of Python's own `eval`. So a scheduler
# needs nothing of ours, and a worker of another Python can say that it is.
_THERE = """[
    sys := __import__("sys"),
    here := __import__("os").getcwd(),
    here in sys.path or sys.path.append(here),
    __import__("graders.submissions.batch.workers.there", fromlist=["there"]),
][-1].{call}"""


class Unreachable(Exception):
    """There is no scheduler, or nobody there who may grade; says so in one line."""


class _Lost(Exception):
    """The connection through which a task was submitted is lost."""


class Cluster:
    """The workers of a scheduler.

    Args:
        address: The scheduler's, as "tcp://10.0.0.1:8786".

    Raises:
        Unreachable: If it does not answer.
    """

    def __init__(self, address: str) -> None:
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        warnings.filterwarnings("ignore", module="distributed")
        self._address = address
        self._refused: set[str] = set()
        self._asked: set[Future[Finding]] = set()
        self._threads = 0
        self._looked = self._last_seen = -math.inf
        self._connect(CONNECT)

    def room(self) -> int:
        """Return how many tasks may be under way; say it when there is no worker."""
        now = time.monotonic()
        if now - self._looked > 1.0:
            self._looked = now
            try:
                threads: list[int] = [*self._client.nthreads().values()]
            except (OSError, CancelledError):
                return 1  # what is under way tells that the connection is lost
            self._threads = sum(threads)
            if self._threads:
                self._last_seen = now
            elif now - self._last_seen > PATIENCE:
                if self._refused:
                    raise Unreachable(f"no worker is left at {self._address}")
                self._last_seen = now
                _say(f"no worker at {self._address}; waiting for one")
        return max(1, ABREAST * self._threads)

    def submit(self, task: Task) -> Future[Finding]:
        """Begin to grade a task."""
        told: Future[Finding] = Future()
        self._asked.add(told)
        told.add_done_callback(self._asked.discard)
        values = {"values": dataclasses.astuple(task)}
        call = _THERE.format(call="judged(values)")
        asked = self._executor.submit(eval, call, values)
        asked.add_done_callback(functools.partial(_hand_on, told, self._client))
        return told

    def mend(self, error: BaseException) -> None:
        """Connect again if that is lost, or send workers away that grade otherwise.

        Raises:
            Unreachable: If the scheduler does not answer any more.
        """
        if isinstance(error, _Lost):
            if error.args[0] is self._client:
                _say(f"lost the connection to {self._address}; connecting again")
                self._disconnect()
                self._connect(LOST)
        elif not self._refuse() and not isinstance(error, Differs):
            raise error

    def close(self) -> None:
        """Forget what is being graded."""
        self._disconnect()

    def _connect(self, seconds: float) -> None:
        import distributed

        new: Any = distributed.Client
        try:
            self._client = new(self._address, timeout=seconds)
        except (OSError, ValueError, TypeError):
            where = f"no scheduler answers at {self._address!r}"
            raise Unreachable(f"{where}; waited {seconds:g} s") from None
        self._executor = self._client.get_executor(pure=False)
        self._looked, self._last_seen = -math.inf, time.monotonic()
        self._refuse()

    def _disconnect(self) -> None:
        """Forget what was asked through this connection, and end it."""
        with contextlib.suppress(TimeoutError, OSError):
            self._client.close(timeout=5.0)
        for told in [*self._asked]:
            with contextlib.suppress(InvalidStateError):
                told.set_exception(_Lost(self._client))

    def _refuse(self) -> bool:
        """Send away the workers that grade otherwise; return whether there were any."""
        call = _THERE.format(call="state()")
        found = self._client.run(eval, call, {}, on_error="return")
        for worker, theirs in found.items():
            if worker in self._refused:  # it is leaving
                continue
            if isinstance(theirs, BaseException):
                why = f"it does not run in a clone of this repository ({theirs})"
            elif not (why := differences(state(), theirs)):
                continue
            _say(f"the worker {worker} is refused: {why}")
            self._refused.add(worker)
            self._client.retire_workers([worker], close_workers=True)
        return bool(self._refused & set(found))


def _hand_on(told: Future[Finding], client: Any, asked: Future[Finding]) -> None:
    """Hand on what came of a task, in our words where workers or the line ended."""
    from distributed import KilledWorker

    with contextlib.suppress(InvalidStateError):  # given up in the meantime
        try:
            told.set_result(asked.result())
        except KilledWorker:
            told.set_exception(Killer("the workers ended that graded it"))
        except (CancelledError, OSError):
            told.set_exception(_Lost(client))
        except Exception as error:
            told.set_exception(error)


def _say(what: str) -> None:
    print(f"batch: {what}", file=sys.stderr, flush=True)
