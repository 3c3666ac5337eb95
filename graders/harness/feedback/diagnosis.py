"""Say of a failed check what a candidate can use.

The calls of the failing example are played again on the reference. The first call on
which answer and reference differ is the one to show. Where none differs, a law between
several calls is broken, and all of them are shown, each with the value that it gave:
what an answer returned is never called the expected value.

The calls shown are replayed on the answer in a fresh process. If they give something
else there, the answer keeps state between calls, and the failure says so.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from types import ModuleType
from typing import Any

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.errors import Fault
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.answer.record import Call, Outcome, Record
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.replay import (
    Replay,
    called,
    difference,
    draws,
    is_passed_on,
    outcomes,
    same,
)
from graders.harness.feedback.repro import (
    Show,
    complete,
    needed,
    outcome_text,
    repro,
    short_repro,
)
from graders.harness.feedback.suspects import Example, Suspects
from graders.harness.feedback.text import MAX_SHORT, cut, paste, short

MOST_CALLS = 300  # that are played again
MOST_BYTES = 2**14  # of the calls by which mistakes are judged
MOST_TOGETHER = 6  # calls that are shown as one law
ALL_ALONE = (
    "the answer keeps state between calls, or uses random numbers of its own: in a "
    "fresh process, these calls give {}"
)
AFTER_OTHERS = "# after calls that are not kept\n"
LAST_ALONE = (
    "the answer shares state between calls or objects: without the unrelated calls, "
    "the last gives {}"
)

Afresh = Callable[[], Any]  # returns the answer's module, executed anew


@dataclasses.dataclass
class Failure:
    """What was known when an example failed, or, without an error, held."""

    error: BaseException | None
    log: Record
    callbacks: Callbacks
    printed: str


@dataclasses.dataclass
class Diagnosis:
    """What there is to show beside the verdict.

    Args:
        call: The calls to paste into a Python prompt.
        got: What the last of them gave.
        expected: What the reference gives for it.
        difference: Where the two differ, if they have parts.
        law: Whether the calls contradict each other, and not the reference.
        alone: In words, what the calls give in a fresh process, if that differs.
        short: "call", "got" and "expected", cut for a screen.
    """

    call: str = ""
    got: str = ""
    expected: str = ""
    difference: str = ""
    law: bool = False
    alone: str = ""
    short: dict[str, str] = dataclasses.field(default_factory=dict)

    def told_of(self, record: dict[str, Any]) -> dict[str, Any]:
        """Return a check's record, with what there is to show."""
        told = record | dataclasses.asdict(self)
        if self.law:
            told["message"] = _without_expected(record["message"])
        return told


class Diagnostician:
    """Explains the failures of one exercise's checks.

    Args:
        entry: The exercise.
        reference: Its solution, in this process.
    """

    def __init__(self, entry: Entry, reference: ModuleType) -> None:
        self.entry = entry
        self.reference = reference
        self.suspects = Suspects(entry)

    def diagnose(self, failure: Failure, afresh: Afresh) -> Diagnosis:
        """Find the calls to show, and what the last of them should have given.

        Args:
            failure: What failed.
            afresh: Returns the answer's module in a fresh process, for a replay.
        """
        log = _calls(failure)
        if not log:
            return Diagnosis()
        complete(failure.callbacks)
        if not failure.log.is_whole:
            return _one_call(log[-1:], failure.callbacks, ("", None), "", AFTER_OTHERS)
        expected = Example(log[:MOST_CALLS], failure.callbacks, self.reference).expected
        pairs = enumerate(zip(log, expected, strict=False))
        differing = [i for i, (c, e) in pairs if self._is_wrong(c, e)]
        if _is_law(log, bool(differing)):
            last = _alone(log, failure.callbacks, afresh)
            return _law(log, failure.callbacks, _other(log[-1], last, ALL_ALONE))
        at, wanted = len(log) - 1, ("", None)
        if differing:
            at, wanted = differing[0], expected[differing[0]]
        shown, alone = _reproducing(log[: at + 1], failure.callbacks, afresh)
        return _one_call(shown, failure.callbacks, wanted, alone)

    def _is_wrong(self, call: Call, wanted: Outcome) -> bool:
        """Return whether a call alone shows what is wrong, beside what is wanted.

        Where several answers are right, the reference's own is no help.
        """
        many = self.entry.sheet.many_answers
        if many is True or (many and called(call) in many):
            return False
        if same(call.outcome, wanted):
            return False
        return not draws(call) or "raised" in (call.outcome[0], wanted[0])

    def differs(self, failure: Failure) -> bool:
        """Return whether some call gave something else than the reference gives."""
        log = _calls(failure)[:MOST_CALLS] if failure.log.is_whole else []
        complete(failure.callbacks)
        expected = Example(log, failure.callbacks, self.reference).expected
        pairs = zip(log, expected, strict=False)
        return any(not same(call.outcome, wanted) for call, wanted in pairs)

    def remember(self, check: str, failed: list[Failure], held: list[Failure]) -> None:
        """Keep examples of a check, by which the classic mistakes are judged.

        Args:
            check: Its name.
            failed: Examples that failed, the one that is not shrunk among them.
            held: Examples on which the answer is right.
        """
        for failures, kept in (
            (failed, self.suspects.failed),
            (held, self.suspects.held),
        ):
            for failure in failures:
                if example := self._example(failure):
                    kept[check].append(example)

    def _example(self, failure: Failure) -> Example | None:
        log = _calls(failure)
        if not 0 < len(log) <= MOST_CALLS or failure.log.bytes > MOST_BYTES:
            return None
        if not (failure.log.is_whole and all(call.outcome[0] for call in log)):
            return None
        complete(failure.callbacks)
        return Example(log, failure.callbacks, self.reference)


