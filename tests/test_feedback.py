"""What a candidate is told: values shown, causes merged, mistakes named, one screen."""

import io
import json
import re
import statistics
import time
import unicodedata

import numpy as np
import pytest

from graders.harness.feedback.causes import causes
from graders.harness.feedback.failure import failure
from graders.harness.feedback.programs import MAX_EXERCISE, as_json
from graders.harness.feedback.report import Screen, show_result
from graders.harness.feedback.screen import one_line, wrapped
from graders.harness.feedback.suspects import names
from graders.harness.feedback.text import MAX_SHORT, MAX_VALUE, paste, plain, short
from tests.dev.screens import ANSWERS, gradings, text_of


class Unshowable:
    def __repr__(self):
        raise RuntimeError("no")


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


# Values.

PLAIN = [
    None,
    True,
    -3,
    0.1,
    2 - 3j,
    "a'b\n",
    b"\0",
    [],
    (1,),
    {1, 2},
    {"a": [1.5]},
    frozenset({3}),
    np.float32(0.5),
    np.array([[1, 2], [3, 4]]),
    np.array(["a", "b"]),
    np.zeros((0, 3)),
    np.array([1, 2], np.uint8),
    np.array([True]),
    np.array(5),
]
ODD = [
    10**5000,
    -(10**100_000),
    [10**5000] * 1000,
    nested(100_000),
    [np.zeros(0)] * 10**6,
    set(range(10**6)),
    np.zeros((1000, 1000, 5)),
    np.full(3, "x" * 10**6),
    "x" * 4_000_000,
    b"x" * 4_000_000,
    {i: i for i in range(10**6)},
    "\ud800",
    np.longdouble(1) / 3,
    Unshowable(),
    [Unshowable()],
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_what_is_shown_can_be_pasted(value):
    pasted = eval(paste(value), {"np": np})
    assert type(pasted) is type(value)
    assert np.array_equal(pasted, value)
    assert getattr(pasted, "dtype", None) == getattr(value, "dtype", None)
    assert short(value) == paste(value)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_can_be_pasted(value):
    assert np.array_equal(eval(paste([value]), {"np": np}), [value], equal_nan=True)


@pytest.mark.parametrize("number", range(len(ODD)))
def test_any_value_is_shown_within_bounds(number):
    start = time.process_time()
    assert len(paste(ODD[number])) <= MAX_VALUE + 40
    assert len(short(ODD[number])) <= MAX_SHORT
    assert time.process_time() - start < 2


def test_an_abbreviation_says_the_shape_and_rounds_nothing():
    array = np.full((200, 3), 1 / 3)
    assert "float64 of shape (200, 3)" in short(array)
    assert "0.3333333333333333," in short(array)
    assert short([1] * 1000) == "<list of 1000: 1, 1, 1, ..., 1>"
    assert short("x" * 1000).startswith("<1000 characters: 'xx")


# The one filter.


def test_no_text_that_leaves_can_steer_anything():
    every = "".join(map(chr, range(0x110000)))
    found = {unicodedata.category(c) for c in plain(every)} - {"Cc"}
    assert not found & {"Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    assert {c for c in plain(every) if unicodedata.category(c) == "Cc"} == {"\n", "\t"}
    assert plain("caf\u00e9 \u6f22 \U0001f642") == "caf\u00e9 \u6f22 \U0001f642"


@pytest.mark.parametrize("text", ["::error::x", "a\n  ::stop-commands::x", "##[group]x",
                                  "x ##vso[task.x]y"])  # fmt: skip
def test_no_text_that_leaves_commands_a_ci_system(text):
    shown = plain(text)
    assert not re.search(r"^\s*::", shown, re.MULTILINE)
    assert not re.search(r"##\w*\[", shown)


def test_a_screen_filters_what_it_wraps():
    stream = io.StringIO()
    Screen(stream).write("    ::error::\x1b[31m\u202e")
    assert stream.getvalue() == "    : :error::\ufffd[31m\ufffd\n"


# Lines.


@pytest.mark.parametrize("width", [80, 50, 24])
def test_lines_are_broken_between_words(width):
    text = "Equals the share of positive-negative pairs ranked right, -1 to 1.\nTwice."
    lines = wrapped(text, width, "  ", "    ")
    assert max(map(len, lines)) <= width
    assert " ".join(" ".join(lines).split()) == " ".join(text.split())
    assert len(one_line(text, width)) <= width


# Causes.


def check(name, verdict="wrong", **more):
    usual = {"sentence": "Holds.", "rubric": "correctness", "message": ""}
    return usual | {"name": name, "verdict": verdict} | more


def test_failures_of_one_cause_are_one():
    line = 'File "a.py", line 7, in f\n    x\n'
    found = causes(
        [
            check("test_a", "raised", message="it raised KeyError: 'a'", trace=line),
            check("test_b", "raised", message="it raised KeyError: 'b'", trace=line),
            check("test_c", "raised", message="it raised ValueError", trace=line),
            check("test_d[1]", call="f(1)", got="2"),
            check("test_d[2]", call="f(11)", got="3"),
            check("test_e", call="f(1)", got="2"),
            check("test_f", call="f(3)", got="1", mistake="forgets"),
            check("test_g", call="f(34)", got="5", mistake="forgets"),
            check("test_h", "passed"),
            check("test_i", "not judged"),
        ]
    )
    groups = {tuple(c["name"] for c in cause.checks) for cause in found}
    assert groups == {
        ("test_a", "test_b"),
        ("test_c",),
        ("test_d[1]", "test_d[2]", "test_e"),
        ("test_f", "test_g"),
    }


def test_the_simplest_failure_comes_first_and_what_decides_nothing_last():
    found = causes(
        [
            check("test_a", call="f(0)", got="1", rubric="validation"),
            check("test_b", call="f(0)", got="2", rubric="efficiency"),
            check("test_c", call="f(10000)", got="3"),
            check("test_d", call="f(1)", got="4"),
        ]
    )
    shown = [cause.shown["name"] for cause in found]
    assert shown == ["test_d", "test_c", "test_b", "test_a"]


@pytest.mark.parametrize(
    ("brief", "left_out", "shown"), [(0, 8, 5), (1, 11, 2), (2, 12, 1)]
)
def test_calls_are_shown_from_the_one_that_made_the_object(brief, left_out, shown):
    calls = [
        "box_1 = Box()",
        "# ... 5 more calls ...",
        *(f"box_1.f({i})" for i in range(8)),
    ]
    [cause] = causes([check("test_a", call="\n".join(calls))])
    text = "\n".join(failure(Screen(io.StringIO()), cause, brief))
    assert "box_1 = Box()" in text
    assert f"# ... {left_out} more calls ..." in text
    assert text.count("box_1.f(") == shown


@pytest.mark.parametrize("brief", [0, 1, 2])
def test_what_differs_stays_where_values_look_alike(brief):
    cut_alike = {"call": "f()", "got": "[1, ..., 2]", "expected": "[1, ..., 2]"}
    [cause] = causes([check("test_a", difference="expected 3 at [1]", short=cut_alike)])
    assert "expected 3 at [1]" in "".join(failure(Screen(io.StringIO()), cause, brief))


# Mistakes.


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([{"a": {"t": 3}, "b": None}], {"t": "a"}),
        ([{"a": {"t": 2}}], {}),  # too few examples
        ([{"a": {"t": 2}}, {"a": {"u": 1}}], {"t": "a", "u": "a"}),
        ([{"a": {"t": 5}}, {"a": None}], {}),  # another process contradicts
        ([{"a": {"t": 3}, "b": {"t": 3}}], {}),  # either would do
        ([{"a": {"t": 3, "u": 1}, "b": {"t": 3}}], {"t": "a", "u": "a"}),
        ([{"a": {"t": 3, "u": 1}, "b": {"t": 3, "v": 1}}], {"u": "a", "v": "b"}),
        ([{"a": {"t": 3}, "b": {"u": 3}}], {"t": "a", "u": "b"}),  # both were made
        ([{}], {}),
    ],
)
def test_a_mistake_is_named_only_if_nothing_else_explains_it(evidence, expected):
    assert names(evidence) == expected


