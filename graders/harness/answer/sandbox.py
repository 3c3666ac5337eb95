"""Starts the processes that run answers, each as isolated as the system allows.

The strongest isolation available comes first: bubblewrap on Linux, else a process of
its own with a cleared environment and resource limits. Which one it was is part of
every grading, and `required` refuses to go on without the first.

What bubblewrap shows the answer is the interpreter, NumPy, the worker's two hundred
lines and an empty /tmp: no home, no repository, no network, no process but its own.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from graders.harness.answer import seccomp
from graders.harness.answer.errors import Fault
from graders.harness.worker.wire import Channel, Closed, Garbled, decode

MEMORY = 2 * 2**30  # bytes of address space
OUTPUT = 4 * 2**20  # bytes that an answer may print in one call, or write in one file
TEMPORARY = 64 * 2**20  # bytes of /tmp
START = 30.0  # seconds for an interpreter to start on a busy machine
NOBODY = 65534

_POSIX = os.name == "posix"
_WORKER = Path(__file__).parents[1] / "worker"


class Unavailable(Fault):
    """The isolation that was asked for cannot be had; says why."""

    verdict = "grader error"


def modes(wish: str) -> list[str]:
    """Return the isolations to try, strongest first, for auto, required or off."""
    return {
        "auto": ["bubblewrap", "process"],
        "required": ["bubblewrap"],
        "off": ["process"],
    }[wish]


class Worker:
    """One process that runs answers, and the line to it."""

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self.output = _memory_file()
        ours, theirs = socket.socketpair()
        self.channel = Channel(ours)
        where = str(theirs.fileno()) if _POSIX else "-"
        inherited = [theirs.fileno()]
        command = _command(mode, where)
        if mode == "bubblewrap" and (filtered := seccomp.program()):
            file = _memory_file()
            file.write(filtered)
            file.seek(0)
            command[1:1] = ["--seccomp", str(file.fileno())]
            inherited.append(file.fileno())
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL if _POSIX else subprocess.PIPE,
                stdout=self.output,
                stderr=self.output,
                env=_environment(),
                cwd="/" if _POSIX else None,
                start_new_session=True,
                pass_fds=inherited if _POSIX else (),
            )
        except OSError as error:
            ours.close()
            raise Unavailable(f"{command[0]}: {error}") from None
        finally:
            _hand_over(theirs, getattr(self, "process", None))
        self._ready = False

    def wait_until_ready(self) -> None:
        """Wait for the first word of a worker that is starting.

        Raises:
            Unavailable: If it does not come; with what the process printed.
        """
        if self._ready:
            return
        try:
            _, payload = self.channel.receive(time.monotonic() + START)
            self._ready = decode(payload) == ("ready",)
        except (Closed, TimeoutError, Garbled):
            self._ready = False
        if not self._ready:
            self.kill()
            raise Unavailable(self.printed().strip() or "the worker did not start")

    def printed(self, limit: int = 64 * 2**10) -> str:
        """Return the beginning of what was printed since it was last forgotten."""
        self.output.seek(0)
        return self.output.read(limit).decode("utf-8", "replace")

    def forget_printed(self) -> None:
        """Empty the record of what was printed since the worker was ready."""
        if self._ready and os.fstat(self.output.fileno()).st_size:
            self.output.truncate(0)

    def peak(self) -> float:
        """Return the most memory that the answer's process has held, in MB.

        0.0 where the system does not tell: on any but Linux.
        """
        try:
            child = self.process.pid
            while below := _proc(child, f"task/{child}/children").split():
                child = int(below[0])  # bubblewrap's own processes stand above it
            found = re.search(r"VmHWM:\s*(\d+)", _proc(child, "status"))
        except OSError:
            return 0.0
        return int(found[1]) / 1024 if found else 0.0

    def kill(self) -> None:
        """End the process and all that it started."""
        self.process.kill()
        if _POSIX and self.mode == "process":
            # Nothing of its group may be left.
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.channel.sock.close()

    def death(self) -> str:
        """Say how a process ended that has hung up, after ending it for good."""
        try:
            code = self.process.wait(1.0)
        except subprocess.TimeoutExpired:
            self.kill()
            return "closed the line to the grader"
        self.kill()
        number = -code if code < 0 else code - 128  # bubblewrap reports as shells do
        if number == getattr(signal, "SIGXFSZ", None):
            return f"printed or wrote more than {OUTPUT // 2**20} MB"
        if number in {s.value for s in signal.Signals}:
            return f"was ended by {signal.Signals(number).name}"
        return f"ended its process with exit code {code}"


def start(wish: str) -> Worker:
    """Start a worker in the strongest isolation, without waiting for its first word."""
    found = shutil.which("bwrap") if sys.platform == "linux" else None
    for mode in modes(wish):
        if found or mode != "bubblewrap":
            return Worker(mode)
    raise Unavailable("bubblewrap is required, and bwrap is not installed")


def start_and_wait(wish: str, worker: Worker | None = None) -> Worker:
    """Return a worker that is ready, in a weaker isolation where that is allowed.

    Raises:
        Unavailable: If no isolation that the wish allows can be had; says why.
    """
    worker = worker or start(wish)
    try:
        worker.wait_until_ready()
    except Unavailable as error:
        if wish != "auto" or worker.mode == "process":
            raise Unavailable(f"{worker.mode} does not work here: {error}") from None
        worker = Worker("process")
        worker.wait_until_ready()
    return worker


def _proc(process: int, name: str) -> str:
    return Path(f"/proc/{process}/{name}").read_text("ascii", "replace")


def _memory_file() -> IO[bytes]:
    """Return a file for what the answer prints, to which all can only append."""
    if sys.platform != "linux":
        return tempfile.TemporaryFile("a+b", buffering=0)
    import fcntl

    number = os.memfd_create("printed")
    fcntl.fcntl(number, fcntl.F_SETFL, os.O_APPEND)
    return open(number, "r+b", buffering=0)


def _hand_over(theirs: socket.socket, process: Any) -> None:
    """Close our copy of the worker's socket; where none is inherited, send it."""
    if process is not None and not _POSIX:
        share = getattr(theirs, "share")  # noqa: B009 - it exists on Windows alone
        process.stdin.write(share(process.pid))
        process.stdin.close()
    theirs.close()


