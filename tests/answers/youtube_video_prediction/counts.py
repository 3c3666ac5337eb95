"""Counts over expected counts, factor by factor; shares by draws of what is unknown."""

import numpy as np

ANSWERS, CAP, FAULT_DAYS = (0.2, 0.5), 0.05, 12
FADE = 0.93  # what a day's counts are worth on the next
SIZES = {"all": 1, "large": 2, "topic": 6, "style": 6, "length": 8}


def serving_plan(requests_per_day, peak_factor, uploads_per_day):
    requests = requests_per_day * peak_factor / 86_400
    return {
        "requests": requests,
        "scored": requests * 500,
        "machines": requests / 60,
        "gigabytes": uploads_per_day * 7 * 6e-6,
        "surveys": requests_per_day * 0.02 * 0.35,
    }


class Ratio:
    """Hits over trials as a product of factors, and of each upload's own."""

    def __init__(self, base, sure):
        self.base, self.sure = base, sure
        self.sums = {name: np.zeros((2, size)) for name, size in SIZES.items()}
        self.factors = {name: np.ones(size) for name, size in SIZES.items()}
        self.own = {}

    def usual(self, levels):
        found = self.base
        for name, level in levels.items():
            found = found * self.factors[name][level]
        return found

    def see(self, numbers, levels, hits, trials, teaches=1.0):
        # An upload that was seen a lot says little more of others like it.
        usual = self.usual(levels)
        so_far = [self.own.get(number, (0.0, 0.0))[1] for number in numbers.tolist()]
        less = teaches / (1 + (np.array(so_far) + trials) * usual / self.sure)
        for name, level in levels.items():
            self.sums[name] *= FADE if name != "all" else 0.9
            # What this factor alone would have to explain.
            rest = usual / self.factors[name][level]
            size = SIZES[name]
            self.sums[name][0] += np.bincount(level, hits * less, size)
            self.sums[name][1] += np.bincount(level, trials * rest * less, size)
        for name, (got, hoped) in self.sums.items():
            # The scale that all factors share is that of "all" alone.
            scale = (got.sum() + 1) / (hoped.sum() + 1) if name != "all" else 1.0
            self.factors[name] = (got + 1.5) / (hoped * scale + 1.5)
        for number, h, t in zip(numbers.tolist(), hits, trials, strict=True):
            before = self.own.get(number, (0.0, 0.0))
            self.own[number] = before[0] + h, before[1] + t

    def say(self, numbers, levels):
        usual = self.usual(levels)
        got = [self.own.get(number, (0.0, 0.0)) for number in numbers.tolist()]
        hits, trials = np.array(got).reshape(-1, 2).T
        return usual * (self.sure + hits) / (self.sure + trials * usual)


class VideoSystem:
    def __init__(self, rng):
        self.rng = rng
        self.click, self.view = Ratio(0.06, 2.5), Ratio(5.0, 10.0)
        self.liked = Ratio(0.4, 4.0)
        self.top = np.array([15.0, 10.0])  # clicks at the top, and at random, alike
        self.past, self.said = [], {}
        self.fault, self.told = -99, 0

    def monitor(self, day, uploads, heard):
        liked = [self.said.get(number, 0.4) for number in uploads["upload"].tolist()]
        liked = np.array(liked).reshape(-1)
        yes, no = liked * ANSWERS[1], (1 - liked) * ANSWERS[0]
        style, asked, answered = uploads["style"], heard["asked"], heard["answered"]
        bad = answered - heard["satisfied"]
        hoped = answered * no / (yes + no)
        # One upload that disappoints is no wave.
        less = (uploads["age"] <= 3) / (1 + hoped / 2)
        sums = answered, asked * (yes + no), bad * less, hoped * less
        day_sums = [np.bincount(style, values, 6) for values in sums]
        if day < 10 or day <= self.fault + FAULT_DAYS + 4:
            return []
        self.past = [*self.past, day_sums][-3:]
        got, hoped, _, _ = np.sum(self.past[-2:], axis=0).sum(1)
        if got > hoped + 5.0 * (hoped + 1) ** 0.5:
            self.past, self.fault = [], day - 2
            return ["survey"]
        _, _, got, hoped = np.sum(self.past, axis=0)
        if day > self.told + 4 and (got > 1.1 * hoped + 5 * (hoped + 1) ** 0.5).any():
            style = ((got - hoped) / (hoped + 1) ** 0.5).argmax()
            for ratio in (self.click, self.view, self.liked):
                ratio.sums["style"][:, style] *= 0.1
                ratio.sums["all"] *= 0.1
            self.past, self.told = [], day
            return ["bait"]
        return []

    def decide(self, day, uploads, heard):
        numbers = uploads["upload"]
        levels = {name: uploads[name] for name in ("large", "topic", "style")}
        levels["all"] = uploads["topic"] * 0
        edges = [3.5, 5, 6.5, 8, 10.5, 14, 20]
        levels["length"] = np.digitize(uploads["length"], edges)
        alarms = self.monitor(day, uploads, heard)
        shown, clicks = heard["shown"], heard["clicks"]
        share = shown[:, 1:] / np.maximum(shown[:, 1:].sum(1), 1)[:, None]
        self.top += [clicks[:, 1] @ share[:, 1], clicks[:, 2] @ share[:, 0]]
        place = self.top[0] / self.top[1]
        trials = shown[:, 2] + place * shown[:, 1]
        # Later, those are shown of which much was expected.
        young = uploads["age"] <= 1
        self.click.see(numbers, levels, clicks[:, 1:].sum(1), trials, young)
        # In minutes of five, so that both ratios count about as many hits.
        views = clicks.sum(1)
        self.view.see(numbers, levels, heard["minutes"].sum(1) / 5, views / 5.0)
        if not self.fault < day <= self.fault + FAULT_DAYS + 2:
            yes = heard["satisfied"] / ANSWERS[1] * 0.35
            no = (heard["answered"] - heard["satisfied"]) / ANSWERS[0] * 0.35
            self.liked.see(numbers, levels, yes, yes + no, 0.2 + 0.8 * young)
        liked = self.liked.say(numbers, levels).clip(0.01, 0.95)
        self.said = dict(zip(numbers.tolist(), liked.tolist(), strict=True))
        rate = self.click.say(numbers, levels)
        worth = rate * self.view.say(numbers, levels) * liked
        known = [self.click.own[number][1] for number in numbers.tolist()]
        known = np.array(known).reshape(-1)
        shares = np.where(known < 500, 0.002, 0.0)
        shares /= max(1.0, shares.sum())
        spread = self.rng.normal(size=worth.size) / np.sqrt(4 + known * rate)
        for one in np.argsort(-worth * np.exp(0.5 * spread)):
            shares[one] += max(0.0, min(CAP - shares[one], 1 - shares.sum()))
        return shares, worth, alarms
