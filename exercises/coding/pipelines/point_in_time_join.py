"""Point-in-time join.

We train on past predictions. Each has an entity, such as a user, and a time; we want
the feature as it could have been served then. The log of the feature has a row for each
measurement, with two times: when it happened, and when it became available to us, which
is often hours later. A correction is a row that has the same event time and became
available later. Join the two without looking into the future. NumPy only.
"""

import numpy as np


def point_in_time_join(
    entities: np.ndarray,
    times: np.ndarray,
    feature_entities: np.ndarray,
    event_times: np.ndarray,
    available_times: np.ndarray,
    values: np.ndarray,
    *,
    max_age: int,
) -> np.ndarray:
    """Return the value of the feature that was known at each prediction.

    Rows that count for a prediction are of its entity, became available at its time or
    before, and happened at most max_age before its time. Of these take the one with the
    latest event time; where several have it, the one that became available last; where
    several have that too, the one that stands last in the log.

    Sort, do not go through an entity's rows for each of its predictions.

    Args:
        entities: (n,) of int64, any integers, of the predictions; n may be 0.
        times: (n,) of integer seconds, in any order.
        feature_entities: (m,) of int64, of the log's rows; m may be 0.
        event_times: (m,) of integer seconds, in any order.
        available_times: (m,) of integer seconds, none before its event time.
        values: (m,) of finite floats.
        max_age: Seconds, 0 or more.

    Returns:
        (n,) of floats, each as it stands in the log; NaN where no row counts.

    Raises:
        ValueError: If arrays of the predictions or of the log differ in length, a row
            is available before it happened, or max_age is negative.

    Example:
        >>> point_in_time_join(
        ...     np.array([7, 7]), np.array([100, 130]),
        ...     np.array([7, 7]), np.array([80, 90]), np.array([85, 120]),
        ...     np.array([1.5, 2.5]), max_age=60,
        ... )
        array([1.5, 2.5])
    """
    raise NotImplementedError
