"""Derive the stub that a candidate edits from the text of the solution.

What is public in a solution is the contract, what is private is the answer. A stub is
cut from the solution's lines and never printed anew, so it is formatted as they are. A
name that the contract needs and the cut would lose is an error: a prompt may not depend
on what the candidate cannot see.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from contextlib import suppress

LINE_LENGTH = 88  # pyproject.toml's, for an import that loses names

_Function = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)

_Shown = dict[ast.stmt, str]  # what the stub shows of which statement


def derive(solution_source: str) -> str:
    """Return the stub that a formatted solution gives.

    Public functions, classes, fields and constants stay, with the comments directly
    above them, and so do dunder methods that have a docstring; bodies become
    `raise NotImplementedError`. Of the imports those stay that the kept text names.

    Raises:
        ValueError: If the module or something public has no docstring, or the kept text
            names what the stub does not show; says in which line.
    """
    source = solution_source.replace("\r\n", "\n").replace("\r", "\n")
    tree, lines = _parse(source), source.rstrip().split("\n")
    if not ast.get_docstring(tree):
        raise ValueError("line 1: the module has no docstring, so there is no prompt")
    _require_own_lines(tree, lines)
    shown = _contract(tree.body, lines)
    named = {name for text in shown.values() for name in _names(_parse(text))}
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            shown[node] = _import(node, named, lines)
    stub = _join(tree.body, shown, lines) + "\n"
    _require_defined(shown, _parse(stub))
    return stub


def _parse(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError as error:
        raise ValueError(f"line {error.lineno}: {error.msg}") from error
    except (RecursionError, MemoryError) as error:
        raise ValueError("line 1: nested too deeply to be read") from error


def _require_own_lines(tree: ast.Module, lines: list[str]) -> None:
    """Demand that every statement starts its line, since whole lines are cut."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or _is_ellipsis(node):
            continue
        if lines[node.lineno - 1].encode()[: node.col_offset].strip():
            raise ValueError(f"line {node.lineno}: two statements; run ruff format")


def _is_ellipsis(node: ast.stmt) -> bool:
    value = node.value if isinstance(node, ast.Expr) else None
    return isinstance(value, ast.Constant) and value.value is ...


def _contract(
    body: list[ast.stmt], lines: list[str], *, nested: bool = False
) -> _Shown:
    """Return what the stub shows of a module or class, imports aside."""
    shown: _Shown = {}
    for before, node in zip([None, *body], body, strict=False):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if _is_public(node, body):
                    shown[node] = _function(node, lines)
            case ast.ClassDef():
                if not nested and not node.name.startswith("_"):
                    shown[node] = _class(node, lines)
            case ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                if _is_constant(node):
                    shown[node] = _cut(node, lines)
            case ast.Expr(value=ast.Constant(value=str())):
                # The body's docstring, or that of the constant or field above.
                if not before or (isinstance(before, _ASSIGNMENTS) and before in shown):
                    shown[node] = _cut(node, lines)
            case _:
                _refuse_definitions(node)
    return shown


def _is_public(node: _Function, body: list[ast.stmt]) -> bool:
    """Return whether the contract has the function; a dunder needs a docstring."""
    if not re.fullmatch("__.*__", node.name):
        return not node.name.startswith("_")
    same = (other for other in body if isinstance(other, _FUNCTIONS))
    return any(other.name == node.name and ast.get_docstring(other) for other in same)


def _is_constant(node: ast.stmt) -> bool:
    """Return whether an assignment makes a public constant or field."""
    targets = _targets(node)
    public = [target for target in targets if not target.startswith("_")]
    if targets == ["_"] and isinstance(node, ast.AnnAssign):
        return True  # a dataclass's `_: KW_ONLY`
    whole = public == targets and all(target.isidentifier() for target in targets)
    if public and (not whole or isinstance(node, ast.AugAssign)):
        raise ValueError(
            f"line {node.lineno}: this changes part of the public {public[0]}; "
            "give it its value in one statement of its own"
        )
    return bool(public)


