"""Levels in whole billionths; a heap says whose bucket is the next to be full."""

import heapq

import numpy as np


class RateLimiter:
    """A token bucket for each key, refilled as time goes by."""

    def __init__(self, rate, capacity, clock):
        self.rate, self.size, self.clock = rate, capacity * 10**9, clock
        self.started, self.time = False, 0
        self.level, self.stamp, self.heap = {}, {}, []

    def tick(self):
        """Read the clock."""
        reading = next(self.clock)
        self.time = max(self.time, reading) if self.started else reading
        self.started = True

    def current(self, key):
        """Return what a bucket holds now."""
        if key not in self.level:
            return self.size
        gained = (self.time - self.stamp[key]) * self.rate
        return min(self.size, self.level[key] + gained)

    def allow(self, key, *, cost=1):
        """Take the cost out of the key's bucket, if that holds as much now."""
        if not 1 <= cost * 10**9 <= self.size:
            raise ValueError("the cost can never be paid")
        self.tick()
        while self.heap and self.heap[0][0] <= self.time * self.rate:
            _, other = heapq.heappop(self.heap)
            if other in self.level and self.current(other) == self.size:
                del self.level[other], self.stamp[other]
        left = self.current(key) - cost * 10**9
        if left < 0:
            return np.False_
        self.level[key], self.stamp[key] = left, self.time
        heapq.heappush(self.heap, (self.time * self.rate + self.size - left, key))
        return np.True_
