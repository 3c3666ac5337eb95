"""Files of the candidate's: written whole or not at all, and never lost.

A file is written beside its place and put there in one step, so that a kill leaves the
old one or the new one. Before an answer is overwritten it is copied to .kata/attempts/,
where no copy takes another's place.
"""

from __future__ import annotations

import dataclasses
import os
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import Entry

_STAMP = "%Y-%m-%dT%H-%M-%S.%fZ"  # a name that every file system takes


@dataclasses.dataclass(frozen=True)
class Copy:
    """An answer that was put aside.

    Args:
        path: Where it is.
        when: When it was put there.
    """

    path: Path
    when: datetime


def write(path: Path, content: bytes) -> None:
    """Write a whole file or none; a link is replaced, and not what it points to."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    try:
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def keep(entry: Entry) -> Path | None:
    """Copy the file of an exercise aside, and return the copy.

    What was copied last is not copied again. None if there is no file.

    Raises:
        OSError: If the file cannot be read, or the copy not be written.
    """
    try:
        content = entry.stub.read_bytes()
    except FileNotFoundError:
        return None
    for last in kept(entry)[:1]:
        if last.path.read_bytes() == content:
            return last.path
    when = datetime.now(UTC)
    while (copy := _folder(entry) / f"{when:{_STAMP}}{entry.path.suffix}").exists():
        when += timedelta(microseconds=1)
    write(copy, content)
    return copy


def kept(entry: Entry) -> list[Copy]:
    """Return the copies of an exercise's answers, newest first."""
    copies = []
    for path in _folder(entry).glob(f"*{entry.path.suffix}"):
        with suppress(ValueError):  # not ours
            when = datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
            copies.append(Copy(path, when))
    return sorted(copies, key=lambda copy: copy.when, reverse=True)


def _folder(entry: Entry) -> Path:
    return exercise.ROOT / ".kata" / "attempts" / entry.name
