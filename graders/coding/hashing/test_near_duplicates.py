"""Grader for near-duplicate documents: the interviewer's side of the table."""

import string

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graders.harness import check, check_array

NOTHING = 2**63 - 1
SEEDS = st.integers(0, 2**32 - 1)
QUARTERS = st.sampled_from([0.25, 0.5, 0.75, 1.0])  # exact, as similarities should be
TEXTS = st.text("abcd", max_size=6)
SETS = st.lists(
    st.sets(st.sampled_from(["a", "b", "ab", "é", "日本", "🙂"])), max_size=5
)

# With one row to a band, 128 bands overlook a link of similarity 1/4 or more with a
# chance of (3/4)**128 = 1e-16. All laws here together look at fewer than 10,000 links.
SURE = {"n_bands": 128, "n_rows": 1}


def generator(seed):
    """Return a random generator."""
    return np.random.default_rng(seed)


def pieces(document, size):
    """Return the shingles by their definition."""
    if not document:
        return set()
    if len(document) < size:
        return {document}
    return {document[i : i + size] for i in range(len(document) - size + 1)}


def are_linked(one, other, size, threshold):
    """Return whether two documents are so much alike."""
    a, b = pieces(one, size), pieces(other, size)
    return a == b or len(a & b) / len(a | b) >= threshold


def groups_by_definition(documents, threshold, size):
    """Return the groups: let each link give its two documents one label, ever again."""
    labels = list(range(len(documents)))
    changed = True
    while changed:
        changed = False
        for i, one in enumerate(documents):
            for j, other in enumerate(documents):
                if labels[i] < labels[j] and are_linked(one, other, size, threshold):
                    labels[j] = labels[i]
                    changed = True
    groups = [[i for i, at in enumerate(labels) if at == label]
              for label in sorted(set(labels))]  # fmt: skip
    return [group for group in groups if len(group) > 1]


def signatures_of(submission, sets, n_hashes, seed):
    """Return the signatures, once they are an array of integers of that shape."""
    rows = submission.minhash(sets, n_hashes, generator(seed))
    return check_array(rows, (len(sets), n_hashes), kind="i")


@pytest.mark.parametrize(
    ("document", "size", "expected"),
    [
        ("banana", 3, {"ban", "ana", "nan"}),
        ("banana", 1, {"b", "a", "n"}),
        ("banana", 5, {"banan", "anana"}),
        ("banana", 6, {"banana"}),
        ("banana", 7, {"banana"}),
        ("banana", 100, {"banana"}),
        ("", 1, set()),
        ("", 4, set()),
        ("A a", 2, {"A ", " a"}),
        ("été 🙂", 2, {"ét", "té", "é ", " 🙂"}),
        ("e\u0301\n", 1, {"e", "\u0301", "\n"}),
    ],
)
def test_shingles_by_hand(submission, document, size, expected):
    """Cuts a text into all pieces of that size, a short one into itself."""
    check(submission.shingles(document, size), expected)


@given(TEXTS, st.integers(1, 7))
@settings(max_examples=40)
def test_shingles_match_the_definition(submission, document, size):
    """Gives each piece of that size once, however often it occurs."""
    check(submission.shingles(document, size), pieces(document, size))


@given(SETS, SETS, st.integers(1, 5), SEEDS)
@settings(max_examples=60)
def test_a_union_has_the_lesser_values(submission, ones, others, n_hashes, seed):
    """Gives the union of two sets the lesser of their values, entry by entry."""
    ones, others = ones[: len(others)], others[: len(ones)]
    one, other = (signatures_of(submission, s, n_hashes, seed) for s in (ones, others))
    unions = [a | b for a, b in zip(ones, others, strict=True)]
    union = signatures_of(submission, unions, n_hashes, seed)
    check(union, np.minimum(one, other))


@given(SETS, st.integers(1, 5), SEEDS)
@settings(max_examples=40)
def test_a_signature_is_the_sets_own(submission, sets, n_hashes, seed):
    """Gives a set the same signature in another call, whichever sets are around it."""
    together = signatures_of(submission, sets, n_hashes, seed)
    reverse = signatures_of(submission, sets[::-1], n_hashes, seed)
    check(reverse, together[::-1])
    for row, members in zip(together, sets, strict=True):
        alone = signatures_of(submission, [members], n_hashes, seed)
        check(alone[0], row)


