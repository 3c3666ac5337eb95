"""The comparison lets nothing through that another one would, and says why."""
# ruff: noqa: E501 - a row of a table is one line

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from graders.harness.authoring.compare import Wrong, check, check_array, check_number

LONG = 10**5000  # repr(LONG) is a ValueError
F16, F32, I64, U64 = np.float16, np.float32, np.int64, np.uint64


def message(judge, *args, **kwargs):
    """Return what the judge says of a value that it has to refuse."""
    with pytest.raises(Wrong) as caught:
        judge(*args, **kwargs)
    return str(caught.value)


SAME = {
    "float": (0.1 + 0.2, 0.3),
    "NumPy's float": (np.float64(0.5), 0.5),
    "single precision": (F32(0.1), 0.1),
    "single precision expected": (0.1, F32(0.1)),
    "whole number": (1, 1.0),
    "unsigned whole number": (np.uint8(1), 1.0),
    "long whole number": (10**30, 1e30),
    "whole number at the end of int64": (2**63, 2.0**63),
    "negative whole number past it": (-(2**70), -(2.0**70)),
    "real number for a complex one": (2, 2 + 0j),
    "NaN": (math.nan, math.nan),
    "infinity": (math.inf, math.inf),
    "zeros of either sign": (-0.0, 0.0),
    "NumPy's integer": (np.int8(3), 3),
    "unsigned integer": (U64(2**63), 2**63),
    "long integer": (LONG, LONG),
    "NumPy's boolean": (np.bool_(True), True),
    "NumPy's string": (np.str_("a"), "a"),
    "None": (None, None),
    "bytes": (b"a", b"a"),
    "nested": ([(1, {"a": np.array([1.0])})], [(1, {"a": np.array([1.0])})]),
    "dict in another order": ({"a": 1, "b": 2}, {"b": 2, "a": 1}),
    "dict with NumPy's keys": ({I64(1): 2}, {1: 2}),
    "set": ({1, "a", (2.0, None)}, {"a", (2.0, None), 1}),
    "empty set": (set(), set()),
    "empty list": ([], []),
    "array": (np.array([0.1 + 0.2, np.nan, np.inf]), np.array([0.3, np.nan, np.inf])),
    "array of single precision": (F32([0.1, 1e30]), np.array([0.1, 1e30])),
    "array of half precision": (F16([0.1]), F16([0.1])),
    "array of no dimension": (np.array(1.0), np.array(1.0)),
    "empty array": (np.zeros((0, 3)), np.zeros((0, 3))),
    "array of smaller integers": (np.array([1, 2], np.int8), np.array([1, 2])),
    "array of unsigned integers": (np.array([1], U64), np.array([1], I64)),
    "array of booleans": (np.array([True]), np.array([True])),
    "array of strings": (np.array(["a", "bc"]), np.array(["a", "bc"], "U9")),
    "array of complex numbers": (np.array([1j, np.nan]), np.array([1j, np.nan])),
    "array in another byte order": (np.array([1.5], ">f8"), np.array([1.5])),
    "array in another memory order": (np.ones((2, 3)).T, np.ones((3, 2))),
}


@pytest.mark.parametrize(("actual", "expected"), SAME.values(), ids=SAME)
def test_accepts(actual, expected):
    check(actual, expected)


