"""Written from the prompt alone: a sweep over time keeps each entity's best row."""

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
    if len(entities) != len(times):
        raise ValueError("entities and times differ in length")
    m = len(values)
    if not len(feature_entities) == len(event_times) == len(available_times) == m:
        raise ValueError("the log's arrays differ in length")
    if max_age < 0:
        raise ValueError("max_age must be 0 or more")
    owner, event = feature_entities.tolist(), event_times.tolist()
    available, value = available_times.tolist(), values.tolist()
    for row in range(m):
        if available[row] < event[row]:
            raise ValueError("a row is available before it happened")
    who, when = entities.tolist(), times.tolist()
    arrivals = sorted(range(m), key=available.__getitem__)  # stable: log order
    result = np.full(len(who), np.nan)
    best = {}  # entity -> row of the latest event so far
    arrived = 0
    for ask in sorted(range(len(who)), key=when.__getitem__):
        now = when[ask]
        while arrived < m and available[arrivals[arrived]] <= now:
            row = arrivals[arrived]
            arrived += 1
            old = best.get(owner[row])
            # Later arrivals win ties: they became available later or stand later.
            if old is None or event[row] >= event[old]:
                best[owner[row]] = row
        row = best.get(who[ask])
        if row is not None and now - event[row] <= max_age:
            result[ask] = value[row]
    return result
