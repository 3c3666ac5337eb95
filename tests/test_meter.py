"""What an answer has used: a busy machine costs it nothing, sleeping costs it time."""

from types import SimpleNamespace

import pytest

from graders.harness.answer.meter import PATIENCE, Budget, late


@pytest.fixture
def budget():
    """A budget of ten seconds, and how long each process was held up."""
    budget = Budget(10.0)
    held = SimpleNamespace(up=100.0)
    meter = SimpleNamespace(held_up=lambda: held.up)
    budget.watch(meter)
    return SimpleNamespace(budget=budget, held=held, meter=meter)


def test_seconds_in_which_it_was_held_up_are_excused_once(budget):
    budget.budget.by_the_clock = 9.0
    budget.held.up += 6.0
    assert not budget.budget.is_over()
    assert budget.budget.left == 7.0
    assert not budget.budget.is_over()
    assert budget.budget.left == 7.0


def test_seconds_of_an_earlier_check_stay_excused(budget):
    budget.budget.by_the_clock = 12.0
    budget.held.up += 8.0
    budget.budget.settle()
    budget.budget.watch(budget.meter)
    budget.budget.by_the_clock += 5.0
    assert not budget.budget.is_over()
    assert budget.budget.left == 1.0


def test_no_more_is_excused_than_was_taken(budget):
    budget.budget.by_the_clock = 4.0
    budget.held.up += 50.0
    assert not budget.budget.is_over()
    assert budget.budget.left == 10.0


def test_who_sleeps_is_over_and_so_is_who_is_held_up_for_long(budget):
    budget.budget.by_the_clock = 10.5
    assert budget.budget.is_over()
    budget.held.up += 1000.0
    budget.budget.by_the_clock = PATIENCE * 10.0 + 1
    assert budget.budget.is_over()


@pytest.mark.parametrize(
    ("took", "printed", "text"),
    [
        ([], 0, "timed out: after 2 s, its first call had not ended"),
        ([0.5, 0.7], 0, "timed out: it takes 0.6 s a call; a check has 2 s"),
        ([0.001], 0, "timed out: after 2 s, the call had not ended; those before had"),
        (
            [],
            2_500_000,
            "timed out: after 2 s, its first call had not ended; it had printed 2.5 MB,"
            " which takes time",
        ),
    ],
)
def test_what_is_said_of_who_is_late(took, printed, text):
    assert late(took, 2.0, printed) == text
