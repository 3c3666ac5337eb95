"""A batch on a cluster: the same verdicts, each once, whatever ends on the way."""

import contextlib
import errno
import json
import re
import subprocess
import sys
import threading
import time
from concurrent.futures import Future

import pytest

from graders.harness.catalog.exercise import ROOT, choose
from graders.harness.feedback.results import Job, Result
from graders.submissions.batch.workers import server
from graders.submissions.batch.workers.judge import TRIES, Judge, Killer
from graders.submissions.batch.workers.loop import graded
from graders.submissions.batch.workers.task import Differs, Task, differences, state
from tests.cluster import Cluster
from tests.test_batch import CHECKS, SOLUTION, WRONG


@pytest.fixture
def cluster(tmp_path_factory):
    running = Cluster(tmp_path_factory.mktemp("cluster"))
    yield running
    running.close()


@pytest.fixture
def school(repository, tmp_path, cluster):
    """Return a repository, and a function that grades a class on the cluster."""
    repository.toy(SOLUTION, CHECKS)
    out = repository.out = tmp_path / "out"

    def hand_in(**sources):
        for who, source in sources.items():
            file = tmp_path / "in" / who / "toy.py"
            file.parent.mkdir(parents=True)
            file.write_text(source, "utf-8")

    def command(*options):
        words = ("batch", tmp_path / "in", "--out", out, "--sandbox", "auto")
        return [*words, "--seed", 1, "--scheduler", cluster.address, *options]

    def lines():
        with contextlib.suppress(FileNotFoundError):
            return [json.loads(x) for x in (out / "results.jsonl").open("rb")]
        return []

    repository.hand_in, repository.command, repository.lines = hand_in, command, lines
    return repository


def a_dozen(school):
    school.hand_in(**{f"p{n:02}": f"{SOLUTION}# {n}\n" for n in range(12)})


