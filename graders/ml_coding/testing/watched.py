"""What is passed to an answer whose task is to test a function.

The answer judges functions of ours, right ones and wrong ones. What it gets to see of
one is what it returns; what a person gets to see is where it goes wrong, never how it
is written.
"""

import numpy as np

from graders.harness import Wrong, check, shown

MOST_CALLS = 200


class Watched:
    """A function that is judged, and what the answer asks of it.

    Args:
        judged: The function. One that remembers its calls is a class, so that each
            check gets a new one.
        where: Where it goes wrong, or how it is written.
        wrap: Gives `ask` the signature of the contract.
        refusal: Of a call's arguments, why the contract does not allow it, or "".
    """

    def __init__(self, judged, where, wrap, refusal):
        self.judged = judged() if isinstance(judged, type) else judged
        self.refusal = refusal
        self.calls = []
        self.complaint = ""
        self.raised = []
        called = wrap(self.ask)
        self.function = shown(f"<{where}>", called)
        called.again = lambda: Watched(judged, where, wrap, refusal).function

    def ask(self, *arguments):
        """Return what the function returns; refuse what the contract does not allow."""
        try:
            self.calls.append(tuple(map(_fingerprint, arguments)))
            self.complaint = self.complaint or self._complaint(arguments)
            if self.complaint:
                raise ValueError(self.complaint)
            with np.errstate(all="ignore"):
                return self.judged(*arguments)
        except Exception as error:
            self.raised.append(error)
            raise

    def _complaint(self, arguments):
        if len(self.calls) > MOST_CALLS:
            return f"it called the function more than {MOST_CALLS} times"
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
    if watched.complaint:
        raise Wrong(watched.complaint)
    if not watched.calls:
        raise Wrong("it gave its verdict without a call of the function")
    says_so = isinstance(error, AssertionError) and not isinstance(error, Wrong)
    if error and not says_so and not any(error is own for own in watched.raised):
        raise error  # a fault of the answer's
    check(result, None)
    return error


def demand_rejection_of_all(wrong, rejects):
    """Demand that each wrong function is rejected; name where the others go wrong.

    Args:
        wrong: Where each goes wrong, and the function.
        rejects: Whether the answer rejects a function, given that and where.
    """
    missed = [where for where, judged in wrong.items() if not rejects(judged, where)]
    if missed:
        named = "".join(f"\n- {where}" for where in missed)
        raise Wrong(
            f"it lets {len(missed)} of {len(wrong)} through, which go wrong{named}"
        )
