"""One sweep over everything in the order of time, with a dictionary of best rows."""

import numpy as np


def point_in_time_join(
    entities, times, feature_entities, event_times, available_times, values, *, max_age
):
    m = values.shape[0]
    if max_age < 0:
        raise ValueError("max_age must not be negative")
    if not feature_entities.shape == event_times.shape == available_times.shape == (m,):
        raise ValueError("the columns of the log differ")
    if entities.shape != times.shape:
        raise ValueError("the columns of the predictions differ")
    if np.any(available_times < event_times):
        raise ValueError("known before it happened")
    happenings = [
        (available, 0, row) for row, available in enumerate(available_times.tolist())
    ]
    happenings += [(time, 1, i) for i, time in enumerate(times.tolist())]
    joined = np.full(times.shape, np.nan)
    best = {}
    for time, is_prediction, at in sorted(happenings):
        if is_prediction:
            row = best.get(int(entities[at]))
            if row is not None and event_times[row] + max_age >= time:
                joined[at] = values[row]
            continue
        row = best.get(int(feature_entities[at]))
        # What passes by later is available later, or stands later in the log.
        if row is None or event_times[at] >= event_times[row]:
            best[int(feature_entities[at])] = at
    return joined
