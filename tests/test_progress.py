"""The verb `progress`: what it counts, what it prints, what it keeps to itself."""

import json
import os
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from fsrs import Card
from wcwidth import width

from graders.harness.catalog.exercise import catalogue
from graders.practice.history import progress
from graders.practice.history.history import History, relative, solved_text
from graders.practice.schedule import as_text
from graders.practice.store import Store
from tests.histories import DAY, NOW, Plan, draw, moment, record, report, sessions
from tests.terminal import on_posix
from tests.test_seam import ADD, CHECK_ADD


@pytest.fixture
def toy(repository):
    """A repository with one exercise, and what practice needs."""
    repository.toy(ADD, CHECK_ADD)
    return repository


@pytest.fixture
def practised(toy):
    """The toy, passed a minute ago, and failed in an interview that goes on."""
    store = Store(toy.root / ".kata")
    start = time.time() - 700
    bad = report("toy", 1, sentence="A sentence that nobody may read yet.")
    record(store, [Plan("toy", start, 600.0, report=report("toy"))])
    running = store.start("toy", "interview", 20, 0, moment(start + 630))
    store.save_report(running.id, bad, moment(start + 650))
    store.close()
    return toy


NAMES = (
    "roc_auc",
    "autograd",
    "softmax_cross_entropy",
    "best_split",
    "kmeans",
    "story_bank",
)
ENTRIES = [entry for entry in catalogue() if entry.name in NAMES]


def history(plans, cards=None, at=NOW, zone=UTC):
    return History(ENTRIES, sessions(plans), cards or {}, at, zone)


def passed(*days_ago):
    return [Plan("roc_auc", NOW - DAY * days, 600.0) for days in sorted(days_ago)[::-1]]


# What is counted.


def test_the_store_gives_back_what_was_recorded(tmp_path):
    plans = draw(6, 20)
    store = Store(tmp_path)
    record(store, plans)
    for kept, meant in zip(store.sessions(), sessions(plans), strict=True):
        assert kept.seconds == pytest.approx(meant.seconds)
        assert (kept.exercise, kept.state, kept.hints, kept.report) == (
            meant.exercise, meant.state, meant.hints, meant.report)  # fmt: skip
    assert set(store.cards()) == {plan.exercise for plan in plans}
    store.close()


@pytest.mark.parametrize(
    ("days_ago", "streak", "longest"),
    [
        ((), 0, 0),
        ((0,), 1, 1),
        ((1,), 1, 1),  # nothing today yet, which breaks nothing yet
        ((2,), 0, 1),
        ((0, 1, 2, 4), 3, 3),
        ((1, 2, 4, 5, 6), 2, 3),
        ((0, 0, 0), 1, 1),
    ],
)
def test_a_streak_is_days_in_a_row_up_to_today(days_ago, streak, longest):
    found = history(passed(*days_ago))
    assert (found.streak, found.longest) == (streak, longest)


@pytest.mark.parametrize(
    ("days_ago", "words"),
    [
        ((0, 1), "2 days; today counts, with 1 finished session"),
        ((1, 2), "2 days; finish a session before midnight to keep it"),
        ((5,), "0 days; finish a session today to start one"),
    ],
)
def test_the_streak_says_how_today_counts(days_ago, words):
    assert progress.streak(history(passed(*days_ago))).startswith(words)


def test_days_are_those_of_the_reader():
    evening = datetime(2026, 11, 23, 23, 30, tzinfo=UTC).timestamp()
    plans = [Plan("roc_auc", evening, 600.0)]
    assert history(plans).streak == 1
    assert set(history(plans).days) == {date(2026, 11, 23)}
    paris = history(plans, zone=timezone(timedelta(hours=1)))
    assert set(paris.days) == {date(2026, 11, 24)}


def test_a_session_belongs_to_the_day_on_which_it_ended():
    before = datetime(2026, 11, 23, 23, 55, tzinfo=UTC).timestamp()
    assert set(history([Plan("roc_auc", before, 600.0)]).days) == {date(2026, 11, 24)}


def test_what_failed_counts_for_the_streak_and_not_as_solved():
    found = history([Plan("roc_auc", NOW, 60.0, state="failed")])
    assert (found.streak, dict(found.solved), found.records[0].best) == (1, {}, None)