SCALARS = {
    "off": (0.5, 0.25, "expected 0.25, got 0.5"),
    "off by a little": (1.0000002, 1.0, "expected 1.0, got 1.0000002"),
    "NaN": (math.nan, 1.0, "expected 1.0, got nan"),
    "no NaN": (1.0, math.nan, "expected nan, got 1.0"),
    "infinity": (math.inf, 1e308, "expected 1e+308, got inf"),
    "no infinity": (1e308, math.inf, "expected inf, got 1e+308"),
    "infinity's sign": (-math.inf, math.inf, "expected inf, got -inf"),
    "infinity for NaN": (math.inf, math.nan, "expected nan, got inf"),
    "overflow of the difference": (1e308, -1e308, "expected -1e+308, got 1e+308"),
    "whole number": (1, 0.5, "expected 0.5, got 1"),
    "too long to be a float": (10**400, 1.0, f"expected 1.0, got 1{'0' * 400}"),
    "too long to be infinite": (LONG, math.inf, "expected inf, got an integer of 16,610 bits"),
    "too long to be NaN": (-LONG, math.nan, "expected nan, got an integer of 16,610 bits"),
    "too long to be complex": (LONG, 1j, "expected 1j, got an integer of 16,610 bits"),
    "single precision": (F32(0.5), F32(0.25), "expected 0.25, got 0.5"),
    "half precision": (F16(6e4), F16(-6e4), "expected -6e+04, got 6e+04"),
    "boolean for 1.0": (True, 1.0, "expected float 1.0, got bool True"),
    "NumPy's boolean for 1.0": (np.True_, 1.0, "expected float 1.0, got bool np.True_"),
    "boolean for 1": (True, 1, "expected int 1, got bool True"),
    "1 for a boolean": (1, True, "expected bool True, got int 1"),
    "1.0 for a boolean": (1.0, True, "expected bool True, got float 1.0"),
    "float for an integer": (3.0, 3, "expected int 3, got float 3.0"),
    "integer": (4, 3, "expected 3, got 4"),
    "long integer": (LONG + 1, LONG, "expected an integer of 16,610 bits, got an integer of 16,610 bits"),
    "long for NumPy's integer": (LONG, I64(1), "expected np.int64(1), got an integer of 16,610 bits"),
    "NumPy's for a long integer": (I64(1), LONG, "expected an integer of 16,610 bits, got np.int64(1)"),
    "unsigned for -1": (np.uint8(255), -1, "expected -1, got np.uint8(255)"),
    "-1 for unsigned": (-1, U64(2**64 - 1), "expected np.uint64(18446744073709551615), got -1"),
    "complex for a float": (1 + 0j, 1.0, "expected float 1.0, got complex (1+0j)"),
    "complex": (1 + 2j, 1 + 1j, "expected (1+1j), got (1+2j)"),
    "complex NaN elsewhere": (complex(1, math.nan), complex(math.nan, 1), "expected (nan+1j), got (1+nanj)"),
    "complex overflow": (0j, 1.7e308 * (1 + 1j), "expected (1.7e+308+1.7e+308j), got 0j"),
    "string": ("b", "a", "expected 'a', got 'b'"),
    "string for a number": ("1.0", 1.0, "expected float 1.0, got str '1.0'"),
    "bytes for a string": (b"a", "a", "expected str 'a', got bytes b'a'"),
    "string for bytes": ("a", b"a", "expected bytes b'a', got str 'a'"),
    "NumPy's bytes for a string": (np.bytes_(b"a"), "a", "expected str 'a', got bytes_ np.bytes_(b'a')"),
    "lone surrogate": ("\ud800", "a", r"expected 'a', got '\ud800'"),
    "nothing": (None, 1.0, "expected float 1.0, got None"),
    "zero for nothing": (0, None, "expected None, got int 0"),
    "false for nothing": (False, None, "expected None, got bool False"),
    "function": (print, 1.0, "expected float 1.0, got builtin_function_or_method <built-in function print>"),
    "class": (float, 0.0, "expected float 0.0, got type <class 'float'>"),
    "dull object": (object, "object", "expected str 'object', got type <class 'object'>"),
    "long string": ("x" * 99, 1, "expected int 1, got str"),
}  # fmt: skip

