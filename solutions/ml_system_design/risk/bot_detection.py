"""Keep bots out.

A social site gets about 1,500 new accounts a day; one in ten is a bot. Build the guard
that decides on every new account at the end of its first day, before its actions are
shown to others. It learns from what becomes known later, sends REVIEWS accounts a day
to reviewers, and raises an alarm when something is wrong. We run it for 60 days in each
of three simulated worlds, a new guard in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the fixed
rule, is a first version to improve on:

    def __init__(self, rng):
        self.rng = rng

    def decide(self, day, accounts, news):
        found = accounts["crowd"] >= RULE_CROWD
        found &= accounts["rhythm"] >= RULE_RHYTHM
        return np.where(found, BLOCK, ALLOW), np.arange(0), []

What is known of an account:

    region     an integer from 0 to 4; 4 is the smallest, with 4 % of the people
    address    an integer, the same for all who share it; a home's is seen once
    crowd      how many of the day's new accounts have this address, 1 or more
    rhythm     how regular its clicks are, above 0 and below 1; bots are regular
    overlap    the share of its targets that many others have too, above 0 and below 1
    actions    an integer, 1 or more: how much it did

How fields go together tells more than each of them alone. Address and region alone tell
little: offices and universities share addresses, some bots come through them, and all
people of region 4 are behind one carrier's address.

Decisions, and what they do:

    ALLOW       its actions are shown
    CHALLENGE   a bot fails with chance FAIL, and is not shown; one that passes is. A
                person leaves with chance LEAVE, and else passes and is shown
    LIMIT       a share LEAK of its actions is shown; nobody can tell that it is limited
    BLOCK       nothing is shown, and who is blocked knows it

About a third of the bots work alone, at an address of their own. The others belong to
farms, of 36 or more accounts a day on few addresses. A farm sees which of its accounts
were blocked or failed a challenge. On the first day with NOTICED or more of them it
starts to build, and from ADAPT_DAYS days after that day on its bots act like people,
and most sit on people's shared addresses; that lasts. It does not notice limits.

What becomes known, and when:

    REVIEWED    the truth, always right, on the next morning
    CHALLENGED  on the next morning: who failed is a bot; who passed may be either; of
                one that left no more is known
    APPEALED    most of the people whom you blocked appeal, after 7 days and an
                exponential time of mean 5, and are right; bots do not appeal
    REPORTED    users report about 1 % of what they see, after 2 days and an exponential
                time of mean 3, and need not be right: they see most of who does most,
                and report people of region 4 twenty times as often as other people

Before day 0 all were allowed, and HISTORY of the last 20 days' accounts, drawn at
random, were reviewed: you have the results on the morning of day 0.

Events. A quiet world has the festival alone, the two others have all three, each once,
in any order, on days that nobody tells you, the first on day 12 to 44; two begin 9
days or more apart.

    wave       from then on 130 bots a day of a new farm, regular no more; more than a
               third of them are on addresses that people share
    festival   for 8 days some 140 people a day from six new addresses, who like what
               the others like. There is no alarm for it
    reports    for 8 days no report arrives, or, in the other world, a brigade: half of
               the new people of region 4 are reported, a day later

Alarms. Raise "wave" and "reports" for the first time within IN_TIME_DAYS of the event;
its first day is day 1. An alarm is true on the first ALARM_DAYS days of its own event,
and false on every other day. "wave" is true on the first ALARM_DAYS days of a farm that
changed, too, but nobody asks for it.

We measure, over the worlds together:

    before the wave       at least BEFORE of the way, on the days before it, and on all
                          of the quiet world
    after the wave        at least AFTER of the way, from GRACE_DAYS days after it on
    until it is held      HELD days or fewer, on average, from the wave's first day to
                          the first on which at most half of its actions are shown
    people harmed         at most HARMED of 1,000
    in region 4           at most HARMED_SMALLEST of 1,000
    reviews               at least FOUND of all that there are found a bot
    days over REVIEWS     none; on such a day nobody is reviewed
    alarms                all but LATE_ALARMS in time, of all worlds together
    false alarms          on at most FALSE_ALARMS days

A person is harmed who is limited, blocked, or leaves at a challenge. The way is from
the reach of bots (their actions that were shown) under the fixed rule to that under an
oracle, which knows each bot, limits farms and blocks the others. Each meets the same
accounts, but for farms that changed.

All 180 days should take a few seconds with one thread; a run that computes for 45 s is
stopped. guard_plan says what the real service would need.
"""

import numpy as np

ALLOW, CHALLENGE, LIMIT, BLOCK = 0, 1, 2, 3
REVIEWED, CHALLENGED, APPEALED, REPORTED = 0, 1, 2, 3

FAIL = 0.7
LEAVE = 0.25
LEAK = 0.3
NOTICED = 8  # of a farm's accounts
ADAPT_DAYS = 5
REVIEWS = 30  # a day
HISTORY = 600  # accounts

RULE_CROWD = 4
RULE_RHYTHM = 0.7

