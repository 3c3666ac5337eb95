"""Run the examples of the prompts: `python3 examples.py [NAME ...]`.

Exit codes: 0 all that were run hold. 1 one does not. 2 the command was wrong.
"""

import doctest
import runpy
import sys
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "exercises"
NOT_STARTED = "raise NotImplementedError"


def main(names: list[str]) -> int:
    """Run the examples of exercises, and return the exit code."""
    files = {file.stem: file for file in sorted(FOLDER.rglob("*.*"))}
    if unknown := [name for name in names if name not in files]:
        print(f"no exercise is called {unknown[0]!r}", file=sys.stderr)
        return 2
    chosen = names or [name for name, file in files.items() if is_started(file)]
    if not chosen:
        print("You have started no exercise. Open one in exercises/, or name one.")
    return max([run(files[name]) for name in chosen], default=0)


def is_started(file: Path) -> bool:
    """Return whether a file of code has nothing left to fill in."""
    return file.suffix == ".py" and NOT_STARTED not in file.read_text("utf-8")


def run(file: Path) -> int:
    """Run the examples of one prompt, print what fails, and return the exit code."""
    if file.suffix != ".py":
        print(f"{file.stem}: a text, which has no examples")
        return 0
    if not is_started(file):
        print(f"{file.stem}: not started")
        return 1
    try:
        names = runpy.run_path(str(file))
    except BaseException as error:
        print(f"{file.stem}: cannot be loaded: {type(error).__name__}: {error}")
        return 1
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    runner = doctest.DocTestRunner(verbose=False, optionflags=options)
    for test in examples_of(names, file):
        runner.run(test)
    held = runner.tries - runner.failures
    print(f"{file.stem}: {held} of {runner.tries} lines of its examples hold")
    return 1 if runner.failures else 0


def examples_of(names: dict[str, object], file: Path) -> list[doctest.DocTest]:
    """Return the examples in the docstrings of what a file defines."""
    parser = doctest.DocTestParser()
    found = []
    for name, value in names.items():
        if getattr(value, "__module__", "") != names["__name__"]:
            continue
        inner = vars(value).items() if isinstance(value, type) else ()
        for label, one in [(name, value), *inner]:
            text = getattr(one, "__doc__", None)
            if isinstance(text, str) and ">>>" in text:
                globs = dict(names)
                found.append(parser.get_doctest(text, globs, label, str(file), 0))
    return found


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
