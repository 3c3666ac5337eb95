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
    _require_fitting(entities, times, max_age)
    _require_log(feature_entities, event_times, available_times, values)
    # The rank of a row: the higher of two of an entity is to be preferred.
    by_rank = np.lexsort((available_times, event_times, feature_entities))
    ranks = np.full(by_rank.size + times.size, -1)
    ranks[by_rank] = np.arange(by_rank.size)

    # Let rows and predictions pass by, entity for entity, in the order of time; at one
    # time rows come first, since lexsort is stable. The best rank so far is the answer.
    order = np.lexsort(
        (
            np.concatenate([available_times, times]),
            np.concatenate([feature_entities, entities]),
        )
    )
    best = np.empty_like(ranks)
    best[order] = np.maximum.accumulate(ranks[order])

    joined = np.full(times.size, np.nan)
    known = np.flatnonzero(best[values.size :] >= 0)
    rows = by_rank[best[values.size :][known]]
    # Without a row of its own, an entity has the best of the entity before.
    own = feature_entities[rows] == entities[known]
    counts = own & (event_times[rows] >= times[known] - max_age)
    joined[known[counts]] = values[rows[counts]]
    return joined


def _require_fitting(entities: np.ndarray, times: np.ndarray, max_age: int) -> None:
    if entities.size != times.size or max_age < 0:
        raise ValueError(f"{entities.size} entities, {times.size} times, {max_age}")


def _require_log(*columns: np.ndarray) -> None:
    sizes = {column.size for column in columns}
    if len(sizes) != 1:
        raise ValueError(f"columns of the log have lengths {sizes}")
    _, event_times, available_times, _ = columns
    if (available_times < event_times).any():
        raise ValueError("a row is available before it happened")
