"""The seam, from outside: graders of our own, answers of our own, real processes."""

import contextlib
import sys
import time
import types

import pytest

from graders.harness.answer.errors import Wrong
from graders.harness.authoring import timing
from graders.harness.authoring.timing import Stopwatch
from graders.harness.run import deadline

ADD = """
def add(one, other):
    return one + other
"""
CHECK_ADD = """
def test_adds(submission):
    \"\"\"Adds.\"\"\"
    check(submission.add(2, 3), 5)
"""


def test_a_right_answer_passes_and_says_little(repository):
    repository.toy(ADD, CHECK_ADD)
    done = repository.grade()
    assert done.code == 0
    assert done.checks["adds"]["verdict"] == "passed"
    assert "Traceback" not in done.out + done.err
    assert len(done.out.splitlines()) <= 5


def test_a_wrong_answer_is_shown_call_got_and_expected(repository):
    repository.toy(ADD, CHECK_ADD, "def add(one, other):\n    return one * other")
    done = repository.grade()
    check = done.checks["adds"]
    assert done.code == 1
    assert check["verdict"] == "wrong"
    assert (check["call"], check["got"], check["expected"]) == ("add(2, 3)", "6", "5")
    assert "call       | add(2, 3)" in done.out


@pytest.mark.parametrize(
    ("answer", "verdict", "message"),
    [
        ("def add(a, b):\n    raise NotImplementedError", "not started", ""),
        ("def add(a, b):\n    raise KeyError('x')", "raised", "KeyError: 'x'"),
        ("def add(a, b):\n    assert a == 7", "raised", "AssertionError"),
        ("def add(a):\n    return a", "raised", "takes 1 positional argument but 2"),
        (
            "def add(a, b):\n    return iter([5])",
            "invalid return value",
            "list_iterator",
        ),
        ("add = 3", "could not load", "no function called add"),
        ("", "could not load", "no function called add"),
        ("def add(:", "could not load", "SyntaxError"),
        ("import sklearn", "could not load", "NumPy and the standard library"),
        ("raise ValueError('at once')", "could not load", "ValueError: at once"),
        ("import os; os._exit(0)", "could not load", "exit code 0"),
        ("import sys; sys.exit(0)", "could not load", "SystemExit: 0"),
        ("def add(a, b):\n    import os; os._exit(3)", "crashed", "exit code 3"),
        ("def add(a, b):\n    import sys; sys.exit(0)", "raised", "SystemExit: 0"),
        ("def add(a, b):\n    raise KeyboardInterrupt", "raised", "KeyboardInterrupt"),
        ("def add(a, b):\n    raise MemoryError", "out of memory", "MemoryError"),
        ("def add(a, b):\n    input()", "raised", "EOFError"),
        ("def add(a, b):\n    raise StopIteration", "raised", "StopIteration"),
        (
            "class E(Exception):\n    def __str__(self): raise self\n"
            "def add(a, b):\n    raise E",
            "raised",
            "its message raised E",
        ),
    ],
)
def test_each_way_to_fail_has_its_verdict(repository, answer, verdict, message):
    repository.toy(ADD, CHECK_ADD, answer)
    done = repository.grade()
    assert done.code == 1
    assert done.checks["adds"]["verdict"] == verdict
    assert message in done.checks["adds"]["message"]
    assert "graders/" not in done.out + done.err


def test_a_fault_costs_one_check_and_the_next_starts_afresh(repository):
    repository.toy(
        ADD,
        """
        @pytest.mark.timeout(1)
        @pytest.mark.parametrize("a", range(6))
        def test_adds(submission, a):
            check(submission.add(a, 1), a + 1)
        """,
        """
        import ctypes, os, sys, time
        count = 0
        def add(a, b):
            global count
            count += 1
            if a == 1:
                os._exit(0)
            if a == 2:
                time.sleep(60)
            if a == 3:
                print("x" * 10**7)
            if a == 4:
                return [0] * 10**12
            return a + count
        """,
    )
    done = repository.grade()
    assert {name[5:-1]: check["verdict"] for name, check in done.checks.items()} == {
        "0": "passed",
        "1": "crashed",
        "2": "timed out",
        "3": "crashed",
        "4": "out of memory",
        "5": "passed",
    }
    assert "more than 4 MB" in done.checks["adds[3]"]["message"]


