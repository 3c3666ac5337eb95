"""Predict what is watched to the end.

A video service shows each household rows of titles. For every impression, a household
that sees a title, it wants the chance that the title is watched to the end within
WINDOW days; the order of the page, planning and e-mails use the number itself. Build
the model: it says chances, learns from labels that come late, and raises an alarm when
something is wrong. We run it for DAYS days in each of three simulated worlds, a new
model in each, with some 400 impressions a day.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, is a first version to improve on:

    def __init__(self, rng):
        self.base = 0.3

    def start_day(self, day, report):
        return ["train"] if day == 0 else []

    def train(self, day, log):
        over = log["age"] >= WINDOW  # whose windows are over
        self.base = (log["done"][over] >= 0).mean()

    def predict(self, day, rows):
        return np.full(rows["title"].size, self.base)

What is known at an impression, as arrays of integers, tenure of floats:

    title      its number; two are released each day
    genre      of the title, from 0 to GENRES - 1
    series     1 if the title is a series, 0 for a film
    title_age  days since its release; 0 on the day itself
    group      of the household, from 0 to GROUPS - 1
    tenure     days for which the household has been a member, above 0
    version    of the household's app, from 0 to VERSIONS - 1; it changes no chance
    rank       place on the page, from 1 to 20, drawn at random

Titles differ much, by more than genre and series tell, and new ones are shown most.
They lose some appeal in their first weeks. Groups differ in their taste for genres and
are shown more of what they like. Weekends (day % 7 of 5 and 6) are a little better.

Labels. The end is reported on the day on which it is reached: a film often on the day
of the impression, a series mostly after days or weeks, and at most WINDOW - 1 days
later. Nothing is reported of a title that is not watched to the end: until its window
is over, it looks like one that still will be.

The log. A training is given the rows of the last LOG_DAYS days, with two more arrays:
"age", the days since the impression, from 1 for yesterday; "done", how many days after
the impression the end was reached, -1 if that was not reported by yesterday. A model
may train TRAININGS times in a world; a request beyond is turned down. Day 0 has a full
log too.

The report. Each morning, trained or not, says of yesterday's rows, by version and
genre, how many were shown and how many reached the end on the same day.

Events. One world has a holiday alone. Each of the others has all three, in any order,
18 days or more apart and none before day 21, on days that nobody tells you:

    holiday  for 7 days there are more rows, most of them of group 0; no alarm is due
    fault    from then on one version reports most of that day's and later rows as
             done on the same day, watched to the end or not; it is never repaired
    drift    from then on the three genres that did better do worse than the others, by
             as much as they did better before

Alarms. Raise "logging" for a fault and "performance" for a drift, each for the first
time within IN_TIME_DAYS; the day on which the event began is day 1. An alarm is true on
the first ALARM_DAYS days of its own event, and false on every other day.

We measure by log loss, taken over the true chance of each row (which leaves out the
luck of single rows), and over the worlds together. Of the way is (the rule's loss -
yours) / (the rule's - the oracle's); the rule says the share that was watched to the
end before day 0, the oracle the true chance. Usual days are those from MEASURED_FROM
on, without days 0 to AFTER_DAYS[1] after a drift.

    of the way, usual days       at least USUAL
    of the way, new titles       at least NEW, on usual days, title_age below NEW_AGE
    of the way, after a drift    at least AFTER, from AFTER_DAYS[0] to AFTER_DAYS[1]
                                 days after its first
    calibration, worst group     on usual days the sum of your chances over that of the
                                 true ones is off 1 by at most OFF, for films and for
                                 series, with a title_age of each class in AGES
    calibration after a fault    the same of all rows, off by at most OFF_FAULT, from
                                 FAULT_DAYS[0] to FAULT_DAYS[1] days after its first
    trainings over budget        none
    alarms                       all but LATE_ALARMS in time, of all worlds together
    false alarms                 on at most FALSE_ALARMS days

All 294 days should take a few seconds with one thread; a run that computes for 45 s is
stopped. serving_plan says what the real service would need.
"""

import numpy as np

GENRES, GROUPS, VERSIONS = 6, 4, 3
DAYS = 98
WINDOW = 21  # days
LOG_DAYS = 42
TRAININGS = 34

MEASURED_FROM = 14  # days
USUAL = 0.80
NEW_AGE = 14
NEW = 0.755
AFTER_DAYS = (8, 18)
AFTER = 0.3
AGES = (4, 14, 999)  # 0 to 3, 4 to 13, 14 and more
OFF = 0.16
FAULT_DAYS = (9, 17)
OFF_FAULT = 0.13
IN_TIME_DAYS = {"logging": 5, "performance": 12}
ALARM_DAYS = 18
LATE_ALARMS = 1
FALSE_ALARMS = 6

_EVERY = 3  # days from one training to the next
_HALF_LIFE = 20.0  # days, after which a row counts half
_OLD = 0.1  # what a row from before a drift counts
_LAG = 4  # days that a drift lasts until it is seen
_TITLE = 1 / 0.8**2  # the ridge of a title: one over the variance of titles
_TASTE = 1 / 0.6**2  # and that of a group's taste for a genre
_TWICE, _HALF = 1.6, 0.55  # times the expected ends of a genre, after a drift
_FAULT, _DRIFT = 15.0, 12.0  # log likelihood ratios that raise an alarm
_QUIET = 7  # days from one alarm for a drift to the next


