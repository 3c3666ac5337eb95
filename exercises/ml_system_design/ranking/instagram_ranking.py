"""Rank a photo feed.

A photo service answers each request with SHOWN of CANDIDATES posts, in an order. Users
like posts and hide others; who finds the feed worth it comes more often, who does not
comes less. Build the ranker: it orders posts, says how likely likes and hides are,
learns from what was shown, and raises an alarm when something is wrong. We run it for
DAYS days in each of four simulated worlds, a new ranker in each, with 300 users, of
whom each makes at most one request a day.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, shows the newest posts, and is a first version to improve on:

    def __init__(self, rng):
        self.rng = rng

    def start_day(self, day, log):
        return []

    def rank(self, day, requests, look_up):
        order = np.argsort(requests["age"], axis=1, kind="stable")[:, :SHOWN]
        return order, np.full(order.shape, 0.15), np.full(order.shape, 0.05)

What is known of n requests, as integers, "user" and "group" (n,), all others (n, m) for
m = CANDIDATES:

    user         its number
    group        of the user, from 0 to GROUPS - 1
    post         its number; no post stands twice in one request
    creator      of the post, from 0 to CREATORS - 1
    topic        of the post, from 0 to TOPICS - 1
    age          days since it was posted, 0 to 2
    creator_age  days since the creator's first day

look_up(rows) tells "fit", a float for each of some rows: how well this post fits this
user, by a large model. A row is a candidate: number request * CANDIDATES + place. On a
day you may look up LOOK_UPS * n rows; a row that is asked for twice counts twice.

Creators are numbered in the order of their first days, NEW_CREATORS new ones each day,
and post for 24 days, on any topic. Log odds of a like are a sum: a number, the group's
taste for the topic, something of the creator, less for each day of age, and another
number times fit. Fit is normal with mean 0 and deviation 1. Of groups and topics, each
is liked as much as the others on average. About a third of the creators post bait: it
gets more likes, and is hidden some ten times as often as other posts. A hide depends on
nothing else. Likes and hides are independent.

Examination. A post on rank k (0 is the top) is examined with the chance EXAMINED[k];
only then can it be liked or hidden. Whether it was examined is not logged.

Random traffic. A share RANDOM of all requests, drawn by lot, is shown a random order of
random candidates, whatever you answer. You are asked for them as for others.

The log. start_day gets what was shown yesterday, arrays (r,) for r = SHOWN * requests;
on day 0 and after a day without requests they are empty:

    row          its number, counted on from day 0 (0, 1, 2 ...)
    user, group, post, creator, topic, age, creator_age  as in the request
    fit          NaN where you did not look it up
    rank         0 to SHOWN - 1
    random       1 if the order was random
    like         1 if it was liked; all likes are known the next morning

and "hidden", (h,): the numbers of the rows whose hides were reported yesterday. A hide
is reported late: the share HEARD[a - 1] of hides is known in the morning a days after
the post was shown (a from 1 to 7), and nothing is told of those still to come. Old rows
are not told again: keep what you need.

Value. A post that is examined is worth its chance of a like less HIDE_COSTS times that
of a hide; a session is worth the sum over ranks, by EXAMINED. The log odds that a user
comes on a day rise with a moving average of what the user's sessions were worth.

Events. One world has a festival alone. Each of the others has the other three, in any
order, 11 days or more apart, from day 16 to day 52, on days that nobody tells you:

    festival  for 7 days more users come and one topic is offered more; no alarm is due
    shift     from then on each group likes other topics than before
    outage    from then on what a look-up tells looks as before and has nothing to do
              with user or post; the true fit, which nobody sees, still counts
    wave      from then on all posts of half of the other creators, of those to come
              too, are bait as well

Alarms. Raise "tastes" for a shift, "feature" for an outage and "bait" for a wave, each
for the first time within IN_TIME_DAYS; the event's first day is day 1, and the log can
show it on day 2. An alarm is true on the first ALARM_DAYS days of its own event, and
false on every other day, however often; one that came too early spoils nothing but
that.

We measure by expected values (the true chances, by EXAMINED, random traffic included).
Of the way is (yours - the rule's) / (the oracle's - the rule's); both live in the same
four worlds. The oracle orders all candidates by their true value, without fit from an
outage on. All is measured from day MEASURED_FROM on, events over the worlds that have
them.

    of the way, value            at least VALUE: the mean worth of a session
    of the way, return           at least RETURN: the mean chance to come, of all users,
                                 in the last RETURN_DAYS days
    of the way, after a shift    at least SHIFT: the worth of a session, SHIFT_DAYS[0]
                                 to SHIFT_DAYS[1] days after the shift's first day
    hides, of the oracle's       at most HIDES times its share of examined posts
    new creators covered         at least NEW of those who join from then on have COVER
                                 posts examined (expected) in their first NEW_DAYS days
    chances of likes             the sum of yours over that of the true ones, for the
                                 posts you ranked, is off 1 by at most OFF_LIKES, on
                                 ranks 0 to 2 and on ranks 3 to 9 in turn
    likes told apart             at least APART of the way from the log loss of each
                                 rank's mean chance of the day to that of the true
                                 chances, for the same posts, before an outage
    chances of hides             the same, all ranks together: at most OFF_HIDES
    likes after an outage        the same as for likes, ranks 0 to 2, OUTAGE_DAYS[0] to
                                 OUTAGE_DAYS[1] days after its first: at most OFF_OUTAGE
    days over the budget         none
    alarms                       all but LATE_ALARMS in time, of all worlds together
    false alarms                 on at most FALSE_ALARMS days, of 264

All 264 days should take a few seconds with one thread; a run that computes for 45 s is
stopped. serving_plan says what the real service would need.
"""

