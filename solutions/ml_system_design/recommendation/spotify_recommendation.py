"""Queue songs for sessions.

A music service plays a queue of QUEUE songs to each listening session and asks for it
STEP songs at a time, so that a queue can follow what was skipped. Build what fills the
queues: it learns from skips, keeps new artists alive, and raises an alarm when
something is wrong. We run it for DAYS days in each of three simulated worlds, a new one
in each, with some 160 accounts and 85 sessions a day.

Say first what you would build and what you would watch; then write it. NumPy and the
standard library only. Arrays that come in are read-only. What runs today, the simple
rule, is a first version to improve on:

    def __init__(self, rng):
        self.counts = np.zeros(5000)

    def start_day(self, day, songs, log):
        np.add.at(self.counts, log["played"][log["heard"] == 1], 1)
        order = np.argsort(-self.counts[songs["song"]], kind="stable")
        self.top = songs["song"][order[:QUEUE]]
        return []

    def play(self, day, step, sessions, played, heard):
        five = self.top[STEP * step : STEP * (step + 1)]
        return np.tile(five, (sessions["account"].size, 1))

Songs. The catalogue holds some 350 songs. Three new artists a day release ALBUM songs
each, which leave after LIFE_DAYS days. A song has a number, an artist, an age in days
(0 on its first) and AUDIO numbers about its sound, near those of its artist's others.
How good a song is beside its sound is hidden, counts for much, and a part
of it is its artist's.

Tastes. Whether a song is heard to the end depends on its sound, through the taste of
the session's context (WORK, SLEEP or PARTY; they differ much, and a party likes the
loud), of the account (accounts differ less) and of the mood or the person of that
session, which differs more than contexts do, lasts for the session and is not logged.
An account has three in five of its sessions in one context.

Sessions. An account opens one session a day at most. A song is skipped at once or heard
to the end. After a skip 10 % leave, after another song 3 %. In a sleep session the
listener falls asleep before each song with chance ASLEEP; from then on every song is
heard to the end and nobody leaves. Nobody tells you that a listener sleeps.

Repeats. A song that the account reached on one of the REST_DAYS days before is a
repeat. It is skipped less, but each one tires: the account opens fewer sessions, and
recovers slowly. So what is replayed looks best in a log, and loses the listener.

New artists. An artist who appears from day 0 on must be heard: the songs must reach
KEEP_HEARD listens to the end, by listeners who are awake, on the artist's first
KEEP_DAYS days, else the artist leaves with all songs.

Each morning start_day is given the catalogue and a log, and returns alarms. Four times
a day play is asked for the next STEP songs of all sessions of the day, and sees what
came of those before.

The log, arrays of one row for each session of yesterday (on day 0, of the LOG_DAYS days
before it): "account", "context", "age" (days since, 1 for yesterday), "random",
"played" (m, QUEUE) songs and "heard" (m, QUEUE): 1 heard to the end, 0 skipped, -1 not
reached, as the session had ended. Before day 0 an old policy played what was good on
average and replayed a lot in the first half of its queues, and what was loud in the
second, in all contexts; where random is 1 (15 %), it drew songs at random. From day 0
on random is 0. Songs of the log may have left the catalogue.

Events. One world has a wave alone. Each of the others has all three, in any order, 14
days or more apart, the first on day 12 or later, on days that nobody tells you:

    wave    for 4 days seven new artists a day instead of three; no alarm is due
    outage  for 8 days the field context says WORK for every session
    season  from then on all tastes have moved, in one direction, by about as much as
            that of a context differs from the mean

Alarms. Raise "context" for an outage and "taste" for a season, each for the first time
within IN_TIME_DAYS; the day on which the event began is day 1. An alarm is true on the
first ALARM_DAYS days of its own event, and false on every other day, in a wave too.

We measure minutes: MINUTES for each song heard to the end while awake, by the true
chance of each song that is reached (which leaves out some luck), over all worlds
together. Of the way is (yours - the rule's) / (the oracle's - the rule's). The oracle
knows every taste and mood, never repeats, and loses no artist. Each lives in a world of
its own with the same songs, moods and luck. Usual days are those from MEASURED_FROM on,
without the outage and all days of a season.

    of the way, usual days       at least USUAL
    of the way, sleep            at least ASLEEP_WAY: in sleep sessions of usual days
    of the way, after a season   at least AFTER, on days AFTER_DAYS[0] to AFTER_DAYS[1]
                                 of a season; its first is day 1
    new artists kept             at least KEPT, of those whose KEEP_DAYS end in the run
    repeats                      at most REPEATS of all songs reached
    alarms                       all but LATE_ALARMS in time, of all worlds together
    false alarms                 on at most FALSE_ALARMS days

Minutes pull against new artists, and what is heard today against loyalty. All 168 days
should take a few seconds with one thread; a run that computes for 45 s is stopped.
queue_plan says what the real service would need.
"""

