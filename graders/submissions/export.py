"""The verb `export`: what a candidate is given where graders must stay away.

Stubs, derived afresh from the solutions, a README, and a runner of the prompts'
examples; no grader, solution, sheet or history. Exit codes: 0 written. 2 the command
was wrong, or nothing could be written.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
from pathlib import Path

from graders.harness.catalog.exercise import ROOT, Entry, catalogue, choose
from graders.harness.catalog.stubs import wanted
from graders.harness.run.command_line import complain, from_where_it_was_typed
from graders.submissions.pick import path_of

GIVEN = Path(__file__).parent / "exported"


def main(argv: list[str]) -> int:
    """Export what the arguments name, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="nox -s export --",
        description="Write what a candidate is given where graders must stay away.",
    )
    parser.add_argument("out", metavar="OUT", type=Path, help="a new folder")
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds; all")
    args = parser.parse_args(argv)
    try:
        entries = list(choose(args.names)) if args.names else catalogue()
        out = from_where_it_was_typed(args.out)
        export(entries, out)
    except LookupError as error:
        return complain("export", error.args[0])
    except (OSError, ValueError) as error:
        return complain("export", str(error))
    print(f"{len(entries)} exercises in {out}; no grader and no solution among them")
    return 0


def export(entries: list[Entry], out: Path) -> None:
    """Write the stubs of exercises, a README and a runner of examples; all or nothing.

    Args:
        entries: The exercises.
        out: A folder that does not exist, or is empty, outside of the repository.

    Raises:
        ValueError: If something is there, or a solution gives no stub.
        OSError: If it cannot be written.
    """
    if out.resolve().is_relative_to(ROOT):
        raise ValueError(f"{out} is inside of the repository")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ValueError(f"{out} is there already, and not empty")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-") as name:
        made = Path(name) / "made"
        shutil.copytree(GIVEN, made, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "LICENSE", made)
        for entry in entries:
            file = made / path_of(entry)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(wanted(entry), "utf-8", newline="\n")
        made.replace(out)
