"""A list of events for each user, in plain Python; numbers by sorting sessions."""

import numpy as np


def sessions(users, times, *, gap, max_length=None):
    if len(users) != len(times):
        raise ValueError("each row needs a user and a time")
    if min(gap, 0 if max_length is None else max_length) < 0:
        raise ValueError("negative limit")
    rows_of = {}
    for row, user in enumerate(users.tolist()):
        rows_of.setdefault(user, []).append(row)
    seconds = times.tolist()
    found = []
    for user, rows in rows_of.items():
        rows.sort(key=lambda row: seconds[row])
        session = []
        for row in rows:
            if session:
                pause = seconds[row] - seconds[session[-1]]
                length = seconds[row] - seconds[session[0]]
                if pause > gap or (max_length is not None and length > max_length):
                    found.append((seconds[session[0]], user, session))
                    session = []
            session.append(row)
        found.append((seconds[session[0]], user, session))
    found.sort(key=lambda entry: entry[:2])
    numbers = [0] * len(seconds)
    for number, (_, _, session) in enumerate(found):
        for row in session:
            numbers[row] = number
    return np.array(numbers, dtype=np.int64)
