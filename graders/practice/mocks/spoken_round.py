"""A spoken round in the terminal: the question, the time, and a line for typing.

The clock runs from the first screen to the last key, as in a real interview; there is
no pause. A phase that ends early leaves its time to the next ones, one that takes
longer takes it from them, and nothing is ever cut off.

Whatever is typed or dictated is a note, a question or a line of the drawing, so no
letter is a key; in a break, where nothing is typed, letters are.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import (
    AnyContainer,
    FormattedTextControl,
    HSplit,
    Layout,
    Window,
)
from prompt_toolkit.widgets import TextArea

from graders.practice.cli import Refused
from graders.practice.clock import Moment
from graders.practice.mocks import overlap, pace
from graders.practice.mocks.plan import ENDED_UNRATED, Part, RunningMock
from graders.practice.mocks.question_bank import Agenda
from graders.practice.mocks.spoken_layout import Styled, View, layout, phase_left
from graders.practice.store import Unusable
from graders.practice.talk_lines import ANSWER, DRAWN, NOTE, QUESTION

Now = Callable[[], Moment]

NOT_DECIDED = "Not decided. Assume what you need, and say what you assume."
DRAFT_AGE = 1.0  # seconds after which a line that is being typed is saved


def hold_spoken(mock: RunningMock, index: int, agenda: Agenda, now: Now) -> bool:
    """Run a spoken part or a break, and return whether it reached its end.

    Args:
        mock: The mock interview.
        index: Which of its parts.
        agenda: Its agenda.
        now: The clock.

    Raises:
        Refused: If the mock interview was ended in another terminal.
    """
    with mock.change(index, now()) as part:
        if part.state == "ahead":
            part.state = "running"
        part.phase = min(part.phase, len(agenda.phases) - 1)
    return SpokenScreen(mock, index, agenda, now).run()


def reply(agenda: Agenda, question: str) -> str:
    """Return what the interviewer answers, found by shared words."""
    told = f"{agenda.title} {agenda.prompt}"
    found = overlap.answer(question, agenda.facts, agenda.synonyms, told)
    return NOT_DECIDED if found is None else agenda.facts[found]


class SpokenScreen:
    """The screen and the keys; all state but scrolling is in the store."""

    def __init__(self, mock: RunningMock, index: int, agenda: Agenda, now: Now) -> None:
        self.mock = mock
        self.index = index
        self.agenda = agenda
        self.now = now
        self.offset = 0  # of the lines that scroll
        self.draws = False
        self.foot: list[Styled] = []
        self.waiting: set[object] = set()  # ends that were still ahead at the last look
        self.typed = TextArea(
            mock.draft(index), height=1, prompt=" > ", multiline=False
        )
        self.typed.buffer.cursor_position = len(self.typed.text)
        self.draft, self.draft_saved = self.typed.text, time.monotonic()
        self.is_break = self.part().kind == "break"
        self.application: Application[bool] = Application(
            layout=Layout(self._container()),
            key_bindings=self.keys(),
            full_screen=True,
            refresh_interval=0.5,
        )

    def _container(self) -> AnyContainer:
        upper = Window(FormattedTextControl(self.text), always_hide_cursor=True)
        if self.is_break:
            return upper
        foot = FormattedTextControl(lambda: _text(self.foot))
        below = Window(foot, dont_extend_height=True, always_hide_cursor=True)
        return HSplit([upper, self.typed, below])

    def run(self) -> bool:
        """Show it, and return whether it reached its end."""
        try:
            return self.application.run()
        except EOFError:  # the keyboard is gone
            self._save_draft()
            return False

    def part(self) -> Part:
        """Return the part as it is now."""
        return self.mock.part(self.index, self.now())

    def leave(self, result: bool | Exception | KeyboardInterrupt) -> None:
        """End the screen, once."""
        future = self.application.future
        if future is None or future.done():
            return
        if isinstance(result, Exception | KeyboardInterrupt):
            self.application.exit(exception=result)
        else:
            self.application.exit(result=result)

    # Drawing.

    def text(self) -> StyleAndTextTuples:
        """Return what is above the line, and ring the bell when a time has run out."""
        try:
            part, lines = self.part(), self.mock.lines(self.index)
            if time.monotonic() - self.draft_saved > DRAFT_AGE:
                self._save_draft()
        except (Refused, Unusable) as error:
            self.leave(error)
            return []
        if part.state != "running":  # another terminal ended it
            self.leave(True)
            return []
        self.announce(part)
        size = self.application.output.get_size()
        view = View(self.agenda, part, lines, self.draws)
        upper, self.foot, self.offset = layout(
            view, size.columns, size.rows, self.offset
        )
        return _text([*upper, *(self.foot if self.is_break else [])])

    def announce(self, part: Part) -> None:
        """Ring once when the time of a phase, or of the round, has run out."""
        ends = {part.phase: phase_left(self.agenda, part), "round": part.left}
        if any(left < 0 and end in self.waiting for end, left in ends.items()):
            self.application.output.bell()
        self.waiting = {end for end, left in ends.items() if left >= 0}

    # Keys.

    def keys(self) -> KeyBindings:
        """Return the action of each key; a database error ends the screen."""
        keys = KeyBindings()

        def bind(key: str, action: Callable[[], None], *, speaks: bool = True) -> None:
            speaking = Condition(lambda: speaks or self.is_break)

            @keys.add(key, filter=speaking, eager=True)
            def _(event: KeyPressEvent) -> None:
                try:
                    action()
                except (Refused, Unusable) as error:
                    self.leave(error)

        bind("c-n", lambda: self.turn(+1))
        bind("c-p", lambda: self.turn(-1))
        bind("c-f", self.follow_up)
        bind("c-r", self.change_view)
        bind("c-x", self.take_back)
        bind("enter", self.enter)
        bind("c-j", self.enter)
        bind("n", lambda: self.turn(+1), speaks=False)
        bind("q", lambda: self._quit(False), speaks=False)
        for key, step in (("up", -1), ("down", 1), ("pageup", -8), ("pagedown", 8)):
            bind(key, functools.partial(self._scroll, step))
        bind("c-d", lambda: self._quit(False))
        for key in ("c-c", "<sigint>"):
            bind(key, lambda: self._quit(KeyboardInterrupt()))

        @keys.add(Keys.BracketedPaste)
        def _(event: KeyPressEvent) -> None:
            try:
                self.paste(event.data)
            except (Refused, Unusable) as error:
                self.leave(error)

        return keys

    def turn(self, step: int) -> None:
        """Go to the next phase, to the previous one, or to the end."""
        self.enter()
        with self.mock.change(self.index, self.now()) as part:
            to = part.phase + step
            if to == len(self.agenda.phases):
                part.state = ENDED_UNRATED
                part.short = pace.short(self.agenda, part)
            elif to >= 0:
                part.phase, part.probes = to, 0
        self.offset, self.draws = 0, False
        if part.state == ENDED_UNRATED:
            self.leave(True)

    def enter(self) -> None:
        """Keep the line that was typed: as a note, a question or part of a drawing."""
        line = self.typed.text.strip()
        if not line or self.is_break:
            return
        if self.draws:
            lines = [(DRAWN, line)]
        elif line.endswith("?"):
            lines = [(QUESTION, line), (ANSWER, reply(self.agenda, line))]
        else:
            lines = [(NOTE, line)]
        self.mock.add(self.index, self.part().phase, lines, self.now())
        self.typed.text = ""
        self._save_draft()
        self._scroll_to_end()

    def paste(self, text: str) -> None:
        """Take in a text as if it was typed, each line but the last with Enter."""
        for i, line in enumerate(text.splitlines()):
            if i:
                self.enter()
            self.typed.buffer.insert_text(line)

    def take_back(self) -> None:
        """Take the last note or line of the drawing back into the line for typing."""
        if self.typed.text.strip():
            return  # it would be lost
        part = self.part()
        kind, phase = (DRAWN, None) if self.draws else (NOTE, part.phase)
        self.typed.text = self.mock.take_back(self.index, kind, phase, self.now())
        self.typed.buffer.cursor_position = len(self.typed.text)
        self._save_draft()

    def change_view(self) -> None:
        """Go from the notes to the drawing, or back."""
        self.draws = self.agenda.is_design and not self.draws
        self._scroll_to_end()

    def follow_up(self) -> None:
        """Show one more question of the interviewer, if there is one."""
        with self.mock.change(self.index, self.now()) as part:
            most = len(self.agenda.phases[part.phase].probes)
            part.probes = min(part.probes + 1, most)
        self.draws = False
        self._scroll_to_end()

    def _scroll(self, step: int) -> None:
        self.offset = max(0, self.offset + step)

    def _scroll_to_end(self) -> None:
        self.offset = 10**6  # `layout` stops at the last line

    def _quit(self, result: bool | KeyboardInterrupt) -> None:
        self._save_draft()
        with self.mock.change(self.index, self.now()):
            pass  # which saves the time
        self.leave(result)

    def _save_draft(self) -> None:
        """Save the line that is being typed, if it has changed."""
        self.draft_saved = time.monotonic()
        if self.typed.text != self.draft:
            self.mock.save_draft(self.index, self.typed.text)
            self.draft = self.typed.text


def _text(lines: list[Styled]) -> StyleAndTextTuples:
    """Return lines as what is drawn."""
    return [(style, line if i == 0 else f"\n{line}") for i, (style, line)
            in enumerate(lines)]  # fmt: skip
