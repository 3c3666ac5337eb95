"""A vote of the accounts nearby whose truth is known, the newer the heavier."""

import numpy as np

REVIEWED, CHALLENGED, REPORTED = 0, 1, 3
REVIEWS, FAIL, LEAVE, LEAK = 30, 0.7, 0.25, 0.3
PRICE = 11.5
KEPT = 1000  # known accounts


def guard_plan(accounts_per_day, peak_factor, bot_share):
    second = accounts_per_day * peak_factor / (24 * 60 * 60)
    looked_at = 0.02 * bot_share * accounts_per_day
    return {
        "decisions": second,
        "reads": 4 * second,
        "cores": second * 2 / 1000 / 0.5,
        "gigabytes": 90 * 200 * accounts_per_day / 1e9,
        "reviewers": looked_at / 280,
    }


def points(fields):
    """Return (n, 4): each column such that 1 is near."""
    columns = [
        np.log(fields[name] / (1 - fields[name])).clip(-3.5, 3.5) / 0.8
        for name in ("rhythm", "overlap")
    ]
    columns.append(np.log(fields["actions"]) / 0.9)
    columns.append(np.log(fields["crowd"]) / 0.7)
    return np.array(columns, dtype=np.float32).T


def nearness(a, b):
    square = (a**2).sum(1)[:, None] + (b**2).sum(1) - 2 * (a @ b.T)
    return np.exp(-square / 2)


class BotGuard:
    def __init__(self, rng):
        self.rng = rng
        self.at = np.zeros((0, 4), dtype=np.float32)
        self.truth, self.since = np.zeros(0), np.zeros(0)
        self.before = []
        self.many = []
        self.reports = []
        self.last = {"wave": -99, "reports": -99}

    def decide(self, day, accounts, news):
        alarms = self.alarms(day, news)
        self.remember(day, news)
        at = points(accounts)
        chance, seen = self.vote(day, at)
        reviews = self.choose(at, chance, seen, accounts["actions"])
        self.many.append(chance.sum())
        shown, person = chance * accounts["actions"], PRICE * (1 - chance)
        alone = accounts["crowd"] < 3
        options = np.array(
            [shown, (1 - FAIL) * shown + LEAVE * person, LEAK * shown + person, person]
        )
        options[1::2, ~alone] = np.inf
        return options.argmin(0), reviews, alarms

    def remember(self, day, news):
        use = (news["source"] <= CHALLENGED) & (news["bot"] >= 0)
        self.at = np.concatenate([self.at, points(news)[use]])[-KEPT:]
        self.truth = np.concatenate([self.truth, news["bot"][use]])[-KEPT:]
        self.since = np.concatenate([self.since, day - news["age"][use]])[-KEPT:]

    def vote(self, day, at):
        weight = 0.5 ** ((day - self.since) / 15)
        near = nearness(at, self.at)
        bots = near @ (weight * self.truth).astype(np.float32)
        seen = near @ weight.astype(np.float32)
        return (bots + 0.03) / (seen + 0.3), seen

    def choose(self, at, chance, seen, acts):
        n = len(at)
        some = at[self.rng.permutation(n)[:250]]
        news = self.rng.random(n)
        if len(self.before) >= 5:
            old = np.concatenate(self.before)[::4]
            today = nearness(at, some).mean(1)
            usual = nearness(at, old[:: len(old) // 250 + 1]).mean(1)
            news = (today + 0.0005) / (usual + 0.002)
        self.before = [*self.before[-9:], some]
        first = self.rng.permutation(np.argsort(-news)[:50])[:10]
        doubt = (chance * (1 - chance) * acts) ** 0.5 / (1 + seen) ** 0.25
        doubt *= self.rng.uniform(0.4, 1, n)
        doubt[first] = -1
        return np.concatenate([first, np.argsort(-doubt)])[: min(REVIEWS, n)]

    def alarms(self, day, news):
        names = []
        if day > 9 and min(self.many[-2:]) > np.mean(self.many[-15:-4]) + 52:
            names.append("wave")  # two days in a row, so the reviews agree
        self.reports.append((news["source"] == REPORTED).sum())
        if day > 5:
            usual, today = np.mean(self.reports[-14:-2]), np.mean(self.reports[-2:])
            if today < usual / 3 or today > usual + 3.5 * np.sqrt(usual):
                names.append("reports")
        names = [
            n
            for n in names
            if day > 7 and day > self.last[n] + (2 if n == "reports" else 3)
        ]
        self.last.update(dict.fromkeys(names, day))
        return names
