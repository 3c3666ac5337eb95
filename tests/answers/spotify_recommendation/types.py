"""Every session is one of some types of listener; accounts are counts of types."""

import numpy as np

STEP, REST_DAYS, KEEP_DAYS, KEEP_HEARD = 5, 5, 14, 20
WORK, SLEEP, ASLEEP, TYPES = 0, 1, 0.15, 160
ACCOUNT = 4.0  # sessions of a context that weigh as much as the account's own


def queue_plan(sessions_per_day, peak_factor, accounts):
    peak = sessions_per_day * peak_factor * 4 / 86_400
    plan = peak, peak * 150, peak * 1.5e-4, accounts * 7.68e-7
    names = "requests", "scored", "cores", "vectors"
    return {**dict(zip(names, plan, strict=True)), "log": sessions_per_day * 4.48e-6}


def awake(heard, sleeps):
    skip_follows = np.cumsum((heard == 0)[:, ::-1], 1)[:, ::-1] > 0
    run = np.cumsum(~skip_follows, 1)
    sure = np.where(skip_follows | ~sleeps[:, None], 1.0, 0.6**run)
    return sure * (heard >= 0)


class SongQueue:
    def __init__(self, rng):
        self.types = rng.normal(0, 2.0, (TYPES, 5))
        self.audio = np.zeros((5000, 5))
        self.artist = np.zeros(5000, dtype=int)
        self.song, self.fame, self.found, self.plays = np.zeros((4, 5000))
        self.last = np.full((2000, 5000), -99, dtype=np.int16)
        self.context = np.ones((3, TYPES)) / TYPES
        self.counts = np.zeros((2000, 3, TYPES))
        self.habit = np.ones((2000, 3))
        self.sum, self.slow, self.square = np.zeros(5), np.zeros(5), np.eye(5)
        self.quiet, self.was_out = 8, False

    def start_day(self, day, songs, log):
        ids = songs["song"]
        self.audio[ids], self.artist[ids] = songs["audio"], songs["artist"]
        self.slot, self.ids = np.zeros(5000, dtype=int), ids
        self.slot[ids] = np.arange(ids.size)
        alarms = self.learn(day, log)
        self.refresh()
        found = self.found[songs["artist"]]
        need = (songs["age"] < KEEP_DAYS) & (found < 1.2 * KEEP_HEARD)
        self.need = 0.18 * need * (1.0 - 0.5 * np.minimum(found / KEEP_HEARD, 1.0))
        return alarms

    def refresh(self):
        z = self.audio[self.ids] @ self.types.T - 0.5
        z += (self.song[self.ids] + self.fame[self.artist[self.ids]])[:, None]
        self.chance = 1 / (1 + np.exp(-z))

    def prior(self, a, c):
        weight = self.counts[a, c] + ACCOUNT * self.context[c]
        return weight / weight.sum(-1, keepdims=True)

    def after(self, prior, slots, heard, sleeps):
        """Return the chances of types, after songs with or without falling asleep."""
        awake, asleep = np.ones_like(prior), np.zeros_like(prior)
        falls = ASLEEP * sleeps[:, None]
        for k in range(slots.shape[1]):
            there, yes = (heard[:, k] >= 0)[:, None], (heard[:, k] == 1)[:, None]
            p = self.chance[slots[:, k]]
            gone = np.where(yes, asleep + falls * awake, 0.0)
            on = (1 - falls) * awake * np.where(yes, p, 1 - p)
            asleep = np.where(there, gone, asleep)
            awake = np.where(there, on, awake)
        found = prior * (awake + asleep) ** 0.8
        return found / found.sum(1, keepdims=True)

    def learn(self, day, log):
        a, c, heard = log["account"], log["context"], log["heard"]
        out = day > 0 and c.size > 9 and (c == WORK).all()
        alarms = ["context"] if out and not self.was_out else []
        self.was_out = out
        there = np.isin(log["played"], self.ids) & (heard >= 0)
        w = awake(heard, c == SLEEP) * there
        row, k = np.nonzero(there)
        s = log["played"][row, k]
        when = (day - log["age"][row]).astype(np.int16)
        np.maximum.at(self.last, (a[row], s), when)
        np.add.at(self.found, self.artist[s], (w * (heard == 1))[row, k])
        if out or not s.size:
            return alarms
        np.add.at(self.habit, (a, c), 1)
        slots, seen = self.slot[log["played"]], np.where(there, heard, -1)
        self.plays *= 0.99
        np.add.at(self.plays, s, w[row, k])
        self.counts *= 0.985
        before, start = self.counts.copy(), self.context.copy()
        for turn in range(8 if day == 0 else 2):
            self.refresh()
            prior = self.prior(a, c)
            found = self.after(prior, slots, seen, c == SLEEP)
            if day and turn == 0 and self.moved(day, prior, slots, heard, w):
                alarms.append("taste")
                before *= 0.5
            self.counts = before.copy()
            np.add.at(self.counts, (a, c), found)
            for one in range(3):
                mine = found[c == one].sum(0)
                keep = 0.0 if day == 0 else 250.0
                mine = mine + keep * start[one] + 5 / TYPES
                self.context[one] = mine / mine.sum()
            said = np.einsum("nt,nt->n", found[row], self.chance[slots[row, k]])
            left = (w * (heard == 1))[row, k] - w[row, k] * said
            own = np.bincount(s, left, 5000)
            rate = 3.0 if day == 0 else 1.5
            self.song += rate * (own - 0.02 * self.song) / (self.plays * 0.2 + 4)
            by = np.bincount(self.artist[s], left, 5000)
            size = np.bincount(self.artist, self.plays, 5000)
            self.fame += rate * by / (size * 0.2 + 6)
        return alarms

    def moved(self, day, prior, slots, heard, w):
        said = np.einsum("nt,nkt->nk", prior, self.chance[slots])
        x = self.audio[self.ids][slots]
        each = np.einsum("nk,nkf->nf", (w * ((heard == 1) - said))[:, :5], x[:, :5])
        self.sum = 0.7 * self.sum + each.sum(0) - 0.3 * self.slow
        self.slow = 0.9 * self.slow + 0.1 * each.sum(0)
        self.square = 0.7 * self.square + each.T @ each
        lean = self.sum @ np.linalg.solve(self.square, self.sum)
        if lean < 24 or day <= self.quiet:
            return False
        self.quiet = day + 99  # a season comes once
        self.sum[:] = 0
        return True

    def play(self, day, step, sessions, played, heard):
        a, c = sessions["account"], sessions["context"]
        prior, sleeps = self.prior(a, c), c == SLEEP
        if c.size > 9 and (c == WORK).all():
            share = self.habit[a] / self.habit[a].sum(1, keepdims=True)
            prior = sum(self.prior(a, k) * share[:, k, None] for k in range(3))
            sleeps = np.zeros(c.size, dtype=bool)
        slots = self.slot[played]
        weight = self.after(prior, slots, heard, sleeps)
        score = weight @ self.chance.T + self.need * (step > 0)
        score[day - self.last[a][:, self.ids] <= REST_DAYS] -= 40
        score[(self.ids[None, :, None] == played[:, None]).any(2)] = -999
        return self.ids[np.argsort(-score, 1)[:, :STEP]]
