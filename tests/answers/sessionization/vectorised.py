"""Cuts at pauses all at once; cuts by length by jumps of a binary search."""

from bisect import bisect_right
from itertools import pairwise

import numpy as np


def sessions(users, times, *, gap, max_length=None):
    if users.shape != times.shape or gap < 0 or (max_length or 0) < 0:
        raise ValueError("users, times and limits do not fit")
    n = users.size
    order = np.lexsort((times, users))
    by_user, by_time = users[order], times[order]
    first = np.ones(n, bool)
    first[1:] = (by_user[1:] != by_user[:-1]) | (np.diff(by_time) > gap)
    if max_length is not None:
        starts = np.append(np.flatnonzero(first), n).tolist()
        seconds = by_time.tolist()
        for start, stop in pairwise(starts):
            at = start
            while at < stop:
                first[at] = True
                at = bisect_right(seconds, seconds[at] + max_length, at, stop)
    starts = np.flatnonzero(first)
    rank = np.empty(starts.size, int)
    rank[np.lexsort((by_user[starts], by_time[starts]))] = np.arange(starts.size)
    numbers = np.empty(n, int)
    numbers[order] = rank[np.cumsum(first) - 1]
    return numbers
