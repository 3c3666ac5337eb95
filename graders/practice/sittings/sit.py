"""A sitting in a terminal: the clock runs, each save is graded, keys do the rest.

This thread draws, takes keys and alone touches the store. The clock is the store's, so
that quitting, a killed terminal or a second terminal neither stop nor restart it.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from prompt_toolkit.application import Application
from prompt_toolkit.input import Input
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout import HSplit, Layout, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.output import Output
from prompt_toolkit.widgets import TextArea

from graders.harness.catalog.exercise import Entry
from graders.practice import clock
from graders.practice.attempts import keep
from graders.practice.clock import Moment, between
from graders.practice.sittings.begin import begin
from graders.practice.sittings.judge import Judge, News
from graders.practice.sittings.room import (
    Room,
    examples_text,
    verdict_text,
    without_keys,
)
from graders.practice.store import Sitting, Store, Unusable

PULSE = 5.0  # seconds between two entries of a clock that runs


def sit(
    store: Store,
    entry: Entry,
    *,
    mode: str,
    minutes: float,
    mock: int | None = None,
    now: Callable[[], Moment] = clock.now,
    keys: Input | None = None,
    screen: Output | None = None,
) -> Sitting:
    """Run a sitting until it ends or the candidate leaves, and return how it stands.

    Where there is no terminal, it only begins, and what to run instead is printed.

    Args:
        store: Where it is recorded.
        entry: The exercise; a sitting of it that runs already goes on.
        mode: "practice", "interview" or "mock"; the first alone shows verdicts.
        minutes: The time that is given.
        mock: The mock round that it belongs to.
        now: The clock.
        keys: Where keys come from; the terminal, if None.
        screen: Where it is drawn; the terminal, if None.
    """
    sitting = begin(store, entry, mode=mode, minutes=minutes, mock=mock, at=now())
    if keys is None and not (sys.stdin.isatty() and sys.stdout.isatty()):
        sitting = store.see(sitting.id, now())
        print(without_keys(entry, sitting))
        return sitting
    return _Table(store, entry, sitting, now, keys, screen).run()


class _Table:
    """The screen and the keys of one sitting."""

    def __init__(
        self,
        store: Store,
        entry: Entry,
        sitting: Sitting,
        now: Callable[[], Moment],
        keys: Input | None,
        screen: Output | None,
    ) -> None:
        self.store = store
        self.entry = entry
        self.now = now
        self.seen = now()
        hints = list(entry.sheet.hints[: sitting.hints])
        self.room = Room(entry, store.see(sitting.id, self.seen), hints)
        self.over = False
        self.handing_in = False
        self.judge = Judge(
            entry,
            sitting.seed,
            shows_verdicts=self.room.shows_verdicts,
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
            output=screen,
        )

    def run(self) -> Sitting:
        """Run until it ends or the candidate leaves."""
        self._show()
        try:
            self.app.run(pre_run=self.judge.start)
        finally:
            self.judge.close()
        return self.store.sitting(self.room.sitting.id)

    # What is drawn.

    def _layout(self) -> HSplit:
        def line(text: Callable[[], str], style: str = "") -> Window:
            control = FormattedTextControl(text)
            return Window(
                control, style=style, wrap_lines=True, dont_extend_height=True
            )

        return HSplit(
            [
                line(self.room.title, "reverse"),
                line(lambda: self.room.clock(self._left())),
                line(lambda: f" {self.room.status}"),
                Window(height=1, char="-"),
                self.body,
                Window(height=1, char="-"),
                line(self.room.footer, "reverse"),
            ]
        )

    def _left(self) -> float:
        return self.room.sitting.left - between(self.seen, self.now())[0]

    def _show(self) -> None:
        if self.body.text != self.room.body():
            self.body.text = self.room.body()
        self.app.invalidate()

    def _say(self, status: str) -> None:
        self.room.status = status
        self.app.invalidate()

    def _later(self, act: Callable[[], None]) -> None:
        """Let this thread do something, if it is still drawing."""
        loop = self.app.loop
        if loop and not self.app.is_done:
            loop.call_soon_threadsafe(lambda: None if self.app.is_done else act())

    def _tick(self) -> None:
        """Record from time to time that the clock runs, and see who else is here."""
        if self._left() < 0 and not self.over:
            self.over = True
            self.app.output.bell()
            self.room.status = "The time is over. You may go on; it counts as late."
        at = self.now()
        seconds, odd = between(self.seen, at)
        if odd:
            self.room.status = f"The clock: {odd}."
        if (odd or seconds > PULSE) and not self.handing_in:
            self._record(lambda: self.store.see(self.room.sitting.id, at), at)

    # What is recorded.

    def _record(self, change: Callable[[], Sitting], at: Moment) -> None:
        """Change the record; what cannot be written is said, and nothing ends."""
        try:
            self.room.sitting = change()
            self.seen = at
        except Unusable as error:
            self.room.status = str(error)
            return
        if self.room.sitting.state != "running":  # here, or in another terminal
            self._exit()

    def _note(self, at: Moment, kind: str, detail: str = "") -> None:
        number = self.room.sitting.id
        self._record(lambda: self.store.note(number, at, kind, detail), at)

    def _end(self, report: dict[str, Any] | None, at: Moment) -> None:
        """Stop the clock by a grading, or where there is none, by giving up."""
        number = self.room.sitting.id

        def change() -> Sitting:
            if report:
                self.store.hand_in(number, report, at)
            else:
                self.store.end(number, "gave up", None, at)
            return self.store.sitting(number)

        self._record(change, at)

    def _exit(self) -> None:
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    # What keys do.

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
        if not self.handing_in:
            self.room.question = question
            self._show()

    def _confirm(self, yes: bool) -> None:
        question, self.room.question = self.room.question, ""
        if yes and question == "submit":
            self._hand_in(self.now())
        elif yes and question == "give up":
            self._end(None, self.now())
        self._show()

    def _hand_in(self, at: Moment) -> None:
        """Let what the file holds at this moment be graded for good, and keep it."""
        try:
            source = self.entry.stub.read_bytes()
            kept = keep(self.entry)
        except OSError as error:
            self.room.status = f"Not handed in: {error}."
            return
        if kept:
            self._note(at, "kept", kept.name)
        self.handing_in = True
        self.room.status = "Handed in; being graded ..."
        self.judge.hand_in(source, at)

    def _hint(self) -> None:
        hints = self.entry.sheet.hints
        number = len(self.room.hints) + 1
        if number > len(hints):
            self.room.status = "There are no more hints; g gives up and shows it all."
        elif not self.handing_in:
            self._note(self.now(), "hint", str(number))
            if self.room.sitting.hints == number:
                self.room.hints.append(hints[number - 1])
        self._show()

    def _leave(self) -> None:
        if not self.handing_in:
            self._note(self.now(), "left")
            self._exit()

    # What comes of a save.

    def _take(self, news: News) -> None:
        report = news.report
        if report is None and news.examples is not None:
            self.room.news = examples_text(news.examples)
            self.room.status = f"Saved {news.saved}."
        elif report is None or report["verdict"] == "grader error":
            self.handing_in = False
            why = news.problem or (report and report["error"]) or "the grader failed"
            self.room.status = f"Not graded: {why}."
        elif news.at:
            self._end(report, news.at)
        else:
            columns = self.app.output.get_size().columns - 1  # one is the scroll bar's
            self.room.news = verdict_text(self.entry, report, columns)
            self.room.status = f"Saved {news.saved}: {report['verdict']}."
            at, number = self.now(), self.room.sitting.id
            self._record(lambda: self.store.keep_report(number, report, at), at)
        self._show()
