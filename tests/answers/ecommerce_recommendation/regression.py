"""Ridge regression of log chances in blocks, with a bonus for what is rare."""

import itertools

import numpy as np

CATEGORIES, SUPPLIERS, GROUPS, SLOTS = 8, 5, 4, 4
HISTORY, DAYS = 28, 77
SIZES = [1, 48, 32, 72, 72, 2, 3]  # base, customer by arm, taste, basket, last, price
START = np.cumsum([0, *SIZES])


def shop_plan(sessions_per_day, peak_factor, base_rate, lift):
    requests = 5 * sessions_per_day * peak_factor / 86_400
    per_arm = 16 * (1 / base_rate - 1) / lift**2
    return {
        "requests": requests,
        "cores": requests / 750,
        "gigabytes": sessions_per_day * 2.25e-4,
        "per_arm": per_arm,
        "days": 4 * per_arm / sessions_per_day,
    }


def customer(s):
    v = s["visits"]
    return s["group"] * 3 + (v > 0) + (v > 3)


class ShopRecommender:
    def __init__(self, rng):
        self.w = np.zeros(START[-1] + 300)
        self.w[0] = -3.0
        self.ridge = np.full(self.w.size, 3.0)
        self.ridge[0] = 0.01
        self.seen = np.zeros(300)
        self.x, self.y = [], []
        self.sold = np.zeros((HISTORY + DAYS, 300))
        self.back = np.zeros((HISTORY + DAYS, 300))
        self.rate = np.full(300, 0.2)
        self.bad, self.before = {}, []

    def columns(self, items, log):
        item = log["shown"].ravel()
        c = items["category"][item]
        fair = (log["trial"] == 1) | (log["day"] >= 0)
        arm = log["coupon"] + 2 * ~fair
        cut = log["price"].ravel() < 0.95 * items["usual"][item]
        thin = np.digitize(items["cost"][item] / items["usual"][item], [0.6, 0.72])
        wide = [customer(log) + 12 * arm, log["group"] * 8]
        wide += [(log["basket"] + 1) * 8, (log["last"] + 1) * 8]
        wide = [np.repeat(one, SLOTS) for one in wide]
        parts = [item * 0, wide[0], wide[1] + c, wide[2] + c, wide[3] + c, cut, thin]
        parts.append(item)
        return np.column_stack([p + s for p, s in zip(parts, START, strict=True)])

    def fit(self, steps):
        x, y = np.concatenate(self.x), np.concatenate(self.y)
        self.x, self.y = [x], [y]
        z = self.w[x].sum(1)
        for _ in range(steps):
            for column in x.T:  # one-hot, so each block has a diagonal curve
                p = np.exp(z.clip(-20, 0.5))
                slope = np.bincount(column, y - p, self.w.size)
                curve = np.bincount(column, p, self.w.size)
                mine = np.bincount(column, minlength=self.w.size) > 0
                step = mine * (slope - self.ridge * self.w) / (curve + self.ridge)
                step = step.clip(-1, 1)
                self.w += step
                z += step[column]
        self.bend = (curve + self.ridge)[START[-1] :]

    def recommend(self, day, items, sessions, log, returns):
        m, names = items["price"].size, []
        odd = (sessions["visits"] == 0) & (sessions["last"] >= 0)
        if odd.mean() > 0.02 if odd.size else False:
            names.append("visits")
        lost = (log["visits"] == 0) & (log["last"] >= 0)
        keep = ~((log["visits"] == 0) & np.isin(log["day"], log["day"][lost]))
        kept = {name: values[keep] for name, values in log.items()}
        self.x.append(self.columns(items, kept))
        self.y.append(kept["bought"].ravel())
        if day % 7 == 0:
            self.fit(8 if day == 0 else 2)
        if self.learn_returns(day, items, log, returns):
            names.append("returns")

        w = [self.w[a:b] for a, b in itertools.pairwise(START)]
        cut = items["price"] < 0.95 * items["usual"]
        thin = np.digitize(items["cost"] / items["usual"], [0.6, 0.72])
        own = self.w[START[-1] :][:m] + w[5][cut * 1] + w[6][thin]
        own = own + 0.2 / np.sqrt(self.bend[:m])
        kind = customer(sessions)
        z = w[2].reshape(4, 8)[sessions["group"]] + w[0]
        z = z + w[3].reshape(9, 8)[sessions["basket"] + 1]
        z = z + w[4].reshape(9, 8)[sessions["last"] + 1] + w[1][kind][:, None]
        p = np.exp(z)[:, items["category"]] * np.exp(own)
        rate, sums, slots = self.rate[:m], [], []
        for share in (0.0, 0.15):
            worth = (1 - rate) * (items["price"] * (1 - share) - items["cost"])
            worth = np.where(items["stock"] == 1, worth - rate * 8, -99)
            lift = np.exp(w[1][kind + 12] - w[1][kind])[:, None] if share else 1
            value = p * lift * worth
            slots.append(np.argsort(-value, axis=1)[:, :SLOTS])
            sums.append(np.take_along_axis(value, slots[-1], 1).sum(1))
        give = sums[1] > sums[0]
        if "visits" in names:
            give &= sessions["visits"] > 0
        return np.where(give[:, None], slots[1], slots[0]), give.astype(int), names

    def learn_returns(self, day, items, log, returns):
        m, s, at = items["price"].size, items["supplier"], day + HISTORY
        row, slot = np.nonzero(log["bought"])
        np.add.at(self.sold, (log["day"][row] + HISTORY, log["shown"][row, slot]), 1)
        np.add.at(self.back, (returns["sold"] + HISTORY, returns["item"]), 1)
        age = at - np.arange(HISTORY + DAYS)
        known = ((age - 1) / 12).clip(0, 1)[:, None]
        new = []
        if day:  # returns of the last days' sales, all of them that have come
            last = slice(max(at - 7, 0), at)
            hoped = (self.sold * known)[last, :m].sum(0) * self.before[0][:m]
            hoped = np.bincount(s, hoped, SUPPLIERS)
            came = np.bincount(s, self.back[last, :m].sum(0), SUPPLIERS)
            far = came - hoped > 3.5 * np.sqrt(hoped + 1) + 0.3 * hoped
            new = [one for one in np.flatnonzero(far) if one not in self.bad]
            self.bad |= dict.fromkeys(new, at - 7)
        sold, back = (self.sold * known)[:, :m], self.back[:, :m].copy()
        for one, first in self.bad.items():
            sold[:first, s == one] = back[:first, s == one] = 0
        sold, back, c = sold.sum(0), back.sum(0), items["category"]
        prior = (np.bincount(c, back, 8) + 1) / (np.bincount(c, sold, 8) + 5)
        self.rate[:m] = (back + 5 * prior[c]) / (sold + 5)
        for one in [*self.bad]:
            many, few = sold[s == one].sum(), back[s == one].sum()
            self.rate[:m][s == one] = (few + 8) / (many + 10)
            if many > 40 and few < 0.4 * many:
                del self.bad[one]  # it was none
        # Rates of a week ago, into which a fault has not crept yet.
        self.before = [*self.before[-7:], self.rate.copy()]
        return bool(new)

    def read_out(self, day, tests):
        n, both = tests["visitors"], tests["buyers_a"] + tests["buyers_b"] + 1
        z = (tests["buyers_b"] - tests["buyers_a"]) / np.sqrt(both * (1 - both / 2 / n))
        # O'Brien and Fleming's limits: high at first, nearly that of one look at last.
        limit = 2.1 * np.sqrt(28 / tests["age"])
        ended = np.where(tests["age"] == 28, 2, 0)
        return np.where(z > limit, 1, ended)
