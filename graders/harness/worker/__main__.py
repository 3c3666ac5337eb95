"""The nursery: a fresh interpreter that holds no secret, and forks a child a check.

Started as `python -I -S worker FD NUMPY MEMORY OUTPUT USER FILTER`, it loads NumPy and
the codec, and never an answer. For each check it forks a child, which executes the
answer and ends with the check, so that nothing which an answer does lasts. Where the
system cannot fork, it serves the answers itself.
"""

from __future__ import annotations

import importlib.machinery
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

SECONDS = 600  # of computing, should nobody be left to enforce a deadline
FORK, HOW_DID_IT_END = b"f", b"?"  # what the grading asks for
DEATH = struct.Struct("<i?")  # how the child ended, and whether it had to be ended
PATIENCE = 1.0  # seconds for a child that has hung up to end by itself
CROWD = 20.0  # seconds for threads that have ended to be counted no more
NO_ROOM, RUINED, UNCONFINED = 71, 70, 72  # exit codes
PROCESS_NUMBERS = 1000  # skipped at the start, and ...
MORE_NUMBERS = 16  # ... at each fork, so that no answer counts forks by them


class OnlyNumpy:
    """Finds NumPy in the folder where it is installed, and nothing beside it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return where NumPy is; other names are unknown here."""
        if name != "numpy":
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self.folder])


def bound(memory: int, output: int, user: int) -> None:
    """Bound what this process and its children may take."""
    import confine

    wanted = {"FSIZE": output, "CORE": 0, "NOFILE": 64, "CPU": SECONDS}
    if memory:
        wanted["AS"] = memory
    if user:  # in a namespace of its own, so that only its own threads count
        wanted["NPROC"] = 64
    confine.limit_resources(wanted)
    # Python ignores this signal; here it ends a process that writes without end.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def give_up_root(user: int) -> None:
    """Become a user without rights, where a sandbox had to be entered as root."""
    if user and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


class Nursery:
    """Forks children on demand, one at a time, and says how they ended."""

    def __init__(self, control: socket.socket, must_filter: bool) -> None:
        self.control = control
        self.must_filter = must_filter
        self.child = 0
        self.status = 0

    def serve(self) -> None:
        """Carry out orders until nobody gives any."""
        skip_process_numbers(PROCESS_NUMBERS)
        self.control.sendall(b"ready")
        while True:
            order, files, _, _ = socket.recv_fds(self.control, 1, 3)
            if order == HOW_DID_IT_END:
                self.control.sendall(DEATH.pack(*self.death()))
                continue
            self.end_child()
            if order != FORK:
                return
            self.fork(files)

    def fork(self, files: list[int]) -> None:
        """Fork a child with a line to the grading, and files for what it prints."""
        skip_process_numbers(MORE_NUMBERS)
        self.child = patiently(os.fork)
        if not self.child:
            self.control.close()
            be_a_child(files, self.must_filter)
        for file in files:
            os.close(file)

    def death(self) -> tuple[int, bool]:
        """Return how the child ended, and whether it had to be ended."""
        end = time.monotonic() + PATIENCE
        while self.child and time.monotonic() < end:
            process, status = os.waitpid(self.child, os.WNOHANG)
            if process:
                self.child, self.status = 0, status
                return status, False
            time.sleep(0.002)
        self.end_child()
        return self.status, True

    def end_child(self) -> None:
        """End the child and its process group, and note how it ended."""
        if self.child:
            for end in (os.kill, os.killpg):
                try:
                    end(self.child, signal.SIGKILL)
                except (ProcessLookupError, PermissionError):
                    continue
            self.status = os.waitpid(self.child, 0)[1]
            self.child = 0


def skip_process_numbers(most: int) -> None:
    """Use up a number of process numbers that nobody knows; threads take them too."""
    for _ in range(int.from_bytes(os.urandom(4), "little") % most):
        thread = threading.Thread(target=int)
        patiently(thread.start)
        thread.join()


def patiently(start: Callable[[], Any]) -> Any:
    """Start a thread or a process, which the limit may refuse for a moment.

    A thread that was joined is still counted until the system has seen it end, so on a
    busy machine as many as the limit allows may be on their way out.
    """
    end = time.monotonic() + CROWD
    while True:
        try:
            return start()
        except (RuntimeError, BlockingIOError):
            if time.monotonic() > end:
                raise
            time.sleep(0.001)


def be_a_child(files: list[int], must_filter: bool) -> None:
    """Confine this process, and run answers for one check."""
    import confine

    try:
        line, printed, where = files
        os.setsid()
        confine.end_with_parent()
        nothing = os.open(os.devnull, os.O_RDONLY)
        for old, new in ((nothing, 0), (printed, 1), (printed, 2)):
            os.dup2(old, new)
        os.close(nothing)
        os.close(printed)
        say_where(where)
        try:
            confine.install_filter()
        except (OSError, KeyError):
            if must_filter:
                raise
        answer(socket.socket(fileno=line))
    except BaseException:
        os._exit(UNCONFINED)


def say_where(file: int) -> None:
    """Let SIGUSR1 write where this process is, for a grading that has waited enough."""
    import faulthandler

    faulthandler.register(signal.SIGUSR1, file=file, all_threads=False)


def answer(sock: socket.socket) -> None:
    """Serve one grading until it hangs up."""
    from channel import Channel
    from service import Service

    try:
        Service(Channel(sock)).serve()
    except MemoryError:  # there is no room for the message that arrives
        os._exit(NO_ROOM)
    except BaseException:  # what is left of an interpreter that the answer ruined
        os._exit(RUINED)
    os._exit(0)


def main(
    where: str, numpy_folder: str, memory: str, output: str, user: str, must: str
) -> None:
    """Serve one grading until it hangs up."""
    sys.meta_path.append(OnlyNumpy(numpy_folder))
    if where == "-":  # Windows: the deadline is the only limit
        fromshare: Any = getattr(socket, "fromshare")  # noqa: B009
        answer(fromshare(sys.stdin.buffer.read()))
    bound(int(memory), int(output), int(user))
    give_up_root(int(user))
    import confine

    confine.hide_memory()
    load_everything()
    Nursery(socket.socket(fileno=int(where)), must == "must").serve()


def load_everything() -> None:
    """Import now what children would import one by one."""
    import faulthandler  # noqa: F401
    import gc
    import resource  # noqa: F401

    import service  # noqa: F401

    gc.freeze()  # so that collecting what an answer left looks at that alone


if __name__ == "__main__":
    main(*sys.argv[1:])
