"""How a random generator crosses: by its state, and by the seeds from which it spawns.

Both processes load this file, so it needs the standard library and NumPy alone.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np


def state_of(rng: np.random.Generator) -> str:
    """Return what `generator_of` needs to make a generator that draws the same."""
    state = dict(rng.bit_generator.state)
    seeds = rng.bit_generator.seed_seq
    if isinstance(seeds, np.random.SeedSequence):
        state["seeds"] = {
            "entropy": seeds.entropy,
            "spawn_key": seeds.spawn_key,
            "n_children_spawned": seeds.n_children_spawned,
        }
    return json.dumps(state, default=lambda array: array.tolist())


def generator_of(state: str) -> np.random.Generator:
    """Return the generator that a state is of: it draws the same, and spawns the same.

    Args:
        state: As `state_of` gives it.
    """
    values = json.loads(state)
    bits = getattr(np.random, values["bit_generator"])(seeds_of(values))
    bits.state = values
    return np.random.Generator(bits)


def seeds_of(values: dict[str, Any]) -> np.random.SeedSequence | None:
    """Return the seeds of a generator from its state, or None if it has none."""
    seeds = values.get("seeds")
    return np.random.SeedSequence(**seeds) if seeds else None
