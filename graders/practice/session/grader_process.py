"""A warm process that grades one exercise for a session, again and again.

It is a process of its own because hypothesis draws from the constants of the modules
that are loaded, and because gradings are forked from it, which is unsafe in a process
with a screen and threads.

It also runs the prompt's examples, which are all that an interview shows before the
end. They are doctests, appended to the candidate's file and run where answers run.
"""

from __future__ import annotations

import ast
import doctest
import json
import multiprocessing
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from graders.harness.catalog.exercise import Entry
from graders.harness.feedback.report import as_json
from graders.harness.feedback.results import Job
from graders.harness.run.grader_process import warm

SECONDS = 10.0  # for all examples

_RUN_EXAMPLES = """

def kata_examples(_texts):
    import doctest
    import sys

    found, shown = [], []
    check = doctest.OutputChecker().check_output

    def show(value):  # what an expression gives, apart from what is printed
        if value is not None:
            shown.append(repr(value) + "\\n")
            sys.stdout.write(shown[-1])

    sys.__displayhook__ = show  # doctest uses it
    for text in _texts:
        test = doctest.DocTestParser().get_doctest(text, globals(), "example", None, 0)
        report = []

        class Runner(doctest.DocTestRunner):
            def report_start(self, out, test, example):
                report.append([example.source, example.want, "", False, ""])
                shown.clear()

            def report_success(self, out, test, example, got):
                report[-1][2:] = got, True, ""

            def report_failure(self, out, test, example, got):
                value = "".join(shown)
                holds = check(example.want, value, 0)
                if not value or not got.endswith(value):
                    value = got
                printed = got[: len(got) - len(value)]
                report[-1][2:] = value, holds, printed

            def report_unexpected_exception(self, out, test, example, info):
                report[-1][2] = f"{info[0].__name__}: {info[1]}"

        Runner(verbose=False).run(test, out=lambda text: None, clear_globs=False)
        found += report
    return found
"""


class ProcessEnded(Exception):
    """The process that grades has ended."""


class GraderProcess:
    """Grades answers to one exercise.

    Args:
        entry: The exercise.
        seed: The seed of every input.
    """

    def __init__(self, entry: Entry, seed: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(entry.path, seed, theirs))
        self._process.start()
        theirs.close()

    def close(self) -> None:
        """End the process."""
        self._pipe.close()
        self._process.join(1.0)
        self._process.terminate()

    def grade(
        self, source: bytes, watch: Callable[[str], None] = lambda how_far: None
    ) -> dict[str, Any]:
        """Grade an answer, and return the exercise's part of the JSON report.

        Args:
            source: The content of its file.
            watch: Told how far it is, and what has failed, after each check.
        """
        return self._ask(b"grade" + source, watch)

    def examples(self, source: bytes) -> list[dict[str, Any]]:
        """Run the prompt's examples; see `run_examples`."""
        found: list[dict[str, Any]] = self._ask(b"trial" + source)["examples"]
        return found

    def _ask(
        self, request: bytes, watch: Callable[[str], None] = lambda how_far: None
    ) -> dict[str, Any]:
        try:
            self._pipe.send_bytes(request)
            while True:
                reply: dict[str, Any] = json.loads(self._pipe.recv_bytes())
                if "how_far" not in reply:
                    return reply
                watch(reply["how_far"])
        except (OSError, EOFError) as error:
            raise ProcessEnded("the process that grades has ended") from error


def _serve(path: Path, seed: int, pipe: Connection) -> None:
    """Grade on request, until the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent gets it too
    warm()
    from graders.harness.run.warm import WarmProcess

    def reply(event: dict[str, Any]) -> None:
        pipe.send_bytes(json.dumps(event).encode())

    entry = Entry(path)
    warm_process = WarmProcess(Job(entry, entry.stub, seed))
    try:
        while True:
            request = pipe.recv_bytes()
            what, source = request[:5], request[5:]
            if what == b"trial":
                reply({"examples": run_examples(entry, source)})
                continue
            result = warm_process.grade(source, lambda far: reply({"how_far": far}))
            [report] = as_json([result], seed)["exercises"]
            reply(report)
    except (OSError, EOFError):
        return
    finally:
        warm_process.close()


def run_examples(entry: Entry, source: bytes) -> list[dict[str, Any]]:
    """Return each example of the prompt with what the answer gives.

    Args:
        entry: The exercise.
        source: The content of the answer's file.

    Returns:
        A dict of "source", "want", "got", "holds" and "printed" for each. If the answer
        cannot be run, one dict whose "got" says why. What the answer prints is no part
        of "got", as long as the expression has a value.
    """
    from graders.harness.answer.errors import Fault
    from graders.harness.answer.submission import answer_to

    texts = _docstrings(entry.solution.read_text("utf-8"))
    with_examples = [
        text for text in texts if doctest.DocTestParser().get_examples(text)
    ]
    if entry.is_text or not with_examples:
        return []
    answer = answer_to(entry, entry.stub)
    answer.source = source + _RUN_EXAMPLES.encode()
    answer.contract = {**answer.contract, "kata_examples": False}
    try:
        answer.start_check(SECONDS)
        found = answer.fresh().kata_examples(with_examples)
        return [
            {"source": s, "want": w, "got": g, "holds": h is True, "printed": p}
            for s, w, g, h, p in found
        ]
    except (Exception, Fault) as error:
        why = str(error)
        return [{"source": "", "want": "", "got": why, "holds": False, "printed": ""}]
    finally:
        answer.close()


def _docstrings(source: str) -> list[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return [text for node in nodes if (text := ast.get_docstring(node))]
