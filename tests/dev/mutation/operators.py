"""The mutations: those of cosmic-ray that make sense here, and some for numpy.

Ours are functions that list the texts which a node of the syntax tree may become.
What cosmic-ray has already, such as `<` for `<=` or 1 for 0, is not repeated.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from parso.python.tree import Name

Node = Any  # of parso's tree, whose types do not tell what a node holds
Position = tuple[tuple[int, int], tuple[int, int]]
Rewrites = Callable[[Node], Iterator[str]]

# Replacements within a group are mistakes that people make; across the groups they
# fail at once on most values: no one writes << for +.
_BINARY = (
    ("Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"),
    ("BitOr", "BitAnd", "BitXor"),
    ("RShift", "LShift"),
)
_COMPARISON = (("Eq", "NotEq", "Lt", "LtE", "Gt", "GtE"), ("Is", "IsNot"))
_ARBITRARY = ("VariableReplacer", "VariableInserter")  # random, and need arguments

_TWINS = (
    ("maximum", "minimum"), ("fmax", "fmin"), ("max", "min"), ("argmax", "argmin"),
    ("nanmax", "nanmin"), ("nanargmax", "nanargmin"), ("any", "all"),
    ("floor", "ceil"), ("bisect_left", "bisect_right"), ("triu", "tril"),
    ("insort_left", "insort_right"), ("nlargest", "nsmallest"),
)  # fmt: skip
_TWIN = {a: b for pair in _TWINS for a, b in (pair, pair[::-1])}
_AUGMENTED = {"+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "|=": "&=", "&=": "|="}
_AXES = {"0": ("1", "-1"), "1": ("0",), "-1": ("0",)}
_DEFAULT_AXIS = {
    **dict.fromkeys(("concatenate", "stack", "split", "array_split"), "0"),
    **dict.fromkeys(("sort", "argsort", "partition", "argpartition", "diff"), "-1"),
}
_SPREADS = ("std", "var", "nanstd", "nanvar")
_REDUCTIONS = (
    *("sum", "mean", "max", "min", "std", "var", "prod", "any", "all", "median"),
    *("argmax", "argmin", "norm", "average", "count_nonzero", "quantile"),
)
_EPSILON = 1e-3  # a float literal of at most this size guards against something
_MACHINE = ("eps", "tiny", "smallest_normal", "smallest_subnormal")


class Own(Operator):
    """A cosmic-ray operator that replaces a node by one of several texts."""

    def __init__(self, name: str, rewrites: Rewrites) -> None:
        self.name = name
        self._rewrites = rewrites

    def mutation_positions(self, node: Node) -> Iterator[Position]:
        """Yield the node's position once for every text that it may become."""
        for _ in self._rewrites(node):
            yield node.start_pos, node.end_pos

    def mutate(self, node: Node, index: int) -> Node:
        """Return a leaf that holds the new text, with the white space before it."""
        text = list(self._rewrites(node))[index]
        return Name(text, node.start_pos, prefix=_prefix(node))

    @classmethod
    def examples(cls) -> tuple[()]:
        """Give none; tests/test_mutation.py has them."""
        return ()


def operators() -> dict[str, Operator]:
    """Return every operator in use by its name, ours last."""
    names = [name for name in operator_names() if _sensible(name.partition("/")[2])]
    found = {name.partition("/")[2]: get_operator(name)() for name in names}
    return found | {name: Own(name, rewrites) for name, rewrites in OWN.items()}


def _sensible(name: str) -> bool:
    """Return whether an operator of cosmic-ray makes a mistake that could be made."""
    kind, *change = name.split("_")
    match kind:
        case "ReplaceBinaryOperator":
            return any(set(change) <= set(group) for group in _BINARY)
        case "ReplaceComparisonOperator":
            return any(set(change) <= set(group) for group in _COMPARISON)
        case "ReplaceUnaryOperator":
            return change[0] == "Delete"  # +x is x, and ~x of a float is an error
    return name not in _ARBITRARY


# The tree. A call is a `trailer`, ( arguments ), which follows what is called.


def _prefix(node: Node) -> str:
    prefix: str = node.get_first_leaf().prefix
    return prefix


def _text(node: Node) -> str:
    text: str = node.get_code(include_prefix=False)
    return text