BEFORE = 0.79
AFTER = 0.77
GRACE_DAYS = 6
HELD = 13.0
HARMED = 20.0
HARMED_SMALLEST = 25.0
FOUND = 0.25
IN_TIME_DAYS = {"wave": 10, "reports": 6}
ALARM_DAYS = 14
LATE_ALARMS = 1
FALSE_ALARMS = 12

_PRICE = 12.0  # shown actions of bots that are as bad as a person harmed
_ALONE = 3  # accounts on an address, below which no farm is there
_HALF_LIFE = 12.0  # days, after which what is known counts half
_KEPT = 30  # days, for which it is kept
_NEWS = 12  # reviews that look for what is new; the others for what is in doubt
_WINDOW = 13  # days of traffic that is not new


def guard_plan(
    accounts_per_day: float, peak_factor: float, bot_share: float
) -> dict[str, float]:
    """Return what the real service needs.

    A decision reads 4 rows of counts and takes 2 ms of a core; cores may be busy 50 %
    of the time at the peak. 200 bytes of each account are kept for 90 days. As many
    accounts are reviewed as 2 % of the bots; a review takes 90 s, and a reviewer
    reviews for 7 hours a day.

    Args:
        accounts_per_day: How many are decided on.
        peak_factor: How many times the mean rate of the day the peak has.
        bot_share: The share of bots, from 0 to 1.

    Returns:
        At the peak "decisions" and "reads" a second, and "cores", not rounded;
        "gigabytes" of 1e9 bytes that are kept; "reviewers", not rounded.

    Example:
        >>> guard_plan(864_000, 2.0, 0.1)["decisions"]
        20.0
    """
    decisions = accounts_per_day / 86_400 * peak_factor
    reviews = 0.02 * bot_share * accounts_per_day
    return {
        "decisions": decisions,
        "reads": decisions * 4,
        "cores": decisions * 0.002 / 0.5,
        "gigabytes": accounts_per_day * 200 * 90 / 1e9,
        "reviewers": reviews * 90 / (7 * 3600),
    }


