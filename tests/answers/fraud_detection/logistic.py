"""Logistic regressions on samples of the last weeks, one for each set of fields."""

import numpy as np

APPROVE, REVIEW, DECLINE = 0, 1, 2
FREE = ["amount", "category", "account_days", "foreign"]
FIELDS = [*FREE, "velocity", "device"]
WINDOW = 45
SAMPLE = 20


def features(rows, known):
    """Return columns of those fields of a table that are known of all its rows."""
    amount, category, age, foreign, velocity, device = rows.T
    numbers = {
        "amount": np.log(amount) - 3.7,
        "account_days": (np.log(age) - 5.7) / 1.3,
        "foreign": foreign - 0.2,
        "velocity": np.log(velocity) - 0.4,
        "device": device - 0.7,
    }
    columns = [np.ones(len(rows)), *(category == np.arange(8)[:, None])]
    for name, column in numbers.items():
        if name in known:
            columns += [column] if name == "foreign" else [column, column**2]
    return np.array(columns, dtype=float).T


def fit(x, y, weight, start):
    """Take a few Newton steps on the penalised loss."""
    w = np.zeros(x.shape[1]) if start is None else start
    for _ in range(8 if start is None else 1):
        p = 1 / (1 + np.exp(-(x @ w).clip(-30, 30)))
        slope = x.T @ (weight * (p - y)) + w
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.eye(x.shape[1])
        w = w - np.linalg.solve(curve, slope)
    return w


class FraudSystem:
    def __init__(self, history, rng):
        self.rng = rng
        self.size = n = len(history["id"])
        # By id: fields, day, label (-1 is not known) and weight (0 is no part).
        self.rows = np.full((3 * n, 6), np.nan)
        self.rows[:n] = np.array([history[name] for name in FIELDS]).T
        self.when = np.full(3 * n, -99)
        self.when[:n] = history["day"]
        self.label = np.full(3 * n, -1)
        self.label[:n] = history["label"]
        self.weight = np.zeros(3 * n)
        self.weight[:n] = SAMPLE * (rng.random(n) < 1 / SAMPLE)
        self.weight[self.label == 1] = 1
        self.rate = n / 70
        self.reviews = {}
        self.models = {}  # by the names of the fields that they need
        self.fresh = set()  # those fitted today
        late = history["day"] >= -5
        self.baseline = [self.rows[:n][late, j] for j in range(6)]
        self.quick = []
        self.restart = 14

    def receive(self, day, ids, fraud):
        self.quick.append(0)
        for i, label in zip(ids.tolist(), fraud.tolist(), strict=True):
            self.label[i] = label
            self.weight[i] = self.reviews.get(i, 1)
            age = day - self.when[i]
            self.quick[-1] += i not in self.reviews and age <= min(14, day)
        self.reviews = {}
        self.left = 20
        self.seen = []
        self.full = []
        window = slice(np.searchsorted(self.when[: self.size], day - WINDOW), self.size)
        chosen = (self.label[window] >= 0) & (self.weight[window] > 0)
        self.sample = [
            part[window][chosen] for part in (self.rows, self.label, self.weight)
        ]
        self.fresh = set()

    def model(self, known):
        """Return the weights for payments of which these fields are known."""
        if known not in self.fresh:
            rows, label, weight = self.sample
            keep = ~np.isnan(rows[:, [FIELDS.index(name) for name in known]]).any(1)
            x = features(rows[keep], known)
            start = self.models.get(known)
            self.models[known] = fit(x, label[keep], weight[keep], start)
            self.fresh.add(known)
        return self.models[known]

    def chance(self, rows):
        """Return the chance of fraud, by the model for what is known of each row."""
        chance = np.zeros(len(rows))
        lost = np.isnan(rows)
        for pattern in np.unique(lost, axis=0):
            at = (lost == pattern).all(axis=1)
            known = tuple(np.array(FIELDS)[~pattern].tolist())
            z = features(rows[at], known) @ self.model(known)
            chance[at] = 1 / (1 + np.exp(-z.clip(-30, 30)))
        return chance

    def decide(self, day, batch, look_up, budget):
        n = len(batch["id"])
        rows = np.full((n, 6), np.nan)
        for j, name in enumerate(FREE):
            rows[:, j] = batch[name]
        amount = rows[:, 0]
        chance = self.chance(rows)
        best = np.argsort(-chance * (amount + 20), kind="stable")[: budget // 3]
        rows[best, 4] = look_up("velocity", best)
        rows[best, 5] = look_up("device", best)
        chance[best] = self.chance(rows[best])
        approve, decline = chance * (amount + 20), (1 - chance) * (4 + 0.08 * amount)
        action = np.where(decline < approve, DECLINE, APPROVE)
        gain = np.minimum(approve, decline) - 4
        probe = (action == DECLINE) & (self.rng.random(n) < 0.1)
        gain[probe] = np.inf
        quota = min(self.left, int(20 * n / self.rate) + 1)
        sent = [i for i in np.argsort(-gain, kind="stable")[:quota] if gain[i] > 0]
        self.left -= len(sent)
        action[sent] = REVIEW
        ids = batch["id"]
        for k in sent:
            self.reviews[int(ids[k])] = 1 / 0.1 if probe[k] else 1
        first, self.size = self.size, self.size + n
        if self.size > len(self.when):
            more = len(self.when)
            self.rows = np.pad(self.rows, ((0, more), (0, 0)))
            self.when, self.label, self.weight = (
                np.pad(part, (0, more)) for part in (self.when, self.label, self.weight)
            )
        here = slice(first, self.size)
        self.rows[here] = rows
        self.when[here] = day
        self.label[here] = np.where(action == APPROVE, 0, -1)
        self.weight[here] = SAMPLE * (self.rng.random(n) < 1 / SAMPLE)
        self.seen.append(rows[:, :4])
        if len(best) == n:
            self.full.append(rows[:, 4:])
        return action

    def end_day(self, day):
        alarms = []
        seen, full = (
            np.concatenate(self.seen),
            np.concatenate([*self.full, np.zeros((0, 2))]),
        )
        for j in range(6):
            new = seen[:, j] if j < 4 else full[:, j - 4]
            if np.isnan(new).sum() * 2 > len(new):
                alarms.append("missing")
            elif len(new) > 100 and self.distance(self.baseline[j], new) > 0.09:
                alarms.append("drift")
                self.baseline[j] = new
            elif len(new) > 100:
                self.baseline[j] = np.concatenate([self.baseline[j], new])[-5000:]
        before = self.quick[self.restart : -14]
        if before and sum(self.quick[-7:]) > 11 * np.mean(before[-30:]) + 12:
            alarms.append("performance")
            self.restart = day + 7
        return alarms

    @staticmethod
    def distance(old, new):
        """Return the Kolmogorov-Smirnov statistic, or for classes the largest gap."""
        values = np.unique(new)
        old = old[~np.isnan(old)]
        if len(values) <= 10:
            return max(abs(np.mean(old == v) - np.mean(new == v)) for v in values)
        below = np.searchsorted(np.sort(old), values, "right") / len(old)
        return np.abs(
            below - np.searchsorted(np.sort(new), values, "right") / len(new)
        ).max()
