"""A small neural network that goes on learning; fields are hidden from it at random."""

import numpy as np

NUMBERS = {
    "amount": (3.5, 1.2),
    "account_days": (5.5, 1.4),
    "foreign": (0.1, 0.5),
    "velocity": (0.4, 0.6),
    "device": (0.7, 0.3),
}
HIDDEN = 32
STEPS = 30  # a day
MEMORY = 14.0  # days


def inputs(fields, n):
    """Return (n, 18): what is known of each number, whether it is, and the shop."""
    columns = []
    for name, (centre, width) in NUMBERS.items():
        x = np.asarray(fields.get(name, np.full(n, np.nan)), float)
        x = np.log(x) if name in ("amount", "account_days", "velocity") else x
        known = ~np.isnan(x)
        columns += [np.where(known, (x - centre) / width, 0.0), known]
    return np.column_stack([*columns, np.eye(8)[np.asarray(fields["category"], int)]])


class Network:
    def __init__(self, rng):
        self.rng = rng
        self.w = [
            rng.normal(size=(18, HIDDEN)) / 3,
            np.zeros(HIDDEN),
            rng.normal(size=HIDDEN) / 6,
            np.array(-4.0),
        ]
        self.m = [np.zeros_like(w) for w in self.w]
        self.v = [np.zeros_like(w) for w in self.w]
        self.t = 0

    def logits(self, x):
        self.h = np.tanh(x @ self.w[0] + self.w[1])
        return self.h @ self.w[2] + self.w[3]

    def learn(self, x, y, weight, steps):
        # Half of each batch is fraud, put right by the weights.
        sides = [np.flatnonzero(y == 0), np.flatnonzero(y == 1)]
        if not sides[1].size:
            return
        p = [weight[s] / weight[s].sum() for s in sides]
        share = weight[sides[1]].sum() / weight.sum()
        for _ in range(steps):
            rows = np.concatenate(
                [self.rng.choice(s, 150, p=q) for s, q in zip(sides, p, strict=True)]
            )
            some = x[rows].copy()
            if self.rng.random() < 0.5:  # as at the peak, where nothing is looked up
                some[:, 6:10] = 0
            if self.rng.random() < 0.3:
                lost = 2 * self.rng.integers(1, 5)
                some[:, lost : lost + 2] = 0
            target = y[rows]
            error = 1 / (1 + np.exp(-self.logits(some).clip(-30, 30))) - target
            error *= np.where(target == 1, share, 1 - share) / 150
            back = np.outer(error, self.w[2]) * (1 - self.h**2)
            slopes = [some.T @ back, back.sum(0), self.h.T @ error, error.sum()]
            self.t += 1
            for i, slope in enumerate(slopes):
                slope = slope + 1e-6 * self.w[i]
                self.m[i] = 0.9 * self.m[i] + 0.1 * slope
                self.v[i] = 0.99 * self.v[i] + 0.01 * slope**2
                m = self.m[i] / (1 - 0.9**self.t)
                v = self.v[i] / (1 - 0.99**self.t)
                self.w[i] = self.w[i] - 0.01 * m / (np.sqrt(v) + 1e-8)

    def chance(self, batch):
        z = self.logits(inputs(batch, batch["amount"].size))
        return 1 / (1 + np.exp(-z.clip(-30, 30)))


class FraudSystem:
    def __init__(self, rng):
        self.rng = rng
        self.model = Network(rng)
        self.foreseen = np.zeros(1000)
        self.silent = 0
        self.usual = None

    def start_day(self, day, log):
        age, action = log["age"].astype(float), log["action"]
        fraud = (log["label"] == 1).astype(float)
        settled = (action == 0) & (age > 13)
        weight = np.exp(-age / MEMORY)
        heard = (1 - np.exp(-(age - 9).clip(0) / 18)).clip(0.1)
        weight = np.where(settled & (fraud == 1), weight / heard, weight)
        rows = np.flatnonzero(settled | (action == 1))
        rows = rows[(fraud[rows] == 1) | (self.rng.random(rows.size) < 0.2)]
        weight[fraud == 0] *= 5
        some = {name: log[name][rows] for name in (*NUMBERS, "category")}
        x = inputs(some, rows.size)
        self.model.learn(x, fraud[rows], weight[rows], 1000 if day == 0 else STEPS)
        return self.watch(day, log)

    def decide(self, day, batch, look_up, look_ups, reviews):
        amount = batch["amount"]
        rows = np.arange(amount.size)
        chance = np.zeros(amount.size)
        if look_ups < amount.size:
            chance = self.model.chance(batch)
            lose, insult = chance * (amount + 15), (1 - chance) * (10 + 0.03 * amount)
            rows = np.argsort(-np.minimum(lose, insult))[:look_ups]
        if rows.size:
            known = {name: values[rows] for name, values in batch.items()}
            chance[rows] = self.model.chance({**known, **look_up(rows)})
        lose, insult = chance * (amount + 15), (1 - chance) * (10 + 0.03 * amount)
        action = np.where(lose > insult, 2, 0)
        worth = np.minimum(lose, insult)
        sent = np.argsort(-worth)[:reviews]
        sent = sent[worth[sent] > 2]
        action[sent] = 1
        self.foreseen[day] += chance[action == 0].sum()
        return action

    def watch(self, day, log):
        names, today = [], log["age"] == 1
        if any(np.isnan(log[name][today]).mean() > 0.9 for name in NUMBERS):
            names.append("missing")
        shares = np.bincount(log["category"][today], minlength=8) / today.sum()
        shares = np.append(shares, log["foreign"][today].mean())
        if np.isnan(shares[-1]):
            shares[-1] = self.usual[-1]
        if self.usual is None:
            old = log["age"] > 1
            counts = np.bincount(log["category"][old], minlength=8) / old.sum()
            self.usual = np.append(counts, log["foreign"][old].mean())
        error = np.sqrt(self.usual * (1 - self.usual) / today.sum())
        if (np.abs(shares - self.usual) > 7 * error).any():
            names.append("drift")
        self.usual = 0.85 * self.usual + 0.15 * shares
        recent = (log["age"] <= min(day, 24)) & (log["action"] == 0)
        found = (recent & (log["label"] == 1)).sum()
        ages = np.arange(10, min(day, 24) + 1)
        wanted = (self.foreseen[day - ages] * (1 - np.exp(-(ages - 9) / 18))).sum()
        if day >= self.silent and found > wanted + 4.5 * np.sqrt(wanted + 4):
            names.append("performance")
            self.silent = day + 30
        return names
