"""Answers that return or raise what nobody asked for: no grader may stumble."""

from __future__ import annotations

import ast

from graders.harness.catalog.exercise import Entry

# What every public function, method and constructor returns or raises in turn.
VALUES = [
    "None",
    '"0.5"',
    "b'x'",
    "()",
    "{}",
    "[[], 1, 'a']",
    "True",
    "float('nan')",
    "10**400",
    "1j",
    "np.zeros(0)",
    "np.ones((7, 3, 2))",
    "np.full(4, np.nan)",
    "np.array([None, 1], dtype=object)",
    "np.float16(0.5)",
    "(value for value in [1.0])",
    "object()",
    "1 / 0",
    "throw(AssertionError('no'))",
    "throw(KeyError('no'))",
    "throw(StopIteration())",
    "throw(RecursionError())",
    "call(args, kwargs)",
]
# Those that every check is fed, as an answer that meets the contract alone would.
FEW = (
    *("None", '"0.5"', "()", "float('nan')", "np.zeros(0)", "np.ones((7, 3, 2))"),
    *("throw(AssertionError('no'))", "call(args, kwargs)"),
)

# What the answers use; `call` calls what it was given, as it should not be called.
HEAD = """
import numpy as np


def throw(error):
    raise error


def call(args, kwargs):
    for value in (*args, *kwargs.values()):
        if callable(value):
            try:
                value()
            except Exception:
                value(None, nonsense=1)
        elif hasattr(value, "__next__"):
            next(value)
    return args


"""


def answers(entry: Entry) -> dict[str, str]:
    """Return the source of an answer for each value, by the value's expression."""
    tree = ast.parse(entry.solution.read_text("utf-8"))
    public = [
        node
        for node in tree.body
        if isinstance(node, (ast.FunctionDef, ast.ClassDef))
        and not node.name.startswith("_")
    ]
    return {
        value: HEAD + "\n\n\n".join(_returns(n, value) for n in public)
        for value in VALUES
    }


def _returns(node: ast.FunctionDef | ast.ClassDef, value: str) -> str:
    """Return a definition of the same name whose every call returns a value."""
    if isinstance(node, ast.FunctionDef):
        return f"def {node.name}(*args, **kwargs):\n    return {value}"
    outside = value.replace("args, kwargs", "(), {}")  # where there are none
    methods = [
        child.name
        for child in node.body
        if isinstance(child, ast.FunctionDef) and child.name != "__init__"
    ]
    body = [
        "    def __init__(self, *args, **kwargs):\n        pass",
        f"    def __getattr__(self, name):\n        return {outside}",
        *(
            f"    def {name}(self, *args, **kwargs):\n        return {value}"
            for name in methods
            if not name.startswith("_") or (name.startswith("__") and name in _ASKED)
        ),
    ]
    return f"class {node.name}:\n" + "\n\n".join(body)


_ASKED = {
    *("__add__", "__radd__", "__sub__", "__rsub__", "__mul__", "__rmul__", "__neg__"),
    *("__truediv__", "__rtruediv__", "__pow__", "__matmul__", "__call__"),
}