def _environment() -> dict[str, str]:
    """Return the whole environment of an answer: one thread for NumPy's kernels."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    kept = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
    return dict.fromkeys(names, "1") | _kernel() | kept


def _kernel() -> dict[str, str]:
    """Return which kernels OpenBLAS was told to use, where someone had to tell it."""
    names = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    return {name: os.environ[name] for name in names if name in os.environ}


def _command(mode: str, where: str) -> list[str]:
    numpy = _numpy_folder()
    sandboxed = mode == "bubblewrap"
    user = NOBODY if sandboxed else 0
    python = [
        os.path.realpath(sys.executable) if sandboxed else sys.executable,
        *("-I", "-S", "-u", "-X", "utf8", str(_WORKER)),
        *(where, str(numpy), str(MEMORY), str(OUTPUT), str(user)),
    ]
    if not sandboxed:
        return python
    return [*_bubblewrap(numpy), *python]


def _numpy_folder() -> Path:
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise Unavailable("NumPy is not installed")
    return Path(spec.origin).resolve().parents[1]


def _bubblewrap(numpy: Path) -> list[str]:
    """Return the command in front of the interpreter's that builds its small world."""
    bwrap = shutil.which("bwrap") or "bwrap"
    command = [bwrap, "--unshare-all", "--die-with-parent", "--new-session"]
    if os.geteuid() == 0:  # the worker gives up root itself, which takes these two
        command.remove("--unshare-all")
        command += ["--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
        command += ["--unshare-cgroup-try", "--cap-drop", "ALL"]
        command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    command += ["--proc", "/proc", "--dev", "/dev", "--remount-ro", "/dev"]
    # Before the rest, of which some may lie in there.
    command += ["--perms", "1777", "--size", str(TEMPORARY), "--tmpfs", "/tmp"]
    packages = [str(path) for path in (numpy / "numpy", numpy / "numpy.libs", _WORKER)]
    for folder in _parents([*_visible(), *packages]):
        command += ["--perms", "0755", "--dir", folder]
    for path in _visible():
        command += ["--ro-bind-try", path, path]
    for path in _hidden():
        command += ["--tmpfs", path]
    for path in packages:
        command += ["--ro-bind-try", path, path]
    return [*command, "--chdir", "/tmp", "--remount-ro", "/"]


def _parents(paths: list[str]) -> list[str]:
    """Return the folders above some paths, which must be passable for everybody."""
    parents = {str(parent) for path in paths for parent in Path(path).parents}
    return sorted(parents - {"/", "/tmp"} - set(paths))


def _visible() -> Iterator[str]:
    """Yield the folders that an interpreter needs to run."""
    yield from ("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/etc/ld.so.cache")
    yield os.path.realpath(sys.executable)
    base = Path(sys.base_prefix).resolve()
    yield from (str(path) for path in base.glob("lib*"))
    yield sysconfig.get_path("stdlib")


def _hidden() -> Iterator[str]:
    """Yield the folders of installed packages inside those that are visible."""
    for path in {os.path.realpath(path) for path in _visible()}:
        for pattern in ("*-packages", "*/*-packages"):
            yield from (str(found) for found in Path(path).glob(pattern))
