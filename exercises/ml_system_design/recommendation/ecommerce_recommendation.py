"""Recommend in a shop.

An online shop shows SLOTS items in each session and may give a coupon with them. Build
what decides both, so that the profit is large once returns have come back; it learns
each day from what became known, raises an alarm when something is wrong, and reads out
the shop's experiments. We run it for DAYS days in each of three simulated worlds, a new
recommender in each, with some 300 sessions a day.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, best-sellers
without coupons, is a first version to improve on:

    def __init__(self, rng):
        self.sold = None

    def recommend(self, day, items, sessions, log, returns):
        if self.sold is None:  # what was sold before day 0
            bought = log["shown"][log["bought"] == 1]
            self.sold = np.bincount(bought, minlength=items["price"].size)
        here = np.flatnonzero(items["stock"][: self.sold.size])
        best = here[np.argsort(-self.sold[here], kind="stable")[:SLOTS]]
        n = sessions["group"].size
        return np.tile(best, (n, 1)), np.zeros(n, dtype=int), []

    def read_out(self, day, tests):
        return np.full(tests["age"].size, GO_ON)

Items, arrays (m,); item i is row i on all days, two new ones a day come last, and none
leaves:

    category, supplier   integers from 0 to CATEGORIES - 1 and SUPPLIERS - 1
    usual, price, cost   money, above 0; price is today's, below usual only in a sale
    age                  days since its first day; 0 on the day itself
    stock                1, or 0 for an item that is out of stock all day

Sessions, arrays (n,) of integers:

    group    of the customer, from 0 to GROUPS - 1
    visits   how often the customer was here before
    basket   the category of what is in the basket, -1 if it is empty
    last     the category of what was bought last, -1 if nothing was

Each slot is bought with a chance of its own, wherever it stands: the product of factors
of the item, of its category for the group, of basket with category (some go together),
of last with category (its own is bought again or hardly), of today's price over the
usual one, and of the kind of customer. The kind depends on the group and on visits, in
three steps that begin at 0 and at each of VISITS: some buy anyway, some with a coupon
alone, some hardly ever. An item out of stock is not bought. A coupon takes the share
COUPON off what is bought in the session. An item that is returned earns nothing and
costs RETURN_COST: it arrives RETURN_DAYS[0] to RETURN_DAYS[1] days after the sale, each
number of days as likely, and is known on that morning. Returns differ by category and
item.

The log holds the sessions of yesterday, on day 0 those of the HISTORY_DAYS days before:
the four fields; "day", negative in the history; "coupon", 0 or 1; "trial"; and of shape
(n, SLOTS) "shown", "price" and "bought" (0 or 1). A share TRIAL of all sessions, the
trial, is 1 there: the shop drew items in stock and a coupon (chance 0.5) for them at
random, whatever you said. The other sessions of the history had an old rule: a popular
item in each slot, and coupons mostly for people who looked as if they would buy, by a
score that nobody logged. "returns" holds "item" and "sold", the day of the sale, of
each return that arrived this morning; on day 0 all so far.

Experiments. read_out is given those that run, arrays by experiment: "test", its number;
"age", days so far, from 1 to TEST_DAYS; "visitors" of each arm so far; "buyers_a" and
"buyers_b" of them. Say SHIP or STOP, which ends it, or GO_ON; at age TEST_DAYS it ends
unshipped. Some 300 of 400 experiments in each world change nothing, the others raise
the share of buyers from 5 % to 6 %. They start on many days, see other customers than
these sessions, and all start early enough to reach TEST_DAYS.

Events. One world has a sale alone. Each of the others has all three, in any order, 13
days or more apart, beginning from day 14 to 56, on days that nobody tells you:

    sale     for 10 days half of the items are cheaper, some below their cost, and sell
             several times as well; many newcomers visit (visits 0). The history had
             such a sale, too, and no other event. There is no alarm for it
    outage   for 7 days visits reads 0 in most sessions and in their log, whatever it is
    fault    from then on nearly all that is sold of one supplier comes back

Alarms. Raise "visits" for an outage and "returns" for a fault, each for the first time
within IN_TIME_DAYS; the day on which the event began is day 1. An alarm is true on the
first ALARM_DAYS days of its own event, however often, and false on every other day; one
that came too early spoils nothing but that. Days are counted over all worlds.

We measure the profit that your decisions earn on average, by the true chances, in the
sessions outside of the trial, over the worlds together, beside that of an oracle, which
knows the chances and the shares that come back and takes the best for each session. The
rule above loses money: what sells best comes back most, and earns little.

    of the oracle's profit      at least PROFIT
    of that profit in sales     at least SALE, on the days of sales alone
    of the new items' profit    at least NEW: yours from items of an age below NEW_AGE,
                                over what the oracle earned from them
    of the coupons' gain        at least GAIN: what your coupons added to the profit of
                                the items you showed, over the same of the oracle
    slots out of stock          at most WASTED of them
    slots with what they have   at most AGAIN show the category that was bought last,
                                where that is one that is hardly bought again
    slots of a faulty supplier  at most FAULTY of them, from the day after the last on
                                which the alarm is in time to day 20 of a fault
    wrong ships                 at most WRONG of the experiments that change nothing
    right ships                 at least RIGHT of the others
    alarms                      all but LATE_ALARMS in time, of all worlds together
    false alarms                on at most FALSE_ALARMS days

All 231 days should take a few seconds with one thread; a run that computes for 45 s is
stopped. shop_plan says what the real shop would need.
"""

