"""New exercises: the skeleton works at once, and bad names are refused."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.scaffold import lay_out, main
from graders.harness.catalog.sheet import mistake_source
from graders.harness.catalog.stubs import begun, derive

REPOSITORY = Path(__file__).parents[1]


@pytest.fixture
def root(tmp_path, monkeypatch):
    """Give a tree of its own, with the harness in it."""
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(REPOSITORY / "graders", tmp_path / "graders", ignore=ignore)
    shutil.copy(REPOSITORY / "pyproject.toml", tmp_path)
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    return tmp_path


def grade(root, entry):
    """Run the grader with plain pytest, in the tree and a process of its own."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-qx", str(entry.grader)],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_lays_out_three_files_and_says_what_to_do(root, capsys):
    """Writes an exercise whose metadata is whole and tells the next step."""
    assert main(["--", "coding/streams/moving_mean"]) == 0
    assert capsys.readouterr().out == (
        "solutions/coding/streams/moving_mean.py: "
        "write the prompt and the model answer\n"
        "graders/coding/streams/test_moving_mean.py: "
        "write the checks, hints, follow-ups and mistakes\n"
        "exercises/coding/streams/moving_mean.py: "
        "`nox -s stubs` derives it anew from the solution\n"
        "then: nox -s grade -- moving_mean --from solutions\n"
    )
    entry = Entry(Path("coding/streams/moving_mean.py"))
    assert exercise.catalogue() == [entry]
    assert entry.title == "Moving mean"
    assert entry.stub.read_text("utf-8") == derive(entry.solution.read_text("utf-8"))
    assert not begun(entry)
    about = entry.sheet
    assert (len(about.hints), len(about.follow_ups), len(about.mistakes)) == (3, 2, 5)


@pytest.mark.timeout(300)  # seven processes
def test_the_solution_passes_and_each_mistake_fails(root):
    """Starts from a grader that tells right from wrong."""
    entry = lay_out("ml_coding/metrics/some_mean")
    solution = entry.solution.read_text("utf-8")
    assert grade(root, entry).returncode == 1  # the stub
    entry.stub.write_text(solution, "utf-8")
    done = grade(root, entry)
    assert done.returncode == 0, done.stdout + done.stderr
    for name, mistake in entry.sheet.mistakes.items():
        entry.stub.write_text(mistake_source(solution, mistake), "utf-8")
        assert grade(root, entry).returncode == 1, name


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


@pytest.mark.parametrize("tree", ["exercises", "graders"])
def test_never_overwrites(root, capsys, tree):
    """Refuses when any of the three files is there."""
    name = "test_top_k.py" if tree == "graders" else "top_k.py"
    path = root / tree / "coding" / "heaps" / name
    path.parent.mkdir(parents=True)
    path.write_text("# mine\n", "utf-8")
    assert main(["--", "coding/heaps/top_k"]) == 2
    at = path.relative_to(root).as_posix()
    assert capsys.readouterr().err == f"new: {at} is there already\n"
    assert path.read_text("utf-8") == "# mine\n"
    assert not (root / "solutions").exists()
