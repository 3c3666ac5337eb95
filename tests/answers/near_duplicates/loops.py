"""Python loops over a keyed hash of each shingle; a graph searched with a stack."""

import hashlib
import random


def shingles(document, size):
    """Return the set of the pieces of `size` characters in a row."""
    if document == "":
        return set()
    if len(document) <= size:
        return {document}
    found = set()
    start = 0
    while start + size <= len(document):
        found.add(document[start : start + size])
        start += 1
    return found


def minhash(sets, n_hashes, rng):
    """Return a signature for each set: the least value of each hash function in it."""
    import numpy as np

    prime = (1 << 61) - 1
    chance = random.Random(int(rng.integers(2**62)))
    functions = [
        (chance.randrange(1, prime), chance.randrange(prime)) for _ in range(n_hashes)
    ]
    known, rows = {}, []
    for members in sets:
        keys = []
        for member in members:
            if member not in known:
                digest = hashlib.md5(member.encode("utf-16-le", "surrogatepass"))
                known[member] = int.from_bytes(digest.digest()[:8], "big") % prime
            keys.append(known[member])
        empty = 2**63 - 1
        rows.append(
            [min(((a * x + b) % prime for x in keys), default=empty)
             for a, b in functions]
        )  # fmt: skip
    return np.array(rows, dtype="int64").reshape(len(rows), n_hashes)


def similarity(one, other):
    """Return the Jaccard similarity of two sets."""
    if not one and not other:
        return 1.0
    return len(one & other) / len(one | other)


def near_duplicates(documents, threshold, rng, *, size=5, n_bands=32, n_rows=4):
    """Return the groups of documents that are copies of each other, or nearly so."""
    if not (threshold > 0 and threshold <= 1):
        raise ValueError("threshold")
    if size < 1 or n_bands < 1 or n_rows < 1:
        raise ValueError("less than 1")
    # Copies are one document with several places.
    places = {}
    for place, document in enumerate(documents):
        pieces = frozenset(shingles(document, size))
        places.setdefault(pieces, []).append(place)
    sets = list(places)
    signatures = minhash(sets, n_bands * n_rows, rng).tolist()
    edges = [[] for _ in sets]
    compared = set()
    for band in range(n_bands):
        buckets = {}
        for i, signature in enumerate(signatures):
            key = tuple(signature[band * n_rows : (band + 1) * n_rows])
            buckets.setdefault(key, []).append(i)
        for bucket in buckets.values():
            # Those that nobody before them in the bucket is known to be alike stand
            # for the others; only whoever is unlike all of them is compared further.
            groups = []
            for i in bucket:
                alike = []
                for group in groups:
                    for j in group:
                        if (i, j) not in compared:
                            compared.add((i, j))
                            if similarity(sets[i], sets[j]) >= threshold:
                                edges[i].append(j)
                                edges[j].append(i)
                        if j in edges[i]:
                            alike.append(group)
                            break
                for group in alike[1:]:
                    alike[0].extend(group)
                    groups.remove(group)
                if alike:
                    alike[0].append(i)
                else:
                    groups.append([i])
    seen, result = set(), []
    for start in range(len(sets)):
        if start in seen:
            continue
        seen.add(start)
        stack, group = [start], []
        while stack:
            i = stack.pop()
            group.extend(places[sets[i]])
            for j in edges[i]:
                if j not in seen:
                    seen.add(j)
                    stack.append(j)
        if len(group) > 1:
            result.append(sorted(group))
    return sorted(result)
