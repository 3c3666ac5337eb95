"""A world of feeds: who posts what, who is offered it, and what would come of it.

What is offered on a day, and the true chances, are drawn by the seed and the day alone,
so an answer, the simple rule and the oracle see the same candidates; who comes depends
on what each was shown before.

The rules that the prompt states in numbers are read from the solution, whose constants
they are; what the prompt does not state is here.
"""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from graders.ml_system_design.production.calendars import in_any_order
from graders.ml_system_design.production.cards import SPREAD, dealt

# The order of the real thing: one of ten viewed posts is liked, far fewer are hidden,
# most posts are seen within two days, and half the members come on a day.
USERS = 300
POSTS = 0.6  # of a creator and day
LIFE, POST_LIFE = 24, 3  # days of a creator and of a post
LIKE, FIT, STALE = -2.2, 1.6, -0.35  # log odds; by one of fit; by a day of age
TASTE = (1.5, 0.9, 0.3, -0.3, -0.9, -1.5)  # log odds of a group for the topics
QUALITY = 0.9  # deviation of a creator's log odds
BAIT = (1, 0, 0)  # of three creators
BAIT_LIKES = 1.0  # log odds
TURNED = (1, 0)  # of two creators who were none, in a wave
HIDE, BAIT_HIDE = 0.01, 0.13
COMES, MOOD = -1.0, 1.2  # log odds to come on a day; by one of mood
KEEPS = 0.85  # of the mood, from one visit to the next
FESTIVAL_DAYS, FESTIVAL_COMES, FESTIVAL_POSTS = 7, 0.8, 4.0
FIRST_EVENT, LAST_EVENT, APART = 16, 52, 11
ALARM_OF = {"shift": "tastes", "outage": "feature", "wave": "bait"}


@dataclasses.dataclass(frozen=True)
class Day:
    """What every user would be offered on a day, and what would come of it.

    Attributes:
        fields: (users, m) each: post, creator, topic, age, creator_age.
        fit: (users, m) what a look-up says.
        like: (users, m) the true chance of a like, if examined.
        hide: (users, m) that of a hide.
        value: (users, m) what showing it is worth, if it is examined.
        best: (users, m) the same as far as it can be known, by which the oracle orders.
        luck: (users, 4, shown) uniform numbers: examined, liked, hidden, delay.
        comes: (users,) uniform, for who comes.
        random: (users,) of bool, who is shown a random order.
        order: (users, shown) that order.
        busy: What is added to everyone's log odds to come.
    """

    fields: dict[str, np.ndarray]
    fit: np.ndarray
    like: np.ndarray
    hide: np.ndarray
    value: np.ndarray
    best: np.ndarray
    luck: np.ndarray
    comes: np.ndarray
    random: np.ndarray
    order: np.ndarray
    busy: float


class World:
    """The creators and posts of all days.

    Attributes:
        events: The first day of each.
        joined: (creators,) the day on which each began to post.
        group: (users,) the group of each.
    """

    def __init__(
        self,
        rules: Any,
        seed: int,
        events: dict[str, int],
        *,
        days: int | None = None,
        users: int = USERS,
    ) -> None:
        self.rules, self.seed, self.events = rules, seed, events
        self.days = rules.DAYS if days is None else days
        rng = np.random.default_rng(seed)
        self.group = dealt(rng, np.arange(rules.GROUPS), users)
        self._join(rng)
        self._write_posts(rng)
        # Each topic is liked by some groups and not by others, as much in sum.
        at = np.add.outer(rng.permutation(rules.GROUPS), rng.permutation(rules.TOPICS))
        self.taste = np.array(TASTE)[at % rules.TOPICS]
        self._days: dict[int, Day] = {}

    def has(self, event: str, day: int) -> bool:
        """Return whether an event lasts on a day."""
        first = self.events.get(event, self.days)
        ends = first + FESTIVAL_DAYS if event == "festival" else self.days
        return first <= day < ends

    def day(self, day: int) -> Day:
        """Return what is offered on a day; it is drawn once."""
        if day not in self._days:
            self._days[day] = self._draw(day, np.random.default_rng([self.seed, day]))
        return self._days[day]

    def _join(self, rng: np.random.Generator) -> None:
        new = np.full(self.days + LIFE, self.rules.NEW_CREATORS)
        self.joined = np.repeat(np.arange(-LIFE, self.days), new)
        n = self.joined.size
        self.quality = QUALITY * dealt(rng, SPREAD, n)
        self.bait = dealt(rng, np.array(BAIT), n) > 0
        self.turned = dealt(rng, np.array(TURNED), n) > 0

    def _write_posts(self, rng: np.random.Generator) -> None:
        days = np.arange(-POST_LIFE, self.days)[:, None]
        active = (days >= self.joined) & (days < self.joined + LIFE)
        wrote = active & (rng.random(active.shape) < POSTS)
        at, self.creator = np.nonzero(wrote)
        self.posted = at - POST_LIFE
        self.topic = rng.integers(self.rules.TOPICS, size=at.size)
        self.hot = int(rng.integers(self.rules.TOPICS))  # of the festival

    def _draw(self, day: int, rng: np.random.Generator) -> Day:
        rules, users = self.rules, self.group.size
        alive = np.searchsorted(self.posted, [day - POST_LIFE + 1, day + 1])
        posts = np.arange(*alive)
        keys = rng.exponential(size=(users, posts.size))
        if self.has("festival", day):
            keys /= np.where(self.topic[posts] == self.hot, FESTIVAL_POSTS, 1.0)
        post = posts[np.argpartition(keys, rules.CANDIDATES, axis=1)]
        post = rng.permuted(post[:, : rules.CANDIDATES], axis=1)
        creator, topic = self.creator[post], self.topic[post]
        age = day - self.posted[post]
        fit = rng.normal(size=post.shape)
        shift = rules.TOPICS // 2 if self.has("shift", day) else 0
        bait = self.bait[creator]
        if self.has("wave", day):
            bait = bait | self.turned[creator]
        odds = (
            LIKE
            + self.taste[self.group[:, None], (topic + shift) % rules.TOPICS]
            + self.quality[creator]
            + BAIT_LIKES * bait
            + STALE * age
            + FIT * fit
        )
        like = 1 / (1 + np.exp(-odds))
        hide = np.where(bait, BAIT_HIDE, HIDE)
        known, told = like, fit
        if self.has("outage", day):
            told = rng.normal(size=post.shape)
            known = 1 / (1 + np.exp(FIT * fit - odds))
        order = np.argsort(rng.random(post.shape), axis=1)[:, : rules.SHOWN]
        return Day(
            fields={
                "post": post,
                "creator": creator,
                "topic": topic,
                "age": age,
                "creator_age": day - self.joined[creator],
            },
            fit=told,
            like=like,
            hide=hide,
            value=like - rules.HIDE_COSTS * hide,
            best=known - rules.HIDE_COSTS * hide,
            luck=rng.random((users, 4, rules.SHOWN)),
            comes=rng.random(users),
            random=rng.random(users) < rules.RANDOM,
            order=order,
            busy=FESTIVAL_COMES if self.has("festival", day) else 0.0,
        )


def calendars(rng: np.random.Generator) -> list[dict[str, int]]:
    """Return the events of the four worlds, of which one has a festival alone."""
    worlds = [["festival"], *[[*ALARM_OF]] * 3]
    return in_any_order(rng, worlds, first=FIRST_EVENT, last=LAST_EVENT, apart=APART)
