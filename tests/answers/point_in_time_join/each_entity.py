"""Entity by entity: a running maximum and np.searchsorted."""

import numpy as np


def point_in_time_join(
    entities, times, feature_entities, event_times, available_times, values, *, max_age
):
    if not len(feature_entities) == len(event_times) == len(available_times):
        raise ValueError("lengths")
    if len(entities) != len(times) or len(values) != len(event_times):
        raise ValueError("lengths")
    if max_age < 0 or (available_times - event_times < 0).any():
        raise ValueError("times")
    joined = np.full(len(times), np.nan)
    rows = np.lexsort((available_times, feature_entities))
    asked = np.argsort(entities, kind="stable")
    for entity in np.intersect1d(entities, feature_entities):
        mine = rows[_slice(feature_entities[rows], entity)]
        mine_asked = asked[_slice(entities[asked], entity)]
        events = event_times[mine]
        top = np.maximum.accumulate(events)
        # The last row that reached the maximum is available last, or stands last.
        holder = np.maximum.accumulate(np.where(events == top, np.arange(mine.size), 0))
        at = np.searchsorted(available_times[mine], times[mine_asked], side="right") - 1
        ok = at >= 0
        chosen = mine[holder[at[ok]]]
        age = times[mine_asked[ok]] - event_times[chosen]
        joined[mine_asked[ok]] = np.where(age <= max_age, values[chosen], np.nan)
    return joined


def _slice(column, entity):
    return slice(
        np.searchsorted(column, entity), np.searchsorted(column, entity, side="right")
    )
