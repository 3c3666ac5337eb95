"""The environments of the nox sessions: shared, and installed once."""

import ast
import contextlib
import importlib.util
import sys
from types import SimpleNamespace

import pytest

from graders.harness.catalog.exercise import ROOT


@pytest.fixture(scope="module")
def noxfile():
    """Return the noxfile, loaded once, since nox registers what it finds."""
    spec = importlib.util.spec_from_file_location("noxfile", ROOT / "noxfile.py")
    module = importlib.util.module_from_spec(spec)
    with contextlib.chdir(ROOT):
        spec.loader.exec_module(module)
    return module


@pytest.fixture
def ran(noxfile, monkeypatch, tmp_path):
    """Return what sessions run, which installs nothing."""
    commands = []

    def run(*command, silent=False):
        words = [str(word) for word in command]
        commands.append(words)
        if "venv" in words or "virtualenv" in words:
            for python in ("bin/python", "Scripts/python.exe"):
                file = tmp_path / "env" / words[-1].rpartition("/")[2] / python
                file.parent.mkdir(parents=True, exist_ok=True)
                file.touch()

    monkeypatch.setattr(noxfile.subprocess, "call", lambda command, env: 0)
    session = SimpleNamespace(
        cache_dir=str(tmp_path / "env" / ".cache"),
        log=lambda text: None,
        warn=lambda text: None,
        run=run,
        posargs=[],
        invoked_from=str(tmp_path),
    )
    return SimpleNamespace(session=session, commands=commands)


def test_candidates_sessions_share_one_environment(noxfile, ran, tmp_path):
    for name in ("grade", "list_exercises", "next_exercise", "watch", "plan",
                 "practice", "mock", "progress", "hint", "solution", "attempts",
                 "reset", "review", "export", "gradescope",
                 "world", "cards", "debug"):  # fmt: skip
        getattr(noxfile, name).func(ran.session)
    assert len(ran.commands) == 2  # made once, installed once
    assert [path.name for path in (tmp_path / "env").iterdir()] == ["practice"]
    assert not any("matplotlib" in word for word in ran.commands[-1])


def test_a_batch_adds_to_that_environment_what_it_needs(noxfile, ran, tmp_path):
    noxfile.grade.func(ran.session)
    for _ in range(2):
        noxfile.batch.func(ran.session)
    assert [path.name for path in (tmp_path / "env").iterdir()] == ["practice"]
    installed = [" ".join(map(str, command)) for command in ran.commands]
    assert len(installed) == 3  # the environment, and two groups
    assert ["rapidfuzz" in one for one in installed] == [False, False, True]


def test_plots_are_installed_when_they_are_asked_for(noxfile, ran):
    noxfile.grade.func(ran.session)
    for _ in range(2):
        ran.session.posargs = ["--html", "page.html"]
        noxfile.progress.func(ran.session)
        ran.session.posargs = []
        noxfile.grade.func(ran.session)
    assert len(ran.commands) == 3
    assert any(word.startswith("matplotlib") for word in ran.commands[-1])


def test_maintainers_sessions_share_another(noxfile, ran, tmp_path):
    for name in ("dev", "tests", "lint"):
        getattr(noxfile, name).func(ran.session)
    assert len(ran.commands) == 2
    assert [path.name for path in (tmp_path / "env").iterdir()] == ["dev"]


def test_another_python_makes_the_environment_anew(noxfile, ran, monkeypatch):
    noxfile.grade.func(ran.session)
    monkeypatch.setattr(noxfile.sys, "version", "9.9.9")
    noxfile.grade.func(ran.session)
    assert len(ran.commands) == 4


def test_an_older_python_is_told_in_a_line(monkeypatch, capsys):
    source = (ROOT / "noxfile.py").read_text("utf-8")
    code = compile(ast.parse(source, feature_version=(3, 8)), "noxfile.py", "exec")
    monkeypatch.setattr(sys, "version_info", (3, 10, 13))
    with pytest.raises(SystemExit) as ended:
        exec(code, {})
    assert ended.value.code == 2
    message = "This needs Python 3.11 or newer; nox runs on 3.10.\n"
    assert capsys.readouterr().err == message


def test_an_install_that_fails_is_tried_again(noxfile, ran, monkeypatch):
    def refuse(*command, silent=False):
        raise RuntimeError("no network")

    with monkeypatch.context() as patch:
        patch.setattr(ran.session, "run", refuse)
        with pytest.raises(RuntimeError):
            noxfile.grade.func(ran.session)
    noxfile.grade.func(ran.session)
    assert len(ran.commands) == 2
