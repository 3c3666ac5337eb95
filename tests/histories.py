"""A plausible history of practice, recorded through the store as a person would.

The hands that draw it get better with each attempt at an exercise: more checks pass, in
less time, with fewer hints. What it draws follows from the seed alone.
"""

import dataclasses
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from graders.practice.clock import Moment
from graders.practice.schedule import dates_of
from graders.practice.store import Session, Store

DAY = 86_400
NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC).timestamp()

# name: round, topic, minutes
EXERCISES = {
    "roc_auc": ("ml_coding", "metrics", 20),
    "kmeans": ("ml_coding", "clustering", 40),
    "target_encoding": ("ml_coding", "features", 25),
    "logistic_regression": ("ml_coding", "linear_models", 40),
    "autograd": ("ml_coding", "neural_networks", 35),
    "softmax_cross_entropy": ("ml_coding", "neural_networks", 30),
    "gradient_descent": ("ml_coding", "optimization", 20),
    "causal_attention": ("ml_coding", "transformers", 30),
    "best_split": ("ml_coding", "trees", 30),
    "reservoir_sampling": ("coding", "streams", 15),
    "story_bank": ("behavioral", "stories", 60),
}

SENTENCES = {
    "correctness": (
        "Equals the definition on inputs that are drawn at random.",
        "Does not depend on the order of the rows.",
        "Agrees with the slow way, step by step.",
        "Keeps the shape that the prompt promises.",
        "Is right on the example that is worked out by hand.",
    ),
    "edge_cases": ("Refuses an empty input.", "Handles ties.", "Accepts one row."),
    "numerics": ("Does not overflow for large scores.", "Keeps small differences."),
    "efficiency": ("Is not slower than the reference by more than a factor of 20.",),
}


@dataclasses.dataclass(frozen=True)
class Plan:
    """A session to be recorded: what, when, how long, and how it ended."""

    exercise: str
    start: float
    seconds: float
    hints: int = 0
    state: str = "passed"
    report: dict[str, Any] | None = None
    mode: str = "practice"
    minutes: float | None = None

    @property
    def limit(self) -> float:
        return self.minutes or EXERCISES.get(self.exercise, ("", "", 20))[2]


def report(exercise: str, bad: int = 0, **changed: str) -> dict[str, Any]:
    """Return a grading in which the last `bad` checks are wrong."""
    round_, topic, _ = EXERCISES.get(exercise, ("ml_coding", "toys", 20))
    checks = [
        {
            "name": f"test_{rubric}_{i}",
            "sentence": sentence,
            "rubric": rubric,
            "verdict": "passed",
            "seconds": 0.01,
        }
        for rubric, sentences in SENTENCES.items()
        for i, sentence in enumerate(sentences)
    ]
    for check in checks[len(checks) - bad :]:
        check |= {"verdict": "wrong", "got": "secret got", "expected": "secret value"}
        check |= changed
    return {
        "name": exercise,
        "round": round_,
        "topic": topic,
        "verdict": "failed" if bad else "passed",
        "seconds": 0.1,
        "error": "",
        "exhibit": "",
        "checks": checks,
    }


def draw(attempts: int, days: int, seed: int = 0) -> list[Plan]:
    """Return sessions spread over the days before NOW, oldest first."""
    rng = random.Random(seed)
    starts = sorted(NOW - DAY * days * rng.random() for _ in range(attempts))
    return list(_attempts(rng, starts))


def _attempts(rng: random.Random, starts: list[float]) -> Iterator[Plan]:
    been: Counter[str] = Counter()
    for start in starts:
        name = rng.choice(list(EXERCISES))
        skill = min(0.3 + 0.12 * been[name], 0.85)
        been[name] += 1
        state = "passed" if rng.random() < skill else rng.choice(["failed", "gave up"])
        bad = 0 if state == "passed" else rng.choice([1, 2, 4, 7])
        seconds = 60 * EXERCISES[name][2] * rng.uniform(0.7, 2.0) * (1.3 - skill)
        hints = rng.choice([0, 0, 1, 2, 3]) if skill < 0.7 else 0
        mode = rng.choice(["practice", "practice", "interview", "mock"])
        yield Plan(name, start, seconds, hints, state, report(name, bad), mode)


def sessions(plans: list[Plan]) -> list[Session]:
    """Return the sessions as the store would give them, without a disk's delay."""
    return [
        Session(number, plan.exercise, plan.mode, plan.limit, 0, plan.state,
                plan.start, plan.seconds, plan.hints, plan.report, None)
        for number, plan in enumerate(plans, 1)
    ]  # fmt: skip


def moment(wall: float) -> Moment:
    """Return a moment of a computer that never rests."""
    return Moment(wall, wall, "boot")


def record(store: Store, plans: list[Plan]) -> None:
    """Record sessions, and what the scheduler makes of them."""
    for plan in plans:
        one = store.start(
            plan.exercise, plan.mode, plan.limit, 0, moment(plan.start)
        )  # fmt: skip
        for i in range(plan.hints):
            store.note(one.id, moment(plan.start + 60 * (i + 1)), "hint", str(i))
        end = plan.start + plan.seconds
        store.end(one.id, plan.state, plan.report, moment(end))
    dates_of(store)  # which takes in what is new
