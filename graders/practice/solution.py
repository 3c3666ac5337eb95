"""The command `solution`: the solution, its lesson, and the follow-ups with answers.

It is shown once an exercise was passed or given up, or while the answer in the file
passes. Giving up is recorded, and the exercise is due again soon. A solution that was
read before a pass counts as help for a day; see `graders.practice.helped`.
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
from graders.harness.catalog.stubs import is_started, wanted
from graders.harness.feedback import report
from graders.harness.feedback.results import Job
from graders.harness.feedback.text import plain
from graders.harness.run.processes import grade
from graders.practice.cli import Refused, open_store, run_command
from graders.practice.clock import Moment, now
from graders.practice.schedule import review
from graders.practice.store import Session, Store
from graders.practice.text import wrap

_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def main(argv: list[str]) -> int:
    """Show the solution of an exercise, and what belongs to it."""
    parser = argparse.ArgumentParser(
        prog="python -m graders solution",
        description="Show the solution of an exercise that you passed or gave up.",
    )
    parser.add_argument("name", help="an exercise")
    parser.add_argument(
        "--give-up", action="store_true", help="end it unsolved; this is recorded"
    )
    parser.add_argument(
        "--diff", action="store_true", help="compare it with your file as well"
    )
    args = parser.parse_args(argv)

    def act() -> int:
        entry = choose_one(args.name)
        with open_store() as store:
            if store.running(entry.name) or not was_seen(store, entry):
                if args.give_up:
                    give_up(store, entry, now())
                else:
                    _require_pass(store, entry)
            else:
                store.read_solution(entry.name, now())
        screen = report.Screen(sys.stdout)
        screen.write(page(entry, screen.width, diff=args.diff))
        return 0

    return run_command("solution", act)


def give_up(store: Store, entry: Entry, at: Moment) -> None:
    """Record that the candidate gave up.

    It ends the running session. Without one it is noted in the last session, and if
    there was none, a session of no time is recorded.
    """
    past = _sessions(store, entry)
    if past and not store.running(entry.name):
        store.note(past[-1].id, at, "gave up")
        store.read_solution(entry.name, at)
        return
    number = store.start(entry.name, "practice", entry.sheet.minutes, 0, at).id
    if store.end(number, "gave up", None, at):
        review(store, store.session(number), at)


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


def lesson(entry: Entry, width: int = 80) -> str:
    """Return the lesson without its references, or "" if there is none."""
    page = entry.sheet.lesson
    if page is None:
        return ""
    parts = {
        "The idea": page.idea,
        "What it costs": page.cost,
        "Alternatives": page.alternatives,
        "Traps": page.traps,
    }
    lines = []
    for title, said in parts.items():
        lines += ["", title, *_paragraphs(said, width, "  ")]
    return "\n".join(lines[1:])


def references(entry: Entry, width: int = 80) -> str:
    """Return the references of the lesson, or "" if there are none."""
    if entry.sheet.lesson is None:
        return ""
    lines = ["References"]
    for source in entry.sheet.lesson.references:
        lines += wrap(" ".join(source.split()), width, "  - ", "    ")
    return "\n".join(lines)


def questions(entry: Entry, width: int = 80) -> str:
    """Return the follow-up questions, or "" if there are none."""
    lines = wrap("An interviewer would now ask:", width)
    for follow_up in entry.sheet.follow_ups:
        lines += ["", *_paragraphs(follow_up.question, width, "  - ", "    ")]
    return "\n".join(lines) if entry.sheet.follow_ups else ""


def answers(entry: Entry, width: int = 80) -> str:
    """Return the follow-up questions with their answers, or "" if there are none."""
    lines = wrap("Follow-up questions, with good answers:", width)
    for follow_up in entry.sheet.follow_ups:
        lines += ["", *_paragraphs(follow_up.question, width, "  - ", "    ")]
        lines += ["", *_paragraphs(follow_up.answer, width, "    ")]
    return "\n".join(lines) if entry.sheet.follow_ups else ""


def was_seen(store: Store, entry: Entry) -> bool:
    """Return whether the exercise was passed or given up before."""
    return any(
        session.state in ("passed", "gave up")
        or any(event.kind == "gave up" for event in store.events(session.id))
        for session in _sessions(store, entry)
    )


def _require_pass(store: Store, entry: Entry) -> None:
    if store.running(entry.name):
        raise Refused(
            f"a session of {entry.name} is running: submit your answer, or end it "
            "with --give-up, which is recorded"
        )
    if not _passes(entry):
        raise Refused(
            f"you have not passed {entry.name} yet; --give-up shows its solution, "
            "and is recorded"
        )


def _sessions(store: Store, entry: Entry) -> list[Session]:
    return [s for s in store.sessions() if s.exercise == entry.name]


def _passes(entry: Entry) -> bool:
    """Return whether the answer in the file passes."""
    if not is_started(entry) or not entry.stub.is_file():
        return False
    screen = report.Screen(sys.stderr)
    job = Job(entry, entry.stub, secrets.randbelow(2**31))
    [result] = grade([job], watch=screen.watch)
    screen.clear()
    return result.verdict == "passed"


def page(entry: Entry, width: int, *, diff: bool = False) -> str:
    """Return the solution, its lesson, and the follow-up questions with answers."""
    title = wrap(f"{entry.title}: {relative(entry.solution)}", width, "", "  ")
    parts = ["\n".join(title), reference(entry)]
    if diff:
        same = "Your file and the solution are identical."
        parts.append(plain(difference(entry)) or same)
    parts += [lesson(entry, width), answers(entry, width), references(entry, width)]
    return "\n\n".join(filter(None, parts))


def _docstrings(source: str) -> Iterator[tuple[str, range]]:
    """Yield each docstring that is not all of a body, and its rows."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, _DOCUMENTED) or len(node.body) == 1:
            continue
        if text := ast.get_docstring(node):
            first = node.body[0]
            yield text, range(first.lineno, (first.end_lineno or 0) + 1)


def _paragraphs(
    text: str, width: int, first: str, rest: str | None = None
) -> list[str]:
    """Wrap a text of a sheet, whose paragraphs are parted by empty lines."""
    rest = first if rest is None else rest
    lines: list[str] = []
    for paragraph in re.split(r"\n\s*\n", text):
        indent = rest if lines else first
        lines += [""] if lines else []
        lines += wrap(" ".join(paragraph.split()), width, indent, rest)
    return lines
