"""The days of a recommender in a world of songs: what it queued, and what was heard."""

from __future__ import annotations

from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.recommendation.songs import (
    ALARM_OF,
    BASE,
    FAMILIAR,
    LEAST,
    RECOVERS,
    TIRES,
    World,
)

RANDOM = 0.15  # of the old sessions got songs at random
OLD_QUALITY, OLD_REPEATS, OLD_LOUD = 2.0, 3.0, 3.0  # what the old policy preferred
Log = dict[str, np.ndarray]


class Life:
    """A recommender that lives in a world.

    Attributes:
        minutes: (days, 3) that were heard to the end while awake, by true context.
        repeats: (days, 2) songs that were reached, and repeats among them.
        alarms: Of each day, the names.
        gone: (artists,) which artists left.
        opened: (days,) how many sessions were opened.
        queued: All songs, day after day.
    """

    def __init__(self, world: World, *, keep_all: bool = False) -> None:
        self.world, self.keep_all = world, keep_all
        self.minutes = np.zeros((world.days, 3))
        self.repeats = np.zeros((world.days, 2))
        self.opened = np.zeros(world.days, dtype=int)
        self.alarms: list[set[str]] = []
        self.queued: list[int] = []
        self.gone = np.zeros(world.debut.size, dtype=bool)
        self.found = np.zeros(world.debut.size, dtype=int)
        self._last = np.full((world.accounts, world.artist.size), -999)
        self._loyalty = np.ones(world.accounts)
        self.log = self._past(np.random.default_rng(world.old_seed))

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new recommender queue on all days, with an rng of its own."""
        world, rules = self.world, self.world.rules
        answer = run.submission.SongQueue(rng)
        start_day, play = answer.start_day, answer.play
        for day in range(world.days):
            run.place = f"start_day on day {day}"
            there = world.catalogue(day, self.gone)
            said = start_day(day, self.songs(day, there), self.log)
            with naming(run.place):
                self.alarms.append(read_alarms(said, ALARM_OF.values()))
            session = Session(self, day)
            who = session.who
            fields = {"account": who, "context": world.field(day, who)}
            for step in range(rules.QUEUE // rules.STEP):
                run.place = f"play on day {day}, step {step}"
                said = play(day, step, fields, session.played, session.heard)
                with naming(run.place):
                    songs = read_songs(said, session.played, rules.STEP, there)
                session.play(songs)
            self.queued += session.played.ravel().tolist()
            self._end(session)
            run.forget_calls()
        return self

    def rule(self) -> Life:
        """Let the simple rule queue: what was heard most, the same for all."""
        counts = np.zeros(self.world.artist.size)
        for day in range(self.world.days):
            there = self.world.catalogue(day, self.gone)
            np.add.at(counts, self.log["played"][self.log["heard"] == 1], 1)
            order = np.argsort(-counts[there], kind="stable")
            top = there[order[: self.world.rules.QUEUE]]
            session = Session(self, day)
            session.play(np.tile(top, (session.who.size, 1)))
            self._end(session)
        return self

    def oracle(self) -> Life:
        """Let one queue who knows every taste and mood, repeats nothing, keeps all."""
        self.keep_all = True
        for day in range(self.world.days):
            there = self.world.catalogue(day, self.gone)
            session = Session(self, day)
            worth = session.taste @ self.world.audio[there].T
            worth += self.world.quality[there] - 99 * self.recent(session)[:, there]
            best = np.argpartition(-worth, self.world.rules.QUEUE - 1, 1)
            session.play(there[best[:, : self.world.rules.QUEUE]])
            self._end(session)
        return self

    def songs(self, day: int, there: np.ndarray) -> Log:
        """Return what is known of the songs that there are."""
        world = self.world
        known = {"song": there, "artist": world.artist[there]}
        known |= {"age": day - world.released[there], "audio": world.audio[there]}
        return known

    def recent(self, session: Session) -> np.ndarray:
        """Return (n, songs) whether a song would be a repeat."""
        age = session.day - self._last[session.who]
        return age <= self.world.rules.REST_DAYS

    def _past(self, rng: np.random.Generator) -> Log:
        """Let the old policy queue on the days before day 0, and return the log."""
        rules, logs = self.world.rules, []
        for day in range(-rules.LOG_DAYS, 0):
            there = self.world.catalogue(day, self.gone)
            session = Session(self, day)
            worth = OLD_QUALITY * self.world.quality[there]
            worth = worth + OLD_REPEATS * self.recent(session)[:, there]
            at_random = rng.random(session.who.size) < RANDOM
            worth *= ~at_random[:, None]
            luck = rng.gumbel(size=worth.shape)
            half = rules.QUEUE // 2
            first = np.argpartition(-worth - luck, half, 1)[:, :half]
            loud = ~at_random[:, None] * OLD_LOUD * self.world.loud[there] + luck
            np.put_along_axis(loud, first, -99.0, 1)
            last = np.argpartition(-loud, half, 1)[:, :half]
            session.play(there[np.hstack([first, last])])
            self._end(session)
            logs.append({**self.log, "random": at_random * 1})
            logs[-1]["age"] -= day  # seen from day 0
        self._loyalty[:] = 1.0
        return {name: np.concatenate([one[name] for one in logs]) for name in logs[0]}

    def _end(self, session: Session) -> None:
        """Note what came of a day's sessions, and let artists leave."""
        world, day, who = self.world, session.day, session.who
        rules, reached = world.rules, session.heard >= 0
        liked = (session.heard == 1) & session.awake
        np.add.at(self.found, world.artist[session.played[liked]], 1)
        late = world.debut + rules.KEEP_DAYS - 1 == day
        if day >= 0 and not self.keep_all:
            self.gone |= late & (world.debut >= 0) & (self.found < rules.KEEP_HEARD)
        repeats = session.repeat & reached
        if day >= 0:
            by = world.context(day, who)
            self.minutes[day] = np.bincount(by, session.minutes, 3)
            self.repeats[day] = reached.sum(), repeats.sum()
            self.opened[day] = who.size
        self._last[np.repeat(who, reached.sum(1)), session.played[reached]] = day
        self._loyalty += RECOVERS * (1 - self._loyalty)
        self._loyalty[who] -= TIRES * repeats.sum(1)
        self._loyalty = self._loyalty.clip(LEAST)
        self.log = {
            "age": np.ones(who.size, dtype=int),
            "account": who,
            "context": world.field(day, who),
            "random": np.zeros(who.size, dtype=int),
            "played": session.played,
            "heard": session.heard,
        }


