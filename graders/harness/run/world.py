"""The verb `world`: run a design in a public world, to see data and what it does.

Its worlds are drawn from seeds below zero, which no grading has. Nothing is recorded.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from graders.harness.catalog.exercise import catalogue, choose_one
from graders.harness.feedback import report
from graders.harness.feedback.results import Job
from graders.harness.feedback.text import plain
from graders.harness.run import command_line
from graders.harness.run.processes import grade

MARK = "pytest.mark.world"  # in a grader whose answers can be run so


def main(argv: list[str]) -> int:
    """Run one design, show what it printed and what was measured.

    Returns:
        0 if it got through, however well it did; 1 if not; 2 if the command was wrong;
        3 after a fault of ours.
    """
    parser = argparse.ArgumentParser(prog="python -m graders world")
    parser.add_argument("name", help="a design that runs in simulated worlds")
    parser.add_argument(
        "--seed",
        type=command_line.as_seed,
        default=1,
        help="other worlds, never graded",
    )
    parser.add_argument("--submission", type=Path, metavar="FILE", help="its answer")
    args = parser.parse_args(argv)
    try:
        entry = choose_one(args.name)
    except LookupError as error:
        return command_line.complain("world", str(error.args[0]))
    if MARK not in entry.grader.read_text("utf-8"):
        designs = [e.name for e in catalogue() if MARK in e.grader.read_text("utf-8")]
        others = f"these do: {', '.join(designs)}" if designs else "no exercise does"
        return command_line.complain(
            "world", f"{entry.name} runs in no world; {others}"
        )
    file = command_line.from_where_it_was_typed(args.submission) or entry.stub
    if not file.is_file():
        return command_line.complain(
            "world", f"there is no file {args.submission or file}"
        )

    command_line.heed_signals()
    screen = report.screen()
    job = Job(entry, file, -1 - args.seed, options=("-m", "world"))
    result = next(grade([job], watch=screen.watch))
    screen.clear()
    printed = result.printed or "".join(c.get("output", "") for c in result.checks)
    said = plain(printed).splitlines()
    if any(not line.startswith("-- world ") for line in said):
        for line in said:
            screen.write(f"printed: {line}")
    if result.verdict == "passed":
        for line in plain(result.exhibit).splitlines():
            screen.write(line)
        screen.write()
    else:
        report.show_result(screen, result)
    screen.write(f"again: nox -s world -- {entry.name} --seed {args.seed}")
    return {"passed": 0, "grader error": 3}.get(result.verdict, 1)
