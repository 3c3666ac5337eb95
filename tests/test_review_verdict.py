"""What becomes of a pull request: verdict, exit code, and whatever is written.

A small repository is reviewed through the command line; its answers are hostile.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest
from markdown_it import MarkdownIt

from graders.harness.catalog.exercise import choose_one
from graders.harness.feedback.results import Job, Result
from graders.harness.feedback.screen import Screen
from graders.submissions import canary, review
from graders.submissions.grading import closed
from graders.submissions.screen import show
from tests.conftest import Repository
from tests.pull_requests import LINK, Pulls

pytestmark = pytest.mark.skipif(
    sys.platform != "linux"
    or (os.environ.get("CI") != "true" and not shutil.which("bwrap")),
    reason="strangers' answers are graded under bubblewrap or not at all",
)

AUC = choose_one("roc_auc")
SOLUTION = '''
def add(one: int, other: int) -> int:
    """Return the sum."""
    return one + other
'''
GRADER = '''
def test_adds(submission):
    """Adds."""
    check(submission.add(2, 3), 5)


def test_adds_the_secret(submission):
    """Adds more."""
    check(submission.add(40, 2), 42)
'''
TOY = "exercises/ml_coding/toys/toy.py"
RIGHT = b"def add(one, other):\n    return one + other\n"
EVIL = r"""
def add(one, other):
    print("::error file=x::forged\n::stop-commands::x\n##[error]forged")
    print("\x1b[2J\x1b[32mpassed\x1b[0m \u202e </details><script>alert(1)</script>")
    print("| passed | toy | 2 of 2 |\n# forged\n```\n# forged\n`````\n[a](http://b)")
    if one == 40:
        return "::error::forged\n::warning file=x::forged\n# forged"
    raise KeyError("%0A::error::forged\n::error file=x::forged ``` | </td> ]]> @all")
