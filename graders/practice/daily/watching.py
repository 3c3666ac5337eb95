"""Grades what is saved, without a clock, and records it; the screen is elsewhere.

Threads only put calls into a queue. Whoever shows the state runs them by `settle`, so
that one thread alone uses the store.
"""

from __future__ import annotations

import functools
import queue
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from watchfiles import watch

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.stubs import is_started
from graders.practice import clock, hint
from graders.practice.attempts import reset
from graders.practice.helped import counted
from graders.practice.recording import help_with, passed_answers, record_report
from graders.practice.schedule import dates_of, next_exercise
from graders.practice.session.live_grader import LiveGrader, Update
from graders.practice.session.view import verdict_text
from graders.practice.solution import give_up, page, was_seen
from graders.practice.store import Store, Unusable
from graders.practice.text import wrap

START = "Save the file, and its verdict appears here."
ADVICE = "s shows the solution and its lesson, n goes to the next exercise."


class Watching:
    """The exercise that is watched, and what its last save gave.

    Args:
        store: Where gradings are recorded.
        width: Returns the columns for what is shown.

    Attributes:
        entry: The exercise; saving another one turns to that.
        status: One line about what is happening.
        feedback: What the last save gave, or the solution.
        hints: The hints that were taken here.
        wake: Called by any thread when there is something to settle.
        advice: What to do after a pass.
        show: Called when a save has been graded.
    """

    def __init__(self, store: Store, entry: Entry, width: Callable[[], int]) -> None:
        self.store, self.entry, self.width = store, entry, width
        self.status = START
        self.feedback = ""
        self.hints: list[str] = []
        self.advice = ADVICE
        self.wake: Callable[[], None] = lambda: None
        self.show: Callable[[], None] = lambda: None
        self.acts: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._skipped: set[str] = set()
        self._grader: LiveGrader | None = None
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._watch, daemon=True)]

    def start(self) -> None:
        """Start to watch; work that is in the file already counts as a save."""
        self._threads[0].start()
        self.turn_to(self.entry)

    def close(self) -> None:
        """End the threads, and the processes that grade."""
        self._stop.set()
        self._leave()
        for thread in self._threads:
            thread.join(8.0)

    def settle(self) -> None:
        """Run what other threads have asked for."""
        while not self.acts.empty():
            self.acts.get()()

    def later(self, act: Callable[[], None]) -> None:
        """Have a call run by the thread that settles."""
        self.acts.put(act)
        self.wake()

    def body(self) -> str:
        """Return the hints that were taken, and what the last save gave."""
        lines = [wrap(text, self.width(), "", "    ") for text in self.hints]
        return "\n\n".join([*map("\n".join, lines), self.feedback]).strip("\n")

    # What keys ask for.

    def turn_to(self, entry: Entry, status: str = START) -> None:
        """Watch an exercise, and no longer the one before."""
        self._leave()
        self.entry, self.status = entry, status
        self.feedback, self.hints = "", []
        seed = secrets.randbelow(2**31)
        self._grader = LiveGrader(
            entry,
            seed,
            shows_verdicts=True,
            later=self.later,
            say=functools.partial(self._say, entry),
            take=functools.partial(self._take, entry, seed),
        )
        self._grader.start()

    def next(self) -> None:
        """Turn to the next exercise; what is skipped comes last."""
        self._skipped.add(self.entry.name)
        entries = [e for e in catalogue() if e.name not in self._skipped]
        if not entries:
            self._skipped = {self.entry.name}
            entries = [e for e in catalogue() if e.name != self.entry.name]
        if entries:
            self.turn_to(*next_to_watch(self.store, entries))
        else:
            self.status = "There is no other exercise."

    def hint(self) -> None:
        """Show the next hint."""
        total = len(self.entry.sheet.hints)
        number = hint.take(self.store, self.entry)
        if number > total:
            self.status = "No more hints; s shows the solution."
        else:
            text = self.entry.sheet.hints[number - 1]
            self.hints.append(f"hint {number} of {total}: {text}")
            self.status = counted(number)

    def may_see_solution(self) -> bool:
        """Return whether the solution can be shown without giving up."""
        is_running = bool(self.store.running(self.entry.name))
        return not is_running and was_seen(self.store, self.entry)

    def solution(self) -> None:
        """Show the solution; unless it was passed or given up before, that gives up."""
        if self.may_see_solution():
            self.store.read_solution(self.entry.name, clock.now())
        else:
            give_up(self.store, self.entry, clock.now())
        self.feedback, self.hints = page(self.entry, self.width()), []
        self.status = "The solution and its lesson; n goes to the next exercise."

    # What threads find.

    def _watch(self) -> None:
        known = {entry.path.name: entry for entry in catalogue()}
        folder = exercise.ROOT / "exercises"
        for changes in watch(
            folder,
            watch_filter=lambda change, path: Path(path).name in known,
            step=20,
            debounce=100,
            stop_event=self._stop,
            raise_interrupt=False,
            rust_timeout=500,
        ):
            for name in sorted({Path(path).name for _, path in changes}):
                self.later(functools.partial(self._saved, known[name]))

    def _saved(self, entry: Entry) -> None:
        if entry.name != self.entry.name and is_started(entry):
            self.turn_to(entry)

    def _say(self, entry: Entry, status: str) -> None:
        if entry is self.entry:
            self.status = status

    def _take(self, entry: Entry, seed: int, update: Update) -> None:
        report = update.report
        if report is None or report["verdict"] == "grader error":
            why = update.problem or (report and report["error"]) or "the grader failed"
            self._say(entry, f"Not graded: {why}.")
            return
        said = f"Saved {update.saved}: {report['verdict']}."
        note = ""
        try:
            note = help_with(self.store, entry, report)
            if report["verdict"] == "passed":
                so = f", {note}" if note else ""
                said = f"Saved {update.saved}: passed{so}. {self.advice}".rstrip()
            record_report(self.store, passed_answers(self.store), entry, report, seed)
        except Unusable as error:
            said = f"{said} Not recorded: {error}"
        self._say(entry, said)
        if entry is self.entry:
            width = self.width()
            self.feedback = verdict_text(
                entry, report, width, first_only=True, note=note
            )
            self.show()

    def _leave(self) -> None:
        """End the grader; a grading under way may take seconds, so in a thread."""
        if self._grader:
            self._threads.append(threading.Thread(target=self._grader.close))
            self._threads[-1].start()
        self._grader = None


def current(store: Store) -> tuple[Entry, str]:
    """Return the exercise to watch first, and what to say about it.

    It is the one that was started and not solved, changed last, else the next one.
    """
    passed = {one.exercise for one in store.sessions() if one.state == "passed"}
    entries = [entry for entry in catalogue() if entry.name not in passed]
    started = [entry for entry in entries if is_started(entry)]
    if started:
        return max(started, key=lambda entry: entry.stub.stat().st_mtime), START
    return next_to_watch(store, catalogue())


def next_to_watch(store: Store, entries: list[Entry]) -> tuple[Entry, str]:
    """Return the next exercise, and what to say about it.

    One that is due for review is done again: its file is backed up, its stub reset.
    """
    at = clock.now()
    entry, why = next_exercise(store, entries, at)
    due = dates_of(store).get(entry.name)
    is_due = due and due <= clock.date_of(at.wall)
    if is_due and not store.running(entry.name) and is_started(entry):
        reset(entry)
        store.forget_hints(entry.name)
        return entry, f"{why}; your file was backed up, and the stub reset."
    return entry, f"{why}. {START}"
