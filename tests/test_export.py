"""What is handed out holds the prompts, runs their examples, and gives nothing away."""

import subprocess
import sys

import pytest

from graders.harness.catalog.derive import derive
from graders.harness.catalog.exercise import ROOT, catalogue
from graders.submissions.export import export, main


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    out = tmp_path_factory.mktemp("handed") / "out"
    export(catalogue(), out)
    return out


def run(folder, *names):
    """Run the examples as a student does, who has nothing of ours."""
    return subprocess.run(
        [sys.executable, "-I", folder / "examples.py", *names],
        cwd=folder.parent,
        capture_output=True,
        text=True,
    )


def test_it_holds_stubs_and_what_goes_with_them_alone(given):
    found = {str(f.relative_to(given)) for f in given.rglob("*") if f.is_file()}
    stubs = {f"exercises/{entry.path.as_posix()}" for entry in catalogue()}
    assert found == stubs | {"README.md", "LICENSE", "examples.py"}
    assert not [file for file in given.rglob("*") if file.is_symlink()]


@pytest.mark.parametrize("entry", catalogue(), ids=lambda entry: entry.name)
def test_nothing_of_a_solution_is_in_it(given, entry):
    text = (given / "exercises" / entry.path).read_text("utf-8")
    solution = entry.solution.read_text("utf-8")
    assert text != solution
    if entry.is_text:
        return
    if entry.sheet.bugs:
        assert text == entry.with_mistake(entry.sheet.bugs)
    else:
        assert derive(text) == text  # no body is left that a stub would not have


def test_no_file_speaks_of_where_the_answers_are(given):
    for file in given.rglob("*"):
        if file.is_file():
            text = file.read_text("utf-8")
            assert "solutions/" not in text
            assert "graders/" not in text


def test_examples_of_a_right_answer_hold_and_others_are_shown(given):
    file = given / "exercises/ml_coding/metrics/roc_auc.py"
    stub = file.read_text("utf-8")
    try:
        idle = run(given, "roc_auc")
        assert (idle.returncode, idle.stdout) == (1, "roc_auc: not started\n")
        file.write_text((ROOT / "solutions/ml_coding/metrics/roc_auc.py").read_text())
        good = run(given, "roc_auc")
        assert (good.returncode, good.stderr) == (0, "")
        assert good.stdout == "roc_auc: 1 of 1 lines of its examples hold\n"
        file.write_text(stub.replace("raise NotImplementedError", "return 0.25"))
        bad = run(given, "roc_auc")
        assert bad.returncode == 1
        assert "Got:\n    0.25" in bad.stdout
        file.write_text("import nothing_of_that_name")
        broken = run(given, "roc_auc")
        assert broken.returncode == 1
        assert "roc_auc: cannot be loaded: ModuleNotFoundError" in broken.stdout
    finally:
        file.write_text(stub)


def test_examples_of_an_unknown_name_are_refused_in_a_line(given):
    done = run(given, "roc_acu")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "no exercise is called 'roc_acu'\n"


def test_some_can_be_chosen(tmp_path, capsys):
    assert main([str(tmp_path / "new" / "out"), "roc_auc", "kmeans"]) == 0
    assert capsys.readouterr().out.startswith("2 exercises in ")
    names = {file.stem for file in (tmp_path / "new/out/exercises").rglob("*.py")}
    assert names == {"roc_auc", "kmeans"}
    assert [file.name for file in (tmp_path / "new").iterdir()] == ["out"]


def test_nothing_is_overwritten_and_bad_words_are_one_line(tmp_path, capsys):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine").write_text("kept")
    for words, said in (
        ([str(tmp_path / "out")], "is there already, and not empty"),
        ([str(ROOT / "exercises" / "new")], "is inside of the repository"),
        ([str(tmp_path / "other"), "roc_acu"], "roc_acu"),
        ([str(tmp_path / "out" / "mine" / "below")], "mine"),
    ):
        assert main(words) == 2
        error = capsys.readouterr().err
        assert said in error
        assert error.count("\n") == 1
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["mine"]
    assert not (tmp_path / "other").exists()