def begin(school):
    """Start to grade in the background, and wait for the first line."""
    words = [sys.executable, "-m", "graders", *map(str, school.command())]
    started = subprocess.Popen(
        words,
        cwd=school.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    while not school.lines():
        assert started.poll() is None, started.communicate()
        time.sleep(0.05)
    return started


def verdicts(lines):
    kept = ("who", "verdict", "rubric", "sandbox")
    return sorted([{k: line[k] for k in kept} for line in lines], key=str)


def test_a_cluster_says_what_this_machine_says(school, cluster):
    cluster.work(school.root)
    school.hand_in(ann=SOLUTION, bob=WRONG, mal="import os\nos._exit(0)\n")
    done = school.run(*school.command())
    assert done.code == 1, done.err
    assert done.out.startswith("1 of 3 answers of 3 people passed; ")
    there = school.lines()
    here = school.out.with_name("here")
    words = ("batch", school.out.with_name("in"), "--out", here, "--sandbox", "auto")
    assert school.run(*words, "--seed", 1, "--at-once", 1).code == 1
    lines = [json.loads(line) for line in (here / "results.jsonl").open("rb")]
    assert verdicts(lines) == verdicts(there)


def test_a_worker_that_is_killed_costs_no_verdict(school, cluster):
    one, _ = cluster.work(school.root, "--no-nanny"), cluster.work(school.root)
    a_dozen(school)
    started = begin(school)
    one.kill()
    out, err = started.communicate(timeout=120)
    assert started.returncode == 0, err
    assert out.startswith("12 of 12 ")
    assert sorted(x["who"] for x in school.lines()) == [f"p{n:02}" for n in range(12)]


def test_a_lost_connection_costs_no_verdict(school, cluster):
    cluster.work(school.root, "--no-nanny")
    a_dozen(school)
    started = begin(school)
    cluster.scheduler.kill()
    cluster.scheduler.wait()
    cluster.scheduler = cluster.schedule()
    cluster.work(school.root)
    out, err = started.communicate(timeout=120)
    assert started.returncode == 0, err
    assert "lost the connection" in err
    assert out.startswith("12 of 12 ")
    assert sorted(x["who"] for x in school.lines()) == [f"p{n:02}" for n in range(12)]


def test_a_worker_that_grades_otherwise_is_refused_with_both_versions(school, cluster):
    cluster.work(cluster.folder)  # which is no clone
    cluster.work(ROOT)  # which is one, with other exercises
    school.hand_in(ann=SOLUTION)
    done = school.run(*school.command())
    assert done.code == 2
    assert "is refused: it does not run in a clone of this repository" in done.err
    assert re.search(r"the repository is \w{12} there and \w{12} here", done.err)
    assert f"no worker is left at {cluster.address}" in done.err
    assert "Traceback" not in done.err
    assert not school.lines()
    here = state()
    assert differences(here, here) == ""
    there = (here[0], ("Python", "3.9.1"), ("numpy", "1.0"), *here[3:])
    own = dict(here)
    assert differences(here, there) == (
        f"Python is 3.9.1 there and {own['Python']} here; "
        f"numpy is 1.0 there and {own['numpy']} here"
    )
    assert {"hypothesis", "pytest"} <= set(own)  # from which inputs are drawn


def test_a_scheduler_that_is_not_there_is_one_line(school, cluster):
    cluster.close()
    school.hand_in(ann=SOLUTION)
    for address in (cluster.address, "nonsense", "foo://x:1"):
        done = school.run(*school.command("--scheduler", address))
        assert done.code == 2
        assert f"no scheduler answers at {address!r}" in done.err
        assert done.err.count("\n") == 1


# The loop and the judge, without a cluster.


def task(name="toy", source=b"", versions=()):
    return Task(name, source, 0, "off", versions or state())


class Unlucky:
    """A place where some tasks end whoever grades them, and what is with them."""

    def __init__(self, deadly, troubles=()):
        self.deadly, self.troubles = deadly, [*troubles]
        self.under_way = {}
        self.mended, self.closed = [], False

    def room(self):
        return 3

    def submit(self, one):
        told = Future()
        self.under_way[told] = one
        threading.Timer(0.01, self._end_all).start()
        return told

    def _end_all(self):
        together, self.under_way = self.under_way, {}
        ended = any(one.source in self.deadly for one in together.values())
        for told, one in together.items():
            if ended:
                told.set_exception(Killer("the workers ended that graded it"))
            elif self.troubles:
                told.set_exception(self.troubles.pop())
            else:
                told.set_result({"source": one.source})

    def mend(self, error):
        self.mended.append(error)

    def close(self):
        self.closed = True


def test_each_task_ends_once_and_who_stood_beside_is_not_accused():
    tasks = [task(source=b"%d" % number) for number in range(20)]
    place = Unlucky({b"7", b"13"}, [OSError("lost"), OSError("lost")])
    found = {}
    for one, finding in graded(iter(tasks), place):
        assert one not in found
        found[one] = finding
    accused = {one.source for one in found if isinstance(found[one], Killer)}
    assert accused == {b"7", b"13"}
    assert set(found) == set(tasks)
    assert [str(error) for error in place.mended] == ["lost", "lost"]
    assert place.closed


def test_what_cannot_be_mended_ends_the_loop_and_closes_the_place():
    place = Unlucky(set(), [OSError("lost")])
    place.mend = lambda error: (_ for _ in ()).throw(error)
    with pytest.raises(OSError, match="lost"):
        list(graded(iter([task()]), place))
    assert place.closed


def test_a_process_that_ends_while_it_grades_is_replaced(monkeypatch):
    judge = Judge()
    started = []

    class Mortal:
        def __init__(self):
            started.append(self)

        def grade(self, one):
            if len(started) % TRIES or one.source == b"deadly":
                raise EOFError
            return {}

        def end(self):
            pass

    monkeypatch.setattr("graders.submissions.batch.workers.judge.Server", Mortal)
    assert judge(task()) == {}
    assert len(started) == TRIES
    with pytest.raises(Killer, match=f"{TRIES} processes ended"):
        judge(task(source=b"deadly"))
    with pytest.raises(Differs, match=r"numpy is \S+ there and 1\.0 here"):
        Judge()(task(versions=(*state()[:2], ("numpy", "1.0"), *state()[3:])))
    judge.end()
    with pytest.raises(RuntimeError):
        judge(task())


def test_what_goes_wrong_here_is_our_fault_and_not_the_answers(monkeypatch):
    def full(*args, **kwargs):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(server, "grade", full)
    finding = server.finding(task("roc_auc"), {"roc_auc": ["adds"]})
    assert "No space left on device" in finding["error"]
    [entry] = choose(["roc_auc"])
    assert Result(Job(entry, entry.stub, 0), **finding).verdict == "grader error"
