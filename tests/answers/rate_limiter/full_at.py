"""One number for each key, when its bucket is full; dicts of two spans of time."""


class RateLimiter:
    """A token bucket for each key, refilled as time goes by."""

    def __init__(self, rate, capacity, clock):
        self.rate, self.capacity, self.clock = rate, capacity, clock
        self.poured = None  # billionths of a token, since the origin
        self.began = None
        self.young, self.old = {}, {}

    def allow(self, key, *, cost=1):
        """Take the cost out of the key's bucket, if that holds as much now."""
        if cost < 1 or cost > self.capacity:
            raise ValueError("cost")
        poured = next(self.clock) * self.rate
        if self.poured is not None and poured < self.poured:
            poured = self.poured
        self.poured = poured
        whole = self.capacity * 1_000_000_000
        if self.began is None:
            self.began = poured
        if poured - self.began >= whole:
            recent = poured - self.began < 2 * whole
            self.old, self.young = self.young if recent else {}, {}
            self.began = poured - (poured - self.began) % whole
        full_at = self.young.get(key, self.old.get(key, poured))
        full_at = max(full_at, poured) + cost * 1_000_000_000
        if full_at - poured > whole:
            return False
        self.young[key] = full_at
        return True