import numpy as np

DAYS = 56
LOG_DAYS = 14
WORK, SLEEP, PARTY = 0, 1, 2
AUDIO, ALBUM, LIFE_DAYS = 5, 3, 40
QUEUE, STEP = 20, 5
SCORED = 150  # songs a request, in queue_plan
ASLEEP = 0.15
REST_DAYS = 5
KEEP_DAYS, KEEP_HEARD = 14, 20
MINUTES = 3.5  # of a song

MEASURED_FROM = 7  # days
USUAL = 0.77
ASLEEP_WAY = 0.74
AFTER_DAYS = (5, 14)
AFTER = 0.77
KEPT = 0.88
REPEATS = 0.05
IN_TIME_DAYS = {"context": 4, "taste": 10}
ALARM_DAYS = 13
LATE_ALARMS = 1
FALSE_ALARMS = 6

_NOISE = 0.2  # variance of what is heard about its chance
_MOOD = 0.15**2  # variance of moods, in chances, for a sound of size 1
_OWN = 0.1**2  # that of the tastes of accounts
_ARTIST, _SONG = 0.15**2, 0.23**2
_NEED = 0.2  # what is added to the chance of a new artist who needs listens
_SEASON = 25.0  # chi-squared of a week's errors along the sound
_QUIET = 5  # days from one alarm for a season to the next


def queue_plan(
    sessions_per_day: float, peak_factor: float, accounts: float
) -> dict[str, float]:
    """Return what the real service needs.

    A session asks QUEUE / STEP times, and each time SCORED songs are scored. A core
    scores 2 million songs a second and may be busy 50 % of the time at the peak. An
    account has a vector of 64 numbers of 4 bytes for each of the three contexts. A log
    holds 16 bytes for each of QUEUE songs of a session, and is kept LOG_DAYS days.

    Args:
        sessions_per_day: How many there are.
        peak_factor: How many times the mean rate of the day the peak has.
        accounts: How many there are.

    Returns:
        "requests" and "scored" songs a second at the peak; "cores", not rounded;
        "vectors" and "log", gigabytes of 1e9 bytes.

    Example:
        >>> queue_plan(86.4e6, 2.0, 1e8)["requests"]
        8000.0
    """
    requests = sessions_per_day / 86_400 * peak_factor * (QUEUE / STEP)
    return {
        "requests": requests,
        "scored": requests * SCORED,
        "cores": requests * SCORED / 2e6 / 0.5,
        "vectors": accounts * 3 * 64 * 4 / 1e9,
        "log": sessions_per_day * QUEUE * 16 * LOG_DAYS / 1e9,
    }


class SongQueue:
    """Fills the queues of sessions, and raises alarms.

    On each day from 0 on, start_day is called, then play for steps 0 to 3. The same rng
    and calls give the same songs and alarms.

    Source: Lamere (2014), The skip; Chapelle and Li (2011), An empirical evaluation of
    Thompson sampling.
    """

    def __init__(self, rng: np.random.Generator) -> None:
        """Start one that knows nothing yet.

        Args:
            rng: For what is drawn at random.
        """
        self._tastes = _Tastes()

    def start_day(
        self, day: int, songs: dict[str, np.ndarray], log: dict[str, np.ndarray]
    ) -> list[str]:
        """Learn from the log, and raise alarms.

        Args:
            day: 0 or more.
            songs: The catalogue: "song", "artist" and "age", (k,) integers, and
                "audio", (k, AUDIO) real numbers; songs in ascending order.
            log: As above; there may be no session in it.

        Returns:
            Some of "context" and "taste".
        """
        tastes = self._tastes
        tastes.meet(songs, log)
        alarms = tastes.learn(day, log)
        found = tastes.found[songs["artist"]] / KEEP_HEARD
        needs = (songs["age"] < KEEP_DAYS) & (found < 1.3)
        self._need = np.where(needs, _NEED * (1 - found / 2).clip(0.2), 0.0)
        self._songs = songs
        return alarms

    def play(
        self,
        day: int,
        step: int,
        sessions: dict[str, np.ndarray],
        played: np.ndarray,
        heard: np.ndarray,
    ) -> np.ndarray:
        """Return the next songs of each session, those that ended included.

        Args:
            day: As in start_day.
            step: 0 to 3.
            sessions: "account" and "context", (n,) integers; n may be 0.
            played: (n, STEP * step) the songs so far.
            heard: (n, STEP * step) 1, 0 or -1, as in the log.

        Returns:
            (n, STEP) of integers, songs of the catalogue; none twice in a session.
        """
        tastes, who, songs = self._tastes, sessions["account"], self._songs
        tastes.meet_accounts(int(who.max(initial=-1)) + 1)
        weight = np.eye(3)[sessions["context"]]
        if _is_stuck(sessions["context"]):
            weight = tastes.habit[who] / tastes.habit[who].sum(1, keepdims=True)
        taste = np.einsum("nc,ncf->nf", weight, tastes.taste()[who])
        if step:
            x = _with_one(tastes.audio[played])
            said = np.einsum("nf,nmf->nm", taste, x) + tastes.effect(played)
            known = _awake(heard, weight[:, SLEEP])
            moved = np.einsum("nmf,nm,nmg->nfg", x, known, x) / _NOISE
            pull = np.einsum("nmf,nm->nf", x, known * ((heard == 1) - said)) / _NOISE
            moved += np.eye(AUDIO + 1) / _MOOD
            taste = taste + np.linalg.solve(moved, pull[..., None])[..., 0]
        score = taste @ _with_one(songs["audio"]).T + tastes.effect(songs["song"])
        if step:
            score += self._need
        score -= 9 * (day - tastes.last[who][:, songs["song"]] <= REST_DAYS)
        at = np.searchsorted(songs["song"], played)
        np.put_along_axis(score, at, -99.0, 1)
        best: np.ndarray = songs["song"][np.argsort(-score, 1)[:, :STEP]]
        return best


