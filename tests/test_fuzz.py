"""What costs this side: no message and no text of the permitted size takes it down.

Each input is judged in a process of its own, whose time and memory the kernel counts.
Time is compared with a yardstick, a message of as many numbers as there may be, so that
a slow machine fails nobody.
"""

import contextlib
import functools
import gc
import importlib.util
import os
import struct
import sys
import types

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from graders.harness.answer.conversation import decoded
from graders.harness.answer.errors import Wrong
from graders.harness.answer.nursery import LARGEST
from graders.harness.answer.text import MAX_TEXT
from graders.harness.catalog.exercise import catalogue
from graders.harness.worker.wire import MAX_WEIGHT, Garbled, encode

MEGABYTES = 256
YARDSTICKS = 3.0  # times as long; a yardstick takes 0.5 to 0.7 s
BYTES = LARGEST * 2**20

U32 = struct.Struct("<I").pack

pytestmark = pytest.mark.skipif(
    not hasattr(os, "fork"), reason="costs are counted in a fork"
)


def cost(act):
    """Return the seconds of CPU and the megabytes that an act takes in a fork."""
    started = os.fork()
    if started == 0:
        code = 1
        try:
            sys.settrace(None)  # hypothesis', which takes longer than what it traces
            gc.freeze()  # or collecting would copy what the fork shares
            act()
            code = 0
        finally:
            os._exit(code)
    _, status, used = os.wait4(started, 0)
    assert status == 0, "it raised what it should not"
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def read(payload):
    """Decode what an answer sent, as this side does."""
    with contextlib.suppress(Garbled):
        decoded(payload)


@functools.cache
def yardstick():
    """Return the seconds that the largest message of plain numbers takes."""
    number = b"f" + struct.pack("<d", 1.5)
    payload = b"l" + U32(MAX_WEIGHT - 10) + number * (MAX_WEIGHT - 10)
    return cost(lambda: read(payload))[0]


def within_bounds(act):
    """Demand that an act takes no more than this side may."""
    limit, base = YARDSTICKS * yardstick(), cost(lambda: None)[1]
    for _ in range(5):  # a busy machine makes an act dearer, and none cheaper
        seconds, megabytes = cost(act)
        if seconds < limit:
            break
    assert seconds < limit
    assert megabytes - base < MEGABYTES


scalars = st.sampled_from(
    [None, True, 0, 2**62, 1.5, 1j, "", "\U0001f600", b"", 2**64, -(2**70)]
) | st.builds(np.zeros, st.sampled_from([0, 1, (1, 1, 1, 1), (0, 7)]))
items = st.recursive(
    scalars.map(encode),
    lambda inner: (
        st.builds(
            lambda tag, parts: tag + U32(len(parts)) + b"".join(parts),
            st.sampled_from([b"l", b"t", b"e", b"z"]),
            st.lists(inner, max_size=3),
        )
        | st.just(b"d" + U32(0))
    ),
    max_leaves=6,
)


