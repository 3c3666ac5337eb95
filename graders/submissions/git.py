"""Read git's objects, and nothing else of a repository.

Nothing is checked out, so that no filter, hook or attribute of what is read is heeded.
What replaces objects (replace refs, grafts) is not followed, nothing is fetched, and
only the configuration of the repository itself is read: it is on our side, and no
commit changes it. A name that a person typed reaches git through its standard input,
where it cannot be taken for an option; everything after that goes by hash.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

SECONDS = 60.0  # that git may take for one question
_CONFIG = (
    "--literal-pathspecs",
    "--no-replace-objects",
    *("-c", "protocol.allow=never"),  # a partial clone would fetch what it lacks
    *("-c", "core.fsmonitor=false"),
    *("-c", f"core.hooksPath={os.devnull}"),
)
_ENVIRONMENT = {
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_GRAFT_FILE": os.devnull,
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}


class Unreadable(Exception):
    """Git cannot tell what was asked; says why in one line."""


class Leaf(NamedTuple):
    """What a commit has at a path.

    Args:
        mode: As git writes it: "100644" is an ordinary file.
        hash: Of the object.
    """

    mode: str
    hash: str


class Git:
    """A repository's objects.

    Args:
        root: The top folder of its work tree.

    Raises:
        Unreadable: If the folder is not the top of a work tree, or there is no git.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            top = self._ask("rev-parse", "--show-cdup")
        except Unreadable as error:
            raise Unreadable(f"{root} is no git repository: {error}") from None
        if top.strip():
            raise Unreadable(f"{root} is not the top folder of a git repository")

    def commit(self, name: str) -> str:
        """Return the hash of the commit that a name means.

        Raises:
            Unreadable: If it means none.
        """
        if not name or re.search(r"[\0-\x1f\x7f]", name):
            raise Unreadable(f"{name!r} is no name of a commit")
        typed = os.fsencode(name) + b"^{commit}\n"
        said = self._ask("cat-file", "--batch-check", typed=typed)
        found = re.fullmatch(rb"([0-9a-f]{40,64}) commit \d+\n", said)
        if not found:
            raise Unreadable(f"no commit is called {name!r} here; is it fetched?")
        return found[1].decode()

    def merge_bases(self, one: str, other: str) -> list[str]:
        """Return the best common ancestors of two commits; none if none is known."""
        said = self._ask("merge-base", "--all", one, other, good=(0, 1))
        return said.decode().split()

    def is_shallow(self) -> bool:
        """Return whether the history is cut."""
        return self._ask("rev-parse", "--is-shallow-repository").strip() == b"true"

    def leaves(self, commit: str, paths: list[str]) -> dict[str, list[Leaf]]:
        """Return what a commit has at each of some paths, none a part of another.

        A path that it lacks is left out; one that a broken tree holds twice has two.
        """
        found: dict[str, list[Leaf]] = {}
        said = self._ask("ls-tree", "-z", "--full-tree", commit, "--", *paths)
        for line in said.split(b"\0")[:-1]:
            meta, _, path = line.partition(b"\t")
            mode, _, hash_ = meta.decode().split()
            found.setdefault(os.fsdecode(path), []).append(Leaf(mode, hash_))
        return {path: found[path] for path in paths if path in found}

    def size(self, blob: str) -> int:
        """Return the bytes that a file of the objects has.

        Raises:
            Unreadable: If the object is not here, or is no file.
        """
        said = self._ask("cat-file", "--batch-check", typed=f"{blob}\n".encode())
        found = re.fullmatch(rb"[0-9a-f]+ blob (\d+)\n", said)
        if not found:
            raise Unreadable(f"object {blob} is not here; fetch the head whole")
        return int(found[1])

    def read(self, blob: str) -> bytes:
        """Return the bytes of a file, as they were committed."""
        return self._ask("cat-file", "blob", blob)

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start a git that is asked again and again through its standard input."""
        return subprocess.Popen(
            self._command(*words),
            cwd=self.root,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )

    def differs(self, commit: str, folders: list[str]) -> str:
        """Return a path, in folders of the work tree, that is not as a commit has it.

        "" if there is none. What git is told to ignore is not looked at.
        """
        options = ("-z", "--name-only", "--no-renames", "--no-ext-diff")
        changed = self._ask("diff", *options, "--no-textconv", commit, "--", *folders)
        others = ("--others", "--exclude-standard", "-z", "--", *folders)
        new = self._ask("ls-files", *others)
        return os.fsdecode((changed + new).partition(b"\0")[0])

    def _command(self, *words: str) -> list[str]:
        # Who runs our own code from this folder trusts it, whoever owns the files.
        return ["git", *_CONFIG, "-c", f"safe.directory={self.root}", *words]

    def _ask(
        self, *words: str, typed: bytes = b"", good: tuple[int, ...] = (0,)
    ) -> bytes:
        """Return what git prints; say in one line why it does not."""
        try:
            done = subprocess.run(
                self._command(*words),
                cwd=self.root,
                env=_environment(),
                input=typed,
                capture_output=True,
                timeout=SECONDS,
            )
        except subprocess.TimeoutExpired:
            raise Unreadable(f"git {words[0]} took over {SECONDS:g} seconds") from None
        except FileNotFoundError:
            raise Unreadable("git is not installed") from None
        if done.returncode not in good:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise Unreadable(lines[0] if lines else f"git {words[0]} failed")
        return done.stdout


def _environment() -> dict[str, str]:
    """Return our environment without what steers git."""
    kept = {k: v for k, v in os.environ.items() if not k.upper().startswith("GIT_")}
    return kept | _ENVIRONMENT
