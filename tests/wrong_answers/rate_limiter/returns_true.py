"""Rate limiter.

Callers of our model must not drown it. Give each a bucket of tokens that refills
steadily up to its capacity; a request goes through if it can pay, else it is turned
away. Standard library only.

Say first what you keep for each caller, and when you bring it up to date: there is no
timer and no thread. Whole numbers are enough, and are exact. Callers come by the
million, so think about what need not be kept.
"""

from collections.abc import Iterator


class RateLimiter:
    """A token bucket for each key, refilled as time goes by.

    A key that is new has a full bucket. From then on the bucket gains `rate` tokens a
    second, evenly and not in steps: half a second at 3 a second gives one and a half
    tokens, and each nanosecond its share. Nothing is added to a bucket that is full.
    All of this holds exactly, with no rounding, however often and whenever one asks.

    Memory is bounded by the keys whose buckets are not full, since one that is full
    again is as good as new. At the end of any call of allow, at most 2 * k + 1000 keys
    are held, where k of them had a request allowed within the last 2 * capacity / rate
    seconds. So no key need ever be dropped if the rate is 0.

    Example:
        >>> limiter = RateLimiter(2, 3, iter([0, 0, 500_000_000]))
        >>> [limiter.allow("ann", cost=2) for _ in range(3)]
        [True, False, True]

    Source: Turner (1986), doi:10.1109/MCOM.1986.1092946.
    """

    def __init__(self, rate: int, capacity: int, clock: Iterator[int]) -> None:
        """Start with no keys.

        Args:
            rate: The tokens a bucket gains in a second, an int. With 0, what is spent
                never comes back.
            capacity: The most tokens that a bucket holds, an int of 1 or more.
            clock: Its next item is the time, in whole nanoseconds since some origin:
                perhaps a negative int, or one past 2**60. (At work you would pass
                iter(time.monotonic_ns, None).) Take one item in each call of allow (a
                call that raises may do without), and none at any other time. Now is
                the largest item so far, whichever key it was for: once the clock has
                gone back, time stands still until it has caught up.

        Raises:
            ValueError: If rate is negative or capacity is less than 1.
        """
        return True

    def allow(self, key: str, *, cost: int = 1) -> bool:
        """Take the cost out of the key's bucket, if that holds as much now.

        Args:
            key: Whose bucket; any str. Keys do not influence each other.
            cost: In tokens, an int from 1 to capacity.

        Returns:
            Whether the request is allowed. One that is not takes nothing.

        Raises:
            ValueError: If cost is less than 1, or more than capacity, so that waiting
                would not help. No bucket changes then.
        """
        return True
