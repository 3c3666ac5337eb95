"""Two heaps of plain values; a Counter holds those yet to be deleted."""

import heapq
import math
from collections import Counter

import numpy as np


class Window:
    """The halves of a window, with the numbers that left it among them."""

    def __init__(self):
        self.low, self.high = [], []
        self.n_low = self.n_high = 0
        self.gone_low, self.gone_high = Counter(), Counter()

    def tidy(self):
        """Delete from the tops what has left the window."""
        while self.low and self.gone_low[-self.low[0]]:
            self.gone_low[-heapq.heappop(self.low)] -= 1
        while self.high and self.gone_high[self.high[0]]:
            self.gone_high[heapq.heappop(self.high)] -= 1

    def balance(self):
        """Let the lower half have as many as the upper, or one more."""
        self.tidy()
        while self.n_low > self.n_high + 1:
            heapq.heappush(self.high, -heapq.heappop(self.low))
            self.n_low, self.n_high = self.n_low - 1, self.n_high + 1
            self.tidy()
        while self.n_high > self.n_low:
            heapq.heappush(self.low, -heapq.heappop(self.high))
            self.n_low, self.n_high = self.n_low + 1, self.n_high - 1
            self.tidy()

    def add(self, number):
        """Take a number in."""
        if self.n_low and number <= -self.low[0]:
            heapq.heappush(self.low, -number)
            self.n_low += 1
        else:
            heapq.heappush(self.high, number)
            self.n_high += 1
        self.balance()

    def remove(self, number):
        """Count one such number as gone."""
        if number <= -self.low[0]:
            self.gone_low[number] += 1
            self.n_low -= 1
        else:
            self.gone_high[number] += 1
            self.n_high -= 1
        self.balance()


def sliding_window_median(values, k):
    """Return the median of each k values in a row."""
    if values.ndim != 1 or k < 1:
        raise ValueError("no windows")
    window, missing, medians = Window(), 0, []
    numbers = [float(value) for value in values]
    for i, number in enumerate(numbers):
        missing += math.isnan(number)
        window.add(math.inf if math.isnan(number) else number)
        if i >= k:
            old = numbers[i - k]
            missing -= math.isnan(old)
            window.remove(math.inf if math.isnan(old) else old)
        if i >= k - 1:
            low = -window.low[0]
            high = low if k % 2 else window.high[0]
            medians.append(math.nan if missing else low / 2 + high / 2)
    return np.array(medians, dtype=float)
