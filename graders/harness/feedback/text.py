"""Show values as text, and let no text leave that could steer whoever reads it.

An answer may return anything: an integer of 5,000 digits, a list of a million arrays, a
string of 4 MB. `paste` and `short` show any value, within bounds of length and time,
and raise nothing. `plain` is the one filter of every text that leaves: for terminals,
for JSON and for JUnit's XML.
"""

from __future__ import annotations

import functools
import json
import math
import re
import unicodedata
from collections.abc import Iterable
from typing import Any

import numpy as np

from graders.harness.worker.generators import seeds_of

MAX_VALUE = 64_000  # characters of a value in a file for programs
MAX_SHORT = 240  # characters of a value on a screen
MAX_DIGITS_AS_BITS = 10_000  # Python refuses to show integers past 4,300 digits
_DEFAULT_KINDS = {"b": np.bool_, "i": np.int64, "f": np.float64, "c": np.complex128}


class Code(str):
    """Text that stands for itself when it is pasted."""


def paste(value: Any, limit: int = MAX_VALUE) -> str:
    """Return the source of an expression that gives the value.

    What is longer than the limit is cut there, and says so.
    """
    writer = _Writer(limit)
    try:
        writer.value(value)
    except _Full:
        return f"{''.join(writer.parts)[:limit]} ... (cut at {limit} characters)"
    except Exception:  # whatever it is: to show it must not fail a check
        return f"<{type(value).__name__}>"
    return "".join(writer.parts)


def short(value: Any, limit: int = MAX_SHORT) -> str:
    """Return an expression that gives the value, or an abbreviation in brackets.

    An abbreviation says the shape of an array and the length of what else is long.
    """
    writer = _Writer(limit)
    try:
        writer.value(value)
        return "".join(writer.parts)
    except _Full:
        pass
    except Exception:
        return f"<{type(value).__name__}>"
    try:
        return _abbreviated(value, limit)
    except Exception:
        return f"<{type(value).__name__}>"


def cut(text: str, limit: int) -> str:
    """Return a text of at most so many characters; what is cut off is said."""
    if len(text) <= limit:
        return text
    more = f" ... ({len(text)} characters)" if limit > MAX_SHORT // 2 else "..."
    return text[: max(limit - len(more), 1)] + more


class _Full(Exception):
    """There is no room for more."""


class _Writer:
    """Writes one value as source, and stops when it is longer than it may be."""

    def __init__(self, limit: int) -> None:
        self.left = limit
        self.parts: list[str] = []

    def put(self, text: str) -> None:
        """Write a piece of text."""
        self.parts.append(text)
        self.left -= len(text)
        if self.left < 0:
            raise _Full

    def value(self, value: Any) -> None:
        """Write a value."""
        match value:
            case Code():
                self.put(str(value))
            case str() | bytes():
                self.put(repr(value[: self.left + 1]))  # longer by its quotes
            case np.ndarray():
                self.array(value)
            case np.generic():
                self.scalar(value)
            case bool() | int() | float() | complex():
                self.put(_number(value))
            case dict():
                self.put("{")
                self.pairs(value.items())
                self.put("}")
            case list():
                self.items("[", value, "]")
            case tuple():
                self.items("(", value, ",)" if len(value) == 1 else ")")
            case set() if value:
                self.items("{", value, "}")
            case frozenset() if value:
                self.items("frozenset({", value, "})")
            case _:
                self.put(repr(value))

    def items(self, before: str, values: Iterable[Any], behind: str) -> None:
        """Write values between brackets."""
        self.put(before)
        for i, value in enumerate(values):
            self.put(", " if i else "")
            self.value(value)
        self.put(behind)

    def pairs(self, pairs: Iterable[tuple[Any, Any]]) -> None:
        """Write the pairs of a dict."""
        for i, (key, value) in enumerate(pairs):
            self.put(", " if i else "")
            self.value(key)
            self.put(": ")
            self.value(value)

    def scalar(self, value: np.generic) -> None:
        """Write a scalar of NumPy's."""
        item = value.item()
        if isinstance(item, np.generic):  # such as a long double
            self.put(repr(value))
            return
        self.put(f"np.{type(value).__name__}(")
        self.value(item)
        self.put(")")

    def array(self, array: np.ndarray) -> None:
        """Write an array, of which no more is looked at than there is room for."""
        if array.size == 0:
            self.put(f"np.empty({array.shape}, dtype={array.dtype.name!r})")
            return
        usual = _DEFAULT_KINDS.get(array.dtype.kind)
        self.put("np.array(")
        self.rows(array)
        if array.dtype.kind != "U" and array.dtype != usual:
            self.put(f", dtype={array.dtype.name!r}")
        self.put(")")

    def rows(self, array: np.ndarray) -> None:
        """Write the items of an array as nested lists."""
        if array.ndim == 0:
            self.value(array.item())
        elif array.ndim == 1:
            self.items("[", array[: self.left + 1].tolist(), "]")
        else:
            self.put("[")
            for i, row in enumerate(array):
                self.put(", " if i else "")
                self.rows(row)
            self.put("]")


