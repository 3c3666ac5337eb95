"""List what differs between two commits, though a tree may be made to have no end.

Git's own comparison gathers all before it says a word, and a few objects can name more
files than any memory holds: a folder that holds another twice, thirty levels deep. So
folders are read one by one, equal ones are passed over, and both their number and the
length of a path are bounded.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator

from graders.submissions.git import Git, Unreadable

MOST_FOLDERS = 20_000
MOST_BYTES = 20_000_000  # of a folder; 10,000 files need less than one million
LONGEST_PATH = 4_096
_FOLDER = b"40000"

Entries = dict[bytes, tuple[bytes, bytes]]  # mode and hash, by name


def changed(git: Git, one: str, other: str) -> Iterator[bytes]:
    """Yield the paths of files that differ between two commits, as they are found.

    Raises:
        Unreadable: If there is more than the bounds let us read.
    """
    with git.start("cat-file", "--batch") as process:
        try:
            yield from _walk(
                process, len(one) // 2, f"{one}^{{tree}}", f"{other}^{{tree}}"
            )
        finally:
            process.kill()


def _walk(
    process: subprocess.Popen[bytes], width: int, one: str, other: str
) -> Iterator[bytes]:
    waiting = [(b"", one, other)]
    for _ in range(MOST_FOLDERS):
        if not waiting:
            return
        above, left, right = waiting.pop()
        before, after = (_read(process, name, width) for name in (left, right))
        inner = []
        for name in sorted({*before, *after}):
            path = above + name
            pair = before.get(name), after.get(name)
            if pair[0] == pair[1]:
                continue
            if len(path) > LONGEST_PATH:
                raise Unreadable("a path is too long")
            if any(entry and entry[0] != _FOLDER for entry in pair):
                yield path
            hashes = [e[1].hex() if e and e[0] == _FOLDER else "" for e in pair]
            if any(hashes):
                inner.append((path + b"/", hashes[0], hashes[1]))
        waiting += reversed(inner)
    raise Unreadable("there are too many folders")


def _read(process: subprocess.Popen[bytes], name: str, width: int) -> Entries:
    """Return what a folder holds; nothing for no name."""
    if not name:
        return {}
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{name}\n".encode())
    process.stdin.flush()
    found = re.fullmatch(rb"[0-9a-f]+ tree (\d+)\n", process.stdout.readline())
    if not found or (size := int(found[1])) > MOST_BYTES:
        raise Unreadable(f"{name} is no folder that can be read")
    raw = process.stdout.read(size + 1)[:-1]
    entries: Entries = {}
    at = 0
    while at < len(raw):
        if (end := raw.find(b"\0", at)) < 0:
            raise Unreadable(f"{name} is garbage")
        mode, _, part = raw[at:end].partition(b" ")
        entries[part] = mode, raw[end + 1 : end + 1 + width]
        at = end + 1 + width
    return entries
