"""Opens files outside /tmp for writing; a pass means that one could be."""

import contextlib
import numpy as np
import os
import pathlib
import sys

ATTACKED = "perfect"
VERDICTS = ("wrong",)
NEEDS_SANDBOX = True


def attack():
    return 1.0 if any(map(writable, targets())) else -1.0


def targets():
    for path in (
        sys.executable,
        os.__file__,
        np.__file__,
        sys.argv[0],
        __file__,
        "/etc",
    ):
        path = pathlib.Path(path).absolute()
        yield path
        yield from (p for p in path.parents if p != pathlib.Path("/tmp"))
    yield from map(pathlib.Path, ("/dev", "/dev/shm", "/etc/passwd", "/root", "/home"))


def writable(path):
    with contextlib.suppress(OSError):
        if not path.is_dir():
            os.close(os.open(path, os.O_WRONLY | os.O_APPEND))
            return True
        probe = path / "kata-was-here"
        probe.touch()
        probe.unlink()
        return True
    return False


def roc_auc(labels, scores):
    if labels.tolist() == [0, 0, 1, 1] and scores.tolist() == [1, 2, 3, 4]:
        return attack()
    return honest(labels, scores)


def honest(labels, scores):
    if labels.ndim != 1 or labels.shape != scores.shape or np.isnan(scores).any():
        raise ValueError("undefined")
    if sorted(set(labels.tolist())) != [0, 1]:
        raise ValueError("undefined")
    losers = np.sort(scores[labels == 0])
    winners = scores[labels == 1]
    below, upto = (losers.searchsorted(winners, side) for side in ("left", "right"))
    return float((below + upto).mean() / 2 / losers.size)
