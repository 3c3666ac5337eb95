"""The process that runs an answer: a fresh interpreter that holds no secret.

Started as `python -I -S worker FD NUMPY MEMORY OUTPUT USER`, it has NumPy, the
standard library and what arrives over the socket. It limits itself before it looks at
anything, and every answer that it gives is data to a grading that trusts none of it.
"""

from __future__ import annotations

import importlib.machinery
import os
import signal
import socket
import sys
from typing import Any

SECONDS = 150  # of computing, should nobody be left to enforce a deadline


class OnlyNumpy:
    """Finds NumPy in the folder where it is installed, and nothing beside it."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """Return where NumPy is; other names are unknown here."""
        if name != "numpy":
            return None
        return importlib.machinery.PathFinder.find_spec(name, [self.folder])


def limit_resources(memory: int, output: int, user: int) -> None:
    """Bound what this process may take; what the system lacks, it does not bound."""
    try:
        import resource
    except ImportError:  # Windows: the deadline is the only limit
        return
    wanted = {"AS": memory, "FSIZE": output, "CORE": 0, "NOFILE": 64, "CPU": SECONDS}
    if user:  # in a namespace of its own, so that only its own processes count
        wanted["NPROC"] = 64
    for name, limit in wanted.items():
        _, hard = resource.getrlimit(getattr(resource, f"RLIMIT_{name}"))
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, hard)
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (limit, limit))
    # Python ignores this signal; here it ends a process that writes without end.
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)


def give_up_root(user: int) -> None:
    """Become a user without rights, where a sandbox had to be entered as root."""
    if user and os.geteuid() == 0:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def connect(where: str) -> socket.socket:
    """Return the socket to the grading, given as a descriptor or on standard input."""
    if where != "-":
        return socket.socket(fileno=int(where))
    fromshare: Any = getattr(socket, "fromshare")  # noqa: B009 - on Windows alone
    shared: socket.socket = fromshare(sys.stdin.buffer.read())
    return shared


def main(where: str, numpy_folder: str, memory: str, output: str, user: str) -> None:
    """Serve one grading until it hangs up."""
    limit_resources(int(memory), int(output), int(user))
    give_up_root(int(user))
    sys.meta_path.append(OnlyNumpy(numpy_folder))
    sock = connect(where)

    from service import Service
    from wire import Channel

    try:
        Service(Channel(sock)).serve()
    except MemoryError:  # there is no room for the message that arrives
        os._exit(71)
    except BaseException:  # what is left of an interpreter that the answer ruined
        os._exit(70)


if __name__ == "__main__":
    main(*sys.argv[1:])