def test_an_endless_import_is_judged_once(repository):
    repository.toy(
        ADD,
        """
        @pytest.mark.timeout(1)
        @pytest.mark.parametrize("a", range(9))
        def test_adds(submission, a):
            check(submission.add(a, 1), a + 1)
        """,
        "while True: pass",
    )
    done = repository.grade()
    first, *others = done.checks.values()
    assert first["verdict"] == "could not load"
    assert "line 2" in first["trace"]
    assert {check["verdict"] for check in others} == {"not judged"}
    assert {check["message"] for check in others} == {"the file could not be loaded"}


def test_shrinking_ends_and_the_verdict_is_no_timeout(repository):
    repository.toy(
        "def count(items):\n    return len(items)",
        """
        @pytest.mark.timeout(60)
        @given(st.lists(st.integers(), min_size=30, max_size=60))
        def test_counts(submission, items):
            check(submission.count(items), len(items))
        """,
        """
        import time
        def count(items):
            time.sleep(0.3)
            return 0
        """,
    )
    done = repository.grade()
    assert done.checks["counts"]["verdict"] == "wrong"
    assert done.checks["counts"]["call"].startswith("count([")


def test_a_hang_is_not_shrunk(repository):
    repository.toy(
        ADD,
        """
        @pytest.mark.timeout(1)
        def test_adds_once(submission):
            check(submission.add(1, 1), 2)

        @pytest.mark.timeout(1)
        @given(st.integers(), st.integers())
        def test_adds(submission, a, b):
            check(submission.add(a, b), a + b)
        """,
        "def add(a, b):\n    while True: pass",
    )
    done = repository.grade()
    once, adds = done.checks["adds_once"], done.checks["adds"]
    assert (once["verdict"], adds["verdict"]) == ("timed out", "timed out")
    assert adds["call"].startswith("add(")
    assert adds["seconds"] < 5 * once["seconds"]  # to shrink is to hang ever again


def test_the_same_input_with_two_results_is_wrong_and_no_grader_error(repository):
    repository.toy(
        ADD,
        """
        @given(st.integers(), st.integers())
        def test_adds(submission, a, b):
            check(submission.add(a, b), a + b)
        """,
        """
        calls = 0
        def add(a, b):
            global calls
            calls += 1
            return a + b + (calls == 20)
        """,
    )
    assert repository.grade().checks["adds"]["verdict"] == "wrong"


def test_the_grader_calls_functions_back_and_counts(repository):
    repository.toy(
        "def minimise(gradient, start):\n"
        "    for _ in range(3):\n        start = start - gradient(start)\n"
        "    return start",
        """
        class Ours(Exception):
            pass

        def test_counts(submission):
            calls = []
            def gradient(w):
                calls.append(w)
                return w / 2
            check(submission.minimise(gradient, 8.0), 1.0)
            check(calls, [8.0, 4.0, 2.0])

        def test_keeps_the_identity_of_what_is_raised(submission):
            error = Ours("mine")
            def gradient(w):
                raise error
            with pytest.raises(Ours) as caught:
                submission.minimise(gradient, 1.0)
            assert caught.value is error

        def test_shows_the_function(submission):
            check(submission.minimise(shown("lambda w: w", lambda w: w), 1.0), 7.0)
        """,
    )
    done = repository.grade()
    assert done.checks["counts"]["verdict"] == "passed"
    identity = done.checks["keeps_the_identity_of_what_is_raised"]
    assert identity["verdict"] == "passed"
    assert done.checks["shows_the_function"]["call"] == "minimise(lambda w: w, 1.0)"


