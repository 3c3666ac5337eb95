"""The codec and the channel: what crosses, and that nothing else gets through."""

import contextlib
import socket
import struct
import threading
import time
from collections import Counter, OrderedDict, defaultdict, deque, namedtuple

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness.worker.channel import MAX_FRAME, Channel, Closed
from graders.harness.worker.wire import (
    MAX_COLLISIONS,
    MAX_DEPTH,
    Garbled,
    Reference,
    Unsendable,
    decode,
    encode,
)

DTYPES = st.sampled_from(
    [
        *(np.bool_, np.int8, np.int64, np.uint8, np.uint64, np.longdouble),
        *(np.float16, np.float32, np.float64, np.complex64, np.complex128),
        *("<U3", ">f8", ">i4"),
    ]
).map(np.dtype)
ARRAYS = DTYPES.flatmap(
    lambda dtype: hnp.arrays(
        dtype, hnp.array_shapes(min_dims=0, min_side=0, max_side=3)
    )
)
HASHABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.complex_numbers(allow_nan=False)
    | st.text(st.characters())
    | st.binary(),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=5,
)
VALUES = st.recursive(
    HASHABLE | ARRAYS | st.sets(HASHABLE, max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner)
        | st.dictionaries(HASHABLE, inner, max_size=3)
    ),
    max_leaves=8,
)


def same(one, other):
    """Return whether two plain values are the same to the last bit and type."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return (one.dtype, one.shape, one.tobytes()) == (
            other.dtype,
            other.shape,
            other.tobytes(),
        )
    if isinstance(one, np.generic):
        return one.dtype == other.dtype and repr(one) == repr(other)
    if isinstance(one, (list, tuple)):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, dict):
        return same(list(one.items()), list(other.items()))
    return repr(one) == repr(other) if isinstance(one, float) else one == other


@given(VALUES)
def test_plain_values_cross_unchanged(value):
    assert same(decode(encode(value)), value)


@given(hnp.arrays(DTYPES, ()))
def test_scalars_keep_their_dtype(array):
    assert same(decode(encode(array[()])), array[()])


def test_arrays_arrive_read_only_for_good():
    array = decode(encode(np.arange(3.0)))
    with pytest.raises(ValueError, match="read-only"):
        array[0] = 1
    with pytest.raises(ValueError, match="WRITEABLE"):
        array.flags.writeable = True
    assert array.flags.aligned


def test_the_standard_librarys_containers_arrive_as_their_base():
    point = namedtuple("point", "x y")(1, 2)
    sent = [Counter("aab"), OrderedDict(a=1), defaultdict(int, b=2), deque([3]), point]
    assert same(
        decode(encode(sent)), [{"a": 2, "b": 1}, {"a": 1}, {"b": 2}, [3], (1, 2)]
    )


class Liar(int):
    """Claims to equal everything."""

    __hash__ = int.__hash__

    def __eq__(self, other):
        return True


class Number(float):
    """A subclass of a plain type."""


@pytest.mark.parametrize(
    "value",
    [
        Liar(1),
        Number(1),
        object(),
        range(3),
        iter([]),
        np.ma.masked_array([1], [True]),
        np.array([object()]),
        np.array(["2020-01-01"], "M8[D]"),
        np.zeros(2, [("a", "f8")]),
        np.matrix([[1]]),
        memoryview(b"x"),
        type("Items", (list,), {})([1]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_nothing_else_crosses(value):
    with pytest.raises(Unsendable):
        encode([value])


def test_a_value_that_holds_itself_is_refused():
    value: list = []
    value.append(value)
    with pytest.raises(Unsendable, match=f"{MAX_DEPTH} deep"):
        encode(value)


# What a hostile worker may send.


@settings(max_examples=1000)
@given(st.binary(max_size=200))
def test_any_bytes_give_a_value_or_garbled(payload):
    with contextlib.suppress(Garbled):
        decode(payload)


@settings(max_examples=1000, suppress_health_check=[HealthCheck.too_slow])
@given(VALUES, st.data())
def test_a_damaged_message_gives_a_value_or_garbled(value, data):
    payload = bytearray(encode(value))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(payload) - 1))
        payload[at] = data.draw(st.integers(0, 255))
    del payload[data.draw(st.integers(0, len(payload))) :]
    with contextlib.suppress(Garbled):
        decode(payload, lambda reference: None)


U32, U64 = struct.Struct("<I").pack, struct.Struct("<Q").pack


def array_head(dtype: bytes, *shape: int) -> bytes:
    """Return the beginning of an array's encoding."""
    return b"a" + bytes([len(dtype), len(shape)]) + dtype + b"".join(map(U64, shape))


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"?",
        b"NN",
        b"l" + U32(2**32 - 1),
        b"l" + U32(10**6) + b"N" * 10,
        b"s" + U32(1) + b"\xff",
        b"s" + U32(2**31) + b"x",
        b"I" + U32(2**32 - 1),
        b"d" + U32(1) + b"l" + U32(0) + b"N",
        b"e" + U32(1) + b"l" + U32(0),
        array_head(b"|V0", 10**15),
        array_head(b"<U0", 10**15),
        array_head(b"|O8", 1) + bytes(8),
        array_head(b"<f8", 2**62),
        array_head(b"<f8", 2**63, 2**63),
        array_head(b"<f8", *[1] * 200) + bytes(8),
        array_head(b"<f8", 0, 2**63),
        array_head(b"|b1", 1) + b"\x02",
        array_head(b"<U1", 1) + b"\xff\xff\xff\xff",
        array_head(b"f9999", 1) + bytes(9999),
        b"n" + array_head(b"<f8", 1)[1:] + bytes(8),
        b"(" * 10_000,
        b"l\x01\x00\x00\x00" * 10_000 + b"N",
        b"r\x00" + U32(1) + b"s" + U32(0),
        b"\x80\x04\x95pickle",
        b"\x93NUMPY\x01\x00",
    ],
)
def test_lies_are_garbled(payload):
    with pytest.raises(Garbled):
        decode(payload)


