"""Never finishes loading: this is found out once, not for every check."""

ATTACKED = "every check"
VERDICTS = ("could not load",)
SLOW = True

while True:
    pass
