"""Rate limiter.

Callers of our model must not drown it. Give each key a bucket of tokens that refills
steadily up to its capacity. A request is allowed if the bucket holds its cost, and is
refused otherwise. Standard library only.

Say first what you keep for each key, and when you update it: there is no timer. Whole
numbers are enough, and are exact. Think about what you need not keep, too.
"""

from collections import OrderedDict
from collections.abc import Iterator

_SECOND = 10**9  # nanoseconds


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
        self._rate = rate
        self._capacity = capacity * _SECOND  # in billionths of a token
        self._clock = clock
        self._now: int | None = None
        # What each bucket held after its last allowed request, and when that was; the
        # key whose request is the latest comes last.
        self._buckets: OrderedDict[str, tuple[int, int]] = OrderedDict()

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
        price = cost * _SECOND
        if not 0 < price <= self._capacity:
            raise ValueError(f"a cost of {cost} can never be paid")
        reading = next(self._clock)
        now = reading if self._now is None else max(self._now, reading)
        self._now = now
        self._forget_full(now)

        level = self._level(key, now)
        if level < price:
            return False
        self._buckets[key] = (level - price, now)
        self._buckets.move_to_end(key)
        return True

    def _level(self, key: str, now: int) -> int:
        """Return what the bucket holds now, in billionths of a token."""
        # A nanosecond at one token a second gives a billionth of a token.
        level, since = self._buckets.get(key, (self._capacity, now))
        return min(level + self._rate * (now - since), self._capacity)

    def _forget_full(self, now: int) -> None:
        """Drop the buckets that are full, from the one that paid first.

        A full bucket may stand behind one that is not, but no longer than an empty
        bucket takes to fill. Each is dropped once, so the loop is O(1) amortised.
        """
        while self._buckets:
            key = next(iter(self._buckets))
            if self._level(key, now) < self._capacity:
                break
            del self._buckets[key]