class BotGuard:
    """A guard that decides on new accounts, learns, and raises alarms.

    decide is called once on each day from 0 on. The same rng and calls give the same
    answers.

    Source: Stein, Chen and Mangla (2011), doi:10.1145/1989656.1989664.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a guard that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        self._rng = rng
        self._known: list[list[np.ndarray]] = []  # features, truth, age of each morning
        self._weights = np.zeros(_features(_NOBODY).shape[1])
        self._recent: list[np.ndarray] = []  # features of each day's accounts
        self._monitor = _Monitor()

    def decide(
        self, day: int, accounts: dict[str, np.ndarray], news: dict[str, np.ndarray]
    ) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Return what to do with each account, whom to review, and the alarms.

        Args:
            day: 0 or more.
            accounts: Arrays (n,) of the six fields, in random order; n may be 0.
            news: Of each thing that became known since the morning before, arrays (m,):
                "source", REVIEWED, CHALLENGED, APPEALED or REPORTED; "bot", 1 for a
                bot that was reviewed or failed, 0 for a person or one that passed, -1
                for one that left or was reported; the six fields of its account as
                they came; "action", what was decided on it; "age", of how many days ago
                it is. Reviews come in the order in which you asked for them. m may be
                0, and an account may come several times.

        Returns:
            (n,) of integers: ALLOW, CHALLENGE, LIMIT or BLOCK; (k,) of integers, the
            rows to review, each at most once; some of "wave" and "reports".
        """
        alarms = self._monitor.alarms(day, news)
        self._learn(news)
        x = _features(accounts)
        chance = _sigmoid(x @ self._weights)
        reviews = self._whom_to_review(x, chance, accounts["actions"])
        self._monitor.expect(chance[reviews], chance.sum())
        return _decisions(accounts, chance), reviews, alarms

    def _learn(self, news: dict[str, np.ndarray]) -> None:
        """Learn from reviews and challenges, whose choice the fields explain.

        Reports are left out: who is reported is chosen by what nobody sees.
        """
        told = (news["source"] == REVIEWED) | (news["source"] == CHALLENGED)
        told &= news["bot"] >= 0
        for part in self._known:
            part[2] = part[2] + 1.0
        self._known = [part for part in self._known if part[2].min() < _KEPT]
        if told.any():
            fields = {name: values[told] for name, values in news.items()}
            age = fields["age"].astype(float)
            self._known.append([_features(fields), fields["bot"], age])
        if not self._known:
            return
        x, bot, age = (np.concatenate(c) for c in zip(*self._known, strict=True))
        self._weights = _fit(x, bot, 0.5 ** (age / _HALF_LIFE), self._weights)

    def _whom_to_review(
        self, x: np.ndarray, chance: np.ndarray, actions: np.ndarray
    ) -> np.ndarray:
        """Return rows: some that are like nothing before, some that are in doubt."""
        n = chance.size
        newness = self._rng.random(n)
        if len(self._recent) >= 5 and n:
            # What tells today from the days before is new.
            before = np.concatenate(self._recent)
            before = before[self._rng.permutation(len(before))[:1500]]
            both = np.concatenate([before, x])
            today = np.arange(len(both)) >= len(before)
            weight = np.full(len(both), 0.2)
            newness = x @ _fit(both, today, weight, self._weights * 0, steps=3)
        self._recent = [*self._recent[1 - _WINDOW :], x]
        new = self._rng.permutation(np.argsort(-newness)[: n // 15])[:_NEWS]
        doubt = chance * (1 - chance) * np.sqrt(actions)
        doubt[new] = -1
        others = self._rng.permutation(np.argsort(-doubt)[: 2 * REVIEWS])
        others = others[~np.isin(others, new)]
        return np.concatenate([new, others])[:REVIEWS]


_NOBODY = dict.fromkeys(("crowd", "rhythm", "overlap", "actions"), np.zeros(0))


def _decisions(accounts: dict[str, np.ndarray], chance: np.ndarray) -> np.ndarray:
    """Return what is best on average, where farms are not to notice."""
    reach, harm = chance * accounts["actions"], _PRICE * (1 - chance)
    alone = accounts["crowd"] < _ALONE
    gains = [
        np.zeros(chance.size),
        np.where(alone, FAIL * reach - LEAVE * harm, -np.inf),
        (1 - LEAK) * reach - harm,
        np.where(alone, reach - harm, -np.inf),
    ]
    return np.argmax(gains, axis=0)


def _features(fields: dict[str, np.ndarray]) -> np.ndarray:
    """Return (n, features): 1, logits and logarithms, and their products."""
    crowd = np.log(fields["crowd"])
    numbers = [
        np.log(fields["rhythm"] / (1 - fields["rhythm"])).clip(-5, 5) / 1.5,
        np.log(fields["overlap"] / (1 - fields["overlap"])).clip(-5, 5) / 1.5,
        np.log(fields["actions"]) - 1.6,
        crowd - 1,
    ]
    columns = [np.ones(crowd.size), *numbers, 1.0 * (crowd > 1)]
    for i, number in enumerate(numbers):
        columns += [number * other for other in [*numbers[i:], columns[5]]]
    return np.array(columns).T


def _sigmoid(z: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-z.clip(-30, 30)))


def _fit(
    x: np.ndarray, y: np.ndarray, weight: np.ndarray, w: np.ndarray, *, steps: int = 4
) -> np.ndarray:
    """Return weights of a logistic regression, by some of Newton's steps from w."""
    penalty = np.full(w.size, 0.5)
    penalty[0] = 0.01
    for _ in range(steps if w.any() else 2 * steps):
        p = _sigmoid(x @ w)
        slope = x.T @ (weight * (p - y)) + penalty * w
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x
        step = np.linalg.solve(curve + np.diag(penalty), slope)
        # Where chances are near 0 and 1, a whole step of Newton's overshoots.
        w = w - step / max(1, np.abs(step).max() / 2)
    return w


class _Monitor:
    """What is watched: bots that nobody expected, and how many reports arrive."""

    def __init__(self) -> None:
        self._asked = np.zeros(0)  # chances of those under review
        self._bots: list[float] = []  # how many each day seems to have
        self._surprises: list[tuple[float, float]] = []
        self._reports: list[int] = []
        self._quiet_until = {"wave": 8, "reports": 5}

    def expect(self, chances: np.ndarray, bots: float) -> None:
        """Keep what was believed of those under review, and how many bots there are."""
        self._asked = chances
        self._bots.append(bots)

    def alarms(self, day: int, news: dict[str, np.ndarray]) -> list[str]:
        """Return the alarms; each is quiet for some days after it was raised."""
        odd = {"wave": self._finds_more(day, news), "reports": self._is_odd(news)}
        found = [name for name in odd if odd[name] and day >= self._quiet_until[name]]
        for name in found:
            self._quiet_until[name] = day + (3 if name == "wave" else 18)
        return found

    def _finds_more(self, day: int, news: dict[str, np.ndarray]) -> bool:
        """Return whether reviews find bots where few were expected."""
        if day:
            found = news["bot"][news["source"] == REVIEWED][: self._asked.size]
            few = self._asked < 0.5
            p = self._asked[few]
            self._surprises.append(((found[few] - p).sum(), (p * (1 - p)).sum()))
        more, variance = np.sum(self._surprises[-4:], axis=0) if day else (0.0, 0.0)
        usual = np.median(self._bots[-14:-2] or [np.inf])
        grown = min(self._bots[-2:], default=0.0) > 1.4 * usual
        return bool(grown or more > 2.2 * np.sqrt(variance + 1))

    def _is_odd(self, news: dict[str, np.ndarray]) -> bool:
        """Return whether far fewer or far more reports came in two days than usual."""
        self._reports.append(int((news["source"] == REPORTED).sum()))
        usual = 2 * np.median(self._reports[-15:-2] or [0])
        two = sum(self._reports[-2:])
        return bool(two < 0.3 * usual or two > usual + 6 * np.sqrt(usual))
