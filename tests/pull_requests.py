"""Git repositories with hostile branches, made without ever checking anything out."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

FILE, SCRIPT, LINK, MODULE = "100644", "100755", "120000", "160000"
_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "a",
    "GIT_AUTHOR_EMAIL": "a@example.org",
    "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org",
}

Files = dict[str | bytes, bytes | tuple[str, bytes] | None]


class Pulls:
    """A git repository whose commits are written as a stream.

    Args:
        root: An existing folder, with a repository in it or not.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        if not (root / ".git").exists():
            self.git("init", "-q", "--template=", "-b", "main", ".")

    def git(self, *words: object, typed: bytes = b"") -> str:
        """Run git in the repository, and return what it prints."""
        done = subprocess.run(
            ["git", *map(os.fspath, map(str, words))],
            cwd=self.root,
            env=os.environ | _ENVIRONMENT,
            input=typed,
            capture_output=True,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.decode().strip()

    def commit(self, branch: str, files: Files, *parents: str) -> None:
        """Commit files on top of the first parent.

        Args:
            branch: What to set to the commit.
            files: The content by path, with its mode where that is not `FILE`; of a
                `MODULE` the content is a hash; None removes the path.
            parents: Commits; none for one without history.
        """
        stream = [b"commit refs/heads/" + branch.encode()]
        stream += [b"committer a <a@example.org> 1700000000 +0000", b"data 1", b"x"]
        for at, parent in enumerate(parents):
            stream.append((b"merge " if at else b"from ") + parent.encode())
        if not parents:
            stream.append(b"deleteall")
        for path, content in files.items():
            stream += _change(path, content)
        typed = b"\n".join(stream) + b"\n"
        self.git("fast-import", "--quiet", "--force", "--done", typed=typed + b"done\n")

    def at(self, name: str) -> str:
        """Return the hash of the commit that a name means."""
        return self.git("rev-parse", name)

    def blob(self, content: bytes) -> str:
        """Write an object, and return its hash."""
        return self.git("hash-object", "-w", "--stdin", typed=content)

    def tree(self, entries: list[tuple[str, str, str]]) -> str:
        """Write a folder as it stands, sound or not; return its hash.

        Args:
            entries: Of each, its mode, name and hash.
        """
        raw = b"".join(
            f"{mode} {name}".encode() + b"\0" + bytes.fromhex(hash_)
            for mode, name, hash_ in entries
        )
        words = ("hash-object", "-t", "tree", "-w", "--stdin", "--literally")
        return self.git(*words, typed=raw)

    def commit_tree(self, branch: str, tree: str, *parents: str) -> None:
        """Commit a folder."""
        given = [word for parent in parents for word in ("-p", parent)]
        commit = self.git("commit-tree", tree, "-m", "x", *given)
        self.git("update-ref", f"refs/heads/{branch}", commit)


def _change(
    path: str | bytes, content: bytes | tuple[str, bytes] | None
) -> list[bytes]:
    name = path.encode() if isinstance(path, str) else path
    quoted = name.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n")
    if content is None:
        return [b'D "' + quoted + b'"']
    mode, data = content if isinstance(content, tuple) else (FILE, content)
    if mode == MODULE:
        return [b"M " + mode.encode() + b" " + data + b' "' + quoted + b'"']
    head = b"M " + mode.encode() + b' inline "' + quoted + b'"'
    return [head, b"data %d" % len(data), data]
