"""A spoken round in the terminal: what is asked, the time, and a few keys.

The clock runs from the first screen to the last key, whether or not anybody looks, as
in a room; there is no pause. A phase that ends early leaves its time to the next ones,
one that takes longer takes it from them, and nothing is ever cut off. What a strong
candidate covers is not on this screen.
"""

from __future__ import annotations

import functools
from collections.abc import Callable

from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import FormattedTextControl, Layout, Window

from graders.practice.clock import Moment
from graders.practice.mocks import words
from graders.practice.mocks.agenda import Agenda
from graders.practice.mocks.plan import Course, Part
from graders.practice.store import Unusable
from graders.practice.verb import Refused

Now = Callable[[], Moment]


def hold(course: Course, number: int, agenda: Agenda, now: Now) -> bool:
    """Hold a spoken part, and return whether it was talked to its end.

    Args:
        course: The mock.
        number: Which of its parts.
        agenda: What is talked about.
        now: Tells the time.

    Raises:
        Refused: If the mock was ended in another terminal.
    """
    with course.change(number, now()) as part:
        if part.state == "ahead":
            part.state = "running"
    return Talk(course, number, agenda, now).run()


class Talk:
    """The screen and the keys; all that is true stands in the plan."""

    def __init__(self, course: Course, number: int, agenda: Agenda, now: Now) -> None:
        self.course = course
        self.number = number
        self.agenda = agenda
        self.now = now
        self.offset = 0  # of the lines that scroll
        self.waiting: set[object] = set()  # ends that were seen to lie ahead
        self.application: Application[bool] = Application(
            layout=Layout(
                Window(FormattedTextControl(self.text), always_hide_cursor=True)
            ),
            key_bindings=self.keys(),
            full_screen=True,
            refresh_interval=0.5,
        )

    def run(self) -> bool:
        """Show it until it ends, and return whether it was talked to its end."""
        try:
            return self.application.run()
        except EOFError:  # nobody is at the keys any more
            return False

    def part(self) -> Part:
        """Return the part as it stands now."""
        return self.course.part(self.number, self.now())

    def leave(self, result: bool | Exception | KeyboardInterrupt) -> None:
        """End the screen, once."""
        future = self.application.future
        if future is None or future.done():
            return
        if isinstance(result, Exception | KeyboardInterrupt):
            self.application.exit(exception=result)
        else:
            self.application.exit(result=result)

    # What is shown.

    def text(self) -> StyleAndTextTuples:
        """Return the whole screen, and ring the bell if a time has just run out."""
        try:
            part = self.part()
        except (Refused, Unusable) as error:
            self.leave(error)
            return []
        if part.state != "running":  # another terminal ended the talk
            self.leave(True)
            return []
        self.announce(part)
        size = self.application.output.get_size()
        lines, self.offset = picture(
            self.agenda, part, size.columns, size.rows, self.offset
        )
        return [(style, f"{line}\n") for style, line in lines]

    def announce(self, part: Part) -> None:
        """Ring once for each end of a phase, and of the round, that is passed."""
        ends = {part.phase: phase_left(self.agenda, part), "round": part.left}
        if any(left < 0 and end in self.waiting for end, left in ends.items()):
            self.application.output.bell()
        self.waiting = {end for end, left in ends.items() if left >= 0}

    # What is typed.

    def keys(self) -> KeyBindings:
        """Return what each key does; trouble with the database ends the screen."""
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
        bind("a", lambda: self.tell("facts", len(self.agenda.facts)))
        bind("f", lambda: self.tell("probes", self._probes()))
        for key, step in (("up", -1), ("down", 1), ("pageup", -8), ("pagedown", 8)):
            bind(key, functools.partial(self._scroll, step))
        for key in ("q", "c-d"):
            bind(key, lambda: self._quit(False))
        for key in ("c-c", "<sigint>"):
            bind(key, lambda: self._quit(KeyboardInterrupt()))
        return keys

    def turn(self, step: int) -> None:
        """Go to the next phase, to the last one, or to the end."""
        with self.course.change(self.number, self.now()) as part:
            to = part.phase + step
            if to == len(self.agenda.phases):
                part.state = "said"
            elif to >= 0:
                part.phase, part.probes = to, 0
        self.offset = 0
        if part.state == "said":
            self.leave(True)

    def tell(self, what: str, most: int) -> None:
        """Show one more fact or question, if there is one, and scroll to it."""
        with self.course.change(self.number, self.now()) as part:
            setattr(part, what, min(getattr(part, what) + 1, most))
        self.offset = 10**6  # the picture stops at the last line

    def _probes(self) -> int:
        return len(self.agenda.phases[self.part().phase].probes)

    def _scroll(self, step: int) -> None:
        self.offset = max(0, self.offset + step)

    def _quit(self, result: bool | KeyboardInterrupt) -> None:
        with self.course.change(self.number, self.now()):
            pass  # the time is kept
        self.leave(result)


