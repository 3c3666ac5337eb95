"""Checks of near-duplicate documents: what the interviewer looks for."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import (
    Wrong,
    array,
    check,
    check_array,
    check_number,
    contract,
    refusals,
)

NOTHING = 2**63 - 1
generator = np.random.default_rng
SEEDS = st.integers(0, 2**32 - 1)
QUARTERS = st.sampled_from([0.25, 0.5, 0.75, 1.0])  # exact, as similarities should be
TEXTS = st.text("abcd", max_size=6)
MEMBERS = st.sampled_from(["a", "b", "ab", "é", "日本", "🙂", "\ud800"])
SETS = st.lists(st.sets(MEMBERS), max_size=5)

# With one row to a band, 128 bands miss a link of similarity 1/4 or more with a chance
# of (3/4)**128 = 1e-16. All checks here together look at fewer than 10,000 links.
SURE = {"n_bands": 128, "n_rows": 1}


def pieces(document, size):
    """Return the shingles by their definition."""
    if len(document) < size:
        return {document} - {""}
    return {document[i : i + size] for i in range(len(document) - size + 1)}


def groups_by_definition(documents, threshold, size):
    """Return the groups: let each link give its two documents one label, ever again."""
    sets = [pieces(document, size) for document in documents]
    pairs = [(i, j) for j, b in enumerate(sets) for i, a in enumerate(sets[:j])
             if a == b or len(a & b) / len(a | b) >= threshold]  # fmt: skip
    labels = list(range(len(sets)))
    for i, j in pairs * len(sets):
        labels[i] = labels[j] = min(labels[i], labels[j])
    groups = [[i for i, at in enumerate(labels) if at == label]
              for label in sorted(set(labels))]  # fmt: skip
    return [group for group in groups if len(group) > 1]


def signatures_of(submission, sets, n_hashes, seed):
    """Return the signatures, once they are an array of integers of that shape."""
    rows = submission.minhash(sets, n_hashes, generator(seed))
    return check_array(rows, (len(sets), n_hashes), kind="iu")


def near(submission, documents, threshold, size, seed, **bands):
    """Return the groups that the answer finds, once they are lists of places."""
    groups = submission.near_duplicates(
        documents, threshold, generator(seed), size=size, **bands
    )
    require_groups(groups, len(documents))
    return groups


def require_groups(groups, n):
    """Demand lists of places from 0 to n - 1, none of them empty."""
    if type(groups) is not list or not all(type(g) is list and g for g in groups):
        raise Wrong(f"expected a list of lists of places, got {groups!r:.100}")
    for place in (place for group in groups for place in group):
        check_number(place, 0, n - 1)


def count_equal(one, other):
    """Return in how many entries two signatures agree."""
    return int(np.sum(one == other))


CALL = {"documents": ["abc", "abc"], "threshold": 0.5, "rng": generator(1)}

test_contract_shingles = contract(
    "shingles", {"document": "banana", "size": 3}, returns=set
)
test_contract_minhash = contract(
    "minhash",
    {"sets": [{"a", "b"}, {"c"}], "n_hashes": 3, "rng": generator(1)},
    returns=array(2, 3, kind="i"),
)
test_contract_near_duplicates = contract("near_duplicates", CALL, returns=[list])


@given(st.text("ab é\u0301\ud800", max_size=6), st.integers(1, 7))
def test_shingles_match_the_definition(submission, document, size):
    """Gives all pieces of that size, a short text itself, and an empty one none."""
    check(submission.shingles(document, size), pieces(document, size))


@given(SETS, SETS, st.integers(1, 5), SEEDS)
def test_a_union_has_the_lesser_values(submission, ones, others, n_hashes, seed):
    """Gives the union of two sets the lesser of their values, entry by entry."""
    ones, others = ones[: len(others)], others[: len(ones)]
    one, other = (signatures_of(submission, s, n_hashes, seed) for s in (ones, others))
    unions = [a | b for a, b in zip(ones, others, strict=True)]
    union = signatures_of(submission, unions, n_hashes, seed)
    check(union, np.minimum(one, other))


@given(SETS, st.integers(1, 5), SEEDS)
def test_a_signature_is_the_sets_own(submission, sets, n_hashes, seed):
    """Gives a set the same values in any company: from 0, but none to the empty set."""
    sets = [*sets, set()]
    together = signatures_of(submission, sets, n_hashes, seed)
    check(signatures_of(submission, sets[::-1], n_hashes, seed), together[::-1])
    for row, members in zip(together.tolist(), sets, strict=True):
        if not members:
            check(row, [NOTHING] * n_hashes)
        for value in row if members else []:
            check_number(value, 0, NOTHING - 1)


# A share of 2,000 entries is off by 0.1 or more with a chance of 2 exp(-40) = 8e-18
# (Hoeffding), and for functions that favour some members by 0.02, as those that are
# linear in a hash value may, of 2 exp(-25) = 2e-11. There are 30 such shares.
N_HASHES, OFF = 2000, 0.1


def test_agreement_estimates_similarity(submission, rng):
    """Agrees, on average, in that share of entries which is the Jaccard similarity."""
    letters = list("abcdefghijklmnopqrstuvwxyzéßж語🙂")
    a = ["".join(rng.choice(letters, 8)) for _ in range(40)]
    sets = [set(a[:24]), set(a[16:]), set(a[8:32]), set(a[:36]), set(a), set(a[39:])]
    sets += [set(a[:3]), set(a[:1]), set(a[2:3])]
    rows = signatures_of(submission, sets, N_HASHES, int(rng.integers(2**32)))
    for (one, a), (other, b) in combinations(zip(rows, sets, strict=True), 2):
        check_share(count_equal(one, other) / N_HASHES, a, b)


def check_share(share, one, other):
    """Demand that signatures agree in about the share that their sets have."""
    similarity = len(one & other) / len(one | other)
    if not abs(share - similarity) < OFF:
        found = f"{share:.3f} of {N_HASHES} entries agree"
        raise Wrong(f"{found}, for sets of similarity {similarity:.3f}: {one}, {other}")


@pytest.mark.timeout(30)  # loops in plain Python take seconds
def test_large_sets_without_a_common_member(submission, rng):
    """Agrees in hardly any entry for disjoint sets of 15,000 strings and more."""
    # Values of 31 bits agree with a chance of 1e-5 each, those of 16 bits of 0.15.
    n = int(rng.integers(15_000, 20_000))
    sets = [{f"{kind}{i}" for i in range(n)} for kind in "ab"]
    one, other = signatures_of(submission, sets, 100, int(rng.integers(2**32)))
    check_number(count_equal(one, other), 0, 5)


@given(SEEDS, SEEDS)
@settings(max_examples=10)
def test_functions_come_from_rng(submission, seed, other):
    """Gives the same functions for the same state of rng, and else others."""
    sets = [set("abcdefgh")]
    rows = signatures_of(submission, sets, 20, seed)
    again = signatures_of(submission, sets, 20, other)
    check(signatures_of(submission, sets, 20, seed), rows)
    check_number(count_equal(rows, again), 0, 20 if seed == other else 10)


@pytest.mark.parametrize(
    ("documents", "threshold", "expected"),
    [
        pytest.param(["abc", "xyz", "abc"], 0.5, [[0, 2]], id="copies"),
        pytest.param(["abc", "bcd"], 0.5, [[0, 1]], id="just the threshold"),
        pytest.param(["ab", "abc"], 2 / 3, [[0, 1]], id="just two thirds"),
        pytest.param(["ab", "abc"], 0.67, [], id="two thirds are not 0.67"),
        pytest.param(["abc", "cde", "bcd"], 0.5, [[0, 1, 2]], id="joined by the last"),
        pytest.param(["u", "ab", "u", "ab", "ba"], 1, [[0, 2], [1, 3, 4]], id="order"),
        pytest.param(["ab", "abcd"], 0.75, [], id="a part of the other"),
        # Wherever the last two meet, one of the single letters is before them.
        pytest.param([*"abcdef", "abcdefX", "abcdefY"], 0.75, [[6, 7]], id="crowded"),
    ],
)  # fmt: skip
def test_groups_by_hand(submission, documents, threshold, expected):
    """Finds the groups that you see in texts of a few letters, cut into letters."""
    check(near(submission, documents, threshold, 1, 1, **SURE), expected)


@given(st.lists(TEXTS, max_size=7), QUARTERS, st.integers(1, 3), SEEDS)
@settings(max_examples=80)  # for groups that only the last document joins
def test_groups_match_the_definition(submission, documents, threshold, size, seed):
    """Gives the groups that comparing each with each would, bands permitting."""
    expected = groups_by_definition(documents, threshold, size)
    check(near(submission, documents, threshold, size, seed, **SURE), expected)


@pytest.mark.parametrize(
    ("threshold", "expected"),
    [(20 / 21, [[0, 1]]), (0.953, [])],
    ids=["exactly what they share", "just above what they share"],
)
def test_the_defaults(submission, threshold, expected):
    """Cuts into shingles of 5 characters by default, and looks at enough bands."""
    # These share 20 of 21 shingles, 21 of 22 of 4 characters, and 19 of 20 of 6. Such a
    # link is missed with a chance of (1 - (20/21)**4)**32 = 9e-25.
    documents = ["abcdefghijklmnopqrstuvwx", "abcdefghijklmnopqrstuvwxy"]
    check(submission.near_duplicates(documents, threshold, generator(1)), expected)


def test_misses_no_more_than_it_must(submission, rng):
    """Misses about (1 - s)**4 of the links of a chain, with 4 bands of one row."""
    # Windows of 7 letters: neighbours share 6 of 8, others 5 of 9 at most. Of 999 links
    # 0.4 % are missed, 4; more than 30 with a chance below 1e-15. Half of the bands, or
    # a look at the first of each group alone, miss 60.
    letters = "".join(map(chr, rng.permutation(np.arange(0x4E00, 0x4E00 + 1006))))
    order = rng.permutation(1000)
    documents = [letters[at : at + 7] for at in order]
    seed = int(rng.integers(2**32))
    groups = near(submission, documents, 0.75, 1, seed, n_bands=4, n_rows=1)
    for group in groups:
        check(group, sorted(group))
        run = sorted(int(order[int(document)]) for document in group)
        check(run, list(range(run[0], run[0] + len(run))))
    check_number(sum(len(group) - 1 for group in groups), 999 - 30, 999)


def test_chance_comes_from_rng(submission):
    """Finds other links for other seeds, where one hash function sees half of them."""
    # 2 sets of 3 share 2. That 12 seeds find the same of 12 such links: 2**-132.
    starts = [start + i for start in range(200, 320, 10) for i in (0, 1)]
    documents = ["".join(map(chr, range(start, start + 3))) for start in starts]
    band = {"n_bands": 1, "n_rows": 1}
    found = [near(submission, documents, 0.5, 1, seed, **band) for seed in range(12)]
    check_number(len(set(map(str, found))), 2, 12)


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("documents", "threshold", "expected"),
    [
        pytest.param([], 0.5, [], id="no documents"),
        pytest.param(["", "abc", ""], 1e-9, [[0, 2]], id="two that are empty"),
        pytest.param(["ab", "abc", "ab"], 1e-9, [[0, 2]], id="shorter than a shingle"),
        pytest.param(["Abc", "abc", " abc"], 1.0, [], id="case and spaces"),
        pytest.param(["é語🙂", "é語🙂", "ж語🙂"], 1.0, [[0, 1]], id="past ASCII"),
        pytest.param(["\ud800a", "\udfffa", "\ud800a"], 1.0, [[0, 2]], id="surrogates"),
    ],
)
def test_extreme_documents(submission, documents, threshold, expected):
    """Takes documents that are empty, short, or of any characters, and none at all."""
    check(near(submission, documents, threshold, 3, 1, **SURE), expected)


@pytest.mark.validation
@pytest.mark.parametrize(
    "arguments",
    refusals(
        CALL,
        {
            "threshold": ["zero", "negative"],
            "threshold above 1": {"threshold": 1.01},
            "no characters": {"size": 0},
            "no bands": {"n_bands": 0},
        },
    ),
)
def test_refuses(submission, arguments):
    """Raises ValueError for a threshold outside (0, 1] and any other number below 1."""
    with pytest.raises(ValueError):
        submission.near_duplicates(**arguments)


def run(module, documents, rng, n_bands, n_rows):
    """Call the answer or the reference."""
    return module.near_duplicates(documents, 0.75, rng, n_bands=n_bands, n_rows=n_rows)


@pytest.mark.efficiency
@pytest.mark.timeout(60)  # for the stop, where the machine is slow
def test_many_pages_with_a_footer(check_slowdown):
    """Does not compare each with each of 3,000 pages, all of which share a footer."""

    def sample(rng):
        letters = rng.integers(97, 123, (3000, 60), dtype=np.uint8)
        texts = [row.tobytes().decode() + " Imprint" for row in letters]
        for i in range(0, 3000, 100):  # copies, which nobody can miss
            texts[i] = texts[i + 50] = texts[i + 51]
        return texts, generator(1), 4, 4

    # Python loops over hashes of long integers take 7.2 times as long as the solution,
    # all pairs 57 times.
    check_slowdown(run, sample, limit=20)


@pytest.mark.efficiency
@pytest.mark.timeout(60)  # likewise
def test_many_copies(check_slowdown):
    """Does not compare all pairs of 3,000 pages that are copies but for a number."""

    # Of 63 shingles, 57 are in all pages, so that a page meets the most in a band with
    # a chance of 0.9, and in none of 16 bands with one of 4e-17.
    def sample(rng):
        page = rng.integers(97, 123, 60, dtype=np.uint8).tobytes().decode()
        texts = [f"{page} {number:06}" for number in rng.integers(10**6, size=3000)]
        return texts, generator(1), 16, 1

    # Python loops take 3.8 times as long as the solution, all pairs 56 times, all pairs
    # of each bucket more.
    check_slowdown(run, sample, limit=15)