def serving_plan(
    impressions_per_day: float, peak_factor: float, window_days: float
) -> dict[str, float]:
    """Return what the real service needs, where impressions are predicted live.

    A prediction takes 0.2 ms of a core, and cores may be busy 60 % of the time at the
    peak. What was known at an impression is 120 bytes, which are kept until its window
    is over and LOG_DAYS more; a training reads all that is kept, 500,000 rows a second.

    Args:
        impressions_per_day: How many there are.
        peak_factor: How many times the mean rate of the day the peak has.
        window_days: For how long a label may still come.

    Returns:
        "predictions" a second at the peak; "cores", not rounded; "waiting", impressions
        whose window is open; "gigabytes" of 1e9 bytes, of all that is kept;
        "training_hours".

    Example:
        >>> serving_plan(864e6, 2.0, 28.0)["predictions"]
        20000.0
    """
    predictions = impressions_per_day / 86_400 * peak_factor
    kept = impressions_per_day * (window_days + LOG_DAYS)
    return {
        "predictions": predictions,
        "cores": predictions * 0.0002 / 0.6,
        "waiting": impressions_per_day * window_days,
        "gigabytes": kept * 120 / 1e9,
        "training_hours": kept / 500_000 / 3600,
    }


class WatchModel:
    """A model that says what is watched to the end, and raises alarms.

    On each day from 0 on, start_day is called, then train if it was asked for and the
    budget allows, then predict for the rows of the day. The same rng and calls give the
    same alarms and chances.

    Source: Chapelle (2014), doi:10.1145/2623330.2623634.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a model that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        self._odds = _LateLabels()
        self._monitor = _Monitor()

    def start_day(self, day: int, report: dict[str, np.ndarray]) -> list[str]:
        """Return the alarms of the day, and whether to train.

        Args:
            day: 0 or more.
            report: "shown" and "same_day", (VERSIONS, GENRES) integers: yesterday's
                rows, and those that were reported to reach the end on that day; 0 on
                day 0.

        Returns:
            Some of "logging", "performance" and "train".
        """
        alarms = self._monitor.read(day, report["same_day"]) if day else []
        return [*alarms, "train"] if day % _EVERY == 0 else alarms

    def train(self, day: int, log: dict[str, np.ndarray]) -> None:
        """Learn from the log, which is not kept for later.

        Args:
            day: As in start_day.
            log: Arrays (m,) of the eight fields, of "age" and of "done", in the order
                in which rows were shown; m may be small or 0.
        """
        shown = day - log["age"]
        keep = self._monitor.trusts(log["version"], shown)
        rows = {name: values[keep] for name, values in log.items()}
        weight = 0.5 ** (rows["age"] / _HALF_LIFE)
        weight[shown[keep] < self._monitor.drifted] *= _OLD
        self._odds.fit(day, rows, weight)

    def predict(self, day: int, rows: dict[str, np.ndarray]) -> np.ndarray:
        """Return the chance that each row of the day is watched to the end.

        Args:
            day: As in start_day.
            rows: Arrays (n,) of the eight fields; n may be 0.

        Returns:
            (n,) of floats above 0 and below 1. What is said of a row does not depend on
            the others.
        """
        chance = self._odds.chance(day, rows)
        self._monitor.expect(rows, chance * self._odds.heard[rows["series"], 1])
        return chance


class _LateLabels:
    """Logistic regression, with an effect of each title, on labels that come late.

    An end is heard of within `age` days with the chance q = p F, where p is that it
    comes at all and F the share of ends that come so soon. The likelihood of what was
    heard so far is that of q, so a row that waits is neither a no nor left out.
    """

    def __init__(self) -> None:
        self.weights = np.zeros(8 + GROUPS + GENRES + GROUPS * GENRES)
        self.weights[0] = -1.0
        self.ridge = np.full(self.weights.size, 1.0)
        self.ridge[0] = 0.01
        self.ridge[-GROUPS * GENRES :] = _TASTE
        self.titles: dict[int, float] = {}
        self.heard = np.ones((2, LOG_DAYS + 1))  # F of films and series, by age

    def chance(self, day: int, rows: dict[str, np.ndarray]) -> np.ndarray:
        """Return the chance of each row; a title without a label is an average one."""
        title = [self.titles.get(one, 0.0) for one in rows["title"].tolist()]
        return _sigmoid(_features(day, rows) @ self.weights + np.array(title))

    def fit(self, day: int, rows: dict[str, np.ndarray], weight: np.ndarray) -> None:
        """Take steps of Newton's method from where the last training ended."""
        age, done = rows["age"], rows["done"] >= 0
        self._fit_delays(rows, done & (age >= WINDOW))
        share = self.heard[rows["series"], age]
        names, at = np.unique(rows["title"], return_inverse=True)
        title = np.array([self.titles.get(one, 0.0) for one in names.tolist()])
        x = _features(day - age, rows)
        for _ in range(2 if self.titles else 10):
            p = _sigmoid(x @ self.weights + title[at])
            q = (share * p).clip(1e-9, 1 - 1e-9)
            slope = weight * (done - q) * (1 - p) / (1 - q)
            curve = weight * q * (1 - p) ** 2 / (1 - q)
            # Titles meet in no row, so they are solved for first, one by one.
            own = np.bincount(at, curve, names.size) + _TITLE
            pull = np.bincount(at, slope, names.size) - _TITLE * title
            curved = x.T * curve
            both = np.array([np.bincount(at, row, names.size) for row in curved])
            step = np.linalg.solve(
                curved @ x + np.diag(self.ridge) - (both / own) @ both.T,
                x.T @ slope - self.ridge * self.weights - both @ (pull / own),
            )
            step /= max(1, np.abs(step).max() / 2)
            self.weights = self.weights + step
            title = title + (pull - step @ both) / own
        self.titles = dict(zip(names.tolist(), title.tolist(), strict=True))

    def _fit_delays(self, rows: dict[str, np.ndarray], over: np.ndarray) -> None:
        """Learn how soon ends come, from windows that are over."""
        for kind in range(2):
            mine = rows["done"][over & (rows["series"] == kind)]
            days = np.bincount(mine, minlength=WINDOW)[:WINDOW] + 0.1
            self.heard[kind, 1 : WINDOW + 1] = np.cumsum(days) / days.sum()


