"""The isolation: there where it must be, and as tight as it says."""

import os
import shutil
import sys

import pytest

from graders.harness.answer import sandbox, seccomp
from graders.harness.worker.wire import decode, encode

linux = pytest.mark.skipif(sys.platform != "linux", reason="bubblewrap is Linux's")


@linux
def test_ci_has_a_bubblewrap_that_works():
    """On a person's machine it is optional; in CI its absence is a failure."""
    if os.environ.get("CI") != "true" and not shutil.which("bwrap"):
        pytest.skip("bubblewrap is not installed, and this is not CI")
    worker = sandbox.start_and_wait("required")
    assert worker.mode == "bubblewrap"
    worker.kill()


@pytest.fixture(params=["auto", "off"])
def worker(request):
    """A worker in the strongest and in the weakest isolation."""
    found = sandbox.start_and_wait(request.param)
    yield found
    found.kill()


def run(worker, source):
    """Execute an answer, and return what it printed."""
    message = encode(("load", source.encode(), "answer.py", (), ()))
    worker.channel.send(1, message)
    kind, *content = decode(worker.channel.receive()[1])
    assert kind == "return", content
    return worker.printed()


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
    assert run(worker, "print('x' * 100_000)") == "x" * 64 * 2**10
    worker.forget_printed()
    assert run(worker, "print('y')") == "y\n"


def test_breakpoints_are_ignored(worker):
    assert run(worker, "breakpoint(); print('on')") == "on\n"


@linux
def test_an_unknown_isolation_is_refused():
    with pytest.raises(KeyError):
        sandbox.start("maybe")


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_is_a_whole_program(machine):
    program = seccomp.program(machine)
    assert program
    assert len(program) % 8 == 0
    lines = [program[i : i + 8] for i in range(0, len(program), 8)]
    for at, line in enumerate(lines):
        if line[0] & 7 == 5:  # a jump stays inside
            assert at + 1 + max(line[2], line[3]) < len(lines)
    assert lines[-1] == bytes([6, 0, 0, 0, 0, 0, 0xFF, 0x7F])


def test_a_machine_that_nobody_described_has_no_filter():
    assert seccomp.program("vax") == b""
