"""Two threads beside the screen: one watches for saves, one has them graded.

They never touch the screen. What they find reaches its thread as calls, by `later`.
"""

from __future__ import annotations

import dataclasses
import functools
import queue
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from watchfiles import watch

from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.stubs import wanted
from graders.practice.clock import Moment
from graders.practice.recording import fingerprint
from graders.practice.session.grader_process import GraderProcess, ProcessEnded

SETTLES = 0.1  # seconds without a change after which a save counts as complete
EMPTY = "The file is empty: there is nothing to grade."


@dataclasses.dataclass(frozen=True)
class Update:
    """What one save or submission gave.

    Args:
        report: The exercise's part of the JSON report, after a grading.
        examples: What the prompt's examples gave, if only they were run.
        problem: Why there is neither.
        saved: The local time of the save.
        at: The moment of the submission, if it was one.
    """

    report: dict[str, Any] | None = None
    examples: list[dict[str, Any]] | None = None
    problem: str = ""
    saved: str = ""
    at: Moment | None = None


@dataclasses.dataclass(frozen=True)
class _Request:
    source: bytes | None  # None ends the thread
    at: Moment | None = None


class LiveGrader:
    """Grades what is saved and what is submitted.

    Args:
        entry: The exercise.
        seed: The seed of its inputs.
        shows_verdicts: Whether a save is graded; else only the examples are run.
        later: Runs a call in the screen's thread.
        say: Takes a line about the progress.
        take: Takes an update.
    """

    def __init__(
        self,
        entry: Entry,
        seed: int,
        *,
        shows_verdicts: bool,
        later: Callable[[Callable[[], None]], None],
        say: Callable[[str], None],
        take: Callable[[Update], None],
    ) -> None:
        self.entry = entry
        self.seed = seed
        self.shows_verdicts = shows_verdicts
        self._later, self._say, self._take = later, say, take
        self._requests: queue.Queue[_Request] = queue.Queue()
        self._stop = threading.Event()
        self._last = b""
        self._threads = [
            threading.Thread(target=self._watch, daemon=True),
            threading.Thread(target=self._work, daemon=True),
        ]

    def start(self) -> None:
        """Start to watch; work that is in the file already counts as a save."""
        self._last = wanted(self.entry).encode()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the threads and the process that grades."""
        self._stop.set()
        self._requests.put(_Request(None))
        for thread in self._threads:
            thread.join(3.0)

    def submit(self, source: bytes, at: Moment) -> None:
        """Grade the final answer."""
        self._requests.put(_Request(source, at))

    def _watch(self) -> None:
        name = self.entry.stub.name
        for _ in watch(
            self.entry.stub.parent,
            watch_filter=lambda change, path: Path(path).name == name,
            step=20,
            debounce=100,
            recursive=False,
            stop_event=self._stop,
            raise_interrupt=False,
            rust_timeout=500,  # a save may come before the watch, or unannounced
            yield_on_timeout=True,
        ):
            self._look()

    def _look(self) -> None:
        """Request a grading if the file has changed, once it changes no longer.

        Most editors empty a file before they write it, so one that is empty is only
        talked of: it may be a save that is not complete, and there is nothing to grade.
        """
        try:
            source = self._settled()
        except OSError as error:  # an editor may be replacing it
            self._later(functools.partial(self._say, str(error)))
            return
        if source == self._last:
            return
        self._last = source
        if source.strip():
            self._requests.put(_Request(source))
        else:
            self._later(functools.partial(self._say, EMPTY))

    def _settled(self) -> bytes:
        """Return what is in the file, as soon as two readings agree."""
        source, earlier = self.entry.stub.read_bytes(), self._last
        while source != earlier and not self._stop.wait(SETTLES):
            source, earlier = self.entry.stub.read_bytes(), source
        return source

    def _work(self) -> None:
        process = GraderProcess(self.entry, self.seed)
        try:
            while (request := self._latest()).source is not None:
                try:
                    update = self._grade(process, request.source, request.at)
                except ProcessEnded as error:
                    process.close()
                    process = GraderProcess(self.entry, self.seed)
                    update = Update(problem=f"{error}; try again")
                self._later(functools.partial(self._take, update))
        finally:
            process.close()

    def _latest(self) -> _Request:
        """Wait for a request; skip saves that a later one has made obsolete."""
        request = self._requests.get()
        while request.source is not None and not request.at:
            if self._requests.empty():
                break
            request = self._requests.get()
        return request

    def _grade(
        self, process: GraderProcess, source: bytes, at: Moment | None
    ) -> Update:
        saved = time.strftime("%H:%M:%S")
        if not (at or self.shows_verdicts):
            return Update(examples=process.examples(source), saved=saved)

        def watched(how_far: str) -> None:
            self._later(functools.partial(self._say, f"checking: {how_far}"))

        report = process.grade(source, watched) | {"answer": fingerprint(source)}
        return Update(report=report, saved=saved, at=at)