@given(SETS, SEEDS)
@settings(max_examples=40)
def test_range_of_the_values(submission, sets, seed):
    """Gives values from 0 to 2**63 - 2, and 2**63 - 1 throughout for the empty set."""
    sets = [*sets, set()]
    rows = submission.minhash(sets, 4, generator(seed))
    rows = check_array(rows, (len(sets), 4), kind="i")
    for row, members in zip(rows.tolist(), sets, strict=True):
        if members:
            assert min(row) >= 0, f"{min(row)} is negative"
            assert max(row) < NOTHING, f"{members} has the values of the empty set"
        else:
            check(row, [NOTHING] * 4)


# A share of 2,000 entries is off by 0.1 or more with a chance of 2 exp(-40) = 8e-18
# (Hoeffding), and for functions that favour some members by 0.02, as those that are
# linear in a hash value may, of 2 exp(-25) = 2e-11. There are 29 such shares.
N_HASHES, OFF = 2000, 0.1


def check_share(rows, i, j, expected, sets):
    """Demand that two signatures agree in about the share that their sets have."""
    share = float(np.mean(rows[i] == rows[j]))
    assert abs(share - expected) < OFF, (
        f"{share:.3f} of {N_HASHES} entries agree, for sets of similarity "
        f"{expected:.3f}: {sets[i]} and {sets[j]}"
    )


def words(rng, n):
    """Draw different words, some with letters past ASCII."""
    letters = list("abcdefghijklmnopqrstuvwxyzéßж語🙂")
    found = set()
    while len(found) < n:
        found.add("".join(rng.choice(letters, 6)))
    return sorted(found)


def test_agreement_estimates_similarity(submission, rng):
    """Agrees, on average, in that share of entries which is the Jaccard similarity."""
    a = words(rng, 40)
    sets = [set(a[:24]), set(a[16:]), set(a[8:32]), set(a[:36]), set(a), set(a[39:])]
    rows = signatures_of(submission, sets, N_HASHES, int(rng.integers(2**32)))
    for i in range(len(sets)):
        for j in range(i):
            share = len(sets[i] & sets[j]) / len(sets[i] | sets[j])
            check_share(rows, i, j, share, sets)


def test_each_member_is_the_least_as_often(submission, rng):
    """Lets each of three members of a set have the least value a third of the time."""
    for _ in range(4):
        a, b, c = words(rng, 3)
        sets = [{a, b, c}, {a}, {b}, {c}]
        rows = signatures_of(submission, sets, N_HASHES, int(rng.integers(2**32)))
        for one in (1, 2, 3):
            check_share(rows, 0, one, 1 / 3, sets)


def test_letters_past_ascii_count(submission, rng):
    """Tells strings apart that differ in their letters past ASCII alone."""
    sets = [{"é", "語", "🙂"}, {"é"}, {"ж", "ß"}]
    rows = signatures_of(submission, sets, N_HASHES, int(rng.integers(2**32)))
    check_share(rows, 0, 1, 1 / 3, sets)
    check_share(rows, 0, 2, 0.0, sets)


def near(submission, documents, threshold, size, seed, **bands):
    """Return the groups that the answer finds."""
    return submission.near_duplicates(
        documents, threshold, generator(seed), size=size, **bands
    )


@pytest.mark.parametrize(
    ("documents", "threshold", "expected"),
    [
        pytest.param(["abc", "abc"], 1.0, [[0, 1]], id="copies"),
        pytest.param(["abc", "xyz", "abc"], 0.5, [[0, 2]], id="one between"),
        pytest.param(["abc", "xyz"], 0.25, [], id="none"),
        pytest.param(["abc", "bcd"], 0.5, [[0, 1]], id="just the threshold"),
        pytest.param(["abc", "bcd"], 0.75, [], id="below the threshold"),
        pytest.param(["abc", "bcd", "cde"], 0.5, [[0, 1, 2]], id="by way of another"),
        pytest.param(["abc", "cde", "bcd"], 0.5, [[0, 1, 2]], id="joined by the last"),
        pytest.param(["xy", "a", "xy", "a"], 1.0, [[0, 2], [1, 3]], id="two groups"),
        pytest.param(["u", "ab", "u", "ab", "ba"], 1, [[0, 2], [1, 3, 4]], id="order"),
        pytest.param(["ab", "abcd"], 0.75, [], id="a part of the other"),
        pytest.param(["aab", "abb", "ba"], 1.0, [[0, 1, 2]], id="sets, not counts"),
        # Wherever the last two meet, one of the single letters is before them.
        pytest.param([*"abcdef", "abcdefX", "abcdefY"], 0.75, [[6, 7]], id="crowded"),
        pytest.param(["abcdefX", *"abcdef", "abcdefY"], 0.75, [[0, 7]], id="far apart"),
    ],
)  # fmt: skip
def test_groups_by_hand(submission, documents, threshold, expected):
    """Finds the groups that you see in texts of a few letters, cut into letters."""
    check(near(submission, documents, threshold, 1, 1, **SURE), expected)


