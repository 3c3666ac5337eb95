"""Every exercise: whole, right, and judged by a grader that knows right from wrong.

Each exercise is graded once, with all right and wrong answers that there are to it;
the tests look at the results.
"""

import ast
import doctest
import functools
import os
import sys
from types import ModuleType

import pytest

from graders.harness.catalog.exercise import ROOT, catalogue
from graders.harness.catalog.stubs import wanted
from tests.dev.gradings import grade_all
from tests.dev.jobs import Job, grade_many, needs_our_process
from tests.dev.comparisons import unjudged_comparisons

ENTRIES = {entry.name: entry for entry in catalogue()}
ANSWERS = {
    f"{path.parent.name}/{path.stem}": path
    for path in sorted((ROOT / "tests" / "answers").glob("*/*.*"))
}
LIBRARIES = [name for name, path in ANSWERS.items() if needs_our_process(path)]
MISTAKES = [
    (name, mistake) for name, e in ENTRIES.items() for mistake in e.sheet.mistakes
]

BUGS = [(name, bug) for name, e in ENTRIES.items() for bug in range(len(e.sheet.bugs))]
CODE = [name for name, entry in ENTRIES.items() if not entry.is_text]

each_exercise = pytest.mark.parametrize("name", ENTRIES)
each_of_code = pytest.mark.parametrize("name", CODE)


@pytest.fixture(scope="session")
def gradings(tmp_path_factory):
    """Return the results of all gradings of an exercise, by what was graded.

    It is a function of the exercise's name, which grades when it is first asked.
    """
    at_once = 1 if "PYTEST_XDIST_WORKER" in os.environ else 2  # others work beside it

    @functools.cache
    def gradings_of(name):
        entry = ENTRIES[name]
        folder = tmp_path_factory.mktemp(name)
        jobs = []

        def add(what, text=None, file=None, options=()):
            if text is not None:
                file = folder / f"{len(jobs)}{entry.path.suffix}"
                file.write_text(text, "utf-8")
            job = {"name": name, "what": what, "file": file, "options": options}
            jobs.append(job | {"seed": len(jobs)})

        add("solution", file=entry.solution)
        add("stub", wanted(entry))
        for mistake, patches in entry.sheet.mistakes.items():
            source = entry.with_mistake(patches)
            # One failure rejects it, and shrinking and explaining more takes a while.
            add(f"mistake {mistake}", source, options=["-x"])
        for bug, patch in enumerate(entry.sheet.bugs):
            add(f"bug {bug}", entry.with_mistake((patch,)))
        for answer, path in ANSWERS.items():
            if answer not in LIBRARIES and path.parent.name == name:
                add(f"answer {answer}", file=path)
        return {r["job"]["what"]: r for r in grade_all(jobs, at_once)}

    return gradings_of


def verdicts(result):
    """Return what is not passed of a grading, for a failure's message."""
    return [
        (check["name"], check["verdict"], check["message"], check.get("call"))
        for check in result["checks"]
        if check["verdict"] != "passed"
    ] + ([result["error"]] if result["error"] else [])


# What an exercise consists of.


@each_exercise
def test_the_metadata_is_whole(name):
    entry = ENTRIES[name]
    about = entry.sheet
    assert 5 <= about.minutes <= 60
    assert about.difficulty in ("easy", "medium", "hard")
    assert len(about.hints) == 3
    assert len(about.follow_ups) >= 2
    assert len(about.mistakes) >= 5
    assert len(entry.title) < 60
    for text in (*about.hints, *about.follow_ups):
        assert text.strip() == text
        assert text[-1] in ".?", text


def test_names_are_unique_and_no_topic_or_round():
    names = [entry.name for entry in catalogue()]
    places = {part for entry in catalogue() for part in (entry.topic, entry.round)}
    assert len(set(names)) == len(names)
    assert not places & set(names)


def checks_of(name):
    """Return the functions of a grader that are checks."""
    tree = ast.parse(ENTRIES[name].grader.read_text("utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node for node in found if node.name.startswith("test_")]


@each_exercise
def test_the_checks_have_sentences(name):
    for check in checks_of(name):
        sentence = " ".join((ast.get_docstring(check) or "").split())
        assert sentence.endswith("."), check.name
        assert sentence[0].isupper(), check.name


@each_of_code
def test_the_grader_has_laws(name):
    decorators = [" ".join(map(ast.unparse, c.decorator_list)) for c in checks_of(name)]
    assert sum("given(" in text for text in decorators) >= 3


@each_exercise
def test_the_grader_compares_only_through_the_harness(name):
    assert unjudged_comparisons(ENTRIES[name].grader.read_text("utf-8")) == []


@each_of_code
def test_the_examples_of_the_prompt_run(name):
    path = ENTRIES[name].solution
    module = ModuleType(path.stem)
    sys.modules[path.stem] = module  # where dataclasses look themselves up
    exec(compile(path.read_bytes(), path, "exec", dont_inherit=True), vars(module))
    module.__file__ = str(path)
    result = doctest.testmod(module)
    assert result.failed == 0
    assert result.attempted > 0


# How it is judged.


@each_exercise
def test_the_stub_is_not_started(name, gradings):
    result = gradings(name)["stub"]
    assert result["verdict"] == "not started", verdicts(result)


@each_exercise
def test_the_solution_passes(name, gradings):
    result = gradings(name)["solution"]
    assert verdicts(result) == []
    assert result["verdict"] == "passed"


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_the_mistake_is_rejected(name, mistake, gradings):
    result = gradings(name)[f"mistake {mistake}"]
    assert result["verdict"] == "failed", verdicts(result)


@pytest.mark.parametrize(("name", "mistake"), MISTAKES)
def test_the_mistake_is_named_where_its_output_differs(name, mistake, gradings):
    checks = gradings(name)[f"mistake {mistake}"]["checks"]
    for check in checks:
        if check["verdict"] == "wrong" and check.get("expected"):
            assert mistake in check["mistake"].split(" or "), check["call"]


@pytest.mark.parametrize(("name", "bug"), BUGS)
def test_each_bug_alone_is_shown_as_wrong(name, bug, gradings):
    result = gradings(name)[f"bug {bug}"]
    found = {check["verdict"] for check in result["checks"]}
    assert found == {"passed", "wrong"}, verdicts(result)


@each_exercise
def test_there_are_two_other_right_answers(name):
    assert sum(answer.startswith(f"{name}/") for answer in ANSWERS) >= 2


@pytest.mark.parametrize(
    "answer", [answer for answer in ANSWERS if answer not in LIBRARIES]
)
def test_another_right_answer_passes(answer, gradings):
    result = gradings(answer.partition("/")[0])[f"answer {answer}"]
    assert verdicts(result) == []
    assert result["verdict"] == "passed"


@pytest.mark.parametrize("answer", LIBRARIES)
def test_a_librarys_answer_passes(answer):
    job = Job(answer.partition("/")[0], ANSWERS[answer], seed=0, in_process=True)
    [result] = grade_many([job])
    assert result.has_passed, result.failed or result.error