def test_keys_of_one_hash_are_refused_before_they_take_quadratic_time():
    modulus = 2**61 - 1  # of the hash of an int
    keys = [encode(1 + modulus * i) for i in range(MAX_COLLISIONS * 200)]
    start = time.monotonic()
    with pytest.raises(Garbled, match="one hash"):
        decode(b"e" + U32(len(keys)) + b"".join(keys))
    assert time.monotonic() - start < 30


def test_a_reference_is_resolved_by_the_receiver_alone():
    payload = encode([Reference("object", 7, "Value")])
    assert decode(payload, lambda r: (r.kind, r.number, r.name)) == [
        ("object", 7, "Value")
    ]
    with pytest.raises(Garbled):
        decode(payload)


# The channel.


@pytest.fixture
def ends():
    one, other = socket.socketpair()
    yield Channel(one), other
    one.close()
    other.close()


def test_a_message_crosses_with_its_number(ends):
    channel, other = ends
    Channel(other).send(5, b"payload")
    assert channel.receive() == (5, b"payload")


def test_an_announced_size_is_judged_before_memory_is_taken(ends):
    channel, other = ends
    other.sendall(struct.pack("<QQ", MAX_FRAME + 1, 1))
    with pytest.raises(Garbled, match="bytes"):
        channel.receive(time.monotonic() + 10)


def test_a_slow_drip_meets_the_deadline(ends):
    channel, other = ends
    other.sendall(struct.pack("<QQ", 100, 1) + b"x")
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() + 0.05)


def test_one_who_never_stops_talking_meets_the_deadline(ends):
    channel, other = ends
    other.sendall(struct.pack("<QQ", MAX_FRAME, 1))

    def talk():
        with contextlib.suppress(OSError):  # until the line is closed
            while True:
                other.send(b"x")

    threading.Thread(target=talk, daemon=True).start()
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() + 0.05)


def test_what_comes_after_the_deadline_is_not_taken(ends):
    channel, other = ends
    Channel(other).send(1, b"x")
    with pytest.raises(TimeoutError):
        channel.receive(time.monotonic() - 0.01)


def test_messages_that_come_together_are_told_apart(ends):
    channel, other = ends
    sent = [(0, b""), (1, b"a"), (2, b"bc" * 50_000), (3, b"d")]
    sender = threading.Thread(
        target=lambda: [Channel(other).send(*message) for message in sent]
    )
    sender.start()
    assert [channel.receive(time.monotonic() + 10) for _ in sent] == sent
    sender.join()


def test_a_reader_who_does_not_read_meets_the_deadline(ends):
    channel, _ = ends
    with pytest.raises(TimeoutError):
        channel.send(1, bytes(2**24), time.monotonic() + 0.05)


def test_the_end_of_the_line_is_closed_and_no_value(ends):
    channel, other = ends
    other.sendall(struct.pack("<QQ", 100, 1) + b"cut short")
    other.close()
    with pytest.raises(Closed):
        channel.receive(time.monotonic() + 10)