ARRAYS = {
    "empty for a number": (np.array([]), 0.875, "expected float 0.875, got an array of shape (0,) and dtype float64"),
    "no dimension for a number": (np.array(0.875), 0.875, "expected float 0.875, got an array of shape () and dtype float64"),
    "number for no dimension": (1.0, np.array(1.0), "expected an array of shape () and dtype float64, got float 1.0"),
    "integer of no dimension": (np.array(1), np.array(1.0), "expected an array of floats, got int64"),
    "boolean of no dimension": (np.array(True), np.array(1.0), "expected an array of floats, got bool"),
    "string of no dimension": (np.array("1"), np.array(1.0), "expected an array of floats, got <U1"),
    "no dimension": (np.array(2.0), np.array(1.0), "expected 1.0, got 2.0"),
    "number for a filled array": (5.0, np.full((2, 2), 5.0), "expected an array of shape (2, 2) and dtype float64, got float 5.0"),
    "list for an array": ([1.0], np.array([1.0]), "expected an array of shape (1,) and dtype float64, got list [1.0]"),
    "array for a list": (np.array([1.0]), [1.0], "expected list [1.0], got an array of shape (1,) and dtype float64"),
    "masked": (np.ma.masked_array([1.0], [True]), np.array([1.0]), "expected an array of shape (1,) and dtype float64, got MaskedArray"),
    "column for a row": (np.ones((3, 1)), np.ones(3), "expected shape (3,), got (3, 1)"),
    "one for many": (np.ones(1), np.ones(3), "expected shape (3,), got (1,)"),
    "none for one": (np.ones(0), np.ones(1), "expected shape (1,), got (0,)"),
    "empty of another shape": (np.ones((0, 2)), np.ones((2, 0)), "expected shape (2, 0), got (0, 2)"),
    "value": (np.array([[1, 2.0]]), np.array([[1, 3.0]]), "expected 3.0 at [0, 1], got 2.0"),
    "NaN elsewhere": (np.array([1, np.nan]), np.array([np.nan, 1]), "expected nan at [0], got 1.0"),
    "all NaN": (np.full(2, np.nan), np.zeros(2), "expected 0.0 at [0], got nan"),
    "infinity's sign": (np.array([np.inf, -np.inf]), np.array([np.inf, np.inf]), "expected inf at [1], got -inf"),
    "overflow of the difference": (np.array([1e308]), np.array([-1e308]), "expected -1e+308 at [0], got 1e+308"),
    "single precision overflows": (F32([np.inf]), np.array([1e39]), "expected 1e+39 at [0], got inf"),
    "half precision": (F16([1.0]), F16([1.001]), "expected 1.001 at [0], got 1.0"),
    "integers for floats": (np.array([1, 2]), np.array([1.0, 2.0]), "expected an array of floats, got int64"),
    "floats for integers": (np.array([1.0]), np.array([1]), "expected an array of integers, got float64"),
    "booleans for integers": (np.array([True]), np.array([1]), "expected an array of integers, got bool"),
    "integers for booleans": (np.array([1]), np.array([True]), "expected an array of booleans, got int64"),
    "floats for complex numbers": (np.array([1.0]), np.array([1 + 0j]), "expected an array of complex numbers, got float64"),
    "complex numbers for floats": (np.array([1 + 0j]), np.array([1.0]), "expected an array of floats, got complex128"),
    "complex": (np.array([2j]), np.array([1j]), "expected 1j at [0], got 2j"),
    "objects": (np.array([1.0], object), np.array([1.0]), "expected an array of floats, got object"),
    "unsigned for signed": (np.array([2**64 - 1], U64), np.array([-1]), "expected -1 at [0], got 18446744073709551615"),
    "long integers": (np.array([2**53 + 1]), np.array([2**53]), "expected 9007199254740992 at [0], got 9007199254740993"),
    "strings": (np.array(["a", "b "]), np.array(["a", "b"]), "expected 'b' at [1], got 'b '"),
    "integers for strings": (np.array([1]), np.array(["1"]), "expected an array of strings, got int64"),
    "bytes for strings": (np.array([b"a"]), np.array(["a"]), "expected an array of strings, got |S1"),
}  # fmt: skip

