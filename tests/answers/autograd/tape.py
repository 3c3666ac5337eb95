"""Numbers each value as it is made, and goes back from the newest with a heap."""

import heapq
import itertools

import numpy as np

clock = itertools.count()


class Value:
    """A number that knows what it was made of."""

    __slots__ = ("born", "data", "grad", "inputs", "partials")

    def __init__(self, data, inputs=(), partials=()):
        self.born = next(clock)
        self.data = float(data)
        self.grad = 0.0
        self.inputs = inputs
        self.partials = partials

    def backward(self):
        """Add the slopes of this value to the grads."""
        heap = [(-self.born, self)]
        flows = {self.born: np.float64(1)}
        while heap:
            _, value = heapq.heappop(heap)
            flow = flows.pop(value.born)
            value.grad = value.grad + flow
            for source, partial in zip(value.inputs, value.partials, strict=True):
                if source.born not in flows:
                    flows[source.born] = np.float64(0)
                    heapq.heappush(heap, (-source.born, source))
                flows[source.born] += flow * partial

    def __add__(self, other):
        if isinstance(other, Value):
            return Value(self.data + other.data, (self, other), (1, 1))
        return Value(self.data + other, (self,), (1,))

    __radd__ = __add__

    def __sub__(self, other):
        if isinstance(other, Value):
            return Value(self.data - other.data, (self, other), (1, -1))
        return Value(self.data - other, (self,), (1,))

    def __rsub__(self, other):
        return Value(other - self.data, (self,), (-1,))

    def __neg__(self):
        return Value(-self.data, (self,), (-1,))

    def __mul__(self, other):
        if isinstance(other, Value):
            return Value(self.data * other.data, (self, other), (other.data, self.data))
        return Value(self.data * other, (self,), (other,))

    __rmul__ = __mul__

    def __truediv__(self, other):
        if isinstance(other, Value):
            partials = (1 / other.data, -self.data / other.data**2)
            return Value(self.data / other.data, (self, other), partials)
        return Value(self.data / other, (self,), (1 / other,))

    def __rtruediv__(self, other):
        return Value(other / self.data, (self,), (-other / self.data**2,))

    def __pow__(self, exponent):
        x = self.data
        if exponent == 0:
            return Value(1.0, (self,), (0.0,))
        if x == 0 and exponent < 0:
            raise ZeroDivisionError
        if x <= 0 and exponent != round(exponent) and (x < 0 or exponent < 1):
            raise ValueError("no real slope")
        return Value(x**exponent, (self,), (exponent * x ** (exponent - 1),))

    def exp(self):
        """Return e to the power of self."""
        e = np.exp(self.data)
        return Value(e, (self,), (e,))

    def log(self):
        """Return the natural logarithm."""
        if self.data <= 0:
            raise ValueError("logarithm of a number that is not positive")
        return Value(np.log(self.data), (self,), (1 / self.data,))

    def tanh(self):
        """Return the hyperbolic tangent."""
        sech = 2 * np.exp(-abs(self.data)) / (1 + np.exp(-2 * abs(self.data)))
        return Value(np.tanh(self.data), (self,), (sech**2,))

    def relu(self):
        """Return the greater of self and 0."""
        return self * 1 if self.data > 0 else self * 0
