"""The examples of a property: seeded for each check, and kept where they say why."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis.errors import UnsatisfiedAssumption

from graders.harness.answer.answer import Answer
from graders.harness.answer.errors import Fault, SeenEnough, StopShrinking
from graders.harness.feedback.diagnosis import Failure
from graders.harness.run.grading import Grading

MOST_KEPT = 10  # examples of a check ...
MOST_KEPT_BYTES = 2**14  # ... whose requests are no larger

FAILURE = pytest.StashKey[Failure]()
FAILURES = pytest.StashKey[list[Failure]]()  # the first, some between, and the last
HELD = pytest.StashKey[list[Failure]]()  # examples that did not fail


@contextlib.contextmanager
def watching_examples(item: Any, grading: Grading) -> Iterator[None]:
    """Seed a property, and note each example of it that fails.

    Checks that differ in a parameter alone share one function, so that what belongs to
    one of them is taken off it again.
    """
    if not hypothesis.is_hypothesis_test(getattr(item, "obj", None)):
        yield
        return
    hypothesis.seed(grading.seed_of(item.name))(item.obj)
    handle = item.obj.hypothesis
    inner = handle.inner_test
    if grading.answer:
        explains = grading.purpose == "explain"
        handle.inner_test = _noted(inner, item, grading.answer, explains)
    if grading.enough:
        handle.inner_test = _ended_after(grading.enough, handle.inner_test)
    try:
        yield
    finally:
        handle.inner_test = inner


def _noted(inner: Any, item: pytest.Item, answer: Answer, shrinks: bool) -> Any:
    """Return a property that notes each of its examples that fails."""

    @functools.wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        answer.start_example()
        try:
            result = inner(*args, **kwargs)
        except UnsatisfiedAssumption:
            raise
        except (Exception, pytest.fail.Exception, Fault) as error:
            item.stash[FAILURE] = failure_of(error, answer)
            if shrinks:
                _keep(item.stash[FAILURE], item.stash.setdefault(FAILURES, []))
            if isinstance(error, Fault):
                raise
            if not shrinks:
                raise StopShrinking from None
            answer.example_failed()
            raise
        if shrinks:
            _keep(failure_of(None, answer), item.stash.setdefault(HELD, []))
        return result

    return example


def _ended_after(enough: int, inner: Any) -> Any:
    """Return a property that ends after some examples that held."""
    held = 0

    @functools.wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        nonlocal held
        inner(*args, **kwargs)
        held += 1
        if held == enough:
            raise SeenEnough

    return example


def _keep(one: Failure, kept: list[Failure]) -> None:
    """Keep an example: the first, the last, and between them those that say most."""
    if one.log.bytes < MOST_KEPT_BYTES:
        kept.append(one)
        if len(kept) > MOST_KEPT:
            between = range(1, len(kept) - 1)
            del kept[min(between, key=lambda i: kept[i].log.bytes)]


def failure_of(error: BaseException | None, answer: Answer) -> Failure:
    """Return an example as it stands: what stopped it, and its calls."""
    printed = answer.printed() if error else ""
    return Failure(error, answer.log, answer.callbacks, printed)
