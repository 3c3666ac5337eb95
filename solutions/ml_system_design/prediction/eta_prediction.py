"""Predict arrival times.

A courier service promises arrival times. Before each trip it says a median (P50), which
plans the fleet, and a 90th percentile (P90), which the customer is promised. Build the
service: it learns from trips, asks a traffic feed that costs money, and raises an alarm
when something is wrong. We run it for DAYS days in each of three simulated cities, a
new service in each.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, is a first version to improve on:

    def __init__(self, rng):
        self.rng = rng

    def predict(self, day, hour, rain, free, log, look_up):
        return free.sum(1)[:, None] * np.array(RULE)

    def end_day(self, day):
        return []

The city has roads 0 to 23; DISTRICT says where each is. Trips leave in batches of some
70, one at each of HOURS. Those of a batch leave one district's depot, the same way
round the city, and pass through one to three districts in a row; each depot has two
batches a day, in any order. On a road a trip takes its minutes on the empty road times
what makes it slow then: the level of the road, which works change a little each day;
the rush of its district, with hours and heights of its own, the same every day; rain,
which comes and goes by the hour and slows each district by a factor of its own, of
about two; and jams, which are shared by a district and a little by the city. There are
jams at the first hour too; they last for hours and are gone the next morning. Drivers
differ by a factor for the whole trip, and luck (lights, lanes) by one for each road. So
the roads of a trip are neither independent nor all late together.

The log. Phones report for TRACKED minutes after departure. Each batch comes with a log
of the batch before: trips that took less have arrived; of the others, the slow ones,
only the TRACKED minutes are known, for ever.

The feed. `look_up(roads)` tells for each road how many times longer it takes now than
when it is empty, with an error of about a tenth. At most LOOK_UPS roads may be looked
up for a batch, all calls together; the simple rule answers a batch in which you look
up more. Cars tell the feed: a closed road, on which there are none, reads as empty.

Events. One city is quiet. Each of the others has both of these, in any order, 9 days or
more apart and none before day 12, on days that nobody tells you:

    outage   for 7 days the feed repeats for each road what it said at the last batch
    closure  from then on one road is closed: its trips take a detour, which takes
             seven to eight times as long and counts as that road; its district slows

Alarms. end_day raises "feed" for an outage and "closure" for a closure, whatever the
road, each for the first time on one of the first IN_TIME_DAYS days of its event. The
day on which an event begins counts as its first. An alarm is true on the first
ALARM_DAYS days of its own event, and false on every other day.

Money. A minute later than said costs LATE, a minute earlier EARLY, in euros, for P50
and for P90; on average the true percentiles cost least. The oracle says them: it knows
how slow each road is at the hour and how trips scatter. We measure over the cities
together, from day MEASURED_FROM on, budget and alarms from day 0 on:

    of the way on usual days    at least USUAL: (the rule's cost - yours) / (the rule's
                                - the oracle's), outages and the first RECOVERY days of
                                a closure left out
    P90 holds, worst group      for at least KEPT of the trips in each group: of each
                                district (where most of the time on empty roads is), of
                                each hour, of wet hours, of 1 or 2, 3 to 5, and 6 or
                                more roads
    P90 holds, long trips       for at least KEPT_LONG of those of LONG minutes or more
                                on empty roads, at the hours RUSH
    P90 holds in an outage      for at least KEPT_IN_OUTAGE of its trips
    width                       the sum of P90 - P50 is at most WIDTH times the oracle's
    cost in an outage           at most IN_OUTAGE times the oracle's
    cost of detours             at most RECOVERED times the oracle's, on trips over the
                                closed road, on day RECOVERY of the closure alone
    batches over budget         none
    alarms                      all but LATE_ALARMS in time, of all cities together
    false alarms                on at most FALSE_ALARMS days

All 1,512 batches should take a few seconds with one thread; a run that computes for
45 s is stopped. serving_plan says what the real service would need.
"""

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
DISTRICT = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5)
DAYS = 42
TRACKED = 45.0  # minutes
LOOK_UPS = 3  # roads of a batch
RULE = (1.5, 2.4)  # for P50 and P90, as LATE and EARLY
LATE = (0.5, 0.9)  # euros a minute
EARLY = (0.5, 0.1)

