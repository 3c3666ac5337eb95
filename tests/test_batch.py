"""A class is recognised, graded once, told, and nothing is lost on the way."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
import zipfile

import pytest

from graders.harness.catalog.exercise import choose
from graders.submissions.batch import collect as collecting
from graders.submissions.batch.collect import collect
from graders.submissions.batch.ledger import Ledger
from graders.submissions.batch.tables import as_csv, file_name, score

SOLUTION = "def add(one, other):\n    return one + other\n"
WRONG = "def add(one, other):\n    return one - other\n"
CHECKS = """
@pytest.mark.parametrize("n", [1, 2, 3])
def test_adds(submission, n):
    \"\"\"Adds.\"\"\"
    check(submission.add(n, 0), n)

@pytest.mark.edge_cases
def test_adds_below_zero(submission):
    \"\"\"Adds numbers below zero.\"\"\"
    check(submission.add(1, -3), -2)
"""
ROC_AUC = list(choose(["roc_auc"]))


@pytest.fixture
def school(repository, tmp_path_factory):
    """Return a repository with one exercise, and a function that grades a class."""
    repository.toy(SOLUTION, CHECKS)
    repository.handed_in = tmp_path_factory.mktemp("class")
    repository.out = repository.handed_in.parent / f"{repository.handed_in.name}-out"

    def hand_in(name, text):
        file = repository.handed_in / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")

    def batch(*options):
        options = ("--sandbox", "auto", "--seed", 1, *options)
        return repository.run("batch", repository.handed_in, "--out", repository.out,
                              *options)  # fmt: skip

    def grades():
        with (repository.out / "grades.csv").open(encoding="utf-8") as file:
            return {row["who"]: row for row in csv.DictReader(file)}

    repository.hand_in, repository.batch, repository.grades = hand_in, batch, grades
    return repository


def test_each_gets_a_row_a_page_and_a_line(school):
    school.hand_in("ann/toy.py", SOLUTION)
    school.hand_in("bob/deep/er/toy.py", WRONG)
    school.hand_in("cem/notes.txt", "nothing")
    done = school.batch()
    assert done.code == 1
    assert done.out.startswith("1 of 2 answers of 2 people passed; ")
    assert "cem: no file has the name of an exercise" in done.err
    rows = school.grades()
    assert rows["ann"]["verdict"] == "passed"
    assert (rows["ann"]["correctness"], rows["ann"]["score"]) == ("3 of 3", "100.0")
    assert rows["bob"]["verdict"] == "failed"
    assert rows["bob"]["edge_cases"] == "0 of 1"
    assert rows["bob"]["score"] == "50.0"
    assert len({row["seed"] for row in rows.values()}) == 1
    lines = (school.out / "results.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line)["exercise"] for line in lines] == ["toy", "toy"]
    pages = {page.name for page in (school.out / "feedback").iterdir()}
    assert pages == {"ann.md", "bob.md"}
    told = (school.out / "feedback" / "bob.md").read_text("utf-8")
    assert "Adds numbers below zero." in told
    assert "add(" not in told  # sentences alone, unless asked for more
    report = (school.out / "report.html").read_text("utf-8")
    assert "2 answers of 2 people to 1 exercise; 1 passed." in report
    assert "Adds numbers below zero." in report  # whatever people are told
    assert (school.out / "copies.csv").read_text("utf-8").startswith("exercise,one,")
    assert (school.out / "unrecognised.txt").read_text("utf-8").startswith("cem: ")


def test_full_feedback_shows_the_failing_call(school):
    school.hand_in("bob/toy.py", WRONG)
    assert school.batch("--feedback", "full").code == 1
    assert "add(1, -3)" in (school.out / "feedback" / "bob.md").read_text("utf-8")


def test_the_same_bytes_are_graded_once(school):
    for who in ("ann", "bob", "cem"):
        school.hand_in(f"{who}/toy.py", SOLUTION)
    assert school.batch().code == 0
    first = [json.loads(x) for x in (school.out / "results.jsonl").open("rb")]
    assert {line["who"] for line in first} == {"ann", "bob", "cem"}
    assert len({line["seconds"] for line in first}) == 1  # one grading, to the digit
    school.hand_in("dan/toy.py", WRONG)
    assert school.batch().code == 1
    again = [json.loads(x) for x in (school.out / "results.jsonl").open("rb")]
    assert again[:3] == first
    assert [line["who"] for line in again[3:]] == ["dan"]
    assert len(school.grades()) == 4


def a_dozen(school):
    """Submit a dozen answers; return the command that grades them, and its results."""
    for number in range(12):
        school.hand_in(f"p{number:02}/toy.py", f"{SOLUTION}# {number}\n")
    command = [sys.executable, "-m", "graders", "batch", school.handed_in, "--out"]
    command += [school.out, "--sandbox", "auto", "--seed", "1"]
    return command, school.out / "results.jsonl"


def test_a_kill_loses_nothing_and_nobody_is_graded_twice(school):
    command, results = a_dozen(school)
    with subprocess.Popen(command, cwd=school.root, stdout=subprocess.DEVNULL) as child:
        while not results.exists() or results.read_bytes().count(b"\n") < 3:
            assert child.poll() is None
            time.sleep(0.02)
        child.send_signal(signal.SIGKILL)
    before = results.read_bytes()
    assert before.count(b"\n") < 12
    with results.open("ab") as file:
        file.write(b'{"key": "torn')
    assert school.batch().code == 0
    after = results.read_bytes()
    assert after.startswith(before[: before.rfind(b"\n") + 1])
    who = [json.loads(line)["who"] for line in after.splitlines()]
    assert sorted(who) == [f"p{number:02}" for number in range(12)]
    assert len(school.grades()) == 12


def test_an_interrupted_batch_writes_what_it_has(school):
    command, results = a_dozen(school)
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=school.root, stderr=pipe, text=True) as child:
        # The second line: the signal may fall while the last one is being written, and
        # that one is told the next time.
        while not results.exists() or results.read_bytes().count(b"\n") < 2:
            assert child.poll() is None
            time.sleep(0.02)
        child.terminate()
        said = child.stderr.read()
    assert child.returncode == 128 + signal.SIGTERM
    assert said == "batch: interrupted; the same command goes on from here\n"
    assert 1 <= len(school.grades()) <= 12


def test_what_is_hostile_costs_itself_alone(school):
    school.hand_in("ann/toy.py", SOLUTION)
    school.hand_in("eve/toy.py", "def add(one, other):\n    while True: pass\n")
    school.hand_in("mal/toy.py", "import os\nos._exit(0)\n")
    school.hand_in("=cmd|x/toy.py", WRONG)
    assert school.batch().code == 1
    rows = school.grades()
    assert rows["ann"]["verdict"] == "passed"
    assert rows["eve"]["verdict"] == rows["mal"]["verdict"] == "failed"
    assert "'=cmd|x" in rows  # no spreadsheet computes it


def test_weights_decide_the_score(school, tmp_path):
    school.hand_in("bob/toy.py", WRONG)
    weights = tmp_path / "weights.toml"
    weights.write_text("correctness = 3\nedge_cases = 1\n")
    school.batch("--weights", weights)
    assert school.grades()["bob"]["score"] == "75.0"
    for text, said in (
        ("correctness = -1", "correctness = -1"),
        ("speed = 1", "speed = 1"),
        ("correctness = 0", "no weight is above 0"),
        ("correctness =", "Invalid value"),
    ):
        weights.write_text(text)
        done = school.batch("--weights", weights)
        assert done.code == 2
        assert said in done.err
        assert done.err.count("\n") == 1


def test_bad_words_are_one_line(school, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    file = tmp_path / "file"
    file.write_text("")
    odd = tmp_path / "odd"
    odd.mkdir()
    (odd / "results.jsonl").write_text("[]\n")
    school.hand_in("ann/toy.py", SOLUTION)
    for words, said in (
        ([tmp_path / "nowhere", "--out", tmp_path / "o"], "is no folder"),
        ([file, "--out", tmp_path / "o"], "is no folder"),
        ([empty, "--out", tmp_path / "o"], "holds no answer to any of 1 exercises"),
        ([school.handed_in, "--out", school.handed_in / "o"], "lies in"),
        ([school.handed_in, "--out", file / "o"], "file"),
        ([school.handed_in, "--out", odd], "line 1: not understood"),
        ([school.handed_in, "--out", tmp_path / "o", "--exercises", "tay"], "toy"),
    ):
        done = school.run("batch", *words)
        assert done.code == 2, done.err
        assert said in done.err
        assert done.err.count("\n") == 1
        assert not done.out


# What is recognised.


def recognised(folder):
    found = collect(folder, ROC_AUC)
    return {(one.who, one.why or one.read()) for one in found.answers}, found.strange


def put(folder, name, data=b"answer"):
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


def test_folders_trees_and_downloads_are_recognised(tmp_path):
    put(tmp_path, "ann/roc_auc.py", b"1")
    put(tmp_path, "bob/exercises/ml_coding/metrics/roc_auc.py", b"2")
    put(tmp_path, "bob/solutions/ml_coding/metrics/roc_auc.py", b"no")
    put(tmp_path, "bob/.git/roc_auc.py", b"no")
    put(tmp_path, "cem/ml_coding/metrics/roc_auc.py", b"3")
    put(tmp_path, "Dan Doe_123_assignsubmission_file_/roc_auc.py", b"4")
    put(tmp_path, "roeeve_LATE_12_345_roc_auc-1.py", b"5")
    put(tmp_path, "第一/roc_auc.py", b"6")
    answers, strange = recognised(tmp_path)
    assert answers == {
        ("ann", b"1"), ("bob", b"2"), ("cem", b"3"), ("Dan Doe", b"4"),
        ("roeeve", b"5"), ("第一", b"6"),
    }  # fmt: skip
    assert strange == []


def test_a_stub_in_a_clone_is_no_answer(tmp_path):
    [entry] = ROC_AUC
    put(tmp_path, f"ann/exercises/{entry.path}", entry.stub.read_bytes())
    assert recognised(tmp_path)[0] == set()


def test_zips_are_read_without_unpacking(tmp_path):
    with zipfile.ZipFile(tmp_path / "ann.zip", "w") as archive:
        archive.writestr("work/roc_auc.py", "1")
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        for who in ("Bo B", "Ci C"):
            archive.writestr(f"{who}_77_assignsubmission_file/roc_auc.py", who)
    answers, strange = recognised(tmp_path)
    assert answers == {("ann", b"1"), ("Bo B", b"Bo B"), ("Ci C", b"Ci C")}
    assert strange == []
    assert sorted(p.name for p in tmp_path.iterdir()) == ["ann.zip", "moodle.zip"]


def test_a_download_of_canvas_is_read_as_it_comes(tmp_path):
    with zipfile.ZipFile(tmp_path / "submissions.zip", "w") as archive:
        archive.writestr("adamsann_12_345_roc_auc.py", "1")
        archive.writestr("bakerbo_LATE_13_346_roc_auc-2.py", "2")
        archive.writestr("coxci_14_347_work.zip", "3")
    answers, [strange] = recognised(tmp_path)
    assert answers == {("adamsann", b"1"), ("bakerbo", b"2")}
    said = "submissions.zip: unpack it; it holds zips, as 'coxci_14_347_work.zip'"
    assert strange == said


LISTED = """---
submission_11:
  :submitters:
  - :name: Ann Adams
    :sid: '7'
    :email: ann@example.org
  :score: 3.0
  :results:
    tests:
    - :name: no person
