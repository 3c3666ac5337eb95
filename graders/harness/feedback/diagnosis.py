"""Say of a failed check what a candidate can use.

The calls of the failing example are played again, on the reference and on each of the
classic mistakes. The first call on which answer and reference differ is the one to
show; a mistake that gives what the answer gave is the one to name.
"""

from __future__ import annotations

import dataclasses
from types import ModuleType

from graders.harness.answer.answer import Answer
from graders.harness.answer.callbacks import Guests
from graders.harness.answer.errors import Fault
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.answer.record import Call
from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.replay import Replay, Rerun, same
from graders.harness.feedback.repro import outcome_text, script

MISTAKE_SECONDS = 2.0  # for a mistake to give what the answer gave


@dataclasses.dataclass
class Failure:
    """What was known when an example failed."""

    error: BaseException
    log: list[Call]
    guests: Guests
    printed: str


@dataclasses.dataclass
class Diagnosis:
    """What there is to show beside the verdict."""

    call: str = ""
    got: str = ""
    expected: str = ""
    mistake: str = ""


class Diagnostician:
    """Explains the failures of one exercise's checks.

    Args:
        entry: The exercise.
        reference: Its solution, in this process.
        wish: The isolation in which the classic mistakes are played.
    """

    def __init__(self, entry: Entry, reference: ModuleType, wish: str) -> None:
        self.entry = entry
        self.reference = reference
        self.suspect = Answer(b"", entry.path.name, contract=entry.contract, wish=wish)

    def close(self) -> None:
        """End the process in which mistakes are played."""
        self.suspect.close()

    def diagnose(self, failure: Failure) -> Diagnosis:
        """Find the call to show, what it should have given, and the likely mistake."""
        log = [call for call in failure.log if call.outcome[0] and not _is_lookup(call)]
        if isinstance(failure.error, Fault) and failure.log:
            last = failure.log[-1]
            log = [call for call in log if call is not last] + [last]
        if not log:
            return Diagnosis()
        replay = Replay(self.reference, failure.guests.again())
        expected = [replay.outcome(call) for call in log]
        differing = [i for i, c in enumerate(log) if not same(c.outcome, expected[i])]
        many = self.entry.sheet.many_answers
        at = differing[0] if differing and not many else len(log) - 1
        found = Diagnosis(
            script(log[: at + 1], failure.guests), outcome_text(log[at].outcome)
        )
        if differing and log[at].outcome[0]:
            found.expected = "" if many else outcome_text(expected[at])
            found.mistake = self._mistake(failure, log[: at + 1])
        return found

    def _mistake(self, failure: Failure, log: list[Call]) -> str:
        """Return the classic mistakes that give what the answer gave, call by call."""
        return " or ".join(
            name
            for name, mistake in self.entry.sheet.mistakes.items()
            if self._repeats(self.entry.with_mistake(mistake), failure, log)
        )

    def _repeats(self, source: str, failure: Failure, log: list[Call]) -> bool:
        suspect = self.suspect
        suspect.source, suspect.load_error = source.encode(), None
        try:
            suspect.begin_check(MISTAKE_SECONDS)
            suspect.fresh()
            suspect.load()
            suspect.guests = failure.guests.again()
            rerun = Rerun(suspect)
            return all(same(call.outcome, rerun.outcome(call)) for call in log)
        except Fault:
            return False


def _is_lookup(call: Call) -> bool:
    """Return whether a request only found that a name is a method."""
    value = call.outcome[1]
    return isinstance(value, Remote) and reference_of(value).name == "method"