""".lstrip()


class Reviewed(Pulls):
    """A repository of the harness with one exercise, under git."""

    def __init__(self, root, grader=GRADER):
        self.copy = Repository(root)
        self.copy.toy(SOLUTION, grader)
        stub = self.copy.run("stubs", "--force")
        assert stub.code == 0, stub.err
        self.copy.write(".gitignore", "__pycache__/\n.kata/\n/out/\n")
        (root / "out").mkdir()
        super().__init__(root)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "x")

    def review(self, *arguments, env=None, head="pr"):
        """Review a head against what is checked out."""
        words = ("--base", "HEAD", "--head", head)
        return self.copy.run("review", *words, *arguments, env=env)


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    """A repository that tests share; each uses branches of its own."""
    return Reviewed(tmp_path_factory.mktemp("toy"))


@pytest.fixture(scope="module")
def evil(toy):
    """What a review of an answer with evil output wrote."""
    toy.commit("evil", {TOY: EVIL.encode(), "a\n::error::x": b"x"}, "main")
    out = toy.root / "out"
    files = {
        kind: out / f"evil.{kind}" for kind in ("json", "junit", "summary", "badge")
    }
    (out / "step.md").write_text("before\n")
    done = toy.review(
        *(word for kind, file in files.items() for word in (f"--{kind}", file)),
        head="evil",
        env={"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(out / "step.md")},
    )
    texts = {kind: file.read_text("utf-8") for kind, file in files.items()}
    step = (out / "step.md").read_text("utf-8")
    return SimpleNamespace(done=done, step=step, file=files["json"], **texts)


def test_an_answer_that_fails_is_one(evil):
    report = json.loads(evil.json)
    assert evil.done.code == 1
    assert evil.done.err == ""
    assert report["verdict"] == "failed"
    assert report["exercises"][0]["verdict"] == "failed"
    assert report["exercises"][0]["sandbox"] == "bubblewrap"
    assert len(evil.done.out.splitlines()) <= 26


def test_only_our_own_commands_reach_the_log(evil):
    commands = [x for x in evil.done.out.splitlines() if x.lstrip().startswith("::")]
    assert commands
    for line in commands:
        assert re.match(rf"::error file={TOY},line=[67],title=toy::raised", line), line
    assert "##[" not in evil.done.out


def test_a_failure_is_annotated_at_its_line(evil):
    at = (
        EVIL.splitlines().index(next(x for x in EVIL.splitlines() if "KeyError" in x))
        + 1
    )
    assert f"file={TOY},line={at}," in evil.done.out
    [exercise] = json.loads(evil.json)["exercises"]
    assert exercise["checks"][0]["line"] == at
    assert exercise["checks"][0]["trace"].startswith(f'  File "{TOY}", line {at}')


def test_no_control_character_is_printed_or_written(evil):
    for text in (evil.done.out, evil.json, evil.junit, evil.summary, evil.badge):
        assert not re.search(
            r"[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text
        )


def test_the_summary_holds_no_markdown_of_the_answers(evil):
    assert_only_ours(evil.summary)
    assert evil.step == f"before\n{evil.summary}"
    assert "| failed | toy | 0 of 2 |" in evil.summary


def assert_only_ours(markdown):
    """Assert that a parser finds headings, cells and text of ours alone."""
    parser = MarkdownIt("commonmark", {"html": True, "linkify": False}).enable("table")
    tokens = parser.parse(markdown)
    kinds = {token.type for token in tokens}
    inner = [child for token in tokens for child in token.children or []]
    assert not kinds & {"html_block", "blockquote_open", "bullet_list_open", "hr"}
    assert {child.type for child in inner} <= {"text", "softbreak"}
    titles = [
        tokens[n + 1].content for n, t in enumerate(tokens) if t.type == "heading_open"
    ]
    assert titles[0].startswith("Review: ")
    assert set(titles[1:]) <= {"toy", "roc_auc", "log_sum_exp"}
    for child in inner:
        assert "forged" not in child.content


def test_junit_and_badge_are_xml(evil):
    root = ElementTree.fromstring(evil.junit)
    assert [suite.get("name") for suite in root] == ["toy"]
    assert [case.get("name") for case in root[0]] == [
        "test_adds",
        "test_adds_the_secret",
    ]
    badge = ElementTree.fromstring(evil.badge)
    assert "".join(badge.itertext()).split("\n")[1:3] == ["katas: failed, 0 of 1", ""]


def test_another_machine_reports_the_same(toy, evil):
    env = {"GITHUB_ACTIONS": "true"}
    summary = toy.root / "out" / "again.md"
    done = toy.copy.run("review", "--report", evil.file, "--summary", summary, env=env)
    assert done.code == 1
    assert summary.read_text() == evil.summary
    assert done.out == re.sub("again: .*\n", "", evil.done.out)


def test_a_right_answer_is_green_whatever_else_is_there(toy):
    lie = b"import sys\nsys.exit(0)\n"
    paths = ("graders/ml_coding/toys/test_toy.py", "conftest.py", "sitecustomize.py",
             "graders/__main__.py", "noxfile.py", "pytest.ini", "x.pth")  # fmt: skip
    toy.commit("right", dict.fromkeys(paths, lie) | {TOY: RIGHT}, "main")
    file = toy.root / "out" / "right.json"
    done = toy.review("--json", file, "--seed", 7, head="right")
    assert (done.code, done.err) == (0, "")
    assert "passed       toy                      2 of 2 checks passed" in done.out
    assert "7 other changed paths ignored" in done.out
    assert "--seed 7" in done.out
    assert json.loads(file.read_text())["verdict"] == "passed"


def test_a_wrong_answer_with_its_own_graders_is_red(toy):
    grader = b"def test_adds(submission):\n    pass\n"
    wrong = b"def add(one, other):\n    return 0\n"
    files = {TOY: wrong, "graders/ml_coding/toys/test_toy.py": grader}
    toy.commit("lies", files, "main")
    for path in ("solutions/ml_coding/toys/toy.py", "graders/harness/run/plugin.py"):
        toy.commit("lies", {path: wrong}, "lies")
    done = toy.review(head="lies")
    assert done.code == 1
    assert "0 of 2 checks passed" in done.out


def test_an_answer_that_is_not_started_is_not_green(toy):
    source = b"def add(one, other):\n    raise NotImplementedError\n"
    toy.commit("lazy", {TOY: source}, "main")
    done = toy.review(head="lazy")
    assert done.code == 1
    assert "not started  toy" in done.out


@pytest.mark.parametrize("feedback", ["full", "sentences", "verdict"])
def test_a_refused_file_is_red_and_says_why(toy, feedback):
    toy.commit("link", {TOY: (LINK, b"/etc/passwd")}, "main")
    done = toy.review("--feedback", feedback, head="link")
    assert done.code == 1
    assert "it is a symbolic link (mode 120000)" in " ".join(done.out.split())


def test_nothing_to_grade_is_green_and_says_so(toy):
    toy.commit("docs", {"README.md": b"Read me.\n"}, "main")
    done = toy.review(head="docs")
    assert done.code == 0
    assert "nothing to grade" in done.out
    assert "passed" not in done.out
    toy.commit("gone", {TOY: None}, "main")
    done = toy.review(head="gone")
    assert done.code == 0
    assert f"no answer (deleted, or the stub): {TOY}" in done.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("--base HEAD", "--base REF and --head REF are needed"),
        ("--base HEAD --head nowhere", "no commit is called 'nowhere'"),
        ("--base nowhere --head HEAD", "no commit is called 'nowhere'"),
        ("--base HEAD --head=--output=x", "'--output=x'"),
        ("--base HEAD --head --output=x", "--head: expected one argument"),
        ("--base HEAD --head HEAD --json no/x", "no folder for no/x"),
        ("--base HEAD --head HEAD --seed x", "'x'"),
        ("--base HEAD --head HEAD --feedback x", "'x'"),
        ("--base HEAD --head HEAD --sandbox=off", "--sandbox=off"),
        ("--report nowhere.json", "nowhere.json: No such file"),
        ("--report x --head x", "--report takes no"),
    ],
)
def test_a_wrong_command_is_told_in_a_line(toy, words, message, monkeypatch, capsys):
    monkeypatch.setattr(review, "ROOT", toy.root)
    monkeypatch.setattr(review, "heed_signals", lambda: None)
    try:
        code = review.main(words.split())
    except SystemExit as ended:  # argparse's
        code = ended.code
    told = capsys.readouterr()
    assert code == 2
    assert message in told.err.splitlines()[-1]
    assert told.out == ""


@pytest.mark.parametrize("path", ["conftest.py", "graders/x.py", "solutions/x.py"])
def test_a_new_file_of_ours_that_the_base_lacks_is_seen(toy, path, monkeypatch, capsys):
    monkeypatch.setattr(review, "ROOT", toy.root)
    monkeypatch.setattr(review, "heed_signals", lambda: None)
    file = toy.copy.write(path, "x")
    assert review.main(["--base", "main", "--head", "main"]) == 2
    file.unlink()
    assert f"{path} here is not as in main" in capsys.readouterr().err


def test_many_answers_fit_one_screen(capsys):
    part = {"sandbox": "bubblewrap", "passed": 0, "total": 1, "error": "x" * 500}
    bad = [
        part | {"name": f"n{n}", "verdict": "failed", "checks": []} for n in range(90)
    ]
    good = [
        part | {"name": f"n{n}", "verdict": "passed", "checks": []} for n in range(90)
    ]
    base = {"base": "a" * 40, "error": "", "empty": [], "ignored": ["x" * 99] * 20}
    found = base | {"more": 9, "uncounted": True, "verdict": "failed"}
    show(Screen(sys.stdout), found | {"exercises": good + bad})
    text = capsys.readouterr().out
    assert len(text.splitlines()) <= 50
    assert "and 80 more that passed" in text
    assert "and 80 more that did not pass" in text
    assert "over 29 other changed paths ignored:" in text


def test_graders_that_are_not_the_bases_do_not_grade(toy):
    toy.commit("other", {"graders/ml_coding/toys/test_toy.py": b"x"}, "main")
    done = toy.copy.run("review", "--base", "other", "--head", "main")
    assert done.code == 2
    assert "graders/ml_coding/toys/test_toy.py here is not as in other" in done.err


def test_without_git_or_its_folder(tmp_path):
    copy = Repository(tmp_path)
    copy.toy(SOLUTION, GRADER)
    done = copy.run("review", "--base", "HEAD", "--head", "HEAD")
    assert done.code == 2
    assert "is no git repository" in done.err
    done = copy.run("review", "--base", "HEAD", "--head", "x", env={"PATH": ""})
    assert done.code == 2
    assert "git is not installed" in done.err


def test_without_bubblewrap_nothing_is_graded(toy, tmp_path):
    (tmp_path / "git").symlink_to(shutil.which("git"))
    toy.commit("right", {TOY: RIGHT}, "main")
    file = toy.root / "out" / "none.json"
    done = toy.review("--json", file, head="right", env={"PATH": str(tmp_path)})
    assert done.code == 3
    report = json.loads(file.read_text())
    assert report["verdict"] == "grader error"
    assert "bubblewrap is required, and bwrap is not installed" in report["error"]
    assert "sandbox is not proven" in done.out


def test_a_fault_of_a_grader_is_no_pass(tmp_path):
    broken = GRADER + "\n\ndef test_breaks(submission):\n    1 / 0\n"
    toy = Reviewed(tmp_path, broken)
    toy.commit("pr", {TOY: RIGHT}, "main")
    done = toy.review("--feedback", "sentences")
    assert done.code == 3
    assert "grader error" in done.out
    assert "1 / 0" not in done.out


@pytest.mark.parametrize("wish", ["required", "off"])
def test_the_canary_tells_an_open_door(wish, tmp_path):
    """Without isolation the attack passes, so that its failing proves something."""
    why = canary.prove(AUC, 1, tmp_path, wish)
    assert bool(why) == (wish == "off")
    if wish == "off":
        assert why == "an attack on roc_auc was not stopped: passed"


@pytest.mark.parametrize("door", [0, 1, 2, 3, 4])
def test_each_door_alone_is_enough(door, tmp_path):
    text = canary.attack(AUC, tmp_path / "leak").decode()
    doors = ["reads_the_solution", "lists_the_repository", "writes_outside",
             "opens_a_socket", "starts_a_process"]  # fmt: skip
    shut = [f"{name} = lambda: False\n" for name in doors if name != doors[door]]
    file = tmp_path / "attack.py"
    file.write_text(text.replace("for door in", "".join(shut) + "for door in"))
    names = subprocess.run(
        [sys.executable, "-c", f"exec(open({str(file)!r}).read()); print(roc_auc)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert "function roc_auc" in names.stdout


def test_a_sandbox_that_leaks_is_seen(monkeypatch, tmp_path):
    leaky = canary.attack(AUC, tmp_path / "leak")
    assert b"roc_auc" in leaky
    monkeypatch.setattr(
        canary, "attack", lambda entry, leak: entry.solution.read_bytes()
    )
    assert "was not stopped: passed" in canary.prove(AUC, 1, tmp_path)


CHECKS = [
    {"name": name, "verdict": "passed", "rubric": "correctness"} for name in "abc"
]


@pytest.mark.parametrize(
    ("checks", "sandbox", "verdict"),
    [
        (CHECKS, "bubblewrap", "passed"),
        (CHECKS[:2], "bubblewrap", "grader error"),
        ([*CHECKS, CHECKS[0]], "bubblewrap", "grader error"),
        (CHECKS[::-1], "bubblewrap", "grader error"),
        ([], "bubblewrap", "grader error"),
        (CHECKS, "process", "grader error"),
        (CHECKS, "", "grader error"),
        (CHECKS, "none needed", "grader error"),
    ],
)
def test_what_is_not_whole_is_our_fault(checks, sandbox, verdict):
    result = Result(Job(AUC, Path("x.py"), 1), checks, 1.0, sandbox)
    assert closed(result, ["a", "b", "c"]).verdict == verdict


def test_a_grader_that_announces_nothing_is_our_fault():
    result = Result(Job(AUC, Path("x.py"), 1), CHECKS, 1.0, "bubblewrap")
    assert closed(result, []).verdict == "grader error"
