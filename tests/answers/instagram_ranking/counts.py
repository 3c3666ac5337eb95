"""Likes over expected likes, factor by factor, from counts that fade."""

import numpy as np

SHOWN, CANDIDATES, LOOK_UPS, CREATORS = 10, 40, 12, 180
COSTS = 5.0
E = np.array([1.0, 0.8, 0.65, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15, 0.1])
HEARD = np.array([0.2, 0.4, 0.55, 0.7, 0.8, 0.9, 1.0])
EDGES = np.array([-1.6, -1.2, -0.8, -0.4, 0.0, 0.4, 0.8, 1.2, 1.6, 2.0, 2.4])
UNKNOWN = len(EDGES) + 1  # the bin of a fit that was not looked up
# The odds of a like that a factor has before anything is counted: by bin of fit.
CENTRES = np.array([-2, -1.4, -1, -0.6, -0.2, 0.2, 0.6, 1, 1.4, 1.8, 2.2, 2.7])


def serving_plan(requests_per_day, peak_factor, hit_rate):
    second = requests_per_day * peak_factor / 86_400
    missed = second * LOOK_UPS * (1 - hit_rate)
    return {
        "requests": second,
        "look_ups": missed,
        "stores": missed / 10_000,
        "cores": second * CANDIDATES / 30_000,
        "gigabytes": requests_per_day * 24_000 / 1e9,
    }


class Factor:
    """Effects on the log odds, each one step at a time towards its likes."""

    def __init__(self, size, weight, start=0.0):
        self.effect = np.full(size, 0.0) + start
        self.prior, self.start = weight, self.effect.copy()
        self.known = np.full(size, weight)

    def fade(self, keeps):
        self.known = self.prior + keeps * (self.known - self.prior)

    def learn(self, at, slope, curve):
        pull = np.bincount(at, slope, self.effect.size)
        self.known = self.known + np.bincount(at, curve, self.effect.size)
        self.effect = self.effect + np.clip(pull / self.known, -1, 1)


class FeedRanker:
    def __init__(self, rng):
        self.rng = rng
        self.base = Factor(1, 1.0, -2.2)
        self.age = Factor(3, 3.0, np.array([0.0, -0.3, -0.6]))
        self.cell = Factor(36, 1.5)
        self.creator = Factor(CREATORS, 2.0)
        self.fit = Factor(UNKNOWN + 1, 2.0, np.append(0.8 * CENTRES, 0.3))
        self.factors = [self.base, self.age, self.cell, self.creator, self.fit]
        self.hides, self.posts = np.zeros(CREATORS), np.zeros(CREATORS)
        self.seen, self.days = np.zeros(CREATORS), []
        self.author = np.zeros(0, dtype=int)
        self.share = 1 / 3  # of creators that post bait
        self.broken = False
        self.off, self.hidden, self.hoped = np.zeros((2, 36)), [], []

    def at(self, rows, fit):
        bins = np.where(np.isnan(fit), UNKNOWN, np.digitize(fit, EDGES))
        if self.broken:
            bins[:] = UNKNOWN
        cell = rows["group"] * 6 + rows["topic"]
        return [bins * 0, rows["age"], cell, rows["creator"], bins]

    def like(self, at):
        odds = sum(f.effect[i] for f, i in zip(self.factors, at, strict=True))
        return 1 / (1 + np.exp(-odds))

    def hide(self):
        """Return the chance of a hide, from how likely a creator posts bait."""
        ratio = self.hides * np.log(10.0) - self.posts * 0.108
        odds = np.exp(ratio.clip(-30, 30)) * self.share / (1 - self.share)
        return (0.012 + 0.12 * odds) / (1 + odds)

    def start_day(self, day, log):
        e = E[log["rank"]]
        today = np.bincount(log["creator"], e, CREATORS)
        self.seen = self.seen + today
        self.days = [today, *self.days[:6]]
        news = np.diff(HEARD, prepend=0.0)[: len(self.days)] @ np.array(self.days)
        self.author = np.append(self.author, log["creator"])
        got = np.bincount(self.author[log["hidden"]], minlength=CREATORS)
        hide = self.hide()
        sound = hide < 0.04
        self.hidden.append(got[sound].sum())
        self.hoped.append((hide * news)[sound].sum())
        self.hides, self.posts = 0.94 * self.hides + got, 0.94 * self.posts + news
        alarms = self.alarms(day, log, e) if day > 7 else []
        for factor in self.factors:
            factor.fade(0.97)
        at = self.at(log, log["fit"])
        for _ in range(3):
            for factor, i in zip(self.factors, at, strict=True):
                p = self.like(at)
                q = e * p
                slope = (log["like"] - q) * (1 - p) / (1 - q)
                factor.learn(i, slope, q * (1 - p) ** 2 / (1 - q) / 3)
        return alarms

    def alarms(self, day, log, e):
        at = self.at(log, log["fit"])
        q = e * self.like(at)
        off, size = log["like"] - q, q * (1 - q)
        alarms = []
        if not self.broken:
            fit = np.nan_to_num(log["fit"])
            high = (fit > 1.0) & (off == off)
            low = (fit < 0.4) & ~np.isnan(log["fit"])
            rates = [off[m].sum() / (size[m].sum() + 1) for m in (high, low)]
            error = sum(1 / (size[m].sum() + 1) for m in (high, low)) ** 0.5
            if (rates[0] - rates[1]) / error < -4.5:
                self.broken = True
                alarms.append("feature")
        pair = [np.bincount(at[2], x, 36) for x in (off, size)]
        self.off = 0.5 * self.off + pair
        if not alarms and (self.off[0] ** 2 / (self.off[1] + 1)).mean() > 1.7:
            alarms.append("tastes")
            self.cell.fade(0.03)
        if alarms:
            self.off = np.zeros((2, 36))
        got, hoped = sum(self.hidden[-4:]), sum(self.hoped[-4:])
        if got > 1.4 * hoped + 3.2 * (hoped + 1) ** 0.5:
            alarms.append("bait")
            self.hidden, self.hoped = [], []
            self.share = 0.6
            self.hides, self.posts = 0.4 * self.hides, 0.4 * self.posts
        return alarms

    def rank(self, day, requests, look_up):
        n, m = requests["post"].shape
        rows = {k: requests[k].ravel() for k in ("creator", "topic", "age")}
        rows["group"] = requests["group"].repeat(m)
        fit = np.full(n * m, np.nan)
        hide = self.hide()[rows["creator"]]
        new = np.maximum(0, 36 - self.seen)[rows["creator"]].reshape(n, m)
        if not self.broken:
            hope = self.like(self.at(rows, fit)) - COSTS * hide
            top = np.argsort(-hope.reshape(n, m), axis=1)[:, :LOOK_UPS]
            top = (top + np.arange(n)[:, None] * m).ravel()
            fit[top] = look_up(top)["fit"]
        like = self.like(self.at(rows, fit))
        value = (like - COSTS * hide).reshape(n, m)
        order = np.argsort(-value, axis=1, kind="stable")[:, :SHOWN]
        # Rank 4 is for the creator of whom least is known, if it is not shown higher.
        for i in np.nonzero(new.max(1, initial=0) > 0)[0]:
            least = int(new[i].argmax())
            if least not in order[i, :4]:
                rest = [j for j in order[i].tolist() if j != least]
                order[i] = [*rest[:4], least, *rest[4 : SHOWN - 1]]
        pick = [np.take_along_axis(x.reshape(n, m), order, 1) for x in (like, hide)]
        return order, *pick
