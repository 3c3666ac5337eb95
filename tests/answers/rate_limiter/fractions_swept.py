"""Fractions of a token for each key; now and then it sweeps through all of them."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass
class Bucket:
    """What a key has, and since when."""

    tokens: Fraction
    since: Fraction


class RateLimiter:
    """A token bucket for each key, refilled as time goes by."""

    def __init__(self, rate, capacity, clock):
        if not (rate >= 0 and capacity >= 1):
            raise ValueError(f"{rate}, {capacity}")
        self.rate = rate
        self.capacity = capacity
        self.clock = clock
        self.buckets = {}
        self.latest = None
        self.sweep_at = 1000

    def refill(self, bucket):
        """Bring a bucket up to date."""
        gained = self.rate * (self.latest - bucket.since)
        bucket.tokens = min(Fraction(self.capacity), bucket.tokens + gained)
        bucket.since = self.latest

    def sweep(self):
        """Forget the buckets that are full."""
        for key, bucket in list(self.buckets.items()):
            self.refill(bucket)
            if bucket.tokens == self.capacity:
                del self.buckets[key]
        self.sweep_at = max(1000, 2 * len(self.buckets))

    def allow(self, key, *, cost=1):
        """Take the cost out of the key's bucket, if that holds as much now."""
        seconds = Fraction(next(self.clock), 10**9)
        if self.latest is None or seconds > self.latest:
            self.latest = seconds
        if cost < 1 or cost > self.capacity:
            raise ValueError(cost)
        if len(self.buckets) >= self.sweep_at:
            self.sweep()
        fresh = Bucket(Fraction(self.capacity), self.latest)
        bucket = self.buckets.setdefault(key, fresh)
        self.refill(bucket)
        if bucket.tokens < cost:
            return False
        bucket.tokens -= cost
        return True
