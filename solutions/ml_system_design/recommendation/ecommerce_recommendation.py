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

_CELLS = GROUPS * (len(VISITS) + 1)
_EVERY = 5  # days from one fit of all factors to the next
# The priors of the factors: they are 1, as sure as after so many sales.
_SURE = {
    "base": 1e-6,
    "kind": 3.0,
    "taste": 8.0,
    "basket": 8.0,
    "last": 4.0,
    "cut": 8.0,
    "dear": 8.0,
    "thin": 8.0,
    "item": 2.5,
}
_CALM = 8.0  # how much narrower than its posterior a factor of an item is drawn
_BACK = 6.0  # sales that the prior of an item's returns counts
_WORSE, _ALARM = 3.0, 6.0  # times the returns of a sound supplier; log likelihood ratio
_FRESH = 8  # days for which a sale tells of a fault
_Z = 2.2  # one-sided level of 1.4 %


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
    requests = sessions_per_day * 5 / 86_400 * peak_factor
    per_arm = 16 * base_rate * (1 - base_rate) / (base_rate * lift) ** 2
    return {
        "requests": requests,
        "cores": requests * 400 * 2e-6 / 0.6,
        "gigabytes": sessions_per_day * 5 * 500 * 90 / 1e9,
        "per_arm": per_arm,
        "days": per_arm / (sessions_per_day / 4),
    }


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
        self._rng = rng
        self._buyers = _Buyers()
        self._returns = _Returns()

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
        odd = _contradicts(sessions)
        outage = odd.sum() > 3
        alarms = ["visits"] if outage else []
        self._buyers.learn(day, items, log)
        if self._returns.learn(day, items, log, returns):
            alarms.append("returns")
        chance = self._buyers.chances(items, sessions, self._rng)
        lift = self._buyers.lifts()[_cell(sessions)]
        plain = chance * self._worth(items, 0)
        given = chance * lift[:, None] * self._worth(items, 1)
        slots, value = _best(plain)
        others, more = _best(given)
        coupon = more > value
        if outage:
            coupon &= sessions["visits"] > 0  # who reads 0 may be anyone
        slots = np.where(coupon[:, None], others, slots)
        return slots, coupon.astype(int), alarms

    def read_out(self, day: int, tests: dict[str, np.ndarray]) -> np.ndarray:
        """Return what becomes of the experiments that run.

        Args:
            day: As in recommend.
            tests: Arrays (e,) of the five fields; e may be 0.

        Returns:
            (e,) of GO_ON, SHIP or STOP.
        """
        n = tests["visitors"]
        a, b = tests["buyers_a"] / n, tests["buyers_b"] / n
        mean = (a + b) / 2
        z = (b - a) / np.sqrt(2 * mean * (1 - mean) / n + 1e-12)
        # One look, on the day that was fixed beforehand.
        over = tests["age"] >= TEST_DAYS
        return np.where(over, np.where(z > _Z, SHIP, STOP), GO_ON)

    def _worth(self, items: dict[str, np.ndarray], coupon: int) -> np.ndarray:
        """Return (m,) what a sale earns, once it has come back or not."""
        back = self._returns.share
        paid = items["price"] * (1 - COUPON * coupon)
        worth = (1 - back) * (paid - items["cost"]) - back * RETURN_COST
        return np.where(items["stock"] > 0, worth, -1e6)


