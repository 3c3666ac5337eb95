"""The mutation of solutions, with a grader that is made up."""

import ast
import io
import json
import re
from types import SimpleNamespace

import pytest

from tests.dev.jobs import Result
from tests.dev.mutation import command, report
from tests.dev.mutation.equivalents import (
    Design,
    Equivalent,
    as_entry,
    read_equivalents,
)
from tests.dev.mutation.mutants import mutants
from tests.dev.mutation.operators import operators
from tests.dev.mutation.study import study
from tests.dev.progress import Progress

SOLUTION = '''"""Ranks."""

import numpy as np

_EPS = 1e-9


def ranks(x):
    """Return ranks."""
    return _scaled(x, len(x))


def _scaled(x, n):
    return np.argsort(x, axis=0) / max(n, _EPS)
'''


def becomes(operator: str, body: str, head: str = "def f(x, y):") -> set[str]:
    """Return what one operator makes of a function's body."""
    source = f"{head}\n    {body}\n"
    found = mutants(source, using={operator: operators()[operator]})
    return {mutant.becomes for mutant in found}


@pytest.mark.parametrize(
    ("operator", "body", "expected"),
    [
        ("axis", "x.sum(axis=0)", {"x.sum(axis=1)", "x.sum(axis=-1)", "x.sum()"}),
        ("axis", "x.sum(axis=1)", {"x.sum(axis=0)", "x.sum()"}),
        ("axis", "x.sum(axis=-1)", {"x.sum(axis=0)", "x.sum()"}),
        ("axis", "np.sum(x, axis=2)", {"np.sum(x)"}),
        ("axis", "np.sum(axis=y, a=x)", {"np.sum( a=x)"}),
        ("axis", "np.sort(x, axis=-1)", {"np.sort(x, axis=0)"}),
        ("ddof", "x.std(ddof=1)", {"x.std(ddof=0)"}),
        ("ddof", "x.std(ddof=0)", {"x.std(ddof=1)"}),
        ("ddof", "x.std(ddof=y)", {"x.std()"}),
        ("ddof", "x.var()", {"x.var(ddof=1)"}),
        ("ddof", "np.var(x, 0,)", {"np.var(x, 0, ddof=1)"}),
        ("keepdims", "x.max(keepdims=True)", {"x.max(keepdims=False)"}),
        ("keepdims", "x.max(keepdims=y)", {"x.max()"}),
        ("keepdims", "x.max(axis=1)", {"x.max(axis=1, keepdims=True)"}),
        ("keepdims", "x.max()", set()),
        ("epsilon", "y = x + 1e-12", {"y = x + 0.0", "y = x + 1e-09"}),
        ("epsilon", "y = x + 0.5", set()),
        ("epsilon", "y = np.finfo(float).eps",
         {"y = 0.0", "y = (1000 * np.finfo(float).eps)"}),
        ("dtype", "y = np.float64(x)", {"y = np.float32(x)"}),
        ("dtype", "y = float(x)", {"y = int(x)"}),
        ("dtype", "x.astype(float)", {"x.astype(int)", "x.astype(np.float32)"}),
        ("dtype", "np.zeros(3, dtype='float64')",
         {"np.zeros(3, dtype='float32')", "np.zeros(3)"}),
        ("dtype", "y: float = x", set()),
        ("in_place", "x = x - y", {"x -= y"}),
        ("in_place", "x = x - y + 1", {"x -= y; x += 1"}),
        ("in_place", "x = x / y", {"x /= y"}),
        ("in_place", "x = x @ y", {"x @= y"}),
        ("in_place", "self.w = self.w - y", {"self.w -= y"}),
        ("in_place", "x = y - x", set()),
        ("in_place", "z = z - y", set()),
        ("copy", "z = x.copy()", {"z = x"}),
        ("copy", "z = x.copy().sum()", {"z = x.sum()"}),
        ("copy", "z = np.copy(x)", {"z = np.asarray(x)"}),
        ("copy", "z = np.array(x, float)", {"z = np.asarray(x, float)"}),
        ("copy", "z = np.array([1, 2])", set()),
        ("twins", "z = np.maximum(x, y)", {"z = np.minimum(x, y)"}),
        ("twins", "z = np.minimum.accumulate(x)", {"z = np.maximum.accumulate(x)"}),
        ("twins", "z = min(x)", {"z = max(x)"}),
        ("twins", "max = 3", set()),
        ("sort", "z = np.sort(x, axis=0)", {"z = np.sort(x, axis=0)[::-1]", "z = x"}),
        ("sort", "z = sorted(x, key=len)",
         {"z = sorted(x, key=len)[::-1]", "z = list(x)"}),
        ("sort", "z = x.argsort(kind='stable')",
         {"z = x.argsort(kind='stable')[::-1]", "z = x.argsort()"}),
        ("sort", "x.sort()", set()),
        ("side", "np.searchsorted(x, y)", {'np.searchsorted(x, y, side="right")'}),
        ("side", "x.searchsorted(y, side='right')",
         {'x.searchsorted(y, side="left")'}),
        ("augmented", "x += y", {"x -= y", "x = y"}),
        ("augmented", "x **= y", {"x = y"}),
        ("augmented", "x = y", set()),
        ("matmul", "z = x @ y.T", {"z = x * y.T", "z = x @ y"}),
        ("statement", "check(x)", {"pass"}),
        ("statement", "x", set()),
    ],
)  # fmt: skip
def test_our_operators_make_the_mistake(operator, body, expected):
    """Each of our operators turns a statement into what it says, and no more."""
    assert becomes(operator, body) == expected


