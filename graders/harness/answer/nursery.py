"""This side of the nursery: starts it, and asks it for a child for each check."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
from typing import Any

from graders.harness.answer.errors import Fault
from graders.harness.answer.sandbox import OUTPUT, command, environment
from graders.harness.answer.worker import START, Worker, memory_file, process_of
from graders.harness.worker import confine
from graders.harness.worker.__main__ import DEATH, FORK, HOW_DID_IT_END, NO_ROOM
from graders.harness.worker.channel import Closed
from graders.harness.worker.wire import Garbled

LARGEST = 16  # megabytes of a message from an answer, unless its check asks for more

_POSIX = os.name == "posix"


class Unavailable(Fault):
    """The isolation that was asked for cannot be had; says why."""

    verdict = "grader error"


class Nursery:
    """A process that forks a child for each check, as isolated as a mode says.

    Args:
        mode: "bubblewrap" or "process".
    """

    def __init__(self, mode: str) -> None:
        self.mode = mode
        self._said = tempfile.TemporaryFile("w+b", buffering=0)  # noqa: SIM115
        self._control, theirs = socket.socketpair()
        where = str(theirs.fileno()) if _POSIX else "-"
        line = command(mode, where)
        try:
            self._process = subprocess.Popen(
                line,
                stdin=subprocess.DEVNULL if _POSIX else subprocess.PIPE,
                stdout=self._said,
                stderr=self._said,
                env=environment(),
                cwd="/" if _POSIX else None,
                start_new_session=True,
                pass_fds=[theirs.fileno()] if _POSIX else (),
            )
        except OSError as error:
            self._control.close()
            raise Unavailable(f"{line[0]}: {error}") from None
        finally:
            _hand_over(theirs, getattr(self, "_process", None))
        self._ready = False

    def wait_until_ready(self) -> None:
        """Wait for the first word of a nursery that is starting.

        Raises:
            Unavailable: If it does not come; with what the process printed.
        """
        if self._ready or not _POSIX:
            return
        self._control.settimeout(START)
        try:
            self._ready = self._control.recv(5) == b"ready"
        except OSError:
            self._ready = False
        if not self._ready:
            self.kill()
            self._said.seek(0)
            said = self._said.read(2000).decode("utf-8", "replace").strip()
            raise Unavailable(said or f"the {self.mode} did not start")

    def fork(self, megabytes: int | None, largest: int = LARGEST) -> Worker:
        """Return a fresh child.

        Args:
            megabytes: What it may allocate, if that is bounded.
            largest: The megabytes of a message that it may send.

        Raises:
            Unavailable: If none comes.
        """
        if not _POSIX:  # one process serves all checks while it is healthy
            return Worker(self._control, self._said, self._said, None, largest)
        ours, theirs = socket.socketpair()
        if sys.platform == "linux":
            ours.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        printed, where = memory_file(), memory_file()
        files = [theirs.fileno(), printed.fileno(), where.fileno()]
        try:
            socket.send_fds(self._control, [FORK], files)
            theirs.close()  # so that we hear of it if the nursery ends meanwhile
            worker = Worker(ours, printed, where, process_of(ours), largest)
            worker.wait_until_ready()
            if megabytes:
                worker.limit_memory(megabytes)
        except (OSError, Closed, TimeoutError, Garbled) as error:
            self._ready = False
            ours.close()
            raise Unavailable(f"the {self.mode} gave no process: {error}") from None
        finally:
            theirs.close()
        return worker

    def death(self) -> str:
        """Say how the child ended that has hung up, after ending it for good."""
        try:
            self._control.sendall(HOW_DID_IT_END)
            status, was_ended = DEATH.unpack(self._control.recv(DEATH.size))
        except (OSError, struct.error):
            return "ended its process"
        if was_ended:
            return "closed the line to the grader"
        if os.WIFEXITED(status):
            code = os.WEXITSTATUS(status)
            if code == NO_ROOM:
                return OUT_OF_ROOM
            return f"ended its process with exit code {code}"
        number = os.WTERMSIG(status)
        if number == signal.SIGXFSZ:
            return f"printed or wrote more than {OUTPUT // 2**20} MB"
        return f"was ended by {signal.Signals(number).name}"

    @property
    def is_healthy(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def kill(self) -> None:
        """End the process and all that it started."""
        self._process.kill()
        if _POSIX and self.mode == "process":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._control.close()


OUT_OF_ROOM = "had no room for what was passed in"


def _hand_over(theirs: socket.socket, process: Any) -> None:
    """Close our copy of a socket; where none is inherited, send it."""
    if process is not None and not _POSIX:
        share = getattr(theirs, "share")  # noqa: B009 - it exists on Windows alone
        process.stdin.write(share(process.pid))
        process.stdin.close()
    theirs.close()


def modes(wish: str) -> list[str]:
    """Return the isolations to try, strongest first, for auto, required or off."""
    return {
        "auto": ["bubblewrap", "process"],
        "required": ["bubblewrap"],
        "off": ["process"],
    }[wish]


def start(wish: str, *, never_weaker: bool = False) -> Nursery:
    """Start a nursery in the strongest isolation, without waiting for its first word.

    Raises:
        Unavailable: If the isolation that the wish demands cannot be had; says why.
    """
    import shutil

    found = shutil.which("bwrap") if sys.platform == "linux" else None
    if wish == "required" and not confine.is_known():
        raise Unavailable("no filter of system calls is known for this machine")
    for mode in modes("required" if never_weaker else wish):
        if found or mode != "bubblewrap":
            return Nursery(mode)
    raise Unavailable("bubblewrap is required, and bwrap is not installed")


def start_and_wait(
    wish: str, nursery: Nursery | None = None, *, never_weaker: bool = False
) -> Nursery:
    """Return a nursery that is ready, in a weaker isolation where that is allowed.

    Args:
        wish: "auto", "required" or "off".
        nursery: One that is starting already.
        never_weaker: Whether the grading has had a sandbox, so that it goes on with
            one or not at all.

    Raises:
        Unavailable: If no isolation that the wish allows can be had; says why.
    """
    nursery = nursery or start(wish, never_weaker=never_weaker)
    try:
        nursery.wait_until_ready()
    except Unavailable as error:
        if wish != "auto" or nursery.mode == "process" or never_weaker:
            raise Unavailable(f"{nursery.mode} does not work here: {error}") from None
        nursery = Nursery("process")
        nursery.wait_until_ready()
    return nursery