def test_an_iterator_is_read_item_by_item(repository):
    repository.toy(
        "def first(stream, k):\n    return [next(stream) for _ in range(k)]",
        """
        def test_reads_no_more_than_it_needs(submission):
            stream = iter(range(10))
            check(submission.first(stream, 3), [0, 1, 2])
            check(next(stream), 3)

        def test_shows_what_was_read(submission):
            check(submission.first(iter("abc"), 2), [])
        """,
    )
    done = repository.grade()
    assert done.checks["reads_no_more_than_it_needs"]["verdict"] == "passed"
    shown = done.checks["shows_what_was_read"]["call"]
    assert shown == "first(iter(['a', 'b', 'c']), 2)"


def test_a_generator_crosses_by_its_state_and_is_shown_by_its_seed(repository):
    repository.toy(
        "def draw(rng):\n    return rng.integers(0, 100, 3)",
        """
        def test_draws(submission, reference):
            rng = np.random.default_rng(5)
            check(submission.draw(rng), reference.draw(np.random.default_rng(5)))
            check(submission.draw(rng), np.array([0]))
        """,
    )
    check = repository.grade().checks["draws"]
    assert check["verdict"] == "wrong"
    assert check["call"].startswith("draw(np.random.default_rng(5))")
    assert "expected shape (1,)" in check["message"]


def test_who_writes_to_an_input_is_told_that_it_must_stay_as_it_is(repository):
    repository.toy(
        "def first(x):\n    x = x.copy()\n    x[0] = 0\n    return x",
        """
        def test_begins(submission):
            "Begins with 0."
            check(submission.first(np.ones(2)), np.array([0.0, 1.0]))
        """,
        "def first(x):\n    x[0] = 0\n    return x",
    )
    check = repository.grade().checks["begins"]
    assert check["verdict"] == "wrong"
    assert check["sentence"] == "Leaves the arrays that are passed in unchanged."
    assert check["message"] == "it wrote to its input, which is read-only"


def test_a_generator_spawns_in_the_worker_what_it_spawns_here(repository):
    repository.toy(
        "def draw(rng):\n    return [r.integers(0, 2**40) for r in rng.spawn(2)]",
        """
        def spawning(seed):
            rng = np.random.default_rng(seed)
            rng.spawn(1)
            return rng.spawn(1)[0], rng

        def test_spawns(submission, reference):
            for one, other in zip(spawning(5), spawning(5)):
                check(submission.draw(one), reference.draw(other))
            check(submission.draw(spawning(5)[0]), [0])
        """,
    )
    check = repository.grade().checks["spawns"]
    seeds = "np.random.SeedSequence(5, spawn_key=(1,))"
    assert check["call"].startswith(f"draw(np.random.default_rng({seeds}))")


BOX = """
class Box:
    def __init__(self, value):
        self.value = value
    def __add__(self, other):
        return Box(self.value + (other.value if isinstance(other, Box) else other))
    __radd__ = __add__
    def __neg__(self):
        return Box(-self.value)
    def __eq__(self, other):
        return True
    __hash__ = None
    def pair(self):
        return [self, Box(2)]
"""


def test_objects_stay_in_the_worker_and_do_arithmetic(repository):
    repository.toy(
        BOX,
        """
        def test_adds(submission):
            box = submission.Box(1)
            total = -(1 + box + box + 2)
            check(total.value, -5)
            box.value = 7
            check((box + total.pair()[1]).value, 9)

        def test_is_never_asked_whether_it_is_equal(submission):
            with pytest.raises(TypeError):
                submission.Box(1) == 5
            with pytest.raises(TypeError):
                bool(submission.Box(1))
            check(submission.Box(1), 5)
        """,
    )
    done = repository.grade()
    assert done.checks["adds"]["verdict"] == "passed"
    assert done.checks["is_never_asked_whether_it_is_equal"]["verdict"] == "wrong"


