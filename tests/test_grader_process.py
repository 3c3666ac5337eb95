"""What grades beside a session: it says what a cold grading says."""

import os
import signal

import pytest

from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.stubs import wanted
from graders.practice.session.grader_process import (
    GraderProcess,
    ProcessEnded,
    run_examples,
)
from tests.dev.gradings import grade_all

ENTRY: Entry = next(entry for entry in catalogue() if entry.name == "roc_auc")
RIGHT = ENTRY.solution.read_bytes()
WRONG = RIGHT.replace(b"/ 2", b"/ 3", 1)
SEED = 11


@pytest.fixture(scope="module")
def warm():
    process = GraderProcess(ENTRY, SEED)
    yield process
    process.close()


def told(checks):
    """Return what does not depend on the time that it took.

    How small a failing example became depends on it: of those by hand all is told.
    """
    few = ("name", "verdict")
    keys = (*few, "message", "call", "got", "expected", "mistake")
    return [
        {key: check.get(key, "") for key in (keys if "[" in check["name"] else few)}
        for check in checks
    ]


@pytest.mark.parametrize("source", [RIGHT, WRONG], ids=["right", "wrong"])
def test_it_says_what_a_cold_grading_says(warm, tmp_path, source):
    file = tmp_path / "answer.py"
    file.write_bytes(source)
    [cold] = grade_all([{"name": "roc_auc", "file": file, "seed": SEED}])
    report = warm.grade(source)
    assert report["verdict"] == cold["verdict"]
    assert told(report["checks"]) == told(cold["checks"])


def test_each_answer_is_judged_afresh(warm):
    assert warm.grade(RIGHT)["verdict"] == "passed"
    assert warm.grade(wanted(ENTRY).encode())["verdict"] == "not started"
    assert warm.grade(b"def (")["checks"][0]["verdict"] == "could not load"
    assert warm.grade(RIGHT)["verdict"] == "passed"


def test_an_answer_that_ends_its_process_ends_nothing_else(warm):
    evil = RIGHT + b"\nimport os\nroc_auc = lambda *a: os._exit(3)\n"
    report = warm.grade(evil)
    assert report["verdict"] == "failed"
    right = warm.grade(RIGHT)
    assert len(report["checks"]) == len(right["checks"])
    assert right["verdict"] == "passed"


def test_progress_is_told(warm):
    seen = []
    warm.grade(RIGHT, seen.append)
    assert seen[-1] == "0 checks to go, none failed"
    left = [int(line.split()[0]) for line in seen]
    assert left == sorted(left, reverse=True)


def test_what_has_failed_is_told_at_once(warm):
    seen = []
    report = warm.grade(RIGHT.replace(b"return", b"return 2 *"), seen.append)
    failed = [c["sentence"] for c in report["checks"] if c["verdict"] != "passed"]
    assert any(sentence in seen[-1] for sentence in failed)
    assert " failed (" in seen[0]


def test_one_that_is_gone_says_so():
    process = GraderProcess(ENTRY, SEED)
    os.kill(process._process.pid, signal.SIGTERM)
    process._process.join()
    with pytest.raises(ProcessEnded):
        process.grade(RIGHT)
    process.close()


# The prompt's own examples.


def test_examples_hold_for_the_solution(warm):
    examples = warm.examples(RIGHT)
    assert examples
    assert all(example["holds"] for example in examples)


def test_examples_say_what_a_wrong_answer_gives():
    [example] = run_examples(ENTRY, RIGHT + b"\nroc_auc = lambda *a: 0.25\n")
    assert not example["holds"]
    assert example["got"] == "0.25\n"
    assert example["want"] == "0.875\n"


@pytest.mark.parametrize(
    ("source", "got"),
    [
        (b"def (", "SyntaxError"),
        (b"import time\ntime.sleep(60)\n", "timed out while importing your file"),
        (RIGHT + b"\ndef roc_auc(*a):\n    raise KeyError('x')\n", "KeyError"),
    ],
    ids=["does not parse", "hangs", "raises"],
)
def test_an_answer_that_cannot_run_says_why(monkeypatch, source, got):
    monkeypatch.setattr("graders.practice.session.grader_process.SECONDS", 2.0)
    [example] = run_examples(ENTRY, source)
    assert not example["holds"]
    assert got in example["got"]


def test_what_an_answer_prints_is_no_part_of_what_it_gives():
    said = b"print('loud')\n    "
    source = RIGHT.replace(b"return ", said + b"return ")
    examples = run_examples(ENTRY, source)
    assert all(example["holds"] for example in examples)
    assert {example["printed"] for example in examples} >= {"loud\n"}
    assert not any("loud" in example["got"] for example in examples)
    wrong = b"\ndef roc_auc(*args):\n    print('loud')\n    return 0.25\n"
    [example] = run_examples(ENTRY, RIGHT + wrong)
    assert (example["got"], example["printed"]) == ("0.25\n", "loud\n")
