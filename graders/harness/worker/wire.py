"""What crosses between a grading and the worker that runs the answer.

Only plain values cross, and the receiver builds nothing else from the bytes: no
pickle, no class that the other side names, no size that is not checked before memory
is taken. Objects stay where they are; a reference crosses in their place. Both
processes load this file, so it needs the standard library and NumPy alone.
"""

from __future__ import annotations

import math
import operator
import re
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from typing import Any

import numpy as np

MAX_WEIGHT = 1_000_000  # of the values in one message, which cost more than its bytes
ARRAY_WEIGHT = 8  # of an array, in plain numbers
CONTAINER_WEIGHT = 6  # of a list, tuple, set or dict
KEY_WEIGHT = 33  # of a key, as hostile ones take quadratic time to store
MAX_DEPTH = 64  # containers within containers
MAX_COLLISIONS = 100  # keys of one hash, of which a set is slow to build

Export = Callable[[Any], Any] | None

_U32 = struct.Struct("<I")
_U64 = struct.Struct("<Q")
_I64 = struct.Struct("<q")
_F64 = struct.Struct("<d")
_C128 = struct.Struct("<dd")
_DTYPE = re.compile(rb"[<>|=]?[biufcU][1-9][0-9]{0,8}")


class Unsendable(TypeError):
    """A value is not of a kind that crosses."""


class Garbled(ValueError):
    """What arrived is not a message."""


class Reference:
    """Stands in a message for something that stays where it is.

    Kinds: "object" and "kept" live in the worker, "function" and "iterator" in the
    grading. A "generator" has its state for a name, and the worker makes its own.
    """

    KINDS = ("object", "kept", "function", "iterator", "generator")

    def __init__(self, kind: str, number: int, name: str = "") -> None:
        self.kind = kind
        self.number = number
        self.name = name


def encode(value: Any, export: Export = None) -> bytes:
    """Return the bytes of a plain value.

    Args:
        value: None, a bool, int, float, complex, str or bytes, a list, tuple, dict or
            set of such, a NumPy scalar or an array; no subclass of these but the
            standard library's containers.
        export: Called with any other value; returns the Reference or plain value that
            crosses in its place.

    Raises:
        Unsendable: If some part of the value is of another kind.
    """
    out = bytearray()
    _put(out, value, export, MAX_DEPTH)
    return bytes(out)


def _put(out: bytearray, value: Any, export: Export, depth: int) -> None:
    if depth < 0:
        raise Unsendable(f"a value nested more than {MAX_DEPTH} deep")
    kind = type(value)
    if put := _PUT.get(kind):
        put(out, value)
    elif isinstance(value, np.generic) and value.dtype.kind in "biufcU":
        _put_typed(out, b"n", np.asarray(value))
    elif kind in _SEQUENCES or (isinstance(value, tuple) and hasattr(kind, "_fields")):
        out += (_SEQUENCES.get(kind) or b"t") + _U32.pack(len(value))
        for item in tuple.__iter__(value) if isinstance(value, tuple) else value:
            _put(out, item, export, depth - 1)
    elif kind in (dict, Counter, OrderedDict, defaultdict):
        out += b"d" + _U32.pack(len(value))
        for key, item in value.items():
            _put(out, key, export, depth - 1)
            _put(out, item, export, depth - 1)
    elif export is None:
        raise Unsendable(f"a value of type {kind.__name__}")
    else:
        _put(out, export(value), export, depth - 1)


def _put_int(out: bytearray, value: int) -> None:
    if -(2**63) <= value < 2**63:
        out += b"i" + _I64.pack(value)
    else:
        size = value.bit_length() // 8 + 1
        _put_sized(out, b"I", value.to_bytes(size, "little", signed=True))


def _put_sized(out: bytearray, tag: bytes, data: bytes) -> None:
    out += tag + _U32.pack(len(data))
    out += data


def _put_array(out: bytearray, value: np.ndarray) -> None:
    if value.dtype.kind not in "biufcU":
        raise Unsendable(f"an array of dtype {value.dtype}")
    _put_typed(out, b"a", value)


def _put_typed(out: bytearray, tag: bytes, value: np.ndarray) -> None:
    dtype = value.dtype.str.encode()
    out += tag + bytes([len(dtype), value.ndim]) + dtype
    for length in value.shape:
        out += _U64.pack(length)
    out += value.tobytes()


def _put_reference(out: bytearray, value: Reference) -> None:
    kind = Reference.KINDS.index(value.kind)
    out += b"r" + bytes([kind]) + _U32.pack(value.number)
    _put_sized(out, b"s", value.name.encode())


_SEQUENCES: dict[type, bytes] = {
    list: b"l", tuple: b"t", set: b"e", frozenset: b"z", deque: b"l"
}  # fmt: skip
_PUT: dict[type, Callable[[bytearray, Any], None]] = {
    type(None): lambda out, _: out.extend(b"N"),
    bool: lambda out, value: out.extend(b"T" if value else b"F"),
    int: _put_int,
    float: lambda out, value: out.extend(b"f" + _F64.pack(value)),
    complex: lambda out, value: out.extend(b"c" + _C128.pack(value.real, value.imag)),
    str: lambda out, text: _put_sized(out, b"s", text.encode("utf-8", "surrogatepass")),
    bytes: lambda out, value: _put_sized(out, b"b", value),
    np.ndarray: _put_array,
    Reference: _put_reference,
}  # fmt: skip