def test_the_best_time_is_the_smallest_share_of_the_limit():
    plans = [
        Plan("roc_auc", NOW - 3 * DAY, 500.0, minutes=10),
        Plan("roc_auc", NOW - 2 * DAY, 600.0, minutes=20),
        Plan("roc_auc", NOW - DAY, 60.0, state="gave up"),
    ]
    [found] = [one for one in history(plans).records if one.name == "roc_auc"]
    assert found.best.seconds == 600.0


def card(days):
    due = datetime.fromtimestamp(NOW + DAY * days, UTC)
    return as_text(1, Card(card_id=1, due=due))


def test_what_is_due_comes_longest_first():
    cards = {"roc_auc": card(-1), "kmeans": card(-5), "autograd": card(2),
             "taken_away": card(-9), "best_split": "{nonsense"}  # fmt: skip
    found = history([Plan("taken_away", NOW - 20 * DAY, 60.0)], cards)
    assert [one.name for one in found.due] == ["kmeans", "roc_auc"]


@pytest.mark.parametrize(
    ("days", "words"),
    [(0, "today"), (1, "tomorrow"), (-1, "yesterday"), (5, "in 5 days"),
     (-3, "3 days ago")],
)  # fmt: skip
def test_days_are_told_as_seen_from_today(days, words):
    today = date(2026, 11, 24)
    assert relative(today + timedelta(days), today) == words


def test_the_rubric_is_that_of_the_last_grading():
    plans = [
        Plan("roc_auc", NOW - DAY, 60.0, state="failed", report=report("roc_auc", 8)),
        Plan("roc_auc", NOW, 60.0, state="failed", report=report("roc_auc", 1)),
        Plan("roc_auc", NOW, 90.0, state="gave up"),
    ]
    assert history(plans).rubric == {
        "metrics": {
            "correctness": (5, 5),
            "edge_cases": (3, 3),
            "numerics": (2, 2),
            "efficiency": (0, 1),
        }
    }


# What is printed.


def table(found, space=80):
    return progress.table(found, space)


def test_the_table_counts_by_round_and_topic():
    plans = [
        Plan("autograd", NOW - 3 * DAY, 1000.0, state="failed"),
        Plan("autograd", NOW - 2 * DAY, 1200.0),
        Plan("roc_auc", NOW - DAY, 600.0),
        Plan("story_bank", NOW, 60.0, state="gave up"),
    ]
    lines = table(history(plans, {"autograd": card(-1), "roc_auc": card(3)}))
    cells = {line.split()[0]: line.split()[1:] for line in lines[1:]}
    assert lines[0].split() == ["solved", "attempts", "best", "time", "last", "due"]
    assert " ".join(cells["ml_coding"]) == "2 of 5 3 30 of 55 min 2026-11-23 1 now"
    assert " ".join(cells["neural_networks"]) == (
        "1 of 2 2 20 of 35 min 2026-11-22 1 now"
    )
    assert " ".join(cells["metrics"]) == "1 of 1 1 10 of 20 min 2026-11-23 in 3 days"
    assert " ".join(cells["behavioral"]) == "0 of 1 1 - 2026-11-24 -"
    assert " ".join(cells["trees"]) == "0 of 1 0 - - -"


def test_an_exercise_that_was_taken_away_is_remembered():
    found = history([Plan("old_one", NOW, 60.0)])
    assert any(line.startswith("gone") for line in table(found))
    assert solved_text(found).startswith("0 of ")


@pytest.mark.parametrize("space", [24, 40, 80, 100])
def test_no_line_is_wider_than_the_screen(space):
    plans = [*draw(40, 30), Plan("漢字の練習", NOW, 60.0)]
    lines = table(history(plans), space)
    assert max(map(width, lines)) <= space
    assert any("2 of 2" in line for line in lines)


def test_a_narrow_table_loses_nothing():
    found = history(draw(40, 30), {"roc_auc": card(-1)})
    wide, narrow = table(found, 80), table(found, 30)
    words = set(" ".join(narrow).split())
    assert set(" ".join(wide).split()) <= words


# As a person types it.


def test_an_empty_history_says_how_to_begin(toy):
    done = toy.run("progress")
    assert done.code == 0
    assert done.err == ""
    assert done.out == "No practice yet. Start with: nox -s practice\n"