def test_the_librarys_operators_are_those_that_make_sense():
    """Comparisons and arithmetic stay among themselves; `<` turns into `<=`."""
    found = mutants("def f(x, y):\n    return x + 1 if x < y else y\n")
    texts = {mutant.becomes for mutant in found}
    assert "return x + 1 if x <= y else y" in texts
    assert "return x - 1 if x < y else y" in texts
    assert "return x + 2 if x < y else y" in texts
    assert not any(re.search(r" is |<<|>>|\||&|\^", text) for text in texts)


@pytest.mark.parametrize(
    "source",
    [
        "__all__ = ['f'][0:1]\n",
        "LIMIT = 3 + 4\n",
        "LIMIT: int | None = 3\n",
        "def f(x: int | None = 1 + 2, *, y=1e-9) -> int | float: return None\n",
        "def f(x):\n    '''Return 1 + 1 < 3.'''\n",
        "def f():\n    'float64'\n",
        "def f(x):\n    y: 'int | float'\n    z: tuple[1, 2] = x\n",
        "@dataclass(frozen=True)\nclass A:\n    a: int | None = 3\n    b: int = 2\n",
        "class A:\n    def __init__(self, a: float = 1.0) -> None | int: pass\n",
        "class A:\n    @property\n    def size(self): return self\n",
        "class A:\n    __slots__ = ('a',) + ('b',)\n",
        "def f(x):\n    raise ValueError(f'{x + 1} of {len(x) - 1}: {x < 3}')\n",
        "def f(x):\n    def g(y: int | None) -> int | None: return y\n",
        "if 1 < 2:\n    import numpy\n",
    ],
)
def test_what_is_not_the_candidates_stays(source):
    """Signatures, annotations, docstrings and messages are never spoilt."""
    assert mutants(source) == []


@pytest.mark.parametrize(
    "source",
    [
        "_LIMIT = 3\n",
        "_LIMIT: int | None = 3\n",
        "def _f(x=3): pass\n",
        "def f():\n    def g(y=3): pass\n",
        "class _A:\n    size: int = 3\n",
        "class A:\n    _size = 3\n",
        "class A:\n    def _f(self, x=3): pass\n",
        "class A:\n    def f(self): return 3\n",
        "def f(): return f'{3}'\n",
        "f = 0\ndef g(x: int | None):\n    y: int | None = 3\n",
    ],
)
def test_what_is_the_candidates_is_spoilt(source):
    """A 3 in a body, or of a private thing, turns into 4 and 2."""
    found = mutants(source)
    assert {ast.dump(ast.parse(m.source)) for m in found} == {
        ast.dump(ast.parse(source.replace("3", digit))) for digit in "24"
    }


def test_a_private_decorator_can_be_lost():
    """What a private helper is decorated with is the candidate's own."""
    source = "@cache\ndef _f(x): return x\n"
    assert [m.source for m in mutants(source)] == ["def _f(x): return x\n"]


def test_diffs_apply_exactly():
    """The diff that is shown, applied to the solution, gives what was graded."""
    found = mutants(SOLUTION)
    assert len(found) > 10
    for mutant in found:
        assert patched(SOLUTION, mutant.diff) == mutant.source
        assert SOLUTION.splitlines()[mutant.line - 1].strip() == mutant.was