MEAN = "def mean(values):\n    return sum(values) / len(values)"
CHECK_MEAN = """
@given(st.lists(st.integers(-9, 9), min_size=1))
def test_mean(submission, values):
    '''Is the mean.'''
    check(submission.mean(values), sum(values) / len(values))

def test_of_one(submission):
    '''Is the value where there is one alone.'''
    check(submission.mean([4]), 4.0)
"""
MISTAKES = """
[mistakes]
"forgets to divide" = [["/ len(values)", "/ 1"]]
"leaves the last out" = [["sum(values)", "sum(values[:-1])"]]
"divides by one too many" = [["len(values)", "(len(values) + 1)"]]
"never ends" = [["sum(values)", "list(iter(int, 1))"]]
"""


@pytest.mark.parametrize(
    ("old", "new", "mistake"),
    [
        ("/ len(values)", "", "forgets to divide"),
        ("sum(values)", "sum(values[:-1])", "leaves the last out"),
        ("len(values)", "(len(values) + 1)", "divides by one too many"),
        ("sum(values)", "max(values)", ""),
        ("len(values)", "(len(values) + 2)", ""),
        ("return sum(values) / len(values)", "return 0.5", ""),
    ],
)
def test_the_mistake_that_was_made_is_named_and_no_other(repository, old, new, mistake):
    repository.toy(MEAN, CHECK_MEAN, MEAN.replace(old, new), MISTAKES)
    done = repository.grade()
    assert done.checks["mean"]["verdict"] == "wrong"
    assert done.checks["mean"]["mistake"] == mistake
    assert ("looks like" in done.out) == bool(mistake)


