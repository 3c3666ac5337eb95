"""Run the prompt's own examples: all that an interview shows before the end.

They are doctests. They run where answers run, appended to the candidate's file, so that
what is seen is what the file does.
"""

from __future__ import annotations

import ast
import doctest
from typing import Any

from graders.harness.answer.errors import Fault
from graders.harness.answer.submission import answer_to
from graders.harness.catalog.exercise import Entry

SECONDS = 10.0  # for all examples

_RUN = """

def kata_examples(_texts):
    import doctest

    found = []
    for text in _texts:
        test = doctest.DocTestParser().get_doctest(text, globals(), "example", None, 0)
        report = []

        class Runner(doctest.DocTestRunner):
            def report_start(self, out, test, example):
                report.append([example.source, example.want, "", False])

            def report_success(self, out, test, example, got):
                report[-1][2:] = got, True

            def report_failure(self, out, test, example, got):
                report[-1][2:] = got, False

            def report_unexpected_exception(self, out, test, example, info):
                report[-1][2] = f"{info[0].__name__}: {info[1]}"

        Runner(verbose=False).run(test, out=lambda text: None, clear_globs=False)
        found += report
    return found
"""


def run_examples(entry: Entry, source: bytes) -> list[dict[str, Any]]:
    """Return each example of the prompt with what the answer gives.

    Args:
        entry: The exercise.
        source: What the answer's file holds.

    Returns:
        For each a dict of "source", "want", "got" and "holds". If the answer cannot be
        run, one dict whose "got" says why.
    """
    texts = _docstrings(entry.solution.read_text("utf-8"))
    with_examples = [
        text for text in texts if doctest.DocTestParser().get_examples(text)
    ]
    if entry.is_text or not with_examples:
        return []
    answer = answer_to(entry, entry.stub)
    answer.source = source + _RUN.encode()
    answer.contract = {**answer.contract, "kata_examples": False}
    try:
        answer.begin_check(SECONDS)
        found = answer.fresh().kata_examples(with_examples)
        return [
            {"source": s, "want": w, "got": g, "holds": h is True}
            for s, w, g, h in found
        ]
    except (Exception, Fault) as error:
        return [{"source": "", "want": "", "got": str(error), "holds": False}]
    finally:
        answer.close()


def _docstrings(source: str) -> list[str]:
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    return [text for node in nodes if (text := ast.get_docstring(node))]