CONTAINERS = {
    "tuple for a list": ((1, 2), [1, 2], "expected list [1, 2], got tuple (1, 2)"),
    "list for a tuple": ([1, 2], (1, 2), "expected tuple (1, 2), got list [1, 2]"),
    "too short": ([1], [1, 2], "expected 2 items, got 1"),
    "too long, inside": ([[1, 2]], [[1]], "expected 1 items at [0], got 2"),
    "item": ([1, 2], [1, 3], "expected 3 at [1], got 2"),
    "nested item": ([[1, 2], [3]], [[1, 2], [4]], "expected 4 at [1][0], got 3"),
    "nested kind": (([True],), ([1],), "expected int 1 at [0][0], got bool True"),
    "nested nothing": ([None], [1.0], "expected float 1.0 at [0], got None"),
    "value of a key": ({"a": [1.5]}, {"a": [2.5]}, "expected 2.5 at ['a'][0], got 1.5"),
    "array inside": (
        ({"w": np.zeros((2, 2))},),
        ({"w": np.eye(2)},),
        "expected 1.0 at [0]['w'][0, 0], got 0.0",
    ),
    "shape inside": (
        [np.ones(2)], [np.ones(3)], "expected shape (3,) at [0], got (2,)"
    ),
    "dtype inside": (
        [np.ones(2, int)], [np.ones(2)], "expected an array of floats at [0], got int64"
    ),
    "list for a dict": ([], {}, "expected dict {}, got list []"),
    "other keys": ({"a": 1}, {"b": 1}, "expected the keys ['b'], got ['a']"),
    "a key too many": ({1: 1, 2: 1}, {1: 1}, "expected the keys [1], got [1, 2]"),
    "keys inside": ([{}], [{1: 1}], "expected the keys [1] at [0], got []"),
    "boolean key": ({True: 1}, {1: 1}, "expected the keys [1], got [True]"),
    "float key": ({(1.0,): 1}, {(1,): 1}, "expected the keys [(1,)], got [(1.0,)]"),
    "list for a set": ([1], {1}, "expected set {1}, got list [1]"),
    "frozen set": (frozenset({1}), {1}, "expected set {1}, got frozenset frozenset({1})"),
    "set": ({1, 2}, {1}, "expected {1}, got {1, 2}"),
    "empty set": (set(), {1}, "expected {1}, got set()"),
    "set of booleans": ({True}, {1}, "expected {1}, got {True}"),
    "set inside": ([{"b"}], [{"a"}], "expected {'a'} at [0], got {'b'}"),
    "set of near floats": ({0.1 + 0.2}, {0.3}, "expected {0.3}, got {0.30000000000000004}"),
    "too long to show": ([LONG], 1, "expected int 1, got list"),
    "set too long to show": ({LONG}, {1}, "expected {1}, got a set with an integer too long to show"),
    "key too long to show": ({LONG: 1}, {LONG: 2}, "expected 2 at [an integer of 16,610 bits], got 1"),
}  # fmt: skip


@pytest.mark.parametrize(
    ("actual", "expected", "says"),
    [
        pytest.param(*case, id=f"{group} {name}")
        for group, cases in
        [("scalar", SCALARS), ("array", ARRAYS), ("container", CONTAINERS)]
        for name, case in cases.items()
    ],
)  # fmt: skip
def test_refuses_and_says_why(actual, expected, says):
    assert message(check, actual, expected) == says


def test_takes_the_tolerance_that_it_is_given():
    check(1.4, 1.0, rtol=0.5)
    check(-0.4, 0.0, atol=0.5)
    check([{"a": np.array([1.4])}], [{"a": np.array([1.0])}], rtol=0.5)
    check([{"a": np.array([0.4])}], [{"a": np.array([0.0])}], atol=0.5)
    assert message(check, 1e-8, 0.0) == "expected 0.0, got 1e-08"
    assert message(check, 1.0, 1.4, rtol=0.1) == "expected 1.4, got 1.0"