# What failed.


def test_a_law_between_two_calls_shows_both_and_expects_neither(repository):
    law = """
    def test_order(submission):
        '''Does not depend on the order.'''
        check(submission.mean([1, 2]), submission.mean([2, 1]))
    """
    wrong = "def mean(values):\n    return float(values[0])"
    repository.toy(MEAN, law, wrong, "many_answers = true\n")
    done = repository.grade()
    order = done.checks["order"]
    assert order["call"] == (
        "mean([2, 1])  # gives 2.0\nmean([1, 2])  # gives 1.0"
    ) or order["call"] == ("mean([1, 2])  # gives 1.0\nmean([2, 1])  # gives 2.0")
    assert order["law"]
    assert (order["got"], order["expected"]) == ("", "")
    assert order["message"] == "1.0 does not match 2.0"
    assert "expected" not in done.out


def test_what_is_expected_is_told_of_functions_that_have_one_answer(repository):
    solution = MEAN + "\n\ndef same_mean(value):\n    return [value, value]\n"
    wrong = """
    def mean(values):
        return float(values[0])

    def same_mean(value):
        return [value, value + 1]
    """
    grader = """
    def test_mean(submission):
        '''Is the sum over the number.'''
        check(submission.mean([1]), 1.0)
        check(submission.mean([1, 2]), 1.5)

    def test_same_mean(submission):
        '''Finds values with that mean.'''
        values = submission.same_mean(3.0)
        assert sum(values) / len(values) == 3, "another mean"
    """
    repository.toy(solution, grader, wrong, 'many_answers = ["same_mean"]\n')
    checks = repository.grade().checks
    assert checks["mean"]["call"] == "mean([1, 2])"
    assert checks["mean"]["expected"] == "1.5"
    assert checks["same_mean"]["got"] == "[3.0, 4.0]"
    assert checks["same_mean"]["expected"] == ""