def test_a_failing_object_is_shown_with_the_lines_that_made_it(repository):
    repository.toy(
        BOX,
        """
        def test_adds(submission):
            submission.Box(99)
            box = submission.Box(1)
            total = 3 + box
            check(total.value, 4)
        """,
        BOX.replace("self.value + (", "self.value - ("),
    )
    check = repository.grade().checks["adds"]
    assert check["call"].splitlines() == [
        "box_1 = Box(1)",
        "box_2 = 3 + box_1",
        "box_2.value",
    ]
    assert (check["got"], check["expected"]) == ("-2", "4")


def test_an_object_of_another_class_breaks_the_protocol(repository):
    sneaky = ADD.replace("return one + other", "return Sneaky()") + (
        "\nclass Sneaky:\n    def __eq__(self, other): return True"
    )
    repository.toy(ADD, CHECK_ADD, sneaky)
    assert repository.grade().checks["adds"]["verdict"] == "invalid return value"


def test_writing_to_an_input_is_wrong_and_satisfies_no_refusal(repository):
    repository.toy(
        "def sort(values):\n    return np.sort(values)\nimport numpy as np",
        """
        def test_sorts(submission):
            check(submission.sort(np.array([2, 1])), np.array([1, 2]))

        def test_refuses(submission):
            with pytest.raises(ValueError):
                submission.sort(np.array([2, 1]))
        """,
        "def sort(values):\n    values.sort()\n    return values",
    )
    done = repository.grade()
    for check in done.checks.values():
        assert check["verdict"] == "wrong"
        assert "wrote to its input" in check["message"]


def test_forbidden_functions_have_their_own_verdict(repository):
    repository.toy(
        "def solve(a, b):\n    return a + b",
        """
        @pytest.mark.parametrize("way", ["plain", "caught", "alias", "fine"])
        def test_solves(submission, way):
            submission.solve(way, np.eye(2))
        """,
        """
        import numpy as np
        from numpy.linalg import solve as alias
        def solve(way, a):
            if way == "fine":
                return np.linalg.inv(a)
            if way == "alias":
                return alias(a, a)
            try:
                return np.linalg.solve(a, a)
            except BaseException:
                if way == "plain":
                    raise
        """,
        'forbids = ["numpy.linalg.solve"]',
    )
    done = repository.grade()
    verdicts = {name[7:-1]: c["verdict"] for name, c in done.checks.items()}
    banned = "forbidden call"
    assert verdicts == dict.fromkeys(["plain", "caught", "alias"], banned) | {
        "fine": "passed"
    }
    assert "numpy.linalg.solve" in done.checks["solves[plain]"]["message"]


def test_a_function_that_counts_starts_anew_when_its_calls_are_played_again(repository):
    repository.toy(
        "def total(f):\n    return f() + f()",
        """
        def counter():
            calls = []

            def f():
                calls.append(1)
                if len(calls) > 2:
                    raise ValueError("a third call")
                return len(calls)

            f.again = counter
            return f

        def test_totals(submission):
            check(submission.total(counter()), 3)
        """,
        "def total(f):\n    return f() + f() + 1",
    )
    [check] = repository.grade().checks.values()
    assert (check["got"], check["expected"]) == ("4", "3")


@pytest.mark.parametrize(
    "call", ["f()", "f(1, 2)", "f(1, y=3)", "f('a')", "f(10**400)"]
)
def test_a_callback_that_is_called_wrongly_is_the_answers_fault(repository, call):
    repository.toy(
        "def twice(f):\n    return 2 * f(1.5)",
        """
        def test_doubles(submission):
            check(submission.twice(lambda x: x / 2 + 1.0), 3.5)
        """,
        f"def twice(f):\n    return 2 * {call}",
    )
    done = repository.grade()
    [check] = done.checks.values()
    assert done.code == 1
    assert check["verdict"] == "raised", check["message"]
    assert "graders/" not in done.out


