"""The verb `solution`: the reference, once it can spoil nothing any more.

That is after a sitting that was passed or given up, or when the answer in the file
passes. Giving up is noted, and brings the exercise back soon.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import re
import secrets
import sys
from collections.abc import Iterator

from graders.harness.catalog.exercise import Entry, choose_one, relative
from graders.harness.catalog.stubs import begun, wanted
from graders.harness.feedback import report
from graders.harness.feedback.results import Job
from graders.harness.feedback.text import plain
from graders.harness.run.processes import grade
from graders.practice.clock import Moment, now
from graders.practice.schedule import review
from graders.practice.sittings.scorecard import follow_ups
from graders.practice.store import Sitting, Store
from graders.practice.verb import Refused, carry_out, opened

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def main(argv: list[str]) -> int:
    """Show the solution and what an interviewer would ask next."""
    parser = argparse.ArgumentParser(
        prog="python -m graders solution",
        description="Show the solution of an exercise that is passed or given up.",
    )
    parser.add_argument("name", help="an exercise")
    parser.add_argument(
        "--give-up", action="store_true", help="end it unsolved; this is noted"
    )
    parser.add_argument(
        "--diff", action="store_true", help="compare it with your file as well"
    )
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        with opened() as store:
            if store.running(entry.name) or not _was_seen(store, entry):
                if args.give_up:
                    give_up(store, entry, now())
                else:
                    _require_pass(store, entry)
        _show(entry, args.diff)
        return 0

    return carry_out("solution", act)


def _was_seen(store: Store, entry: Entry) -> bool:
    """Return whether the exercise was passed or given up before."""
    return any(
        sitting.state in ("passed", "gave up")
        or any(event.kind == "gave up" for event in store.events(sitting.id))
        for sitting in _sittings(store, entry)
    )


def _require_pass(store: Store, entry: Entry) -> None:
    if store.running(entry.name):
        raise Refused(
            f"the clock of {entry.name} is running: submit your answer, or --give-up "
            "ends it here, and is noted"
        )
    if not _passes(entry):
        raise Refused(
            f"{entry.name} is not passed yet; --give-up shows its solution, "
            "and is noted"
        )


def _sittings(store: Store, entry: Entry) -> list[Sitting]:
    return [s for s in store.sittings() if s.exercise == entry.name]


def _passes(entry: Entry) -> bool:
    """Return whether the answer in the file passes."""
    if not begun(entry) or not entry.stub.is_file():
        return False
    screen = report.Screen(sys.stderr)
    job = Job(entry, entry.stub, secrets.randbelow(2**31))
    [result] = grade([job], watch=screen.watch)
    screen.clear()
    return result.verdict == "passed"


def give_up(store: Store, entry: Entry, at: Moment) -> None:
    """Record that an exercise was given up.

    It ends the sitting that runs, or stands in the record of the last that failed; who
    never began has a sitting of no time.
    """
    past = _sittings(store, entry)
    if past and not store.running(entry.name):
        store.note(past[-1].id, at, "gave up")
        return
    number = store.begin(entry.name, "practice", entry.sheet.minutes, 0, at).id
    if store.end(number, "gave up", None, at):
        review(store, store.sitting(number), at)


def _show(entry: Entry, diff: bool) -> None:
    screen = report.Screen(sys.stdout)
    screen.write(f"{entry.title}: {relative(entry.solution)}")
    screen.write()
    screen.write(reference(entry))
    screen.write()
    if diff:
        screen.write(plain(difference(entry)) or "Your file is the same.")
        screen.write()
    screen.write(follow_ups(entry, screen.width))


def reference(entry: Entry) -> str:
    """Return the solution without the prompt."""
    source = entry.solution.read_text("utf-8")
    if entry.is_text:
        return source[source.index("\n## ") :].strip()
    prompt = {text for text, _ in _docstrings(wanted(entry))}
    cut = {row for text, rows in _docstrings(source) for row in rows if text in prompt}
    lines = enumerate(source.splitlines(), 1)
    text = "\n".join(line for row, line in lines if row not in cut).strip()
    return re.sub(r"^(\s*class .*:\n)\n", r"\1", text, flags=re.MULTILINE)


def _docstrings(source: str) -> Iterator[tuple[str, range]]:
    """Yield each docstring that is not all of a body, and the rows that it takes."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, _DOCUMENTED) or len(node.body) == 1:
            continue
        if text := ast.get_docstring(node):
            first = node.body[0]
            yield text, range(first.lineno, (first.end_lineno or 0) + 1)


def difference(entry: Entry) -> str:
    """Return a unified diff from the candidate's file to the solution."""
    answer = b""
    if entry.stub.is_file():
        answer = entry.stub.read_bytes()
    lines = difflib.unified_diff(
        answer.decode("utf-8", "replace").splitlines(),
        entry.solution.read_text("utf-8").splitlines(),
        relative(entry.stub),
        relative(entry.solution),
        lineterm="",
    )
    return "\n".join(lines)
