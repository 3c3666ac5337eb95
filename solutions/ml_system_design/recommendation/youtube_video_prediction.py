"""Predict what new videos are worth, and promote the best.

A video site gets about 40 uploads a day; each lives LIFE_DAYS days, on its first of age
0, and gets hardly a view that the site does not bring about. Build the system that says
each morning what every upload that lives is worth, decides how much of the day's
PROMOTED impressions each gets, and raises an alarm when something is wrong. What counts
are satisfied minutes: minutes watched by people who would say that it was worth their
time. We run it for DAYS days in each of five simulated worlds, a new system in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, is a first version to improve on:

    def __init__(self, rng):
        self.mean = 0.15

    def decide(self, day, uploads, heard):
        n = uploads["age"].size
        shares = np.full(n, min(CAP, 1 / max(n, 1)))
        return shares, np.full(n, self.mean), []

What is known of an upload, integers but for the length:

    upload   its number; later ones have larger numbers
    large    1 if its creator is large, 0 for a small one
    topic    from 0 to TOPICS - 1
    length   in minutes, above 0
    style    of title and thumbnail, from 0 to STYLES - 1
    age      in days, from 0 to LIFE_DAYS - 1; the uploads come oldest first

What an upload is worth is the satisfied minutes of one random impression of it: the
chance of a click, times the minutes of a view, times the chance that a view is
satisfied. All three stay what they are while it lives, and depend on the fields, age
aside, and on the upload itself. Long videos have more minutes and less satisfaction;
styles that are bait have more clicks and much less satisfaction; an upload that is
watched longer than others of its length is liked more. How new uploads of a topic are
clicked and liked changes within weeks. Small creators' uploads are clicked less, on
average, but differ more from each other: many of the best are theirs.

Impressions are of three channels, the columns 0, 1 and 2 of what is heard:

    fans      who follow the creator: many for large ones, few for small ones, most on
              the first day. They click more often, by a factor of each upload's own
    promoted  what you decide: floor(share * PROMOTED). They stand at the top of the
              page and are clicked more often, by a factor that all uploads share
    random    FIRST in an upload's first hour and RANDOM on each whole day, on pages
              drawn by lot

The factors are told to nobody; half of the random views are clicked at most, and 90 %
of others. Whoever has clicked watches, likes and answers alike, whatever the channel.

What is heard by the morning: of uploads of age 0, their first hour, in which nothing is
promoted; of all others the whole day before, without the first hour. On day 0 nothing
is heard of those that are older. So the answer for age 0 is what is known at 1 h, that
for age 1 what is known at 24 h.

    shown, clicks, minutes         (n, 3), sums of each channel
    asked, answered, satisfied     (n,), the survey of all channels together

The survey asks ASKED of all views. Of those asked who are satisfied ANSWERS[1] answer,
of the others ANSWERS[0], as a paid panel has shown; answered are those who did, and
satisfied those of them who said that they are. It is never known what the rest thought.

The budget. Shares lie between 0 and CAP and sum up to at most 1; on a day on which they
do not, nothing is promoted.

Events. One world has a trend alone. Each of the others has all three, in any order, 18
days or more apart and none before day 24, on days that nobody tells you:

    trend  for 10 days more than half of the new uploads take the same style, an honest
           one, and all new ones of it are clicked far more often; they are watched and
           liked as before, and no alarm is due
    wave   from then on, in a trend aside, more than half of the new uploads take the
           same style, another one that was honest until then: all new ones of it are
           clicked far more often, watched nearly as long and liked by few; those from
           before are what they were
    fault  for FAULT_DAYS days most of those who were asked and did not answer are
           reported as answered and satisfied

Alarms. Raise "bait" for a wave and "survey" for a fault, each for the first time within
IN_TIME_DAYS; the day on which the event began is day 1. An alarm is true on the first
ALARM_DAYS days of its own event, and false on every other day.

We measure by the true worth of each upload, which leaves out the luck of views, and
over the worlds together. Of the way is (yours - the rule's) / (the oracle's - the
rule's), of the sum of share times worth; the rule promotes all alike, the oracle gives
CAP to each of the best. Usual days are those from MEASURED_FROM on, without days 0 to
AFTER_DAYS[1] after a wave.

    minutes, usual days       at least USUAL of the way
    minutes, after a wave     at least AFTER of the way, from AFTER_DAYS[0] to
                              AFTER_DAYS[1] days after its first
    small creators            on usual days at least SMALL of the minutes that the
                              oracle earns by small creators' uploads; each counts with
                              the lesser of your share and the oracle's
    what is said at 1 h, 24 h on usual days at least SAID of the way from the loss of
                              the mean worth of the day's uploads to that of the true
                              worth; the loss is said - worth * log(said)
    calibration at 1 h, 24 h  on usual days the sum of what you say over that of what is
                              true is off 1 by at most OFF, for small and for large
                              creators, for a length below and from LONG minutes on
    calibration in a fault    the same of all uploads of age 0 and 1, by at most
                              OFF_FAULT, from FAULT_AFTER[0] to FAULT_AFTER[1] days
                              after its first
    days over the budget      none
    alarms                    all but LATE_ALARMS in time, of all worlds together
    false alarms              on at most FALSE_ALARMS days

All 470 days should take a few seconds with one thread; a run that computes for 45 s is
stopped. serving_plan says what the real service would need.
"""

