"""Written from the stub alone, by a reader who had seen nothing else."""

import numpy as np


def simpsons_paradox(n_groups: int, within: int, overall: int) -> np.ndarray:
    if n_groups < 2 or min(within, overall) < 1 or 2 * within + overall > 90:
        raise ValueError("out of range")
    room = (100 - 2 * within - overall) // 4
    small, large = (1, 200)
    data = []
    for group in range(n_groups):
        if group < n_groups // 2:
            arms = [(large, 100 - room - within), (small, 100 - room)]
        else:
            arms = [(small, room), (large, room + within)]
        data.append([[size * (100 - rate), size * rate] for size, rate in arms])
    return np.array(data)


def adjusted_difference(counts: np.ndarray) -> float:
    counts = np.asarray(counts, dtype=float)
    rows = counts.sum(axis=(1, 2))
    propensity = counts[:, 1, :].sum(axis=1) / rows
    treated = (counts[:, 1, 1] / propensity).sum() / rows.sum()
    control = (counts[:, 0, 1] / (1 - propensity)).sum() / rows.sum()
    return float(treated - control)
