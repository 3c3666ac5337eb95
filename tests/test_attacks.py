"""Hostile and broken answers, graded through the public command line.

Every attack of groups A to G is an answer file in tests/attacks, or a line in the
table there that says why not. Two things are demanded of each: nothing is recorded as
passed that was not, and every other check is still judged, unless the contract failed,
the file could not be loaded, or two checks timed out: then the rest is not judged.

A fixture is read as text, never imported. Its constants say what must become of it:
`ATTACKED`, the checks that must not pass ("every check", "some check", or parts of
their names); `VERDICTS`, what they may be instead; `OTHERS`, what the other checks may
be where that is more than "passed"; `NEEDS_SANDBOX`, that a plain process gives way to
it; `SLOW`, that it runs into a deadline. What fills memory or files may also run into
one, on a slow machine, and says so in `VERDICTS`. All others compute the right answer.
"""

import ast
import atexit
import contextlib
import dataclasses
import functools
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.conftest import Repository

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "tests" / "attacks"
TARGET = FOLDER / "target"  # an exercise with many checks that can be told apart
SOLUTION = TARGET / "roc_auc.py"
STRONGEST = "required" if shutil.which("bwrap") else "auto"
AT_ONCE = 3  # some only sleep

# Root in a namespace where it is nobody in particular: without a capability, as whoever
# is no root at all. What root may read, Python itself among it, stays readable.
ORDINARY = (
    *("bwrap", "--dev-bind", "/", "/", "--proc", "/proc", "--die-with-parent"),
    *("--unshare-user", "--uid", "1000", "--gid", "1000", "--cap-drop", "ALL", "--"),
)
IS_ROOT = os.name == "posix" and os.geteuid() == 0

pytestmark = [
    pytest.mark.timeout(3600),
    pytest.mark.skipif(os.name != "posix", reason="the answers use POSIX calls"),
]


@dataclasses.dataclass(frozen=True)
class Attack:
    """One answer, and what must become of it."""

    file: Path
    mode: str = STRONGEST
    ATTACKED: str | tuple[str, ...] = "every check"
    VERDICTS: tuple[str, ...] = ("could not load",)
    OTHERS: tuple[str, ...] = ("passed",)
    NEEDS_SANDBOX: bool = False
    SLOW: bool = False

    @property
    def name(self) -> str:
        """The name of the file, and the isolation if it is not the strongest."""
        return self.file.stem + ("" if self.mode == STRONGEST else f"-{self.mode}")

    def is_target(self, check: str) -> bool:
        """Return whether the check of that name must not pass."""
        if self.ATTACKED == "every check":
            return True
        parts = (self.ATTACKED,) if isinstance(self.ATTACKED, str) else self.ATTACKED
        return any(part in check for part in parts)


