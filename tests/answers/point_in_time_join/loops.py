"""For each entity a list of the best rows so far, and bisect; plain Python."""

from bisect import bisect_right

import numpy as np


def point_in_time_join(
    entities, times, feature_entities, event_times, available_times, values, *, max_age
):
    if max_age < 0 or len(entities) != len(times):
        raise ValueError("predictions")
    columns = [feature_entities, event_times, available_times, values]
    if any(len(column) != len(values) for column in columns):
        raise ValueError("log")
    histories = {}
    log = enumerate(zip(*(column.tolist() for column in columns), strict=True))
    for row, (entity, event, available, value) in log:
        if available < event:
            raise ValueError("available before it happened")
        histories.setdefault(entity, []).append((available, event, row, value))
    steps = {}
    for entity, history in histories.items():
        history.sort()
        moments, best = [], []
        for available, event, _, value in history:
            if not best or event >= best[-1][0]:
                moments.append(available)
                best.append((event, value))
        steps[entity] = moments, best
    joined = []
    for entity, time in zip(entities.tolist(), times.tolist(), strict=True):
        moments, best = steps.get(entity, ([], []))
        at = bisect_right(moments, time)
        fresh = at > 0 and time - best[at - 1][0] <= max_age
        joined.append(best[at - 1][1] if fresh else float("nan"))
    return np.array(joined, dtype=float)
