"""A spoken round in the terminal: its keys, its clock, its screen, its rating."""

import dataclasses

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.utils import get_cwidth

from graders.harness.feedback import report
from graders.practice import text as practice_text
from graders.practice.cli import Refused
from graders.practice.clock import Moment
from graders.practice.mocks import debrief, question_bank, spoken_layout, spoken_round
from graders.practice.mocks.plan import Part, RunningMock, as_plan
from graders.practice.store import Store, Unusable

DESIGN = question_bank.build(
    question_bank.load("ml_system_design"), 60, ["fraud_detection"]
)
CONCEPTS = question_bank.build(
    question_bank.load("ml_concepts"), 45, ["bagging_why", "drift", "dropout"]
)

NEXT, BACK, FOLLOW, LEAVE = "\x0e", "\x10", "\x06", "\x04"  # Ctrl-N, -P, -F, -D


class Clock:
    """A clock that a test sets; both times agree until it turns the wall clock."""

    def __init__(self):
        self.seconds = 0.0
        self.step = 0.0  # by which each look moves it on
        self.moved = 0.0
        self.boot = "one"

    def __call__(self):
        self.seconds += self.step
        return Moment(1000 + self.seconds + self.moved, self.seconds, self.boot)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def course(tmp_path, clock):
    """A mock whose only part is the design."""
    store = Store(tmp_path)
    parts = [Part("talk", "ml_system_design", 60, ["fraud_detection"])]
    yield RunningMock(store, store.start_mock(1, as_plan(parts), clock()))
    store.close()


class Bell(DummyOutput):
    """An output that counts how often it rang."""

    rings = 0

    def bell(self):
        Bell.rings += 1


@pytest.fixture
def terminal():
    """Keys that a test types, and an output that shows nothing."""
    Bell.rings = 0
    with create_pipe_input() as keys, create_app_session(input=keys, output=Bell()):
        yield keys


def hold(course, keys, clock, typed):
    keys.send_text(typed)
    return spoken_round.hold_spoken(course, 0, DESIGN, clock)


# The keys.


def test_leaving_keeps_the_phase(course, clock, terminal):
    assert hold(course, terminal, clock, NEXT * 2 + LEAVE) is False
    assert hold(course, terminal, clock, NEXT + LEAVE) is False
    part = course.part(0, clock())
    assert (part.state, part.phase) == ("running", 3)


def test_going_on_at_the_last_phase_ends_the_talk(course, clock, terminal):
    assert hold(course, terminal, clock, NEXT * 7) is True
    part = course.part(0, clock())
    assert (part.state, part.phase) == ("said", 6)


def test_back_goes_back_but_not_before_the_beginning(course, clock, terminal):
    hold(course, terminal, clock, BACK * 2 + NEXT * 2 + BACK + LEAVE)
    assert course.part(0, clock()).phase == 1


def test_a_follow_up_is_one_more_and_no_more_than_there_are(course, clock, terminal):
    hold(course, terminal, clock, NEXT + FOLLOW + LEAVE)
    assert course.part(0, clock()).probes == 1
    hold(course, terminal, clock, FOLLOW * 20 + LEAVE)
    assert course.part(0, clock()).probes == len(DESIGN.phases[1].probes)


def test_follow_ups_go_with_their_phase(course, clock, terminal):
    hold(course, terminal, clock, FOLLOW + NEXT + LEAVE)
    assert course.part(0, clock()).probes == 0


def test_there_is_no_pause_and_letters_are_no_keys(course, clock, terminal):
    hold(course, terminal, clock, "nbafqpxyz 1\t\r" + LEAVE)
    part = course.part(0, clock())
    assert (part.phase, part.facts, part.probes) == (0, 0, 0)
    assert part.state == "running"


@pytest.mark.parametrize("key", ["\x03"])
def test_an_interrupt_is_one_and_keeps_the_time(course, clock, terminal, key):
    clock.step = 1.0
    with pytest.raises(KeyboardInterrupt):
        hold(course, terminal, clock, NEXT + key)
    assert course.parts()[0].seconds > 0