def read(file: Path, mode: str = STRONGEST) -> Attack:
    """Return an attack with the constants of its file, which is not executed."""
    constants = {}
    for node in ast.parse(file.read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            with contextlib.suppress(ValueError):
                constants[node.targets[0].id] = ast.literal_eval(node.value)
    fields = {field.name for field in dataclasses.fields(Attack)}
    return Attack(file, mode, **{k: v for k, v in constants.items() if k in fields})


# Those that no kernel feature but a process of its own is needed for.
PLAIN = (
    "a01_exit_in_function",
    "a02_exit_at_import",
    "a15_always_equal",
    "c35_memory_bomb",
    "c38_huge_file",
    "c42_flood",
    "d46_segfault",
    "d47_signals",
    "d49_daemon",
    "f56_replies_ahead",
    "f58_length_lies",
    "f59_pickle_on_the_line",
)
FILES = sorted(FOLDER.glob("*.py"))
ATTACKS = [
    *(read(file) for file in FILES),
    *(read(FOLDER / f"{name}.py", "off") for name in PLAIN),
    *(read(file, "ordinary") for file in FILES if IS_ROOT and STRONGEST == "required"),
]

# Answers that cannot be kept as Python files; all are d50.
BROKEN = {
    "d50_syntax_error": b"def roc_auc(labels, scores:\n    return 1.0\n",
    "d50_nul_byte": b"def roc_auc(labels, scores):\n    return 1.0\0\n",
    "d50_latin_1": "def roc_auc(labels, scores): return 'é'\n".encode("latin-1"),
    "d50_utf_16": "def roc_auc(labels, scores): return 1.0\n".encode("utf-16"),
    "d50_odd_coding": b"# coding: rot13\nqrs ebp_nhp(y, f): erghea 1.0\n",
    "d50_unknown_coding": b"# coding: kata\ndef roc_auc(y, s): return 1.0\n",
    "d50_ten_megabytes": b"def roc_auc(y, s): return 1.0\n" + b"#" * 10 * 2**20,
    "d50_deep_expression": b"x = " + b"-" * 100_000 + b"1\n",
    "d50_deep_brackets": b"x = " + b"(" * 10_000 + b")" * 10_000 + b"\n",
    "d50_nothing": b"",
    "d50_random_bytes": bytes(range(256)) * 8,
}


@dataclasses.dataclass(frozen=True)
class Grading:
    """What the command line gave: its exit code, what it printed, and its reports."""

    code: int
    text: str
    report: dict[str, Any]
    junit: bytes = b""

    @property
    def verdicts(self) -> dict[str, str]:
        """The verdict of each check, by its name."""
        checks = self.report["exercises"][0]["checks"] if self.report else []
        return {check["name"]: check["verdict"] for check in checks}


@functools.cache
def house() -> Path:
    """Return a repository whose one exercise is the target."""
    made = Repository(Path(tempfile.mkdtemp(prefix="attacked-")))
    atexit.register(shutil.rmtree, made.root, ignore_errors=True)
    for source, folder, name in (
        ("roc_auc.py", "solutions", "roc_auc.py"),
        ("roc_auc.py", "exercises", "roc_auc.py"),
        ("roc_auc.toml", "graders", "roc_auc.toml"),
        ("checks.py", "graders", "test_roc_auc.py"),
    ):
        text = (TARGET / source).read_text("utf-8")
        made.write(f"{folder}/ml_coding/metrics/{name}", text)
    return made.root


def grade(
    file: Path,
    scratch: Path,
    *options: str,
    env: dict[str, str] | None = None,
    before: tuple[str, ...] = (),
) -> Grading:
    """Grade one answer in a process of its own; `before` stands before the command."""
    out = scratch / f"{file.stem}-{os.urandom(4).hex()}.json"
    command = [*before, sys.executable, "-m", "graders", "grade", "roc_auc", *options]
    done = subprocess.run(
        [*command, "--json", str(out), "--junit", str(out.with_suffix(".xml"))],
        cwd=house(),
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=240,
    )
    text = done.stdout.decode("utf-8", "replace")
    if not out.exists():
        return Grading(done.returncode, text, {})
    report = json.loads(out.read_text("utf-8"))
    return Grading(done.returncode, text, report, out.with_suffix(".xml").read_bytes())


def submit(file: Path, scratch: Path, mode: str, env: dict[str, str]) -> Grading:
    """Grade an answer in an isolation: "ordinary" is the strongest, and not as root."""
    before = ORDINARY if mode == "ordinary" else ()
    wish = STRONGEST if mode == "ordinary" else mode
    options = ("--submission", str(file), f"--sandbox={wish}")
    return grade(file, scratch, *options, env=env, before=before)


@dataclasses.dataclass(frozen=True)
class Surroundings:
    """What lies around a grading, for an answer to find and to harm."""

    scratch: Path
    env: dict[str, str]
    before: dict[Path, bytes]

    def files(self) -> dict[Path, bytes]:
        """Return what every file holds that no answer may change."""
        watched = [house() / name for name in WATCHED]
        return contents(self.scratch / "home", *watched)


WATCHED = ("graders", "solutions", "exercises", "pyproject.toml")


def contents(*roots: Path) -> dict[Path, bytes]:
    """Return what the files below some folders hold."""
    found = [p for root in roots for p in (root, *root.rglob("*")) if p.is_file()]
    caches = {"__pycache__", ".ruff_cache"}
    return {p: p.read_bytes() for p in found if not caches & set(p.parts)}


@pytest.fixture(scope="module")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Surroundings]:
    """Set out secrets, files and open doors, and look after them at the end."""
    scratch = tmp_path_factory.mktemp("attacks")
    secret = scratch / "home" / ".ssh" / "id_kata"
    secret.parent.mkdir(parents=True)
    secret.write_text("kata-secret")
    env = {"HOME": str(scratch / "home"), "KATA_CANARY": "kata-secret"}
    for name in ("GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_PATH"):
        env[name] = str(scratch / "home" / name)
        Path(env[name]).write_text("")
    with contextlib.ExitStack() as stack:
        stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        if sys.platform == "linux":
            door = stack.enter_context(socket.socket(socket.AF_UNIX))
            door.bind(f"\0kata-{os.getpid()}")
            door.listen()
        here = Surroundings(scratch, env, {})
        yield dataclasses.replace(here, before=here.files())


