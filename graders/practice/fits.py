"""What the values of a row must be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Test = Callable[[Any], bool]


def number(least: float, most: float) -> Test:
    """Return a test for a number within bounds."""
    return lambda value: type(value) in (int, float) and least <= value <= most


def whole(least: int = -(2**63), most: int = 2**63) -> Test:
    """Return a test for a whole number within bounds."""
    return lambda value: type(value) is int and least <= value <= most


def one_of(*words: str) -> Test:
    """Return a test for one of some words."""
    return lambda value: isinstance(value, str) and value in words


def items(test: Test) -> Test:
    """Return a test for a list of such values."""
    return lambda value: isinstance(value, list) and all(map(test, value))


def text(value: Any) -> bool:
    """Return whether it is a text."""
    return isinstance(value, str)


def name(value: Any) -> bool:
    """Return whether it is a text that can name something."""
    return isinstance(value, str) and 0 < len(value) <= 1000


# A wrong clock may say any time; who shows a day bounds it.
TIME, SECONDS, MINUTES = number(-1e15, 1e15), number(0, 1e15), number(1e-6, 1e6)
