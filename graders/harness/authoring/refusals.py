"""The arguments that an answer must refuse, written short."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest

MOST = 5  # refusals of one exercise: those that a careful engineer would name aloud


def _with_last(value: float) -> Callable[[Any], Any]:
    def spoil(argument: Any) -> Any:
        if not isinstance(argument, np.ndarray):
            return value
        spoilt = argument.astype(float)
        spoilt.flat[-1] = value  # where a look at the first column or row misses it
        return spoilt

    return spoil


_SPOILT: dict[str, Callable[[Any], Any]] = {
    "shorter": lambda argument: argument[:-1],
    "longer": lambda argument: np.concatenate([argument, argument[-1:]]),
    "empty": lambda argument: argument[:0],
    "flat": lambda argument: argument.reshape(-1),
    "column": lambda argument: argument[..., None],
    "nan": _with_last(np.nan),
    "inf": _with_last(np.inf),
    "negative": _with_last(-1),
    "zero": _with_last(0),
}


def refusals(
    call: Mapping[str, Any],
    cases: Mapping[str, str | Sequence[str] | Mapping[str, Any]],
) -> list[Any]:
    """Return the parameters of a check that certain calls are refused.

    Args:
        call: The arguments of one ordinary call, by name.
        cases: What is wrong in each refused call. Either an argument's name and one or
            more ways to spoil it ("shorter" or "longer" by a row, "empty", "flat",
            "column" for one more dimension; "nan", "inf", "negative" or "zero" for its
            last number), or words for the case and the arguments that replace
            ordinary ones.

    Raises:
        ValueError: If there are more than five, or a case fits nothing.
    """
    found: list[Any] = []
    for name, case in cases.items():
        if isinstance(case, Mapping):
            found.append(pytest.param({**call, **case}, id=name))
            continue
        for way in [case] if isinstance(case, str) else case:
            if name not in call or way not in _SPOILT:
                raise ValueError(f"no argument {name!r}, or no way {way!r} to spoil it")
            spoilt = {**call, name: _SPOILT[way](call[name])}
            found.append(pytest.param(spoilt, id=f"{name} {way}"))
    if len(found) > MOST:
        raise ValueError(f"{len(found)} refusals; at most {MOST} are asked for")
    return found
