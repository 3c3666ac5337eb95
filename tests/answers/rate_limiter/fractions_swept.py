"""Fractions of a token for each key, and a sweep each time an empty one would fill."""

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
        self.rate = rate
        self.capacity = capacity
        self.clock = clock
        self.buckets = {}
        self.latest = None
        self.swept = None

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
        self.swept = self.latest

    def allow(self, key, *, cost=1):
        """Take the cost out of the key's bucket, if that holds as much now."""
        seconds = Fraction(next(self.clock), 10**9)
        if self.latest is None or seconds > self.latest:
            self.latest = seconds
        if cost < 1 or cost > self.capacity:
            raise ValueError(cost)
        if self.swept is None:
            self.swept = self.latest
        if 0 < self.capacity <= self.rate * (self.latest - self.swept):
            self.sweep()
        fresh = Bucket(Fraction(self.capacity), self.latest)
        bucket = self.buckets.setdefault(key, fresh)
        self.refill(bucket)
        if bucket.tokens < cost:
            return False
        bucket.tokens -= cost
        return True
