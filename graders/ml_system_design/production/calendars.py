"""Events on days that nobody is told, and the alarms that are due for them.

A calendar is drawn for each world: which events, in which order, how far apart. An
alarm is true on the first days of its own event and false on every other, so days that
are fixed beforehand, or alarms every day, do not pass.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from graders.harness import Wrong
from graders.ml_system_design.production.measures import OF_THE_WAY, Line, at_most, plot


def calendar(
    rng: np.random.Generator,
    kinds: Sequence[str],
    *,
    first: int,
    last: int,
    apart: int,
) -> dict[str, int]:
    """Draw an order of events, and their days from all that are apart enough.

    Args:
        rng: From which both are drawn.
        kinds: The events.
        first: The first day on which one may begin.
        last: The last one.
        apart: How many days lie between the beginnings of two at least.

    Returns:
        The first day of each event, earlier ones first.
    """
    spare = last - first - apart * max(len(kinds) - 1, 0)
    days = np.sort(rng.integers(0, spare + 1, len(kinds)))
    days += first + apart * np.arange(len(kinds))
    return dict(zip(rng.permutation(kinds).tolist(), days.tolist(), strict=True))


def in_any_order(
    rng: np.random.Generator, worlds: Sequence[Sequence[str]], **span: int
) -> list[dict[str, int]]:
    """Draw a calendar for each world, and the order of the worlds.

    Args:
        rng: From which all are drawn.
        worlds: The events of each.
        **span: The first, last and apart of a calendar.

    Returns:
        The calendars.
    """
    drawn = [calendar(rng, kinds, **span) for kinds in worlds]
    return [drawn[at] for at in rng.permutation(len(drawn))]


def read_alarms(alarms: Any, known: Collection[str]) -> set[str]:
    """Demand a list of names of alarms.

    Args:
        alarms: What an answer returned.
        known: The names that there are.

    Raises:
        Wrong: If it is anything else.
    """
    if not isinstance(alarms, (list, tuple, set)):
        raise Wrong(f"expected a list of alarms, got {alarms!r}")
    for alarm in alarms:
        if not isinstance(alarm, str) or alarm not in known:
            raise Wrong(f"{alarm!r} is no alarm")
    return set(alarms)


SHOWN = 3  # days that a message tells, where there may be many


@dataclasses.dataclass(frozen=True)
class Watch:
    """The alarms that a design raised in one world, beside what happened there.

    Args:
        events: The first day of each event.
        alarm_of: The alarm that each event asks for.
        true_days: On how many days from its beginning on an alarm is true.
        raised: The alarms of each day, from day 0 on.
    """

    events: Mapping[str, int]
    alarm_of: Mapping[str, str]
    true_days: int
    raised: Sequence[set[str]]

    @classmethod
    def of(
        cls,
        rules: Any,
        alarm_of: Mapping[str, str],
        events: Mapping[str, int],
        raised: Sequence[set[str]],
    ) -> Watch:
        """Watch for the events that ask for an alarm, by the rules of a prompt."""
        due = {event: day for event, day in events.items() if event in alarm_of}
        return cls(due, alarm_of, rules.ALARM_DAYS, raised)

    def delay(self, event: str) -> int | None:
        """Return on which of its days, from 1 on, its alarm was first raised."""
        alarm = self.alarm_of[event]
        days = enumerate(self.raised[self.events[event] :], 1)
        return next((day for day, alarms in days if alarm in alarms), None)

    def delay_in_words(self, event: str) -> str:
        """Return the delay, "never", or "-" in a world without the event."""
        if event not in self.events:
            return "-"
        delay = self.delay(event)
        return "never" if delay is None else f"{delay}"

    def false(self) -> list[tuple[int, set[str]]]:
        """Return the days with alarms that no event of their own explains."""
        found = []
        for day, alarms in enumerate(self.raised):
            true = {
                self.alarm_of[event]
                for event, first in self.events.items()
                if first <= day < first + self.true_days
            }
            if alarms - true:
                found.append((day, alarms - true))
        return found


def alarm_lines(
    rules: Any, alarm_of: Mapping[str, str], watches: Sequence[Watch]
) -> dict[str, Line]:
    """Return a line for each alarm, by its name, and those of "late" and "false" ones.

    An alarm's line holds if it came in time in every world that has its event, or if no
    more alarms of all were late or missing than may be.

    Args:
        rules: What the prompt allows: IN_TIME_DAYS, LATE_ALARMS and FALSE_ALARMS.
        alarm_of: The alarm of each event.
        watches: One for each world.
    """
    late = {
        alarm: _late_alarms(watches, event, rules.IN_TIME_DAYS[alarm])
        for event, alarm in alarm_of.items()
    }
    count = sum(map(len, late.values()))
    found = {}
    for event, alarm in alarm_of.items():
        found[alarm] = Line(
            f"days to the alarm {alarm!r}",
            ", ".join(watch.delay_in_words(event) for watch in watches),
            f"<= {rules.IN_TIME_DAYS[alarm]}",
            not late[alarm] or count <= rules.LATE_ALARMS,
            f"{count} alarms were late or missing; at most {rules.LATE_ALARMS} may be. "
            + " ".join(late[alarm]),
        )
    found["late"] = at_most("alarms late or missing", count, rules.LATE_ALARMS, unit="")
    return found | {"false": false_alarm_line(watches, rules.FALSE_ALARMS)}


def _late_alarms(watches: Sequence[Watch], event: str, within: int) -> list[str]:
    """Return a sentence for each world in which an event's alarm was not in time.

    Args:
        watches: One for each world.
        event: The event.
        within: By which of its days; its first day is day 1.
    """
    alarm = watches[0].alarm_of[event]
    why = []
    for number, watch in enumerate(watches, 1):
        if event not in watch.events:
            continue
        first, delay = watch.events[event], watch.delay(event)
        if delay is not None and delay <= within:
            continue
        when = "it was not raised from then on"
        if delay is not None:
            when = f"it was first raised on day {first + delay - 1}"
        if before := [d for d in range(first) if alarm in watch.raised[d]][-SHOWN:]:
            when += f", and before the {event} on day {_listed(before)}"
        why.append(
            f"World {number}: the {event} began on day {first}, so the alarm "
            f"{alarm!r} was due by day {first + within - 1}; {when}."
        )
    return why


def false_alarm_line(watches: Sequence[Watch], limit: int) -> Line:
    """Return on how many days, of all worlds together, an alarm was false."""
    false = [
        (number, day, names)
        for number, watch in enumerate(watches, 1)
        for day, names in watch.false()
    ]
    why = ""
    if false:
        first = [
            f"{' and '.join(sorted(names))} on day {day} of world {number}"
            for number, day, names in false[:SHOWN]
        ]
        why = (
            f"it raised false alarms on {len(false)} days; at most {limit} may be: "
            f"first {_listed(first)}."
        )
    count = f"{len(false)}"
    holds = len(false) <= limit
    return Line("days with a false alarm", count, f"<= {limit}", holds, why)


def begun(event: str, worlds: Iterable[Mapping[str, int]]) -> str:
    """Return on which days an event began, in words: "day 18 of world 2".

    Args:
        event: Which.
        worlds: The first day of each event, of all worlds.
    """
    found = [
        f"day {events[event]} of world {number}"
        for number, events in enumerate(worlds, 1)
        if event in events
    ]
    return _listed(found)


def marked(
    events: Mapping[str, int], signs: Mapping[str, tuple[str, int]]
) -> tuple[dict[int, str], str]:
    """Return the letters of days on which something happened, and what they mean.

    Args:
        events: The first day of each.
        signs: For each that there may be, its words, which begin with its letter, and
            on how many days it is marked.
    """
    marks: dict[int, str] = {}
    for event in sorted(events, key=lambda one: -signs[one][1]):  # brief ones on top
        (words, days), first = signs[event], events[event]
        marks |= dict.fromkeys(range(first, first + days), words[0])
    legend = ", ".join(f"{signs[one][0]} from day {day}" for one, day in events.items())
    return marks, legend or "a quiet world"


def plot_of_world(
    number: int,
    shares: Sequence[float],
    events: Mapping[str, int],
    signs: Mapping[str, tuple[str, int]],
    what: str = OF_THE_WAY,
) -> list[str]:
    """Return a plot of a world, day by day, with its events below.

    Args:
        number: That of the world.
        shares: The height of each day, 1.0 for the oracle.
        events: The first day of each.
        signs: As in `marked`.
        what: What is shown.
    """
    return plot(f"World {number}: {what}", shares, *marked(events, signs))


def _listed(items: Sequence[object]) -> str:
    """Return items as words: "3", "3 and 9" or "3, 9 and 12"."""
    *others, last = map(str, items)
    return f"{', '.join(others)} and {last}" if others else last
