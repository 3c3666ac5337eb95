"""Defines another name than the prompt's."""

ATTACKED = "every check"
VERDICTS = ("could not load",)


def auc_roc(labels, scores):
    return 1.0
