"""The harness as a pytest plugin: order of the checks, deadlines and verdicts.

It works under plain `pytest graders/...`, with pytest's own output, and under
`python -m graders grade`, which hands it a `Grading` that listens.
"""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from graders.harness.answer.errors import OutOfMemory, SeenEnough
from graders.harness.authoring.timing import RIGHT
from graders.harness.feedback.diagnosis import Failure
from graders.harness.feedback.failure import failure_in_words
from graders.harness.feedback.results import RUBRIC, VALIDATION
from graders.harness.feedback.verdict import judge
from graders.harness.run import deadline
from graders.harness.run.examples import (
    FAILURE,
    FAILURES,
    HELD,
    failure_of,
    watching_examples,
)
from graders.harness.run.grading import GRADINGS, Grading, execute, grading_of

BUDGET = 60.0  # seconds for all checks of one exercise
SPARE_MEGABYTES = 8  # for what an answer imports

EXPLAINED = frozenset({"wrong", "raised", "timed out", "out of memory", "crashed",
                      "invalid return value", "forbidden call"})  # fmt: skip


ERROR = pytest.StashKey[BaseException]()
WHEN = pytest.StashKey[str]()
SECONDS = pytest.StashKey[float]()
SAID = pytest.StashKey[str]()
SHOWN = pytest.StashKey[dict[str, Any]]()
OF_ONE_ANSWER: tuple[pytest.StashKey[Any], ...] = (
    FAILURE, FAILURES, HELD, ERROR, WHEN, SECONDS, SAID, SHOWN
)  # fmt: skip


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what plain pytest needs to know."""
    group = parser.getgroup("katas")
    group.addoption("--answer", type=Path, help="the file to grade")
    group.addoption("--seed", type=int, default=0, help="from which inputs are drawn")
    group.addoption(
        "--in-process",
        action="store_true",
        help="run the answer in this process, for a debugger: no limits, no verdict",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Load our own hypothesis profile, whatever the environment asks for."""
    config.stash.setdefault(GRADINGS, {})
    hypothesis.settings.register_profile(
        "katas",
        parent=hypothesis.settings.get_profile("default"),
        derandomize=False,
        database=None,
        deadline=None,
        max_examples=50,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=[
            hypothesis.HealthCheck.function_scoped_fixture,
            hypothesis.HealthCheck.too_slow,  # a slow machine is no reason to fail
        ],
    )
    hypothesis.settings.load_profile("katas")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the contracts come first in each file."""
    files = {item.path: number for number, item in enumerate(reversed(items))}
    items.sort(key=lambda item: (-files[item.path], not _is_contract(item)))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell which checks there will be, so that none can go missing unnoticed.

    hypothesis draws from the constants of the modules that are loaded, so the solution
    is loaded before the first check: the order of the checks changes no inputs.
    """
    for grading in session.config.stash[GRADINGS].values():
        if not grading.entry.is_text:
            execute(grading.entry.solution, "reference")
        chosen = [item for item in session.items if grading_of(item) is grading]
        grading.tell({"checks": [describe(item) for item in chosen]})


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell which mistakes explain what, and whether the rest was left out, as by -x."""
    for grading in session.config.stash[GRADINGS].values():
        grading.tell_suspects()
        grading.tell({"stopped": bool(session.shouldfail or session.shouldstop)})


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the workers."""
    for grading in config.stash.get(GRADINGS, {}).values():
        grading.close()


def describe(item: pytest.Item) -> dict[str, Any]:
    """Return what a check is, before it runs."""
    lines = (*RUBRIC, VALIDATION)
    marks = [mark.name for mark in item.iter_markers() if mark.name in lines]
    doc = getattr(getattr(item, "obj", None), "__doc__", None) or item.name
    return {
        "name": item.name,
        "sentence": " ".join(doc.split()),
        "rubric": marks[0] if marks else "correctness",
        "contract": _is_contract(item),
        "property": hypothesis.is_hypothesis_test(getattr(item, "obj", None)),
    }


def _is_contract(item: pytest.Item) -> bool:
    return item.get_closest_marker("contract") is not None


# The life of one check.


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Start a check with a clean record, and the exercise's clock with the first."""
    if not (grading := grading_of(item)):
        return (yield)
    for key in OF_ONE_ANSWER:  # the one before
        if key in item.stash:
            del item.stash[key]
    if answer := grading.answer:
        answer.start_check(float("inf"))
        answer.budget.seconds = BUDGET
    with watching_examples(item, grading):
        outcome = yield
    if grading.halted or (grading.contracts and _none_is_started(item, grading)):
        item.session.shouldfail = "the rest is not judged"
    return outcome


