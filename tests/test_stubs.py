"""Stubs: what `derive` cuts, and that the verb `stubs` never loses an answer."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graders.harness.catalog import exercise, index
from graders.harness.catalog.derive_text import derive_text
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.stubs import (
    derive,
    is_started,
    is_untouched,
    main,
    stale,
    wanted,
    write_stubs,
)

REPOSITORY = Path(__file__).parents[1]
ROC_AUC = Path("ml_coding/metrics/roc_auc.py")
SOLUTION = (REPOSITORY / "solutions" / ROC_AUC).read_text("utf-8")

HEAD = '"""Title.\n\nPrompt.\n"""\n'

# By what it is about: the solution after its docstring, and what is cut from it.
SHAPES = {
    "a future import stays": '''
from __future__ import annotations

import numpy as np


def f(x: np.ndarray) -> int:
    """Do it."""
    return 1
=====

from __future__ import annotations

import numpy as np


def f(x: np.ndarray) -> int:
    """Do it."""
    raise NotImplementedError
''',
    "imports lose the names that nothing needs": '''
import math
from collections import Counter, deque
from collections.abc import (
    Callable,
    Iterator,
    Mapping,
)

import numpy as np


def f(x: deque, g: Callable) -> "Iterator[int]":
    """Do it."""
    return np.sum(Counter(x)) * math.pi
=====

from collections import deque
from collections.abc import Callable, Iterator


def f(x: deque, g: Callable) -> "Iterator[int]":
    """Do it."""
    raise NotImplementedError
''',
    "a default names a public constant": '''
STEPS = 10  # of descent

# Hidden, because it stands alone.

# Shown with its constant.
RATE = 0.1
_SECRET = 3


def f(*, steps: int = STEPS) -> int:
    """Do it."""
    return _SECRET
=====

STEPS = 10  # of descent

# Shown with its constant.
RATE = 0.1


def f(*, steps: int = STEPS) -> int:
    """Do it."""
    raise NotImplementedError
''',
    "a dataclass keeps its fields": '''
from dataclasses import KW_ONLY, dataclass, field


@dataclass(frozen=True)
class Split:
    """A split."""

    feature: int
    """Which column."""
    _: KW_ONLY
    gain: float = 0.0  # in nats
    _cache: dict = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Its name."""
        return "x"

    def _hidden(self):
        return 1
=====

from dataclasses import KW_ONLY, dataclass


@dataclass(frozen=True)
class Split:
    """A split."""

    feature: int
    """Which column."""
    _: KW_ONLY
    gain: float = 0.0  # in nats

    @property
    def name(self) -> str:
        """Its name."""
        raise NotImplementedError
''',
    "a class of fields needs no raise": '''

class NotFitted(Exception):
    """Not fitted."""


class Point:
    """A point."""

    x: int = 0
=====


class NotFitted(Exception):
    """Not fitted."""


class Point:
    """A point."""

    x: int = 0
''',
    "methods of every kind": '''

class Value:
    """A value."""

    def __init__(self, data: float):
        """Hold it."""
        self._data = data

    def __repr__(self):
        return str(self._data)

    def __add__(self, other: "Value") -> "Value":
        """Add."""
        return other

    __radd__ = __add__

    @property
    def data(self) -> float:
        """The number."""
        return self._data

    @data.setter
    def data(self, data: float) -> None:
        # hidden
        self._data = data

    @classmethod
    def zero(cls) -> "Value":
        """Give zero."""

        def nested():
            return 0

        return cls(nested())

    @staticmethod
    async def wait() -> None:
        """Wait."""

    class Inner:
        """Hidden."""
=====


class Value:
    """A value."""

    def __init__(self, data: float):
        """Hold it."""
        raise NotImplementedError

    def __add__(self, other: "Value") -> "Value":
        """Add."""
        raise NotImplementedError

    @property
    def data(self) -> float:
        """The number."""
        raise NotImplementedError

    @data.setter
    def data(self, data: float) -> None:
        raise NotImplementedError

    @classmethod
    def zero(cls) -> "Value":
        """Give zero."""
        raise NotImplementedError

    @staticmethod
    async def wait() -> None:
        """Wait."""
        raise NotImplementedError