from collections.abc import Callable

import numpy as np

GROUPS, TOPICS = 6, 6
NEW_CREATORS = 2  # a day
CREATORS = 180
DAYS = 66
CANDIDATES, SHOWN = 40, 10
LOOK_UPS = 12  # a request
RANDOM = 0.1
EXAMINED = (1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1)  # by rank
HEARD = (0.2, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0)  # 1 to 7 mornings after
HIDE_COSTS = 5.0

MEASURED_FROM = 14  # days
VALUE = 0.757
RETURN = 0.64
RETURN_DAYS = 14
SHIFT_DAYS = (3, 7)
SHIFT = 0.65
HIDES = 1.9
NEW_DAYS, COVER = 5, 30.0
NEW = 0.72
OFF_LIKES = 0.16
APART = 0.405
OFF_HIDES = 0.22
OUTAGE_DAYS = (2, 6)
OFF_OUTAGE = 0.23
IN_TIME_DAYS = {"tastes": 8, "feature": 4, "bait": 11}
ALARM_DAYS = 14
LATE_ALARMS = 1
FALSE_ALARMS = 4


def serving_plan(
    requests_per_day: float, peak_factor: float, hit_rate: float
) -> dict[str, float]:
    """Return what the real service needs to rank requests live.

    A request has CANDIDATES posts, each scored in 0.02 ms of a core, and cores may be
    busy 60 % of the time at the peak. It looks up LOOK_UPS rows; what the cache does
    not have is read from stores, 10,000 rows a second each. What was shown is logged,
    80 bytes a row, and kept for 30 days.

    Args:
        requests_per_day: How many there are.
        peak_factor: How many times the mean rate of the day the peak has.
        hit_rate: The share of look-ups that the cache answers.

    Returns:
        "requests" a second at the peak; "look_ups" a second at the peak that miss the
        cache; "stores" and "cores", not rounded; "gigabytes" of 1e9 bytes of the log.

    Example:
        >>> serving_plan(864e6, 2.0, 0.5)["look_ups"]
        120000.0
    """
    raise NotImplementedError


class FeedRanker:
    """A ranker that orders posts, learns from what was shown, and raises alarms.

    On each day from 0 on, start_day is called, then rank for all requests of the day.
    The same rng and calls give the same orders and alarms.

    Source: Joachims, Swaminathan and Schnabel (2017), doi:10.1145/3018661.3018699.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a ranker that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        raise NotImplementedError

    def start_day(self, day: int, log: dict[str, np.ndarray]) -> list[str]:
        """Learn from what was shown yesterday; return the alarms of the day.

        Args:
            day: 0 or more.
            log: Arrays of what was shown, and "hidden"; all may be empty.

        Returns:
            Some of "tastes", "feature" and "bait".
        """
        raise NotImplementedError

    def rank(
        self,
        day: int,
        requests: dict[str, np.ndarray],
        look_up: Callable[[np.ndarray], dict[str, np.ndarray]],
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return an order for each request of the day, and chances.

        Args:
            day: As in start_day.
            requests: Arrays (n,) and (n, CANDIDATES); n may be 0.
            look_up: Called with (k,) integers from 0 to n * CANDIDATES - 1, it returns
                {"fit": (k,) floats}; it may be called more than once.

        Returns:
            (n, SHOWN) integers: for each request the places of the candidates that are
            shown, from 0 to CANDIDATES - 1, the top first, none twice; (n, SHOWN)
            floats from 0 to 1: for these posts in this order, the chance that each is
            liked if it is examined; and the same for hides.
        """
        raise NotImplementedError
