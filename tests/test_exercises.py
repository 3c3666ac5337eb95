"""Every exercise passes what `nox -s dev -- check` demands of it, aspect by aspect.

The answers to an exercise are judged once; the tests look at the results. Right answers
beside the solution see a part of the examples on each push, and all of them each night.
"""

import functools
import os
from pathlib import Path

import pytest

from graders.harness.catalog.exercise import catalogue
from tests.conftest import Scheduling
from tests.dev.cache import folder
from tests.dev.check.answers import TESTED, known, problems, too_few
from tests.dev.check.command import grade_known
from tests.dev.check.form import form
from tests.dev.judge import Judge

ENTRIES = {entry.name: entry for entry in catalogue()}

each_exercise = pytest.mark.parametrize("name", ENTRIES)


@pytest.fixture(scope="session")
def judged(tmp_path_factory, request):
    """Yield a function that judges an exercise when it is first asked for."""
    at_once = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2  # others work beside it
    # Nightly runs draw fresh inputs (KATAS_SEED), and try all of them.
    ask = "all" if "KATAS_SEED" in os.environ else "part"
    where = None if request.config.getoption("--no-cache") else folder()
    with Judge(at_once) as judges:

        @functools.cache
        def judged_answers(name):
            made = tmp_path_factory.mktemp(name)
            answers = known(ENTRIES[name], made, TESTED, ask=ask)
            return grade_known(answers, judges, where)

        yield judged_answers


def test_names_are_unique_and_no_topic_or_round():
    names = [entry.name for entry in catalogue()]
    places = {part for entry in catalogue() for part in (entry.topic, entry.round)}
    assert len(set(names)) == len(names)
    assert not places & set(names)


def test_each_exercise_is_judged_by_one_process(request):
    for item in request.session.items:
        if item.path == Path(__file__) and hasattr(item, "callspec"):
            scope = Scheduling._split_scope(None, item.nodeid)
            assert scope == item.callspec.params["name"]


@each_exercise
def test_the_form_is_whole(name):
    assert form(ENTRIES[name]) == []


@each_exercise
def test_there_are_other_correct_answers(name):
    assert too_few(ENTRIES[name]) == []


@each_exercise
@pytest.mark.parametrize("aspect", TESTED)
def test_the_checks_tell_right_from_wrong(name, aspect, judged):
    assert problems(pair for pair in judged(name) if pair[0].aspect == aspect) == []
