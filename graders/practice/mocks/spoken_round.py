"""A spoken round in the terminal: the question, the time, and a few keys.

The clock runs from the first screen to the last key, as in a real interview; there is
no pause. A phase that ends early leaves its time to the next ones, one that takes
longer takes it from them, and nothing is ever cut off. What a strong candidate covers
is not on this screen.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window

from graders.practice import text
from graders.practice.cli import Refused
from graders.practice.clock import Moment
from graders.practice.mocks.plan import ENDED_UNRATED, Part, RunningMock
from graders.practice.mocks.question_bank import Agenda
from graders.practice.store import Unusable

Now = Callable[[], Moment]


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


class SpokenScreen:
    """The screen and the keys; all state is in the plan."""

    def __init__(self, mock: RunningMock, index: int, agenda: Agenda, now: Now) -> None:
        self.mock = mock
        self.index = index
        self.agenda = agenda
        self.now = now
        self.offset = 0  # of the lines that scroll
        self.waiting: set[object] = set()  # ends that were still ahead at the last look
        self.application: Application[bool] = Application(
            layout=Layout(
                Window(FormattedTextControl(self.text), always_hide_cursor=True)
            ),
            key_bindings=self.keys(),
            full_screen=True,
            refresh_interval=0.5,
        )

    def run(self) -> bool:
        """Show it, and return whether it reached its end."""
        try:
            return self.application.run()
        except EOFError:  # the keyboard is gone
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
        """Return the whole screen, and ring the bell when a time has just run out."""
        try:
            part = self.part()
        except (Refused, Unusable) as error:
            self.leave(error)
            return []
        if part.state != "running":  # another terminal ended it
            self.leave(True)
            return []
        self.announce(part)
        size = self.application.output.get_size()
        lines, self.offset = layout(
            self.agenda, part, size.columns, size.rows, self.offset
        )
        return [(style, f"{line}\n") for style, line in lines]

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

        def bind(key: str, action: Callable[[], None]) -> None:
            @keys.add(key)
            def _(event: KeyPressEvent) -> None:
                try:
                    action()
                except (Refused, Unusable) as error:
                    self.leave(error)

        bind("n", lambda: self.turn(+1))
        bind("b", lambda: self.turn(-1))
        bind("a", lambda: self.reveal("facts", len(self.agenda.facts)))
        bind("f", lambda: self.reveal("probes", self._probes()))
        for key, step in (("up", -1), ("down", 1), ("pageup", -8), ("pagedown", 8)):
            bind(key, functools.partial(self._scroll, step))
        for key in ("q", "c-d"):
            bind(key, lambda: self._quit(False))
        for key in ("c-c", "<sigint>"):
            bind(key, lambda: self._quit(KeyboardInterrupt()))
        return keys

    def turn(self, step: int) -> None:
        """Go to the next phase, to the previous one, or to the end."""
        with self.mock.change(self.index, self.now()) as part:
            to = part.phase + step
            if to == len(self.agenda.phases):
                part.state = ENDED_UNRATED
            elif to >= 0:
                part.phase, part.probes = to, 0
        self.offset = 0
        if part.state == ENDED_UNRATED:
            self.leave(True)

    def reveal(self, what: str, most: int) -> None:
        """Show one more fact or question, if there is one, and scroll to it."""
        with self.mock.change(self.index, self.now()) as part:
            setattr(part, what, min(getattr(part, what) + 1, most))
        self.offset = 10**6  # `layout` stops at the last line

    def _probes(self) -> int:
        return len(self.agenda.phases[self.part().phase].probes)

    def _scroll(self, step: int) -> None:
        self.offset = max(0, self.offset + step)

    def _quit(self, result: bool | KeyboardInterrupt) -> None:
        with self.mock.change(self.index, self.now()):
            pass  # which saves the time
        self.leave(result)


def phase_left(agenda: Agenda, part: Part) -> float:
    """Return the seconds left of the phase, given the time of those before it."""
    return 60 * agenda.ends(part.phase) - part.seconds


def layout(
    agenda: Agenda, part: Part, columns: int, rows: int, offset: int
) -> tuple[list[tuple[str, str]], int]:
    """Return the lines of the screen with their styles, and the offset that was used.

    The head shows the phase and the times, the foot the keys; the body scrolls.
    """
    width = max(columns - 2, 10)
    foot = _foot(agenda, part, width)
    head = _head(agenda, part, width)[: max(rows - len(foot) - 2, 2)]
    body = _body(agenda, part, width)
    space = max(rows - len(head) - len(foot) - 1, 1)
    offset = max(0, min(offset, len(body) - space))
    shown = body[offset : offset + space]
    above, below = offset > 0, offset + space < len(body)
    more = {
        (True, False): "up: more",
        (False, True): "down: more",
        (True, True): "up, down: more",
    }.get((above, below), "")
    line = ("", text.trim(f"--- {more} ".replace("---  ", "") + "-" * width, width))
    shown += [("", "")] * (space - len(shown))
    lines = [*head, *shown, line, *foot][: max(rows, 1)]
    return [(style, f" {shown}") for style, shown in lines], offset


def _head(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    phase = agenda.phases[part.phase]
    place = f"{part.phase + 1} of {len(agenda.phases)}: {phase.name}"
    left = phase_left(agenda, part)
    lines = [
        ("reverse", text.sides(agenda.title, text.time_left(part.left), width)),
        ("bold", text.sides(place, text.time_left(left), width)),
    ]
    over = ""
    if part.left < 0:
        over = "Time is over. Come to an end; nothing is cut off."
    elif left < 0:
        over = "The time of this phase is over; n goes on."
    lines += [("reverse", line) for line in text.wrap(over, width) if over]
    lines += [("bold", line) for line in text.wrap(phase.task, width)]
    return [*lines, ("", "")]


def _body(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    """Return the prompt, the facts asked for and the questions asked so far."""
    lines = text.wrap(agenda.prompt, width) if agenda.prompt else []
    for title, texts in (
        ("You asked:", agenda.facts[: part.facts]),
        ("The interviewer asks:", agenda.phases[part.phase].probes[: part.probes]),
    ):
        lines += ["", *text.wrap(title, width)] if texts else []
        for said in texts:
            lines += text.wrap(said, width, "- ", "  ")
    return [("", line) for line in lines]


def _foot(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    phase = agenda.phases[part.phase]
    is_last = part.phase + 1 == len(agenda.phases)
    facts, probes = len(agenda.facts), len(phase.probes)
    keys = ["n end" if is_last else "n next phase"]
    keys += ["b back"] if part.phase else []
    keys += [f"a ask ({facts - part.facts})"] if facts > part.facts else []
    keys += [f"f follow-up ({probes - part.probes})"] if probes > part.probes else []
    return [("", line) for line in text.join([*keys, "q quit"], width)]
