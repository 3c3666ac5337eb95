"""The clock: no time is lost or gained unnoticed, whatever is done to the computer."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness.catalog.exercise import ROOT
from graders.practice import clock
from graders.practice.clock import TOLERANCE, Moment, elapsed, now

START = Moment(1_700_000_000.0, 5_000.0, "this run")


def later(wall, monotonic, boot=START.boot):
    """Return the moment when the two clocks have moved by so many seconds."""
    return Moment(START.wall + wall, START.monotonic + monotonic, boot)


def test_a_minute_is_a_minute():
    assert elapsed(START, later(60, 60)) == (60.0, "")


def test_two_clocks_that_drift_a_little_are_not_worth_a_word():
    assert elapsed(START, later(60 + TOLERANCE, 60)) == (60.0, "")
    assert elapsed(START, later(60 - TOLERANCE, 60)) == (60.0, "")


@pytest.mark.parametrize(("wall", "moved"), [(3660, "+3600"), (-3540, "-3600")])
def test_a_changed_system_time_does_not_count_and_gives_a_warning(wall, moved):
    seconds, odd = elapsed(START, later(wall, 60))
    assert seconds == 60
    assert odd == f"the system time changed by {moved} s; 60 s counted"


def test_a_restart_counts_by_the_system_time_and_is_said():
    seconds, odd = elapsed(START, Moment(START.wall + 300, 12.0, "another run"))
    assert seconds == 300
    assert odd == "the computer restarted; 300 s counted by the system time"


def test_a_restart_is_seen_even_if_the_steady_clock_is_ahead():
    seconds, odd = elapsed(START, later(90_000, 80_000, "another run"))
    assert seconds == 90_000
    assert "restarted" in odd


def test_what_cannot_be_known_is_said():
    seconds, odd = elapsed(START, Moment(START.wall - 300, 12.0, "another run"))
    assert seconds == 0
    assert "went back by 300 s" in odd
    assert "unknown" in odd


@pytest.mark.parametrize("moved", [0, 3600, -3600])
def test_who_looked_earlier_and_is_recorded_later_adds_nothing(moved):
    assert elapsed(START, later(moved - 0.01, -0.01)) == (0.0, "")


def test_where_no_run_has_a_name_an_earlier_look_adds_nothing_either():
    start = Moment(START.wall, START.monotonic, "")
    assert elapsed(start, later(-0.01, -0.01, "")) == (0.0, "")


def test_where_no_run_has_a_name_a_restart_is_seen_by_the_steady_clock():
    start = Moment(START.wall, START.monotonic, "")
    seconds, odd = elapsed(start, Moment(START.wall + 300, 12.0, ""))
    assert seconds == 300
    assert "restarted" in odd


def test_where_no_run_has_a_name_both_causes_are_said():
    start = Moment(START.wall, START.monotonic, "")
    seconds, odd = elapsed(start, later(3660, 60, ""))
    assert seconds == 60
    assert odd == (
        "the system time changed by +3600 s, or the computer restarted; 60 s counted"
    )


moments = st.builds(
    Moment,
    st.floats(1e9, 2e9),
    st.floats(0, 1e7),
    st.sampled_from(["one run", "another run", ""]),
)


@given(moments, moments)
def test_time_never_goes_back_and_what_is_odd_is_one_line(start, end):
    seconds, odd = elapsed(start, end)
    assert seconds >= 0
    assert "\n" not in odd
    wall, monotonic = end.wall - start.wall, end.monotonic - start.monotonic
    if not odd:  # then somebody's clock agrees, or an older look was passed over
        assert seconds in (monotonic, 0.0)
        assert seconds == 0 or abs(wall - monotonic) <= TOLERANCE


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20), st.data())
def test_however_often_one_looks_it_comes_to_the_same(steps, data):
    """Adds up to the whole, with the system's time moved about in between."""
    moment, total = START, 0.0
    for step in steps:
        moved = data.draw(st.sampled_from([0, 0, -5000, 7000]))
        after = Moment(moment.wall + step + moved, moment.monotonic + step, moment.boot)
        seconds, odd = elapsed(moment, after)
        assert bool(odd) == bool(moved)
        moment, total = after, total + seconds
    assert total == pytest.approx(sum(steps))


def test_now_is_steady_and_names_the_run():
    first, second = now(), now()
    assert first.monotonic <= second.monotonic
    assert first.boot == second.boot
    assert elapsed(first, second)[1] == ""


ASLEEP = ["unshare", "--user", "--time", "--boottime", "1000000", "--fork"]


def can_sleep():
    """Return whether this system can pretend to have slept."""
    try:
        return subprocess.run([*ASLEEP, "true"], capture_output=True).returncode == 0
    except OSError:
        return False


@pytest.mark.skipif(not can_sleep(), reason="needs Linux's time namespaces")
def test_the_steady_clock_counts_sleep():
    """Counts a million seconds asleep, which the clock of waking hours leaves out."""
    script = "from graders.practice.clock import now; print(now().monotonic)"
    before = now().monotonic
    done = subprocess.run(
        [*ASLEEP, sys.executable, "-c", script],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert float(done.stdout) - before >= 1_000_000


def test_where_nothing_names_the_run_the_clock_still_goes(monkeypatch):
    def missing(*_):
        raise FileNotFoundError

    monkeypatch.setattr(Path, "read_text", missing)
    clock._boot.cache_clear()
    try:
        assert now().boot == ""
    finally:
        clock._boot.cache_clear()
