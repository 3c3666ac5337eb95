"""Logistic gradient steps, of accounts by day and of a session between its songs."""

import numpy as np

STEP, REST_DAYS, KEEP_DAYS, KEEP_HEARD = 5, 5, 14, 20
WORK, SLEEP = 0, 1


def queue_plan(sessions_per_day, peak_factor, accounts):
    peak = sessions_per_day * peak_factor * 4 / 86_400
    plan = peak, peak * 150, peak * 1.5e-4, accounts * 7.68e-7
    names = "requests", "scored", "cores", "vectors"
    return {**dict(zip(names, plan, strict=True)), "log": sessions_per_day * 4.48e-6}


def sigmoid(z):
    return 1 / (1 + np.exp(-np.clip(z, -30, 30)))


def surely_awake(heard, sleeps):
    """Return how likely each song was reached by one who was awake."""
    sure = np.zeros(heard.shape)
    after = np.zeros(len(heard), dtype=bool)
    for k in reversed(range(heard.shape[1])):
        after |= heard[:, k] == 0
        sure[:, k] = after
    run = np.cumsum(1 - sure, 1)
    return np.where(sleeps[:, None], np.maximum(sure, 0.6**run), 1.0) * (heard >= 0)


class SongQueue:
    def __init__(self, rng):
        self.rng = rng
        self.common = np.zeros((3, 6))
        self.own = np.zeros((2000, 6))
        self.audio = np.zeros((5000, 6))
        self.artist = np.zeros(5000, dtype=int)
        self.song, self.fame, self.found = np.zeros((3, 5000))
        self.plays = np.zeros(5000)
        self.last = np.full((2000, 5000), -99, dtype=np.int16)
        self.past, self.was_out = [], False
        self.days_apart = np.ones((2000, 3))

    def start_day(self, day, songs, log):
        ids = songs["song"]
        self.audio[ids] = np.column_stack([songs["audio"], np.ones(ids.size)])
        self.artist[ids] = songs["artist"]
        self.ids, alarms = ids, self.learn(day, log, ids)
        found = self.found[songs["artist"]]
        needs = (songs["age"] < KEEP_DAYS) & (found < 1.2 * KEEP_HEARD)
        self.need = needs * (1.3 - 0.5 * np.minimum(found / KEEP_HEARD, 1.0))
        return alarms

    def effect(self, s):
        return self.song[s] + self.fame[self.artist[s]]

    def learn(self, day, log, there):
        c, heard = log["context"], log["heard"]
        out = day > 0 and c.size > 9 and (c == WORK).all()
        alarms = ["context"] if out and not self.was_out else []
        self.was_out = out
        at = np.nonzero((heard >= 0) & np.isin(log["played"], there))
        s, a, c = log["played"][at], log["account"][at[0]], c[at[0]]
        w = surely_awake(heard, log["context"] == SLEEP)[at]
        y = (heard[at] == 1) * 1.0
        np.maximum.at(self.last, (a, s), (day - log["age"][at[0]]).astype(np.int16))
        np.add.at(self.found, self.artist[s], w * y)
        if out or not s.size:
            return alarms
        np.add.at(self.days_apart, (log["account"], log["context"]), 1)
        x = self.audio[s]
        self.plays *= 0.99
        np.add.at(self.plays, s, w)
        for _ in range(40 if day == 0 else 6):
            taste = self.common[c] + self.own[a]
            p = sigmoid((x * taste).sum(1) + self.effect(s))
            pull = (w * (y - p))[:, None] * x
            rate = 0.3 if day == 0 else 0.2
            step = np.zeros((3, 6))
            np.add.at(step, c, pull)
            self.common += rate * 5 * step / (np.bincount(c, minlength=3)[:, None] + 20)
            step = np.zeros_like(self.own)
            np.add.at(step, a, pull)
            self.own += rate * 0.12 * (step - 0.03 * self.own)
            own = np.bincount(s, w * (y - p), 5000)
            self.song += rate * 4 * (own - 0.02 * self.song) / (self.plays * 0.2 + 15)
            by = np.bincount(self.artist[s], w * (y - p), 5000)
            self.fame += rate * by * 0.1
        # A season moves work and party alike, and by more than days differ.
        self.past.append(self.common[::2, :5].mean(0))
        if len(self.past) > 8:
            now, then = np.mean(self.past[-2:], 0), np.mean(self.past[-8:-4], 0)
            if np.linalg.norm(now - then) > 0.45:
                alarms.append("taste")
                self.past = []
        return alarms

    def play(self, day, step, sessions, played, heard):
        a, c = sessions["account"], sessions["context"]
        each = self.common + self.own[a][:, None]
        taste = each[np.arange(a.size), c]
        out = c.size > 9 and (c == WORK).all()
        if out:
            share = self.days_apart[a] / self.days_apart[a].sum(1, keepdims=True)
            taste = (share[:, :, None] * each).sum(1)
        w = surely_awake(heard, (c == SLEEP) & (not out))
        x, mood = self.audio[played], np.zeros((a.size, 6))
        for _ in range(12 if step else 0):
            p = sigmoid(np.einsum("nmf,nf->nm", x, taste + mood) + self.effect(played))
            pull = np.einsum("nmf,nm->nf", x, w * ((heard == 1) - p))
            mood += 0.25 * (pull - mood / 0.9)
        score = (taste + mood) @ self.audio[self.ids].T + self.effect(self.ids)
        score += self.need * (step > 0)
        score[day - self.last[a][:, self.ids] <= REST_DAYS] -= 40
        score[(self.ids[None, :, None] == played[:, None]).any(2)] = -999
        return self.ids[np.argsort(-score, 1)[:, :STEP]]
