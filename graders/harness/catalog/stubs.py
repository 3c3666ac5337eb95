"""Keep the committed stubs in step with the solutions, and never lose an answer.

Candidates edit the stubs in place, so a file that differs may hold their work: only a
file that is itself a stub is overwritten, another on demand, and a copy is always kept.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from graders.harness.catalog import exercise, files, index
from graders.harness.catalog.derive import derive
from graders.harness.catalog.derive_text import derive_text
from graders.harness.catalog.exercise import Entry, catalogue, relative


def wanted(entry: Entry) -> str:
    """Return the stub that an exercise should have.

    Raises:
        ValueError: If its solution gives none; names the file and the line.
    """
    solution = entry.solution.read_text("utf-8")
    try:
        if entry.is_text:
            return derive_text(solution)
        if entry.sheet.bugs:
            return entry.with_mistake(entry.sheet.bugs)
        return derive(solution)
    except ValueError as error:
        raise ValueError(f"{relative(entry.solution)}: {error}") from error


def is_started(entry: Entry) -> bool:
    """Return whether the candidate's file is there and differs from the stub."""
    try:
        text = entry.stub.read_text("utf-8")
    except FileNotFoundError:
        return False
    except (OSError, UnicodeDecodeError):
        return True
    return text != wanted(entry)


def is_stub(entry: Entry, source: bytes) -> bool:
    """Return whether an answer is the unchanged stub, however its lines end."""
    return source.replace(b"\r\n", b"\n") == wanted(entry).encode()


def is_untouched(entry: Entry, source: bytes) -> bool:
    """Return whether an answer is the unchanged stub, where grading would not tell.

    Code to repair runs, and a text is read, as somebody's answer would be; any other
    stub raises NotImplementedError.
    """
    if not (entry.is_text or entry.sheet.bugs):
        return False
    return is_stub(entry, source)


def write_stubs(entries: Iterable[Entry], *, force: bool = False) -> list[Path]:
    """Write the stubs that are missing or out of date, and return which.

    A file that is no stub may hold an answer. It is left alone, unless forced. Whatever
    is overwritten is first copied to .kata/attempts/NAME/.

    Raises:
        ValueError: If a solution gives no stub; nothing is written then.
    """
    written = []
    for entry, stub in [(entry, wanted(entry)) for entry in entries]:
        if entry.stub.exists():
            if not is_started(entry) or not (force or _is_stub(entry)):
                continue
            files.keep(entry)
        files.write(entry.stub, stub.encode())
        written.append(entry.stub)
    return written


def _is_stub(entry: Entry) -> bool:
    """Return whether a file is a stub of some solution, with nothing of an answer."""
    if entry.sheet.bugs:  # looks like an answer, whatever version it is of
        return False
    try:
        text = entry.stub.read_text("utf-8")
        return (derive_text if entry.is_text else derive)(text) == text
    except (OSError, ValueError, RecursionError):
        return False


def stale(entries: Iterable[Entry]) -> list[str]:
    """Return a line for each stub that is missing, differs, or has no solution."""
    lines = []
    for entry in entries:
        stub = relative(entry.stub)
        try:
            if not entry.stub.exists():
                wanted(entry)
                lines.append(f"{stub}: missing")
            elif is_started(entry):
                lines.append(f"{stub}: differs from what its solution gives")
        except ValueError as error:
            lines.append(str(error))
    return lines + _orphans()


def _stale_page() -> list[str]:
    """Return a line if the page that lists the exercises is not what they give."""
    page = index.place()
    if page.exists() and page.read_text("utf-8") == index.as_page(catalogue()):
        return []
    return [f"{relative(page)}: is not the list of the exercises"]


def _orphans() -> list[str]:
    known = {entry.stub for entry in catalogue()} | {index.place()}
    folder = exercise.ROOT / "exercises"
    files = sorted([*folder.rglob("*.py"), *folder.rglob("*.md")])
    return [f"{relative(file)}: no solution" for file in files if file not in known]


def main(argv: list[str]) -> int:
    """Write or check the stubs: the verb `stubs`."""
    parser = argparse.ArgumentParser(
        prog="nox -s dev -- stubs",
        description="Derive the stubs, and the list of them, from the solutions.",
    )
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="compare, write nothing")
    mode.add_argument(
        "--force",
        action="store_true",
        help="overwrite answers too; copies stay in .kata/attempts",
    )
    options = parser.parse_args(argv)
    entries = catalogue()
    try:
        return _check(entries) if options.check else _write(entries, options.force)
    except (OSError, ValueError) as error:
        print(f"stubs: {error}", file=sys.stderr)
        return 1 if isinstance(error, ValueError) else 2


def _check(entries: list[Entry]) -> int:
    problems = stale(entries) + _stale_page()
    for line in problems:
        print(line, file=sys.stderr)
    if problems:
        print("nox -s dev -- stubs  writes what is missing or differs", file=sys.stderr)
        return 1
    print(f"stubs up to date: {len(entries)}")
    return 0


def _write(entries: list[Entry], force: bool) -> int:
    replaced = [entry.stub for entry in entries if is_started(entry)]
    written = write_stubs(entries, force=force)
    if _stale_page():
        files.write(index.place(), index.as_page(entries).encode())
        written.append(index.place())
    for path in written:
        kept = f"; the old file is in .kata/attempts/{path.stem}"
        print(f"wrote {relative(path)}{kept if path in replaced else ''}")
    problems = [
        f"left alone {relative(entry.stub)}: it is no stub, so it may hold an answer; "
        "--force overwrites it and keeps a copy"
        for entry in entries
        if is_started(entry)
    ] + _orphans()
    for line in problems:
        print(line, file=sys.stderr)
    if not written and not problems:
        print(f"stubs up to date: {len(entries)}")
    return 1 if problems else 0