def patched(source: str, diff: str) -> str:
    """Apply a unified diff whose context must agree."""
    lines = source.splitlines()
    out: list[str] = []
    for line in diff.splitlines()[2:]:
        if line.startswith("@@"):
            at = int(re.search(r"-(\d+)", line)[1]) - 1
            out += lines[len(out) : at]  # one hunk, so that nothing has moved yet
            rest = lines[at:]
            continue
        if line[0] in " -":
            assert rest.pop(0) == line[1:]
        if line[0] in " +":
            out.append(line[1:])
    return "\n".join(out + rest) + "\n"


def test_mutants_differ_from_each_other_and_from_the_solution():
    """A change of layout alone, or one that another operator made, is dropped."""
    meanings = [ast.dump(ast.parse(m.source)) for m in mutants(SOLUTION)]
    assert len(set(meanings)) == len(meanings)
    assert ast.dump(ast.parse(SOLUTION)) not in meanings
    assert becomes("augmented", "x -= y; x = y") == {"x += y; x = y", "x = y; x = y"}
    alone = mutants("def f(x): return x.sum(axis=0)\n")
    texts = [mutant.becomes.replace(" ", "") for mutant in alone]
    assert texts.count("deff(x):returnx.sum(axis=1)") == 1


def test_every_mutant_compiles():
    """What is no Python any more teaches nothing."""
    source = "def f(*a, **k):\n    return [*a], {**k}, f(*a, **k), a[::2], (yield)\n"
    for mutant in mutants(source) + mutants(SOLUTION):
        compile(mutant.source, "mutant", "exec")


def test_a_statement_that_the_library_cannot_read_is_refused():
    """Rather than leaving some of a solution unspoilt without a word."""
    with pytest.raises(ValueError, match="line 2 cannot be mutated: match x:"):
        mutants("def f(x):\n    match x:\n        case 1:\n            return 2\n")


# Equivalents.


def test_an_entry_survives_a_round_trip_and_asks_for_a_reason(tmp_path):
    """What the report offers can be pasted, once it has a reason."""
    file = tmp_path / "toy.toml"
    mutant = mutants("def f(x):\n    return x['a'] < \"\\n\"\n")[0]
    file.write_text(as_entry(mutant), "utf-8")
    with pytest.raises(ValueError, match="needs was, becomes and a why"):
        read_equivalents(file)
    file.write_text(as_entry(mutant).replace('why = ""', 'why = "So."'), "utf-8")
    [entry] = read_equivalents(file)
    assert entry.matches(mutant)
    assert entry.why == "So."


def test_white_space_does_not_matter_and_all_else_does():
    """An entry may be written tidily where the mutant is not."""
    mutant = mutants("def f(x):\n    return x[1]\n")[0]
    assert mutant.becomes == "return x[ 2]"
    assert Equivalent("return x[1]", "return x[2]", "").matches(mutant)
    assert not Equivalent("return x[1]", "return x[3]", "").matches(mutant)
    assert not Equivalent("return y[1]", "return x[2]", "").matches(mutant)


def test_no_file_has_no_entries_and_a_wrong_one_is_refused(tmp_path):
    """A misspelt key is no silent nothing."""
    assert read_equivalents(tmp_path / "none.toml") == []
    (tmp_path / "toy.toml").write_text("[[equivalents]]\nwas = 'x'\n", "utf-8")
    with pytest.raises(ValueError, match="nothing but"):
        read_equivalents(tmp_path / "toy.toml")


def test_the_entries_of_the_repository_can_be_read():
    """Every file of the folder is in order."""
    for file in command.FOLDER.glob("*.toml"):
        assert read_equivalents(file)


def test_a_design_is_a_whole_definition_with_a_reason(tmp_path):
    """It covers every mutant of what it names, and of nothing else."""
    source = (
        "_K = 2\n@kept(3)\ndef _f(x): return x\nclass A:\n    def g(self): return 4\n"
    )
    assert {m.within for m in mutants(source)} == {"_K", "_f", "A"}
    assert {m.line for m in mutants(source) if m.within == "_f"} == {2}
    file = tmp_path / "toy.toml"
    file.write_text('[[design]]\nwithin = ["_K"]\nwhy = " "\n', "utf-8")
    with pytest.raises(ValueError, match="a design needs within and a why"):
        read_equivalents(file)
    file.write_text('[[design]]\nwithin = ["_K"]\nwhy = "So."\n', "utf-8")
    [design] = read_equivalents(file)
    matched = {m.becomes for m in mutants(source) if design.matches(m)}
    assert matched == {m.becomes for m in mutants(source) if m.was == "_K = 2"} != set()


