"""What the seam and nox cost, as ratios within one interleaved run.

Each round times every command once, in turn, so that a busy machine slows all alike;
the medians over the rounds are compared.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from graders.harness.catalog import exercise
from graders.harness.catalog.exercise import ROOT, Entry, catalogue
from graders.practice.session.live_grader import LiveGrader, Update
from tests.dev.gradings import grade_all

IN_PROCESS, SEAM = "in-process", "seam"


def commands(entry: Entry) -> dict[str, list[str]]:
    """Return the commands that grade a solution, without and with the seam."""
    name, solution, grader = entry.name, str(entry.solution), str(entry.grader)
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    pytest += ["-p", "pytest_timeout"]
    graders = [sys.executable, "-m", "graders", "grade"]
    return {
        IN_PROCESS: [*pytest, "--in-process", "--answer", solution, grader],
        SEAM: [*graders, name, "--submission", solution],
    }


def seconds(command: list[str]) -> float:
    """Run a command that must succeed, and return how long it took."""
    env = os.environ | {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        # What other packages bring along is no part of the comparison.
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "HYPOTHESIS_NO_PLUGINS": "1",
    }
    start = time.perf_counter()
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"bench: {' '.join(command)} failed\n{done.stdout}{done.stderr}")
    return time.perf_counter() - start


def measure(
    commands: dict[str, list[str]], rounds: int, progress: str
) -> dict[str, float]:
    """Return the median seconds of each command."""
    times: dict[str, list[float]] = {key: [] for key in commands}
    for number in range(rounds):
        if sys.stderr.isatty():
            print(f"\r\x1b[K{progress} {number + 1}/{rounds}", end="", file=sys.stderr)
        for key, command in commands.items():
            times[key].append(seconds(command))
    if sys.stderr.isatty():
        print("\r\x1b[K", end="", file=sys.stderr)
    return {key: statistics.median(found) for key, found in times.items()}


def main(argv: Sequence[str]) -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="nox -s dev -- bench", description=__doc__)
    parser.add_argument("names", nargs="*", help="exercises; all of them, if none")
    parser.add_argument("--rounds", type=int, default=7)
    args = parser.parse_args(argv)
    entries = [e for e in catalogue() if not args.names or e.name in args.names]
    if not entries:
        sys.exit(f"bench: no exercise is called {' or '.join(args.names)}")

    print(f"{'medians of ' + str(args.rounds):<26} {IN_PROCESS:>12} {SEAM:>8} ratio")
    for entry in entries:
        found = measure(commands(entry), args.rounds, entry.name)
        _row(entry.name, found[IN_PROCESS], found[SEAM])
    one, *_ = [entry for entry in entries if entry.name == "roc_auc"] or entries
    nox = [sys.executable, "-m", "nox", "-s", "grade", "--", one.name]
    found = measure(
        {
            IN_PROCESS: commands(one)[IN_PROCESS],
            "nox": [*nox, "--submission", str(one.solution)],
        },
        args.rounds,
        "nox",
    )
    _row(f"nox -s grade -- {one.name}", found[IN_PROCESS], found["nox"])
    print()
    print(f"{'practice: save to verdict':<26} {'verdict':>12}  of warm  of cold")
    for entry in entries:
        _practice_row(entry, args.rounds)
    if len(entries) > 1 and not args.names:
        everything = [sys.executable, "-m", "graders", "grade", "--from", "solutions"]
        one_by_one = sum(seconds(commands(entry)[SEAM]) for entry in entries)
        _row("all: one by one, at once", one_by_one, seconds(everything))
    return 0


def _practice_row(entry: Entry, rounds: int) -> None:
    """Print how long a save takes to its verdict, beside warm and cold gradings."""
    saves, warm, cold = [], [], []
    with _saving(entry) as save:
        save()  # the first one waits for the process that grades
        for _ in range(rounds):
            saves.append(save())
            [one] = grade_all([{"name": entry.name, "file": entry.solution}])
            warm.append(one["seconds"])
            cold.append(seconds(commands(entry)[SEAM]))
    took, of_warm, of_cold = map(statistics.median, (saves, warm, cold))
    ratios = f"{took / of_warm:>8.2f} {took / of_cold:>8.2f}"
    print(f"{entry.name:<26} {took:>10.3f} s {ratios}", flush=True)


@contextlib.contextmanager
def _saving(entry: Entry) -> Iterator[Callable[[], float]]:
    """Yield what saves the solution as an answer, and returns when its verdict came."""
    solution = entry.solution.read_text("utf-8")
    news: queue.Queue[Update] = queue.Queue()
    with tempfile.TemporaryDirectory() as folder:
        for name in ("solutions", "graders"):
            (Path(folder) / name).symlink_to(ROOT / name, target_is_directory=True)
        exercise.ROOT = Path(folder)
        entry.stub.parent.mkdir(parents=True)
        judge = LiveGrader(
            entry,
            0,
            shows_verdicts=True,
            later=lambda act: act(),
            say=lambda line: None,
            take=news.put,
        )
        judge.start()

        def save() -> float:
            start = time.perf_counter()
            entry.stub.write_text(f"{solution}\n# {start}\n", "utf-8")
            if (found := news.get()).report is None:
                sys.exit(f"bench: {entry.name}: {found.problem}")
            return time.perf_counter() - start

        try:
            yield save
        finally:
            judge.close()
            exercise.ROOT = ROOT


def _row(name: str, base: float, other: float) -> None:
    print(
        f"{name:<26} {base:>10.3f} s {other:>6.3f} s {other / base:>5.2f}", flush=True
    )
