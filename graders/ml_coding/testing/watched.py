"""What is passed to an answer whose task is to test a function.

The answer judges functions of ours, right ones and wrong ones. What it gets to see of
one is what it returns; what a person gets to see is where it goes wrong, never how it
is written.
"""

import numpy as np

from graders.harness import Wrong, check, requiring, shown

MOST_CALLS = 200


class Watched:
    """A function that is judged, and what the answer asks of it.

    Args:
        judged: The function. One that remembers its calls is a class, so that each
            check gets a new one.
        where: Where it goes wrong, or how it is written.
    """

    def __init__(self, judged, where):
        self.judged = judged() if isinstance(judged, type) else judged
        self.where = where
        self.calls = []
        self.complaint = ""
        self.raised = []
        called = self.wrapped()
        called.__qualname__ = called.__name__  # what Python calls it in a TypeError
        self.name = called.__name__
        self.function = shown(f"<{where}>", called)
        called.again = lambda: type(self)(judged, where).function

    def wrapped(self):
        """Return a function with the contract's name and signature that calls `ask`."""
        raise NotImplementedError

    def refusal(self, *arguments):
        """Return why the contract does not allow a call, or "" if it does."""
        raise NotImplementedError

    def give(self, *arguments):
        """Return what the function that is judged returns."""
        return self.judged(*arguments)

    def ask(self, *arguments):
        """Return what the function returns; refuse what the contract does not allow."""
        try:
            self.calls.append(tuple(map(_fingerprint, arguments)))
            self.complaint = self.complaint or self._complaint(arguments)
            if self.complaint:
                raise ValueError(self.complaint)
            with np.errstate(all="ignore"):
                return self.give(*arguments)
        except Exception as error:
            self.raised.append(error)
            raise

    def _complaint(self, arguments):
        if len(self.calls) > MOST_CALLS:
            return f"it called {self.name} more than {MOST_CALLS} times"
        return self.refusal(*arguments)


def _fingerprint(value):
    """Return what two arguments have in common if and only if they are the same."""
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    return repr(value)


def verdict(submission, watched):
    """Return what the answer raised to reject a function; None if it accepts it."""
    result = error = None
    try:
        result = submission.check(watched.function)
    except Exception as caught:
        error = caught
    says_so = isinstance(error, AssertionError) and not isinstance(error, Wrong)
    passed_on = any(error is own for own in watched.raised)
    is_fault = error is not None and not (says_so or passed_on)
    complaint = watched.complaint
    if not (watched.calls or is_fault):
        complaint = f"it gave its verdict without a call of {watched.name}"
    with requiring(f"Calls {watched.name} as its contract allows, and at least once."):
        if complaint:
            raise Wrong(complaint)
    if is_fault:
        raise error
    check(result, None)
    return error


def rejects(submission, watched):
    """Return whether the answer rejects a function."""
    return verdict(submission, watched) is not None


def demand_acceptance(submission, watched):
    """Demand that the answer accepts a function that is right."""
    if rejects(submission, watched):
        raise Wrong(f"it rejects a {watched.name} that is right, {watched.where}")


def demand_rejection(submission, watched):
    """Demand that the answer rejects a function that goes wrong there."""
    if not rejects(submission, watched):
        raise Wrong(f"it lets one through that goes wrong {watched.where}")


def demand_rejections(submission, watched, wrong):
    """Demand that each wrong function is rejected; name where the others go wrong.

    Args:
        submission: The answer.
        watched: The class that watches a function.
        wrong: Where each goes wrong, and the function.
    """
    missed = [w for w, f in wrong.items() if not rejects(submission, watched(f, w))]
    if missed:
        count = f"{len(missed)} of {len(wrong)}"
        where = "".join(f"\n- {where}" for where in missed)
        raise Wrong(f"it lets {count} through, which go wrong{where}")
