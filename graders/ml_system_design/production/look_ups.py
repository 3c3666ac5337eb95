"""What must be looked up, and what it may cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from graders.harness import Wrong


class Desk:
    """Where fields of one batch are looked up, and counted.

    Args:
        fields: Arrays of n rows.

    Attributes:
        asked: (n,) of bool, the rows that were looked up.
        spent: How many were looked up; one that was asked for twice counts twice.
        closed: Set it when the batch is decided; a call that comes later is wrong.
    """

    def __init__(self, fields: Mapping[str, np.ndarray]) -> None:
        self.fields = fields
        self.asked = np.zeros(len(next(iter(fields.values()))), dtype=bool)
        self.spent = 0
        self.closed = False

    def look_up(self, rows: Any) -> dict[str, np.ndarray]:
        """Return the fields of some rows of the batch.

        Args:
            rows: (k,) of integers from 0 to n - 1.

        Raises:
            Wrong: If rows are anything else, or the batch was decided before.
        """
        if self.closed:
            raise Wrong("it called the look_up of a batch that was decided before")
        rows, n = np.asarray(rows), self.asked.size
        if rows.size == 0:
            rows = np.zeros(0, dtype=int)
        fits = rows.ndim == 1 and rows.dtype.kind in "iu"
        if not (fits and ((rows >= 0) & (rows < n)).all()):
            raise Wrong(
                f"it looked up rows that are not (k,) of integers from 0 to {n - 1}: "
                f"shape {rows.shape}, dtype {rows.dtype}"
            )
        self.spent += rows.size
        self.asked[rows] = True
        return {name: values[rows] for name, values in self.fields.items()}