MEASURED_FROM = 7  # days
USUAL = 0.93
KEPT = 0.86
LONG = 20.0  # minutes on empty roads
RUSH = (8, 9, 16, 17, 18)
KEPT_LONG = 0.862
KEPT_IN_OUTAGE = 0.845
WIDTH = 1.45
IN_OUTAGE = 1.9
RECOVERY = 3  # the day of a closure, of which the first is 1
RECOVERED = 1.8
IN_TIME_DAYS = {"feed": 2, "closure": 4}
ALARM_DAYS = 7
LATE_ALARMS = 1
FALSE_ALARMS = 8

_ROADS, _DISTRICTS = len(DISTRICT), max(DISTRICT) + 1
_HERE = np.eye(_DISTRICTS)[list(DISTRICT)]  # (roads, districts)
_WORKS = 0.01  # what a road changes in a day, as a deviation
_JAM, _STAYS = 0.4, 0.75  # a jam's deviation, and what is left after an hour
_FEED = 0.12  # deviation of the feed's error
_Z90 = NormalDist().inv_cdf(0.9)
_GRID = np.linspace(-8, 8, 1601)
_TAIL = np.array([1 - NormalDist().cdf(z) for z in _GRID])
_LEARNT = 9  # days, before which a slow road is no news
_DETOUR = 2.0  # what a closure adds, as a logarithm
_SLOWER = 0.5  # than its district, as a logarithm: a road that was closed


def serving_plan(
    trips_per_day: float, peak_factor: float, trip_minutes: float
) -> dict[str, float]:
    """Return what the real service needs, where trips are predicted anew on the way.

    Each trip under way is predicted anew every 30 s, from the states of 50 roads; that
    takes 3 ms of a core, and cores may be busy 60 % of the time at the peak. Its phone
    reports every 4 s: 40 bytes, which are kept for 90 days.

    Args:
        trips_per_day: How many start.
        peak_factor: How many times the mean rate of the day the peak has.
        trip_minutes: How long a trip takes on average, at the peak too.

    Returns:
        At the peak "under_way", and "predictions", "road_reads" and "pings" a second;
        "cores", not rounded; "gigabytes" of 1e9 bytes, of all reports that are kept.

    Example:
        >>> serving_plan(864_000, 2.0, 30.0)["under_way"]
        36000.0
    """
    started = trips_per_day / 86_400 * peak_factor  # a second, at the peak
    under_way = started * trip_minutes * 60
    predictions = under_way / 30
    reports = trips_per_day * trip_minutes * 60 / 4  # a day
    return {
        "under_way": under_way,
        "predictions": predictions,
        "road_reads": predictions * 50,
        "pings": under_way / 4,
        "cores": predictions * 0.003 / 0.6,
        "gigabytes": reports * 40 * 90 / 1e9,
    }


