"""Two threads beside the screen: one waits for saves, one asks the process that grades.

What they find reaches the screen's thread as calls, through `later`: they touch nothing
of it themselves.
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
from graders.practice.sittings.warm import Gone, Warm


@dataclasses.dataclass(frozen=True)
class News:
    """What came of one wish.

    Args:
        report: The exercise's part of the JSON report, after a grading.
        examples: What the prompt's own examples gave, if they alone were run.
        problem: Why neither could be had.
        saved: The local time of the save.
        at: The moment at which the answer was handed in, if it was.
    """

    report: dict[str, Any] | None = None
    examples: list[dict[str, Any]] | None = None
    problem: str = ""
    saved: str = ""
    at: Moment | None = None


@dataclasses.dataclass(frozen=True)
class _Wish:
    source: bytes | None  # None ends the thread
    at: Moment | None = None


class Judge:
    """Grades what is saved and what is handed in.

    Args:
        entry: The exercise.
        seed: From which its inputs are drawn.
        shows_verdicts: Whether a save is graded; else the prompt's examples are run.
        later: Runs a call in the screen's thread.
        say: Takes a line on what happens now.
        take: Takes news.
    """

    def __init__(
        self,
        entry: Entry,
        seed: int,
        *,
        shows_verdicts: bool,
        later: Callable[[Callable[[], None]], None],
        say: Callable[[str], None],
        take: Callable[[News], None],
    ) -> None:
        self.entry = entry
        self.seed = seed
        self.shows_verdicts = shows_verdicts
        self._later, self._say, self._take = later, say, take
        self._wishes: queue.Queue[_Wish] = queue.Queue()
        self._stop = threading.Event()
        self._last = b""
        self._threads = [
            threading.Thread(target=self._watch, daemon=True),
            threading.Thread(target=self._work, daemon=True),
        ]

    def start(self) -> None:
        """Begin to watch; what is in the file already counts as saved."""
        self._last = wanted(self.entry).encode()
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """End the threads and the process that grades."""
        self._stop.set()
        self._wishes.put(_Wish(None))
        for thread in self._threads:
            thread.join(3.0)

    def hand_in(self, source: bytes, at: Moment) -> None:
        """Grade an answer for good."""
        self._wishes.put(_Wish(source, at))

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
            rust_timeout=500,  # a save may come before the watch, or go unannounced
            yield_on_timeout=True,
        ):
            self._look()

    def _look(self) -> None:
        """Wish for a verdict if the file holds something new."""
        try:
            source = self.entry.stub.read_bytes()
        except OSError as error:  # an editor may be putting another in its place
            self._later(functools.partial(self._say, str(error)))
            return
        if source != self._last:
            self._last = source
            self._wishes.put(_Wish(source))

    def _work(self) -> None:
        grader = Warm(self.entry, self.seed)
        try:
            while (wish := self._last_wish()).source is not None:
                try:
                    news = self._grade(grader, wish.source, wish.at)
                except Gone as error:
                    grader.close()
                    grader = Warm(self.entry, self.seed)
                    news = News(problem=f"{error}; try again")
                self._later(functools.partial(self._take, news))
        finally:
            grader.close()

    def _last_wish(self) -> _Wish:
        """Wait for a wish, and pass over saves that a later one makes obsolete."""
        wish = self._wishes.get()
        while wish.source is not None and not wish.at and not self._wishes.empty():
            wish = self._wishes.get()
        return wish

    def _grade(self, grader: Warm, source: bytes, at: Moment | None) -> News:
        saved = time.strftime("%H:%M:%S")
        if not (at or self.shows_verdicts):
            return News(examples=grader.examples(source), saved=saved)

        def watched(done: int, of: int) -> None:
            line = f"graded: {done} of {of} checks"
            self._later(functools.partial(self._say, line))

        return News(report=grader.grade(source, watched), saved=saved, at=at)
