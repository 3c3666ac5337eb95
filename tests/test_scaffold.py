"""New exercises: the skeleton works at once, and bad names are refused."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.scaffold import lay_out, main
from graders.harness.catalog.stubs import derive, is_started

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Give a tree of its own, with the harness in it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "graders", tmp_path / "graders", ignore=ignore)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    return tmp_path


def test_writes_four_files_and_says_what_to_do(root, capsys):
    """Writes an exercise whose sheet is whole and tells the next step."""
    assert main(["--", "coding/streams/moving_mean"]) == 0
    assert capsys.readouterr().out == (
        "solutions/coding/streams/moving_mean.py: "
        "write the prompt and the model answer\n"
        "graders/coding/streams/test_moving_mean.py: write the checks\n"
        "graders/coding/streams/moving_mean.toml: "
        "write hints, follow-ups with answers, and mistakes\n"
        "tests/answers/moving_mean/: "
        "write two correct answers that are unlike the solution\n"
        "then: nox -s dev -- check moving_mean\n"
    )
    entry = Entry(Path("coding/streams/moving_mean.py"))
    assert exercise.catalogue() == [entry]
    assert entry.title == "Moving mean"
    assert entry.stub.read_text("utf-8") == derive(entry.solution.read_text("utf-8"))
    assert not is_started(entry)
    about = entry.sheet
    assert (len(about.hints), len(about.follow_ups), len(about.mistakes)) == (3, 2, 5)


@pytest.mark.timeout(300)
def test_a_new_exercise_lacks_nothing_but_what_must_be_written(root):
    """Starts from checks that tell right from wrong."""
    ignore = shutil.ignore_patterns("__pycache__", "equivalents")
    shutil.copytree(REPOSITORY / "tests/dev", root / "tests/dev", ignore=ignore)
    shutil.copy(REPOSITORY / "tests/__init__.py", root / "tests")
    entry = lay_out("ml_coding/metrics/some_mean")
    done = subprocess.run(
        [sys.executable, "-m", "tests.dev", "check", "--no-cache", "some_mean"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 1, done.stderr
    head, *lines = [line.strip() for line in done.stdout.splitlines()]
    assert head == f"{entry.name}: {len(lines)} to do"
    told = [line.partition(". ")[2] for line in lines]
    assert told[-1] == (
        "tests/answers/some_mean/ holds 0; 2 correct answers unlike the solution"
    )
    assert len(told) > 5
    assert all(line.endswith("still to be written") for line in told[:-1]), told


@pytest.mark.parametrize("name", ["ab", "a_name_of_just_thirty_letters_"])
def test_the_files_are_formatted_and_clean(root, name):
    """Leaves ruff nothing to say, however long the name."""
    pytest.importorskip("ruff")
    entry = lay_out(f"ml_coding/metrics/{name}")
    for command in (["format", "--diff"], ["check"]):
        for path in (entry.stub, entry.solution, entry.grader):
            ruff = [sys.executable, "-m", "ruff", *command, str(path)]
            done = subprocess.run(ruff, cwd=root, capture_output=True, text=True)
            assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("where", "message"),
    [
        ("top_k", "'top_k' is not of the form round/topic/name"),
        ("coding/a/b/c", "'coding/a/b/c' is not of the form round/topic/name"),
        ("codin/heaps/top_k", "no round is called 'codin'; did you mean coding?"),
        (
            "x/heaps/top_k",
            "no round is called 'x'; there are ml_coding, ml_system_design, "
            "ml_concepts, coding, behavioral.",
        ),
        ("coding/heaps/top-k", "'top-k' is no name: lower-case letters"),
        ("coding/heaps/top_k.py", "'top_k.py' is no name"),
        ("coding/heaps/Top", "'Top' is no name"),
        ("coding/../top_k", "'..' is no name"),
        ("coding//top_k", "'' is no name"),
        ("coding/heaps/lambda", "'lambda' is no name"),
        ("coding/heaps/random", "'random' would hide the module of that name"),
        ("coding/heaps/" + "a" * 31, f"'{'a' * 31}' has 31 letters, 30 at most"),
        ("coding/heaps/heaps", "round, topic and name must differ"),
        ("coding/heaps/behavioral", "round, topic and name must differ"),
        ("coding/streams/taken", "'taken' is taken by ml_coding/metrics/taken;"),
        ("coding/streams/metrics", "'metrics' is a topic or round already"),
        ("coding/taken/other", "'taken' is an exercise or round already"),
    ],
)
def test_refuses_bad_names_and_writes_nothing(root, capsys, where, message):
    """Says in one line why there can be no such exercise."""
    lay_out("ml_coding/metrics/taken")
    before = sorted(root.rglob("*"))
    assert main(["--", where]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith(f"new: {message}")
    assert said.err.count("\n") == 1
    assert sorted(root.rglob("*")) == before


@pytest.mark.parametrize(
    "file",
    ["exercises/%s/top_k.py", "graders/%s/test_top_k.py", "graders/%s/top_k.toml"],
)
def test_never_overwrites(root, capsys, file):
    """Refuses when any of the four files is there."""
    path = root / (file % "coding/heaps")
    path.parent.mkdir(parents=True)
    path.write_text("# mine\n", "utf-8")
    assert main(["--", "coding/heaps/top_k"]) == 2
    at = path.relative_to(root).as_posix()
    assert capsys.readouterr().err == f"new: {at} is there already\n"
    assert path.read_text("utf-8") == "# mine\n"
    assert not (root / "solutions").exists()
