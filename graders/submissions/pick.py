"""Pick a pull request's answers: bytes at the catalogue's paths, and nothing else.

An answer is what the head has at the path of an exercise, if it differs from what the
base has there, and from what both come from. Everything else that the head changes is
ignored, whatever it is: graders, workflows, settings, files that Python would load.
"""

from __future__ import annotations

import dataclasses
import os

from graders.harness.answer.loading import MAX_SOURCE
from graders.harness.catalog.exercise import Entry, catalogue
from graders.harness.catalog.stubs import is_stub
from graders.submissions.git import Git, Leaf, Unreadable
from graders.submissions.trees import changed

FOLDER = "exercises"
SHOWN = 20  # ignored paths that are named
COUNTED = 100_000  # ... and that are counted
LONGEST = 200  # characters of a path that are shown
_KINDS = {
    "040000": "a folder",
    "100755": "executable",
    "120000": "a symbolic link",
    "160000": "a submodule",
}


@dataclasses.dataclass(frozen=True)
class Answer:
    """An answer to grade.

    Args:
        entry: The exercise.
        source: What the file holds, as it was committed.
    """

    entry: Entry
    source: bytes


@dataclasses.dataclass(frozen=True)
class Refused:
    """A file that stands where an answer should, and is none.

    Args:
        entry: The exercise.
        why: What is wrong with it.
    """

    entry: Entry
    why: str


@dataclasses.dataclass
class Picked:
    """What a head submits.

    Args:
        base: The hash of the commit whose graders grade.
        head: The hash of the commit that submits.
        common: The hashes of the commits that both come from; none if none is known.
        shallow: Whether `common` is unknown because the history is cut.
        answers: What is to be graded.
        refused: What fails ungraded.
        empty: Exercises whose file was deleted, or is the stub: nothing to grade.
        ignored: The first paths that the head changes besides, as they can be shown.
        more: How many more there are.
        uncounted: Whether there are others still, which nobody counted.
    """

    base: str
    head: str
    common: list[str]
    shallow: bool = False
    answers: list[Answer] = dataclasses.field(default_factory=list)
    refused: list[Refused] = dataclasses.field(default_factory=list)
    empty: list[Entry] = dataclasses.field(default_factory=list)
    ignored: list[str] = dataclasses.field(default_factory=list)
    more: int = 0
    uncounted: bool = False


def pick(git: Git, base: str, head: str) -> Picked:
    """Pick the answers of a head.

    Args:
        git: Where both are.
        base: The name of the commit to compare with.
        head: The name of the commit that submits.

    Raises:
        Unreadable: If a name means no commit, or an object is not here.
    """
    one, other = git.commit(base), git.commit(head)
    picked = Picked(one, other, git.merge_bases(one, other))
    picked.shallow = not picked.common and git.is_shallow()
    entries = {path_of(entry): entry for entry in catalogue()}
    before = [
        git.leaves(commit, list(entries))
        for commit in dict.fromkeys([one, *picked.common])
    ]
    after = git.leaves(other, list(entries))
    gone = [path for path in entries if path not in after and path in before[0]]
    blocked = _blocked(git, other, gone)
    for path, entry in entries.items():
        if all(leaves.get(path) != after.get(path) for leaves in before):
            _sort(git, picked, entry, after.get(path, []), blocked.get(path, ""))
    _list_ignored(git, picked, set(entries))
    return picked


def path_of(entry: Entry) -> str:
    """Return the path of an exercise's file in the repository."""
    return f"{FOLDER}/{entry.path.as_posix()}"


def _sort(git: Git, picked: Picked, entry: Entry, leaves: list[Leaf], why: str) -> None:
    """Put what the head has for one exercise where it belongs."""
    if not leaves and not why:
        picked.empty.append(entry)
        return
    why = why or _refusal(git, leaves)
    if why:
        picked.refused.append(Refused(entry, why))
        return
    source = git.read(leaves[0].hash)
    # A stub may run, as code to repair does; what it is worth is known already.
    if is_stub(entry, source):
        picked.empty.append(entry)
    else:
        picked.answers.append(Answer(entry, source))


def _refusal(git: Git, leaves: list[Leaf]) -> str:
    """Return why an answer is refused, or nothing."""
    if len(leaves) > 1:
        return "its folder holds two files of that name"
    [(mode, hash_)] = leaves
    if mode != "100644":
        kind = _KINDS.get(mode, "no ordinary file")
        return f"it is {kind} (mode {mode}); only mode 100644 is graded"
    if (size := git.size(hash_)) > MAX_SOURCE:
        return f"it is larger than 1 MB ({size:,} bytes)"
    return ""


def _blocked(git: Git, head: str, missing: list[str]) -> dict[str, str]:
    """Return, of missing paths, those where a folder above is none, and what it is."""
    found: dict[str, str] = {}
    for depth in (1, 2, 3):
        folders = {path: "/".join(path.split("/")[:depth]) for path in missing}
        leaves = git.leaves(head, sorted(set(folders.values()))) if missing else {}
        for path, folder in folders.items():
            kinds = [leaf.mode for leaf in leaves.get(folder, [])]
            if kinds and set(kinds) != {"040000"} and path not in found:
                kind = _KINDS.get(kinds[0], "a file")
                found[path] = f"{folder} is {kind} (mode {kinds[0]}), not a folder"
    return found


def _list_ignored(git: Git, picked: Picked, answers: set[str]) -> None:
    """Note what else the head changes, as far as that can be counted."""
    start = picked.common[0] if picked.common else picked.base
    count = 0
    try:
        for path in changed(git, start, picked.head):
            if os.fsdecode(path) in answers:
                continue
            if count == COUNTED:
                picked.uncounted = True
                break
            count += 1
            if count <= SHOWN:
                picked.ignored.append(shown(path))
    except Unreadable:
        picked.uncounted = True
    picked.more = count - len(picked.ignored)


def shown(path: bytes) -> str:
    """Return a path in one line of printable characters, cut if it is long."""
    text = path.decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
