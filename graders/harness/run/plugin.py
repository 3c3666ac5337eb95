"""The harness as a pytest plugin: fixtures, deadlines, inputs and verdicts.

It works under plain `pytest graders/...`, with pytest's own output, and under
`python -m graders grade`, which hands it a `Grading` that listens.
"""

from __future__ import annotations

import contextlib
import dataclasses
import functools
import hashlib
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import hypothesis
import numpy as np
import pytest
from hypothesis.errors import UnsatisfiedAssumption

from graders.harness.answer.answer import Answer
from graders.harness.answer.errors import Fault, OutOfMemory, StopShrinking
from graders.harness.answer.submission import answer_to
from graders.harness.authoring.timing import Stopwatch
from graders.harness.catalog.exercise import ROOT, Entry, catalogue
from graders.harness.feedback.diagnosis import Diagnostician, Failure
from graders.harness.feedback.results import RUBRIC, VALIDATION
from graders.harness.feedback.verdict import judge

BUDGET = 60.0  # seconds for all checks of one exercise
SPARE_MEGABYTES = 8  # for what an answer imports
MOST_KEPT = 10  # examples of a check ...
MOST_KEPT_BYTES = 2**14  # ... whose requests are no larger
MOST_TIMEOUTS = 2  # after which the rest is not judged

EXPLAINED = frozenset({"wrong", "raised", "timed out", "out of memory", "crashed",
                      "invalid return value", "forbidden call"})  # fmt: skip


@dataclasses.dataclass
class Grading:
    """One exercise being graded: who answers, and who listens.

    Args:
        entry: The exercise.
        answer: The answer in its worker, or None where it runs in this process.
        seed: From which every input is drawn.
        tell: Called with each event, a dict that JSON can hold.
        file: The answer's file, for a run in this process.
        purpose: "explain" where somebody reads why a check fails; "judge" where nobody
            does, so that its first failing example ends it; "measure" to tell how slow
            an answer is instead of judging that; "inside" to judge in this process.
    """

    entry: Entry
    answer: Answer | None
    seed: int
    tell: Callable[[dict[str, Any]], None] = lambda event: None
    file: Path | None = None
    purpose: str = "explain"
    halted: str = ""  # why the rest is not judged
    timeouts: int = 0
    contracts: list[str] = dataclasses.field(default_factory=list)  # their verdicts
    examples: list[tuple[str, list[Failure], list[Failure]]] = dataclasses.field(
        default_factory=list
    )  # of each check, those that failed and those that held

    @functools.cached_property
    def diagnostician(self) -> Diagnostician:
        """Who explains failures; made when the first is to be explained."""
        reference = execute(self.entry.solution, "reference")
        return Diagnostician(self.entry, reference)

    def close(self) -> None:
        """End the processes of this grading."""
        if self.answer:
            self.answer.close()

    def start_over(self, seed: int) -> None:
        """Forget the answer before: another is about to be graded."""
        self.seed = seed
        self.halted = ""
        self.timeouts = 0
        self.contracts.clear()
        self.examples.clear()

    def take(self, record: dict[str, Any], is_contract: bool) -> None:
        """Tell what became of a check, and decide whether the rest is judged."""
        self.tell({"check": record})
        verdict = record["verdict"]
        self.timeouts += verdict == "timed out"
        if is_contract:
            self.contracts.append(verdict)
        if verdict == "could not load":
            self.halted = "the file could not be loaded"
        elif is_contract and verdict not in ("passed", "not started"):
            self.halted = "the contract is not met"
        elif self.timeouts == MOST_TIMEOUTS:
            self.halted = "two checks had timed out"
        elif verdict == "grader error" and self.answer and self.answer.unavailable:
            self.halted = "the sandbox did not start"
        if self.halted:
            self.tell({"halted": self.halted})

    def tell_suspects(self) -> None:
        """Tell what the kept examples say of each classic mistake."""
        if "diagnostician" in vars(self):
            for check, failed, held in self.examples:
                self.diagnostician.remember(check, failed, held)
            self.tell({"suspects": self.diagnostician.suspects.evidence()})

    def seed_of(self, check: str) -> int:
        """Return the seed of one check, which no other check and no order changes."""
        text = f"{self.seed}/{self.entry.name}/{check}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "little")


