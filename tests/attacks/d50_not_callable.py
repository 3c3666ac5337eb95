"""Binds the name to a number."""

ATTACKED = "every check"
VERDICTS = ("could not load",)

roc_auc = 1.0