# A study, with a grader that knows the answer beforehand.


def check_result(verdict: str, message: str = "") -> dict[str, str]:
    """Return a check as the harness tells of it."""
    return {"name": "test_it", "verdict": verdict, "message": message}


def grader(verdicts: dict[str, str]):
    """Return a grader that gives answers which hold a text a check's verdict."""

    def grade(jobs, **options):
        for job in reversed(list(jobs)):  # in any order
            source = job.file.read_text("utf-8")
            found = [v for text, v in verdicts.items() if text in source]
            checks = [check_result(found[0] if found else "passed", "it says so")]
            verdict = checks[0]["verdict"]
            if verdict not in ("passed", "grader error"):
                verdict = "failed"
            yield Result(job, verdict, checks, 0.1)

    return grade


TOY = "def f(x):\n    return x < 1\n"
# Of its mutants, `x <= 1` and `x < 0` are left to each test.
SEEN = {
    **dict.fromkeys(("x > 1", "x == 1", "x != 1", "x < 2"), "wrong"),
    "x >= 1": "timed out",
}


def test_mutants_are_sorted_by_what_became_of_them():
    """One that hangs is killed; survivors and the explained are told apart."""
    entry = Equivalent("return x < 1", "return x <= 1", "1 never occurs.")
    found = study("toy", TOY, mutants(TOY), [entry], grade=grader(SEEN))
    assert len(found.killed) == 5
    assert [m.becomes for m in found.survived] == ["return x < 0"]
    assert [(m.becomes, e) for m, e in found.explained] == [("return x <= 1", entry)]
    assert found.mutants == 7
    assert not found.is_sound


def test_all_killed_or_explained_is_sound():
    """Nothing is left to complain of."""
    entry = Equivalent("return x < 1", "return x <= 1", "1 never occurs.")
    verdicts = SEEN | {"x < 0": "raised"}
    assert study("toy", TOY, mutants(TOY), [entry], grade=grader(verdicts)).is_sound


def test_an_entry_without_a_mutant_is_stale():
    """The lines have changed, and the reason is no longer about anything."""
    entry = Equivalent("return x < 7", "return x <= 7", "7 never occurs.")
    verdicts = SEEN | {"x <= 1": "wrong", "x < 0": "wrong"}
    found = study("toy", TOY, mutants(TOY), [entry], grade=grader(verdicts))
    assert found.stale == [entry]
    assert not found.is_sound
    assert "STALE" in report.details(found)


def test_an_entry_whose_mutant_is_killed_is_refuted():
    """It was no equivalent after all."""
    entry = Equivalent("return x < 1", "return x > 1", "They are the same.")
    verdicts = SEEN | {"x <= 1": "wrong", "x < 0": "wrong"}
    found = study("toy", TOY, mutants(TOY), [entry], grade=grader(verdicts))
    assert found.refuted == [entry]
    assert not found.is_sound
    assert "REFUTED" in report.details(found)


def test_what_passes_within_a_design_is_explained_and_what_fails_is_killed():
    """A design lets those pass that reach every level, and has no others to answer."""
    design = Design(("f",), "Only levels are asked for.")
    found = study("toy", TOY, mutants(TOY), [design], grade=grader(SEEN))
    assert [(m.becomes, e) for m, e in found.explained] == [
        ("return x < 0", design),
        ("return x <= 1", design),
    ]
    assert len(found.killed) == 5
    assert found.is_sound
    words = "2 other right designs within f: Only levels are asked for.\nlines 2, 2"
    assert words in report.details(found)


@pytest.mark.parametrize("within", [("g",), ("f", "g")])
def test_a_design_is_stale_when_a_definition_that_it_names_is_gone(within):
    design = Design(within, "Only levels are asked for.")
    found = study("toy", TOY, mutants(TOY), [design], grade=grader(SEEN))
    assert found.stale == [design]
    assert not found.is_sound
    assert f"within {', '.join(within)}" in report.details(found)


def test_a_defect_of_the_grader_is_neither_killed_nor_survived():
    """It is told loudly, with the grader's own words."""
    verdicts = SEEN | {"x > 1": "grader error"}
    found = study("toy", TOY, mutants(TOY), [], grade=grader(verdicts))
    assert [m.becomes for m, _ in found.faults] == ["return x > 1"]
    assert not found.is_sound
    assert "GRADER ERROR, a defect of the grader" in report.details(found)
    assert "test_it: grader error: it says so" in report.details(found)