def test_takes_the_tolerance_from_what_is_expected():
    check(1.0, 2.0, rtol=0.5)
    assert message(check, 2.0, 1.0, rtol=0.5) == "expected 1.0, got 2.0"


ITEMS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.complex_numbers()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.sampled_from([2**63, 2**64, F32(0.1), I64(1), U64(1)])
    | st.sampled_from([400, 5000]).map(lambda digits: 10**digits)
)
HASHABLE = ITEMS | st.tuples(ITEMS, ITEMS)
DTYPES = st.sampled_from(["?", "i1", "i8", "u8", "f2", "f4", "f8", "c8", "c16", "U2"])
ANY_ARRAY = DTYPES.flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, min_side=0))
)
VALUES = st.recursive(
    HASHABLE | ANY_ARRAY | st.sets(HASHABLE, max_size=3),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.tuples(inside, inside)
        | st.dictionaries(HASHABLE, inside, max_size=3)
    ),
    max_leaves=5,
)


@given(VALUES)
def test_accepts_whatever_equals_itself(value):
    check(value, value)


@given(VALUES, VALUES)
def test_judges_any_two_values(actual, expected):
    try:
        check(actual, expected)
    except Wrong as error:
        assert str(error).startswith("expected ")  # noqa: PT017


@given(VALUES)
def test_says_in_which_place_of_a_list(value):
    at_place = message(check, [[value, [1]]], [[value, [2]]])
    assert at_place == "expected 2 at [0][1][0], got 1"


@given(st.integers(), st.integers(-1, 1), st.sampled_from([0, 20, 5000]))
def test_tells_integers_apart_at_any_size(number, step, digits):
    number *= 10**digits
    if step:
        assert message(check, number + step, number).startswith("expected ")
    else:
        check(number + step, number)


@given(st.floats(), st.floats())
def test_is_the_tolerance_and_nothing_else(actual, expected):
    assume(math.isfinite(actual) and math.isfinite(expected))
    error = abs(Fraction(actual) - Fraction(expected))
    allowed = Fraction(1e-9) + Fraction(1e-7) * abs(Fraction(expected))
    assume(not 0.999 < error / allowed < 1.001)
    try:
        check(actual, expected)
        check(np.array([actual]), np.array([expected]))
        assert error < allowed
    except Wrong:
        assert error > allowed


@given(st.sampled_from([math.nan, math.inf, -math.inf]), st.floats())
def test_knows_what_is_not_finite(one, other):
    for actual, expected in [(one, other), (other, one)]:
        pairs = [
            (actual, expected),
            (np.array([actual]), np.array([expected])),
            (complex(1, actual), complex(1, expected)),
            (complex(actual, 1), complex(expected, 1)),
        ]
        for pair in pairs:
            if repr(one) == repr(other):
                check(*pair)
            else:
                assert message(check, *pair).startswith("expected ")


@given(hnp.arrays(float, hnp.array_shapes(max_side=3)), st.data())
def test_finds_the_one_item_that_is_off(expected, data):
    place = data.draw(st.tuples(*(st.integers(0, n - 1) for n in expected.shape)))
    actual = expected.copy()
    actual[place] = 1.0 if np.isnan(expected[place]) else np.nan
    says = f"expected {expected[place]} at {list(place)}, got {actual[place]}"
    assert message(check, actual, expected) == says


@given(ANY_ARRAY, hnp.array_shapes(min_dims=0, min_side=0))
def test_never_broadcasts(array, shape):
    assume(array.shape != shape)
    says = f"expected shape {shape}, got {array.shape}"
    assert message(check, array, np.zeros(shape, array.dtype)) == says