def _number(value: complex) -> str:
    """Return the source of a number of Python's own."""
    if isinstance(value, complex):
        return f"complex({_number(value.real)}, {_number(value.imag)})"
    if isinstance(value, float) and not math.isfinite(value):
        return f"np.{value!r}".replace("np.-", "-np.")
    if isinstance(value, int) and value.bit_length() >= MAX_DIGITS_AS_BITS:
        return hex(value)
    return repr(value)


def _abbreviated(value: Any, limit: int) -> str:
    """Return what a value is, with its first and last parts, in brackets."""
    match value:
        case Code():
            return cut(str(value), limit)
        case np.ndarray():
            return _abbreviated_array(value, limit)
        case int():
            return f"<an integer of {value.bit_length()} bits>"
        case str() | bytes():
            unit = "bytes" if isinstance(value, bytes) else "characters"
            room = max((limit - 40) // 2, 5)
            first, last = value[:room], value[-room // 2 :]
            return f"<{len(value)} {unit}: {first!r} ... {last!r}>"
        case dict():
            what, parts = "dict", list(value.items())
        case list() | tuple() | set() | frozenset():
            what, parts = type(value).__name__, list(value)
        case _:
            return f"<{type(value).__name__}>"
    for edge in (3, 1):
        chosen = parts if len(parts) <= edge + 1 else [*parts[:edge], parts[-1]]
        room = (limit - 30) // len(chosen) - 2
        if room < 8:
            continue
        texts = [_part(part, isinstance(value, dict), room) for part in chosen]
        if len(parts) > len(chosen):
            texts.insert(edge, "...")
        text = f"<{what} of {len(parts)}: {', '.join(texts)}>"
        if len(text) <= limit:
            return text
    return f"<{what} of {len(parts)}>"


def _part(part: Any, is_pair: bool, room: int) -> str:
    if not is_pair:
        return short(part, room)
    return f"{short(part[0], room // 2)}: {short(part[1], room // 2)}"


def _abbreviated_array(array: np.ndarray, limit: int) -> str:
    what = f"{array.dtype.name} of shape {array.shape}"
    for edge in (4, 3, 2, 1):
        with np.printoptions(edgeitems=edge, threshold=0, precision=17):
            text = np.array2string(array, separator=", ", max_line_width=10**6)
        text = f"<{what}: {' '.join(text.split()).replace('[ ', '[')}>"
        if len(text) <= limit:
            return text
    return f"<{what}>"


def left_out(count: int) -> str:
    """Return the line that stands for calls which are not shown."""
    return f"# ... {count} more calls ..."


def paste_generator(state: str) -> str:
    """Return the source of a random generator from its state as JSON."""
    values = json.loads(state)
    seeds = seeds_of(values)
    values.pop("seeds", None)
    if seeds and np.random.default_rng(seeds).bit_generator.state == values:
        return f"np.random.default_rng({_paste_seeds(seeds)})"
    restore = f"lambda rng: setattr(rng.bit_generator, 'state', {values!r}) or rng"
    return f"({restore})(np.random.Generator(np.random.{values['bit_generator']}()))"


def _paste_seeds(seeds: np.random.SeedSequence) -> str:
    more = [
        f", {name}={value!r}"
        for name in ("spawn_key", "n_children_spawned")
        if (value := getattr(seeds, name))
    ]
    own = f"{seeds.entropy!r}"
    return f"np.random.SeedSequence({own}{''.join(more)})" if more else own


# Control and format characters, which steer terminals and turn the direction of
# writing; lone surrogates; private and unassigned ones, U+FFFE and U+FFFF among them,
# with which no XML is read; separators of lines that are no line feeds.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_UNUSUAL = re.compile(r"[^\n\t\x20-\x7e]")
_COMMAND = re.compile(r"##(?=\w*\[)")  # so begin commands to CI systems, anywhere ...
_COMMAND_AT_START = re.compile(r"^(\s*):(?=:)", re.MULTILINE)  # ... and in a new line


def plain(text: str) -> str:
    """Return text without what could steer a terminal or a CI system."""
    text = _UNUSUAL.sub(_harmless, text)
    return _COMMAND_AT_START.sub(r"\1: ", _COMMAND.sub("# #", text))


def _harmless(found: re.Match[str]) -> str:
    return _replaced(found[0])


@functools.lru_cache(maxsize=10_000)
def _replaced(character: str) -> str:
    steers = unicodedata.category(character) in _STEERING
    return "\N{REPLACEMENT CHARACTER}" if steers else character
