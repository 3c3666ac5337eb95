"""Checks of near-duplicate documents: what the interviewer looks for."""

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
SEEDS = st.integers(0, 2**32 - 1)
QUARTERS = st.sampled_from([0.25, 0.5, 0.75, 1.0])  # exact, as similarities should be
TEXTS = st.text("abcd", max_size=6)
MEMBERS = st.sampled_from(["a", "b", "ab", "é", "日本", "🙂", "\ud800"])
SETS = st.lists(st.sets(MEMBERS), max_size=5)

# With one row to a band, 128 bands miss a link of similarity 1/4 or more with a chance
# of (3/4)**128 = 1e-16. All checks here together look at fewer than 10,000 links.
SURE = {"n_bands": 128, "n_rows": 1}


def generator(seed):
    """Return a random generator."""
    return np.random.default_rng(seed)


def pieces(document, size):
    """Return the shingles by their definition."""
    if len(document) < size:
        return {document} - {""}
    return {document[i : i + size] for i in range(len(document) - size + 1)}


def groups_by_definition(documents, threshold, size):
    """Return the groups: let each link give its two documents one label, ever again."""
    sets = [pieces(document, size) for document in documents]
    labels, changed = list(range(len(sets))), True
    while changed:
        changed = False
        for j, b in enumerate(sets):
            for i, a in enumerate(sets):
                linked = a == b or len(a & b) / len(a | b) >= threshold
                if linked and labels[i] < labels[j]:
                    labels[j], changed = labels[i], True
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
    """Demand lists of places from 0 to n - 1."""
    if type(groups) is not list or any(type(group) is not list for group in groups):
        raise Wrong(f"expected a list of lists, got {groups!r:.100}")
    for place in (place for group in groups for place in group):
        if not isinstance(place, (int, np.integer)) or not 0 <= place < n:
            raise Wrong(f"expected places from 0 to {n - 1}, got {place!r:.100}")


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


def words(rng, n):
    """Draw different words, some with letters past ASCII."""
    letters = list("abcdefghijklmnopqrstuvwxyzéßж語🙂")
    return list({"".join(rng.choice(letters, 8)): None for _ in range(n)})


def test_agreement_estimates_similarity(submission, rng):
    """Agrees, on average, in that share of entries which is the Jaccard similarity."""
    a = words(rng, 40)
    sets = [set(a[:24]), set(a[16:]), set(a[8:32]), set(a[:36]), set(a), set(a[39:])]
    sets += [set(a[:3]), set(a[:1]), set(a[2:3])]
    rows = signatures_of(submission, sets, N_HASHES, int(rng.integers(2**32)))
    for i in range(len(sets)):
        for j in range(i):
            check_share(count_equal(rows[i], rows[j]) / N_HASHES, sets[i], sets[j])


def check_share(share, one, other):
    """Demand that signatures agree in about the share that their sets have."""
    expected = len(one & other) / len(one | other)
    if not abs(share - expected) < OFF:
        raise Wrong(
            f"{share:.3f} of {N_HASHES} entries agree, for sets of similarity "
            f"{expected:.3f}: {one} and {other}"
        )


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
    check_number(count_equal(rows[0], again[0]), 0, 20 if seed == other else 10)


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


def test_the_default_bands(submission, rng):
    """Finds nearly all like documents with 32 bands of 4 rows, and shingles of 5."""
    # One of 20 links of 196/197 is missed with a chance of 1e-52.
    pages = ["".join(rng.choice(list("abcdefghijklmnop"), 200)) for _ in range(20)]
    documents = [text for page in pages for text in (page, page + "!")]
    expected = [[2 * i, 2 * i + 1] for i in range(len(pages))]
    check(submission.near_duplicates(documents, 0.9, generator(1)), expected)


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
        run = sorted(int(order[document]) for document in group)
        check(run, list(range(run[0], run[0] + len(run))))
    check_number(sum(len(group) - 1 for group in groups), 999 - 30, 999)


def test_chance_comes_from_rng(submission):
    """Finds the same links for the same seed, and for other seeds other links."""
    # With one hash function, 2 sets of 3 agree in half of all cases. That 12 seeds find
    # the same of 12 such links has a chance of 2**-132; to find all is no fault.
    documents = ["".join(map(chr, range(at, at + 3))) for n in range(12)
                 for at in (97 + 4 * n, 98 + 4 * n)]  # fmt: skip
    found = [near(submission, documents, 0.5, 1, seed, n_bands=1, n_rows=1)
             for seed in [*range(12), *range(12)]]  # fmt: skip
    check(found[:12], found[12:])
    require_variety(found, [[i, i + 1] for i in range(0, 24, 2)])


def require_variety(found, everything):
    """Demand that the groups are not the same for all seeds, unless none is missing."""
    if all(groups == found[0] != everything for groups in found):
        raise Wrong(f"it found {found[0]} for all of 12 seeds")


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


@pytest.mark.edge_cases
def test_no_sets(submission):
    """Gives an array without rows for no sets."""
    check(signatures_of(submission, [], 3, 1).shape, (0, 3))


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
