"""`python -m graders VERB`: what every nox session that grades calls.

The repository comes last on the path, so that a candidate's `random.py` or `numpy.py`
in it takes nobody's place.
"""

from __future__ import annotations

import os
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
_here = {"", ".", os.getcwd(), ROOT}
sys.path[:] = [folder for folder in sys.path if folder not in _here]
sys.path.append(ROOT)

import importlib.util  # noqa: E402

NEEDED = ("numpy", "pytest", "hypothesis", "pytest_timeout")  # by a grading
VERBS = {
    "grade": ("graders.practice.recording", "grade answers"),
    "list": ("graders.practice.daily.list", "list the exercises, to filter and start"),
    "next": ("graders.practice.daily.next", "name the next exercise, and why"),
    "world": ("graders.harness.run.world", "run a design in a public world"),
    "debug": ("graders.harness.run.debug", "grade one answer in a debugger"),
    "watch": ("graders.practice.daily.watch", "grade each save, without a clock"),
    "plan": ("graders.practice.daily.plan", "a study plan of 7, 14 or 21 days"),
    "cards": (
        "graders.practice.cards.command",
        "answer questions, each when it is due",
    ),
    "attempts": ("graders.practice.attempts", "list backups of your work, restore one"),
    "reset": ("graders.practice.reset", "back up your work and reset stubs"),
    "hint": ("graders.practice.hint", "show the next hint"),
    "solution": ("graders.practice.solution", "show solution, lesson and answers"),
    "practice": (
        "graders.practice.session.practice",
        "practice one exercise against the clock",
    ),
    "mock": ("graders.practice.mocks.mock", "a mock interview: one round, or a day"),
    "progress": (
        "graders.practice.history.progress",
        "show your history and what is due",
    ),
    "batch": ("graders.submissions.batch.command", "grade a class"),
    "export": ("graders.submissions.export", "write stubs to hand out"),
    "gradescope": (
        "graders.submissions.gradescope.command",
        "build an autograder for Gradescope",
    ),
    "review": ("graders.submissions.review", "grade a pull request"),
}


def main(argv: list[str]) -> int:
    """Carry out a verb, and return its exit code."""
    if not argv or argv[0] in ("-h", "--help"):
        print("python -m graders VERB [ARGUMENTS]\n")
        for verb, (_, meaning) in VERBS.items():
            print(f"  {verb:<10} {meaning}")
        print("\npython -m graders VERB --help tells more.")
        return 0 if argv else 2
    if argv[0] not in VERBS:
        print(f"no verb {argv[0]!r}; there are {', '.join(VERBS)}", file=sys.stderr)
        return 2
    # A NumPy or a pytest that lies in somebody's path is not ours.
    for folder in os.environ.pop("PYTHONPATH", "").split(os.pathsep):
        while folder and folder in sys.path:
            sys.path.remove(folder)
    # The answers' processes compute with one thread, and so must the reference.
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    missing = [name for name in NEEDED if not importlib.util.find_spec(name)]
    try:
        module = importlib.import_module(VERBS[argv[0]][0])
    except ModuleNotFoundError as error:
        if (error.name or "graders").split(".")[0] == "graders":
            raise
        missing.append(str(error.name))
    if missing:
        lacks = ", ".join(dict.fromkeys(missing))
        told = (
            f"{argv[0]}: {sys.executable} has no {lacks}; nox -s {argv[0]} installs it"
        )
        print(told, file=sys.stderr)
        return 2
    code: int = module.main(argv[1:])
    return code


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:  # whoever read our output has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
