"""What a batch costs here, on all cores and on a cluster.

The submissions are of four exercises; a fifth of them is wrong and three are hostile.
They are graded in slices, by one way after the other, so that whatever else the machine
does slows all alike. `pytest` is a plain pytest for each, one after the other. With
--kills the workers of a cluster are killed meanwhile, as often as that. Exit codes: 0
each submission has one verdict, and the same by all ways. 1 not. 2 wrong words.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from graders.harness.catalog.exercise import ROOT, Entry, choose
from tests.cluster import Cluster
from tests.dev.progress import Progress

NAMES = ("roc_auc", "log_sum_exp", "top_k_frequent", "best_split")
HOSTILE = {40: "c39_fork_bomb", 80: "c42_flood", 120: "c35_memory_bomb"}
WAYS = ("one process", "all cores", "1 worker", "2 workers", "pytest")
SEED = "1"


def main(argv: Sequence[str]) -> int:
    """Grade, print the table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="nox -s dev -- batches", description=__doc__)
    add = parser.add_argument
    add("--count", type=int, default=200, help="submissions")
    add("--slices", type=int, default=2, help="in which they are graded")
    add("--ways", nargs="+", choices=WAYS, default=WAYS)
    add(
        "--kills", type=int, default=0, help="grade by 2 workers, and kill one so often"
    )
    args = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        slices = [
            submissions(Path(folder) / f"in{n}", range(n, args.count, args.slices))
            for n in range(args.slices)
        ]
        if args.kills:
            return with_kills(slices[0], Path(folder), args.kills)
        return compare(slices, Path(folder), args.ways)


def submissions(folder: Path, numbers: range) -> Path:
    """Write submissions, each with bytes of its own, and return their folder."""
    entries = [next(iter(choose([name]))) for name in NAMES]
    attacks = ROOT / "tests" / "attacks"
    for number in numbers:
        entry = entries[number % len(entries)]
        text = source(entry, number)
        if number in HOSTILE:  # of the first exercise, for which attacks are made
            text = (attacks / f"{HOSTILE[number]}.py").read_text("utf-8")
        file = folder / f"p{number:05}" / f"{entry.name}.py"
        file.parent.mkdir(parents=True)
        file.write_text(f"{text}\n# {number}\n", "utf-8")
    return folder


