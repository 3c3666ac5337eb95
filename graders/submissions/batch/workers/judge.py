"""Grade a task from any thread, by a process that this thread keeps."""

from __future__ import annotations

import pickle
import threading

from graders.submissions.batch.workers.server import Server
from graders.submissions.batch.workers.task import (
    Differs,
    Finding,
    Task,
    differences,
    state,
)

TRIES = 3  # processes that an answer may take with it


class Killer(Exception):
    """Whoever graded an answer ended, each time."""


class Judge:
    """Grades tasks, one at a time in each thread that calls it."""

    def __init__(self) -> None:
        self._own = threading.local()
        self._servers: set[Server] = set()
        self._lock = threading.Lock()
        self._ended = False

    def __call__(self, task: Task) -> Finding:
        """Return what came of a task.

        Raises:
            Differs: If it was made where other versions grade.
            Killer: If the process ended that graded it, and those that tried again.
        """
        if why := differences(task.state, state()):
            raise Differs(why)
        for _ in range(TRIES):
            server = self._server()
            try:
                return server.grade(task)
            except (EOFError, OSError, pickle.UnpicklingError):
                self._drop(server)
        raise Killer(f"{TRIES} processes ended while they graded it")

    def end(self) -> None:
        """End all processes; whoever waits for one is told so."""
        with self._lock:
            self._ended = True
            servers = [*self._servers]
        for server in servers:
            server.end()

    def _server(self) -> Server:
        found: Server | None = getattr(self._own, "server", None)
        if found is None:
            with self._lock:
                if self._ended:
                    raise RuntimeError("nothing is graded any more")
                found = self._own.server = Server()
                self._servers.add(found)
        return found

    def _drop(self, server: Server) -> None:
        server.end()
        self._own.server = None
        with self._lock:
            self._servers.discard(server)
