"""Gradient steps (AdaGrad) on rows replayed from the last days, for likes and hides.

Likes and hides both have weights of their own; a hide that may still come lowers the
chance that it was heard of, in the likelihood.
"""

import numpy as np

K, M, BUDGET, N = 10, 40, 12, 180
E = np.array([1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1])
HEARD = np.array([0.2, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0])
FIRST = 44  # the weight of creator 0; below are base, age, fit and tastes
REPLAYED = 8  # days
BINS = [0.025, 0.06]  # of chances of hides


def serving_plan(requests_per_day, peak_factor, hit_rate):
    peak = requests_per_day / 86_400 * peak_factor
    return {
        "requests": peak,
        "look_ups": peak * 12 * (1 - hit_rate),
        "stores": peak * 12 * (1 - hit_rate) / 1e4,
        "cores": peak * 40 * 2e-5 / 0.6,
        "gigabytes": requests_per_day * 10 * 80 * 30 / 1e9,
    }


class Weights:
    def __init__(self, base, prior):
        self.w = np.zeros(FIRST + N)
        self.w[0] = base
        self.size = np.ones(FIRST + N)
        self.prior = np.full(FIRST + N, prior)
        self.prior[:4] = 0

    def step(self, at, x, seen, label, count, rate):
        """Take a step of count rows that stand for a day's worth each."""
        p = 1 / (1 + np.exp(-(x * self.w[at]).sum(0)))
        q = (seen * p).clip(1e-6, 1 - 1e-6)
        slope = (label - q) * (1 - p) / (1 - q) * count
        pull = np.bincount(at.ravel(), (x * slope).ravel(), self.w.size)
        pull -= self.prior * self.w
        self.size += pull**2
        self.w += rate * pull / np.sqrt(self.size)


