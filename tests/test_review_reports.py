"""What a review tells: how much of the hidden checks, and of whom it takes nothing."""

import copy
import json
import re
from pathlib import Path

import pytest

from graders.harness.catalog.exercise import ROOT, choose_one
from graders.harness.feedback.programs import as_junit
from graders.harness.feedback.results import Job, Result
from graders.submissions.annotations import MOST, as_annotations, command
from graders.submissions.badge import as_badge
from graders.submissions.markdown import MOST as MOST_MARKDOWN
from graders.submissions.markdown import as_markdown, fenced
from graders.submissions.pick import Picked, path_of
from graders.submissions.report import as_report, line_of, reduced
from graders.submissions.review import main
from graders.submissions.untrusted import Unfit, read_report
from tests.test_review_verdict import assert_only_ours

AUC, LSE = choose_one("roc_auc"), choose_one("log_sum_exp")
SECRETS = ("SECRET", "np.array", "EXHIBIT")


def check(name, verdict="passed", **more):
    """Return a record as gradings make them, full of secrets if it failed."""
    record = {
        "name": f"test_{name}",
        "sentence": f"Does {name}.",
        "rubric": "correctness",
        "contract": name == "contract",
        "verdict": verdict,
        "message": "",
        "trace": "",
        "output": "",
        "seconds": 0.1,
        "megabytes": 1.0,
    }
    if verdict != "passed":
        record |= {
            "message": "SECRET message",
            "call": "f(np.array([1]))",
            "got": "SECRET got",
            "expected": "SECRET expected",
            "difference": "SECRET difference",
            "law": False,
            "short": {
                "call": "f(np.array([1]))",
                "got": "SECRET",
                "expected": "SECRET",
            },
            "mistake": "SECRET mistake",
            "output": "SECRET output",
            "trace": '  File "x.py", line 2, in f\n    SECRET\n',
        }
    return record | more


def report(feedback="full", checks=None, **more):
    """Return the report of an exercise that passed and one that did not."""
    picked = Picked("a" * 40, "b" * 40, ["c" * 40], ignored=["x.py"], more=3)
    failed = [check("contract"), check("a", "wrong"), check("b", "raised", line=2)]
    results = [
        Result(Job(AUC, Path(path_of(AUC)), 1), [check("contract")], 1.0, "bubblewrap"),
        Result(
            Job(LSE, Path("x.py"), 1),
            failed if checks is None else checks,
            1.0,
            "bubblewrap",
            **more,
        ),
    ]
    return as_report(picked, results, 1, feedback)


@pytest.mark.parametrize("feedback", ["sentences", "verdict"])
@pytest.mark.parametrize("error", ["", "pytest ended\nSECRET source of a grader"])
def test_no_more_is_told_than_was_asked_for(feedback, error):
    found = report(feedback, exhibit="EXHIBIT", error=error)
    job = Job(LSE, Path("x.py"), 1)
    result = Result(job, [check("a", "grader error")], 1.0, "bubblewrap", error)
    junit = as_junit([reduced(result, feedback)])
    lines = "\n".join(as_annotations(found))
    for text in (json.dumps(found), as_markdown(found), lines, as_badge(found), junit):
        assert not [secret for secret in SECRETS if secret in text]
    assert ("Does a." in as_markdown(found)) == (feedback == "sentences")
    assert (found["exercises"][1]["passed"], found["exercises"][1]["total"]) == (1, 3)


def test_all_is_told_unless_something_else_is_said():
    text = as_markdown(report())
    assert "SECRET" in text
    assert "np.array" in text


@pytest.mark.parametrize("feedback", ["full", "sentences", "verdict"])
def test_why_a_file_cannot_be_loaded_is_always_told(feedback):
    checks = [
        check("contract", "could not load", message="SyntaxError: x"),
        check("a", "not judged", message="the file could not be loaded"),
    ]
    found = report(feedback, checks)
    assert "SyntaxError: x" in as_markdown(found)
    assert "SyntaxError: x" in as_annotations(found)[0]


@pytest.mark.parametrize("feedback", ["full", "sentences", "verdict"])
@pytest.mark.parametrize(
    ("verdicts", "verdict"),
    [
        (("passed", "passed"), "passed"),
        (("passed", "wrong"), "failed"),
        (("not started", "not started"), "failed"),
        (("passed", "grader error"), "grader error"),
    ],
)
def test_feedback_changes_no_verdict(feedback, verdicts, verdict):
    names = ("contract", "a")
    checks = [check(name, v) for name, v in zip(names, verdicts, strict=True)]
    assert report(feedback, checks)["verdict"] == verdict


