"""Events pop from a heap, and sessions are objects that are numbered at the end."""

import heapq

import numpy as np


class Session:
    def __init__(self, user, time):
        self.user, self.start, self.last, self.rows = user, time, time, []


def sessions(users, times, *, gap, max_length=None):
    if gap < 0:
        raise ValueError(f"gap is {gap}")
    if max_length is not None and max_length < 0:
        raise ValueError(f"max_length is {max_length}")
    rows = range(len(users))
    heap = list(zip(times.tolist(), users.tolist(), rows, strict=True))
    if len(heap) != len(times):
        raise ValueError("too many times")
    heapq.heapify(heap)
    opened, closed = {}, []
    while heap:
        time, user, row = heapq.heappop(heap)
        session = opened.get(user)
        if (
            session is None
            or session.last + gap < time
            or (max_length is not None and session.start + max_length < time)
        ):
            session = opened[user] = Session(user, time)
            closed.append(session)
        session.last = time
        session.rows.append(row)
    numbers = np.zeros(len(users), int)
    for number, session in enumerate(sorted(closed, key=lambda s: (s.start, s.user))):
        numbers[session.rows] = number
    return numbers