@pytest.fixture(scope="module")
def gradings(
    request: pytest.FixtureRequest, surroundings: Surroundings
) -> Iterator[dict[str, Future[Grading]]]:
    """Start the gradings that the chosen tests wait for, the slow ones first."""
    params = [getattr(i, "callspec", None) for i in request.session.items]
    attacks = [p.params["attack"] for p in params if p and "attack" in p.params]
    jobs = {SOLUTION.stem: (SOLUTION, STRONGEST)}
    jobs |= {attack.name: (attack.file, attack.mode) for attack in by_length(attacks)}
    for name, source in BROKEN.items():
        if any(p and p.params.get("broken") == name for p in params):
            file = surroundings.scratch / f"{name}.py"
            file.write_bytes(source)
            jobs[name] = (file, STRONGEST)
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        yield {
            name: pool.submit(
                submit, file, surroundings.scratch, mode, surroundings.env
            )
            for name, (file, mode) in jobs.items()
        }
    finally:
        pool.shutdown(cancel_futures=True)


def by_length(attacks: list[Attack]) -> list[Attack]:
    """Return the longest first, then in the order in which they are waited for."""
    return sorted(attacks, key=lambda a: (a.ATTACKED != "some check", not a.SLOW))


# What must hold of them.


@pytest.mark.skipif(not IS_ROOT or STRONGEST != "required", reason="needs root, bwrap")
def test_who_is_ordinary_has_no_rights_of_root():
    told = [*ORDINARY, "sh", "-c", "id -u; grep CapEff /proc/self/status"]
    done = subprocess.run(told, capture_output=True, text=True)
    assert done.stdout.split() == ["1000", "CapEff:", "0000000000000000"]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_attack(attack: Attack, gradings: dict[str, Future[Grading]]) -> None:
    """An attack passes nothing that it did not solve, and harms no other check."""
    if attack.NEEDS_SANDBOX and STRONGEST != "required":
        pytest.skip("bubblewrap is not installed")
    grading = gradings[attack.name].result()
    names = list(gradings[SOLUTION.stem].result().verdicts)
    problems = [*misjudged(attack, grading, names), *indiscreet(grading)]
    assert not problems, "\n".join([*problems, grading.text])


@pytest.mark.parametrize("broken", BROKEN)
def test_broken_file(broken: str, gradings: dict[str, Future[Grading]]) -> None:
    """A file that is no Python is said to be so, in a line, once."""
    grading = gradings[broken].result()
    names = list(gradings[SOLUTION.stem].result().verdicts)
    allowed = ("could not load", "not started") if not BROKEN[broken] else None
    attack = Attack(Path(broken), VERDICTS=allowed or ("could not load",))
    problems = [*misjudged(attack, grading, names), *indiscreet(grading)]
    assert not problems, "\n".join([*problems, grading.text])


def misjudged(attack: Attack, grading: Grading, names: list[str]) -> Iterator[str]:
    """Yield what the verdicts should not be."""
    if grading.code != 1:
        yield f"exit code {grading.code}, not 1"
    if len(names) < 10 or list(grading.verdicts) != names:
        yield f"{len(grading.verdicts)} checks where the solution has {len(names)}"
    used = grading.report.get("sandbox")
    unread = not attack.file.exists()  # one of BROKEN, of which nothing may run
    if (
        attack.mode in ("required", "ordinary")
        and used != "bubblewrap"
        and not (unread and not used)
    ):
        yield f"isolation {used!r}"
    some = attack.ATTACKED == "some check"
    for name, verdict in grading.verdicts.items():
        allowed = attack.VERDICTS if attack.is_target(name) else attack.OTHERS
        if some:
            allowed = (*attack.VERDICTS, "passed")
        if verdict not in (*allowed, "not judged"):
            yield f"{name}: {verdict!r} is not among {allowed}"
    if (green := green_in(grading.junit)) != list(grading.verdicts.values()).count(
        "passed"
    ):
        yield f"JUnit's file has {green} passed checks"
    targets = [n for n in names if some or attack.is_target(n)]
    judged = {grading.verdicts.get(name) for name in targets}
    if not judged & set(attack.VERDICTS):
        yield f"no attacked check is one of {attack.VERDICTS}: {judged}"
    if not targets or (some and set(grading.verdicts.values()) == {"passed"}):
        yield f"no check is attacked by {attack.ATTACKED!r}"


