"""Verdicts of unchanged work, kept by content outside the repository.

What a verdict depends on is its key: the answer, the seed, the solution, sheet and
checks of its exercise, the harness, and the versions of what runs them. Our own answers
alone are looked up here, never a candidate's. A fault of ours is not kept, and neither
is a rejection by a deadline, which a busy machine may have caused.
"""

from __future__ import annotations

import functools
import hashlib
import json
import os
import platform
import shutil
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import JUDGED_WITH, ROOT, Entry

KEPT_STATES = 3  # of an exercise, so that changing branches forgets nothing

_PACKAGES = (*JUDGED_WITH, "scikit-learn", "scipy")
_UNSURE = {"timed out", "grader error"}


def folder() -> Path:
    """Return where verdicts are kept: `KATAS_CACHE`, else in the user's cache."""
    if given := os.environ.get("KATAS_CACHE"):
        return Path(given)
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", home / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "ml-interview-katas"


class Cache:
    """The verdicts that are known of one exercise's answers.

    Args:
        entry: The exercise.
        where: The folder.
    """

    def __init__(self, entry: Entry, where: Path) -> None:
        self._file = where / f"{entry.name}-{state(entry)[:16]}.jsonl"
        self._hints_file = where / f"{entry.name}.hints.json"
        self._known = dict(_lines(self._file))
        self.rejects: dict[str, list[str]] = {}  # the check that does, by label
        self.kills: dict[str, int] = {}  # answers that each check rejects
        try:
            hints = json.loads(self._hints_file.read_text("utf-8"))
            self.rejects, self.kills = hints["rejects"], hints["kills"]
        except (OSError, ValueError, KeyError):
            pass  # all that they spare is time

    def get(self, key: str) -> dict[str, Any] | None:
        """Return what became of an answer, if that is known."""
        return self._known.get(key)

    def put(self, key: str, told: dict[str, Any]) -> None:
        """Keep what became of an answer, if a repetition would tell the same."""
        if not is_sure(told):
            return
        self._known[key] = told
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            if not self._file.exists():
                self._forget_old_states()
            with self._file.open("a", encoding="utf-8") as file:
                file.write(json.dumps([key, told]) + "\n")
        except OSError:
            pass  # without a cache all is judged again

    def remember(self, rejections: Iterable[tuple[str, str]]) -> None:
        """Note which check rejected which answer, by its label."""
        for label, check in rejections:
            if label:
                self.rejects[label] = [check]
            self.kills[check] = self.kills.get(check, 0) + 1
        hints = {"rejects": self.rejects, "kills": self.kills}
        try:
            self._hints_file.parent.mkdir(parents=True, exist_ok=True)
            self._hints_file.write_text(json.dumps(hints), "utf-8")
        except OSError:
            pass

    def _forget_old_states(self) -> None:
        name = self._file.name.rpartition("-")[0]
        old = sorted(
            self._file.parent.glob(f"{name}-{'?' * 16}.jsonl"),
            key=lambda file: file.stat().st_mtime,
        )
        for file in old[: max(0, len(old) + 1 - KEPT_STATES)]:
            file.unlink(missing_ok=True)


def _lines(file: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield what a file holds; a line that was cut off is none."""
    try:
        text = file.read_text("utf-8")
    except OSError:
        return
    for line in text.splitlines():
        try:
            key, told = json.loads(line)
        except ValueError:
            continue
        yield key, told


def is_sure(told: dict[str, Any]) -> bool:
    """Return whether judging the same answer again would tell the same."""
    found = {told["verdict"], *(check["verdict"] for check in told["checks"])}
    return bool(told["checks"]) and not told["error"] and not found & _UNSURE


def key_of(source: bytes, seed: int, *, ask: str, in_process: bool) -> str:
    """Return what identifies an answer and how it is judged."""
    text = f"{hashlib.sha256(source).hexdigest()} {seed} {ask} {in_process}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def state(entry: Entry) -> str:
    """Return a digest of all that a verdict depends on, the answer aside."""
    own = map(_content, entry.judged_by)
    return _digest([_harness().encode(), *own])


@functools.cache
def _harness() -> str:
    """Return a digest of the harness and of the versions of what runs it."""
    files = sorted((ROOT / "graders" / "harness").rglob("*.py"))
    files += [ROOT / "graders" / "conftest.py", ROOT / "pyproject.toml"]
    files += [Path(__file__).with_name(name) for name in ("judge.py", "jobs.py")]
    versions = [sys.version, platform.machine(), sys.platform]
    versions += [f"{name} {_version(name)}" for name in _PACKAGES]
    versions.append(f"sandbox {bool(shutil.which('bwrap'))}")
    return _digest([*(v.encode() for v in versions), *map(_content, files)])


def _content(file: Path) -> bytes:
    return file.name.encode() + b"\0" + file.read_bytes()


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "none"
