"""Sessions from a log of events.

Our log has one row for each click: who, and when. Cut it into visits, which we call
sessions, so that we can count them and build features from each. NumPy and the standard
library.
"""

import numpy as np


def sessions(
    users: np.ndarray,
    times: np.ndarray,
    *,
    gap: int,
    max_length: int | None = None,
) -> np.ndarray:
    """Return the number of the session to which each row belongs.

    Take the events of a user by time, and leave other users out of it. The first one
    starts a session. A later one starts a session if it comes more than gap seconds
    after the event before, or more than max_length seconds after the first event of the
    session that it would join. Otherwise it joins that session.

    Sessions are numbered 0, 1, 2 and so on by the time of their first event; of those
    that start in the same second, the one of the smaller user comes first.

    Do not go through all rows for every user, nor through a user's rows for every
    session: take O(n log n) steps.

    Args:
        users: (n,) of int64, any integers, such as hashes; n may be 0.
        times: (n,) of int64, in seconds, negative ones too; in any order.
        gap: The longest pause within a session, 0 or more.
        max_length: The longest time from the first event of a session to its last, 0 or
            more; None for any.

    Returns:
        (n,) of integers, in the order of the rows.

    Raises:
        ValueError: If users and times differ in length, or gap or max_length is
            negative.

    Example:
        >>> users, times = np.array([7, 5, 7, 7]), np.array([99, 40, 10, 30])
        >>> sessions(users, times, gap=20)
        array([2, 1, 0, 0])
        >>> sessions(users, times, gap=100, max_length=25)
        array([2, 1, 0, 0])
    """
    _require_valid(users, times, gap, max_length)
    limit = float("inf") if max_length is None else max_length
    # By time, and at the same time by user: sessions start in the order of numbers.
    order = np.lexsort((users, times))
    numbers = np.empty(users.size, int)
    user_of, time_of = users.tolist(), times.tolist()
    number, start, last = {}, {}, {}  # of each user's latest session
    n_sessions = 0
    for row in order.tolist():
        user, time = user_of[row], time_of[row]
        if user not in last or time - last[user] > gap or time - start[user] > limit:
            number[user], start[user] = n_sessions, time
            n_sessions += 1
        last[user] = time
        numbers[row] = number[user]
    return numbers


def _require_valid(
    users: np.ndarray, times: np.ndarray, gap: int, max_length: int | None
) -> None:
    if users.shape != times.shape:
        raise ValueError(f"users are {users.shape}, times are {times.shape}")
    if gap < 0 or (max_length is not None and max_length < 0):
        raise ValueError(f"gap {gap} or max_length {max_length} is negative")
