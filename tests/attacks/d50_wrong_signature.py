"""Takes one argument where the prompt gives two."""

ATTACKED = "every check"
VERDICTS = ("raised",)


def roc_auc(labels):
    return 1.0
