"""What counts as lost, or as left behind, when hostile answers are graded in a row."""

import pytest

from graders.harness.catalog.exercise import catalogue
from tests.dev import hostile

PASSED = {"name": "test_a", "verdict": "passed", "message": ""}
ERROR = {"name": "test_b", "verdict": "grader error", "message": "KeyError: 'a'"}
LATE = {"name": "test_b", "verdict": "timed out", "message": ""}


def report(*checks, code=1):
    return {"code": code, "exercises": [{"checks": list(checks)}]}


@pytest.mark.parametrize(
    ("found", "complaint"),
    [
        (report(PASSED, LATE), ""),
        (report(PASSED), "1 checks, where the solution has 2"),
        (report(PASSED, ERROR), "test_b is a grader error: KeyError: 'a'"),
        (report(PASSED, LATE, code=3), "exit code 3"),
        ({"error": "no report"}, "no report"),
    ],
)
def test_what_is_lost(found, complaint):
    assert "; ".join(hostile.lost_of(found, ["test_a", "test_b"])) == complaint


def test_what_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(hostile, "SETTLE", 0.0)
    # Other tests may run beside this one.
    monkeypatch.setattr(hostile, "_workers", list)
    monkeypatch.setattr(hostile, "WATCHED", ())
    monkeypatch.setattr(hostile, "SEGMENTS", ())
    before = hostile._surroundings()
    assert hostile._left(before, tmp_path) == []
    (tmp_path / "core").write_text("")
    with open(tmp_path / "core"):
        left = hostile._left(before, tmp_path)
    assert [line.split(":")[0] for line in left] == [
        "left in descriptors",
        "left in temporary files",
    ]


def test_the_attack_comes_before_the_solution():
    [entry] = [entry for entry in catalogue() if entry.name == "log_sum_exp"]
    [file] = [file for file in hostile.ATTACKS if file.stem == "c31_cpu_loop"]
    source = hostile.Job(entry, file, 0).source().replace("while True", "raise OSError")
    names = {}
    exec(source.replace("raise OSError:\n        pass", "raise OSError"), names)
    with pytest.raises(OSError):
        names["log_sum_exp"]([[1.0]])