def test_what_functions_are_passed_is_bounded(repository):
    check = """
    def test_calls_back(submission):
        \"\"\"Calls back.\"\"\"
        kept = []
        check(submission.run(kept.append), None)
    """
    answer = "import numpy as np\ndef run(f):\n"
    repository.toy("def run(f):\n    f(1)\n", check, f"{answer}    f(np.zeros(10**6))")
    assert repository.grade().checks["calls_back"]["verdict"] == "passed"
    thrice = f"{answer}    [f(np.zeros(10**6)) for _ in range(3)]"
    repository.toy("def run(f):\n    f(1)\n", check, thrice)
    failed = repository.grade().checks["calls_back"]
    assert failed["verdict"] == "invalid return value"
    assert "more than 16 MB to the functions" in failed["message"]


def test_what_a_check_computes_from_what_came_back_has_a_deadline(repository):
    check = """
    from graders.harness.run import deadline

    deadline.SECONDS = 0.5

    def test_counts(submission):
        \"\"\"Counts down to nothing.\"\"\"
        left = submission.add(2, 3)
        while left:
            left -= 1
    """
    repository.toy(ADD, check, "def add(one, other):\n    return -1")
    failed = repository.grade().checks["counts"]
    assert failed["verdict"] == "timed out"
    assert "to judge it takes more than 0.5 s of CPU" in failed["message"]


def test_the_deadline_of_this_side_leaves_the_clock_of_speeds_alone():
    def shortest():
        passed = []
        for _ in range(2000):
            start = time.process_time()
            sum(range(100))
            passed.append(time.process_time() - start)
        return min(passed)

    deadline.begin()
    try:
        assert 0 < shortest() < 1e-3
    finally:
        deadline.end()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_a_check_can_bound_memory(repository):
    repository.toy(
        "import numpy as np\ndef fill(n):\n    return float(np.ones(n).sum())",
        """
        @pytest.mark.memory(64)
        @pytest.mark.parametrize("megabytes", [16, 128])
        def test_fills(submission, megabytes):
            check(submission.fill(megabytes * 2**17), float(megabytes * 2**17))

        def test_is_free_again(submission):
            check(submission.fill(2**24), float(2**24))
        """,
    )
    done = repository.grade()
    assert done.checks["fills[16]"]["verdict"] == "passed"
    assert done.checks["fills[128]"]["verdict"] == "out of memory"
    assert done.checks["is_free_again"]["verdict"] == "passed"


def test_a_wrong_value_is_no_matter_of_memory(repository):
    check = """
    @pytest.mark.memory(64)
    def test_takes_little_memory(submission):
        \"\"\"Takes little memory.\"\"\"
        check(submission.add(2, 3), 5)
    """
    repository.toy(ADD, check, "def add(one, other):\n    return 6")
    failed = repository.grade().checks["takes_little_memory"]
    assert failed["verdict"] == "wrong"
    assert failed["sentence"] == "Gives the right result on large inputs too."


@pytest.mark.skipif(sys.platform != "linux", reason="memory is bounded on Linux alone")
def test_what_does_not_fit_on_its_way_in_is_out_of_memory(repository):
    repository.toy(
        "import numpy as np\ndef first(values):\n    return float(values[0])",
        """
        @pytest.mark.memory(16)
        def test_takes_little(submission):
            check(submission.first(np.ones(2**23)), 1.0)
        """,
    )
    [check] = repository.grade().checks.values()
    assert check["verdict"] == "out of memory"


def is_fast(size, limit):
    """Return a check of speed, of `total` on so many numbers."""
    return f"""
@pytest.mark.efficiency
def test_is_fast(check_slowdown):
    check_slowdown(
        lambda module, values: module.total(values),
        lambda rng: (rng.normal(size={size}),),
        limit={limit},
    )
"""


