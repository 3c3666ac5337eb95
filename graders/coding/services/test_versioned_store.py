"""Checks of the key-value store: what the interviewer looks for.

The oracle keeps a log of the writes, and replays it for every single read.
"""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, contract

# A call takes a message each way, and a check makes thousands.
pytestmark = pytest.mark.timeout(30)


def replay(log, time):
    """Return what is alive at a time: (key, field) to value and end of life."""
    state = {}
    for i, (verb, *details) in enumerate(log):
        if details[-1] > time:
            break
        if verb == "set":
            cell, value, ttl, now = details
            state[cell] = value, math.inf if ttl is None else now + ttl
        elif verb == "delete":
            state.pop(details[0], None)
        else:
            at, now = details
            then = replay(log[:i], at).items()
            state = {cell: (value, now + until - at) for cell, (value, until) in then}
    return {cell: life for cell, life in state.items() if time < life[1]}


def write(store, verb, *details):
    """Carry out one entry of a log, and return what comes back."""
    if verb == "set":
        (key, field), value, ttl, now = details
        options = {} if ttl is None else {"ttl": ttl}
        return store.set(key, field, value, now, **options)
    if verb == "delete":
        return store.delete(*details[0], details[1])
    return store.restore(details[1], details[0])


def outcome(log, verb, *details):
    """Return what one more entry of a log should return."""
    if verb == "restore":
        return len(replay(log, details[0]))
    return details[0] in replay(log, details[1]) if verb == "delete" else None


def ordinary(submission):
    """Return a store with two values."""
    store = submission.Store()
    store.set("ann", "city", "Rome", 1)
    store.set("ann", "job", "cook", 2)
    return store


test_contract_set = contract(
    "Store.set", lambda m: m.Store().set("ann", "city", "Rome", 1), returns=None
)
test_contract_get = contract(
    "Store.get", lambda m: ordinary(m).get("ann", "city", 2), returns=str
)
test_contract_delete = contract(
    "Store.delete", lambda m: ordinary(m).delete("ann", "city", 3), returns=bool
)
test_contract_scan = contract(
    "Store.scan", lambda m: ordinary(m).scan("ann", "", 2), returns=[(str, str)]
)
test_contract_restore = contract(
    "Store.restore", lambda m: ordinary(m).restore(3, 1), returns=int
)

FIELDS = ["a", "ab", "B", ""]


@st.composite
def logs(draw, most=12):
    """Draw a log whose times are close together, so that lives end between writes."""
    log, now = [], draw(st.integers(-5, 5))
    cells = st.tuples(st.sampled_from("xxy"), st.sampled_from(FIELDS))
    ttls = st.one_of(st.none(), st.integers(1, 6))
    for _ in range(draw(st.integers(1, most))):
        now += draw(st.integers(1, 3))
        verb = draw(st.sampled_from(["set", "set", "set", "delete", "restore"]))
        if verb == "set":
            value = draw(st.sampled_from(["v", "w", ""]))
            log.append((verb, draw(cells), value, draw(ttls), now))
        elif verb == "delete":
            log.append((verb, draw(cells), now))
        else:
            log.append((verb, now - draw(st.integers(1, 10)), now))
    return log


def times(log):
    """Draw a time around that of a write."""
    return st.builds(
        lambda entry, later: entry[-1] + later, st.sampled_from(log), st.integers(-1, 4)
    )


@given(logs())
def test_writes_return_what_they_did(submission, log):
    """Says of each deletion and each restoration what it found alive."""
    store = submission.Store()
    for i, entry in enumerate(log):
        check(write(store, *entry), outcome(log[:i], *entry))


@settings(max_examples=100)  # a log has few of the cases at a time
@given(logs(), st.sampled_from(["", "", "a", "ab"]), st.data())
def test_reads_see_what_was_alive(submission, log, prefix, data):
    """Reads at any time what a replay of the writes up to then leaves alive."""
    store = submission.Store()
    for entry in log:
        write(store, *entry)
    time = data.draw(times(log), label="time")
    state = replay(log, time)
    for key in ("x", "y", "z"):
        fields = {field: v for (owner, field), (v, _) in state.items() if owner == key}
        alive = [pair for pair in fields.items() if pair[0].startswith(prefix)]
        check(store.scan(key, prefix, time), sorted(alive))
        for field in FIELDS:
            check(store.get(key, field, time), fields.get(field))


@given(logs(most=25), st.data())
def test_history_never_changes(submission, log, data):
    """Reads the same of the past before and after later writes."""
    store = submission.Store()
    cut = data.draw(st.integers(1, len(log)), label="writes before")
    for entry in log[:cut]:
        write(store, *entry)
    moments = range(log[0][-1] - 1, log[cut - 1][-1] + 1, 2)
    before = [store.scan(key, "", time) for time in moments for key in "xy"]
    for entry in log[cut:]:
        write(store, *entry)
    check([store.scan(key, "", time) for time in moments for key in "xy"], before)


