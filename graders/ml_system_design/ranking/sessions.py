"""A ranker's days in a world of feeds: who comes, what is shown, what is reported.

All is measured by expected values: by the true chances, times the chance that a rank is
examined, which leaves out the luck of single rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.look_ups import Desk
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.ranking.feeds import (
    ALARM_OF,
    COMES,
    KEEPS,
    MOOD,
    Day,
    World,
)

HEADS = ("likes", "hides")


class Life:
    """What came of a ranker's orders in a world.

    Attributes:
        log: What start_day is told in the morning of the next day.
        orders: Of each day, those of the ranker.
        alarms: Of each day, the names.
        over: (day, look-ups, budget) of the days beyond it.
        sums: (days, 4): users who came, what they were shown is worth, and how much of
            it they hide and examine, as expected.
        returns: (days + 1,) the mean chance to come, of all users.
        seen: (creators,) how much of each new creator was examined, as expected.
        said: (days, 2, heads, ranks): the sums of what the ranker said and of what is
            true.
        losses: (days, 3): the log loss of the chances of likes that the ranker said, of
            each rank's mean chance of the day, and of the true chances.
    """

    def __init__(self, world: World) -> None:
        rules = world.rules
        self.world, self.days = world, world.days
        self.examined = np.array(rules.EXAMINED)
        self.alarms: list[set[str]] = []
        self.over: list[tuple[int, int, int]] = []
        self.sums = np.zeros((self.days, 4))
        self.mood = np.zeros(world.group.size)
        self.returns = [self._mean_chance()]
        self.seen = np.zeros(world.joined.size)
        self.said = np.zeros((self.days, 2, len(HEADS), rules.SHOWN))
        self.losses = np.zeros((self.days, 3))
        self.orders: list[np.ndarray] = []
        self.log = self._no_log()
        self._rows = 0
        self._late: dict[int, list[int]] = {}

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new ranker live through all days, with an rng of its own."""
        ranker = run.submission.FeedRanker(rng)
        start_day, rank = ranker.start_day, ranker.rank
        for day in range(self.days):
            run.place = f"start_day on day {day}"
            said = start_day(day, self.log)
            with naming(run.place):
                self.alarms.append(read_alarms(said, ALARM_OF.values()))
            run.place = f"rank on day {day}"
            offer, who = self.world.day(day), self.who(day)
            fields = {name: values[who] for name, values in offer.fields.items()}
            requests = {"user": who, "group": self.world.group[who], **fields}
            desk = Desk({"fit": offer.fit[who].ravel()})
            said = rank(day, requests, desk.look_up)
            desk.closed = True
            with naming(run.place):
                order, *heads = self.read(said, who.size)
            budget = self.world.rules.LOOK_UPS * who.size
            if desk.spent > budget:
                self.over.append((day, desk.spent, budget))
            self._compare(day, offer, who, order, heads)
            self.orders.append(order)
            fit = np.where(desk.asked, desk.fields["fit"], np.nan)
            self._show(day, offer, who, order, fit.reshape(fields["post"].shape))
            run.forget_calls()
        return self

    def follow(self, policy: str) -> Life:
        """Live by the simple rule, "newest", or as the oracle, "best"."""
        for day in range(self.days):
            offer, who = self.world.day(day), self.who(day)
            key = offer.fields["age"] if policy == "newest" else -offer.best
            order = np.argsort(key[who], axis=1, kind="stable")
            fit = np.full(order.shape, np.nan)
            self._show(day, offer, who, order[:, : self.examined.size], fit)
        return self

    def who(self, day: int) -> np.ndarray:
        """Return (n,) the users who come on a day."""
        offer = self.world.day(day)
        return np.nonzero(offer.comes < self._chances(offer.busy))[0]

    def read(self, said: Any, n: int) -> list[np.ndarray]:
        """Demand an order of each request, and chances of likes and of hides.

        Raises:
            Wrong: If it is anything else.
        """
        rules = self.world.rules
        shape = (n, rules.SHOWN)
        if not isinstance(said, (tuple, list)) or len(said) != 3:
            raise Wrong(f"expected (order, likes, hides), got {type(said)}")
        order = check_array(said[0], shape, kind="i")
        heads = [check_array(one, shape, kind="f") for one in said[1:]]
        row = np.sort(order, axis=1)
        odd = (row < 0) | (row >= rules.CANDIDATES)
        odd[:, 1:] |= row[:, 1:] == row[:, :-1]
        if odd.any():
            at = int(odd.any(1).argmax())
            raise Wrong(
                f"request {at} got the order {order[at].tolist()}; "
                f"{rules.SHOWN} different numbers from 0 to {rules.CANDIDATES - 1} "
                "are asked for"
            )
        for name, one in zip(HEADS, heads, strict=True):
            if not ((one >= 0) & (one <= 1)).all():
                at = int((~((one >= 0) & (one <= 1))).any(1).argmax())
                raise Wrong(
                    f"the chances of {name} of request {at} are "
                    f"{one[at].tolist()}; a chance is from 0 to 1"
                )
        return [order, *heads]

    def _chances(self, busy: float) -> np.ndarray:
        """Return (users,) the chance that each comes."""
        chances: np.ndarray = 1 / (1 + np.exp(-COMES - busy - MOOD * self.mood))
        return chances

    def _mean_chance(self) -> float:
        """Return the mean of all users' chances on a usual day."""
        return float(self._chances(0.0).sum() / max(self.mood.size, 1))

    def _compare(
        self,
        day: int,
        offer: Day,
        who: np.ndarray,
        order: np.ndarray,
        heads: list[np.ndarray],
    ) -> None:
        """Add up what was said and what is true."""
        for at, (said, true) in enumerate(
            zip(heads, (offer.like, offer.hide), strict=True)
        ):
            self.said[day, 0, at] = said.sum(0)
            self.said[day, 1, at] = true[who[:, None], order].sum(0)
        like = offer.like[who[:, None], order]
        if who.size:
            mean = np.broadcast_to(like.mean(0), like.shape)
            self.losses[day] = [_loss(one, like) for one in (heads[0], mean, like)]

    def _show(
        self, day: int, offer: Day, who: np.ndarray, order: np.ndarray, fit: np.ndarray
    ) -> None:
        """Show users what was ranked, or a random order, and note what comes of it."""
        rules = self.world.rules
        random = offer.random[who]
        order = np.where(random[:, None], offer.order[who], order)
        at = who[:, None], order
        value = offer.value[at] @ self.examined
        likely = np.broadcast_to(self.examined, order.shape)
        hides = (offer.hide[at] * likely).sum()
        self.sums[day] = who.size, value.sum(), hides, likely.sum()
        self.mood[who] += (1 - KEEPS) * (value - self.mood[who])
        self.returns.append(self._mean_chance())
        rows = {name: values[at] for name, values in offer.fields.items()}
        new = rows["creator_age"] < rules.NEW_DAYS
        np.add.at(self.seen, rows["creator"][new], likely[new])
        luck = offer.luck[who]
        examined = luck[:, 0] < likely
        like = examined & (luck[:, 1] < offer.like[at])
        hide = (examined & (luck[:, 2] < offer.hide[at])).ravel()
        number = self._rows + np.arange(order.size)
        self._rows += order.size
        delay = np.searchsorted(rules.HEARD, luck[:, 3].ravel()[hide])
        for late, row in zip(delay.tolist(), number[hide].tolist(), strict=True):
            self._late.setdefault(day + late, []).append(row)
        n = who.size
        log = {
            "row": number,
            "user": np.repeat(who, rules.SHOWN),
            "group": np.repeat(self.world.group[who], rules.SHOWN),
            **{name: values.ravel() for name, values in rows.items()},
            "fit": np.take_along_axis(fit, order, 1).ravel(),
            "rank": np.tile(np.arange(rules.SHOWN), n),
            "random": np.repeat(random, rules.SHOWN).astype(int),
            "like": like.ravel().astype(int),
        }
        self.log = {**log, "hidden": np.array(sorted(self._late.pop(day, [])), int)}

    def _no_log(self) -> dict[str, np.ndarray]:
        """Return the log of day 0, which is empty."""
        names = ("row", "user", "group", "post", "creator", "topic", "age")
        names += ("creator_age", "rank", "random", "like", "hidden")
        empty = {name: np.zeros(0, int) for name in names}
        return {**empty, "fit": np.zeros(0)}


def _loss(said: np.ndarray, true: np.ndarray) -> float:
    """Return the log loss to be expected of chances, where others are true."""
    said = said.clip(1e-6, 1 - 1e-6)
    return float(-(true * np.log(said) + (1 - true) * np.log(1 - said)).sum())