import numpy as np

TOPICS, STYLES = 6, 6
DAYS = 94
LIFE_DAYS = 7
PROMOTED = 300_000  # impressions a day
CAP = 0.05
FIRST, RANDOM = 16, 2  # impressions
ASKED = 0.02
ANSWERS = (0.2, 0.5)
FAULT_DAYS = 12

MEASURED_FROM = 14  # days
USUAL = 0.81
AFTER_DAYS = (4, 18)
AFTER = 0.75
SMALL = 0.7
SAID = {"1 h": 0.44, "24 h": 0.8}
OFF = {"1 h": 0.2, "24 h": 0.2}
LONG = 8.0  # minutes
FAULT_AFTER = (6, 14)
OFF_FAULT = 0.42
IN_TIME_DAYS = {"bait": 7, "survey": 5}
ALARM_DAYS = 12
LATE_ALARMS = 1
FALSE_ALARMS = 3

_EXPLORED = 500.0  # random impressions, or as many promoted ones, that tell enough
_EXPLORE = 0.002  # the share that an upload gets until then
_FORGET = 0.95  # what clicks and impressions count a day later
_HALF_LIFE = 7.0  # days, after which an upload counts half for others
_KEPT = 30  # days, for which it is kept
_OLD = 0.1  # what an upload from before a wave counts for its style
_RIDGE = 4.0
_APPEAL, _LENGTH, _LIKED = 0.3, 0.1, 0.5  # variances of uploads that look alike
_ANSWERED, _BAD = 1.3, 1.8  # times what was expected, in a fault and in a wave
_ALARM = 5.0  # log likelihood ratio that raises an alarm
_YOUNG = 10  # days without an alarm, as little is known
_QUIET = 4  # days from one alarm for a wave to the next
_COUNTS = ("shown", "clicks", "minutes", "answered", "satisfied")


def serving_plan(
    requests_per_day: float, peak_factor: float, uploads_per_day: float
) -> dict[str, float]:
    """Return what the real service needs, where each page is ranked live.

    For a request 500 candidates are scored and 20 shown, of which 5 % are clicked. A
    machine scores 50,000 videos a second and may be busy 60 % of the time at the peak.
    The features of an upload are 2,000 bytes; three copies are kept of each one that
    lives.

    Args:
        requests_per_day: How many there are.
        peak_factor: How many times the mean rate of the day the peak has.
        uploads_per_day: How many there are.

    Returns:
        "requests" and "scored" videos a second at the peak; "machines", not rounded;
        "gigabytes" of 1e9 bytes, of features; "surveys" that are answered a day, if
        half of those asked are satisfied.

    Example:
        >>> serving_plan(864e6, 2.0, 1e6)["requests"]
        20000.0
    """
    requests = requests_per_day / 86_400 * peak_factor
    scored = requests * 500
    views = requests_per_day * 20 * 0.05
    return {
        "requests": requests,
        "scored": scored,
        "machines": scored / (50_000 * 0.6),
        "gigabytes": uploads_per_day * LIFE_DAYS * 2_000 * 3 / 1e9,
        "surveys": views * ASKED * sum(ANSWERS) / 2,
    }


class VideoSystem:
    """A system that promotes uploads, says what they are worth, and raises alarms.

    decide is called on each day from 0 on. The same rng and calls give the same answer.

    Source: Covington, Adams and Sargin (2016), doi:10.1145/2959100.2959190.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a system that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        self._book = _Book()
        self._clicks, self._minutes = _Rates(_APPEAL), _Rates(_LENGTH)
        self._liking = _Liking()
        self._monitor = _Monitor()

    def decide(
        self, day: int, uploads: dict[str, np.ndarray], heard: dict[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Return the shares of the day, what uploads are worth, and alarms.

        Args:
            day: 0 or more.
            uploads: Arrays (n,) of the six fields, of all that live; n may be 0.
            heard: "shown", "clicks" and "minutes", (n, 3), and "asked", "answered" and
                "satisfied", (n,); integers but for the minutes.

        Returns:
            The shares, (n,) of floats of 0 or more; satisfied minutes of a random
            impression today, (n,) of floats above 0; some of "bait" and "survey".
        """
        book, monitor = self._book, self._monitor
        alarms = monitor.read(day, uploads, heard)
        rows = book.add(day, uploads, heard, trusted=monitor.trusts(day))
        x, weight = book.features(), monitor.weight(day, book)
        shown = book.shown[:, 2] + book.place() * book.shown[:, 1]
        rate = self._clicks.fit(x, shown, book.clicks[:, 1:].sum(1), weight)
        minutes = self._minutes.fit(x, book.views, book.minutes.sum(1), weight)
        seen = np.column_stack([x, np.log(minutes)])
        liked = self._liking.fit(seen, book.answered, book.satisfied, weight)
        monitor.expect(uploads, liked[rows])
        worth = (rate * minutes * liked)[rows]
        return _shares(worth, shown[rows]), worth, alarms


