"""What several graders draw: small inputs, full of ties, exact in floats.

Numbers are quarters, so that sums and products of a few are exact, ties are common and
a failing input is short to read.
"""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

quarters = st.integers(-12, 12).map(lambda count: count / 4)


def matrices(
    rows: int | tuple[int, int] = (1, 6),
    columns: int | tuple[int, int] = (1, 4),
    elements: st.SearchStrategy[float] = quarters,
) -> st.SearchStrategy[np.ndarray]:
    """Draw a float matrix; a pair of numbers stands for any size between them."""

    def shaped(shape: tuple[int, int]) -> st.SearchStrategy[np.ndarray]:
        return hnp.arrays(float, shape, elements=elements)

    return st.tuples(_sizes(rows), _sizes(columns)).flatmap(shaped)


def vectors(
    size: int | tuple[int, int] = (1, 8),
    elements: st.SearchStrategy[float] = quarters,
) -> st.SearchStrategy[np.ndarray]:
    """Draw a float vector; a pair of numbers stands for any length between them."""
    return _sizes(size).flatmap(lambda n: hnp.arrays(float, n, elements=elements))


@st.composite
def labelled_scores(
    draw: Any, most: int = 20, scores: st.SearchStrategy[float] = quarters
) -> tuple[np.ndarray, np.ndarray]:
    """Draw labels 0 and 1 with both classes present, and scores full of ties."""
    pairs = draw(
        st.lists(st.tuples(st.integers(0, 1), scores), min_size=2, max_size=most)
    )
    labels = np.array([label for label, _ in pairs])
    labels[0] ^= labels.min() == labels.max()
    return labels, np.array([score for _, score in pairs], float)


@st.composite
def probability_rows(
    draw: Any, rows: int | tuple[int, int] = (1, 6), columns: tuple[int, int] = (2, 5)
) -> np.ndarray:
    """Draw rows of probabilities that sum to one, some of them zero."""
    shape = draw(_sizes(rows)), draw(_sizes(columns))
    counts = draw(hnp.arrays(int, shape, elements=st.integers(0, 8)))
    counts[:, 0] += counts.sum(axis=1) == 0
    rows_of: np.ndarray = counts / counts.sum(axis=1, keepdims=True)
    return rows_of


def weights(size: int | tuple[int, int] = (1, 8)) -> st.SearchStrategy[np.ndarray]:
    """Draw weights of 0 or more, not all of them 0."""
    counts = _sizes(size).flatmap(
        lambda n: st.lists(st.integers(0, 8), min_size=n, max_size=n)
    )
    return counts.filter(any).map(lambda drawn: np.array(drawn) / 4)


def partitions(total: int, parts: int) -> st.SearchStrategy[list[int]]:
    """Draw whole numbers of 1 or more that sum to `total`."""
    cuts = st.sets(st.integers(1, total - 1), min_size=parts - 1, max_size=parts - 1)

    def between(places: set[int]) -> list[int]:
        edges = [0, *sorted(places), total]
        return [b - a for a, b in itertools.pairwise(edges)]

    return cuts.map(between)


def _sizes(size: int | tuple[int, int]) -> st.SearchStrategy[int]:
    return st.integers(*size) if isinstance(size, tuple) else st.just(size)
