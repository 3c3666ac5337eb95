"""The isolation: there where it must be, and as tight as it says."""

import itertools
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from graders.harness.answer import nursery
from graders.harness.answer import worker as worker_side
from graders.harness.answer.worker import LEFT_OUT
from graders.harness.worker import __main__ as nursery_process
from graders.harness.worker import confine
from graders.harness.worker.wire import decode, encode

ROOT = Path(__file__).resolve().parents[1]

linux = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is Linux's")


@linux
def test_ci_has_a_bubblewrap_that_works():
    """On a person's machine it is optional; in CI its absence is a failure."""
    if os.environ.get("CI") != "true" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed, and this is not CI")
    found = nursery.start_and_wait("required")
    assert found.mode == "bubblewrap"
    found.kill()


@pytest.fixture(params=["auto", "off"])
def worker(request):
    """A worker in the strongest and in the weakest isolation."""
    found = nursery.start_and_wait(request.param)
    worker = found.fork(None)
    yield worker
    worker.kill()
    found.kill()


def run(worker, source):
    """Execute an answer, and return what it printed."""
    message = encode(("load", source.encode(), "answer.py", (), ()))
    worker.channel.send(1, message)
    kind, *content = decode(worker.channel.receive()[1])
    assert kind == "return", content
    return worker.printed(2**16)


def test_the_answer_has_numpy_and_the_standard_library_alone(worker):
    source = """
import numpy, json, statistics
for name in ("pytest", "hypothesis", "graders", "pip", "sklearn"):
    try:
        __import__(name)
    except ModuleNotFoundError:
        print(name)
"""
    assert run(worker, source).split() == [
        *("pytest", "hypothesis", "graders", "pip", "sklearn"),
    ]


def test_the_environment_is_cleared(worker, monkeypatch):
    printed = run(worker, "import os; print(sorted(os.environ))")
    names = set(eval(printed)) - {"LC_CTYPE", "PWD"}
    allowed = {"OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"}
    assert names <= allowed | {"OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE", "SYSTEMROOT"}


def test_what_was_printed_is_capped_and_can_be_forgotten(worker):
    kept = "x" * (64 * 2**10 - 1) + "\n"
    assert run(worker, "print('x' * 100_000)") == f"{LEFT_OUT}\n{kept}"
    worker.forget_printed()
    assert run(worker, "print('y')") == "y\n"


def test_breakpoints_are_ignored(worker):
    assert run(worker, "breakpoint(); print('on')") == "on\n"


@linux
def test_an_unknown_isolation_is_refused():
    with pytest.raises(KeyError):
        nursery.start("maybe")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_a_whole_program(machine):
    program = confine.program(7, machine)
    assert len(program) % 8 == 0
    lines = [program[i : i + 8] for i in range(0, len(program), 8)]
    for at, line in enumerate(lines):
        if line[0] & 7 == 5:  # a jump stays inside
            assert at + 1 + max(line[2], line[3]) < len(lines)
    assert lines[-1] == bytes([6, 0, 0, 0, 0, 0, 0xFF, 0x7F])


def test_a_machine_that_nobody_described_has_no_filter():
    assert not confine.is_known("vax")
    with pytest.raises(KeyError):
        confine.program(7, "vax")


