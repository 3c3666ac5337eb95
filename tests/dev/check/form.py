"""The form of an exercise: what can be told from its files without grading anything."""

from __future__ import annotations

import ast
import doctest
import io
import re
import sys
from collections.abc import Callable, Iterator
from types import ModuleType

from graders.harness.catalog.exercise import Entry
from graders.harness.catalog.sheet import Sheet
from graders.harness.catalog.stubs import wanted
from tests.dev.comparisons import unjudged_comparisons

TO_WRITE = "To be written."  # what a new exercise has where words are missing

MINUTES = range(5, 91)
HINTS = 3
FEWEST_FOLLOW_UPS, FEWEST_MISTAKES, FEWEST_LAWS = 2, 4, 3
ANSWER_LINES = range(2, 7)
LONGEST_TITLE = 60

# Lines, past which there is a warning.
PROMPT, SOLUTION, CHECKS, SHEET = 60, 80, 200, 80


def form(entry: Entry) -> list[str]:
    """Return what is wrong with an exercise's files, in the order to put it right."""
    try:
        sheet = entry.sheet
        wanted(entry)
    except ValueError as error:
        return [str(error)]
    found: list[str] = []
    aspects: list[Callable[[Entry, Sheet], Iterator[str]]] = [
        *(_words_to_write, _prompt, _sheet, _patches, _sentences),
        *(_contracts, _laws, _comparisons),
    ]
    for aspect in aspects:
        found += aspect(entry, sheet)
    return found


def warnings(entry: Entry) -> list[str]:
    """Return what is longer than it should be."""
    stub, solution = wanted(entry), entry.solution.read_text("utf-8")
    sheet = entry.sheet_file.read_text("utf-8").partition("\n[lesson]")[0]
    checks = entry.grader.read_text("utf-8")
    answer = len(solution.splitlines()) - len(stub.splitlines())
    sizes = [
        ("the prompt", len(stub.splitlines()), PROMPT),
        ("the answer in the solution", answer, SOLUTION),
        ("the checks", len(checks.splitlines()), CHECKS),
        ("the sheet", len(sheet.splitlines()), SHEET),
    ]
    return [
        f"{what} has {lines} lines; {most} at most is the aim"
        for what, lines, most in sizes
        if lines > most
    ]


def _words_to_write(entry: Entry, sheet: Sheet) -> Iterator[str]:
    for file in (entry.solution, entry.sheet_file, entry.grader):
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
            if TO_WRITE in line:
                yield f"{file.name}:{number}: still to be written"


def _prompt(entry: Entry, sheet: Sheet) -> Iterator[str]:
    if len(entry.title) >= LONGEST_TITLE:
        yield f"title: {len(entry.title)} letters, fewer than {LONGEST_TITLE} fit"
    if not entry.is_text:
        yield from _examples(entry)


def _examples(entry: Entry) -> Iterator[str]:
    """Yield what is wrong with the examples of the prompt, which are doctests."""
    module = ModuleType(entry.name)
    module.__file__ = str(entry.solution)
    sys.modules[entry.name] = module  # where dataclasses look themselves up
    source = entry.solution.read_bytes()
    said = io.StringIO()
    try:
        exec(compile(source, entry.solution, "exec", dont_inherit=True), vars(module))
        runner = doctest.DocTestRunner()
        for test in doctest.DocTestFinder().find(module, entry.name):
            runner.run(test, out=said.write)
    except Exception as error:
        yield f"{entry.solution.name}: cannot be executed: {error!r}"
        return
    finally:
        del sys.modules[entry.name]
    if not runner.tries:
        yield "the prompt has no example (>>>)"
    if runner.failures:
        yield f"an example of the prompt fails:\n{said.getvalue().strip()}"


def _sheet(entry: Entry, sheet: Sheet) -> Iterator[str]:
    if sheet.minutes not in MINUTES:
        yield f"minutes: {sheet.minutes} is not between 5 and 90"
    if len(sheet.hints) != HINTS:
        yield f"hints: {len(sheet.hints)}; three are needed, the last nearly there"
    if len(sheet.follow_ups) < FEWEST_FOLLOW_UPS:
        yield f"follow_ups: {len(sheet.follow_ups)}; {FEWEST_FOLLOW_UPS} or more"
    if len(sheet.mistakes) < FEWEST_MISTAKES:
        yield f"mistakes: {len(sheet.mistakes)}; {FEWEST_MISTAKES} or more are needed"
    if isinstance(sheet.many_answers, tuple):
        solution = entry.solution.read_text("utf-8")
        for name in sheet.many_answers:
            if f"def {name}(" not in solution:
                yield f"many_answers: the solution defines no {name}"
    questions = [follow_up.question for follow_up in sheet.follow_ups]
    answers = [follow_up.answer for follow_up in sheet.follow_ups]
    for text in (*sheet.hints, *questions, *answers):
        if text != TO_WRITE and text[-1] not in ".?":
            yield f"no sentence, it ends without . or ?: {text[-60:]!r}"
    for question, answer in zip(questions, answers, strict=True):
        lines = answer.count("\n") + 1
        if answer != TO_WRITE and lines not in ANSWER_LINES:
            yield f"the answer to {question[:50]!r} has {lines} lines; two to six"


def _patches(entry: Entry, sheet: Sheet) -> Iterator[str]:
    changes = [*sheet.mistakes.values(), *((bug,) for bug in sheet.bugs)]
    for change in changes:
        try:
            source = entry.with_mistake(change)
            if not entry.is_text:
                compile(source, entry.name, "exec", dont_inherit=True)
        except (ValueError, SyntaxError) as error:
            yield str(error)


def _sentences(entry: Entry, sheet: Sheet) -> Iterator[str]:
    for check in _checks(entry):
        sentence = " ".join((ast.get_docstring(check) or "").split())
        if not re.fullmatch(r"[A-Z0-9].*\.", sentence):
            yield f"{check.name}: its docstring is no sentence: {sentence!r}"


def _contracts(entry: Entry, sheet: Sheet) -> Iterator[str]:
    """Yield the public functions that no contract calls; a class needs one of any."""
    if entry.is_text:
        return
    tree = ast.parse(entry.grader.read_text("utf-8"))
    named = set()
    for node in tree.body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)],
                value=ast.Call(
                    func=ast.Name(id="contract"), args=[ast.Constant(value), *_]
                ),
            ) if name.startswith("test_"):
                named.add(str(value).partition(".")[0])
    if not named:
        yield "no contract: test_contract = contract(NAME, CALL, returns=…) is missing"
        return
    for name in entry.contract:
        if name not in named:
            yield f"no contract calls {name}"


def _laws(entry: Entry, sheet: Sheet) -> Iterator[str]:
    if entry.is_text:
        return
    decorators = [" ".join(map(ast.unparse, c.decorator_list)) for c in _checks(entry)]
    laws = sum("given(" in text for text in decorators)
    if laws < FEWEST_LAWS:
        yield f"laws under hypothesis: {laws}; {FEWEST_LAWS} or more are needed"


def _comparisons(entry: Entry, sheet: Sheet) -> Iterator[str]:
    for line in unjudged_comparisons(entry.grader.read_text("utf-8")):
        yield f"compares an answer's value without check(): {line}"


def _checks(entry: Entry) -> list[ast.FunctionDef]:
    """Return the functions of a grader that are checks."""
    tree = ast.parse(entry.grader.read_text("utf-8"))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return [node for node in found if node.name.startswith("test_")]