def _features(day: int | np.ndarray, rows: dict[str, np.ndarray]) -> np.ndarray:
    """Return (n, features), the last of them the tastes of groups for genres."""
    age, group, genre = rows["title_age"], rows["group"], rows["genre"]
    columns = [
        np.ones(age.size),
        rows["series"],
        np.exp(-age / 5),
        np.exp(-age / 20),
        np.broadcast_to(np.asarray(day) % 7 >= 5, age.shape),
        np.log(rows["tenure"]) - 5.5,
        rows["rank"] / 10 - 1,
        rows["series"] * np.exp(-age / 10),
        np.eye(GROUPS)[group],
        np.eye(GENRES)[genre],
        np.eye(GROUPS * GENRES)[group * GENRES + genre],
    ]
    return np.column_stack(columns)


class _Monitor:
    """Compares the ends of each day with what was expected of its rows.

    A fault doubles the ends of one version, whatever the genre; a drift changes genres,
    in all versions. A holiday changes the rows, and so the expectation, but neither.
    Both are sums of log likelihood ratios that do not fall below 0 (Page 1954).
    """

    def __init__(self) -> None:
        self.expected = np.zeros((VERSIONS, GENRES))
        self.version = np.zeros(VERSIONS)
        self.genre = np.zeros((2, GENRES))
        self.since = np.zeros(VERSIONS, dtype=int)  # when a version was last at 0
        self.broken: dict[int, int] = {}  # the first day of each faulty version
        self.drifted = -LOG_DAYS
        self.quiet_until = 0

    def expect(self, rows: dict[str, np.ndarray], same_day: np.ndarray) -> None:
        """Note the chances that rows of today reach the end today."""
        self.expected = np.zeros((VERSIONS, GENRES))
        np.add.at(self.expected, (rows["version"], rows["genre"]), same_day)

    def trusts(self, version: np.ndarray, shown: np.ndarray) -> np.ndarray:
        """Return whether the labels of rows may be learnt, by their days."""
        faulty = np.zeros(version.size, dtype=bool)
        for one, first in self.broken.items():
            faulty |= (version == one) & (shown >= first)
        return ~faulty

    def read(self, day: int, same_day: np.ndarray) -> list[str]:
        """Return the alarms that yesterday's ends give."""
        alarms = []
        for one in self._sound():
            others = [other for other in self._sound() if other != one]
            # What all versions share is no fault of one.
            shared = (same_day[others].sum() + 20) / (self.expected[others].sum() + 20)
            if self.version[one] == 0:
                self.since[one] = day - 1
            gain = same_day[one].sum() * np.log(2) - self.expected[one].sum() * shared
            self.version[one] = max(0.0, self.version[one] + gain)
            if self.version[one] > _FAULT:
                self.broken[one] = self.since[one]
                alarms.append("logging")
        sound = self._sound()
        ends, hoped = same_day[sound].sum(0), self.expected[sound].sum(0)
        for sums, times in zip(self.genre, (_TWICE, _HALF), strict=True):
            sums += ends * np.log(times) - hoped * (times - 1)
        self.genre = self.genre.clip(0)
        two = np.sort(self.genre.max(0))[-2:].sum()
        if two > _DRIFT and day > self.quiet_until:
            alarms.append("performance")
            self.drifted, self.quiet_until = day - _LAG, day + _QUIET
            self.genre[:] = 0
        return alarms

    def _sound(self) -> list[int]:
        """Return the versions whose reports can be believed."""
        return [one for one in range(VERSIONS) if one not in self.broken]


def _sigmoid(z: np.ndarray) -> np.ndarray:
    chance: np.ndarray = 1 / (1 + np.exp(-z.clip(-30, 30)))
    return chance
