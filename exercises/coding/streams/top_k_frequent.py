"""Most frequent items, and quickselect.

Two classics about what need not be sorted: the k items that occur most often in a log,
and the k-th smallest of many values.
"""


def top_k_frequent(items: list[str], k: int) -> list[str]:
    """Return the k items that occur most often, the most frequent first.

    Of items that occur equally often, the one that occurred first comes first. With
    fewer than k different items, return all of them. One pass over the items, not one
    for every different item.

    Args:
        items: Any number of strings.
        k: How many to return, 0 or more.

    Example:
        >>> top_k_frequent(["b", "a", "c", "a", "b", "d"], 3)
        ['b', 'a', 'c']
    """
    raise NotImplementedError


def quickselect(values: list[float], k: int) -> float:
    """Return the k-th smallest value, counting from 1 and counting repeats.

    O(n) on average is asked for, which no sort is. What is measured is less: no O(n**2)
    steps on values that are shuffled, ascending, descending or all equal.

    Args:
        values: n numbers, NaN excluded.
        k: From 1 to n.

    Raises:
        ValueError: If k is below 1 or above n, or there are no values.

    Example:
        >>> quickselect([5.0, 1.0, 4.0, 1.0], 3)
        4.0

    Source: Hoare, 1961, doi:10.1145/366622.366647.
    """
    raise NotImplementedError
