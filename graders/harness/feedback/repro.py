"""Show the calls of a failing example as lines to paste into a Python prompt."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Callable
from typing import Any

from graders.harness.answer.callbacks import Callbacks
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.answer.record import Call, Outcome
from graders.harness.feedback.replay import without_objects
from graders.harness.feedback.text import (
    MAX_SHORT,
    MAX_VALUE,
    Code,
    cut,
    left_out,
    paste,
    paste_generator,
    short,
)
from graders.harness.worker.wire import Reference, decode

MAX_ITEMS = 10_000  # of an iterator, to be shown with all its items
MAX_LINES = 6  # of a call on a screen, those that made its objects among them
MAX_CALLS = 1000  # in a file for programs
MAX_CALL = 320  # characters of a call on a screen

Show = Callable[[Any], str]


def outcome_text(outcome: Outcome, show: Show = paste) -> str:
    """Return what a call gave: an expression, or what it raised."""
    kind, value = outcome
    if kind == "returned":
        return show(without_objects(value))
    if kind == "raised":
        limit = MAX_VALUE if show is paste else MAX_SHORT
        return cut(f"raises {getattr(value, 'shown', '') or _shown(value)}", limit)
    return ""


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def complete(callbacks: Callbacks) -> None:
    """Read what is left of the iterators that were passed in, to show all items.

    One that does not end keeps what was read: a clock, of which that is all there is.
    """
    if "complete" in vars(callbacks):
        return
    vars(callbacks)["complete"] = True
    for number, callback in enumerate(callbacks.held, 1):
        if callable(callback) or hasattr(callback, "shown"):
            continue
        try:
            rest = list(itertools.islice(callback, MAX_ITEMS + 1))
        except Exception:  # a stream that breaks is shown as far as it went
            continue
        if len(rest) <= MAX_ITEMS:
            callbacks.delivered.setdefault(number, []).extend(rest)


def repro(log: list[Call], callbacks: Callbacks, *, values: bool = False) -> str:
    """Return the lines to paste.

    Args:
        log: The calls.
        callbacks: What was passed in.
        values: Whether to show with each call what it gave.
    """
    lines = _lines(log, callbacks, paste, values, MAX_CALLS)
    return cut("\n".join(lines), MAX_VALUE)


def short_repro(log: list[Call], callbacks: Callbacks, *, values: bool = False) -> str:
    """Return the same as `repro`, as short as a screen has room for."""
    lines: list[str] = []
    for room in (MAX_SHORT, MAX_SHORT // 2, MAX_SHORT // 4, 24):
        show = functools.partial(short, limit=room)
        lines = _lines(log, callbacks, show, values, MAX_LINES)
        if sum(map(len, lines)) <= MAX_CALL:
            break
    return "\n".join(cut(line, MAX_SHORT) for line in lines)


def _lines(
    log: list[Call], callbacks: Callbacks, show: Show, values: bool, most: int
) -> list[str]:
    """Return at most so many lines: the first and the last ones."""
    hidden = max(len(log) - most, 0) and len(log) - most + 1
    texts = _Texts(callbacks, show)
    lines = []
    for call in [log[0], *log[1 + hidden :]]:
        line = texts.line(call)
        gave = outcome_text(call.outcome, show)
        if values and gave and "\n" not in gave and not texts.target(call.outcome[1]):
            line += f"  # {gave}" if gave.startswith("raises ") else f"  # gives {gave}"
        lines.append(line)
    if hidden:
        lines.insert(1, left_out(hidden))
    return lines


def needed(log: list[Call]) -> list[Call]:
    """Return the last call, and those that made or changed its objects."""
    used = [_objects(call) for call in log]
    wanted, kept = used[-1], {len(log) - 1}
    while grown := [i for i, u in enumerate(used) if u & wanted and i not in kept]:
        kept.update(grown)
        wanted = wanted.union(*(used[i] for i in grown))
    return [log[i] for i in sorted(kept)]


def _objects(call: Call) -> set[int]:
    """Return the numbers of the objects that a request takes or makes."""
    found: set[int] = set()

    def note(reference: Reference) -> None:
        if reference.kind in ("object", "kept"):
            found.add(reference.number)

    decode(call.payload, note)
    _walk(call.outcome[1], note)
    return found


def _walk(value: Any, note: Callable[[Reference], None]) -> None:
    if isinstance(value, Remote):
        note(reference_of(value))
    elif isinstance(value, (list, tuple)):
        for part in value:
            _walk(part, note)


class _Texts:
    """Writes requests as lines of Python, and names objects as they come."""

    def __init__(self, callbacks: Callbacks, show: Show) -> None:
        self.callbacks = callbacks
        self.show = show
        self.names: dict[int, str] = {}

    def line(self, call: Call) -> str:
        """Return one request as a line of Python."""
        text = _expression(decode(call.payload, self.reference), self.show)
        target = self.target(call.outcome[1])
        return f"{target} = {text}" if target else text

    def reference(self, reference: Reference) -> Code:
        """Return the source of what a reference stands for."""
        match reference.kind:
            case "generator":
                return Code(paste_generator(reference.name))
            case "iterator":
                held = self.callbacks.held[reference.number - 1]
                read = self.callbacks.delivered.get(reference.number, [])
                shown: str = getattr(held, "shown", "") or f"iter({self.show(read)})"
                return Code(shown)
            case "function":
                function = self.callbacks.held[reference.number - 1]
                name = getattr(function, "__name__", "function")
                return Code(getattr(function, "shown", f"<{name}>"))
        return Code(self.name(reference))

    def name(self, reference: Reference) -> str:
        """Return the variable that holds an object."""
        if reference.number not in self.names:
            kind = re.sub(
                r"(?<=[a-z])(?=[A-Z])", "_", reference.name or "value"
            ).lower()
            count = sum(name.startswith(f"{kind}_") for name in self.names.values())
            self.names[reference.number] = f"{kind}_{count + 1}"
        return self.names[reference.number]

    def target(self, result: Any) -> str:
        """Return what the objects in a result are assigned to, if there are any."""
        if isinstance(result, Remote):
            return self.name(reference_of(result))
        if not isinstance(result, (list, tuple)):
            return ""
        parts = [self.target(part) for part in result]
        inner = ", ".join(part or "_" for part in parts)
        return f"[{inner}]" if any(parts) else ""


_SEAM = re.compile("(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # in KVCache
_INFIX = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//",
          "mod": "%", "pow": "**", "matmul": "@"}  # fmt: skip
_PREFIX = {"neg": "-", "pos": "+"}


def _expression(message: Any, show: Show) -> str:
    match message:
        case ("call", name, args, kwargs, _):
            return f"{name}({_arguments(args, kwargs, show)})"
        case ("method", target, "__call__", args, kwargs, _):
            return f"{target}({_arguments(args, kwargs, show)})"
        case ("method", target, name, args, kwargs, _):
            return f"{target}.{name}({_arguments(args, kwargs, show)})"
        case ("get", target, name):
            return f"{target}.{name}"
        case ("set", target, name, value):
            return f"{target}.{name} = {show(value)}"
        case ("operate", name, (one, other)):
            return f"{show(one)} {_INFIX[name]} {show(other)}"
        case ("operate", name, (one,)):
            return f"{_PREFIX[name]}{one}" if name in _PREFIX else f"{name}({one})"
    return str(message)


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any], show: Show) -> str:
    named = [f"{name}={show(value)}" for name, value in kwargs.items()]
    return ", ".join([*map(show, args), *named])
