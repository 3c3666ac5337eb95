"""Show the calls of a failing example as lines to paste into a Python prompt."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graders.harness.answer import Call, Outcome
from graders.harness.guests import Guests
from graders.harness.proxy import Remote
from graders.harness.show import Code, paste, paste_generator
from graders.harness.worker.wire import Reference, decode

MAX_GOT = 4000  # characters


def outcome_text(outcome: Outcome) -> str:
    """Return what a call gave: an expression, or what it raised."""
    kind, value = outcome
    if kind == "returned":
        text = _name(value) if isinstance(value, Remote) else _value_text(value)
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
    texts = [(decode(call.payload, _texts(guests)), call) for call in log]
    wanted = _objects(texts[-1])
    lines = [_line(*texts[-1])]
    for message, call in reversed(texts[:-1]):
        objects = _objects((message, call))
        if objects & wanted:
            wanted |= objects
            lines.append(_line(message, call))
    return "\n".join(reversed(lines))


def _texts(guests: Guests) -> Callable[[Reference], Code]:
    """Return what shows each kind of reference as source."""

    def text(reference: Reference) -> Code:
        match reference.kind:
            case "generator":
                return Code(paste_generator(reference.name))
            case "iterator":
                return Code(
                    f"iter({paste(guests.delivered.get(reference.number, []))})"
                )
            case "function":
                function = guests.held[reference.number - 1]
                name = getattr(function, "__name__", "function")
                return Code(getattr(function, "shown", f"<{name}>"))
        return _Name(f"{reference.name.lower() or 'value'}_{reference.number}")

    return text


class _Name(Code):
    """The name of a variable that holds an object."""


def _objects(said: tuple[Any, Call]) -> set[str]:
    """Return the names of the objects that a request takes or makes."""
    message, call = said
    names = {str(part) for part in _parts(message) if isinstance(part, _Name)}
    return names | {
        _name(part) for part in _parts(call.outcome[1]) if isinstance(part, Remote)
    }


def _parts(value: Any) -> list[Any]:
    if isinstance(value, (list, tuple)):
        return [leaf for part in value for leaf in _parts(part)]
    if isinstance(value, dict):
        return _parts(list(value.values()))
    return [value]


def _name(remote: Remote) -> str:
    reference = vars(remote)["_reference"]
    return f"{reference.name.lower() or 'value'}_{reference.number}"


_INFIX = {"add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//",
          "mod": "%", "pow": "**", "matmul": "@"}  # fmt: skip
_PREFIX = {"neg": "-", "pos": "+"}


def _line(message: Any, call: Call) -> str:
    """Return one request as a line of Python."""
    match message:
        case ("call", name, args, kwargs, _):
            text = f"{name}({_arguments(args, kwargs)})"
        case ("method", target, name, args, kwargs, _):
            text = f"{target}.{name}({_arguments(args, kwargs)})"
        case ("get", target, name):
            text = f"{target}.{name}"
        case ("set", target, name, value):
            text = f"{target}.{name} = {paste(value)}"
        case ("operate", name, (one, other)):
            text = f"{paste(one)} {_INFIX[name]} {paste(other)}"
        case ("operate", name, (one,)):
            text = f"{_PREFIX[name]}{one}" if name in _PREFIX else f"{name}({one})"
        case _:
            text = str(message)
    result = call.outcome[1]
    return f"{_name(result)} = {text}" if isinstance(result, Remote) else text


def _arguments(args: tuple[Any, ...], kwargs: dict[str, Any]) -> str:
    named = [f"{name}={paste(value)}" for name, value in kwargs.items()]
    return ", ".join([*map(paste, args), *named])
