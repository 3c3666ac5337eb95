"""Derive the mutants of a solution: every mistake in every place, one at a time.

Only what the candidate writes is spoilt: bodies, private helpers and private
constants. What the stub gives (signatures, defaults, decorators, public constants),
annotations, docstrings and the words of an error message stay as they are.
"""

from __future__ import annotations

import ast
import dataclasses
import difflib
import warnings
from collections.abc import Iterator, Mapping

import parso
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator

from tests.dev.mutation.operators import Node, Position, operators


@dataclasses.dataclass(frozen=True)
class Mutant:
    """A solution with one mistake in it.

    Args:
        source: The spoilt solution.
        operator: The kind of mistake.
        line: The number of the first line that differs.
        within: What the statement at the top of the module that it is in defines.
        was: The lines of the solution that differ, without their indentation.
        becomes: What they turned into, likewise.
        diff: Both, as a unified diff.
    """

    source: str
    operator: str
    line: int
    within: str
    was: str
    becomes: str
    diff: str


class Confined(Operator):
    """An operator that leaves alone what is not the candidate's to write."""

    def __init__(self, operator: Operator) -> None:
        self._operator = operator

    def mutation_positions(self, node: Node) -> Iterator[Position]:
        """Yield the operator's own positions in a node of the answer."""
        positions = list(self._operator.mutation_positions(node))
        if positions and is_answer(node):
            yield from positions

    def mutate(self, node: Node, index: int) -> Node:
        """Mutate as the operator does."""
        return self._operator.mutate(node, index)

    @classmethod
    def examples(cls) -> tuple[()]:
        """Give none; it has the operator's."""
        return ()


def mutants(
    source: str, *, using: Mapping[str, Operator] | None = None
) -> list[Mutant]:
    """Return the different mutants of a solution, in the order of its lines.

    Args:
        source: The solution.
        using: The operators by name; all that are in use, if None.

    Raises:
        ValueError: If the mutation library cannot read a statement (`match`, say).
    """
    tree = _parsed(source)
    seen = {_meaning(source)}
    found = []
    for name, operator in (using or operators()).items():
        for mutated in _mutations(source, tree, Confined(operator)):
            meaning = _meaning(mutated)
            if meaning not in seen:
                seen.add(meaning)
                found.append(_mutant(source, mutated, name))
    return sorted(found, key=lambda mutant: mutant.line)


def is_answer(node: Node) -> bool:
    """Return whether a node is the candidate's to write, and affects what it does."""
    if node.search_ancestor("raise_stmt") or node.parent is None:
        return False
    while (parent := node.parent) is not None:
        if (verdict := _decided(node, parent)) is not None:
            return verdict
        node = parent
    return False


def _decided(node: Node, parent: Node) -> bool | None:
    """Return whether a node is the answer's, as far as its parent tells; else None."""
    match parent.type:
        case "tfpdef":
            return False
        case "annassign" if node is parent.children[1]:
            return False
        case "param" if node is not parent.default:
            return False
        case "parameters":
            return None if node.type == "param" else False
        case "funcdef":
            if node is parent.children[-1]:
                return True
            return node is not parent.annotation and not _is_given(parent)
        case "decorated" if node is not parent.children[-1]:
            return not _is_given(parent.children[-1])
        case "file_input" | "classdef":
            return False
        case "simple_stmt" if not parent.search_ancestor("funcdef"):
            return _defines_private(node) and not _is_string(node)
        case "simple_stmt" if _is_string(node):
            return False
    return None


def _is_given(definition: Node) -> bool:
    """Return whether the stub shows the head of a function or class."""
    if definition.search_ancestor("funcdef"):
        return False
    while definition is not None:
        name = getattr(definition, "name", None)
        if name is not None and _is_private(name.value):
            return False
        definition = definition.search_ancestor("classdef")
    return True


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.endswith("__")


def _defines_private(statement: Node) -> bool:
    """Return whether a statement outside of functions defines private names alone."""
    if statement.type != "expr_stmt":
        return False
    owner = statement.search_ancestor("classdef")
    names = [name.value for name in statement.get_defined_names()]
    is_private = bool(names) and all(map(_is_private, names))
    return is_private or (owner is not None and not _is_given(owner))


def _is_string(node: Node) -> bool:
    return node.type in ("string", "strings")


def _parsed(source: str) -> Node:
    tree = get_ast(source)
    for error in parso.load_grammar().iter_errors(tree):
        line = source.splitlines()[error.start_pos[0] - 1].strip()
        raise ValueError(f"line {error.start_pos[0]} cannot be mutated: {line}")
    return tree


def _mutations(source: str, tree: Node, operator: Operator) -> Iterator[str]:
    """Yield the source with each of an operator's mutations that still compiles."""
    places = sum(len(list(operator.mutation_positions(n))) for n in ast_nodes(tree))
    for index in range(places):
        mutated = mutate_code(source, operator, index)
        if mutated is not None and _compiles(mutated):
            yield mutated


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)
        try:
            compile(source, "<mutant>", "exec", dont_inherit=True)
        except SyntaxError:
            return False
    return True


def _meaning(source: str) -> str:
    """Return a text that two sources share if they differ in layout alone."""
    return ast.dump(ast.parse(source))


def _mutant(source: str, mutated: str, operator: str) -> Mutant:
    old, new = source.splitlines(), mutated.splitlines()
    shared = min(len(old), len(new))
    start = next((i for i in range(shared) if old[i] != new[i]), shared)
    end = next(
        (i for i in range(shared - start) if old[-1 - i] != new[-1 - i]), shared - start
    )
    diff = difflib.unified_diff(old, new, "solution", "mutant", n=2, lineterm="")
    return Mutant(
        source=mutated,
        operator=operator,
        line=start + 1,
        within=_definition(source, start + 1),
        was=stripped("\n".join(old[start : len(old) - end])),
        becomes=stripped("\n".join(new[start : len(new) - end])),
        diff="\n".join(diff),
    )


def _definition(source: str, line: int) -> str:
    """Return the name that the statement around a line defines, if it is one."""
    for node in ast.parse(source).body:
        decorators = getattr(node, "decorator_list", [])
        first = min(part.lineno for part in [node, *decorators])
        if first <= line <= (node.end_lineno or 0):
            match node:
                case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                    return name
                case ast.Assign(targets=[ast.Name(id=name)]):
                    return name
    return ""


def stripped(text: str) -> str:
    """Return lines without what stands before and behind them."""
    return "\n".join(line.strip() for line in text.strip().splitlines())