def test_a_solution_that_fails_is_told_instead_of_killing_all():
    """A grader that rejects everything is not strong."""
    found = study("toy", TOY, mutants(TOY), [], grade=grader({"x < 1": "wrong"}))
    assert found.mutants == 0
    assert not found.is_sound
    assert "the solution itself does not pass: test_it: wrong" in report.details(found)


# The command.


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """Make `toy` the only exercise, and its equivalents a file of the test's own."""
    solution = tmp_path / "toy.py"
    solution.write_text(TOY, "utf-8")
    entry = SimpleNamespace(name="toy", solution=solution)
    monkeypatch.setattr(command, "choose", lambda names: [entry])
    monkeypatch.setattr(command, "FOLDER", tmp_path)
    return tmp_path


def test_the_command_shows_survivors_and_fails(toy, monkeypatch, capsys):
    """With the diff of each, an entry to paste, and a table."""
    monkeypatch.setattr(command, "grade_many", grader(SEEN | {"x <= 1": "wrong"}))
    assert command.main(["toy", "--json", str(toy / "out.json")]) == 1
    printed = capsys.readouterr().out
    assert "-    return x < 1\n+    return x < 0\n" in printed
    assert 'becomes = "return x < 0"' in printed
    assert printed.splitlines()[-1].split()[:6] == ["toy", "7", "6", "0", "1", "0"]
    [figures] = json.loads((toy / "out.json").read_text())["exercises"]
    assert (figures["mutants"], figures["killed"]) == (7, 6)
    assert [mutant["operator"] for mutant in figures["survived"]] == ["NumberReplacer"]


def test_the_command_succeeds_when_all_is_explained(toy, monkeypatch, capsys):
    """The reason is printed with the lines."""
    text = "[[equivalent]]\nwas = 'return x < 1'\nbecomes = 'return x < 0'\nwhy = 'So.'"
    (toy / "toy.toml").write_text(text, "utf-8")
    monkeypatch.setattr(command, "grade_many", grader(SEEN | {"x <= 1": "wrong"}))
    assert command.main(["toy"]) == 0
    assert "So.\n- return x < 1\n+ return x < 0\n" in capsys.readouterr().out


def test_a_stale_entry_fails_the_command(toy, monkeypatch, capsys):
    """Even though every mutant is killed."""
    text = "[[equivalent]]\nwas = 'return 1'\nbecomes = 'return 2'\nwhy = 'So.'"
    (toy / "toy.toml").write_text(text, "utf-8")
    verdicts = SEEN | {"x <= 1": "wrong", "x < 0": "wrong"}
    monkeypatch.setattr(command, "grade_many", grader(verdicts))
    assert command.main(["toy"]) == 1
    assert "STALE, no mutant has these any more:" in capsys.readouterr().out


def test_a_file_of_entries_that_is_not_in_order_fails_the_command(toy, capsys):
    """The other exercises are still studied."""
    (toy / "toy.toml").write_text("[[equivalent]]\nwas = 1", "utf-8")
    assert command.main(["toy"]) == 1
    assert "ERROR: toy.toml: needs was" in capsys.readouterr().out


def test_an_unknown_name_is_a_usage_error(capsys):
    """In one line, with the nearest names."""
    assert command.main(["rocauc"]) == 2
    assert "did you mean roc_auc" in capsys.readouterr().err


def test_list_shows_mutants_and_grades_none(toy, monkeypatch, capsys):
    """For someone who writes a grader."""
    monkeypatch.setattr(command, "grade_many", None)
    assert command.main(["toy", "--list"]) == 0
    assert "== toy: 7 mutants" in capsys.readouterr().out


# Progress.


class Terminal(io.StringIO):
    """A stream that claims to be a terminal."""

    def isatty(self):
        """Claim it."""
        return True


def test_progress_is_one_line_on_a_terminal():
    """Each state is written over the last, and in the end nothing remains."""
    stream = Terminal()
    progress = Progress("toy", 3, stream=stream)
    for _ in range(3):
        progress.step("1 survived")
    progress.close()
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().count("\r") == 4
    assert "toy: 2 of 3, 1 survived, 0 s left" in stream.getvalue()


def test_progress_is_a_line_per_tenth_elsewhere():
    """A log of a thousand gradings stays readable."""
    stream = io.StringIO()
    progress = Progress("toy", 1000, stream=stream)
    for _ in range(1000):
        progress.step()
    assert len(stream.getvalue().splitlines()) == 10
    assert "\r" not in stream.getvalue()