''',
    "overloads stay": '''
from typing import Literal, overload


@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x, how: Literal["sum"] = "sum"):
    """Do it."""
    return x
=====

from typing import Literal, overload


@overload
def f(x: int) -> int: ...
@overload
def f(x: str) -> str: ...
def f(x, how: Literal["sum"] = "sum"):
    """Do it."""
    raise NotImplementedError
''',
    "decorators and long signatures stay as they are": '''
import functools


@functools.lru_cache(
    maxsize=None,  # all
)
def f(
    first: int,  # (n,)
    *,
    second: str = "é",
) -> int:
    # hidden
    """Do it.

    # heading
    """
    return 1
=====

import functools


@functools.lru_cache(
    maxsize=None,  # all
)
def f(
    first: int,  # (n,)
    *,
    second: str = "é",
) -> int:
    """Do it.

    # heading
    """
    raise NotImplementedError
''',
    "a hidden text's last line is no comment": '''
_SECRET = """
# hidden"""
SHOWN = 1
=====

SHOWN = 1
''',
    "blocks go": '''
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sized


def f(x) -> int:
    """Do it."""
    y: Sized = x
    return len(y)


if __name__ == "__main__":
    RESULT = f([])
=====


def f(x) -> int:
    """Do it."""
    raise NotImplementedError
''',
    "what a block hides may be private": '''
if True:
    _K = 1


class A:
    # hidden

    """A."""

    x: int = 0
=====


class A:
    """A."""

    x: int = 0
''',
    "a constant below a function, and an import that is needed whole": '''
from collections.abc import (  # both
    Iterator,
    Sized,
)


def f(x: Sized) -> Iterator:
    """Do it."""
    return iter(x)


SHOWN = 1
_ = f([])
=====

from collections.abc import (  # both
    Iterator,
    Sized,
)


def f(x: Sized) -> Iterator:
    """Do it."""
    raise NotImplementedError


SHOWN = 1
''',
    "a type alias and a lambda's own names": '''
import numpy as np

Vector = np.ndarray


def f(x: Vector, key=lambda _x: _x) -> int:
    """Do it."""
    return 1
=====

import numpy as np

Vector = np.ndarray


def f(x: Vector, key=lambda _x: _x) -> int:
    """Do it."""
    raise NotImplementedError
