"""Lessons: every exercise has one, on one page that fits a screen of any width."""

import contextlib

import pytest

from graders.harness.catalog.exercise import catalogue, choose_one
from graders.practice.clock import now
from graders.practice.session.result import show_result
from graders.practice.solution import answers, lesson, page, reference, references
from graders.practice.store import Store
from tests.conftest import pieces

ENTRIES = pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)


@ENTRIES
def test_every_exercise_has_a_lesson(entry):
    found = entry.sheet.lesson
    assert found
    assert all((found.idea, found.cost, found.alternatives, found.traps))
    assert found.references
    assert entry.sheet.follow_ups


@ENTRIES
def test_the_page_has_the_solution_whole_and_then_the_lesson_in_order(entry):
    text = page(entry, 80)
    parts = (reference(entry), lesson(entry), answers(entry), references(entry))
    places = [text.index(part) for part in parts]
    assert places == sorted(places)


@ENTRIES
@pytest.mark.parametrize("width", [80, 50])
def test_no_word_of_the_page_is_broken(entry, width):
    code = reference(entry)
    shown = page(entry, width).replace(code, "")
    assert pieces(shown) == pieces(page(entry, 10_000).replace(code, ""))
    assert max(map(len, shown.splitlines())) <= width


def test_who_gives_up_is_shown_the_page_and_no_difference(tmp_path, capsys):
    entry = choose_one("roc_auc")
    with contextlib.closing(Store(tmp_path)) as store:
        number = store.start(entry.name, "practice", 20, 1, now()).id
        store.end(number, "gave up", None, now())
        assert show_result(store, entry, store.session(number)) == 1
    shown = capsys.readouterr().out
    assert page(entry, 80) in shown
    assert "\n+++" not in shown