def _is_stuck(context: np.ndarray) -> bool:
    return context.size > 9 and bool((context == WORK).all())


def _with_one(audio: np.ndarray) -> np.ndarray:
    return np.concatenate([audio, np.ones((*audio.shape[:-1], 1))], -1)


def _awake(heard: np.ndarray, sleep: np.ndarray) -> np.ndarray:
    """Return (n, m) how sure it is that a song was reached by one who was awake.

    Whoever skips is awake. After the last skip, each song that is heard to the end
    makes it more likely that the listener sleeps.
    """
    skips_later = np.cumsum((heard == 0)[:, ::-1], 1)[:, ::-1] > 0
    since = np.cumsum(~skips_later & (heard >= 0), 1)
    doubt = 1 - np.where(skips_later, 1.0, 0.6**since)
    known: np.ndarray = (heard >= 0) * (1 - sleep[:, None] * doubt)
    return known


def _grown(array: np.ndarray, size: int, fill: float = 0) -> np.ndarray:
    """Return an array with as many rows at least, new ones filled."""
    more = np.full((max(0, size - len(array)), *array.shape[1:]), fill, array.dtype)
    return np.concatenate([array, more])


class _Tastes:
    """Least squares by parts: contexts, accounts, artists, songs.

    Each part is fitted to what the others leave, with a ridge; its sums of squares are
    kept from day to day, so that a day costs what its own plays cost.
    """

    def __init__(self) -> None:
        f = AUDIO + 1
        self.common = np.zeros((3, f))
        self.common[:, -1] = 0.5
        self.own, self.habit = np.zeros((0, f)), np.zeros((0, 3))
        self.audio = np.zeros((0, AUDIO))
        self.artist, self.last = np.zeros(0, dtype=int), np.zeros((0, 0), dtype=int)
        self.song, self.fame, self.found = np.zeros((3, 0))
        self._squares, self._sums = np.zeros((3, f, f)), np.zeros((3, f))
        self._own_squares, self._own_sums = np.zeros((0, f, f)), np.zeros((0, f))
        self._plays, self._rest = np.zeros((2, 0))
        self._error, self._spread = np.zeros(AUDIO), np.eye(AUDIO)
        self._quiet, self._stuck = 7, False

    def meet(self, songs: dict[str, np.ndarray], log: dict[str, np.ndarray]) -> None:
        """Make room for songs, artists and accounts that are new."""
        size = 1 + max(songs["song"].max(initial=-1), log["played"].max(initial=-1))
        self._known = songs["song"]
        self.audio, self.artist = _grown(self.audio, size), _grown(self.artist, size)
        self.audio[self._known] = songs["audio"]
        self.artist[self._known] = songs["artist"]
        self.song = _grown(self.song, size)
        self._plays, self._rest = _grown(self._plays, size), _grown(self._rest, size)
        self.last = _grown(self.last.T, size, -99).T
        artists = songs["artist"].max(initial=-1) + 1
        self.fame, self.found = _grown(self.fame, artists), _grown(self.found, artists)
        self.meet_accounts(int(log["account"].max(initial=-1)) + 1)

    def meet_accounts(self, size: int) -> None:
        """Make room for accounts that are new."""
        for name in ("own", "_own_squares", "_own_sums"):
            setattr(self, name, _grown(getattr(self, name), size))
        self.habit = _grown(self.habit, size, 1.0)
        self.last = _grown(self.last, size, -99)

    def taste(self) -> np.ndarray:
        """Return (accounts, 3, AUDIO + 1)."""
        return self.common + self.own[:, None]

    def effect(self, song: np.ndarray) -> np.ndarray:
        """Return what songs are better than their sound."""
        return self.song[song] + self.fame[self.artist[song]]

    def learn(self, day: int, log: dict[str, np.ndarray]) -> list[str]:
        """Learn from a log, and return the alarms that it gives."""
        stuck = day > 0 and _is_stuck(log["context"])
        alarms = ["context"] if stuck and not self._stuck else []
        self._stuck = stuck
        weight = _awake(log["heard"], 1.0 * (log["context"] == SLEEP))
        at = np.nonzero((log["heard"] >= 0) & np.isin(log["played"], self._known))
        song, who, context = log["played"][at], log["account"][at[0]], log["context"]
        weight, y = weight[at], (log["heard"][at] == 1) * 1.0
        np.maximum.at(self.last, (who, song), (day - log["age"])[at[0]])
        np.add.at(self.found, self.artist[song], weight * y)
        if stuck:
            return alarms
        np.add.at(self.habit, (log["account"], context), 1)
        context = context[at[0]]
        x = _with_one(self.audio[song])
        if day and self._has_moved(day, x, who, context, song, weight, y):
            alarms.append("taste")
        self._fit(x, who, context, song, weight, y, rounds=1 if day else 4)
        return alarms

    def _has_moved(
        self,
        day: int,
        x: np.ndarray,
        who: np.ndarray,
        context: np.ndarray,
        song: np.ndarray,
        weight: np.ndarray,
        y: np.ndarray,
    ) -> bool:
        """Return whether the errors of some days lean along the sound of songs."""
        said = (x * self.taste()[who, context]).sum(1) + self.effect(song)
        sound = x[:, :AUDIO]
        self._error = 0.75 * self._error + (weight * (y - said)) @ sound
        self._spread = 0.75 * self._spread + (sound.T * weight) @ sound
        square = self._error @ np.linalg.solve(
            self._spread + np.eye(AUDIO), self._error
        )
        if square / _NOISE < _SEASON or day <= self._quiet:
            return False
        self._quiet = day + _QUIET
        self._error[:] = 0
        return True

    def _fit(
        self,
        x: np.ndarray,
        who: np.ndarray,
        context: np.ndarray,
        song: np.ndarray,
        weight: np.ndarray,
        y: np.ndarray,
        *,
        rounds: int,
    ) -> None:
        """Add plays to the sums, and fit each part to what the others leave."""
        f, heavy = AUDIO + 1, weight[:, None] * x
        both = heavy[:, :, None] * x[:, None]
        squares, own_squares = np.zeros((3, f, f)), np.zeros_like(self._own_squares)
        np.add.at(squares, context, both)
        np.add.at(own_squares, who, both)
        self._squares = 0.98 * self._squares + squares
        self._own_squares = 0.995 * self._own_squares + own_squares
        sums, own_sums, rest = 0.98 * self._sums, 0.995 * self._own_sums, self._rest
        self._plays = self._plays + np.bincount(song, weight, self._plays.size)
        ridge = np.eye(f)
        for _ in range(rounds):
            other = (self.own[who] * x).sum(1) + self.effect(song)
            self._sums = sums.copy()
            np.add.at(self._sums, context, (y - other)[:, None] * heavy)
            start = self._sums + 0.5 * ridge[-1]  # a song is heard half the time
            full = self._squares + ridge
            self.common = np.linalg.solve(full, start[..., None])[..., 0]
            other = (self.common[context] * x).sum(1) + self.effect(song)
            self._own_sums = own_sums.copy()
            np.add.at(self._own_sums, who, (y - other)[:, None] * heavy)
            full = self._own_squares + ridge * _NOISE / _OWN
            self.own = np.linalg.solve(full, self._own_sums[..., None])[..., 0]
            left = y - ((self.common[context] + self.own[who]) * x).sum(1)
            self._rest = rest + np.bincount(song, weight * left, rest.size)
            self._fit_songs()

    def _fit_songs(self) -> None:
        plays, size = self._plays, self.fame.size
        by_artist = np.bincount(self.artist, plays, size)
        rest = np.bincount(self.artist, self._rest - plays * self.song, size)
        self.fame = rest / (by_artist + _NOISE / _ARTIST)
        rest = self._rest - plays * self.fame[self.artist]
        self.song = rest / (plays + _NOISE / _SONG)