def _edited(node: Node, changes: dict[Node, str | None]) -> str:
    """Return the text of a node in which some parts read otherwise, or are gone."""

    def code(part: Node) -> str:
        if part in changes:
            text = changes[part]
            return "" if text is None else _prefix(part) + text
        if _is_leaf(part):
            return str(part.get_code())
        return "".join(code(child) for child in part.children)

    return code(node).removeprefix(_prefix(node))


def _is_leaf(node: Node) -> bool:
    return not hasattr(node, "children")


def _is_call(node: Node) -> bool:
    return not _is_leaf(node) and node.type == "trailer" and node.children[0] == "("


def _callee(call: Node) -> str:
    """Return the last name of what is called: "sum" for `np.sum(x)` and `x.sum()`."""
    before = call.get_previous_sibling()
    return str(before.get_last_leaf().value) if before else ""


def _arguments(call: Node) -> list[Node]:
    """Return the arguments of a call, without commas."""
    inner = call.children[1]
    parts = inner.children if inner.type == "arglist" else call.children[1:-1]
    return [part for part in parts if part != ","]


def _keyword(node: Node, name: str) -> Node | None:
    """Return the argument `name=value`, if the node is a call that has it."""
    for part in _arguments(node) if _is_call(node) else ():
        is_keyword = part.type == "argument" and part.children[1] == "="
        if is_keyword and part.children[0].value == name:
            return part
    return None


def _dropped(call: Node, argument: Node) -> str:
    """Return the text of a call without one of its arguments."""
    following = argument.get_next_sibling()
    comma = following if following == "," else argument.get_previous_sibling()
    gone: dict[Node, str | None] = {argument: None}
    return _edited(call, gone | ({comma: None} if comma == "," else {}))


def _added(call: Node, argument: str) -> str:
    """Return the text of a call with one more argument."""
    last = call.children[-2].get_last_leaf()
    between = {"(": "", ",": " "}.get(last.value, ", ")
    return _edited(call, {last: f"{last.value}{between}{argument}"})


# Ours. Each takes a node and yields what it may become.


def axis(node: Node) -> Iterator[str]:
    """Another axis, or none."""
    if argument := _keyword(node, "axis"):
        value = argument.children[2]
        for other in _AXES.get(_text(value), ()):
            yield _edited(node, {value: other})
        if _DEFAULT_AXIS.get(_callee(node)) != _text(value):
            yield _dropped(node, argument)


def ddof(node: Node) -> Iterator[str]:
    """The divisor n for n - 1, and n - 1 for n."""
    if argument := _keyword(node, "ddof"):
        value = argument.children[2]
        other = {"0": "1", "1": "0"}.get(_text(value))
        yield _edited(node, {value: other}) if other else _dropped(node, argument)
    elif _is_call(node) and _callee(node) in _SPREADS:
        yield _added(node, "ddof=1")


def keepdims(node: Node) -> Iterator[str]:
    """A reduced axis kept or lost; dropping the argument would say False again."""
    if argument := _keyword(node, "keepdims"):
        value = argument.children[2]
        other = {"True": "False", "False": "True"}.get(_text(value))
        yield _edited(node, {value: other}) if other else _dropped(node, argument)
    elif _keyword(node, "axis") and _callee(node) in _REDUCTIONS:
        yield _added(node, "keepdims=True")


def epsilon(node: Node) -> Iterator[str]:
    """A guard against zero taken away, or a thousand times too large."""
    value = ast.literal_eval(node.value) if node.type == "number" else None
    if isinstance(value, float) and 0 < value <= _EPSILON:
        yield from ("0.0", f"{value * 1000:g}")
    elif node.type == "atom_expr" and _text(node.children[-1])[1:] in _MACHINE:
        yield from ("0.0", f"(1000 * {_text(node)})")


def dtype(node: Node) -> Iterator[str]:
    """A narrower type, or the one that the values happen to have."""
    text = _text(node) if _is_leaf(node) else ""
    if text.strip("'\"") == "float64":
        yield text.replace("64", "32")
    elif text == "float" and _is_called(node):
        yield "int"
    elif text == "float" and node.parent.type in ("argument", "arglist", "trailer"):
        yield from ("int", "np.float32")
    if argument := _keyword(node, "dtype"):
        yield _dropped(node, argument)


def _is_called(name: Node) -> bool:
    following = name.get_next_sibling()
    return following is not None and _is_call(following)


