"""Near-duplicate documents.

Half of the pages that we crawled are copies of others, but for a date or a word. Find
the groups before we train on them. There are millions of pages, so nobody can compare
every pair. NumPy and the standard library.

Say first what the chance is that two sets have the same least element in a random
order. Then mind the extremes: a footer that all pages share, thousands of copies of one
page, and long chains in which only neighbours are alike.
"""

import zlib
from collections import defaultdict

import numpy as np

_PRIME = 2_147_483_647  # 2**31 - 1: its product with a crc32 fits into 64 bits
_NOTHING = 2**63 - 1


def shingles(document: str, size: int) -> set[str]:
    """Return the set of all substrings of `size` characters, 1 or more.

    Any str is a document; case, spaces and accents count. One that is shorter than size
    is its own only shingle, and an empty one has none.

    Example:
        >>> sorted(shingles("banana", 3))
        ['ana', 'ban', 'nan']
    """
    last = max(len(document) - size, 0)
    return {document[i : i + size] for i in range(last + 1) if document}


def minhash(
    sets: list[set[str]], n_hashes: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a signature for each set: the least value of each hash function in it.

    The functions are drawn from rng alone, independently, so that on average two
    signatures agree in that share of entries which is the Jaccard similarity of the
    sets, |A & B| / |A | B|, also for sets of 20,000 strings. The same state of rng and
    n_hashes, 1 or more, give the same functions within one run of Python, whatever the
    sets are. A set may be empty, and there may be none.

    Returns:
        (n_sets, n_hashes) of integers. A hash value is at least 0 and below 2**63 - 1;
        the signature of the empty set is 2**63 - 1 throughout.

    Source: Broder (1997), doi:10.1109/SEQUEN.1997.666900.
    """
    slope = rng.integers(1, _PRIME, n_hashes)
    shift = rng.integers(_PRIME, size=n_hashes)
    signatures = np.full((len(sets), n_hashes), _NOTHING)
    for signature, members in zip(signatures, sets, strict=True):
        # Not Python's hash, which differs from one process to the next.
        codes = [zlib.crc32(m.encode(errors="surrogatepass")) for m in members]
        keys = np.array(codes, dtype=np.int64)
        values = (slope * keys[:, np.newaxis] + shift) % _PRIME
        values.min(axis=0, initial=_NOTHING, out=signature)
    return signatures


def near_duplicates(
    documents: list[str],
    threshold: float,
    rng: np.random.Generator,
    *,
    size: int = 5,
    n_bands: int = 32,
    n_rows: int = 4,
) -> list[list[int]]:
    """Return the groups of documents that are copies of each other, or nearly so.

    Two documents are linked if the Jaccard similarity of their shingles, as a float,
    is at least the threshold. (If both have none, it is 1.) A group is whatever links
    hold together, directly or by way of others.

    Compare only pairs whose signatures, of n_bands * n_rows entries from rng, agree in
    all n_rows entries of at least one of the n_bands bands. So a link of similarity s
    may be missed, with a chance of about (1 - s ** n_rows) ** n_bands at most. What is
    no link must never count as one. As long as few pairs agree in a band by accident,
    the time is about linear in the number of documents, even if thousands of them are
    nearly the same.

    Returns:
        The groups of two documents or more, each as ascending places in `documents`, in
        the order of their first places.

    Raises:
        ValueError: If threshold is outside (0, 1], or size, n_bands or n_rows below 1.

    Example:
        >>> pages = ["Hello, world", "Good bye", "Hello, world!", "Hello, world"]
        >>> near_duplicates(pages, 0.8, np.random.default_rng(0))
        [[0, 2, 3]]
    """
    if not 0 < threshold <= 1 or min(size, n_bands, n_rows) < 1:
        raise ValueError(f"{threshold=}, {size=}, {n_bands=}, {n_rows=}")
    sets = [shingles(document, size) for document in documents]
    signatures = minhash(sets, n_bands * n_rows, rng)
    parents = list(range(len(sets)))
    for band in np.split(signatures, n_bands, axis=1):
        for bucket in _equal_rows(band):
            _join_similar(bucket, sets, threshold, parents)

    members = defaultdict(list)
    for document in range(len(sets)):
        members[_root(parents, document)].append(document)
    return [group for group in members.values() if len(group) > 1]


def _equal_rows(rows: np.ndarray) -> list[list[int]]:
    """Return the places of rows that are equal, together."""
    buckets = defaultdict(list)
    for place, row in enumerate(rows):
        buckets[row.tobytes()].append(place)
    return list(buckets.values())


def _join_similar(
    bucket: list[int], sets: list[set[str]], threshold: float, parents: list[int]
) -> None:
    """Join the groups of documents in a bucket that are linked.

    A document is compared with those of a group only until one of them is similar, so
    that a bucket of m copies takes m comparisons.
    """
    met: dict[int, list[int]] = {}  # the root of each group, and who of it is here
    for document in bucket:
        root, joined = _root(parents, document), [document]
        for other, group in list(met.items()):
            if other == root or any(
                _jaccard(sets[document], sets[member]) >= threshold for member in group
            ):
                parents[other] = root
                group.extend(joined)
                joined = group
                del met[other]
        met[root] = joined


def _jaccard(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    total = len(one) + len(other) - shared
    return shared / total if total else 1.0


def _root(parents: list[int], document: int) -> int:
    """Return who stands for the document's group, and shorten the way there."""
    while parents[document] != document:
        parents[document] = parents[parents[document]]
        document = parents[document]
    return document
