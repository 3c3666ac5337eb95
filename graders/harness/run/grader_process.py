"""What a grading's own process does: it runs pytest, and tells what comes of it."""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import ROOT
from graders.harness.feedback.results import Job
from graders.harness.worker.confine import end_with_parent


@dataclasses.dataclass(frozen=True)
class Glance:
    """The order to try some examples of a property, and not all.

    Args:
        number: Of the check.
        examples: How many.
    """

    number: int
    examples: int


def warm() -> None:
    """Import what every grading needs, deaf to what the environment asks of pytest."""
    for name in list(os.environ):
        if name.startswith(("PYTEST_", "HYPOTHESIS_")):
            del os.environ[name]
    os.environ |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "HYPOTHESIS_NO_PLUGINS": "1"}
    import graders.harness.run.fixtures
    import graders.harness.run.plugin  # noqa: F401


def _hear_signals() -> None:
    """Take in the signals that were held back while this process started."""
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_SETMASK, ())


def run(job: Job, events: Connection, waits: bool, purpose: str) -> None:
    """Grade one job in this process, which is its own.

    Args:
        job: What to grade.
        events: Where to tell what happens.
        waits: Whether to wait for orders once all is ready. An order is a pair, what
            the file holds now and the seed of its inputs; or the number of the check to
            run next, or a glance at it; or -1, which is the last.
        purpose: What the plugin needs to know: see `plugin.Grading`.
    """

    def tell(event: dict[str, Any]) -> None:
        with contextlib.suppress(OSError):  # the one who asked may be gone
            events.send_bytes(json.dumps(event).encode())

    from graders.harness.answer.nursery import Unavailable
    from graders.harness.answer.submission import answer_to

    inside = purpose.endswith("inside")
    answer = None if inside else answer_to(job.entry, job.file, job.wish)

    def end(*_: Any) -> None:
        if answer:
            answer.close()
        os._exit(1)

    end_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it reaches the one who asked, too
    for name in ("SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, end)
    _hear_signals()
    try:
        if answer:
            answer.start()
        with _silenced() as printed:
            orders = events if waits else None
            code = _pytest(job, answer, tell, orders, purpose)
            said = printed()
    except Unavailable as error:
        tell({"error": str(error)})
        return
    tell({"sandbox": answer.mode if answer else ""})
    if code in (4, 5) and job.options:
        lines = [line for line in said.splitlines() if line.strip()]
        errors = [line for line in lines if "error: " in line.lower()]
        tell({"refused": (errors or lines)[-1].strip()})
    elif code not in (0, 1):
        tell({"error": f"pytest ended with code {code}\n{said}"})


def _pytest(
    job: Job, answer: Any, tell: Any, orders: Connection | None, purpose: str
) -> int:
    warm()
    import pytest

    from graders.harness.answer.submission import take
    from graders.harness.run.grading import GRADINGS, Grading

    grading = Grading(job.entry, answer, job.seed, tell, purpose=purpose)

    class Hand:
        """Hands the plugin what to grade, and for whom."""

        @pytest.hookimpl(tryfirst=True)
        def pytest_configure(self, config: pytest.Config) -> None:
            config.stash[GRADINGS] = {job.entry.grader: grading}

        def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
            if orders is None:
                return None
            _draw_once()
            while (order := orders.recv()) != -1:
                if isinstance(order, tuple):
                    source, seed = order
                    if answer:
                        take(job.entry, source, answer)
                    else:
                        grading.file = _written(job, source)
                    grading.start_over(seed)
                    continue
                glance = order if isinstance(order, Glance) else Glance(order, 0)
                grading.enough = glance.examples
                item = session.items[glance.number]
                item.ihook.pytest_runtest_protocol(item=item, nextitem=None)
                tell({"free": True})
            return True

    return int(
        pytest.main(
            [
                *("-c", str(ROOT / "pyproject.toml"), "--rootdir", str(ROOT)),
                *("-p", "pytest_timeout", "-p", "no:cacheprovider", "--assert=plain"),
                *("-o", "pythonpath=", "--tb=short", "--color=no", "-q", *job.options),
                str(job.entry.grader),
            ],
            plugins=[Hand()],
        )
    )


def _written(job: Job, source: bytes) -> Path:
    """Return a file that holds an answer, under the name of its exercise."""
    folder = Path(tempfile.gettempdir()) / f"katas-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    file = folder / f"{job.entry.name}.py"
    file.write_bytes(source)
    return file


def _draw_once() -> None:
    """Let hypothesis load what it loads at its first draw, while nobody waits."""
    from hypothesis import given, settings
    from hypothesis import strategies as st
    from hypothesis.extra import numpy as hnp

    arrays = hnp.arrays(float, 3, elements=st.floats(0, 1))

    @settings(max_examples=2, database=None)
    @given(arrays, st.lists(st.integers()), st.floats())
    def draw(some: object, more: object, one: object) -> None:
        """Use nothing of it."""

    draw()


@contextlib.contextmanager
def _silenced() -> Iterator[Any]:
    """Send what this process prints to a file, and yield what reads it."""
    with tempfile.TemporaryFile() as file:
        sys.stdout.flush()
        kept = os.dup(1), os.dup(2)
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)

        def printed() -> str:
            sys.stdout.flush()
            file.seek(0)
            return file.read().decode("utf-8", "replace")

        try:
            yield printed
        finally:
            sys.stdout.flush()
            os.dup2(kept[0], 1)
            os.dup2(kept[1], 2)
