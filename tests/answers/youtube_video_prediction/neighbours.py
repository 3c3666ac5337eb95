"""What alike uploads were worth, the more alike the more; fading sums for alarms."""

import numpy as np

ANSWERS, CAP, FAULT_DAYS = (0.2, 0.5), 0.05, 12
KEPT = 18  # days
NAMES = ("upload", "large", "topic", "length", "style")


def serving_plan(requests_per_day, peak_factor, uploads_per_day):
    requests = requests_per_day * peak_factor / 86_400
    return {
        "requests": requests,
        "scored": requests * 500,
        "machines": requests / 60,
        "gigabytes": uploads_per_day * 7 * 6e-6,
        "surveys": requests_per_day * 0.02 * 0.35,
    }


class VideoSystem:
    def __init__(self, rng):
        self.x = {name: np.zeros(0) for name in NAMES}
        self.born = np.zeros(0)
        # Shown, clicks, views, minutes, satisfied, not satisfied.
        self.sums = np.zeros((0, 6))
        self.top = np.array([15.0, 10.0])  # clicks at the top, and at random, alike
        self.said = {}
        self.fault, self.told, self.fresh = -99, 0, {}
        self.trace = np.zeros((2, 6))
        self.more = np.zeros(2)

    def monitor(self, day, uploads, heard):
        said = [
            self.said.get(number, (0.4,) * 2) for number in uploads["upload"].tolist()
        ]
        usual, liked = np.array(said).reshape(-1, 2).T
        more = liked * ANSWERS[1] + (1 - liked) * ANSWERS[0]
        yes, no = usual * ANSWERS[1], (1 - usual) * ANSWERS[0]
        answered = heard["answered"]
        if day < 10:
            return []
        self.more *= 0.3
        self.more += [answered.sum(), heard["asked"] @ more]
        got, hoped = self.more
        odd = (got - hoped) / (hoped + 1) ** 0.5
        if day <= self.fault + FAULT_DAYS + 2:
            if day > self.fault + 4 and odd < 2:  # it was none, so listen again
                self.fault = -99
            return []
        if odd > 9:
            self.fault, self.trace[:] = day - 2, 0
            return ["survey"]
        self.trace *= 0.7
        young = uploads["age"] <= 3
        bad, hoped = answered - heard["satisfied"], answered * no / (yes + no)
        less = young / (1 + hoped / 2)  # one upload that disappoints is no wave
        for row, sums in enumerate((bad, hoped)):
            self.trace[row] += np.bincount(uploads["style"], sums * less, 6)
        odd = (self.trace[0] - self.trace[1]) / (self.trace[1] + 1) ** 0.5
        if odd.max() > 3.4 and day > self.told + 4:
            self.fresh[int(odd.argmax())] = day - 3
            self.told, self.trace[:] = day, 0
            return ["bait"]
        return []

    def keep(self, day, uploads, heard):
        new = ~np.isin(uploads["upload"], self.x["upload"])
        stay = self.born > day - KEPT
        for name in NAMES:
            self.x[name] = np.append(self.x[name][stay], uploads[name][new])
        self.born = np.append(self.born[stay], day - uploads["age"][new])
        self.sums = np.vstack([self.sums[stay], np.zeros((new.sum(), 6))])
        rows = np.searchsorted(self.x["upload"], uploads["upload"])
        shown, clicks = heard["shown"], heard["clicks"]
        share = shown[:, 1:] / np.maximum(shown[:, 1:].sum(1), 1)[:, None]
        self.top += [clicks[:, 1] @ share[:, 1], clicks[:, 2] @ share[:, 0]]
        exposure = shown[:, 2] + shown[:, 1] * self.top[0] / self.top[1]
        good = not self.fault < day <= self.fault + FAULT_DAYS + 2
        yes = heard["satisfied"] / ANSWERS[1] * good
        no = (heard["answered"] - heard["satisfied"]) / ANSWERS[0] * good
        views = clicks.sum(1)
        more = exposure, clicks[:, 1:].sum(1), views, heard["minutes"].sum(1), yes, no
        self.sums[rows] += np.column_stack(more)
        return rows

    def alike(self, day, rows):
        x = self.x
        near = np.log(x["length"][rows, None] / x["length"]) ** 2 / 0.25
        for name, far in (("style", 3.0), ("topic", 1.0), ("large", 1.5)):
            near += far * (x[name][rows, None] != x[name])
        near += 0.06 * (day - self.born)
        for style, first in self.fresh.items():
            mine = x["style"] == style
            parted = (self.born[rows, None] < first) != (self.born < first)
            near += 3.0 * (parted & mine & mine[rows, None])
        return np.exp(-near)

    def decide(self, day, uploads, heard):
        alarms = self.monitor(day, uploads, heard)
        rows = self.keep(day, uploads, heard)
        near = self.alike(day, rows)
        shown, clicks, views, minutes, yes, no = self.sums.T
        asked = 0.35 * (yes + no)

        def usual(hits, trials, half):
            less = 1 / (1 + trials / half)  # no upload counts more than half a few
            all_hits, all_trials = (hits * less).sum(), (trials * less).sum()
            mean = (all_hits + 1e-3) / (all_trials + 1e-2)
            return (near @ (hits * less) + mean * half / 4) / (
                near @ (trials * less) + half / 4
            )

        rate, long = usual(clicks, shown, 50), usual(minutes, views, 8)
        liked = usual(0.35 * yes, asked, 4)
        rate = rate * (2.5 + clicks[rows]) / (2.5 + shown[rows] * rate)
        own = (10 + minutes[rows] / long) / (10 + views[rows])
        # Who watches longer than usual likes it more.
        usual_liked = liked
        odds = liked / (1 - liked) * own**1.2
        liked = odds / (1 + odds)
        liked = (6 * liked + 0.35 * yes[rows]) / (6 + asked[rows])
        liked = liked.clip(0.01, 0.97)
        pairs = zip(usual_liked.tolist(), liked.tolist(), strict=True)
        self.said = dict(zip(uploads["upload"].tolist(), pairs, strict=True))
        worth = rate * long * own * liked
        shares = np.where(shown[rows] < 500, 0.002, 0.0)
        shares /= max(1.0, shares.sum())
        for one in np.argsort(-worth):
            shares[one] += max(0.0, min(CAP - shares[one], 1 - shares.sum()))
        return shares, worth, alarms
