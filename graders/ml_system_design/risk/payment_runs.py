"""A fraud system's days in a world of payments.

A system is given a log each morning, in which a label stands from the day on which it
arrives, and the fields that cost a look-up only where it looked them up: there is no
way to learn from the future.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.look_ups import Desk
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.risk.payments import (
    ALARM_OF,
    GIVEN,
    LOOKED_UP,
    PARTS,
    Fields,
    World,
)


@dataclasses.dataclass
class Stay:
    """A system that lives in a world, and what it did there.

    Attributes:
        action: (n,) what was done with each payment.
        seen: The fields of all payments as the system has seen them.
        alarms: Of each day, the names.
        overdrawn: (day, part, looked up, allowed) of each batch over its budget.
    """

    world: World

    def __post_init__(self) -> None:
        self.action = self.world.fixed_rule()
        self.seen = {k: v.astype(np.float32) for k, v in self.world.fields.items()}
        self.seen["category"] = self.world.fields["category"].astype(np.int8)
        for name in LOOKED_UP:
            self.seen[name] = np.where(self.world.day < 0, self.seen[name], np.nan)
            self.seen[name] = self.seen[name].astype(np.float32)
        self.alarms: list[set[str]] = []
        self.overdrawn: list[tuple[int, int, int, int]] = []

    def log(self, day: int) -> Fields:
        """Return what is known in the morning of a day of those before."""
        world, rules = self.world, self.world.rules
        at = slice(*np.searchsorted(world.day, [day - rules.LOG_DAYS, day]))
        action, fraud = self.action[at], world.fraud[at]
        label = np.where(action == rules.REVIEW, fraud, -1)
        label[(action == rules.APPROVE) & (world.heard[at] <= day)] = 1
        return {
            "age": (day - world.day[at]).astype(np.int16),
            **{name: values[at] for name, values in self.seen.items()},
            "action": action.astype(np.int8),
            "label": label.astype(np.int8),
        }

    def live(self, run: Run, rng: np.random.Generator) -> Stay:
        """Let a new system live through all days."""
        system = run.submission.FraudSystem(rng)
        start_day, decide = system.start_day, system.decide
        for day in range(self.world.days):
            run.place = f"start_day on day {day}"
            alarms = start_day(day, self.log(day))
            with naming(run.place):
                self.alarms.append(read_alarms(alarms, ALARM_OF.values()))
            for part, name in enumerate(PARTS):
                run.place = f"decide on the {name} of day {day}"
                self._decide(day, part, decide, run.place)
            run.forget_calls()
        return self

    def _decide(
        self, day: int, part: int, decide: Callable[..., Any], place: str
    ) -> None:
        world, at = self.world, self.world.batch(day, part)
        n = at.stop - at.start
        look_ups, reviews = world.capacity(part, n)
        batch = {name: world.fields[name][at] for name in GIVEN}
        desk = Desk({name: world.fields[name][at] for name in LOOKED_UP})
        action = decide(day, batch, desk.look_up, look_ups, reviews)
        desk.closed = True
        with naming(place):
            action = actions_of(action, n, world.rules)
        for name in LOOKED_UP:
            self.seen[name][at] = np.where(desk.asked, desk.fields[name], np.nan)
        if desk.spent > look_ups:
            self.overdrawn.append((day, part, desk.spent, look_ups))
            return  # and the rule's decision stands
        beyond = np.flatnonzero(action == world.rules.REVIEW)[reviews:]
        action[beyond] = world.rules.APPROVE
        self.action[at] = action


def actions_of(actions: Any, n: int, rules: Any) -> np.ndarray:
    """Demand (n,) of the three decisions."""
    actions = check_array(actions, (n,), kind="iu").copy()
    known = (rules.APPROVE, rules.REVIEW, rules.DECLINE)
    if odd := sorted({*actions.tolist()} - {*known}):
        raise Wrong(f"{odd[0]} is no decision")
    return actions
