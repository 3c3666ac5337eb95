"""What Canvas, Moodle and Gradescope give to download: whose each file is.

Canvas names loose files `person_12345_67890_roc_auc.py`, with `_LATE` behind the
person; Moodle makes a folder `Person Name_123_assignsubmission_file`; Gradescope makes
a folder `submission_123`, beside a list of who has which.
"""

from __future__ import annotations

import contextlib
import dataclasses
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePosixPath

LIST = "submission_metadata.yml"  # of Gradescope
LARGEST_LIST = 50 * 2**20  # bytes

_CANVAS = re.compile(r"(.+?)(?:_LATE)?_\d+_\d+_(.+?)(?:-\d+)?(\.(?:py|md|zip))")
_MOODLE = re.compile(r"(.+?)_\d+_assignsubmission_.*")
_GRADESCOPE = re.compile(r"submission_\d+")
_SUBMITTERS = re.compile(
    r"^(submission_\d+):\n(?:  .*\n)*?  :submitters:\n((?:  - .*\n|    .*\n)+)", re.M
)
_NAME = re.compile(r"^[ -]+:name: *(.+)$", re.M)

Read = Callable[[], bytes]


@dataclasses.dataclass(frozen=True)
class File:
    """A file: where it lies in a folder or zip, its size in bytes, its reader."""

    path: PurePosixPath
    size: int
    read: Read


def people(
    name: str, files: Sequence[File], names: Mapping[str, str]
) -> dict[str, list[File]]:
    """Return the files of a folder or zip by person: one's, or those of a download.

    Args:
        name: What it is called.
        files: What it holds.
        names: What a list that lies beside it calls the submissions; see `listed`.
    """
    names = dict(names)
    found: dict[str, list[File]] = {}
    for file in files:
        who, path = whose(file.path)
        if file.path.name == LIST:
            with contextlib.suppress(OSError, ValueError):  # folders name them then
                names |= listed(file.read())
        elif who:
            found.setdefault(who, []).append(dataclasses.replace(file, path=path))
    if not found:
        match = _MOODLE.fullmatch(name) or _CANVAS.fullmatch(name)
        found = {match[1] if match else name.removesuffix(".zip"): list(files)}
    return {names.get(who, who): mine for who, mine in found.items()}


def whose(path: PurePosixPath) -> tuple[str, PurePosixPath]:
    """Return whose a file of a download is, or "", and its place in what is theirs."""
    top, *below = path.parts
    if not below:
        match = _CANVAS.fullmatch(top)
        return (match[1], PurePosixPath(match[2] + match[3])) if match else ("", path)
    if match := _MOODLE.fullmatch(top):
        return match[1], PurePosixPath(*below)
    for depth, part in enumerate(path.parts[:-1][:2]):
        if _GRADESCOPE.fullmatch(part):
            return part, PurePosixPath(*path.parts[depth + 1 :])
    return "", path


def listed(text: bytes) -> dict[str, str]:
    """Return the names that Gradescope lists for each folder, with its number."""
    found = {}
    lines = text.decode("utf-8", "replace").replace("\r\n", "\n")
    for folder, block in _SUBMITTERS.findall(lines):
        names = ", ".join(name.strip(" '\"") for name in _NAME.findall(block))
        found[folder] = f"{names} {folder.removeprefix('submission_')}"
    return found
