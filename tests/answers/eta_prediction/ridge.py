"""Ridge regression that forgets, fitted anew each night, and a jam on top of it."""

import math

import numpy as np

HOURS, ROADS, DISTRICTS = range(7, 19), 24, 6
HERE = np.eye(DISTRICTS)[np.arange(ROADS) // 4]
TRACKED = 45.0


def serving_plan(trips_per_day, peak_factor, trip_minutes):
    driven = trips_per_day * trip_minutes * 60  # seconds a day
    under_way = driven / 86_400 * peak_factor
    asked = under_way / 30
    return {
        "under_way": under_way,
        "predictions": asked,
        "road_reads": asked * 50,
        "pings": under_way / 4,
        "cores": asked * 3 / 1000 / 0.6,
        "gigabytes": driven / 4 * 40 * 90 / 1e9,
    }


class EtaService:
    def __init__(self, rng):
        self.size = 2 * ROADS + DISTRICTS * (len(HOURS) + 1)
        self.theta = np.zeros(self.size)
        self.theta[:ROADS] = 0.3
        self.slope = np.zeros((self.size, self.size))
        self.answers = np.zeros(self.size)
        self.prior = np.where(np.arange(self.size) < ROADS, 0.3, 0.0)
        self.today = [0.0, 0.0]
        self.jam = np.zeros(DISTRICTS)
        self.spread = {False: [0.4, 0.33, 0.3], True: [0.5, 0.45, 0.42]}
        self.last = np.full(ROADS, np.nan)
        self.asked = np.zeros(ROADS)
        self.stale = self.out = False
        self.gram, self.heard = np.zeros((ROADS, ROADS)), np.zeros(ROADS)
        self.closed = set()
        self.when = None

    def columns(self):
        """Return (roads, size): level, rush, rain, and closed."""
        _, hour, rain = self.when
        at = np.zeros(len(HOURS) + 1)
        at[hour - HOURS[0]] = 1
        at[-1] = rain
        shut = np.diag([float(road in self.closed) for road in range(ROADS)])
        return np.hstack([np.eye(ROADS), np.kron(HERE, at), shut])

    def usual(self):
        return self.columns() @ self.theta

    def centre(self, free):
        minutes = free * np.exp(self.usual() + HERE @ self.jam)
        return np.log(minutes.sum(1)), minutes / minutes.sum(1)[:, None]

    def margins(self, free):
        roads = (free > 0).sum(1)
        return np.digitize(roads, [3, 6])

    def predict(self, day, hour, rain, free, log, look_up):
        if log["arrived"].size:
            self.learn(log)
        stays = 0.75 if self.when and self.when[0] == day else 0.0
        self.when = day, hour, rain
        self.jam = self.jam * stays
        roads = self.choose(free)
        feed = np.log(look_up(roads))
        self.out = bool((feed == self.last[roads]).any())
        self.stale |= self.out
        self.last[roads] = feed
        if not self.out:
            surprise = feed - (self.usual() + HERE @ self.jam)[roads]
            for d in range(DISTRICTS):
                mine = surprise[roads // 4 == d]
                if mine.size:
                    self.jam[d] += mine.sum() / (mine.size + 0.15)
        centre, _ = self.centre(free)
        wide = np.array(self.spread[self.out])[self.margins(free)]
        self.out_before = self.out
        return np.exp(centre[:, None] + wide[:, None] * np.array([0, 1.2816]))

    def choose(self, free):
        worth = free.sum(0) + 1
        worth[list(self.closed)] = -1
        chosen = []
        for _ in range(3):
            best = int(worth.argmax())
            chosen.append(best)
            worth[best] = -2
            worth[best // 4 * 4 : best // 4 * 4 + 4] *= np.where(
                worth[best // 4 * 4 : best // 4 * 4 + 4] > 0, 0.2, 1
            )
        return np.array(chosen)

    def learn(self, log):
        free, arrived = log["free"], log["arrived"]
        centre, share = self.centre(free)
        bins = self.margins(free)
        wide = np.array(self.spread[self.out_before])[bins]
        z = (np.log(log["minutes"]) - centre) / wide
        seen = centre + 1.2816 * wide < np.log(TRACKED)
        for b in range(3):
            rows = seen & (bins == b)
            if rows.any():
                late = (z[rows] > 1.2816).sum() - 0.1 * rows.sum()
                self.spread[self.out_before][b] *= np.exp(0.02 * late)
        tail = np.array([0.5 * math.erfc(v / 2**0.5) for v in z.clip(-5, 5)])
        mills = np.exp(-(z.clip(-5, 5) ** 2) / 2) / 2.5066 / tail
        surprise = np.where(arrived, z, mills) * wide
        # What the batch says of each district's jam, then of what lasts.
        weight = share @ HERE
        gram = (weight.T / wide**2) @ weight + np.eye(DISTRICTS) / 0.08
        step = np.linalg.solve(gram, (weight.T / wide**2) @ surprise)
        self.jam += step
        gram = (share.T / wide**2) @ share
        self.gram += gram
        self.heard += (share.T / wide**2) @ surprise
        # A step of Newton's: a trip under way that was to be long tells little.
        known = np.where(arrived, 1.0, (mills * (mills - z.clip(-5, 5))).clip(0.01))
        surprise = surprise / known
        noise = (wide**2 + 0.1 * (weight**2).sum(1)) / known
        x = share @ self.columns()
        y = surprise + share @ (self.usual() + HERE @ (self.jam - step))
        self.today[0] += (x.T / noise) @ x
        self.today[1] += (x.T / noise) @ y

    def end_day(self, day):
        alarms = ["feed"] if self.stale else []
        self.stale = False
        cov = np.linalg.inv(self.gram + 4 * np.eye(ROADS))
        slower = cov @ self.heard
        others = (HERE @ (HERE.T @ slower) - slower) / 3
        alone = slower - others
        fresh = []
        sure = alone > 4 * np.sqrt(np.diag(cov))
        for road in np.flatnonzero((alone > 0.55) & sure & (day > 8)):
            self.closed.add(int(road))
            fresh.append(int(road))
            alarms.append("closure")
        # What is far quicker than a detour was none.
        quick = slower < -np.maximum(0.5, 4 * np.sqrt(np.diag(cov)))
        self.closed -= set(np.flatnonzero(quick).tolist())
        self.gram, self.heard = np.zeros((ROADS, ROADS)), np.zeros(ROADS)
        for road in fresh:  # and what the day said of its level goes
            self.prior[-ROADS + road] = 2.0
            self.slope[-ROADS + road] = self.slope[:, -ROADS + road] = 0.0
            self.answers[-ROADS + road] = 0.0
        if not fresh:
            self.slope = 0.93 * self.slope + self.today[0]
            self.answers = 0.93 * self.answers + self.today[1]
        self.today = [0.0, 0.0]
        penalty = np.full(self.size, 20.0)
        penalty[-ROADS:] = 100.0  # few trips tell how long a detour takes
        self.theta = np.linalg.solve(
            self.slope + np.diag(penalty), self.answers + penalty * self.prior
        )
        return alarms
