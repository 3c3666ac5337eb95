"""Written from the prompt alone: one pass by time, with the open session of each user.

Rows come by time and then by user, so a session's number is known where it starts.
"""

import numpy as np


def sessions(
    users: np.ndarray,
    times: np.ndarray,
    *,
    gap: int,
    max_length: int | None = None,
) -> np.ndarray:
    if len(users) != len(times):
        raise ValueError("users and times differ in length")
    if gap < 0:
        raise ValueError("gap is negative")
    if max_length is not None and max_length < 0:
        raise ValueError("max_length is negative")

    # Python's integers do not overflow.
    events = sorted(zip(times.tolist(), users.tolist(), range(len(users)), strict=True))
    numbers = [0] * len(events)
    still_open: dict[int, tuple[int, int, int]] = {}  # user: number, first, last
    n_sessions = 0
    for time, user, row in events:
        joins = False
        if user in still_open:
            number, first, last = still_open[user]
            joins = time - last <= gap
            if max_length is not None and time - first > max_length:
                joins = False
        if not joins:
            number, first = n_sessions, time
            n_sessions += 1
        still_open[user] = number, first, time
        numbers[row] = number
    return np.array(numbers, dtype=np.int64)
