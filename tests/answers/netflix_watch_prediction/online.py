"""Online gradient steps with a size of their own; surprises that fade for alarms."""

import numpy as np

GENRES, GROUPS, VERSIONS = 6, 4, 3
WINDOW, LOG_DAYS = 21, 42
WIDE = 90  # weights that are shared; each title has one more


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


def columns(day, rows):
    """Return (n, 8) which weights a row has, one of each kind, but for its title's."""
    weekend = np.broadcast_to(np.asarray(day) % 7 >= 5, rows["rank"].shape)
    tenure = np.log(rows["tenure"]).clip(3, 8) - 3
    ages = np.digitize(rows["title_age"], [1, 2, 4, 6, 9, 13, 18, 25, 35])
    kinds = [
        (rows["rank"] * 0, 1),
        (rows["group"] * GENRES + rows["genre"], GROUPS * GENRES),
        (rows["genre"], GENRES),
        (rows["group"], GROUPS),
        (rows["series"] * 10 + ages, 20),
        (weekend * 1, 2),
        (tenure.astype(int), 6),
        ((rows["rank"] - 1) // 3, 7),
    ]
    start = np.cumsum([0, *(size for _, size in kinds[:-1])])
    return np.column_stack([c for c, _ in kinds]) + start


class WatchModel:
    def __init__(self, rng):
        self.rng = rng
        self.w = np.zeros(WIDE + 1000)
        self.w[0] = -1.0
        self.size = np.ones(self.w.size)  # the sum of a weight's squared slopes
        self.ridge = np.where(np.arange(self.w.size) < WIDE, 0.1, 0.25)
        self.soon = np.full((2, LOG_DAYS + 1), 1.0)
        self.hoped = None
        self.trace = np.zeros((2, VERSIONS, GENRES))
        self.short = np.zeros((2, VERSIONS))
        self.broken, self.quiet, self.drifted = {}, 5, -99
        self.first = True

    def start_day(self, day, report):
        names = ["train"] if day % 3 == 0 else []
        if self.hoped is None or day == 0:
            return names
        pair = np.array([report["same_day"], self.hoped])
        self.short = 0.4 * self.short + pair.sum(2)
        for v in range(VERSIONS):
            got, hoped = self.short[:, v]
            if v not in self.broken and got > 1.4 * hoped + 7 * hoped**0.5:
                self.broken[v] = day - 2
                names.append("logging")
        self.trace = 0.8 * self.trace + pair
        sound = [v for v in range(VERSIONS) if v not in self.broken]
        got, hoped = self.trace[:, sound].sum(1)
        z = (got - hoped) / (0.6 * hoped + (0.1 * hoped) ** 2 + 1) ** 0.5
        if np.abs(z).mean() > 2.4 and day > self.quiet:
            names.append("performance")
            self.drifted, self.quiet = day, day + 6
            self.trace[:] = 0
            self.size[:WIDE] = 1.0
        return names

    def train(self, day, log):
        shown = day - log["age"]
        keep = np.ones(shown.size, dtype=bool)
        for v, first in self.broken.items():
            keep &= (log["version"] != v) | (shown < first)
        keep &= (shown >= self.drifted - 4) | (self.rng.random(shown.size) < 0.05)
        keep &= self.rng.random(shown.size) < 0.5 ** (log["age"] / 25)
        rows = {name: values[keep] for name, values in log.items()}
        age, done = rows["age"], rows["done"] >= 0
        for kind in range(2):
            over = done & (age > WINDOW) & (rows["series"] == kind)
            days = np.bincount(rows["done"][over], minlength=WINDOW) + 0.1
            self.soon[kind, 1 : WINDOW + 1] = (days / days.sum()).cumsum()
        share = self.soon[rows["series"], age]
        at = np.column_stack([columns(shown[keep], rows), WIDE + rows["title"]])
        for _ in range(20 if self.first else 5):
            for batch in np.array_split(self.rng.permutation(age.size), 6):
                where, f = at[batch], share[batch]
                p = 1 / (1 + np.exp(-self.w[where].sum(1)))
                q = f * p
                pull = (done[batch] - q) * (1 - p) / (1 - q)
                slope = np.bincount(where.ravel(), np.repeat(pull, 9), self.w.size)
                slope = slope - self.ridge * self.w
                self.size += slope**2
                self.w += 0.1 * slope / np.sqrt(self.size)
            self.size *= 0.9
        self.first = False

    def predict(self, day, rows):
        z = self.w[columns(day, rows)].sum(1) + self.w[WIDE + rows["title"]]
        p = 1 / (1 + np.exp(-z))
        self.hoped = np.zeros((VERSIONS, GENRES))
        cell = rows["version"], rows["genre"]
        np.add.at(self.hoped, cell, p * self.soon[rows["series"], 1])
        return p
