"""Closures that push each slope on, as in micrograd, over a list ordered by Kahn."""

import math
from collections import Counter


class Value:
    """A number that knows what it was made of."""

    def __init__(self, data, operands=()):
        self.data = data
        self.grad = 0.0
        self._operands = operands
        self._push = lambda: None
        self._flow = 0.0

    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data + other.data, (self, other))

        def push():
            self._flow += out._flow
            other._flow += out._flow

        out._push = push
        return out

    def __mul__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        out = Value(self.data * other.data, (self, other))

        def push():
            self._flow += other.data * out._flow
            other._flow += self.data * out._flow

        out._push = push
        return out

    def __pow__(self, exponent):
        if self.data == 0 and 0 < exponent < 1:
            raise ValueError("infinite slope")
        data = self.data**exponent
        if isinstance(data, complex):
            raise ValueError("not real")
        out = Value(data, (self,))

        def push():
            if exponent != 0:
                self._flow += exponent * self.data ** (exponent - 1) * out._flow

        out._push = push
        return out

    def relu(self):
        """Return the greater of self and 0."""
        out = Value(self.data if self.data > 0 else 0, (self,))

        def push():
            self._flow += (out.data > 0) * out._flow

        out._push = push
        return out

    def exp(self):
        """Return e to the power of self."""
        out = Value(math.exp(self.data), (self,))

        def push():
            self._flow += out.data * out._flow

        out._push = push
        return out

    def log(self):
        """Return the natural logarithm."""
        out = Value(math.log(self.data), (self,))

        def push():
            self._flow += out._flow / self.data

        out._push = push
        return out

    def tanh(self):
        """Return the hyperbolic tangent."""
        out = Value(math.tanh(self.data), (self,))

        def push():
            self._flow += (1 - out.data * out.data) * out._flow

        out._push = push
        return out

    def backward(self):
        """Add the slopes of this value to the grads."""
        users = Counter()
        found, seen = [self], {id(self)}
        for value in found:
            for operand in value._operands:
                users[id(operand)] += 1
                if id(operand) not in seen:
                    seen.add(id(operand))
                    found.append(operand)
        for value in found:
            value._flow = 0.0
        self._flow = 1.0
        ready = [self]
        while ready:
            value = ready.pop()
            value._push()
            value.grad += value._flow
            for operand in value._operands:
                users[id(operand)] -= 1
                if users[id(operand)] == 0:
                    ready.append(operand)

    def __neg__(self):
        return self * -1

    def __radd__(self, other):
        return self + other

    def __sub__(self, other):
        return self + (-other)

    def __rsub__(self, other):
        return other + (-self)

    def __rmul__(self, other):
        return self * other

    def __truediv__(self, other):
        return self * other**-1

    def __rtruediv__(self, other):
        return other * self**-1
