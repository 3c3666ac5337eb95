"""Bell curves around the centre of each class in a sliding window; CUSUM alarms."""

import numpy as np

NAMES = ["amount", "account_days", "velocity", "device", "foreign", "category"]
HALF = 5.0


def as_table(fields, n):
    """Return (n, 6) of fields on scales on which bell curves are not absurd."""
    table = np.full((n, 6), np.nan)
    for j, name in enumerate(NAMES):
        if name in fields:
            table[:, j] = fields[name]
    table[:, :3] = np.log(table[:, :3])
    return table


class FraudSystem:
    def __init__(self, history, rng):
        self.rng, self.day = rng, 0
        n = len(history["id"])
        self.table = np.full((4 * n, 6), np.nan)
        self.table[:n] = as_table(history, n)
        self.when = np.full(4 * n, -1000)
        self.when[:n] = history["day"]
        self.label = np.full(4 * n, -1)  # -1 unknown
        self.label[:n] = history["label"]
        self.weight = np.ones(4 * n)
        self.size = n
        self.reviewed = {}
        self.usual = np.array([np.mean(self.table[:n, j]) for j in range(6)])
        self.spread = np.array([np.std(self.table[:n, j]) for j in range(6)])
        self.shares = np.bincount(history["category"], minlength=8) / n
        self.cusum, self.restart = 0.0, 14
        self.quick = []

    def grow(self, end):
        if end > len(self.when):
            self.table = np.concatenate([self.table, np.full_like(self.table, np.nan)])
            self.when = np.concatenate([self.when, np.full_like(self.when, -1000)])
            self.label = np.concatenate([self.label, np.full_like(self.label, -1)])
            self.weight = np.concatenate([self.weight, np.ones_like(self.weight)])

    def receive(self, day, ids, fraud):
        self.day, self.left, self.nan, self.sums = day, 20, np.zeros((6, 2)), []
        back = np.array([i not in self.reviewed for i in ids.tolist()], dtype=bool)
        age = day - self.when[ids]
        self.quick.append(int((back & (age <= 14) & (self.when[ids] >= 0)).sum()))
        self.label[ids] = fraud
        self.weight[ids] = [self.reviewed.get(i, 1.0) for i in ids.tolist()]
        self.reviewed = {}
        self.fit()

    def fit(self):
        """Measure both classes: 10 days of the good, 35 of the fraud, newest most."""
        ends = np.searchsorted(self.when[: self.size], [self.day - 45, self.day - 10])
        fraud = ends[0] + np.flatnonzero(self.label[ends[0] : self.size] == 1)
        good = ends[1] + np.flatnonzero(self.label[ends[1] : self.size] == 0)
        chosen = np.concatenate([fraud, good])
        table, weight = self.table[chosen], self.weight[chosen]
        label, age = self.label[chosen], self.day - self.when[chosen]
        self.curves, total = [], []
        for kind, fade in ((0, 30.0), (1, 14.0)):
            rows, w = table[label == kind], weight[label == kind]
            w = w * 0.5 ** (age[label == kind] / fade)
            there = ~np.isnan(rows)
            x, w2 = np.nan_to_num(rows), w[:, None] * there
            mass = w2.sum(0) + 1e-9
            mean = (w2 * x).sum(0) / mass
            var = (w2 * (x - mean) ** 2).sum(0) / mass
            var = (var * mass + HALF * self.spread**2) / (mass + HALF)
            hot = np.bincount(rows[:, 5].astype(int), w, 8)
            hot = (hot + HALF * self.shares) / (hot.sum() + HALF)
            self.curves.append((mean, var, hot))
            total.append(
                w.sum() / sum(0.5 ** (np.arange(10 if kind == 0 else 45) / fade))
            )
        self.prior = np.log((total[1] + 0.01) / (total[0] + 0.01))

    def chance(self, rows):
        z = np.full(len(rows), self.prior)
        for sign, (mean, var, hot) in zip((-1, 1), self.curves, strict=True):
            x = rows[:, :4]
            terms = -((x - mean[:4]) ** 2) / var[:4] / 2 - np.log(var[:4]) / 2
            z += sign * np.nan_to_num(terms).sum(1)
            p = np.clip(mean[4], 0.01, 0.99)
            z += sign * np.nan_to_num(
                np.log(np.where(rows[:, 4] > 0, p, 1 - p)) * (rows[:, 4] >= 0)
            )
            z += sign * np.log(hot)[rows[:, 5].astype(int)]
        return 1 / (1 + np.exp(-np.clip(z, -30, 30)))

    def decide(self, day, batch, look_up, budget):
        n = len(batch["id"])
        fields = dict(batch)
        rows = as_table(fields, n)
        amount = batch["amount"]
        chance = self.chance(rows)
        order = np.argsort(
            -np.minimum(chance * (amount + 20), 4 + 0.08 * amount), kind="stable"
        )
        for name, price in (("device", 2), ("velocity", 1)):
            some = order[
                : budget * 2 // 3 // 2
                if price == 2
                else budget - budget * 2 // 3 // 2 * 2
            ]
            fields[name] = np.full(n, np.nan)
            fields[name][some] = look_up(name, some)
        rows = as_table(fields, n)
        chance = self.chance(rows)
        approve, decline = chance * (amount + 20), (1 - chance) * (4 + 0.08 * amount)
        action = 2 * (approve > decline).astype(int)
        gain = np.minimum(approve, decline) - 4
        probe = (action == 2) & (self.rng.random(n) < 0.15)
        gain[probe] += 1000
        sent = np.argsort(-gain, kind="stable")[: min(self.left, 1 + n // 55)]
        sent = sent[gain[sent] > 0]
        self.left -= len(sent)
        action[sent] = 1
        for i in sent:
            self.reviewed[int(batch["id"][i])] = 1 / 0.15 if probe[i] else 1.0

        first, end = self.size, self.size + n
        self.grow(end)
        self.table[first:end], self.when[first:end] = rows, day
        self.label[first:end] = np.where(action == 0, 0, -1)
        self.size = end
        asked = np.full(6, n)
        asked[2] = asked[3] = 0
        lost = np.isnan(rows).sum(0)
        for j, name in ((2, "velocity"), (3, "device")):
            if budget >= 3 * n:
                asked[j] = n
            elif name:
                lost[j] = 0
        self.nan += np.array([lost, asked]).T
        self.sums.append(rows[:, [0, 1, 4, 5]])
        return action

    def end_day(self, day):
        alarms = []
        if (self.nan[:, 0] * 2 > self.nan[:, 1]).any():
            alarms.append("missing")
        seen = np.concatenate(self.sums)
        moved = False
        for j, column in zip((0, 1, 4), seen[:, :3].T, strict=True):
            if len(column) > 100 and not np.isnan(column).any():
                gap = (
                    (column.mean() - self.usual[j])
                    / self.spread[j]
                    * len(column) ** 0.5
                )
                moved |= abs(gap) > 6
                self.usual[j] += 0.1 * (column.mean() - self.usual[j])
        found = np.bincount(seen[:, 3].astype(int), minlength=8) / max(len(seen), 1)
        if len(seen) > 100:
            moved |= (
                np.abs(found - self.shares) * len(seen) ** 0.5 > 6 * self.shares**0.5
            ).any()
            self.shares += 0.1 * (found - self.shares)
        if moved:
            alarms.append("drift")
        before = self.quick[self.restart : -14]
        if len(before) > 3:
            self.cusum += self.quick[-1] - 1.5 * np.mean(before) - 1
            self.cusum = max(0.0, self.cusum)
            if self.cusum > 14:
                alarms.append("performance")
                self.cusum, self.restart = 0.0, day + 1
        return alarms