def decode(
    payload: bytes | bytearray,
    resolve: Callable[[Reference], Any] | None = None,
    *,
    most: float = math.inf,
) -> Any:
    """Return the value that the bytes hold; arrays come back read-only.

    Args:
        payload: What `encode` gave on the other side, or anything at all.
        resolve: Called with each Reference; returns what stands in its place.
        most: The weight of values that is taken in.

    Raises:
        Garbled: If the bytes are anything but one whole value.
    """
    reader = _Reader(payload, resolve, most)
    try:
        value = reader.value(MAX_DEPTH)
    except (struct.error, IndexError, TypeError, ValueError, OverflowError) as error:
        raise Garbled(f"{type(error).__name__}: {error}"[:200]) from None
    if reader.at != len(payload):
        raise Garbled("bytes after the end of the value")
    return value


class _Reader:
    """Reads one value from bytes that may be hostile."""

    def __init__(
        self, payload: Any, resolve: Callable[[Reference], Any] | None, most: float
    ) -> None:
        self.payload = memoryview(payload)
        self.resolve = resolve
        self.most = most
        self.at = 0
        self.weight = 0

    def weigh(self, weight: int) -> None:
        self.weight += weight
        if self.weight > self.most:
            raise Garbled("too many values in one message")

    def value(self, depth: int) -> Any:
        self.weigh(1)
        if depth < 0:
            raise Garbled("a value nested too deep")
        tag = self.take(1)[0]
        match tag:
            case 0x4E | 0x54 | 0x46:  # N T F
                return {0x4E: None, 0x54: True, 0x46: False}[tag]
            case 0x69:  # i
                return _I64.unpack(self.take(8))[0]
            case 0x66:  # f
                return _F64.unpack(self.take(8))[0]
            case 0x63:  # c
                return complex(*_C128.unpack(self.take(16)))
            case 0x49:  # I
                return int.from_bytes(self.sized(), "little", signed=True)
            case 0x73:  # s
                return str(self.sized(), "utf-8", "surrogatepass")
            case 0x62:  # b
                return bytes(self.sized())
            case 0x6C | 0x74 | 0x65 | 0x7A:  # l t e z
                return self.sequence(tag, depth)
            case 0x64:  # d
                return self.mapping(depth)
            case 0x61:  # a
                return self.array()
            case 0x6E:  # n
                return self.scalar()
            case 0x72:  # r
                return self.reference()
        raise Garbled(f"no value starts with the byte {tag}")

    def take(self, size: int) -> memoryview:
        if size > len(self.payload) - self.at:
            raise Garbled("the message is cut short")
        self.at += size
        return self.payload[self.at - size : self.at]

    def sized(self) -> memoryview:
        self.weigh(1)
        return self.take(_U32.unpack(self.take(4))[0])

    def count(self) -> int:
        self.weigh(CONTAINER_WEIGHT)
        count: int = _U32.unpack(self.take(4))[0]
        if count > len(self.payload) - self.at:  # each takes a byte or more
            raise Garbled("the message is cut short")
        return count

    def sequence(self, tag: int, depth: int) -> Any:
        items = [self.value(depth - 1) for _ in range(self.count())]
        match tag:
            case 0x6C:
                return items
            case 0x74:
                return tuple(items)
        self.judge_keys(items)
        return set(items) if tag == 0x65 else frozenset(items)

    def mapping(self, depth: int) -> dict[Any, Any]:
        items = [self.value(depth - 1) for _ in range(2 * self.count())]
        self.judge_keys(items[::2])
        return dict(zip(items[::2], items[1::2], strict=True))

    def judge_keys(self, keys: list[Any]) -> None:
        """Refuse keys that share a hash, or are so many that their places collide."""
        self.weigh(KEY_WEIGHT * len(keys))
        hashes = sorted(map(hash, keys))
        if any(map(operator.eq, hashes, hashes[MAX_COLLISIONS:])):
            raise Garbled("too many keys of one hash")

    def array(self) -> np.ndarray:
        self.weigh(ARRAY_WEIGHT)
        length, ndim = self.take(2)
        name = bytes(self.take(length))
        if not _DTYPE.fullmatch(name):
            raise Garbled(f"no dtype that crosses: {name!r}")
        dtype = np.dtype(name.decode())
        shape = tuple(_U64.unpack(self.take(8))[0] for _ in range(ndim))
        # A copy that is aligned, and that nobody can make writeable.
        data = bytes(self.take(math.prod(shape) * dtype.itemsize))
        _refuse_bad_items(dtype, data)
        return np.frombuffer(data, dtype).reshape(shape)

    def scalar(self) -> Any:
        array = self.array()
        if array.shape != ():
            raise Garbled("a scalar with a shape")
        return array[()]

    def reference(self) -> Any:
        kind = self.take(1)[0]
        number = _U32.unpack(self.take(4))[0]
        name = self.value(0)
        if kind >= len(Reference.KINDS) or type(name) is not str or not self.resolve:
            raise Garbled("a reference to nothing")
        return self.resolve(Reference(Reference.KINDS[kind], number, name))


def _refuse_bad_items(dtype: np.dtype, data: bytes) -> None:
    """Refuse bytes that are no boolean, or no character."""
    if dtype.kind == "b" and data.strip(b"\0\1"):
        raise Garbled("a boolean that is neither true nor false")
    if dtype.kind == "U" and data:
        points = np.frombuffer(data, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
        if points.max() > 0x10FFFF:
            raise Garbled("a character that does not exist")
