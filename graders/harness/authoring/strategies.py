"""What several graders draw: small inputs, full of ties, exact in floats.

Numbers are quarters, so that sums and products of a few are exact, ties are common and
a failing input is short to read.
"""

from __future__ import annotations

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


def _sizes(size: int | tuple[int, int]) -> st.SearchStrategy[int]:
    return st.integers(*size) if isinstance(size, tuple) else st.just(size)