class Session:
    """The sessions of a day, which go on side by side.

    Attributes:
        who: (n,) their accounts.
        taste: (n, AUDIO) what they like.
        played: (n, k) the songs queued so far.
        heard: (n, k) 1 if heard to the end, 0 if skipped, -1 if not reached.
        awake: (n, k) of bool.
        repeat: (n, k) whether a song is a repeat.
        minutes: (n,) expected to be heard to the end while awake.
    """

    def __init__(self, life: Life, day: int) -> None:
        self.world, self.day = life.world, day
        self.who = self.world.opened(day, life._loyalty)
        self.taste = self.world.taste(day, self.who)
        self._last = life._last
        n = self.who.size
        self.played, self.heard = np.zeros((2, n, 0), dtype=int)
        self.awake, self.repeat = np.zeros((2, n, 0), dtype=bool)
        self.minutes, self._on = np.zeros(n), np.ones(n, dtype=bool)

    def play(self, songs: np.ndarray) -> None:
        """Play the next songs, (n, k), to those who have not left."""
        world, rules = self.world, self.world.rules
        since = self.day - self._last[self.who[:, None], songs]
        repeat = since <= rules.REST_DAYS
        odds = BASE + np.einsum("nkd,nd->nk", world.audio[songs], self.taste)
        odds += world.quality[songs] + FAMILIAR * repeat
        chance = 1 / (1 + np.exp(-odds))
        at = self.played.shape[1]
        heard, stays, awake = world.hear(self.day, self.who, chance, at)
        stays = np.column_stack([self._on, stays]).cumprod(1) == 1
        reached, self._on = stays[:, :-1], stays[:, -1]
        self.minutes += rules.MINUTES * (chance * reached * awake).sum(1)
        self.played = np.hstack([self.played, songs])
        self.heard = np.hstack([self.heard, np.where(reached, heard, -1)])
        self.awake = np.hstack([self.awake, awake])
        self.repeat = np.hstack([self.repeat, repeat])


def read_songs(
    said: Any, played: np.ndarray, step: int, there: np.ndarray
) -> np.ndarray:
    """Demand (n, step) of songs that there are and were not in the queue before."""
    n = played.shape[0]
    songs = check_array(said, (n, step), kind="iu").astype(int)
    if odd := songs[~np.isin(songs, there)].tolist():
        raise Wrong(f"{odd[0]} is no song of the day's catalogue")
    queue = np.sort(np.hstack([played, songs]), 1)
    twice = queue[:, 1:] == queue[:, :-1]
    if twice.any():
        row = int(twice.any(1).argmax())
        song = int(queue[row, 1:][twice[row]][0])
        raise Wrong(f"song {song} is twice in the queue of row {row}")
    return songs