def test_one_draw_of_many_is_not_called_the_expected_one(repository):
    solution = "def pick(n, rng):\n    return int(rng.integers(n))"
    grader = """
    def test_pick(submission, rng):
        '''Picks an index.'''
        if check_number(submission.pick(5, rng)) > 4:
            raise Wrong("5 is no index")
    """
    repository.toy(solution, grader, "def pick(n, rng):\n    return n")
    pick = repository.grade().checks["pick"]
    assert (pick["got"], pick["expected"]) == ("5", "")
    repository.toy(solution, grader, "def pick(n, rng):\n    raise KeyError(n)")
    pick = repository.grade().checks["pick"]
    assert pick["got"].startswith("raises KeyError")


BOX = """
class Box:
    def __init__(self, value):
        self.value = value

    def get(self):
        return self.value
"""


def test_calls_that_change_another_object_are_shown_with_it(repository):
    grader = """
    def test_boxes(submission):
        '''Keeps what it was given.'''
        one, other = submission.Box(1), submission.Box(2)
        check(other.get(), 2)
        check(one.get(), 1)
    """
    shared = BOX.replace("self.value =", "Box.value =")
    repository.toy(BOX, grader, shared)
    boxes = repository.grade().checks["boxes"]
    assert boxes["call"].splitlines() == [
        "box_1 = Box(1)", "box_2 = Box(2)", "box_2.get()", "box_1.get()",
    ]  # fmt: skip
    assert (boxes["got"], boxes["expected"]) == ("2", "1")
    assert boxes["alone"].endswith("without the unrelated calls, the last gives 1")

    # One that is wrong by itself is shown without the others.
    repository.toy(BOX, grader, BOX.replace("self.value = value", "self.value = 2"))
    boxes = repository.grade().checks["boxes"]
    assert boxes["call"].splitlines() == ["box_1 = Box(1)", "box_1.get()"]
    assert boxes["alone"] == ""


SUM_OF_ALL = """
SEEN = []


def mean(values):
    SEEN.extend(values)
    return sum(SEEN) / len(SEEN)
"""


def test_calls_that_change_a_later_one_are_shown_with_it(repository):
    grader = """
    def test_mean(submission):
        '''Gives the mean.'''
        check(submission.mean([1]), 1.0)
        check(submission.mean([3]), 3.0)
    """
    repository.toy(MEAN, grader, SUM_OF_ALL)
    mean = repository.grade().checks["mean"]
    assert mean["call"] == "mean([1])\nmean([3])"
    assert mean["alone"].endswith("without the unrelated calls, the last gives 3.0")


def test_what_is_kept_from_other_examples_is_said(repository):
    grader = """
    @given(st.integers(1, 9))
    def test_mean(submission, value):
        '''Gives the mean.'''
        check(submission.mean([value]), float(value))
    """
    repository.toy(MEAN, grader, SUM_OF_ALL)
    done = repository.grade()
    assert done.checks["mean"]["alone"].startswith("the answer keeps state ")
    assert "alone      | the answer keeps state between calls" in done.out


APPLY = "def apply(f):\n    return f(1)"
CHECK_APPLY = """
def test_apply(submission):
    '''Rejects a function that raises.'''
    def broken(number):
        raise IndexError(number)

    try:
        submission.apply(broken)
    except (AssertionError, IndexError):
        pass
    else:
        raise Wrong("it lets one through")
"""


def test_an_exception_of_a_callback_is_not_called_the_expected_one(repository):
    caught = """
    def apply(f):
        try:
            return f(1)
        except IndexError:
            return 0
    """
    repository.toy(APPLY, CHECK_APPLY, caught)
    done = repository.grade()
    apply = done.checks["apply"]
    assert apply["verdict"] == "wrong"
    assert (apply["got"], apply["expected"]) == ("0", "")
    assert "expected" not in done.out


def test_another_exception_than_that_of_a_callback_is_not_shown_as_the_fault(
    repository,
):
    grader = """
    def test_apply(submission):
        '''Rejects a function that raises, and gives the sum.'''
        def broken(number):
            raise IndexError(number)

        with pytest.raises(AssertionError):
            submission.apply(broken)
        check(submission.apply(lambda number: 2), 2)
    """
    other = """
    def apply(f):
        try:
            return f(1) + 1
        except IndexError:
            raise AssertionError("no number") from None
    """
    repository.toy(APPLY, grader, other)
    apply = repository.grade().checks["apply"]
    assert (apply["got"], apply["expected"]) == ("3", "2")


