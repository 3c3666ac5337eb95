"""A Dask cluster on this machine, for tests and measurements."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

QUIET = {
    "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "10",
    "DASK_DISTRIBUTED__LOGGING__DISTRIBUTED": "error",
}


class Cluster:
    """A scheduler and workers, each a process as its user starts it."""

    def __init__(self, folder: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.address = f"tcp://127.0.0.1:{port}"
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        self.scheduler = self.schedule()

    def schedule(self) -> subprocess.Popen[bytes]:
        """Start the scheduler, at the same address each time."""
        host, port = self.address.removeprefix("tcp://").split(":")
        words = ("scheduler", "--host", host, "--port", port, "--no-dashboard")
        return self._start(words, self.folder)

    def work(self, root: Path, *options: str) -> subprocess.Popen[bytes]:
        """Start workers in a clone."""
        scratch = ("--local-directory", str(self.folder), "--no-dashboard")
        words = ("worker", self.address, "--nthreads", "1", *scratch, *options)
        return self._start(words, root)

    def _start(self, words: Sequence[str], cwd: Path) -> subprocess.Popen[bytes]:
        started = subprocess.Popen(
            [sys.executable, "-P", "-m", "dask", *words],
            cwd=cwd,
            env=os.environ | QUIET,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.running.append(started)
        return started

    def close(self) -> None:
        """End all that was started."""
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
