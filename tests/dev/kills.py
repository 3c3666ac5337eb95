"""The verb `kills`: kill commands at random moments, and see what is lost.

In repositories with one exercise a grading, a timed attempt, its submission and a
writer of the database are killed (SIGKILL) at any moment from their start to their end,
with the rows of earlier rounds present. Afterwards the database must be sound, hold
every row that it held, unchanged where it had ended, and every row that was promised;
the text in the candidate's file must still be there or among the attempts; and
`progress` must work. Exit codes: 0 all is well. 1 something was lost. 2 the command was
wrong.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.conftest import Repository
from tests.dev.progress import Progress

SOLUTION = "def add(a, b):\n    return a + b"
CHECK = """
def test_add(submission):
    '''Adds.'''
    check(submission.add(1, 2), 3)
"""
WRITER = """
import itertools
from graders.practice.clock import now
from graders.practice.store import Store
store = Store()
for i in itertools.count():
    session = store.start(f"other {i % 7}", "practice", 10, i, now())
    store.note(session.id, now(), "hint", "1")
    store.save_report(session.id, {"verdict": "failed", "checks": []}, now())
    store.end(session.id, "failed", None, now())
    print(session.id, flush=True)
"""
COMMANDS = {
    "grading": ["-m", "graders", "grade", "toy"],
    "attempt": ["-m", "graders", "practice", "toy"],
    "submission": ["-m", "graders", "practice", "toy", "--submit"],
    "write": ["-c", WRITER],
}
TABLES = ("sitting", "event", "card", "mock")
LONGEST = 3.0  # seconds until the kill, at the most

Row = tuple[Any, ...]


def main(argv: Sequence[str]) -> int:
    """Kill as often as the arguments say, print the counts, return the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s dev -- kills", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="kills; %(default)s")
    parser.add_argument("--at-once", type=int, default=2, help="%(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of the moments")
    args = parser.parse_args(argv)
    if args.count < 1 or args.at_once < 1:
        parser.error(f"at least 1 is needed, not {args.count} and {args.at_once}")
    rounds = [
        range(args.seed + i, args.seed + args.count, args.at_once)
        for i in range(args.at_once)
    ]
    progress = Progress("kills", args.count)
    counts, lost = Counter[str](), list[str]()
    with ThreadPoolExecutor(args.at_once) as pool:
        for done in pool.map(lambda seeds: _kill_all(seeds, progress), rounds):
            counts.update(done[0])
            lost += done[1]
    progress.close()
    for line in lost:
        print(line)
    told = ", ".join(f"{count} {what}" for what, count in sorted(counts.items()))
    print(f"{args.count} rounds: {told}; lost: {len(lost)}")
    return 1 if lost else 0


def _kill_all(
    seeds: Sequence[int], progress: Progress
) -> tuple[Counter[str], list[str]]:
    """Kill one command after the other in a repository of its own."""
    counts, lost = Counter[str](), list[str]()
    names = list(COMMANDS)
    with tempfile.TemporaryDirectory(prefix="kills-") as folder:
        repository = Repository(Path(folder))
        repository.toy(SOLUTION, CHECK)
        for seed in seeds:
            name = names[seed // 7 % len(names)]
            what, complaints = kill(repository, name, random.Random(seed))
            counts[f"{what} {name}s"] += 1
            lost += [f"round {seed}, {name}: {complaint}" for complaint in complaints]
            progress.step(f"{len(lost)} lost")
    return counts, lost


def kill(
    repository: Repository, name: str, rng: random.Random
) -> tuple[str, list[str]]:
    """Kill a command, and return what became of it and what was lost."""
    file = repository.root / "exercises" / "ml_coding" / "toys" / "toy.py"
    mine = f'"""Toy."""\n\n# {rng.random()}\n{SOLUTION}\n'
    file.write_text(mine, "utf-8")
    before = rows_of(repository.root)
    process = subprocess.Popen(
        [sys.executable, *COMMANDS[name]],
        cwd=repository.root,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        out, _ = process.communicate(timeout=rng.uniform(0, LONGEST))
        what = "ended"
    except subprocess.TimeoutExpired:
        process.kill()
        out, _ = process.communicate()
        what = "killed"
    promised = [int(line) for line in out.split()] if name == "write" else []
    complaints = list(lost_of(before, repository.root, promised))
    if what == "ended" and name == "grading":
        complaints += _unrecorded(rows_of(repository.root))
    if not any(text == mine for text in _texts(repository.root, file)):
        complaints.append("the text of the candidate's file")
    if rng.random() < 0.1:
        done = repository.run("progress")
        if done.code or "Traceback" in done.err:
            complaints.append(f"progress: {done.err[-300:]}")
    return what, complaints


def rows_of(root: Path) -> dict[str, dict[Any, Row]]:
    """Return the rows of each table by their key; none without a database."""
    found: dict[str, dict[Any, Row]] = {table: {} for table in TABLES}
    if not (root / ".kata" / "kata.db").exists():
        return found
    with closing(sqlite3.connect(root / ".kata" / "kata.db", timeout=30)) as database:
        known = {r[0] for r in database.execute("SELECT name FROM sqlite_master")}
        for table in known & set(TABLES):
            key = "exercise" if table == "card" else "id"  # a card is replaced whole
            lines = database.execute(f"SELECT {key}, * FROM {table}")
            found[table] = {line[0]: line[1:] for line in lines}
    return found


def lost_of(
    before: dict[str, dict[Any, Row]], root: Path, promised: Sequence[int]
) -> Iterator[str]:
    """Yield what the database lacks that it held, or that it was said to hold."""
    after = rows_of(root)
    file = root / ".kata" / "kata.db"
    if file.exists():
        with closing(sqlite3.connect(file, timeout=30)) as database:
            [[state]] = database.execute("PRAGMA integrity_check").fetchall()
        if state != "ok":
            yield f"the database is not sound: {state}"
    for table, rows in before.items():
        for number, row in rows.items():
            changed = after[table].get(number)
            if changed is None:
                yield f"row {number} of {table}"
            elif table == "event" and changed != row:
                yield f"row {number} of event has changed"
            elif table == "sitting" and "running" not in row and changed != row:
                yield f"row {number} of sitting had ended and has changed"
    for number in promised:
        row = after["sitting"].get(number, ())
        if "failed" not in row:
            yield f"session {number}, which was said to have ended"
    for number, row in after["sitting"].items():
        if any(isinstance(v, str) and v[:1] == "{" and not _is_json(v) for v in row):
            yield f"the report of row {number} of sitting"


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def _unrecorded(after: dict[str, dict[Any, Row]]) -> list[str]:
    """Return a complaint if a grading that ended by itself has left no trace.

    The gradings of a day are one row; while a session runs, it gets them.
    """
    rows = after["sitting"].values()
    return [] if any("grade" in r or "running" in r for r in rows) else ["a grading"]


def _texts(root: Path, file: Path) -> Iterator[str]:
    """Yield what the candidate's file and its copies hold."""
    yield file.read_text("utf-8") if file.exists() else ""
    for copy in (root / ".kata" / "attempts").rglob("*"):
        if copy.is_file():
            yield copy.read_text("utf-8")