import numpy as np

CATEGORIES, SUPPLIERS, GROUPS, SLOTS = 8, 5, 4, 4
VISITS = (1, 4)
DAYS, HISTORY_DAYS = 77, 28
TRIAL = 0.1
COUPON = 0.15
RETURN_COST = 8.0
RETURN_DAYS = (2, 13)
GO_ON, SHIP, STOP = 0, 1, 2
TEST_DAYS = 28

PROFIT = 0.76
NEW_AGE = 28
NEW = 0.4
GAIN = 0.5
WASTED = 0.01
SALE = 0.72
FAULTY = 0.025
AGAIN = 0.008
WRONG = 0.07
RIGHT = 0.7
IN_TIME_DAYS = {"visits": 3, "returns": 12}
ALARM_DAYS = 12
LATE_ALARMS = 1
FALSE_ALARMS = 6


def shop_plan(
    sessions_per_day: float, peak_factor: float, base_rate: float, lift: float
) -> dict[str, float]:
    """Return what the real shop needs to serve, to log and to run an experiment.

    Each session asks 5 times, each request scores 400 candidates at 2 microseconds of a
    core, and cores may be busy 60 % of the time at the peak. A request logs 500 bytes,
    which are kept for 90 days. An experiment of two arms, at a level of 5 % and a power
    of 80 %, takes 16 p (1 - p) / d**2 sessions an arm, with d the difference of the
    rates; half of all sessions are in it, a quarter in each arm.

    Args:
        sessions_per_day: How many there are.
        peak_factor: How many times the mean rate of the day the peak has.
        base_rate: p, the share of sessions with a purchase, above 0 and below 1.
        lift: By which share of it the experiment should raise it, above 0.

    Returns:
        "requests" a second at the peak; "cores", not rounded; "gigabytes" of 1e9 bytes;
        "per_arm" sessions; "days" of the experiment, not rounded.

    Example:
        >>> shop_plan(1.728e6, 3.0, 0.04, 0.05)["requests"]
        300.0
    """
    raise NotImplementedError


class ShopRecommender:
    """Decides on items and coupons, raises alarms, and reads out experiments.

    On each day from 0 on, recommend is called once, then read_out. The same rng and
    calls give the same decisions.

    Source: Gupta et al. (2020), Uplift modeling, and Johari et al. (2017), Peeking at
    A/B tests, doi:10.1145/3097983.3097992.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a recommender that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        raise NotImplementedError

    def recommend(
        self,
        day: int,
        items: dict[str, np.ndarray],
        sessions: dict[str, np.ndarray],
        log: dict[str, np.ndarray],
        returns: dict[str, np.ndarray],
    ) -> tuple[np.ndarray, np.ndarray, list[str]]:
        """Decide on the sessions of a day, after learning from the log.

        Args:
            day: 0 or more.
            items: Arrays (m,) of the seven fields.
            sessions: Arrays (n,) of the four fields; n may be 0.
            log: The sessions that became known, perhaps none.
            returns: The returns that became known, perhaps none.

        Returns:
            (n, SLOTS) of integers, different items for each session; (n,) of 1 for a
            coupon or 0 for none; and some of "visits" and "returns".
        """
        raise NotImplementedError

    def read_out(self, day: int, tests: dict[str, np.ndarray]) -> np.ndarray:
        """Return what becomes of the experiments that run.

        Args:
            day: As in recommend.
            tests: Arrays (e,) of the five fields; e may be 0.

        Returns:
            (e,) of GO_ON, SHIP or STOP.
        """
        raise NotImplementedError
