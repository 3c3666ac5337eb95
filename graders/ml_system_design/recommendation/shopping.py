"""A recommender's days in a shop: what it showed, and what became known of it."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import numpy as np

from graders.harness import Wrong, check_array
from graders.ml_system_design.production.calendars import read_alarms
from graders.ml_system_design.production.running import Run, naming
from graders.ml_system_design.recommendation.shops import (
    ALARM_OF,
    MOST,
    Day,
    World,
)

Fields = dict[str, np.ndarray]


class Life:
    """A recommender that lives in a shop.

    Attributes:
        profit: (days, 3) expected, of the recommender, the rule and the oracle.
        new: (days, 2) that of new items, of the recommender and the oracle.
        gain: (days, 2) what coupons added to it, likewise.
        slots: (days, 4) all of them, out of stock, of what was bought last and is no
            refill, and of a faulty supplier.
        shipped: (experiments,) whether it was shipped.
        alarms: Of each day, the names.
        decided: All decisions, day after day.
    """

    def __init__(self, world: World) -> None:
        self.world, days = world, world.days
        self.profit = np.zeros((days, 3))
        self.new, self.gain = np.zeros((days, 2)), np.zeros((days, 2))
        self.slots = np.zeros((days, 4))
        self.shipped = np.zeros(world.good.size, dtype=bool)
        self.open = np.ones(world.good.size, dtype=bool)
        self.alarms: list[set[str]] = []
        self.decided: list[list[Any]] = []
        self._log: list[Fields] = []
        self._back: dict[int, list[np.ndarray]] = defaultdict(list)
        for day in range(-world.rules.HISTORY_DAYS, 0):
            now = world.day(day)
            self._sell(day, now, *world.old_rule(day, now))
        # What the rule shows: what was sold most before day 0.
        sold = [one["shown"][one["bought"] == 1] for one in self._log]
        counts = np.bincount(np.concatenate(sold), minlength=world.released.size)
        self._sellers = np.argsort(-counts, kind="stable")

    def live(self, run: Run, rng: np.random.Generator) -> Life:
        """Let a new recommender decide on all days, with an rng of its own."""
        rules, world = self.world.rules, self.world
        shop = run.submission.ShopRecommender(rng)
        recommend, read_out = shop.recommend, shop.read_out
        for day in range(world.days):
            run.place = f"recommend on day {day}"
            now, items = world.day(day), world.items(day)
            answer = recommend(day, items, now.fields, self.log(), self.returns(day))
            with naming(run.place):
                slots, coupon, alarms = read_answer(
                    answer, now.cell.size, items["price"].size, rules
                )
            self.alarms.append(alarms)
            self._measure(day, now, items, slots, coupon)
            self._sell(day, now, slots, coupon)
            run.place = f"read_out on day {day}"
            verdicts = self._read_out(day, read_out, run.place)
            self.decided.append([slots.tolist(), coupon.tolist(), verdicts.tolist()])
            run.forget_calls()
        return self

    def _read_out(self, day: int, read_out: Any, place: str) -> np.ndarray:
        rules = self.world.rules
        running, told = self.world.experiments(day)
        mine = self.open[running]
        told = {name: values[mine] for name, values in told.items()}
        running = running[mine]
        said = read_out(day, told)
        with naming(place):
            verdicts = check_array(said, (running.size,), kind="iu")
            known = {rules.GO_ON, rules.SHIP, rules.STOP}
            if odd := sorted({*verdicts.tolist()} - known):
                raise Wrong(f"{odd[0]} is no verdict")
        self.shipped[running[verdicts == rules.SHIP]] = True
        self.open[running[verdicts != rules.GO_ON]] = False
        return verdicts

    def _measure(
        self, day: int, now: Day, items: Fields, slots: np.ndarray, coupon: np.ndarray
    ) -> None:
        """Note the expected profit of what was decided, the rule's and the oracle's."""
        world, rules = self.world, self.world.rules
        mine = ~now.trial
        slots, coupon, lift = slots[mine], coupon[mine], world.lift[now.cell[mine]]
        chance = now.by_category[mine][:, items["category"]] * world.factor(items)
        worth = [world.worth(day, items, given) for given in (0, 1)]
        without = np.minimum(chance, MOST) * worth[0]
        with_it = np.minimum(chance * lift[:, None], MOST) * worth[1]
        new = items["age"] < rules.NEW_AGE

        plain, given = (np.take_along_axis(x, slots, 1) for x in (without, with_it))
        earned = np.where(coupon[:, None] == 1, given, plain)
        best = [_top(x, rules.SLOTS) for x in (without, with_it)]
        sums = [
            np.take_along_axis(x, at, 1)
            for x, at in zip((without, with_it), best, strict=True)
        ]
        better = sums[1].sum(1) > sums[0].sum(1)
        at = np.where(better[:, None], best[1], best[0])
        most = np.where(better[:, None], sums[1], sums[0])
        base = np.take_along_axis(without, at, 1)
        sellers = self._sellers[self._sellers < items["price"].size]
        rule = sellers[items["stock"][sellers] > 0][: rules.SLOTS]
        self.profit[day] = earned.sum(), without[:, rule].sum(), most.sum()
        self.new[day] = earned[new[slots]].sum(), most[new[at]].sum()
        self.gain[day] = (earned - plain).sum(), (most - base).sum()
        out = items["stock"] == 0
        last = now.fields["last"][mine]
        again = (last >= 0) & (world.refill[last] == 0)
        again = (items["category"][slots] == last[:, None]) & again[:, None]
        bad = (items["supplier"] == world.faulty) & world.lasts("fault", day)
        self.slots[day] = slots.size, out[slots].sum(), again.sum(), bad[slots].sum()

    def _sell(self, day: int, now: Day, slots: np.ndarray, coupon: np.ndarray) -> None:
        """Draw what is bought, what comes back and when, and log it."""
        world, rules = self.world, self.world.rules
        items = world.items(day)
        slots = np.where(now.trial[:, None], now.drawn[0], slots)
        coupon = np.where(now.trial, now.drawn[1], coupon)
        rows = np.arange(slots.shape[0])[:, None]
        chance = now.by_category[rows, items["category"][slots]]
        chance = chance * (world.factor(items) * items["stock"])[slots]
        lift = np.where(coupon == 1, world.lift[now.cell], 1.0)
        chance = chance * (lift * now.intent)[:, None]
        bought = now.luck[..., 0] < chance
        back = bought & (now.luck[..., 1] < world.comes_back(day, items)[slots])
        low, high = rules.RETURN_DAYS
        wait = low + np.floor(now.luck[..., 2] * (high - low + 1)).astype(int)
        for one in np.unique(wait[back]):
            item = slots[back & (wait == one)]
            told = np.column_stack([item, np.full(item.size, day)])
            self._back[day + int(one)].append(told)
        log = {"day": np.full(coupon.size, day), **now.fields}
        log |= {"trial": now.trial.astype(int), "coupon": coupon.astype(int)}
        log |= {"shown": slots, "price": items["price"][slots]}
        self._log.append(log | {"bought": bought.astype(int)})

    def log(self) -> Fields:
        """Return the sessions since the last time."""
        parts, self._log = self._log, []
        return {k: np.concatenate([one[k] for one in parts]) for k in parts[0]}

    def returns(self, day: int) -> Fields:
        """Return what has come back since the last time."""
        due = [on for on in sorted(self._back) if on <= day]
        parts = [part for on in due for part in self._back.pop(on)]
        told = np.concatenate([np.zeros((0, 2), dtype=int), *parts])
        return {"item": told[:, 0], "sold": told[:, 1]}


def _top(values: np.ndarray, k: int) -> np.ndarray:
    return np.argpartition(-values, k, axis=1)[:, :k]


def read_answer(
    answer: Any, n: int, m: int, rules: Any
) -> tuple[np.ndarray, np.ndarray, set[str]]:
    """Demand (n, SLOTS) of different items, (n,) of coupons or none, and alarms."""
    if not isinstance(answer, tuple) or len(answer) != 3:
        raise Wrong(f"expected (slots, coupon, alarms), got {answer!r}")
    slots = check_array(answer[0], (n, rules.SLOTS), kind="iu").astype(int)
    coupon = check_array(answer[1], (n,), kind="iu").astype(int)
    if odd := slots[(slots < 0) | (slots >= m)].tolist():
        raise Wrong(f"there is no item {odd[0]}; there are {m}")
    ordered = np.sort(slots, axis=1)
    twice = (ordered[:, 1:] == ordered[:, :-1]).any(1)
    if twice.any():
        row = int(twice.argmax())
        raise Wrong(f"row {row} shows an item twice: {slots[row].tolist()}")
    if odd := sorted({*coupon.tolist()} - {0, 1}):
        raise Wrong(f"{odd[0]} is no coupon; 0 or 1 is needed")
    return slots, coupon, read_alarms(answer[2], ALARM_OF.values())
