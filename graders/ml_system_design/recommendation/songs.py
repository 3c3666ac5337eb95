"""A world of songs, accounts and sessions, drawn in full before its first day.

What an answer queues changes what is heard, how loyal accounts stay and which artists
are kept, but not what was drawn: the answer, the simple rule and the oracle meet the
same songs, moods and luck, and are measured by the true chance of each song.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order
from graders.ml_system_design.production.cards import SPREAD, dealt

# The order of the real thing: a quarter of all plays is skipped within 5 s and half
# before the end (Lamere 2014); a release has a few weeks in which to be found.
ACCOUNTS = 160
ARTISTS = 3  # new ones a day
WAVE_ARTISTS, WAVE_DAYS = 4, 4  # more of them a day in a wave, and for how long
MAIN = (0, 0, 0, 1, 1, 1, 1, 2, 2, 2)  # contexts in which accounts listen most
OTHERS = (0, 0, 0, 1, 2)  # in how many of five sessions they listen in another
OPENS = 0.55  # the chance that a loyal account opens a session on a day
BASE = -0.6  # log odds that a song is heard to the end
CONTEXT, OWN, MOOD, SEASON = 2.8, 1.3, 1.8, 3.5  # sizes of tastes
STYLE, SOUND = 0.8, 0.6  # deviations of the sound of artists, and of songs
ARTIST, SONG = 1.2, 1.8  # those of hidden quality
FAMILIAR = 1.0  # log odds of a repeat
APART_BY = ((1, 0), (-0.5, 0.866), (-0.5, -0.866))  # how contexts lie
LEAVE_SKIP, LEAVE = 0.1, 0.03  # after a song that was skipped, and another
ASLEEP = 0.15
TIRES, RECOVERS, LEAST = 0.025, 0.04, 0.2  # loyalty: by a repeat, by a day, at least
FIRST_EVENT, LAST_EVENT, APART = 12, 44, 14
OUTAGE_DAYS = 8
ALARM_OF = {"outage": "context", "season": "taste"}


class World:
    """The songs and accounts of all days, those before day 0 among them.

    Attributes:
        events: The first day of each.
        released: (songs,) the day of each song's release.
        artist: (songs,) its artist.
        audio: (songs, AUDIO) what is known of its sound.
    """

    def __init__(
        self,
        rules: Any,
        rng: np.random.Generator,
        events: dict[str, int],
        *,
        days: int | None = None,
        accounts: int = ACCOUNTS,
    ) -> None:
        self.rules, self.events, self.accounts = rules, events, accounts
        self.days = rules.DAYS if days is None else days
        self._release_songs(rng)
        self._draw_tastes(rng)
        shape = self.days + rules.LOG_DAYS, accounts
        main = dealt(rng, np.array(MAIN), accounts)
        # (accounts, days)
        other = dealt(rng, np.array(OTHERS), accounts * shape[0]).reshape(shape[::-1])
        self._opens = rng.random(shape)
        self._context = (main[:, None] + other).T % 3
        mood = MOOD * _spread(rng, shape[0] * accounts, rules.AUDIO)
        self._mood = mood.reshape(*shape, rules.AUDIO)
        self._luck = rng.random((2, *shape, rules.QUEUE))
        self._asleep = rng.geometric(ASLEEP, shape) - 1
        self._asleep[self._context != rules.SLEEP] = rules.QUEUE
        self.old_seed = int(rng.integers(2**60))

    def _release_songs(self, rng: np.random.Generator) -> None:
        rules = self.rules
        first = -rules.LOG_DAYS - rules.LIFE_DAYS
        per_day = np.full(self.days - first, ARTISTS)
        if "wave" in self.events:
            per_day[self.events["wave"] - first :][:WAVE_DAYS] += WAVE_ARTISTS
        self.debut = np.repeat(np.arange(first, self.days), per_day)
        artists = self.debut.size
        style = STYLE * _spread(rng, artists, rules.AUDIO)
        fame = ARTIST * dealt(rng, SPREAD, artists)
        self.artist = np.repeat(np.arange(artists), rules.ALBUM)
        self.released = self.debut[self.artist]
        n = self.artist.size
        self.audio = style[self.artist] + SOUND * _spread(rng, n, rules.AUDIO)
        self.quality = fame[self.artist] + SONG * dealt(rng, SPREAD, n)

    def _draw_tastes(self, rng: np.random.Generator) -> None:
        size = self.rules.AUDIO
        axes = rng.permutation(np.diag(rng.choice([-1, 1], size)))
        self._contexts = CONTEXT * np.array(APART_BY) @ axes[:2]
        self._own = OWN * _spread(rng, self.accounts, size)
        self._season = SEASON * axes[2]
        self.loud = self.audio @ self._contexts[2] / CONTEXT

    def lasts(self, event: str, day: int, days: int) -> bool:
        """Return whether a day is one of the first of an event."""
        return 0 <= day - self.events.get(event, 2 * self.days) < days

    def opened(self, day: int, loyalty: np.ndarray) -> np.ndarray:
        """Return (n,) the accounts that open a session."""
        return np.flatnonzero(self._opens[self._at(day)] < OPENS * loyalty)

    def context(self, day: int, who: np.ndarray) -> np.ndarray:
        """Return (n,) the true context of some accounts' sessions."""
        return self._context[self._at(day), who]

    def field(self, day: int, who: np.ndarray) -> np.ndarray:
        """Return (n,) what the field says of it."""
        if self.lasts("outage", day, OUTAGE_DAYS):
            return np.full(who.size, self.rules.WORK)
        return self.context(day, who)

    def taste(self, day: int, who: np.ndarray) -> np.ndarray:
        """Return (n, AUDIO) the tastes of some accounts' sessions."""
        taste = self._contexts[self.context(day, who)] + self._own[who]
        taste += self._mood[self._at(day), who]
        season = day >= self.events.get("season", self.days)
        return taste + season * self._season

    def hear(
        self, day: int, who: np.ndarray, chance: np.ndarray, first: int
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return what sessions hear of their next songs.

        Args:
            day: Of the sessions.
            who: (n,) the accounts.
            chance: (n, k) that each song is heard to the end.
            first: The place of the first of these songs in the queue.

        Returns:
            (n, k) each, as if all were reached: whether a song is heard to the end,
            whether one goes on after it, and whether one is awake.
        """
        places = np.arange(first, first + chance.shape[1])
        at = self._at(day)
        awake = places < self._asleep[at, who][:, None]
        heard = (self._luck[0, at, who][:, places] < chance) | ~awake
        leave = np.where(heard, LEAVE, LEAVE_SKIP) * awake
        return heard, self._luck[1, at, who][:, places] >= leave, awake

    def catalogue(self, day: int, gone: np.ndarray) -> np.ndarray:
        """Return which songs there are on a day, (k,) of their numbers."""
        age = day - self.released
        there = (age >= 0) & (age < self.rules.LIFE_DAYS) & ~gone[self.artist]
        return np.flatnonzero(there)

    def _at(self, day: int) -> int:
        return day + self.rules.LOG_DAYS


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the three worlds, of which one has a wave alone."""
    kinds = [["wave"], *[["outage", "season", "wave"]] * 2]
    return in_any_order(rng, kinds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)


def _spread(rng: np.random.Generator, n: int, size: int) -> np.ndarray:
    """Return (n, size) of numbers that are dealt, of mean 0 and deviation near 1."""
    return np.column_stack([dealt(rng, SPREAD, n) for _ in range(size)])
