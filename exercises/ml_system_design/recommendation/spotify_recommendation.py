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
    raise NotImplementedError


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
        raise NotImplementedError

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
        raise NotImplementedError

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
        raise NotImplementedError
