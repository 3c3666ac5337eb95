"""The command line: what it takes, what it prints, what its exit code says."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from xml.etree import ElementTree

import pytest

from tests.conftest import SHEET
from tests.test_seam import ADD, CHECK_ADD

WRONG = "def add(one, other):\n    return 0"


@pytest.fixture
def toy(repository):
    """A repository whose exercise passes."""
    repository.toy(ADD, CHECK_ADD)
    return repository


def test_an_unknown_name_is_one_line_with_the_nearest_names(toy):
    done = toy.run("grade", "tyo")
    assert done.code == 2
    assert done.out == ""
    assert len(done.err.splitlines()) == 1
    assert "'tyo'" in done.err
    assert "toy" in done.err


@pytest.mark.parametrize("name", ["toy", "toys", "ml_coding", "ml_coding/toys"])
def test_exercises_topics_and_rounds_have_names(toy, name):
    done = toy.run("grade", name)
    assert done.code == 0
    assert "passed       toy" in done.out


def test_nothing_begun_tells_what_there_is_and_how_to_begin(toy):
    toy.toy(DOCUMENTED, CHECK_ADD)
    assert toy.run("stubs", "--force").code == 0
    done = toy.run("grade")
    assert done.code == 0
    assert "toy, 10 min: Toy" in done.out
    for command in ("watch", "list", "practice -- toy", "grade -- toy"):
        assert f"nox -s {command} " in done.out


DOCUMENTED = '''
def add(one: int, other: int) -> int:
    """Return the sum.

    Example:
        >>> add(2, 3)
        5
    """
    return one + other
'''


def test_what_is_begun_is_graded_without_being_named(toy):
    toy.toy(DOCUMENTED, CHECK_ADD, DOCUMENTED.replace("+", "-"))
    done = toy.run("grade")
    assert done.code == 1
    assert "failed       toy" in done.out


def test_a_solution_that_gives_no_stub_is_one_line(toy):
    toy.write("solutions/ml_coding/toys/toy.py", '"""Toy."""\ndef add(): ...\n')
    done = toy.run("grade")
    assert (done.code, done.out) == (2, "")
    why = "solutions/ml_coding/toys/toy.py: line 2: add has no docstring"
    assert done.err == f"grade: {why}\n"


def test_a_named_exercise_that_is_not_started_fails(toy):
    toy.toy(DOCUMENTED, CHECK_ADD)
    toy.run("stubs", "--force")
    done = toy.grade()
    assert done.code == 1
    assert done.results["exercises"][0]["verdict"] == "not started"


def test_from_grades_a_tree_that_mirrors_exercises(toy):
    toy.toy(DOCUMENTED, CHECK_ADD, WRONG)
    assert toy.run("grade").code == 1
    assert toy.run("grade", "--from", "solutions").code == 0
    done = toy.run("grade", "--from", "nowhere")
    assert (done.code, done.err) == (2, "grade: nowhere is no folder\n")
    done = toy.run("grade", "--from", "graders")
    assert done.code == 2
    assert "mirror" in done.err


def test_a_file_that_is_not_there_is_not_started(toy):
    (toy.root / "exercises/ml_coding/toys/toy.py").unlink()
    done = toy.grade()
    assert done.code == 1
    assert done.results["exercises"][0]["verdict"] == "not started"
    assert "there is no file" in done.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["toy", "--submission", "nowhere.py"], "nowhere.py is no file"),
        (["toy", "--submission", "solutions"], "solutions is a folder"),
        (["--submission", "pyproject.toml"], "the name of one exercise"),
        (["toy", "--json", "nowhere/x.json"], "no folder to write nowhere/x.json in"),
        (["toy", "--seed", "-1"], "'-1'"),
        (["toy", "--seed", "x"], "'x'"),
        (["toy", "--sandbox", "maybe"], "'maybe'"),
        (["toy", "--nonesuch"], "--nonesuch"),
        (["toy", "--", "--nonesuch"], "--nonesuch"),
        (["toy", "--", "-k", "nonesuch"], "deselected"),
    ],
)
def test_a_wrong_command_is_told_in_a_line(toy, arguments, message):
    done = toy.run("grade", *arguments)
    assert done.code == 2
    assert message in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"def add(:\n", "SyntaxError"),
        ("# caf\u00e9\n".encode("latin-1"), "not UTF-8: byte 0xe9 in line 1"),
        (b"# coding: nonesuch\n", "SyntaxError"),
        (b"x = 1\0\n", "null bytes"),
        (b"#" * 10_000_000, "larger than 1 MB"),
        (b"(" * 100_000, "could not load"),
        (b"", "no function called add"),
    ],
    ids=["syntax", "latin-1", "no such coding", "NUL", "10 MB", "brackets", "empty"],
)
def test_a_bad_file_is_one_clear_line(toy, content, message):
    file = toy.root / "answer.py"
    file.write_bytes(content)
    done = toy.run("grade", "toy", "--submission", file)
    assert done.code == 1
    assert "could not load" in done.out
    assert message in done.out
    assert "graders/harness" not in done.out + done.err


def test_a_file_in_another_encoding_that_says_so_loads(toy):
    file = toy.root / "answer.py"
    text = "# coding: latin-1\nname = 'caf\u00e9'\n" + ADD
    file.write_bytes((text + "assert len(name) == 4\n").encode("latin-1"))
    assert toy.run("grade", "toy", "--submission", file).code == 0


def test_json_has_the_documented_schema(toy):
    toy.toy(ADD, CHECK_ADD, WRONG)
    done = toy.grade("--seed", 123)
    assert done.results["schema"] == 1
    assert done.results["seed"] == 123
    assert done.results["sandbox"] in ("bubblewrap", "process")
    (exercise,) = done.results["exercises"]
    assert {"name", "round", "topic", "verdict", "seconds", "checks"} <= set(exercise)
    assert (exercise["round"], exercise["topic"]) == ("ml_coding", "toys")
    assert exercise["verdict"] == "failed"
    (check,) = exercise["checks"]
    assert {"name", "sentence", "rubric", "verdict", "seconds", "call", "got",
            "expected", "mistake", "output"} <= set(check)  # fmt: skip
    assert (check["name"], check["sentence"]) == ("test_adds", "Adds.")
    assert check["rubric"] == "correctness"


def test_junit_is_xml_that_says_the_same(toy):
    toy.toy(ADD, CHECK_ADD, "def add(a, b):\n    print('\\x00\\x1b')\n    return 0")
    file = toy.root / "results.xml"
    toy.run("grade", "toy", "--junit", file)
    suite = ElementTree.parse(file).getroot()[0]
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (
        "toy",
        "1",
        "1",
    )
    assert suite[0][0].get("message") == "wrong"


def test_the_last_line_repeats_the_grading(toy):
    toy.toy(ADD, CHECK_ADD, WRONG)
    done = toy.run("grade", "toy", "--seed", 9, "--sandbox", "off", "-x")
    assert done.out.splitlines()[-1] == (
        "again: nox -s grade -- toy --seed 9 --sandbox=off -x"
    )


GOLDEN = Path(__file__).parent / "golden" / "report.json"


def test_json_is_as_documented_to_the_letter(toy):
    wrong = "def add(one, other):\n    print('adds')\n    return one * other"
    toy.toy(ADD, CHECK_ADD, wrong)
    report = toy.grade("--seed", 7, "--sandbox", "off").results
    [exercise] = report["exercises"]
    exercise["seconds"] = exercise["checks"][0]["seconds"] = 0.0
    exercise["checks"][0]["megabytes"] = 0.0
    assert report == json.loads(GOLDEN.read_text("utf-8"))


TWO_CHECKS = """
def test_one(submission):
    check(submission.same([1] * 300), [1] * 300)

