"""Recognise what was submitted: folders, mirrored trees, clones, zips, downloads.

Each folder or zip at the top is one person's, named by it, or a download with many
people in it: see `downloads`. An answer is a file with the name of an exercise,
wherever it lies. In a tree that mirrors the repository the files below `exercises`
alone count, and an unchanged stub is no answer.

No link is followed, and nothing is unpacked to the disk.
"""

from __future__ import annotations

import dataclasses
import os
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath

from graders.harness.answer.loading import MAX_SOURCE
from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.stubs import is_stub
from graders.submissions.batch.downloads import (
    LARGEST_LIST,
    LIST,
    File,
    Read,
    listed,
    people,
    whose,
)

MOST_FILES = 100_000  # of one folder or zip, that are looked at
MOST_BYTES = 200 * 2**20  # that the answers in one zip may have together
_NOT_ANSWERS = ("solutions", "graders", "tests")  # of a clone


@dataclasses.dataclass(frozen=True)
class Submitted:
    """One answer of one person.

    Args:
        who: The person, as the folder, zip or file names them.
        entry: The exercise.
        read: Returns the bytes; raises OSError or ValueError if they cannot be had.
        why: Why it is not graded, or "".
        place: The folder, zip or file at the top that holds it.
    """

    who: str
    entry: Entry
    read: Read
    why: str = ""
    place: str = ""


@dataclasses.dataclass
class Collected:
    """What a folder holds.

    Args:
        answers: In the order of people and exercises.
        strange: What was not recognised, and why, a line each.
    """

    answers: list[Submitted] = dataclasses.field(default_factory=list)
    strange: list[str] = dataclasses.field(default_factory=list)


def collect(folder: Path, entries: list[Entry]) -> Collected:
    """Return what was submitted for some exercises.

    Raises:
        OSError: If the folder cannot be read.
    """
    found = Collected()
    names: dict[str, str] = {}
    if (folder / LIST).is_file() and not (folder / LIST).is_symlink():
        names = listed((folder / LIST).read_bytes())
    for place in sorted(folder.iterdir()):
        about = place.lstat()
        if stat.S_ISDIR(about.st_mode):
            files = list(_files_below(place))
            if len(files) > MOST_FILES:
                found.strange.append(f"{place.name}: over {MOST_FILES:,} files")
            _take(found, place.name, files[:MOST_FILES], entries, names)
        elif not stat.S_ISREG(about.st_mode):
            found.strange.append(f"{place.name}: no folder and no file")
        elif place.suffix.lower() == ".zip":
            _take_zip(found, place, entries)
        elif whose(PurePosixPath(place.name))[0]:
            path, read = PurePosixPath(place.name), place.read_bytes
            _take(found, place.name, [File(path, about.st_size, read)], entries, {})
        elif place.name != LIST:
            kind = "no folder or zip of a person, and no file as Canvas names it"
            found.strange.append(f"{place.name}: {kind}")
    found.answers = list(_once(found.answers))
    found.strange += _alike(found.answers)
    return found


def _once(answers: list[Submitted]) -> Iterator[Submitted]:
    """Yield one answer for each person and exercise; no place stands for another's."""
    places: dict[tuple[str, str], list[Submitted]] = {}
    for answer in answers:
        places.setdefault((answer.who, answer.entry.name), []).append(answer)
    for first, *others in places.values():
        if others:
            names = [one.place for one in (first, *others)]
            why = f"it is in {', in '.join(names[:-1])} and in {names[-1]}"
            yield dataclasses.replace(first, why=why)
        else:
            yield first


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


def _take(
    found: Collected,
    place: str,
    files: list[File],
    entries: list[Entry],
    names: dict[str, str],
) -> None:
    """Take the answers of what stands at a place: one person's, or a download."""
    for who, mine in people(place, files, names).items():
        kept = list(_answers(who, mine, entries))
        if not kept:
            found.strange.append(f"{who}: no file has the name of an exercise")
        found.answers += [dataclasses.replace(one, place=place) for one in kept]


def _answers(who: str, files: list[File], entries: list[Entry]) -> Iterator[Submitted]:
    by_name: dict[str, list[File]] = {}
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


def _is_stub(file: File, entry: Entry) -> bool:
    try:
        return is_stub(entry, file.read())
    except (OSError, ValueError):
        return False


def _files_below(folder: Path) -> Iterator[File]:
    count = 0
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(place, name)
            if (count := count + 1) > MOST_FILES + 1:
                return
            if _is_read(file) and stat.S_ISREG(file.lstat().st_mode):
                path = PurePosixPath(file.relative_to(folder).as_posix())
                yield File(path, file.lstat().st_size, file.read_bytes)


def _is_read(path: PurePath) -> bool:
    return path.suffix in (".py", ".md") or path.name == LIST


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
        File(PurePosixPath(m.filename), m.file_size, _reader(place, m))
        for m in members
        if not m.is_dir() and _is_read(PurePosixPath(m.filename))
    ]
    if inner := [m.filename for m in members if m.filename.lower().endswith(".zip")]:
        found.strange.append(f"{place.name}: unpack it; it holds zips, as {inner[0]!r}")
    if files or not inner:
        _take(found, place.name, files, entries, {})


def _refusal(members: list[zipfile.ZipInfo]) -> str:
    """Return why nothing of a zip is read, or ""."""
    if len(members) > MOST_FILES:
        return f"it has {len(members):,} entries; {MOST_FILES:,} at most are read"
    size = 0
    for member in members:
        path = PurePosixPath(member.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or ":" in path.parts[:1]:
            return f"it has an entry that leads out of it: {member.filename!r}"
        size += member.file_size * _is_read(path)
        if member.flag_bits & 1:
            return "it is encrypted"
    if size > MOST_BYTES:
        return f"it holds {size // 2**20:,} MB; {MOST_BYTES // 2**20} at most are read"
    return ""


def _reader(place: Path, member: zipfile.ZipInfo) -> Read:
    """Return what reads one file of a zip, up to what such a file may hold."""
    most = LARGEST_LIST if PurePosixPath(member.filename).name == LIST else MAX_SOURCE

    def read() -> bytes:
        try:
            with zipfile.ZipFile(place) as archive, archive.open(member) as file:
                source = file.read(most + 1)  # whatever its header says
        except (zipfile.BadZipFile, NotImplementedError, EOFError) as error:
            raise ValueError(f"it cannot be unpacked ({error})") from None
        if len(source) > most:
            raise ValueError(f"it is larger than {most // 2**20} MB")
        return source

    return read
