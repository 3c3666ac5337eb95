"""`python -m tests.dev VERB`: what `nox -s dev -- VERB` calls."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence

VERBS = {
    "new": ("graders.harness.catalog.scaffold", "write a new exercise to start from"),
    "stubs": ("graders.harness.catalog.stubs", "derive the stubs, or --check them"),
    "check": ("tests.dev.check.command", "say what an exercise still lacks"),
    "mutation": ("tests.dev.mutation.command", "find wrong answers that pass"),
    "flaky": ("tests.dev.flaky", "find verdicts that depend on the seed"),
    "bench": ("tests.dev.bench", "measure the overhead of sandbox and nox"),
    "batches": ("tests.dev.batches", "measure what a batch costs, also on a cluster"),
    "hostile": ("tests.dev.hostile", "grade hostile answers in a row"),
    "kills": ("tests.dev.kills", "kill commands, and see that nothing is lost"),
    "picture": ("tests.dev.picture", "draw the README's picture of a terminal"),
}


def main(argv: Sequence[str]) -> int:
    """Carry out a verb, and return its exit code."""
    if not argv or argv[0] in ("-h", "--help"):
        print("nox -s dev -- VERB [ARGUMENTS]\n")
        for verb, (_, meaning) in VERBS.items():
            print(f"  {verb:<8} {meaning}")
        print("\nnox -s dev -- VERB --help tells more.")
        return 0 if argv else 2
    if argv[0] not in VERBS:
        print(f"no verb {argv[0]!r}; there are {', '.join(VERBS)}", file=sys.stderr)
        return 2
    # Answers compute with one thread, and so must the reference.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    module = importlib.import_module(VERBS[argv[0]][0])
    code: int = module.main(list(argv[1:]))
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
