"""The verb `hostile`: grade hostile answers in a row, and see that nothing is lost.

Each file of tests/attacks is handed in for several exercises: as it is for roc_auc, and
for the others with every function of the solution preceded by the attack. Of each
grading every check must have a verdict, and none may be a grader error; afterwards no
process, file, segment or descriptor may be left: grade nothing else in this checkout
meanwhile. Exit codes: 0 all is well. 1 it is not. 2 the command was wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice, product
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry, catalogue
from tests.dev.progress import Progress

ROOT = Path(__file__).resolve().parents[2]
ATTACKS = sorted((ROOT / "tests" / "attacks").glob("*.py"))
NAMES = ("roc_auc", "kmeans", "top_k_frequent", "log_sum_exp", "best_split")
SETTLE = 10.0  # seconds in which what is being ended may end
WATCHED = (Path("/dev/shm"), Path("/dev/mqueue"))
SEGMENTS = (Path("/proc/sysvipc/shm"), Path("/proc/sysvipc/sem"))

_TURNED = """

def _attacked(inner):
    def function(*args, **kwargs):
        attack = globals().get("attack")
        if attack:
            attack()
        return inner(*args, **kwargs)

    return function


for _name in {names!r}:
    globals()[_name] = _attacked(globals()[_name])
"""


@dataclass(frozen=True)
class Job:
    """One answer that is handed in."""

    entry: Entry
    attack: Path
    seed: int

    @property
    def label(self) -> str:
        """What names it, and repeats it."""
        return f"{self.attack.stem} for {self.entry.name}, seed {self.seed}"

    def source(self) -> str:
        """Return the answer."""
        text = self.attack.read_text("utf-8")
        if self.entry.name == "roc_auc":
            return text
        functions = [n for n, is_class in self.entry.contract.items() if not is_class]
        solution = self.entry.solution.read_text("utf-8")
        return f"{text}\n\n{solution}{_TURNED.format(names=functions)}"


def main(argv: Sequence[str]) -> int:
    """Grade as many as the arguments say, print the counts, return the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s dev -- hostile", description=__doc__)
    parser.add_argument("--count", type=int, default=2000, help="gradings; %(default)s")
    parser.add_argument("--at-once", type=int, default=4, help="%(default)s")
    args = parser.parse_args(argv)
    if args.count < 1 or args.at_once < 1:
        parser.error(f"at least 1 is needed, not {args.count} and {args.at_once}")
    expected = _checks_of_solutions()
    before, counts, lost = _surroundings(), Counter[str](), list[str]()
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        scratch = Path(name)
        (scratch / "tmp").mkdir()
        with ThreadPoolExecutor(args.at_once) as pool:
            jobs = list(islice(_jobs(), args.count))
            progress = Progress("hostile", len(jobs))
            for job, report in zip(
                jobs, pool.map(lambda job: _grade(job, scratch), jobs), strict=True
            ):
                for complaint in lost_of(report, expected[job.entry.name]):
                    lost.append(f"{job.label}: {complaint}")
                    print(lost[-1], flush=True)
                counts.update(c["verdict"] for c in checks_of(report))
                progress.step(f"{len(lost)} lost")
        progress.close()
        left = list(_left(before, scratch / "tmp"))
    for line in left:
        print(line)
    verdicts = ", ".join(
        f"{count} {verdict}" for verdict, count in counts.most_common()
    )
    bad = len(lost) + len(left)
    print(f"{len(jobs)} hostile gradings; checks: {verdicts}; lost or left: {bad}")
    return 1 if bad else 0


def _jobs() -> Iterator[Job]:
    entries = {entry.name: entry for entry in catalogue()}
    seed = 0
    while True:
        for name, attack in product(NAMES, ATTACKS):
            yield Job(entries[name], attack, seed)
            seed += 1


def _grade(job: Job, scratch: Path) -> dict[str, Any]:
    """Grade an answer in a process of its own, and return the report."""
    file = scratch / f"{job.seed}.py"
    out = file.with_suffix(".json")
    file.write_text(job.source(), "utf-8")
    command = [sys.executable, "-m", "graders", "grade", job.entry.name]
    command += ["--submission", str(file), "--seed", str(job.seed), "--json", str(out)]
    env = os.environ | {"TMPDIR": str(scratch / "tmp"), "HOME": str(scratch)}
    try:
        done = subprocess.run(
            command, cwd=ROOT, env=env, capture_output=True, timeout=600
        )
        report: dict[str, Any] = json.loads(out.read_text("utf-8"))
        report["code"] = done.returncode
    except (subprocess.TimeoutExpired, OSError, ValueError) as error:
        report = {"error": f"no report: {error!r}"[:300]}
    file.unlink()
    out.unlink(missing_ok=True)
    return report


def checks_of(report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the checks of a report on one exercise."""
    return [c for exercise in report.get("exercises", ()) for c in exercise["checks"]]


def lost_of(report: dict[str, Any], expected: list[str]) -> Iterator[str]:
    """Yield what a report lacks, or holds that is our fault."""
    if "error" in report:
        yield report["error"]
        return
    if report["code"] not in (0, 1):
        yield f"exit code {report['code']}"
    names = [check["name"] for check in checks_of(report)]
    if names != expected:
        yield f"{len(names)} checks, where the solution has {len(expected)}"
    for check in checks_of(report):
        if check["verdict"] == "grader error":
            yield f"{check['name']} is a grader error: {check['message'][:200]}"


def _checks_of_solutions() -> dict[str, list[str]]:
    """Return the names of the checks of each exercise that is attacked."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name) / "report.json"
        command = [sys.executable, "-m", "graders", "grade", *NAMES]
        command += ["--from", "solutions", "--json", str(out)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(f"hostile: the solutions do not pass\n{done.stdout}")
        report = json.loads(out.read_text("utf-8"))
    return {
        one["name"]: [check["name"] for check in one["checks"]]
        for one in report["exercises"]
    }


def _surroundings() -> dict[str, list[str]]:
    """Return what hostile answers could leave behind, by its kind."""
    found = {str(folder): _listed(folder) for folder in WATCHED}
    for file in SEGMENTS:
        found[str(file)] = file.read_text().splitlines() if file.exists() else []
    found["descriptors"] = _listed(Path("/proc/self/fd"))
    found["processes"] = _workers()
    return found


def _listed(folder: Path) -> list[str]:
    return sorted(os.listdir(folder)) if folder.is_dir() else []


def _workers() -> list[str]:
    """Return the processes that execute answers of this checkout."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            line = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:  # it has ended meanwhile
            continue
        if str(ROOT / "graders" / "harness" / "worker") in line:
            found.append(f"{folder.name}: {line[:100]}")
    return found


def _left(before: dict[str, list[str]], temporary: Path) -> list[str]:
    """Return what is there that was not, once all has had time to end."""
    deadline = time.monotonic() + SETTLE
    while True:
        after = _surroundings() | {"temporary files": _listed(temporary)}
        left = [
            f"left in {kind}: {item}"
            for kind, items in after.items()
            for item in set(items) - set(before.get(kind, []))
        ]
        if not left or time.monotonic() > deadline:
            return sorted(left)
        time.sleep(0.2)
