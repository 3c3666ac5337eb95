"""Counts of people and bots in cells, which fade, and fall back on wider cells."""

import numpy as np

ALLOW, CHALLENGE, LIMIT, BLOCK = 0, 1, 2, 3
REVIEWED, CHALLENGED, REPORTED = 0, 1, 3
REVIEWS, FAIL, LEAVE, LEAK = 30, 0.7, 0.25, 0.3
PRICE = 16.0  # actions of bots that a person is worth
EDGES = {
    "rhythm": [0.2, 0.35, 0.5, 0.65, 0.78, 0.9],
    "overlap": [0.2, 0.35, 0.5, 0.65, 0.78, 0.9],
    "crowd": [3, 11, 20],
}
SIZES = tuple(len(edges) + 1 for edges in EDGES.values())
CELLS = int(np.prod(SIZES))


def guard_plan(accounts_per_day, peak_factor, bot_share):
    peak = accounts_per_day / 86_400 * peak_factor
    stored = accounts_per_day * 200 * 90
    reviews = accounts_per_day * bot_share * 0.02
    return {
        "decisions": peak,
        "reads": peak * 4,
        "cores": peak * 0.002 / 0.5,
        "gigabytes": stored / 1e9,
        "reviewers": reviews / (7 * 3600 / 90),
    }


def smooth(table):
    """Share each count with the neighbours in rhythm and overlap."""
    table = table.reshape(SIZES)
    for axis in (0, 1):
        wide = np.moveaxis(np.zeros_like(table), axis, 0)
        moved = np.moveaxis(table, axis, 0)
        wide[:] = moved
        wide[1:] += 0.5 * moved[:-1]
        wide[:-1] += 0.5 * moved[1:]
        table = np.moveaxis(wide, 0, axis)
    return table.ravel()


class BotGuard:
    def __init__(self, rng):
        self.rng = rng
        self.bots = np.zeros(CELLS)
        self.all = np.zeros(CELLS)
        self.usual = None
        self.many = []
        self.reports = []
        self.quiet = {"wave": 0, "reports": 0}

    def cells(self, fields):
        places = [np.searchsorted(e, fields[k], "right") for k, e in EDGES.items()]
        return np.ravel_multi_index(places, SIZES)

    def decide(self, day, accounts, news):
        alarms = self.watch(day, news)
        told = (news["source"] == REVIEWED) | (news["source"] == CHALLENGED)
        told &= news["bot"] >= 0
        cell = self.cells(news)[told]
        self.bots = self.bots * 0.96 + np.bincount(cell, news["bot"][told], CELLS)
        self.all = self.all * 0.96 + np.bincount(cell, minlength=CELLS)
        bots, seen = smooth(self.bots), smooth(self.all)
        crowds = seen.reshape(SIZES).sum((0, 1)), bots.reshape(SIZES).sum((0, 1))
        prior = np.tile((crowds[1] + 0.5) / (crowds[0] + 5), SIZES[0] * SIZES[1])
        table = (bots + 2 * prior) / (seen + 2)
        cell = self.cells(accounts)
        chance = table[cell]
        # Those who act more are bots more often, by about as much in every cell.
        acts = accounts["actions"]
        odds = chance / (1 - chance) * (acts / 9.0) ** 0.8
        chance = odds / (1 + odds)
        reviews = self.choose(cell, chance, acts, seen[cell])
        self.many.append(chance.sum())
        return self.act(accounts, chance), reviews, alarms

    def act(self, accounts, chance):
        gain, harm = chance * accounts["actions"], PRICE * (1 - chance)
        alone = accounts["crowd"] <= 2
        options = [
            np.zeros(gain.size),
            np.where(alone, FAIL * gain - LEAVE * harm, -1),
            (1 - LEAK) * gain - harm,
            np.where(alone, gain - harm, -1),
        ]
        return np.argmax(options, axis=0)

    def choose(self, cell, chance, acts, seen):
        count = np.bincount(cell, minlength=CELLS).astype(float)
        if self.usual is None:
            self.usual = count
        excess = (count - self.usual) / np.sqrt(self.usual + 3)
        self.usual = self.usual + 0.1 * (count - self.usual)
        n = cell.size
        few = min(n, 12)
        new = np.argsort(-(excess[cell] + self.rng.random(n)))[:40]
        new = self.rng.permutation(new)[:few]
        doubt = chance * (1 - chance) * np.sqrt(acts) / np.sqrt(seen + 5)
        doubt = doubt * self.rng.uniform(0.5, 1.5, n)
        doubt[new] = -1
        return np.concatenate([new, np.argsort(-doubt)])[: min(n, REVIEWS)]

    def watch(self, day, news):
        alarms = []
        # Far more bots than lately, and the reviews of a day did not talk us out of it.
        if day >= 10:
            usual, latest = np.mean(self.many[-15:-4]), self.many[-2:]
            if min(latest) > usual + 2 * np.sqrt(usual) + 12:
                alarms.append("wave")
        self.reports.append((news["source"] == REPORTED).sum())
        if day >= 5:
            usual = np.median(self.reports[-15:-2])
            two = sum(self.reports[-2:])
            if two < 0.5 * usual or two > 2 * usual + 6 * np.sqrt(2 * usual):
                alarms.append("reports")
        alarms = [name for name in alarms if day >= self.quiet[name]]
        for name in alarms:
            self.quiet[name] = day + (20 if name == "reports" else 3)
        return alarms