@pytest.mark.parametrize(
    ("trace", "line"),
    [
        ('  File "x.py", line 2, in f\n    g()\n  File "x.py", line 5, in g\n', 5),
        ('  File "x.py", line 11, in f\n', 0),
        ('  File "x.py", line 0, in f\n', 0),
        ('  File "x.py", line 99999999999999999999, in f\n', 0),
        ('  File "x.py", line 3::error, in f\n', 3),
        ("it said: line 3", 0),
        ("", 0),
    ],
)
def test_a_line_is_one_that_the_file_has(trace, line):
    assert line_of({"verdict": "raised", "trace": trace}, 10) == line


def test_annotations_are_escaped_and_few():
    told = command("a:b,c%\n.py", 3, "x,line=1::y", "100%\r\n::error::z")
    assert told.count("\n") == 0
    assert told == (
        "::error file=a%3Ab%2Cc%25%0A.py,line=3,"
        "title=x%2Cline=1%3A%3Ay::100%25\ufffd%0A: :error::z"
    )
    checks = [check("contract"), *(check(f"x{n}", "wrong", trace="", call=str(n),
                                         mistake="") for n in range(30))]  # fmt: skip
    trace = '  File "x.py", line 1, in f\n'
    checks.append(
        check("last", "raised", trace=trace, message="it raised E", mistake="")
    )
    assert len(as_annotations(report(checks=checks))) <= MOST


@pytest.mark.parametrize(
    "text",
    ["```\n# forged", "`````\n<b>forged", "~~~\n# forged", "\n\n# forged", "`" * 300],
)
def test_a_fence_holds(text):
    assert_only_ours(f"### Review: x\n\n{fenced(text)}\n")


def test_a_summary_is_bounded():
    wide = [check(f"x{n}", "wrong", message="`" * 20_000, short={}) for n in range(3)]
    assert len(as_markdown(report(checks=wide))) <= MOST_MARKDOWN + 100


def test_a_badge_says_verdict_and_count():
    assert "failed, 1 of 2" in as_badge(report())
    none = as_report(Picked("a" * 40, "b" * 40, []), [], 1, "full")
    assert "nothing to grade" in as_badge(none)


@pytest.fixture
def read(tmp_path):
    """Return what reads a report, given as an object or as bytes."""

    def read(found):
        file = tmp_path / "report.json"
        file.write_bytes(
            found if isinstance(found, bytes) else json.dumps(found).encode()
        )
        return read_report(file)

    return read


@pytest.mark.parametrize("feedback", ["full", "sentences", "verdict"])
def test_an_honest_report_is_taken_as_it_is(read, feedback):
    found = report(feedback)
    assert read(found) == found
    assert as_markdown(read(found)) == as_markdown(found)


