# /// script
# dependencies = ["nox>=2025.5.1"]
# ///
"""The commands of this repository; `nox --list` prints them.

Arguments for a command follow `--`. Exit codes are the command's own.
"""

import os
import subprocess
from pathlib import Path

import nox

nox.needs_version = ">=2025.5.1"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["grade"]

PROJECT = nox.project.load_toml("pyproject.toml")


@nox.session
def grade(session: nox.Session) -> None:
    """Grade what you have begun, or what you name."""
    _prepare(session)
    _python(session, "-m", "graders", "grade", *session.posargs)


@nox.session(default=False)
def practice(session: nox.Session) -> None:
    """Practise against the clock: an exercise that you name, or what is due."""
    _practice(session, "practice")


@nox.session(default=False)
def mock(session: nox.Session) -> None:
    """Hold a mock interview: --round NAME --minutes N, or --loop for a whole day."""
    _practice(session, "mock")


@nox.session(default=False)
def progress(session: nox.Session) -> None:
    """Show how far you are; --html FILE writes a page with plots."""
    _practice(session, "progress")


@nox.session(default=False)
def hint(session: nox.Session) -> None:
    """Show the next of an exercise's three hints."""
    _practice(session, "hint")


@nox.session(default=False)
def solution(session: nox.Session) -> None:
    """Show the solution of an exercise that you passed, or --give-up."""
    _practice(session, "solution")


@nox.session(default=False)
def attempts(session: nox.Session) -> None:
    """List what was kept of your work on an exercise, or bring it back."""
    _practice(session, "attempts")


@nox.session(default=False)
def reset(session: nox.Session) -> None:
    """Lay fresh stubs of exercises that you name, or --all; your work is kept."""
    _practice(session, "reset")


@nox.session(default=False)
def debug(session: nox.Session) -> None:
    """Grade one exercise in a debugger, which stops where a check fails."""
    _prepare(session)
    _python(session, "-m", "graders", "debug", *session.posargs)


@nox.session(default=False)
def tests(session: nox.Session) -> None:
    """Run the project's own tests side by side; `-n 0` for one process."""
    _prepare(session, "practice", "tests", "mutation")
    # There may be more cores than it may use.
    spread = ("-n", "auto", "--maxprocesses", "4")
    _python(session, "-m", "pytest", *spread, *session.posargs)


@nox.session(default=False)
def lint(session: nox.Session) -> None:
    """Check format, style and types."""
    _prepare(session, "practice", "lint")
    _python(session, "-m", "ruff", "format", "--check", "--quiet", ".")
    _python(session, "-m", "ruff", "check", "--quiet", ".")
    _python(session, "-m", "mypy", *session.posargs)


@nox.session(default=False)
def dev(session: nox.Session) -> None:
    """For maintainers: new, stubs, check, mutation, flaky or bench."""
    _prepare(session, "practice", "tests", "mutation")
    _python(session, "-m", "tests.dev", *session.posargs)


def _practice(session: nox.Session, verb: str) -> None:
    """Carry out a verb of practice."""
    _prepare(session, "practice")
    _python(session, "-m", "graders", verb, *session.posargs)


def _prepare(session: nox.Session, *groups: str) -> None:
    """Install what a session needs, unless that is what was installed last."""
    wanted = list(PROJECT["project"]["dependencies"])
    wanted += nox.project.dependency_groups(PROJECT, *groups)
    stamp = Path(session.virtualenv.location) / "installed.txt"
    if stamp.exists() and stamp.read_text("utf-8") == "\n".join(wanted):
        return
    session.install(*wanted)
    stamp.write_text("\n".join(wanted), "utf-8")


def _python(session: nox.Session, *arguments: str) -> None:
    """Run the session's Python, and leave with its exit code if that is not 0."""
    python = Path(session.bin) / "python"
    meddling = ("PYTEST_", "PYTHON", "HYPOTHESIS_")  # variables that change verdicts
    env = {k: v for k, v in os.environ.items() if not k.startswith(meddling)}
    if code := subprocess.call([python, *arguments], env=env):
        raise SystemExit(code)


if __name__ == "__main__":
    nox.main()
