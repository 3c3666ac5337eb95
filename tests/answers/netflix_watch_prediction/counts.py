"""Counts of ends against expected ones, factor by factor; sums of a week for alarms."""

import numpy as np

GENRES, GROUPS, VERSIONS = 6, 4, 3
WINDOW, LOG_DAYS = 21, 42
SIZES = {"mix": 48, "age": 12, "weekend": 2, "tenure": 8, "rank": 5, "genre": 6}
SURE = {"mix": 8.0, "age": 2.0, "weekend": 2.0, "tenure": 4.0, "rank": 4.0, "genre": 1}


def serving_plan(impressions_per_day, peak_factor, window_days):
    peak = impressions_per_day * peak_factor / 86_400
    kept = (window_days + 42) * impressions_per_day
    return {
        "predictions": peak,
        "cores": peak / 3000,
        "waiting": impressions_per_day * window_days,
        "gigabytes": kept * 1.2e-7,
        "training_hours": kept / 1.8e9,
    }


def levels(day, rows):
    """Return the level of each row in each factor."""
    age = rows["title_age"]
    mix = (rows["group"] * GENRES + rows["genre"]) * 2 + rows["series"]
    ages = [1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40]
    weekend = np.broadcast_to(np.asarray(day) % 7 >= 5, age.shape).astype(int)
    tenure = np.digitize(np.log(rows["tenure"]), [4, 4.6, 5.1, 5.5, 5.9, 6.4, 7])
    return {
        "mix": mix,
        "age": np.digitize(age, ages),
        "weekend": weekend,
        "tenure": tenure,
        "rank": (rows["rank"] - 1) // 4,
        "genre": rows["genre"],
    }


class WatchModel:
    def __init__(self, rng):
        self.odds = {name: np.zeros(size) for name, size in SIZES.items()}
        self.base, self.title = -1.0, np.zeros(0)
        self.soon = np.ones((2, LOG_DAYS + 1))
        self.hoped, self.past = None, []
        self.broken = {}
        self.fresh, self.told = -LOG_DAYS, -99

    def start_day(self, day, report):
        names = ["train"] if day % 3 == 0 else []
        if self.hoped is None or day == 0:
            return names
        self.past.append((report["same_day"], self.hoped))
        week = self.past[-6:]
        for v in range(VERSIONS):
            sums = [(got[v].sum(), hoped[v].sum() + 1) for got, hoped in week[-2:]]
            got, hoped = np.sum(sums, axis=0)
            if v not in self.broken and got > 1.5 * hoped + 6 * hoped**0.5:
                self.broken[v] = day - 2
                names.append("logging")
                self.past = []
        sound = [v for v in range(VERSIONS) if v not in self.broken]
        if len(self.past) > 2 and day > self.told + 6:
            got, hoped = (
                np.sum([pair[i][sound].sum(0) for pair in self.past[-6:]], axis=0)
                for i in range(2)
            )
            z = (got - hoped) / (hoped + (0.12 * hoped) ** 2 + 1) ** 0.5
            if (z**2).sum() > 32:
                names.append("performance")
                self.told, self.fresh = day, day - 4
                self.past = []
        return names

    def centre(self, found):
        return self.base + sum(self.odds[name][level] for name, level in found.items())

    def train(self, day, log):
        shown = day - log["age"]
        keep = np.ones(shown.size, dtype=bool)
        for v, first in self.broken.items():
            keep &= (log["version"] != v) | (shown < first)
        rows = {name: values[keep] for name, values in log.items()}
        shown, age, done = shown[keep], rows["age"], rows["done"] >= 0
        for kind in range(2):
            over = done & (age > WINDOW) & (rows["series"] == kind)
            days = np.bincount(rows["done"][over], minlength=WINDOW) + 0.1
            self.soon[kind, 1 : WINDOW + 1] = (days / days.sum()).cumsum()
        share = self.soon[rows["series"], age]
        weight = 0.5 ** (age / 20.0) * np.where(shown < self.fresh, 0.1, 1.0)
        found = levels(shown, rows)
        title = rows["title"]
        more = max(0, title.max(initial=-1) + 1 - self.title.size)
        self.title = np.append(self.title, np.zeros(more))
        for _ in range(3):
            for name in ("title", *SIZES, "base"):
                z = self.centre(found) + self.title[title]
                p = 1 / (1 + np.exp(-z))
                # Ends and no ends that were to be expected by now, had odds not moved.
                hoped, ends = weight * share * p, weight * done
                bend = (1 - p) / (1 - share * p)
                if name == "base":
                    self.base += ((ends - hoped) @ bend) / (hoped @ bend**2 + 1)
                    continue
                if name == "title":
                    level, own, sure = title, self.title, 1.6
                else:
                    level, own, sure = found[name], self.odds[name], SURE[name]
                slope = np.bincount(level, (ends - hoped) * bend, own.size)
                curve = np.bincount(level, hoped * bend * (1 - p), own.size)
                own += ((slope - sure * own) / (curve + sure)).clip(-1, 1)

    def predict(self, day, rows):
        title = rows["title"]
        own = np.append(self.title, 0.0)[np.minimum(title, self.title.size)]
        p = 1 / (1 + np.exp(-self.centre(levels(day, rows)) - own))
        self.hoped = np.zeros((VERSIONS, GENRES))
        cell = rows["version"], rows["genre"]
        np.add.at(self.hoped, cell, p * self.soon[rows["series"], 1])
        return p