def _calls(failure: Failure) -> list[Call]:
    """Return the calls of an example that ended, and the one that failed."""
    log = [call for call in failure.log if call.outcome[0] and not _is_lookup(call)]
    if isinstance(failure.error, Fault) and failure.log:
        last = failure.log[-1]
        log = [call for call in log if call is not last] + [last]
    return log


def _is_law(log: list[Call], differs: bool) -> bool:
    """Return whether several calls, and none alone, tell what is wrong."""
    if differs or len(log) > MOST_TOGETHER:
        return False
    values = [call for call in log if not isinstance(call.outcome[1], Remote)]
    return len(values) > 1 and all(call.outcome[0] == "returned" for call in log)


def _reproducing(
    whole: list[Call], callbacks: Callbacks, afresh: Afresh
) -> tuple[list[Call], str]:
    """Return the calls to show, and what to say if they give something else alone."""
    last, shown = whole[-1], needed(whole)
    alone = _alone(shown, callbacks, afresh)
    if len(shown) < len(whole) and (other := _other(last, alone, LAST_ALONE)):
        together = _alone(whole, callbacks, afresh)
        if together and same(last.outcome, together):
            return whole, other
    return shown, _other(last, alone, ALL_ALONE)


def _alone(calls: list[Call], callbacks: Callbacks, afresh: Afresh) -> Outcome | None:
    """Return what the last call gives in a fresh process; None if that is unknown."""
    can_play = all(hasattr(Replay, f"_{call.verb}") for call in calls)
    if not (can_play and len(calls) <= MOST_CALLS and calls[-1].outcome[0]):
        return None
    try:
        return outcomes(afresh(), calls, callbacks)[-1]
    except Fault:
        return None


def _other(call: Call, alone: Outcome | None, said: str) -> str:
    """Return what to say of a call that gives something else alone, or nothing."""
    if alone is None or same(call.outcome, alone):
        return ""
    return said.format(outcome_text(alone, short))


def _law(log: list[Call], callbacks: Callbacks, alone: str) -> Diagnosis:
    return Diagnosis(
        repro(log, callbacks, values=True),
        law=True,
        alone=alone,
        short={"call": short_repro(log, callbacks, values=True)},
    )


def _one_call(
    shown: list[Call],
    callbacks: Callbacks,
    wanted: Outcome,
    alone: str,
    before: str = "",
) -> Diagnosis:
    """Return the last call, what it gave, and what the reference gives, if known.

    A line stands before the calls where they are not all.
    """
    call = shown[-1]
    if not call.outcome[0]:
        wanted = ("", None)
    where = ""
    if call.outcome[0] == wanted[0] == "returned":
        where = difference(call.outcome[1], wanted[1])
    return Diagnosis(
        before + repro(shown, callbacks),
        outcome_text(call.outcome),
        _wanted_text(wanted, paste),
        cut(where, MAX_SHORT) if "[" in where or "shape" in where else "",
        alone=alone,
        short={
            "call": before + short_repro(shown, callbacks),
            "got": outcome_text(call.outcome, short),
            "expected": _wanted_text(wanted, short),
        },
    )


def _wanted_text(wanted: Outcome, show: Show) -> str:
    """Return what the reference gives; of what it raises, the class alone counts.

    Nothing is said where the reference lets the exception of a callback through.
    """
    if is_passed_on(wanted):
        return ""
    if wanted[0] == "raised":
        return f"raises {type(wanted[1]).__name__}"
    return outcome_text(wanted, show)


_EXPECTED = re.compile(r"expected (.*?)( at \S+)?, got (.*)", re.DOTALL)
_BOUND = re.compile(r"an? |finite |shape |\d+ items|the keys")


def _without_expected(message: str) -> str:
    """Return a comparison's message for values that both come from the answer."""
    found = _EXPECTED.fullmatch(message)
    if not found or _BOUND.match(found[1]):
        return message
    return f"{found[3]}{found[2] or ''} does not match {found[1]}"


def _is_lookup(call: Call) -> bool:
    """Return whether a request only found that a name is a method."""
    value = call.outcome[1]
    return isinstance(value, Remote) and reference_of(value).name == "method"
