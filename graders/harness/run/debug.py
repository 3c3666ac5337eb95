"""The verb `debug`: step through the call on which a check failed.

The answer is graded as ever; then its failing call is made again in this process,
where a debugger can reach it and nothing is isolated or recorded: it is the user's own
file on the user's own machine.
"""

from __future__ import annotations

import argparse
import ast
import pdb
import secrets
import sys
import traceback
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from graders.harness.catalog.exercise import choose
from graders.harness.feedback import report
from graders.harness.feedback.results import Job
from graders.harness.run.command_line import complain, from_where_it_was_typed
from graders.harness.run.processes import grade


def main(argv: list[str]) -> int:
    """Grade one answer, and open a debugger where its first failing call begins."""
    parser = argparse.ArgumentParser(prog="python -m graders debug")
    parser.add_argument("name", help="an exercise")
    parser.add_argument("--submission", type=Path, metavar="FILE", help="its answer")
    parser.add_argument("--seed", type=int, help="draw the same inputs again")
    parser.add_argument(
        "--editor", action="store_true", help="leave the stepping to an editor"
    )
    args = parser.parse_args(argv)
    try:
        entries = list(choose([args.name]))
    except LookupError as error:
        return complain("debug", str(error.args[0]))
    file = from_where_it_was_typed(args.submission) or entries[0].stub
    if len(entries) > 1 or not file.is_file():
        return complain(
            "debug", f"needs one exercise and its file, not {args.name}, {file}"
        )

    seed = secrets.randbelow(2**31) if args.seed is None else args.seed
    result = next(grade([Job(entries[0], file, seed)]))
    failed = [check for check in result.checks if check.get("call")]
    screen = report.screen()
    if not failed:
        report.show_result(screen, result)
        screen.write("There is no failing call to step through.")
        return 0 if result.verdict == "passed" else 1
    report.show_check(screen, failed[0])
    return _make(failed[0]["call"], file, args.editor)


def _make(call: str, file: Path, in_editor: bool) -> int:
    """Make a call again, in Python's debugger or in whatever an editor has attached."""
    module = ModuleType("answer")
    sys.modules["answer"] = module
    namespace: dict[str, Any] = vars(module)
    namespace["np"] = np
    exec(compile(file.read_bytes(), file, "exec", dont_inherit=True), namespace)
    *before, last = call.splitlines()
    try:
        tree = ast.parse(last).body[0]
        exec("\n".join(before), namespace)
    except SyntaxError:  # a function of the grader's stands there by name alone
        return complain(
            "debug", "this call cannot be repeated here; put breakpoint() in the file"
        )
    made = getattr(tree, "value", None)
    if in_editor:
        try:
            exec(last, namespace)
        except Exception as error:  # the editor has shown where
            print(*traceback.format_exception_only(error), end="")
    elif isinstance(made, ast.Call):
        parts = [ast.unparse(made.func), *map(ast.unparse, made.args)]
        function, *args = (eval(part, namespace) for part in parts)
        named = {
            str(k.arg): eval(ast.unparse(k.value), namespace) for k in made.keywords
        }
        pdb.Pdb().runcall(function, *args, **named)
    else:
        pdb.Pdb().run(last, namespace)
    return 1