def test_an_array_comes_back_as_it_is():
    array = np.ones((2, 3))
    assert check_array(array, (2, 3)) is array
    assert check_array(array, (None, 3)) is array
    check_array(np.array(1.0), ())
    check_array(np.zeros((0, 2)), (None, 2))
    check_array(F32([1.0]), (1,))
    check_array(np.array([1], U64), (1,), kind="iu")
    check_array(np.array([np.nan, np.inf]), (2,), finite=False)
    check_array(np.array(["a"]), (1,), kind="U")


@pytest.mark.parametrize(
    ("actual", "wanted", "says"),
    [
        (1.0, {"shape": ()}, "expected an array, got float 1.0"),
        (
            np.float64(1),
            {"shape": ()},
            "expected an array, got float64 np.float64(1.0)",
        ),
        ([1.0], {"shape": (1,)}, "expected an array, got list [1.0]"),
        (None, {"shape": (1,)}, "expected an array, got None"),
        (np.ma.ones(99), {"shape": (99,)}, "expected an array, got MaskedArray"),
        (np.array([1]), {"shape": (1,)}, "expected an array of floats, got int64"),
        (
            np.array([1j]),
            {"shape": (1,)},
            "expected an array of floats, got complex128",
        ),
        (
            np.array([True]),
            {"shape": (1,), "kind": "iu"},
            "expected an array of integers, got bool",
        ),
        (
            np.array([1], object),
            {"shape": (1,), "kind": "U"},
            "expected an array of strings, got object",
        ),
        (np.ones(3), {"shape": (3, 1)}, "expected shape (3, 1), got (3,)"),
        (np.ones((3, 1)), {"shape": (3,)}, "expected shape (3,), got (3, 1)"),
        (np.ones((3, 1)), {"shape": (None, 2)}, "expected shape (any, 2), got (3, 1)"),
        (np.array(1.0), {"shape": (1,)}, "expected shape (1,), got ()"),
        (np.ones(0), {"shape": (1,)}, "expected shape (1,), got (0,)"),
        (
            np.array([1, np.nan]),
            {"shape": (None,)},
            "expected finite numbers, got nan at [1]",
        ),
        (
            np.array([[-np.inf]]),
            {"shape": (1, 1)},
            "expected finite numbers, got -inf at [0, 0]",
        ),
        (np.array(np.nan), {"shape": ()}, "expected finite numbers, got nan"),
    ],
)
def test_an_array_of_another_shape_or_kind(actual, wanted, says):
    assert message(check_array, actual, **wanted) == says


@pytest.mark.parametrize("number", [1, 1.0, np.float32(1), np.int8(1), U64(1)])
def test_a_number_comes_back_as_a_float(number):
    value = check_number(number, 1, 1)
    assert type(value) is float
    assert value == 1.0


@pytest.mark.parametrize(
    ("actual", "bounds", "says"),
    [
        (math.nan, (), "expected a finite number, got nan"),
        (-math.inf, (), "expected a finite number, got -inf"),
        (np.float32(math.inf), (), "expected a finite number, got inf"),
        (math.nan, (0, 1), "expected a number from 0 to 1, got nan"),
        (1.5, (0, 1), "expected a number from 0 to 1, got 1.5"),
        (-1, (0,), "expected a number from 0 to inf, got -1.0"),
        pytest.param(LONG, (), "expected a finite number, got an integer of 16,610 bits", id="long"),
        pytest.param(-LONG, (0,), "expected a number from 0 to inf, got an integer of 16,610 bits", id="long, negative"),
        (True, (), "expected a number, got bool True"),
        (1 + 0j, (), "expected a number, got complex (1+0j)"),
        ("1", (), "expected a number, got str '1'"),
        (None, (), "expected a number, got None"),
        (np.array(1.0), (), "expected a number, got an array of shape () and dtype float64"),
        (np.array([]), (), "expected a number, got an array of shape (0,) and dtype float64"),
        ([1.0], (), "expected a number, got list [1.0]"),
    ],
)  # fmt: skip
def test_no_number_within_the_bounds(actual, bounds, says):
    assert message(check_number, actual, *bounds) == says
