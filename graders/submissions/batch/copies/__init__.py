"""Answers that are nearly the same, as a hint to whoever grades."""