def test_speed_is_a_ratio_to_the_reference(repository):
    repository.toy(
        """
        import numpy as np
        def total(values):
            return float(np.sort(values).sum())
        """,
        is_fast(100_000, limit=20),
        "def total(values):\n    for _ in range(40): sorted(values)\n"
        "    return float(values.sum())",
    )
    done = repository.grade()
    assert done.checks["is_fast"]["verdict"] == "wrong"
    assert "reference solution" in done.checks["is_fast"]["message"]
    done = repository.grade("--from", "solutions")
    assert done.checks["is_fast"]["verdict"] == "passed"


def test_a_busy_machine_is_told_as_what_it_is(repository):
    """Patience is cut to nothing, as a machine that lets nobody compute would."""
    repository.toy(
        """
        def total(values):
            return float(values.sum())
        """,
        is_fast(1000, limit=100)
        + "def test_sums(submission):\n    check(submission.total(np.ones(3)), 3.0)\n",
        """
        def total(values):
            while True:
                pass
        """,
    )
    meter = repository.root / "graders/harness/answer/meter.py"
    text = meter.read_text("utf-8")
    meter.write_text(text.replace("\nPATIENCE = 15 ", "\nPATIENCE = 0.5 "), "utf-8")
    try:
        checks = repository.grade().checks
    finally:
        meter.write_text(text, "utf-8")
    assert {check["verdict"] for check in checks.values()} == {"timed out"}
    for check in checks.values():
        assert "the machine was too busy to judge this" in check["message"]


def test_who_sleeps_is_slow(repository):
    """A clock of what is computed does not see it: the answer computes next to nothing.

    It sleeps for twice what the limit allows, which is not long enough to be stopped.
    """
    repository.toy(
        """
        import numpy as np
        def total(values):
            return float(np.sort(values).sum())
        """,
        is_fast(200_000, limit=100),
        """
        import numpy as np
        import time
        def total(values):
            start = time.process_time()
            result = float(np.sort(values).sum())
            time.sleep(0.5 + 200 * (time.process_time() - start))
            return result
        """,
    )
    check = repository.grade().checks["is_fast"]
    assert check["verdict"] in ("wrong", "timed out")
    assert "reference solution" in check["message"]


@pytest.mark.parametrize(
    ("answer", "reference", "passes"),
    [
        pytest.param([0.2], [0.3, 0.01], False, id="a disturbed reference"),
        pytest.param([0.5, 0.0], [0.3], True, id="a disturbed answer"),
        pytest.param([0.2], [0.3], True, id="near the limit"),
    ],
)
def test_one_disturbance_decides_nothing(answer, reference, passes, monkeypatch):
    now = 0.0
    monkeypatch.setattr(timing, "OWN_CLOCK", lambda: now)

    def module(seconds):  # that each call takes; the last stands for all that follow
        left = [*seconds]

        def wait():
            nonlocal now
            now += left.pop(0) if len(left) > 1 else left[0]

        return types.SimpleNamespace(wait=wait)

    watch = Stopwatch(module(answer), module(reference), 0)
    with contextlib.nullcontext() if passes else pytest.raises(Wrong, match="limit"):
        watch(lambda module: module.wait(), lambda rng: (), limit=1)


@pytest.mark.parametrize(("seconds", "times"), [(0.4, 1), (0.7, 2), (0.9, 5)])
def test_what_is_surely_fast_enough_is_not_timed_again(seconds, times, monkeypatch):
    now, calls = 0.0, 0
    monkeypatch.setattr(timing, "OWN_CLOCK", lambda: now)

    def call():
        nonlocal now, calls
        now, calls = now + seconds, calls + 1

    def wait():
        nonlocal now
        now += 1.0

    watch = Stopwatch(
        types.SimpleNamespace(wait=call), types.SimpleNamespace(wait=wait), 0
    )
    watch(lambda module: module.wait(), lambda rng: (), limit=1)
    assert calls == times