class EtaService:
    """A service that says when trips arrive, learns from them, and raises alarms.

    On each day from 0 on, predict is called for the batch of each of HOURS, and then
    end_day. The same rng and calls give the same answers.

    Source: Woodard et al. (2017), doi:10.1016/j.trc.2016.10.011.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start a service that knows nothing of its city yet.

        Args:
            rng: For what is drawn at random.
        """
        self._streets = _Streets()
        self._scatter = _Scatter()
        self._last = np.full(_ROADS, np.nan)  # what the feed said of each road
        self._stale = False
        self._z90 = _Z90

    def predict(
        self,
        day: int,
        hour: int,
        rain: bool,
        free: np.ndarray,
        log: dict[str, np.ndarray],
        look_up: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Return the median and the 90th percentile of each trip's minutes.

        Args:
            day: 0 or more.
            hour: One of HOURS, at which all trips of the batch leave.
            rain: Whether it rains at that hour.
            free: (n, 24) the minutes of each trip on each road when it is empty, 0
                where it does not pass; n may be 0.
            log: The m trips of the batch before: "free" (m, 24); "minutes" (m,), at
                most TRACKED; "arrived" (m,), False for a trip that was still under way
                then. m is 0 at the first batch.
            look_up: `look_up(roads)` with roads (k,) of integers gives (k,) what the
                feed says; a road that is looked up twice counts twice.

        Returns:
            (n, 2) of floats above 0: P50, and P90 which is no less. When all
            minutes of a trip in free are multiplied by the same number above 1,
            neither its P50 nor its P90 falls.
        """
        self._learn(log)
        self._streets.next_hour(day, hour, rain)
        roads = self._streets.roads_to_ask(free.sum(0))
        feed = np.log(look_up(roads))
        if not self._is_stale(roads, feed):
            self._streets.read_feed(roads, feed)
        centre, shared, parts = self._streets.trips(free, self._scatter.road)
        spread = np.sqrt(shared + self._scatter.variance(parts))
        return np.exp(centre[:, None] + spread[:, None] * np.array([0, self._z90]))

    def end_day(self, day: int) -> list[str]:
        """Return the alarms of a day that is over.

        Args:
            day: As in predict.

        Returns:
            Some of "feed" and "closure".
        """
        alarms = ["feed"] if self._stale else []
        self._stale = False
        if self._streets.find_closed_roads(day):
            alarms.append("closure")
        return alarms

    def _is_stale(self, roads: np.ndarray, feed: np.ndarray) -> bool:
        """Return whether the feed says of a road to the last digit what it said."""
        stale = bool((feed == self._last[roads]).any())
        self._last[roads] = feed
        self._stale |= stale
        return stale

    def _learn(self, log: dict[str, np.ndarray]) -> None:
        """Learn from the batch before, at whose hour the streets still stand."""
        arrived = log["arrived"]
        if not arrived.size:
            return
        centre, shared, parts = self._streets.trips(log["free"], self._scatter.road)
        noise = self._scatter.variance(parts)
        spread = np.sqrt(shared + noise)
        z = (np.log(log["minutes"]) - centre) / spread
        # Promises that could be seen to fail say how far out the 90 % really are.
        seen = centre + self._z90 * spread < np.log(TRACKED)
        if seen.any():
            self._z90 += 0.05 * ((z > self._z90)[seen].mean() - 0.1)
        # A trip under way took longer: in its place stands what that is on average,
        # and it tells the less the longer it was to take.
        mean, variance = _beyond(z)
        z, left = np.where(arrived, z, mean), np.where(arrived, 0.0, variance)
        self._scatter.learn(parts, (z**2 + left) * spread**2 - shared, spread)
        told = (1 - left).clip(0.02)
        self._streets.learn(z * spread / told, noise + spread**2 * (1 / told - 1))


def _beyond(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a standard normal number that is above z."""
    z = z.clip(-7, 7)
    tail = np.interp(z, _GRID, _TAIL)
    mean = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / tail
    return mean, (1 + z * mean - mean**2).clip(1e-3)


class _Streets:
    """A Gaussian belief of what makes each road slow, as a Kalman filter.

    The state is a level of each road, a jam of each district, its usual hours, and
    what rain adds.
    """

    def __init__(self) -> None:
        d = _DISTRICTS
        sizes = (_ROADS, d, d * len(HOURS), d)
        deviations = (0.4, _JAM, 0.5, 0.5)
        self.mean = np.zeros(sum(sizes))
        self.mean[:_ROADS] = 0.2
        self.cov = np.diag(np.repeat(np.square(deviations), sizes))
        self.jams = slice(_ROADS, _ROADS + d)
        self.when = (0, 0)
        self.told = np.zeros((_ROADS, _ROADS))  # by today's trips, of each road
        self.heard = np.zeros(_ROADS)
        self.morning = self.mean[:_ROADS].copy()
        self.feedless = np.zeros(_ROADS, dtype=bool)
        self.rows = np.zeros((_ROADS, self.mean.size))
        self.new_jam = _JAM**2 * (0.8 * np.eye(d) + 0.2)

    def next_hour(self, day: int, hour: int, rain: bool) -> None:
        """Go on to a batch: jams fade, and a night clears them."""
        stays = _STAYS if self.when[0] == day else 0.0
        j = self.jams
        self.mean[j] *= stays
        self.cov[j] *= stays
        self.cov[:, j] *= stays
        self.cov[j, j] += (1 - stays**2) * self.new_jam
        if self.when[0] != day:
            roads = np.arange(_ROADS)
            self.cov[roads, roads] += _WORKS**2
        self.when = day, hour
        at = np.zeros((_DISTRICTS, _DISTRICTS, len(HOURS)))
        at[range(_DISTRICTS), range(_DISTRICTS), HOURS.index(hour)] = 1
        self.rows = np.hstack(
            [
                np.eye(_ROADS),
                _HERE,
                _HERE @ at.reshape(_DISTRICTS, -1),
                _HERE * rain,
            ]
        )
        self._now()

    def _now(self) -> None:
        """Work out mean and covariance of the roads' logarithms at this hour."""
        self.gain = self.cov @ self.rows.T  # (state, roads)
        self.road = self.rows @ self.mean
        self.road_cov = self.rows @ self.gain

    def roads_to_ask(self, used: np.ndarray) -> np.ndarray:
        """Return the roads of which the feed tells most of these trips."""
        cov, chosen = self.road_cov.copy(), []
        for _ in range(LOOK_UPS):
            worth = (used @ cov) ** 2 / (np.diag(cov) + _FEED**2)
            worth[chosen] = -1
            worth[self.feedless] = -2
            best = int(worth.argmax())
            chosen.append(best)
            cov -= np.outer(cov[best], cov[best]) / (cov[best, best] + _FEED**2)
        return np.array(chosen)

    def read_feed(self, roads: np.ndarray, feed: np.ndarray) -> None:
        """Learn from what the feed says."""
        weights = np.eye(_ROADS)[roads]
        self._update(weights, feed - self.road[roads], np.full(roads.size, _FEED**2))

    def trips(
        self, free: np.ndarray, luck: float
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return how long trips take, with the variance of luck on a road.

        Returns:
            (n,) the median's logarithm, the variance that trips over the same roads
            share, and the sum of the squares of the roads' shares of the time.
        """
        minutes = free * np.exp(self.road)
        total = minutes.sum(1)
        self.weights = minutes / total[:, None]
        shared = ((self.weights @ self.road_cov) * self.weights).sum(1)
        parts = (self.weights**2).sum(1)
        # Luck on many roads adds up to its mean, which is above its median.
        return np.log(total) + luck * (1 - parts) / 2, shared, parts

    def learn(self, surprise: np.ndarray, noise: np.ndarray) -> None:
        """Learn from the trips of which trips() was asked last."""
        weights = self.weights
        scaled = weights.T / noise
        self.told += scaled @ weights
        moved = self.mean[:_ROADS] - self.morning
        self.heard += scaled @ (surprise + weights @ moved)
        self._update(weights, surprise, noise)

    def find_closed_roads(self, day: int) -> bool:
        """Return whether the day's trips over a road were far slower than expected.

        Slower than over the other roads of its district, as all of them slow down in a
        jam. What was believed of such a road is given up, and so is the feed there.
        """
        cov = np.linalg.inv(self.told + 4 * np.eye(_ROADS))
        slower = cov @ self.heard
        mates = _HERE @ _HERE.T - np.eye(_ROADS)
        alone = slower - (mates @ slower) / mates.sum(1)
        sure = slower > 4 * np.sqrt(np.diag(cov))
        found = np.flatnonzero(sure & (alone > _SLOWER))
        found = found if day >= _LEARNT else found[:0]
        for road in found:
            near = np.flatnonzero(_HERE[:, DISTRICT[road]])
            self.cov[near, near] += 0.1
            self.mean[road] = self.morning[road] + _DETOUR
            self.cov[road, road] += 0.1
            self.feedless[road] = True
        self.told[:] = self.heard[:] = 0
        self.morning = self.mean[:_ROADS].copy()
        self._now()
        return bool(found.size)

    def _update(
        self, weights: np.ndarray, surprise: np.ndarray, noise: np.ndarray
    ) -> None:
        """Take in sums of the roads' logarithms, with (n, roads) weights."""
        scaled = weights.T / noise  # (roads, n)
        precision = scaled @ weights
        # The gain is cov rows' (I + precision road_cov)^-1 weights' / noise.
        inner = np.linalg.solve(
            np.eye(_ROADS) + precision @ self.road_cov,
            np.column_stack([scaled @ surprise, precision]),
        )
        self.mean = self.mean + self.gain @ inner[:, 0]
        cov = self.cov - self.gain @ inner[:, 1:] @ self.gain.T
        self.cov = (cov + cov.T) / 2
        self._now()


class _Scatter:
    """How much trips scatter: a driver's variance, and luck's on a road."""

    def __init__(self) -> None:
        self.gram = 50 * np.array([[1.0, 0.4], [0.4, 0.2]])
        self.sums = self.gram @ np.array([0.01, 0.1])
        self.driver, self.road = 0.01, 0.1

    def variance(self, parts: np.ndarray) -> np.ndarray:
        """Return (n,) the variance of trips, from the sums of their squared shares."""
        return self.driver + self.road * parts

    def learn(self, parts: np.ndarray, squares: np.ndarray, spread: np.ndarray) -> None:
        """Regress squared surprises on the sums of squared shares."""
        x = np.column_stack([np.ones(parts.size), parts])
        weight = 1 / spread**4
        weight /= weight.mean()
        self.gram = 0.998 * self.gram + (x.T * weight) @ x
        self.sums = 0.998 * self.sums + (x.T * weight) @ squares.clip(-1, 1)
        self.driver, self.road = np.linalg.solve(self.gram, self.sums).clip(0.002)