FORGED = {
    "green": lambda r: r.update(verdict="passed"),
    "nothing": lambda r: r.update(verdict="nothing to grade"),
    "another verdict": lambda r: r.update(verdict="# forged"),
    "schema": lambda r: r.update(schema=2),
    "true for one": lambda r: r.update(seed=True),
    "a key more": lambda r: r.update(extra=1),
    "a key less": lambda r: r.pop("head"),
    "a hash": lambda r: r.update(head="<b>"),
    "hashes": lambda r: r.update(common=["a" * 40] * 1000),
    "feedback": lambda r: r.update(feedback="all"),
    "ignored": lambda r: r.update(ignored=["x"] * 21),
    "a long path": lambda r: r.update(ignored=["x" * 10_000]),
    "a count": lambda r: r.update(more=-1),
    "a float": lambda r: r.update(more=1.5),
    "a path": lambda r: r.update(empty=["../x"]),
    "a list as path": lambda r: r.update(empty=[["x"]]),
    "an object": lambda r: r.update(exercises={}),
    "twice": lambda r: r["exercises"].append(r["exercises"][0]),
    "another file": lambda r: r["exercises"][0].update(file="graders/conftest.py"),
    "another name": lambda r: r["exercises"][0].update(name="# forged"),
    "a green exercise": lambda r: r["exercises"][1].update(verdict="passed"),
    "no checks": lambda r: r["exercises"][0].update(checks=[]),
    "many checks": lambda r: r["exercises"][0].update(
        checks=r["exercises"][0]["checks"] * 2000
    ),
    "sandbox": lambda r: r["exercises"][0].update(sandbox="process"),
    "more than all": lambda r: r["exercises"][0].update(passed=2),
    "fewer than all": lambda r: r["exercises"][1].update(total=2),
    "no number": lambda r: r["exercises"][0].update(seconds="1"),
    "not finite": lambda r: r["exercises"][0].update(seconds=float("nan")),
    "a check's verdict": lambda r: r["exercises"][1]["checks"][1].update(verdict="ok"),
    "rubric": lambda r: r["exercises"][0]["checks"][0].update(rubric="none"),
    "a line": lambda r: r["exercises"][0]["checks"][0].update(line="1\n::error::x"),
    "a text": lambda r: r["exercises"][0]["checks"][0].update(message=["x"]),
    "short": lambda r: r["exercises"][0]["checks"][0].update(short={"x": "y"}),
    "a giant text": lambda r: r["exercises"][0]["checks"][0].update(trace="x" * 70_000),
    "an error": lambda r: r.update(error="an error of ours"),
}


@pytest.mark.parametrize("forgery", FORGED)
def test_a_forged_report_is_not_taken(read, forgery):
    found = copy.deepcopy(report())
    FORGED[forgery](found)
    with pytest.raises(Unfit) as told:
        read(found)
    assert len(str(told.value).splitlines()) == 1
    assert str(told.value).isprintable()


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b"9" * 100_000,
        b'{"schema": 1}',
        b" " * 20_000_001,
        b"NaN",
    ],
    ids=["empty", "null", "list", "bytes", "deep", "digits", "keys", "20 MB", "NaN"],
)
def test_garbage_is_no_report(read, source):
    with pytest.raises(Unfit):
        read(source)


def test_texts_of_another_machine_are_made_harmless(read):
    evil = "x\n::error::forged\x1b[2J\u202e\n``````\n# forged\n<b>|"
    found = report()
    found["ignored"] = [evil]
    for part in found["exercises"][1]["checks"]:
        part |= {"message": evil, "sentence": evil, "name": evil}
    taken = read(found)
    assert "\x1b" not in json.dumps(taken, ensure_ascii=False)
    assert_only_ours(as_markdown(taken))
    for line in as_annotations(taken):
        assert re.fullmatch(r"::error file=\S+,title=\w+::[^\n]*|::error [^\n]*", line)


def test_a_forged_report_is_a_fault(tmp_path, capsys, monkeypatch):
    file = tmp_path / "report.json"
    file.write_text(json.dumps(report() | {"verdict": "passed"}))
    monkeypatch.setattr("graders.submissions.review.heed_signals", lambda: None)
    assert main(["--report", str(file)]) == 3
    told = capsys.readouterr()
    assert "its verdict contradicts its exercises" in told.err
    assert told.out == ""


WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_actions_are_pinned_and_may_write_nothing(file):
    text = file.read_text("utf-8")
    uses = re.findall(r"uses: (\S+)(.*)", text)
    assert uses
    for action, comment in uses:
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", action)
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", comment)
    assert "permissions: {}" in text
    assert "write" not in "".join(re.findall(r"^ +\w+: (?:write|read)\b.*", text, re.M))
    assert "secrets." not in text
    assert text.count("persist-credentials: false") == text.count("actions/checkout@")


def test_a_strangers_workflow_runs_nothing_of_theirs():
    text = (ROOT / ".github" / "workflows" / "submissions.yml").read_text("utf-8")
    assert "pull_request_target:" in text
    assert "cache" not in re.sub(r"#.*", "", text)
    assert not re.search(r"^ +ref:", text, re.MULTILINE)  # checks out the base alone
    assert (
        "if: ${{ always() }}" in text
    )  # GitHub takes a job that was skipped for green
    assert text.count("timeout-minutes:") == len(re.findall(r"runs-on:", text))
    scripts = re.findall(r"run: (?:\|\n(?: {10,}.*\n)+|.*)", text)
    assert scripts
    for script in scripts:  # what strangers write reaches a shell as a variable
        assert "${{" not in script