''',
    "an import that loses names breaks its line like ruff": """
from collections.abc import (
    N000000000,
    N000000001,
    N000000002,
    N000000003,
    N000000004,
    N000000005,
    N000000006,
    N000000007,
    N000000008,
)

A0 = N000000000
A1 = N000000001
A2 = N000000002
A3 = N000000003
A4 = N000000004
A5 = N000000005
A6 = N000000006
A7 = N000000007
=====

from collections.abc import (
    N000000000,
    N000000001,
    N000000002,
    N000000003,
    N000000004,
    N000000005,
    N000000006,
    N000000007,
)

A0 = N000000000
A1 = N000000001
A2 = N000000002
A3 = N000000003
A4 = N000000004
A5 = N000000005
A6 = N000000006
A7 = N000000007
""",
}
SHAPES_CUT = [tuple(text.split("=====\n")) for text in SHAPES.values()]


@pytest.mark.parametrize(("solution", "stub"), SHAPES_CUT, ids=SHAPES)
def test_cuts(solution, stub):
    """Cuts each shape as a person would, and once is enough."""
    assert derive(HEAD + solution) == HEAD + stub
    assert derive(HEAD + stub) == HEAD + stub
    ast.parse(HEAD + stub)


def test_gives_the_example():
    """Cuts the example at its first private line, whatever the ends of its lines."""
    shown = SOLUTION.split("    _require_defined")[0]
    assert derive(SOLUTION) == shown + "    raise NotImplementedError\n"
    assert derive(SOLUTION.replace("\n", "\r\n")) == derive(SOLUTION)


@pytest.mark.parametrize("texts", SHAPES_CUT, ids=SHAPES)
def test_is_formatted_already(texts):
    """Leaves `ruff format` nothing to do."""
    pytest.importorskip("ruff")
    command = [sys.executable, "-m", "ruff", "format", "--diff", "--isolated", "-"]
    for text in texts:  # the solution's is the premise
        source = HEAD + text
        done = subprocess.run(command, input=source, text=True, capture_output=True)
        assert done.returncode == 0, done.stdout


DOCUMENTED = '    """Do it."""\n    return 1\n'


@pytest.mark.parametrize(
    ("solution", "message"),
    [
        pytest.param("x = 1\n", "line 1: the module has no docstring", id="no prompt"),
        pytest.param(
            f"{HEAD}\n\ndef f():\n    return 1\n",
            "line 7: f has no docstring",
            id="function",
        ),
        pytest.param(
            f"{HEAD}\n\nclass A:\n    x: int\n",
            "line 7: A has no docstring",
            id="class",
        ),
        pytest.param(
            f'{HEAD}\n\nclass A:\n    """A."""\n\n    def f(self): ...\n',
            "line 10: f has no docstring",
            id="method",
        ),
        pytest.param(
            f"{HEAD}\n_K = 3\n\n\ndef f(k=_K):\n{DOCUMENTED}",
            "line 9: the contract names _K, which the stub does not show",
            id="private default",
        ),
        pytest.param(
            f"{HEAD}\n\ndef _d(f):\n    return f\n\n\n@_d\ndef f():\n{DOCUMENTED}",
            "line 12: the contract names _d,",
            id="private decorator",
        ),
        pytest.param(
            f'{HEAD}\n\nclass _B:\n    pass\n\n\nclass A(_B):\n    """A."""\n',
            "line 11: the contract names _B,",
            id="private base",
        ),
        pytest.param(
            f'{HEAD}\n\nclass _B:\n    pass\n\n\ndef f(x: "list[_B]"):\n{DOCUMENTED}',
            "line 11: the contract names _B,",
            id="private name in quotes",
        ),
        pytest.param(
            f'{HEAD}\n\nclass A:\n    """A."""\n\n    _K = 1\n\n\n'
            f"def f(k=A._K):\n{DOCUMENTED}",
            "line 13: the contract names _K,",
            id="private attribute",
        ),
        pytest.param(
            f"{HEAD}\nif 1:\n    from math import pi\n\n\ndef f(x=pi):\n{DOCUMENTED}",
            "line 10: the contract names pi,",
            id="import in a block",
        ),
        pytest.param(
            f"{HEAD}\nif 1:\n    K = 1\n",
            "line 7: K is public, but in a block",
            id="constant in a block",
        ),
        pytest.param(
            f"{HEAD}\nK = {{}}\nK[1] = 2\n",
            "line 7: this changes part of the public K[1]",
            id="constant changed",
        ),
        pytest.param(
            f"{HEAD}\nK = 1\nK += 2\n",
            "line 7: this changes part of the public K",
            id="constant added to",
        ),
        pytest.param(
            f'{HEAD}\n\nclass A:\n    """A."""\n\n'
            "    @x.setter\n    def x(self, x): ...\n",
            "line 11: x has no docstring",
            id="setter without a body",
        ),
        pytest.param(
            f"{HEAD}\nK, _L = 1, 2\n",
            "line 6: this changes part of the public K",
            id="half public",
        ),
        pytest.param(
            f"{HEAD}\nK = 1; _L = 2\n", "line 6: two statements", id="unformatted"
        ),
        pytest.param(f"{HEAD}\ndef f(:\n", "line 6: invalid syntax", id="syntax"),
    ],
)
def test_refuses_with_the_line(solution, message):
    """Says in one line where a solution breaks a rule."""
    with pytest.raises(ValueError) as caught:
        derive(solution)
    assert str(caught.value).startswith(message)


@st.composite
def solutions(draw):
    """Draw a formatted solution; what must not reach the stub says SECRET."""
    blocks, shown = [HEAD], []
    for i in range(draw(st.integers(1, 6))):
        doc = '    """Do it."""\n'
        secret = "    # SECRET\n    return SECRET\n"
        public = draw(
            st.sampled_from(
                [
                    f"def f{i}(x, y={i}) -> int:\n",
                    f"async def f{i}(\n    x,  # (n,)\n):\n",
                ]
            )
        )
        kind = draw(st.sampled_from(["public", "private", "class", "block", "comment"]))
        blocks.append(
            {
                "public": public + doc + secret,
                "private": f"def _SECRET{i}():\n" + secret,
                "class": f'class C{i}:\n    """C."""\n\n    x: int\n    _SECRET: int\n'
                f'\n    def m(self):\n        """Do it."""\n        return SECRET\n',
                "block": 'if __name__ == "__main__":\n    SECRET()\n',
                "comment": "# SECRET\n",
            }[kind]
        )
        if kind == "public":
            shown.append(public + doc + "    raise NotImplementedError\n")
        if kind == "class":
            shown.append(
                f'class C{i}:\n    """C."""\n\n    x: int\n\n    def m(self):\n'
            )
    return "\n\n".join(blocks), shown


@given(solutions())
def test_nothing_public_is_lost_and_nothing_private_leaks(case):
    """Shows the contract whole, and never a line of the answer."""
    solution, shown = case
    stub = derive(solution)
    assert all(text in stub for text in shown)
    assert "SECRET" not in stub
    assert derive(stub) == stub
    assert stub.count("raise NotImplementedError") == len(shown)


# --- Files ----------------------------------------------------------------------------


@pytest.fixture
def entry(tmp_path, monkeypatch):
    """Give one exercise in a tree of its own, with its stub as committed."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    entry = Entry(ROC_AUC)
    lay_down(entry, SOLUTION)
    return entry


SHEET = """
minutes = 5
difficulty = "easy"
hints = []
follow_ups = []
mistakes = {}
"""


def lay_down(entry, solution, more=""):
    """Write an exercise whose stub is up to date."""
    for path, text in ((entry.solution, solution), (entry.sheet_file, SHEET + more)):
        path.parent.mkdir(parents=True)
        path.write_text(text, "utf-8")
    entry.stub.parent.mkdir(parents=True)
    entry.stub.write_text(wanted(entry), "utf-8")
    index.place().write_text(index.as_page([entry]), "utf-8")


def copies(entry):
    """Return what was kept, oldest first."""
    folder = exercise.ROOT / ".kata" / "attempts" / entry.name
    return [path.read_bytes() for path in sorted(folder.glob("*.py"))]


ANSWERS = {
    "filled in": derive(SOLUTION).replace("raise NotImplementedError", "return 0.5"),
    "a helper started": derive(SOLUTION) + "\n\ndef _ranks(x):\n    return x\n",
    "a comment": derive(SOLUTION) + "# sort first\n",
    "a broken line": derive(SOLUTION) + "def (",
    "empty": "",
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_is_left_alone_unless_forced(entry, capsys, answer):
    """Leaves whatever may be an answer, and copies it when forced."""
    entry.stub.write_text(answer, "utf-8")
    assert is_started(entry)
    assert main([]) == 1
    assert entry.stub.read_text("utf-8") == answer
    assert copies(entry) == []
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "left alone exercises/ml_coding/metrics/roc_auc.py: it is no stub, so it may "
        "hold an answer; --force overwrites it and keeps a copy\n"
    )

    assert main(["--force"]) == 0
    assert not is_started(entry)
    assert copies(entry) == [answer.encode()]
    assert capsys.readouterr().out == (
        "wrote exercises/ml_coding/metrics/roc_auc.py; "
        "the old file is in .kata/attempts/roc_auc\n"
    )


def test_every_forced_copy_stays(entry):
    """Copies never take each other's place."""
    for i in range(20):
        entry.stub.write_text(f"# {i}\n", "utf-8")
        write_stubs([entry], force=True)
    assert copies(entry) == [f"# {i}\n".encode() for i in range(20)]


def test_an_old_stub_is_replaced_and_kept_too(entry):
    """Replaces a stub whose prompt has changed."""
    old = derive(SOLUTION).replace("Your spam filter", "A spam filter")
    entry.stub.write_text(old, "utf-8")
    assert write_stubs([entry]) == [entry.stub]
    assert not is_started(entry)
    assert copies(entry) == [old.encode()]
    assert write_stubs([entry]) == []


def test_what_cannot_be_read_is_begun_and_left_alone(entry):
    """Takes a file in another encoding for somebody's work."""
    entry.stub.write_bytes(b"\xff\xfe")
    assert is_started(entry)
    assert write_stubs([entry]) == []
    assert entry.stub.read_bytes() == b"\xff\xfe"


def test_a_directory_is_left_alone(entry, capsys):
    """Says one line about a folder where the file should be."""
    entry.stub.unlink()
    entry.stub.mkdir()
    assert is_started(entry)
    assert main([]) == 1
    assert main(["--force"]) == 2
    assert capsys.readouterr().err.count("\n") == 2
    assert entry.stub.is_dir()


def test_a_missing_stub_is_not_begun_and_is_written(entry, capsys):
    """Writes what is missing, and the second time nothing."""
    entry.stub.unlink()
    assert not is_started(entry)
    assert stale([entry]) == ["exercises/ml_coding/metrics/roc_auc.py: missing"]
    assert main([]) == 0
    out = capsys.readouterr().out
    assert out == "wrote exercises/ml_coding/metrics/roc_auc.py\n"
    assert main([]) == 0
    assert capsys.readouterr().out == "stubs up to date: 1\n"


def test_windows_line_ends_are_no_difference(entry):
    """Is not fooled by how git checks out on Windows."""
    entry.stub.write_bytes(derive(SOLUTION).replace("\n", "\r\n").encode())
    assert not is_started(entry)


def test_check_writes_nothing_and_names_what_is_stale(entry, capsys):
    """Names each difference in a line and touches nothing."""
    entry.stub.write_text("# mine\n", "utf-8")
    orphan = exercise.ROOT / "exercises" / "coding" / "streams" / "gone.py"
    orphan.parent.mkdir(parents=True)
    orphan.write_text("", "utf-8")
    assert main(["--check"]) == 1
    assert capsys.readouterr().err == (
        "exercises/ml_coding/metrics/roc_auc.py: differs from what its solution gives\n"
        "exercises/coding/streams/gone.py: no solution\n"
        "nox -s dev -- stubs  writes what is missing or differs\n"
    )
    assert entry.stub.read_text("utf-8") == "# mine\n"


@pytest.mark.parametrize("arguments", [[], ["--check"], ["--force"]])
def test_a_solution_that_gives_no_stub_is_named(entry, capsys, arguments):
    """Names file and line, and writes nothing."""
    broken = SOLUTION.replace("labels: np.ndarray", "labels: _Labels")
    entry.solution.write_text(broken, "utf-8")
    before = entry.stub.read_bytes()
    assert main(arguments) == 1
    error = capsys.readouterr().err
    assert "solutions/ml_coding/metrics/roc_auc.py: line 12: " in error
    assert "names _Labels" in error
    assert entry.stub.read_bytes() == before


def test_the_list_of_exercises_is_kept_true(entry, capsys):
    page = index.place()
    right = page.read_text("utf-8")
    link = "[roc_auc](ml_coding/metrics/roc_auc.py)"
    assert f"| {link} | ROC AUC from scratch | 5 | easy |  |" in right.splitlines()
    assert "## ml_coding: 1 exercise" in right.splitlines()
    for spoilt in (right.replace("easy", "hard"), None):
        page.unlink() if spoilt is None else page.write_text(spoilt, "utf-8")
        assert main(["--check"]) == 1
        said = "exercises/README.md: is not the list of the exercises\n"
        assert capsys.readouterr().err.startswith(said)
        assert main([]) == 0
        assert page.read_text("utf-8") == right
        assert capsys.readouterr().out == "wrote exercises/README.md\n"
    assert main(["--check"]) == 0


def test_usage(entry, capsys):
    """Exits with 2 on a command that is wrong."""
    for arguments in (["--chek"], ["--check", "--force"], ["roc_auc"]):
        with pytest.raises(SystemExit) as caught:
            main(arguments)
        assert caught.value.code == 2
    assert "Traceback" not in capsys.readouterr().err


# Stubs that are no derived signatures.


@pytest.fixture
def repair(tmp_path, monkeypatch):
    """Give one exercise whose stub is the solution with a bug in it."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    entry = Entry(ROC_AUC)
    bugs = "bugs = [['return tp / (tp + fp)', 'return tp / (tp + fn)']]"
    lay_down(
        entry,
        '"""Repair it."""\n\ndef precision(tp, fp, fn):\n    return tp / (tp + fp)\n',
        bugs,
    )
    return entry


def test_code_to_repair_is_the_solution_with_its_bugs(repair):
    assert repair.stub.read_text().endswith("    return tp / (tp + fn)\n")
    assert not is_started(repair)


def test_code_to_repair_is_untouched_until_a_byte_of_it_changes(repair):
    source = repair.stub.read_bytes()
    assert is_untouched(repair, source)
    assert is_untouched(repair, source.replace(b"\n", b"\r\n"))
    assert not is_untouched(repair, source + b"#")


def test_code_under_repair_is_never_taken_for_a_stub(repair):
    begun_work = repair.stub.read_text() + "# the denominator?\n"
    repair.stub.write_text(begun_work)
    assert write_stubs([repair]) == []
    assert repair.stub.read_text() == begun_work
    assert write_stubs([repair], force=True) == [repair.stub]
    assert copies(repair) == [begun_work.encode()]


TEXT = """\
# Two stories

Tell them. `Covers:` names what for.

## Story 1: The bug

Covers: failure

### Situation

It: rained. Nothing worked.

## Story 2: The fix

Covers: impact

### Situation

All went well.
"""


def test_the_stub_of_a_text_keeps_the_prompt_and_what_it_is_built_of():
    assert (
        derive_text(TEXT)
        == """\
# Two stories

Tell them. `Covers:` names what for.

## Story 1:

Covers:

### Situation

It:

## Story 2:

Covers:

### Situation
"""
    )


def test_the_stub_of_a_text_is_its_own_stub():
    stub = derive_text(TEXT)
    assert derive_text(stub) == stub


def test_a_text_without_stories_has_no_stub():
    with pytest.raises(ValueError, match="no heading of the second level"):
        derive_text("# Two stories\n\nTell them.\n")


@pytest.fixture
def stories(tmp_path, monkeypatch):
    """Give one exercise whose answer is a text."""
    monkeypatch.setattr(exercise, "ROOT", tmp_path)
    entry = Entry(Path("behavioral/stories/two_stories.md"))
    lay_down(entry, TEXT)
    return entry


def test_a_text_is_an_exercise(stories):
    assert exercise.catalogue() == [stories]
    assert stories.title == "Two stories"
    assert stories.name == "two_stories"
    assert stale([stories]) == []


def test_a_text_that_is_begun_is_kept_when_it_is_overwritten(stories):
    stories.stub.write_text(TEXT)
    assert write_stubs([stories]) == []
    assert write_stubs([stories], force=True) == [stories.stub]
    [kept] = (exercise.ROOT / ".kata/attempts/two_stories").glob("*.md")
    assert kept.read_text() == TEXT
