"""Recognise what was submitted: folders, mirrored trees, clones, zips of them.

Each folder or zip at the top is one person's, named by it; Moodle's suffix is taken
off. An answer is a file with the name of an exercise, wherever it lies. In a tree that
mirrors the repository the files below `exercises` alone count, and an unchanged stub is
no answer. Single files at the top are Canvas's if they are named as it names them:
`person_12345_67890_roc_auc.py`, after LATE_ with `_LATE` behind the person.

No link is followed, and nothing is unpacked to the disk.
"""

from __future__ import annotations

import dataclasses
import os
import re
import stat
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from graders.harness.answer.loading import MAX_SOURCE
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.stubs import is_stub

MOST_FILES = 20_000  # of one person, that are looked at
MOST_BYTES = 200 * 2**20  # that the answers in one zip may have together
_CANVAS = re.compile(r"(.+?)(?:_LATE)?_\d+_\d+_(.+?)(?:-\d+)?(\.(?:py|md))")
_MOODLE = re.compile(r"(.+?)_\d+_assignsubmission_.*")
_NOT_ANSWERS = ("solutions", "graders", "tests")  # of a clone

Read = Callable[[], bytes]


@dataclasses.dataclass(frozen=True)
class Submitted:
    """One answer of one person.

    Args:
        who: The person, as the folder, zip or file names them.
        entry: The exercise.
        read: Returns the bytes; raises OSError or ValueError if they cannot be had.
        why: Why it is not graded, or "".
    """

    who: str
    entry: Entry
    read: Read
    why: str = ""


@dataclasses.dataclass
class Collected:
    """What a folder holds.

    Args:
        answers: In the order of people and exercises.
        strange: What was not recognised, and why, a line each.
    """

    answers: list[Submitted] = dataclasses.field(default_factory=list)
    strange: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass(frozen=True)
class _File:
    """A file of one person: where it lies below their folder, its bytes, its reader."""

    path: PurePosixPath
    size: int
    read: Read


def collect(folder: Path, entries: list[Entry]) -> Collected:
    """Return what was submitted for some exercises.

    Raises:
        OSError: If the folder cannot be read.
    """
    found = Collected()
    loose: dict[str, list[_File]] = {}
    for place in sorted(folder.iterdir()):
        about = place.lstat()
        if stat.S_ISDIR(about.st_mode):
            _take(found, _person(place.name), list(_files_below(place)), entries)
        elif stat.S_ISREG(about.st_mode) and place.suffix.lower() == ".zip":
            _take_zip(found, place, entries)
        elif match := _CANVAS.fullmatch(place.name):
            who, name, suffix = match.groups()
            file = _File(PurePosixPath(name + suffix), about.st_size, place.read_bytes)
            loose.setdefault(who, []).append(file)
        else:
            kind = "no folder or zip of a person, and no file as Canvas names it"
            found.strange.append(f"{place.name}: {kind}")
    for who, files in loose.items():
        _take(found, who, files, entries)
    found.strange += _alike(found.answers)
    return found


def _person(name: str) -> str:
    match = _MOODLE.fullmatch(name)
    return match[1] if match else name


def _alike(answers: list[Submitted]) -> list[str]:
    """Return a line for people whose names differ in case or in code points alone."""
    named: dict[str, dict[str, None]] = {}
    for answer in answers:
        form = unicodedata.normalize("NFKC", answer.who).casefold()
        named.setdefault(form, {})[answer.who] = None
    return [
        f"{', '.join(who)}: nearly the same name; each is graded apart"
        for who in named.values()
        if len(who) > 1
    ]


def _take(found: Collected, who: str, files: list[_File], entries: list[Entry]) -> None:
    """Take one person's answers from their files."""
    kept = list(_answers(who, files, entries))
    if not kept:
        found.strange.append(f"{who}: no file has the name of an exercise")
    found.answers += kept


def _answers(who: str, files: list[_File], entries: list[Entry]) -> Iterator[Submitted]:
    by_name: dict[str, list[_File]] = {}
    for file in files:
        by_name.setdefault(file.path.name, []).append(file)
    for entry in entries:
        mine = by_name.get(entry.path.name, [])
        mirrored = [f for f in mine if f.path.parts[-4:-3] == ("exercises",)]
        mine = mirrored or [
            f for f in mine if not set(_NOT_ANSWERS) & set(f.path.parts)
        ]
        if len(mine) > 1:
            why = f"{len(mine)} files are called {entry.path.name}"
            yield Submitted(who, entry, mine[0].read, why)
        elif mine and mine[0].size > MAX_SOURCE:
            why = f"it is larger than {MAX_SOURCE // 2**20} MB"
            yield Submitted(who, entry, mine[0].read, why)
        elif mine and not (mirrored and _is_stub(mine[0], entry)):
            yield Submitted(who, entry, mine[0].read)


def _is_stub(file: _File, entry: Entry) -> bool:
    try:
        return is_stub(entry, file.read())
    except (OSError, ValueError):
        return False


def _files_below(folder: Path) -> Iterator[_File]:
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if (count := count + 1) > MOST_FILES:
                return
            if file.suffix in (".py", ".md") and stat.S_ISREG(file.lstat().st_mode):
                path = PurePosixPath(file.relative_to(folder).as_posix())
                yield _File(path, file.lstat().st_size, file.read_bytes)


def _take_zip(found: Collected, place: Path, entries: list[Entry]) -> None:
    """Take the answers of a zip: one person's, or a folder for each as of Moodle."""
    try:
        with zipfile.ZipFile(place) as archive:
            members = archive.infolist()
    except (OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        found.strange.append(f"{place.name}: no zip that can be read ({error})")
        return
    if why := _refusal(members):
        found.strange.append(f"{place.name}: {why}")
        return
    files = [
        _File(PurePosixPath(m.filename), m.file_size, _reader(place, m))
        for m in members
        if not m.is_dir() and PurePosixPath(m.filename).suffix in (".py", ".md")
    ]
    tops = {file.path.parts[0] for file in files if len(file.path.parts) > 1}
    moodles = {top for top in tops if _MOODLE.fullmatch(top)}
    if not moodles:
        _take(found, place.stem, files, entries)
        return
    for top in sorted(moodles):
        inner = [file for file in files if file.path.parts[0] == top]
        _take(found, _person(top), inner, entries)


def _refusal(members: list[zipfile.ZipInfo]) -> str:
    """Return why nothing of a zip is read, or ""."""
    if len(members) > MOST_FILES:
        return f"it has {len(members):,} entries; {MOST_FILES:,} at most are read"
    size = 0
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            return f"it has an entry that leads out of it: {member.filename!r}"
        size += member.file_size
        if member.flag_bits & 1:
            return "it is encrypted"
    if size > MOST_BYTES:
        return f"it holds {size // 2**20:,} MB; {MOST_BYTES // 2**20} at most are read"
    return ""


def _reader(place: Path, member: zipfile.ZipInfo) -> Read:
    def read() -> bytes:
        try:
            with zipfile.ZipFile(place) as archive, archive.open(member) as file:
                source = file.read(MAX_SOURCE + 1)  # whatever its header says
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise ValueError(f"it cannot be unpacked ({error})") from None
        if len(source) > MAX_SOURCE:
            raise ValueError(f"it is larger than {MAX_SOURCE // 2**20} MB")
        return source

    return read
