"""The kept verdicts of unchanged work: what they depend on, and what is not kept."""

from pathlib import Path

import pytest

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry, catalogue
from tests.dev import cache
from tests.dev.jobs import Job, grade_many

PASSED = {"name": "test_a", "verdict": "passed", "message": "", "seconds": 0.1}
ENTRY = catalogue()[0]


def result(verdict="passed", checks=(PASSED,), error=""):
    return {"verdict": verdict, "checks": list(checks), "seconds": 1.0, "error": error}


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Give an exercise whose files a test may change."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    entry = Entry(Path("a_round/a_topic/toy.py"))
    for file in (entry.solution, entry.sheet_file, entry.grader):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("1", "utf-8")
    return entry


@pytest.mark.parametrize("part", ["solution", "sheet_file", "grader"])
def test_a_change_of_any_part_is_another_state(entry, part):
    before = cache.state(entry)
    getattr(entry, part).write_text("2", "utf-8")
    assert cache.state(entry) != before
    getattr(entry, part).write_text("1", "utf-8")
    assert cache.state(entry) == before


@pytest.mark.parametrize("room", [".", "a_topic", "shared_by_topics"])
def test_a_module_that_the_checks_may_import_is_a_part(entry, room):
    before = cache.state(entry)
    of_another = entry.grader.with_name("test_another.py")
    of_another.write_text("2", "utf-8")
    assert cache.state(entry) == before
    helper = entry.grader.parents[1] / room / "helper.py"
    helper.parent.mkdir(exist_ok=True)
    helper.write_text("2", "utf-8")
    assert cache.state(entry) != before


def test_a_change_of_the_harness_or_a_version_is_another_state(entry, monkeypatch):
    before = cache.state(entry)
    for change in ("content", "version"):
        cache._harness.cache_clear()
        with monkeypatch.context() as patch:
            if change == "content":
                harness = Path(cache.__file__).parents[2] / "graders" / "harness"
                content = cache._content

                def changed(file, harness=harness, content=content):
                    extra = b"#" if harness in file.parents else b""
                    return content(file) + extra

                patch.setattr(cache, "_content", changed)
            else:
                patch.setattr(cache, "_version", lambda package: "9")
            assert cache.state(entry) != before
        cache._harness.cache_clear()
    assert cache.state(entry) == before


def test_answer_seed_and_question_are_the_key():
    key = cache.key_of(b"a", 0, ask="all", in_process=False)
    others = [
        cache.key_of(b"b", 0, ask="all", in_process=False),
        cache.key_of(b"a", 1, ask="all", in_process=False),
        cache.key_of(b"a", 0, ask="rejection", in_process=False),
        cache.key_of(b"a", 0, ask="all", in_process=True),
    ]
    assert len({key, *others}) == 5
    assert key == cache.key_of(b"a", 0, ask="all", in_process=False)


def test_a_verdict_is_found_again_and_a_torn_line_is_none(entry, tmp_path):
    cache.Cache(entry, tmp_path).put("key", result())
    [file] = tmp_path.glob("*.jsonl")
    with file.open("a") as opened:
        opened.write('["other", {"verd')
    found = cache.Cache(entry, tmp_path)
    assert found.get("key") == result()
    assert found.get("other") is None


@pytest.mark.parametrize(
    "unsure",
    [
        result("grader error"),
        result("passed", error="the worker would not end"),
        result("passed", checks=()),
        result("failed", [PASSED, PASSED | {"verdict": "timed out"}]),
        result("failed", [PASSED | {"verdict": "grader error"}]),
    ],
)
def test_what_a_repetition_might_not_tell_is_not_kept(entry, tmp_path, unsure):
    cache.Cache(entry, tmp_path).put("key", unsure)
    assert not list(tmp_path.glob("*.jsonl"))


def test_three_states_of_an_exercise_are_kept(entry, tmp_path):
    for number in range(5):
        entry.solution.write_text(str(number), "utf-8")
        cache.Cache(entry, tmp_path).put("key", result())
    assert len(list(tmp_path.glob("*.jsonl"))) == 3
    assert cache.Cache(entry, tmp_path).get("key")


def test_a_folder_that_cannot_be_written_is_no_harm(entry, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    kept = cache.Cache(entry, tmp_path / "file" / "folder")
    kept.put("key", result())
    kept.remember([("mistake", "test_a")])


def test_the_folder_is_the_environments_or_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("KATAS_CACHE", str(tmp_path))
    assert cache.folder() == tmp_path
    monkeypatch.delenv("KATAS_CACHE")
    assert cache.folder().name == "ml-interview-katas"


def test_unchanged_answers_are_judged_once(tmp_path):
    file = tmp_path / "answer.py"
    file.write_text("1", "utf-8")
    judged = []

    def judge(asked):
        for one in asked:
            judged.append(one)
            wrong = PASSED | {"verdict": "wrong"}
            yield {"number": one["number"], "slowdowns": []} | result("failed", [wrong])

    asked, kept = (
        [Job(ENTRY.name, file, 3, ask="rejection", label="mistake")],
        tmp_path / "kept",
    )
    first, again = (list(grade_many(asked, judge, where=kept)) for _ in range(2))
    assert [r.verdict for r in first + again] == ["failed", "failed"]
    assert len(judged) == 1
    assert judged[0]["first"] == []

    file.write_text("2", "utf-8")
    list(grade_many(asked, judge, where=kept))
    assert len(judged) == 2
    assert judged[1]["first"] == ["test_a"]  # what rejected the text before

    list(grade_many(asked, judge))
    assert len(judged) == 3
