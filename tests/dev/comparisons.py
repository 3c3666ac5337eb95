"""The lint rule for graders: what an answer returned is judged by the harness alone.

`==`, `<`, `in`, `approx` and the like let something through on NaN, on empty arrays, by
broadcasting or by truth. A value is an answer's if it came from `submission`; it is
the grader's own once `check_array` or `check_number` has judged it.
"""

from __future__ import annotations

import ast

_JUDGES = {"check_array", "check_number"}
_COMPARISONS = {"approx", "allclose", "isclose", "array_equal", "assert_allclose",
                "assert_array_equal", "assert_equal", "all", "any"}  # fmt: skip


def unjudged_comparisons(source: str) -> list[str]:
    """Return a line for each comparison of an answer's value that no judge has seen."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            found += _in_function(node)
    return sorted(set(found))


def _in_function(function: ast.FunctionDef) -> list[str]:
    tainted = {"submission"}
    found = []
    for node in sorted(_statements(function), key=lambda node: node.lineno):
        if isinstance(node, (ast.Assign, ast.AnnAssign, ast.For)):
            value = node.iter if isinstance(node, ast.For) else node.value
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {
                n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name)
            }
            if value is not None and _is_answers(value, tainted):
                tainted |= names
            else:
                tainted -= names
        for part in _expressions(node):
            if _compares(part, tainted):
                found.append(f"line {part.lineno}: {ast.unparse(part)}")
    return found


def _statements(function: ast.FunctionDef) -> list[ast.stmt]:
    return [node for node in ast.walk(function) if isinstance(node, ast.stmt)][1:]


def _expressions(statement: ast.stmt) -> list[ast.expr]:
    """Return the expressions of a statement, those of statements inside it aside."""
    parts: list[ast.expr] = []
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.expr):
            parts += [n for n in ast.walk(child) if isinstance(n, ast.expr)]
    return parts


def _compares(part: ast.expr, tainted: set[str]) -> bool:
    if isinstance(part, ast.Compare):
        if all(isinstance(op, (ast.Is, ast.IsNot)) for op in part.ops):
            return False  # None and types are told apart by identity
        return any(
            _is_answers(side, tainted) for side in (part.left, *part.comparators)
        )
    if isinstance(part, ast.Call):
        name = getattr(part.func, "attr", getattr(part.func, "id", ""))
        return name in _COMPARISONS and any(_is_answers(a, tainted) for a in part.args)
    return False


def _is_answers(node: ast.AST, tainted: set[str]) -> bool:
    """Return whether an expression holds a value that no judge has seen."""
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name in _JUDGES or name in ("len", "type", "isinstance"):
            return False
    if isinstance(node, ast.Attribute) and ast.unparse(node) == "submission.text":
        return False  # a str of the harness' own making: nothing of a text is run
    if isinstance(node, ast.Name):
        return node.id in tainted
    return any(_is_answers(child, tainted) for child in ast.iter_child_nodes(node))
