"""Measure how often feedback names a mistake, and how often it is the one made.

`python -m tests.dev.named [NAME ...]` grades every mistake of the sheets, whose name is
known, and mutants of right answers (--mutants N of each), of which a name is right if
the mistake that it names gives what the mutant gives on every example of a second
grading, with another seed. Prints each name that is wrong, and the shares.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry, catalogue, choose
from tests.dev.gradings import grade_all
from tests.dev.mutation.mutants import mutants

ANSWERS = Path(__file__).parents[1] / "answers"
SECOND = 1  # the seed of the second grading


def main() -> None:
    """Grade, and print what was named."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.dev.named", description=__doc__
    )
    parser.add_argument("names", nargs="*", help="exercises, topics or rounds")
    parser.add_argument("--mutants", type=int, default=0, metavar="N")
    parser.add_argument("--no-mistakes", action="store_true")
    parser.add_argument("--every", type=int, default=1, help="the share to grade")
    args = parser.parse_args()
    entries = list(choose(args.names)) if args.names else catalogue()
    entries = [entry for entry in entries if not entry.is_text]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not args.no_mistakes:
            jobs = list(_mistakes(entries, folder))[:: args.every]
            _report("mistakes", grade_all(jobs), _is_right)
        if args.mutants:
            jobs = list(_mutants(entries, folder, args.mutants))
            firsts = list(grade_all(jobs))
            _report("mutants", iter(firsts), _confirmed(firsts, folder))


def _mistakes(entries: list[Entry], folder: Path) -> Any:
    for entry in entries:
        for i, (name, mistake) in enumerate(entry.sheet.mistakes.items()):
            file = folder / f"{entry.name}_{i}.py"
            file.write_text(entry.with_mistake(mistake), "utf-8")
            yield {"name": entry.name, "file": file, "mistake": name}


def _mutants(entries: list[Entry], folder: Path, count: int) -> Any:
    """Yield mutants of the solution and of the other right answers in plain NumPy."""
    rng = random.Random(0)
    for entry in entries:
        files = [entry.solution, *sorted((ANSWERS / entry.name).glob("*.py"))]
        files = [f for f in files if "sklearn" not in f.name and "scipy" not in f.name]
        for i in range(count):
            source = rng.choice(files).read_text("utf-8")
            mutant = rng.choice(list(mutants(source)))
            file = folder / f"{entry.name}_mutant_{i}.py"
            file.write_text(mutant.source, "utf-8")
            yield {"name": entry.name, "file": file, "mistake": str(mutant)}


def _names(result: dict[str, Any]) -> set[str]:
    return {c["mistake"] for c in result["checks"] if c.get("mistake")}


def _is_right(result: dict[str, Any]) -> bool:
    return _names(result) == {result["job"]["mistake"]}


def _confirmed(firsts: list[dict[str, Any]], folder: Path) -> Any:
    """Return a judge of names: a second grading must name the same mistake."""
    named = [result for result in firsts if _names(result)]
    jobs = [result["job"] | {"seed": SECOND} for result in named]
    seconds = {r["job"]["file"]: _names(r) for r in grade_all(jobs)}
    return lambda result: seconds[result["job"]["file"]] == _names(result)


def _report(what: str, results: Any, is_right: Any) -> None:
    counts: dict[str, Counter[str]] = {}
    for result in results:
        count = counts.setdefault(result["job"]["name"], Counter())
        names = _names(result)
        if all(c["verdict"] == "passed" for c in result["checks"]):
            count[result["verdict"]] += 1
            continue
        count["failed"] += 1
        if not names:
            count["unnamed"] += 1
            bad = [c["name"] for c in result["checks"] if c["verdict"] != "passed"]
            print(f"  unnamed: {result['job']['name']}: {result['job']['mistake']}")
            print(f"      failed {len(bad)}: {', '.join(bad)[:150]}")
        elif is_right(result):
            count["right"] += 1
        else:
            count["wrong"] += 1
            made = result["job"]["mistake"]
            print(f"  {result['job']['name']}: {made!r} was named {sorted(names)}")
    total: Counter[str] = sum(counts.values(), Counter())
    for name, count in counts.items():
        print(f"{name:<32} {dict(count)}")
    named, failed = total["right"] + total["wrong"], max(total["failed"], 1)
    print(f"{what}: {failed} failed, {named} named ({named / failed:.1%}), ", end="")
    print(f"{total['wrong']} wrong ({total['wrong'] / failed:.1%})")


if __name__ == "__main__":
    main()
