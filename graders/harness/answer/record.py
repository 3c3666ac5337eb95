"""The calls of one example, kept for the feedback, within bounds."""

from __future__ import annotations

import dataclasses
from typing import Any

MAX_CALLS = 20_000  # of one example
MAX_BYTES = 32 * 2**20  # of their requests

Outcome = tuple[str, Any]  # ("returned", value), ("raised", error) or, yet, ("", None)


@dataclasses.dataclass
class Call:
    """One request as it was sent, and what became of it."""

    verb: str
    payload: bytes
    outcome: Outcome = ("", None)


class Record(list[Call]):
    """The calls of one example in their order; what is too much is left out.

    Attributes:
        is_whole: Whether all of them are there; a part cannot be played again.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bytes = 0
        self.is_whole = True

    def add(self, call: Call) -> Call:
        """Keep a call, if there is room, and return it."""
        self.bytes += len(call.payload)
        if len(self) < MAX_CALLS and self.bytes < MAX_BYTES:
            self.append(call)
        else:
            self.is_whole = False
        return call

    def forget(self) -> None:
        """Drop what was recorded of an example that goes on."""
        self.clear()
        self.bytes, self.is_whole = 0, False