class FeedRanker:
    def __init__(self, rng):
        self.rng = rng
        self.likes, self.bait = Weights(-2.0, 1.0), Weights(-3.2, 0.4)
        self.likes.w[2] = 0.5
        self.store, self.hid = [], np.zeros(0, dtype=bool)
        self.seen = np.zeros(N)
        self.fit_works, self.since, self.shifted = True, 0, -9
        self.cells, self.high, self.wait = np.zeros((2, 36)), 0.0, 0
        self.scale, self.counts = np.ones(3), np.zeros((2, N))

    def entries(self, rows, fit):
        known = ~np.isnan(fit) & self.fit_works
        cell = 8 + rows["group"] * 6 + rows["topic"]
        zero = np.zeros(fit.size, dtype=int)
        at = np.array(
            [zero, zero + 1, zero + 2, zero + 3, cell, FIRST + rows["creator"]]
        )
        one = zero + 1.0
        x = [one, rows["age"], np.where(known, fit, 0), known, one, one]
        return at, np.array(x, dtype=float)

    def chances(self, weights, rows, fit):
        at, x = self.entries(rows, fit)
        return 1 / (1 + np.exp(-(x * weights.w[at]).sum(0)))

    def hide(self, creators):
        z = self.bait.w[0] + self.bait.w[FIRST + creators]
        return np.maximum(0.01, 1 / (1 + np.exp(-z)))

    def start_day(self, day, log):
        said = self.hide(log["creator"])
        days = np.full(log["row"].size, day - 1)
        self.store.append({**log, "day": days, "said": said})
        self.hid = np.append(self.hid, np.zeros(log["row"].size, dtype=bool))
        alarms = self.watch(day, log) if day > 7 else []
        self.hid[log["hidden"]] = True
        self.seen += np.bincount(log["creator"], E[log["rank"]], N)
        self.store = self.store[-REPLAYED:]
        names = [k for k in log if k != "hidden"]
        rows = {
            k: np.concatenate([d[k] for d in self.store])
            for k in [*names, "day", "said"]
        }
        if rows["row"].size:
            self.train(day, rows)
        return alarms

    def train(self, day, rows):
        age = day - rows["day"]
        at, x = self.entries(rows, rows["fit"])
        fresh = np.where((rows["day"] < self.shifted), 0.03, 0.93**age)
        # What was chosen by a fit that is no longer trusted tells nothing of others.
        fresh = fresh * ((rows["day"] >= self.since) | np.isnan(rows["fit"]))
        heard = E[rows["rank"]] * HEARD[np.minimum(age, 7) - 1]
        y = self.hid[rows["row"]]
        for _ in range(1):
            for some in np.array_split(self.rng.permutation(age.size), 6):
                e = E[rows["rank"][some]]
                like = rows["like"][some]
                self.likes.step(at[:, some], x[:, some], e, like, fresh[some], 0.12)
        at, own = at[[0, 5]], np.ones((2, age.size))
        for _ in range(5):
            self.bait.step(at, own, heard, y, 0.93**age, 0.25)
        # What is chosen for few hides has more than was said: by how much, of the same?
        chosen = np.digitize(rows["said"], BINS) + 9 * rows["random"]
        got = np.bincount(chosen, y, 13)[:3] + 2
        self.scale = got / (np.bincount(chosen, heard * rows["said"], 13)[:3] + 2)
        self.likes.size = 1 + 0.8 * (self.likes.size - 1)
        self.bait.size = 1 + 0.8 * (self.bait.size - 1)

    def watch(self, day, log):
        alarms = []
        q = E[log["rank"]] * self.chances(self.likes, log, log["fit"])
        off, size = log["like"] - q, q * (1 - q)
        known = ~np.isnan(log["fit"])
        if known.sum() > 50:
            fit, r, v = log["fit"][known], off[known], size[known]
            fit = fit - np.average(fit, weights=v)
            odd = (r * fit).sum() / ((v * fit**2).sum()) ** 0.5
            if self.fit_works and odd < -5:
                self.fit_works, self.since = False, day - 1
                alarms.append("feature")
            elif not self.fit_works and odd > 5:  # it was suspected wrongly
                self.fit_works, self.since = True, 0
        cell = log["group"] * 6 + log["topic"]
        self.cells *= 0.72
        self.cells += [np.bincount(cell, off, 36), np.bincount(cell, size, 36)]
        worst = np.sort(self.cells[0] ** 2 / (self.cells[1] + 1.5))[:-2]
        if not alarms and worst.mean() > 1.45 and day > self.shifted + 9:
            alarms.append("tastes")
            self.shifted = day - 2
            self.likes.size[8:FIRST] = 1
        if alarms:
            self.cells[:] = 0
        rows = {k: np.concatenate([d[k] for d in self.store[-7:]]) for k in log}
        last = np.concatenate([d["day"] for d in self.store[-7:]])
        news = np.diff(HEARD, prepend=0)[day - 1 - last]
        posts = np.bincount(rows["creator"], E[rows["rank"]] * news, N)
        mine = rows["creator"][np.isin(rows["row"], log["hidden"])]
        got = np.bincount(mine, minlength=N)
        rate = (self.counts[0] + 0.4) / (self.counts[1] + 12)
        sound = rate < 0.04
        more = got[sound].sum() * 0.69 - (rate * posts)[sound].sum() - 0.5
        self.high = max(0, self.high + more)
        self.counts = 0.94 * self.counts + [got, posts]
        if self.high > 9 and day > self.wait:
            alarms.append("bait")
            self.high, self.wait = 0, day + 3
            self.bait.w[FIRST:] *= 0.6
            self.bait.size[:] = 1
        return alarms

    def rank(self, day, requests, look_up):
        n = requests["user"].size
        rows = {k: requests[k].ravel() for k in ("creator", "topic", "age")}
        rows["group"] = np.repeat(requests["group"], M)
        fit = np.full(n * M, np.nan)
        hide = self.hide(rows["creator"])
        hope = self.chances(self.likes, rows, fit) - 5 * hide
        best = np.argsort(-hope.reshape(n, M), 1)[:, :BUDGET]
        best = (best + np.arange(0, n * M, M)[:, None]).ravel()
        fit[best] = look_up(best)["fit"]
        like = self.chances(self.likes, rows, fit)
        value = (like - 5 * hide).reshape(n, M)
        seen = self.seen[rows["creator"]].reshape(n, M)
        # Those of whom little is known come fourth or fifth, the least known first.
        new = np.where(seen < 36, seen, np.inf)
        place = self.rng.integers(3, 5, n)
        limit = -np.sort(-value, axis=1)[np.arange(n), place]
        some = np.nonzero(np.isfinite(new.min(1)))[0]
        least = new[some].argmin(1)
        value[some, least] = np.maximum(value[some, least], limit[some] + 1e-9)
        order = np.argsort(-value, 1)[:, :K]
        hide = (hide * self.scale[np.digitize(hide, BINS)]).clip(0, 1)
        like, hide = like.reshape(n, M), hide.reshape(n, M)
        return order, *(np.take_along_axis(p, order, 1) for p in (like, hide))