def execute(path: Path, name: str) -> ModuleType:
    """Execute a file in this process; only ever one of ours, or the user's own."""
    module = ModuleType(name)
    module.__file__ = str(path)
    sys.modules[name] = module  # where dataclasses look themselves up
    exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), vars(module))
    return module


GRADINGS = pytest.StashKey[dict[Path, Grading]]()
FAILURE = pytest.StashKey[Failure]()
FAILURES = pytest.StashKey[list[Failure]]()  # the first, some between, and the last
HELD = pytest.StashKey[list[Failure]]()  # examples that did not fail
ERROR = pytest.StashKey[BaseException]()
WHEN = pytest.StashKey[str]()
SECONDS = pytest.StashKey[float]()
SAID = pytest.StashKey[str]()
OF_ONE_ANSWER: tuple[pytest.StashKey[Any], ...] = (
    FAILURE, FAILURES, HELD, ERROR, WHEN, SECONDS, SAID
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


def grading_of(item: pytest.Item) -> Grading | None:
    """Return the grading that a test belongs to; None for tests that grade nothing."""
    folder = ROOT / "graders"
    if not item.path.is_relative_to(folder):
        return None
    gradings = item.config.stash[GRADINGS]
    if item.path not in gradings:
        [entry] = [entry for entry in catalogue() if entry.grader == item.path]
        file = item.config.getoption("--answer") or entry.stub
        here = item.config.getoption("--in-process") and not entry.is_text
        answer = None if here else answer_to(entry, file)
        seed = item.config.getoption("--seed")
        gradings[item.path] = Grading(entry, answer, seed, file=file)
    return gradings[item.path]


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
    }


def _is_contract(item: pytest.Item) -> bool:
    return item.get_closest_marker("contract") is not None


@contextlib.contextmanager
def _watching_examples(item: Any, grading: Grading) -> Iterator[None]:
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
    try:
        yield
    finally:
        handle.inner_test = inner


def _noted(inner: Any, item: pytest.Item, answer: Answer, shrinks: bool) -> Any:
    """Return a property that notes each of its examples that fails."""

    @functools.wraps(inner)
    def example(*args: Any, **kwargs: Any) -> Any:
        answer.begin_example()
        try:
            result = inner(*args, **kwargs)
        except UnsatisfiedAssumption:
            raise
        except (Exception, pytest.fail.Exception, Fault) as error:
            item.stash[FAILURE] = _failure(error, answer)
            if shrinks:
                _keep(item.stash[FAILURE], item.stash.setdefault(FAILURES, []))
            if isinstance(error, Fault):
                raise
            if not shrinks:
                raise StopShrinking from None
            answer.example_failed()
            raise
        if shrinks:
            _keep(_failure(None, answer), item.stash.setdefault(HELD, []))
        return result

    return example


def _keep(one: Failure, kept: list[Failure]) -> None:
    """Keep an example: the first, the last, and between them those that say most."""
    if one.log.bytes < MOST_KEPT_BYTES:
        kept.append(one)
        if len(kept) > MOST_KEPT:
            between = range(1, len(kept) - 1)
            del kept[min(between, key=lambda i: kept[i].log.bytes)]


def _failure(error: BaseException | None, answer: Answer) -> Failure:
    printed = answer.printed() if error else ""
    return Failure(error, answer.log, answer.guests, printed)


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
        answer.begin_check(float("inf"))
        answer.budget.seconds = BUDGET
    with _watching_examples(item, grading):
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
    return True


