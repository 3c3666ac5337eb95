"""The command that starts a nursery, as isolated as the system allows.

What bubblewrap shows an answer is the interpreter, NumPy and the worker's few hundred
lines, all of it read-only: no home, no repository, no network, no /proc and no process
but its own. Nothing can be written, so nothing is left for the next check.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

MEMORY = 2 * 2**30  # bytes of address space
OUTPUT = 4 * 2**20  # bytes that an answer may print in one call, or write in one file
NOBODY = 65534

_POSIX = os.name == "posix"
_WORKER = Path(__file__).parents[1] / "worker"


def environment() -> dict[str, str]:
    """Return the whole environment of an answer: one thread for NumPy's kernels."""
    names = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")
    kept = {k: os.environ[k] for k in ("SYSTEMROOT",) if k in os.environ}
    return dict.fromkeys(names, "1") | _kernel() | kept


def _kernel() -> dict[str, str]:
    """Return which kernels OpenBLAS was told to use, where someone had to tell it."""
    names = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")
    return {name: os.environ[name] for name in names if name in os.environ}


def command(mode: str, where: str) -> list[str]:
    """Return the command that starts a nursery.

    Args:
        mode: "bubblewrap" or "process".
        where: The descriptor of its line to the grading.
    """
    numpy = _numpy_folder()
    sandboxed = mode == "bubblewrap"
    user = NOBODY if sandboxed else 0
    python = [
        os.path.realpath(sys.executable) if sandboxed else sys.executable,
        *("-I", "-S", "-u", "-X", "utf8", str(_WORKER)),
        *(where, str(numpy), str(MEMORY if sys.platform == "linux" else 0)),
        *(str(OUTPUT), str(user), "must" if sandboxed else "may"),
    ]
    if not sandboxed:
        return python
    return [*_bubblewrap(numpy), *python]


def _numpy_folder() -> Path:
    spec = importlib.util.find_spec("numpy")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("NumPy is not installed")
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
    command += ["--dev", "/dev", "--remount-ro", "/dev"]
    command += ["--perms", "0755", "--dir", "/tmp"]
    packages = [str(path) for path in (numpy / "numpy", numpy / "numpy.libs", _WORKER)]
    for folder in _parents([*_visible(), *packages]):
        command += ["--perms", "0755", "--dir", folder]
    for path in _visible():
        command += ["--ro-bind-try", path, path]
    for path in _hidden():
        command += ["--tmpfs", path, "--remount-ro", path]
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
