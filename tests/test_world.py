"""The verb `world`: what a candidate sees of a design in public worlds."""

import subprocess
import sys

import pytest

from tests.conftest import ROOT, Repository

SOLUTION = """
class System:
    def guess(self, number):
        print("asked", number)
        return number
"""
GRADER = """
from graders.ml_system_design.production.measures import at_least
from graders.ml_system_design.production.running import Measured, demand, measuring

test_contract = contract("System.guess", lambda m: m.System().guess(1), returns=int)

def run_worlds(run, rules, rng):
    system, hits = run.submission.System(), 0
    for day in run.worlds(range(10)):
        run.place = f"guess on day {day}"
        number = int(rng.integers(10**6))
        guess = system.guess(number)
        if not isinstance(guess, int):
            raise Wrong(f"in {run.place}: {guess!r} is no number")
        hits += guess == number
    line = at_least("hits", hits / 10, 0.5, f"The last number was {number}.")
    return Measured({"hits": line})

measured = measuring(run_worlds)

@pytest.mark.world
def test_lives(measured, exhibit):
    '''Gets through all days.'''
    exhibit(str(measured()))

def test_hits(measured):
    '''Hits often enough.'''
    demand(measured().lines["hits"])
"""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    """Give a copy of the harness with a toy that runs in a world."""
    repository = Repository(tmp_path_factory.mktemp("world"))
    room = repository.write("graders/ml_system_design/production/x", "").parent
    source = ROOT / room.relative_to(repository.root)
    for file in source.glob("*.py"):
        repository.write(room / file.name, file.read_text("utf-8"))
    repository.toy(SOLUTION, GRADER)
    return repository


def test_a_world_shows_what_was_printed_and_measured(repository):
    repository.toy(SOLUTION, GRADER)
    done = repository.run("world", "toy", "--seed", 3)
    lines = done.out.splitlines()
    assert lines[0] == "printed: -- world 1 --"
    asked = [line for line in lines if line.startswith("printed: asked ")]
    assert len(asked) == 10
    assert any(line.split() == ["hits", "100", "%", ">=", "50", "%", "ok"]
               for line in lines)  # fmt: skip
    assert lines[-1] == "again: nox -s world -- toy --seed 3"
    assert (done.code, done.err) == (0, "")

    again = repository.run("world", "toy", "--seed", 3).out
    assert again == done.out
    assert asked[0] not in repository.run("world", "toy", "--seed", 4).out


def test_a_world_is_shown_before_another_function_is_written(repository):
    more = 'def plan() -> int:\n    """Plan."""\n    {}\n'
    repository.toy(
        more.format("return 1") + SOLUTION,
        GRADER + "\ntest_contract_plan = contract('plan', {}, returns=int)\n",
        more.format("raise NotImplementedError") + SOLUTION,
    )
    done = repository.run("world", "toy")
    assert "hits" in done.out
    assert done.code == 0


def test_a_level_that_is_missed_is_shown_and_no_verdict(repository):
    repository.toy(SOLUTION, GRADER, SOLUTION.replace("number\n", "number + 1\n"))
    done = repository.run("world", "toy")
    assert "FAILS" in done.out
    assert "hits: 0 %; at least 50 % is needed. The last number was" in done.out
    assert done.code == 0
    graded = repository.grade()
    assert graded.checks["hits"]["message"].startswith("hits: 0 %; at least 50 %")
    assert graded.code == 1


def test_no_grading_has_the_worlds_of_a_public_seed(repository):
    repository.toy(SOLUTION, GRADER, SOLUTION.replace("number\n", "number + 1\n"))
    answer = repository.write("answer.py", SOLUTION)
    public = repository.run("world", "toy", "--seed", 5, "--submission", answer).out
    graded = repository.grade("--seed", 5).checks["hits"]["message"]
    last = graded.split()[-1].rstrip(".")
    assert f"asked {last}" not in public
    assert repository.run("world", "toy", "--seed", "-5").code == 2


def test_a_run_that_ends_early_says_where(repository):
    repository.toy(SOLUTION, GRADER, SOLUTION.replace("number\n", "None\n"))
    done = repository.run("world", "toy")
    assert "required: Gets through all days; this is guess on day 0 of" in done.out
    assert "None is no number" in done.out
    assert "printed: asked " in done.out
    assert done.code == 1
    repository.toy(
        SOLUTION,
        GRADER,
        SOLUTION.replace("return number", "return number if number % 7 else None"),
    )
    done = repository.grade("--seed", 1)
    assert "is no number" in done.checks["lives"]["message"]
    told = done.checks["hits"]["message"]
    assert "nothing was measured" in told
    assert "guess on day" in told
    assert done.code == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["roc"], "no exercise, topic or round is called 'roc'"),
        (["toy", "--seed", "x"], "not a whole number of 0 or more: 'x'"),
        (["toy", "--submission", "no/such.py"], "there is no file no/such.py"),
    ],
)
def test_a_wrong_command_is_one_line(repository, arguments, why):
    done = repository.run("world", *arguments)
    assert done.err.splitlines()[-1].startswith(("world: ", "python -m graders world"))
    assert why in done.err
    assert (done.code, done.out) == (2, "")


def test_an_exercise_without_a_world_names_those_with_one(repository):
    repository.toy(SOLUTION, GRADER.replace("@pytest.mark.world\n", ""))
    done = repository.run("world", "toy")
    assert done.err == "world: toy runs in no world; no exercise does\n"
    assert done.code == 2


JUDGE = """
import sys
from tests.dev.judge import judge

same = {"name": "toy", "ask": "all", "in_process": False, "first": [], "kills": {}}
jobs = [same | {"number": n, "file": f, "seed": n} for n, f in enumerate(sys.argv[1:])]
for result in judge(jobs, 1):
    print(result["verdict"], *(check["message"] for check in result["checks"]))
"""


def test_judging_many_answers_runs_the_worlds_once_for_each(repository):
    runs = repository.root / "runs"
    log = f"open({str(runs)!r}, 'a').write('once ')"
    grader = GRADER.replace("    system, hits", f"    {log}\n    system, hits")
    repository.toy(SOLUTION, grader)
    repository.add_tools()
    wrong = SOLUTION.replace("return number", "return number + 1")
    files = [repository.write("0.py", SOLUTION), repository.write("1.py", wrong)]
    command = [sys.executable, "-c", JUDGE, *map(str, files)]
    done = subprocess.run(command, cwd=repository.root, capture_output=True, text=True)
    right, other = done.stdout.splitlines()
    assert right.split() == ["passed"]
    assert other.startswith("failed")
    assert "hits: 0 %; at least 50 %" in other
    assert runs.read_text().split() == ["once", "once"]