def in_place(node: Node) -> Iterator[str]:
    """An update that writes to what the caller still holds."""
    if node.type != "expr_stmt" or node.children[1] != "=" or len(node.children) != 3:
        return
    target, _, value = node.children
    if value.type not in ("arith_expr", "term", "power", "expr"):
        return
    first, *rest = value.children
    if _text(first) == _text(target) and _may_be_shared(target):
        steps = zip(rest[::2], rest[1::2], strict=True)
        yield "; ".join(f"{_text(target)} {_text(op)}= {_text(x)}" for op, x in steps)


def _may_be_shared(target: Node) -> bool:
    """Return whether a name is a parameter's, or an attribute, which may hold one."""
    if target.type != "name":
        return bool(target.type == "atom_expr")
    function = target.search_ancestor("funcdef")
    return function is not None and target.value in {
        parameter.name.value for parameter in function.get_params()
    }


def copy(node: Node) -> Iterator[str]:
    """A copy that is not made."""
    parts = node.children if node.type == "atom_expr" else []
    for base, name, call in zip(parts, parts[1:], parts[2:], strict=False):
        if not _is_call(call) or _text(name) not in (".copy", ".array"):
            continue
        arguments = _arguments(call)
        if _text(name) == ".copy" and not arguments:
            yield _edited(node, {name: None, call: None})
        elif _text(base) == "np" and arguments and arguments[0].type != "atom":
            yield _edited(node, {name: ".asarray"})


def twins(node: Node) -> Iterator[str]:
    """The function of the opposite direction: np.minimum for np.maximum."""
    if node.type != "name" or node.value not in _TWIN:
        return
    is_attribute = node.parent.type == "trailer" and node.parent.children[0] == "."
    if is_attribute or _is_called(node):
        yield _TWIN[node.value]


def sort(node: Node) -> Iterator[str]:
    """Not sorted at all, sorted the other way around, or not stable."""
    if argument := _keyword(node, "kind"):
        yield _dropped(node, argument)
    if node.type != "atom_expr" or node.parent.type == "simple_stmt":
        return  # as a statement, x.sort() has no value to turn around
    for call in filter(_is_call, node.children):
        if (name := _callee(call)) in ("sort", "sorted", "argsort"):
            yield _edited(node, {call: f"{_text(call)}[::-1]"})
        first = _text(_arguments(call)[0]) if _arguments(call) else ""
        if name == "sorted":
            yield _edited(node, {node.children[0]: "list", call: f"({first})"})
        elif name == "sort" and _text(node.children[0]) == "np":
            gone = node.children[: node.children.index(call)]
            yield _edited(node, dict.fromkeys(gone) | {call: first})


def side(node: Node) -> Iterator[str]:
    """Equal values on the other side of a searchsorted."""
    if argument := _keyword(node, "side"):
        value = argument.children[2]
        other = {"left": "right", "right": "left"}.get(_text(value).strip("'\""))
        if other:
            yield _edited(node, {value: f'"{other}"'})
        else:
            yield _dropped(node, argument)
    elif _is_call(node) and _callee(node) == "searchsorted":
        yield _added(node, 'side="right"')


def augmented(node: Node) -> Iterator[str]:
    """The opposite update, or none of what was there before."""
    text = _text(node) if node.type == "operator" else ""
    if node.parent is not None and node.parent.type == "expr_stmt" and text != "=":
        if text in _AUGMENTED:
            yield _AUGMENTED[text]
        yield "="


def matmul(node: Node) -> Iterator[str]:
    """An elementwise product for a matrix product, or a transpose forgotten."""
    if node.type == "operator" and node.value == "@" and node.parent.type == "term":
        yield "*"
    if node.type == "trailer" and _text(node) in (".T", ".mT"):
        yield ""


def statement(node: Node) -> Iterator[str]:
    """A call for its effect that is not made, such as a validation."""
    is_statement = node.type == "atom_expr" and node.parent.type == "simple_stmt"
    if is_statement and _is_call(node.children[-1]):
        yield "pass"


OWN: dict[str, Rewrites] = {
    function.__name__: function
    for function in (
        *(axis, ddof, keepdims, epsilon, dtype, in_place, copy, twins, sort, side),
        *(augmented, matmul, statement),
    )
}