def test_two(submission):
    check(submission.same([2] * 300), [2] * 300)
"""


def test_verbose_shows_every_failure_whole(toy):
    same = "def same(values):\n    return values"
    toy.toy(same, TWO_CHECKS, f"{same}[1:]")
    short, whole = toy.run("grade", "toy"), toy.run("grade", "toy", "--verbose")
    assert "<list of 300: 1, 1, 1, ..., 1>" in short.out
    assert f"same({[1] * 300})" in whole.out
    assert f"same({[2] * 300})" in whole.out


def test_paths_are_those_of_where_nox_was_called(toy, tmp_path_factory):
    folder = tmp_path_factory.mktemp("elsewhere")
    (folder / "mine.py").write_text(ADD, "utf-8")
    env = {"KATAS_INVOKED_FROM": str(folder)}
    done = toy.run("grade", "toy", "--submission", "mine.py", "--json", "r.json",
                   env=env)  # fmt: skip
    assert done.code == 0
    assert done.out.splitlines()[-1].endswith("--submission mine.py")
    assert json.loads((folder / "r.json").read_text("utf-8"))["schema"] == 1


def test_after_a_pass_it_says_what_comes_next(toy):
    sheet = '[[follow_ups]]\nquestion = "And three of them?"\nanswer = "Twice."\n'
    toy.toy(ADD, CHECK_ADD, sheet=sheet)
    toml = toy.root / "graders/ml_coding/toys/toy.toml"
    toml.write_text(toml.read_text("utf-8").replace("follow_ups = []\n", ""), "utf-8")
    done = toy.run("grade", "toy")
    assert "And three of them?" in done.out
    assert "Twice" not in done.out
    assert "next: nox -s solution -- toy (with its lesson); " in done.out
    assert "1 of 1 exercise passed" in done.out


def test_files_of_ones_own_take_nobodys_place(toy):
    for name in ("random", "types", "queue", "numpy", "pytest", "token", "secrets"):
        toy.write(f"{name}.py", "raise SystemExit('not this one')")
    done = subprocess.run(
        [sys.executable, "-P", "graders/__main__.py", "grade", "toy"],
        cwd=toy.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout


@pytest.mark.parametrize(
    ("redirection", "message"),
    [(">/dev/full", "No space left"), (">&-", "standard output is closed")],
)
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_stream_that_takes_nothing_is_one_line(toy, redirection, message):
    done = subprocess.run(
        ["sh", "-c", f"exec {sys.executable} -m graders grade toy {redirection}"],
        cwd=toy.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert message in done.stderr


def test_a_report_that_cannot_be_written_is_one_line(toy):
    done = toy.run("grade", "toy", "--json", "/proc/nothing.json")
    assert done.code == 2
    assert len(done.err.splitlines()) == 1
    assert "1 of 1 exercise passed" in done.out


ENDLESS = """
import os, pathlib, time
pathlib.Path("grader").write_text(str(os.getpid()))
time.sleep(600)
"""


@pytest.fixture
def endless(toy):
    """A grading that never ends: its command, and its grader's process."""
    toy.toy(ADD, ENDLESS + CHECK_ADD)
    command = [sys.executable, "-m", "graders", "grade", "toy", "--json", toy.json]
    process = subprocess.Popen(
        command,
        cwd=toy.root,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=_as_in_a_terminal,
    )
    note = toy.root / "grader"
    _wait_until(lambda: note.exists() and note.read_text())
    yield SimpleNamespace(process=process, grader=int(note.read_text()))
    process.kill()
    process.communicate()