@given(st.lists(TEXTS, max_size=7), QUARTERS, st.integers(1, 3), SEEDS)
@settings(max_examples=80)
def test_groups_match_the_definition(submission, documents, threshold, size, seed):
    """Gives the groups that comparing each with each would, bands permitting."""
    expected = groups_by_definition(documents, threshold, size)
    check(near(submission, documents, threshold, size, seed, **SURE), expected)


@given(st.lists(TEXTS, min_size=1, max_size=6), QUARTERS, st.data())
@settings(max_examples=40)
def test_the_order_of_documents_does_not_matter(submission, documents, least, data):
    """Finds the same groups for the documents in another order."""
    order = data.draw(st.permutations(range(len(documents))))
    moved = [documents[i] for i in order]
    check(
        near(submission, documents, least, 2, 1, **SURE),
        groups_by_definition(documents, least, 2),
    )
    expected = [
        sorted(order.index(i) for i in group)
        for group in groups_by_definition(documents, least, 2)
    ]
    check(near(submission, moved, least, 2, 1, **SURE), sorted(expected))


@given(st.lists(TEXTS, min_size=1, max_size=6), QUARTERS, st.data())
@settings(max_examples=40)
def test_a_copy_joins_its_original(submission, documents, least, data):
    """Puts a copy into the group of its original, and changes no other group."""
    n = len(documents)
    of = data.draw(st.integers(0, n - 1))
    groups = groups_by_definition(documents, least, 2)
    check(near(submission, documents, least, 2, 1, **SURE), groups)
    own = next((group for group in groups if of in group), [of])
    expected = [group for group in groups if group is not own] + [[*own, n]]
    copied = [*documents, documents[of]]
    check(near(submission, copied, least, 2, 1, **SURE), sorted(expected))


# Links of similarity 0.9 and more are overlooked with a chance of 1.5e-15 by the 32
# bands of 4 rows that are the default.
def test_the_default_bands(submission, rng):
    """Finds nearly all like documents with 32 bands of 4 rows, and shingles of 5."""
    pages = ["".join(rng.choice(list(string.ascii_lowercase), 200)) for _ in range(20)]
    # A letter more at the end makes one shingle more, of 197.
    documents = [text for page in pages for text in (page, page + "!")]
    expected = [[2 * i, 2 * i + 1] for i in range(len(pages))]
    found = submission.near_duplicates(documents, 0.9, generator(1))
    check(found, expected)


def test_what_merely_shares_a_band(submission, rng):
    """Links no documents below the threshold, though they meet in nearly every band."""
    # With a row to a band and 128 bands, two texts of which half is the same never
    # fail to meet; their similarity of 1/3 is below the threshold.
    footer = "".join(rng.choice(list(string.ascii_lowercase), 54))
    heads = ["".join(rng.choice(list(string.ascii_uppercase), 50)) for _ in range(12)]
    documents = [head + footer for head in heads]
    documents += [heads[3] + footer + ".", heads[7] + footer + "."]
    check(near(submission, documents, 0.75, 5, 1, **SURE), [[3, 12], [7, 13]])


def test_a_chain(submission, rng):
    """Follows a chain of 2,000 documents in which only neighbours are alike."""
    # Letters n, n + 1, n + 2 against the next: 2 of 4. One of the 1,999 links is
    # overlooked with a chance of 1,999 / 2**64 = 1e-16, or 1e-12 if similarities of 1/2
    # are as those of 0.42 to some family of hash functions.
    chain = ["".join(map(chr, range(n, n + 3))) for n in range(0x4E00, 0x4E00 + 2000)]
    for order in (range(2000), rng.permutation(2000)):
        documents = [chain[i] for i in order]
        found = near(submission, documents, 0.5, 1, 1, n_bands=64, n_rows=1)
        check(found, [list(range(2000))])


def test_linked_to_one_of_a_group(submission):
    """Joins to a group a document that is like one of its members, not like all."""
    # Of 202 letters they share 200, so that all three meet in nearly every band. That
    # two never meet has a chance of 1 / 202**8 = 4e-19, and the third is like the
    # second alone: 201 of 202 against 200 of 202.
    letters = "".join(map(chr, range(0x4E00, 0x4E00 + 200)))
    documents = [letters + "a", letters + "ab", letters + "b"]
    found = near(submission, documents, 0.9925, 1, 1, n_bands=8, n_rows=1)
    check(found, [[0, 1, 2]])


