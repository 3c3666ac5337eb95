"""A guard's days in a world of new accounts: what it did, and what became known of it.

What is known comes with the fields of its account, on the day on which it becomes
known, so there is no way to learn from the future.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.risk.farms import (
    ALARM_OF,
    BRIGADED,
    FARMS,
    FIELDS,
    REPORTED,
    REPORTS_DAYS,
    Day,
    Fields,
    World,
)

HISTORY = 20  # days before the first, of which some accounts were reviewed


class Life:
    """A guard that lives in a world.

    Attributes:
        reach: (days, 2) actions of bots that were shown, and of them the wave's.
        wave: (days,) actions of the wave's bots.
        harmed: (days, 2) people who were harmed, and of them the smallest region's.
        people: (days, 2) of people, likewise.
        found: (days,) bots that reviews found.
        changed: The days on which a farm changed its pattern.
        over: (day, how many) of each day with more reviews than there are.
        alarms: Of each day, the names.
        decided: All decisions and rows to review, day after day.
    """

    def __init__(self, world: World) -> None:
        self.world, rules = world, world.rules
        days = world.days
        self.reach, self.wave = np.zeros((days, 2)), np.zeros(days)
        self.harmed, self.people = np.zeros((days, 2)), np.zeros((days, 2))
        self.found = np.zeros(days)
        self.changed: list[int] = []
        self.over: list[tuple[int, int]] = []
        self.alarms: list[set[str]] = []
        self.decided: list[int] = []
        self._changed = np.zeros(FARMS + 1, dtype=bool)
        self._due = np.full(FARMS + 1, -1)  # the day on which a farm changes
        self._news: dict[int, list[Fields]] = defaultdict(list)
        past = np.random.default_rng([world.seed, 7])
        for day in range(-HISTORY, 0):
            accounts = world.day(day, self._changed)
            n = accounts.farm.size
            rows = past.permutation(n)[: rules.HISTORY // HISTORY]
            allowed = np.full(n, rules.ALLOW)
            self._tell(0, accounts, rows, rules.REVIEWED, day, allowed)
            self._report(day, accounts, allowed, np.ones(n, dtype=bool))

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new guard decide on all days, with an rng of its own."""
        decide = run.submission.BotGuard(rng).decide
        for day in range(self.world.days):
            run.place = f"decide on day {day}"
            accounts = self.world.day(day, self._changed)
            answer = decide(day, accounts.fields, self.news(day))
            n = accounts.farm.size
            with naming(run.place):
                actions, reviews, alarms = read_answer(answer, n, self.world.rules)
            self.alarms.append(alarms)
            self.decided += [*actions.tolist(), *reviews.tolist()]
            if reviews.size > self.world.rules.REVIEWS:
                self.over.append((day, reviews.size))
                reviews = reviews[:0]
            self.act(day, accounts, actions, reviews)
            run.forget_calls()
        return self

    def rule(self) -> Life:
        """Let the simple rule decide on all days."""
        rules = self.world.rules
        for day in range(self.world.days):
            accounts = self.world.day(day, self._changed)
            found = accounts.fields["crowd"] >= rules.RULE_CROWD
            found &= accounts.fields["rhythm"] >= rules.RULE_RHYTHM
            self.act(day, accounts, np.where(found, rules.BLOCK, rules.ALLOW))
        return self

    def oracle(self) -> Life:
        """Let one decide who knows each bot, limits farms and blocks the others."""
        rules = self.world.rules
        for day in range(self.world.days):
            accounts = self.world.day(day, self._changed)
            actions = np.where(accounts.farm >= 0, rules.LIMIT, rules.BLOCK)
            self.act(day, accounts, np.where(accounts.bot, actions, rules.ALLOW))
        return self

    def news(self, day: int) -> Fields:
        """Return what has become known since the morning before."""
        parts = self._news.pop(day, [])
        names = (*FIELDS, "source", "bot", "action", "age")
        empty = np.zeros(0, dtype=int)
        news = {k: np.concatenate([p[k] for p in parts] or [empty]) for k in names}
        if self.world.lasts("reports", day, REPORTS_DAYS) and not self.world.brigade:
            keep = news["source"] != self.world.rules.REPORTED
            news = {name: values[keep] for name, values in news.items()}
        news["age"] = day - news["age"]
        return news

    def act(
        self, day: int, accounts: Day, actions: np.ndarray, reviews: Any = ()
    ) -> None:
        """Do what was decided, and note what becomes known of it, and when."""
        rules, bot, luck = self.world.rules, accounts.bot, accounts.luck
        challenged = actions == rules.CHALLENGE
        failed = challenged & bot & (luck[:, 0] < rules.FAIL)
        left = challenged & ~bot & (luck[:, 0] < rules.LEAVE)
        stopped = (actions == rules.BLOCK) | failed | left
        shown = np.where(actions == rules.LIMIT, rules.LEAK, 1.0) * ~stopped
        acts = accounts.fields["actions"]
        wave = accounts.farm == FARMS
        self.reach[day] = (acts * shown)[bot].sum(), (acts * shown)[wave].sum()
        self.wave[day] = acts[wave].sum()
        harmed = ~bot & (stopped | (actions == rules.LIMIT))
        small = accounts.smallest
        self.harmed[day] = harmed.sum(), (harmed & small).sum()
        self.people[day] = (~bot).sum(), small.sum()

        self._report(day, accounts, actions, shown > 0)
        appeal = ~bot & (actions == rules.BLOCK) & (luck[:, 1] < 0.7)
        delay = 7 + np.floor(-5 * np.log(1 - luck[:, 2])).astype(int)
        self._tell_late(day, accounts, appeal, rules.APPEALED, actions, delay)
        next_day = np.ones(bot.size, dtype=int)
        self._tell_late(day, accounts, challenged, rules.CHALLENGED, actions, next_day)
        rows = np.asarray(reviews, dtype=int)
        self.found[day] = bot[rows].sum()
        self._tell(day + 1, accounts, rows, rules.REVIEWED, day, actions)
        self._teach(day, accounts.farm[stopped & (accounts.farm >= 0)])

    def _report(
        self, day: int, accounts: Day, actions: np.ndarray, shown: np.ndarray
    ) -> None:
        """Let those report who see an account, some days later."""
        bot, small, luck = accounts.bot, accounts.smallest, accounts.luck
        chance = np.select([bot, small], [REPORTED[2], REPORTED[1]], REPORTED[0])
        chance = chance * (accounts.fields["actions"] / 8).clip(0.5, 3) * shown
        delay = 2 + np.floor(-3 * np.log(1 - luck[:, 2])).astype(int)
        if self.world.brigade and self.world.lasts("reports", day, REPORTS_DAYS):
            chance = np.where(small, BRIGADED, chance)
            delay = np.where(small, 1, delay)
        which = luck[:, 1] < chance
        self._tell_late(day, accounts, which, self.world.rules.REPORTED, actions, delay)

    def _teach(self, day: int, farms: np.ndarray) -> None:
        """Let farms notice that their accounts were stopped, and change in time."""
        rules = self.world.rules
        notices = np.bincount(farms, minlength=FARMS + 1) >= rules.NOTICED
        self._due[notices & (self._due < 0)] = day + rules.ADAPT_DAYS
        changes = self._due == day + 1
        self._changed |= changes
        if changes.any():
            self.changed.append(day + 1)

    def _tell_late(
        self,
        day: int,
        accounts: Day,
        which: np.ndarray,
        source: int,
        actions: np.ndarray,
        delay: np.ndarray,
    ) -> None:
        for wait in np.unique(delay[which]):
            rows = np.flatnonzero(which & (delay == wait))
            self._tell(day + int(wait), accounts, rows, source, day, actions)

    def _tell(
        self,
        on: int,
        accounts: Day,
        rows: np.ndarray,
        source: int,
        day: int,
        actions: np.ndarray,
    ) -> None:
        """Note that something becomes known of some accounts of a day."""
        rules, bot = self.world.rules, accounts.bot[rows].astype(int)
        if source == rules.REPORTED:
            bot = np.full(rows.size, -1)
        if source == rules.CHALLENGED:
            luck = accounts.luck[rows, 0]
            gone = np.where(luck < rules.LEAVE, -1, 0)
            bot = np.where(bot == 1, (luck < rules.FAIL).astype(int), gone)
        told = {name: accounts.fields[name][rows] for name in FIELDS}
        told |= {"source": np.full(rows.size, source), "bot": bot}
        told |= {"action": actions[rows], "age": np.full(rows.size, day)}
        self._news[on].append(told)


def read_answer(
    answer: Any, n: int, rules: Any
) -> tuple[np.ndarray, np.ndarray, set[str]]:
    """Demand (n,) of decisions, rows to review that differ, and alarms."""
    if not isinstance(answer, tuple) or len(answer) != 3:
        raise Wrong(f"expected (actions, reviews, alarms), got {answer!r}")
    actions = check_array(answer[0], (n,), kind="iu")
    reviews = check_array(answer[1], (None,), kind="iu")
    known = {rules.ALLOW, rules.CHALLENGE, rules.LIMIT, rules.BLOCK}
    if odd := sorted({*actions.tolist()} - known):
        raise Wrong(f"{odd[0]} is no decision")
    rows, times = np.unique(reviews, return_counts=True)
    if odd := rows[(times > 1) | (rows < 0) | (rows >= n)].tolist():
        raise Wrong(
            f"row {odd[0]} to review; different rows from 0 to {n - 1} are needed"
        )
    return actions, reviews.astype(int), read_alarms(answer[2], ALARM_OF)
