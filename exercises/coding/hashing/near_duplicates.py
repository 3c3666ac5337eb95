"""Near-duplicate documents.

Half of the pages that we crawled are copies of others, but for a date or a word.
Find the groups before we train on them: there are millions of pages, so nobody can
compare each with each. NumPy and the standard library.

Say first what the chance is that two sets have the same least element in a random
order. Then mind the extremes: a footer that all pages share, thousands of copies of one
page, and long chains in which only neighbours are alike.
"""

import numpy as np


def shingles(document: str, size: int) -> set[str]:
    """Return the set of the pieces of `size` characters in a row.

    Args:
        document: Any text. Its characters are those of Python's str, taken as they
            are: case, spaces and accents all count.
        size: 1 or more.

    Returns:
        The shingles. A document that is shorter than size is its own only shingle,
        and an empty one has none.

    Raises:
        ValueError: If size is less than 1.

    Example:
        >>> sorted(shingles("banana", 3))
        ['ana', 'ban', 'nan']
    """
    raise NotImplementedError


def minhash(
    sets: list[set[str]], n_hashes: int, rng: np.random.Generator
) -> np.ndarray:
    """Return a signature for each set: the least value of each hash function in it.

    The functions are drawn from rng independently of each other, such that each member
    of a set is about as likely as any other to have the least value. So two signatures
    agree, on average, in that share of their entries which is the Jaccard similarity of
    the sets, |A & B| / |A | B|. The same state of rng and the same n_hashes give the
    same functions, whatever the sets are: signatures from two calls can be compared, if
    not from two runs of Python (its own hash of strings differs between those).

    Args:
        sets: Of any strings, perhaps empty. There may be none.
        n_hashes: 1 or more.
        rng: The only source of chance. What you draw from it is up to you.

    Returns:
        (n_sets, n_hashes) of int64. A hash value is at least 0 and below 2**63 - 1;
        the signature of the empty set is 2**63 - 1 throughout.

    Raises:
        ValueError: If n_hashes is less than 1.

    Example:
        >>> sets = [{"a", "b"}, {"c"}, {"a", "b", "c"}]
        >>> one, other, both = minhash(sets, 100, np.random.default_rng(0))
        >>> bool(np.all(both == np.minimum(one, other)))
        True

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

    It is enough to look at pairs whose signatures, of n_bands * n_rows entries, agree
    in a band: in all n_rows entries of one of its n_bands parts. So a link between
    documents of similarity s may be overlooked, but with a chance of no more than about
    (1 - s ** n_rows) ** n_bands. What is no link must never count as one.

    As long as few pairs agree in a band by accident, the time is about linear in the
    number of documents, also if thousands of them are nearly the same.

    Args:
        documents: Any texts, perhaps empty. There may be none.
        threshold: Above 0 and at most 1.
        rng: The only source of chance.
        size: Of the shingles, in characters; 1 or more.
        n_bands: 1 or more.
        n_rows: 1 or more.

    Returns:
        The groups of two documents or more, each as their places in `documents` from
        low to high, in the order of their first places.

    Raises:
        ValueError: If threshold is NaN or outside (0, 1], or another number is less
            than 1. The numbers are checked even if there are no documents.

    Example:
        >>> pages = ["Hello, world", "Good bye", "Hello, world!", "Hello, world"]
        >>> near_duplicates(pages, 0.8, np.random.default_rng(0))
        [[0, 2, 3]]

    Source: Leskovec, Rajaraman and Ullman (2020), doi:10.1017/9781108684163, chapter 3.
    """
    raise NotImplementedError