def test_nobody_at_the_keys_is_a_leave(course, clock):
    with create_pipe_input() as keys:
        keys.close()
        with create_app_session(input=keys, output=DummyOutput()):
            assert spoken_round.hold_spoken(course, 0, DESIGN, clock) is False


# The clock.


def test_the_clock_runs_on_while_nobody_looks(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    clock.seconds += 600
    hold(course, terminal, clock, LEAVE)
    clock.seconds += 60
    part = course.part(0, clock())
    assert part.seconds == pytest.approx(660)
    assert part.left == pytest.approx(3600 - 660)


def test_time_left_over_is_kept_for_the_rest_and_overtime_is_taken_from_it():
    part = Part("talk", "ml_system_design", 60, [], phase=1, seconds=60.0)
    assert spoken_layout.phase_left(DESIGN, part) == 60 * (7 + 7 - 1)
    part.seconds = 60.0 * 10
    assert spoken_layout.phase_left(DESIGN, part) == 60 * 4


def test_rating_takes_no_time(course, clock, terminal):
    hold(course, terminal, clock, NEXT * 7)
    clock.seconds += 1000
    assert course.part(0, clock()).seconds == 0


def test_a_turned_clock_counts_for_nothing_and_is_on_record(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    clock.seconds += 60
    clock.moved = -3600
    hold(course, terminal, clock, LEAVE)
    part = course.parts()[0]
    assert part.seconds == pytest.approx(60)
    assert "-3600 s" in part.odd[0]


def test_a_restart_goes_by_the_systems_time_and_is_on_record(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    clock.moved, clock.seconds, clock.boot = 500, 0.0, "two"
    hold(course, terminal, clock, LEAVE)
    part = course.parts()[0]
    assert part.seconds == pytest.approx(500)
    assert "restarted" in part.odd[0]


def test_the_end_of_a_phase_rings_once_and_nothing_is_cut_off(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    screen = spoken_round.SpokenScreen(course, 0, DESIGN, clock)
    for minutes, rings in ((6, 0), (7.5, 1), (8, 1), (59, 1), (61, 2), (90, 2)):
        clock.seconds = 60 * minutes
        screen.text()
        assert Bell.rings == rings, minutes
    assert course.part(0, clock()).state == "running"


def test_what_was_over_before_one_looked_does_not_ring(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    clock.seconds += 7200
    hold(course, terminal, clock, NEXT * 2 + LEAVE)
    assert Bell.rings == 0


# Two terminals, and a database in trouble.


def test_two_terminals_show_the_same(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    other = spoken_round.SpokenScreen(
        RunningMock(course.store, course.store.mocks()[0]), 0, DESIGN, clock
    )
    hold(course, terminal, clock, NEXT + "How many payments?\r" + LEAVE)
    lines = "".join(text for _, text in other.text())
    assert "2 of 7: Metrics" in lines
    assert DESIGN.facts[0][:30] in lines


def test_a_talk_that_ends_elsewhere_ends_here(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    with course.change(0, clock()) as part:
        part.state = "said"
    screen = spoken_round.SpokenScreen(course, 0, DESIGN, clock)
    assert screen.run() is True


def test_a_mock_that_ends_elsewhere_is_said_to_have(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    screen = spoken_round.SpokenScreen(course, 0, DESIGN, clock)
    course.end("left")
    with pytest.raises(Refused, match="another terminal"):
        screen.run()
    assert [mock.state for mock in course.store.mocks()] == ["left"]


def test_a_full_disk_ends_the_screen_with_its_line(
    course, clock, terminal, monkeypatch
):
    hold(course, terminal, clock, LEAVE)

    def full(*_):
        raise Unusable("kata.db: database or disk is full")

    monkeypatch.setattr(course.store, "save_mock", full)
    terminal.send_text(NEXT)
    with pytest.raises(Unusable, match="disk is full"):
        spoken_round.SpokenScreen(course, 0, DESIGN, clock).run()


# The screen.


def picture(part, columns=80, rows=24, offset=0, about=DESIGN):
    """Return the lines of the screen, with an empty one for typing, and the offset."""
    view = spoken_layout.View(about, part)
    upper, foot, offset = spoken_layout.layout(view, columns, rows, offset)
    return [line for _, line in [*upper, ("", " >"), *foot]], offset


def running(**values):
    return Part("talk", "ml_system_design", 60, [], state="running", **values)


def test_the_screen_says_phase_times_task_prompt_and_keys():
    lines, _ = picture(running(seconds=61.0))
    assert lines[0].startswith(" ML system design: detect payment fraud")
    assert lines[0].endswith("58:59 left")
    assert "1 of 7: Clarify" in lines[1]
    assert lines[1].endswith("5:59 left")
    assert "We process card payments" in "\n".join(lines)
    assert lines[-1] == (
        " Ctrl-N next phase   Ctrl-F follow-up (1)   Ctrl-R drawing   Ctrl-D quit"
    )
    assert "A line that ends in ? is a question" in " ".join(lines)


def test_the_screen_says_that_time_is_over():
    assert "phase is over" in "\n".join(picture(running(seconds=430.0))[0])
    lines, _ = picture(running(seconds=3700.0, phase=6))
    assert "over by 1:40" in lines[0]
    assert "nothing is cut off" in "\n".join(lines)


def test_the_last_phase_ends_and_spent_keys_go():
    lines, _ = picture(running(phase=6, facts=8, probes=9))
    assert lines[-1] == " Ctrl-N end   Ctrl-P back   Ctrl-R drawing   Ctrl-D quit"


def test_no_point_or_mistake_is_on_the_screen():
    secrets = [point for phase in DESIGN.phases for point in phase.points]
    secrets += DESIGN.mistakes
    for phase in range(7):
        part = running(phase=phase, facts=8, probes=9)
        text = " ".join("\n".join(picture(part, 200, 200)[0]).split())
        assert not [secret for secret in secrets if secret in text]


@pytest.mark.parametrize("about", [DESIGN, CONCEPTS], ids=["design", "concepts"])
@pytest.mark.parametrize("rows", [1, 3, 8, 12, 24, 60])
@pytest.mark.parametrize("columns", [5, 12, 40, 80, 200])
def test_the_screen_fits_any_window_and_keeps_times_and_keys(about, columns, rows):
    for part in (running(), running(seconds=4000.0, facts=8, probes=1)):
        lines, _ = picture(part, columns, rows, about=about)
        assert len(lines) <= rows
        if columns >= 12:
            assert max(map(get_cwidth, lines)) <= columns
        if columns >= 40 and rows >= 8:
            assert len(lines) == rows
            assert "left" in lines[0] or "over" in lines[0]
            assert "Ctrl-D quit" in lines[-1]


def test_wide_characters_do_not_break_the_screen():
    wide = dataclasses.replace(
        DESIGN, title="\u9762\u63a5" * 30, prompt="\u6a5f\u68b0\u5b66\u7fd2" * 40
    )
    for columns in (20, 41, 80):
        lines, _ = picture(running(), columns, 24, about=wide)
        assert max(map(get_cwidth, lines)) <= columns
        assert lines[0].endswith("60:00 left")


def test_what_was_asked_for_is_scrolled_to_and_more_is_announced():
    part = running(facts=8)
    lines, offset = picture(part, 40, 20, offset=10**6)
    assert offset > 0
    assert DESIGN.facts[-1].split()[-1] in " ".join(lines)
    assert any("up: more" in line for line in lines)
    lines, offset = picture(part, 40, 20, offset=0)
    assert offset == 0
    assert any("down: more" in line for line in lines)


def test_arrow_keys_scroll_within_the_text(course, clock, terminal):
    hold(course, terminal, clock, LEAVE)
    screen = spoken_round.SpokenScreen(course, 0, DESIGN, clock)
    terminal.send_text("\x1b[A\x1b[B\x1b[B" + LEAVE)
    small = DummyOutput()
    small.get_size = lambda: Size(rows=10, columns=40)
    screen.application.output = small
    screen.run()
    assert 0 < screen.offset <= 2


# Afterwards; test_talks.py has the ticks.


PLAIN = dataclasses.replace(
    DESIGN,
    rubric=tuple(
        dataclasses.replace(line, phases=(), points=()) for line in DESIGN.rubric
    ),
)


def test_a_line_without_points_is_asked_for_and_kept(course, clock, terminal, capsys):
    hold(course, terminal, clock, NEXT * 7)
    terminal.send_text("\r" * 8 + "3\r2\r4\r1\r" + "say less \u4f60\u597d\r")
    debrief.assess(course, 0, PLAIN, report.screen(), clock)
    part = course.parts()[0]
    assert part.ratings == {
        "technical depth": 3, "system thinking": 2, "trade-off analysis": 4,
        "communication": 1,
    }  # fmt: skip
    assert part.notes == "say less \u4f60\u597d"
    assert part.state == "done"
    out = " ".join(capsys.readouterr().out.split())
    for phase in DESIGN.phases:
        for point in phase.points:
            assert " ".join(point.split()) in out.replace(" - ", " ")
    assert "3 strong: " in out


def test_only_one_to_four_is_a_rating(course, clock, terminal):
    hold(course, terminal, clock, NEXT * 7)
    erase = "\x7f"
    terminal.send_text("\r" * 8 + f"5\r{erase}0\r{erase}\r" + "2\r1\r1\r1\r\r")
    debrief.assess(course, 0, PLAIN, report.screen(), clock)
    assert list(course.parts()[0].ratings.values()) == [2, 1, 1, 1]


def test_ratings_given_before_a_leave_are_not_asked_again(course, clock, terminal):
    hold(course, terminal, clock, NEXT * 7)
    terminal.send_text("\r" * 8 + "3\r" + "\x04")
    with pytest.raises(EOFError):
        debrief.assess(course, 0, PLAIN, report.screen(), clock)
    assert course.parts()[0].ratings == {"technical depth": 3}
    terminal.send_text("1\r2\r4\r\r")
    debrief.assess(course, 0, PLAIN, report.screen(), clock)
    assert list(course.parts()[0].ratings.values()) == [3, 1, 2, 4]


@pytest.mark.parametrize("width", [40, 80])
def test_the_printed_agenda_has_every_phase_at_its_time_and_no_point(width):
    lines = debrief.schedule(DESIGN, width)
    text = "\n".join(lines)
    assert max(map(get_cwidth, lines)) <= width
    assert " 14:00  Data, 10 minutes" in text
    assert " 60:00  End." in text
    assert not [p for phase in DESIGN.phases for p in phase.points if p[:30] in text]


@pytest.mark.parametrize("width", [30, 40, 80])
def test_pages_and_rubric_fit_the_window(width):
    for page in [*debrief.pages(DESIGN, width), debrief.rubric(DESIGN.rubric, width)]:
        assert max(map(get_cwidth, page)) <= width


# Words.


@pytest.mark.parametrize("width", [2, 7, 20])
def test_wrapped_words_fit_and_none_is_lost(width):
    text = "a \u6a5f\u68b0\u5b66\u7fd2 long-unbreakable-word e\u0301 \U0001f600 end"
    lines = practice_text.wrap(text, width)
    assert max(map(get_cwidth, lines)) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


def test_paragraphs_stay_and_prefixes_are_set():
    assert practice_text.wrap("a b\n\nc", 10, "- ", "  ") == ["- a b", "", "  c"]


def test_the_left_side_gives_way():
    assert practice_text.sides("abcdef", "9:59", 9) == "abcd 9:59"
    assert practice_text.sides("ab", "9:59", 9) == "ab   9:59"
    assert practice_text.sides("ab", "9:59", 3) == "9:5"


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (59.9, "0:59"), (3600, "60:00"), (-3, "0:00"),
                          (6000, "1:40:00")],
)  # fmt: skip
def test_a_span_is_read_like_a_clock(seconds, text):
    assert practice_text.clock(seconds) == text
