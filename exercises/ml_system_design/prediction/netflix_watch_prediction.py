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
    raise NotImplementedError


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
        raise NotImplementedError

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
        raise NotImplementedError

    def train(self, day: int, log: dict[str, np.ndarray]) -> None:
        """Learn from the log, which is not kept for later.

        Args:
            day: As in start_day.
            log: Arrays (m,) of the eight fields, of "age" and of "done", in the order
                in which rows were shown; m may be small or 0.
        """
        raise NotImplementedError

    def predict(self, day: int, rows: dict[str, np.ndarray]) -> np.ndarray:
        """Return the chance that each row of the day is watched to the end.

        Args:
            day: As in start_day.
            rows: Arrays (n,) of the eight fields; n may be 0.

        Returns:
            (n,) of floats above 0 and below 1. What is said of a row does not depend on
            the others.
        """
        raise NotImplementedError
