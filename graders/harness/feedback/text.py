"""Show values as text that can be pasted into a Python prompt."""

from __future__ import annotations

import json
import math
import re
from typing import Any

import numpy as np

# Control characters, those that turn the direction of writing, and lone surrogates.
_STEERING = re.compile(
    r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\U0010ffff]"
    r"|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"
)
_DEFAULT_KINDS = {"b": np.bool_, "i": np.int64, "f": np.float64, "c": np.complex128}


class Code(str):
    """Text that stands for itself when it is pasted."""


def paste(value: Any) -> str:
    """Return the source of an expression that gives the value, never cut."""
    match value:
        case Code():
            return str(value)
        case bool() | None | str() | bytes():
            return repr(value)
        case np.ndarray():
            return _paste_array(value)
        case np.generic():
            return f"np.{type(value).__name__}({paste(value.item())})"
        case int():
            return repr(value) if value.bit_length() < 10_000 else hex(value)
        case float():
            text = repr(value)
            return (
                text if math.isfinite(value) else f"np.{text}".replace("np.-", "-np.")
            )
        case complex():
            return f"complex({paste(value.real)}, {paste(value.imag)})"
        case dict():
            pairs = (f"{paste(k)}: {paste(v)}" for k, v in value.items())
            return "{" + ", ".join(pairs) + "}"
        case tuple():
            inner = ", ".join(map(paste, value))
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        case list():
            return "[" + ", ".join(map(paste, value)) + "]"
        case set() | frozenset() if value:
            inner = "{" + ", ".join(map(paste, value)) + "}"
            return inner if type(value) is set else f"frozenset({inner})"
    return repr(value)


def _paste_array(array: np.ndarray) -> str:
    if array.size == 0:
        return f"np.empty({array.shape}, dtype={array.dtype.name!r})"
    usual = array.dtype.kind == "U" or array.dtype == _DEFAULT_KINDS.get(
        array.dtype.kind
    )
    dtype = "" if usual else f", dtype={array.dtype.name!r}"
    return f"np.array({paste(array.tolist())}{dtype})"


def paste_generator(state: str) -> str:
    """Return the source of a random generator from its state as JSON."""
    values = json.loads(state)
    if "seed" in values:
        return f"np.random.default_rng({values['seed']})"
    restore = f"lambda rng: setattr(rng.bit_generator, 'state', {values!r}) or rng"
    return f"({restore})(np.random.Generator(np.random.{values['bit_generator']}()))"


def plain(text: str) -> str:
    """Return text without what could steer a terminal or a CI system."""
    text = _STEERING.sub("\N{REPLACEMENT CHARACTER}", text)
    return re.sub(r"##(?=\w*\[)", "# #", text)  # so begin commands to CI systems