def test_an_iterator_is_shown_with_all_its_items(repository):
    first = "def last(stream):\n    return list(stream)[-1]"
    grader = """
    def test_last(submission):
        '''Is the last item.'''
        check(submission.last(iter([1, 2, 3])), 3)
    """
    repository.toy(first, grader, "def last(stream):\n    return next(stream)")
    last = repository.grade().checks["last"]
    assert (last["call"], last["got"], last["expected"]) == (
        "last(iter([1, 2, 3]))",
        "1",
        "3",
    )


def test_the_entry_that_is_wrong_is_said(repository):
    grader = """
    def test_double(submission):
        '''Doubles.'''
        check(submission.double(np.arange(3.0)), 2 * np.arange(3.0))
    """
    right = "def double(values):\n    return 2 * values"
    wrong = "def double(values):\n    return values + [0, 1, 3]"
    repository.toy(right, grader, wrong)
    done = repository.grade()
    assert done.checks["double"]["difference"] == "expected 4.0 at [2], got 5.0"
    assert "differs    | expected 4.0 at [2], got 5.0" in done.out


def test_a_sentence_is_what_is_required_and_not_the_fault(repository):
    grader = """
    def test_refuses(submission):
        '''Raises ValueError for nothing.'''
        with pytest.raises(ValueError):
            submission.mean([])
    """
    repository.toy(MEAN, grader, "def mean(values):\n    return 0.0")
    done = repository.grade()
    assert "wrong; required: Raises ValueError for nothing." in done.out


def test_what_is_printed_is_shown_by_its_last_lines(repository):
    wrong = "def mean(values):\n    for i in range(500): print(i)\n    return 0.5"
    repository.toy(MEAN, CHECK_MEAN, wrong)
    done = repository.grade()
    assert "(497 more lines before)" in done.out
    assert "| 499" in done.out
    assert "| 496" not in done.out


def test_a_huge_result_fills_neither_screen_nor_file(repository):
    huge = "def mean(values):\n    return ['x' * 1_000_000, 10**5000] * 5"
    many = "".join(
        f"def test_{i}(submission):\n    check(submission.mean([{i}]), 0.0)\n"
        for i in range(60)
    )
    repository.toy(MEAN, many, huge)
    done = repository.grade()
    assert len(done.out) < 4000
    assert repository.json.stat().st_size < MAX_EXERCISE * 1.2


# The frozen wrong answers.


@pytest.fixture(scope="module")
def frozen():
    """Return what came of each wrong answer."""
    return dict(gradings(ANSWERS))


def test_there_are_thirty_over_all_exercises():
    assert len(ANSWERS) == 30
    assert len({what.partition("/")[0] for what in ANSWERS}) >= 20


def test_each_wrong_answer_fails_and_none_is_our_fault(frozen):
    verdicts = {what: result.verdict for what, result in frozen.items()}
    assert set(verdicts.values()) == {"failed"}, verdicts


def test_the_screen_holds_what_is_shown(frozen):
    lengths = [len(text_of(result, 80).splitlines()) for result in frozen.values()]
    assert statistics.median(lengths) <= 24
    assert max(lengths) <= 40


@pytest.mark.parametrize("width", [80, 50, 24])
def test_what_is_shown_fits_its_screen(frozen, width):
    for what, result in frozen.items():
        stream = io.StringIO()
        screen = Screen(stream)
        screen.width = width
        result.exhibit = ""  # a table has its own width
        show_result(screen, result)
        lines = stream.getvalue().splitlines()  # a name that is too long stands alone
        assert not [x for x in lines if len(x) > width and len(x.split()) > 1], what


def test_its_json_is_small(frozen):
    for what, result in frozen.items():
        assert len(json.dumps(as_json([result], 0))) < MAX_EXERCISE, what