def green_in(junit: bytes) -> int:
    """Return how many checks a CI system takes for passed, by JUnit's file."""
    cases = ElementTree.fromstring(junit).iter("testcase")
    bad = {"failure", "error", "skipped"}
    return sum(not bad & {child.tag for child in case} for case in cases)


# What a runner of GitHub or Azure takes for a command, and what a terminal obeys.
COMMAND = re.compile(r"^\s*::|##\[|##vso\[", re.MULTILINE)
OURS = re.compile(r'File "[^"]*graders[\\/]|INTERNALERROR|share_of_pairs_won')


def indiscreet(grading: Grading) -> Iterator[str]:
    """Yield what should not have been printed."""
    if found := OURS.search(grading.text + json.dumps(grading.report)):
        yield f"it shows what is ours: {found[0]!r}"
    if found := COMMAND.search(grading.text):
        yield f"it prints a command: {found[0]!r}"
    for character in sorted(set(grading.text) - {"\n", "\t"}):
        if unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp"):
            yield f"it prints the control character {character!a}"


def test_nothing_outside_was_changed(
    gradings: dict[str, Future[Grading]], surroundings: Surroundings
) -> None:
    """No answer has written to a home, to the repository or to what CI reads."""
    for grading in gradings.values():
        grading.result()
    assert surroundings.files() == surroundings.before
    assert not Path("/tmp/kata-unpickled-here").exists()


def test_every_run_draws_other_inputs(gradings: dict[str, Future[Grading]]) -> None:
    """Without --seed, no two gradings ask the same."""
    seeds = [g.result().report.get("seed") for g in gradings.values()]
    assert len(set(seeds)) > len(seeds) * 0.9


# What lies beside an answer is not for the grader.

EVIL = """
with open({canary!r}, "a") as canary:
    canary.write(__name__ + "\\n")
print("kata-injected")
"""
HOOKS = """
import pytest

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    report.outcome, report.longrepr = "passed", None

def pytest_collection_modifyitems(items):
    items.clear()
"""
MODULES = ("conftest", "pytest", "numpy", "hypothesis", "sitecustomize",
           "usercustomize", "kata_plugin", "_pytest", "socket", "json")  # fmt: skip


def neighbourhood(folder: Path) -> Path:
    """Fill a folder with what could take over a grading; return what it would write."""
    canary = folder.parent / "canary"
    evil = EVIL.format(canary=str(canary))
    for name in MODULES:
        (folder / f"{name}.py").write_text(evil + HOOKS * (name == "conftest"))
    (folder / "kata.pth").write_text("import kata_plugin\n")
    options = "--collect-only -k nothing -p kata_plugin"
    for name, section in {
        "pytest.ini": "pytest",
        "tox.ini": "pytest",
        "setup.cfg": "tool:pytest",
    }.items():
        (folder / name).write_text(f"[{section}]\naddopts = {options}\n")
    text = f'[tool.pytest.ini_options]\naddopts = "{options}"\n'
    (folder / "pyproject.toml").write_text(text)
    return canary


def hostile_environment(folder: Path) -> dict[str, str]:
    """Return variables that would change a grading, if one heeded them."""
    return {
        "PYTEST_ADDOPTS": "--collect-only -k nothing",
        "PYTEST_PLUGINS": "kata_plugin",
        "PYTEST_TIMEOUT": "0.001",
        "PYTHONSTARTUP": str(folder / "kata_plugin.py"),
        "PYTHONINSPECT": "",
        "PYTHONBREAKPOINT": "kata_plugin.stop",
        "HYPOTHESIS_PROFILE": "kata",
        "HYPOTHESIS_STORAGE_DIRECTORY": str(folder / "hypothesis-storage"),
        "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1",
        "CI": "true",
    }


def same_as_alone(
    wrong: Grading, alone: Grading, canary: Path, before: set[Path]
) -> None:
    """Demand the verdicts of an answer that lies alone, and that nothing else ran."""
    assert wrong.verdicts == alone.verdicts, wrong.text
    assert wrong.code == 1
    assert "kata-injected" not in wrong.text
    assert not canary.exists(), canary.read_text()
    assert {
        path
        for path in canary.parent.rglob("*")
        if path.suffix not in (".json", ".xml")
    } == before


@pytest.fixture(scope="module")
def alone(surroundings: Surroundings) -> Grading:
    """The grading of a wrong answer that has no neighbours."""
    return submit(FOLDER / "a20_nan.py", surroundings.scratch, STRONGEST, {})