def source(entry: Entry, number: int) -> str:
    """Return a right answer, or each fifth time one with a mistake of the sheet."""
    if number % 5 != 4:
        return entry.solution.read_text("utf-8")
    mistakes = [*entry.sheet.mistakes.values()]
    return entry.with_mistake(mistakes[number // 5 % len(mistakes)])


def compare(slices: list[Path], folder: Path, ways: Sequence[str]) -> int:
    """Print what each way takes, and say where verdicts differ."""
    seconds: dict[str, float] = dict.fromkeys(ways, 0.0)
    peaks: dict[str, float] = dict.fromkeys(ways, 0.0)
    verdicts: dict[str, dict[str, str]] = {way: {} for way in ways}
    progress = Progress("batches", len(slices) * len(ways))
    for number, inside in enumerate(slices):
        for way in ways:
            out = folder / f"{way}{number}"
            start = time.perf_counter()
            if way == "pytest":
                verdicts[way] |= by_pytest(inside)
            elif way.endswith(("worker", "workers")):
                with cluster(int(way[0]), folder) as address:
                    start = time.perf_counter()
                    peak = batch(inside, out, "--scheduler", address)
            else:
                one = ("--at-once", "1") if way == "one process" else ()
                peak = batch(inside, out, *one)
            seconds[way] += time.perf_counter() - start
            if way != "pytest":
                verdicts[way] |= verdicts_in(out)
                peaks[way] = max(peaks[way], peak)
            progress.step()
    for way in ways:
        ratio = f"{seconds[way] / seconds['pytest']:.2f}" if "pytest" in ways else "-"
        print(
            f"{way:<12} {seconds[way]:7.1f} s  {ratio} of pytest  "
            f"{len(verdicts[way])} verdicts  peak {peaks[way]:.0f} MB"
        )
    differing = [
        who
        for who in verdicts[ways[0]]
        if len({v[who] for way, v in verdicts.items() if way != "pytest"}) > 1
    ]
    print(f"verdicts that differ: {len(differing)} {' '.join(differing[:5])}")
    expected = sum(1 for inside in slices for _ in inside.iterdir())
    return int(bool(differing) or {len(v) for v in verdicts.values()} != {expected})


def batch(inside: Path, out: Path, *words: str) -> float:
    """Grade a folder; return the most memory that the command itself took, in MB."""
    with started(inside, out, *words) as running:
        peak = 0.0
        while running.poll() is None:
            with contextlib.suppress(OSError):
                status = Path(f"/proc/{running.pid}/status").read_text("ascii")
                if found := re.search(r"VmHWM:\s*(\d+)", status):
                    peak = max(peak, int(found[1]) / 1024)
            time.sleep(0.1)
    if running.returncode != 1:  # some are wrong
        sys.exit(f"batches: batch ended with {running.returncode}")
    return peak


def started(inside: Path, out: Path, *words: str) -> subprocess.Popen[bytes]:
    """Start to grade a folder."""
    command = [sys.executable, "-m", "graders", "batch", str(inside), "--out", str(out)]
    command += ["--seed", SEED, *words]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=ROOT, stdout=quiet, stderr=quiet)


def lines_in(out: Path) -> list[dict[str, str]]:
    """Return what was written of each submission until now."""
    try:
        whole = (out / "results.jsonl").read_bytes().rpartition(b"\n")[0]
    except FileNotFoundError:
        return []
    return [json.loads(line) for line in whole.splitlines()]


def verdicts_in(out: Path) -> dict[str, str]:
    """Return the verdict on each submission."""
    return {line["who"]: line["verdict"] for line in lines_in(out)}


def by_pytest(inside: Path) -> dict[str, str]:
    """Run a plain pytest for each submission, one after the other."""
    env = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    verdicts = {}
    for file in sorted(inside.rglob("*.py")):
        [entry] = choose([file.stem])
        words = ("-q", "-p", "no:cacheprovider", "-p", "pytest_timeout")
        command = [sys.executable, "-m", "pytest", *words, "--answer", str(file)]
        command.append(str(entry.grader))
        done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True)
        verdicts[file.parent.name] = "failed" if done.returncode else "passed"
    return verdicts


@contextlib.contextmanager
def cluster(workers: int, folder: Path) -> Iterator[str]:
    """Start a scheduler and workers; yield the address when they are ready."""
    from distributed import Client

    running = Cluster(folder)
    try:
        running.work(ROOT, "--nworkers", str(workers))
        with Client(running.address, timeout=30) as client:
            client.wait_for_workers(workers, timeout=60)
        yield running.address
    finally:
        running.close()


def with_kills(inside: Path, folder: Path, kills: int) -> int:
    """Grade by two workers of which one is killed again and again; print the counts."""
    from distributed import Client

    rng = random.Random(int(SEED))
    out, killed = folder / "out", 0
    start = time.perf_counter()
    with (
        cluster(2, folder) as address,
        Client(address) as client,
        started(inside, out, "--scheduler", address) as running,
    ):
        while running.poll() is None:
            time.sleep(rng.uniform(1.0, 4.0))
            processes = [*client.run(os.getpid).values()] if killed < kills else []
            if processes and lines_in(out) and running.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(rng.choice(processes), signal.SIGKILL)
                    killed += 1
    seconds = time.perf_counter() - start
    who = [line["who"] for line in lines_in(out)]
    missing = {one.name for one in inside.iterdir()} - set(who)
    twice = len(who) - len(set(who))
    print(f"{killed} workers killed in {seconds:.0f} s; {len(who)} verdicts")
    print(f"without a verdict: {len(missing)}; with two: {twice}")
    return int(bool(missing or twice or killed < kills or running.returncode != 1))
