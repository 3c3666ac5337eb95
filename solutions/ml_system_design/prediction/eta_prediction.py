"""PROMPT

more.
"""

from collections.abc import Callable
from statistics import NormalDist

import numpy as np

HOURS = (7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
DISTRICT = (0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5)
DAYS = 42
TRACKED = 60.0
LOOK_UPS = 6
RULE = (1.5, 2.4)
LATE = (0.5, 0.9)
EARLY = (0.5, 0.1)
MEASURED_FROM = 7
RECOVERY = (1, 3)
USUAL = 0.9
KEPT = 0.86
WIDTH = 1.25
LONG = 20.0
RUSH = (8, 9, 16, 17, 18)
KEPT_LONG = 0.84
IN_OUTAGE = 0.7
KEPT_IN_OUTAGE = 0.85
RECOVERED = 0.9
IN_TIME_DAYS = {"feed": 2, "closure": 3}
ALARM_DAYS = 5
FALSE_ALARMS = 3

_ROADS, _DISTRICTS = len(DISTRICT), max(DISTRICT) + 1
_HERE = np.eye(_DISTRICTS)[list(DISTRICT)]  # (roads, districts)
_WORKS = 0.04  # what a road changes in a day, as a deviation
_JAM, _STAYS = 0.35, 0.85  # a jam's deviation, and what is left after an hour
_FEED = 0.12  # deviation of the feed's error
_Z90 = NormalDist().inv_cdf(0.9)
_TABLE = np.linspace(-8, 8, 1601)
_TAIL = np.array([1 - NormalDist().cdf(z) for z in _TABLE])


class EtaService:
    """A service."""

    def __init__(self, rng: np.random.Generator) -> None:
        """Start."""
        self._streets = _Streets()
        self._scatter = _Scatter()
        self._watch = _Watch()

    def predict(
        self,
        day: int,
        hour: int,
        rain: bool,
        free: np.ndarray,
        log: dict[str, np.ndarray],
        look_up: Callable[[np.ndarray], np.ndarray],
    ) -> np.ndarray:
        """Return quantiles."""
        self._learn(log)
        self._streets.next_hour(day, hour, rain)
        used = free.sum(0)
        roads = self._streets.roads_to_ask(used)
        feed = np.log(look_up(roads))
        if not self._watch.is_stale(day, roads, feed):
            self._streets.read_feed(roads, feed)
        self._asked = roads
        centre, shared, parts = self._streets.trips(free)
        centre = centre + self._scatter.road() * (1 - parts) / 2
        spread = np.sqrt(shared + self._scatter.variance(parts))
        return np.exp(centre[:, None] + spread[:, None] * np.array([0, _Z90]))

    def end_day(self, day: int) -> list[str]:
        """Return alarms."""
        return self._watch.alarms(day, self._streets.closed_roads())

    def _learn(self, log: dict[str, np.ndarray]) -> None:
        free, arrived = log["free"], log["arrived"]
        if not arrived.size:
            return
        centre, shared, parts = self._streets.trips(free)
        centre = centre + self._scatter.road() * (1 - parts) / 2
        noise = self._scatter.variance(parts)
        spread = np.sqrt(shared + noise)
        # A trip under way took longer: in its place stands what that is on average.
        z = (np.log(log["minutes"]) - centre) / spread
        mean, variance = _beyond(z)
        z = np.where(arrived, z, mean)
        left = np.where(arrived, 0.0, variance)
        self._scatter.learn(parts, (z**2 + left) * spread**2 - shared, spread)
        self._streets.learn(z * spread, noise + left * spread**2)


def _beyond(z: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and variance of a standard normal number that is above z."""
    z = z.clip(-7, 7)
    tail = np.interp(z, _TABLE, _TAIL)
    mean = np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) / tail
    return mean, (1 + z * mean - mean**2).clip(1e-3)


class _Streets:
    """A Gaussian belief of what makes each road slow, as a Kalman filter.

    The state is a level of each road, a jam of each district, its usual hours on
    working days, its weekends, and what rain adds.
    """

    def __init__(self) -> None:
        d = _DISTRICTS
        sizes = (_ROADS, d, d * len(HOURS), d, d)
        deviations = (0.4, _JAM, 0.5, 0.3, 0.2)
        self.mean = np.zeros(sum(sizes))
        self.mean[:_ROADS] = 0.2
        self.cov = np.diag(np.repeat(np.square(deviations), sizes))
        self.jams = slice(_ROADS, _ROADS + d)
        self.when = (0, 0)
        self.told = np.zeros((_ROADS, _ROADS))  # by today's trips, of each road
        self.heard = np.zeros(_ROADS)
        self.feedless = np.zeros(_ROADS, dtype=bool)
        self.rows = np.zeros((_ROADS, self.mean.size))
        new = _JAM**2 * (0.6 * np.eye(d) + 0.4)
        self.new_jam = new

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
        weekend = day % 7 >= 5
        if not weekend:
            at[range(_DISTRICTS), range(_DISTRICTS), HOURS.index(hour)] = 1
        self.rows = np.hstack(
            [
                np.eye(_ROADS),
                _HERE,
                _HERE @ at.reshape(_DISTRICTS, -1),
                _HERE * weekend,
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

    def trips(self, free: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return the logarithm's centre, the variance of the roads, and sum of w^2."""
        minutes = free * np.exp(self.road)
        total = minutes.sum(1)
        self.weights = minutes / total[:, None]
        shared = ((self.weights @ self.road_cov) * self.weights).sum(1)
        return np.log(total), shared, (self.weights**2).sum(1)

    def learn(self, surprise: np.ndarray, noise: np.ndarray) -> None:
        """Learn from trips."""
        weights = self.weights
        scaled = weights.T / noise
        self.told += scaled @ weights
        self.heard += scaled @ surprise
        self._update(weights, surprise, noise)

    def closed_roads(self) -> list[int]:
        """Return roads on which today's trips were far slower than expected."""
        cov = np.linalg.inv(self.told + 4 * np.eye(_ROADS))
        slower = cov @ self.heard
        mates = _HERE @ _HERE.T - np.eye(_ROADS)
        rel = slower - (mates @ slower) / mates.sum(1)
        self.told[:] = self.heard[:] = 0
        found = np.flatnonzero((rel > 0.5) & (slower > 4 * np.sqrt(np.diag(cov))))
        for road in found:
            same = np.flatnonzero(_HERE[:, DISTRICT[road]])
            self.cov[same, same] += 0.1
            self.cov[road, road] += 1.0
            self.feedless[road] = True
        self._now()
        return found.tolist()

    def _update(
        self, weights: np.ndarray, surprise: np.ndarray, noise: np.ndarray
    ) -> None:
        scaled = weights.T / noise  # (roads, n)
        precision = scaled @ weights
        # K = gain (I + precision cov)^-1 weights' / noise
        inner = np.linalg.solve(
            np.eye(_ROADS) + precision @ self.road_cov,
            np.column_stack([scaled @ surprise, precision]),
        )
        self.mean = self.mean + self.gain @ inner[:, 0]
        cov = self.cov - self.gain @ inner[:, 1:] @ self.gain.T
        self.cov = (cov + cov.T) / 2
        self._now()


class _Scatter:
    """How much trips scatter: a driver's variance, and a road's by its share."""

    def __init__(self) -> None:
        self.gram = 50 * np.array([[1.0, 0.4], [0.4, 0.2]])
        self.sums = self.gram @ np.array([0.01, 0.1])

    def variance(self, parts: np.ndarray) -> np.ndarray:
        driver, road = np.linalg.solve(self.gram, self.sums).clip(0.002)
        return driver + road * parts

    def road(self):
        return max(np.linalg.solve(self.gram, self.sums)[1], 0.0)

    def learn(self, parts: np.ndarray, squares: np.ndarray, spread: np.ndarray) -> None:
        x = np.column_stack([np.ones(parts.size), parts])
        w = 1 / spread**4
        w /= w.mean()
        self.gram = 0.998 * self.gram + (x.T * w) @ x
        self.sums = 0.998 * self.sums + (x.T * w) @ squares.clip(-1, 1)


class _Watch:
    """What is watched."""

    def __init__(self) -> None:
        self.last = np.full(_ROADS, np.nan)
        self.stale = False

    def is_stale(self, day: int, roads: np.ndarray, feed: np.ndarray) -> bool:
        same = (feed == self.last[roads]).any()
        self.last[roads] = feed
        self.stale |= bool(same)
        return bool(same)

    def alarms(self, day: int, closed: list[int]) -> list[str]:
        raised = ["feed"] * self.stale + ["closure"] * bool(day > 8 and closed)
        self.stale = False
        return raised