@st.composite
def many_items(draw):
    """Return a message that holds the same item as often as there is room."""
    item = draw(items)
    depth = draw(st.integers(0, 60))
    within = draw(st.sampled_from([b"l", b"t", b"e", b"z"]))
    count = min((BYTES - 1000) // len(item), draw(st.sampled_from([10**5, 10**7])))
    return (b"l" + U32(1)) * depth + within + U32(count) + item * count


@st.composite
def many_keys(draw):
    """Return a set or a dict of many integers, of which hostile ones collide."""
    step = draw(st.sampled_from([1, 2**20, 2**31, 2**40, 2**61 - 1, 2**61, 2**64]))
    count = draw(st.sampled_from([100, 29_000, 200_000]))
    keys = [encode(number * step) for number in range(count)]
    if draw(st.booleans()):
        return b"d" + U32(count) + b"".join(key + b"N" for key in keys)
    one = draw(st.sampled_from([b"e", b"z"])) + U32(count) + b"".join(keys)
    copies = draw(st.sampled_from([1, 10]))
    return (b"l" + U32(copies) + one * copies)[:BYTES]


def one_long_walk(count=30_000, bits=16):
    """Return a dict most of whose keys are looked for along the places of all others.

    CPython's own probing leads from place i to 5 i + 1 once a hash has no bits left.
    """
    mask = 2**bits - 1
    walk, place = {}, 0
    while len(walk) < 0.65 * 2**bits and len(walk) < 0.9 * count:
        walk[place] = len(walk)
        place = (5 * place + 1) & mask
    rng, keys = np.random.default_rng(0), list(walk)
    while len(keys) < count:
        key = int(rng.integers(2**bits, 2 ** (bits + 8)))
        place, rest, taken = key & mask, key, True
        for _ in range(6):
            taken = taken and place in walk
            rest >>= 5
            place = (5 * place + 1 + rest) & mask
        if taken and place in walk:
            keys.append(key)
    return b"d" + U32(len(keys)) + b"".join(encode(key) + b"N" for key in keys)


@settings(max_examples=40, deadline=None)
@example(b"l" + U32(10**6) + b"e\0\0\0\0" * 10**6)
@example(b"l" + U32(10**6) + b"d\0\0\0\0" * 10**6)
@example(one_long_walk())
@example(b"I" + U32(BYTES - 5) + b"\1" * (BYTES - 5))
@given(many_items() | many_keys())
def test_no_message_is_dear_to_read(payload):
    assert len(payload) <= BYTES
    within_bounds(lambda: read(payload))


def test_so_many_keys_are_refused_that_their_places_may_collide():
    keys = b"".join(encode(number) for number in range(31_000))
    with pytest.raises(Garbled, match="too many values"):
        decoded(b"e" + U32(31_000) + keys)


@pytest.mark.parametrize("depth", range(20, 60, 3))
def test_no_depth_is_dear_to_read(depth):
    lists = b"l" + U32(140_000) + b"l\0\0\0\0" * 140_000
    within_bounds(lambda: read((b"l" + U32(1)) * depth + lists))


# Texts.


def checks_of(entry):
    """Return the check functions of a grader of texts."""
    spec = importlib.util.spec_from_file_location(f"fuzzed_{entry.name}", entry.grader)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [
        value
        for name, value in vars(module).items()
        if name.startswith("test_") and isinstance(value, types.FunctionType)
    ]


def judge(check, text):
    """Let a check judge a text; that it is wrong is all that it may raise."""
    arguments = {
        "submission": types.SimpleNamespace(text=text),
        "exhibit": lambda shown: None,
    }
    wanted = check.__code__.co_varnames[: check.__code__.co_argcount]
    with contextlib.suppress(Wrong, AssertionError):
        check(**{name: arguments[name] for name in wanted})


TEXTS = [entry for entry in catalogue() if entry.is_text]
CHECKS = [(entry, check) for entry in TEXTS for check in checks_of(entry)]

fragments = st.text(
    st.sampled_from(list("#*_`~-=+>|:;,.!?()[]<&'\"\\/ \t\n0189aAIwe€é\u2028")),
    min_size=1,
    max_size=12,
) | st.sampled_from(
    [
        "<!--", "-->", "<!-- -->", "## ", "### ", "\n## Story\n", "**Covers:** ",
        "1,000.", ",000", "1.1.", "a ", "I ", "\n\n", ". ", "- a: 1 %\n",
    ]
)  # fmt: skip


@pytest.mark.parametrize("entry", TEXTS, ids=lambda entry: entry.name)
@settings(max_examples=25, deadline=None)
@given(st.lists(fragments, min_size=1, max_size=4), st.data())
def test_no_text_is_dear_to_judge(entry, parts, data):
    model = entry.solution.read_text("utf-8")
    place = data.draw(st.integers(0, len(model)), "place")
    head, tail = model[:place], model[place:]
    room = MAX_TEXT - len(model.encode())
    unit = "".join(parts)
    text = head + unit * (room // len(unit.encode())) + tail

    def act():
        for one, check in CHECKS:
            if one is entry:
                judge(check, text)

    within_bounds(act)
