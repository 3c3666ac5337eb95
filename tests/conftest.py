"""What several tests need: a small repository of their own, and its command line."""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

from graders.harness.catalog.exercise import catalogue
from tests import browser

ROOT = Path(__file__).resolve().parents[1]

os.environ.pop("KATAS_INVOKED_FROM", None)  # commands run where a test starts them

HEAD = """
import numpy as np
import pytest
from hypothesis import given, strategies as st
from graders.harness import *
"""

SHEET = """
minutes = 10
difficulty = "easy"
hints = []
follow_ups = []
"""

STUBS = """
import sys
from graders.harness.catalog.stubs import main
sys.exit(main(sys.argv[1:]))
"""


class Repository:
    """A copy of the harness with one exercise, `toy`, whose files a test writes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.json = root / "results.json"
        for name in ("harness", "practice", "submissions"):
            shutil.copytree(
                ROOT / "graders" / name,
                root / "graders" / name,
                ignore=shutil.ignore_patterns("__pycache__"),
            )
        for name in ("__init__.py", "__main__.py", "conftest.py"):
            shutil.copy(ROOT / "graders" / name, root / "graders" / name)
        shutil.copy(ROOT / "pyproject.toml", root)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the repository."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text), "utf-8")
        return path

    def toy(
        self, solution: str, grader: str, answer: str | None = None, sheet: str = ""
    ) -> None:
        """Write the four files of the exercise; `sheet` adds to its usual one."""
        if "[mistakes]" not in sheet:
            sheet += "\n[mistakes]\n"
        self.write("graders/ml_coding/toys/toy.toml", SHEET + _plain(sheet))
        self.write("solutions/ml_coding/toys/toy.py", '"""Toy."""\n' + _plain(solution))
        self.write("graders/ml_coding/toys/test_toy.py", HEAD + _plain(grader))
        text = solution if answer is None else answer
        self.write("exercises/ml_coding/toys/toy.py", '"""Toy."""\n' + _plain(text))

    def add_tools(self) -> None:
        """Copy the maintainers' tools, tests/dev, too."""
        ignore = shutil.ignore_patterns("__pycache__", "equivalents")
        (self.root / "tests").mkdir()
        shutil.copy(ROOT / "tests/__init__.py", self.root / "tests")
        shutil.copytree(ROOT / "tests/dev", self.root / "tests/dev", ignore=ignore)

    def run(self, *arguments: object, env: dict[str, str] | None = None) -> "Done":
        """Run `python -m graders` with arguments, as a person would.

        The verb `stubs` is a maintainer's, whose command is not part of the copy.
        """
        command = [sys.executable, "-m", "graders", *map(str, arguments)]
        if arguments[:1] == ("stubs",):
            command[1:4] = ["-c", STUBS]
        done = subprocess.run(
            command,
            cwd=self.root,
            env=os.environ | (env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
        )
        return Done(done.returncode, done.stdout, done.stderr)

    def grade(self, *arguments: object, **options: dict[str, str]) -> "Done":
        """Grade the toy, and read the results."""
        done = self.run("grade", "toy", "--json", self.json, *arguments, **options)
        done.results = json.loads(self.json.read_text("utf-8"))
        done.checks = {
            check["name"].removeprefix("test_"): check
            for check in done.results["exercises"][0]["checks"]
        }
        return done


class Done:
    """How a command ended, and what it printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code = code
        self.out = out
        self.err = err
        self.results: dict = {}
        self.checks: dict[str, dict] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add what leaves the kept verdicts of unchanged exercises aside."""
    parser.addoption("--no-cache", action="store_true", help="judge all again")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give our own tests minutes: the ini's seconds are meant for a grader's checks."""
    for item in items:
        if ROOT / "tests" in item.path.parents and not item.get_closest_marker(
            "timeout"
        ):
            item.add_marker(pytest.mark.timeout(3600))


class Scheduling(LoadScopeScheduling):
    """Gives each process a file at a time, or an exercise of test_exercises.py.

    What they have in common, such as all gradings of an exercise, is made once so.
    """

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        name = re.search(r"(\w+)\]$", test)
        return name[1] if name and file.endswith("/test_exercises.py") else file

    def _assign_work_unit(self, node: Any) -> None:
        """Begin with the exercises that take minutes: the last would run alone."""
        for name in self.workqueue.keys() & _long():
            self.workqueue.move_to_end(name, last=False)
        super()._assign_work_unit(node)


@functools.cache
def _long() -> set[str]:
    return {entry.name for entry in catalogue() if entry.sheet.minutes >= 90}


@pytest.hookimpl(optionalhook=True)  # under -p no:xdist
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Scheduling:
    """Spread the tests over processes."""
    return Scheduling(config, log)


def _plain(text: str) -> str:
    return textwrap.dedent(text).lstrip("\n")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """A small repository in an empty folder."""
    return Repository(tmp_path)


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[browser.Browser]:
    """A browser; without one, CI fails and nobody else does."""
    path = browser.find()
    if path is None and os.environ.get("CI") != "true":
        pytest.skip("no chromium on the PATH")
    assert path, "no chromium on the PATH; .ci/run installs one"
    with browser.started(path, tmp_path_factory.mktemp("profile")) as tab:
        yield tab


def pieces(text):
    """Return the words of a text in order; a path may be broken behind a slash."""
    return text.replace("/", "/ ").split()
