"""Ends the process with code 0 while it is loaded: nothing was graded yet."""

import os

ATTACKED = "every check"
VERDICTS = ("could not load",)

os._exit(0)