def _shares(worth: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """Return a little for each upload that is unknown, and the rest for the best."""
    shares = np.where(shown < _EXPLORED, _EXPLORE, 0.0)
    shares /= max(1.0, shares.sum())
    left = 1 - shares.sum()
    for one in np.argsort(-worth):
        more = min(left, CAP - shares[one])
        shares[one] += more
        left -= more
    return shares


class _Book:
    """What was heard of the uploads of the last days, in the order of their numbers."""

    def __init__(self) -> None:
        self.number, self.born = np.zeros((2, 0), dtype=int)
        self.large, self.topic, self.style = np.zeros((3, 0), dtype=int)
        self.length, self.views, self.answered, self.satisfied = np.zeros((4, 0))
        self.shown, self.clicks, self.minutes = np.zeros((3, 0, 3))

    def add(
        self,
        day: int,
        uploads: dict[str, np.ndarray],
        heard: dict[str, np.ndarray],
        *,
        trusted: bool,
    ) -> np.ndarray:
        """Add what was heard, and return where the uploads are."""
        new = ~np.isin(uploads["upload"], self.number)
        keep = self.born > day - _KEPT
        fresh = {name: values[new] for name, values in uploads.items()}
        fresh |= {"number": fresh["upload"], "born": day - fresh["age"]}
        for name, values in vars(self).items():
            nothing = np.zeros((new.sum(), *values.shape[1:]))
            more = fresh.get(name, nothing)
            setattr(self, name, np.concatenate([values[keep], more]))
        rows = np.searchsorted(self.number, uploads["upload"])
        self.shown[rows] *= _FORGET
        self.clicks[rows] *= _FORGET
        for name in _COUNTS if trusted else _COUNTS[:3]:
            getattr(self, name)[rows] += heard[name]
        self.views[rows] += heard["clicks"].sum(1)
        return rows

    def place(self) -> float:
        """Return how many times as often promoted impressions are clicked.

        Uploads are compared with themselves alone (Mantel and Haenszel 1959), since
        those that are promoted are clicked more often at random, too.
        """
        (_, top, random), (_, top_clicks, clicks) = self.shown.T, self.clicks.T
        both = np.maximum(top + random, 1)
        above = (top_clicks * random / both).sum() + 10
        return float(above / ((clicks * top / both).sum() + 10))

    def features(self) -> np.ndarray:
        """Return (n, 16) what is known before the first view."""
        length = np.log(self.length) - 2.1
        columns = [np.ones(length.size), self.large, length, length**2]
        kinds = [np.eye(TOPICS)[self.topic], np.eye(STYLES)[self.style]]
        return np.column_stack([*columns, *kinds])


class _Rates:
    """Counts in proportion to an exposure: Poisson regression, and a factor for each.

    An upload's own factor has a gamma distribution of mean 1, so that one of which
    little is known is as others of its kind, and moves as it is shown.
    """

    def __init__(self, variance: float) -> None:
        self.variance = variance
        self.weights = np.zeros(4 + TOPICS + STYLES)

    def fit(
        self, x: np.ndarray, exposure: np.ndarray, count: np.ndarray, weight: np.ndarray
    ) -> np.ndarray:
        """Take two steps of Newton's method, and return (n,) the rates."""
        ridge = np.full(self.weights.size, _RIDGE)
        ridge[0] = 1e-3
        if not self.weights[0]:
            self.weights[0] = np.log((count.sum() + 1) / (exposure.sum() + 1))
        for _ in range(2):
            mean = exposure * self._expected(x) + 1e-9
            sure = weight / (1 + mean * self.variance)
            pull = x.T @ (sure * (count - mean)) - ridge * self.weights
            step = np.linalg.solve((x.T * sure * mean) @ x + np.diag(ridge), pull)
            self.weights = self.weights + step / max(1.0, np.abs(step).max())
        known, expected = 1 / self.variance, self._expected(x)
        rates: np.ndarray = expected * (known + count) / (known + exposure * expected)
        return rates

    def _expected(self, x: np.ndarray) -> np.ndarray:
        expected: np.ndarray = np.exp((x @ self.weights).clip(-20, 10))
        return expected


class _Liking:
    """Logistic regression on answers, of which the satisfied give more.

    Who answers is drawn by the outcome, as in a case-control study: the odds among the
    answers are those among all views times ANSWERS[1] / ANSWERS[0].
    """

    def __init__(self) -> None:
        self.weights = np.zeros(5 + TOPICS + STYLES)

    def fit(
        self,
        x: np.ndarray,
        answered: np.ndarray,
        satisfied: np.ndarray,
        weight: np.ndarray,
    ) -> np.ndarray:
        """Take two steps of Newton's method, and return (n,) chances."""
        ridge = np.full(self.weights.size, _RIDGE)
        ridge[0] = 1e-3
        more = np.log(ANSWERS[1] / ANSWERS[0])
        for _ in range(2):
            p = _sigmoid(x @ self.weights + more)
            curve = answered * p * (1 - p)
            sure = weight / (1 + curve * _LIKED)
            pull = x.T @ (sure * (satisfied - answered * p)) - ridge * self.weights
            step = np.linalg.solve((x.T * sure * curve) @ x + np.diag(ridge), pull)
            self.weights = self.weights + step / max(1.0, np.abs(step).max())
        p = _sigmoid(x @ self.weights + more)
        own = (satisfied - answered * p) / (answered * p * (1 - p) + 1 / _LIKED)
        return _sigmoid(x @ self.weights + own.clip(-2, 2))


class _Monitor:
    """Compares the answers of each day with those that were expected of its views.

    In a fault more people answer, whatever the upload; in a wave those who answer are
    less satisfied with the new uploads of one style. A trend has as many of one style,
    and as many views, but those who answer are as satisfied as before. Both are sums of
    log likelihood ratios (Page 1954).
    """

    def __init__(self) -> None:
        self.number, self.liked = np.zeros(0, dtype=int), np.zeros(0)
        self.more, self.worse = 0.0, np.zeros(STYLES)
        self.since = np.zeros(STYLES, dtype=int)  # when a style was last at 0
        self.fault = -2 * FAULT_DAYS  # the first day of the last one, or one before
        self.waves: dict[int, int] = {}  # the first day of each style's
        self.quiet_until = _YOUNG

    def expect(self, uploads: dict[str, np.ndarray], liked: np.ndarray) -> None:
        """Note the chances that views of today are satisfied."""
        self.number, self.liked = uploads["upload"], liked

    def trusts(self, day: int) -> bool:
        """Return whether the answers that were heard on a day may be learnt."""
        return not self.fault < day <= self.fault + FAULT_DAYS + 2

    def weight(self, day: int, book: _Book) -> np.ndarray:
        """Return (n,) how much uploads count for others."""
        weight: np.ndarray = 0.5 ** ((day - book.born) / _HALF_LIFE)
        for style, first in self.waves.items():
            weight[(book.style == style) & (book.born < first)] *= _OLD
        return weight

    def read(
        self, day: int, uploads: dict[str, np.ndarray], heard: dict[str, np.ndarray]
    ) -> list[str]:
        """Return the alarms that yesterday's answers give."""
        old = np.isin(uploads["upload"], self.number)
        liked = self.liked[np.isin(self.number, uploads["upload"])]
        asked, answered = heard["asked"][old], heard["answered"][old]
        bad = answered - heard["satisfied"][old]
        yes, no = ANSWERS[1] * liked, ANSWERS[0] * (1 - liked)
        if day < _YOUNG or not self.trusts(day):
            self.more, self.worse[:] = 0.0, 0.0
            return []
        ends = answered.sum() * np.log(_ANSWERED)
        self.more += ends - (asked * (yes + no)).sum() * (_ANSWERED - 1)
        self.more = max(self.more, 0.0)
        hoped = answered * no / (yes + no)
        self.since[self.worse == 0] = day - 1
        # One upload that disappoints is none of a wave, however often it was shown.
        gain = (bad * np.log(_BAD) - hoped * (_BAD - 1)) / (1 + hoped / 2)
        self.worse += np.bincount(uploads["style"][old], gain, STYLES)
        self.worse = self.worse.clip(0)
        if self.more > _ALARM:
            self.fault, self.more, self.worse[:] = day - 2, 0.0, 0.0
            return ["survey"]
        if self.worse.max() > _ALARM:
            style = int(self.worse.argmax())
            self.waves[style], self.worse[:] = self.since[style] - 1, 0.0
            quiet, self.quiet_until = self.quiet_until, day + _QUIET
            return ["bait"] if day >= quiet else []
        return []


def _sigmoid(z: np.ndarray) -> np.ndarray:
    chance: np.ndarray = 1 / (1 + np.exp(-z.clip(-30, 30)))
    return chance
