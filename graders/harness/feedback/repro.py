"""Show the calls of a failing example as lines to paste into a Python prompt."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness.answer.callbacks import Guests
from graders.harness.answer.proxy import Remote, reference_of
from graders.harness.answer.record import Call, Outcome
from graders.harness.feedback.replay import without_objects
from graders.harness.feedback.text import Code, paste, paste_generator
from graders.harness.worker.wire import Reference, decode

MAX_GOT = 4000  # characters


def outcome_text(outcome: Outcome) -> str:
    """Return what a call gave: an expression, or what it raised."""
    kind, value = outcome
    if kind == "returned":
        text = _value_text(without_objects(value))
    elif kind == "raised":
        text = f"raises {getattr(value, 'shown', '') or _shown(value)}"
    else:
        return ""
    return text if len(text) <= MAX_GOT else f"{text[:MAX_GOT]} ..."


def _value_text(value: Any) -> str:
    """Return a value as an expression, or a large array in NumPy's own short form."""
    if isinstance(value, np.ndarray) and value.size > MAX_GOT:
        return f"{value!r} of shape {value.shape}"
    return paste(value)


def _shown(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def script(log: list[Call], guests: Guests) -> str:
    """Return the lines to paste: the last call, and those that made its objects."""
    used = [_objects(call) for call in log]
    wanted, kept = used[-1], {len(log) - 1}
    while grown := [i for i, u in enumerate(used) if u & wanted and i not in kept]:
        kept.update(grown)
        wanted = wanted.union(*(used[i] for i in grown))
    texts = _Texts(guests)
    return "\n".join(texts.line(log[i]) for i in sorted(kept))


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

    def __init__(self, guests: Guests) -> None:
        self.guests = guests
        self.names: dict[int, str] = {}

    def line(self, call: Call) -> str:
        """Return one request as a line of Python."""
        text = _expression(decode(call.payload, self.reference))
        target = self.target(call.outcome[1])
        return f"{target} = {text}" if target else text

    def reference(self, reference: Reference) -> Code:
        """Return the source of what a reference stands for."""
        match reference.kind:
            case "generator":
                return Code(paste_generator(reference.name))
            case "iterator":
                read = self.guests.delivered.get(reference.number, [])
                return Code(f"iter({paste(read)})")
            case "function":
                function = self.guests.held[reference.number - 1]
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


def _expression(message: Any) -> str:
    match message:
        case ("call", name, args, kwargs, _):
            return f"{name}({_arguments(args, kwargs)})"
        case ("method", target, "__call__", args, kwargs, _):
            return f"{target}({_arguments(args, kwargs)})"
        case ("method", target, name, args, kwargs, _):
            return f"{target}.{name}({_arguments(args, kwargs)})"
        case ("get", target, name):
            return f"{target}.{name}"
        case ("set", target, name, value):
            return f"{target}.{name} = {paste(value)}"
        case ("operate", name, (one, other)):
            return f"{paste(one)} {_INFIX[name]} {paste(other)}"
        case ("operate", name, (one,)):
            return f"{_PREFIX[name]}{one}" if name in _PREFIX else f"{name}({one})"
    return str(message)


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    named = [f"{name}={paste(value)}" for name, value in kwargs.items()]
    return ", ".join([*map(paste, args), *named])