def pytest_timeout_cancel_timer(item: pytest.Item) -> bool | None:
    """Lift the deadline of a check."""
    grading = grading_of(item)
    if not (grading and grading.answer):
        return None
    grading.answer.allowance.seconds = float("inf")
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what stopped a check, and record its verdict once it is over."""
    report = yield
    grading = grading_of(item)
    if grading and not grading.answer:
        _take_inside(item, report, grading)
    if not (grading and grading.answer):
        return report
    item.stash[SECONDS] = item.stash.get(SECONDS, 0.0) + call.duration
    if call.excinfo and ERROR not in item.stash:
        item.stash[ERROR] = call.excinfo.value
        item.stash[WHEN] = call.when
        if FAILURE not in item.stash:
            item.stash[FAILURE] = _failure(call.excinfo.value, grading.answer)
    if call.when == "teardown":
        seconds = item.stash[SECONDS]
        error, failure = item.stash.get(ERROR, None), item.stash.get(FAILURE, None)
        record = describe(item) | {"seconds": round(seconds, 4)}
        grading.answer.end_worker()
        record["megabytes"] = grading.answer.peak()
        error = error or _excess(item, record["megabytes"])
        when = item.stash.get(WHEN, "call")

        def differs(one: Failure) -> bool:  # a text has no calls, and no reference
            return bool(one.log) and grading.diagnostician.differs(one)

        record |= judge(error, failure, when, differs)
        explains = grading.purpose == "explain"
        if failure and failure.log and explains and record["verdict"] in EXPLAINED:
            record = grading.diagnostician.diagnose(failure).told_of(record)
        grading.take(record, _is_contract(item))
        if not explains:
            return report
        passed = record["verdict"] == "passed"
        one = [failure or _failure(None, grading.answer)]
        failed = item.stash.get(FAILURES, [] if passed else one)
        held = item.stash.get(HELD, one if passed else [])
        grading.examples.append((item.name, failed, held))
    return report


def _excess(item: pytest.Item, megabytes: float) -> OutOfMemory | None:
    """Return what is wrong with a check that passed, and took more than it may."""
    mark = item.get_closest_marker("memory")
    if mark is None or megabytes <= mark.args[0] + SPARE_MEGABYTES:
        return None
    return OutOfMemory(f"{megabytes:.0f} MB taken, {mark.args[0]} MB allowed")


def _take_inside(item: pytest.Item, report: pytest.TestReport, own: Grading) -> None:
    """Tell what became of a check whose answer runs in this process."""
    seconds: float = item.stash.get(SECONDS, 0.0) + report.duration
    item.stash[SECONDS] = seconds
    if not report.passed:
        item.stash[SAID] = report.longreprtext
    if report.when == "teardown":
        said = item.stash.get(SAID, None)
        record = describe(item) | {"seconds": round(seconds, 4)}
        record |= {"verdict": "passed" if said is None else "failed"}
        own.take(record | {"message": said or ""}, _is_contract(item))


# What a grader's tests ask for.


@pytest.fixture
def submission(request: pytest.FixtureRequest) -> Any:
    """The answer, freshly executed."""
    grading = _grading(request)
    if grading.answer is None:
        return execute(grading.file or grading.entry.stub, "answer")
    memory = request.node.get_closest_marker("memory")
    message = request.node.get_closest_marker("message")
    return grading.answer.fresh(memory and memory.args[0], message and message.args[0])


@pytest.fixture
def reference(request: pytest.FixtureRequest) -> ModuleType:
    """The solution, in this process."""
    return execute(_grading(request).entry.solution, "reference")


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """A generator of random numbers that only this check draws from."""
    return np.random.default_rng(_grading(request).seed_of(request.node.name))


@pytest.fixture
def exhibit(request: pytest.FixtureRequest) -> Callable[[str], None]:
    """Show a table or a plot of the grader's under the result, passed or not."""
    grading = _grading(request)
    return lambda text: grading.tell({"exhibit": text})


@pytest.fixture
def check_slowdown(
    submission: Any, reference: ModuleType, request: pytest.FixtureRequest
) -> Stopwatch:
    """Judge speed: see `graders.harness.authoring.timing.Stopwatch`."""
    grading, check = _grading(request), request.node.name
    measured = None
    if grading.purpose == "measure":

        def measured(ratio: float, limit: float) -> None:
            grading.tell({"slowdown": [check, ratio, limit]})

    return Stopwatch(submission, reference, grading.seed_of(check), measured)


def _grading(request: pytest.FixtureRequest) -> Grading:
    grading = grading_of(request.node)
    assert grading is not None, "these fixtures serve graders alone"
    return grading