def _targets(node: ast.AST) -> list[str]:
    """Return what a definition or an assignment binds, as text."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return [node.name]
        case ast.Assign(targets=targets):
            return [name for target in targets for name in _flat(target)]
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target):
            return _flat(target)
    return []


def _flat(target: ast.expr) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for element in target.elts for name in _flat(element)]
    return [ast.unparse(target)]


def _refuse_definitions(block: ast.stmt) -> None:
    """Refuse what is public but stands in a block, because stubs leave blocks out."""
    if isinstance(block, ast.If) and "__name__" in ast.unparse(block.test):
        return
    for node in ast.walk(block):
        for name in _targets(node):
            if isinstance(node, ast.stmt) and not name.startswith("_"):
                raise ValueError(
                    f"line {node.lineno}: {name} is public, but in a block, "
                    "which a stub leaves out"
                )


def _function(node: _Function, lines: list[str]) -> str:
    decorators = [ast.unparse(decorator) for decorator in node.decorator_list]
    if any(re.search(r"\boverload$", name) for name in decorators):
        return _cut(node, lines)  # no more than a signature
    docstring = ""
    if ast.get_docstring(node):
        docstring = _cut(node.body[0], lines) + "\n"
    elif _is_ellipsis(node.body[0]) or not any(
        re.search(r"\.(setter|deleter)$", name) for name in decorators
    ):
        raise ValueError(f"line {node.lineno}: {node.name} has no docstring")
    indent = " " * node.body[0].col_offset
    return _header(node, lines) + docstring + indent + "raise NotImplementedError"


def _class(node: ast.ClassDef, lines: list[str]) -> str:
    if not ast.get_docstring(node):
        raise ValueError(f"line {node.lineno}: {node.name} has no docstring")
    members = _contract(node.body, lines, nested=True)
    return _header(node, lines) + _join(node.body, members, lines)


def _import(
    node: ast.Import | ast.ImportFrom, named: set[str], lines: list[str]
) -> str:
    """Return the import, cut down to the names that the stub needs."""
    module = ""
    if isinstance(node, ast.ImportFrom):
        module = "." * node.level + (node.module or "")
    kept = [
        alias
        for alias in node.names
        if module == "__future__" or (alias.asname or alias.name).split(".")[0] in named
    ]
    if not kept or kept == node.names:
        return _cut(node, lines) if kept else ""
    names = [ast.unparse(alias) for alias in kept]
    text = (f"from {module} import " if module else "import ") + ", ".join(names)
    if module and len(text) > LINE_LENGTH:
        rows = "".join(f"    {name},\n" for name in names)
        return f"from {module} import (\n{rows})"
    return text


def _names(tree: ast.AST) -> Iterator[str]:
    """Yield the names that a text uses, those of annotations in quotes included."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Load()):
                yield name
            case ast.Attribute(attr=name) if re.match("_(?!_)", name):
                yield name
            case (
                ast.arg(annotation=ast.expr() as annotation)
                | ast.AnnAssign(annotation=annotation)
                | ast.FunctionDef(returns=ast.expr() as annotation)
                | ast.AsyncFunctionDef(returns=ast.expr() as annotation)
            ):
                yield from _quoted(annotation)


def _quoted(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Subscript(value=ast.Name(id=name) | ast.Attribute(attr=name)) if (
            name in ("Literal", "Annotated")
        ):
            return  # what these quote is no name
        case ast.Constant(value=str() as text):
            with suppress(ValueError):  # a text that is no expression names nothing
                yield from _names(_parse(text))
    for child in ast.iter_child_nodes(node):
        yield from _quoted(child)


def _require_defined(shown: _Shown, stub: ast.Module) -> None:
    known = {*dir(builtins), "__file__"}
    for node in ast.walk(stub):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.arg(arg=name):
                known.add(name)
            case ast.alias():
                known.add((node.asname or node.name).split(".")[0])
            case _:
                known.update(_targets(node))
    for statement, text in shown.items():
        for name in _names(_parse(text)):
            if name not in known:
                raise ValueError(
                    f"line {statement.lineno}: the contract names {name}, "
                    "which the stub does not show"
                )


def _start(node: ast.stmt) -> int:
    """Return the first line of a statement, decorators included, from 0."""
    if isinstance(node, _DEFINITIONS) and node.decorator_list:
        return node.decorator_list[0].lineno - 1
    return node.lineno - 1


def _end(node: ast.stmt) -> int:
    """Return the line after a statement's last, from 0."""
    return node.end_lineno or node.lineno


def _cut(node: ast.stmt, lines: list[str]) -> str:
    return "\n".join(lines[_start(node) : _end(node)])


def _header(node: _Function | ast.ClassDef, lines: list[str]) -> str:
    """Return the lines from the first decorator to the colon."""
    rows = lines[_start(node) : _start(node.body[0])]
    while not rows[-1].strip() or rows[-1].lstrip().startswith("#"):
        rows.pop()  # what stands between belongs to the body
    return "\n".join(rows) + "\n"


def _join(body: list[ast.stmt], shown: _Shown, lines: list[str]) -> str:
    """Return the shown statements one below the other, spaced as ruff does."""
    text = ""
    last: ast.stmt | None = None
    for before, node in zip([None, *body], body, strict=False):
        if not shown.get(node):
            continue
        # Comments directly above are the statement's own.
        top = _start(node)
        floor = _end(before) if before else top if node.col_offset else 0
        while top > floor and lines[top - 1].startswith(" " * node.col_offset + "#"):
            top -= 1
        if last:
            text += "\n" * (1 + _gap(last, node, lines[_end(last) : top]))
        text += "".join(f"{line}\n" for line in lines[top : _start(node)]) + shown[node]
        last = node
    return text


def _gap(last: ast.stmt, node: ast.stmt, between: list[str]) -> int:
    """Return the number of blank lines between two statements that the stub shows."""
    most = 1 if node.col_offset else 2
    if isinstance(node, _FUNCTIONS) and not between:
        return 0  # right below an overload
    if isinstance(last, _DEFINITIONS) or isinstance(node, _DEFINITIONS):
        return most
    dropped = any(line.strip() for line in between)
    return min(between.count(""), 1 if dropped else most)
