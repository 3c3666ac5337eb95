"""Gradient steps with a size of their own, epsilon for the new, windows for alarms."""

import numpy as np

CATEGORIES, SUPPLIERS, GROUPS, SLOTS = 8, 5, 4, 4
HISTORY, DAYS = 28, 77
WIDE = 400


def shop_plan(sessions_per_day, peak_factor, base_rate, lift):
    per_arm = 16 * base_rate * (1 - base_rate) / (base_rate * lift) ** 2
    requests = peak_factor * sessions_per_day / 17_280
    return {
        "requests": requests,
        "cores": requests * 8e-4 / 0.6,
        "gigabytes": sessions_per_day * 225_000 / 1e9,
        "per_arm": per_arm,
        "days": per_arm / sessions_per_day * 4,
    }


def blocks(s, c, cut):
    """Return which weights a slot has, but for its item's and its customer's."""
    basket = 1 + (s["basket"] + 1) * 8 + c
    last = 80 + (s["last"] + 1) * 8 + c
    return [c * 0, basket, last, 160 + s["group"] * 8 + c, 200 + cut, 210 + c]


class ShopRecommender:
    def __init__(self, rng):
        self.rng = rng
        self.w = np.zeros(WIDE + 300)
        self.w[0] = -3.0
        self.size = np.ones(self.w.size)
        self.sold = np.zeros((HISTORY + DAYS, 300))
        self.back = np.zeros((HISTORY + DAYS, 300))
        self.bad = {}
        self.past = []
        self.trial = np.zeros((2, 2, 12))  # coupon: sales and what was expected
        self.lift = np.ones(12)

    def learn(self, day, items, log):
        lost = (log["visits"] == 0) & (log["last"] >= 0)
        keep = ~((log["visits"] == 0) & np.isin(log["day"], log["day"][lost]))
        log = {name: values[keep] for name, values in log.items()}
        wide = {k: np.repeat(v, SLOTS) for k, v in log.items() if v.ndim == 1}
        item, y = log["shown"].ravel(), log["bought"].ravel()
        cut = (log["price"].ravel() < 0.9 * items["usual"][item]).astype(int)
        fair = (wide["trial"] == 1) | (wide["day"] >= 0)
        cell = wide["group"] * 3 + np.digitize(wide["visits"], [1, 4])
        arm = np.where(fair, 0, 100 + 12 * wide["coupon"])
        x = [*blocks(wide, items["category"][item], cut), 230 + cell + arm]
        x = np.column_stack([*x, WIDE + item])
        lifted = fair & (wide["coupon"] == 1)
        self.past.append((x, y, lifted, cell))
        if day % 3 == 0:
            x, y, lifted, cell = (
                np.concatenate(p) for p in zip(*self.past, strict=True)
            )
            self.past = [(x, y, lifted, cell)]
            n = y.size
            rows = np.arange(n) if day == 0 else self.rng.integers(n, size=n // 3)
            if day:  # half from the last weeks
                rows = np.append(rows, np.arange(max(0, n - 4000), n))
            for _ in range(12 if day == 0 else 1):
                parts = max(1, rows.size // 1500)
                for some in np.array_split(self.rng.permutation(rows), parts):
                    at, grow = x[some], np.where(lifted[some], self.lift[cell[some]], 1)
                    p = np.exp(self.w[at].sum(1)).clip(0, 1) * grow
                    pull = np.repeat(y[some] - p, at.shape[1])
                    slope = np.bincount(at.ravel(), pull, self.w.size)
                    slope = slope - 1.0 * self.w * (np.arange(self.w.size) > 0) / parts
                    self.size += slope**2
                    self.w += 0.12 * slope / np.sqrt(self.size)
            self.size = 1 + (self.size - 1) * 0.8
            p = np.exp(self.w[x].sum(1))
            hoped = np.bincount(cell[lifted], p[lifted], 12)
            came = np.bincount(cell[lifted], y[lifted], 12)
            self.lift = (came + 5) / (hoped + 5)

    def recommend(self, day, items, sessions, log, returns):
        m, n, names = items["price"].size, sessions["group"].size, []
        outage = ((sessions["visits"] == 0) & (sessions["last"] >= 0)).sum() >= 5
        if outage:
            names.append("visits")
        self.learn(day, items, log)
        rate, alarm = self.rates(day, items, log, returns)
        if alarm:
            names.append("returns")
        cell = sessions["group"] * 3 + np.digitize(sessions["visits"], [1, 4])
        cut = (items["price"] < 0.9 * items["usual"]).astype(int)
        own = self.w[WIDE : WIDE + m] + self.w[200 + cut]
        every = {name: values[:, None] for name, values in sessions.items()}
        parts = blocks(every, np.arange(8)[None], np.zeros((1, 8), dtype=int) + 9)
        z = sum(self.w[at] for at in parts) + self.w[230 + cell][:, None]
        chance = np.exp(z)[:, items["category"]] * np.exp(own)
        worth = (1 - rate) * (items["price"] - items["cost"]) - rate * 8
        less = worth - (1 - rate) * 0.15 * items["price"]
        out = items["stock"] == 0
        worth, less = np.where(out, -99, worth), np.where(out, -99, less)
        plain, given = chance * worth, chance * less * self.lift[cell][:, None]
        # One session in 33 is shown a new item more readily.
        brave = self.rng.random((n, 1)) < 0.03
        young = items["age"] < 14
        plain, given = (v * np.where(brave & young, 1.6, 1.0) for v in (plain, given))
        a, b = (np.argsort(-v, axis=1)[:, :SLOTS] for v in (plain, given))
        sums = [
            np.take_along_axis(v, at, 1).sum(1) for v, at in ((plain, a), (given, b))
        ]
        give = sums[1] > sums[0]
        if outage:
            give &= sessions["visits"] > 0
        return np.where(give[:, None], b, a), give.astype(int), names

    def rates(self, day, items, log, returns):
        m, s, c, at = items["age"].size, items["supplier"], items["category"], day + 28
        row, slot = np.nonzero(log["bought"])
        np.add.at(self.sold, (log["day"][row] + HISTORY, log["shown"][row, slot]), 1)
        np.add.at(self.back, (returns["sold"] + HISTORY, returns["item"]), 1)
        known = ((at - 1 - np.arange(HISTORY + DAYS)) / 12).clip(0, 1)
        sold, back = self.sold[:, :m] * known[:, None], self.back[:, :m].copy()
        old = [v[: max(at - 9, 0)].sum(0) for v in (back, sold)]
        mean = (np.bincount(c, old[0], 8) + 1) / (np.bincount(c, old[1], 8) + 6)
        usual = (old[0] + 6 * mean[c]) / (old[1] + 6)
        late = [v[at - 8 : at].sum(0) for v in (back, usual * sold)]
        came, hoped = (np.bincount(s, v, SUPPLIERS) for v in late)
        loud = came > 1.4 * hoped + 3.5 * np.sqrt(hoped + 1)
        new = [
            one
            for one in np.flatnonzero(loud)
            if day > 0 and at > self.bad.get(one, -99) + 17
        ]
        self.bad |= dict.fromkeys(new, at - 7)
        for one, first in self.bad.items():
            sold[:first, s == one] = back[:first, s == one] = 0
        sold, back = sold.sum(0), back.sum(0)
        mean = (np.bincount(c, back, 8) + 1) / (np.bincount(c, sold, 8) + 6)
        rate = (back + 6 * mean[c]) / (sold + 6)
        for one in [*self.bad]:
            if (
                at > self.bad[one] + 16
                and sold[s == one].sum() > 40
                and back[s == one].sum() < 0.4 * sold[s == one].sum()
            ):
                del self.bad[one]  # it was none
                continue
            rate[s == one] = (back[s == one].sum() + 8) / (sold[s == one].sum() + 10)
        return rate, bool(new)

    def read_out(self, day, tests):
        # The posterior odds of two hypotheses: 5 % or 6 % in arm b.
        n, b = tests["visitors"], tests["buyers_b"] - tests["buyers_a"]
        spread = 2 * 0.055 * 0.945 * n
        odds = (b - 0.005 * n) * 0.01 * n / spread + np.log(100 / 300)
        ended = np.where((odds < -5) | (tests["age"] == 28), 2, 0)
        return np.where(odds > 2.5, 1, ended)
