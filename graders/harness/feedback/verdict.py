"""Turn what stopped a check into its verdict and the words for it."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from graders.harness.answer.errors import UNCHANGED, Fault, Raised, StopShrinking, Wrong
from graders.harness.feedback.diagnosis import Failure


def judge(
    error: BaseException | None,
    failure: Failure | None,
    when: str,
    differs: Callable[[Failure], bool],
) -> dict[str, Any]:
    """Return the verdict of a check, and what there is to say about it.

    Args:
        error: What stopped the check, or None.
        failure: What was known when its last example failed, if one did.
        when: "setup", "call" or "teardown"; outside the call, only a fault is the
            answer's.
        differs: Whether a failure's calls gave something else than the reference's.
    """
    if error is None:
        return {"verdict": "passed", "message": "", "trace": "", "output": ""}
    verdict, message = _verdict(error)
    if when != "call" and not isinstance(error, Fault):
        verdict, message = "grader error", _ours(error)
    elif failure and failure.error and failure.error is not error:
        inner, inner_message = _verdict(failure.error)
        if isinstance(error, StopShrinking) or verdict == "grader error":
            # hypothesis was stopped, or found that the same input gives two results.
            verdict, message = inner, inner_message
    if verdict == "grader error" and when == "call" and failure and differs(failure):
        # What no check of ours can digest is what came back.
        kind = type(failure.error or error).__name__
        verdict, message = "wrong", f"the check could not use what came back ({kind})"
    cause = failure.error if failure else error
    trace = getattr(cause, "trace", "")
    output = failure.printed if failure else ""
    told = {"verdict": verdict, "message": message, "trace": trace, "output": output}
    required = getattr(cause, "required", "")
    return told | {"sentence": required} if required else told


def _verdict(error: BaseException) -> tuple[str, str]:
    if isinstance(error, Fault):
        return error.verdict, str(error)
    if isinstance(error, NotImplementedError) and isinstance(error, Raised):
        return "not started", UNCHANGED
    if isinstance(error, Raised):
        return "raised", f"it raised {error.shown}"
    if isinstance(error, Wrong):
        return "wrong", str(error)
    if getattr(error, "by_callback", False) and not isinstance(error, AssertionError):
        shown = f"{type(error).__name__}: {error}"
        return "raised", f"a function that was passed in raised {shown}"
    if isinstance(error, pytest.fail.Exception):
        missing = re.fullmatch(r"DID NOT RAISE (?:<class ')?(\w+).*", str(error))
        return "wrong", f"it raised no {missing[1]}" if missing else str(error)
    if isinstance(error, AssertionError):
        return "wrong", str(error).partition("\nassert ")[0]
    return "grader error", _ours(error)


def _ours(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
