"""Imports what is not there for an answer."""

import no_such_module

ATTACKED = "every check"
VERDICTS = ("could not load",)

roc_auc = no_such_module.roc_auc