HEADERS = {
    "x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h",
    "aarch64": "/usr/include/asm-generic/unistd.h",
}


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_the_kernels(machine):
    """The headers come with a C compiler; where there is none, nothing is compared."""
    header = Path(HEADERS[machine])
    if not header.exists():
        pytest.skip("the kernel's headers are not installed")
    known = dict(re.findall(r"#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text()))
    column = list(confine.AUDIT).index(machine)
    ours = confine.REFUSED | confine.OWN | confine.OWN_OR_ZERO
    ours |= {"clone": confine.CLONE, "clone3": confine.CLONE3}
    for name, numbers in ours.items():
        assert numbers[column] == int(known.get(name, -1)), name


FORBIDDEN = """
import ctypes, os, socket, subprocess
libc = ctypes.CDLL(None, use_errno=True)
for name, act in {
    "fork": os.fork,
    "socket": socket.socket,
    "another": lambda: os.kill(os.getppid(), 0),
    "all": lambda: os.kill(-1, 0),
    "run": lambda: subprocess.run(["true"]),
    "spawn": lambda: os.posix_spawn("/bin/true", ["true"], {}),
    "memory file": lambda: os.memfd_create("x"),
    "segment": lambda: libc.shmget(0, 4096, 0o1600) == -1 and 1 / 0,
    "x32": lambda: libc.syscall(0x40000000 + 39) == -1 and 1 / 0,
    "limit": lambda: __import__("resource").prlimit(os.getppid(), 0, (1, 1)),
    "affinity": lambda: os.sched_setaffinity(0, {0}),
}.items():
    try:
        act()
        print(name)
    except (OSError, ZeroDivisionError):
        pass
"""


@linux
def test_the_filter_refuses_what_no_computation_needs(worker):
    assert run(worker, FORBIDDEN) == ""


@linux
def test_threads_and_signals_to_itself_are_allowed(worker):
    source = """
import os, threading
thread = threading.Thread(target=lambda: print("thread"))
thread.start()
thread.join()
os.kill(os.getpid(), 0)
print("alive")
"""
    assert run(worker, source).split() == ["thread", "alive"]


@linux
def test_hard_limits_cannot_be_raised(worker):
    source = """
import resource
for name in ("AS", "FSIZE", "NOFILE", "CPU"):
    kind = getattr(resource, f"RLIMIT_{name}")
    soft, hard = resource.getrlimit(kind)
    try:
        resource.setrlimit(kind, (hard + 1, hard + 1))
        print(name)
    except (ValueError, OSError):
        pass
"""
    assert run(worker, source) == ""


@linux
def test_nothing_of_a_child_is_left_for_the_next():
    """Modules, files, flags of descriptors and the count of processes."""
    source = """
import fcntl, os, sys
print(getattr(sys, "mark", 0), fcntl.fcntl(0, fcntl.F_GETFL) & os.O_NONBLOCK,
      fcntl.fcntl(1, fcntl.F_GETFL) & os.O_NONBLOCK, os.path.exists("/tmp/mark"))
sys.mark = 1
for number in (0, 1):
    fcntl.fcntl(number, fcntl.F_SETFL, os.O_NONBLOCK)
try:
    open("/tmp/mark", "w").close()
except OSError:
    pass
print(os.getpid())
"""
    found = nursery.start_and_wait("auto")
    sandboxed = found.mode == "bubblewrap"
    numbers = []
    for _ in range(12):
        worker = found.fork(None)
        mark, zero, one, exists, number = run(worker, source).split()
        assert (mark, zero, one) == ("0", "0", "0")
        if sandboxed:
            assert exists == "False"
        numbers.append(int(number))
        worker.kill()
    found.kill()
    steps = {b - a for a, b in itertools.pairwise(numbers)}
    assert len(steps) > 3  # so that nobody counts by them


@linux
def test_a_nursery_ends_with_the_process_that_started_it():
    """Also where that is killed, and without bubblewrap."""
    script = """
import os, signal
from graders.harness.answer import nursery
found = nursery.start_and_wait("off")
worker = found.fork(None)
print(found._process.pid, worker.meter.process, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT
    )
    numbers = [int(word) for word in done.stdout.split()]
    assert len(numbers) == 2, done.stderr
    end = time.monotonic() + 20
    while any(Path(f"/proc/{number}/cmdline").exists() for number in numbers):
        assert time.monotonic() < end, "it lives on"
        time.sleep(0.02)


def test_a_start_that_is_refused_for_a_moment_is_made_again(monkeypatch):
    """Threads that were joined may still be counted: the limit refuses more then."""
    refusals = iter([RuntimeError("can't start new thread"), BlockingIOError(11)])
    monkeypatch.setattr(nursery_process.time, "sleep", lambda seconds: None)

    def start():
        for error in refusals:
            raise error
        return 7

    assert nursery_process.patiently(start) == 7


def test_a_start_that_is_refused_for_good_says_so(monkeypatch):
    monkeypatch.setattr(nursery_process, "CROWD", 0.0)

    def start():
        raise BlockingIOError(11, "no more processes")

    with pytest.raises(BlockingIOError, match="no more processes"):
        nursery_process.patiently(start)


@linux
def test_a_nursery_that_ends_while_it_forks_is_heard_at_once(monkeypatch):
    monkeypatch.setattr(worker_side, "START", 1000.0)  # past the end of this test
    found = nursery.start_and_wait("off")
    os.kill(found._process.pid, signal.SIGSTOP)
    threading.Timer(0.5, found._process.kill).start()
    with pytest.raises(nursery.Unavailable, match="gave no process: "):
        found.fork(None)
    found.kill()