submission_12:
  :created_at: 2026-11-29
  :submitters:
  - :name: "Bo B"
  - :name: 第一
"""


@pytest.mark.parametrize("form", ["zip", "unpacked", "inside"])
def test_a_download_of_gradescope_is_read_as_it_comes(tmp_path, form):
    top = "" if form == "inside" else "assignment_1_export/"
    files = {
        f"{top}submission_metadata.yml": LISTED,
        f"{top}submission_11/roc_auc.py": "1",
        f"{top}submission_12/deep/roc_auc.py": "2",
        f"{top}submission_13/roc_auc.py": "3",
    }
    if form == "zip":
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as archive:
            for name, text in files.items():
                archive.writestr(name, text)
    else:
        for name, text in files.items():
            put(tmp_path, name, text.encode())
    answers, strange = recognised(tmp_path)
    assert answers == {
        ("Ann Adams 11", b"1"), ("Bo B, 第一 12", b"2"), ("submission_13", b"3"),
    }  # fmt: skip
    assert strange == []


def test_nobody_hands_in_for_somebody_else(tmp_path):
    put(tmp_path, "Bo/roc_auc.py", b"1")
    with zipfile.ZipFile(tmp_path / "eve.zip", "w") as archive:
        archive.writestr("Bo_77_assignsubmission_file/roc_auc.py", "2")
    answers, _ = recognised(tmp_path)
    assert answers == {("Bo", "it is in Bo and in eve.zip")}


def test_a_folder_that_is_not_looked_at_whole_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(collecting, "MOST_FILES", 2)
    for number in range(3):
        put(tmp_path, f"ann/{number}/notes.py")
    assert recognised(tmp_path)[1][0] == "ann: over 2 files"


@pytest.mark.parametrize("name", ["../roc_auc.py", "/roc_auc.py", "a\\..\\roc_auc.py"])
def test_a_zip_that_leads_out_is_refused(tmp_path, name):
    with zipfile.ZipFile(tmp_path / "eve.zip", "w") as archive:
        archive.writestr(name, "1")
    answers, [strange] = recognised(tmp_path)
    assert not answers
    assert "an entry that leads out of it" in strange


def test_bombs_and_broken_zips_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "big.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}/roc_auc.py", bytes(2**27))
    with zipfile.ZipFile(tmp_path / "lie.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("roc_auc.py", bytes(2**22))
    data = (tmp_path / "lie.zip").read_bytes()
    size = (2**22).to_bytes(4, "little")
    assert data.count(size) == 2
    (tmp_path / "lie.zip").write_bytes(data.replace(size, (9).to_bytes(4, "little")))
    put(tmp_path, "torn.zip", data[: len(data) // 2])
    put(tmp_path, "no.zip", b"")
    found = collect(tmp_path, ROC_AUC)
    assert len(found.strange) == 3
    assert "384 MB; 200 at most" in found.strange[0]
    [lie] = found.answers
    with pytest.raises(ValueError, match="cannot be unpacked"):
        lie.read()


def test_links_are_not_followed(tmp_path):
    secret = tmp_path / "secret.py"
    secret.write_text("secret")
    folder = tmp_path / "class"
    (folder / "eve").mkdir(parents=True)
    (folder / "eve" / "roc_auc.py").symlink_to(secret)
    (folder / "mal").symlink_to(tmp_path)
    answers, strange = recognised(folder)
    assert not answers
    assert len(strange) == 2


def test_large_and_doubled_files_have_a_row_that_says_so(tmp_path):
    put(tmp_path, "ann/roc_auc.py", b"#" * (2**20 + 1))
    put(tmp_path, "bob/a/roc_auc.py")
    put(tmp_path, "bob/b/roc_auc.py")
    answers, _ = recognised(tmp_path)
    assert answers == {
        ("ann", "it is larger than 1 MB"),
        ("bob", "2 files are called roc_auc.py"),
    }


def test_nearly_equal_names_are_told_and_kept_apart(tmp_path):
    one = unicodedata.normalize("NFC", "éva")
    other = unicodedata.normalize("NFD", one)
    put(tmp_path, f"{one}/roc_auc.py", b"1")
    put(tmp_path, f"{other}/roc_auc.py", b"2")
    answers, [strange] = recognised(tmp_path)
    assert answers == {(one, b"1"), (other, b"2")}
    assert "nearly the same name" in strange
    assert file_name(one) != file_name(other)


def test_names_of_pages_stay_in_their_folder():
    names = ["../up", "a/b", "CON", "", ".", "Ann", "ann", "a" * 300, "第一"]
    made = [file_name(name) for name in names]
    assert len(set(made)) == len(names)
    assert not [name for name in made if "/" in name or name.startswith(".")]
    assert max(map(len, made)) <= 80


def test_scores_leave_out_lines_without_checks():
    lines = {
        "correctness": {"passed": 1, "total": 2},
        "edge_cases": {"passed": 0, "total": 0},
        "validation": {"passed": 0, "total": 5},
    }
    assert score(lines, {"correctness": 1.0, "edge_cases": 1.0}) == 50.0
    assert score(lines, {"edge_cases": 1.0}) == 0.0
    assert as_csv([], {}).startswith("who,exercise,verdict,passed,total,correctness,")


def test_a_ledger_reads_its_lines_again(tmp_path):
    with Ledger(tmp_path / "l.jsonl") as ledger:
        places = [
            ledger.add({"key": str(n), "who": "a", "text": "é" * n}) for n in range(4)
        ]
    with Ledger(tmp_path / "l.jsonl") as ledger:
        assert [ledger.read(place)["text"] for place in places] == [
            "é" * n for n in range(4)
        ]
        assert ledger.places["2", "a"] == places[2]
    os.truncate(tmp_path / "l.jsonl", places[3] + 5)
    with Ledger(tmp_path / "l.jsonl") as ledger:
        assert set(ledger.known) == {"0", "1", "2"}
        assert ledger.add({"key": "3", "who": "a"}) == places[3]