def phase_left(agenda: Agenda, part: Part) -> float:
    """Return the seconds left of the phase; what came before has shifted it."""
    return 60 * agenda.ends(part.phase) - part.seconds


def picture(
    agenda: Agenda, part: Part, columns: int, rows: int, offset: int
) -> tuple[list[tuple[str, str]], int]:
    """Return the lines of the screen with their styles, and the offset that was used.

    The head says the phase and the times, the foot the keys; what lies between scrolls.
    """
    width = max(columns - 2, 10)
    foot = _foot(agenda, part, width)
    head = _head(agenda, part, width)[: max(rows - len(foot) - 2, 2)]
    body = _body(agenda, part, width)
    room = max(rows - len(head) - len(foot) - 1, 1)
    offset = max(0, min(offset, len(body) - room))
    shown = body[offset : offset + room]
    above, below = offset > 0, offset + room < len(body)
    more = {
        (True, False): "up: more",
        (False, True): "down: more",
        (True, True): "up, down: more",
    }.get((above, below), "")
    rule = ("", words.trim(f"--- {more} ".replace("---  ", "") + "-" * width, width))
    shown += [("", "")] * (room - len(shown))
    lines = [*head, *shown, rule, *foot][: max(rows, 1)]
    return [(style, f" {line}") for style, line in lines], offset


def _head(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    phase = agenda.phases[part.phase]
    place = f"{part.phase + 1} of {len(agenda.phases)}: {phase.name}"
    left = phase_left(agenda, part)
    lines = [
        ("reverse", words.sides(agenda.title, words.left(part.left), width)),
        ("bold", words.sides(place, words.left(left), width)),
    ]
    over = ""
    if part.left < 0:
        over = "The time is over. Come to an end; nothing is cut off."
    elif left < 0:
        over = "The time of this phase is over: n goes on."
    lines += [("reverse", line) for line in words.wrap(over, width) if over]
    lines += [("bold", line) for line in words.wrap(phase.task, width)]
    return [*lines, ("", "")]


def _body(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    """Return what was said so far: the prompt, facts asked for, questions asked."""
    lines = words.wrap(agenda.prompt, width) if agenda.prompt else []
    for title, texts in (
        ("You asked:", agenda.facts[: part.facts]),
        ("The interviewer asks:", agenda.phases[part.phase].probes[: part.probes]),
    ):
        lines += ["", *words.wrap(title, width)] if texts else []
        for text in texts:
            lines += words.wrap(text, width, "- ", "  ")
    return [("", line) for line in lines]


def _foot(agenda: Agenda, part: Part, width: int) -> list[tuple[str, str]]:
    phase = agenda.phases[part.phase]
    is_last = part.phase + 1 == len(agenda.phases)
    facts, probes = len(agenda.facts), len(phase.probes)
    keys = ["n end" if is_last else "n next phase"]
    keys += ["b back"] if part.phase else []
    keys += [f"a ask ({facts - part.facts})"] if facts > part.facts else []
    keys += [f"f follow-up ({probes - part.probes})"] if probes > part.probes else []
    return [("", line) for line in words.flow([*keys, "q quit"], width, "   ")]