def test_it_tells_what_was_done_and_what_runs(practised):
    done = practised.run("progress")
    assert done.code == 0
    assert done.err == ""
    assert "solved   1 of 1 exercise, in 1 attempt of 10 min" in done.out
    assert "streak   1 day; " in done.out
    assert "running  toy; resume with: nox -s practice -- toy" in done.out
    assert "10 of 20 min" in done.out


def test_nothing_is_told_before_its_time(practised):
    done = practised.run("progress", "--html", "page.html", "--json", "all.json")
    assert done.err == ""
    texts = [done.out]
    texts += [
        (practised.root / n).read_text("utf-8") for n in ("page.html", "all.json")
    ]
    for text in texts:
        assert "toy" in text
        assert "nobody may read" not in text
        assert "secret" not in text


def test_json_holds_each_attempt_with_its_ratings(practised):
    file = practised.root / "all.json"
    done = practised.run("progress", "--json", file)
    assert done.out.splitlines()[-1] == f"wrote {file}"
    found = json.loads(file.read_text("utf-8"))
    assert found["schema"] == 1
    [exercise] = found["exercises"]
    assert (exercise["name"], exercise["solved"]) == ("toy", True)
    assert exercise["best_seconds"] == pytest.approx(600.0)
    [attempt] = found["attempts"]
    assert (attempt["verdict"], attempt["decision"]) == ("passed", "strong hire")
    assert attempt["ratings"]["correctness"] == "very strong"


def test_the_plots_are_paid_for_by_the_page_alone(practised):
    code = (
        "import sys; from graders.practice.history.progress import main; main([]);"
        "sys.exit('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=practised.root)
    assert done.returncode == 0


def test_without_matplotlib_the_page_says_in_a_line_what_to_do(practised):
    code = (
        "import sys; sys.modules['matplotlib'] = None;"
        "from graders.practice.history.progress import main;"
        "sys.exit(main(sys.argv[1:]))"
    )

    def run(*argv):
        return subprocess.run(
            [sys.executable, "-c", code, *argv],
            cwd=practised.root,
            capture_output=True,
            text=True,
        )

    done = run("--html", "page.html")
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert "nox -s progress" in done.stderr
    assert run().returncode == 0


@pytest.mark.parametrize("option", ["--html", "--json"])
def test_a_file_that_cannot_be_is_told_before_anything_else(practised, option):
    done = practised.run("progress", option, "nowhere/file")
    assert (done.code, done.out) == (2, "")
    assert done.err == "progress: no folder for nowhere/file\n"
    done = practised.run("progress", option, "graders")
    assert (done.code, done.err) == (2, "progress: graders is a folder\n")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no such files")
def test_what_is_no_ordinary_file_is_never_replaced(practised):
    os.mkfifo(practised.root / "pipe")
    done = practised.run("progress", "--json", "pipe")
    assert (done.code, done.err) == (2, "progress: pipe is not an ordinary file\n")
    assert (practised.root / "pipe").is_fifo()


@on_posix
def test_a_file_is_written_whole_or_not_at_all(practised):
    file = practised.write("all.json", "what was there before\n")
    command = f"ulimit -f 0; exec {sys.executable} -m graders progress --json all.json"
    done = subprocess.run(
        ["bash", "-c", command], cwd=practised.root, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("progress: all.json could not be written: ")
    assert len(done.stderr.splitlines()) == 1
    assert file.read_text() == "what was there before\n"
    assert not list(practised.root.glob("*.draft"))


def test_a_corrupt_history_is_moved_aside_and_said(practised):
    (practised.root / ".kata" / "kata.db").write_bytes(b"no database" * 1000)
    done = practised.run("progress")
    assert done.code == 0
    assert "it was moved to" in done.err
    assert "No practice yet." in done.out
    assert list((practised.root / ".kata").glob("*.unreadable.db"))


def test_a_history_that_cannot_be_opened_is_one_line(toy):
    toy.write(".kata", "a file where a folder should be")
    done = toy.run("progress")
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert "Traceback" not in done.err


def test_an_unknown_option_is_refused(toy):
    done = toy.run("progress", "--nonesuch")
    assert done.code == 2
    assert "--nonesuch" in done.err


@pytest.mark.parametrize("columns", ["30", "200"])
def test_a_window_of_any_width_is_enough(practised, columns):
    done = practised.run("progress", env={"COLUMNS": columns})
    assert done.code == 0
    assert max(map(width, done.out.splitlines())) <= int(columns)
    assert "\x1b" not in done.out
