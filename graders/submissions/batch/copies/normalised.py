"""What is left of an answer without its names, comments, annotations and formatting.

The form is a sequence of small numbers, one for each node of Python's own syntax tree,
with the line that each comes from. Definitions are put in an order of their own, so
that moving them changes nothing. Statements that the stub has too are left out: all
answers share them.
"""

from __future__ import annotations

import ast
import builtins
import dataclasses
import warnings
import zlib
from array import array
from collections.abc import Collection, Iterator

MOST_BYTES = 100_000  # of an answer that is compared
MOST_TOKENS = 6_000  # of it; what comes behind is not compared

_KNOWN = frozenset(dir(builtins))
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_SILENT = (ast.Import, ast.ImportFrom, ast.Pass, ast.Global, ast.Nonlocal)
_LEFT_OUT = {"annotation", "returns", "ctx", "type_comment", "kind", "type_params"}

Statement = tuple[tuple[int, int], ...]  # tokens, each with its line


@dataclasses.dataclass(frozen=True)
class Form:
    """The normalised form of an answer.

    Args:
        tokens: A number for each node.
        lines: Which line of the source each comes from, from 1.
    """

    tokens: array[int]
    lines: array[int]


def form_of(source: bytes, shared: Collection[tuple[int, ...]] = ()) -> Form | None:
    """Return the form of an answer, or None if it is no Python, or too large.

    Args:
        source: The answer.
        shared: The statements to leave out, as `statements_of` gives them.
    """
    if (statements := _parsed(source)) is None:
        return None
    found = [
        pair
        for statement in statements
        if tuple(token for token, _ in statement) not in shared
        for pair in statement
    ][:MOST_TOKENS]
    tokens, lines = (array("Q", [pair[i] for pair in found]) for i in (0, 1))
    return Form(tokens, lines)


def statements_of(source: bytes) -> frozenset[tuple[int, ...]]:
    """Return the statements of a stub, each as its tokens."""
    statements = _parsed(source) or []
    return frozenset(tuple(token for token, _ in one) for one in statements)


def _parsed(source: bytes) -> list[Statement] | None:
    if len(source) > MOST_BYTES:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about what somebody else wrote
            return list(_body(ast.parse(source)))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _body(node: ast.AST) -> Iterator[Statement]:
    """Yield the statements below a node, definitions last and in a fixed order."""
    parts = [child for child in _statements(node) if not _is_silent(child)]
    definitions = [part for part in parts if isinstance(part, _DEFINITIONS)]
    for part in parts:
        if not isinstance(part, _DEFINITIONS):
            yield _header(part)
            yield from _body(part)
    whole = [[_header(part), *_body(part)] for part in definitions]
    yield from (one for group in sorted(whole, key=_without_lines) for one in group)


def _without_lines(group: list[Statement]) -> list[list[int]]:
    return [[token for token, _ in statement] for statement in group]


def _statements(node: ast.AST) -> Iterator[ast.stmt]:
    """Yield the statements directly below a node, those of its branches included."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from _statements(child)


def _is_silent(statement: ast.stmt) -> bool:
    if isinstance(statement, ast.Expr):
        return isinstance(statement.value, ast.Constant)  # a docstring
    return isinstance(statement, _SILENT)


def _header(statement: ast.stmt) -> Statement:
    """Return the tokens of a statement without the statements below it."""
    found: list[tuple[int, int]] = []
    waiting: list[tuple[ast.AST, int]] = [(statement, statement.lineno)]
    while waiting:
        node, line = waiting.pop()
        line = getattr(node, "lineno", line)
        found.append((zlib.crc32(_word(node).encode("utf-8", "replace")), line))
        below = [
            part
            for key, value in ast.iter_fields(node)
            if key not in _LEFT_OUT
            for part in (value if isinstance(value, list) else [value])
            if isinstance(part, ast.AST) and not isinstance(part, ast.stmt)
        ]
        waiting += [(part, line) for part in reversed(below)]
    return tuple(found)


def _word(node: ast.AST) -> str:
    """Return what counts of a node: its kind, and names only of what others made."""
    kind = type(node).__name__
    if isinstance(node, ast.AnnAssign):
        return "Assign"
    if isinstance(node, ast.Name):
        return node.id if node.id in _KNOWN else kind
    if isinstance(node, ast.Constant):
        return kind if isinstance(node.value, str | bytes) else repr(node.value)[:50]
    if isinstance(node, ast.keyword):
        return f"{kind} {node.arg}"
    if isinstance(node, ast.Attribute):
        is_own = isinstance(node.value, ast.Name) and node.value.id == "self"
        return kind if is_own else f"{kind} {node.attr}"
    return kind
