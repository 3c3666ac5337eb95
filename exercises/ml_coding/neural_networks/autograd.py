"""Autograd engine for scalars.

Write the class behind `loss.backward()`: a number that remembers which numbers it
was made of, so that one walk back through the graph tells how fast the result grows
with each of them. Standard library only.

Say first what becomes of a value that is used twice, and in which order the graph is
walked. Graphs share much (60 doublings make 2 ** 60 paths) and run deep (20,000
operations, one upon the other): the cost is linear in the number of operations, at any
depth.
"""


class Value:
    """A number that knows what it was made of.

    Operators and methods return a new value, also for a + 0, and change nothing else.
    An `other` is a value or a plain number (int or float), which may stand on the left
    too. Results are finite, and nobody sets `data` between an operation and a backward
    through it.

    Attributes:
        data: The number; may be set, for what is computed afterwards.
        grad: What backward has added so far, 0.0 at first. Set it to 0.0 to forget.

    Example:
        >>> a = Value(3.0)
        >>> b = 2 * a * a + a
        >>> b.backward()
        >>> b.data, a.grad
        (21.0, 13.0)

    Source: Baydin, Pearlmutter, Radul and Siskind (2018), arXiv:1502.05767.
    """

    data: float
    grad: float

    def __init__(self, data: float) -> None:
        """Make a value of a plain number, int or float."""
        raise NotImplementedError

    def backward(self) -> None:
        """Add, to the grad of each value v that this one was made of, d self / d v.

        That goes for this value itself, whose slope by itself is 1, for those between
        and for those at the start. A call adds exactly the slopes of the value that
        it is called on, whatever the grads were before, so calling it twice adds
        every slope twice. Values that this one was not made of keep their grads.
        """
        raise NotImplementedError

    def __add__(self, other: "Value | float") -> "Value":
        """Return self + other."""
        raise NotImplementedError

    def __radd__(self, other: float) -> "Value":
        """Return other + self."""
        raise NotImplementedError

    def __neg__(self) -> "Value":
        """Return -self."""
        raise NotImplementedError

    def __sub__(self, other: "Value | float") -> "Value":
        """Return self - other."""
        raise NotImplementedError

    def __rsub__(self, other: float) -> "Value":
        """Return other - self."""
        raise NotImplementedError

    def __mul__(self, other: "Value | float") -> "Value":
        """Return self * other."""
        raise NotImplementedError

    def __rmul__(self, other: float) -> "Value":
        """Return other * self."""
        raise NotImplementedError

    def __truediv__(self, other: "Value | float") -> "Value":
        """Return self / other, whose square is neither 0 nor infinite."""
        raise NotImplementedError

    def __rtruediv__(self, other: float) -> "Value":
        """Return other / self, whose square is neither 0 nor infinite."""
        raise NotImplementedError

    def __pow__(self, exponent: float) -> "Value":
        """Return self ** exponent.

        Args:
            exponent: A plain number, int or float. 0 gives 1 with slope 0, even
                where self is 0. Where self is 0 it is 0 or at least 1.

        Raises:
            ValueError: If self is negative and the exponent is not whole, as 2.0 is.
        """
        raise NotImplementedError

    def exp(self) -> "Value":
        """Return e to the power of self."""
        raise NotImplementedError

    def log(self) -> "Value":
        """Return the natural logarithm of self, which is positive."""
        raise NotImplementedError

    def tanh(self) -> "Value":
        """Return the hyperbolic tangent, which is 1 or -1 far out."""
        raise NotImplementedError

    def relu(self) -> "Value":
        """Return the greater of self and 0; its slope is 0 at 0."""
        raise NotImplementedError
