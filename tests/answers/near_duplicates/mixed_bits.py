"""Mixes the bits of a seeded hash; union by size over the first of each bucket."""

import numpy as np


def shingles(document, size):
    """Return the set of the pieces of `size` characters in a row."""
    pieces = zip(*(document[i:] for i in range(size)), strict=False)
    return set(map("".join, pieces)) or ({document} - {""})


def mixed(words):
    """Return 64-bit words with their bits mixed (Steele, Lea and Flood's splitmix)."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


def minhash(sets, n_hashes, rng):
    """Return a signature for each set: the least value of each hash function in it."""
    seeds = rng.integers(0, 2**64, n_hashes, dtype=np.uint64)
    out = np.empty((len(sets), n_hashes), dtype=np.int64)
    for i, members in enumerate(sets):
        if not members:
            out[i] = np.iinfo(np.int64).max
            continue
        # Python's own hash, which is the same as long as the program runs.
        keys = np.array([hash(m) for m in members], dtype=np.int64).view(np.uint64)
        values = mixed(mixed(keys)[None, :] ^ seeds[:, None]) >> np.uint64(2)
        out[i] = values.min(axis=1).astype(np.int64)
    return out


class Forest:
    """Groups as trees, each kept shallow by hanging the smaller on the larger."""

    def __init__(self, n):
        self.parent = list(range(n))
        self.size = [1] * n

    def find(self, i):
        """Return the root of a tree."""
        while self.parent[i] != i:
            i = self.parent[i]
        return i

    def union(self, i, j):
        """Join two trees."""
        i, j = self.find(i), self.find(j)
        if i != j:
            if self.size[i] < self.size[j]:
                i, j = j, i
            self.parent[j] = i
            self.size[i] += self.size[j]


def jaccard(one, other):
    """Return the Jaccard similarity of two sets."""
    return len(one & other) / len(one | other) if one or other else 1.0


def near_duplicates(documents, threshold, rng, *, size=5, n_bands=32, n_rows=4):
    """Return the groups of documents that are copies of each other, or nearly so."""
    if not 0 < threshold <= 1:
        raise ValueError(threshold)
    if n_bands < 1 or n_rows < 1:
        raise ValueError((n_bands, n_rows))
    if size < 1:
        raise ValueError(size)
    sets = [shingles(document, size) for document in documents]
    signatures = minhash(sets, n_bands * n_rows, rng)
    forest = Forest(len(sets))
    bands = signatures.reshape(len(sets), n_bands, n_rows)
    for band in range(n_bands):
        rows = bands[:, band]
        if not len(sets):
            break
        _, labels = np.unique(rows, axis=0, return_inverse=True)
        order = np.argsort(labels.ravel(), kind="stable")
        cuts = np.flatnonzero(np.diff(labels.ravel()[order])) + 1
        for bucket in np.split(order, cuts):
            unlike = []  # lists of documents that hang together
            for i in bucket.tolist():
                alike = [g for g in unlike if any(jaccard(sets[i], sets[j]) >= threshold
                                                  for j in g)]  # fmt: skip
                for group in alike:
                    forest.union(i, group[0])
                    group.append(i)
                if not alike:
                    unlike.append([i])
    groups = {}
    for i in range(len(sets)):
        groups.setdefault(forest.find(i), []).append(i)
    return sorted(group for group in groups.values() if len(group) > 1)