def _none_is_started(item: pytest.Item, grading: Grading) -> bool:
    """Return whether every function of the contract is as the stub has it."""
    peers = [one for one in item.session.items if grading_of(one) is grading]
    of_all = len(grading.contracts) == sum(map(_is_contract, peers))
    if not (of_all and set(grading.contracts) == {"not started"}):
        return False
    grading.tell({"halted": "not started"})
    return True


def pytest_timeout_set_timer(item: pytest.Item, settings: Any) -> bool | None:
    """Set the deadline of a check, which every call over the wire honours."""
    grading = grading_of(item)
    if not (grading and grading.answer):
        return None
    grading.answer.allowance.seconds = settings.timeout
    deadline.begin()
    return True


def pytest_timeout_cancel_timer(item: pytest.Item) -> bool | None:
    """Lift the deadline of a check."""
    grading = grading_of(item)
    if not (grading and grading.answer):
        return None
    deadline.end()
    grading.answer.allowance.seconds = float("inf")
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what stopped a check, and record its verdict once it is over."""
    report = yield
    grading = grading_of(item)
    error = call.excinfo.value if call.excinfo else None
    error = None if isinstance(error, SeenEnough) else error
    if grading and not grading.answer:
        _take_inside(item, report, error, grading)
    if not (grading and grading.answer):
        return report
    item.stash[SECONDS] = item.stash.get(SECONDS, 0.0) + call.duration
    if error and ERROR not in item.stash:
        item.stash[ERROR] = error
        item.stash[WHEN] = call.when
        if FAILURE not in item.stash:
            item.stash[FAILURE] = failure_of(error, grading.answer)
        if grading.shown_by_pytest:
            shown = item.stash[SHOWN] = _judged(item, grading, None)
            if shown["verdict"] != "grader error":  # whose traceback is for us
                report.longrepr = failure_in_words(shown)
    if call.when == "teardown":
        seconds = item.stash[SECONDS]
        grading.answer.end_worker()
        megabytes = grading.answer.peak()
        record = item.stash.get(SHOWN, None)
        record = record or _judged(item, grading, _excess(item, megabytes))
        record |= {"seconds": round(seconds, 4), "megabytes": megabytes}
        grading.take(record, _is_contract(item))
        if grading.purpose != "explain":
            return report
        passed = record["verdict"] == "passed"
        one = [item.stash.get(FAILURE, None) or failure_of(None, grading.answer)]
        failed = item.stash.get(FAILURES, [] if passed else one)
        held = item.stash.get(HELD, one if passed else [])
        grading.examples.append((item.name, failed, held))
    return report


def _judged(
    item: pytest.Item, grading: Grading, excess: OutOfMemory | None
) -> dict[str, Any]:
    """Return the record of a check as it stands, its failure explained."""
    error, failure = item.stash.get(ERROR, excess), item.stash.get(FAILURE, None)

    def differs(one: Failure) -> bool:  # a text has no calls, and no reference
        return bool(one.log) and grading.diagnostician.differs(one)

    record = describe(item)
    told = judge(error, failure, item.stash.get(WHEN, "call"), differs)
    if told["verdict"] == "wrong" and item.get_closest_marker("memory"):
        told.setdefault("sentence", RIGHT)  # it is no matter of memory
    record |= told
    explains = grading.purpose == "explain" and record["verdict"] in EXPLAINED
    if failure and failure.log and explains and (answer := grading.answer):
        record = grading.diagnostician.diagnose(failure, answer.again).told_of(record)
        answer.end_worker()
    return record


def _excess(item: pytest.Item, megabytes: float) -> OutOfMemory | None:
    """Return what is wrong with a check that passed, and took more than it may."""
    mark = item.get_closest_marker("memory")
    if mark is None or megabytes <= mark.args[0] + SPARE_MEGABYTES:
        return None
    return OutOfMemory(f"{megabytes:.0f} MB taken, {mark.args[0]} MB allowed")


def _take_inside(
    item: pytest.Item,
    report: pytest.TestReport,
    error: BaseException | None,
    own: Grading,
) -> None:
    """Tell what became of a check whose answer runs in this process."""
    seconds: float = item.stash.get(SECONDS, 0.0) + report.duration
    item.stash[SECONDS] = seconds
    if error:
        item.stash[SAID] = report.longreprtext
    if report.when == "teardown":
        said = item.stash.get(SAID, None)
        record = describe(item) | {"seconds": round(seconds, 4)}
        record |= {"verdict": "passed" if said is None else "failed"}
        own.take(record | {"message": said or ""}, _is_contract(item))
