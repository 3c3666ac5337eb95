"""Target encoding, out of fold.

A model of house prices wants the postcode as one number: the mean price there. Some
postcodes have a thousand sales, some one, and tomorrow brings new ones. Encode the
column so that no price helps to predict itself. NumPy only. Inputs are read-only.

Say first how the target leaks, and what the model then learns. There are as many as
30,000 levels in 50,000 rows, and few folds: one fold costs O(n log n) at most.
"""

import numpy as np


def encode_new(
    levels: np.ndarray,
    targets: np.ndarray,
    new_levels: np.ndarray,
    *,
    smoothing: float,
) -> np.ndarray:
    """Encode rows without targets from all rows that have one.

    A level that `count` rows have, with mean target `mean`, is encoded as

        (count * mean + smoothing * prior) / (count + smoothing)

    where the prior is the mean target of all rows. A level that no row has gets the
    prior, with smoothing 0 as well.

    Args:
        levels: (n,) of strings or integers, as in encode_train; n is at least 1.
        targets: (n,) of finite floats, integers or booleans of any width, as in
            encode_train; sums and means are taken in 64-bit floats.
        new_levels: (m,) of strings, maybe longer ones, if levels are strings, else of
            integers; m may be 0.
        smoothing: How many rows the prior is worth, a finite number of at least 0.

    Returns:
        (m,) floats, in the order of new_levels.

    Example:
        >>> levels, prices = np.array(["N1", "N1", "E8"]), np.array([6, 8, 1])
        >>> encode_new(levels, prices, np.array(["N1", "SW1A"]), smoothing=1)
        array([6.33333333, 5.        ])

    Source: Micci-Barreca (2001), doi:10.1145/507533.507538.
    """
    raise NotImplementedError


def encode_train(
    levels: np.ndarray, targets: np.ndarray, folds: np.ndarray, *, smoothing: float
) -> np.ndarray:
    """Encode each row from the rows of all other folds.

    A row's encoding is what encode_new gives to its level when it knows the rows of
    all other folds and no more. The prior is taken from these rows too. So nothing
    of a fold's own targets, however large, reaches the encodings of that fold.

    Args:
        levels: (n,) of strings or integers, compared for equality alone: "a", "A" and
            "a " are three levels. Integers may be negative, or need 64 bits.
        targets: (n,) as in encode_new.
        folds: (n,) of integers; rows with the same number form a fold. Numbers may
            be negative, left out or need 64 bits, and folds may differ in size.
        smoothing: As in encode_new.

    Returns:
        (n,) floats, in the order of the rows.

    Raises:
        ValueError: If the shapes differ, there are fewer than two folds, a target is
            NaN, or smoothing is negative.

    Example:
        >>> levels, prices = np.array(["N1", "N1", "E8", "N1"]), np.array([6, 8, 3, 1])
        >>> encode_train(levels, prices, np.array([0, 0, 1, 1]), smoothing=1)
        array([1.5, 1.5, 7. , 7. ])
    """
    raise NotImplementedError
