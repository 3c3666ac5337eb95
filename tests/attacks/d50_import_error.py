"""Fails while it is loaded."""

ATTACKED = "every check"
VERDICTS = ("could not load",)

raise RuntimeError("no answer today")
