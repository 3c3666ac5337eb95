"""A world of uploads whose views depend on what is promoted.

All uploads and what they are worth are drawn before the first day; what is heard of one
depends on how often it was shown. A design is measured by the true worth of what it
promoted, which leaves out the luck of single views.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order

# The order of the real thing: thumbnails are clicked by 2 to 10 % of those who see them
# (YouTube's help page), videos are some ten minutes long, a survey asks few viewers.
UPLOADS = 40  # of a day, on average
LARGE_SHARE = 0.3
TOPIC_LENGTH = (-0.6, -0.3, -0.1, 0.1, 0.3, 0.6)  # of the logarithm
LENGTH = (2.1, 0.6)  # mean and deviation of the logarithm of minutes
CLICK = -2.9  # the logarithm of the chance of a click at random
STYLE_CLICK, STYLE_LIKED = 0.45, -1.1  # times how much of a bait a style is
BAIT = (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0)
TASTE_DAYS = 60  # from one day on which a topic is liked most to the next
TOPIC_CLICK, TOPIC_LIKED = 0.3, 0.9  # log odds of a topic on its best day
LARGE_APPEAL = 0.8  # of large creators' uploads above the others
APPEAL, QUALITY = (1.0, 0.6), (0.9, 0.7)  # deviations, of small and large creators'
FAN = (0.9, 0.5)  # mean and deviation of the logarithm of fans' clicks, times others'
FANS = (5, 1000)  # impressions of fans on a first day, small and large
PLACE = 1.6  # times the clicks of a random impression
LIKED, PADDING, QUALITY_LIKED = 0.3, 0.8, 0.7  # log odds; of log length; of quality
WATCHED = (0.2, -0.5, 0.6)  # log odds of the share watched; of log length; of quality
TAKEN, MORE_CLICKS = 0.6, 1.3  # new uploads of a style in a trend or a wave
WAVE_LIKED, WAVE_WATCHED = -3.0, -0.1
TREND_DAYS = 10
DEFAULTS = 0.8  # of those who do not answer are reported as satisfied
FIRST_EVENT, LAST_EVENT, APART = 24, 78, 18
ALARM_OF = {"wave": "bait", "fault": "survey"}
FIELDS = ("upload", "large", "topic", "length", "style", "age")
NUMBERS = ("shown", "clicks", "minutes", "asked", "answered", "satisfied")


class World:
    """The uploads of all days, of those before day 0 the ones that live.

    Attributes:
        events: The first day of each.
        born: (n,) the day of each upload; in this order.
        fields: (n,) each, what is known of an upload, its age aside.
        wave: (n,) whether it is one of the wave; trend: one of the trend.
        rate: (n,) the chance of a click at a random impression.
        length_seen: (n,) minutes of a view, on average.
        liked: (n,) the chance that a view is satisfied.
    """

    def __init__(
        self,
        rules: Any,
        rng: np.random.Generator,
        events: dict[str, int],
        *,
        days: int | None = None,
        uploads: float = UPLOADS,
    ) -> None:
        self.rules, self.events = rules, events
        self.days = rules.DAYS if days is None else days
        life = np.arange(1 - rules.LIFE_DAYS, self.days)
        self.born = np.repeat(life, rng.poisson(uploads, life.size))
        self.starts = np.searchsorted(self.born, np.append(life, self.days))
        self._release(rng)
        self._worth(rng)
        self.seed = int(rng.integers(2**60))

    def alive(self, day: int) -> slice:
        """Return which uploads live on a day."""
        return slice(self.starts[day], self.starts[day + self.rules.LIFE_DAYS])

    def uploads(self, day: int) -> dict[str, np.ndarray]:
        """Return what is known of the uploads that live on a day."""
        at = self.alive(day)
        known = {name: values[at] for name, values in self.fields.items()}
        return {**known, "age": day - self.born[at]}

    def lasts(self, event: str) -> range:
        """Return the days while an event lasts."""
        first = self.events.get(event, self.days)
        long = {"trend": TREND_DAYS, "fault": self.rules.FAULT_DAYS}
        return range(first, min(first + long.get(event, self.days), self.days))

    def worth(self, day: int) -> np.ndarray:
        """Return (k,) satisfied minutes of a random impression of who lives."""
        at = self.alive(day)
        worth: np.ndarray = self.rate[at] * self.length_seen[at] * self.liked[at]
        return worth

    def hear(
        self, day: int, shares: np.ndarray | None, rng: np.random.Generator
    ) -> dict[str, np.ndarray]:
        """Return what is heard of who lives on a day.

        Args:
            day: 0 or more.
            shares: (k,) of the promotion; None for the first hour.
            rng: For what is drawn.
        """
        at = self.alive(day)
        k = at.stop - at.start
        large, age = self.fields["large"][at], day - self.born[at]
        fans = np.array(FANS)[large] * 0.4**age
        if shares is None:
            first = age == 0
            shown = [0.1 * fans * first, 0 * fans, self.rules.FIRST * first]
        else:
            promoted = np.floor(shares * self.rules.PROMOTED + 1e-6)
            shown = [fans, promoted, np.full(k, self.rules.RANDOM)]
        times = [self.fan[at], np.full(k, PLACE), np.ones(k)]
        chance = (self.rate[at] * times).T.clip(0, 0.9)
        sizes = np.array(shown).T.astype(int)
        clicks = rng.binomial(sizes, chance)
        minutes = rng.gamma(clicks) * self.length_seen[at, None]
        asked = rng.binomial(clicks.sum(1), self.rules.ASKED)
        happy = rng.binomial(asked, self.liked[at])
        satisfied = rng.binomial(happy, self.rules.ANSWERS[1])
        answered = satisfied + rng.binomial(asked - happy, self.rules.ANSWERS[0])
        if day in self.lasts("fault"):
            filled = rng.binomial(asked - answered, DEFAULTS)
            answered, satisfied = answered + filled, satisfied + filled
        found = (sizes, clicks, minutes, asked, answered, satisfied)
        return dict(zip(NUMBERS, found, strict=True))

    def _release(self, rng: np.random.Generator) -> None:
        """Draw what is known of the uploads, and the bait in each style."""
        n, rules = self.born.size, self.rules
        large = (rng.random(n) < LARGE_SHARE).astype(int)
        topic = rng.integers(0, rules.TOPICS, n)
        length = np.exp(
            LENGTH[0] + np.array(TOPIC_LENGTH)[topic] + LENGTH[1] * rng.normal(size=n)
        )
        # Small creators are a little fonder of bait; so are some topics.
        self.bait = rng.permutation(BAIT)
        taste = 0.3 * self.bait + 0.5 * rng.normal(size=(rules.TOPICS, rules.STYLES))
        odds = np.exp(taste[topic] + rng.gumbel(size=(n, rules.STYLES)))
        style = odds.argmax(1)
        honest = rng.permutation(np.flatnonzero((self.bait < 0) & (self.bait > -1)))
        during = [np.isin(self.born, self.lasts(event)) for event in ("wave", "trend")]
        for taken, then in zip(honest, during, strict=True):
            style[then & (rng.random(n) < TAKEN)] = taken
        self.wave, self.trend = during & (style == honest[:, None])
        values = (np.arange(n), large, topic, length, style)
        self.fields = dict(zip(FIELDS[:-1], values, strict=True))

    def _worth(self, rng: np.random.Generator) -> None:
        """Draw what the uploads are worth."""
        x, n = self.fields, self.born.size
        large = x["large"]
        appeal = np.array(APPEAL)[large] * rng.normal(size=n) + LARGE_APPEAL * large
        quality = np.array(QUALITY)[large] * rng.normal(size=n)
        bait, longer = self.bait[x["style"]], np.log(x["length"]) - LENGTH[0]
        rate = CLICK + appeal + STYLE_CLICK * bait
        rate += MORE_CLICKS * (self.wave | self.trend)
        rate += TOPIC_CLICK * self._taste(rng)
        self.rate = np.exp(rate).clip(0, 0.5)
        odds = WATCHED[0] + WATCHED[1] * longer + WATCHED[2] * quality
        odds += WAVE_WATCHED * self.wave
        self.length_seen = x["length"] / (1 + np.exp(-odds))
        odds = LIKED - PADDING * longer + QUALITY_LIKED * quality + STYLE_LIKED * bait
        odds += TOPIC_LIKED * self._taste(rng)
        self.liked = 1 / (1 + np.exp(-odds - WAVE_LIKED * self.wave))
        self.fan = np.exp(FAN[0] + FAN[1] * rng.normal(size=n))

    def _taste(self, rng: np.random.Generator) -> np.ndarray:
        """Draw (n,) how topics do, between -1 and 1, when the uploads are new."""
        after = rng.permutation(self.rules.TOPICS) / self.rules.TOPICS
        turns = self.born / TASTE_DAYS + after[self.fields["topic"]]
        taste: np.ndarray = np.cos(2 * np.pi * turns)
        return taste


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the five worlds, of which one has a trend alone."""
    worlds = [["trend"], *[["wave", "fault", "trend"]] * 4]
    return in_any_order(rng, worlds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)