def test_a_result_that_is_fast_and_wrong_is_wrong(repository):
    repository.toy(
        "def total(values):\n    return float(values.sum())",
        """
        def test_is_fast(check_slowdown):
            check_slowdown(
                lambda module, values: module.total(values),
                lambda rng: (rng.normal(size=100_000),),
                limit=20,
            )
        """,
        "def total(values):\n    return 0.0",
    )
    check = repository.grade().checks["is_fast"]
    assert check["verdict"] == "wrong"
    assert "expected" in check["message"]
    assert check["sentence"] == "Gives the right result on large inputs too."


def test_what_the_answer_prints_is_shown_and_cannot_pose_as_ours(repository):
    repository.toy(
        ADD,
        CHECK_ADD,
        r"""
        def add(one, other):
            print("\x1b[32mpassed\x1b[0m\n::error::done\n##[error]done\r15 of 15")
            return 0
        """,
    )
    done = repository.grade()
    assert "\x1b" not in done.out
    assert "\r" not in done.out
    assert "##[" not in done.out
    assert not any(line.lstrip().startswith("::") for line in done.out.splitlines())
    assert ": :error::done" in done.checks["adds"]["output"]


def test_our_own_fault_is_grader_error_and_never_green(repository):
    repository.toy(
        ADD,
        """
        def test_breaks(submission):
            check(submission.add(1, 2), 3)
            {}["nothing"]

        def test_is_skipped(submission):
            pytest.skip("no")

        def test_adds(submission):
            check(submission.add(1, 2), 3)
        """,
    )
    done = repository.grade()
    assert done.code == 3
    assert done.checks["breaks"]["verdict"] == "grader error"
    assert done.checks["is_skipped"]["verdict"] == "grader error"
    assert done.checks["adds"]["verdict"] == "passed"


def test_a_grader_that_cannot_be_imported_is_our_fault(repository):
    repository.toy(ADD, "import nonesuch")
    done = repository.grade()
    assert done.code == 3
    assert "nonesuch" in done.out


def test_a_grader_whose_process_dies_is_our_fault(repository):
    repository.toy(
        ADD,
        """
        def test_adds(submission):
            check(submission.add(1, 2), 3)

        def test_dies(submission):
            import os
            os._exit(0)
        """,
    )
    done = repository.grade()
    assert done.code == 3
    assert done.checks["adds"]["verdict"] == "passed"
    assert done.checks["dies"]["verdict"] == "grader error"


def test_the_same_seed_draws_the_same_inputs_whatever_the_order(repository):
    repository.toy(
        "def same(value):\n    return value",
        """
        @given(st.lists(st.integers()))
        def test_one(submission, value):
            submission.same(value)
            assert len(value) < 4, str(value)

        @given(st.lists(st.integers()))
        def test_other(submission, value):
            assert submission.same(value) is not None

        def test_rng(submission, rng):
            assert False, str(rng.random())
        """,
        "def same(value):\n    print(value)\n    return value",
    )

    def seen(*arguments):
        checks = repository.grade(*arguments).checks
        return {
            name: (c["message"], c["call"], c["output"]) for name, c in checks.items()
        }

    first = seen("--seed", 7)
    assert seen("--seed", 7) == first
    assert seen("--seed", 7, "--", "-k", "one")["one"] == first["one"]
    assert seen("--seed", 8)["rng"] != first["rng"]


def test_plain_pytest_grades_too_and_says_it_in_the_same_words(repository):
    import subprocess

    repository.toy(ADD, CHECK_ADD, "def add(a, b):\n    return 0")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "graders/ml_coding/toys/test_toy.py"],
        cwd=repository.root,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "call       | add(2, 3)" in done.stdout
    assert "got        | 0" in done.stdout
    assert "1 failed" in done.stdout
    assert "graders/harness" not in done.stdout
