"""The process beside a sitting that grades: warm, clean, and never in the way.

It is a process of its own because hypothesis draws from the constants of whatever
modules are loaded, and because gradings are forked from it, which a process with a
screen and threads had better not be.
"""

from __future__ import annotations

import json
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.report import as_json
from graders.harness.feedback.results import Job
from graders.harness.run.processes import warm


class Warm:
    """Grades answers to one exercise, again and again.

    Args:
        entry: The exercise.
        seed: From which every input is drawn.
    """

    def __init__(self, entry: Entry, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(entry.path, seed, theirs))
        self._process.start()
        theirs.close()

    def close(self) -> None:
        """End the process."""
        self._line.close()
        self._process.join(1.0)
        self._process.terminate()

    def grade(
        self, source: bytes, watch: Callable[[int, int], None] = lambda done, of: None
    ) -> dict[str, Any]:
        """Grade an answer, and return the exercise's part of the JSON report.

        Args:
            source: What its file holds.
            watch: Told how many checks are done, and of how many.
        """
        return self._ask(b"grade" + source, watch)

    def examples(self, source: bytes) -> list[dict[str, Any]]:
        """Run the prompt's own examples: see `graders.practice.sittings.examples`."""
        found: list[dict[str, Any]] = self._ask(b"trial" + source)["examples"]
        return found

    def _ask(
        self, wish: bytes, watch: Callable[[int, int], None] = lambda done, of: None
    ) -> dict[str, Any]:
        try:
            self._line.send_bytes(wish)
            while True:
                answer: dict[str, Any] = json.loads(self._line.recv_bytes())
                if "done" not in answer:
                    return answer
                watch(answer["done"], answer["of"])
        except (OSError, EOFError) as error:
            raise Gone("the process that grades has ended") from error


class Gone(Exception):
    """There is no process any more that grades."""


def _serve(path: Path, seed: int, line: Connection) -> None:
    """Grade whenever asked, until the one who asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the one who asks, too
    warm()
    from graders.harness.run.warm import Standby
    from graders.practice.sittings.examples import run_examples

    def tell(event: dict[str, Any]) -> None:
        line.send_bytes(json.dumps(event).encode())

    entry = Entry(path)
    standby = Standby(Job(entry, entry.stub, seed))
    try:
        while True:
            wish = line.recv_bytes()
            what, source = wish[:5], wish[5:]
            if what == b"trial":
                tell({"examples": run_examples(entry, source)})
                continue
            result = standby.grade(source, lambda n, of: tell({"done": n, "of": of}))
            [report] = as_json([result], seed)["exercises"]
            tell(report)
    except (OSError, EOFError):
        return
    finally:
        standby.close()
