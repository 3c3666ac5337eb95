"""A session in a terminal: the clock runs, each save is graded, keys do the rest.

This thread draws and takes keys, and it alone uses the store. The clock is the store's,
so quitting, a killed terminal or a second terminal neither stop nor restart it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import HSplit, Layout
from prompt_toolkit.output import Output
from prompt_toolkit.widgets import TextArea

from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.files import keep
from graders.practice import clock
from graders.practice.clock import Moment, elapsed
from graders.practice.helped import counted
from graders.practice.session.frame import frame, line
from graders.practice.session.live_grader import LiveGrader, Update
from graders.practice.session.view import View, examples_text, verdict_text
from graders.practice.store import BACKED_UP, Session, Store, Unusable
from graders.practice.text import wrap

PULSE = 5.0  # seconds between two records of a running clock


class SessionScreen:
    """The screen and the keys of one session.

    Args:
        store: Where it is recorded.
        entry: The exercise.
        session: Its session, which is running.
        now: The clock.
        keys: Where keys come from; the terminal, if None.
        output: Where it is drawn; the terminal, if None.
    """

    def __init__(
        self,
        store: Store,
        entry: Entry,
        session: Session,
        *,
        now: Callable[[], Moment] = clock.now,
        keys: Input | None = None,
        output: Output | None = None,
    ) -> None:
        self.store = store
        self.entry = entry
        self.now = now
        self.seen = now()
        hints = list(entry.sheet.hints[: session.hints])
        self.view = View(entry, store.advance(session.id, self.seen), hints)
        self.over = False
        self.submitting = False
        self.grader = LiveGrader(
            entry,
            session.seed,
            shows_verdicts=self.view.shows_verdicts,
            later=self._later,
            say=self._say,
            take=self._take,
        )
        self.body = TextArea(read_only=True, scrollbar=True, wrap_lines=True)
        self.app: Application[None] = Application(
            layout=Layout(self._layout()),
            key_bindings=self._keys(),
            full_screen=True,
            refresh_interval=0.5,
            before_render=lambda app: self._tick(),
            input=keys,
            output=output,
        )

    def run(self) -> Session:
        """Run until the session ends or the candidate leaves, and return it."""
        self._show()
        try:
            self.app.run(pre_run=self.grader.start)
        finally:
            self.grader.close()
        return self.store.session(self.view.session.id)

    # Drawing.

    def _layout(self) -> HSplit:
        def status() -> str:
            return "\n".join(wrap(self.view.status, self._columns(), " ", " "))

        top = [
            line(lambda: self.view.title(self._columns()), "reverse"),
            line(lambda: self.view.clock(self._left(), self._columns())),
            line(status),
        ]
        keys = line(lambda: self.view.footer(self._columns()), "reverse")
        return frame([*top], self.body, [keys])

    def _left(self) -> float:
        return self.view.session.left - elapsed(self.seen, self.now())[0]

    def _show(self) -> None:
        body = self.view.body(self._columns())
        if self.body.text != body:
            self.body.text = body
        self.app.invalidate()

    def _columns(self) -> int:
        """Return the columns of the body; one is the scroll bar's."""
        return self.app.output.get_size().columns - 1

    def _say(self, status: str) -> None:
        self.view.status = status
        self.app.invalidate()

    def _later(self, act: Callable[[], None]) -> None:
        """Run a call in this thread, if it is still drawing."""
        loop = self.app.loop
        if loop and not self.app.is_done:
            loop.call_soon_threadsafe(lambda: None if self.app.is_done else act())

    def _tick(self) -> None:
        """Record the running clock now and then, and notice other terminals."""
        if self._left() < 0 and not self.over:
            self.over = True
            self.app.output.bell()
            self.view.status = "Time is over. You may go on; it counts as late."
        at = self.now()
        seconds, warning = elapsed(self.seen, at)
        if warning:
            self.view.status = f"Clock: {warning}."
        if (warning or seconds > PULSE) and not self.submitting:
            self._record(lambda: self.store.advance(self.view.session.id, at), at)

    # Recording.

    def _record(self, change: Callable[[], Session], at: Moment) -> None:
        """Change the history; a failure is shown and ends nothing."""
        try:
            self.view.session = change()
            self.seen = at
        except Unusable as error:
            self.view.status = str(error)
            return
        if self.view.session.state != "running":  # here, or in another terminal
            self._exit()

    def _note(self, at: Moment, kind: str, detail: str = "") -> None:
        number = self.view.session.id
        self._record(lambda: self.store.note(number, at, kind, detail), at)

    def _end(self, report: dict[str, Any] | None, at: Moment) -> None:
        """End the session by a grading, or without one by giving up."""
        number = self.view.session.id

        def change() -> Session:
            if report:
                self.store.submit(number, report, at)
            else:
                self.store.end(number, "gave up", None, at)
            return self.store.session(number)

        self._record(change, at)

    def _exit(self) -> None:
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    # Keys.

    def _keys(self) -> KeyBindings:
        acts: dict[str, Callable[[], None]] = {
            "h": self._hint,
            "s": lambda: self._ask("submit"),
            "g": lambda: self._ask("give up"),
            "q": self._leave,
            "c-c": self._leave,
            "y": lambda: self._confirm(True),
            "n": lambda: self._confirm(False),
        }
        keys = KeyBindings()
        for key, act in acts.items():
            keys.add(key)(lambda event, act=act: act())
        return keys

    def _ask(self, question: str) -> None:
        if not self.submitting:
            self.view.question = question
            self._show()

    def _confirm(self, yes: bool) -> None:
        question, self.view.question = self.view.question, ""
        if yes and question == "submit":
            self._submit(self.now())
        elif yes and question == "give up":
            self._end(None, self.now())
        self._show()

    def _submit(self, at: Moment) -> None:
        """Back up the file as it is now, and have it graded as the final answer."""
        try:
            source = self.entry.stub.read_bytes()
            backup = keep(self.entry)
        except OSError as error:
            self.view.status = f"Not submitted: {error}."
            return
        if backup:
            self._note(at, BACKED_UP, backup.name)
        self.submitting = True
        self.view.status = "Submitted; grading ..."
        self.grader.submit(source, at)

    def _hint(self) -> None:
        hints = self.entry.sheet.hints
        number = len(self.view.hints) + 1
        if number > len(hints):
            self.view.status = "No more hints; g gives up and shows the solution."
        elif not self.submitting:
            self._note(self.now(), "hint", str(number))
            if self.view.session.hints == number:
                self.view.hints.append(hints[number - 1])
                self.view.status = counted(number)
        self._show()

    def _leave(self) -> None:
        if not self.submitting:
            self._note(self.now(), "left")
            self._exit()

    # Updates of the grader.

    def _take(self, update: Update) -> None:
        report = update.report
        if report is None and update.examples is not None:
            self.view.feedback = examples_text(update.examples, self._columns())
            self.view.status = f"Saved {update.saved}."
        elif report is None or report["verdict"] == "grader error":
            self.submitting = False
            why = update.problem or (report and report["error"]) or "the grader failed"
            self.view.status = f"Not graded: {why}."
        elif update.at:
            self._end(report, update.at)
        else:
            self.view.feedback = verdict_text(self.entry, report, self._columns())
            self.view.status = f"Saved {update.saved}: {report['verdict']}."
            at, number = self.now(), self.view.session.id
            self._record(lambda: self.store.save_report(number, report, at), at)
        self._show()