def _as_in_a_terminal():
    """Heed the signals that a job in the background is made to ignore."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


def _wait_until(holds):
    """Wait for something that happens in another process, however slow it is."""
    end = time.monotonic() + 120
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)


def _is_gone(number):
    try:
        state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    return state == "Z"


linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


@linux
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_interrupted_it_says_what_was_not_graded_and_leaves_no_process(
    toy, endless, number
):
    endless.process.send_signal(number)
    out, _ = endless.process.communicate(timeout=60)
    assert endless.process.returncode == 128 + number
    assert "not graded: toy" in out
    assert json.loads(toy.json.read_text("utf-8"))["exercises"] == []
    _wait_until(lambda: _is_gone(endless.grader))


@linux
def test_gradings_end_with_the_command_however_it_ends(endless):
    endless.process.kill()
    _wait_until(lambda: _is_gone(endless.grader))


def test_first_failure_stops(toy):
    toy.toy(
        ADD, CHECK_ADD + "\ndef test_more(submission):\n    assert False, 'no'\n" * 1
    )
    done = toy.grade("-x", "--from", "solutions")
    assert set(done.checks) == {"adds", "more"}
    toy.toy(
        ADD, CHECK_ADD + "\ndef test_more(submission):\n    assert False, 'no'\n", WRONG
    )
    assert set(toy.grade("-x").checks) == {"adds"}


def test_the_environment_cannot_change_a_verdict(toy):
    toy.toy(ADD, CHECK_ADD, WRONG)
    meddling = {
        "PYTEST_ADDOPTS": "--collect-only -k nothing",
        "PYTEST_PLUGINS": "nonesuch",
        "PYTEST_TIMEOUT": "0.0001",
        "CI": "true",
    }
    assert toy.grade(env=meddling).checks["adds"]["verdict"] == "wrong"
    assert toy.grade("--from", "solutions", env=meddling).code == 0


def test_the_isolation_that_is_asked_for_is_used(toy):
    done = toy.grade("--sandbox", "off")
    assert done.results["sandbox"] == "process"
    assert "isolation: process" in done.out


def test_required_fails_closed_where_bubblewrap_is_missing(toy, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    done = toy.run("grade", "toy", "--sandbox=required", env={"PATH": str(empty)})
    assert done.code == 3
    assert "bubblewrap is required" in done.out
    done = toy.grade("--sandbox=auto", env={"PATH": str(empty)})
    assert done.code == 0
    assert done.results["sandbox"] == "process"


def test_a_bubblewrap_that_does_not_work_is_not_used(toy, tmp_path):
    broken = toy.write(
        "bin/bwrap", "#!/bin/sh\necho 'no namespaces here' >&2\nexit 1\n"
    )
    broken.chmod(0o755)
    path = {"PATH": f"{broken.parent}:{os.environ['PATH']}"}
    done = toy.run("grade", "toy", "--sandbox=required", env=path)
    assert done.code == 3
    assert "no namespaces here" in done.out
    done = toy.grade("--sandbox=auto", env=path)
    assert done.code == 0
    assert done.results["sandbox"] == "process"


def test_verbs_are_listed_and_unknown_ones_refused(toy):
    done = toy.run("--help")
    assert done.code == 0
    for verb in ("grade", "debug", "practice", "mock"):
        assert f"  {verb} " in done.out
    assert toy.run("nonesuch").code == 2


def test_a_python_without_the_packages_is_one_line(toy):
    done = subprocess.run(
        [sys.executable, "-S", "-m", "graders", "grade", "toy"],
        cwd=toy.root,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "has no numpy, pytest, hypothesis, pytest_timeout; nox -s" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_results_files_are_whole_or_absent(toy):
    file = toy.root / "results.json"
    file.write_text("old", "utf-8")
    toy.run("grade", "toy", "--json", file)
    assert json.loads(file.read_text("utf-8"))["schema"] == 1
    assert not list(toy.root.glob("*.draft"))


def test_debug_steps_into_the_answer_with_the_failing_input(toy):
    toy.toy(ADD, CHECK_ADD, "def add(one, other):\n    total = 0\n    return total")
    done = subprocess.run(
        [sys.executable, "-m", "graders", "debug", "toy"],
        cwd=toy.root,
        input="p one, other\nq\n",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert "-> total = 0" in done.stdout
    assert "(2, 3)" in done.stdout
    assert "Traceback" not in done.stderr


def test_debug_leaves_the_stepping_to_an_editor(toy):
    toy.toy(ADD, CHECK_ADD, "def add(one, other):\n    print('steps', one)\n    1 / 0")
    done = toy.run("debug", "toy", "--editor")
    assert done.code == 1
    assert done.out.endswith("steps 2\nZeroDivisionError: division by zero\n")
    assert not done.err


def test_what_a_grader_shows_stands_under_the_result_and_in_the_json(toy):
    shows = """
    def test_shows(submission, exhibit):
        '''Adds, and shows it.'''
        check(submission.add(1, 2), 3)
        exhibit("day   money\\n  1   #####")
    """
    toy.toy(ADD, shows)
    done = toy.grade()
    assert done.code == 0
    assert "  day   money\n    1   #####\n" in done.out
    [graded] = done.results["exercises"]
    assert graded["exhibit"] == "day   money\n  1   #####"


def test_a_failure_keeps_the_table_on_its_screen_and_leaves_the_plots_out(toy):
    checks = """
    import pytest

    def test_shows(submission, exhibit):
        '''Shows what was measured.'''
        exhibit("\\n".join(f"row {i}" for i in range(20)) + "\\n\\nplot")

    @pytest.mark.parametrize("one", range(9))
    def test_adds(submission, one):
        '''Adds.'''
        check(submission.add(one, 2), one + 2)

    def test_shifts(submission):
        '''Grows with the first number.'''
        assert submission.add(3, 2) > submission.add(1, 2), "it does not grow"
    """
    toy.toy(ADD, checks, "def add(one, other):\n    return [7] * 300")
    brief, whole = toy.grade(), toy.grade("--verbose")
    assert brief.code == whole.code == 1
    assert len(brief.out.splitlines()) <= 40
    assert "wrong; required: Adds" in brief.out
    assert "  row 0\n" in brief.out
    assert "  row 19\n  --verbose shows the rest\n" in brief.out
    assert "  row 19\n\n  plot\n" in whole.out


@pytest.fixture
def motto(repository):
    """A repository whose exercise is a text."""
    repository.write(
        "solutions/behavioral/texts/motto.md", "# Motto\n\n## Yours\n\nBe!\n"
    )
    repository.write("exercises/behavioral/texts/motto.md", "# Motto\n\n## Yours\n")
    repository.write(
        "graders/behavioral/texts/test_motto.py",
        """\
        def test_ends(submission):
            '''Ends with an exclamation mark.'''
            text = submission.text.rstrip()
            assert text.endswith("!"), f"it ends with {text[-1:]!r}"
        """,
    )
    repository.write("graders/behavioral/texts/motto.toml", SHEET + "[mistakes]\n")
    return repository


@pytest.mark.parametrize(
    ("text", "code", "verdict", "message"),
    [
        (b"# Motto\n\n## Yours\n", 1, "not started", "unchanged stub"),
        (b"Go!", 0, "passed", ""),
        (b"\xef\xbb\xbfGo!\r\n", 0, "passed", ""),
        (b"Go?", 1, "wrong", "it ends with '?'"),
        (b"", 1, "wrong", "it ends with ''"),
        (b"\xff\xfe!", 1, "could not load", "not UTF-8"),
        (b"!" * 60_001, 1, "could not load", "the file is larger than 60 kB"),
    ],
    ids=[
        "stub",
        "right",
        "from an editor on Windows",
        "wrong",
        "empty",
        "bytes",
        "large",
    ],
)
def test_a_text_is_graded_as_code_is(motto, text, code, verdict, message):
    file = motto.root / "mine.md"
    file.write_bytes(text)
    done = motto.run("grade", "motto", "--submission", file, "--json", motto.json)
    assert done.code == code
    assert "isolation: none needed" in done.out
    [graded] = json.loads(motto.json.read_text())["exercises"]
    [check] = graded["checks"]
    assert check["verdict"] == verdict
    assert message in check["message"]


def test_a_text_has_nothing_to_step_through(motto):
    motto.write("exercises/behavioral/texts/motto.md", "Go?")
    done = motto.run("debug", "motto")
    assert done.code == 1
    assert "no failing call to step through" in done.out