@pytest.mark.edge_cases
@pytest.mark.parametrize(
    ("documents", "threshold", "expected"),
    [
        pytest.param([], 0.5, [], id="no documents"),
        pytest.param(["abc"], 0.5, [], id="one"),
        pytest.param([""], 1.0, [], id="one that is empty"),
        pytest.param(["", "abc", ""], 1.0, [[0, 2]], id="two that are empty"),
        pytest.param(["", "abc", ""], 1e-9, [[0, 2]], id="a tiny threshold"),
        pytest.param(["ab", "abc", "ab"], 1e-9, [[0, 2]], id="shorter than a shingle"),
        pytest.param(["ab", "ab", "ba"], 1.0, [[0, 1]], id="short ones"),
        pytest.param(["Abc", "abc", " abc"], 1.0, [], id="case and spaces"),
        pytest.param(["é語🙂", "é語🙂", "ж語🙂"], 1.0, [[0, 1]], id="past ASCII"),
        pytest.param(["é", "e\u0301"], 1.0, [], id="two ways to write it"),
    ],
)
def test_extreme_documents(submission, documents, threshold, expected):
    """Takes documents that are empty, short, or in any script, and none at all."""
    check(near(submission, documents, threshold, 3, 1, **SURE), expected)


@pytest.mark.edge_cases
def test_no_sets(submission):
    """Gives an array without rows for no sets."""
    rows = submission.minhash([], 3, generator(1))
    check(rows, np.empty((0, 3), dtype=np.int64))


@pytest.mark.edge_cases
@pytest.mark.parametrize("documents", [[], ["abc", "abd"]])
@pytest.mark.parametrize(
    "options",
    [
        {"threshold": 0},
        {"threshold": -0.5},
        {"threshold": 1.01},
        {"threshold": np.nan},
        {"size": 0},
        {"n_bands": 0},
        {"n_rows": 0},
        {"n_bands": -2, "n_rows": -2},
    ],
)
def test_refuses_settings_out_of_range(submission, documents, options):
    """Raises ValueError for a threshold outside (0, 1] and any other number below 1."""
    settings = {"threshold": 0.5, **options}
    with pytest.raises(ValueError):
        submission.near_duplicates(documents, rng=generator(1), **settings)


@pytest.mark.edge_cases
@pytest.mark.parametrize("number", [0, -1])
def test_refuses_no_characters_and_no_hashes(submission, number):
    """Raises ValueError for shingles of no characters and signatures of no entries."""
    for document in ("", "abc"):
        with pytest.raises(ValueError):
            submission.shingles(document, number)
    for sets in ([], [{"a"}]):
        with pytest.raises(ValueError):
            submission.minhash(sets, number, generator(1))


def run(module, documents, rng, n_bands, n_rows):
    """Call the answer or the reference."""
    return module.near_duplicates(documents, 0.75, rng, n_bands=n_bands, n_rows=n_rows)


@pytest.mark.efficiency
@pytest.mark.timeout(30)  # for the stop, where the machine is slow
def test_many_pages_with_a_footer(check_slowdown):
    """Does not compare each with each of 3,000 pages, all of which share a footer."""

    def sample(rng):
        letters = rng.integers(97, 123, (3000, 60), dtype=np.uint8)
        texts = [row.tobytes().decode() + " Imprint" for row in letters]
        for i in range(0, 3000, 100):  # copies, which nobody can overlook
            texts[i] = texts[i + 50] = texts[i + 51]
        return texts, generator(1), 4, 4

    # The reference takes 0.2 s. Python loops over hashes of long integers take 7 times
    # that, an index from shingles to documents 4 times; all pairs, 50 to 80 times.
    check_slowdown(run, sample, limit=20)


@pytest.mark.efficiency
@pytest.mark.timeout(30)  # likewise
def test_many_copies(check_slowdown):
    """Does not compare all pairs of 3,000 pages that are copies but for a number."""

    # Of 63 shingles, 57 are in all pages, so that a page meets the most in a band with
    # a chance of 0.9, and in none of 16 bands with one of 4e-17.
    def sample(rng):
        page = rng.integers(97, 123, 60, dtype=np.uint8).tobytes().decode()
        texts = [f"{page} {number:06}" for number in rng.integers(10**6, size=3000)]
        return texts, generator(1), 16, 1

    # The reference takes 0.1 s, Python loops 5 times that. All pairs take 80 times; all
    # pairs of a bucket, were only those compared that hang not together yet, 100 times.
    check_slowdown(run, sample, limit=20)