@pytest.mark.edge_cases
def test_life_ends_before_its_last_second(submission):
    """Lives from time up to, but without, time + ttl, and uncovers nothing then."""
    store = submission.Store()
    store.set("ann", "city", "Rome", 10)
    store.set("ann", "city", "Oslo", 20, ttl=5)
    seen = [store.get("ann", "city", time) for time in (9, 10, 19, 20, 24, 25)]
    check(seen, [None, "Rome", "Rome", "Oslo", "Oslo", None])
    check(store.delete("ann", "city", 25), False)


@pytest.mark.edge_cases
def test_a_life_that_ends_at_second_0(submission):
    """Ends at second 0 as at any other."""
    store = submission.Store()
    store.set("ann", "city", "Rome", -5, ttl=5)
    check([store.get("ann", "city", time) for time in (-1, 0)], ["Rome", None])


@pytest.mark.edge_cases
def test_setting_again_starts_a_new_life(submission):
    """Lives forever once it is set without ttl, whatever the life before."""
    store = submission.Store()
    store.set("ann", "city", "Rome", 10, ttl=5)
    store.set("ann", "city", "", 12)
    check(store.get("ann", "city", 15), "")


@pytest.mark.edge_cases
def test_scans_in_order(submission):
    """Scans all that begin with the prefix in the order of strings, capitals first."""
    store = submission.Store()
    for time, field in enumerate(["b", "ab", "a", "Ab", "abc", "ab", "a~", "a😀"]):
        store.set("ann", field, f"{time}", time)
    check(store.scan("ann", "ab", 9), [("ab", "5"), ("abc", "4")])
    # The last of ASCII begins with "a" too, and so does what comes after "\uffff".
    begin_with_a = ["a", "ab", "abc", "a~", "a😀"]
    check([field for field, _ in store.scan("ann", "a", 9)], begin_with_a)
    everything = ["Ab", *begin_with_a, "b"]
    check([field for field, _ in store.scan("ann", "", 9)], everything)


@pytest.mark.edge_cases
@pytest.mark.parametrize("prefix", ["*", "?", ".", "a*", "a.", "[", "^a"])
def test_prefixes_are_no_patterns(submission, prefix):
    """Finds only the field that begins with the prefix, letter for letter."""
    store = submission.Store()
    store.set("ann", "ab", "Rome", 1)
    check(store.scan("ann", prefix, 2), [])
    store.set("ann", f"{prefix}b", "Oslo", 3)
    check(store.scan("ann", prefix, 4), [(f"{prefix}b", "Oslo")])


@pytest.mark.edge_cases
def test_keys_and_fields_do_not_run_together(submission):
    """Keeps the fields of two keys apart, whatever stands between key and field."""
    store = submission.Store()
    for time, sign in enumerate(["", ":", "/", ".", "|", "_", ",", " ", "\0"]):
        store.set("a", f"b{sign}c", "Rome", time)
        check(store.get(f"a{sign}b", "c", time), None)
        check(store.scan(f"a{sign}b", "", time), [])


@pytest.mark.edge_cases
def test_restores_what_was_left_of_a_life(submission):
    """Restores 3 of 5 seconds of a life, twice over, and deletes what came since."""
    store = submission.Store()
    store.set("ann", "city", "Rome", 1, ttl=5)
    store.set("ann", "name", "Ann", 2)
    store.set("ann", "job", "cook", 5)
    for now in (100, 200):
        check(store.restore(now, 3), 2)
        check(store.scan("ann", "", now), [("city", "Rome"), ("name", "Ann")])
        check(store.get("ann", "city", now + 2), "Rome")
        check(store.scan("ann", "", now + 3), [("name", "Ann")])
    check(store.get("ann", "job", 99), "cook")
    check(store.restore(300, 0), 0)


@pytest.mark.edge_cases
def test_stores_do_not_meet(submission):
    """Keeps two stores apart."""
    first, second = submission.Store(), submission.Store()
    first.set("ann", "city", "Rome", 5)
    second.set("ann", "job", "cook", 3)
    check(second.scan("ann", "", 9), [("job", "cook")])


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("last", "time"),
    [
        pytest.param(("set", ("ann", "job"), "cook", None, 4), 3, id="set"),
        pytest.param(("delete", ("ann", "job"), 4), 4, id="delete"),
        pytest.param(("restore", 1, 4), 4, id="restore"),
    ],
)
def test_time_only_grows(submission, last, time):
    """Raises ValueError for a write no later than the last, and changes nothing."""
    demand_refused(submission, last, time, None)


@pytest.mark.validation
def test_refuses(submission):
    """Raises ValueError for a ttl below 1, and changes nothing."""
    demand_refused(submission, ("set", ("ann", "job"), "cook", None, 4), 5, 0)


def demand_refused(submission, last, time, ttl):
    """Demand that a write is refused after another, and that the next one is not."""
    store = submission.Store()
    store.set("ann", "city", "Rome", 2)
    write(store, *last)
    before = store.scan("ann", "", 9)
    with pytest.raises(ValueError):
        store.set("ann", "city", "Oslo", time, ttl=ttl)
    check(store.scan("ann", "", 9), before)
    store.set("ann", "city", "Bern", 5)
