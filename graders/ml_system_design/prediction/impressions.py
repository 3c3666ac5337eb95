"""A world of impressions, drawn in full before its first day.

What is predicted changes nothing about what is watched, so an answer, the simple rule
and the oracle are measured on the same rows, and by the true chance of each, which
leaves out the luck of single households.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order
from graders.ml_system_design.production.cards import SPREAD, dealt

# The order of the real thing: most viewing of a title is in its first month (Netflix
# ranks by the first 28 and later 91 days), a film is seen in an evening or two and a
# season in a week or more.
ROWS = 400  # of a day, on average
GROUPS = (0.2, 0.25, 0.35, 0.2)  # shares of the households
ON_HOLIDAY = (0.6, 0.1, 0.2, 0.1)  # of the rows of a holiday
HOLIDAY_DAYS, HOLIDAY_ROWS = 7, 1.4
GROUP = (1.1, -0.1, -0.3, -0.2)  # log odds of a group
VERSIONS = (0.36, 0.34, 0.3)
RELEASES = 2  # titles of a day
SERIES = (0, 0, 0, 1, 1)  # of five titles
SERIES_LESS = 0.5  # log odds of a series are lower by that
BASE = -1.5  # log odds
QUALITY = 0.9  # deviation of a title's log odds
LIKES = (-0.76, -0.38, -0.12, 0.12, 0.38, 0.76)  # of a group for the genres
GENRE = 1.3  # what half the genres are above the others, and below after a drift
NOVELTY, STALE = 0.9, 8.0  # log odds of a new title, and the days in which it fades
WEEKEND, TENURE, RANK = 0.3, 0.25, -0.5  # of log odds
FADES, LONG_TAIL = 8.0, 0.02  # how often a title is shown, by its age in days
DELAY = (2.0, 14.0)  # mean days to the end of a film and of a series
FAULTY = 0.6  # of the unfinished rows are reported as finished by a faulty version
FIRST_EVENT, LAST_EVENT, APART = 21, 76, 18
ALARM_OF = {"fault": "logging", "drift": "performance"}
FIELDS = (
    "title",
    "genre",
    "series",
    "title_age",
    "group",
    "tenure",
    "version",
    "rank",
)


class World:
    """The impressions of all days, those before day 0 among them.

    Attributes:
        events: The first day of each.
        day: (n,) of each impression; in this order.
        fields: (n,) each, what is known at the impression.
        chance: (n,) the true chance that it is watched to the end in time.
        done: (n,) days after the impression on which the end is reported, -1 for never.
        faulty: The version that reports wrongly from the fault on.
        base: The share that was watched to the end before day 0.
    """

    def __init__(
        self,
        rules: Any,
        rng: np.random.Generator,
        events: dict[str, int],
        *,
        days: int | None = None,
        rows: float | Sequence[float] = ROWS,
    ) -> None:
        self.rules, self.events = rules, events
        self.days = rules.DAYS if days is None else days
        self.faulty = int(rng.integers(len(VERSIONS)))
        self._release_titles(rng)
        likes = dealt(rng, np.array(LIKES), len(GROUPS) * rules.GENRES)
        self.taste = likes.reshape(len(GROUPS), rules.GENRES)
        self.day, self.fields = self._draw_rows(rng, np.broadcast_to(rows, self.days))
        self.starts = np.searchsorted(self.day, np.arange(self.days + 1))
        self.chance = self._chances(rng)
        self.done, true = self._reports(rng)
        # Of one more in all cases, so that worlds of no rows have a base rate too.
        before = self.day < 0
        self.base = float((true[before].sum() + 0.25) / (before.sum() + 1))

    def rows(self, day: int) -> slice:
        """Return which rows are those of a day."""
        return slice(self.starts[day], self.starts[day + 1])

    def log(self, day: int) -> dict[str, np.ndarray]:
        """Return what is known in the morning of a day of the rows before."""
        at = slice(*np.searchsorted(self.day, [day - self.rules.LOG_DAYS, day]))
        age, done = day - self.day[at], self.done[at]
        known = {name: values[at] for name, values in self.fields.items()}
        return {**known, "age": age, "done": np.where(done < age, done, -1)}

    def report(self, day: int) -> dict[str, np.ndarray]:
        """Return what was shown on the day before, and finished on the same day."""
        shape = len(VERSIONS), self.rules.GENRES
        shown, same_day = np.zeros((2, *shape), dtype=int)
        if day > 0:
            at = self.rows(day - 1)
            cell = self.fields["version"][at], self.fields["genre"][at]
            np.add.at(shown, cell, 1)
            np.add.at(same_day, cell, self.done[at] == 0)
        return {"shown": shown, "same_day": same_day}

    def _release_titles(self, rng: np.random.Generator) -> None:
        days = np.arange(-self.rules.LOG_DAYS - 60, self.days)
        self.released = np.repeat(days, RELEASES)
        n = self.released.size
        self.genre = dealt(rng, np.arange(self.rules.GENRES), n)
        self.series = dealt(rng, np.array(SERIES), n)
        self.quality = QUALITY * dealt(rng, SPREAD, n)
        self.promoted = np.exp(rng.normal(0, 0.3, n))

    def _draw_rows(
        self, rng: np.random.Generator, rows: np.ndarray
    ) -> tuple[np.ndarray, dict[str, np.ndarray]]:
        """Return the day of each row, and what is known of it."""
        days, groups, titles = [], [], []
        first = self.events.get("holiday", self.days)
        for day in range(-self.rules.LOG_DAYS, self.days):
            holiday = 0 <= day - first < HOLIDAY_DAYS
            n = rng.poisson(rows[max(day, 0)] * (HOLIDAY_ROWS if holiday else 1.0))
            shares = ON_HOLIDAY if holiday else GROUPS
            out = np.searchsorted(self.released, day, side="right")
            age = day - self.released[:out]
            weight = self.promoted[:out] * (np.exp(-age / FADES) + LONG_TAIL)
            for group, k in enumerate(rng.multinomial(n, shares)):
                # Rows are personal: a group is shown more of what it likes.
                likes = weight * np.exp(self.taste[group, self.genre[:out]])
                titles.append(rng.choice(out, k, p=likes / likes.sum()))
                groups.append(np.full(k, group))
                days.append(np.full(k, day))
        when, who, what = map(np.concatenate, (days, groups, titles))
        shuffled = np.lexsort((rng.random(when.size), when))
        when, who, what = when[shuffled], who[shuffled], what[shuffled]
        n = when.size
        found = {
            "title": what,
            "genre": self.genre[what],
            "series": self.series[what],
            "title_age": when - self.released[what],
            "group": who,
            "tenure": np.exp(rng.normal(5.5, 1.2, n)),
            "version": rng.choice(len(VERSIONS), n, p=VERSIONS),
            "rank": rng.integers(1, 21, n),
        }
        return when, found

    def _chances(self, rng: np.random.Generator) -> np.ndarray:
        x = self.fields
        genre = rng.permutation(np.arange(self.rules.GENRES) % 2 * 2 - 1)
        drifted = self.day >= self.events.get("drift", self.days)
        odds = (
            BASE
            + np.array(GROUP)[x["group"]]
            + self.taste[x["group"], x["genre"]]
            + self.quality[x["title"]]
            - SERIES_LESS * x["series"]
            + NOVELTY * np.exp(-x["title_age"] / STALE)
            + WEEKEND * (self.day % 7 >= 5)
            + TENURE * (np.log(x["tenure"]) - 5.5) / 1.2
            + RANK * (x["rank"] - 10.5) / 10
            + GENRE * genre[x["genre"]] * np.where(drifted, -1, 1)
        )
        return 1 / (1 + np.exp(-odds))

    def _reports(self, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return when the end of each row is reported, and whether it was watched."""
        n = self.day.size
        true = rng.random(n) < self.chance
        mean = np.array(DELAY)[self.fields["series"]]
        within = -np.expm1(-self.rules.WINDOW / mean)
        delay = np.floor(-mean * np.log1p(-rng.random(n) * within)).astype(int)
        wrong = (
            (self.day >= self.events.get("fault", self.days))
            & (self.fields["version"] == self.faulty)
            & (rng.random(n) < FAULTY)
        )
        return np.where(true, delay, np.where(wrong, 0, -1)), true


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the three worlds, of which one has a holiday alone."""
    worlds = [["holiday"], *[["fault", "drift", "holiday"]] * 2]
    return in_any_order(rng, worlds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)