class _Buyers:
    """Chances as products of factors, each with a gamma prior around 1.

    Given the others, a factor is (sales + prior) / (sales expected without it + prior);
    a few rounds over all of them fit the log. Coupons have factors of their own, taken
    from the trial and from own decisions, which saw nothing that is not logged; those
    of the old rule have others, so that what it saw harms nothing.
    """

    def __init__(self) -> None:
        c = CATEGORIES
        sizes = {
            "base": 1,
            "kind": 4 * _CELLS,
            "taste": GROUPS * c,
            "basket": (c + 1) * c,
            "last": (c + 1) * c,
            "cut": 2,
            "dear": 6,
            "thin": 6,
            "item": 0,
        }
        self.tables = {name: np.ones(size) for name, size in sizes.items()}
        self.tables["base"][:] = 0.05
        self.past: list[dict[str, np.ndarray]] = []
        self.sold = self.hoped = np.zeros(0)

    def learn(
        self, day: int, items: dict[str, np.ndarray], log: dict[str, np.ndarray]
    ) -> None:
        """Fit all factors each few days, those of items each day."""
        m = items["price"].size
        self.tables["item"] = _grown(self.tables["item"], m, 1.0)
        rows = _rows(items, log)
        self.past.append(rows)
        if day % _EVERY == 0:
            rows = {k: np.concatenate([r[k] for r in self.past]) for k in rows}
            self.past = [rows]
            self._fit(rows, 6 if day == 0 else 2)
            self.sold = self.hoped = np.zeros(m)
        item, table = rows["item"], self.tables["item"]
        hoped = np.bincount(item, self._expected(rows), m) / table
        self.hoped = _grown(self.hoped, m, 0.0) + hoped
        self.sold = _grown(self.sold, m, 0.0) + np.bincount(item, rows["bought"], m)
        sure = _SURE["item"]
        self.tables["item"] = (self.sold + sure) / (self.hoped + sure)

    def chances(
        self,
        items: dict[str, np.ndarray],
        sessions: dict[str, np.ndarray],
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Return (n, m) chances without a coupon, items drawn as they may be."""
        tables, c = self.tables, CATEGORIES
        sure = _SURE["item"]
        unit = rng.gamma(_CALM * (self.sold + sure)) / (_CALM * (self.hoped + sure))
        for name, at in _of_items(items, items["price"]).items():
            unit = unit * tables[name][at]
        chance = tables["taste"].reshape(-1, c)[sessions["group"]]
        chance = chance * tables["basket"].reshape(-1, c)[sessions["basket"] + 1]
        chance = chance * tables["last"].reshape(-1, c)[sessions["last"] + 1]
        chance = chance * (tables["base"] * tables["kind"][_cell(sessions)])[:, None]
        return chance[:, items["category"]] * unit

    def lifts(self) -> np.ndarray:
        """Return what a coupon makes of the chance, for each kind of customer."""
        without, with_it = self.tables["kind"].reshape(4, -1)[:2]
        return with_it / without

    def _fit(self, rows: dict[str, np.ndarray], rounds: int) -> None:
        for _ in range(rounds):
            expected = self._expected(rows)
            for name, table in self.tables.items():
                at, sure = rows[name], _SURE[name]
                sold = np.bincount(at, rows["bought"], table.size)
                hoped = np.bincount(at, expected, table.size) / table
                new = (sold + sure) / (hoped + sure)
                expected *= (new / table)[at]
                self.tables[name] = new

    def _expected(self, rows: dict[str, np.ndarray]) -> np.ndarray:
        expected = np.ones(rows["item"].size)
        for name, table in self.tables.items():
            expected *= table[rows[name]]
        return expected


class _Returns:
    """Shares that come back, and a monitor of each supplier.

    A sale is known to be kept only when its time is over, so it counts as the share of
    returns that would have come by now. A fault is a sum of log likelihood ratios, of
    returns of recent sales, that does not fall below 0 (Page 1954).
    """

    def __init__(self) -> None:
        self.sold = np.zeros((HISTORY_DAYS + DAYS, 0))  # by day and item
        self.back = np.zeros((HISTORY_DAYS + DAYS, 0))
        self.share = np.zeros(0)
        self.sums = np.zeros(SUPPLIERS)
        self.faulty: dict[int, int] = {}  # since when

    def learn(
        self,
        day: int,
        items: dict[str, np.ndarray],
        log: dict[str, np.ndarray],
        returns: dict[str, np.ndarray],
    ) -> bool:
        """Take in sales and returns, and say whether a supplier turned bad."""
        m, supplier = items["price"].size, items["supplier"]
        self.sold, self.back = _grown(self.sold, m, 0.0), _grown(self.back, m, 0.0)
        rows, slots = np.nonzero(log["bought"])
        when = log["day"][rows] + HISTORY_DAYS
        np.add.at(self.sold, (when, log["shown"][rows, slots]), 1)
        np.add.at(self.back, (returns["sold"] + HISTORY_DAYS, returns["item"]), 1)
        age = day + HISTORY_DAYS - np.arange(self.sold.shape[0])
        heard = day > 0 and self._hear(age, supplier, returns, day)

        first, last = RETURN_DAYS
        known = ((age - first + 1) / (last - first + 1)).clip(0, 1)
        over, back = self.sold * known[:, None], self.back.copy()
        for one, since in self.faulty.items():
            over[:since, supplier == one] = 0
            back[:since, supplier == one] = 0
        over, back, kind = over.sum(0), back.sum(0), items["category"]
        hoped = np.bincount(kind, back, CATEGORIES) + 1
        prior = (hoped / (np.bincount(kind, over, CATEGORIES) + 6))[kind]
        self.share = (back + _BACK * prior) / (over + _BACK)
        for one in [*self.faulty]:
            mine = supplier == one
            many, few = over[mine].sum(), back[mine].sum()
            self.share[mine] = (few + 12) / (many + 15)
            if many > 40 and few < 0.4 * many:
                del self.faulty[one]  # it was none
        return heard

    def _hear(
        self,
        age: np.ndarray,
        supplier: np.ndarray,
        returns: dict[str, np.ndarray],
        day: int,
    ) -> bool:
        """Compare today's returns of recent sales with what was to be expected."""
        first, last = RETURN_DAYS
        recent = (age >= first) & (age <= _FRESH)
        share = np.append(self.share, np.full(supplier.size - self.share.size, 0.2))
        hoped = self.sold[recent].sum(0) * share / (last - first + 1)
        hoped = np.bincount(supplier, hoped, SUPPLIERS)
        item = returns["item"][returns["sold"] >= day - _FRESH]
        came = np.bincount(supplier[item], minlength=SUPPLIERS)
        self.sums += came * np.log(_WORSE) - (_WORSE - 1) * hoped
        self.sums = self.sums.clip(0)
        loud = np.flatnonzero(self.sums > _ALARM).tolist()
        new = [one for one in loud if one not in self.faulty]
        for one in new:
            self.faulty[one] = day + HISTORY_DAYS - _FRESH + 1
        return bool(new)


def _rows(
    items: dict[str, np.ndarray], log: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return of each slot of the log which of the factors it has."""
    lost = np.isin(log["day"], log["day"][_contradicts(log)]) & (log["visits"] == 0)
    log = {name: values[~lost] for name, values in log.items()}
    item = log["shown"].ravel()
    kind = items["category"][item]
    fair = (log["trial"] == 1) | (log["day"] >= 0)
    arm = log["coupon"] + np.where(fair, 0, 2)
    some = {name: values[item] for name, values in items.items()}
    return {
        "base": np.zeros(item.size, dtype=int),
        "kind": np.repeat(arm * _CELLS + _cell(log), SLOTS),
        "taste": np.repeat(log["group"], SLOTS) * CATEGORIES + kind,
        "basket": np.repeat(log["basket"] + 1, SLOTS) * CATEGORIES + kind,
        "last": np.repeat(log["last"] + 1, SLOTS) * CATEGORIES + kind,
        "item": item,
        "bought": log["bought"].ravel(),
        **_of_items(some, log["price"].ravel()),
    }


def _of_items(items: dict[str, np.ndarray], price: np.ndarray) -> dict[str, np.ndarray]:
    """Return whether items are cut in price, how dear they are, and how thin."""
    usual = items["usual"]
    return {
        "cut": (price < 0.9 * usual).astype(int),
        "dear": np.digitize(usual, [14, 19, 25, 32, 45]),
        "thin": np.digitize(items["cost"] / usual, [0.5, 0.58, 0.66, 0.74, 0.8]),
    }


def _cell(rows: dict[str, np.ndarray]) -> np.ndarray:
    """Return the kind of customer: by group, and by the step of visits."""
    step = np.searchsorted(VISITS, rows["visits"], side="right")
    return rows["group"] * (len(VISITS) + 1) + step


def _contradicts(rows: dict[str, np.ndarray]) -> np.ndarray:
    """Return who was never here and bought something."""
    return (rows["visits"] == 0) & (rows["last"] >= 0)


def _best(value: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the best SLOTS columns of each row, and their sum."""
    at = np.argpartition(-value, SLOTS, axis=1)[:, :SLOTS]
    return at, np.take_along_axis(value, at, 1).sum(1)


def _grown(values: np.ndarray, size: int, fill: float) -> np.ndarray:
    """Return an array with as many last columns as there are items now."""
    more = np.full((*values.shape[:-1], size - values.shape[-1]), fill)
    return np.concatenate([values, more], axis=-1)
