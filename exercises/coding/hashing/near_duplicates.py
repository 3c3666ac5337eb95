"""Near-duplicate documents.

Half of the pages that we crawled are copies of others, but for a date or a word. Find
the groups before we train on them. There are millions of pages, so nobody can compare
every pair. NumPy and the standard library.

Say first what the chance is that two sets have the same least element in a random
order. Then mind the extremes: a footer that all pages share, thousands of copies of one
page, and long chains in which only neighbours are alike.
"""

import numpy as np


def shingles(document: str, size: int) -> set[str]:
    """Return the set of all substrings of `size` characters, 1 or more.

    Any str is a document; case, spaces and accents count. One that is shorter than size
    is its own only shingle, and an empty one has none.

    Example:
        >>> sorted(shingles("banana", 3))
        ['ana', 'ban', 'nan']
    """
    raise NotImplementedError


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
    raise NotImplementedError


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
    raise NotImplementedError
