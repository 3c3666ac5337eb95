"""The command `list`: the exercises, filtered; by keys where there is a terminal.

Exit codes: 0 listed, even if nothing fits; 2 a value means nothing. What is started
from the list ends with a code of its own.
"""

from __future__ import annotations

import argparse
import json

from graders.harness.feedback import report
from graders.practice import clock
from graders.practice.cli import open_store, run_command, whole_number
from graders.practice.daily.list_screen import ListScreen
from graders.practice.daily.listing import Filter, Row, as_json, read_rows, table

FIELDS = ("words", "round", "topic", "difficulty", "status", "covers", "minutes")


def main(argv: list[str]) -> int:
    """List the exercises that the arguments describe, and start one by a key."""
    args = _parser().parse_args(argv)
    if args.due:
        args.status = "due"

    def act() -> int:
        if args.minutes is not None:
            args.minutes = whole_number("--minutes", args.minutes)
        with open_store() as store:
            rows = read_rows(store, clock.now())
        wanted = Filter(**{field: getattr(args, field) for field in FIELDS})
        wanted.check(rows)
        return _list([row for row in rows if wanted.admits(row)], args)

    return run_command("list", act)


def _list(rows: list[Row], args: argparse.Namespace) -> int:
    screen = report.screen()
    if args.json:
        screen.stream.write(json.dumps(as_json(rows), indent=1) + "\n")
    elif not rows:
        screen.write("No exercise fits. nox -s list shows all.")
    elif args.plain or not screen.has_keys:
        for line in table(rows, screen.width):
            screen.write(line)
    elif chosen := ListScreen(rows, asks=True).run():
        return _start(*chosen)
    return 0


def _start(row: Row, how: str) -> int:
    from graders.practice.daily import watch
    from graders.practice.session import practice

    name = [row.entry.name]
    return watch.main(name) if how == "watch" else practice.main(name)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m graders list",
        description="List the exercises. In a terminal, type to filter and start one.",
    )
    parser.add_argument(
        "words", nargs="*", help="words that name, title, place or tags contain"
    )
    parser.add_argument("--round", default="", help="such as ml_coding")
    parser.add_argument("--topic", default="", help="such as metrics")
    parser.add_argument("--difficulty", default="", help="easy, medium or hard")
    parser.add_argument("--status", default="", help="new, started, solved or due")
    parser.add_argument("--due", action="store_true", help="those due for review")
    parser.add_argument(
        "--covers", default="", metavar="TAG", help="such as fraud, feature_engineering"
    )
    parser.add_argument("--minutes", metavar="N", help="at most so long")
    parser.add_argument("--json", action="store_true", help="print them for programs")
    parser.add_argument(
        "--plain", action="store_true", help="print the table, in a terminal too"
    )
    return parser