@pytest.mark.parametrize("way", ["--submission", "--from"])
def test_neighbours_of_an_answer_are_ignored(
    way: str, alone: Grading, tmp_path: Path
) -> None:
    """Neither configuration nor modules beside an answer have a say, nor variables."""
    tree = tmp_path / "tree"
    file = tree / "ml_coding" / "metrics" / "roc_auc.py"
    file.parent.mkdir(parents=True)
    shutil.copy(FOLDER / "a20_nan.py", file)
    canary = neighbourhood(tree)
    for path in [p for p in tree.iterdir() if p.is_file()]:
        shutil.copy(path, file.parent)
    before = set(tmp_path.rglob("*"))
    option = (way, str(file if way == "--submission" else tree))
    wrong = grade(file, tmp_path, *option, env=hostile_environment(tree))
    same_as_alone(wrong, alone, canary, before)


def test_the_python_path_is_ignored(alone: Grading, tmp_path: Path) -> None:
    """Modules on PYTHONPATH do not stand in for NumPy or pytest in a grading."""
    folder = tmp_path / "path"
    folder.mkdir()
    canary = neighbourhood(folder)
    for name in ("sitecustomize", "usercustomize"):  # the interpreter's own, before us
        (folder / f"{name}.py").unlink()
    before = set(tmp_path.rglob("*"))
    file = FOLDER / "a20_nan.py"
    env = {"PYTHONPATH": str(folder)}
    wrong = grade(file, tmp_path, "--submission", str(file), env=env)
    same_as_alone(wrong, alone, canary, before)


@pytest.mark.parametrize(
    "path", ["no_such_file.py", "."], ids=["missing file", "folder"]
)
def test_what_is_no_file_is_a_wrong_command(path: str, tmp_path: Path) -> None:
    """A file that is not there, or a folder, is refused in one line."""
    wrong = grade(SOLUTION, tmp_path, "--submission", str(tmp_path / path))
    assert wrong.code == 2
    assert wrong.text.count("\n") == 1
    assert not list(indiscreet(wrong))


def test_a_hostile_file_name_is_shown_plainly(tmp_path: Path) -> None:
    """The name of a file, which a stranger chose, steers neither terminal nor CI."""
    file = tmp_path / "a\n::error::b\x1b[2J##[c]\u202e.py"
    shutil.copy(FOLDER / "a20_nan.py", file)
    wrong = grade(SOLUTION, tmp_path, "--submission", str(file))
    assert wrong.code == 1
    assert not list(indiscreet(wrong)), wrong.text


# The fixtures themselves.


def table() -> dict[int, str]:
    """Return the last column of the table of attacks, by number."""
    rows = re.findall(
        r"^\| (\d+) \| .* \| (.*) \|$", (FOLDER / "README.md").read_text(), re.MULTILINE
    )
    assert len(rows) == len({number for number, _ in rows})
    return {int(number): what for number, what in rows}


def test_the_table_is_whole() -> None:
    """Each attack of groups A to I has its fixtures or a reason, and vice versa."""
    rows = table()
    assert set(rows) >= set(range(1, 73))
    assert all(rows.values())
    named = {(n, stem) for n, what in rows.items() for stem in fixtures(what)}
    stems = {file.stem for file in FOLDER.glob("*.py")} | set(BROKEN)
    assert named == {(int(stem[1:3]), stem) for stem in stems}


def fixtures(text: str) -> list[str]:
    """Return the names of fixtures in a cell of the table."""
    return re.findall(r"`([a-i]\d\d_\w+)`", text)


def test_fixtures_share_one_text() -> None:
    """What several fixtures need is the same in all, the right answer above all."""
    shared = {"honest", "known", "far_too_long"}
    shared |= {"line", "question", "encode", "frame"}
    texts: dict[str, set[str]] = {}
    for file in FOLDER.glob("*.py"):
        for node in ast.parse(file.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name in shared:
                texts.setdefault(node.name, set()).add(ast.unparse(node))
    assert {name: len(found) for name, found in texts.items()} == dict.fromkeys(
        shared, 1
    )


def test_fixtures_say_what_they_try() -> None:
    """Each fixture has a docstring and declares what must become of it."""
    for file in FOLDER.glob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        assert ast.get_docstring(tree), file
        assert not set(read(file).VERDICTS) & {"passed", "grader error"}, file
        assert {"ATTACKED", "VERDICTS"} <= {
            node.targets[0].id
            for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
        }, file
