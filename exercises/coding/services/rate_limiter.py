"""Rate limiter.

Callers of our model must not drown it. Give each key a bucket of tokens that refills
steadily up to its capacity. A request is allowed if the bucket holds its cost, and is
refused otherwise. Standard library only.

Say first what you keep for each key, and when you update it: there is no timer. Whole
numbers are enough, and are exact. Think about what you need not keep, too.
"""

from collections.abc import Iterator


class RateLimiter:
    """A token bucket for each key.

    A new key has a full bucket. From then on the bucket gains `rate` tokens a second,
    evenly and not in steps: half a second at 3 a second gives one and a half tokens,
    and each nanosecond its share. A full bucket gains nothing. All of this is exact,
    with no rounding, however often and whenever one asks.

    A bucket that is full again is as good as new, so forget it: at the end of a request
    that is allowed, no key is held whose own last allowed request is 2 * capacity /
    rate seconds old or older.

    Example:
        >>> limiter = RateLimiter(2, 3, iter([0, 0, 500_000_000]))
        >>> [limiter.allow("ann", cost=2) for _ in range(3)]
        [True, False, True]

    Source: Turner (1986), doi:10.1109/MCOM.1986.1092946.
    """

    def __init__(self, rate: int, capacity: int, clock: Iterator[int]) -> None:
        """Start with no keys.

        Args:
            rate: The tokens a bucket gains in a second, 0 or more.
            capacity: The most tokens that a bucket holds, 1 or more.
            clock: Its next item is the time in whole nanoseconds since some origin, as
                in iter(time.monotonic_ns, None); negative and huge ints are possible.
                Each call of allow takes one item, and nothing else does (a call that
                raises may take none). Now is the largest item so far, for all keys:
                when the clock goes back, time stands still until it has caught up.
        """
        raise NotImplementedError

    def allow(self, key: str, *, cost: int = 1) -> bool:
        """Take the cost out of the key's bucket, if it holds that much now.

        Args:
            key: Any str. Keys do not influence each other.
            cost: In tokens.

        Returns:
            Whether the request is allowed. A refused one takes nothing.

        Raises:
            ValueError: If cost is below 1 or above capacity. No bucket changes then.
        """
        raise NotImplementedError
