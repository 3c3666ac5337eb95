"""Logistic regression with a Gaussian belief that each day's new labels update."""

import numpy as np

CENTRES = {"amount": (3.5, 1.2), "account_days": (5.5, 1.4), "foreign": (0.1, 1.0)}
HIDDEN = {"velocity": (0.4, 1.0), "device": (-0.5, 0.6)}
KEEP = 0.9  # of the evidence, from one day to the next
SETTLED = 20  # days: then a payment without a chargeback is taken for good


def columns(fields, centres):
    """Return products up to second order; what is missing counts as the usual."""
    shop = np.eye(8)[np.asarray(fields["category"], int)]
    one = []
    for name, (mean, deviation) in centres.items():
        x = np.asarray(fields[name], float)
        x = x if name == "foreign" else np.log(x)
        one.append(np.nan_to_num((x - mean) / deviation))
    one = np.array(one).reshape(len(one), -1).T
    i, j = np.triu_indices(one.shape[1])
    crossed = np.hstack([shop * x[:, None] for x in one.T])
    return np.hstack([shop, one, crossed, one[:, i] * one[:, j]])


class Belief:
    def __init__(self, centres):
        self.centres = centres
        self.mean = self.precision = None

    def update(self, fields, fraud, weight):
        x = columns(fields, self.centres)
        first = self.mean is None
        if first:
            self.mean = np.zeros(x.shape[1])
            self.precision = self.prior = 2 * np.eye(x.shape[1])
            self.base = np.where(np.arange(x.shape[1]) < 8, -5.0, 0.0)
        before = KEEP * self.precision + (1 - KEEP) * self.prior
        anchor = KEEP * self.precision @ self.mean
        anchor += (1 - KEEP) * self.prior @ self.base
        if first:
            before, anchor = self.prior, self.base
        w = self.mean
        for _ in range(9 if first else 2):
            p = 1 / (1 + np.exp(-(x @ w).clip(-30, 30)))
            slope = x.T @ (weight * (p - fraud)) + before @ w - anchor
            curve = (x * (weight * p * (1 - p))[:, None]).T @ x + before
            w = w - np.linalg.solve(curve, slope)
        self.mean, self.precision = w, curve

    def chance(self, fields):
        z = columns(fields, self.centres) @ self.mean
        return 1 / (1 + np.exp(-z.clip(-30, 30)))


class FraudSystem:
    def __init__(self, rng):
        self.rng = rng
        self.poor, self.full = Belief(CENTRES), Belief({**CENTRES, **HIDDEN})
        self.foreseen, self.silent = {}, 0
        self.recent = []

    def start_day(self, day, log):
        age, action, label = (log[name] for name in ("age", "action", "label"))
        share = 1 - np.exp(-(age + 1.0 - 10).clip(0) / 18)
        if day == 0:
            new = (action == 0) & (age >= 14) & (age < 46)
        else:
            new = (action == 0) & (age == SETTLED) | (action == 1) & (age == 1)
        fraud = (label == 1) & new
        weight = np.where(fraud & (action == 0), 1 / share.clip(0.1), 1.0)
        thin = new & ~fraud & (action == 0)
        new &= ~thin | (self.rng.random(len(age)) < 0.5)
        weight[thin] *= 2
        for belief, seen in ((self.poor, True), (self.full, ~np.isnan(log["device"]))):
            if day and np.isnan(log["device"][age == 1]).mean() > 0.6:
                seen = ~np.isnan(log["velocity"])
            rows = np.flatnonzero(new & seen)
            fields = {name: log[name][rows] for name in (*CENTRES, *HIDDEN, "category")}
            belief.update(fields, fraud[rows], weight[rows])
        return self.alarms(day, log)

    def decide(self, day, batch, look_up, look_ups, reviews):
        amount = batch["amount"]
        chance = self.poor.chance(batch)
        order = np.argsort(-chance * (amount + 15), kind="stable")[:look_ups]
        hidden = look_up(order)
        known = {name: values[order] for name, values in batch.items()}
        chance[order] = self.full.chance({**known, **hidden})
        approve, decline = chance * (amount + 15), (1 - chance) * (10 + 0.03 * amount)
        action = np.where(approve > decline, 2, 0)
        gain = np.minimum(approve, decline)
        sent = [i for i in np.argsort(-gain, kind="stable")[:reviews] if gain[i] > 2]
        action[sent] = 1
        foreseen = self.foreseen.get(day, 0.0) + chance[action == 0].sum()
        self.foreseen[day] = foreseen
        return action

    def alarms(self, day, log):
        alarms, new = [], log["age"] == 1
        today = {name: log[name][new] for name in (*CENTRES, *HIDDEN, "category")}
        if any(np.isnan(values).mean() > 0.6 for values in today.values()):
            alarms.append("missing")
        shares = [np.mean(today["category"] == c) for c in range(8)]
        if not np.isnan(today["foreign"]).any():
            shares.append(today["foreign"].mean())
        else:
            shares.append(self.recent[-1][8])
        if len(self.recent) >= 5:
            usual = np.mean(self.recent[-20:], axis=0)
            gap = (np.array(shares) - usual) / np.sqrt(usual * (1 - usual) / new.sum())
            if (np.abs(gap) > 9).any():
                alarms.append("drift")
        self.recent.append(shares)
        found = (
            (log["action"] == 0) & (log["label"] == 1) & (log["age"] <= min(day, 24))
        )
        wanted = sum(
            self.foreseen.get(day - a, 0) * (1 - np.exp(-(a - 9) / 18))
            for a in range(10, 25)
        )
        if day >= self.silent and found.sum() > wanted + 5 * (wanted + 4) ** 0.5:
            alarms.append("performance")
            self.silent = day + 24
        return alarms
